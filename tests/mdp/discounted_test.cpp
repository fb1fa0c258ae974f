#include "mdp/discounted.hpp"

#include "mdp/enumeration.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

using Values = std::vector<Rational>;

/// Three states, two actions; dense enough that nothing is 0 by chance.
FiniteMdp small_world() {
  const std::vector<std::uint64_t> counts = {1, 2, 3, 4, 1, 1, 0, 5, 1, 2, 2, 2, 6, 0, 0, 3, 2, 1};
  const std::uint32_t start[] = {0};
  return FiniteMdp(StochasticMatrix::deterministic(3, start), {StochasticMatrix(3, counts, 6)},
                   RewardTable(3, 2, std::vector<std::uint64_t>{0, 3, 1, 2, 4, 1}, 4, Rational(0)), 3, 2);
}

const std::vector<Rational>& discounts() {
  static const std::vector<Rational> list = {0, Rational::ratio(1, 2), Rational::ratio(9, 10),
                                             Rational::ratio(99, 100)};
  return list;
}

/// sum_{t < steps} discount^t E r_t from each state, forwards.
Values truncated(const FiniteMdp& world, const MarkovPolicy& policy, const Rational& discount, int steps) {
  Values result;
  for (const State from : world.states()) {
    Values mass(world.state_count());
    mass[from.value] = 1;
    Rational sum, weight = 1;
    for (int t = 0; t < steps; ++t, weight *= discount) {
      Values next(world.state_count());
      for (const State s : world.states())
        for (const Action a : world.actions()) {
          const Rational chance = mass[s.value] * policy.table().probability(policy.row(1, s), a.value);
          sum += weight * chance * world.rewards()(s, a);
          for (const State t2 : world.states())
            next[t2.value] += chance * world.kernel(1).probability(world.row(s, a), t2.value);
        }
      mass = std::move(next);
    }
    result.push_back(sum);
  }
  return result;
}

/// Two states, one action: the first pays 1 and leaks, as model or as perturbed copy.
FiniteMdp leaking(const Rational& delta) {
  const std::uint32_t start[] = {0};
  const auto place = [](std::size_t) { return std::string("row"); };
  StochasticMatrix::Rows rows = {{{0, Rational(1) - delta}, {1, delta}}, {{1, 1}}};
  if (delta.sign() == 0) rows[0] = {{0, 1}};
  return FiniteMdp(StochasticMatrix::deterministic(2, start), {StochasticMatrix(2, rows, place)},
                   RewardTable(2, 1, std::vector<Rational>{1, 0}), 2, 1);
}

}  // namespace

TEST_CASE("discounted: values lie between truncated sums and what may follow them", "[discounted]") {
  const FiniteMdp world = small_world();
  constexpr int steps = 12;
  for (const Rational& discount : discounts()) {
    for (const MarkovPolicy& policy : {MarkovPolicy::uniform(3, 2), all_policies(3, 2, 1)[5]}) {
      const Values values = discounted_values(world, policy, discount),
                   sums = truncated(world, policy, discount, steps);
      const Rational rest = pow(discount, steps) / (Rational(1) - discount);
      for (std::size_t s = 0; s < 3; ++s) CHECK((sums[s] <= values[s] && values[s] <= sums[s] + rest));
    }
  }
}

TEST_CASE("discounted: the optimum is the best of all stationary policies, in every state", "[discounted]") {
  const FiniteMdp world = small_world();
  for (const Rational& discount : discounts()) {
    Values best(3);
    for (const MarkovPolicy& policy : all_policies(3, 2, 1)) {
      const Values values = discounted_values(world, policy, discount);
      for (std::size_t s = 0; s < 3; ++s) best[s] = max(best[s], values[s]);
    }
    CHECK(optimal_discounted_values(world, discount) == best);
  }
}

TEST_CASE("discounted: the greedy policy takes the lowest of the best actions", "[discounted]") {
  const std::uint32_t start[] = {0};
  const std::vector<std::uint32_t> next = {0, 1, 1, 1};
  const FiniteMdp world(StochasticMatrix::deterministic(2, start), {StochasticMatrix::deterministic(2, next)},
                        RewardTable(2, 2, std::vector<Rational>{0, 0, 1, 1}), 2, 2);
  const Rational half = Rational::ratio(1, 2);
  CHECK(taken_action(greedy_policy(world, {3, 3}, half), 1, State{0}) == Action{0});
  CHECK(taken_action(greedy_policy(world, {0, 1}, half), 1, State{0}) == Action{1});
  CHECK(taken_action(greedy_policy(world, {0, 1}, half), 1, State{1}) == Action{0});
}

TEST_CASE("discounted: the occupancy sums to 1 and gives the return", "[discounted]") {
  const FiniteMdp world = small_world();
  const MarkovPolicy policy = MarkovPolicy::uniform(3, 2);
  for (const Rational& discount : discounts()) {
    const Values occupancy = discounted_occupancy(world, policy, discount);
    Rational mass, reward;
    for (const State s : world.states()) {
      mass += occupancy[s.value];
      for (const Action a : world.actions())
        reward += occupancy[s.value] * world.rewards()(s, a) / Rational(2);
    }
    CHECK(mass == Rational(1));
    CHECK(reward / (Rational(1) - discount) == discounted_values(world, policy, discount)[0]);
  }
}

TEST_CASE("discounted: the sharp bound is a difference of two series, and the leak chain attains it",
          "[discounted]") {
  for (const Rational& discount : discounts()) {
    for (const Rational& delta : {Rational(0), Rational::ratio(1, 7), Rational::ratio(1, 2), Rational(1)}) {
      const Rational bound = sharp_discounted_bound(delta, discount);
      CHECK(bound == Rational(1) / (Rational(1) - discount) -
                         Rational(1) / (Rational(1) - discount * (Rational(1) - delta)));
      const MarkovPolicy only = MarkovPolicy::uniform(2, 1);
      CHECK(discounted_values(leaking(0), only, discount)[0] -
                discounted_values(leaking(delta), only, discount)[0] ==
            bound);
    }
  }
}

TEST_CASE("discounted: what makes no sense is refused", "[discounted]") {
  const FiniteMdp world = small_world();
  const MarkovPolicy policy = MarkovPolicy::uniform(3, 2);
  CHECK_THROWS_AS(discounted_values(world, policy, 1), InvalidInput);
  CHECK_THROWS_AS(discounted_values(world, policy, -1), InvalidInput);
  CHECK_THROWS_AS(discounted_occupancy(world, policy, 2), InvalidInput);
  const FiniteMdp varying(world.initial(), {world.kernel(1), world.kernel(1)}, world.rewards(), 3, 2);
  if (varying.time_varying()) CHECK_THROWS_AS(discounted_values(varying, policy, 0), InvalidInput);
}
