// Matrices made of rows of others.
#include "mdp/hand_made.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

using RowOf = StochasticMatrix::RowOf;

/// Row by row and entry by entry what `rows` name, read in rationals.
void check_assembled(const StochasticMatrix& result, std::uint32_t columns, const std::vector<RowOf>& rows) {
  REQUIRE(result.rows() == rows.size());
  CHECK(result.columns() == columns);
  StochasticMatrix::Rows expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::uint32_t column = 0; column < columns; ++column)
      CHECK(result.probability(i, column) == rows[i].matrix->probability(rows[i].row, column));
    expected.push_back(rows[i].matrix->to_rows()[rows[i].row]);
  }
  // Equal to, and as short as, the matrix built from the numbers.
  const StochasticMatrix built(columns, expected, [](std::size_t i) { return "row " + std::to_string(i); });
  CHECK(result == built);
  CHECK(built == result);
  CHECK(result.entries() == built.entries());
}

StochasticMatrix checked(std::uint32_t columns, const std::vector<RowOf>& rows) {
  const StochasticMatrix result = StochasticMatrix::assembled(columns, rows);
  check_assembled(result, columns, rows);
  return result;
}

StochasticMatrix sliver_rows() {
  const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
  return matrix({{p, Rational(1) - p, 0}, {0, r, Rational(1) - r}});
}

}  // namespace

TEST_CASE("assembled rows: counts over the least common denominator of the matrices", "[matrix]") {
  const StochasticMatrix halves = matrix({{q("1/2"), q("1/2"), 0}, {0, 1, 0}}),
                         quarters = matrix({{q("1/4"), 0, q("3/4")}}),
                         sixths = matrix({{q("1/6"), q("1/3"), q("1/2")}});
  const std::uint32_t columns[] = {2, 0};
  const StochasticMatrix points = StochasticMatrix::deterministic(3, columns);
  const StochasticMatrix result =
      checked(3, {{&sixths, 0}, {&points, 0}, {&halves, 1}, {&quarters, 0}, {&halves, 0}, {&points, 1}});
  REQUIRE(result.has_words());
  CHECK(result.denominator() == 12);
  CHECK((result.word(0) == 2 && result.word(1) == 4 && result.word(2) == 6 && result.word(3) == 12));
  CHECK(result.denominator_count().word() == 12);
  CHECK(checked(3, {{&points, 1}, {&points, 1}}).denominator() == 1);
  CHECK(checked(3, {{&halves, 0}, {&points, 0}, {&halves, 0}}).denominator() == 2);
}

TEST_CASE("assembled rows: rationals where a matrix has no counts, or their common denominator is too large",
          "[matrix]") {
  const StochasticMatrix none = sliver_rows(), halves = matrix({{q("1/2"), q("1/2"), 0}});
  REQUIRE_FALSE(none.has_words());
  CHECK_FALSE(checked(3, {{&none, 0}, {&none, 1}}).has_words());
  CHECK_FALSE(checked(3, {{&halves, 0}, {&none, 1}, {&halves, 0}}).has_words());
  const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
  const StochasticMatrix first = matrix({{p, Rational(1) - p, 0}}),
                         second = matrix({{0, r, Rational(1) - r}});
  REQUIRE((first.has_words() && second.has_words()));
  CHECK_FALSE(checked(3, {{&first, 0}, {&second, 0}}).has_words());
  CHECK_FALSE(checked(3, {{&first, 0}, {&second, 0}, {&halves, 0}}).has_words());
  CHECK(checked(3, {{&first, 0}, {&halves, 0}}).denominator() == 2 * prime_p);
  // The least common multiple, not the product, decides.
  CHECK(checked(3, {{&first, 0}, {&halves, 0}, {&first, 0}}).denominator() == 2 * prime_p);
}

TEST_CASE("assembled rows: rows of drawn kernels in any order, also twice", "[matrix]") {
  const Domain domain = model_pairs({.time_varying_models = true});
  for (std::uint64_t index = 0; index < 100; ++index) {
    const Instance instance = drawn(domain, index);
    ChoiceSource choices(PhiloxStream(24, index));
    std::vector<const StochasticMatrix*> kernels;
    for (const auto* model : {&*instance.model, &*instance.perturbed})
      for (const StochasticMatrix& kernel : model->kernels()) kernels.push_back(&kernel);
    std::vector<RowOf> rows;
    for (std::uint32_t i = choices.between(0, 12); i > 0; --i) {
      const StochasticMatrix* kernel = kernels[choices.below(static_cast<std::uint32_t>(kernels.size()))];
      rows.push_back({kernel, choices.below(static_cast<std::uint32_t>(kernel->rows()))});
    }
    INFO("instance " << index);
    checked(instance.model->state_count(), rows);
  }
}

TEST_CASE("widened: the same entries among more columns", "[matrix]") {
  for (const StochasticMatrix& m : {matrix({{q("1/3"), q("2/3"), 0}, {0, 0, 1}}), sliver_rows()}) {
    const StochasticMatrix wide = m.widened(5);
    CHECK(wide.columns() == 5);
    REQUIRE(wide.rows() == m.rows());
    CHECK(wide.entries() == m.entries());
    for (std::size_t row = 0; row < m.rows(); ++row) {
      for (std::uint32_t column = 0; column < 5; ++column)
        CHECK(wide.probability(row, column) == (column < 3 ? m.probability(row, column) : Rational(0)));
    }
    CHECK(wide == StochasticMatrix(5, m.to_rows(), [](std::size_t) { return std::string("row"); }));
    CHECK_FALSE(wide == m);
    CHECK(m.widened(3) == m);
    CHECK_THROWS_AS(m.widened(2), InternalError);
  }
}

TEST_CASE("assembled rows: of another width they are refused", "[matrix]") {
  const StochasticMatrix narrow = matrix({{1, 0}}), wide = matrix({{1, 0, 0}});
  const std::vector<RowOf> mixed = {{&wide, 0}, {&narrow, 0}};
  CHECK_THROWS_AS(StochasticMatrix::assembled(3, mixed), InternalError);
}
