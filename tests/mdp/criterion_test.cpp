#include "mdp/criterion.hpp"

#include "mdp/discounted.hpp"
#include "mdp/enumeration.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/simulation_bound.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

using Values = std::vector<Rational>;

/// Cool, warm, overheated; slow, fast. A textbook race: fast pays 2 and heats, an overheated car stops.
FiniteMdp racecar() {
  const std::uint32_t start[] = {0};
  const std::vector<std::uint64_t> counts = {2, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 2, 0, 0, 2, 0, 0, 2};
  return FiniteMdp(StochasticMatrix::deterministic(3, start), {StochasticMatrix(3, counts, 2)},
                   RewardTable(3, 2, Values{1, 2, 1, -10, 0, 0}), 3, 2);
}

/// One state that costs 10 and is left with probability 1/10, for one that costs nothing.
FiniteMdp surviving() {
  const std::uint32_t start[] = {0};
  return FiniteMdp(StochasticMatrix::deterministic(2, start),
                   {StochasticMatrix(2, std::vector<std::uint64_t>{9, 1, 0, 10}, 10)},
                   RewardTable(2, 1, Values{-10, 0}), 2, 1);
}

Criterion forever(const Rational& discount) {
  return {.discount = discount};
}

}  // namespace

TEST_CASE("criteria: published values of the race", "[criterion]") {
  const FiniteMdp race = racecar();
  const Criterion half = forever(Rational::ratio(1, 2));
  const MarkovPolicy best = best_policy(race, half);
  CHECK(values_of(race, best, half) == Values{Rational::ratio(7, 2), Rational::ratio(5, 2), 0});
  CHECK(taken_action(best, 1, State{0}) == Action{1});
  CHECK(taken_action(best, 1, State{1}) == Action{0});
}

TEST_CASE("criteria: a discount under a horizon is what the infinite sum tends to", "[criterion]") {
  const FiniteMdp race = racecar();
  const Rational discount = Rational::ratio(2, 3);
  for (const MarkovPolicy& policy : all_policies(3, 2, 1)) {
    const Values whole = values_of(race, policy, forever(discount));
    for (const Step horizon : {1, 2, 7}) {
      const Values part = values_of(race, policy, {horizon, discount});
      // V = V_H + discount^H E V(s_{H+1}), and V lies between -30 and 6.
      const Rational left = pow(discount, static_cast<unsigned>(horizon)) * Rational(30);
      for (std::size_t s = 0; s < 3; ++s) CHECK(abs(whole[s] - part[s]) <= left);
    }
  }
  const Values one = values_of(race, all_policies(3, 2, 1)[3], {1, discount});
  CHECK(one == values_of(race, all_policies(3, 2, 1)[3], {.horizon = 1}));
}

TEST_CASE("criteria: a horizon with a discount of 1 is the horizon alone", "[criterion]") {
  const FiniteMdp race = racecar();
  const Criterion both = {5, Rational(1)}, alone = {.horizon = 5};
  const MarkovPolicy best = best_policy(race, alone);
  CHECK(best_policy(race, both) == best);
  CHECK(values_of(race, best, both) == values_of(race, best, alone));
  CHECK(mean_over_start(race, values_of(race, best, alone)) == policy_return(race, best, 5));
}

TEST_CASE("criteria: the best policy is the best of all, the least costly the worst", "[criterion]") {
  const FiniteMdp race = racecar();
  for (const Criterion& criterion : {Criterion{2, Rational::ratio(3, 4)}, Criterion{.horizon = 2}}) {
    const Values high = values_of(race, best_policy(race, criterion), criterion),
                 low = values_of(race, best_policy(race, criterion, true), criterion);
    Values highest(3, Rational(-1000)), lowest(3, Rational(1000));
    for (const MarkovPolicy& policy : all_policies(3, 2, 2)) {
      const Values values = values_of(race, policy, criterion);
      for (std::size_t s = 0; s < 3; ++s) {
        highest[s] = max(highest[s], values[s]);
        lowest[s] = min(lowest[s], values[s]);
      }
    }
    CHECK(high == highest);
    CHECK(low == lowest);
  }
}

TEST_CASE("criteria: costs for ever, discounted by survival", "[criterion]") {
  const FiniteMdp world = surviving();
  const MarkovPolicy only = MarkovPolicy::uniform(2, 1);
  // -10 / (1 - discount 9/10)
  CHECK(values_of(world, only, forever(Rational::ratio(99, 100)))[0] == Rational::ratio(-10000, 109));
  CHECK(values_of(world, only, forever(Rational(0)))[0] == Rational(-10));
}

TEST_CASE("criteria: bounds of one or the other", "[criterion]") {
  const Rational tenth = Rational::ratio(1, 10), half = Rational::ratio(1, 2);
  CHECK(simulation_bound(tenth, Criterion{.horizon = 5}) == simulation_bound(tenth, 5));
  CHECK(simulation_bound(tenth, forever(half)) == Rational::ratio(1, 5));
  CHECK(sharp_simulation_bound(tenth, forever(half)) == sharp_discounted_bound(tenth, half));
}

TEST_CASE("criteria: what cannot be asked is refused", "[criterion]") {
  const FiniteMdp race = racecar();
  const MarkovPolicy policy = MarkovPolicy::uniform(3, 2);
  CHECK_THROWS_AS(values_of(race, policy, {}), InvalidInput);
  CHECK_THROWS_AS(values_of(race, policy, forever(1)), InvalidInput);
  CHECK_THROWS_AS(values_of(race, policy, forever(-1)), InvalidInput);
  CHECK_THROWS_AS(values_of(race, policy, {3, Rational(2)}), InvalidInput);
  CHECK_THROWS_AS(values_of(race, policy, {.horizon = 0}), InvalidInput);
  CHECK_THROWS_AS(values_of(race, MarkovPolicy::uniform(2, 2), {.horizon = 1}), InvalidInput);
  CHECK_THROWS_AS(best_policy(race, forever(Rational::ratio(3, 2))), InvalidInput);
}

TEST_CASE("criteria: bounds of a horizon with a discount lie between those of each", "[criterion]") {
  const Rational d = Rational::ratio(1, 5), q = Rational::ratio(3, 4);
  for (const Step horizon : {1, 2, 7}) {
    const Criterion both{horizon, q};
    Rational printed, sharp;
    for (Step k = 0; k < horizon; ++k) {
      const auto power = static_cast<unsigned>(k);
      printed += pow(q, power) * Rational(k) * d;
      sharp += pow(q, power) * (Rational(1) - pow(Rational(1) - d, power));
    }
    CHECK(simulation_bound(d, both) == printed);
    CHECK(sharp_simulation_bound(d, both) == sharp);
    CHECK(simulation_bound(d, {horizon, Rational(1)}) == simulation_bound(d, {.horizon = horizon}));
  }
  CHECK_THROWS_AS(simulation_bound(d, {.endless = Criterion::Endless::average}), InvalidInput);
}

TEST_CASE("criteria: two steps of values at a time are what all steps say", "[criterion]") {
  const FiniteMdp race = racecar();
  for (const Step horizon : {1, 2, 3, 40}) {
    OptimalActions all;
    const ExactValues table(race, horizon, all);
    const OptimalActions rolling = optimum(race, horizon).actions;
    CHECK(optimum(race, horizon).value == table(1, State{0}));
    for (Step h = 1; h <= horizon; ++h)
      for (const State s : race.states())
        for (const Action a : race.actions()) REQUIRE(rolling.contains(h, s, a) == all.contains(h, s, a));
    for (const MarkovPolicy& policy : {rolling.lowest_policy(), MarkovPolicy::uniform(3, 2)}) {
      const ExactValues values(race, policy, horizon);
      const Values first = first_values(race, policy, horizon);
      for (const State s : race.states()) CHECK(first[s.value] == values(1, s));
      CHECK(policy_return(race, policy, horizon) == values(1, State{0}));
    }
  }
  const std::uint32_t start[] = {0};
  const FiniteMdp fine(
      StochasticMatrix::deterministic(2, start),
      {StochasticMatrix(2, std::vector<std::uint64_t>{1'000'002, 1, 0, 1'000'003}, 1'000'003)},
      RewardTable(2, 1, Values{1, 0}), 2, 1);
  CHECK_THROWS_WITH(ExactValues(fine, MarkovPolicy::uniform(2, 1), 100'000), Catch::Contains("GB of memory"));
}
