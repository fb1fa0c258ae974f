/// The rules of a loop that fits models: which data, what of unseen pairs, which of several best actions.
#pragma once

#include <array>
#include <string_view>

namespace lemmacheck {

/// The data of round t: D_t comes from rolling out pi_{t-1} in the world.
enum class FitRule {
  latest,         ///< D_t alone
  aggregate,      ///< D_1, ..., D_t: Algorithm 1
  hybrid,         ///< half D_1, ..., D_t and half the expert's data: Algorithm 2
  expert,         ///< the expert's data alone
  hybrid_latest,  ///< half D_t and half the expert's data: Algorithm 2 without aggregation
};
inline constexpr std::array<std::string_view, 5> fit_rule_names = {"latest", "aggregate", "hybrid", "expert",
                                                                   "hybrid-latest"};

constexpr bool uses_expert(FitRule fit) {
  return fit == FitRule::hybrid || fit == FitRule::expert || fit == FitRule::hybrid_latest;
}
constexpr bool aggregates(FitRule fit) {
  return fit == FitRule::aggregate || fit == FitRule::hybrid;
}

/// Where a pair that the data does not contain (and that was not known at the start) is said to lead:
enum class FillRule {
  pessimistic,  ///< to the abyss
  optimistic,   ///< to paradise
  keep,         ///< where the last round's model led; T_0 in the first round
  start,        ///< where T_0 leads
  figure,       ///< as drawn in Figures 15.2 and 15.3: to paradise from states in the data, else to the abyss
  adversarial,  ///< to paradise or abyss, such that the plan earns least in the world (searched)
};
inline constexpr std::array<std::string_view, 6> fill_rule_names = {
    "pessimistic", "optimistic", "keep", "start", "figure", "adversarial"};

/// Which of the policies that are optimal in the model is taken, at each step and state:
enum class TieBreak {
  lowest,          ///< the lowest action
  highest,         ///< the highest action
  stay,            ///< the last policy's action where it is optimal, else the lowest
  for_learner,     ///< what earns most in the world
  against_learner  ///< what earns least in the world
};
inline constexpr std::array<std::string_view, 5> tie_break_names = {"lowest", "highest", "stay", "for",
                                                                    "against"};
inline constexpr std::array all_ties = {TieBreak::lowest, TieBreak::highest, TieBreak::stay,
                                        TieBreak::for_learner, TieBreak::against_learner};

}  // namespace lemmacheck
