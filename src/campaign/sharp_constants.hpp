/// Constants that no formula of the notes gives, established exactly case by case.
#pragma once

#include <vector>

#include "learning/model_selection.hpp"

namespace lemmacheck {

/// Certainty equivalence at one horizon and distance: the upper bound min(H, 2 B(delta, H)) and the largest
/// regrets of the fork of two arms (extremal_families.hpp), planned anew with each rule for ties.
struct CertaintyEquivalence {
  Step horizon;
  Rational delta, bound;
  Rational ties_against;  ///< the planner takes the worse of equals
  Rational ties_for;      ///< the better
  Rational strict;        ///< no ties: the worse arm leads by 1/1000 in the model
  bool meets() const { return ties_against == bound; }
};
/// H = 2..8, delta = 1/100, 1/10, 1/4, 1/2, 1.
std::vector<CertaintyEquivalence> certainty_equivalence_table();

/// Regret of choosing between two models, of which each is wrong where its plan goes and right where the
/// other's does, after N rounds; L1 loss.
struct RegretGrowth {
  int rounds;
  Rational step_size;  ///< of the regularised leader: 1 / sqrt(N)
  Rational latest, leader, regularised;
};
std::vector<RegretGrowth> regret_growth_table();

/// One state and two actions that stay; a second state pays 1. The first model believes that the first action
/// leads there, the second that the second does; the class lacks the truth.
Instance rival_models();

}  // namespace lemmacheck
