// Sums, maxima, expectations and what they bind.
#include <algorithm>

#include "language/detail/expression_reader.hpp"

namespace lemmacheck::detail {

using Kind = Token::Kind;

/// The name that a binder binds: letters with primes and scripts that are part of it.
std::string ExpressionReader::binder_name(Place& place) {
  place = peek().place;
  if (!peek().is_name()) fail("a name is wanted here", "a sum binds names: sum_{s,a}, sum_{k=0}^{n}");
  const Written written = written_name();
  for (const Script& script : written.scripts)
    if (script.text.empty() || script.above)
      fail_at(script.place, "this script cannot be part of a bound name", "choose a name without it");
  return joined(written.base, written.scripts, ~0U);
}

void ExpressionReader::introduce(const Binding& binding, const Place& place) {
  for (std::size_t i = 0; i < binding.names.size(); ++i) {
    const std::string& name = binding.names[i];
    if (const Symbol* symbol = scope_.names.find(name); symbol != nullptr)
      fail_at(place,
              "\"" + name + "\" is bound here but declared at " + symbol->place.to_string() + " already",
              "choose another name for one of them");
    if (is_reserved(name))
      fail_at(place, "\"" + name + "\" is a word of the language", "choose another name");
    bound_.push_back({name, binding.sorts[i], {}});
  }
}

Binding ExpressionReader::ranged(const std::string& name, Tree low, Tree high) {
  Binding binding;
  binding.over = Binding::Over::integers;
  binding.names = {name};
  binding.sorts = {Sort::integer()};
  binding.low = std::move(low);
  binding.high = std::move(high);
  return binding;
}

Binding ExpressionReader::policies(const std::string& name, const Place& place) {
  if (scope_.lemma.models.empty())
    fail_at(place, "policies of which MDP is not said", "declare an MDP by given M = (...)");
  const ModelTuple& first = scope_.lemma.models.front();
  for (const ModelTuple& tuple : scope_.lemma.models)
    if (tuple.states != first.states || tuple.actions != first.actions ||
        tuple.has_horizon() != first.has_horizon())
      fail_at(place,
              "the MDPs have policies of different kinds, and of which one " + name + " is meant is not said",
              "write the optimum as J^*(M) or V^*(s,M)");
  Binding binding;
  binding.over = Binding::Over::policies;
  binding.names = {name};
  binding.states = first.states;
  binding.actions = first.actions;
  binding.family = first.has_horizon();
  binding.sorts = {Sort::rows({first.states}, {first.actions})};
  return binding;
}

/// What a name ranges over where the text does not say it.
Binding ExpressionReader::default_binding(const std::string& name, const Place& place) {
  const std::string letters = name.substr(0, name.find_first_of("'_^"));
  const auto sort = default_sort(letters);
  if (sort == "integer") {
    if (letters == "h" && !scope_.lemma.horizon.empty()) {
      auto high = std::make_shared<Node>();
      high->op = Op::constant;
      high->sort = Sort::integer();
      high->name = scope_.lemma.horizon;
      return ranged(name, literal(1), high);
    }
    fail_at(place,
            "the integer " + name + " has no range" + (letters == "h" ? ", since no horizon H is given" : ""),
            "write it: sum_{" + name + "=1}^{n}, or " + name + " in 1..n, or 1 <= " + name + " < n");
  }
  if (sort && scope_.lemma.find_set(*sort) != nullptr) {
    Binding binding;
    binding.names = {name};
    binding.set = *sort;
    binding.sorts = {Sort::element(*sort)};
    return binding;
  }
  if (letters == "pi") return policies(name, place);
  if (sort)
    fail_at(place, name + " stands for an element of " + *sort + ", and no set " + *sort + " is declared",
            "write " + name + " in SET with a set of this lemma");
  fail_at(place, "what " + name + " ranges over is not said",
          "write " + name + " in S, or use s for states, a for actions, h for steps");
}

/// How many signs < and <= stand in the item that begins here.
std::size_t ExpressionReader::relations_in_item() const {
  int depth = 0;
  std::size_t count = 0;
  for (std::size_t i = at_; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.is("(") || token.is("[") || token.is("{") || token.is("\\{")) ++depth;
    if (token.is(")") || token.is("]") || token.is("}") || token.is("\\}")) --depth;
    if (depth < 0 || token.kind == Kind::end || (depth == 0 && (token.is(",") || token.is(":")))) break;
    if (depth == 0 && (token.is("<") || token.is("<="))) ++count;
  }
  return count;
}

/// 1 <= h < H, or h < H.
Binding ExpressionReader::chain_binding() {
  Tree low;
  if (relations_in_item() == 2) {
    low = integer();
    const bool strict = peek().is("<");
    if (!accept("<")) expect("<=", "write the range as 1 <= h < H");
    if (strict) low = make(Op::add, Sort::integer(), {low, literal(1)}, low->place);
  }
  Place place;
  const std::string name = binder_name(place);
  if (!low) {
    if (name.substr(0, name.find('\'')) != "h")
      fail_at(place, "the integer " + name + " has no least value", "write 0 <= " + name + " < n");
    low = literal(1);
  }
  const bool strict = peek().is("<");
  if (!accept("<")) expect("<=", "write the range as 1 <= h < H");
  Tree high = integer();
  if (strict)
    high = make(Op::add, Sort::integer(),
                {high, make(Op::negate, Sort::integer(), {literal(1)}, high->place)}, high->place);
  return ranged(name, std::move(low), std::move(high));
}

/// Names and ranges separated by commas, up to `close` or a colon; each is bound at once.
std::vector<Binding> ExpressionReader::binding_items(const char* close) {
  std::vector<Binding> bindings;
  std::vector<std::pair<std::string, Place>> waiting;  // names before "in"
  while (true) {
    const Place start = peek().place;
    if (relations_in_item() > 0) {
      if (!waiting.empty()) default_binding(waiting[0].first, waiting[0].second);
      bindings.push_back(chain_binding());
      introduce(bindings.back(), start);
    } else {
      Place place;
      const std::string name = binder_name(place);
      if (accept_word("in")) {
        waiting.emplace_back(name, place);
        if (peek().is_name() && scope_.lemma.find_set(peek().text) != nullptr) {
          const std::string set = set_name();
          for (const auto& [each, where] : waiting) {
            Binding binding;
            binding.names = {each};
            binding.set = set;
            binding.sorts = {Sort::element(set)};
            bindings.push_back(binding);
            introduce(binding, where);
          }
        } else {
          Tree low = integer();
          expect("..", "write a range of integers as 1..n, or name a set");
          Tree high = integer();
          for (const auto& [each, where] : waiting) {
            bindings.push_back(ranged(each, low, high));
            introduce(bindings.back(), where);
          }
        }
        waiting.clear();
      } else if (accept("=")) {
        if (!waiting.empty()) default_binding(waiting[0].first, waiting[0].second);
        Tree low = integer(), high;
        if (accept("..")) high = integer();
        bindings.push_back(ranged(name, std::move(low), std::move(high)));
        introduce(bindings.back(), place);
      } else {
        const std::string letters = name.substr(0, name.find_first_of("'_^"));
        if (!default_sort(letters) && letters != "pi" && peek().is(",")) {
          waiting.emplace_back(name, place);
        } else {
          if (!waiting.empty()) default_binding(waiting[0].first, waiting[0].second);
          bindings.push_back(default_binding(name, place));
          introduce(bindings.back(), place);
        }
      }
    }
    if (accept(",")) continue;
    if (!waiting.empty()) default_binding(waiting[0].first, waiting[0].second);
    if (peek().is(close) || peek().is(":")) return bindings;
    fail("\"" + peek().text + "\" cannot stand in this list of bound names",
         "write names separated by commas, each with its range where it has none: s, a, 1 <= h < H, k in "
         "0..n");
  }
}

/// The scripts of sum, max, ...: _{s,a : condition}, _{k=0}^{n}, _s.
void ExpressionReader::plain_bindings(Node& node) {
  Tree high;
  const auto read_high = [&] {
    ++at_;
    if (accept("{")) {
      contexts_.push_back(Context::bracket);
      high = integer();
      contexts_.pop_back();
      expect("}", "close the upper end");
      return;
    }
    const std::size_t begin = at_;
    if (peek().kind != Kind::number && !peek().is_name())
      fail("the upper end is missing", "write sum_{k=0}^{n}");
    ++at_;
    ExpressionReader inner(scope_, {tokens_[begin], tokens_.back()}, bound_);
    high = inner.whole();
    if (high->sort.kind != Sort::Kind::integer)
      fail_at(tokens_[begin].place, "this is no integer", "write an integer as the upper end");
  };
  const Place place = peek().place;
  if (peek().is("^")) read_high();
  if (!accept("_"))
    fail(std::string("what ") + to_string(node.op) + " runs over is not said",
         std::string("write ") + to_string(node.op) + "_{s,a} or " + to_string(node.op) + "_{k=0}^{n}");
  if (accept("{")) {
    contexts_.push_back(Context::bracket);
    node.bindings = binding_items("}");
    if (accept(":")) {
      const Place where = peek().place;
      node.condition = condition();
      if (node.condition->sort.kind != Sort::Kind::truth)
        fail_at(where, "this is " + node.condition->sort.in_words() + "; a condition is needed",
                "write sum_{s : phi(s) = x}");
    }
    contexts_.pop_back();
    expect("}", "close the list of bound names");
  } else {
    // Without braces: one name.
    Place where = peek().place;
    if (!peek().is_name()) fail("a name is wanted here", "write sum_s or sum_{k=0}^{n}");
    const std::string name = peek().text;
    ++at_;
    if (peek().is("_"))
      fail("a script without braces is one name", std::string("write ") + to_string(node.op) + "_{...}");
    // An upper end needs a lower one.
    if (peek().is("^") && default_sort(name.substr(0, name.find('\''))) == "integer")
      fail("this has an end but no start",
           std::string("write ") + to_string(node.op) + "_{" + name + "=1}^{...}");
    node.bindings = {default_binding(name, where)};
    introduce(node.bindings.back(), where);
  }
  if (peek().is("^") && !high) {
    // The end sees the names bound outside only.
    const std::vector<Bound> all = bound_;
    for (const Binding& binding : node.bindings) bound_.resize(bound_.size() - binding.names.size());
    read_high();
    bound_ = all;
  }
  if (high) {
    if (node.bindings.size() != 1 || node.bindings[0].over != Binding::Over::integers ||
        node.bindings[0].high)
      fail_at(place, "an upper end goes with one integer that has a lower one", "write sum_{k=0}^{n}");
    node.bindings[0].high = high;
  }
  for (const Binding& binding : node.bindings)
    if (binding.over == Binding::Over::integers && !binding.high)
      fail_at(place, "the integer " + binding.names[0] + " has no upper end",
              "write sum_{" + binding.names[0] + "=...}^{n}");
}

Tree ExpressionReader::binder(Op op) {
  const std::size_t binder_at = at_, bound_before = bound_.size();
  auto node = std::make_shared<Node>();
  node->op = op;
  node->place = peek().place;
  ++at_;
  plain_bindings(*node);
  Tree inner = body(op, binder_at, *node, bound_before);
  bound_.resize(bound_before);
  need_number(inner, "as a body");
  node->sort = inner->sort;
  node->kids = {std::move(inner)};
  return node;
}

/// Names drawn from laws: s' ~ T(s,a), a' ~ pi(s').
void ExpressionReader::drawn_bindings(Node& node, const char* close) {
  while (true) {
    const Place place = peek().place;
    std::vector<std::string> names;
    const bool bracket = accept("(");
    do {
      Place where;
      names.push_back(binder_name(where));
    } while (accept(","));
    if (bracket) expect(")", "close the list of drawn names");
    expect("~", "write what is drawn as s ~ rho, s' ~ T(s,a), or s,a ~ nu");
    std::vector<Sort> sorts;
    for (const std::string& name : names) {
      const auto sort = default_sort(name.substr(0, name.find_first_of("'_^")));
      const bool known = sort && *sort != "integer" && scope_.lemma.find_set(*sort) != nullptr;
      sorts.push_back(known ? Sort::element(*sort) : Sort::number());
    }
    const Place law_place = peek().place;
    Binding binding;
    binding.over = Binding::Over::law;
    binding.names = names;
    binding.law = law(&sorts);
    if (binding.law->op == Op::path_law) {
      if (names.size() != 1)
        fail_at(place, "a trajectory is drawn as one name", "write E_{tau ~ (pi,M)}[...]");
      binding.over = Binding::Over::path;
      const ModelTuple& tuple = tuple_of(binding.law->model);
      binding.sorts = {Sort{Sort::Kind::path, {}, {tuple.states, tuple.actions}}};
    } else {
      const std::vector<std::string>& sets = binding.law->sort.to;
      if (sets.size() != names.size())
        fail_at(law_place,
                "this is " + binding.law->sort.in_words() + ", and " + std::to_string(names.size()) +
                    (names.size() == 1 ? " name is" : " names are") + " drawn from it",
                "draw as many names as it has parts");
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (sorts[i].kind == Sort::Kind::element && sorts[i].from[0] != sets[i])
          fail_at(law_place,
                  "this is " + binding.law->sort.in_words() + ", and " + names[i] +
                      " stands for an element of " + sorts[i].from[0],
                  "draw a name that fits, such as " + std::string(sets[i] == "A"   ? "a"
                                                                  : sets[i] == "S" ? "s"
                                                                                   : "x"));
        binding.sorts.push_back(Sort::element(sets[i]));
      }
    }
    introduce(binding, place);
    node.bindings.push_back(std::move(binding));
    if (accept(",")) continue;
    expect(close, "close the list of drawn names");
    return;
  }
}

Tree ExpressionReader::drawn_binder(Op op) {
  const std::size_t binder_at = at_, bound_before = bound_.size();
  auto node = std::make_shared<Node>();
  node->op = op;
  node->place = peek().place;
  ++at_;
  expect("_", "write what is drawn: E_{s ~ rho}[...]");
  expect("{", "write what is drawn between braces: E_{s ~ rho}[...]");
  contexts_.push_back(Context::bracket);
  drawn_bindings(*node, "}");
  contexts_.pop_back();
  Tree inner = body(op, binder_at, *node, bound_before);
  bound_.resize(bound_before);
  if (op == Op::chance) {
    if (inner->sort.kind != Sort::Kind::truth)
      fail_at(inner->place, "this is " + inner->sort.in_words() + "; the probability of a condition is meant",
              "write P_{s ~ rho}[condition]");
  } else {
    need_number(inner, "as a body");
  }
  node->sort = Sort::number();
  node->kids = {std::move(inner)};
  return node;
}

Tree ExpressionReader::body(Op op, std::size_t binder_at, const Node& node, std::size_t bound_before) {
  if (peek().is("[")) return bracketed("[", "]");
  if (op == Op::chance) {
    if (peek().is("(")) return bracketed("(", ")");
    if (peek().is("\\{")) return bracketed("\\{", "\\}");
    fail("the condition is missing", "write P_{s ~ rho}[condition]");
  }
  const std::size_t begin = at_;
  const bool bracket =
      peek().is("(") || peek().is("{") || peek().is("|") || peek().is("||") || peek().is("<<");
  const bool strict =
      op == Op::largest || op == Op::smallest || op == Op::spread || op == Op::product || op == Op::variance;
  const auto longer = longer_.find(binder_at);
  const std::size_t more = longer == longer_.end() ? 0 : longer->second;
  LEMMACHECK_INVARIANT(!frames_.empty());
  const std::size_t frame = frames_.size();
  frames_.push_back({at_, 0});
  Tree inner;
  if (peek().is("-") || peek().is("+")) {
    inner = term();
  } else {
    Tree first = factor();
    if (bracket && strict && more == 0 && (peek().is("/") || peek().is("*") || starts_operand())) {
      const std::size_t end = at_;
      if (peek().is("/") || peek().is("*")) ++at_;
      factor();
      const std::string head = to_text(tokens_, binder_at, begin), part = to_text(tokens_, begin, end),
                        tail = to_text(tokens_, end, at_);
      fail_at(tokens_[end].place,
              "this can be read in two ways: (" + head + " " + part + ") " + tail + " or " + head + " [" +
                  part + " " + tail + "]",
              "put the body into square brackets: " + head + " [...]");
    }
    inner = product(std::move(first), begin);
  }
  for (std::size_t i = 0; i < more; ++i) {
    const bool minus = peek().is("-");
    const Place place = peek().place;
    if (!peek().is("+") && !minus)
      fail("a sum's body goes on here, but no further term follows", "put the body into square brackets");
    ++at_;
    ++frames_.back().term;
    inner = plus(std::move(inner), term(), minus, place);
  }
  if (more > 0 && op != Op::expectation && (peek().is("+") || peek().is("-")))
    fail("where the body of " + std::string(to_string(op)) +
             " ends cannot be told: it uses its bound names in a later term, and further terms follow",
         "put the body into square brackets: " + to_text(tokens_, binder_at, begin) + " [...]");
  frames_.pop_back();
  // Names that ended inside belong to this body for whoever uses them later.
  for (Ended& ended : ended_)
    if (ended.frame == frame) {
      ended.frame = frame - 1;
      ended.binder = binder_at;
      ended.term = frames_.back().term;
      ended.bound = std::min(ended.bound, bound_before);
    }
  for (const Binding& binding : node.bindings)
    for (const std::string& name : binding.names)
      ended_.push_back({name, binder_at, frame - 1, frames_.back().term, bound_before});
  return inner;
}

}  // namespace lemmacheck::detail
