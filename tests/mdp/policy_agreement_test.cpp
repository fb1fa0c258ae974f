// Where a policy meets no difference between two kernels, against values in rationals.
#include "mdp/policy_agreement.hpp"

#include "generate/choice_source.hpp"
#include "mdp/backward_induction.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

constexpr Step horizon = 6;

/// 0 -> 1 -> 2 -> 3, which stays; a second action stays everywhere. State 2's step may be taken back.
StochasticMatrix chain(bool back) {
  return StochasticMatrix::deterministic(4, std::vector<std::uint32_t>{1, 0, 2, 1, back ? 0U : 3U, 2, 3, 3});
}

bool differs(const std::vector<std::uint64_t>& sets, std::size_t steps, std::uint32_t state) {
  return (sets[std::min(steps, sets.size()) - 1] >> state & 1U) != 0;
}

}  // namespace

TEST_CASE("a difference is met by who comes to it before the last step", "[mdp]") {
  const RewardTable rewards(4, 2, {1, 0, 1, 0, 1, 0, 1, 0}, 1);
  const std::vector<std::uint32_t> on = {0, 0, 0, 0}, stays = {0, 1, 0, 0};
  const StochasticMatrix kernel = chain(false), other = chain(true),
                         walks = StochasticMatrix::deterministic(2, on),
                         waits = StochasticMatrix::deterministic(2, stays);
  const auto walking = differing_states({kernel, rewards, walks, 4, 2}, other, horizon);
  CHECK(walking == std::vector<std::uint64_t>{0, 0b0100, 0b0110, 0b0111});
  // Who waits in state 1 never comes to state 2.
  CHECK(differing_states({kernel, rewards, waits, 4, 2}, other, horizon) ==
        std::vector<std::uint64_t>{0, 0b0100});
  CHECK(differing_states({kernel, rewards, walks, 4, 2}, other, 2) == std::vector<std::uint64_t>{0, 0b0100});
  CHECK(differing_states({kernel, rewards, walks, 4, 2}, kernel, horizon) == std::vector<std::uint64_t>{0});
}

TEST_CASE("equal rows may have other denominators", "[mdp]") {
  const RewardTable rewards(2, 1, {0, 1}, 1);
  const StochasticMatrix half(2, std::vector<std::uint64_t>{1, 1, 0, 2}, 2),
      same(2, std::vector<std::uint64_t>{50, 50, 0, 100}, 100),
      near(2, std::vector<std::uint64_t>{49, 51, 0, 100}, 100),
      choice = StochasticMatrix::deterministic(1, std::vector<std::uint32_t>{0, 0});
  CHECK(differing_states({half, rewards, choice, 2, 1}, same, horizon) == std::vector<std::uint64_t>{0});
  CHECK(differing_states({half, rewards, choice, 2, 1}, near, horizon) == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("more states than bits are left open", "[mdp]") {
  const std::vector<std::uint32_t> first(65, 0);
  const StochasticMatrix kernel = StochasticMatrix::deterministic(65, first),
                         choice = StochasticMatrix::deterministic(1, first);
  const RewardTable rewards(65, 1, std::vector<std::uint64_t>(65, 1), 1);
  CHECK(differing_states({kernel, rewards, choice, 65, 1}, kernel, horizon).empty());
}

TEST_CASE("values are equal outside of the states that differ", "[mdp]") {
  std::size_t equal = 0, different = 0;
  for (std::uint64_t draw = 0; draw < 400; ++draw) {
    ChoiceSource choices(PhiloxStream(3, draw));
    const std::uint32_t states = choices.between(2, 5), actions = choices.between(1, 3);
    const std::size_t rows = std::size_t{states} * actions;
    std::vector<std::uint64_t> counts(rows * states), rewards(rows), policy(std::size_t{states} * actions);
    for (std::size_t row = 0; row < rows; ++row)
      for (int half = 0; half < 2; ++half) ++counts[row * states + choices.below(states)];
    for (auto& reward : rewards) reward = choices.between(1, 9);
    for (std::uint32_t s = 0; s < states; ++s)
      for (int half = 0; half < 2; ++half) ++policy[s * actions + choices.below(actions)];
    const StochasticMatrix kernel(states, counts, 2), choice(actions, policy, 2);
    const auto changed = counts.begin() + choices.below(static_cast<std::uint32_t>(rows)) * states;
    std::fill(changed, changed + states, 0);
    changed[choices.below(states)] = 2;
    const StochasticMatrix other(states, counts, 2);
    const RewardTable table(states, actions, rewards, 3);
    const StationaryProcess one{kernel, table, choice, states, actions},
        two{other, table, choice, states, actions};
    const auto sets = differing_states(one, other, horizon);
    const auto values = policy_values<Rational>(one, horizon), others = policy_values<Rational>(two, horizon);
    for (Step h = 1; h <= horizon; ++h)
      for (std::uint32_t s = 0; s < states; ++s) {
        const bool same = values(h, State{s}) == others(h, State{s});
        if (!differs(sets, static_cast<std::size_t>(horizon + 1 - h), s)) {
          CHECK(same);
          ++equal;
        } else {
          different += same ? 0 : 1;
        }
      }
  }
  CHECK(equal > 1000);
  CHECK(different > 1000);
}
