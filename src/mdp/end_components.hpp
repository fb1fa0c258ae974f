/// Where a process can stay for ever: recurrent classes of a policy, end components of a model.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// Pairs (s, a) of a model: flags at row(s, a), S A of them.
using PairSet = std::vector<bool>;
PairSet all_pairs(const FiniteMdp& model);

inline constexpr std::uint32_t no_component = std::numeric_limits<std::uint32_t>::max();

/// Sets of states that are closed under a stationary policy and have no smaller closed set inside.
struct RecurrentClasses {
  std::vector<std::uint32_t> of;            ///< the class of each state; no_component of a transient one
  std::vector<std::vector<State>> classes;  ///< states ascend
};
RecurrentClasses recurrent_classes(const FiniteMdp& model, const MarkovPolicy& policy);

/// Sets of states, each with some of its actions, in which a policy can stay for ever and go from each state
/// to each other; the largest ones.
struct EndComponents {
  std::vector<std::uint32_t> of;  ///< the component of each state, or no_component
  PairSet pairs;                  ///< which actions stay in the component of their state
  std::uint32_t count = 0;
};
/// @param allowed  only these pairs may be used.
EndComponents maximal_end_components(const FiniteMdp& model, const PairSet& allowed);

/// From where a policy reaches some states with probability 1, and how.
struct SureReach {
  std::vector<bool> states;            ///< S flags
  PairSet pairs;                       ///< those that lead to such states only
  std::vector<std::uint32_t> actions;  ///< one that comes nearer, of each such state but the targets
};
SureReach sure_reach(const FiniteMdp& model, const std::vector<bool>& targets);
/// From where some policy that uses these pairs only reaches some states with positive probability.
std::vector<bool> possible_reach(const FiniteMdp& model, const PairSet& allowed,
                                 const std::vector<bool>& targets);

/// Some states of a model with some of their actions, as a model of its own. States with fewer actions than
/// others repeat one; it starts in its first state.
struct SubModel {
  FiniteMdp model;
  std::vector<State> states;           ///< of the whole model
  std::vector<std::uint32_t> actions;  ///< row of the part -> action of the whole model
};
/// Each such state has at least one of these pairs, and they lead to such states only.
SubModel sub_model(const FiniteMdp& model, const std::vector<bool>& states, const PairSet& pairs);

}  // namespace lemmacheck
