// Declarations become sets, MDPs, givens and definitions of the scope.
// The names that given and where clauses declare.
#include "language/detail/declarations.hpp"

#include <algorithm>
#include <cctype>

namespace lemmacheck::detail {

using Kind = Token::Kind;

void Declarer::declare_set(const std::string& name, const Place& place) {
  if (scope_.lemma.find_set(name) != nullptr) return;
  scope_.names.declare(name, Symbol::Kind::set, place);
  scope_.lemma.sets.push_back({name, place, false, false, ""});
}

bool Declarer::is_defined(const std::string& name) const {
  return scope_.texts.count(name) != 0;
}

bool Declarer::is_action_set(const std::string& set) const {
  const SetName* found = scope_.lemma.find_set(set);
  return set == "A" || (found != nullptr && found->actions);
}

/// M = (S, A, r, T, H, gamma, rho)
void Declarer::tuple(const Declaration& declaration) {
  const std::vector<Token>& tokens = declaration.tokens;
  std::size_t at = declaration.rest;
  if (tokens[at].is("=")) ++at;
  const Place place = declaration.places[0];
  const char* forms =
      "write M = (S, A, r, T, H, rho), (S, A, r, T, gamma, rho), (S, A, r, T, H, gamma, rho), (S, A, r, T, "
      "average, rho), (S, A, r, T, total, rho) or (S, A, r, T)";
  if (declaration.names.size() != 1) fail_at(place, "several names stand before =", forms);
  if (!tokens[at].is("(")) fail_at(tokens[at].place, "an MDP is a tuple", forms);
  ++at;
  std::vector<DeclaredName> names;
  std::vector<Place> places;
  while (true) {
    places.push_back(tokens[at].place);
    names.push_back(declared_name(tokens, at));
    if (tokens[at].is(",")) {
      ++at;
      continue;
    }
    if (tokens[at].is(")")) break;
    fail_at(tokens[at].place, "a component of an MDP is a name",
            "define what is more by where, and name it here");
  }
  ++at;
  if (tokens[at].kind != Kind::end)
    fail_at(tokens[at].place, "\"" + tokens[at].text + "\" cannot follow an MDP",
            "separate declarations by commas");
  if (names.size() != 4 && names.size() != 6 && names.size() != 7)
    fail_at(place, "an MDP has 4, 6 or 7 components, not " + std::to_string(names.size()), forms);
  ModelTuple tuple;
  tuple.name = declaration.names[0];
  tuple.place = place;
  tuple.states = names[0].name;
  tuple.actions = names[1].name;
  tuple.reward = names[2].name;
  tuple.kernel = names[3].name;
  const auto first_letter = [](const DeclaredName& name) { return std::tolower(name.name[0]); };
  if (first_letter(names[3]) == 'r' && (first_letter(names[2]) == 't' || first_letter(names[2]) == 'p'))
    fail_at(places[2],
            "rewards stand before the kernel here, so that " + names[2].name + " would be the rewards and " +
                names[3].name + " the kernel",
            "write (S, A, " + names[3].name + ", " + names[2].name + ", ...)");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].step.empty()) continue;
    if (i != 2 && i != 3)
      fail_at(places[i], "only rewards and kernels may have one member a step", "leave the subscript out");
    component_families_[names[i].name] = true;
  }
  const auto is_horizon = [&](std::size_t i) { return names[i].name[0] == 'H'; };
  const auto is_discount = [&](std::size_t i) { return base_of(names[i].name).rfind("gamma", 0) == 0; };
  if (names.size() == 6) {
    for (const Declaration& other : declarations_)
      if ((names[4].name == "average" || names[4].name == "total") &&
          std::find(other.names.begin(), other.names.end(), names[4].name) != other.names.end())
        fail_at(places[4],
                names[4].name + " says how the MDP is judged, and is declared as something else, too",
                "give what is declared another name");
    if (is_horizon(4))
      tuple.horizon = names[4].name;
    else if (is_discount(4))
      tuple.discount = names[4].name;
    else if (names[4].name == "average")
      tuple.endless = Criterion::Endless::average;
    else if (names[4].name == "total")
      tuple.endless = Criterion::Endless::total;
    else
      fail_at(places[4], "whether " + names[4].name + " is a horizon or a discount cannot be told",
              "call horizons H (H', H_1, ...) and discounts gamma (gamma', ...); or write average or total");
  }
  if (names.size() == 7) {
    if (!is_horizon(4) || !is_discount(5))
      fail_at(places[4], "of seven components the fifth is the horizon and the sixth the discount",
              "write M = (S, A, r, T, H, gamma, rho)");
    tuple.horizon = names[4].name;
    tuple.discount = names[5].name;
  }
  if (names.size() > 4) tuple.initial = names.back().name;
  if (tuple.states == tuple.actions)
    fail_at(places[1], "states and actions are the same set", "write M = (S, A, ...)");
  declare_set(tuple.states, places[0]);
  declare_set(tuple.actions, places[1]);
  for (SetName& set : scope_.lemma.sets) {
    set.states = set.states || set.name == tuple.states;
    set.actions = set.actions || set.name == tuple.actions;
  }
  scope_.names.declare(tuple.name, Symbol::Kind::model, place);
  scope_.lemma.models.push_back(tuple);
}

void Declarer::models() {
  for (const Declaration& declaration : declarations_)
    if (declaration.is_model) tuple(declaration);
}

/// Sets are declared by being named: nu : Delta(S x A), phi : S -> X, s_0 in S.
void Declarer::sets() {
  for (const Declaration& declaration : declarations_) {
    if (declaration.keyword != "given" || declaration.is_model) continue;
    const std::vector<Token>& tokens = declaration.tokens;
    const bool typed_as = tokens[declaration.rest].is(":");
    const bool element = tokens[declaration.rest].is_name("in") && tokens[declaration.rest + 1].is_name() &&
                         tokens[declaration.rest + 2].kind == Kind::end;
    if (!typed_as && !element) continue;
    int depth = 0;
    for (std::size_t i = declaration.rest + 1; i + 1 < tokens.size(); ++i) {
      const Token& token = tokens[i];
      if (token.is("[") || token.is("{") || token.is("\\{")) ++depth;
      if (token.is("]") || token.is("}") || token.is("\\}")) --depth;
      if (depth > 0 || !token.is_name() || token.text == "x" || token.text == "R" || token.text == "Delta")
        continue;
      if (i > 0 && (tokens[i - 1].is("..") || tokens[i - 1].is("_") || tokens[i - 1].is("^"))) continue;
      if (tokens[i + 1].is("..")) continue;
      const bool range_end =
          i > 1 && (tokens[i - 1].is(",") || tokens[i + 1].is(","));  // (0, R] and the like
      if (range_end && !(tokens[i - 1].is("(") && tokens[i - 2].is_name("Delta"))) continue;
      if (token.text[0] < 'A' || token.text[0] > 'Z') {
        if (scope_.lemma.find_set(token.text) == nullptr)
          fail_at(token.place, "\"" + token.text + "\" is no set",
                  "sets have names in capitals: S, A, X; numbers lie in R, [0, 1], {1, 2} or 1..n");
        continue;
      }
      declare_set(token.text, token.place);
    }
  }
}

Given& Declarer::new_given(const Declaration& declaration, std::size_t index, Given::Kind kind) {
  Given given;
  given.name = declaration.names[index];
  given.place = declaration.places[index];
  given.kind = kind;
  given.family = declaration.families[index];
  // A component's range clause speaks of a given that a tuple has named.
  for (Given& known : scope_.lemma.givens)
    if (known.name == given.name)
      fail_at(given.place, "\"" + given.name + "\" is declared twice, first at " + known.place.to_string(),
              "leave one of them out");
  scope_.names.declare(given.name, Symbol::Kind::given, given.place);
  scope_.lemma.givens.push_back(given);
  return scope_.lemma.givens.back();
}

std::vector<std::string> Declarer::set_product(ExpressionReader& reader) {
  std::vector<std::string> sets = {reader.set_name()};
  while (reader.peek().is_name("x") || reader.peek().is("*")) {
    reader.move_to(reader.position() + 1);
    sets.push_back(reader.set_name());
  }
  return sets;
}

Range Declarer::range(ExpressionReader& reader) {
  Range result;
  if (reader.accept_word("R")) return result;
  if (reader.accept("{") || reader.accept("\\{")) {
    result.kind = Range::Kind::listed;
    do {
      Tree value = reader.number();
      const auto number = literal_value(value);
      if (!number) fail_at(value->place, "a listed value is a number", "write {1, 2, 4}");
      result.values.push_back(*number);
    } while (reader.accept(","));
    if (!reader.accept("}")) {
      if (!reader.accept("\\}")) reader.fail("the list of values is not closed", "write {1, 2, 4}");
    }
    return result;
  }
  if (reader.peek().is("[") || reader.peek().is("(")) {
    result.kind = Range::Kind::interval;
    result.low_open = reader.peek().is("(");
    reader.move_to(reader.position() + 1);
    result.low = reader.number();
    reader.expect(",", "an interval has two ends: [0, 1]");
    result.high = reader.number();
    result.high_open = reader.peek().is(")");
    if (!reader.accept("]") && !reader.accept(")"))
      reader.fail("the interval is not closed", "write [0, 1], (0, 1) or [0, 1)");
    const auto low = literal_value(result.low), high = literal_value(result.high);
    if (low && high && (*high < *low || (*low == *high && (result.low_open || result.high_open))))
      fail_at(result.low->place, "this interval is empty", "write the lower end first: [0, 1]");
    return result;
  }
  result.kind = Range::Kind::integers;
  result.low = reader.integer();
  if (!reader.accept("..")) reader.fail("this is no range", "write [0, 1], {1, 2, 4}, 1..5 or R");
  result.high = reader.integer();
  const auto low = literal_value(result.low), high = literal_value(result.high);
  if (low && high && *high < *low)
    fail_at(result.low->place, "this range is empty", "write the lower end first: 1..5");
  return result;
}

/// pi : S -> Delta(A), f : S x A -> R, nu : Delta(S x A), phi : S -> X
void Declarer::typed(const Declaration& declaration, ExpressionReader& reader) {
  const auto law_sets = [&](bool& positive) {
    positive = reader.accept("+");
    reader.expect("(", "write Delta(A)");
    std::vector<std::string> sets = set_product(reader);
    reader.expect(")", "close Delta(...)");
    return sets;
  };
  const std::size_t start = reader.position();
  for (std::size_t i = 0; i < declaration.names.size(); ++i) {
    reader.move_to(start);
    bool positive = false;
    if (reader.accept_word("Delta")) {
      const std::vector<std::string> to = law_sets(positive);
      Given& given = new_given(declaration, i, Given::Kind::rows);
      given.to = to;
      given.positive = positive;
      reader.expect_end("this declaration");
      continue;
    }
    const std::vector<std::string> from = set_product(reader);
    if (!reader.accept("->"))
      reader.fail(
          "-> is missing here",
          "write pi : S -> Delta(A), f : S -> R, or nu : Delta(S); an element is declared as s_0 in S");
    if (reader.accept_word("Delta")) {
      const std::vector<std::string> to = law_sets(positive);
      Given& given = new_given(declaration, i, Given::Kind::rows);
      given.from = from;
      given.to = to;
      given.positive = positive;
    } else if (reader.peek().is_name() && scope_.lemma.find_set(reader.peek().text) != nullptr) {
      const std::string to = reader.set_name();
      Given& given = new_given(declaration, i, is_action_set(to) ? Given::Kind::rows : Given::Kind::map);
      given.from = from;
      given.to = {to};
      given.deterministic = given.kind == Given::Kind::rows;
      if (given.kind == Given::Kind::map) {
        if (given.family) fail_at(given.place, "a map has no steps", "leave the subscript out");
        for (SetName& set : scope_.lemma.sets)
          if (from.size() == 1 && set.name == to && to != from[0]) set.image_of = from[0];
      }
    } else {
      Given& given = new_given(declaration, i, Given::Kind::function);
      given.from = from;
      read_range_later(given.name, declaration, reader.position());
      continue;
    }
    reader.expect_end("this declaration");
  }
}

/// Once everything is declared: the ends of a range may be expressions in what comes after it.
void Declarer::read_range_later(const std::string& name, const Declaration& declaration,
                                std::size_t position) {
  later_.push_back([this, name, tokens = declaration.tokens, position] {
    ExpressionReader later(scope_, tokens, {});
    later.move_to(position);
    const Range found = range(later);
    later.expect_end("this declaration");
    for (Given& each : scope_.lemma.givens)
      if (each.name == name) each.range = found;
  });
}

/// x in [0, 1], k in 1..5, s_0 in S; or the range of an MDP's component.
void Declarer::ranged(const Declaration& declaration, ExpressionReader& reader) {
  const bool set = reader.peek().is_name() && scope_.lemma.find_set(reader.peek().text) != nullptr &&
                   reader.peek(1).kind == Kind::end;
  for (std::size_t i = 0; i < declaration.names.size(); ++i) {
    const std::string& name = declaration.names[i];
    if (set) {
      Given& given = new_given(declaration, i, Given::Kind::element);
      given.from = {reader.peek().text};
      continue;
    }
    // Integers are written as a range with two dots.
    bool dots = false;
    for (const Token& token : declaration.tokens) dots = dots || token.is("..");
    Given* known = nullptr;
    for (Given& each : scope_.lemma.givens)
      if (each.name == name) known = &each;
    const bool component = known != nullptr && known->is_component && !known->range.said;
    if (component && known->kind == Given::Kind::rows)
      fail_at(declaration.places[i], name + " is a kernel, which has no range", "leave the range out");
    if (component && declaration.on_transitions) {
      known->on_transitions = true;
      known->from.push_back(known->from[0]);
    }
    if (!component) known = &new_given(declaration, i, dots ? Given::Kind::integer : Given::Kind::number);
    known->range.said = true;
    if (component && (known->kind == Given::Kind::integer) != dots)
      fail_at(declaration.places[i], dots ? name + " is no integer" : "a horizon is an integer",
              dots ? "write [0, 1]" : "write H in 1..12");
    read_range_later(name, declaration, reader.position());
  }
}

void Declarer::givens() {
  for (const Declaration& declaration : declarations_) {
    if (declaration.keyword != "given" || declaration.is_model) continue;
    ExpressionReader reader(scope_, declaration.tokens, {});
    reader.move_to(declaration.rest);
    if (reader.accept(":")) {
      typed(declaration, reader);
    } else if (reader.accept_word("lowest")) {
      planned(declaration, reader, true);
    } else if (reader.peek().is_name("optimal") || reader.peek().is_name("greedy")) {
      planned(declaration, reader, false);
    } else if (reader.accept_word("in")) {
      const bool lowest = reader.accept_word("lowest");
      const bool argmax =
          reader.peek().is_name("argmax") || reader.peek().is_name("argmin") ||
          (reader.peek().is_name("arg") && (reader.peek(1).is_name("max") || reader.peek(1).is_name("min")));
      if (lowest || argmax)
        planned(declaration, reader, lowest);
      else if (reader.peek().is_name("loop"))
        loop(declaration, reader);
      else
        ranged(declaration, reader);
    } else {
      reader.fail("what " + declaration.names[0] + " is cannot be read",
                  "write M = (S, A, r, T, H, rho), pi : S -> Delta(A), x in [0, 1], pi optimal in M or pi "
                  "greedy for V in M");
    }
  }
}

/// pi optimal in M; pi in argmax J(., M); pi greedy for F in M; x in argmin_x f(x).
void Declarer::planned(const Declaration& declaration, ExpressionReader& reader, bool lowest) {
  Given::Plan plan = Given::Plan::none;
  const Place place = reader.peek().place;
  if (reader.accept_word("optimal"))
    plan = Given::Plan::optimal;
  else if (reader.accept_word("greedy"))
    plan = Given::Plan::greedy;
  else if (reader.accept_word("argmax") || (reader.accept_word("arg") && reader.accept_word("max")))
    plan = Given::Plan::argmax;
  else if (reader.accept_word("argmin") || reader.accept_word("min"))
    plan = Given::Plan::argmin;
  else
    reader.fail("what is chosen is not said",
                "write pi optimal in M, pi greedy for V in M, pi in argmax J(., M) or x in argmin_x f(x)");
  const std::size_t start = reader.position();
  for (std::size_t i = 0; i < declaration.names.size(); ++i) {
    reader.move_to(start);
    if (plan == Given::Plan::argmin) {
      reader.expect("_", "write x in argmin_x f(x)");
      const bool braces = reader.accept("{");
      const std::string bound = reader.peek().text;
      if (!reader.peek().is_name()) reader.fail("what is varied is not said", "write x in argmin_x f(x)");
      reader.move_to(reader.position() + 1);
      if (braces) reader.expect("}", "close the script");
      const auto sort = default_sort(base_of(bound));
      if (!sort || *sort == "integer" || scope_.lemma.find_set(*sort) == nullptr)
        fail_at(place, "of which set " + bound + " is an element is not said",
                "use s, a or x for elements of S, A or X");
      Given& given = new_given(declaration, i, Given::Kind::element);
      given.from = {*sort};
      given.plan = plan;
      given.lowest = lowest;
      given.bound = bound;
      const std::vector<Token> tokens = declaration.tokens;
      const std::size_t position = reader.position();
      const std::string name = given.name;
      later_.push_back([this, tokens, position, name, bound, set = *sort] {
        ExpressionReader later(scope_, slice(tokens, position, tokens.size() - 1),
                               {{bound, Sort::element(set), {}}});
        Tree objective = later.whole_number();
        for (Given& each : scope_.lemma.givens)
          if (each.name == name) each.objective = objective;
      });
      continue;
    }
    Given& given = new_given(declaration, i, Given::Kind::rows);
    given.plan = plan;
    given.lowest = lowest;
    given.deterministic = true;
    given.family = false;
    const auto model_named = [&](const std::vector<Token>& from, std::size_t& at) {
      const Place where = from[at].place;
      const std::string name = declared_name(from, at).name;
      if (scope_.lemma.find_model(name) == nullptr)
        fail_at(where, "\"" + name + "\" is no MDP", "the MDPs are: " + scope_.listed_models());
      return name;
    };
    const auto read_model = [&] {
      std::size_t at = reader.position();
      given.model = model_named(declaration.tokens, at);
      reader.move_to(at);
    };
    if (plan == Given::Plan::greedy) {
      if (!reader.accept_word("for"))
        reader.fail("for what it is greedy is not said", "write pi greedy for V in M, or pi greedy for q");
      const std::vector<Token>& tokens = declaration.tokens;
      std::size_t end = tokens.size() - 1;
      std::size_t function_end = end;
      // "in M" at the end, M perhaps with scripts.
      for (std::size_t k = reader.position(); k < end; ++k)
        if (tokens[k].is_name("in")) function_end = k;
      if (function_end < end) {
        std::size_t at = function_end + 1;
        given.model = model_named(tokens, at);
        if (at != end)
          fail_at(tokens[at].place, "\"" + tokens[at].text + "\" cannot follow",
                  "separate declarations by commas");
      }
      const std::string name = given.name;
      const std::vector<Token> function = slice(tokens, reader.position(), function_end);
      if (function.size() == 1)
        reader.fail("for what it is greedy is not said", "write pi greedy for V in M, or pi greedy for q");
      // Its sets are known before its function is read: those of the MDP, or of q.
      if (given.model.empty()) {
        std::size_t at = 0;
        const std::string q = declared_name(function, at).name;
        const ModelTuple* only = scope_.only_model();
        for (const Declaration& other : declarations_) {
          if (other.is_model || other.keyword != "given") continue;
          if (std::find(other.names.begin(), other.names.end(), q) == other.names.end() ||
              !other.tokens[other.rest].is(":"))
            continue;
          ExpressionReader type(scope_, other.tokens, {});
          type.move_to(other.rest + 1);
          const std::vector<std::string> sets = set_product(type);
          if (sets.size() == 2) {
            given.from = {sets[0]};
            given.to = {sets[1]};
          }
        }
        if (given.from.empty()) {
          if (only == nullptr)
            fail_at(place, "in which MDP " + name + " is greedy is not said", "write: greedy for V in M");
          given.model = only->name;
        }
      }
      if (!given.model.empty()) {
        given.from = {scope_.lemma.find_model(given.model)->states};
        given.to = {scope_.lemma.find_model(given.model)->actions};
      }
      later_.push_back([this, function, name] { greedy_objective(function, name); });
      continue;
    }
    if (plan == Given::Plan::argmax) {
      if (!reader.accept_word("J"))
        reader.fail("what is maximised is not said", "write pi in argmax J(., M)");
      reader.expect("(", "write pi in argmax J(., M)");
      if (!reader.accept(".")) reader.expect("*", "write pi in argmax J(., M)");
      if (reader.accept(",")) read_model();
      reader.expect(")", "write pi in argmax J(., M)");
    } else if (reader.accept_word("in")) {
      read_model();
    }
    reader.expect_end("this declaration");
    if (given.model.empty()) {
      if (scope_.only_model() == nullptr)
        fail_at(place, "in which MDP is not said",
                "write: " + given.name + " optimal in M; the MDPs are: " + scope_.listed_models());
      given.model = scope_.only_model()->name;
    }
    const ModelTuple& tuple = *scope_.lemma.find_model(given.model);
    if (scope_.lemma.find_model(given.model) == nullptr)
      fail_at(place, "\"" + given.model + "\" is no MDP", "the MDPs are: " + scope_.listed_models());
    given.from = {tuple.states};
    given.to = {tuple.actions};
    given.family = tuple.has_horizon();
    if (!tuple.has_values())
      fail_at(place, tuple.name + " has neither a horizon nor a discount, and so no optimum", "give it one");
    if (tuple.endless != Criterion::Endless::none)
      fail_at(
          place,
          "in an endless run which actions are optimal depends on what is done elsewhere, so that a policy "
          "cannot be chosen state by state",
          tuple.is_average() ? "declare any policy, and assume for all s: gain^pi(s) = gain^*(s)"
                             : "declare any policy, and assume for all s: V^pi(s) = V^*(s)");
    if (plan == Given::Plan::argmax && tuple.initial.empty())
      fail_at(place, tuple.name + " has no start, and so no J", "give it one");
  }
}

/// The function that a policy is greedy for, once all names are known.
void Declarer::greedy_objective(const std::vector<Token>& function, const std::string& name) {
  std::vector<Token> tokens = function;
  // "greedy for q_h" speaks of the whole family.
  const std::size_t n = tokens.size();
  if (n >= 4 && tokens[n - 3].is("_") && tokens[n - 2].is_name() &&
      default_sort(tokens[n - 2].text) == "integer" && scope_.names.find(tokens[n - 2].text) == nullptr)
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(n) - 3,
                 tokens.begin() + static_cast<std::ptrdiff_t>(n) - 1);
  ExpressionReader reader(scope_, tokens, {});
  const Place place = tokens[0].place;
  Tree tree = reader.whole();
  Given* given = nullptr;
  for (Given& each : scope_.lemma.givens)
    if (each.name == name) given = &each;
  const bool pairs = tree->sort == Sort::function({given->from[0], given->to[0]});
  const bool states = tree->sort == Sort::function({given->from[0]});
  if (!pairs && !states)
    fail_at(place,
            "this is " + tree->sort.in_words() + "; a policy is greedy for a function of " + given->from[0] +
                " or of " + given->from[0] + " x " + given->to[0],
            "name such a function");
  const Given* source =
      tree->op == Op::function_ref && tree->definition < 0 ? scope_.lemma.find_given(tree->name) : nullptr;
  const bool family = (source != nullptr && source->family && !tree->step) ||
                      (tree->op == Op::function_ref && tree->definition >= 0 && !tree->step &&
                       !scope_.lemma.definitions[static_cast<std::size_t>(tree->definition)].step.empty());
  if (states && given->model.empty()) {
    if (scope_.only_model() == nullptr)
      fail_at(place, "in which MDP " + name + " is greedy is not said", "write: greedy for V in M");
    given->model = scope_.only_model()->name;
  }
  if (states && family)
    fail_at(place, "whether step h looks at the function of step h or of h+1 is not said",
            "write the function of states and actions that is meant: where q_h(s,a) = r(s,a) + E_{s' ~ "
            "T(s,a)}[W_{h+1}(s')], and greedy for q_h");
  const ModelTuple* tuple = given->model.empty() ? nullptr : scope_.lemma.find_model(given->model);
  given->family = family || (tuple != nullptr && tuple->has_horizon());
  if (given->family && scope_.lemma.horizon.empty())
    fail_at(place, name + " has a member for each step, and no horizon is given",
            "give one: given H in 1..5");
  given->objective = tree;
}

}  // namespace lemmacheck::detail
