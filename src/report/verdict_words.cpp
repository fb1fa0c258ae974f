#include "report/verdict_words.hpp"

#include <fmt/format.h>

#include "report/results.hpp"

namespace lemmacheck {
namespace {

std::string counted(std::uint32_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// What kind of falsehood it is.
std::string false_in_words(const Claim& claim) {
  if (claim.kind == "printed") return "false as printed";
  if (claim.kind == "reading") return "false, read like this";
  if (claim.kind == "slip") return "false, a common slip";
  if (claim.kind == "ablation") return "false: the hypothesis is needed";
  return "false";
}

/// How much of the bound the best instance needs.
std::string tightness_in_words(const Finding& finding) {
  const Rational& best = *finding.max_tightness;
  const bool of_a_term = !finding.claim->tested_term.empty();
  if (best == Rational(1))
    return of_a_term ? "true, its last term reached exactly" : "true, and reached exactly";
  if (finding.is_tight()) return fmt::format("true, and tight: {} of it is reached", short_number(best));
  if (best.sign() <= 0) return "true";
  const Rational room = Rational(1) / best;
  constexpr int most = 9;
  for (int factor = 2; factor <= most; ++factor)
    if (room == Rational(factor))
      return fmt::format("true, {} too large on all that was tried",
                         factor == 2 ? std::string("twice") : fmt::format("{} times", factor));
  return fmt::format("true, with room: {} of {} is reached", short_number(best),
                     of_a_term ? "its last term" : "it");
}

}  // namespace

std::string size_in_words(const Instance& instance) {
  std::string horizon, sizes;
  const auto add = [&](const std::string& words) { sizes += (sizes.empty() ? "" : ", ") + words; };
  if (instance.assignment) {
    const Assignment& assignment = *instance.assignment;
    const Signature& signature = *assignment.signature;
    if (signature.horizon)
      horizon = fmt::format("H = {}", assignment.steps());
    else if (signature.discount)
      horizon = fmt::format("gamma = {}", short_number(assignment.number(*signature.discount)));
    for (std::size_t i = 0; i < signature.sets.size(); ++i) {
      const std::string& set = signature.sets[i];
      if (signature.actions[i])
        add(counted(assignment.sizes[i], "action"));
      else if (set == "S")
        add(counted(assignment.sizes[i], "state"));
      else
        add(fmt::format("|{}| = {}", set, assignment.sizes[i]));
    }
  } else if (instance.model) {
    horizon = fmt::format("H = {}", instance.horizon);
    add(counted(instance.model->state_count(), "state"));
    add(counted(instance.model->action_count(), "action"));
  }
  return horizon + (horizon.empty() || sizes.empty() ? "" : " with ") + sizes;
}

std::string verdict_in_words(const Finding& finding) {
  const Claim& claim = *finding.claim;
  switch (finding.verdict) {
    case Verdict::undecided:
      return "undecided: " + undecided_in_words(finding);
    case Verdict::violated: {
      const std::string size = finding.certificate ? size_in_words(finding.certificate->instance) : "";
      return false_in_words(claim) + (size.empty() ? "" : "; counterexample: " + size);
    }
    case Verdict::holds:
      break;
  }
  if (claim.relation == Relation::equal) return "true, an equality";
  return finding.max_tightness ? tightness_in_words(finding) : "true";
}

}  // namespace lemmacheck
