/// Occupancy measures: where a policy is at each step.
#pragma once

#include "mdp/backward_induction.hpp"

namespace lemmacheck {

/// d_h(s) = P(s_h = s) for h = 1..H+1 under a policy in a model, starting from row `start_row` of `start`:
/// each step's measure is normalised (sums to 1).
///     d_1 = start,  d_{h+1}(s') = sum_{s, a} d_h(s) pi_h(a|s) T_h(s'|s, a).
template <class N>
ValueTable<N> occupancy_measure(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                                const StochasticMatrix& start, std::size_t start_row = 0) {
  ValueTable<N> occupancy(horizon, model.state_count());
  const auto mass = [](const StochasticMatrix& m, std::size_t e) {
    return m.has_words() ? N::ratio(static_cast<std::int64_t>(m.word(e)), m.denominator())
                         : N::from(m.probability(e));
  };
  for (std::size_t e = start.row_begin(start_row); e != start.row_end(start_row); ++e)
    occupancy(1, State{start.column(e)}) = mass(start, e);
  const StochasticMatrix& choice = policy.table();
  for (Step h = 1; h <= horizon; ++h) {
    const StochasticMatrix& kernel = model.kernel(h);
    for (const State s : model.states()) {
      for (std::size_t e = choice.row_begin(policy.row(h, s)); e != choice.row_end(policy.row(h, s)); ++e) {
        const N taken = occupancy(h, s) * mass(choice, e);
        const std::size_t row = model.row(s, Action{choice.column(e)});
        for (std::size_t k = kernel.row_begin(row); k != kernel.row_end(row); ++k)
          occupancy(h + 1, State{kernel.column(k)}) += taken * mass(kernel, k);
      }
    }
  }
  return occupancy;
}

}  // namespace lemmacheck
