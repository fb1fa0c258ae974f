/// What each hypothesis of a claim is for: each is dropped in turn.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "campaign/check.hpp"

namespace lemmacheck {

struct AblationCell {
  std::string hypothesis;  ///< that was dropped
  /// Whether the claim's formula means anything without it.
  bool applicable = true;
  std::uint64_t instances = 0;
  /// The smallest counterexample found; nothing: none among the instances drawn.
  std::optional<Certificate> counterexample;
};

struct Ablation {
  const Claim* claim;
  std::vector<AblationCell> cells;  ///< one for each hypothesis that the claim's domain can do without
};

Ablation ablate(const Claim& claim, const Run& run);

}  // namespace lemmacheck
