#include "mdp/first_above.hpp"

#include "mdp/enumeration.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// Earns 1 a step with a leak, or costs at first: returns rise, and for one policy fall before they rise.
FiniteMdp leaking_world() {
  const std::uint32_t start[] = {0};
  const std::vector<std::uint64_t> counts = {9, 1, 0, 0, 5, 5, 0, 10, 0, 0, 10, 0, 0, 0, 10, 0, 0, 10};
  return FiniteMdp(
      StochasticMatrix::deterministic(3, start), {StochasticMatrix(3, counts, 10)},
      RewardTable(3, 2, std::vector<Rational>{Rational::ratio(1, 3), -1, 0, 0, 1, Rational::ratio(1, 2)}), 3,
      2);
}

/// By trying every horizon exactly.
std::optional<Step> by_trying(const FiniteMdp& model, const MarkovPolicy* policy, const Rational& threshold,
                              Step most) {
  for (Step horizon = 1; horizon <= most; ++horizon) {
    const Rational earned = policy == nullptr
                                ? expected_value<Rational>(model, optimal_plan(model, horizon).values)
                                : policy_return(model, *policy, horizon);
    if (earned > threshold) return horizon;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("first above: the least horizon, exactly where returns tie with the threshold", "[mdp]") {
  const FiniteMdp model = leaking_world();
  constexpr Step most = 12;
  std::vector<Rational> thresholds = {-5, 0, Rational::ratio(1, 3), 3, 100};
  for (Step horizon = 1; horizon <= 6; ++horizon)  // ties
    thresholds.push_back(expected_value<Rational>(model, optimal_plan(model, horizon).values));
  const std::vector<MarkovPolicy> policies = all_policies(3, 2, 1);
  for (const Rational& threshold : thresholds) {
    INFO("above " << threshold.to_string());
    CHECK(first_above(model, nullptr, threshold, most).horizon == by_trying(model, nullptr, threshold, most));
    for (const MarkovPolicy& policy : policies) {
      const FirstAbove found = first_above(model, &policy, threshold, most);
      CHECK(found.horizon == by_trying(model, &policy, threshold, most));
      CHECK(found.tried == found.horizon.value_or(most));
    }
  }
}

TEST_CASE("first above: a return that equals the threshold is not above it", "[mdp]") {
  // One state that pays 1/3 a step: 7 steps earn the threshold exactly, which enclosures cannot tell.
  const std::uint32_t start[] = {0};
  const FiniteMdp still(StochasticMatrix::deterministic(1, start),
                        {StochasticMatrix::deterministic(1, start)},
                        RewardTable(1, 1, std::vector<Rational>{Rational::ratio(1, 3)}), 1, 1);
  CHECK(first_above(still, nullptr, Rational::ratio(7, 3), 100).horizon == 8);
  CHECK_FALSE(first_above(still, nullptr, 1000, 100).horizon.has_value());
  CHECK_THROWS_AS(first_above(still, nullptr, 1, 0), InvalidInput);
  const MarkovPolicy other = MarkovPolicy::uniform(2, 1);
  CHECK_THROWS_AS(first_above(still, &other, 1, 10), InvalidInput);
}
