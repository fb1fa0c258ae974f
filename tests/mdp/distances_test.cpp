#include "mdp/distances.hpp"

#include "generate/model_families.hpp"
#include "mdp/hand_made.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// max over the 2^S events B of p(B) - q(B).
Rational supremum_over_events(const StochasticMatrix& p, const StochasticMatrix& other, std::size_t row) {
  Rational largest;
  for (std::uint32_t event = 0; event < (1U << p.columns()); ++event) {
    Rational difference;
    for (std::uint32_t x = 0; x < p.columns(); ++x)
      if ((event >> x & 1U) != 0) difference += p.probability(row, x) - other.probability(row, x);
    largest = max(largest, difference);
  }
  return largest;
}

/// Both distances of two one-row matrices, by both number types.
void check_distances(const StochasticMatrix& p, const StochasticMatrix& other, const Rational& l1) {
  for (const auto& [a, b] : {std::pair(p, other), std::pair(other, p)}) {
    CHECK(row_l1_distance<Rational>(a, 0, b, 0) == l1);
    CHECK(row_total_variation<Rational>(a, 0, b, 0) == l1 / 2);
    const RoundUpward upward;
    CHECK(encloses(row_l1_distance<Interval>(a, 0, b, 0), l1));
    CHECK(encloses(row_total_variation<Interval>(a, 0, b, 0), l1 / 2));
  }
}

Dense leaky(const Rational& d) {
  return {{Rational(1) - d, d}, {0, 1}};
}
FiniteMdp varying(const std::vector<Dense>& kernels) {
  return model_of(kernels, {1, 0});
}

}  // namespace

TEST_CASE("distances: rows by hand", "[distances]") {
  check_distances(matrix({{q("1/2"), q("1/2"), 0}}), matrix({{0, q("1/4"), q("3/4")}}), q("3/2"));
  check_distances(matrix({{q("1/2"), q("1/2")}}), matrix({{q("1/2"), q("1/2")}}), 0);
  check_distances(matrix({{1, 0, 0}}), matrix({{0, q("1/3"), q("2/3")}}), 2);
  check_distances(matrix({{q("1/4"), q("1/4"), q("1/2")}}), matrix({{q("1/2"), q("1/4"), q("1/4")}}),
                  q("1/2"));
}

TEST_CASE("distances: rows with different denominators", "[distances]") {
  check_distances(matrix({{q("1/2"), q("1/2")}}), matrix({{q("1/3"), q("2/3")}}), q("1/3"));
  const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
  check_distances(matrix({{p, Rational(1) - p}}), matrix({{r, Rational(1) - r}}), (r - p) * 2);
  const Rational tiny = Rational(1) / pow(Rational(10), 40);  // in rationals, against words
  check_distances(matrix({{tiny, Rational(1) - tiny}}), matrix({{0, 1}}), tiny * 2);
}

TEST_CASE("distances: the L1 distance 2 is exact for the largest denominator", "[distances]") {
  constexpr std::uint64_t denominator = StochasticMatrix::max_denominator - 1;
  const std::vector<std::uint64_t> left = {denominator, 0}, right = {0, denominator},
                                   almost = {denominator - 1, 1};
  check_distances(StochasticMatrix(2, left, denominator), StochasticMatrix(2, right, denominator), 2);
  check_distances(StochasticMatrix(2, left, denominator), StochasticMatrix(2, almost, denominator),
                  Rational::ratio(2, denominator));
}

TEST_CASE("distances: total variation is the supremum over events, and half of L1", "[distances]") {
  for (std::uint64_t index = 0; index < 150; ++index) {
    const Instance instance = drawn(model_pairs(), index);
    const StochasticMatrix &kernel = instance.model->kernel(1), &other = instance.perturbed->kernel(1);
    Rational largest;
    INFO("instance " << index);
    for (std::size_t row = 0; row < kernel.rows(); ++row) {
      const Rational supremum = supremum_over_events(kernel, other, row);
      largest = max(largest, supremum);
      CHECK(row_total_variation<Rational>(kernel, row, other, row) == supremum);
      CHECK(row_l1_distance<Rational>(kernel, row, other, row) == supremum * 2);
    }
    CHECK(total_variation<Rational>(*instance.model, *instance.perturbed, instance.horizon) == largest);
    CHECK(l1_distance<Rational>(*instance.model, *instance.perturbed, instance.horizon) == largest * 2);
    const RoundUpward upward;
    CHECK(
        encloses(total_variation<Interval>(*instance.model, *instance.perturbed, instance.horizon), largest));
    CHECK(
        encloses(l1_distance<Interval>(*instance.model, *instance.perturbed, instance.horizon), largest * 2));
  }
}

TEST_CASE("distances: a row of one matrix may be compared with any row of another", "[distances]") {
  const StochasticMatrix m = matrix({{1, 0}, {q("1/4"), q("3/4")}}),
                         other = matrix({{q("1/2"), q("1/2")}, {0, 1}});
  CHECK(row_l1_distance<Rational>(m, 0, other, 1) == Rational(2));
  CHECK(row_l1_distance<Rational>(m, 1, other, 0) == q("1/2"));
  CHECK(row_total_variation<Rational>(m, 0, m, 1) == q("3/4"));
}

TEST_CASE("distances: the largest row counts, whichever denominators the models have", "[distances]") {
  const FiniteMdp model = varying({leaky(0)}), words = varying({leaky(q("1/3"))});
  CHECK(l1_distance<Rational>(model, words, 7) == q("2/3"));
  const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
  const FiniteMdp none = varying({{{Rational(1) - p, p}, {r, Rational(1) - r}}});
  CHECK(total_variation<Rational>(model, none, 7) == r);  // q < p, hence 1/q > 1/p
  CHECK(l1_distance<Rational>(none, model, 7) == r * 2);
}

TEST_CASE("distances: of time-varying models only the steps before the last count", "[distances]") {
  const FiniteMdp model = varying({leaky(0), leaky(0), leaky(0)});
  const FiniteMdp other = varying({leaky(q("1/10")), leaky(q("1/5")), leaky(q("1/2"))});
  // T_H leads to V_{H+1} = 0; with H = 1 the first step is compared none the less.
  const std::vector<Rational> by_horizon = {q("1/10"), q("1/10"), q("1/5"), q("1/2"), q("1/2")};
  for (Step horizon = 1; horizon <= 5; ++horizon) {
    const Rational& expected = by_horizon[static_cast<std::size_t>(horizon - 1)];
    INFO("H = " << horizon);
    CHECK(total_variation<Rational>(model, other, horizon) == expected);
    CHECK(l1_distance<Rational>(other, model, horizon) == expected * 2);
    const RoundUpward upward;
    CHECK(encloses(total_variation<Interval>(model, other, horizon), expected));
  }
}

TEST_CASE("distances: a stationary model is compared with every step of a time-varying one", "[distances]") {
  const FiniteMdp stationary = varying({leaky(q("1/2"))}),
                  other = varying({leaky(q("1/2")), leaky(q("1/6"))});
  CHECK(total_variation<Rational>(stationary, other, 2) == Rational(0));
  CHECK(total_variation<Rational>(stationary, other, 3) == q("1/3"));
  CHECK(total_variation<Rational>(other, stationary, 9) == q("1/3"));
}

TEST_CASE("distances: the largest of many rows, full and sparse, of any width", "[distances]") {
  ChoiceSource choices(PhiloxStream(11, 0));
  for (const std::uint32_t columns : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 63U, 64U, 65U, 70U}) {
    for (const std::uint64_t denominator : {std::uint64_t{1000}, StochasticMatrix::max_denominator - 1}) {
      const auto drawn = [&](bool full) {
        constexpr std::size_t rows = 6;
        std::vector<std::uint64_t> counts(rows * columns, 0);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::span<std::uint64_t> list = std::span(counts).subspan(row * columns, columns);
          draw_row(choices, list, denominator - columns, 0);
          for (std::uint64_t& n : list) ++n;
          // Some rows are full and some are not.
          for (std::uint32_t k = full ? 0 : choices.below(columns + 1); k > 0; --k) {
            const std::uint32_t from = choices.below(columns), to = choices.below(columns);
            if (from == to) continue;
            list[to] += list[from];
            list[from] = 0;
          }
        }
        return StochasticMatrix(columns, counts, denominator);
      };
      const StochasticMatrix p = drawn(choices.flag()), other = drawn(choices.flag());
      Rational l1;
      for (std::size_t row = 0; row < p.rows(); ++row) {
        Rational sum;
        for (std::uint32_t c = 0; c < columns; ++c)
          sum += abs(p.probability(row, c) - other.probability(row, c));
        l1 = max(l1, sum);
      }
      INFO(columns << " columns over " << denominator);
      CHECK(max_row_l1_distance<Rational>(p, other) == l1);
      const RoundUpward upward;
      CHECK(encloses(max_row_l1_distance<Interval>(p, other), l1));
    }
  }
}
