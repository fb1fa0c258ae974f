#include "mdp/stochastic_matrix.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "numeric/error.hpp"

namespace lemmacheck {
namespace {

using Rows = StochasticMatrix::Rows;

/// The least common multiple of denominators, while it stays below the limit.
class CommonDenominator {
 public:
  /// A denominator of 0 has none.
  void include(std::uint64_t denominator) {
    if (lcm_ == 0 || denominator == 0 || denominator >= StochasticMatrix::max_denominator) {
      lcm_ = 0;
      return;
    }
    const std::uint64_t factor = denominator / std::gcd(lcm_, denominator);
    const bool fits = factor <= StochasticMatrix::max_denominator / lcm_ &&
                      lcm_ * factor < StochasticMatrix::max_denominator;
    lcm_ = fits ? lcm_ * factor : 0;
  }
  std::optional<std::uint64_t> value() const { return lcm_ == 0 ? std::nullopt : std::optional(lcm_); }

 private:
  std::uint64_t lcm_ = 1;
};

std::optional<std::uint64_t> common_denominator(const Rows& rows) {
  CommonDenominator common;
  for (const auto& row : rows)
    for (const auto& entry : row) common.include(entry.probability.denominator_word().value_or(0));
  return common.value();
}

std::optional<std::uint64_t> common_denominator(std::span<const StochasticMatrix::RowOf> rows) {
  CommonDenominator common;
  std::uint64_t last = 1;
  for (const auto& [matrix, row] : rows) {
    if (matrix->denominator() != last) common.include(matrix->denominator());
    last = matrix->denominator();
  }
  return common.value();
}

void check_row(std::uint32_t columns, const std::vector<StochasticMatrix::Entry>& sorted,
               const StochasticMatrix::RowName& name, std::size_t row) {
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto& [column, probability] = sorted[i];
    if (column >= columns)
      throw InvalidInput(name(row) + " names column " + std::to_string(column) + ", but there are " +
                         std::to_string(columns) + ", counted from 0");
    if (i > 0 && sorted[i - 1].column == column)
      throw InvalidInput(name(row) + " lists column " + std::to_string(column) +
                         " twice; add the two probabilities");
    if (probability.sign() < 0)
      throw InvalidInput(name(row) + " has the negative probability " + probability.to_string() +
                         "; probabilities are at least 0");
  }
}

/// Whether numbers >= 0 sum to 1; where they have a common denominator their counts are added.
bool sums_to_one(std::span<const StochasticMatrix::Entry> row, std::optional<std::uint64_t> denominator) {
  if (!denominator)
    return Rational::sum(0, row.size(), [&](std::size_t i) { return row[i].probability; }) == Rational(1);
  std::uint64_t left = *denominator;
  for (const auto& entry : row) {
    const auto count = entry.probability.scaled_to_word(*denominator);
    if (!count || *count > left) return false;
    left -= *count;
  }
  return left == 0;
}

}  // namespace

StochasticMatrix::StochasticMatrix(std::uint32_t columns, const Rows& rows, const RowName& name)
    : columns_(columns) {
  const auto lcm = common_denominator(rows);
  denominator_ = lcm.value_or(0);
  denominator_count_ = Count(denominator_);
  offsets_.reserve(rows.size() + 1);
  offsets_.push_back(0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto before = [](const Entry& a, const Entry& b) { return a.column < b.column; };
    const bool is_sorted = std::is_sorted(rows[i].begin(), rows[i].end(), before);
    std::vector<Entry> own;
    if (!is_sorted) {
      own = rows[i];
      std::stable_sort(own.begin(), own.end(), before);
    }
    const std::vector<Entry>& sorted = is_sorted ? rows[i] : own;
    check_row(columns, sorted, name, i);
    if (!sums_to_one(sorted, lcm)) {
      const Rational sum =
          Rational::sum(0, sorted.size(), [&](std::size_t e) { return sorted[e].probability; });
      throw InvalidInput(name(i) + " sums to " + sum.to_string() + ", expected 1");
    }
    for (const auto& [column, probability] : sorted) {
      if (probability.sign() == 0) continue;
      entry_columns_.push_back(column);
      if (lcm)
        counts_.emplace_back(probability.scaled_to_word(*lcm).value());
      else
        probabilities_.push_back(probability);
    }
    offsets_.push_back(entry_columns_.size());
  }
}

std::optional<StochasticMatrix> StochasticMatrix::of_row(std::span<const Rational> probabilities) {
  StochasticMatrix matrix;
  matrix.columns_ = static_cast<std::uint32_t>(probabilities.size());
  CommonDenominator common;
  for (const Rational& probability : probabilities)
    common.include(probability.denominator_word().value_or(0));
  matrix.denominator_ = common.value().value_or(0);
  matrix.denominator_count_ = Count(matrix.denominator_);
  matrix.entry_columns_.reserve(probabilities.size());
  if (matrix.has_words()) matrix.counts_.reserve(probabilities.size());
  std::uint64_t counted = 0;
  Rational sum;
  for (std::uint32_t column = 0; column < matrix.columns_; ++column) {
    const Rational& probability = probabilities[column];
    if (probability.sign() < 0) return std::nullopt;
    if (probability.sign() == 0) continue;
    matrix.entry_columns_.push_back(column);
    if (matrix.has_words()) {
      const auto count = probability.scaled_to_word(matrix.denominator_);
      if (!count || *count > matrix.denominator_ - counted) return std::nullopt;  // more than 1 in all
      counted += *count;
      matrix.counts_.emplace_back(*count);
    } else {
      sum += probability;
      matrix.probabilities_.push_back(probability);
    }
  }
  if (matrix.has_words() ? counted != matrix.denominator_ : sum != Rational(1)) return std::nullopt;
  matrix.offsets_ = {0, matrix.entry_columns_.size()};
  return matrix;
}

StochasticMatrix::StochasticMatrix(std::uint32_t columns, std::span<const std::uint64_t> counts,
                                   std::uint64_t denominator) {
  assign(columns, counts, denominator);
}

void StochasticMatrix::assign(std::uint32_t columns, std::span<const std::uint64_t> counts,
                              std::uint64_t denominator) {
  columns_ = columns;
  denominator_ = denominator;
  denominator_count_ = Count(denominator);
  probabilities_.clear();
  LEMMACHECK_INVARIANT(denominator > 0 && denominator < max_denominator);
  LEMMACHECK_INVARIANT(columns > 0 && counts.size() % columns == 0);
  const std::size_t rows = counts.size() / columns;
  offsets_.resize(rows + 1);
  offsets_[0] = 0;
  // Every number is written, and the next one overwrites a zero: which are zero cannot be predicted.
  entry_columns_.resize(counts.size() + 1);
  counts_.resize(counts.size() + 1);
  std::size_t entry = 0;
  const std::uint64_t* count = counts.data();
  for (std::size_t row = 0; row < rows; ++row) {
    std::uint64_t sum = 0;
    for (std::uint32_t c = 0; c < columns; ++c, ++count) {
      entry_columns_[entry] = c;
      counts_[entry] = Count(*count);
      entry += *count != 0 ? 1 : 0;
      sum += *count;
    }
    if (sum != denominator)
      throw InvalidInput("row " + std::to_string(row) + " sums to " + std::to_string(sum) + "/" +
                         std::to_string(denominator) + ", expected 1");
    offsets_[row + 1] = entry;
  }
  entry_columns_.resize(entry);
  counts_.resize(entry);
}

StochasticMatrix::Builder::Builder(std::uint32_t columns, std::uint64_t denominator) {
  matrix_.columns_ = columns;
  matrix_.denominator_ = denominator;
  matrix_.denominator_count_ = Count(denominator);
  matrix_.offsets_.push_back(0);
}

void StochasticMatrix::Builder::add(std::uint32_t column, std::uint64_t count) {
  if (count == 0) return;
  sum_ += count;
  matrix_.entry_columns_.push_back(column);
  matrix_.counts_.emplace_back(count);
}

void StochasticMatrix::Builder::end_row() {
  LEMMACHECK_INVARIANT(sum_ == matrix_.denominator_);
  sum_ = 0;
  matrix_.offsets_.push_back(matrix_.entry_columns_.size());
}

StochasticMatrix StochasticMatrix::deterministic(std::uint32_t columns,
                                                 std::span<const std::uint32_t> column_of_row) {
  StochasticMatrix result;
  result.columns_ = columns;
  result.offsets_.reserve(column_of_row.size() + 1);
  result.offsets_.push_back(0);
  result.entry_columns_.reserve(column_of_row.size());
  result.counts_.reserve(column_of_row.size());
  for (const std::uint32_t column : column_of_row) {
    if (column >= columns) throw InvalidInput("column " + std::to_string(column) + " is out of range");
    result.entry_columns_.push_back(column);
    result.counts_.emplace_back(std::uint64_t{1});
    result.offsets_.push_back(result.entry_columns_.size());
  }
  return result;
}

StochasticMatrix StochasticMatrix::widened(std::uint32_t columns) const {
  LEMMACHECK_INVARIANT(columns >= columns_);
  StochasticMatrix result = *this;
  result.columns_ = columns;
  return result;
}

StochasticMatrix StochasticMatrix::assembled(std::uint32_t columns, std::span<const RowOf> rows) {
  StochasticMatrix result;
  result.columns_ = columns;
  result.denominator_ = common_denominator(rows).value_or(0);
  result.denominator_count_ = Count(result.denominator_);
  std::size_t entries = 0;
  for (const auto& [matrix, row] : rows) entries += matrix->row_end(row) - matrix->row_begin(row);
  result.offsets_.resize(rows.size() + 1);
  result.entry_columns_.resize(entries);
  if (result.has_words())
    result.counts_.resize(entries);
  else
    result.probabilities_.reserve(entries);
  std::size_t entry = 0;
  std::uint64_t of_last = 1;  // the denominator of the row before
  double factor = result.denominator_count_.exact_double();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [matrix, row] = rows[i];
    LEMMACHECK_INVARIANT(matrix->columns_ == columns);
    if (result.has_words() && matrix->denominator_ != of_last) {
      of_last = matrix->denominator_;
      factor = Count(result.denominator_ / of_last).exact_double();
    }
    for (std::size_t e = matrix->row_begin(row); e != matrix->row_end(row); ++e, ++entry) {
      result.entry_columns_[entry] = matrix->entry_columns_[e];
      if (result.has_words())
        result.counts_[entry] = Count::of(matrix->counts_[e].exact_double() * factor);  // below 2^53
      else
        result.probabilities_.push_back(matrix->probability(e));
    }
    result.offsets_[i + 1] = entry;
  }
  return result;
}

StochasticMatrix StochasticMatrix::uniform(std::size_t rows, std::uint32_t columns) {
  return StochasticMatrix(columns, std::vector<std::uint64_t>(rows * columns, 1), columns);
}

Rational StochasticMatrix::probability(std::size_t entry) const {
  if (!has_words()) return probabilities_[entry];
  return Rational(word(entry)) / Rational(denominator_);
}

Rational StochasticMatrix::probability(std::size_t row, std::uint32_t wanted) const {
  for (std::size_t e = row_begin(row); e != row_end(row); ++e)
    if (entry_columns_[e] == wanted) return probability(e);
  return 0;
}

Rows StochasticMatrix::to_rows() const {
  Rows result(rows());
  for (std::size_t row = 0; row < rows(); ++row)
    for (std::size_t e = row_begin(row); e != row_end(row); ++e)
      result[row].push_back({entry_columns_[e], probability(e)});
  return result;
}

bool operator==(const StochasticMatrix& a, const StochasticMatrix& b) {
  if (a.columns_ != b.columns_ || a.offsets_ != b.offsets_ || a.entry_columns_ != b.entry_columns_)
    return false;
  if (a.denominator_ == b.denominator_) return a.counts_ == b.counts_ && a.probabilities_ == b.probabilities_;
  for (std::size_t e = 0; e < a.entries(); ++e)
    if (a.probability(e) != b.probability(e)) return false;
  return true;
}

}  // namespace lemmacheck
