#include "campaign/check.hpp"

#include "campaign/climb.hpp"
#include "campaign/shrink.hpp"
#include "claims/ledger.hpp"
#include "language/edits.hpp"
#include "language/lemma_claim.hpp"
#include "language/transfer.hpp"

namespace lemmacheck {
namespace {

/// The certificate of the smallest instance that the given one shrinks to.
Certificate smallest(const Claim& claim, const Setting& setting, const Instance& instance,
                     std::optional<Certificate::Origin> origin) {
  return shrink(certify(claim, instance, origin), claim, setting);
}

std::optional<Certificate> from_run(const Claim& claim, const Setting& setting, const Run& run,
                                    const Summary& summary) {
  if (!summary.counterexample && !summary.tightest) return std::nullopt;
  const std::uint64_t index =
      summary.counterexample ? summary.counterexample->instance : summary.tightest->instance;
  return smallest(claim, setting, draw_instance(claim.domain, setting, run.seed, index),
                  Certificate::Origin{run.seed, index});
}

Certificate from_climb(const Claim& claim, const Setting& setting, const Climbed& climbed) {
  std::optional<Certificate> best;
  const auto key = [&](const Certificate& certificate) {
    return std::pair(!is_witness(claim, certificate.instance), size_of(certificate.instance));
  };
  for (const Instance& instance : climbed.instances) {
    Certificate certificate = smallest(claim, setting, instance, std::nullopt);
    if (!best || key(certificate) < key(*best)) best = std::move(certificate);
  }
  return *best;
}

/// Shrinking keeps what an instance shows or betters it; what is reported is what the shown instance has.
void count_shown_instance(Finding& finding, const Claim& claim) {
  if (!finding.certificate || finding.certificate->kind != CertificateKind::tightness) return;
  const ExactResult shown = evaluate_exactly(claim.formula, claim.relation, finding.certificate->instance);
  if (shown.max_tightness && (!finding.max_tightness || *finding.max_tightness < *shown.max_tightness))
    finding.max_tightness = shown.max_tightness;
}

/// Does an instance refute a claim that nothing refuted so far, or is it tighter than all? Then it is shown.
bool shows_more(Finding& finding, const Instance& instance) {
  if (finding.verdict == Verdict::violated) return false;
  const Claim& claim = *finding.claim;
  const ExactResult result = evaluate_exactly(claim.formula, claim.relation, instance);
  const bool refutes = result.outcome == Outcome::violated;
  const bool tighter = is_witness(claim, instance) && result.max_tightness &&
                       (!finding.max_tightness || *finding.max_tightness < *result.max_tightness);
  if (claim.domain.objection(instance) || (!refutes && !tighter)) return false;
  if (refutes) finding.verdict = Verdict::violated;
  if (result.max_tightness) finding.max_tightness = result.max_tightness;
  finding.certificate = certify(claim, instance, std::nullopt);
  return true;
}

/// Where the search missed what is expected: does the known instance show it?
void try_known_instance(Finding& finding) {
  const Claim& claim = *finding.claim;
  if (!claim.known || finding.special_case || finding.as_expected() || finding.verdict != Verdict::holds)
    return;
  finding.known_instance_alone = shows_more(finding, claim.known());
}

/// Climbs; again, from elsewhere, while the author expects a counterexample or a tight instance that is not
/// found, and none is known.
void climb_to_expectation(Finding& finding, const Setting& setting, const Run& run) {
  const Claim& claim = *finding.claim;
  std::optional<Climbed> best;
  for (std::uint64_t attempt = 0; attempt < most_attempts; ++attempt) {
    if (auto climbed = climb(claim, setting, run, finding.summary, attempt, best)) best = std::move(climbed);
    if (best) finding.max_tightness = best->tightness;
    if (best && best->violated) finding.verdict = Verdict::violated;
    if (finding.as_expected() || finding.verdict == Verdict::violated) break;
    try_known_instance(finding);
    if (finding.known_instance_alone) return;
  }
  if (best) finding.certificate = from_climb(claim, setting, *best);
}

}  // namespace

Standing standing_of(const Finding& finding) {
  if (finding.as_expected()) return Standing::as_expected;
  return finding.verdict == Verdict::undecided ? Standing::undecided : Standing::unexpected;
}

Finding conclusion(const Claim& claim, const Setting& setting, const Run& run, Summary summary,
                   const std::vector<Instance>& earlier) {
  Finding finding;
  finding.claim = &claim;
  finding.special_case = setting.model != nullptr || setting.horizon != 0;
  finding.summary = std::move(summary);
  finding.verdict = finding.summary.verdict();
  finding.empty_classes = empty_classes(claim, setting, finding.summary);
  const auto& tightest = finding.summary.tightest;
  if (tightest) finding.max_tightness = tightest->tightness;
  for (const Instance& instance : earlier)
    finding.from_earlier = shows_more(finding, instance) || finding.from_earlier;
  // A claim that is believed false is climbed from a tie as well.
  const bool room = !finding.max_tightness || *finding.max_tightness < Rational(1) ||
                    claim.expected == Verdict::violated || !claim.expectation_stated;
  if (finding.verdict == Verdict::holds && room) climb_to_expectation(finding, setting, run);
  try_known_instance(finding);
  if (!finding.certificate) finding.certificate = from_run(claim, setting, run, finding.summary);
  count_shown_instance(finding, claim);
  return finding;
}

Finding check_claim(const Claim& claim, const Setting& setting, const Run& run,
                    const std::vector<Instance>& earlier) {
  return conclusion(claim, setting, run, run_claim(claim, setting, run), earlier);
}

std::optional<Finding::Ceiling> ceiling_of(const Finding& finding, const Claim& sharper) {
  const Claim& claim = *finding.claim;
  if (finding.verdict != Verdict::holds || !finding.certificate || !claim.lemma || !sharper.lemma)
    return std::nullopt;
  const Instance& instance = finding.certificate->instance;
  const ExactResult shown = evaluate_exactly(claim.formula, claim.relation, instance);
  if (!shown.point || !shown.max_tightness) return std::nullopt;
  const auto share = SharperLemma(sharper, claim).ceiling(instance, *shown.point);
  if (!share || share->is_infinite()) return std::nullopt;
  return Finding::Ceiling{sharper.id, share->enclosure().upper};
}

std::vector<const Claim*> applicable_claims(const Ledger& ledger, const Setting& setting) {
  std::vector<const Claim*> claims;
  for (const Claim& claim : ledger.claims())
    if (claim.domain.has_models || !setting.model) claims.push_back(&claim);
  return claims;
}

namespace {

/// A text made wrong: another rule of a loop, parts of its bound weaker, a hundredth of a term, a sign, an
/// index, a factor changed, or a hypothesis left out.
std::vector<LemmaEdit> wrong_forms(const Lemma& lemma) {
  std::vector<LemmaEdit> edits = other_rules(lemma);
  for (const Comparison& comparison : lemma.comparisons())
    edits.push_back(with_factor(lemma, comparison, 0, Rational::ratio(1, 100)));
  for (LemmaEdit& edit : stronger_claims(lemma)) edits.push_back(std::move(edit));
  for (LemmaEdit& edit : repairs(lemma)) edits.push_back(std::move(edit));
  for (LemmaEdit& edit : dropped_hypotheses(lemma)) {
    edit.words = "without: " + edit.words;
    edits.push_back(std::move(edit));
  }
  return edits;
}

/// The first few forms that are refuted; where none is, that none is. (An edit may leave a lemma true.)
std::vector<MutantResult> check_wrong_forms(const Claim& claim, const Run& run) {
  constexpr std::size_t most_refuted = 3;
  constexpr std::uint64_t most_instances = 2000;
  Run modest = run;
  modest.instances = std::min(run.instances, most_instances);
  std::vector<MutantResult> refuted;
  const std::vector<LemmaEdit> edits = wrong_forms(*claim.lemma);
  for (const LemmaEdit& edit : edits) {
    const std::shared_ptr<const Lemma> lemma = read_edit(edit);
    if (!lemma) continue;
    try {
      const Claim wrong = lemma_claim(lemma);
      if (const auto instance = first_violation(wrong.formula, wrong, modest))
        refuted.push_back({edit.words, instance});
    } catch (const InvalidInput&) {
      continue;  // a law that an edit has spoilt, say
    }
    if (refuted.size() == most_refuted) return refuted;
  }
  if (refuted.empty())
    refuted.push_back({"any of " + std::to_string(edits.size()) + " edits of it", std::nullopt});
  return refuted;
}

}  // namespace

std::vector<MutantResult> check_mutants(const Claim& claim, const Run& run) {
  if (claim.lemma) {
    if (claim.expected != Verdict::holds) return {};
    return check_wrong_forms(claim, run);
  }
  std::vector<MutantResult> results;
  for (const Mutant& mutant : claim.mutants)
    results.push_back({mutant.name, first_violation(mutant.formula, claim, run)});
  return results;
}

}  // namespace lemmacheck
