#include "campaign/ablate.hpp"

namespace lemmacheck {
namespace {

AblationCell cell_of(const std::string& hypothesis, Claim weaker, const Run& run) {
  AblationCell cell{hypothesis, true, run.instances, std::nullopt};
  weaker.expected = Verdict::violated;  // the climb goes on from a tie
  try {
    const Finding finding = check_claim(weaker, Setting{}, run);
    if (finding.verdict == Verdict::violated) cell.counterexample = finding.certificate;
  } catch (const InvalidInput&) {
    cell.applicable = false;  // a quantity of the formula needs the hypothesis
  }
  return cell;
}

}  // namespace

Ablation ablate(const Claim& claim, const Run& run) {
  Ablation result{&claim, {}};
  for (const auto& [hypothesis, wider] : claim.domain.without) {
    Claim weaker = claim;
    weaker.domain = wider();
    result.cells.push_back(cell_of(hypothesis, std::move(weaker), run));
  }
  for (const Mutant& dropped : claim.without) {
    Claim weaker = claim;
    weaker.formula = dropped.formula;
    result.cells.push_back(cell_of(dropped.name, std::move(weaker), run));
  }
  return result;
}

}  // namespace lemmacheck
