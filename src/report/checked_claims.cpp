#include "report/checked_claims.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/markup.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

/// What is to be told of a claim or a step: nothing where all is as it should be.
struct Notice {
  enum class Level { error, warning } level;
  const Claim* claim;
  std::string rule, message;
};

std::string sides_in_words(const Finding& finding) {
  if (!finding.certificate) return "";
  const PrintedSides sides = printed_sides(*finding.certificate);
  return "left side " + short_number(sides.lhs) + ", right side " + short_number(sides.rhs);
}

std::string counterexample_in_words(const Finding& finding) {
  std::string words = "counterexample";
  if (finding.certificate && finding.certificate->instance.assignment) {
    const Assignment& assignment = *finding.certificate->instance.assignment;
    std::string sizes;
    for (std::size_t i = 0; i < assignment.sizes.size(); ++i)
      sizes += fmt::format("{}|{}| = {}", sizes.empty() ? "" : ", ", assignment.signature->sets[i],
                           assignment.sizes[i]);
    if (assignment.signature->horizon)
      sizes +=
          fmt::format("{}{} = {}", sizes.empty() ? "" : ", ",
                      assignment.signature->parts[*assignment.signature->horizon].name, assignment.steps());
    if (!sizes.empty()) words += " with " + sizes;
  }
  const std::string sides = sides_in_words(finding);
  return words + (sides.empty() ? "" : ": " + sides);
}

std::vector<Notice> notices(const std::vector<CheckedClaim>& all) {
  std::vector<Notice> list;
  for (const CheckedClaim& checked : all) {
    const Finding& finding = checked.finding;
    const Claim& claim = *finding.claim;
    if (!finding.as_expected()) {
      if (finding.verdict == Verdict::violated)
        list.push_back({Notice::Level::error, &claim, "false-lemma",
                        claim.id + " is false: " + counterexample_in_words(finding)});
      else if (finding.verdict == Verdict::undecided)
        list.push_back({Notice::Level::warning, &claim, "undecided-lemma",
                        claim.id + " is undecided: " + undecided_in_words(finding)});
      else if (claim.expected == Verdict::violated)
        list.push_back({Notice::Level::error, &claim, "expected-false",
                        claim.id + " is expected to be false, and no counterexample was found"});
      else if (claim.expected_tight && !finding.is_tight())
        list.push_back(
            {Notice::Level::warning, &claim, "not-tight",
             claim.id + " is expected to be tight, and the best instance found reaches " +
                 (finding.max_tightness ? short_number(*finding.max_tightness) : std::string("nothing")) +
                 " of the bound"});
      else
        list.push_back({Notice::Level::warning, &claim, "empty-class",
                        claim.id + ": some class of instances was never drawn"});
    }
    if (const auto step = checked.proof.first_false())
      list.push_back({claim.expectation_stated ? Notice::Level::warning : Notice::Level::error,
                      checked.proof.claims[*step].get(), "false-step",
                      fmt::format("step {} of the proof of {} is the first that is false: {}; {}", *step + 1,
                                  claim.id, checked.proof.texts[*step].plain,
                                  counterexample_in_words(checked.proof.steps[*step]))});
  }
  return list;
}

/// In a workflow command, data and properties have characters that must be escaped.
std::string workflow_escaped(const std::string& text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\r')
      out += "%0D";
    else if (c == '\n')
      out += "%0A";
    else if (property && c == ':')
      out += "%3A";
    else if (property && c == ',')
      out += "%2C";
    else
      out += c;
  }
  return out;
}

/// A path as a URI reference.
std::string uri_of(const std::string& path) {
  static const std::string plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string out;
  for (const char c : path) {
    if (plain.find(c) != std::string::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return !out.empty() && out[0] == '/' ? "file://" + out : out;
}

}  // namespace

json proof_to_json(const ProofFinding& proof, const WrittenCertificate& written) {
  json steps = json::array();
  for (std::size_t i = 0; i < proof.steps.size(); ++i) {
    const Finding& finding = proof.steps[i];
    const std::string file = written(finding, step_suffix(i));
    json step = {{"step", i + 1},
                 {"statement", proof.texts[i].plain},
                 {"latex", finding.claim->statement},
                 {"relation", proof.texts[i].relation},
                 {"reason", proof.texts[i].reason},
                 {"verdict", to_string(finding.verdict)},
                 {"instances", finding.summary.instances},
                 {"line", finding.claim->line},
                 {"column", finding.claim->column}};
    put_number(step, "max_ratio", finding.max_ratio());
    step["certificate"] = file.empty() ? json() : json(file);
    step["witness"] = finding.certificate ? certificate_to_json(*finding.certificate) : json();
    steps.push_back(std::move(step));
  }
  const auto first = proof.first_false();
  return {{"steps", std::move(steps)}, {"first_false_step", first ? json(*first + 1) : json()}};
}

std::string proof_as_text(const ProofFinding& proof) {
  std::string text;
  for (std::size_t i = 0; i < proof.steps.size(); ++i)
    text += fmt::format("  {}. {:<9} {}{}\n", i + 1, to_string(proof.steps[i].verdict), proof.texts[i].plain,
                        proof.texts[i].reason.empty() ? "" : "   (by " + proof.texts[i].reason + ")");
  if (const auto first = proof.first_false())
    text += fmt::format("  The first false step is step {}.\n", *first + 1);
  return text;
}

std::string checked_claims_as_text(const std::vector<CheckedClaim>& all, bool with_witnesses, bool full) {
  std::vector<Finding> findings;
  std::size_t unexpected = 0;
  for (const CheckedClaim& checked : all) {
    findings.push_back(checked.finding);
    unexpected += standing_of(checked.finding, checked.proof) == Standing::as_expected ? 0 : 1;
  }
  std::string text = findings_as_text(findings, unexpected);
  for (const CheckedClaim& checked : all) {
    const ProofFinding& proof = checked.proof;
    if (proof.steps.empty()) continue;
    text += "\nProof of " + checked.finding.claim->id + "\n" + proof_as_text(proof);
    const auto first = proof.first_false();
    if (first && proof.steps[*first].certificate)
      text += "\n" + certificate_as_text(*proof.steps[*first].certificate, *proof.claims[*first], full);
  }
  for (const Finding& finding : findings)
    if (with_witnesses && finding.certificate)
      text += "\n" + certificate_as_text(*finding.certificate, *finding.claim, full);
  return text;
}

json sarif_of(const std::vector<CheckedClaim>& all) {
  const auto rule = [](const char* id, const char* text) {
    return json{{"id", id}, {"shortDescription", {{"text", text}}}};
  };
  json results = json::array();
  for (const Notice& notice : notices(all)) {
    json result = {{"ruleId", notice.rule},
                   {"level", notice.level == Notice::Level::error ? "error" : "warning"},
                   {"message", {{"text", notice.message}}}};
    if (!notice.claim->file.empty())
      result["locations"] = {
          {{"physicalLocation",
            {{"artifactLocation", {{"uri", uri_of(notice.claim->file)}}},
             {"region", {{"startLine", notice.claim->line}, {"startColumn", notice.claim->column}}}}}}};
    results.push_back(std::move(result));
  }
  json driver = {{"name", "lemmacheck"},
                 {"rules",
                  {rule("false-lemma", "A lemma has a counterexample"),
                   rule("undecided-lemma", "A lemma could not be decided"),
                   rule("expected-false", "A lemma that is expected to be false has no counterexample"),
                   rule("not-tight", "A bound that is expected to be tight is not reached"),
                   rule("empty-class", "A class of instances was never drawn"),
                   rule("false-step", "A step of a proof has a counterexample")}}};
  return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
          {"version", "2.1.0"},
          {"runs",
           {{{"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", results}}}}};
}

std::string annotation(bool error, const std::string& file, std::size_t line, std::size_t column,
                       const std::string& message) {
  const std::string where =
      file.empty() ? "" : fmt::format("file={},line={},col={},", workflow_escaped(file, true), line, column);
  return std::string(error ? "::error " : "::warning ") + where +
         "title=lemmacheck::" + workflow_escaped(message, false) + "\n";
}

std::string annotations_of(const std::vector<CheckedClaim>& all) {
  std::string text;
  for (const Notice& notice : notices(all))
    text += annotation(notice.level == Notice::Level::error, notice.claim->file, notice.claim->line,
                       notice.claim->column, notice.message);
  return text;
}

std::string junit_of(const std::vector<CheckedClaim>& all, std::uint64_t seed, std::uint64_t instances) {
  std::string cases;
  std::size_t tests = 0, failures = 0;
  const std::vector<Notice> list = notices(all);
  const auto add = [&](const Claim& claim, const std::string& name) {
    ++tests;
    cases += fmt::format("  <testcase classname=\"lemmacheck.{}\" name=\"{}\"", escaped(claim.section),
                         escaped(name));
    if (!claim.file.empty())
      cases += fmt::format(" file=\"{}\" line=\"{}\"", escaped(claim.file), claim.line);
    std::string reasons;
    for (const Notice& notice : list)
      if (notice.claim == &claim) reasons += (reasons.empty() ? "" : "; ") + notice.message;
    if (reasons.empty()) {
      cases += "/>\n";
      return;
    }
    ++failures;
    const std::string where =
        claim.file.empty() ? "" : fmt::format("{}:{}:{}: ", claim.file, claim.line, claim.column);
    cases += fmt::format(">\n    <failure message=\"{}\">{}</failure>\n  </testcase>\n", escaped(reasons),
                         escaped(where + reasons));
  };
  for (const CheckedClaim& checked : all) {
    add(*checked.finding.claim, checked.finding.claim->id);
    for (std::size_t i = 0; i < checked.proof.claims.size(); ++i)
      add(*checked.proof.claims[i], fmt::format("{}, step {}", checked.finding.claim->id, i + 1));
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"lemmacheck\" tests=\"{}\" "
      "failures=\"{}\">\n"
      "  <properties><property name=\"seed\" value=\"{}\"/><property name=\"instances\" "
      "value=\"{}\"/></properties>\n{}</testsuite>\n",
      tests, failures, seed, instances, cases);
}

}  // namespace lemmacheck
