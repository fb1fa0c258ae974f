#include "report/comparison.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "mdp/model_file.hpp"
#include "numeric/error.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

std::map<std::string, const json*> by_id(const json& report) {
  std::map<std::string, const json*> claims;
  for (const json& claim : report.at("claims")) claims.emplace(claim.at("id").get<std::string>(), &claim);
  return claims;
}

std::size_t survivors(const json& claim) {
  std::size_t count = 0;
  for (const json& mutant : claim.at("mutants")) count += mutant.at("refuted_by").is_null() ? 1 : 0;
  return count;
}

json change(const std::string& id, const json& before, const json& now) {
  return {{"id", id}, {"before", before}, {"now", now}};
}

std::string words(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "none" : value.dump();
}

/// A fraction, or its decimal where it has many digits.
std::string ratio_in_words(const json& value) {
  return value.is_null() ? "none" : short_number(Rational::parse_fraction(value.get<std::string>()));
}

bool is_ratio(const json& value) {
  if (value.is_null()) return true;
  if (!value.is_string()) return false;
  try {
    Rational::parse_fraction(value.get<std::string>());
    return true;
  } catch (const InvalidInput&) {
    return false;
  }
}

}  // namespace

json read_report(const std::filesystem::path& file) {
  json report = read_json_file(file.string());
  const auto is_list = [&](const char* key) { return report.contains(key) && report[key].is_array(); };
  if (!report.is_object() || report.value("format", json()) != "lemmacheck-report" || !is_list("claims"))
    throw InvalidInput(file.string() + ": is no report; give the report.json that `lemmacheck report` wrote");
  constexpr int version = 1;
  if (report.value("version", json()) != version)
    throw InvalidInput(file.string() + ": is a report of another version; write it again with this program");
  for (std::size_t i = 0; i < report["claims"].size(); ++i) {
    const json& claim = report["claims"][i];
    bool whole = claim.is_object() && claim.contains("tightness") && claim["tightness"].is_object() &&
                 claim["tightness"].contains("ratio") && is_ratio(claim["tightness"]["ratio"]) &&
                 claim.contains("mutants") && claim["mutants"].is_array();
    for (const char* key : {"id", "verdict", "statement"})
      whole = whole && claim.contains(key) && claim[key].is_string();
    if (whole)
      for (const json& mutant : claim["mutants"])
        whole = whole && mutant.is_object() && mutant.contains("refuted_by");
    if (!whole)
      throw InvalidInput(
          fmt::format("{}: claims[{}]: is no claim of a report; write the report again", file.string(), i));
  }
  return report;
}

json compared_reports(const json& before, const json& now) {
  const auto old_claims = by_id(before), new_claims = by_id(now);
  json added = json::array(), removed = json::array(), verdicts = json::array(), tightness = json::array(),
       statements = json::array(), strength = json::array();
  for (const auto& [id, claim] : old_claims)
    if (new_claims.count(id) == 0) removed.push_back(id);
  for (const auto& [id, claim] : new_claims) {
    const auto found = old_claims.find(id);
    if (found == old_claims.end()) {
      added.push_back(id);
      continue;
    }
    const json& old = *found->second;
    const auto differs = [&](const json& a, const json& b, json& list) {
      if (a != b) list.push_back(change(id, a, b));
    };
    differs(old.at("statement"), claim->at("statement"), statements);
    differs(old.at("verdict"), claim->at("verdict"), verdicts);
    // By how much a false lemma fails is a matter of where the search went.
    if (old.at("verdict") == "holds" && claim->at("verdict") == "holds")
      differs(old.at("tightness").at("ratio"), claim->at("tightness").at("ratio"), tightness);
    differs(survivors(old), survivors(*claim), strength);
  }
  return {
      {"before", {{"seed", before.value("seed", json())}, {"instances", before.value("instances", json())}}},
      {"added", added},
      {"removed", removed},
      {"verdicts", verdicts},
      {"statements", statements},
      {"tightness", tightness},
      {"strength", strength}};
}

std::string comparison_as_markdown(const json& comparison) {
  std::string text =
      fmt::format("Against the report of seed {}, {} instances: ", words(comparison["before"]["seed"]),
                  words(comparison["before"]["instances"]));
  std::string list;
  const auto names = [&](const char* key, const char* what) {
    std::string all;
    for (const json& id : comparison[key]) all += (all.empty() ? "`" : ", `") + words(id) + "`";
    if (!all.empty()) list += fmt::format("- {}: {}\n", what, all);
  };
  const auto changes = [&](const char* key, const char* what, auto&& shown) {
    for (const json& each : comparison[key])
      list += fmt::format("- {} of `{}`: {} before, now {}\n", what, words(each["id"]), shown(each["before"]),
                          shown(each["now"]));
  };
  names("added", "New");
  names("removed", "Gone");
  changes("verdicts", "**Verdict**", words);
  changes("statements", "Statement", words);
  changes("tightness", "Best left side / bound", ratio_in_words);
  changes("strength", "Weakened forms that survive", words);
  return text + (list.empty() ? "nothing changed.\n\n" : "\n\n" + list + "\n");
}

}  // namespace lemmacheck
