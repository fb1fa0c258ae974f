/// Occupancy measures: where a policy is at each step.
#pragma once

#include "mdp/backward_induction.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck {

namespace detail {

/// The probability of an entry in the number type N.
template <class N>
N mass(const StochasticMatrix& matrix, std::size_t entry) {
  return matrix.has_words() ? N::ratio(static_cast<std::int64_t>(matrix.word(entry)), matrix.denominator())
                            : N::from(matrix.probability(entry));
}

}  // namespace detail

/// d_h(s) = P(s_h = s) for h = 1..H+1 under a policy in a model, starting from row `start_row` of `start`:
/// each step's measure is normalised (sums to 1).
///     d_1 = start,  d_{h+1}(s') = sum_{s, a} d_h(s) pi_h(a|s) T_h(s'|s, a).
template <class N>
ValueTable<N> occupancy_measure(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                                const StochasticMatrix& start, std::size_t start_row = 0) {
  ValueTable<N> occupancy(horizon, model.state_count());
  for (std::size_t e = start.row_begin(start_row); e != start.row_end(start_row); ++e)
    occupancy(1, State{start.column(e)}) = detail::mass<N>(start, e);
  const StochasticMatrix& choice = policy.table();
  for (Step h = 1; h <= horizon; ++h) {
    const StochasticMatrix& kernel = model.kernel(h);
    for (const State s : model.states()) {
      for (std::size_t e = choice.row_begin(policy.row(h, s)); e != choice.row_end(policy.row(h, s)); ++e) {
        const N taken = occupancy(h, s) * detail::mass<N>(choice, e);
        const std::size_t row = model.row(s, Action{choice.column(e)});
        for (std::size_t k = kernel.row_begin(row); k != kernel.row_end(row); ++k)
          occupancy(h + 1, State{kernel.column(k)}) += taken * detail::mass<N>(kernel, k);
      }
    }
  }
  return occupancy;
}

/// sum_{h < H} weight(h) d_h(s) pi_h(a|s) / sum_{h < H} weight(h): the steps whose transitions count. S A
/// numbers that sum to 1; needs H >= 2.
template <class N, class Weight>
std::vector<N> occupancy_before_last(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                                     Weight&& weight) {
  LEMMACHECK_INVARIANT(horizon >= 2);
  const ValueTable<N> occupancy = occupancy_measure<N>(model, policy, horizon - 1, model.initial());
  std::vector<N> masses(std::size_t{model.state_count()} * model.action_count());
  const StochasticMatrix& choice = policy.table();
  std::uint64_t total = 0;
  for (Step h = 1; h < horizon; ++h) {
    const std::uint64_t share = weight(h);
    total += share;
    for (const State s : model.states()) {
      const std::size_t row = policy.row(h, s);
      for (std::size_t e = choice.row_begin(row); e != choice.row_end(row); ++e)
        masses[model.row(s, Action{choice.column(e)})] +=
            scaled(occupancy(h, s) * detail::mass<N>(choice, e), share);
    }
  }
  for (N& mass : masses) mass = divided(mass, total);
  return masses;
}

/// d_w(s, a), where step h has weight H - h, of H (H - 1) / 2 in all: how much an error of the transition
/// model at (s, a) can matter.
template <class N>
std::vector<N> weighted_occupancy(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  return occupancy_before_last<N>(model, policy, horizon,
                                  [&](Step h) { return static_cast<std::uint64_t>(horizon - h); });
}

/// d(s, a), where all steps before the last have the same weight: the transitions that roll-outs show.
template <class N>
std::vector<N> plain_occupancy(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  return occupancy_before_last<N>(model, policy, horizon, [](Step) { return std::uint64_t{1}; });
}

/// The pairs (s, a) that a policy takes with positive probability at some step h < H: those whose
/// transitions it sees. S A flags.
inline std::vector<bool> visited_pairs(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  std::vector<bool> visited(std::size_t{model.state_count()} * model.action_count());
  Scratch<unsigned char> here(model.state_count());
  for (const std::uint32_t s : model.initial().row_columns(0)) here[s] = 1;
  for (Step h = 1; h < horizon; ++h) {
    Scratch<unsigned char> next(model.state_count());
    for (const State s : model.states()) {
      if (here[s.value] == 0) continue;
      for (const std::uint32_t a : policy.table().row_columns(policy.row(h, s))) {
        const std::size_t row = model.row(s, Action{a});
        visited[row] = true;
        for (const std::uint32_t t : model.kernel(h).row_columns(row)) next[t] = 1;
      }
    }
    here = std::move(next);
  }
  return visited;
}

}  // namespace lemmacheck
