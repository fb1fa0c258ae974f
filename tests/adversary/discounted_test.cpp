#include "mdp/discounted.hpp"

#include "adversary/discounted_domains.hpp"
#include "adversary/extremal_families.hpp"
#include "generate/domain_checks.hpp"
#include "mdp/distances.hpp"
#include "mdp/enumeration.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

std::vector<Domain> all_domains() {
  return {discounted_pairs(),
          discounted_pairs({.own_rewards = true}),
          discounted_pairs({.other_policy = true}),
          discounted_pairs({.planned = true}),
          discounted_values_guessed(),
          approximate_policy_iterations()};
}

/// The best value of state 0 over all stationary policies.
Rational best_at_start(const FiniteMdp& world, const Rational& discount) {
  Rational best;
  for (const MarkovPolicy& policy : all_policies(world.state_count(), world.action_count(), 1))
    best = max(best, discounted_values(world, policy, discount)[0]);
  return best;
}

}  // namespace

TEST_CASE("discounted fork: its regret is exactly min(1 / (1 - discount), 2 B)", "[adversary]") {
  for (const Rational& discount : {Rational::ratio(1, 2), Rational::ratio(3, 4), Rational::ratio(9, 10)}) {
    for (std::int64_t n = 1; n <= 6; ++n) {
      const Rational delta = Rational::ratio(n, 6);
      const Instance fork = discounted_fork(delta, discount);
      INFO("discount " << discount.to_string() << ", delta " << delta.to_string());
      const Rational bound =
          min(Rational(1) / (Rational(1) - discount), Rational(2) * sharp_discounted_bound(delta, discount));
      const Rational own = discounted_values(*fork.model, *fork.policy, discount)[0];
      CHECK(best_at_start(*fork.model, discount) - own == bound);
      CHECK(discounted_values(*fork.perturbed, *fork.policy, discount)[0] ==
            best_at_start(*fork.perturbed, discount));
      CHECK(total_variation<Rational>(*fork.model, *fork.perturbed, 2) == delta);
      CHECK_FALSE(discounted_pairs({.planned = true}).objection(fork));
    }
  }
}

TEST_CASE("discounted domains: every choice sequence decodes to a member, and classes are reached",
          "[adversary]") {
  for (const Domain& domain : all_domains()) {
    check_every_sequence_is_a_member(domain);
    check_classes_are_reached(domain);
    check_json_round_trip(domain);
  }
}

TEST_CASE("discounted domains: what does not belong is objected to", "[adversary]") {
  const auto objection = [](const Domain& domain, auto&& edit) {
    Instance instance = member(domain, 3);
    edit(instance);
    return domain.objection(instance).value_or("none");
  };
  CHECK(
      contains(objection(discounted_pairs(), [](Instance& x) { x.numbers.clear(); }), "discount is needed"));
  CHECK(contains(objection(discounted_pairs(), [](Instance& x) { x.numbers["discount"] = {1}; }), "[0, 1)"));
  CHECK(contains(objection(discounted_pairs(), [](Instance& x) { x.numbers["more"] = {1}; }),
                 "does not speak of"));
  CHECK(contains(objection(discounted_values_guessed(), [](Instance& x) { x.numbers["value"].push_back(0); }),
                 "one number a state"));
  CHECK(contains(objection(discounted_values_guessed(), [](Instance& x) { x.perturbed = x.model; }),
                 "second model"));
  CHECK(contains(objection(approximate_policy_iterations(), [](Instance& x) { x.numbers["errors"].clear(); }),
                 "one error a state"));
}

TEST_CASE("discounted domains: repair makes an edited policy optimal again", "[adversary]") {
  const Domain domain = discounted_pairs({.planned = true});
  int repaired = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    Instance instance = member(domain, i);
    const FiniteMdp& model = *instance.perturbed;
    instance.policy =
        MarkovPolicy::deterministic(std::vector<std::uint32_t>(model.state_count(), model.action_count() - 1),
                                    model.state_count(), model.action_count());
    repaired += domain.objection(instance) ? 1 : 0;
    domain.repair(instance);
    CHECK_FALSE(domain.objection(instance));
  }
  CHECK(repaired > 5);
}
