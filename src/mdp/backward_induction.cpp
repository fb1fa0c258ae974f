#include "mdp/backward_induction.hpp"

#include "mdp/column_sums.hpp"

namespace lemmacheck::detail {
namespace {

constexpr double smallest = 0x1p-960;  ///< what is below has no lower end but 0

/// The enclosures of a step's values with these upper ends, at row[s]; `shrink` is at most a lower end's
/// share.
LEMMACHECK_WIDE void enclose_below(const double* upper, std::size_t states, double shrink, Interval* row) {
  Quad above, minus_lower;
  for (std::size_t s = 0; s < states; s += quad) {
    std::memcpy(&above, upper + s, sizeof above);
    minus_lower = above < smallest ? Quad{0.0, 0.0, 0.0, 0.0} : (-above) * shrink;
    for (std::size_t i = 0; i < quad && s + i < states; ++i)
      row[s + i] = Interval::between(-minus_lower[i], above[i]);
  }
}

/// One step: next[s] = (sum_t N(t|s) values[t]) / D + rewards[s], rounded upward; `share` is at least 1 / D.
LEMMACHECK_WIDE void step_up(const DenseChain& chain, double share, const double* rewards,
                             const double* values, double* next) {
  const double* const columns = chain.columns.data();
  const auto block = [&]<std::size_t Quads>(std::size_t first) __attribute__((always_inline)) {
    Quad sums[Quads], reward;
    sum_columns<Quads>(sums, columns + first, chain.stride, values, chain.states);
    for (std::size_t i = 0; i < Quads; ++i) {
      std::memcpy(&reward, rewards + first + quad * i, sizeof reward);
      const Quad value = sums[i] * share + reward;
      std::memcpy(next + first + quad * i, &value, sizeof value);
    }
  };
  for_each_block(chain.stride, block);
}

}  // namespace

void enclose_from_above(ValueTable<Interval>& values, Step horizon, const DenseChain& chain,
                        const RewardTable& table) {
  constexpr double unit = 0x1p-52;
  const Count denominator(chain.denominator), reward_denominator(chain.reward_denominator);
  const double share = 1.0 / denominator.exact_double();
  Scratch<double> lists(3 * chain.stride);
  double *const rewards = lists.data(), *now = rewards + chain.stride, *next = now + chain.stride;
  for (std::size_t s = 0; s < chain.states; ++s)
    rewards[s] = now[s] = chain.rewards()[s] / reward_denominator.exact_double();
  const bool shifted = table.offset().sign() != 0;
  const Interval offset = shifted ? Interval::from(table.offset()) : Interval();
  // A product, S sums, 1 / D, its product and a reward a step; one more for the first reward, one for what is
  // small.
  const auto a_step = static_cast<double>(chain.states + 4);
  double operations = 2.0;
  for (Step h = horizon;; --h, operations += a_step) {
    Interval* const row = values.row(h);
    enclose_below(now, chain.states, 1.0 - operations * unit, row);
    if (shifted)
      for (std::size_t s = 0; s < chain.states; ++s)
        row[s] += scaled(offset, static_cast<std::uint64_t>(horizon - h + 1));
    if (h == 1) return;
    step_up(chain, share, rewards, now, next);
    std::swap(now, next);
  }
}

}  // namespace lemmacheck::detail
