#include "report/lemma_results.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

json certificate_json(const std::optional<Certificate>& certificate) {
  return certificate ? certificate_to_json(*certificate) : json();
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-"
                    : fmt::format("{:.3g}%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string part_in_words(const WeakenedPart& part) {
  if (part.smallest) {
    if (part.refuted) return "refuted: an instance needs " + short_number(*part.smallest) + " of it";
    return "survives; the instances found need no more than " + short_number(*part.smallest) + " of it";
  }
  if (!part.refuted) return "survives: a candidate for a sharper lemma, or an equal one";
  const PrintedSides sides = printed_sides(*part.certificate);
  return "refuted: " + short_number(sides.lhs) + " against " + short_number(sides.rhs);
}

}  // namespace

json vacuity_to_json(const Vacuity& vacuity) {
  return {{"sampled", vacuity.sampled},           {"met", vacuity.met},
          {"compared", vacuity.compared},         {"informative", vacuity.informative},
          {"no_left", vacuity.no_left},           {"infinite", vacuity.infinite},
          {"out_of_reach", vacuity.out_of_reach}, {"warning", vacuity_warning(vacuity)}};
}

std::string vacuity_warning(const Vacuity& vacuity) {
  if (!vacuity.is_weak()) return "";
  const auto share = [&](std::uint64_t count) {
    return fmt::format("{:.3g}%", 100.0 * static_cast<double>(count) / static_cast<double>(vacuity.compared));
  };
  std::string reasons;
  const auto add = [&](std::uint64_t count, const char* words) {
    if (count > 0) reasons += (reasons.empty() ? ": " : ", ") + share(count) + " " + words;
  };
  add(vacuity.no_left, "have no left side above 0");
  add(vacuity.infinite, "have an infinite right side");
  add(vacuity.out_of_reach, "have a right side that no left side reaches");
  return share(vacuity.informative) + " of the instances can refute it" + reasons;
}

json lemma_strength_to_json(const LemmaStrength& strength, const std::string& id) {
  json parts = json::array();
  for (const WeakenedPart& part : strength.parts) {
    json entry = {{"edit", part.edit},
                  {"claim", part.claim.empty() ? json() : json(part.claim)},
                  {"verdict", part.refuted ? "refuted" : "survives"},
                  {"certificate", certificate_json(part.certificate)}};
    put_number(entry, "smallest", part.smallest);
    parts.push_back(std::move(entry));
  }
  return {{"id", id},
          {"verdict", to_string(strength.finding.verdict)},
          {"parts", parts},
          {"sampled", strength.vacuity.sampled},
          {"met", strength.vacuity.met},
          {"informative", strength.vacuity.informative}};
}

std::string lemma_strength_as_text(const LemmaStrength& strength, const std::string& id) {
  std::string text = id + "\n";
  text += fmt::format("  of {} draws {} met the assumptions, {} could have refuted something\n",
                      strength.vacuity.sampled, percent(strength.vacuity.met, strength.vacuity.sampled),
                      percent(strength.vacuity.informative, strength.vacuity.sampled));
  if (strength.finding.verdict != Verdict::holds)
    return text + "  " + to_string(strength.finding.verdict) + ": nothing to weaken\n";
  for (const bool refuted : {false, true})
    for (const WeakenedPart& part : strength.parts) {
      if (part.refuted != refuted) continue;
      text += "  " + part.edit + "\n    " + part_in_words(part) + "\n";
      if (!part.refuted && !part.claim.empty()) text += "    " + part.claim + "\n";
    }
  return text;
}

json lemma_repair_to_json(const LemmaRepair& repair, const std::string& id) {
  json list = json::array();
  for (const RepairedLemma& each : repair.survivors) {
    json entry = {{"edit", each.edit}, {"claim", each.claim}};
    put_number(entry, "max_ratio", each.max_tightness);
    list.push_back(std::move(entry));
  }
  return {{"id", id}, {"tried", repair.tried}, {"survivors", list}};
}

std::string lemma_repair_as_text(const LemmaRepair& repair, const std::string& id) {
  std::string text =
      fmt::format("{}\n  {} of {} lemmas with one edit are true on everything tried, the tightest first:\n",
                  id, repair.survivors.size(), repair.tried);
  std::size_t n = 0;
  for (const RepairedLemma& each : repair.survivors)
    text += fmt::format(
        "  {}. {}\n     {}{}\n", ++n, each.claim, each.edit,
        each.max_tightness ? "; best lhs/rhs " + short_number(*each.max_tightness) : std::string());
  return text;
}

json lemma_slack_to_json(const LemmaSlack& slack, const std::string& id) {
  json steps = json::array();
  for (const LemmaSlackStep& step : slack.steps) {
    json entry = {{"statement", step.statement}, {"reason", step.reason}, {"false_somewhere", step.negative}};
    put_number(entry, "mean_share", step.mean_share);
    put_number(entry, "largest_share", step.largest_share);
    steps.push_back(std::move(entry));
  }
  json out = {{"id", id}, {"points", slack.points}, {"steps", steps}};
  put_number(out, "mean_tightness", slack.mean_tightness);
  return out;
}

std::string lemma_slack_as_text(const LemmaSlack& slack, const std::string& id) {
  std::string text = fmt::format(
      "{}: what each step gives away, as a share of the chain's end, over {} points\n", id, slack.points);
  for (const LemmaSlackStep& step : slack.steps)
    text += fmt::format("  mean {:<12} largest {:<12} {}{}\n", decimal(step.mean_share, 4),
                        decimal(step.largest_share, 4), step.reason.empty() ? step.statement : step.reason,
                        step.negative ? "   FALSE somewhere" : "");
  return text + fmt::format("  left of the start: mean {}\n", decimal(slack.mean_tightness, 4));
}

json lemma_exhaustion_to_json(const LemmaExhaustion& found, const std::string& id) {
  json runs = json::array();
  for (const TinyRun& run : found.runs)
    runs.push_back({{"states", run.states},
                    {"actions", run.actions},
                    {"horizon", run.horizon == 0 ? json() : json(run.horizon)},
                    {"grid", run.grid},
                    {"instances", run.instances},
                    {"violated", run.violated}});
  return {{"id", id}, {"runs", runs}, {"witness", certificate_json(found.counterexample)}};
}

std::string lemma_exhaustion_as_text(const LemmaExhaustion& found, const std::string& id) {
  std::uint64_t instances = 0, violated = 0;
  std::string text = id + "\n";
  for (const TinyRun& run : found.runs) {
    instances += run.instances;
    violated += run.violated;
    text += fmt::format("  |S| = {}, |A| = {}{}, probabilities in 1/{}: {} instances, {} violate it\n",
                        run.states, run.actions, run.horizon == 0 ? "" : fmt::format(", H = {}", run.horizon),
                        run.grid, run.instances, run.violated);
  }
  if (found.runs.empty())
    return text + "  too many tiny instances, or ranges that depend on the instance: nothing was listed\n";
  return text + (violated == 0 ? fmt::format("  no counterexample among all {}\n", instances)
                               : fmt::format("  {} of {} violate it\n", violated, instances));
}

json lemma_sharpness_to_json(const LemmaSharpness& found, const std::string& id) {
  json list = json::array();
  for (const Rational& each : found.found) list.push_back(each.to_string());
  json out = {{"id", id}, {"found", list}, {"witness", certificate_json(found.witness)}};
  put_number(out, "best", found.best);
  return out;
}

std::string lemma_sharpness_as_text(const LemmaSharpness& found, const std::string& id) {
  if (!found.best) return id + "\n  nothing has a tightness here\n";
  return fmt::format("{}\n  the best of {} searches reaches {} of the bound{}\n", id, found.found.size(),
                     short_number(*found.best),
                     *found.best > Rational(1)    ? ": it is false"
                     : *found.best == Rational(1) ? ": it is sharp"
                                                  : "");
}

}  // namespace lemmacheck
