#include "report/kinds.hpp"

#include <algorithm>
#include <array>

namespace lemmacheck {
namespace {

/// Whether a claim stands in a section of the lecture.
bool is_of_the_notes(const Claim& claim) {
  return claim.file.empty() && claim.section.find_first_of("0123456789") == 0;
}

std::string kind_in_words(const Claim& claim) {
  if (claim.kind == "printed") return is_of_the_notes(claim) ? "printed in the lecture" : "printed in papers";
  if (claim.kind == "reading") return "a reading of what is printed";
  if (claim.kind == "slip") return "a common slip";
  if (claim.kind == "ablation") return "a hypothesis dropped";
  if (claim.kind == "beyond") return "beyond what is printed";
  return "of no kind said";
}

}  // namespace

bool is_printed_in_the_notes(const Claim& claim) {
  return is_of_the_notes(claim) && claim.kind == "printed";
}

WordTable kinds_table(const std::vector<ReportedClaim>& claims) {
  constexpr std::array kinds = {
      "printed in the lecture", "printed in papers",    "a reading of what is printed",
      "a common slip",          "a hypothesis dropped", "beyond what is printed",
      "of no kind said"};
  WordTable table{"Kinds of statements", {"kind", "claims", "hold", "false", "reached exactly"}, {}};
  for (const char* kind : kinds) {
    std::size_t all = 0, holding = 0, refuted = 0, reached = 0;
    for (const ReportedClaim& reported : claims) {
      const Finding& finding = reported.finding;
      if (kind_in_words(*finding.claim) != kind) continue;
      ++all;
      holding += finding.verdict == Verdict::holds ? 1 : 0;
      refuted += finding.verdict == Verdict::violated ? 1 : 0;
      reached += finding.verdict == Verdict::holds && finding.max_tightness == Rational(1) ? 1 : 0;
    }
    if (all > 0)
      table.rows.push_back({kind, std::to_string(all), std::to_string(holding), std::to_string(refuted),
                            std::to_string(reached)});
  }
  return table;
}

}  // namespace lemmacheck
