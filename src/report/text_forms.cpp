// The report as Markdown, LaTeX and JUnit XML.
#include <fmt/format.h>

#include "report/checked_claims.hpp"
#include "report/instance_tables.hpp"
#include "report/kinds.hpp"
#include "report/lemma_results.hpp"
#include "report/markup.hpp"
#include "report/report.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

std::string verdict_words(const Finding& finding) {
  return std::string(to_string(finding.verdict)) + (finding.as_expected() ? "" : " (NOT as expected)");
}

std::string tightness_words(const Finding& finding) {
  if (finding.claim->relation == Relation::equal) return "equality";
  return finding.max_tightness ? short_number(*finding.max_tightness) : "-";
}

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

std::string markdown_claim(const ReportedClaim& reported, const ReportPlan& plan) {
  const Finding& finding = reported.finding;
  const Claim& claim = *finding.claim;
  std::string text = fmt::format("### {}\n\n{}: {}. $${}$$\n\n", claim.id, claim.source,
                                 verdict_words(finding), claim.statement);
  if (!claim.note.empty()) text += claim.note + "\n\n";
  text +=
      fmt::format("{} instances, {} violated, {} discarded; best lhs/rhs {}; mutants refuted {} of {}.\n\n",
                  finding.summary.instances, finding.summary.violated, finding.summary.discarded,
                  tightness_words(finding), reported.mutants_refuted(), reported.mutants.size());
  if (const std::string warning = vacuity_warning(reported.vacuity); !warning.empty())
    text += "Seldom informative: " + warning + ".\n\n";
  if (const auto& certificate = finding.certificate) {
    const bool refuted = certificate->kind == CertificateKind::refutation;
    for (const WordTable& table : instance_tables(*certificate)) text += markdown_table(table);
    const std::string at = point_in_words(certificate->at);
    text += fmt::format("{}{}: left side {}, right side {}.\n\n",
                        refuted ? "Counterexample" : "Tightest instance", at.empty() ? "" : " at " + at,
                        short_number(certificate->sides.lhs), short_number(certificate->sides.rhs));
  }
  if (!reported.proof.steps.empty()) text += "```\n" + proof_as_text(reported.proof) + "```\n\n";
  return text + "`" + command_to_repeat(claim, plan.run.seed, plan.run.instances) + "`\n\n";
}

std::string latex_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string("&%$#_{}").find(c) != std::string::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string report_as_markdown(const ReportData& data) {
  std::string text = fmt::format(
      "# Bound-tightness report\n\nSeed {}, {} instances a claim, exact rational arithmetic. {}\n\n{}"
      "| claim | source | verdict | best lhs/rhs |\n|---|---|---|---|\n",
      data.plan.run.seed, data.plan.run.instances,
      data.as_expected() ? "All claims as expected." : "NOT all claims as expected.",
      markdown_table(kinds_table(data.claims)));
  for (const ReportedClaim& reported : data.claims)
    text += fmt::format("| {} | {} | {} | {} |\n", reported.finding.claim->id, reported.finding.claim->source,
                        verdict_words(reported.finding), tightness_words(reported.finding));
  text += "\n'Holds' means: no violation among the instances tried.\n\n";
  if (data.model_page) {
    text += fmt::format("## {}: exact optimum\n\n| H | J |\n|---|---|\n", data.model_page->name);
    for (const auto& optimum : data.model_page->optima)
      text += fmt::format("| {} | {} |\n", optimum.horizon, optimum.value.to_string());
    text += "\n";
  }
  if (data.bounds_page) {
    text += "## Where the slack goes\n\n";
    for (const WordTable& table : bounds_tables(*data.bounds_page)) text += markdown_table(table);
  }
  if (!data.encoding_tables.empty()) {
    text += "## Which encoder each objective prefers\n\n";
    for (const EncodingTable& table : data.encoding_tables)
      text += markdown_table(encoding_table_in_words(table));
  }
  if (data.learning_page) {
    text += "## How models are fitted\n\n";
    for (const WordTable& table : learning_tables(*data.learning_page)) text += markdown_table(table);
  }
  text += "## Claims\n\n";
  for (const ReportedClaim& reported : data.claims) text += markdown_claim(reported, data.plan);
  return text;
}

std::string report_as_latex(const ReportData& data) {
  std::string text =
      "% Bound-tightness table; needs longtable, booktabs, amsmath, amssymb.\n"
      "\\begin{longtable}{llll}\n\\toprule\nclaim & source & verdict & best lhs/rhs "
      "\\\\\n\\midrule\n\\endhead\n";
  for (const ReportedClaim& reported : data.claims) {
    const Finding& finding = reported.finding;
    text += fmt::format(
        "\\texttt{{{}}} & {} & {} & {} \\\\\n\\multicolumn{{4}}{{l}}{{\\quad $\\displaystyle {}$}} \\\\\n",
        latex_text(finding.claim->id), latex_text(finding.claim->source), verdict_words(finding),
        latex_text(tightness_words(finding)), finding.claim->statement);
  }
  return text + "\\bottomrule\n\\end{longtable}\n";
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
