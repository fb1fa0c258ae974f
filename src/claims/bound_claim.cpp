#include "claims/bound_claim.hpp"

#include "adversary/planned_pairs.hpp"

namespace lemmacheck {
namespace {

/// Calls at(h, s, value) for all that is bounded on an instance; h = 0 where there is one number.
template <class At>
void for_each_bounded(const View<Rational>& x, Quantity quantity, At&& at) {
  switch (quantity) {
    case Quantity::simulation:
      return at(Point{}, x.return_gap());
    case Quantity::certainty_equivalence:
      return at(Point{}, x.optimal_return(In::model) - x.expected_return(In::model));
    case Quantity::double_simulation:
      return at(Point{}, x.expected_return(In::model, Who::other) - x.expected_return(In::model));
    case Quantity::induction_hypothesis:
      for (Step h = 1; h < x.horizon(); ++h)
        for (const State s : x.states()) at(Point{.step = h, .state = s}, x.value_gap(h + 1, s));
  }
}

Domain domain_of(Quantity quantity, bool any_rewards) {
  switch (quantity) {
    case Quantity::certainty_equivalence:
      return planned_pairs({.any_rewards = any_rewards});
    case Quantity::double_simulation:
      return model_pairs({.time_dependent_policy = true, .other_policy = true, .any_rewards = any_rewards});
    default:
      return model_pairs({.any_rewards = any_rewards});
  }
}

std::string statement_of(Quantity quantity, const std::string& text) {
  const char* left = "";
  switch (quantity) {
    case Quantity::simulation:
      left = R"(|J(\pi,M) - J(\pi,M')|)";
      break;
    case Quantity::certainty_equivalence:
      left = R"(\max_{\pi'} J(\pi',M) - J(\pi,M))";
      break;
    case Quantity::induction_hypothesis:
      left = R"(|V_{h+1}(s,M) - V_{h+1}(s,M')|)";
      break;
    case Quantity::double_simulation:
      left = R"(J(\pi_E,M) - J(\pi,M))";
  }
  return std::string(left) + R"( \le \text{)" + text + "}";
}

const char* policy_hypothesis(Quantity quantity) {
  if (quantity == Quantity::certainty_equivalence) return "pi maximises J(., M'), with any tie-break";
  return quantity == Quantity::double_simulation ? "any two policies" : "stationary policy";
}

}  // namespace

const char* to_string(Quantity quantity) {
  switch (quantity) {
    case Quantity::simulation:
      return "simulation";
    case Quantity::certainty_equivalence:
      return "certainty-equivalence";
    case Quantity::induction_hypothesis:
      return "induction-hypothesis";
    default:
      return "double-simulation";
  }
}

const char* in_words(Quantity quantity) {
  switch (quantity) {
    case Quantity::simulation:
      return "|J(pi, M) - J(pi, M')|";
    case Quantity::certainty_equivalence:
      return "max J(., M) - J(pi, M), pi planned in M'";
    case Quantity::induction_hypothesis:
      return "|V_{h+1}(s, M) - V_{h+1}(s, M')|, h = 1..H-1";
    default:
      return "J(pi_E, M) - J(pi, M)";
  }
}

std::optional<Quantity> bounded_quantity(const std::string& claim_id) {
  for (const Quantity quantity : all_quantities)
    if (claim_id == std::string("try.") + to_string(quantity)) return quantity;
  return std::nullopt;
}

const std::set<std::string>& bound_variables(Quantity quantity) {
  static const std::set<std::string> names = {"H", "eps", "delta", "S", "A", "rmin", "rmax"};
  static const auto with = [](std::set<std::string> more) {
    more.insert(names.begin(), names.end());
    return more;
  };
  static const std::set<std::string> steps = with({"h"}),
                                     returns = with({"expert", "expert_model", "learner", "learner_model"});
  if (quantity == Quantity::induction_hypothesis) return steps;
  return quantity == Quantity::double_simulation ? returns : names;
}

BoundExpression::Variables variables_of(const View<Rational>& x, Quantity quantity, Step h) {
  const RewardTable& rewards = x.model().rewards();
  BoundExpression::Variables variables = {{"H", Rational(x.horizon())},
                                          {"eps", x.l1()},
                                          {"delta", x.tv()},
                                          {"S", Rational(x.model().state_count())},
                                          {"A", Rational(x.model().action_count())},
                                          {"rmin", rewards.lowest()},
                                          {"rmax", rewards.highest()}};
  if (quantity == Quantity::induction_hypothesis) variables["h"] = Rational(h);
  if (quantity == Quantity::double_simulation) {
    variables["expert"] = x.expected_return(In::model, Who::other);
    variables["expert_model"] = x.expected_return(In::perturbed, Who::other);
    variables["learner"] = x.expected_return(In::model);
    variables["learner_model"] = x.expected_return(In::perturbed);
  }
  return variables;
}

Claim bound_claim(const std::string& text, Quantity quantity) {
  const BoundExpression expression = BoundExpression::parse(text, bound_variables(quantity));
  const bool any_rewards =
      expression.variables().count("rmin") != 0 || expression.variables().count("rmax") != 0;
  Claim claim{.id = std::string("try.") + to_string(quantity),
              .source = "typed",
              .statement = statement_of(quantity, text),
              .hypotheses = {any_rewards ? "shared rewards" : "shared rewards in [0, 1]",
                             "same initial distribution", "stationary kernels", policy_hypothesis(quantity)},
              .domain = domain_of(quantity, any_rewards),
              .formula = Formula::exactly([expression, quantity](const auto& x, auto& at) {
                constexpr unsigned bits = 128;
                for_each_bounded(x, quantity, [&](const Point& point, const Rational& bounded) {
                  const auto bound =
                      expression.value(variables_of(x, quantity, point.step.value_or(0)), bits);
                  at.assume(bound ? Truth::yes : Truth::no);
                  if (bound) at(point, [&] { return Sides{bounded, bound->upper}; });
                });
              })};
  claim.expression = text;
  return claim;
}

}  // namespace lemmacheck
