#include "report/own_lines.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace lemmacheck {
namespace {

using nlohmann::json;

/// What is worse hides what is better.
int rank(Verdict verdict) {
  return verdict == Verdict::violated ? 2 : verdict == Verdict::undecided ? 1 : 0;
}

/// The worst verdict at each line where something that was checked begins.
std::map<std::size_t, Verdict> verdicts_by_line(const ReportedClaim& reported, const SourceFile& file) {
  std::map<std::size_t, Verdict> verdicts;
  const auto set = [&](const Tree& tree, Verdict verdict) {
    if (tree->place.file.get() != &file) return;
    const auto [at, fresh] = verdicts.emplace(file.position(tree->place.offset).line, verdict);
    if (!fresh && rank(at->second) < rank(verdict)) at->second = verdict;
  };
  const Finding& finding = reported.finding;
  const Lemma& lemma = *finding.claim->lemma;
  const bool false_at_one =
      finding.verdict == Verdict::violated && finding.certificate && finding.certificate->at.named;
  for (const Comparison& comparison : lemma.comparisons())
    if (!false_at_one) set(comparison.lhs, finding.verdict);
  for (const Comparison& comparison : lemma.comparisons())
    if (false_at_one && comparison.claim == finding.certificate->at.named->claim &&
        comparison.number == finding.certificate->at.named->relation)
      set(comparison.rhs, finding.verdict);
  const std::vector<Comparison> steps = lemma.steps();
  for (std::size_t i = 0; i < std::min(steps.size(), reported.proof.steps.size()); ++i)
    set(steps[i].rhs, reported.proof.steps[i].verdict);
  return verdicts;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(std::move(line));
  }
  return lines;
}

/// Whether the line only opens or closes what the lemma's text stands in.
bool surrounds(const std::string& line, std::initializer_list<std::string_view> beginnings) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return false;
  for (const std::string_view each : beginnings)
    if (line.compare(begin, each.size(), each) == 0) return true;
  return false;
}

}  // namespace

json own_lines_to_json(const ReportedClaim& reported) {
  const Claim& claim = *reported.finding.claim;
  if (!claim.lemma || claim.file.empty() || !claim.lemma->place.file) return nullptr;
  const SourceFile& file = *claim.lemma->place.file;
  const std::vector<std::string> lines = lines_of(file.text());
  std::size_t first = file.position(claim.lemma->place.offset).line;
  std::size_t last =
      claim.lemma->end.file.get() == &file ? file.position(claim.lemma->end.offset).line : first;
  last = std::min(last, lines.size());  // a text that ends with its file ends on the line after
  while (first > 1 && surrounds(lines[first - 2], {"\\begin{", "<!--"})) --first;
  while (last < lines.size() && surrounds(lines[last], {"\\end{", "\\]", "$$"}) &&
         !surrounds(lines[last], {"\\end{document}"}))
    ++last;
  while (last > first && lines[last - 1].find_first_not_of(" \t") == std::string::npos) --last;
  const auto verdicts = verdicts_by_line(reported, file);
  json list = json::array();
  for (std::size_t line = first; line <= last; ++line) {
    const auto found = verdicts.find(line);
    list.push_back({{"line", line},
                    {"text", lines[line - 1]},
                    {"verdict", found == verdicts.end() ? json() : json(to_string(found->second))}});
  }
  return list;
}

}  // namespace lemmacheck
