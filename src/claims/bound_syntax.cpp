// The grammar, in Boost.Spirit X3; alone in its file because it takes long to compile.
#include "claims/bound_syntax.hpp"

#include <algorithm>
#include <boost/spirit/home/x3.hpp>

#include "numeric/error.hpp"

namespace lemmacheck {
namespace {

namespace x3 = boost::spirit::x3;
using Node = BoundExpression::Node;
using Range = boost::iterator_range<std::string::const_iterator>;

/// The start of the text, for columns.
struct start_tag;

template <class Context>
Node named(const Context& context, const Range& range) {
  Node node;
  node.name.assign(range.begin(), range.end());
  node.column = static_cast<std::size_t>(range.begin() - x3::get<start_tag>(context).get());
  return node;
}

const auto take = [](auto& context) { _val(context) = _attr(context); };

const auto number = [](auto& context) {
  Node node = named(context, _attr(context));
  node.kind = Node::Kind::number;
  node.number = Rational::parse_typed(node.name);
  _val(context) = std::move(node);
};

const auto name = [](auto& context) {
  Node node = named(context, _attr(context));
  node.kind = Node::Kind::variable;
  _val(context) = std::move(node);
};

const auto make_call = [](auto& context) { _val(context).kind = Node::Kind::operation; };
const auto add_argument = [](auto& context) { _val(context).operands.push_back(_attr(context)); };

/// An operator of two operands: the value so far becomes the left one.
auto binary(const char* symbol) {
  return [symbol](auto& context) {
    Node node;
    node.kind = Node::Kind::operation;
    node.name = symbol;
    node.column = _val(context).column;
    node.operands = {std::move(_val(context)), _attr(context)};
    _val(context) = std::move(node);
  };
}

const auto negate = [](auto& context) {
  Node node;
  node.kind = Node::Kind::operation;
  node.name = "neg";
  node.column = _attr(context).column;
  node.operands = {_attr(context)};
  _val(context) = std::move(node);
};

const x3::rule<class expression_rule, Node> expression = "an expression";
const x3::rule<class term_rule, Node> term = "a term";
const x3::rule<class signed_rule, Node> factor = "a factor";
const x3::rule<class power_rule, Node> power = "a power";
const x3::rule<class atom_rule, Node> atom = "a number, a variable, a function or (";

const auto digits = x3::raw[x3::lexeme[+x3::digit >> -('.' >> +x3::digit)]];
const auto identifier = x3::raw[x3::lexeme[x3::alpha >> *(x3::alnum | x3::char_('_'))]];

const auto expression_def = term[take] >> *(('+' > term[binary("+")]) | ('-' > term[binary("-")]));
const auto term_def = factor[take] >> *(('*' > factor[binary("*")]) | ('/' > factor[binary("/")]));
const auto factor_def = ('-' > factor[negate]) | power[take];
const auto power_def = atom[take] >> -('^' > factor[binary("^")]);
const auto atom_def = digits[number] | ('(' > expression[take] > ')') |
                      (identifier[name] >> -(x3::lit('(')[make_call] > expression[add_argument] % ',' > ')'));

BOOST_SPIRIT_DEFINE(expression, term, factor, power, atom)

/// The grammar recurses; a text beyond these limits could exhaust the stack.
void require_moderate(const std::string& text) {
  constexpr std::size_t longest = 2000;
  constexpr int deepest = 100;
  if (text.size() > longest)
    throw InvalidInput("the expression has " + std::to_string(text.size()) + " characters; at most " +
                       std::to_string(longest) + " are read");
  constexpr std::ptrdiff_t most_powers = 50;
  if (std::count(text.begin(), text.end(), '^') > most_powers)
    throw InvalidInput("the expression has more than " + std::to_string(most_powers) + " powers");
  int depth = 0;
  for (const char c : text) {
    if (c == '(' && ++depth > deepest)
      throw InvalidInput("the expression has more than " + std::to_string(deepest) +
                         " parentheses inside each other");
    if (c == ')') --depth;
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~')
      throw InvalidInput(
          "the expression has a character that is not printable ASCII; write one line of plain text");
  }
}

}  // namespace

std::string at_column(const std::string& text, std::size_t column, const std::string& fault) {
  return "column " + std::to_string(column + 1) + ": " + fault + "\n  " + text + "\n  " +
         std::string(column, ' ') + "^";
}

BoundExpression::Node parse_bound(const std::string& text) {
  require_moderate(text);
  auto position = text.begin();
  const auto start = text.begin();
  Node root;
  const auto fail = [&](std::string::const_iterator where, const std::string& expected) {
    std::size_t column = static_cast<std::size_t>(where - text.begin());
    while (column < text.size() && text[column] == ' ') ++column;
    throw InvalidInput(
        at_column(text, column, expected + (column >= text.size() ? ", but the text ends" : "")));
  };
  try {
    const bool parsed = x3::phrase_parse(
        position, text.end(), x3::with<start_tag>(std::cref(start))[expression], x3::ascii::space, root);
    if (!parsed) fail(position, "an expression is expected");
    if (position != text.end()) fail(position, "an operator or the end is expected here");
  } catch (const x3::expectation_failure<std::string::const_iterator>& failure) {
    // X3 names literals, such as ')', but rules by the names of their types.
    const bool literal = failure.which().starts_with('\'');
    const bool power = failure.where() != text.end() && *failure.where() == '*';
    fail(failure.where(), power     ? "a power is written with ^"
                          : literal ? failure.which() + " is expected"
                                    : "a number, a variable, a function or ( is expected");
  }
  return root;
}

}  // namespace lemmacheck
