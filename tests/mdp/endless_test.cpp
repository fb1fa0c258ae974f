// Totals and averages of endless runs, and the best stationary policy of a horizon: against listing all
// policies, against limits of what is known already, and against published numbers.
#include <algorithm>

#include "mdp/average.hpp"
#include "mdp/best_stationary.hpp"
#include "mdp/criterion.hpp"
#include "mdp/discounted.hpp"
#include "mdp/end_components.hpp"
#include "mdp/enumeration.hpp"
#include "mdp/tied_models.hpp"
#include "mdp/total.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

using Values = std::vector<Rational>;
using Endless = Criterion::Endless;

FiniteMdp one_choice(const std::vector<std::uint64_t>& counts, std::uint64_t denominator, Values rewards) {
  const auto n = static_cast<std::uint32_t>(rewards.size());
  const std::uint32_t start[] = {0};
  return FiniteMdp(StochasticMatrix::deterministic(n, start), {StochasticMatrix(n, counts, denominator)},
                   RewardTable(n, 1, std::move(rewards)), n, 1);
}

Rational chain_mean(const FiniteMdp& model, const MarkovPolicy& policy, State s, const Values& values) {
  return expectation<Rational>(policy.table(), policy.row(1, s), [&](std::uint32_t a) {
    return expectation<Rational>(model.kernel(1), model.row(s, Action{a}),
                                 [&](std::uint32_t next) { return values[next]; });
  });
}

Rational reward_of(const FiniteMdp& model, const MarkovPolicy& policy, State s) {
  return expectation<Rational>(policy.table(), policy.row(1, s),
                               [&](std::uint32_t a) { return model.rewards()(s, Action{a}); });
}

}  // namespace

TEST_CASE("total: published numbers", "[endless]") {
  // -10 a step, survival 9/10.
  const FiniteMdp surviving = one_choice({9, 1, 0, 10}, 10, {-10, 0});
  const MarkovPolicy only = MarkovPolicy::uniform(2, 1);
  CHECK(return_of(surviving, only, {.endless = Endless::total}) == Rational(-100));
  CHECK(*total_values(surviving, only)[1] == Rational(0));
}

TEST_CASE("average: gain and bias solve their equations, and the bias is 0 on average", "[endless]") {
  TiedModels models(1);
  for (int i = 0; i < 150; ++i) {
    const FiniteMdp model = models.next(false);
    for (const MarkovPolicy& policy : all_policies(model.state_count(), model.action_count(), 1)) {
      const AverageValues values = average_values(model, policy);
      for (const State s : model.states()) {
        REQUIRE(chain_mean(model, policy, s, values.gain) == values.gain[s.value]);
        REQUIRE(values.gain[s.value] + values.bias[s.value] ==
                reward_of(model, policy, s) + chain_mean(model, policy, s, values.bias));
      }
      // The bias is what a discount near 1 leaves beside the gain: V = g/(1 - q) + h + O(1 - q).
      const Rational near = Rational::ratio(1, 100'000'000);
      const Values discounted = discounted_values(model, policy, Rational(1) - near);
      for (const State s : model.states())
        REQUIRE(abs(discounted[s.value] - values.gain[s.value] / near - values.bias[s.value]) <
                Rational::ratio(1, 1000));
    }
  }
}

TEST_CASE("average: the optimum is the best of all policies, from each state", "[endless]") {
  TiedModels models(2);
  for (int i = 0; i < 300; ++i) {
    const FiniteMdp model = models.next(i % 2 == 0);
    const Values best = optimal_average_plan(model).values.gain;
    Values listed;
    for (const MarkovPolicy& policy : all_policies(model.state_count(), model.action_count(), 1)) {
      const Values gain = average_values(model, policy).gain;
      if (listed.empty()) listed = gain;
      for (std::size_t s = 0; s < gain.size(); ++s) listed[s] = max(listed[s], gain[s]);
    }
    REQUIRE(best == listed);
  }
}

TEST_CASE("total: finite exactly where the sum settles, and what it settles at", "[endless]") {
  TiedModels models(3);
  int proper = 0, improper = 0;
  for (int i = 0; i < 150; ++i) {
    const FiniteMdp model = models.next(true);
    for (const MarkovPolicy& policy : all_policies(model.state_count(), model.action_count(), 1)) {
      const auto totals = total_values(model, policy);
      // Where |r| is summed instead, a total is finite if and only if rewards end.
      const Rational near = Rational::ratio(1, 1'000'000);
      Values sizes;
      for (const State s : model.states())
        for (const Action a : model.actions()) sizes.push_back(abs(model.rewards()(s, a)));
      const FiniteMdp sized(model.initial(), model.kernels(),
                            RewardTable(model.state_count(), model.action_count(), sizes),
                            model.state_count(), model.action_count());
      const Values size = discounted_values(sized, policy, Rational(1) - near),
                   value = discounted_values(model, policy, Rational(1) - near);
      for (const State s : model.states()) {
        REQUIRE(totals[s.value].has_value() == (size[s.value] < Rational(1000)));
        ++(totals[s.value] ? proper : improper);
        if (totals[s.value]) REQUIRE(abs(*totals[s.value] - value[s.value]) < Rational::ratio(1, 100));
      }
    }
  }
  CHECK(proper > 1000);
  CHECK(improper > 500);
}

TEST_CASE("total: the optimum is the best of the proper policies, or is said not to be finite", "[endless]") {
  TiedModels models(4);
  int finite = 0, infinite = 0, none = 0;
  for (int i = 0; i < 600; ++i) {
    const FiniteMdp model = models.next(i % 2 == 0);
    const State start{model.initial().column(0)};
    std::optional<Rational> best;
    bool earns_for_ever = false;
    for (const MarkovPolicy& policy : all_policies(model.state_count(), model.action_count(), 1)) {
      const auto total = total_values(model, policy)[start.value];
      if (total && (!best || *total > *best)) best = total;
      earns_for_ever = earns_for_ever || average_values(model, policy).gain[start.value].sign() > 0;
    }
    std::optional<Rational> found;
    std::string fault;
    try {
      const MarkovPolicy policy = optimal_total_policy(model);
      found = total_values(model, policy)[start.value];
      REQUIRE(found.has_value());
    } catch (const InvalidInput& refused) {
      fault = refused.what();
    }
    if (found) {
      REQUIRE(best.has_value());
      REQUIRE(*found == *best);
      REQUIRE_FALSE(earns_for_ever);
      ++finite;
    } else if (fault.find("no policy is proper") != std::string::npos) {
      REQUIRE_FALSE(best.has_value());
      ++none;
    } else {
      REQUIRE(fault.find("infinite") != std::string::npos);
      ++infinite;
    }
  }
  CHECK(finite > 100);
  CHECK(infinite > 100);
  CHECK(none > 10);
}

TEST_CASE("total: one may rest where nothing is earned, and leaves where that pays", "[endless]") {
  // 0: stay for nothing, or go to 1 for -1; 1: stay for nothing, or go to 2 for 3; 2: the end.
  const std::uint32_t start[] = {0}, next[] = {0, 1, 1, 2, 2, 2};
  const auto made = [&](std::int64_t prize) {
    return FiniteMdp(StochasticMatrix::deterministic(3, start), {StochasticMatrix::deterministic(3, next)},
                     RewardTable(3, 2, Values{0, -1, 0, Rational(prize), 0, 0}), 3, 2);
  };
  const Criterion total{.endless = Endless::total};
  const FiniteMdp pays = made(3), costs = made(-3);
  CHECK(return_of(pays, best_policy(pays, total), total) == Rational(2));
  CHECK(return_of(costs, best_policy(costs, total), total) == Rational(0));
  CHECK(return_of(pays, best_policy(pays, total, true), total) == Rational(-1));
}

TEST_CASE("total: what is infinite is said by name", "[endless]") {
  const FiniteMdp loop = one_choice({1}, 1, {2});
  const MarkovPolicy only = MarkovPolicy::uniform(1, 1);
  CHECK_THROWS_WITH(return_of(loop, only, {.endless = Endless::total}),
                    Catch::Contains("returns for ever") && Catch::Contains("earns 2 a step"));
  CHECK_THROWS_WITH(optimal_total_policy(loop), Catch::Contains("highest total is infinite from state 0"));
  CHECK_THROWS_WITH(optimal_total_policy(loop, true), Catch::Contains("no policy is proper"));
  const FiniteMdp swing = one_choice({0, 1, 1, 0}, 1, {1, -1});
  CHECK_THROWS_WITH(return_of(swing, MarkovPolicy::uniform(2, 1), {.endless = Endless::total}),
                    Catch::Contains("nothing on average"));
}

TEST_CASE("best stationary: the best of all stationary policies, and the bracket closes", "[endless]") {
  TiedModels models(5);
  int below_optimum = 0;
  for (int i = 0; i < 150; ++i) {
    const FiniteMdp model = models.next(i % 3 == 0);
    const Criterion criterion = i % 2 == 0
                                    ? Criterion{.horizon = 2 + i % 5}
                                    : Criterion{.horizon = 2 + i % 5, .discount = Rational::ratio(2, 3)};
    for (const bool minimise : {false, true}) {
      const StationaryPlan plan = best_stationary_plan(model, criterion, minimise);
      std::optional<Rational> best;
      for (const MarkovPolicy& policy : all_policies(model.state_count(), model.action_count(), 1)) {
        const Rational value = return_of(model, policy, criterion);
        if (!best || (minimise ? value < *best : value > *best)) best = value;
      }
      REQUIRE(plan.closed());
      REQUIRE(plan.value == *best);
      REQUIRE(return_of(model, plan.policy, criterion) == *best);
      if (return_of(model, best_policy(model, criterion, minimise), criterion) != *best) ++below_optimum;
    }
  }
  CHECK(below_optimum > 10);
}

TEST_CASE("best stationary: a bracket that is left open holds the answer", "[endless]") {
  TiedModels models(6);
  int open = 0;
  for (int i = 0; i < 60; ++i) {
    const FiniteMdp model = models.next(false);
    const Criterion criterion{.horizon = 6};
    const Rational whole = best_stationary_plan(model, criterion).value;
    const StationaryPlan part = best_stationary_plan(model, criterion, false, 1);
    REQUIRE(part.value <= whole);
    REQUIRE(part.bound >= whole);
    if (!part.closed()) ++open;
  }
  CHECK(open > 3);
}

TEST_CASE("end components: those of a model that is read by hand", "[endless]") {
  // 0 and 1 lead to each other; 1 may leave for 2, which stays.
  const std::uint32_t start[] = {0}, next[] = {1, 1, 0, 2, 2, 2};
  const FiniteMdp model(StochasticMatrix::deterministic(3, start), {StochasticMatrix::deterministic(3, next)},
                        RewardTable(3, 2, Values(6)), 3, 2);
  const EndComponents found = maximal_end_components(model, all_pairs(model));
  CHECK(found.count == 2);
  CHECK(found.of[0] == found.of[1]);
  CHECK(found.of[2] != found.of[0]);
  CHECK(found.pairs == PairSet{true, true, true, false, true, true});
}
