#include "numeric/linear_system.hpp"

#include <flint/fmpq_mat.h>
#include <flint/fmpz_mat.h>

#include "numeric/detail/gmp.hpp"
#include "numeric/error.hpp"
#include "numeric/strong_components.hpp"

namespace lemmacheck {
namespace {

constexpr std::size_t most_dependent_unknowns = 3000;

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

/// The solution of a system whose unknowns all depend on each other: one dense matrix.
std::optional<std::vector<Rational>> dense_solution(const LinearSystem& system) {
  const std::size_t n = system.rows.size();
  if (n > most_dependent_unknowns)
    throw InvalidInput(std::to_string(n) + " unknowns of an exact solution depend on each other; up to " +
                       std::to_string(most_dependent_unknowns) +
                       " are solved, which takes minutes: ask for a horizon, or merge states");
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

/// The unknowns of each part of the system, such that a part depends on itself and on those before it.
std::vector<std::vector<std::uint32_t>> parts_in_order(const LinearSystem& system) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  const auto n = static_cast<std::uint32_t>(system.rows.size());
  for (std::uint32_t i = 0; i < n; ++i)
    for (const auto& [column, coefficient] : system.rows[i].entries)
      if (column != i && coefficient.sign() != 0) edges.emplace_back(i, column);
  const Components components = strong_components(n, edges);
  std::vector<std::vector<std::uint32_t>> parts(components.count);
  for (std::uint32_t i = 0; i < n; ++i) parts[components.of[i]].push_back(i);
  return parts;
}

}  // namespace

std::optional<std::vector<Rational>> solution(const LinearSystem& system) {
  constexpr std::size_t few = 32;  // looking for parts costs more than it saves
  if (system.rows.size() <= few) return dense_solution(system);
  std::vector<Rational> found(system.rows.size());
  std::vector<std::uint32_t> number(system.rows.size());
  std::vector<bool> inside(system.rows.size());
  for (const std::vector<std::uint32_t>& part : parts_in_order(system)) {
    for (std::uint32_t i = 0; i < part.size(); ++i) {
      number[part[i]] = i;
      inside[part[i]] = true;
    }
    LinearSystem block;
    for (const std::uint32_t i : part) {
      LinearSystem::Row& row = block.rows.emplace_back();
      row.right = system.rows[i].right;
      for (const auto& [column, coefficient] : system.rows[i].entries)
        if (inside[column])
          row.entries.emplace_back(number[column], coefficient);
        else if (coefficient.sign() != 0)
          row.right -= coefficient * found[column];
    }
    auto solved = dense_solution(block);
    if (!solved) return std::nullopt;
    for (std::size_t i = 0; i < part.size(); ++i) {
      found[part[i]] = std::move((*solved)[i]);
      inside[part[i]] = false;
    }
  }
  return found;
}

}  // namespace lemmacheck
