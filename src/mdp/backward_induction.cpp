#include "mdp/backward_induction.hpp"

#include "mdp/column_sums.hpp"

namespace lemmacheck::detail {
namespace {

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
  constexpr double smallest = 0x1p-960, unit = 0x1p-52;
  const Count denominator(chain.denominator), reward_denominator(chain.reward_denominator);
  const double share = 1.0 / denominator.exact_double();
  Scratch<double> rewards(chain.stride), now, next(chain.stride);
  for (std::size_t s = 0; s < chain.states; ++s)
    rewards[s] = chain.rewards[s] / reward_denominator.exact_double();
  *now = *rewards;
  const bool shifted = table.offset().sign() != 0;
  const Interval offset = shifted ? Interval::from(table.offset()) : Interval();
  // A product, S sums, 1 / D, its product and a reward a step; one more for the first reward, one for what is
  // small.
  const auto a_step = static_cast<double>(chain.states + 4);
  double operations = 2.0;
  for (Step h = horizon;; --h, operations += a_step) {
    Interval* const row = values.row(h);
    const double shrink = 1.0 - operations * unit;
    for (std::size_t s = 0; s < chain.states; ++s) {
      const double upper = now[s], minus_lower = upper < smallest ? 0.0 : (-upper) * shrink;
      row[s] = Interval::between(-minus_lower, upper);
    }
    if (shifted)
      for (std::size_t s = 0; s < chain.states; ++s)
        row[s] += scaled(offset, static_cast<std::uint64_t>(horizon - h + 1));
    if (h == 1) return;
    step_up(chain, share, rewards.data(), now.data(), next.data());
    now->swap(*next);
  }
}

}  // namespace lemmacheck::detail
