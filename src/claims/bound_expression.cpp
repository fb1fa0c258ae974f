#include "claims/bound_expression.hpp"

#include <functional>

#include "claims/bound_syntax.hpp"
#include "numeric/error.hpp"
#include "numeric/real_interval.hpp"

namespace lemmacheck {
namespace {

using Node = BoundExpression::Node;
using Variables = BoundExpression::Variables;

// One of some thousand evaluations is to take milliseconds.
constexpr std::int64_t most_terms = 10'000;  // of all sums together
constexpr std::size_t most_words = 200'000;
constexpr std::size_t most_bits_of_power = 100'000;
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

/// What one evaluation may cost.
class Budget {
 public:
  void spend_term() {
    if (++terms_ > most_terms)
      throw InvalidInput("the sums have more than " + std::to_string(most_terms) +
                         " terms; write a closed form, or let them run over fewer");
  }
  void spend_words(std::size_t words) {
    words_ += words;
    if (words_ > most_words)
      throw InvalidInput(
          "the numbers of the expression have millions of digits; write a closed form, or let "
          "its sums run over fewer terms");
  }

 private:
  std::int64_t terms_ = 0;
  std::size_t words_ = 0;
};

std::optional<std::int64_t> as_integer(const Rational& value) {
  if (!value.is_integer()) return std::nullopt;
  if (abs(value) > Rational(largest_exponent))
    throw InvalidInput("the exponent " + value.to_string() + " is beyond " +
                       std::to_string(largest_exponent));
  const auto size = static_cast<std::int64_t>(abs(value).scaled_to_word(1).value());
  return value.sign() < 0 ? -size : size;
}

/// The integers that a sum runs over; nothing where its limits are none.
template <class Term>
bool for_each_term(const std::optional<Rational>& first, const std::optional<Rational>& last, Budget& budget,
                   Term&& term) {
  if (!first || !last || !first->is_integer() || !last->is_integer()) return false;
  for (Rational k = *first; k <= *last; k += Rational(1)) {
    budget.spend_term();
    if (!term(k)) return false;
  }
  return true;
}

/// The exact value of a tree; nothing where it is not defined or not rational (`irrational` tells).
class ExactValue {
 public:
  ExactValue(Variables& variables, Budget& budget) : variables_(variables), budget_(budget) {}
  bool irrational = false;

  std::optional<Rational> of(const Node& node) {
    if (node.kind == Node::Kind::number) return node.number;
    if (node.kind == Node::Kind::variable) return variables_.at(node.name);
    if (node.name == "sum") return sum(node);
    std::vector<Rational> values;
    for (const Node& operand : node.operands) {
      auto value = of(operand);
      if (!value) return std::nullopt;
      values.push_back(std::move(*value));
    }
    auto result = combined(node.name, values);
    if (result) budget_.spend_words(1 + size_in_bits(*result) / 64);
    return result;
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
    if (name == "sqrt") return or_irrational(rational_sqrt(v[0]), v[0].sign() > 0);
    if (name == "exp") return or_irrational(v[0].sign() == 0 ? std::optional(Rational(1)) : std::nullopt);
    if (name == "log")
      return or_irrational(v[0] == Rational(1) ? std::optional(Rational(0)) : std::nullopt, v[0].sign() > 0);
    Rational best = v[0];
    for (const Rational& value : v) best = name == "min" ? min(best, value) : max(best, value);
    return best;
  }

  std::optional<Rational> or_irrational(std::optional<Rational> value, bool defined = true) {
    if (!value && defined) irrational = true;
    return value;
  }

  std::optional<Rational> power(const Rational& base, const Rational& exponent) {
    if (base.sign() == 0 && exponent.sign() > 0) return Rational(0);
    const auto n = as_integer(exponent);
    if (!n) return or_irrational(std::nullopt, base.sign() > 0);
    const auto size = static_cast<std::size_t>(*n < 0 ? -*n : *n);
    if (size > 1 && size_in_bits(base) > most_bits_of_power / size)
      throw InvalidInput("a power has more than " + std::to_string(most_bits_of_power) + " bits");
    if (*n >= 0) return pow(base, static_cast<unsigned>(*n));
    if (base.sign() == 0) return std::nullopt;
    return Rational(1) / pow(base, static_cast<unsigned>(-*n));
  }

  std::optional<Rational> sum(const Node& node) {
    Rational total;
    const auto first = of(node.operands[1]), last = of(node.operands[2]);
    const bool defined = for_each_term(first, last, budget_, [&](const Rational& k) {
      variables_[node.operands[0].name] = k;
      const auto term = of(node.operands[3]);
      if (!term) return false;
      total += *term;
      budget_.spend_words(1 + size_in_bits(total) / 64);
      return true;
    });
    return defined ? std::optional(std::move(total)) : std::nullopt;
  }

  Variables& variables_;
  Budget& budget_;
};

/// The same in intervals. What is rational in the tree is taken exactly.
class EnclosedValue {
 public:
  EnclosedValue(Variables variables, unsigned bits) : variables_(std::move(variables)), bits_(bits) {}

  /// Whether it is certain that there is no value; else, where `of` gives nothing, more bits may tell.
  bool undefined = false;

  std::optional<RealInterval> of(const Node& node) {
    ExactValue exact(variables_, budget_);
    if (const auto value = exact.of(node)) return RealInterval(*value, bits_);
    if (!exact.irrational) return without_value(true);
    if (node.name == "sum") return sum(node);
    std::vector<RealInterval> values;
    for (const Node& operand : node.operands) {
      auto value = of(operand);
      if (!value) return std::nullopt;
      values.push_back(std::move(*value));
    }
    auto result = combined(node, values);
    if (!result || result->defined()) return result;
    return without_value(false);
  }

 private:
  using Result = std::optional<RealInterval>;

  Result without_value(bool certainly) {
    undefined = undefined || certainly;
    return std::nullopt;
  }

  Result combined(const Node& node, const std::vector<RealInterval>& v) {
    const std::string& name = node.name;
    if (name == "+") return v[0] + v[1];
    if (name == "-") return v[0] - v[1];
    if (name == "*") return v[0] * v[1];
    if (name == "/") return quotient(v[0], v[1]);
    if (name == "neg") return -v[0];
    if (name == "^") return power(node, v);
    if (name == "abs") return abs(v[0]);
    if (name == "sqrt") return v[0].lower_sign() < 0 ? without_value(v[0].upper_sign() < 0) : sqrt(v[0]);
    if (name == "exp") return exp(v[0]);
    if (name == "log") return logarithm(v[0]);
    RealInterval best = v[0];
    for (const RealInterval& value : v) best = name == "min" ? min(best, value) : max(best, value);
    return best;
  }

  Result logarithm(const RealInterval& a) {
    return a.lower_sign() <= 0 ? without_value(a.upper_sign() <= 0) : log(a);
  }

  Result quotient(const RealInterval& a, const RealInterval& b) {
    if (b.lower_sign() > 0 || b.upper_sign() < 0) return a / b;
    return without_value(b.lower_sign() == 0 && b.upper_sign() == 0);
  }

  /// An integer exponent by squaring; any other as exp(y log x), for a positive base.
  Result power(const Node& node, const std::vector<RealInterval>& v) {
    const auto exponent = ExactValue(variables_, budget_).of(node.operands[1]);
    const auto n = exponent ? as_integer(*exponent) : std::nullopt;
    if (!n) {
      const Result log_base = logarithm(v[0]);
      return log_base ? Result(exp(v[1] * *log_base)) : std::nullopt;
    }
    RealInterval result(1, bits_), square = v[0];
    for (std::int64_t left = *n < 0 ? -*n : *n; left > 0; left /= 2) {
      if (left % 2 == 1) result = result * square;
      square = square * square;
    }
    return *n < 0 ? quotient(RealInterval(1, bits_), result) : result;
  }

  Result sum(const Node& node) {
    RealInterval total(0, bits_);
    const auto first = ExactValue(variables_, budget_).of(node.operands[1]),
               last = ExactValue(variables_, budget_).of(node.operands[2]);
    bool limits_only = true;
    const bool defined = for_each_term(first, last, budget_, [&](const Rational& k) {
      limits_only = false;
      budget_.spend_words(1 + bits_ / 64);
      variables_[node.operands[0].name] = k;
      auto term = of(node.operands[3]);
      if (!term) return false;
      total = total + *term;
      return true;
    });
    if (defined) return total;
    return limits_only ? without_value(true) : std::nullopt;
  }

  Variables variables_;
  Budget budget_;
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
  Variables names = variables;
  Budget budget;
  ExactValue exact(names, budget);
  if (auto value = exact.of(*root_)) return Enclosed{*value, *value};
  if (!exact.irrational) return std::nullopt;
  const auto interval = EnclosedValue(variables, bits).of(*root_);
  if (!interval) return std::nullopt;
  const auto lower = interval->lower(), upper = interval->upper();
  return lower && upper ? std::optional(Enclosed{*lower, *upper}) : std::nullopt;
}

BoundExpression::Comparison BoundExpression::compare(const Rational& number,
                                                     const Variables& variables) const {
  Variables names = variables;
  Budget budget;
  if (const auto exact = ExactValue(names, budget).of(*root_))
    return {number <= *exact ? Truth::yes : Truth::no, false};
  for (unsigned bits = first_bits; bits <= most_bits; bits *= 2) {
    EnclosedValue enclosed(variables, bits);
    const auto interval = enclosed.of(*root_);
    if (enclosed.undefined) return {Truth::unknown, true};
    if (!interval) continue;
    const auto lower = interval->lower(), upper = interval->upper();
    if (lower && number <= *lower) return {Truth::yes, false};
    if (upper && number > *upper) return {Truth::no, false};
  }
  return {Truth::unknown, false};
}

}  // namespace lemmacheck
