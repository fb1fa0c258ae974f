/// Values of a policy and of the optimum by backward induction over steps H, ..., 1.
#pragma once

#include <algorithm>
#include <vector>

#include "mdp/dense_chain.hpp"
#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// V_h(s) for h = 1..H+1, with V_{H+1} = 0; (H + 1) x S, unit: reward.
template <class N>
class ValueTable {
 public:
  ValueTable(Step horizon, std::uint32_t states) : ValueTable(horizon, states, {}) {}
  /// @param storage  is used again: V_1, ..., V_H are to be written where it is not empty.
  ValueTable(Step horizon, std::uint32_t states, std::vector<N> storage)
      : states_(states), values_(std::move(storage)) {
    values_.resize((static_cast<std::size_t>(horizon) + 1) * states);
    std::fill_n(row(horizon + 1), states, N{});
  }
  N& operator()(Step h, State s) { return values_[index(h, s)]; }
  const N& operator()(Step h, State s) const { return values_[index(h, s)]; }
  /// V_h of all states.
  N* row(Step h) { return &values_[index(h, State{0})]; }
  /// All of it, step after step.
  std::vector<N> release() && { return std::move(values_); }

 private:
  std::size_t index(Step h, State s) const { return static_cast<std::size_t>(h - 1) * states_ + s.value; }
  std::uint32_t states_;
  std::vector<N> values_;
};

namespace detail {

/// A stationary deterministic policy in a stationary kernel makes a Markov chain: its rows are looked up
/// once, not at every step, which halves the cost of the interval filter.
template <class N>
class InducedChain {
 public:
  static bool exists(const StationaryProcess& process) {
    return process.kernel.has_words() && process.choice.entries() == process.choice.rows();
  }

  explicit InducedChain(const StationaryProcess& process) : denominator_(process.kernel.denominator_count()) {
    const StochasticMatrix& kernel = process.kernel;
    rows_->reserve(process.states);
    for (std::uint32_t s = 0; s < process.states; ++s) {
      const std::uint32_t a = process.choice.column(s);
      const std::size_t row = std::size_t{s} * process.actions + a;
      const std::size_t first = kernel.row_begin(row);
      const std::span<const std::uint32_t> columns = kernel.row_columns(row);
      rows_->push_back({kernel.counts() + first, columns.data(), columns.size(), kernel.contiguous(row),
                        process.rewards.template get<N>(State{s}, Action{a})});
    }
  }

  /// V_h(s) from V_{h+1}.
  N value(std::size_t s, const N* next) const {
    const Row& row = rows_[s];
    if (row.size == 1) return row.reward + next[row.columns[0]];
    const N sum =
        row.contiguous
            ? N::dot(row.counts, next + row.columns[0], row.size)
            : N::sum(0, row.size, [&](std::size_t i) { return scaled(next[row.columns[i]], row.counts[i]); });
    return row.reward + divided(sum, denominator_);
  }
  const N& reward(std::size_t s) const { return rows_[s].reward; }

 private:
  struct Row {
    const Count* counts;
    const std::uint32_t* columns;
    std::size_t size;
    bool contiguous;
    N reward;
  };
  Scratch<Row> rows_;
  Count denominator_;
};

/// The values of a dense chain, any number type.
template <class N>
void dense_backward_induction(ValueTable<N>& values, Step horizon, const DenseChain& chain,
                              const RewardTable& table) {
  const std::size_t states = chain.states;
  const Count denominator(chain.denominator);
  Scratch<Count> rows(states * states);
  for (std::size_t s = 0; s < states; ++s)
    for (std::size_t t = 0; t < states; ++t)
      rows[s * states + t] = Count::of(chain.columns[t * chain.stride + s]);
  N* const last = values.row(horizon);
  for (std::size_t s = 0; s < states; ++s) {
    last[s] = N::ratio(static_cast<std::int64_t>(chain.rewards()[s]), chain.reward_denominator);
    if (table.offset().sign() != 0) last[s] += N::from(table.offset());
  }
  for (Step h = horizon - 1; h >= 1; --h)
    for (std::size_t s = 0; s < states; ++s)
      values.row(h)[s] = last[s] + divided(N::dot(&rows[s * states], values.row(h + 1), states), denominator);
}

/// Enclosures of them by upper ends alone, at half the cost. No number is negative, so that each operation,
/// rounded upward, makes at most 1 + 2^-52 times what it should, and after k of them the value is at least
/// the upper end times 1 - k 2^-52.
///
/// An operation whose result is below the normal numbers errs by up to 2^-1074 instead. All of them together
/// err by less than 2^-1020, which is less than 2^-52 of an upper end above 2^-960; below it the lower end is
/// 0. The two ends of a value never meet, so that no tie is decided by them: for worlds of some size, in
/// which ties are rare.
void enclose_from_above(ValueTable<Interval>& values, Step horizon, const DenseChain& chain,
                        const RewardTable& table);
constexpr std::uint32_t states_without_ties = 6;

/// @param choice_row  the policy's row at a step and state. @param kernel_at  the kernel of a step.
template <class N, class ChoiceRow, class KernelAt>
void policy_backward_induction(ValueTable<N>& values, Step horizon, std::uint32_t states,
                               std::uint32_t actions, const RewardTable& table,
                               const StochasticMatrix& choice, ChoiceRow&& choice_row, KernelAt&& kernel_at) {
  const std::vector<N> rewards = table.as<N>();
  for (Step h = horizon; h >= 1; --h) {
    const N* const next = values.row(h + 1);
    for (const State s : IndexRange<State>(states)) {
      values(h, s) = expectation<N>(choice, choice_row(h, s), [&](std::uint32_t a) {
        const std::size_t row = std::size_t{s.value} * actions + a;
        return h == horizon ? rewards[row] : rewards[row] + expectation<N>(kernel_at(h), row, next);
      });
    }
  }
}

}  // namespace detail

/// Bellman's equation for a policy (eq. (15.5)), written once over the number type:
///     V_h(s) = E_{a ~ pi_h(s)} [ r(s, a) + E_{s' ~ T_h(s, a)} V_{h+1}(s') ].
/// Cost: H times the number of transitions under the policy.
/// @param storage  is used again for the table.
template <class N>
ValueTable<N> policy_values(const StationaryProcess& process, Step horizon, std::vector<N> storage = {}) {
  ValueTable<N> values(horizon, process.states, std::move(storage));
  const bool looked_up = detail::InducedChain<N>::exists(process);
  const bool from_above = std::is_same_v<N, Interval> && process.states >= detail::states_without_ties;
  if (!looked_up || from_above)
    if (const auto chain = dense_chain(process, horizon)) {
      if constexpr (std::is_same_v<N, Interval>)
        if (from_above) {
          detail::enclose_from_above(values, horizon, *chain, process.rewards);
          return values;
        }
      detail::dense_backward_induction(values, horizon, *chain, process.rewards);
      return values;
    }
  if (looked_up) {
    const detail::InducedChain<N> chain(process);
    for (std::size_t s = 0; s < process.states; ++s) values.row(horizon)[s] = chain.reward(s);
    for (Step h = horizon - 1; h >= 1; --h)
      for (std::size_t s = 0; s < process.states; ++s) values.row(h)[s] = chain.value(s, values.row(h + 1));
    return values;
  }
  detail::policy_backward_induction(
      values, horizon, process.states, process.actions, process.rewards, process.choice,
      [](Step, State s) { return std::size_t{s.value}; },
      [&](Step) -> const StochasticMatrix& { return process.kernel; });
  return values;
}
template <class N>
ValueTable<N> policy_values(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  if (!model.time_varying() && policy.stationary())
    return policy_values<N>(StationaryProcess{model.kernel(1), model.rewards(), policy.table(),
                                              model.state_count(), model.action_count()},
                            horizon);
  ValueTable<N> values(horizon, model.state_count());
  detail::policy_backward_induction(
      values, horizon, model.state_count(), model.action_count(), model.rewards(), policy.table(),
      [&](Step h, State s) { return policy.row(h, s); },
      [&](Step h) -> const StochasticMatrix& { return model.kernel(h); });
  return values;
}

/// Bellman's optimality equation, V*_h(s) = max_a [ r(s, a) + E_{s' ~ T_h(s, a)} V*_{h+1}(s') ], written once
/// over the number type. `seen(h, s, a, q)` is told each action's value.
template <class N, class Seen>
ValueTable<N> optimal_values(const FiniteMdp& model, Step horizon, Seen&& seen) {
  ValueTable<N> values(horizon, model.state_count());
  const std::vector<N> rewards = model.rewards().as<N>();
  for (Step h = horizon; h >= 1; --h) {
    for (const State s : model.states()) {
      for (const Action a : model.actions()) {
        const std::size_t row = model.row(s, a);
        N value = rewards[row];
        if (h < horizon) value += expectation<N>(model.kernel(h), row, values.row(h + 1));
        seen(h, s, a, value);
        values(h, s) = a.value == 0 ? value : max(values(h, s), value);
      }
    }
  }
  return values;
}
template <class N>
ValueTable<N> optimal_values(const FiniteMdp& model, Step horizon) {
  return optimal_values<N>(model, horizon, [](Step, State, Action, const N&) {});
}

/// J = E_{s ~ rho_0} V_1(s).
template <class N, class Values>
N expected_value(const FiniteMdp& model, const Values& values) {
  return expectation<N>(model.initial(), 0, [&](std::uint32_t s) { return values(1, State{s}); });
}
/// J of a model's values less J' of another's.
template <class N, class Values>
N expected_gap(const FiniteMdp& model, const Values& values, const FiniteMdp& other, const Values& others) {
  return expected_value<N>(model, values) - expected_value<N>(other, others);
}

}  // namespace lemmacheck
