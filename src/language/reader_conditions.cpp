// Relations, and, or, not, =>, for all, exists.
#include <algorithm>

#include "language/detail/expression_reader.hpp"
#include "language/print.hpp"

namespace lemmacheck::detail {

using Kind = Token::Kind;

namespace {

bool begins_for_all(const std::vector<Token>& tokens, std::size_t i) {
  if (tokens[i].is_name("forall")) return true;
  if (!tokens[i].is_name("for") || i + 1 >= tokens.size()) return false;
  static const std::set<std::string> words = {"all", "every", "each", "any"};
  return tokens[i + 1].is_name() && words.count(tokens[i + 1].text) != 0;
}

bool is_relation(const Token& token) {
  return token.is("<=") || token.is("<") || token.is(">=") || token.is(">") || token.is("=") ||
         token.is("!=");
}

void require_truth(const Tree& tree, const char* where) {
  if (tree->sort.kind == Sort::Kind::truth) return;
  fail_at(tree->place, "this is " + tree->sort.in_words() + " " + where,
          "a condition is needed: a relation such as x <= y");
}

}  // namespace

/// "relation for all s" becomes "for all s: relation".
void ExpressionReader::move_trailing_quantifier() {
  int depth = 0;
  for (std::size_t i = at_; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.is("(") || token.is("[") || token.is("{") || token.is("\\{")) ++depth;
    if (token.is(")") || token.is("]") || token.is("}") || token.is("\\}")) --depth;
    if (depth != 0 || i == at_ || !begins_for_all(tokens_, i)) continue;
    for (std::size_t j = i; j < tokens_.size(); ++j)
      if (tokens_[j].is(":")) return;
    std::size_t cut = i;
    while (cut > at_ && (tokens_[cut - 1].is(",") || tokens_[cut - 1].is("\\quad"))) --cut;
    if (cut == at_ || tokens_[cut - 1].is("=>")) return;
    const auto at = [&](std::size_t k) { return tokens_.begin() + static_cast<std::ptrdiff_t>(k); };
    std::vector<Token> moved(at(i), at(tokens_.size() - 1));
    Token colon = tokens_[i];
    colon.kind = Kind::sign;
    colon.text = ":";
    moved.push_back(colon);
    tokens_.erase(at(cut), at(tokens_.size() - 1));
    tokens_.insert(at(at_), moved.begin(), moved.end());
    return;
  }
}

Tree ExpressionReader::condition() {
  const Deeper deeper(scope_, peek().place);
  if (begins_for_all(tokens_, at_) || peek().is_name("exists")) return quantified();
  const Place place = peek().place;
  Tree left = or_chain();
  const auto check_next = [&] {
    if (peek().is("=>") || peek().is("iff") || peek().is_name("iff"))
      fail("two of => and iff follow each other, which can be read in two ways",
           "put one of them into brackets");
  };
  if (accept("=>")) {
    require_truth(left, "before =>");
    Tree right = condition();
    require_truth(right, "behind =>");
    check_next();
    return make(Op::implication, Sort::truth(), {left, right}, place);
  }
  if (accept("iff") || accept_word("iff")) {
    require_truth(left, "before iff");
    Tree right = or_chain();
    require_truth(right, "behind iff");
    check_next();
    return make(Op::equivalence, Sort::truth(), {left, right}, place);
  }
  if (peek().is_name("if")) fail("\"if\" is not read here", "write: condition => statement");
  return left;
}

Tree ExpressionReader::quantified() {
  const std::size_t before = bound_.size();
  auto node = std::make_shared<Node>();
  node->place = peek().place;
  node->sort = Sort::truth();
  node->op = peek().is_name("exists") ? Op::exists : Op::for_all;
  at_ += peek().is_name("for") ? 2 : 1;
  node->bindings = binding_items(":");
  expect(":", "a colon stands between the bound names and the condition: for all s, a: ...");
  Tree inner = condition();
  require_truth(inner, "behind a quantifier");
  bound_.resize(before);
  node->kids = {std::move(inner)};
  return node;
}

Tree ExpressionReader::or_chain() {
  Tree first = and_chain();
  if (!peek().is_name("or")) return first;
  std::vector<Tree> kids = {std::move(first)};
  while (accept_word("or")) kids.push_back(and_chain());
  for (const Tree& kid : kids) require_truth(kid, "beside or");
  const Place place = kids[0]->place;
  return make(Op::disjunction, Sort::truth(), std::move(kids), place);
}

Tree ExpressionReader::and_chain() {
  Tree first = not_level();
  if (!peek().is_name("and")) return first;
  std::vector<Tree> kids = {std::move(first)};
  while (accept_word("and")) kids.push_back(not_level());
  for (const Tree& kid : kids) require_truth(kid, "beside and");
  const Place place = kids[0]->place;
  return make(Op::conjunction, Sort::truth(), std::move(kids), place);
}

Tree ExpressionReader::not_level() {
  const Deeper deeper(scope_, peek().place);
  if (begins_for_all(tokens_, at_) || peek().is_name("exists")) return quantified();
  if (!peek().is_name("not")) return relation();
  const Place place = peek().place;
  ++at_;
  Tree inner = not_level();
  require_truth(inner, "behind not");
  return make(Op::negation, Sort::truth(), {inner}, place);
}

/// x in [a, b], with round brackets for open ends.
Tree ExpressionReader::membership(Tree left) {
  need_number(left, "before \"in\"");
  const Place place = peek().place;
  const bool open_low = peek().is("(");
  if (!accept("(")) expect("[", "a number lies in an interval: x in [a, b]");
  contexts_.push_back(Context::bracket);
  Tree low = number();
  expect(",", "an interval has two ends: [a, b]");
  Tree high = number();
  contexts_.pop_back();
  const bool open_high = peek().is(")");
  if (!accept(")")) expect("]", "close the interval");
  auto node = std::make_shared<Node>(*make(Op::within, Sort::truth(), {left, low, high}, place));
  node->name = std::string(open_low ? "(" : "[") + (open_high ? ")" : "]");
  return node;
}

/// The sides of a relation: numbers, or elements of one set; a deterministic policy's row is its action
/// there.
Tree ExpressionReader::compared(Tree left, Tree right, const Token& sign) {
  const auto is_element = [](const Tree& tree) { return tree->sort.kind == Sort::Kind::element; };
  if (is_element(left)) right = as_element(right);
  if (is_element(right)) left = as_element(left);
  if (!is_element(left) && !is_element(right)) {
    Tree a = as_element(left), b = as_element(right);
    if (is_element(a) && is_element(b)) {
      left = a;
      right = b;
    }
  }
  if (is_element(left) && is_element(right)) {
    if (left->sort.from != right->sort.from)
      fail_at(sign.place, left->sort.in_words() + " is compared with " + right->sort.in_words(),
              "compare elements of one set");
    if (!sign.is("=") && !sign.is("!="))
      fail_at(sign.place, "elements have no order", "compare them by = or !=");
  } else {
    for (const Tree& side : {left, right}) {
      if (side->sort.is_number()) continue;
      if (side->sort.kind == Sort::Kind::law || side->sort.kind == Sort::Kind::function)
        fail_at(side->place, to_plain(side) + " is " + side->sort.in_words() + "; a number is needed",
                side->sort.kind == Sort::Kind::law
                    ? "compare distributions by TV(p, q) = 0, or their probabilities for all outcomes"
                    : "compare values for all arguments: for all s: f(s) <= g(s)");
      if (side->sort.kind == Sort::Kind::truth)
        fail_at(side->place, "a condition is compared", "write iff between two conditions");
      need_number(side, "in a relation");
    }
  }
  auto node = std::make_shared<Node>(
      *make(Op::relation, Sort::truth(), {std::move(left), std::move(right)}, sign.place));
  node->name = sign.text;
  return node;
}

Tree ExpressionReader::relation() {
  const Place place = peek().place;
  Tree left = sum();
  if (peek().is_name("in")) {
    ++at_;
    return membership(std::move(left));
  }
  if (!is_relation(peek())) return left;
  std::vector<Tree> links;
  while (is_relation(peek())) {
    const Token sign = peek();
    ++at_;
    Tree right = sum();
    links.push_back(compared(left, right, sign));
    left = links.back()->kids[1];
  }
  if (links.size() == 1) return links[0];
  for (const Tree& link : links)
    if (link->name == "!=")
      fail_at(link->place, "!= stands in a chain of relations", "write two relations joined by and");
  return make(Op::chain, Sort::truth(), std::move(links), place);
}

}  // namespace lemmacheck::detail
