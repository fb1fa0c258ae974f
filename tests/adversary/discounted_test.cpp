#include "mdp/discounted.hpp"

#include "adversary/extremal_families.hpp"
#include "generate/domain_checks.hpp"
#include "mdp/distances.hpp"
#include "mdp/enumeration.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

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
    }
  }
}
