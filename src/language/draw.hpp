/// What a lemma quantifies over as a domain: instances are drawn from its givens alone.
#pragma once

#include "generate/instance.hpp"
#include "language/program.hpp"

namespace lemmacheck {

/// The domain of a lemma. Draws are made to refute: absorbing states, deterministic rows, actions that lead
/// to one state, kernels and policies that differ in one row or by little, values near the optimum, ties for
/// plans, small and large discounts. @throws LanguageError where some range is empty, or an instance would
/// take endless work.
Domain lemma_domain(const std::shared_ptr<const LemmaProgram>& program);

/// The largest sizes that are drawn.
struct DrawnSizes {
  std::uint32_t states = 5, actions = 3, others = 3;
};

/// What each drawn thing ranges over, in words: "H: 1..8", "S: 1 to 5 elements"; for `explain`.
std::vector<std::string> drawn_ranges(const Lemma& lemma);

/// The sizes that a lemma's instances have at most; smaller where it lists trajectories or policies.
DrawnSizes drawn_sizes(const Lemma& lemma);

}  // namespace lemmacheck
