#include "mdp/optimal_actions.hpp"

#include <algorithm>

#include "mdp/enumeration.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

std::vector<std::uint32_t> members(const OptimalActions& actions, const FiniteMdp& model, Step h, State s) {
  std::vector<std::uint32_t> found;
  for (const Action a : model.actions())
    if (actions.contains(h, s, a)) found.push_back(a.value);
  return found;
}

/// An action is optimal where some policy that takes it there is the best of all policies from there on.
/// @returns how many sets have more than one action.
int check_by_enumeration(const FiniteMdp& model, Step horizon) {
  const OptimalPlan plan = optimal_plan(model, horizon);
  const std::vector<MarkovPolicy> policies = all_policies(model.state_count(), model.action_count(), horizon);
  int ties = 0;
  for (Step h = 1; h <= horizon; ++h) {
    for (const State s : model.states()) {
      std::vector<std::optional<Rational>> best(model.action_count());
      for (const MarkovPolicy& policy : policies) {
        const Rational value = enumerated_value(model, policy, h, s, horizon);
        auto& known = best[taken_action(policy, h, s).value];
        known = known ? max(*known, value) : value;
      }
      Rational most = *best[0];
      for (const auto& value : best) most = max(most, *value);
      std::vector<std::uint32_t> expected;
      for (std::uint32_t a = 0; a < best.size(); ++a)
        if (*best[a] == most) expected.push_back(a);
      INFO("h = " << h << ", s = " << s.value);
      CHECK(plan.values(h, s) == most);
      CHECK(members(plan.actions, model, h, s) == expected);
      CHECK(plan.actions.lowest(h, s).value == expected.front());
      CHECK(plan.actions.highest(h, s).value == expected.back());
      ties += expected.size() > 1 ? 1 : 0;
    }
  }
  return ties;
}

}  // namespace

TEST_CASE("optimal actions: those that some best policy takes, and no others", "[plan]") {
  int ties = 0;
  for (std::uint64_t index = 0; index < 120; ++index) {
    ChoiceSource choices(PhiloxStream(21, index));
    const std::uint32_t states = choices.between(1, 2), actions = choices.between(1, 3);
    const FiniteMdp model = draw_tiny(choices, states, actions, true);
    REQUIRE(has_words(model));
    INFO("instance " << index);
    ties += check_by_enumeration(model, static_cast<Step>(choices.between(1, states * actions < 6 ? 3 : 2)));
  }
  CHECK(ties > 50);
}

TEST_CASE("optimal actions: the same where numbers have no common denominator", "[plan]") {
  int ties = 0;
  for (std::uint64_t index = 0; index < 40; ++index) {
    ChoiceSource choices(PhiloxStream(22, index));
    const FiniteMdp model = draw_tiny(choices, 2, choices.between(1, 2), false);
    REQUIRE_FALSE(has_words(model));
    INFO("instance " << index);
    ties += check_by_enumeration(model, static_cast<Step>(choices.between(1, 3)));
  }
  CHECK(ties > 20);
}

TEST_CASE("optimal actions: on drawn models they are the argmax of reward plus next optimal value",
          "[plan]") {
  std::uint64_t index = 0;
  for (const PairOptions& options : all_pair_options()) {
    const Instance instance = drawn(model_pairs(options), index++);
    const FiniteMdp& model = *instance.model;
    const Step horizon = instance.horizon;
    const OptimalPlan plan = optimal_plan(model, horizon);
    // V*_h(s) from dense rows; V*_{H+1} = 0.
    std::vector<Rational> next(model.state_count());
    INFO("instance " << index - 1);
    for (Step h = horizon; h >= 1; --h) {
      std::vector<Rational> now;
      for (const State s : model.states()) {
        std::vector<Rational> values;
        for (const Action a : model.actions()) {
          Rational value = model.rewards()(s, a);
          for (const State t : model.states())
            value += model.kernel(h).probability(model.row(s, a), t.value) * next[t.value];
          values.push_back(value);
        }
        const Rational most = *std::max_element(values.begin(), values.end());
        for (const Action a : model.actions())
          CHECK(plan.actions.contains(h, s, a) == (values[a.value] == most));
        CHECK(plan.values(h, s) == most);
        now.push_back(most);
      }
      next = now;
    }
  }
}

TEST_CASE("optimal actions: a set forgets one step and state at a time, and picks make a policy", "[plan]") {
  OptimalActions actions(2, 2, 3);
  for (const Step h : {1, 2}) {
    for (const State s : {State{0}, State{1}}) {
      actions.add(h, s, Action{2});
      actions.add(h, s, Action{1});
    }
  }
  actions.clear(1, State{1});
  actions.add(1, State{1}, Action{0});
  actions.clear(2, State{0});
  actions.add(2, State{0}, Action{1});
  CHECK(actions.horizon() == 2);
  CHECK((actions.contains(1, State{1}, Action{0}) && !actions.contains(1, State{1}, Action{1})));
  CHECK((actions.lowest(1, State{0}) == Action{1} && actions.highest(1, State{0}) == Action{2}));
  CHECK((actions.lowest(2, State{1}) == Action{1} && actions.highest(2, State{1}) == Action{2}));
  const std::uint32_t lowest[] = {1, 0, 1, 1}, highest[] = {2, 0, 1, 2};
  CHECK(actions.lowest_policy() == MarkovPolicy::deterministic(lowest, 2, 3));
  CHECK(actions.policy([&](Step h, State s) { return actions.highest(h, s); }) ==
        MarkovPolicy::deterministic(highest, 2, 3));
}
