// The report as Markdown and JUnit XML.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/checked_claims.hpp"
#include "report/comparison.hpp"
#include "report/kinds.hpp"
#include "report/lemma_results.hpp"
#include "report/markup.hpp"
#include "report/report.hpp"
#include "report/results.hpp"
#include "report/verdict_words.hpp"

namespace lemmacheck {
namespace {

std::string markdown_table(const WordTable& table) {
  std::string text = "**" + table.title + "**\n\n|", rule = "|";
  for (const std::string& column : table.header) {
    text += " " + column + " |";
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (const std::string& cell : row) text += " " + cell + " |";
    text += "\n";
  }
  return text + "\n";
}

/// One claim with its instance and both sides, folded.
std::string markdown_claim(const ReportedClaim& reported, const ReportPlan& plan) {
  const Finding& finding = reported.finding;
  const Claim& claim = *finding.claim;
  std::string text =
      fmt::format("<details><summary><code>{}</code> ({}): {}</summary>\n\n$${}$$\n\n", escaped(claim.id),
                  escaped(claim.source), escaped(verdict_in_words(finding)), claim.statement);
  if (!claim.note.empty()) text += claim.note + "\n\n";
  text += fmt::format("{} instances, {} violated, {} discarded; mutants refuted {} of {}.\n\n",
                      finding.summary.instances, finding.summary.violated, finding.summary.discarded,
                      reported.mutants_refuted(), reported.mutants.size());
  if (const std::string warning = vacuity_warning(reported.vacuity); !warning.empty())
    text += "Seldom informative: " + warning + ".\n\n";
  if (reported.worked) {
    for (const WordTable& table : reported.worked->tables) text += markdown_table(table);
    if (const std::string lines = derivation_as_text(reported.worked->derivation); !lines.empty())
      text += "```\n" + lines + "```\n\n";
    text += fmt::format("{}{}: left side {}, right side {}.\n\n",
                        reported.worked->refutes ? "Counterexample" : "Tightest instance",
                        reported.worked->where.empty() ? "" : " at " + reported.worked->where,
                        short_number(reported.worked->sides.lhs), short_number(reported.worked->sides.rhs));
  }
  if (!reported.proof.steps.empty()) text += "```\n" + proof_as_text(reported.proof) + "```\n\n";
  return text + "`" + command_to_repeat(claim, plan.run.seed, plan.run.instances) + "`\n\n</details>\n\n";
}

/// The claims whose details a reader of a pull request wants: what is not as expected, and what is false as
/// printed; of somebody's own lemmas, all that are false.
bool is_told(const ReportedClaim& reported) {
  const Claim& claim = *reported.finding.claim;
  const bool false_here = reported.finding.verdict == Verdict::violated;
  return !reported.good() || (false_here && (claim.kind == "printed" || !claim.file.empty()));
}

std::string heading_of(const Claim& claim) {
  if (!claim.file.empty()) return claim.file;
  return (claim.section.find_first_of("0123456789") == 0 ? "Section " : "") + claim.section;
}

/// A folded table of verdicts for each part.
std::string markdown_verdicts(const std::vector<ReportedClaim>& claims) {
  std::string text;
  for (std::size_t begin = 0; begin < claims.size();) {
    const std::string part = heading_of(*claims[begin].finding.claim);
    std::size_t end = begin;
    std::string rows;
    for (; end < claims.size() && heading_of(*claims[end].finding.claim) == part; ++end) {
      const Finding& finding = claims[end].finding;
      rows += fmt::format("| `{}` | {}{} |\n", finding.claim->id, verdict_in_words(finding),
                          claims[end].good() ? "" : " (**NOT as expected**)");
    }
    text += fmt::format(
        "<details><summary>{}: {} lemmas</summary>\n\n| lemma | verdict |\n|---|---|\n{}\n</details>\n\n",
        escaped(part), end - begin, rows);
    begin = end;
  }
  return text;
}

}  // namespace

std::string report_as_markdown(const ReportData& data, const nlohmann::json& comparison) {
  // What a comment on GitHub may have is 65,536 characters.
  constexpr std::size_t longest = 60'000;
  std::string text = fmt::format(
      "# Bound-tightness report\n\nSeed {}, {} instances a lemma, exact rational arithmetic. {}\n\n{}",
      data.plan.run.seed, data.plan.run.instances,
      data.as_expected() ? "All lemmas as expected." : "**NOT all lemmas as expected.**",
      markdown_table(kinds_table(data.claims)));
  if (!comparison.is_null()) text += "## What changed\n\n" + comparison_as_markdown(comparison);
  std::string verdicts = "## Verdicts\n\n'True' means: no violation among the instances tried.\n\n" +
                         markdown_verdicts(data.claims);
  if (text.size() + verdicts.size() > longest)
    verdicts = "The verdicts of all lemmas are in report.json and on the page.\n\n";
  std::string told;
  std::size_t left_out = 0;
  for (const ReportedClaim& reported : data.claims) {
    if (!is_told(reported)) continue;
    const std::string claim = markdown_claim(reported, data.plan);
    if (text.size() + told.size() + verdicts.size() + claim.size() < longest)
      told += claim;
    else
      ++left_out;
  }
  if (!told.empty()) text += "## False, or not as expected\n\n" + told;
  if (left_out > 0) text += fmt::format("{} more are on the page.\n\n", left_out);
  return text + verdicts + "Statements, drawings, curves and certificates are on the page, index.html.\n";
}

std::string report_as_junit(const ReportData& data) {
  std::size_t failures = 0;
  std::string cases;
  for (const ReportedClaim& reported : data.claims) {
    const Finding& finding = reported.finding;
    cases += fmt::format("  <testcase classname=\"lemmacheck.{}\" name=\"{}\"", finding.claim->section,
                         escaped(finding.claim->id));
    if (!finding.claim->file.empty())
      cases += fmt::format(" file=\"{}\" line=\"{}\"", escaped(finding.claim->file), finding.claim->line);
    if (reported.good()) {
      cases += "/>\n";
      continue;
    }
    ++failures;
    std::string reason = fmt::format("verdict {}, expected {}", to_string(finding.verdict),
                                     to_string(finding.claim->expected));
    for (const MutantResult& mutant : reported.mutants)
      if (!mutant.refuted_by) reason += "; mutant survives: " + mutant.name;
    for (const std::string& label : finding.empty_classes) reason += "; no instance of class " + label;
    if (const auto step = reported.proof.first_false())
      reason += fmt::format("; step {} of its proof is false", *step + 1);
    cases +=
        fmt::format(">\n    <failure message=\"{}\">{}</failure>\n  </testcase>\n", escaped(reason),
                    escaped(command_to_repeat(*finding.claim, data.plan.run.seed, data.plan.run.instances)));
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"lemmacheck\" tests=\"{}\" "
      "failures=\"{}\">\n"
      "  <properties><property name=\"seed\" value=\"{}\"/><property name=\"instances\" "
      "value=\"{}\"/></properties>\n"
      "{}</testsuite>\n",
      data.claims.size(), failures, data.plan.run.seed, data.plan.run.instances, cases);
}

}  // namespace lemmacheck
