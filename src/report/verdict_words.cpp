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

/// "twice", "3 times", where it is a small whole number.
std::optional<std::string> times(const Rational& factor) {
  if (factor == Rational(2)) return "twice";
  constexpr int most = 9;
  for (int n = 3; n <= most; ++n)
    if (factor == Rational(n)) return fmt::format("{} times", n);
  return std::nullopt;
}

/// Where a sharper lemma says that no more can be needed than is.
std::string beside_the_sharper(const Finding& finding) {
  const Rational factor = Rational(1) / *finding.max_tightness;
  return fmt::format("true, {} too large; sharp: {}", times(factor).value_or(decimal(factor) + " times"),
                     finding.ceiling->by);
}

/// How much of the bound the best instance needs.
std::string tightness_in_words(const Finding& finding) {
  const Rational& best = *finding.max_tightness;
  const bool of_a_term = !finding.claim->tested_term.empty();
  if (best == Rational(1))
    return of_a_term ? "true, its last term reached exactly" : "true, and reached exactly";
  if (finding.is_tight()) return fmt::format("true, and tight: {} of it is reached", short_number(best));
  if (best.sign() <= 0) return "true";
  if (finding.ceiling && best == finding.ceiling->share) return beside_the_sharper(finding);
  if (const auto factor = times(Rational(1) / best))
    return fmt::format("true, {} too large on all that was tried", *factor);
  const std::string room = fmt::format("true, with room: {} of {} is reached", short_number(best),
                                       of_a_term ? "its last term" : "it");
  return finding.ceiling ? room + "; sharper: " + finding.ceiling->by : room;
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
