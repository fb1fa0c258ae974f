/// What `check` found out, for people and for continuous integration.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "campaign/proof_check.hpp"

namespace lemmacheck {

struct CheckedClaim {
  Finding finding;
  ProofFinding proof;
};

/// Where the certificate of a step was written, for its suffix (".step2"); empty if it was not.
using WrittenCertificate = std::function<std::string(const Finding& step, const std::string& suffix)>;

/// {"steps": [...], "first_false_step": from 1, or null}
nlohmann::json proof_to_json(const ProofFinding& proof, const WrittenCertificate& written);

/// A line for each step, and which one is the first that is false.
std::string proof_as_text(const ProofFinding& proof);

/// The table, then, of claims asked for by name, witnesses and proofs.
std::string checked_claims_as_text(const std::vector<CheckedClaim>& all, bool with_witnesses,
                                   bool full = false);

/// SARIF 2.1.0: one result for each claim that is not as expected, and each false step of a proof.
nlohmann::json sarif_of(const std::vector<CheckedClaim>& all);
/// A workflow command of GitHub Actions, on a line of its own: ::error file=...,line=...,col=...::message.
std::string annotation(bool error, const std::string& file, std::size_t line, std::size_t column,
                       const std::string& message);
/// One for each claim that is not as expected, and each false step of a proof.
std::string annotations_of(const std::vector<CheckedClaim>& all);
/// JUnit XML, one test case a claim and a step, with file and line.
std::string junit_of(const std::vector<CheckedClaim>& all, std::uint64_t seed, std::uint64_t instances);

}  // namespace lemmacheck
