/// The instances that claims about learning loops quantify over.
#pragma once

#include "generate/domains.hpp"
#include "learning/learning_problem.hpp"

namespace lemmacheck {

/// A world M, a start model T_0 (the perturbed one), a first policy, an expert (half of them optimal), known
/// pairs (none, or some).
Domain learning_problems();

/// The tree of Figure 15.1, as drawn: one instance.
Domain figure_tree();
/// The same with a right-right leaf that pays 1/10: one instance.
Domain figure_tree_strict();

/// A world, a class of models to choose from (which may or may not hold the world's), a sampling distribution
/// nu, a policy to compare with, and numbers "rounds".
Domain model_classes();

}  // namespace lemmacheck
