#include "campaign/ablate.hpp"

namespace lemmacheck {

Ablation ablate(const Claim& claim, const Run& run) {
  Ablation result{&claim, {}};
  for (const auto& [hypothesis, wider] : claim.domain.without) {
    AblationCell cell{hypothesis, true, run.instances, std::nullopt};
    Claim weaker = claim;
    weaker.domain = wider();
    weaker.expected = Verdict::violated;  // the climb goes on from a tie
    try {
      const Finding finding = check_claim(weaker, Setting{}, run);
      if (finding.verdict == Verdict::violated) cell.counterexample = finding.certificate;
    } catch (const InvalidInput&) {
      cell.applicable = false;  // a quantity of the formula needs the hypothesis
    }
    result.cells.push_back(std::move(cell));
  }
  return result;
}

}  // namespace lemmacheck
