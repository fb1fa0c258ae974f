/// What the loops of section 15.3 learn: a world whose rewards are known and whose transitions are not.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "generate/instance.hpp"
#include "mdp/criterion.hpp"

namespace lemmacheck {

/// A world, the policies that collect data, and what is known before the first round.
///
/// The state space holds two states in which nothing is left to learn: `paradise` pays the highest reward at
/// every step, `abyss` the lowest; what a fill rule hopes or fears of an unseen pair leads there. Two states
/// of the world that are such, and known to be, serve (as the leaves of Figure 15.1 do); else they are added
/// behind its own.
struct LearningProblem {
  /// @param start   pi_0, which collects the first data.
  /// @param expert  pi_E, if there is one.
  /// @param known   S A flags: the pairs whose transitions are known; empty: none.
  /// @param start_kernel  T_0, S A x S; unless given, every action stays where it is.
  /// @throws InvalidInput for shapes that do not fit, or a time-varying world.
  LearningProblem(const FiniteMdp& model, const Criterion& criterion, MarkovPolicy start,
                  std::optional<MarkovPolicy> expert = {}, std::vector<bool> known = {},
                  std::optional<StochasticMatrix> start_kernel = {});

  LearningProblem(const FiniteMdp& model, Step horizon_, MarkovPolicy start_,
                  std::optional<MarkovPolicy> expert_ = {}, std::vector<bool> known_ = {},
                  std::optional<StochasticMatrix> start_kernel_ = {})
      : LearningProblem(model, Criterion{.horizon = horizon_}, std::move(start_), std::move(expert_),
                        std::move(known_), std::move(start_kernel_)) {}

  std::uint32_t own_states;  ///< S of the world as given; the fictitious states follow
  Criterion criterion;       ///< what policies are judged by
  Step horizon;  ///< how long a roll-out is; without a horizon, long enough to see all it can reach
  State paradise, abyss;
  FiniteMdp world;
  MarkovPolicy start;
  std::optional<MarkovPolicy> expert;
  std::vector<bool> known;  ///< of the world with its fictitious states, which are known
  StochasticMatrix start_kernel;
  StochasticMatrix ends;  ///< 2 x S: surely in paradise, surely in the abyss

  /// K: how many pairs are not known at the start.
  std::size_t unknown_count() const;
  /// A policy over the world's own states with actions in the fictitious ones, where they do not matter.
  MarkovPolicy with_fictitious_states(const MarkovPolicy& policy) const;
  /// A policy over the world's own states, as it was given.
  MarkovPolicy own_part(const MarkovPolicy& policy) const;
};

/// The problem of an instance: M, pi_0 = policy, pi_E = other_policy, T_0 = perturbed, known pairs; of its
/// horizon, or of another criterion.
LearningProblem learning_problem(const Instance& instance);
LearningProblem learning_problem(const Instance& instance, const Criterion& criterion);

/// Figure 15.1: a root, a left and a right state and two leaves; two actions (left, right), H = 3; going left
/// twice ends in the leaf that pays 1. The tree's shape is known, what the four last moves lead to is not;
/// pi_0 goes right twice, pi_E left twice.
/// @param right_right  what going right twice pays: 0 as drawn; more needs a third leaf.
Instance figure_15_1(const Rational& right_right = 0);

}  // namespace lemmacheck
