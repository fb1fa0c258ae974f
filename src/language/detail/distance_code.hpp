/// Code of distances between laws. Private to the language layer.
#pragma once

#include <algorithm>
#include <utility>

#include "language/detail/law_code.hpp"
#include "learning/model_selection.hpp"
#include "mdp/distances.hpp"

namespace lemmacheck::detail {

/// ||p - q||_1, or half of it.
template <class N>
struct DistanceNumber : NumberCode<N> {
  DistanceNumber(std::unique_ptr<LawCode<N>> a, std::unique_ptr<LawCode<N>> b, bool half_of_it)
      : first(std::move(a)), second(std::move(b)), half(half_of_it) {}
  N eval(Frame<N>& frame) const override {
    std::vector<N> of_p, of_q;
    const RowRef<N> p = first->eval(frame, of_p), q = second->eval(frame, of_q);
    N total{};
    if (p.matrix != nullptr && q.matrix != nullptr) {
      using Exact = std::conditional_t<std::is_same_v<N, RealNumber>, Rational, N>;
      total = row_l1_distance<Exact>(*p.matrix, p.row, *q.matrix, q.row);
      return half ? Arithmetic<N>::divide(total, N(2)) : total;
    }
    for (std::size_t i = 0; i < p.columns; ++i)
      total += Arithmetic<N>::absolute(p.probability(i) - q.probability(i));
    return half ? Arithmetic<N>::divide(total, N(2)) : total;
  }
  std::unique_ptr<LawCode<N>> first, second;
  bool half;
};
/// p log(p / q), 0 where p is 0, infinite where q alone is.
template <class N>
N divergence_term(const N& p, const N& q) {
  using A = Arithmetic<N>;
  if (A::is_zero(p)) return N{};
  if constexpr (std::is_same_v<N, RealNumber>)
    if (A::is_zero(q)) return RealNumber::infinity(1);
  if constexpr (std::is_same_v<N, Interval>)
    if (A::is_zero(q) && p.lower() > 0) return infinite_interval();
  return p * A::logarithm(A::divide(p, q));
}

/// Of rows over common denominators: terms of equal masses are exactly 0.
inline Interval word_divergence(const RowRef<Interval>& p, const RowRef<Interval>& q) {
  const auto mass = [](const RowRef<Interval>& row, std::size_t e) {
    return Interval(row.matrix->word(e)) / Interval(row.matrix->denominator());
  };
  Interval total;
  std::size_t other = q.matrix->row_begin(q.row);
  const std::size_t end = q.matrix->row_end(q.row);
  for (std::size_t e = p.matrix->row_begin(p.row); e != p.matrix->row_end(p.row); ++e) {
    while (other != end && q.matrix->column(other) < p.matrix->column(e)) ++other;
    if (other == end || q.matrix->column(other) != p.matrix->column(e)) return infinite_interval();
    if (!same_probability(*p.matrix, e, *q.matrix, other))
      total += divergence_term(mass(p, e), mass(q, other));
  }
  return total;
}
template <class N>
struct DivergenceNumber : NumberCode<N> {
  DivergenceNumber(std::unique_ptr<LawCode<N>> a, std::unique_ptr<LawCode<N>> b)
      : first(std::move(a)), second(std::move(b)) {}
  N eval(Frame<N>& frame) const override {
    std::vector<N> of_p, of_q;
    const RowRef<N> p = first->eval(frame, of_p), q = second->eval(frame, of_q);
    if constexpr (std::is_same_v<N, RealNumber>)
      if (p.matrix != nullptr && q.matrix != nullptr)
        return RealNumber(row_kl(*p.matrix, p.row, *q.matrix, q.row));
    if constexpr (std::is_same_v<N, Interval>)
      if (p.matrix != nullptr && q.matrix != nullptr && p.matrix->has_words() && q.matrix->has_words())
        return word_divergence(p, q);
    N total{};
    p.each([&](std::uint32_t i, const N& mass) { total += divergence_term(mass, q.probability(i)); });
    return total;
  }
  std::unique_ptr<LawCode<N>> first, second;
};
template <class N>
struct EntropyNumber : NumberCode<N> {
  explicit EntropyNumber(std::unique_ptr<LawCode<N>> code) : law(std::move(code)) {}
  N eval(Frame<N>& frame) const override {
    N total{};
    std::vector<N> own;
    law->eval(frame, own).each([&](std::uint32_t, const N& p) { total -= p * Arithmetic<N>::logarithm(p); });
    return total;
  }
  std::unique_ptr<LawCode<N>> law;
};
/// The least cost of turning one distribution into the other: augmenting along cheapest paths.
template <class N>
struct TransportNumber : NumberCode<N> {
  TransportNumber(std::unique_ptr<LawCode<N>> a, std::unique_ptr<LawCode<N>> b,
                  std::unique_ptr<FieldCode<N>> distance)
      : first(std::move(a)), second(std::move(b)), cost(std::move(distance)) {}
  N eval(Frame<N>& frame) const override {
    if constexpr (may_be_unknown<N>) {
      return Arithmetic<N>::not_known();
    } else {
      std::vector<N> of_p, of_q;
      const RowRef<N> p = first->eval(frame, of_p), q = second->eval(frame, of_q);
      return least_cost(frame, p, q);
    }
  }

 private:
  N least_cost(Frame<N>& frame, const RowRef<N>& p, const RowRef<N>& q) const {
    using A = Arithmetic<N>;
    const std::size_t n = p.columns;
    std::vector<N> supply, demand;
    for (std::size_t i = 0; i < n; ++i) {
      supply.push_back(p.probability(i));
      demand.push_back(q.probability(i));
    }
    std::vector<std::vector<N>> flow(n, std::vector<N>(n)), price(n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) price[i].push_back(cost->eval(frame, 0, i * n + j));
    N total{};
    while (true) {
      // Cheapest ways from any source with supply to each sink, through flows that may be taken back.
      std::vector<std::optional<N>> source(n), sink(n);
      std::vector<std::size_t> from_source(n, n), from_sink(n, n);
      for (std::size_t i = 0; i < n; ++i)
        if (!A::is_zero(supply[i])) source[i] = N{};
      for (std::size_t round = 0; round < 2 * n + 1; ++round) {
        bool changed = false;
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t j = 0; j < n; ++j) {
            if (source[i]) {
              const N through = *source[i] + price[i][j];
              if (!sink[j] || A::is_less(through, *sink[j]) == Truth::yes) {
                sink[j] = through;
                from_source[j] = i;
                changed = true;
              }
            }
            if (sink[j] && !A::is_zero(flow[i][j])) {
              const N back = *sink[j] - price[i][j];
              if (!source[i] || A::is_less(back, *source[i]) == Truth::yes) {
                source[i] = back;
                from_sink[i] = j;
                changed = true;
              }
            }
          }
        if (!changed) break;
      }
      std::size_t best = n;
      for (std::size_t j = 0; j < n; ++j)
        if (!A::is_zero(demand[j]) && sink[j] &&
            (best == n || A::is_less(*sink[j], *sink[best]) == Truth::yes))
          best = j;
      if (best == n) return total;
      // How much the way can carry.
      N amount = demand[best];
      std::size_t j = best, i = from_source[j];
      std::size_t length = 0;
      while (true) {
        i = from_source[j];
        if (from_sink[i] == n || ++length > 2 * n) break;
        amount = A::smaller(amount, flow[i][from_sink[i]]);
        j = from_sink[i];
      }
      amount = A::smaller(amount, supply[i]);
      supply[i] -= amount;
      demand[best] -= amount;
      total += amount * *sink[best];
      j = best;
      for (std::size_t k = 0; k <= length; ++k) {
        i = from_source[j];
        flow[i][j] += amount;
        if (from_sink[i] == n) break;
        flow[i][from_sink[i]] -= amount;
        j = from_sink[i];
      }
    }
  }
  std::unique_ptr<LawCode<N>> first, second;
  std::unique_ptr<FieldCode<N>> cost;
};

}  // namespace lemmacheck::detail
