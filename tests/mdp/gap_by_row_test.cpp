#include "mdp/gap_by_row.hpp"

#include "mdp/discounted.hpp"
#include "mdp/enumeration.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// Three states, two actions, with one of two kernels that differ in three of six rows.
FiniteMdp world(bool moved) {
  const std::vector<std::uint64_t> own = {1, 2, 3, 4, 1, 1, 0, 5, 1, 2, 2, 2, 6, 0, 0, 3, 2, 1},
                                   other = {1, 3, 2, 4, 1, 1, 0, 5, 1, 0, 0, 6, 6, 0, 0, 2, 2, 2};
  const std::uint32_t start[] = {0};
  return FiniteMdp(StochasticMatrix::deterministic(3, start), {StochasticMatrix(3, moved ? other : own, 6)},
                   RewardTable(3, 2, std::vector<std::uint64_t>{0, 3, 1, 2, 4, 1}, 4, Rational(0)), 3, 2);
}

Rational gap(const FiniteMdp& model, const FiniteMdp& perturbed, const MarkovPolicy& policy,
             const Criterion& criterion) {
  return mean_over_start(perturbed, values_of(perturbed, policy, criterion)) -
         mean_over_start(model, values_of(model, policy, criterion));
}

}  // namespace

TEST_CASE("gap by row: the shares sum to the gap, for every policy and criterion", "[mdp]") {
  const FiniteMdp model = world(false), perturbed = world(true);
  std::vector<MarkovPolicy> policies = all_policies(3, 2, 1);
  policies.push_back(MarkovPolicy::uniform(3, 2));
  for (const Criterion& criterion :
       {Criterion{.horizon = 1}, Criterion{.horizon = 2}, Criterion{.horizon = 7},
        Criterion{7, Rational::ratio(2, 3)}, Criterion{.discount = Rational(0)},
        Criterion{.discount = Rational::ratio(9, 10)}, Criterion{.endless = Criterion::Endless::average}})
    for (const MarkovPolicy& policy : policies) {
      const std::vector<RowGap> rows = gap_by_row(model, perturbed, policy, criterion);
      CHECK(rows.size() == 3);
      Rational sum;
      for (const RowGap& row : rows) sum += row.share;
      CHECK(sum == gap(model, perturbed, policy, criterion));
    }
}

TEST_CASE("gap by row: a row's share is the gap where it alone differs", "[mdp]") {
  const FiniteMdp model = world(false), perturbed = world(true);
  const MarkovPolicy policy = MarkovPolicy::uniform(3, 2);
  const Criterion criterion = {.horizon = 5};
  for (const std::size_t only : {0U, 3U, 5U}) {
    std::vector<StochasticMatrix::RowOf> rows;
    for (std::size_t i = 0; i < 6; ++i)
      rows.push_back({i == only ? &perturbed.kernel(1) : &model.kernel(1), i});
    const FiniteMdp mixed(model.initial(), {StochasticMatrix::assembled(3, rows)}, model.rewards(), 3, 2);
    const std::vector<RowGap> found = gap_by_row(model, mixed, policy, criterion);
    REQUIRE(found.size() == 1);
    CHECK(model.row(found[0].state, found[0].action) == only);
    CHECK(found[0].share == gap(model, mixed, policy, criterion));
    CHECK(found[0].l1.sign() > 0);
  }
}

TEST_CASE("gap by row: the largest first, and nothing for equal models", "[mdp]") {
  const FiniteMdp model = world(false), perturbed = world(true);
  const std::vector<RowGap> rows = gap_by_row(model, perturbed, MarkovPolicy::uniform(3, 2), {.horizon = 4});
  for (std::size_t i = 1; i < rows.size(); ++i) CHECK(abs(rows[i].share) <= abs(rows[i - 1].share));
  CHECK(gap_by_row(model, model, MarkovPolicy::uniform(3, 2), {.horizon = 4}).empty());
  CHECK_THROWS_AS(
      gap_by_row(model, perturbed, MarkovPolicy::uniform(3, 2), {.endless = Criterion::Endless::total}),
      InvalidInput);
}
