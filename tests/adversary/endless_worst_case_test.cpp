// Nature against averages and totals: against all corners of the set, and all policies.
#include "adversary/endless_worst_case.hpp"

#include <algorithm>
#include <functional>

#include "adversary/interval_set.hpp"
#include "mdp/average.hpp"
#include "mdp/criterion.hpp"
#include "mdp/enumeration.hpp"
#include "mdp/tied_models.hpp"
#include "mdp/total.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

using Values = std::vector<Rational>;
constexpr Criterion average{.endless = Criterion::Endless::average};

/// The extreme kernel of each order of the states: each row is at a corner, and each corner of a row is among
/// its rows.
std::vector<StochasticMatrix> corners(const UncertaintySet& set, std::uint32_t states) {
  UncertaintySet::Ranks ranks(states);
  for (std::uint32_t s = 0; s < states; ++s) ranks[s] = s;
  std::vector<StochasticMatrix> list;
  do list.push_back(set.extreme(ranks, true));
  while (std::ranges::next_permutation(ranks).found);
  return list;
}

bool same_row(const StochasticMatrix& a, const StochasticMatrix& b, std::size_t row) {
  for (std::uint32_t s = 0; s < a.columns(); ++s)
    if (a.probability(row, s) != b.probability(row, s)) return false;
  return true;
}

/// Every kernel whose rows in the policy's pairs are corners.
void for_each_nature(const FiniteMdp& model, const MarkovPolicy& policy, const UncertaintySet& set,
                     const std::function<void(const FiniteMdp&)>& use) {
  const std::vector<StochasticMatrix> all = corners(set, model.state_count());
  std::vector<StochasticMatrix::RowOf> rows;
  for (std::size_t row = 0; row < model.kernel(1).rows(); ++row) rows.push_back({&all[0], row});
  const std::function<void(std::uint32_t)> choose = [&](std::uint32_t s) {
    if (s == model.state_count())
      return use(with_kernels(model, {StochasticMatrix::assembled(model.state_count(), rows)}));
    const std::size_t row = model.row(State{s}, Action{policy.table().column(policy.row(1, State{s}))});
    for (std::size_t i = 0; i < all.size(); ++i) {
      bool known = false;
      for (std::size_t j = 0; j < i && !known; ++j) known = same_row(all[j], all[i], row);
      if (known) continue;
      rows[row].matrix = &all[i];
      choose(s + 1);
    }
  };
  choose(0);
}

L1Ball ball_around(const FiniteMdp& model, const Rational& radius, bool keep) {
  Values radii(model.kernel(1).rows(), radius);
  return L1Ball(model.kernel(1), std::move(radii), keep);
}

const Values& some_radii() {
  static const Values list = {0, Rational::ratio(1, 5), Rational::ratio(2, 3), 2};
  return list;
}

struct Range {
  std::optional<Rational> lowest, highest;
  void take(const Rational& value) {
    if (!lowest || value < *lowest) lowest = value;
    if (!highest || value > *highest) highest = value;
  }
};

}  // namespace

TEST_CASE("average adversary: nature's answer is the extreme over all corners", "[adversary]") {
  TiedModels models(11);
  for (int i = 0; i < 12; ++i) {
    const FiniteMdp model = models.next(i % 2 == 0, 3);
    for (const Rational& radius : some_radii())
      for (const bool keep : {false, true}) {
        const L1Ball ball = ball_around(model, radius, keep);
        Range sure, hoped;
        for (const MarkovPolicy& policy : all_policies(3, 2, 1)) {
          Range all;
          for_each_nature(model, policy, ball,
                          [&](const FiniteMdp& world) { all.take(return_of(world, policy, average)); });
          for (const bool lowest : {true, false}) {
            const Extreme found = extreme_average_return(model, policy, ball, lowest);
            CHECK(found.value == (lowest ? all.lowest : all.highest));
            CHECK(return_of(with_kernels(model, found.kernels), policy, average) == found.value);
          }
          sure.take(*all.lowest);
          hoped.take(*all.highest);
        }
        const RobustPlan robust = robust_average_plan(model, ball),
                         hopeful = robust_average_plan(model, ball, false);
        CHECK(robust.closed);
        CHECK(robust.value == sure.highest);
        CHECK(extreme_average_return(model, robust.policy, ball, true).value == robust.value);
        CHECK(hopeful.closed);
        CHECK(hopeful.value == hoped.highest);
      }
  }
}

TEST_CASE("total adversary: the extreme over all corners, or a refusal where one of them need not end",
          "[adversary]") {
  TiedModels models(12);
  int finite = 0, refused = 0, closed = 0, open = 0;
  for (int i = 0; i < 40; ++i) {
    const FiniteMdp model = models.next(true, 3);
    for (const Rational& radius : some_radii()) {
      const L1Ball ball = ball_around(model, radius, true);
      std::optional<Rational> sure;
      for (const MarkovPolicy& policy : all_policies(3, 2, 1)) {
        Range all;
        bool ends = true;
        for_each_nature(model, policy, ball, [&](const FiniteMdp& world) {
          const std::uint32_t start = world.initial().column(0);
          const std::optional<Rational> value = total_values(world, policy)[start];
          if (value)
            all.take(*value);
          else
            ends = false;
        });
        if (!ends) {
          ++refused;
          CHECK_THROWS_WITH(extreme_total_return(model, policy, ball, true),
                            Catch::Contains("need not be finite"));
          continue;
        }
        // Nature may rest at a state that earns nothing only by her choice: then it need not end by ours.
        try {
          for (const bool lowest : {true, false}) {
            const Extreme found = extreme_total_return(model, policy, ball, lowest);
            CHECK(found.value == (lowest ? all.lowest : all.highest));
          }
          ++finite;
        } catch (const InvalidInput&) {
          ++refused;
          continue;
        }
        if (!sure || *sure < *all.lowest) sure = all.lowest;
      }
      try {
        const RobustPlan plan = robust_total_plan(model, ball);
        CHECK(extreme_total_return(model, plan.policy, ball, true).value == plan.value);
        CHECK((!plan.closed || plan.value == sure));
        CHECK((!plan.bound || *sure <= *plan.bound));
        ++(plan.closed ? closed : open);
      } catch (const InvalidInput&) {
        ++refused;
      }
    }
  }
  INFO(finite << " finite, " << refused << " refused, " << closed << " closed, " << open << " open");
  CHECK(finite > 200);
  CHECK(refused > 100);
  CHECK(closed > 50);
  CHECK(open <= closed / 10);
}

TEST_CASE("total adversary: what is known of an example by hand", "[adversary]") {
  // Each step costs 1; the end is reached with probability 1/2, within 1/4 of it.
  const auto tenth = [](std::int64_t n) { return Rational::ratio(n, 4); };
  const IntervalSet set(2, {{{0, tenth(1), tenth(3)}, {1, tenth(1), tenth(3)}}, {{1, 1, 1}}},
                        [](std::size_t row) { return "row " + std::to_string(row); });
  const std::uint32_t start[] = {0};
  const FiniteMdp model(StochasticMatrix::deterministic(2, start), {set.member()},
                        RewardTable(2, 1, Values{-1, 0}), 2, 1);
  const MarkovPolicy only = MarkovPolicy::uniform(2, 1);
  CHECK(extreme_total_return(model, only, set, true).value == Rational(-4));
  CHECK(extreme_total_return(model, only, set, false).value == Rational::ratio(-4, 3));
  CHECK(robust_total_plan(model, set).value == Rational(-4));
  CHECK(robust_total_plan(model, set, false).closed);
  CHECK(extreme_average_return(model, only, set, true).value == Rational(0));
}
