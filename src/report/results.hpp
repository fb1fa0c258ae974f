/// Results as JSON and as text for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "campaign/ablate.hpp"

#include "mdp/criterion.hpp"

namespace lemmacheck {

/// Adds `key`: "p/q" and `key`_approx beside it; both null where there is no number.
void put_number(nlohmann::json& object, const std::string& key, const std::optional<Rational>& number);

/// Says what the criterion is: "horizon", "discount" (each null where there is none) and, of endless ones,
/// "criterion".
void put_criterion(nlohmann::json& document, const Criterion& criterion);

/// A decimal for people: about `digits` significant digits.
std::string decimal(const RealNumber& number, int digits = 6);
/// The fraction if it is short, or else its decimal with a leading ~.
std::string short_number(const RealNumber& number);

struct WordTable;
/// Columns below each other, under the title.
std::string table_as_text(const WordTable& table);

nlohmann::json claim_to_json(const Claim& claim);
/// @param certificate_file  where its certificate was written, empty if nowhere.
nlohmann::json finding_to_json(const Finding& finding, const std::string& certificate_file);

/// Why a finding is undecided: "no draw of 2000 met the assumptions".
std::string undecided_in_words(const Finding& finding);

/// One line a claim, aligned, and a last line which sums up.
/// @param unexpected  how many are not as expected, their proofs included.
std::string findings_as_text(const std::vector<Finding>& findings, std::size_t unexpected);
std::string ledger_as_text(const std::vector<const Claim*>& claims);

/// The claims against the hypotheses that were dropped.
nlohmann::json ablations_to_json(const std::vector<Ablation>& ablations);
std::string ablations_as_text(const std::vector<Ablation>& ablations);

/// What the mutants of claims came to, and how strong the harness is: the largest constant, on a claim's
/// right side, that its run refutes.
struct Strength {
  Finding finding;
  std::vector<MutantResult> mutants;
};
nlohmann::json strengths_to_json(const std::vector<Strength>& strengths);
std::string strengths_as_text(const std::vector<Strength>& strengths);

/// The instance and the two sides, in words and tables that can be checked by hand.
/// @param full  else long tables and lists are cut, and say so.
std::string certificate_as_text(const Certificate& certificate, const Claim& claim, bool full = false);

/// The command that finds this again.
std::string command_to_repeat(const Claim& claim, std::uint64_t seed, std::uint64_t instances);

/// "sim.lemma" -> "sim.lemma.json", "lem:a" -> "lem~a.json": a colon is no part of a file's name everywhere.
/// @param suffix  of a step of a proof.
std::string certificate_file_name(const std::string& id, const std::string& suffix = {});
inline std::string certificate_file_name(const Claim& claim, const std::string& suffix = {}) {
  return certificate_file_name(claim.id, suffix);
}
/// ".step1" of the step that is counted from 0.
std::string step_suffix(std::size_t step);

}  // namespace lemmacheck
