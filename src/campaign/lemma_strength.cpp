#include "campaign/lemma_strength.hpp"

#include <algorithm>
#include <map>

#include "campaign/shrink.hpp"
#include "language/edits.hpp"
#include "language/enumerate.hpp"
#include "language/lemma_claim.hpp"
#include "language/print.hpp"

namespace lemmacheck {
namespace {

/// A finding of an edited lemma; nothing where the edit means nothing.
std::optional<std::pair<Finding, std::shared_ptr<Claim>>> checked(const LemmaEdit& edit, const Run& run) {
  const std::shared_ptr<const Lemma> lemma = read_edit(edit);
  if (!lemma) return std::nullopt;
  try {
    auto claim = std::make_shared<Claim>(lemma_claim(lemma));
    claim->expected = Verdict::violated;  // the climb goes on from a tie
    Finding finding = check_claim(*claim, Setting{}, run);
    return std::pair(std::move(finding), std::move(claim));
  } catch (const InvalidInput&) {
    return std::nullopt;  // a quantity that means nothing there
  }
}

/// The next hundredth.
Rational rounded_up(const Rational& value) {
  std::int64_t n = 0;
  while (Rational::ratio(n, 100) < value) ++n;
  return Rational::ratio(n, 100);
}

/// Each term that helps, as what tightness is of: the share of it that some instance needs.
void weaken_terms(const Claim& claim, const Run& run, LemmaStrength& result) {
  const Lemma& lemma = *claim.lemma;
  const std::vector<Comparison> comparisons = lemma.comparisons();
  for (std::size_t c = 0; c < comparisons.size(); ++c) {
    const Comparison& comparison = comparisons[c];
    if (comparison.relation == "=" || comparison.relation == "!=") continue;
    const std::vector<Term> terms = terms_of(comparison.rhs);
    for (std::size_t t = 0; t < terms.size(); ++t) {
      if (terms[t].positive != (comparison.relation[0] == '<')) continue;
      Claim tested = lemma_claim(claim.lemma, {comparison}, {terms[t].tree});
      tested.expectation_stated = true;
      Finding finding = check_claim(tested, Setting{}, run);
      if (finding.verdict != Verdict::holds) continue;
      WeakenedPart part;
      const std::string shown = to_plain(terms[t].tree);
      part.edit = "the term " + shown +
                  (comparisons.size() > 1 ? " of comparison " + std::to_string(c + 1) : "") +
                  " times a smaller factor";
      part.smallest = finding.max_tightness.value_or(Rational(0));
      part.refuted = *part.smallest >= Rational::ratio(99, 100);
      part.certificate = finding.certificate;
      if (!part.refuted) {
        // A factor a little above what was needed: the candidate for a sharper lemma.
        part.claim = with_factor(lemma, comparison, t, rounded_up(*part.smallest)).claim;
      }
      result.parts.push_back(std::move(part));
    }
  }
}

/// How the bounding side of an edited claim compares with that of the claim, on some drawn instances.
enum class Comparedness { stronger, equal, weaker };
Comparedness compare_bounds(const Claim& claim, const Claim& edited, const Run& run) {
  constexpr std::uint64_t most = 60;
  bool smaller = false, larger = false;
  for (std::uint64_t i = 0; i < most && !smaller; ++i) {
    const Instance instance = draw_instance(claim.domain, Setting{}, run.seed, run.first + i);
    Instance same = instance;
    const Points<RealNumber> a = exact_points(claim.formula, claim.relation, instance),
                             b = exact_points(edited.formula, edited.relation, same);
    if (a.entries().size() != b.entries().size()) continue;
    for (std::size_t p = 0; p < a.entries().size(); ++p) {
      const auto& before = a.entries()[p];
      const auto& after = b.entries()[p];
      // On the larger side a smaller bound claims more; on the smaller side a larger one.
      const bool reversed = before.at.named && before.at.named->reversed;
      const RealNumber& old_bound = reversed ? after.sides.lhs : before.sides.rhs;
      const RealNumber& new_bound = reversed ? before.sides.lhs : after.sides.rhs;
      const Truth no_larger = is_at_most(new_bound, old_bound), no_smaller = is_at_most(old_bound, new_bound);
      smaller = smaller || no_smaller == Truth::no;
      larger = larger || no_larger == Truth::no;
    }
  }
  return smaller ? Comparedness::stronger : larger ? Comparedness::weaker : Comparedness::equal;
}

}  // namespace

LemmaStrength strength_of(const Claim& claim, const Run& run) {
  LemmaStrength result{check_claim(claim, Setting{}, run), {}, vacuity_of(claim, run)};
  if (result.finding.verdict != Verdict::holds) return result;
  weaken_terms(claim, run, result);
  for (const LemmaEdit& edit : stronger_claims(*claim.lemma)) {
    const auto found = checked(edit, run);
    if (!found || found->first.verdict == Verdict::undecided) continue;
    // An edit that claims less, or the same, tells nothing.
    if (found->first.verdict == Verdict::holds && claim.relation != Relation::equal &&
        compare_bounds(claim, *found->second, run) != Comparedness::stronger)
      continue;
    WeakenedPart part;
    part.edit = edit.words;
    part.claim = edit.claim;
    part.refuted = found->first.verdict == Verdict::violated;
    if (part.refuted) part.certificate = found->first.certificate;
    result.parts.push_back(std::move(part));
  }
  return result;
}

std::vector<DroppedHypothesis> drop_hypotheses(const Claim& claim, const Run& run) {
  std::vector<DroppedHypothesis> list;
  for (const LemmaEdit& edit : dropped_hypotheses(*claim.lemma)) {
    DroppedHypothesis dropped{edit.words, false, run.instances, std::nullopt};
    if (const auto found = checked(edit, run)) {
      // Nothing to compare means that the formula does not speak of it.
      dropped.applicable = found->first.verdict != Verdict::undecided;
      if (found->first.verdict == Verdict::violated) dropped.counterexample = found->first.certificate;
    }
    list.push_back(std::move(dropped));
  }
  return list;
}

LemmaRepair repair_lemma(const Claim& claim, const Run& run) {
  LemmaRepair repair;
  for (const LemmaEdit& edit : repairs(*claim.lemma)) {
    const std::shared_ptr<const Lemma> lemma = read_edit(edit);
    if (!lemma) continue;
    try {
      const Claim edited = lemma_claim(lemma);
      ++repair.tried;
      const Finding finding = check_claim(edited, Setting{}, run);
      if (finding.verdict == Verdict::holds)
        repair.survivors.push_back({edit.words, edit.claim, finding.max_tightness});
    } catch (const InvalidInput&) {
      continue;
    }
  }
  std::stable_sort(repair.survivors.begin(), repair.survivors.end(),
                   [](const RepairedLemma& a, const RepairedLemma& b) {
                     return a.max_tightness.value_or(Rational(0)) > b.max_tightness.value_or(Rational(0));
                   });
  return repair;
}

LemmaExhaustion exhaust_lemma(const Claim& claim, const Run& run) {
  constexpr std::uint64_t most = 300'000;
  LemmaExhaustion result;
  for (const TinyShape& shape : tiny_shapes(*claim.lemma)) {
    const auto tiny = tiny_claim(claim.lemma, shape, most);
    if (!tiny) continue;
    const Summary summary =
        run_claim(*tiny, Setting{},
                  {.seed = run.seed, .first = 0, .instances = tiny->domain.cases, .threads = run.threads});
    result.runs.push_back({shape.states, shape.actions, shape.horizon, shape.grid,
                           summary.instances - summary.discarded, summary.violated});
    if (!summary.counterexample || result.counterexample) continue;
    result.counterexample = shrink(
        certify(claim, draw_instance(tiny->domain, Setting{}, run.seed, summary.counterexample->instance),
                std::nullopt),
        claim, Setting{});
  }
  return result;
}

LemmaSharpness sharpness_of_lemma(const Claim& claim, const Run& run, int searches) {
  LemmaSharpness result;
  for (int i = 0; i < searches; ++i) {
    Run search = run;
    search.seed = run.seed + static_cast<std::uint64_t>(i);
    Finding finding = check_claim(claim, Setting{}, search);
    if (!finding.max_tightness) continue;
    result.found.push_back(*finding.max_tightness);
    if (result.best && *result.best >= *finding.max_tightness) continue;
    result.best = finding.max_tightness;
    result.witness = finding.certificate;
    if (*result.best >= Rational(1)) break;
  }
  return result;
}

LemmaSlack slack_of_lemma(const Claim& claim, const Run& run) {
  LemmaSlack slack;
  const std::vector<Comparison> steps = claim.lemma->steps();
  if (steps.empty())
    throw InvalidInput("lemma " + claim.id + " has no proof block; add one: proof A <= B by ... <= C by ...");
  const std::vector<Claim> claims = proof_claims(claim.lemma);
  for (const Comparison& step : steps)
    slack.steps.push_back({to_plain(step), step.reason, Rational(0), Rational(0), false});
  constexpr std::uint64_t most = 200;
  for (std::uint64_t i = 0; i < std::min(run.instances, most); ++i) {
    const Instance instance = draw_instance(claim.domain, Setting{}, run.seed, run.first + i);
    std::vector<Points<RealNumber>> points;
    for (const Claim& step : claims) points.push_back(exact_points(step.formula, step.relation, instance));
    for (std::size_t p = 0; p < points[0].entries().size(); ++p) {
      bool usable = true;
      for (const auto& each : points)
        usable =
            usable && each.assumption() == Truth::yes && each.entries().size() == points[0].entries().size();
      if (!usable) break;
      const auto end = points.back().entries()[p].sides.rhs.rational();
      const auto start = points[0].entries()[p].sides.lhs.rational();
      if (!end || !start || end->sign() <= 0) continue;
      std::vector<Rational> losses;
      for (const auto& each : points) {
        const auto lhs = each.entries()[p].sides.lhs.rational(), rhs = each.entries()[p].sides.rhs.rational();
        if (!lhs || !rhs) break;
        losses.push_back(*rhs - *lhs);
      }
      if (losses.size() != steps.size()) continue;
      ++slack.points;
      slack.mean_tightness += *start / *end;
      for (std::size_t k = 0; k < losses.size(); ++k) {
        const Rational share = losses[k] / *end;
        slack.steps[k].mean_share += share;
        slack.steps[k].largest_share = max(slack.steps[k].largest_share, share);
        slack.steps[k].negative = slack.steps[k].negative || share.sign() < 0;
      }
    }
  }
  if (slack.points == 0) return slack;
  for (LemmaSlackStep& step : slack.steps) step.mean_share /= Rational(slack.points);
  slack.mean_tightness /= Rational(slack.points);
  return slack;
}

}  // namespace lemmacheck
