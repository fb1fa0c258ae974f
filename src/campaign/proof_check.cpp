#include "campaign/proof_check.hpp"

#include "language/lemma_claim.hpp"
#include "language/print.hpp"

namespace lemmacheck {

std::optional<std::size_t> ProofFinding::first_false() const {
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i].verdict == Verdict::violated) return i;
  return std::nullopt;
}

ProofFinding check_proof(const Claim& claim, const Setting& setting, const Run& run) {
  ProofFinding proof;
  if (!claim.lemma) return proof;
  for (Claim& step : proof_claims(claim.lemma)) {
    proof.claims.push_back(std::make_shared<const Claim>(std::move(step)));
    proof.steps.push_back(check_claim(*proof.claims.back(), setting, run));
  }
  for (const Comparison& step : claim.lemma->steps())
    proof.texts.push_back({to_plain(step), step.relation, step.reason});
  return proof;
}

Standing standing_of(const Finding& finding, const ProofFinding& proof) {
  if (!finding.claim->expectation_stated && proof.first_false()) return Standing::unexpected;
  return standing_of(finding);
}

}  // namespace lemmacheck
