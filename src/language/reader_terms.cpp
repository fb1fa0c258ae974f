// Sums, products, powers, brackets and bars.
#include <algorithm>

#include "language/detail/expression_reader.hpp"

namespace lemmacheck::detail {

using Kind = Token::Kind;

namespace {
bool is_word_of_grammar(const Token& token) {
  static const std::set<std::string> words = {"for", "all", "forall", "exists", "and",
                                              "or",  "iff", "in",     "if",     "not"};
  return token.is_name() && words.count(token.text) != 0;
}
}  // namespace

bool ExpressionReader::accept(const char* sign) {
  if (!peek().is(sign)) return false;
  ++at_;
  return true;
}

bool ExpressionReader::accept_word(const char* word) {
  if (!peek().is_name(word)) return false;
  ++at_;
  return true;
}

void ExpressionReader::expect(const char* sign, const char* what) {
  if (accept(sign)) return;
  fail(std::string("\"") + sign + "\" is missing here", what);
}

void ExpressionReader::expect_end(const char* after) {
  if (at_end()) return;
  if (peek().is("\\quad"))
    fail("a \\quad stands here", "a printed number is read only at the end of a displayed row; leave it out");
  fail("\"" + peek().text + "\" cannot follow " + after,
       "a sum or a product goes on with + - * / or a factor; check the brackets and bars before it");
}

Tree ExpressionReader::whole() {
  move_trailing_quantifier();
  const std::vector<Bound> bound = bound_;
  const std::size_t start = at_;
  constexpr int most = 100;
  for (int round = 0; round < most; ++round) {
    try {
      Tree tree = condition();
      expect_end("a complete expression");
      return tree;
    } catch (const LongerBody& longer) {
      std::size_t& terms = longer_[longer.binder];
      LEMMACHECK_INVARIANT(longer.term > terms);
      terms = longer.term;
      at_ = start;
      bound_ = bound;
      contexts_.clear();
      ended_.clear();
      frames_.clear();
    }
  }
  fail("the bodies of the sums here go on and on", "put brackets around them");
}

Tree ExpressionReader::whole_number() {
  const Place place = peek().place;
  Tree tree = whole();
  if (!tree->sort.is_number())
    fail_at(place, "this is " + tree->sort.in_words() + "; a number is needed",
            "see docs/language.md on expressions");
  return tree;
}

Tree ExpressionReader::whole_statement() {
  const Place place = peek().place;
  Tree tree = whole();
  if (tree->sort.kind != Sort::Kind::truth)
    fail_at(place, "this is " + tree->sort.in_words() + "; a relation is needed",
            "write a relation such as ... <= ...");
  return tree;
}

Tree ExpressionReader::expression() {
  return sum();
}

Tree ExpressionReader::number() {
  Tree tree = sum();
  need_number(tree, "here");
  return tree;
}

Tree ExpressionReader::integer() {
  const Place place = peek().place;
  Tree tree = sum();
  if (tree->sort.kind != Sort::Kind::integer)
    fail_at(place, "this is " + tree->sort.in_words() + "; an integer is needed",
            "integers are H, h, k, n and what +, - and * make of them");
  return tree;
}

void ExpressionReader::need_number(const Tree& tree, const char* where) {
  if (tree->sort.is_number()) return;
  std::string remedy = "a number is needed";
  if (tree->op == Op::row)
    remedy =
        "a number is needed: the probability of an outcome x is written with a bar, T(x|...), and a distance "
        "between two distributions TV(p, q) or ||p - q||_1";
  if (tree->sort.kind == Sort::Kind::element)
    remedy = "a number is needed; elements are compared by = and !=, and functions of them are numbers";
  if (tree->sort.kind == Sort::Kind::function)
    remedy = "a number is needed: give its arguments, or take its norm";
  if (tree->sort.kind == Sort::Kind::truth)
    remedy = "a number is needed: 1[condition] is 1 where the condition holds";
  fail_at(tree->place, "this is " + tree->sort.in_words() + " " + where, remedy);
}

bool ExpressionReader::closes_here() const {
  const Token& token = peek();
  return token.kind == Kind::end || token.is(")") || token.is("]") || token.is("}") || token.is("\\}") ||
         token.is(",") || token.is(";") || token.is(">>");
}

/// Whether the next token can begin a factor, where an operator is wanted.
bool ExpressionReader::starts_operand() const {
  const Token& token = peek();
  if (token.kind == Kind::number) return true;
  if (token.kind == Kind::name) return !is_word_of_grammar(token);
  if (token.is("(") || token.is("[") || token.is("{") || token.is("\\frac") || token.is("<<")) return true;
  if (token.is("|") || token.is("||")) {
    if (token.side != Token::Side::unsaid) return token.side == Token::Side::opens;
    return contexts_.empty() || contexts_.back() == Context::bracket;
  }
  return false;
}

Tree ExpressionReader::plus(Tree left, Tree right, bool minus, const Place& place) {
  if (minus)
    right =
        make(Op::negate, right->sort.kind == Sort::Kind::law ? Sort::function(right->sort.to) : right->sort,
             {right}, right->place);
  const auto as_function = [](const Sort& sort) {
    return sort.kind == Sort::Kind::law ? Sort::function(sort.to) : sort;
  };
  const Sort a = as_function(left->sort), b = as_function(right->sort);
  Sort sort = Sort::number();
  if (a.kind == Sort::Kind::function && b.kind == Sort::Kind::function) {
    if (a.from != b.from)
      fail_at(place,
              "a " + left->sort.in_words().substr(2) + " and " + right->sort.in_words() + " cannot be added",
              "both must speak of the same sets");
    sort = a;
  } else {
    need_number(left, "in a sum");
    need_number(right, "in a sum");
    if (a.kind == Sort::Kind::integer && b.kind == Sort::Kind::integer) sort = Sort::integer();
  }
  if (left->op == Op::add) {
    std::vector<Tree> kids = left->kids;
    kids.push_back(std::move(right));
    return make(Op::add, sort, std::move(kids), left->place);
  }
  return make(Op::add, sort, {left, right}, left->place);
}

Tree ExpressionReader::sum() {
  const Deeper deeper(scope_, peek().place);
  frames_.push_back({at_, 0});
  Tree total = term();
  while (peek().is("+") || peek().is("-")) {
    const bool minus = peek().is("-");
    const Place place = peek().place;
    ++at_;
    ++frames_.back().term;
    Tree next = term();
    total = plus(std::move(total), std::move(next), minus, place);
  }
  const std::size_t frame = frames_.size() - 1;
  std::erase_if(ended_, [&](const Ended& ended) { return ended.frame == frame; });
  frames_.pop_back();
  return total;
}

/// One term of a sum, with a sign before it.
Tree ExpressionReader::term() {
  if (peek().is("-") || peek().is("+")) {
    const Place place = peek().place;
    const bool minus = peek().is("-");
    const Deeper deeper(scope_, place);
    ++at_;
    Tree inner = term();
    if (!minus) return inner;
    const Sort sort = inner->sort.kind == Sort::Kind::law ? Sort::function(inner->sort.to) : inner->sort;
    if (sort.kind != Sort::Kind::function) need_number(inner, "behind a minus");
    return make(Op::negate, sort, {inner}, place);
  }
  const std::size_t begin = at_;
  Tree first = factor();
  return product(std::move(first), begin);
}

/// The product that begins with a factor that was read.
Tree ExpressionReader::product(Tree left, std::size_t begin) {
  bool slash = false;       // the factor before was a divisor that is neither a number nor in brackets
  std::size_t divisor = 0;  // where it begins
  while (true) {
    const Place place = peek().place;
    if (accept("*")) {
      left = multiplied(std::move(left), factor(), place);
      slash = false;
    } else if (accept("/")) {
      divisor = at_;
      const bool plain = peek().kind == Kind::number || peek().is("(") || peek().is("[") || peek().is("{");
      left = divided(std::move(left), factor(), place);
      slash = !plain;
    } else if (starts_operand()) {
      if (slash) {
        const std::size_t tail = at_;
        factor();
        const std::string a = to_text(tokens_, begin, divisor - 1), b = to_text(tokens_, divisor, tail),
                          c = to_text(tokens_, tail, at_);
        fail_at(place,
                "this product can be read in two ways: (" + a + "/" + b + ") " + c + " or " + a + "/(" + b +
                    " " + c + ")",
                "write one of them with its brackets");
      }
      left = multiplied(std::move(left), factor(), place);
    } else {
      return left;
    }
  }
}

Tree ExpressionReader::multiplied(Tree left, Tree right, const Place& place) {
  const auto field = [](const Tree& tree) {
    return tree->sort.kind == Sort::Kind::law || tree->sort.kind == Sort::Kind::function;
  };
  Sort sort = Sort::number();
  if (field(left) != field(right)) {
    const Tree& function = field(left) ? left : right;
    need_number(field(left) ? right : left, "in a product");
    sort = Sort::function(function->sort.kind == Sort::Kind::law ? function->sort.to : function->sort.from);
  } else {
    need_number(left, "in a product");
    need_number(right, "in a product");
    if (left->sort.kind == Sort::Kind::integer && right->sort.kind == Sort::Kind::integer)
      sort = Sort::integer();
  }
  static_cast<void>(place);
  if (left->op == Op::multiply) {
    std::vector<Tree> kids = left->kids;
    kids.push_back(std::move(right));
    return make(Op::multiply, sort, std::move(kids), left->place);
  }
  return make(Op::multiply, sort, {left, right}, left->place);
}

Tree ExpressionReader::divided(Tree left, Tree right, const Place& place) {
  static_cast<void>(place);
  need_number(right, "behind a slash");
  if (left->op == Op::literal && right->op == Op::literal && left->number.is_integer() &&
      right->number.is_integer() && right->number.sign() != 0) {
    auto node = std::make_shared<Node>(*literal(left->number / right->number));
    node->place = left->place;
    return node;
  }
  Sort sort = Sort::number();
  if (left->sort.kind == Sort::Kind::function || left->sort.kind == Sort::Kind::law)
    sort = Sort::function(left->sort.kind == Sort::Kind::law ? left->sort.to : left->sort.from);
  else
    need_number(left, "in a fraction");
  return make(Op::divide, sort, {left, right}, left->place);
}

Tree ExpressionReader::factor() {
  return raised(primary());
}

/// x^2, f(s)^k.
Tree ExpressionReader::raised(Tree base) {
  if (!peek().is("^")) return base;
  const Place place = peek().place;
  ++at_;
  Tree exponent;
  if (accept("{")) {
    contexts_.push_back(Context::bracket);
    exponent = sum();
    contexts_.pop_back();
    expect("}", "close the exponent");
  } else if (peek().is("(")) {
    exponent = bracketed("(", ")");
  } else if (peek().kind == Kind::number) {
    exponent = literal(Rational::parse_typed(peek().text));
    ++at_;
  } else if (peek().is_name()) {
    const std::size_t begin = at_;
    const Written written = written_name();
    at_ = begin + 1;
    static_cast<void>(written);
    ExpressionReader inner(scope_, {tokens_[begin], tokens_.back()}, bound_);
    exponent = inner.whole();
  } else {
    fail("an exponent is missing", "write x^2 or x^{k+1}");
  }
  need_number(base, "with an exponent");
  need_number(exponent, "as an exponent");
  if (peek().is("^")) fail("two exponents follow each other", "put the first power into brackets");
  return make(
      Op::power,
      base->sort.kind == Sort::Kind::integer && exponent->op == Op::literal && exponent->number.sign() >= 0
          ? exponent->sort
          : Sort::number(),
      {base, exponent}, place);
}

Tree ExpressionReader::bracketed(const char* open, const char* close) {
  const Deeper deeper(scope_, peek().place);
  const Place place = peek().place;
  expect(open, "");
  contexts_.push_back(Context::bracket);
  Tree inner = condition();
  contexts_.pop_back();
  if (!peek().is(close)) {
    if (at_end()) fail_at(place, "this bracket is not closed", std::string("add \"") + close + "\"");
    fail("\"" + peek().text + "\" stands where \"" + close + "\" should close the bracket opened at " +
             place.to_string(),
         "check the brackets and bars");
  }
  ++at_;
  return inner;
}

/// |x|, or |S| where S is a set.
Tree ExpressionReader::bars() {
  const Deeper deeper(scope_, peek().place);
  const Place place = peek().place;
  ++at_;
  if (peek().is_name() && peek(1).is("|")) {
    const Symbol* symbol = scope_.names.find(peek().text);
    if (symbol != nullptr && symbol->kind == Symbol::Kind::set) {
      const std::string set = peek().text;
      at_ += 2;
      return raised(set_size(set, place));
    }
  }
  contexts_.push_back(Context::bar);
  Tree inner = sum();
  contexts_.pop_back();
  if (!peek().is("|") || peek().side == Token::Side::opens) {
    if (at_end()) fail_at(place, "this bar is not closed", "add the closing |");
    fail("\"" + peek().text + "\" stands where a bar should close the one opened at " + place.to_string(),
         "check the bars; \\left| and \\right|, or brackets, say which way a bar faces");
  }
  ++at_;
  need_number(inner, "between bars");
  return make(Op::absolute, inner->sort, {inner}, place);
}

Tree ExpressionReader::set_size(const std::string& set, const Place& place) {
  auto node = std::make_shared<Node>();
  node->op = Op::size;
  node->sort = Sort::integer();
  node->name = set;
  node->place = place;
  return node;
}

/// ||f||_1, ||f||_inf, ||f||_{2,nu}.
Tree ExpressionReader::norm() {
  const Deeper deeper(scope_, peek().place);
  const Place place = peek().place;
  ++at_;
  contexts_.push_back(Context::norm);
  Tree inner = sum();
  contexts_.pop_back();
  if (!peek().is("||") || peek().side == Token::Side::opens) {
    if (at_end()) fail_at(place, "this norm is not closed", "add the closing ||");
    fail("\"" + peek().text + "\" stands where || should close the norm opened at " + place.to_string(),
         "|| is always a norm; write | | for absolute values, with a space between two of them");
  }
  ++at_;
  const bool is_law = inner->sort.kind == Sort::Kind::law && !inner->sort.to.empty();
  if (!is_law && inner->sort.kind != Sort::Kind::function)
    fail_at(place, "this is a norm of " + inner->sort.in_words(),
            "norms are of functions and of differences of distributions; a number has an absolute value |x|");
  if (!accept("_"))
    fail("which norm is meant is not said", "write ||f||_1, ||f||_inf, ||f||_{1,nu} or ||f||_{2,nu}");
  auto node = std::make_shared<Node>();
  node->op = Op::norm;
  node->sort = Sort::number();
  node->place = place;
  node->kids = {inner};
  const bool braces = accept("{");
  const Place kind_place = peek().place;
  if (peek().is_name("inf")) {
    node->name = "inf";
    ++at_;
  } else if (peek().kind == Kind::number) {
    node->number = Rational::parse_typed(peek().text);
    node->name = node->number == Rational(1) ? "1" : "p";
    ++at_;
  } else {
    fail("this is no norm that is known", "write ||f||_1, ||f||_inf, ||f||_{1,nu} or ||f||_{2,nu}");
  }
  if (braces && accept(",")) {
    const std::vector<Sort> drawn = [&] {
      std::vector<Sort> sorts;
      for (const std::string& set : is_law ? inner->sort.to : inner->sort.from)
        sorts.push_back(Sort::element(set));
      return sorts;
    }();
    contexts_.push_back(Context::bracket);
    node->kids.push_back(law(&drawn));
    contexts_.pop_back();
    if (node->name == "inf") fail_at(kind_place, "a largest value has no weights", "write ||f||_inf");
    if (node->kids[1]->sort.to != (is_law ? inner->sort.to : inner->sort.from))
      fail_at(
          kind_place,
          "the weights are " + node->kids[1]->sort.in_words() + ", the norm is of " + inner->sort.in_words(),
          "both must be over the same set");
  }
  if (braces) expect("}", "close the norm's script");
  if (node->name == "p" && !(node->number == Rational(2)))
    fail_at(kind_place, "only the norms 1, 2 and inf are known", "write ||f||_1, ||f||_{2,nu} or ||f||_inf");
  return node;
}

Tree ExpressionReader::primary() {
  const Token& token = peek();
  if (token.kind == Kind::number) {
    if (peek(1).is("[") || peek(1).is("\\{")) {
      if (token.text == "1") return indicator();
    }
    Tree tree = literal(Rational::parse_typed(token.text));
    auto placed = std::make_shared<Node>(*tree);
    placed->place = token.place;
    ++at_;
    return placed;
  }
  if (token.is_name() && !is_word_of_grammar(token)) {
    const Deeper deeper(scope_, token.place);  // sum_s sum_s ... needs no brackets
    return named();
  }
  if (token.is("(")) return parenthesised_law();
  if (token.is("[")) return bracketed("[", "]");
  if (token.is("{")) return bracketed("{", "}");
  if (token.is("|") && token.side != Token::Side::closes) return bars();
  if (token.is("||") && token.side != Token::Side::closes) return norm();
  if (token.is("<<")) return inner("<<", ">>");
  if (token.is("\\frac")) {
    const Place place = token.place;
    ++at_;
    Tree above = bracketed("{", "}");
    Tree below = bracketed("{", "}");
    return divided(std::move(above), std::move(below), place);
  }
  if (token.kind == Kind::end) fail("the text ends where a number or a name is wanted", "complete it");
  if (token.is("..."))
    fail("dots are not read", "write the sum, the product or the range out: sum_{k=1}^{n}, 1 <= k <= n");
  fail("\"" + token.text + "\" stands where a number or a name is wanted", "check what is before it");
}

}  // namespace lemmacheck::detail
