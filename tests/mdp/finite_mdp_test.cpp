#include "mdp/finite_mdp.hpp"

#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

FiniteMdp two_states() {
  const std::uint32_t start[] = {0}, stay[] = {0, 1};
  return FiniteMdp(StochasticMatrix::deterministic(2, start), {StochasticMatrix::deterministic(2, stay)},
                   RewardTable(2, 1, {1, 0}), 2, 1);
}

}  // namespace

TEST_CASE("models: parts that do not fit together are refused", "[mdp]") {
  const FiniteMdp good = two_states();
  CHECK_THROWS_AS(FiniteMdp(good.initial(), {}, good.rewards(), 2, 1), InvalidInput);
  CHECK_THROWS_AS(FiniteMdp(good.initial(), good.kernels(), good.rewards(), 2, 2), InvalidInput);
  CHECK_THROWS_AS(FiniteMdp(good.initial(), good.kernels(), good.rewards(), 0, 1), InvalidInput);
  CHECK_THROWS_AS(FiniteMdp(good.kernel(1), good.kernels(), good.rewards(), 2, 1), InvalidInput);
  CHECK_THROWS_AS(RewardTable(2, 1, {1}), InvalidInput);
}

TEST_CASE("models: steps after the last kernel use the last", "[mdp]") {
  const FiniteMdp good = two_states();
  const std::uint32_t swap[] = {1, 0};
  const FiniteMdp varying(good.initial(), {good.kernel(1), StochasticMatrix::deterministic(2, swap)},
                          good.rewards(), 2, 1);
  CHECK(varying.time_varying());
  CHECK(varying.kernel(1) == good.kernel(1));
  CHECK(varying.kernel(2) == varying.kernel(9));
  CHECK_FALSE(same_process(good, varying));
}

TEST_CASE("policies: stationary and time-dependent ones are told apart", "[mdp]") {
  const std::uint32_t one[] = {0, 1}, two[] = {0, 1, 1, 0};
  const MarkovPolicy stationary = MarkovPolicy::deterministic(one, 2, 2);
  const MarkovPolicy timed = MarkovPolicy::deterministic(two, 2, 2);
  CHECK((stationary.stationary() && stationary.deterministic() && stationary.steps() == 1));
  CHECK((!timed.stationary() && timed.steps() == 2));
  CHECK(timed.row(2, State{0}) == 2);
  CHECK(timed.row(5, State{1}) == 3);
  CHECK_THROWS_AS(MarkovPolicy::deterministic(std::span(two).first(3), 2, 2), InvalidInput);
  CHECK_THROWS_AS(require_same_shape(two_states(), stationary), InvalidInput);
}

TEST_CASE("horizons: zero, negative and absurd ones are refused", "[mdp]") {
  for (const Step h : {0, -1, max_horizon + 1}) CHECK_THROWS_AS(require_horizon(h), InvalidInput);
  CHECK_NOTHROW(require_horizon(1));
}
