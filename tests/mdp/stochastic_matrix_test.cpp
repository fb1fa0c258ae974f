#include "mdp/stochastic_matrix.hpp"

#include "mdp/hand_made.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

using Rows = StochasticMatrix::Rows;

std::string row_name(std::size_t i) {
  return "row (s=" + std::to_string(i) + ")";
}

std::string refusal(const Rows& rows) {
  return message_of([&] { StochasticMatrix(2, rows, row_name); });
}

const Rational sliver_p = Rational::ratio(1, prime_p), sliver_q = Rational::ratio(1, prime_q);

/// Rows with the denominators p and q.
StochasticMatrix without_words() {
  return matrix({{sliver_p, Rational(1) - sliver_p}, {sliver_q, Rational(1) - sliver_q}});
}

/// E value(column) in rationals and its enclosure.
Rational mean(const StochasticMatrix& m, std::size_t row, const std::vector<Rational>& values) {
  return expectation<Rational>(m, row, [&](std::uint32_t column) { return values[column]; });
}
Interval enclosed_mean(const StochasticMatrix& m, std::size_t row, const std::vector<Rational>& values) {
  return expectation<Interval>(m, row, [&](std::uint32_t column) { return Interval::from(values[column]); });
}

}  // namespace

TEST_CASE("stochastic matrix: a row that does not sum to 1 is named with its sum", "[matrix]") {
  const std::string message = refusal({{{0, 1}}, {{0, q("1/2")}, {1, q("2/3")}}});
  INFO(message);
  CHECK(contains(message, "row (s=1) sums to 7/6, expected 1"));
  CHECK(contains(refusal({{{0, q("1/2")}}}), "row (s=0) sums to 1/2"));
  CHECK(contains(refusal({{}}), "row (s=0) sums to 0"));
  CHECK(
      contains(refusal({{{0, Rational(1) - Rational(1) / pow(Rational(10), 40)}}}), "row (s=0) sums to 999"));
}

TEST_CASE("stochastic matrix: negative, stray and repeated entries are refused", "[matrix]") {
  CHECK(contains(refusal({{{0, q("-1/2")}, {1, q("3/2")}}}), "row (s=0) has the negative probability -1/2"));
  CHECK(contains(refusal({{{2, 1}}}), "row (s=0) names column 2, but there are 2"));
  CHECK(contains(refusal({{{0, 1}}, {{1, q("1/2")}, {0, 0}, {1, q("1/2")}}}),
                 "row (s=1) lists column 1 twice"));
}

TEST_CASE("stochastic matrix: counts that do not sum to the denominator are refused", "[matrix]") {
  const std::vector<std::uint64_t> counts = {1, 5, 3, 4};
  CHECK(contains(message_of([&] { StochasticMatrix(2, counts, 6); }), "row 1 sums to 7/6"));
  const std::uint32_t stray[] = {0, 2};
  CHECK(contains(message_of([&] { StochasticMatrix::deterministic(2, stray); }), "column 2 is out of range"));
}

TEST_CASE("stochastic matrix: entries are sorted, and zeros dropped", "[matrix]") {
  const StochasticMatrix m(4, Rows{{{3, q("1/3")}, {1, 0}, {0, q("2/3")}}, {{2, 1}}}, row_name);
  REQUIRE((m.rows() == 2 && m.columns() == 4 && m.entries() == 3));
  CHECK((m.column(0) == 0 && m.column(1) == 3 && m.column(2) == 2));
  CHECK((m.row_begin(1) == 2 && m.row_end(1) == 3));
  CHECK(m.probability(0, 3) == q("1/3"));
  CHECK(m.probability(0, 1) == Rational(0));
  const std::vector<std::uint64_t> counts = {2, 0, 0, 1, 0, 0, 3, 0};
  CHECK(m == StochasticMatrix(4, counts, 3));
}

TEST_CASE("stochastic matrix: probabilities become counts over the least common denominator", "[matrix]") {
  const StochasticMatrix m = matrix({{q("1/2"), q("1/2")}, {q("1/3"), q("2/3")}});
  REQUIRE(m.has_words());
  CHECK(m.denominator() == 6);
  CHECK((m.word(0) == 3 && m.word(1) == 3 && m.word(2) == 2 && m.word(3) == 4));
}

TEST_CASE("stochastic matrix: no counts where the common denominator reaches 2^53", "[matrix]") {
  CHECK_FALSE(without_words().has_words());
  CHECK(without_words().denominator() == 0);
  const auto sliver = [](const Rational& denominator) {
    return matrix({{Rational(1) / denominator, Rational(1) - Rational(1) / denominator}});
  };
  const Rational two_53 = pow(Rational(2), 53);
  CHECK(sliver(two_53 - 1).denominator() == (std::uint64_t{1} << 53) - 1);
  for (const Rational& denominator : {two_53, two_53 + 1, pow(Rational(2), 64), pow(Rational(10), 100)}) {
    const StochasticMatrix m = sliver(denominator);
    INFO(denominator.to_string());
    CHECK_FALSE(m.has_words());
    CHECK(m.probability(0, 0) == Rational(1) / denominator);
  }
}

TEST_CASE("stochastic matrix: one row of probabilities, or nothing where it is none", "[matrix]") {
  const Rational p = Rational::ratio(1, prime_p), q = Rational::ratio(1, prime_q);
  for (const std::vector<Rational>& row :
       {std::vector<Rational>{1},
        {0, 1, 0},
        {Rational::ratio(1, 2), 0, Rational::ratio(1, 3), Rational::ratio(1, 6)},
        {p, Rational(1) - p},
        {p, q, Rational(1) - p - q}}) {
    const auto matrix = StochasticMatrix::of_row(row);
    REQUIRE(matrix);
    CHECK(matrix->columns() == row.size());
    REQUIRE(matrix->rows() == 1);
    std::size_t positive = 0;
    for (std::uint32_t column = 0; column < row.size(); ++column) {
      CHECK(matrix->probability(0, column) == row[column]);
      positive += row[column].sign() > 0 ? 1 : 0;
    }
    CHECK(matrix->entries() == positive);
    CHECK(*matrix == testing::matrix({row}));
    CHECK(matrix->has_words() == testing::matrix({row}).has_words());
  }
  CHECK_FALSE(StochasticMatrix::of_row({}));
  for (const std::vector<Rational>& row : {std::vector<Rational>{0},
                                           {Rational::ratio(1, 2), Rational::ratio(1, 3)},
                                           {1, Rational::ratio(1, 3)},
                                           {2, -1},
                                           {-1, 2},
                                           {p, q},
                                           {p, Rational(1) - q},
                                           {Rational(1) + p, -p},
                                           {p, -p, 1},
                                           {Rational(1) + p, q, -p - q},
                                           {pow(Rational(2), 63), pow(Rational(2), 63), 1}})
    CHECK_FALSE(StochasticMatrix::of_row(row));
}

TEST_CASE("stochastic matrix: equality is of the numbers, not of how they are kept", "[matrix]") {
  const std::vector<std::uint64_t> quarters = {2, 2, 1, 3}, halves = {1, 1, 1, 1};
  const StochasticMatrix m(2, quarters, 4);
  CHECK(m == matrix({{q("1/2"), q("1/2")}, {q("1/4"), q("3/4")}}));
  CHECK_FALSE(m == StochasticMatrix(2, halves, 2));
  CHECK(StochasticMatrix(2, halves, 2) == StochasticMatrix::uniform(2, 2));
  CHECK_FALSE(m == without_words());
  CHECK(without_words() == StochasticMatrix(2, without_words().to_rows(), row_name));
  const StochasticMatrix first_row = matrix({{sliver_p, Rational(1) - sliver_p}});  // in words, p < 2^53
  const std::vector<std::uint64_t> one = {2, 2 * prime_p - 2};
  CHECK(first_row == StochasticMatrix(2, one, 2 * prime_p));
  CHECK_FALSE(StochasticMatrix::uniform(1, 2) == StochasticMatrix::uniform(2, 2));
}

TEST_CASE("stochastic matrix: expectations by hand", "[matrix]") {
  const StochasticMatrix m = matrix({{q("1/2"), q("1/3"), q("1/6")}, {0, 1, 0}});
  CHECK(mean(m, 0, {6, 12, 18}) == Rational(10));
  CHECK(mean(m, 0, {-1, q("1/2"), 1}) == q("-1/6"));
  CHECK(mean(m, 1, {6, 12, 18}) == Rational(12));
  const std::uint32_t columns[] = {2, 0};
  CHECK(mean(StochasticMatrix::deterministic(3, columns), 0, {6, 12, 18}) == Rational(18));
  CHECK(mean(without_words(), 0, {0, prime_p}) == Rational(prime_p - 1));
  CHECK(mean(without_words(), 1, {prime_q, 0}) == Rational(1));
}

TEST_CASE("stochastic matrix: expectations of intervals enclose the exact ones", "[matrix]") {
  const RoundUpward upward;
  const std::vector<Rational> values = {q("-1/3"), q("1/7")};
  const StochasticMatrix words = matrix({{q("1/10"), q("9/10")}, {0, 1}});
  for (const StochasticMatrix& m : {words, without_words()}) {
    for (const std::size_t row : {std::size_t{0}, std::size_t{1}}) {
      const Interval enclosure = enclosed_mean(m, row, values);
      CHECK(encloses(enclosure, mean(m, row, values)));
      CHECK((enclosure.lower() > -1 && enclosure.upper() < 1));  // and do not enclose everything
    }
  }
}
