#include "claims/bound_claim.hpp"

#include "adversary/planned_pairs.hpp"

namespace lemmacheck {
namespace {

Rational bounded(const View<Rational>& x, Quantity quantity) {
  if (quantity == Quantity::simulation) return x.return_gap();
  return x.optimal_return(In::model) - x.expected_return(In::model);
}

Domain domain_of(Quantity quantity, bool any_rewards) {
  if (quantity == Quantity::simulation) return model_pairs({.any_rewards = any_rewards});
  return planned_pairs({.any_rewards = any_rewards});
}

}  // namespace

const char* to_string(Quantity quantity) {
  return quantity == Quantity::simulation ? "simulation" : "certainty-equivalence";
}

std::optional<Quantity> bounded_quantity(const std::string& claim_id) {
  for (const Quantity quantity : {Quantity::simulation, Quantity::certainty_equivalence})
    if (claim_id == std::string("try.") + to_string(quantity)) return quantity;
  return std::nullopt;
}

const std::set<std::string>& bound_variables() {
  static const std::set<std::string> names = {"H", "eps", "delta", "S", "A", "rmin", "rmax"};
  return names;
}

BoundExpression::Variables variables_of(const View<Rational>& x) {
  const RewardTable& rewards = x.model().rewards();
  return {{"H", Rational(x.horizon())},
          {"eps", x.l1()},
          {"delta", x.tv()},
          {"S", Rational(x.model().state_count())},
          {"A", Rational(x.model().action_count())},
          {"rmin", rewards.lowest()},
          {"rmax", rewards.highest()}};
}

Claim bound_claim(const std::string& text, Quantity quantity) {
  const BoundExpression expression = BoundExpression::parse(text, bound_variables());
  const bool any_rewards =
      expression.variables().count("rmin") != 0 || expression.variables().count("rmax") != 0;
  Claim claim{.id = std::string("try.") + to_string(quantity),
              .source = "typed",
              .statement = quantity == Quantity::simulation
                               ? R"(|J(\pi,M) - J(\pi,M')| \le \text{)" + text + "}"
                               : R"(\max_{\pi'} J(\pi',M) - J(\pi,M) \le \text{)" + text + "}",
              .hypotheses = {any_rewards ? "shared rewards" : "shared rewards in [0, 1]",
                             "same initial distribution", "stationary kernels",
                             quantity == Quantity::simulation ? "stationary policy"
                                                              : "pi maximises J(., M'), with any tie-break"},
              .domain = domain_of(quantity, any_rewards),
              .formula = Formula::exactly([expression, quantity](const auto& x, auto& at) {
                constexpr unsigned bits = 128;
                const auto bound = expression.value(variables_of(x), bits);
                at.assume(bound ? Truth::yes : Truth::no);
                if (bound) at(bounded(x, quantity), bound->upper);
              })};
  claim.expression = text;
  return claim;
}

}  // namespace lemmacheck
