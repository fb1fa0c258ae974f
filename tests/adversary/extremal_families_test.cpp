#include "adversary/extremal_families.hpp"

#include "adversary/planned_pairs.hpp"
#include "mdp/distances.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

/// B(delta, H) in closed form.
Rational sharp(const Rational& delta, Step horizon) {
  return Rational(horizon) - (Rational(1) - pow(Rational(1) - delta, static_cast<unsigned>(horizon))) / delta;
}

Rational regret(const Instance& fork) {
  const OptimalPlan best = optimal_plan(*fork.model, fork.horizon);
  return expected_value<Rational>(*fork.model, best.values) -
         policy_return(*fork.model, *fork.policy, fork.horizon);
}

}  // namespace

TEST_CASE("fork: its policy is optimal in the model and loses min(H, 2B) in the world", "[adversary]") {
  for (Step horizon = 2; horizon <= 8; ++horizon) {
    for (const Rational& delta : {Rational::ratio(1, 100), Rational::ratio(1, 10), Rational::ratio(1, 3),
                                  Rational::ratio(1, 2), Rational::ratio(3, 4), Rational(1)}) {
      INFO("H = " << horizon << ", delta = " << delta.to_string());
      const Instance fork = certainty_equivalence_fork(delta, horizon);
      CHECK(total_variation<Rational>(*fork.model, *fork.perturbed, horizon) == delta);
      CHECK_FALSE(planned_pairs().objection(fork));
      const Rational twice = Rational(2) * sharp(delta, horizon);
      CHECK(regret(fork) == min(Rational(horizon), twice));
      if (twice > Rational(horizon)) continue;
      // With a margin the second arm leads strictly, and the regret is smaller by as much.
      const Rational margin = Rational::ratio(1, 1000);
      const Instance strict = certainty_equivalence_fork(delta, horizon, margin);
      CHECK_FALSE(planned_pairs().objection(strict));
      CHECK(regret(strict) == twice - margin);
      CHECK(optimal_plan(*strict.perturbed, horizon).actions.lowest(1, State{0}) == Action{1});
    }
  }
}

TEST_CASE("extremal families: padding and rescaling change values as they should", "[adversary]") {
  const Rational delta = Rational::ratio(1, 4);
  const Instance chain = leak_chain(delta, 5), large = padded(chain, 4, 3), scaled = rescaled(large, -1, 2);
  CHECK(policy_return(*large.model, *large.policy, 5) == policy_return(*chain.model, *chain.policy, 5));
  CHECK(policy_return(*large.perturbed, *large.policy, 5) ==
        policy_return(*chain.perturbed, *chain.policy, 5));
  CHECK(policy_return(*scaled.perturbed, *scaled.policy, 5) ==
        Rational(3) * policy_return(*chain.perturbed, *chain.policy, 5) - Rational(5));
  CHECK(total_variation<Rational>(*large.model, *large.perturbed, 5) == delta);
  CHECK_THROWS_AS(leak_chain(Rational(2), 3), InvalidInput);
  CHECK_THROWS_AS(leak_chain(Rational(-1), 3), InvalidInput);
  CHECK_THROWS_AS(certainty_equivalence_fork(delta, 0), InvalidInput);
}

TEST_CASE("planned pairs: draws belong, an edit is repaired, another policy is refused", "[adversary]") {
  for (const PlannedOptions options :
       {PlannedOptions{}, PlannedOptions{.everywhere = true}, PlannedOptions{.other_policy = true}}) {
    const Domain domain = planned_pairs(options);
    int repaired = 0;
    for (std::uint64_t i = 0; i < 300; ++i) {
      ChoiceSource source(PhiloxStream(2, i));
      Instance instance = domain.decode(source, Setting{});
      CHECK_FALSE(domain.objection(instance));
      const std::vector<std::uint32_t> first(instance.model->state_count(), 0);
      instance.policy =
          MarkovPolicy::deterministic(first, instance.model->state_count(), instance.model->action_count());
      if (!domain.objection(instance)) continue;
      ++repaired;
      domain.repair(instance);
      CHECK_FALSE(domain.objection(instance));
    }
    CHECK(repaired > 20);
  }
}
