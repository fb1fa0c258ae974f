/// Typed bounds as claims: "this expression bounds that quantity".
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>

#include "claims/bound_expression.hpp"
#include "claims/claim.hpp"

namespace lemmacheck {

/// What a typed bound bounds.
enum class Quantity {
  simulation,             ///< |J(pi, M) - J(pi, M')|, one stationary policy
  certainty_equivalence,  ///< max_pi' J(pi', M) - J(pi, M) for pi that maximises J(., M')
  induction_hypothesis,   ///< |V_{h+1}(s, M) - V_{h+1}(s, M')| for h = 1..H-1 and all s, as in eq. (15.4)
  double_simulation       ///< J(pi_E, M) - J(pi, M) for any two policies
};
inline constexpr std::array all_quantities = {Quantity::simulation, Quantity::certainty_equivalence,
                                              Quantity::induction_hypothesis, Quantity::double_simulation};

/// "simulation", "certainty-equivalence", "induction-hypothesis", "double-simulation".
const char* to_string(Quantity quantity);
/// In a formula, for people.
const char* in_words(Quantity quantity);
/// The quantity of a claim's id, such as "try.simulation".
std::optional<Quantity> bounded_quantity(const std::string& claim_id);

/// H, eps (largest L1 distance of two rows), delta = eps / 2 (largest total variation), S, A, rmin, rmax
/// (lowest and highest reward); for the induction hypothesis h as well; for the double simulation the returns
/// expert = J(pi_E, M), expert_model = J(pi_E, M'), learner = J(pi, M), learner_model = J(pi, M').
const std::set<std::string>& bound_variables(Quantity quantity);
/// @param h  the step, where the quantity has one.
BoundExpression::Variables variables_of(const View<Rational>& view, Quantity quantity, Step h = 0);

/// The claim `quantity <= expression`. Rewards are in [0, 1], unless the expression speaks of rmin or rmax.
/// Instances on which the expression is not defined are discarded. An irrational right side is replaced by
/// a rational close above it, so that a violation is one.
/// @throws InvalidInput that shows the place of a mistake.
Claim bound_claim(const std::string& expression, Quantity quantity);

}  // namespace lemmacheck
