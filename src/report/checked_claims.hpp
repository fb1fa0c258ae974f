/// What `check` found out, for people and for continuous integration.
#pragma once

#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "campaign/check.hpp"

namespace lemmacheck {

/// A lemma's proof, step by step.
struct ProofFinding {
  struct StepText {
    std::string plain, relation, reason;
  };
  std::deque<Claim> claims;
  std::vector<Finding> steps;
  std::vector<StepText> texts;
  /// The number, from 0, of the first step with a counterexample.
  std::optional<std::size_t> first_false() const;
};

struct CheckedClaim {
  Finding finding;
  ProofFinding proof;
};

nlohmann::json proof_step_to_json(const ProofFinding& proof, std::size_t step,
                                  const std::string& certificate_file);

/// The table, then, of claims asked for by name, witnesses and proofs.
std::string checked_claims_as_text(const std::vector<CheckedClaim>& all, bool with_witnesses);

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
