/// The instances that claims about learning loops quantify over.
#pragma once

#include "generate/domains.hpp"
#include "learning/learning_problem.hpp"
#include "learning/model_fit.hpp"

namespace lemmacheck {

/// A world M, a start model T_0 (the perturbed one), a first policy, an expert (half of them optimal), known
/// pairs (none, or some).
/// @param changing_fills  with numbers "fills": a fill rule for each round (0 pessimistic, 1 optimistic,
/// 2 start, 3 figure), as many rounds as there are.
Domain learning_problems(bool changing_fills = false);

/// The tree of Figure 15.1, as drawn: one instance.
Domain figure_tree();
/// The same with a right-right leaf that pays 1/10: one instance.
Domain figure_tree_strict();

/// The numbers "fills" of an instance as rules.
std::vector<FillRule> changing_fills(const Instance& instance);

/// A world, a class of models to choose from (which may or may not hold the world's), a sampling distribution
/// nu, a policy to compare with, and numbers "rounds".
Domain model_classes();

}  // namespace lemmacheck
