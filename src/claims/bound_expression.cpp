#include "claims/bound_expression.hpp"

#include <functional>

#include "claims/bound_syntax.hpp"
#include "numeric/error.hpp"
#include "numeric/real_interval.hpp"

namespace lemmacheck {
namespace {

using Node = BoundExpression::Node;
using Variables = BoundExpression::Variables;

constexpr std::int64_t most_terms = 100'000;  // of one sum, and of all sums in each other
constexpr std::size_t most_bits_of_power = 1'000'000;
constexpr std::int64_t largest_exponent = 100'000;
constexpr unsigned first_bits = 64, most_bits = 4096;

/// How many arguments a function takes.
struct Arity {
  std::size_t least, most;
};
const std::map<std::string, Arity>& functions() {
  static const std::map<std::string, Arity> table = {{"min", {1, 100}}, {"max", {1, 100}}, {"abs", {1, 1}},
                                                     {"sqrt", {1, 1}},  {"exp", {1, 1}},   {"log", {1, 1}},
                                                     {"sum", {4, 4}}};
  return table;
}

std::string listed(const std::set<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

/// Names and numbers of arguments; collects the variables used.
class Checker {
 public:
  Checker(const std::string& text, const std::set<std::string>& variables)
      : text_(text), variables_(variables) {}

  void check(const Node& node) {
    if (node.kind == Node::Kind::variable) return check_variable(node);
    if (node.kind == Node::Kind::number) return;
    if (node.name == "sum") return check_sum(node);
    const auto function = functions().find(node.name);
    const bool is_operator = node.name == "neg" || std::string("+-*/^").find(node.name) != std::string::npos;
    if (function == functions().end() && !is_operator)
      fail(node, "there is no function " + node.name + "; known are abs, exp, log, max, min, sqrt, sum");
    if (function != functions().end() &&
        (node.operands.size() < function->second.least || node.operands.size() > function->second.most))
      fail(node, node.name + " takes " + std::to_string(function->second.least) + " argument" +
                     (function->second.most > 1 ? " or more" : ""));
    for (const Node& operand : node.operands) check(operand);
  }

  std::set<std::string> used;

 private:
  void check_variable(const Node& node) {
    if (bound_.count(node.name) != 0) return;
    if (variables_.count(node.name) == 0)
      fail(node, "there is no variable " + node.name + "; known are " + listed(variables_));
    used.insert(node.name);
  }

  void check_sum(const Node& node) {
    if (node.operands.size() != 4) fail(node, "sum takes 4 arguments: sum(k, first, last, term)");
    const Node& index = node.operands[0];
    if (index.kind != Node::Kind::variable) fail(index, "the first argument of sum is a new variable");
    if (variables_.count(index.name) != 0 || bound_.count(index.name) != 0)
      fail(index, "the variable " + index.name + " has a meaning already; take another for the sum");
    check(node.operands[1]);
    check(node.operands[2]);
    bound_.insert(index.name);
    check(node.operands[3]);
    bound_.erase(index.name);
  }

  [[noreturn]] void fail(const Node& node, const std::string& fault) const {
    throw InvalidInput(at_column(text_, node.column, fault));
  }

  const std::string& text_;
  const std::set<std::string>& variables_;
  std::set<std::string> bound_;
};

/// Bits of numerator and denominator together.
std::size_t size_in_bits(const Rational& value) {
  const std::size_t denominator = value.denominator_bits();
  return value.sign() == 0 ? denominator : denominator + (Rational(1) / value).denominator_bits();
}

/// Counts the terms of sums, those of sums in sums too.
class TermBudget {
 public:
  void spend() {
    if (++spent_ > most_terms)
      throw InvalidInput("the sums have more than " + std::to_string(most_terms) +
                         " terms; write a closed form, or let them run over fewer");
  }

 private:
  std::int64_t spent_ = 0;
};

std::optional<std::int64_t> as_integer(const Rational& value, std::int64_t most) {
  if (!value.is_integer() || abs(value) > Rational(most)) return std::nullopt;
  const auto size = static_cast<std::int64_t>(abs(value).scaled_to_word(1).value());
  return value.sign() < 0 ? -size : size;
}

/// The exact value of a tree; nothing where it is not defined or not rational (`irrational` tells).
class ExactValue {
 public:
  explicit ExactValue(Variables variables) : variables_(std::move(variables)) {}
  bool irrational = false;

  std::optional<Rational> of(const Node& node) {
    if (node.kind == Node::Kind::number) return node.number;
    if (node.kind == Node::Kind::variable) return variables_.at(node.name);
    if (node.name == "sum") return sum(node);
    if (node.name == "sqrt" || node.name == "exp" || node.name == "log") {
      irrational = true;
      return std::nullopt;
    }
    std::vector<Rational> values;
    for (const Node& operand : node.operands) {
      auto value = of(operand);
      if (!value) return std::nullopt;
      values.push_back(std::move(*value));
    }
    return combined(node.name, values);
  }

 private:
  std::optional<Rational> combined(const std::string& name, const std::vector<Rational>& v) {
    if (name == "+") return v[0] + v[1];
    if (name == "-") return v[0] - v[1];
    if (name == "*") return v[0] * v[1];
    if (name == "/") return v[1].sign() == 0 ? std::nullopt : std::optional(v[0] / v[1]);
    if (name == "^") return power(v[0], v[1]);
    if (name == "neg") return -v[0];
    if (name == "abs") return abs(v[0]);
    Rational best = v[0];
    for (const Rational& value : v) best = name == "min" ? min(best, value) : max(best, value);
    return best;
  }

  std::optional<Rational> power(const Rational& base, const Rational& exponent) {
    const auto n = as_integer(exponent, largest_exponent);
    if (!n) {
      irrational = true;
      return std::nullopt;
    }
    const auto size = static_cast<std::size_t>(*n < 0 ? -*n : *n);
    if (size > 1 && size_in_bits(base) > most_bits_of_power / size)
      throw InvalidInput("a power has more than " + std::to_string(most_bits_of_power) + " bits");
    if (*n >= 0) return pow(base, static_cast<unsigned>(*n));
    if (base.sign() == 0) return std::nullopt;
    return Rational(1) / pow(base, static_cast<unsigned>(-*n));
  }

  std::optional<Rational> sum(const Node& node) {
    const auto first = of(node.operands[1]), last = of(node.operands[2]);
    if (!first || !last) return std::nullopt;
    if (!first->is_integer() || !last->is_integer() || *last - *first > Rational(most_terms))
      return std::nullopt;
    Rational total;
    Rational& index = variables_[node.operands[0].name];
    for (Rational k = *first; k <= *last; k += Rational(1)) {
      budget_.spend();
      index = k;
      const auto term = of(node.operands[3]);
      if (!term) return std::nullopt;
      total += *term;
    }
    return total;
  }

  Variables variables_;
  TermBudget budget_;
};

/// The same in intervals. What is rational in the tree is taken exactly.
class EnclosedValue {
 public:
  EnclosedValue(Variables variables, unsigned bits) : variables_(std::move(variables)), bits_(bits) {}

  std::optional<RealInterval> of(const Node& node) {
    ExactValue exact(variables_);
    if (const auto value = exact.of(node)) return RealInterval(*value, bits_);
    if (!exact.irrational) return std::nullopt;  // not defined
    if (node.name == "sum") return sum(node);
    std::vector<RealInterval> values;
    for (const Node& operand : node.operands) {
      auto value = of(operand);
      if (!value) return std::nullopt;
      values.push_back(std::move(*value));
    }
    RealInterval result = combined(node, values);
    return result.defined() ? std::optional(std::move(result)) : std::nullopt;
  }

 private:
  RealInterval combined(const Node& node, const std::vector<RealInterval>& v) {
    const std::string& name = node.name;
    if (name == "+") return v[0] + v[1];
    if (name == "-") return v[0] - v[1];
    if (name == "*") return v[0] * v[1];
    if (name == "/") return v[0] / v[1];
    if (name == "neg") return -v[0];
    if (name == "^") return power(node, v);
    if (name == "abs") return abs(v[0]);
    if (name == "sqrt") return sqrt(v[0]);
    if (name == "exp") return exp(v[0]);
    if (name == "log") return log(v[0]);
    RealInterval best = v[0];
    for (const RealInterval& value : v) best = name == "min" ? min(best, value) : max(best, value);
    return best;
  }

  /// An integer exponent by squaring; any other as exp(y log x), for a positive base.
  RealInterval power(const Node& node, const std::vector<RealInterval>& v) {
    const auto exponent = ExactValue(variables_).of(node.operands[1]);
    const auto n = exponent ? as_integer(*exponent, largest_exponent) : std::nullopt;
    if (!n) return exp(v[1] * log(v[0]));
    RealInterval result(1, bits_), square = v[0];
    for (std::int64_t left = *n < 0 ? -*n : *n; left > 0; left /= 2) {
      if (left % 2 == 1) result = result * square;
      square = square * square;
    }
    return *n < 0 ? RealInterval(1, bits_) / result : result;
  }

  std::optional<RealInterval> sum(const Node& node) {
    const auto first = ExactValue(variables_).of(node.operands[1]),
               last = ExactValue(variables_).of(node.operands[2]);
    if (!first || !last || !first->is_integer() || !last->is_integer()) return std::nullopt;
    if (*last - *first > Rational(most_terms)) return std::nullopt;
    RealInterval total(0, bits_);
    for (Rational k = *first; k <= *last; k += Rational(1)) {
      budget_.spend();
      variables_[node.operands[0].name] = k;
      auto term = of(node.operands[3]);
      if (!term) return std::nullopt;
      total = total + *term;
    }
    return total;
  }

  Variables variables_;
  TermBudget budget_;
  unsigned bits_;
};

}  // namespace

BoundExpression BoundExpression::parse(const std::string& text, const std::set<std::string>& variables) {
  auto root = std::make_shared<Node>(parse_bound(text));
  Checker checker(text, variables);
  checker.check(*root);
  return BoundExpression(text, std::move(root), std::move(checker.used));
}

std::optional<Enclosed> BoundExpression::value(const Variables& variables, unsigned bits) const {
  ExactValue exact(variables);
  if (auto value = exact.of(*root_)) return Enclosed{*value, *value};
  if (!exact.irrational) return std::nullopt;
  const auto interval = EnclosedValue(variables, bits).of(*root_);
  if (!interval) return std::nullopt;
  return Enclosed{interval->lower(), interval->upper()};
}

Truth BoundExpression::bounds(const Rational& number, const Variables& variables) const {
  for (unsigned bits = first_bits; bits <= most_bits; bits *= 2) {
    const auto enclosed = value(variables, bits);
    if (!enclosed) continue;
    if (number <= enclosed->lower) return Truth::yes;
    if (number > enclosed->upper) return Truth::no;
    if (enclosed->exact()) break;
  }
  return Truth::unknown;
}

}  // namespace lemmacheck
