/// Bounds as people type them: "H*(H-1)/2*eps", "sum(k, 0, H-1, 1-(1-delta)^k)".
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "numeric/rational.hpp"
#include "numeric/truth.hpp"

namespace lemmacheck {

/// The value of a typed expression: exact where it is made of rationals, else enclosed.
struct Enclosed {
  Rational lower, upper;
  bool exact() const { return lower == upper; }
};

/// An arithmetic expression over named variables. Numbers are exact, decimals too: 0.1 is 1/10.
///
///     + - * /   ^ (right-associative, above a unary minus)   ( )
///     min(a, b, ...)  max(a, b, ...)  abs(a)  sqrt(a)  exp(a)  log(a)
///     sum(k, first, last, term): the variable k runs over the integers from first to last
class BoundExpression {
 public:
  using Variables = std::map<std::string, Rational>;
  struct Node;

  /// @param variables  the names that may occur. @throws InvalidInput that shows the place of a mistake.
  static BoundExpression parse(const std::string& text, const std::set<std::string>& variables);

  const std::string& text() const { return text_; }
  /// The variables that do occur.
  const std::set<std::string>& variables() const { return used_; }

  /// The value, enclosed in an interval of about `bits` bits, or exact where no root, power with a fractional
  /// exponent, exp or log occurs. Nothing where it is not defined (a division by 0, log 0), cannot be told
  /// to be within that precision, or is larger than 2^(2^20).
  /// @throws InvalidInput where sums have more than 10,000 terms or numbers grow too long.
  std::optional<Enclosed> value(const Variables& variables, unsigned bits = 64) const;

  struct Comparison {
    Truth bounds;    ///< whether the number is <= the value
    bool undefined;  ///< whether there certainly is no value
  };
  /// `number <= value`, by enclosures of doubled precision until they tell; unknown if 4096 bits do not, or
  /// where the value is not defined. @throws InvalidInput as `value` does.
  Comparison compare(const Rational& number, const Variables& variables) const;
  Truth bounds(const Rational& number, const Variables& variables) const {
    return compare(number, variables).bounds;
  }

 private:
  BoundExpression(std::string text, std::shared_ptr<const Node> root, std::set<std::string> used)
      : text_(std::move(text)), root_(std::move(root)), used_(std::move(used)) {}
  std::string text_;
  std::shared_ptr<const Node> root_;
  std::set<std::string> used_;
};

}  // namespace lemmacheck
