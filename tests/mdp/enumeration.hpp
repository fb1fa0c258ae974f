/// Trajectories and policies one by one: what values, occupancies and optima are by definition.
#pragma once

#include <vector>

#include "mdp/hand_made.hpp"

namespace lemmacheck::testing {

/// A trajectory from `rows.size()` steps on: the kernel's row of each step's (s, a) so far.
template <class Visit>
void extend_trajectory(const FiniteMdp& model, const MarkovPolicy& policy, Step h, State s, Step last,
                       const Rational& probability, std::vector<std::size_t>& rows, Visit& visit) {
  for (const Action a : model.actions()) {
    const Rational taken = probability * policy.table().probability(policy.row(h, s), a.value);
    if (taken.sign() == 0) continue;
    const std::size_t row = model.row(s, a);
    rows.push_back(row);
    if (h == last) visit(taken, rows);
    for (const State next : model.states()) {
      if (h == last) break;
      const Rational moved = taken * model.kernel(h).probability(row, next.value);
      if (moved.sign() != 0) extend_trajectory(model, policy, h + 1, next, last, moved, rows, visit);
    }
    rows.pop_back();
  }
}

/// Calls visit(probability, rows) for each trajectory of the steps 1..last that has positive probability.
template <class Visit>
void for_each_trajectory(const FiniteMdp& model, const MarkovPolicy& policy, Step last, Visit&& visit) {
  std::vector<std::size_t> rows;
  for (const State s : model.states()) {
    const Rational probability = model.initial().probability(0, s.value);
    if (probability.sign() != 0) extend_trajectory(model, policy, 1, s, last, probability, rows, visit);
  }
}

inline Rational reward_of_rows(const FiniteMdp& model, const std::vector<std::size_t>& rows) {
  Rational total;
  for (const std::size_t row : rows)
    total += model.rewards()(State{static_cast<std::uint32_t>(row / model.action_count())},
                             Action{static_cast<std::uint32_t>(row % model.action_count())});
  return total;
}

/// V_h(s): the mean reward of the trajectories of steps h..horizon.
inline Rational enumerated_value(const FiniteMdp& model, const MarkovPolicy& policy, Step h, State s,
                                 Step horizon) {
  Rational mean;
  std::vector<std::size_t> rows;
  const auto visit = [&](const Rational& probability, const std::vector<std::size_t>& taken) {
    mean += probability * reward_of_rows(model, taken);
  };
  extend_trajectory(model, policy, h, s, horizon, 1, rows, visit);
  return mean;
}

/// J(pi, M).
inline Rational enumerated_return(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  Rational mean;
  for_each_trajectory(model, policy, horizon, [&](const Rational& probability, const auto& rows) {
    mean += probability * reward_of_rows(model, rows);
  });
  return mean;
}

/// The action that a deterministic policy takes.
inline Action taken_action(const MarkovPolicy& policy, Step h, State s) {
  return Action{policy.table().column(policy.table().row_begin(policy.row(h, s)))};
}

/// All deterministic time-dependent policies.
inline std::vector<MarkovPolicy> all_policies(std::uint32_t states, std::uint32_t actions, Step horizon) {
  const std::size_t places = std::size_t{states} * static_cast<std::size_t>(horizon);
  std::vector<std::uint32_t> taken(places);
  std::vector<MarkovPolicy> policies;
  for (std::size_t place = 0; place < places;) {
    policies.push_back(MarkovPolicy::deterministic(taken, states, actions));
    // The next number to the base A; past the last one `place` runs over.
    for (place = 0; place < places && ++taken[place] == actions; ++place) taken[place] = 0;
  }
  return policies;
}

/// A row of two halves, or of two slivers of different denominators. Few different numbers: ties are
/// frequent.
inline std::vector<Rational> draw_tiny_row(ChoiceSource& choices, std::uint32_t states, bool words) {
  std::vector<Rational> row(states);
  const std::uint32_t first = choices.below(states);
  const Rational part = words ? q("1/2") : Rational::ratio(1, choices.flag() ? prime_p : prime_q);
  row[first] = part;
  row[words ? choices.below(states) : (first + 1) % states] += Rational(1) - part;
  return row;
}

/// A small stationary model with rewards -1/2, 0, 1/2 or 1; some actions are copies of the first.
/// @param words  false: the rows have no common denominator below 2^53; needs two states.
inline FiniteMdp draw_tiny(ChoiceSource& choices, std::uint32_t states, std::uint32_t actions, bool words) {
  Dense kernel;
  std::vector<Rational> rewards;
  for (std::uint32_t s = 0; s < states; ++s) {
    for (std::uint32_t a = 0; a < actions; ++a) {
      const bool copy = a > 0 && choices.below(3) == 2;
      kernel.push_back(copy ? kernel[kernel.size() - a] : draw_tiny_row(choices, states, words));
      rewards.push_back(copy ? rewards[rewards.size() - a]
                             : Rational::ratio(static_cast<int>(choices.below(4)) - 1, 2));
    }
  }
  if (!words) {
    kernel.front() = {Rational::ratio(1, prime_p), Rational(1) - Rational::ratio(1, prime_p)};
    kernel.back() = {Rational::ratio(1, prime_q), Rational(1) - Rational::ratio(1, prime_q)};
    kernel.front().resize(states);
    kernel.back().resize(states);
  }
  const Dense initial = {draw_tiny_row(choices, states, true)};
  return FiniteMdp(matrix(initial), {matrix(kernel)}, RewardTable(states, actions, rewards), states, actions);
}

}  // namespace lemmacheck::testing
