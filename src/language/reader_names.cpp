// Names with their scripts, applied to arguments.
#include <algorithm>

#include "language/detail/expression_reader.hpp"
#include "language/print.hpp"

namespace lemmacheck::detail {

using Kind = Token::Kind;

namespace {

Sort integer_sort() {
  return Sort::integer();
}

/// What may have a member for each step.
bool is_reference(const Node& node) {
  return node.op == Op::rows_ref || node.op == Op::function_ref || node.op == Op::round_policy;
}

bool is_star(const ExpressionReader::Script& script) {
  return script.above && script.text == "*";
}

}  // namespace

const Bound* ExpressionReader::find_bound(const std::string& name) const {
  for (std::size_t i = bound_.size(); i-- > 0;)
    if (bound_[i].name == name) return &bound_[i];
  return nullptr;
}

std::string ExpressionReader::joined(const std::string& base, const std::vector<Script>& scripts,
                                     unsigned chosen) {
  std::string name = base;
  for (const bool above : {false, true})
    for (std::size_t i = 0; i < scripts.size(); ++i)
      if ((chosen >> i & 1U) != 0 && scripts[i].above == above) name += (above ? "^" : "_") + scripts[i].text;
  return name;
}

ExpressionReader::Written ExpressionReader::written_name() {
  Written written;
  written.base = peek().text;
  written.place = peek().place;
  written.begin = at_;
  ++at_;
  constexpr std::size_t most = 6;
  while (true) {
    if (peek().is("'")) {
      written.base += '\'';
      ++at_;
      continue;
    }
    if (!peek().is("_") && !peek().is("^")) return written;
    const bool above = peek().is("^");
    if (above && peek(1).is("(")) return written;  // a power
    Script script;
    script.above = above;
    script.place = peek(1).place;
    ++at_;
    if (accept("{")) {
      int depth = 0;
      script.begin = at_;
      while (true) {
        if (at_end()) fail("this script is not closed", "add the closing brace");
        if (depth == 0 && (peek().is(",") || peek().is("}"))) {
          script.end = at_;
          if (script.end == script.begin)
            fail("this script is empty", "write a name, a number or an integer in it, or leave it out");
          script.text = script.end == script.begin + 1 && peek().kind != Kind::end &&
                                (tokens_[script.begin].kind == Kind::name ||
                                 tokens_[script.begin].kind == Kind::number || tokens_[script.begin].is("*"))
                            ? tokens_[script.begin].text
                            : "";
          written.scripts.push_back(script);
          const bool last = peek().is("}");
          ++at_;
          if (last) break;
          script.begin = at_;
          script.place = peek().place;
          continue;
        }
        if (peek().is("(") || peek().is("[") || peek().is("{")) ++depth;
        if (peek().is(")") || peek().is("]") || peek().is("}")) --depth;
        ++at_;
      }
    } else if (peek().kind == Kind::name || peek().kind == Kind::number || peek().is("*")) {
      script.begin = at_;
      script.end = at_ + 1;
      script.text = peek().text;
      // pi_h' is pi'_h
      if (!above && peek().is_name()) {
        const std::size_t letters = script.text.find('\'');
        if (letters != std::string::npos) {
          written.base += script.text.substr(letters);
          script.text.resize(letters);
          tokens_[at_].text = script.text;
        }
      }
      written.scripts.push_back(script);
      ++at_;
    } else {
      fail("a script is missing here", "write x_k, x_{k+1} or x^{2}");
    }
    if (written.scripts.size() > most)
      fail("a name has too many scripts", "write fewer, or define it by where");
  }
}

Tree ExpressionReader::read_script(const Script& script) {
  std::vector<Token> slice(tokens_.begin() + static_cast<std::ptrdiff_t>(script.begin),
                           tokens_.begin() + static_cast<std::ptrdiff_t>(script.end));
  Token end;
  end.place = script.place;
  slice.push_back(end);
  ExpressionReader inner(scope_, slice, bound_);
  inner.script_depth_ = script_depth_ + 1;
  constexpr int deepest = 20;
  if (inner.script_depth_ > deepest) throw NestedTooDeeply(script.place);
  return inner.whole();
}

/// Nothing where it cannot be read.
std::optional<Tree> ExpressionReader::script_tree(const Script& script) {
  try {
    return read_script(script);
  } catch (const NestedTooDeeply&) {
    throw;
  } catch (const LanguageError&) {
    return std::nullopt;
  }
}

/// V, Q, A, J, d, gain or bias with a policy or a star among its scripts; J also with neither.
bool ExpressionReader::is_quantity(const Written& written) {
  static const std::set<std::string> letters = {"V", "Q", "A", "J", "d", "gain", "bias"};
  if (letters.count(written.base) == 0) return false;
  if (written.base == "J" && scope_.names.find("J") == nullptr && find_bound("J") == nullptr) return true;
  for (const Script& script : written.scripts) {
    if (is_star(script)) return written.base != "d";
    const auto tree = script_tree(script);
    if (tree && (*tree)->sort.kind == Sort::Kind::rows) return true;
  }
  return false;
}

Tree ExpressionReader::named() {
  const std::string text = peek().text;
  if (Tree tree = word(text)) return tree;
  const Place place = peek().place;
  const std::size_t begin = at_;
  Written written = written_name();
  if (is_quantity(written)) return quantity(written, place);

  // Which of the scripts belong to the name?
  struct Reading {
    std::string name;
    std::vector<Script> left;
  };
  std::vector<Reading> readings;
  const std::size_t n = written.scripts.size();
  for (unsigned chosen = (1U << n); chosen-- > 0;) {
    bool spelled = true;
    std::vector<Script> left;
    for (std::size_t i = 0; i < n; ++i) {
      if ((chosen >> i & 1U) == 0)
        left.push_back(written.scripts[i]);
      else
        spelled = spelled && !written.scripts[i].text.empty();
    }
    if (!spelled) continue;
    const std::string name = joined(written.base, written.scripts, chosen);
    if (!is_bound(name) && scope_.names.find(name) == nullptr) continue;
    if (!fits(name, left)) continue;
    readings.push_back({name, left});
  }
  if (readings.size() > 1)
    fail_at(place,
            "\"" + to_text(tokens_, begin, at_) + "\" can be read in two ways: as the name " +
                readings[0].name + ", and as " + readings[1].name + " with a script",
            "rename one of them");
  if (readings.empty()) {
    if (Tree tree = path_member(written)) return tree;
    if (Tree tree = known_script_word(written)) return tree;
    const std::string whole = joined(written.base, written.scripts, ~0U);
    check_ended(whole, place);
    check_ended(written.base, place);
    if (tokens_[begin].splits) return split_letters(written);
    unknown_name(written);
  }
  Reading& reading = readings[0];
  check_ended(reading.name, place);
  if (const Bound* bound = find_bound(reading.name)) return bound_name(*bound, reading.left, written);
  return symbol(reading.name, *scope_.names.find(reading.name), reading.left, written);
}

/// A name that is used after its binder's body ended: the body was longer, or it is an error.
void ExpressionReader::check_ended(const std::string& name, const Place& place) {
  for (std::size_t i = ended_.size(); i-- > 0;) {
    const Ended& ended = ended_[i];
    if (ended.name != name) continue;
    std::size_t index = bound_.size();
    while (index > 0 && bound_[index - 1].name != name) --index;
    if (index > ended.bound) return;  // bound again, inside
    const std::size_t terms = frames_[ended.frame].term - ended.term;
    if (index > 0)
      fail_at(place,
              "\"" + name + "\" was bound by \"" + tokens_[ended.binder].text +
                  "\" earlier in this sum, and is bound outside as well: either may be meant",
              "put the body of the first into square brackets, or use another name");
    if (terms == 0) return;
    const auto longer = longer_.find(ended.binder);
    throw LongerBody{ended.binder, terms + (longer == longer_.end() ? 0 : longer->second)};
  }
}

/// Whether the scripts that are not part of a name can stand beside it: a step of a family, or an exponent of
/// a number.
bool ExpressionReader::fits(const std::string& name, const std::vector<Script>& left) {
  bool family = false, number = false;
  std::size_t steps = 0;
  if (const Bound* bound = find_bound(name)) {
    const Tree& tree = bound->stands_for;
    number = bound->sort.is_number();
    family = tree && !tree->step && is_reference(*tree) && is_family(tree);
    family = family || (!tree && bound->sort.kind == Sort::Kind::rows && bound->sort.to.size() == 1 &&
                        !scope_.lemma.horizon.empty());
  } else {
    const Symbol& symbol = *scope_.names.find(name);
    if (symbol.kind == Symbol::Kind::loop) return fits_loop(*scope_.lemma.find_loop(name), name, left);
    if (symbol.kind == Symbol::Kind::given) {
      const Given& given = *scope_.lemma.find_given(name);
      family = given.family;
      number = given.kind == Given::Kind::number || given.kind == Given::Kind::integer;
    } else if (symbol.kind == Symbol::Kind::definition) {
      const DefinitionText& text = scope_.texts.at(name);
      family = !text.step.empty();
      number = text.groups().empty() && !text.is_rows();
      if (family && left.empty()) return true;
    }
  }
  for (const Script& script : left) {
    if (script.above && number && !is_star(script)) continue;
    const auto tree = script_tree(script);
    if (!family || !tree || (*tree)->sort.kind != Sort::Kind::integer || ++steps > 1) return false;
  }
  return true;
}

/// pi_t and pi_{t,h}: rounds, then steps. The pi_0 that it starts from is a name of its own.
bool ExpressionReader::fits_loop(const LearningLoop& loop, const std::string& name,
                                 const std::vector<Script>& left) {
  if (left.empty()) return true;
  if (name == loop.policy && name + "_" + left[0].text == loop.start_name) return false;
  if (left.size() > (name == loop.policy ? 2U : 1U)) return false;
  return std::all_of(left.begin(), left.end(), [&](const Script& script) {
    const auto tree = script_tree(script);
    return !script.above && tree && (*tree)->sort.kind == Sort::Kind::integer;
  });
}

bool ExpressionReader::is_family(const Tree& reference) const {
  if (reference->op == Op::round_policy) return true;
  if (reference->definition >= 0)
    return !scope_.lemma.definitions[static_cast<std::size_t>(reference->definition)].step.empty();
  const Given* given = scope_.lemma.find_given(reference->name);
  return given != nullptr && given->family;
}

void ExpressionReader::unknown_name(const Written& written) {
  const std::string name = joined(written.base, written.scripts, ~0U);
  for (const Script& script : written.scripts)
    if (script.text.empty() && !script_tree(script)) read_script(script);  // says what is wrong in it
  if (scope_.lemma.find_loop(written.base) != nullptr) {
    for (const Script& script : written.scripts)
      if (!script_tree(script)) read_script(script);
    fail_at(written.place, "which round of " + written.base + " is meant cannot be read",
            "a round is an integer: for all 1 <= t <= n: ... " + written.base + "_t ..., or " + written.base +
                "_{t-1}");
  }
  static const std::set<std::string> values = {"V", "Q", "A", "d", "gain", "bias"};
  if (values.count(written.base) != 0 && !written.scripts.empty()) {
    std::string scripts;
    for (const Script& script : written.scripts) {
      const auto tree = script_tree(script);
      if (!tree && !script.text.empty() && !is_star(script))
        fail_at(
            script.place,
            "the script " + script.text + " of " + written.base + " is neither a step, a policy nor an MDP",
            "a script without braces is one name: write V^{pi_E} for a policy pi_E; declare what is new by "
            "given or where");
    }
    fail_at(written.place, "\"" + name + "\" has no policy and is not declared",
            "write V_h^pi(s), Q_h^pi(s,a), d_h^pi(s) with a policy, or * for the optimum");
  }
  std::vector<std::string> bound;
  for (const Bound& each : bound_) bound.push_back(each.name);
  for (const Ended& ended : ended_) static_cast<void>(ended);
  const std::string nearest = scope_.names.nearest(name, bound);
  const bool variable = default_sort(base_of(name)).has_value();
  std::string remedy = nearest.empty() ? "" : nearest + "; ";
  remedy += variable ? "bind it by for all " + name + ": ..., or by a sum, a maximum or an expectation"
                     : "declare it by given or where";
  fail_at(written.place, "\"" + name + "\" is " + (variable ? "bound nowhere" : "not declared"), remedy);
}

/// Letters in a display that are no name are a product.
Tree ExpressionReader::split_letters(const Written& written) {
  const Token token = tokens_[written.begin];
  std::vector<Token> letters;
  const std::string text = token.text.substr(0, token.text.find('\''));
  if (is_greek(text)) unknown_name(written);
  for (std::size_t i = 0; i < text.size(); ++i) {
    Token letter = token;
    letter.splits = false;
    letter.text = text.substr(i, 1);
    letter.place.offset += i;
    letters.push_back(letter);
  }
  letters.back().text += token.text.substr(text.size());
  // Every letter must mean something by itself, or the whole is reported.
  for (const Token& letter : letters) {
    const std::string name = letter.text.substr(0, letter.text.find('\''));
    bool known =
        is_bound(letter.text) || scope_.names.find(letter.text) != nullptr || default_sort(name).has_value();
    for (const auto& [declared, definition_text] : scope_.texts)
      known = known || base_of(declared) == letter.text;
    for (const Given& given : scope_.lemma.givens) known = known || base_of(given.name) == letter.text;
    static const std::set<std::string> values = {"V", "Q", "A", "J", "d"};
    if (!known && values.count(name) == 0) unknown_name(written);
  }
  const auto at = [&](std::size_t i) { return tokens_.begin() + static_cast<std::ptrdiff_t>(i); };
  tokens_.erase(at(written.begin), at(written.begin + 1));
  tokens_.insert(at(written.begin), letters.begin(), letters.end());
  at_ = written.begin;
  return named();
}

Tree ExpressionReader::power_scripts(Tree base, std::vector<Script>& left, const Written& written) {
  for (const Script& script : left) {
    if (!script.above)
      fail_at(script.place, "\"" + written.base + "\" has no such subscript",
              "a subscript is part of a name, or a step");
    const auto exponent = script_tree(script);
    if (!exponent || !(*exponent)->sort.is_number())
      fail_at(script.place, "this exponent cannot be read", "write a number, an integer or a sum of them");
    if (left.size() > 1)
      fail_at(script.place, "two exponents stand at one name", "put the first power into brackets");
    const bool whole = base->sort.kind == Sort::Kind::integer && (*exponent)->op == Op::literal &&
                       (*exponent)->sort.kind == Sort::Kind::integer;
    base = make(Op::power, whole ? integer_sort() : Sort::number(), {base, *exponent}, written.place);
  }
  return base;
}

Tree ExpressionReader::family_step(std::vector<Script>& left, const Written& written, bool family,
                                   const std::string& what) {
  if (left.empty()) return nullptr;
  if (!family)
    fail_at(left[0].place, what + " is not a family over steps",
            "leave the script out, or declare one member a step: given " + written.base + "_h ...");
  const auto tree = script_tree(left[0]);
  LEMMACHECK_INVARIANT(tree.has_value());
  return *tree;
}

Tree ExpressionReader::bound_name(const Bound& bound, std::vector<Script> left, const Written& written) {
  if (bound.stands_for) {
    Tree tree = bound.stands_for;
    if (!left.empty()) {
      auto copy = std::make_shared<Node>(*tree);
      copy->step = family_step(left, written, true, bound.name);
      tree = copy;
    }
    return applied(std::move(tree), written.place);
  }
  auto node = std::make_shared<Node>();
  node->op = Op::variable;
  node->name = bound.name;
  node->sort = bound.sort;
  node->place = written.place;
  if (bound.sort.is_number()) return power_scripts(node, left, written);
  if (bound.sort.kind == Sort::Kind::path)
    fail_at(written.place, "the trajectory itself is no number",
            "speak of its states and actions: s_h, a_h, with the step h");
  if (bound.sort.kind == Sort::Kind::rows) {
    node->step = family_step(left, written, true, bound.name);
    return applied(node, written.place);
  }
  return node;
}

Tree ExpressionReader::symbol(const std::string& name, const Symbol& symbol, std::vector<Script> left,
                              const Written& written) {
  switch (symbol.kind) {
    case Symbol::Kind::set:
      fail_at(written.place, name + " is a set",
              peek().is("||") || (written.begin > 0 && tokens_[written.begin - 1].is("||"))
                  ? "|| is a norm: keep the bars of two sizes apart, |S| |A|"
                  : "write |" + name + "| for its size; an advantage has a policy, A^pi(s,a)");
    case Symbol::Kind::model: {
      auto node = std::make_shared<Node>();
      node->op = Op::model_ref;
      node->name = name;
      node->sort = Sort{Sort::Kind::model, {}, {}};
      node->place = written.place;
      return node;
    }
    case Symbol::Kind::given:
      return given(*scope_.lemma.find_given(name), std::move(left), written);
    case Symbol::Kind::definition:
      return definition(scope_.texts.at(name), std::move(left), written);
    case Symbol::Kind::loop:
      return round(*scope_.lemma.find_loop(name), name, left, written);
  }
  return nullptr;
}

/// pi_t, pi_{t,h}, M_t of a loop.
Tree ExpressionReader::round(const LearningLoop& loop, const std::string& name,
                             const std::vector<Script>& left, const Written& written) {
  if (left.empty())
    fail_at(written.place, name + " has a member for each round, and which is meant is not said",
            "write " + name + "_t with the round, 1 <= t <= n, or " + name + "_1 for the first");
  const ModelTuple& world = *scope_.lemma.find_model(loop.world);
  auto node = std::make_shared<Node>();
  node->op = name == loop.policy ? Op::round_policy : Op::round_model;
  node->name = name;
  node->place = written.place;
  node->kids = {*script_tree(left[0])};
  if (node->op == Op::round_model) {
    node->sort = Sort{Sort::Kind::model, {}, {}};
    return node;
  }
  node->sort = Sort::rows({world.states}, {world.actions});
  if (left.size() > 1) node->step = *script_tree(left[1]);
  return applied(node, written.place);
}

Tree ExpressionReader::given(const Given& given, std::vector<Script> left, const Written& written) {
  auto node = std::make_shared<Node>();
  node->name = given.name;
  node->place = written.place;
  switch (given.kind) {
    case Given::Kind::number:
    case Given::Kind::integer:
      node->op = Op::constant;
      node->sort = given.kind == Given::Kind::integer ? Sort::integer() : Sort::number();
      return power_scripts(node, left, written);
    case Given::Kind::element:
      node->op = Op::constant;
      node->sort = Sort::element(given.from[0]);
      return node;
    case Given::Kind::function:
      node->op = Op::function_ref;
      node->sort = Sort::function(given.from);
      break;
    case Given::Kind::map:
      node->op = Op::function_ref;
      node->sort = Sort::function(given.from);
      node->sort.to = given.to;
      break;
    case Given::Kind::rows:
      node->op = Op::rows_ref;
      node->sort = given.from.empty() ? Sort::law(given.to) : Sort::rows(given.from, given.to);
      break;
  }
  node->step = family_step(left, written, given.family, given.name);
  return applied(node, written.place);
}

/// A function, kernel or distribution with what stands in brackets behind it.
Tree ExpressionReader::applied(Tree callee, const Place& place) {
  if (!peek().is("(")) return callee;
  if (callee->op == Op::value) return applied_value(std::move(callee), place);
  if (callee->sort.kind == Sort::Kind::function) return apply_function(std::move(callee), place);
  if (callee->sort.kind == Sort::Kind::rows || callee->sort.kind == Sort::Kind::law)
    return apply_rows(std::move(callee), place);
  return callee;
}

Tree ExpressionReader::dot(const Place& place) {
  return make(Op::literal, Sort{Sort::Kind::path, {}, {}}, {}, place);  // a place holder, told by its sort
}

namespace {
bool is_dot(const Tree& tree) {
  return tree->op == Op::literal && tree->sort.kind == Sort::Kind::path;
}
}  // namespace

ExpressionReader::Arguments ExpressionReader::arguments() {
  Arguments result;
  result.place = peek().place;
  expect("(", "write the arguments in brackets");
  contexts_.push_back(Context::arguments);
  std::vector<Tree> list;
  while (true) {
    if ((peek().is(".") || peek().is("*")) && (peek(1).is(")") || peek(1).is(",") || peek(1).is("|"))) {
      list.push_back(dot(peek().place));
      ++at_;
    } else {
      list.push_back(sum());
    }
    if (accept(",")) continue;
    if (peek().is("|") && !result.bar) {
      result.bar = true;
      result.before = std::move(list);
      list.clear();
      ++at_;
      continue;
    }
    break;
  }
  contexts_.pop_back();
  if (!peek().is(")")) {
    if (at_end()) fail_at(result.place, "these arguments are not closed", "add \")\"");
    fail("\"" + peek().text + "\" cannot stand in a list of arguments", "separate arguments by commas");
  }
  ++at_;
  result.after = std::move(list);
  return result;
}

Tree ExpressionReader::as_element(const Tree& tree) {
  if (tree->op != Op::row) return tree;
  const Tree& rows = tree->kids[0];
  const Given* given =
      rows->op == Op::rows_ref && rows->definition < 0 ? scope_.lemma.find_given(rows->name) : nullptr;
  const bool deterministic =
      rows->op == Op::variable || rows->op == Op::round_policy || (given != nullptr && given->deterministic);
  if (!deterministic || tree->sort.to.size() != 1) return tree;
  auto node = std::make_shared<Node>();
  node->op = Op::taken;
  node->sort = Sort::element(tree->sort.to[0]);
  node->policy = rows;
  node->kids.assign(tree->kids.begin() + 1, tree->kids.end());
  node->place = tree->place;
  return node;
}

void ExpressionReader::check_arguments(std::vector<Tree>& given, const std::vector<std::string>& sets,
                                       const std::string& what, const Place& place) {
  if (given.size() != sets.size()) {
    std::string list;
    for (const std::string& set : sets) list += (list.empty() ? "" : ", ") + set;
    fail_at(place,
            what + " has " + std::to_string(sets.size()) + (sets.size() == 1 ? " argument" : " arguments") +
                " (" + list + "), not " + std::to_string(given.size()),
            sets.size() + 1 == given.size() ? "a probability is written with a bar: T(s'|s,a)"
                                            : "give one element of each set");
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    given[i] = as_element(given[i]);
    if (is_dot(given[i])) continue;
    if (given[i]->sort != Sort::element(sets[i]))
      fail_at(given[i]->place.file ? given[i]->place : place,
              "argument " + std::to_string(i + 1) + " of " + what + " is " + given[i]->sort.in_words() +
                  ", not " + Sort::element(sets[i]).in_words(),
              "give an element of " + sets[i]);
  }
}

/// Only members of a family have values.
void ExpressionReader::require_member(const Tree& reference, const Place& place) const {
  if (!is_reference(*reference) || reference->step || !is_family(reference)) return;
  const bool of_round = reference->op == Op::round_policy;
  // "pi_{t#1}": a bound name that an argument brought along.
  std::string what = of_round ? to_plain(reference) : reference->name;
  while (what.find('#') != std::string::npos) {
    const std::size_t mark = what.find('#');
    what.erase(mark, what.find_first_not_of("0123456789", mark + 1) - mark);
  }
  fail_at(place, what + " has a member for each step, and which is meant is not said",
          of_round ? "write the step behind the round, " + reference->name + "_{t,h}"
                   : "write " + what + "_h, or " + what + "_1 for the first step");
}

Tree ExpressionReader::apply_function(Tree function, const Place& place) {
  require_member(function, place);
  Arguments list = arguments();
  if (list.bar)
    fail_at(place, "a bar stands in the arguments of the function " + function->name,
            "write f(x, y); bars are for kernels and policies");
  check_arguments(list.after, function->sort.from, function->name, list.place);
  bool dots = false, elements = false;
  for (const Tree& tree : list.after) (is_dot(tree) ? dots : elements) = true;
  if (dots && elements)
    fail_at(place, "some arguments are given and some are left open",
            "define the function of the open ones by where");
  if (dots) return function;
  auto node = std::make_shared<Node>(*function);
  node->op = Op::call;
  node->sort = function->sort.to.empty() ? Sort::number() : Sort::element(function->sort.to[0]);
  // A function that was made by a call, L(V), keeps what it was made with.
  if (!node->kids.empty()) node->groups.push_back(list.after.size());
  node->kids.insert(node->kids.end(), list.after.begin(), list.after.end());
  node->place = place;
  return node;
}

Tree ExpressionReader::apply_rows(Tree rows, const Place& place) {
  require_member(rows, place);
  Arguments list = arguments();
  std::vector<Tree> outcomes, conditions;
  if (list.bar) {
    outcomes = std::move(list.before);
    conditions = std::move(list.after);
  } else if (rows->sort.kind == Sort::Kind::law) {
    outcomes = std::move(list.after);
  } else {
    conditions = std::move(list.after);
  }
  const std::string name = rows->name.empty() ? "this" : rows->name;
  if (rows->sort.kind == Sort::Kind::law && list.bar)
    fail_at(place, name + " is " + rows->sort.in_words() + " and depends on nothing",
            "write " + name + "(s)");
  check_arguments(conditions, rows->sort.from, name, list.place);
  Tree law = rows;
  if (rows->sort.kind == Sort::Kind::rows) {
    std::vector<Tree> kids = {rows};
    for (Tree& condition : conditions) {
      if (is_dot(condition))
        fail_at(place, "the condition of " + name + " is left open",
                "write " + name + " alone for the whole");
      kids.push_back(std::move(condition));
    }
    law = make(Op::row, Sort::law(rows->sort.to), std::move(kids), place);
  }
  if (outcomes.empty()) return law;
  check_arguments(outcomes, rows->sort.to, name, list.place);
  bool dots = false, elements = false;
  for (const Tree& tree : outcomes) (is_dot(tree) ? dots : elements) = true;
  if (dots && elements)
    fail_at(place, "some outcomes are given and some are left open",
            "define the distribution of the open ones by where");
  if (dots) return law;
  std::vector<Tree> kids = {law};
  kids.insert(kids.end(), outcomes.begin(), outcomes.end());
  return make(Op::mass, Sort::number(), std::move(kids), place);
}

/// s_h and a_h of a drawn trajectory.
Tree ExpressionReader::path_member(const Written& written) {
  if ((written.base != "s" && written.base != "a") || written.scripts.size() != 1 || written.scripts[0].above)
    return nullptr;
  const Bound* path = nullptr;
  for (const Bound& bound : bound_)
    if (bound.sort.kind == Sort::Kind::path) path = &bound;
  if (path == nullptr) return nullptr;
  const auto step = script_tree(written.scripts[0]);
  if (!step || (*step)->sort.kind != Sort::Kind::integer) return nullptr;
  const bool state = written.base == "s";
  auto node = std::make_shared<Node>();
  node->op = state ? Op::path_state : Op::path_action;
  node->name = path->name;
  node->sort = Sort::element(path->sort.to[state ? 0 : 1]);
  node->kids = {*step};
  node->place = written.place;
  return node;
}

}  // namespace lemmacheck::detail
