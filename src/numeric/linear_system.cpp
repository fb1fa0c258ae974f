#include "numeric/linear_system.hpp"

#include <flint/fmpq_mat.h>
#include <flint/fmpz_mat.h>

#include "numeric/detail/gmp.hpp"

namespace lemmacheck {
namespace {

struct IntegerMatrix {
  IntegerMatrix(std::size_t rows, std::size_t columns) {
    fmpz_mat_init(value, static_cast<slong>(rows), static_cast<slong>(columns));
  }
  ~IntegerMatrix() { fmpz_mat_clear(value); }
  IntegerMatrix(const IntegerMatrix&) = delete;
  IntegerMatrix& operator=(const IntegerMatrix&) = delete;
  fmpz* at(std::size_t row, std::size_t column) {
    return fmpz_mat_entry(value, static_cast<slong>(row), static_cast<slong>(column));
  }
  fmpz_mat_t value;
};

struct RationalColumn {
  explicit RationalColumn(std::size_t rows) { fmpq_mat_init(value, static_cast<slong>(rows), 1); }
  ~RationalColumn() { fmpq_mat_clear(value); }
  RationalColumn(const RationalColumn&) = delete;
  RationalColumn& operator=(const RationalColumn&) = delete;
  Rational take(std::size_t row) {
    detail::GmpScratch scratch;
    fmpq_get_mpq(scratch, fmpq_mat_entry(value, static_cast<slong>(row), 0));
    return scratch.take();
  }
  fmpq_mat_t value;
};

/// A natural number of any size.
struct Whole {
  Whole() { mpz_init(value); }
  ~Whole() { mpz_clear(value); }
  Whole(const Whole&) = delete;
  Whole& operator=(const Whole&) = delete;
  mpz_t value;
};

/// A row of the system times the common denominator of its numbers.
void put_row(const LinearSystem::Row& row, std::size_t at, IntegerMatrix& left, IntegerMatrix& right) {
  Whole common, scaled;
  mpz_set_ui(common.value, 1);
  const auto join = [&](const Rational& number) {
    mpz_lcm(common.value, common.value, detail::GmpView(number).denominator());
  };
  for (const auto& [column, coefficient] : row.entries) join(coefficient);
  join(row.right);
  const auto add = [&](const Rational& number, fmpz* target) {
    const detail::GmpView view(number);
    mpz_divexact(scaled.value, common.value, view.denominator());
    mpz_mul(scaled.value, scaled.value, view.numerator());
    fmpz_t term;
    fmpz_init(term);
    fmpz_set_mpz(term, scaled.value);
    fmpz_add(target, target, term);
    fmpz_clear(term);
  };
  for (const auto& [column, coefficient] : row.entries) add(coefficient, left.at(at, column));
  add(row.right, right.at(at, 0));
}

}  // namespace

std::optional<std::vector<Rational>> solution(const LinearSystem& system) {
  const std::size_t n = system.rows.size();
  IntegerMatrix left(n, n), right(n, 1);
  for (std::size_t i = 0; i < n; ++i) put_row(system.rows[i], i, left, right);
  RationalColumn found(n);
  constexpr std::size_t few = 20;
  const int solved = n <= few ? fmpq_mat_solve_fmpz_mat_fraction_free(found.value, left.value, right.value)
                              : fmpq_mat_solve_fmpz_mat_dixon(found.value, left.value, right.value);
  if (solved == 0) return std::nullopt;
  std::vector<Rational> result;
  for (std::size_t i = 0; i < n; ++i) result.push_back(found.take(i));
  return result;
}

}  // namespace lemmacheck
