#include <optional>

#include "mdp/backward_induction.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/hand_made.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

std::uint32_t chosen(const MarkovPolicy& policy, Step h, State s) {
  return policy.table().column(policy.table().row_begin(policy.row(h, s)));
}

/// The deterministic time-dependent policy number `code`: its digits to the base A are the actions.
MarkovPolicy policy_number(std::size_t code, const FiniteMdp& model, Step horizon) {
  std::vector<std::uint32_t> actions(model.state_count() * static_cast<std::size_t>(horizon));
  for (std::uint32_t& action : actions) {
    action = static_cast<std::uint32_t>(code % model.action_count());
    code /= model.action_count();
  }
  return MarkovPolicy::deterministic(actions, model.state_count(), model.action_count());
}

/// Tries every deterministic time-dependent policy: the plan's values must be the largest at each step and
/// state, and its action the lowest one with which the largest value is attained.
void check_by_brute_force(const FiniteMdp& model, Step horizon) {
  const OptimalPlan plan = optimal_plan(model, horizon);
  std::size_t policies = 1;
  for (std::size_t i = 0; i < model.state_count() * static_cast<std::size_t>(horizon); ++i)
    policies *= model.action_count();
  for (Step h = 1; h <= horizon; ++h) {
    for (const State s : model.states()) {
      std::vector<std::optional<Rational>> best(
          model.action_count());  // among the policies that choose a at (h, s)
      for (std::size_t code = 0; code < policies; ++code) {
        const MarkovPolicy policy = policy_number(code, model, horizon);
        const Rational value = trajectory_value(model, policy, h, s, horizon);
        auto& known = best[chosen(policy, h, s)];
        known = known ? max(*known, value) : value;
      }
      std::uint32_t lowest_best = 0;
      for (std::uint32_t a = 1; a < best.size(); ++a)
        if (*best[a] > *best[lowest_best]) lowest_best = a;
      INFO("h = " << h << ", s = " << s.value);
      CHECK(plan.values(h, s) == *best[lowest_best]);
      CHECK(chosen(plan.policy, h, s) == lowest_best);
      CHECK(trajectory_value(model, plan.policy, h, s, horizon) == plan.values(h, s));
    }
  }
}

/// Up to two states, two actions and two kernels; small numbers, so that ties are frequent; rewards of either
/// sign.
FiniteMdp draw_tiny(ChoiceSource& choices, bool words) {
  const std::uint32_t states = words ? choices.between(1, 2) : 2, actions = choices.between(1, 2);
  std::vector<Dense> kernels(choices.between(1, 2));
  for (Dense& kernel : kernels) {
    for (std::uint32_t row = 0; row < states * actions; ++row) {
      const std::uint64_t denominator = words ? choices.between(1, 3) : row % 2 == 0 ? prime_p : prime_q;
      // Without words no row is 0 or 1, lest its denominator vanish.
      const Rational stay =
          words ? Rational::ratio(choices.below(static_cast<std::uint32_t>(denominator) + 1), denominator)
                : Rational::ratio(choices.between(1, 2), denominator);
      kernel.push_back(states == 1 ? std::vector<Rational>{1}
                                   : std::vector<Rational>{stay, Rational(1) - stay});
    }
  }
  std::vector<Rational> rewards;
  for (std::uint32_t row = 0; row < states * actions; ++row)
    rewards.push_back(Rational::ratio(static_cast<int>(choices.below(4)) - 2, choices.between(1, 2)));
  return model_of(kernels, rewards);
}

}  // namespace

TEST_CASE("optimal plan: no deterministic policy does better, and ties choose the lowest action", "[plan]") {
  for (std::uint64_t index = 0; index < 60; ++index) {
    ChoiceSource choices(PhiloxStream(7, index));
    const FiniteMdp model = draw_tiny(choices, true);
    REQUIRE(has_words(model));
    INFO("instance " << index);
    check_by_brute_force(model, static_cast<Step>(choices.between(1, 3)));
  }
}

TEST_CASE("optimal plan: the same where numbers have no common denominator", "[plan]") {
  for (std::uint64_t index = 0; index < 30; ++index) {
    ChoiceSource choices(PhiloxStream(8, index));
    const FiniteMdp model = draw_tiny(choices, false);
    REQUIRE_FALSE(has_words(model));
    INFO("instance " << index);
    check_by_brute_force(model, static_cast<Step>(choices.between(1, 3)));
  }
}

TEST_CASE("optimal plan: equal actions are the first one, at every step", "[plan]") {
  const Rational a = q("1/2"), p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
  const FiniteMdp words = model_of({{{a, a}, {a, a}, {a, a}, {1, 0}, {1, 0}, {1, 0}}}, {0, 1, 1, 2, 2, 2});
  const FiniteMdp none = model_of({{{a, a},
                                    {p, Rational(1) - p},
                                    {p, Rational(1) - p},
                                    {r, Rational(1) - r},
                                    {r, Rational(1) - r},
                                    {r, Rational(1) - r}}},
                                  {0, 1, 1, 2, 2, 2});
  REQUIRE((has_words(words) && !has_words(none)));
  for (const FiniteMdp& model : {words, none}) {
    const MarkovPolicy policy = optimal_plan(model, 5).policy;
    for (Step h = 1; h <= 5; ++h)
      CHECK((chosen(policy, h, State{0}) == 1 && chosen(policy, h, State{1}) == 0));
  }
}

TEST_CASE("optimal plan: a sacrifice pays only where enough steps are left", "[plan]") {
  // In state 0: action 0 pays 2 and stays, action 1 pays 0 and leads to state 1, which pays 3 for ever.
  const FiniteMdp model = model_of({{{1, 0}, {0, 1}, {0, 1}, {0, 1}}}, {2, 0, 3, 3});
  const OptimalPlan plan = optimal_plan(model, 5);
  const std::uint32_t expected[] = {1, 1, 0, 0, 0};  // n steps left: 2 n against 3 (n - 1); equal at n = 3
  for (Step h = 1; h <= 5; ++h) CHECK(chosen(plan.policy, h, State{0}) == expected[h - 1]);
  CHECK(plan.values(1, State{0}) == Rational(12));
}

TEST_CASE("optimal plan: with one step it is the largest reward", "[plan]") {
  const FiniteMdp model =
      model_of({{{1, 0}, {0, 1}, {0, 1}, {1, 0}}}, {q("-1/3"), q("-1/2"), q("1/7"), q("1/6")});
  const OptimalPlan plan = optimal_plan(model, 1);
  CHECK((plan.values(1, State{0}) == q("-1/3") && chosen(plan.policy, 1, State{0}) == 0));
  CHECK((plan.values(1, State{1}) == q("1/6") && chosen(plan.policy, 1, State{1}) == 1));
}

TEST_CASE("optimal plan: its policy attains it on drawn models, and no drawn policy beats it", "[plan]") {
  std::uint64_t index = 0;
  for (const PairOptions& options : all_pair_options()) {
    const Instance instance = drawn(model_pairs(options), index++);
    const FiniteMdp& model = *instance.model;
    const OptimalPlan plan = optimal_plan(model, instance.horizon);
    const ExactValues attained(model, plan.policy, instance.horizon);
    const ExactValues values(model, *instance.policy, instance.horizon);
    INFO("instance " << index - 1);
    for (Step h = 1; h <= instance.horizon + 1; ++h) {
      for (const State s : model.states()) {
        CHECK(attained(h, s) == plan.values(h, s));
        CHECK(values(h, s) <= plan.values(h, s));
      }
    }
  }
}

TEST_CASE("optimal plan: horizons out of range are refused", "[plan]") {
  const FiniteMdp model = leak_chain(q("1/2"));
  CHECK(contains(message_of([&] { optimal_plan(model, 0); }), "the horizon is 0"));
  CHECK(contains(message_of([&] { optimal_plan(model, max_horizon + 1); }), "the horizon is 100001"));
}
