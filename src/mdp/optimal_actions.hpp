/// Which actions attain the optimum: what ties leave open.
#pragma once

#include <vector>

#include "mdp/finite_mdp.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck {

/// The set argmax_a Q*_h(s, a) of each step h = 1..H and state; never empty. H x S x A.
class OptimalActions {
 public:
  OptimalActions() = default;
  OptimalActions(Step horizon, std::uint32_t states, std::uint32_t actions)
      : horizon_(horizon),
        states_(states),
        actions_(actions),
        members_(static_cast<std::size_t>(horizon) * states * actions) {}

  bool contains(Step h, State s, Action a) const { return members_[index(h, s) + a.value]; }
  void add(Step h, State s, Action a) { members_[index(h, s) + a.value] = true; }
  /// Forgets what was added for a step and state.
  void clear(Step h, State s) {
    for (std::uint32_t a = 0; a < actions_; ++a) members_[index(h, s) + a] = false;
  }
  Action lowest(Step h, State s) const {
    std::uint32_t a = 0;
    while (!contains(h, s, Action{a})) ++a;
    return Action{a};
  }
  Action highest(Step h, State s) const {
    std::uint32_t a = actions_ - 1;
    while (!contains(h, s, Action{a})) --a;
    return Action{a};
  }
  /// The deterministic policy with the action `pick(h, s)` at each step and state.
  template <class Pick>
  MarkovPolicy policy(Pick&& pick) const {
    Scratch<std::uint32_t> taken;
    taken->reserve(static_cast<std::size_t>(horizon_) * states_);
    for (Step h = 1; h <= horizon_; ++h)
      for (std::uint32_t s = 0; s < states_; ++s) taken->push_back(pick(h, State{s}).value);
    return MarkovPolicy::deterministic(*taken, states_, actions_);
  }
  MarkovPolicy lowest_policy() const {
    return policy([this](Step h, State s) { return lowest(h, s); });
  }
  Step horizon() const { return horizon_; }
  std::uint32_t state_count() const { return states_; }
  std::uint32_t action_count() const { return actions_; }

 private:
  std::size_t index(Step h, State s) const {
    return (static_cast<std::size_t>(h - 1) * states_ + s.value) * actions_;
  }
  Step horizon_ = 0;
  std::uint32_t states_ = 0, actions_ = 0;
  std::vector<bool> members_;
};

}  // namespace lemmacheck
