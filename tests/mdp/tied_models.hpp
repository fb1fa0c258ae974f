// Small models of which endless sums are hard: several recurrent classes, states that are at rest, ties.
#pragma once

#include "mdp/finite_mdp.hpp"

namespace lemmacheck::testing {

/// Small models with many ties, zeros and absorbing states, from a plain counter.
class TiedModels {
 public:
  explicit TiedModels(std::uint64_t seed) : state_(seed) {}

  /// @param free_end  the last state stays and pays nothing. @param states  2, 3 or 4 where it is 0.
  FiniteMdp next(bool free_end, std::uint32_t states = 0) {
    const std::uint32_t n = states > 0 ? states : 2 + below(3), m = 2;
    StochasticMatrix::Rows rows;
    std::vector<Rational> rewards;
    for (std::uint32_t s = 0; s < n; ++s)
      for (std::uint32_t a = 0; a < m; ++a) {
        const bool end = free_end && s + 1 == n;
        const std::uint32_t first = end ? s : below(n), second = end ? s : below(n);
        if (first == second)
          rows.push_back({{first, 1}});
        else
          rows.push_back({{first, Rational::ratio(1, 3)}, {second, Rational::ratio(2, 3)}});
        rewards.push_back(end ? Rational(0) : Rational(static_cast<std::int64_t>(below(5)) - 2));
      }
    const std::uint32_t start[] = {below(n)};
    return FiniteMdp(StochasticMatrix::deterministic(n, start),
                     {StochasticMatrix(n, rows, [](std::size_t) { return std::string(); })},
                     RewardTable(n, m, std::move(rewards)), n, m);
  }

 private:
  std::uint32_t below(std::uint32_t n) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>(state_ >> 33U) % n;
  }
  std::uint64_t state_;
};

}  // namespace lemmacheck::testing
