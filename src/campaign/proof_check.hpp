/// The proof that stands beside a lemma, step by step.
#pragma once

#include <memory>

#include "campaign/check.hpp"

namespace lemmacheck {

struct ProofFinding {
  struct StepText {
    std::string plain, relation, reason;
  };
  /// Each step as a claim of its own; shared, since the findings of a copy point to them as well.
  std::vector<std::shared_ptr<const Claim>> claims;
  std::vector<Finding> steps;
  std::vector<StepText> texts;
  /// The number, from 0, of the first step with a counterexample.
  std::optional<std::size_t> first_false() const;
};

/// Every step checked as check_claim checks; nothing for a claim that is no text or has no proof.
ProofFinding check_proof(const Claim& claim, const Setting& setting, const Run& run);

/// A false step of a proof is unexpected where the author expects nothing; `expect` speaks of the claim.
Standing standing_of(const Finding& finding, const ProofFinding& proof);

}  // namespace lemmacheck
