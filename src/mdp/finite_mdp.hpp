/// Finite-horizon Markov decision processes and policies, exactly. An object in hand is valid.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mdp/indices.hpp"
#include "mdp/reward_table.hpp"
#include "mdp/stochastic_matrix.hpp"

namespace lemmacheck {

/// M = (S, A, r, T, rho_0); the horizon H belongs to the question asked of it (section 15.1).
///
/// Transition kernel T: one matrix (stationary), or one for each step h = 1, 2, ... (time-varying; steps
/// after the last one given use the last). Row s A + a of a kernel is T(.|s, a). Copies share what they are
/// made of, which never changes.
class FiniteMdp {
 public:
  FiniteMdp(StochasticMatrix initial, std::vector<StochasticMatrix> kernels, RewardTable rewards,
            std::uint32_t states, std::uint32_t actions);

  std::uint32_t state_count() const { return states_; }
  std::uint32_t action_count() const { return actions_; }
  IndexRange<State> states() const { return IndexRange<State>(states_); }
  IndexRange<Action> actions() const { return IndexRange<Action>(actions_); }
  std::size_t row(State s, Action a) const { return std::size_t{s.value} * actions_ + a.value; }

  /// The same start and rewards with another, stationary kernel, S A x S; without names.
  FiniteMdp with_kernel(StochasticMatrix kernel) const;

  /// rho_0 as a matrix of one row.
  const StochasticMatrix& initial() const { return *initial_; }
  const RewardTable& rewards() const { return *rewards_; }
  bool time_varying() const { return kernels_->size() > 1; }
  const std::vector<StochasticMatrix>& kernels() const { return *kernels_; }
  /// T_h; h >= 1.
  const StochasticMatrix& kernel(Step h) const {
    const auto last = kernels_->size() - 1;
    return (*kernels_)[std::min(static_cast<std::size_t>(h - 1), last)];
  }
  /// T_1, which stays where it is when the model goes.
  std::shared_ptr<const StochasticMatrix> shared_kernel() const { return {kernels_, &kernel(1)}; }

  /// For people; may be empty.
  struct Names {
    std::string model;
    std::vector<std::string> states, actions;
    int horizon = 0;      ///< suggested by the file, 0 if none
    bool padded = false;  ///< some states repeat an action, since they have fewer than others
    bool operator==(const Names&) const = default;
  };
  Names names;

 private:
  std::uint32_t states_, actions_;
  FiniteMdp(std::shared_ptr<const StochasticMatrix> initial, std::vector<StochasticMatrix> kernels,
            std::shared_ptr<const RewardTable> rewards, std::uint32_t states, std::uint32_t actions);

  std::shared_ptr<const StochasticMatrix> initial_;
  std::shared_ptr<const std::vector<StochasticMatrix>> kernels_;
  std::shared_ptr<const RewardTable> rewards_;
};

/// The same dynamics, rewards and initial distribution; names do not count.
bool same_process(const FiniteMdp& a, const FiniteMdp& b);

/// pi(a|s), stationary (S rows) or time-dependent (row (h-1) S + s; steps after the last use the last).
/// Copies share the table, which never changes.
class MarkovPolicy {
 public:
  /// @param table rows = S x (number of steps), columns = A.
  MarkovPolicy(StochasticMatrix table, std::uint32_t states);
  static MarkovPolicy uniform(std::uint32_t states, std::uint32_t actions);
  /// @param actions one action for each state, or for each step and state.
  static MarkovPolicy deterministic(std::span<const std::uint32_t> actions, std::uint32_t states,
                                    std::uint32_t action_count);

  const StochasticMatrix& table() const { return *table_; }
  bool stationary() const { return steps_ == 1; }
  bool deterministic() const { return table_->entries() == table_->rows(); }
  std::uint32_t state_count() const { return states_; }
  std::uint32_t action_count() const { return table_->columns(); }
  Step steps() const { return steps_; }
  std::size_t row(Step h, State s) const {
    return static_cast<std::size_t>(std::min(h, steps_) - 1) * states_ + s.value;
  }
  friend bool operator==(const MarkovPolicy& a, const MarkovPolicy& b) {
    return a.states_ == b.states_ && (a.table_ == b.table_ || *a.table_ == *b.table_);
  }

 private:
  std::shared_ptr<const StochasticMatrix> table_;
  std::uint32_t states_;
  Step steps_ = 1;
};

/// @throws InvalidInput unless both models have the same numbers of states and actions.
void require_same_shape(const FiniteMdp& model, const FiniteMdp& other);
void require_same_shape(const FiniteMdp& model, const MarkovPolicy& policy);
/// @throws InvalidInput if a table of S x A x S numbers would not fit into memory.
void require_dense_size(const FiniteMdp& model);
/// @throws InvalidInput unless 1 <= horizon <= max_horizon.
void require_horizon(Step horizon);
inline constexpr Step max_horizon = 100000;

}  // namespace lemmacheck
