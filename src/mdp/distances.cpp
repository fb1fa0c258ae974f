#include "mdp/distances.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <optional>

#include "mdp/column_sums.hpp"
#include "numeric/residue_interval.hpp"

namespace lemmacheck {
namespace {

using detail::Quad, detail::quad;

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// Calls visit(entry of p or none, entry of q or none) for each column where either has an entry.
template <class Visit>
void merge_rows(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q, std::size_t q_row,
                Visit&& visit) {
  std::size_t i = p.row_begin(p_row), j = q.row_begin(q_row);
  const std::size_t i_end = p.row_end(p_row), j_end = q.row_end(q_row);
  while (i != i_end || j != j_end) {
    if (j == j_end || (i != i_end && p.column(i) < q.column(j)))
      visit(i++, none);
    else if (i == i_end || q.column(j) < p.column(i))
      visit(none, j++);
    else
      visit(i++, j++);
  }
}

enum class Norm { l1, total_variation };

/// What one column adds to the distance; `P` is a signed integer or Rational.
template <class P>
P part(const P& p, const P& q, Norm norm) {
  if (p >= q) return p - q;
  return norm == Norm::l1 ? q - p : P(0);
}

/// Whole numbers in doubles: every partial sum is at most 2 D < 2^53, hence exact in any rounding mode; in
/// two sums side by side. Rows of equal sums differ by as much above as below: total variation is half of L1.
std::int64_t dense_distance(const Count* p, const Count* q, std::size_t size, Norm norm) {
  const auto size_of = [&](std::size_t i) { return std::fabs(p[i].exact_double() - q[i].exact_double()); };
  double even = 0.0, odd = 0.0;
  std::size_t i = 0;
  for (; i + 1 < size; i += 2) {
    even += size_of(i);
    odd += size_of(i + 1);
  }
  if (i < size) even += size_of(i);
  const auto l1 = static_cast<std::int64_t>(even + odd);
  return norm == Norm::l1 ? l1 : l1 / 2;
}

std::int64_t word_distance(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q,
                           std::size_t q_row, Norm norm) {
  const auto p_columns = p.row_columns(p_row), q_columns = q.row_columns(q_row);
  const bool small = p.denominator() < StochasticMatrix::max_denominator / 2;
  if (small && std::ranges::equal(p_columns, q_columns))
    return dense_distance(p.counts() + p.row_begin(p_row), q.counts() + q.row_begin(q_row), p_columns.size(),
                          norm);
  std::int64_t sum = 0;
  merge_rows(p, p_row, q, q_row, [&](std::size_t i, std::size_t j) {
    const auto a = i == none ? std::int64_t{0} : static_cast<std::int64_t>(p.word(i));
    const auto b = j == none ? std::int64_t{0} : static_cast<std::int64_t>(q.word(j));
    sum += part(a, b, norm);
  });
  return sum;
}

constexpr std::uint32_t few_columns = 64;

/// sum of max(p - q, 0) of two full rows, four columns side by side.
[[gnu::always_inline]] inline double full_row_variation(const Count* p, const Count* q, std::size_t columns) {
  static_assert(sizeof(Count) == sizeof(double));
  Quad sum{0.0, 0.0, 0.0, 0.0}, a, b;
  std::size_t i = 0;
  for (; i + quad <= columns; i += quad) {
    std::memcpy(&a, p + i, sizeof a);
    std::memcpy(&b, q + i, sizeof b);
    sum += a > b ? a - b : Quad{0.0, 0.0, 0.0, 0.0};
  }
  double total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  for (; i < columns; ++i) total += std::max(p[i].exact_double() - q[i].exact_double(), 0.0);
  return total;
}

/// The largest total variation distance of two matrices' rows, over D. Of rows that are not full it is
/// D - sum min(p, q), looked up column by column, since which columns they share cannot be predicted.
LEMMACHECK_WIDE std::int64_t largest_total_variation(const StochasticMatrix& p, const StochasticMatrix& q) {
  std::array<double, few_columns> of_p;
  const std::size_t columns = p.columns();
  std::fill_n(of_p.begin(), columns, 0.0);
  const double denominator = p.denominator_count().exact_double();
  double largest = 0.0;
  for (std::size_t row = 0; row < p.rows(); ++row) {
    const std::size_t first = p.row_begin(row), last = p.row_end(row), start = q.row_begin(row),
                      end = q.row_end(row);
    if (last - first == columns && end - start == columns) {
      largest = std::max(largest, full_row_variation(p.counts() + first, q.counts() + start, columns));
      continue;
    }
    for (std::size_t e = first; e != last; ++e) of_p[p.column(e)] = p.count(e).exact_double();
    double shared = 0.0;
    for (std::size_t e = start; e != end; ++e)
      shared += std::min(of_p[q.column(e)], q.count(e).exact_double());
    for (std::size_t e = first; e != last; ++e) of_p[p.column(e)] = 0.0;
    largest = std::max(largest, denominator - shared);
  }
  return static_cast<std::int64_t>(largest);
}

Rational exact_distance(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q,
                        std::size_t q_row, Norm norm) {
  Rational sum;
  merge_rows(p, p_row, q, q_row, [&](std::size_t i, std::size_t j) {
    const Rational a = i == none ? Rational(0) : p.probability(i);
    const Rational b = j == none ? Rational(0) : q.probability(j);
    sum += part(a, b, norm);
  });
  return sum;
}

/// The same over the least common denominator of two matrices, where that is small: (sum, denominator).
std::optional<std::pair<std::int64_t, std::uint64_t>> common_word_distance(const StochasticMatrix& p,
                                                                           std::size_t p_row,
                                                                           const StochasticMatrix& q,
                                                                           std::size_t q_row, Norm norm) {
  if (!p.has_words() || !q.has_words()) return std::nullopt;
  const std::uint64_t of_p = q.denominator() / std::gcd(p.denominator(), q.denominator());
  constexpr std::uint64_t most = StochasticMatrix::max_denominator / 2;
  if (of_p > most / p.denominator()) return std::nullopt;
  const std::uint64_t denominator = p.denominator() * of_p, of_q = denominator / q.denominator();
  std::int64_t sum = 0;
  merge_rows(p, p_row, q, q_row, [&](std::size_t i, std::size_t j) {
    const auto a = i == none ? std::int64_t{0} : static_cast<std::int64_t>(p.word(i) * of_p);
    const auto b = j == none ? std::int64_t{0} : static_cast<std::int64_t>(q.word(j) * of_q);
    sum += part(a, b, norm);
  });
  return std::pair(sum, denominator);
}

bool share_words(const StochasticMatrix& p, const StochasticMatrix& q) {
  return p.has_words() && p.denominator() == q.denominator();
}

/// sum / denominator; the sum is below 2^54, one bit more than `ratio` takes exactly.
template <class N>
N word_ratio(std::int64_t sum, std::uint64_t denominator) {
  return sum < (std::int64_t{1} << 53) ? N::ratio(sum, denominator)
                                       : N::from(Rational::ratio(sum, denominator));
}

template <class N>
N row_distance(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q, std::size_t q_row,
               Norm norm) {
  if (share_words(p, q)) return word_ratio<N>(word_distance(p, p_row, q, q_row, norm), p.denominator());
  if (const auto common = common_word_distance(p, p_row, q, q_row, norm))
    return word_ratio<N>(common->first, common->second);
  return N::from(exact_distance(p, p_row, q, q_row, norm));
}

template <class N>
N kernel_distance(const StochasticMatrix& p, const StochasticMatrix& q, Norm norm) {
  if (share_words(p, q)) {
    if (p.columns() <= few_columns)
      return word_ratio<N>(largest_total_variation(p, q) * (norm == Norm::l1 ? 2 : 1), p.denominator());
    std::int64_t largest = 0;
    for (std::size_t row = 0; row < p.rows(); ++row)
      largest = std::max(largest, word_distance(p, row, q, row, norm));
    return word_ratio<N>(largest, p.denominator());
  }
  N largest{};
  for (std::size_t row = 0; row < p.rows(); ++row)
    largest = max(largest, row_distance<N>(p, row, q, row, norm));
  return largest;
}

template <class N>
N model_distance(const FiniteMdp& model, const FiniteMdp& other, Step horizon, Norm norm) {
  const bool varying = model.time_varying() || other.time_varying();
  N largest{};
  for (Step h = 1; h == 1 || (varying && h < horizon); ++h)
    largest = max(largest, kernel_distance<N>(model.kernel(h), other.kernel(h), norm));
  return largest;
}

}  // namespace

template <class N>
N row_l1_distance(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q,
                  std::size_t q_row) {
  return row_distance<N>(p, p_row, q, q_row, Norm::l1);
}

template <class N>
N max_row_l1_distance(const StochasticMatrix& p, const StochasticMatrix& q) {
  return kernel_distance<N>(p, q, Norm::l1);
}

template <class N>
N row_total_variation(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q,
                      std::size_t q_row) {
  return row_distance<N>(p, p_row, q, q_row, Norm::total_variation);
}

template <class N>
N l1_distance(const FiniteMdp& model, const FiniteMdp& other, Step horizon) {
  return model_distance<N>(model, other, horizon, Norm::l1);
}

template <class N>
N total_variation(const FiniteMdp& model, const FiniteMdp& other, Step horizon) {
  return model_distance<N>(model, other, horizon, Norm::total_variation);
}

#define LEMMACHECK_INSTANTIATE(N)                                                                            \
  template N row_l1_distance<N>(const StochasticMatrix&, std::size_t, const StochasticMatrix&, std::size_t); \
  template N max_row_l1_distance<N>(const StochasticMatrix&, const StochasticMatrix&);                       \
  template N row_total_variation<N>(const StochasticMatrix&, std::size_t, const StochasticMatrix&,           \
                                    std::size_t);                                                            \
  template N l1_distance<N>(const FiniteMdp&, const FiniteMdp&, Step);                                       \
  template N total_variation<N>(const FiniteMdp&, const FiniteMdp&, Step);
LEMMACHECK_INSTANTIATE(Rational)
LEMMACHECK_INSTANTIATE(Interval)
LEMMACHECK_INSTANTIATE(ResidueInterval)
#undef LEMMACHECK_INSTANTIATE

}  // namespace lemmacheck
