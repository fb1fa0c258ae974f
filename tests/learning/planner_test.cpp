#include "learning/planner.hpp"

#include "mdp/enumeration.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// The policies that are best of all at every step and state of the model.
std::vector<MarkovPolicy> optimal_policies(const FiniteMdp& model, Step horizon) {
  const std::vector<MarkovPolicy> all = all_policies(model.state_count(), model.action_count(), horizon);
  std::vector<std::vector<Rational>> values;  // of each policy, by step and state
  for (const MarkovPolicy& policy : all) {
    values.emplace_back();
    for (Step h = 1; h <= horizon; ++h)
      for (const State s : model.states())
        values.back().push_back(enumerated_value(model, policy, h, s, horizon));
  }
  std::vector<Rational> best = values.front();
  for (const auto& row : values)
    for (std::size_t i = 0; i < best.size(); ++i) best[i] = max(best[i], row[i]);
  std::vector<MarkovPolicy> optimal;
  for (std::size_t k = 0; k < all.size(); ++k)
    if (values[k] == best) optimal.push_back(all[k]);
  return optimal;
}

bool is_among(const MarkovPolicy& policy, const std::vector<MarkovPolicy>& all) {
  return std::find(all.begin(), all.end(), policy) != all.end();
}

/// @returns whether ties were left open.
bool check_rules(const FiniteMdp& model, const FiniteMdp& world, const MarkovPolicy& last, Step horizon) {
  const std::vector<MarkovPolicy> optimal = optimal_policies(model, horizon);
  Rational least = enumerated_return(world, optimal[0], horizon), most = least;
  for (const MarkovPolicy& policy : optimal) {
    least = min(least, enumerated_return(world, policy, horizon));
    most = max(most, enumerated_return(world, policy, horizon));
  }
  for (const TieBreak ties : all_ties) {
    const Planned planned = plan(model, horizon, ties, world, last);
    INFO("ties " << tie_break_names[static_cast<std::size_t>(ties)]);
    CHECK(is_among(planned.policy, optimal));
    CHECK(planned.model_value == enumerated_return(model, optimal[0], horizon));
    const Rational earned = enumerated_return(world, planned.policy, horizon);
    if (ties == TieBreak::for_learner) CHECK(earned == most);
    if (ties == TieBreak::against_learner) CHECK(earned == least);
    for (Step h = 1; h <= horizon; ++h) {
      for (const State s : model.states()) {
        // The optimal policies' actions here; they make a product set.
        std::vector<std::uint32_t> actions;
        for (const MarkovPolicy& policy : optimal) actions.push_back(taken_action(policy, h, s).value);
        const std::uint32_t now = taken_action(planned.policy, h, s).value,
                            before = taken_action(last, h, s).value;
        const bool may_stay = std::count(actions.begin(), actions.end(), before) > 0;
        const std::uint32_t lowest = *std::min_element(actions.begin(), actions.end());
        if (ties == TieBreak::lowest) CHECK(now == lowest);
        if (ties == TieBreak::highest) CHECK(now == *std::max_element(actions.begin(), actions.end()));
        if (ties == TieBreak::stay) CHECK(now == (may_stay ? before : lowest));
      }
    }
  }
  return optimal.size() > 1;
}

}  // namespace

TEST_CASE("planner: each rule takes its own of the policies that no other beats at any step and state",
          "[learning]") {
  int open = 0;
  for (std::uint64_t index = 0; index < 250; ++index) {
    ChoiceSource choices(PhiloxStream(31, index));
    const std::uint32_t states = choices.between(1, 2), actions = choices.between(1, states == 1 ? 3 : 2);
    const FiniteMdp model = draw_tiny(choices, states, actions, true),
                    world = draw_tiny(choices, states, actions, true);
    const auto horizon = static_cast<Step>(choices.between(1, 3));
    std::vector<std::uint32_t> taken(std::size_t{states} * static_cast<std::size_t>(horizon));
    for (std::uint32_t& action : taken) action = choices.below(actions);
    INFO("instance " << index);
    const MarkovPolicy last = MarkovPolicy::deterministic(taken, states, actions);
    open += check_rules(model, world, last, horizon) ? 1 : 0;
  }
  CHECK(open > 60);
}

TEST_CASE("planner: the same where numbers have no common denominator", "[learning]") {
  int open = 0;
  for (std::uint64_t index = 0; index < 60; ++index) {
    ChoiceSource choices(PhiloxStream(32, index));
    const FiniteMdp model = draw_tiny(choices, 2, 2, false), world = draw_tiny(choices, 2, 2, false);
    INFO("instance " << index);
    const std::uint32_t taken[] = {choices.below(2), choices.below(2)};
    const MarkovPolicy last = MarkovPolicy::deterministic(taken, 2, 2);
    open += check_rules(model, world, last, static_cast<Step>(choices.between(1, 3))) ? 1 : 0;
  }
  CHECK(open > 15);
}

TEST_CASE("planner: ties by hand", "[learning]") {
  // In the model all three actions of state 0 lead to state 1, which pays 1, and the fourth does not; in the
  // world the second leads to state 2, which pays 2, the third to state 3, which pays nothing.
  const Dense stay = {{0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
  const auto with_root = [&](std::initializer_list<std::uint32_t> next) {
    Dense kernel;
    for (const std::uint32_t s : next) kernel.push_back(stay[s - 1]);
    for (const auto& row : stay) kernel.insert(kernel.end(), 4, row);
    return model_of({kernel}, {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0});
  };
  const FiniteMdp model = with_root({1, 1, 1, 3}), world = with_root({1, 2, 3, 2});
  const auto first_action = [&](TieBreak ties, const MarkovPolicy& last) {
    return taken_action(plan(model, 3, ties, world, last).policy, 1, State{0}).value;
  };
  const std::uint32_t third[] = {2, 0, 0, 0}, fourth[] = {3, 0, 0, 0};
  const MarkovPolicy last = MarkovPolicy::deterministic(third, 4, 4);
  CHECK(first_action(TieBreak::lowest, last) == 0);
  CHECK(first_action(TieBreak::highest, last) == 2);
  CHECK(first_action(TieBreak::stay, last) == 2);
  CHECK(first_action(TieBreak::for_learner, last) == 1);
  CHECK(first_action(TieBreak::against_learner, last) == 2);
  CHECK(plan(model, 3, TieBreak::lowest, world, last).model_value == Rational(2));
  // An action that is not optimal cannot stay.
  CHECK(first_action(TieBreak::stay, MarkovPolicy::deterministic(fourth, 4, 4)) == 0);
  // Of a policy that mixes the likeliest action stays, the lowest among equals.
  const std::vector<Rational> even = {q("1/4"), q("1/4"), q("1/4"), q("1/4")};
  const auto mixed = [&](const std::vector<Rational>& root) {
    return MarkovPolicy(matrix({root, even, even, even}), 4);
  };
  CHECK(first_action(TieBreak::stay, mixed({q("1/4"), q("1/2"), q("1/4"), 0})) == 1);
  CHECK(first_action(TieBreak::stay, mixed({q("1/5"), q("2/5"), q("2/5"), 0})) == 1);
  CHECK(first_action(TieBreak::stay, mixed({0, 0, q("1/2"), q("1/2")})) == 2);
  CHECK(first_action(TieBreak::stay, mixed({q("1/8"), 0, 0, q("7/8")})) == 0);
  // The last policy is asked at each step: it may change with time.
  const std::uint32_t changing[] = {1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0};
  const MarkovPolicy then = MarkovPolicy::deterministic(changing, 4, 4);
  const MarkovPolicy now = plan(model, 3, TieBreak::stay, world, then).policy;
  CHECK(taken_action(now, 1, State{0}).value == 1);
  CHECK(taken_action(now, 2, State{0}).value == 2);
  CHECK(taken_action(now, 3, State{0}).value == 3);  // the last step's actions are all equal here
}

TEST_CASE("planner: allowed actions bound what the extreme policy may take", "[learning]") {
  for (std::uint64_t index = 0; index < 100; ++index) {
    ChoiceSource choices(PhiloxStream(33, index));
    const FiniteMdp world = draw_tiny(choices, 2, 2, choices.flag());
    OptimalActions allowed(3, 2, 2);
    for (Step h = 1; h <= 3; ++h) {
      for (const State s : world.states()) {
        const std::uint32_t some = choices.between(1, 3);  // action 0, 1 or both
        if ((some & 1U) != 0) allowed.add(h, s, Action{0});
        if ((some & 2U) != 0) allowed.add(h, s, Action{1});
      }
    }
    std::optional<Rational> least, most;
    for (const MarkovPolicy& policy : all_policies(2, 2, 3)) {
      bool fits = true;
      for (Step h = 1; h <= 3; ++h)
        for (const State s : world.states())
          fits = fits && allowed.contains(h, s, taken_action(policy, h, s));
      if (!fits) continue;
      const Rational earned = enumerated_return(world, policy, 3);
      least = least ? min(*least, earned) : earned;
      most = most ? max(*most, earned) : earned;
    }
    for (const bool highest : {false, true}) {
      const MarkovPolicy extreme = extreme_policy(world, allowed, highest);
      INFO("instance " << index << (highest ? ", highest" : ", lowest"));
      CHECK(enumerated_return(world, extreme, 3) == (highest ? *most : *least));
      for (Step h = 1; h <= 3; ++h)
        for (const State s : world.states()) CHECK(allowed.contains(h, s, taken_action(extreme, h, s)));
    }
  }
}
