// Beyond the notes: the exact adversary in an L1 ball, and planning against it.
//
// For a pair (M, M') the ball is that of radius epsilon = max ||T - T'||_1 around T, so that M' is in it; the
// adversary may change the model from step to step. (The lemma language has no word for a ball's extremes.)
#include "adversary/worst_case.hpp"
#include "claims/ledger.hpp"

namespace lemmacheck {
namespace {

const std::vector<std::string> in_the_ball = {"shared rewards in [0, 1]", "same initial distribution",
                                              "M stationary, M' and the policy may change from step to step",
                                              "every row of M' within epsilon of M's"};

/// The instances of a domain whose first model is stationary.
Domain around_a_stationary_model(const Domain& base) {
  Domain domain = base;
  domain.name = "a stationary model and a time-varying one";
  domain.decode = [base](ChoiceSource& choices, const Setting& setting) {
    Instance instance = base.decode(choices, setting);
    instance.model = with_kernels(*instance.model, {instance.model->kernel(1)});
    return instance;
  };
  domain.objection = [base](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = base.objection(instance)) return objection;
    if (instance.model->time_varying()) return "the first model is not stationary";
    return std::nullopt;
  };
  for (auto& [hypothesis, wider] : domain.without)
    wider = [pairs = base.without.at(hypothesis)] { return around_a_stationary_model(pairs()); };
  return domain;
}

Domain around_a_stationary_model() {
  return around_a_stationary_model(
      model_pairs({.time_varying_models = true, .time_dependent_policy = true}, {4, 2, 6}));
}

template <class V>
L1Ball ball(const V& x, const Rational& factor) {
  const StochasticMatrix& kernel = x.model().kernel(1);
  return L1Ball(kernel, std::vector<Rational>(kernel.rows(), factor * x.l1()), false);
}

template <class V>
Rational extreme(const V& x, bool lowest, const Rational& factor = 1) {
  return extreme_return(x.model(), x.policy(), x.horizon(), ball(x, factor), lowest).value;
}

auto lowest_is_low_enough(const Rational& factor) {
  return Formula::exactly(
      [factor](const auto& x, auto& at) { at(extreme(x, true, factor), x.expected_return(In::perturbed)); });
}

auto highest_is_high_enough(const Rational& factor) {
  return Formula::exactly(
      [factor](const auto& x, auto& at) { at(x.expected_return(In::perturbed), extreme(x, false, factor)); });
}

auto within_the_sharp_bound(const Rational& factor) {
  return Formula::exactly([factor](const auto& x, auto& at) {
    const Rational nominal = x.expected_return();
    at(max(nominal - extreme(x, true), extreme(x, false) - nominal), factor * x.sharp_bound(x.horizon()));
  });
}

auto robust_plan_is_sure(const Rational& factor) {
  return Formula::exactly([factor](const auto& x, auto& at) {
    const RobustPlan plan = robust_plan(x.model(), x.horizon(), ball(x, factor));
    at(plan.value, policy_return(x.model(In::perturbed), plan.policy, x.horizon()));
  });
}

auto robust_plan_is_best(bool right_way) {
  return Formula::exactly([right_way](const auto& x, auto& at) {
    const Rational best = robust_plan(x.model(), x.horizon(), ball(x, 1)).value, own = extreme(x, true);
    if (right_way)
      at(own, best);
    else
      at(best, own);
  });
}

void add_worst_case(Ledger& ledger) {
  ledger.add({
      .id = "robust.lowest",
      .source = "Iyengar (2005); Nilim & El Ghaoui (2005)",
      .statement = R"(\min_{\|\tilde T_h - T\|_1 \le \epsilon} J(\pi,\tilde M) \le J(\pi,M'))",
      .hypotheses = in_the_ball,
      .domain = around_a_stationary_model(),
      .formula = lowest_is_low_enough(1),
      .note =
          "The left side by robust backward induction, whose inner step moves epsilon / 2 of mass from the "
          "highest-valued successors to the lowest-valued state.",
      .mutants = {{"half the radius", lowest_is_low_enough(Rational::ratio(1, 2))}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "robust.highest",
      .source = "Iyengar (2005); Nilim & El Ghaoui (2005)",
      .statement = R"(J(\pi,M') \le \max_{\|\tilde T_h - T\|_1 \le \epsilon} J(\pi,\tilde M))",
      .hypotheses = in_the_ball,
      .domain = around_a_stationary_model(),
      .formula = highest_is_high_enough(1),
      .mutants = {{"half the radius", highest_is_high_enough(Rational::ratio(1, 2))}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "robust.within_sharp_bound",
      .source = "lemma 1",
      .statement =
          R"(\max_{\|\tilde T_h - T\|_1 \le \epsilon} |J(\pi,\tilde M) - J(\pi,M)| \le B(\epsilon/2,H))",
      .hypotheses = in_the_ball,
      .domain = around_a_stationary_model(),
      .formula = within_the_sharp_bound(1),
      .note = "What the adversary can do to one given model, against what it can do to the worst of all: the "
              "slack of the sharp bound on this model.",
      .mutants = {{"B lowered by one hundredth", within_the_sharp_bound(Rational::ratio(99, 100))}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "robust.plan_is_sure",
      .source = "Iyengar (2005); Nilim & El Ghaoui (2005)",
      .statement =
          R"(\max_\pi \min_{\|\tilde T_h - T\|_1 \le \epsilon} J(\pi,\tilde M) \le J(\pi_{robust},M'))",
      .hypotheses = in_the_ball,
      .domain = around_a_stationary_model(),
      .formula = robust_plan_is_sure(1),
      .mutants = {{"no radius at all", robust_plan_is_sure(0)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "robust.plan_is_best",
      .source = "Iyengar (2005); Nilim & El Ghaoui (2005)",
      .statement =
          R"(\min_{\|\tilde T_h - T\|_1 \le \epsilon} J(\pi,\tilde M) \le \max_{\pi'} \min_{\|\tilde T_h - T\|_1 \le \epsilon} J(\pi',\tilde M))",
      .hypotheses = in_the_ball,
      .domain = around_a_stationary_model(),
      .formula = robust_plan_is_best(true),
      .mutants = {{"the other way round", robust_plan_is_best(false)}},
      .kind = "beyond",
  });
}

const Section section("worst case", add_worst_case);

}  // namespace
}  // namespace lemmacheck
