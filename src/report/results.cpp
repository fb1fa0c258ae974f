#include "report/results.hpp"

#include <fmt/format.h>

#include <tuple>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <nlohmann/json.hpp>

#include "report/instance_tables.hpp"
#include "report/worked_instance.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

/// Of a lemma, how many of the drawn instances met its assumptions, where not nearly all did.
std::string met_note(const Finding& finding) {
  const Summary& summary = finding.summary;
  if (!finding.claim->lemma || summary.instances == 0) return "";
  std::string note;
  const double met = 1.0 - static_cast<double>(summary.discarded) / static_cast<double>(summary.instances);
  if (met < 0.5) note += fmt::format("; {:.3g}% of the draws met the assumptions", 100 * met);
  if (summary.undefined > 0)
    note += fmt::format("; {:.3g}% had an undefined side", 100.0 * static_cast<double>(summary.undefined) /
                                                               static_cast<double>(summary.instances));
  return note;
}

std::string expectation_note(const Finding& finding) {
  if (!finding.empty_classes.empty()) {
    std::string list;
    for (const std::string& label : finding.empty_classes) list += (list.empty() ? "" : "; ") + label;
    return "NOT AS EXPECTED: no instance of class " + list;
  }
  if (finding.verdict == Verdict::undecided)
    return (finding.as_expected() ? "as expected: " : "NOT AS EXPECTED: ") + undecided_in_words(finding);
  if (!finding.claim->expectation_stated && finding.verdict == Verdict::violated) return "FALSE";
  if (!finding.claim->expectation_stated) return "no counterexample" + met_note(finding);
  if (finding.claim->expected_tight && finding.verdict == Verdict::holds && !finding.as_expected())
    return "NOT AS EXPECTED (tight)";
  if (!finding.as_expected()) return fmt::format("NOT AS EXPECTED ({})", to_string(finding.claim->expected));
  if (finding.verdict != finding.claim->expected) return "no counterexample here; false in general";
  const bool named = finding.verdict == Verdict::violated && !finding.claim->corrected.empty();
  const std::string expected = finding.known_instance_alone ? "as expected by the known instance"
                               : finding.from_earlier       ? "as expected by an earlier campaign"
                                                            : "as expected";
  return named ? expected + "; right: " + finding.claim->corrected : expected + met_note(finding);
}

/// What the best instance says in a word: "tight", "up to 1/2".
std::string tightness_note(const Finding& finding) {
  if (finding.claim->relation == Relation::equal) return "equality";
  if (!finding.max_tightness) return "-";
  if (*finding.max_tightness == Rational(1)) return "1, tight";
  return short_number(*finding.max_tightness);
}

}  // namespace

std::string table_as_text(const WordTable& table) {
  std::vector<std::size_t> widths(table.header.size());
  const auto widen = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  };
  widen(table.header);
  for (const auto& row : table.rows) widen(row);
  std::string text = table.title.empty() ? "" : table.title + "\n";
  const auto line = [&](const std::vector<std::string>& row) {
    std::string out = " ";
    for (std::size_t i = 0; i < row.size(); ++i) out += " " + padded(row[i], widths[i] + 1);
    out.erase(out.find_last_not_of(' ') + 1);
    text += out + "\n";
  };
  if (!table.header.front().empty()) line(table.header);
  for (const auto& row : table.rows) line(row);
  return text;
}

std::string undecided_in_words(const Finding& finding) {
  const Summary& summary = finding.summary;
  if (summary.undecided > 0)
    return fmt::format("{} of {} instances could not be decided with 4096 bits", summary.undecided,
                       summary.instances);
  if (summary.undefined == summary.instances && summary.instances > 0)
    return fmt::format("on all {} draws a side is undefined", summary.instances);
  return fmt::format("none of {} draws met the assumptions{}", summary.instances,
                     summary.undefined > 0 ? " with sides that are defined" : "");
}

void put_number(json& object, const std::string& key, const std::optional<Rational>& number) {
  object[key] = number ? json(number->to_string()) : json();
  object[key + "_approx"] = number ? json(number->approximate()) : json();
}

void put_criterion(json& document, const Criterion& criterion) {
  document["horizon"] = criterion.horizon ? json(*criterion.horizon) : json();
  put_number(document, "discount", criterion.discount);
  if (criterion.endless != Criterion::Endless::none)
    document["criterion"] = criterion.endless == Criterion::Endless::total ? "total" : "average";
}

std::string decimal(const RealNumber& number, int digits) {
  return fmt::format("{:.{}g}", number.approximate(), digits);
}

std::string short_number(const RealNumber& number) {
  const std::string exact = number.to_string();
  return exact.size() <= 14 ? exact : "~" + decimal(number);
}

json claim_to_json(const Claim& claim) {
  json out;
  out["id"] = claim.id;
  out["section"] = claim.section;
  out["source"] = claim.source;
  out["statement"] = claim.statement;
  out["plain"] = claim.plain.empty() ? json() : json(claim.plain);
  out["hypotheses"] = claim.hypotheses;
  out["relation"] = to_string(claim.relation);
  out["expected"] = claim.expectation_stated ? json(to_string(claim.expected)) : json();
  out["kind"] = claim.kind.empty() ? json() : json(claim.kind);
  out["lemma"] = claim.lemma_text.empty() ? json() : json(claim.lemma_text);
  out["corrected"] = claim.corrected.empty() ? json() : json(claim.corrected);
  out["note"] = claim.note;
  out["domain"] = claim.domain.name;
  json mutants = json::array();
  for (const Mutant& mutant : claim.mutants) mutants.push_back(mutant.name);
  out["mutants"] = mutants;
  return out;
}

json finding_to_json(const Finding& finding, const std::string& certificate_file) {
  json out;
  const Summary& summary = finding.summary;
  out["id"] = finding.claim->id;
  out["source"] = finding.claim->source;
  out["verdict"] = to_string(finding.verdict);
  out["expected"] = finding.claim->expectation_stated ? json(to_string(finding.claim->expected)) : json();
  out["as_expected"] = finding.as_expected();
  out["known_instance_alone"] = finding.known_instance_alone;
  out["from_earlier"] = finding.from_earlier;
  out["instances"] = summary.instances;
  out["discarded"] = summary.discarded;
  out["undecided"] = summary.undecided;
  out["violated"] = summary.violated;
  put_number(out, "max_ratio", finding.max_ratio());
  out["tightness"] = json::object();
  put_number(out["tightness"], "ratio", finding.max_tightness);
  if (finding.ceiling) {
    put_number(out["tightness"], "ceiling", finding.ceiling->share);
    out["tightness"]["ceiling_by"] = finding.ceiling->by;
  }
  out["tightness"]["term"] = finding.claim->tested_term.empty() ? json() : json(finding.claim->tested_term);
  if (finding.claim->lemma) {
    out["undefined"] = summary.undefined;
    out["infinite"] = summary.infinite;
    out["file"] = finding.claim->file;
    out["line"] = finding.claim->line;
    out["column"] = finding.claim->column;
  }
  json histogram;
  histogram["zero"] = summary.histogram[0];
  for (std::size_t k = 1; k <= 10; ++k) histogram[fmt::format("up_to_{}/10", k)] = summary.histogram[k];
  histogram["above_one"] = summary.histogram[above_one];
  histogram["undefined"] = summary.histogram[undefined_bin];
  if (finding.claim->relation == Relation::at_most) out["ratios"] = histogram;
  out["classes"] = summary.classes.empty() ? json::object() : json(summary.classes);
  out["empty_classes"] = finding.empty_classes;
  out["certificate"] = certificate_file.empty() ? json() : json(certificate_file);
  out["witness"] = finding.certificate ? certificate_to_json(*finding.certificate) : json();
  return out;
}

namespace {

/// "paper.tex:12", or empty for a claim that stands in no file.
std::string place_of(const Claim& claim) {
  return claim.file.empty() ? "" : fmt::format("{}:{}", claim.file, claim.line);
}

/// At most so many bytes, cut between words.
std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  const std::size_t space = text.rfind(' ', most - 4);
  return text.substr(0, space == std::string::npos ? 0 : space) + " ...";
}

}  // namespace

std::string findings_as_text(const std::vector<Finding>& findings, std::size_t unexpected) {
  constexpr std::size_t longest_source = 40;
  std::size_t id_width = 5, source_width = 6, place_width = 0;
  for (const Finding& finding : findings) {
    id_width = std::max(id_width, finding.claim->id.size());
    source_width = std::max(source_width, shortened(finding.claim->source, longest_source).size());
    place_width = std::max(place_width, place_of(*finding.claim).size());
  }
  // Claims of the ledger stand in no file.
  const auto place_column = [&](const std::string& text) {
    return place_width == 0 ? std::string() : padded(text, place_width) + "  ";
  };
  constexpr std::size_t verdict_width = 10, ratio_width = 15;
  std::string text = padded("claim", id_width) + "  " + place_column("at") + padded("source", source_width) +
                     "  " + padded("verdict", verdict_width) + padded("best lhs/rhs", ratio_width) + "\n";
  std::uint64_t instances = 0;
  for (const Finding& finding : findings) {
    text += padded(finding.claim->id, id_width) + "  " + place_column(place_of(*finding.claim)) +
            padded(shortened(finding.claim->source, longest_source), source_width) + "  " +
            padded(to_string(finding.verdict), verdict_width) + padded(tightness_note(finding), ratio_width) +
            expectation_note(finding) + "\n";
    instances += finding.summary.instances;
  }
  text += fmt::format("{} claim{} on {} instances, exactly: ", findings.size(),
                      findings.size() == 1 ? "" : "s", instances);
  text += unexpected == 0 ? "all as expected.\n" : fmt::format("{} NOT as expected.\n", unexpected);
  text += "'holds' means: no violation among the instances tried.\n";
  return text;
}

std::string ledger_as_text(const std::vector<const Claim*>& claims) {
  std::string text;
  for (const Claim* claim : claims) {
    text += fmt::format("{}{}  expected: {}\n", claim->id,
                        claim->source.empty() ? "" : "  [" + claim->source + "]",
                        claim->expectation_stated ? to_string(claim->expected) : "nothing");
    text += "    " + (claim->plain.empty() ? claim->statement : claim->plain) + "\n";
    std::string hypotheses;
    for (const std::string& hypothesis : claim->hypotheses)
      hypotheses += (hypotheses.empty() ? "" : "; ") + hypothesis;
    text += "    under: " + hypotheses + "\n";
    if (!claim->corrected.empty())
      text += (claim->expected == Verdict::holds ? "    sharper: " : "    right form: ") + claim->corrected +
              "\n";
    if (!claim->note.empty()) text += "    " + claim->note + "\n";
  }
  text += fmt::format("{} claims\n", claims.size());
  return text;
}

namespace {

/// At most so many rows and characters a cell, unless all are asked for.
constexpr std::size_t most_rows = 24, longest_cell = 100;

/// A list "0: 1/3, 1: 1/3, ..." cut between its entries.
std::string cut_cell(const std::string& cell) {
  if (cell.size() <= longest_cell) return cell;
  std::size_t entries = 1;
  for (std::size_t at = 0; (at = cell.find(", ", at)) != std::string::npos; ++at) ++entries;
  const std::size_t comma = cell.rfind(", ", longest_cell);
  if (comma == std::string::npos) return cell;
  return fmt::format("{}, ... ({} in all)", cell.substr(0, comma), entries);
}

/// Rows that differ between models come first; how many are left out is said.
WordTable cut_table(const WordTable& table) {
  WordTable cut{table.title, table.header, {}};
  const auto is_same = [](const std::vector<std::string>& row) {
    return std::find(row.begin(), row.end(), "the same") != row.end();
  };
  const bool compares = std::any_of(table.rows.begin(), table.rows.end(), is_same);
  const bool is_long = table.rows.size() > most_rows;
  for (const auto& row : table.rows) {
    if (is_long && (cut.rows.size() >= most_rows || (compares && is_same(row)))) continue;
    cut.rows.push_back(row);
    for (std::string& cell : cut.rows.back()) cell = cut_cell(cell);
  }
  if (cut.rows.size() < table.rows.size())
    cut.title += fmt::format(" ({} of {} rows{}; --full shows all)", cut.rows.size(), table.rows.size(),
                             compares ? ": those that differ" : "");
  return cut;
}

/// ", step 2 of its proof", where a certificate is of one.
std::string step_in_words(const Certificate& certificate) {
  const auto& named = certificate.at.named;
  return named && named->claim == 0 ? fmt::format(", step {} of its proof", named->relation) : "";
}

/// A word of a shell's command, in quotes where it needs them.
std::string shell_word(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || std::strchr("._-/~:+@%,=", c) != nullptr;
  });
  if (plain) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string certificate_as_text(const Certificate& certificate, const Claim& claim, bool full) {
  const bool refuted = certificate.kind == CertificateKind::refutation;
  std::string text = fmt::format("{}{}{}: {}\n", place_of(claim).empty() ? "" : place_of(claim) + ": ",
                                 claim.id + step_in_words(certificate),
                                 claim.source.empty() ? "" : " [" + claim.source + "]",
                                 refuted ? "counterexample" : "tightest instance found");
  text += "  " + (claim.plain.empty() ? claim.statement : claim.plain) + "\n";
  for (const WordTable& table : instance_tables(certificate))
    text += table_as_text(full ? table : cut_table(table));
  if (const std::string steps = derivation_as_text(derivation_of(claim.lemma, certificate)); !steps.empty())
    text += "Step by step\n" + steps;
  const std::string at = point_in_words(certificate.at);
  const PrintedSides sides = printed_sides(certificate);
  const auto shown = [full](const RealNumber& side) {
    if (side.is_enclosed()) return "about " + decimal(side, 12);
    const std::string exact = side.to_string();
    constexpr std::size_t longest = 1000;
    if (exact.size() > longest && !full)
      return fmt::format("about {} (a fraction of {} digits; --full shows it)", decimal(side, 12),
                         exact.size());
    return exact + "  (about " + decimal(side) + ")";
  };
  text += fmt::format("Sides{}\n  lhs = {}\n  rhs = {}\n", at.empty() ? "" : " at " + at, shown(sides.lhs),
                      shown(sides.rhs));
  text += fmt::format("  lhs {} rhs: {}", sides.relation, refuted ? "violated" : "holds");
  if (const auto ratio = tightness(certificate.sides);
      ratio && certificate.relation == Relation::at_most && !certificate.sides.term)
    text += fmt::format("; lhs/rhs = {}, slack {}", short_number(*ratio),
                        short_number(certificate.sides.rhs - certificate.sides.lhs));
  return text + "\n";
}

std::string command_to_repeat(const Claim& claim, std::uint64_t seed, std::uint64_t instances) {
  const std::string file = claim.file.empty() ? "" : shell_word(claim.file) + " ";
  return fmt::format("lemmacheck check {}{} --seed {} --instances {}", file, claim.id, seed, instances);
}

std::string certificate_file_name(const std::string& id, const std::string& suffix) {
  std::string name = id;
  std::replace(name.begin(), name.end(), ':', '~');
  return name + suffix + ".json";
}

std::string step_suffix(std::size_t step) {
  return ".step" + std::to_string(step + 1);
}

json ablations_to_json(const std::vector<Ablation>& ablations) {
  json out = json::array();
  for (const Ablation& ablation : ablations) {
    json cells = json::array();
    for (const AblationCell& cell : ablation.cells)
      cells.push_back(
          {{"hypothesis", cell.hypothesis},
           {"applicable", cell.applicable},
           {"instances", cell.instances},
           {"needed", cell.applicable ? json(cell.counterexample.has_value()) : json()},
           {"witness", cell.counterexample ? certificate_to_json(*cell.counterexample) : json()}});
    out.push_back({{"id", ablation.claim->id}, {"without", std::move(cells)}});
  }
  return out;
}

std::string ablations_as_text(const std::vector<Ablation>& ablations) {
  std::string text;
  for (const Ablation& ablation : ablations) {
    text += ablation.claim->id + "\n";
    for (const AblationCell& cell : ablation.cells) {
      std::string found = fmt::format("none among {} instances", cell.instances);
      if (!cell.applicable) found = "the formula does not speak of that";
      if (cell.counterexample) {
        const auto& [sides, instance] = std::tie(cell.counterexample->sides, cell.counterexample->instance);
        std::string sizes;
        if (instance.assignment) {
          for (std::size_t i = 0; i < instance.assignment->sizes.size(); ++i)
            sizes += fmt::format("{}|{}| = {}", sizes.empty() ? "" : ", ",
                                 instance.assignment->signature->sets[i], instance.assignment->sizes[i]);
          if (instance.assignment->signature->horizon)
            sizes += fmt::format(", H = {}", instance.assignment->steps());
        } else {
          sizes = fmt::format("S = {}, A = {}, H = {}", instance.model->state_count(),
                              instance.model->action_count(), instance.horizon);
        }
        found =
            fmt::format("needed: {}: {} against {}", sizes, short_number(sides.lhs), short_number(sides.rhs));
      }
      text += fmt::format("  without {:<28} {}\n", cell.hypothesis, found);
    }
  }
  return text + "'none' means: no counterexample among the instances tried.\n";
}

json strengths_to_json(const std::vector<Strength>& strengths) {
  json out = json::array();
  for (const auto& [finding, mutants] : strengths) {
    json list = json::array();
    for (const MutantResult& mutant : mutants)
      list.push_back(
          {{"name", mutant.name}, {"refuted_by", mutant.refuted_by ? json(*mutant.refuted_by) : json()}});
    json entry = {{"id", finding.claim->id}, {"mutants", std::move(list)}};
    put_number(entry, "refutes_constants_below", finding.max_tightness);
    out.push_back(std::move(entry));
  }
  return out;
}

std::string strengths_as_text(const std::vector<Strength>& strengths) {
  std::string text;
  for (const auto& [finding, mutants] : strengths) {
    const std::string power = finding.claim->relation == Relation::equal ? "an equality: any change"
                              : finding.max_tightness
                                  ? "refutes every constant below " + short_number(*finding.max_tightness)
                                  : "no ratio is defined";
    text += fmt::format("{:<36}{}\n", finding.claim->id, power);
    for (const MutantResult& mutant : mutants)
      text += fmt::format("    {}: {}\n", mutant.name,
                          mutant.refuted_by ? fmt::format("refuted by instance {}", *mutant.refuted_by)
                                            : std::string("NOT refuted"));
  }
  return text;
}

}  // namespace lemmacheck
