/// Typed bounds as claims: "this expression bounds that quantity".
#pragma once

#include <optional>
#include <set>
#include <string>

#include "claims/bound_expression.hpp"
#include "claims/claim.hpp"

namespace lemmacheck {

/// What a typed bound bounds.
enum class Quantity {
  simulation,            ///< |J(pi, M) - J(pi, M')|, one stationary policy
  certainty_equivalence  ///< max_pi' J(pi', M) - J(pi, M) for pi that maximises J(., M')
};

/// "simulation", "certainty-equivalence".
const char* to_string(Quantity quantity);
/// The quantity of a claim's id, "try.simulation" or "try.certainty-equivalence".
std::optional<Quantity> bounded_quantity(const std::string& claim_id);

/// H, eps (largest L1 distance of two rows), delta = eps / 2 (largest total variation), S, A, rmin, rmax
/// (lowest and highest reward).
const std::set<std::string>& bound_variables();
BoundExpression::Variables variables_of(const View<Rational>& view);

/// The claim `quantity <= expression`. Rewards are in [0, 1], unless the expression speaks of rmin or rmax.
/// Instances on which the expression is not defined are discarded. An irrational right side is replaced by
/// a rational close above it, so that a violation is one.
/// @throws InvalidInput that shows the place of a mistake.
Claim bound_claim(const std::string& expression, Quantity quantity);

}  // namespace lemmacheck
