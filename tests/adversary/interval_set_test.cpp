#include "adversary/interval_set.hpp"

#include "adversary/discounted_worst_case.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

Rational tenths(std::int64_t n) {
  return Rational::ratio(n, 10);
}

const auto name = [](std::size_t row) { return "row " + std::to_string(row); };

/// A start that leads to two ends; one pays 1 once.
FiniteMdp world(const IntervalSet& set) {
  const std::uint32_t start[] = {0};
  return FiniteMdp(StochasticMatrix::deterministic(3, start), {set.member()},
                   RewardTable(3, 1, std::vector<Rational>{0, 1, 0}), 3, 1);
}

IntervalSet intervals() {
  return IntervalSet(3, {{{1, tenths(4), tenths(9)}, {2, tenths(5), tenths(8)}}, {{2, 1, 1}}, {{2, 1, 1}}},
                     name);
}

}  // namespace

TEST_CASE("intervals: the published extremes of a small example", "[adversary]") {
  // Storm's tiny-01: 0.4 against nature, 0.5 with it.
  const IntervalSet set = intervals();
  const FiniteMdp model = world(set);
  const MarkovPolicy policy = MarkovPolicy::uniform(3, 1);
  CHECK(extreme_return(model, policy, 2, set, true).value == tenths(4));
  CHECK(extreme_return(model, policy, 2, set, false).value == tenths(5));
  CHECK(robust_plan(model, 2, set).value == tenths(4));
  CHECK(robust_plan(model, 2, set, 1, false).value == tenths(5));
  CHECK(extreme_discounted_return(model, policy, tenths(5), set, true).value == tenths(2));
  CHECK(robust_discounted_plan(model, tenths(5), set, false).value == Rational::ratio(1, 4));
}

TEST_CASE("intervals: no corner of the intervals is beyond the extreme", "[adversary]") {
  const std::vector<IntervalSet::Entry> row = {
      {0, tenths(1), tenths(5)}, {1, 0, tenths(4)}, {2, tenths(2), tenths(7)}};
  const IntervalSet set(3, {row}, name);
  for (const auto& values : {std::vector<Rational>{1, 2, 3}, {3, 1, 2}, {2, 2, 1}, {1, 1, 1}}) {
    const auto mean = [&](const StochasticMatrix& kernel) {
      return expectation<Rational>(kernel, 0, [&](std::uint32_t s) { return values[s]; });
    };
    const Rational lowest = mean(set.extreme(ranks_of(values), true)),
                   highest = mean(set.extreme(ranks_of(values), false));
    for (std::int64_t a = 1; a <= 5; ++a)
      for (std::int64_t b = 0; b <= 4; ++b) {
        const std::int64_t c = 10 - a - b;
        if (c < 2 || c > 7) continue;
        const Rational other = tenths(a) * values[0] + tenths(b) * values[1] + tenths(c) * values[2];
        CHECK(lowest <= other);
        CHECK(other <= highest);
      }
    for (std::uint32_t s = 0; s < 3; ++s) {
      const Rational mass = set.extreme(ranks_of(values), true).probability(0, s);
      CHECK((row[s].lower <= mass && mass <= row[s].upper));
    }
  }
}

TEST_CASE("intervals: those in which nothing lies are refused", "[adversary]") {
  CHECK_THROWS_WITH(IntervalSet(2, {{{0, 0, tenths(4)}, {1, 0, tenths(5)}}}, name),
                    Catch::Contains("no distribution"));
  CHECK_THROWS_WITH(IntervalSet(2, {{{0, tenths(6), 1}, {1, tenths(5), 1}}}, name),
                    Catch::Contains("no distribution"));
  CHECK_THROWS_WITH(IntervalSet(2, {{{0, tenths(6), tenths(5)}}}, name), Catch::Contains("within [0, 1]"));
  CHECK_THROWS_WITH(IntervalSet(2, {{{2, 1, 1}}}, name), Catch::Contains("of no state"));
  CHECK_THROWS_WITH(IntervalSet(2, {{{1, 0, 1}, {1, 0, 1}}}, name), Catch::Contains("twice"));
}
