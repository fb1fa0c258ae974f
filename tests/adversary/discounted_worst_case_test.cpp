#include "adversary/discounted_worst_case.hpp"

#include <algorithm>

#include "adversary/extremal_families.hpp"
#include "mdp/criterion.hpp"
#include "mdp/discounted.hpp"
#include "mdp/distances.hpp"
#include "mdp/enumeration.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// Three states, two actions; dense enough that nothing is 0 by chance.
FiniteMdp dense_world() {
  const std::vector<std::uint64_t> counts = {1, 2, 3, 4, 1, 1, 0, 5, 1, 2, 2, 2, 6, 0, 0, 3, 2, 1};
  const std::uint32_t start[] = {0};
  return FiniteMdp(StochasticMatrix::deterministic(3, start), {StochasticMatrix(3, counts, 6)},
                   RewardTable(3, 2, std::vector<std::uint64_t>{0, 3, 1, 2, 4, 1}, 4, Rational(0)), 3, 2);
}

L1Ball around(const FiniteMdp& model, const Rational& radius) {
  return L1Ball(model.kernel(1), std::vector<Rational>(model.kernel(1).rows(), radius), false);
}

/// Of the kernels that are extreme for some order of the states, of which nature's answer is one.
Rational extreme_of_all_orders(const FiniteMdp& model, const MarkovPolicy& policy, const Rational& discount,
                               const L1Ball& ball, bool lowest) {
  L1Ball::Ranks ranks = {0, 1, 2};
  std::optional<Rational> extreme;
  do {
    const FiniteMdp moved = with_kernels(model, {ball.extreme(ranks, lowest)});
    const Rational value = mean_over_start(moved, discounted_values(moved, policy, discount));
    if (!extreme || (lowest ? value < *extreme : value > *extreme)) extreme = value;
  } while (std::ranges::next_permutation(ranks).found);
  return *extreme;
}

const std::vector<Rational>& radii() {
  static const std::vector<Rational> list = {0, Rational::ratio(1, 10), Rational::ratio(1, 2), 2};
  return list;
}

}  // namespace

TEST_CASE("discounted adversary: nature's answer is the extreme over all orders of states", "[adversary]") {
  const FiniteMdp world = dense_world();
  const Rational discount = Rational::ratio(9, 10);
  for (const Rational& radius : radii()) {
    const L1Ball ball = around(world, radius);
    for (const MarkovPolicy& policy : all_policies(3, 2, 1))
      for (const bool lowest : {true, false}) {
        const Extreme found = extreme_discounted_return(world, policy, discount, ball, lowest);
        CHECK(found.value == extreme_of_all_orders(world, policy, discount, ball, lowest));
        const FiniteMdp attaining = with_kernels(world, found.kernels);
        CHECK(mean_over_start(attaining, discounted_values(attaining, policy, discount)) == found.value);
        CHECK(l1_distance<Rational>(world, attaining, 2) <= radius);
      }
  }
}

TEST_CASE("discounted adversary: it reaches the sharp bound where two states can", "[adversary]") {
  // The first state pays 1 and stays; the second pays nothing.
  const std::uint32_t start[] = {0}, next[] = {0, 1};
  const FiniteMdp world(StochasticMatrix::deterministic(2, start), {StochasticMatrix::deterministic(2, next)},
                        RewardTable(2, 1, std::vector<Rational>{1, 0}), 2, 1);
  const MarkovPolicy only = MarkovPolicy::uniform(2, 1);
  for (const Rational& radius : radii()) {
    const Rational discount = Rational::ratio(3, 4);
    const Rational own = mean_over_start(world, discounted_values(world, only, discount));
    const Extreme worst = extreme_discounted_return(world, only, discount, around(world, radius), true);
    CHECK(own - worst.value == sharp_discounted_bound(radius / Rational(2), discount));
  }
}

TEST_CASE("discounted adversary: the robust plan is the best of all policies at their worst", "[adversary]") {
  const FiniteMdp world = dense_world();
  for (const Rational& discount : {Rational::ratio(1, 2), Rational::ratio(19, 20)})
    for (const Rational& radius : radii()) {
      const L1Ball ball = around(world, radius);
      std::optional<Rational> best;
      for (const MarkovPolicy& policy : all_policies(3, 2, 1)) {
        const Rational sure = extreme_discounted_return(world, policy, discount, ball, true).value;
        if (!best || *best < sure) best = sure;
      }
      const RobustPlan plan = robust_discounted_plan(world, discount, ball);
      CHECK(plan.value == *best);
      CHECK(extreme_discounted_return(world, plan.policy, discount, ball, true).value == plan.value);
    }
}
