// The words of the language: sum, E, TV, log, ..., and laws.
#include <algorithm>

#include "language/detail/expression_reader.hpp"

namespace lemmacheck::detail {

using Kind = Token::Kind;

namespace {

/// Whether the scripts that follow name `at` hold a ~: E_{s ~ rho}.
bool draws(const std::vector<Token>& tokens, std::size_t at) {
  if (at + 2 >= tokens.size() || !tokens[at + 1].is("_") || !tokens[at + 2].is("{")) return false;
  int depth = 0;
  for (std::size_t i = at + 2; i < tokens.size(); ++i) {
    if (tokens[i].is("{")) ++depth;
    if (tokens[i].is("}") && --depth == 0) return false;
    if (tokens[i].is("~")) return true;
  }
  return false;
}

}  // namespace

/// Reads what begins with a word of the language, or gives nothing.
Tree ExpressionReader::word(const std::string& text) {
  if (text == "sum") return binder(Op::sum);
  if (text == "prod") return binder(Op::product);
  if (text == "span") return peek(1).is("_") ? binder(Op::spread) : span_of_function();
  if (text == "max" || text == "min") {
    const bool largest = text == "max";
    if (peek(1).is("_") || peek(1).is("^")) return binder(largest ? Op::largest : Op::smallest);
    return listed_extremum(largest ? Op::maximum : Op::minimum);
  }
  if (text == "Var") return drawn_binder(Op::variance);
  const bool declared = scope_.names.find(text) != nullptr || is_bound(text);
  if (text == "E" && (draws(tokens_, at_) || !declared)) {
    if (!draws(tokens_, at_)) {
      if (peek(1).is("[") || peek(1).is("_") || peek(1).is("^") || peek(1).is("("))
        fail("what is drawn is not said", "write E_{s ~ rho, a ~ pi(s)}[...]");
      return nullptr;
    }
    return drawn_binder(Op::expectation);
  }
  if (text == "P" && draws(tokens_, at_)) return drawn_binder(Op::chance);
  if (text == "log") return function_word(Op::logarithm);
  if (text == "exp") return function_word(Op::exponential);
  if (text == "sqrt") return function_word(Op::root);
  if (text == "TV") return distance_word(Op::distance);
  if (text == "KL") return distance_word(Op::divergence);
  if (text == "Ent") return distance_word(Op::entropy);
  if (text == "W1") return transport();
  if (text == "inner") {
    ++at_;
    return inner("(", ")");
  }
  if (text == "argmax" || text == "argmin" || text == "arg")
    fail("\"" + text + "\" stands in an expression",
         "declare what is chosen: given pi in argmax J(., M), given x in argmin_x f(x)");
  return nullptr;
}

/// D_{TV}(p, q), D_{KL}(p || q), W_1(p, q; D).
Tree ExpressionReader::known_script_word(const Written& written) {
  if (written.scripts.size() != 1 || written.scripts[0].above) return nullptr;
  const std::string& script = written.scripts[0].text;
  const bool distance = written.base == "D" || written.base == "d";
  if (!peek().is("(") && !peek().is("[")) return nullptr;
  --at_;  // the words read their name themselves
  if (distance && script == "TV") return distance_word(Op::distance);
  if (distance && script == "KL") return distance_word(Op::divergence);
  if (written.base == "W" && script == "1") return transport();
  ++at_;
  return nullptr;
}

/// log, exp and sqrt take a bracket or the next factor.
Tree ExpressionReader::function_word(Op op) {
  const Place place = peek().place;
  ++at_;
  Tree inner = factor();
  need_number(inner, "here");
  return make(op, Sort::number(), {inner}, place);
}

Tree ExpressionReader::listed_extremum(Op op) {
  const Place place = peek().place;
  const std::string name = peek().text;
  ++at_;
  const bool braces = peek().is("\\{");
  if (!braces && !peek().is("("))
    fail("what " + name + " is over is not said", "write " + name + "_{s,a} ... or " + name + "(x, y)");
  ++at_;
  contexts_.push_back(Context::bracket);
  std::vector<Tree> kids;
  do kids.push_back(number());
  while (accept(","));
  contexts_.pop_back();
  expect(braces ? "\\}" : ")", "close the list");
  if (kids.size() < 2)
    fail_at(place, name + " of one number",
            "write " + name + "(x, y), or " + name + "_{s} [...] for one over a set");
  bool integers = true;
  for (const Tree& kid : kids) integers = integers && kid->sort.kind == Sort::Kind::integer;
  return make(op, integers ? Sort::integer() : Sort::number(), std::move(kids), place);
}

/// A law, whatever its spelling: a distribution, a row, a function that is one.
Tree ExpressionReader::as_law(Tree tree, const Place& place) {
  switch (tree->sort.kind) {
    case Sort::Kind::law:
      if (tree->sort.to.empty())
        fail_at(place, "whether states or pairs are meant is not said",
                "write the law of states as d_h^pi(.), of states and actions as d_h^pi(.,.)");
      return tree;
    case Sort::Kind::path:
      return tree;
    case Sort::Kind::rows:
      fail_at(place,
              (tree->name.empty() ? "this" : tree->name) + " is " + tree->sort.in_words() +
                  ", not one distribution",
              "say of which: write " + (tree->name.empty() ? "pi" : tree->name) +
                  (tree->sort.from.size() == 2 ? "(s,a)"
                   : tree->sort.from[0] == "X" ? "(x)"
                                               : "(s)"));
    case Sort::Kind::function: {
      if (!tree->sort.to.empty()) break;
      auto node = std::make_shared<Node>(*make(Op::law_of, Sort::law(tree->sort.from), {tree}, place));
      return node;
    }
    default:
      break;
  }
  fail_at(place, "this is " + tree->sort.in_words() + "; a distribution is needed",
          "write T(s,a), pi(s), rho, nu or d_h^pi(.)");
}

/// @param drawn  the sorts of the names that are drawn from it, if they are; they settle what d_h^pi is over.
Tree ExpressionReader::law(const std::vector<Sort>* drawn) {
  const Place place = peek().place;
  Tree tree = sum();
  if (drawn != nullptr && tree->op == Op::occupancy && tree->sort.to.empty()) {
    const ModelTuple& tuple = tuple_of(tree->model);
    auto copy = std::make_shared<Node>(*tree);
    copy->sort = drawn->size() == 1 ? Sort::law({tuple.states}) : Sort::law({tuple.states, tuple.actions});
    tree = copy;
  }
  return as_law(std::move(tree), place);
}

Tree ExpressionReader::distance_word(Op op) {
  const Place place = peek().place;
  const std::string name = op == Op::distance ? "TV" : op == Op::divergence ? "KL" : "Ent";
  ++at_;
  const bool square = peek().is("[");
  if (!square && !peek().is("("))
    fail("the distributions are missing", "write " + name + (op == Op::entropy ? "(p)" : "(p, q)"));
  ++at_;
  contexts_.push_back(Context::arguments);
  std::vector<Tree> kids = {law()};
  if (op != Op::entropy) {
    if (!accept(",") && !accept("||") && !(op == Op::divergence && accept("|")))
      fail("the second distribution is missing", "write " + name + "(p, q)");
    kids.push_back(law());
  }
  contexts_.pop_back();
  expect(square ? "]" : ")", "close the list of distributions");
  if (kids.size() == 2) {
    const bool paths = kids[0]->sort.kind == Sort::Kind::path || kids[1]->sort.kind == Sort::Kind::path;
    if (paths ? kids[0]->sort.kind != kids[1]->sort.kind : kids[0]->sort.to != kids[1]->sort.to)
      fail_at(place, name + " of " + kids[0]->sort.in_words() + " and " + kids[1]->sort.in_words(),
              "both must be over the same set");
  } else if (kids[0]->sort.kind == Sort::Kind::path) {
    fail_at(place, "the entropy of a trajectory is not known here",
            "write the sum of the entropies of its steps");
  }
  return make(op, Sort::number(), std::move(kids), place);
}

/// span(f)
Tree ExpressionReader::span_of_function() {
  const Place place = peek().place;
  ++at_;
  const Place where = peek().place;
  Tree inner = primary();
  if (inner->sort.kind == Sort::Kind::law)
    inner = make(Op::law_of, Sort::law(inner->sort.to), {inner}, where);
  if (inner->sort.kind != Sort::Kind::function)
    fail_at(where, "this is " + inner->sort.in_words() + "; a span is of a function",
            "write span(f), or span_s [f(s)]");
  return make(Op::spread, Sort::number(), {inner}, place);
}

/// W1(p, q; D)
Tree ExpressionReader::transport() {
  const Place place = peek().place;
  ++at_;
  expect("(", "write W1(p, q; D) with the distance D");
  contexts_.push_back(Context::arguments);
  std::vector<Tree> kids = {law()};
  expect(",", "write W1(p, q; D) with the distance D");
  kids.push_back(law());
  if (!accept(";")) expect(",", "write W1(p, q; D) with the distance D");
  kids.push_back(sum());
  contexts_.pop_back();
  expect(")", "close W1");
  if (kids[0]->sort != kids[1]->sort || kids[0]->sort.to.size() != 1)
    fail_at(place, "W1 of " + kids[0]->sort.in_words() + " and " + kids[1]->sort.in_words(),
            "both must be over the same set");
  const std::string& set = kids[0]->sort.to[0];
  if (kids[2]->sort != Sort::function({set, set}))
    fail_at(place, "the distance is " + kids[2]->sort.in_words(),
            "declare it: given D : " + set + " x " + set + " -> R, or where D(s,s') = ...");
  return make(Op::transport, Sort::number(), std::move(kids), place);
}

/// inner(p, g)
Tree ExpressionReader::inner(const char* open, const char* close) {
  const Place place = peek().place;
  expect(open, "write inner(p, g)");
  contexts_.push_back(Context::arguments);
  std::vector<Tree> kids = {sum()};
  expect(",", "write inner(p, g)");
  kids.push_back(sum());
  contexts_.pop_back();
  expect(close, "close the product");
  const auto sets = [](const Tree& tree) {
    return tree->sort.kind == Sort::Kind::law ? tree->sort.to : tree->sort.from;
  };
  for (const Tree& kid : kids)
    if (kid->sort.kind != Sort::Kind::law && kid->sort.kind != Sort::Kind::function)
      fail_at(place, "an inner product with " + kid->sort.in_words(),
              "write inner(p, g) of distributions and functions");
  if (sets(kids[0]) != sets(kids[1]) || sets(kids[0]).empty())
    fail_at(place, "an inner product of " + kids[0]->sort.in_words() + " and " + kids[1]->sort.in_words(),
            "both must be over the same set");
  return make(Op::inner, Sort::number(), std::move(kids), place);
}

/// 1[condition]
Tree ExpressionReader::indicator() {
  const Place place = peek().place;
  ++at_;
  const bool braces = peek().is("\\{");
  Tree inner = braces ? bracketed("\\{", "\\}") : bracketed("[", "]");
  if (inner->sort.kind != Sort::Kind::truth)
    fail_at(place, "1[...] is the indicator of a condition, and this is " + inner->sort.in_words(),
            "for a product write 1 * (...)");
  return make(Op::indicator, Sort::integer(), {inner}, place);
}

/// A bracket, or (pi, M) as the law of a trajectory.
Tree ExpressionReader::parenthesised_law() {
  const Place place = peek().place;
  const std::size_t begin = at_;
  int depth = 0;
  bool comma = false;
  for (std::size_t i = at_; i < tokens_.size(); ++i) {
    if (tokens_[i].is("(") || tokens_[i].is("[") || tokens_[i].is("{")) ++depth;
    if (tokens_[i].is(")") || tokens_[i].is("]") || tokens_[i].is("}")) --depth;
    if (depth == 0) break;
    if (depth == 1 && tokens_[i].is(",")) comma = true;
  }
  if (!comma) return bracketed("(", ")");
  at_ = begin + 1;
  contexts_.push_back(Context::arguments);
  const Place first_place = peek().place;
  Tree policy = policy_tree(sum(), first_place);
  expect(",", "");
  const Place model_place = peek().place;
  Tree model = sum();
  contexts_.pop_back();
  if (model->sort.kind != Sort::Kind::model)
    fail_at(model_place, "this is " + model->sort.in_words(), "the law of a trajectory is written (pi, M)");
  expect(")", "the law of a trajectory is written (pi, M)");
  refuse_fitted(*model, "the trajectory's law");
  const ModelTuple& tuple = tuple_of(model);
  if (!tuple.has_horizon())
    fail_at(model_place, "trajectories of " + tuple.name + " never end",
            "give it a horizon: (S, A, r, T, H, rho)");
  check_policy(policy, tuple, first_place);
  auto node = std::make_shared<Node>();
  node->op = Op::path_law;
  node->sort = Sort{Sort::Kind::path, {}, {tuple.states, tuple.actions}};
  node->policy = policy;
  node->model = model;
  node->place = place;
  return node;
}

}  // namespace lemmacheck::detail
