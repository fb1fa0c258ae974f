// Defined names where they are used: a definition is read once for each sort of arguments.
#include <algorithm>

#include "language/detail/expression_reader.hpp"
#include "language/print.hpp"

namespace lemmacheck::detail {

namespace {

using Parameter = DefinitionText::Parameter;

/// The sort that a parameter's own text gives it, if it does.
std::optional<Sort> own_sort(const Lemma& lemma, const Parameter& parameter) {
  if (!parameter.set.empty()) return Sort::element(parameter.set);
  const auto sort = default_sort(parameter.name.substr(0, parameter.name.find_first_of("_^")));
  if (!sort) return std::nullopt;
  if (*sort == "integer") return Sort::integer();
  if (lemma.find_set(*sort) == nullptr) return std::nullopt;
  return Sort::element(*sort);
}

/// Free names of an argument, with names of their own in a definition's body.
std::map<std::string, std::string> hidden_names(const std::map<std::string, Sort>& free,
                                                std::map<std::string, std::string> taken) {
  std::map<std::string, std::string> names;
  for (const auto& [name, sort] : free) {
    if (taken.count(name) != 0) {
      names[name] = taken[name];
      continue;
    }
    const std::string letters = name.substr(0, name.find('#'));
    int n = 1;
    const auto is_used = [&](const std::string& candidate) {
      return std::any_of(taken.begin(), taken.end(),
                         [&](const auto& each) { return each.second == candidate; }) ||
             std::any_of(names.begin(), names.end(),
                         [&](const auto& each) { return each.second == candidate; });
    };
    while (is_used(letters + "#" + std::to_string(n))) ++n;
    names[name] = letters + "#" + std::to_string(n);
  }
  return names;
}

/// A subscript that is some integer less a positive number: one that falls.
bool falls(const Tree& step) {
  if (!step || step->op != Op::add) return false;
  bool variable = false, negative = false;
  for (const Tree& kid : step->kids) {
    if (kid->op == Op::variable && !variable)
      variable = true;
    else if (kid->op == Op::negate && kid->kids[0]->op == Op::literal && kid->kids[0]->number.sign() > 0)
      negative = true;
    else
      return false;
  }
  return variable && negative;
}

}  // namespace

int Scope::instantiate(const DefinitionText& text, const std::vector<Bound>& parameters,
                       const std::string& key, const Place& place) {
  const auto found = instances_.find(key);
  if (found != instances_.end()) return found->second;
  constexpr std::size_t most = 500;
  if (lemma.definitions.size() >= most)
    fail_at(place, "the definitions are used with too many kinds of arguments",
            "define fewer functions of functions");
  constexpr int deepest = 30;
  if (depth_ >= deepest)
    fail_at(place, "the definitions are nested too deeply", "define fewer functions of functions");
  // A reading that failed fails again, with the same words.
  if (const auto failure = failures_.find(key); failure != failures_.end()) throw failure->second;
  const int index = static_cast<int>(lemma.definitions.size());
  instances_[key] = index;
  Definition& definition = lemma.definitions.emplace_back();
  definition.name = text.name;
  definition.place = text.place;
  definition.step = text.step;
  std::set<std::string> hidden;
  for (const Bound& bound : parameters) {
    if (!bound.stands_for) {
      definition.parameters.push_back({bound.name, bound.sort});
      continue;
    }
    for (const auto& [name, sort] : free_variables(bound.stands_for)) hidden.insert(name);
  }
  std::vector<Bound> bound = parameters;
  for (const Bound& each : parameters)
    if (each.stands_for)
      for (const auto& [name, sort] : free_variables(each.stands_for))
        if (hidden.erase(name) != 0) definition.parameters.push_back({name, sort});
  if (!text.step.empty()) bound.push_back({text.step, Sort::integer(), {}});
  for (const Parameter& outcome : text.general.outcomes) {
    const auto sort = own_sort(lemma, outcome);
    if (!sort || sort->kind != Sort::Kind::element)
      fail_at(outcome.place, "what " + outcome.name + " stands for is not said",
              "write " + outcome.name + " in SET, or use s, a or x");
    definition.outcomes.push_back({outcome.name, *sort});
    bound.push_back({outcome.name, *sort, {}});
  }
  ++depth_;
  const auto read = [&](const DefinitionText::Equation& equation, const std::vector<Bound>& visible) {
    ExpressionReader reader(*this, equation.body, visible);
    return reader.whole_number();
  };
  try {
    for (const DefinitionText::Equation& base : text.bases) {
      // The base case may name its parameters differently.
      std::vector<Bound> inside = bound;
      std::map<std::string, std::string> own;
      std::size_t i = 0;
      for (const auto& group : base.groups)
        for (const Parameter& parameter : group) {
          if (i >= parameters.size()) break;
          if (!inside[i].stands_for && inside[i].name != parameter.name) own[parameter.name] = inside[i].name;
          inside[i++].name = parameter.name;
        }
      for (std::size_t k = 0; k < base.outcomes.size() && k < definition.outcomes.size(); ++k) {
        const std::string general = definition.outcomes[k].name;
        for (Bound& each : inside)
          if (each.name == general && !each.stands_for) each.name = base.outcomes[k].name;
        if (general != base.outcomes[k].name) own[base.outcomes[k].name] = general;
      }
      Tree body = renamed(read(base, inside), own);
      lemma.definitions[static_cast<std::size_t>(index)].bases.emplace_back(base.at, std::move(body));
    }
    Tree body = read(text.general, bound);
    --depth_;
    lemma.definitions[static_cast<std::size_t>(index)].body = std::move(body);
  } catch (const LanguageError& error) {
    --depth_;
    instances_.erase(key);
    failures_.emplace(key, error);
    throw;
  }
  return index;
}

/// A reference to a definition that is being read is a circle, unless its subscript falls to a base case.
void ExpressionReader::check_circle(const DefinitionText& text, int index, const Tree& step,
                                    const Place& place) {
  if (!scope_.being_read(index)) return;
  if (!text.bases.empty() && falls(step)) return;
  if (!text.bases.empty())
    fail_at(place, text.name + " refers to itself with a subscript that does not fall",
            "write it by the one before: " + text.name + "_k = ... " + text.name + "_{k-1} ...");
  fail_at(place, "the definition of " + text.name + " goes in a circle",
          text.step.empty() ? "define it by what is known before"
                            : "give a base case: " + text.name + "_0 = ...");
}

Tree ExpressionReader::definition(const DefinitionText& text, std::vector<Script> left,
                                  const Written& written) {
  const Place place = written.place;
  auto node = std::make_shared<Node>();
  node->name = text.name;
  node->place = place;
  if (!text.step.empty() && !left.empty()) {
    const auto below =
        std::find_if(left.begin(), left.end(), [](const Script& script) { return !script.above; });
    if (below != left.end()) {
      node->step = *script_tree(*below);
      left.erase(below);
    }
  }
  if (text.groups().empty() && !text.is_rows()) {
    if (!text.step.empty() && !node->step)
      fail_at(place, text.name + " has a subscript", "write " + text.name + "_k");
    node->op = Op::constant;
    node->definition = scope_.instantiate(text, {}, text.name, place);
    check_circle(text, node->definition, node->step, place);
    const Definition& definition = scope_.lemma.definitions[static_cast<std::size_t>(node->definition)];
    node->sort = definition.body ? definition.body->sort : Sort::number();
    return power_scripts(node, left, written);
  }
  if (!left.empty())
    fail_at(left[0].place, text.name + " has no such script", "put powers behind the arguments: f(s)^2");

  // All parameters elements: an ordinary function or kernel.
  std::vector<Bound> bounds;
  bool plain = text.groups().size() <= 1;
  for (const auto& group : text.groups())
    for (const Parameter& parameter : group) {
      const auto sort = own_sort(scope_.lemma, parameter);
      plain = plain && parameter.arity == 0 && sort && sort->kind == Sort::Kind::element;
      bounds.push_back({parameter.name, sort.value_or(Sort::number()), {}});
    }
  if (text.is_rows() && !plain)
    for (const auto& group : text.groups())
      for (const Parameter& parameter : group)
        if (!own_sort(scope_.lemma, parameter))
          fail_at(parameter.place, "what " + parameter.name + " stands for is not said",
                  "write " + parameter.name + " in SET, or use s, a or x");
  if (plain) {
    node->definition = scope_.instantiate(text, bounds, text.name, place);
    check_circle(text, node->definition, node->step, place);
    const Definition& definition = scope_.lemma.definitions[static_cast<std::size_t>(node->definition)];
    std::vector<std::string> from;
    for (const Bound& bound : bounds) from.push_back(bound.sort.from[0]);
    node->op = text.is_rows() ? Op::rows_ref : Op::function_ref;
    node->sort = !text.is_rows() ? Sort::function(from)
                 : from.empty()  ? Sort::law(definition.outcome_sets())
                                 : Sort::rows(from, definition.outcome_sets());
    if (!text.is_rows() && !text.step.empty() && !node->step && peek().is("("))
      fail_at(place, text.name + " has a subscript", "write " + text.name + "_k(...)");
    return applied(node, place);
  }
  if (!text.step.empty() && !node->step)
    fail_at(place, text.name + " has a subscript", "write " + text.name + "_k(...)");
  return definition_call(text, node, place);
}

/// A definition with numbers, functions or policies among its parameters, and its arguments.
Tree ExpressionReader::definition_call(const DefinitionText& text, const std::shared_ptr<Node>& node,
                                       const Place& place) {
  std::vector<Bound> bounds;
  std::string key = text.name;
  std::map<std::string, std::string> hidden;
  std::map<std::string, Sort> captured;
  std::vector<Tree> kids;
  const auto& groups = text.groups();
  bool open = false;  // the last group's arguments are left out: a function of them
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& group = groups[g];
    const bool last = g + 1 == groups.size();
    std::vector<Tree> list;
    const Place list_place = peek().place;
    if (peek().is("(")) {
      Arguments found = arguments();
      if (found.bar)
        fail_at(found.place, "a bar stands in the arguments of " + text.name, "separate arguments by commas");
      list = std::move(found.after);
      if (list.size() != group.size())
        fail_at(list_place,
                text.name + " has " + std::to_string(group.size()) + " arguments here, not " +
                    std::to_string(list.size()),
                "give one for each parameter");
    } else if (!last || g == 0) {
      fail_at(list_place, text.name + " has arguments", "write them in brackets behind it, as it is defined");
    } else {
      open = true;
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      const Parameter& parameter = group[i];
      const auto own = own_sort(scope_.lemma, parameter);
      if (open || list[i]->sort.kind == Sort::Kind::path) {
        if (!own || own->kind != Sort::Kind::element)
          fail_at(list_place, "what " + parameter.name + " of " + text.name + " stands for is not said",
                  "give it as an argument");
        open = true;
        bounds.push_back({parameter.name, *own, {}});
        key += "|" + own->in_words();
        continue;
      }
      Tree argument = list[i];
      const Place where = argument->place.file ? argument->place : list_place;
      const Sort::Kind kind = argument->sort.kind;
      const bool function_like = kind == Sort::Kind::function || kind == Sort::Kind::rows ||
                                 kind == Sort::Kind::law || kind == Sort::Kind::model;
      const bool wants_function = !last || parameter.arity > 0;
      if (wants_function && !function_like)
        fail_at(where, "this is " + argument->sort.in_words() + "; " + text.name + " wants a function here",
                "give its name without arguments, or with dots: f(.)");
      if (function_like && (wants_function || !own)) {
        const std::map<std::string, Sort> free = free_variables(argument);
        const std::map<std::string, std::string> names = hidden_names(free, hidden);
        for (const auto& [name, hidden_name] : names) {
          hidden[name] = hidden_name;
          captured.emplace(name, free.at(name));
        }
        const Tree inside = renamed(argument, names);
        bounds.push_back({parameter.name, argument->sort, inside});
        key += "|" + fingerprint(inside);
      } else {
        argument = as_element(argument);
        const Sort sort = own ? *own : argument->sort;
        if (argument->sort != sort && !(sort.kind == Sort::Kind::number && argument->sort.is_number()))
          fail_at(where,
                  "this is " + argument->sort.in_words() + "; the parameter " + parameter.name + " of " +
                      text.name + " is " + sort.in_words(),
                  "give what the definition speaks of");
        bounds.push_back({parameter.name, sort, {}});
        key += "|" + sort.in_words();
      }
      kids.push_back(std::move(argument));
    }
  }
  node->definition = scope_.instantiate(text, bounds, key, place);
  check_circle(text, node->definition, node->step, place);
  const Definition& definition = scope_.lemma.definitions[static_cast<std::size_t>(node->definition)];
  // In the order in which the body's hidden parameters stand.
  for (const Definition::Parameter& parameter : definition.parameters) {
    const auto found = std::find_if(hidden.begin(), hidden.end(),
                                    [&](const auto& each) { return each.second == parameter.name; });
    if (found == hidden.end()) continue;
    auto variable = std::make_shared<Node>();
    variable->op = Op::variable;
    variable->name = found->first;
    variable->sort = captured.at(found->first);
    node->captured.push_back(variable);
  }
  node->kids = std::move(kids);
  if (groups.size() > 1)
    for (std::size_t g = 0; g + (open ? 1 : 0) < groups.size(); ++g) node->groups.push_back(groups[g].size());
  if (open) {
    std::vector<std::string> from;
    for (const Bound& bound : bounds)
      if (!bound.stands_for && bound.sort.kind == Sort::Kind::element) from.push_back(bound.sort.from[0]);
    const std::size_t own_elements =
        static_cast<std::size_t>(std::count_if(node->kids.begin(), node->kids.end(), [](const Tree& kid) {
          return kid->sort.is_number() || kid->sort.kind == Sort::Kind::element;
        }));
    if (own_elements > 0)
      fail_at(place, text.name + " has some arguments given and some left open",
              "define the function of the open ones by where");
    node->op = Op::function_ref;
    node->sort = Sort::function(from);
    return node;
  }
  node->op = Op::call;
  node->sort = definition.body ? definition.body->sort : Sort::number();
  if (node->sort.kind == Sort::Kind::integer) node->sort = Sort::number();
  return node;
}

}  // namespace lemmacheck::detail
