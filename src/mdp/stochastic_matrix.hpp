/// Sparse matrices whose rows are probability distributions, exactly.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "numeric/interval.hpp"
#include "numeric/rational.hpp"

namespace lemmacheck {

/// rows x columns, sparse; every row is non-negative and sums to exactly 1.
///
/// Transition kernels (S A x S), policies (S x A or H S x A), initial distributions (1 x S) and sampling
/// distributions (1 x S A) are all of this kind. Probabilities are natural numbers over one common
/// denominator D < 2^53 where such a D exists (`has_words`), which is what makes both the interval filter
/// and the fraction-free path fast; otherwise they are kept as rationals.
class StochasticMatrix {
 public:
  struct Entry {
    std::uint32_t column;
    Rational probability;
  };
  using Rows = std::vector<std::vector<Entry>>;
  /// Names row i in an error message: "row (s=3, a=1)".
  using RowName = std::function<std::string(std::size_t)>;

  static constexpr std::uint64_t max_denominator = std::uint64_t{1} << 53U;

  StochasticMatrix() = default;

  /// Builds from rows of (column, probability); zeros are dropped.
  /// @throws InvalidInput for a column out of range or twice in a row, a negative probability, or a row
  /// which does not sum to 1, naming the row by `name`.
  StochasticMatrix(std::uint32_t columns, const Rows& rows, const RowName& name);

  /// One row of probabilities, one for each column, zeros included; nothing where some is negative or their
  /// sum is not 1.
  static std::optional<StochasticMatrix> of_row(std::span<const Rational> probabilities);

  /// Builds from natural numbers over `denominator`; `counts` is dense, rows x columns, row by row.
  /// @throws InvalidInput if a row does not sum to `denominator`.
  StochasticMatrix(std::uint32_t columns, std::span<const std::uint64_t> counts, std::uint64_t denominator);
  /// The same in this one's storage.
  void assign(std::uint32_t columns, std::span<const std::uint64_t> counts, std::uint64_t denominator);

  /// Builds row by row from natural numbers over `denominator`, columns ascending.
  class Builder;
  /// Every row puts all its mass on one column.
  static StochasticMatrix deterministic(std::uint32_t columns, std::span<const std::uint32_t> column_of_row);
  /// The same rows over more columns, which get no mass.
  StochasticMatrix widened(std::uint32_t columns) const;
  struct RowOf {
    const StochasticMatrix* matrix;
    std::size_t row;
  };
  /// Row i is the row of a matrix that `rows[i]` names; all have `columns` columns.
  static StochasticMatrix assembled(std::uint32_t columns, std::span<const RowOf> rows);
  static StochasticMatrix uniform(std::size_t rows, std::uint32_t columns);

  std::size_t rows() const { return offsets_.size() - (offsets_.empty() ? 0 : 1); }
  std::uint32_t columns() const { return columns_; }
  std::size_t entries() const { return entry_columns_.size(); }
  bool has_words() const { return denominator_ != 0; }
  /// The common denominator D, 0 where there is none below 2^53.
  std::uint64_t denominator() const { return denominator_; }
  Count denominator_count() const { return denominator_count_; }

  /// Positions [begin, end) of row i's entries; columns ascend.
  std::size_t row_begin(std::size_t row) const { return offsets_[row]; }
  std::size_t row_end(std::size_t row) const { return offsets_[row + 1]; }
  std::uint32_t column(std::size_t entry) const { return entry_columns_[entry]; }
  std::span<const std::uint32_t> row_columns(std::size_t row) const {
    return std::span(entry_columns_).subspan(row_begin(row), row_end(row) - row_begin(row));
  }
  /// Whether row i's columns follow each other without a gap, as those of a dense row do.
  bool contiguous(std::size_t row) const {
    const std::size_t first = row_begin(row), last = row_end(row) - 1;
    return entry_columns_[last] - entry_columns_[first] == last - first;
  }
  /// The entry's probability times D, where has_words().
  Count count(std::size_t entry) const { return counts_[entry]; }
  const Count* counts() const { return counts_.data(); }
  std::uint64_t word(std::size_t entry) const { return counts_[entry].word(); }
  Rational probability(std::size_t entry) const;
  Rational probability(std::size_t row, std::uint32_t column) const;
  Rows to_rows() const;

  friend bool operator==(const StochasticMatrix& a, const StochasticMatrix& b);

 private:
  std::uint32_t columns_ = 0;
  std::vector<std::size_t> offsets_;  // of rows + 1, or none
  std::vector<std::uint32_t> entry_columns_;
  std::vector<Count> counts_;            // where has_words()
  std::vector<Rational> probabilities_;  // elsewhere
  std::uint64_t denominator_ = 1;
  Count denominator_count_{std::uint64_t{1}};
};

class StochasticMatrix::Builder {
 public:
  Builder(std::uint32_t columns, std::uint64_t denominator);
  /// The next entry of the row in work; 0 is left out.
  void add(std::uint32_t column, std::uint64_t count);
  /// @throws InternalError unless the row sums to the denominator.
  void end_row();
  StochasticMatrix build() && { return std::move(matrix_); }

 private:
  StochasticMatrix matrix_;
  std::uint64_t sum_ = 0;
};

/// Whether two entries have the same probability, where both matrices have words.
inline bool same_probability(const StochasticMatrix& a, std::size_t entry, const StochasticMatrix& b,
                             std::size_t other) {
  __extension__ using DoubleWord = unsigned __int128;
  return DoubleWord{a.word(entry)} * b.denominator() == DoubleWord{b.word(other)} * a.denominator();
}

/// E_{column ~ row} value(column), in the number type N. This is the inner loop of everything; inlined by
/// force, since GCC's own judgement costs the interval filter a third.
template <class N, std::invocable<std::uint32_t> Value>
[[gnu::always_inline]] inline N expectation(const StochasticMatrix& matrix, std::size_t row, Value&& value) {
  const std::size_t first = matrix.row_begin(row), last = matrix.row_end(row);
  if (last - first == 1) return value(matrix.column(first));  // one sure outcome
  if (!matrix.has_words())
    return N::sum(first, last,
                  [&](std::size_t e) { return N::from(matrix.probability(e)) * value(matrix.column(e)); });
  const N sum =
      N::sum(first, last, [&](std::size_t e) { return scaled(value(matrix.column(e)), matrix.count(e)); });
  return divided(sum, matrix.denominator_count());
}

/// sum of count x values[column] over a row, where has_words(): the expectation times the denominator.
template <class N>
[[gnu::always_inline]] inline N counted_sum(const StochasticMatrix& matrix, std::size_t row,
                                            const N* values) {
  const std::size_t first = matrix.row_begin(row), last = matrix.row_end(row);
  if (matrix.contiguous(row))
    return N::dot(matrix.counts() + first, values + matrix.column(first), last - first);
  return N::sum(first, last,
                [&](std::size_t e) { return scaled(values[matrix.column(e)], matrix.count(e)); });
}

/// An expectation of values in an array, indexed by column.
template <class N>
[[gnu::always_inline]] inline N expectation(const StochasticMatrix& matrix, std::size_t row,
                                            const N* values) {
  const std::size_t first = matrix.row_begin(row);
  if (matrix.row_end(row) - first == 1) return values[matrix.column(first)];
  if (!matrix.has_words() || !matrix.contiguous(row))
    return expectation<N>(matrix, row, [values](std::uint32_t column) -> const N& { return values[column]; });
  return divided(counted_sum(matrix, row, values), matrix.denominator_count());
}

}  // namespace lemmacheck
