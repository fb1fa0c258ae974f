/// The syntax tree of a typed bound.
#pragma once

#include <vector>

#include "claims/bound_expression.hpp"

namespace lemmacheck {

struct BoundExpression::Node {
  /// A number, a name, or an operation: "+", "-", "*", "/", "^", "neg", or a function's name.
  enum class Kind { number, variable, operation } kind = Kind::number;
  Rational number;
  std::string name;
  std::vector<Node> operands;
  std::size_t column = 0;  ///< where it stands in the text, from 0
};

/// @throws InvalidInput that shows the place.
BoundExpression::Node parse_bound(const std::string& text);

/// An error message with the text and a mark below the column.
std::string at_column(const std::string& text, std::size_t column, const std::string& fault);

}  // namespace lemmacheck
