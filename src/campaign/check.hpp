/// All that is found out about one claim: the run, the climb, the smallest certificate.
#pragma once

#include <optional>

#include "campaign/run.hpp"
#include "claims/certificate.hpp"

namespace lemmacheck {

struct Finding {
  const Claim* claim = nullptr;
  Summary summary;
  /// The run's, or `violated` if the climb found a counterexample that the run did not (summary.violated is
  /// then 0).
  Verdict verdict = Verdict::undecided;
  /// The best tightness of the run and of the climb that follows where it left room below 1.
  std::optional<Rational> max_tightness;
  /// The shrunk counterexample, or the shrunk instance which reaches max_tightness.
  std::optional<Certificate> certificate;
  /// How much of the tested part a sharper lemma leaves at the instance of the certificate.
  struct Ceiling {
    std::string by;  ///< its id
    Rational share;  ///< or a fraction just above it
  };
  std::optional<Ceiling> ceiling = {};
  /// What is expected was found on the claim's known instance alone, not by this run.
  bool known_instance_alone = false;
  /// What is shown was known before: an instance of an earlier campaign.
  bool from_earlier = false;
  /// A given model or horizon was checked: a claim that is false in general may well hold there.
  bool special_case = false;
  /// Classes of the domain that never turned up: the run tested less than it says.
  std::vector<std::string> empty_classes;

  bool as_expected() const {
    const bool verdict_fits = verdict == claim->expected || (special_case && verdict == Verdict::holds);
    return verdict_fits && empty_classes.empty() && (!claim->expected_tight || special_case || is_tight());
  }
  /// The tested part of the bound is reached, or missed by no more than a hundredth of it.
  bool is_tight() const { return max_tightness && *max_tightness >= Rational::ratio(99, 100); }
  /// The best lhs / rhs; that of the tightest where tightness is of a whole side.
  std::optional<Rational> max_ratio() const {
    if (verdict != Verdict::violated && summary.max_ratio && max_tightness && claim->lemma)
      return max(*summary.max_ratio, Rational(0));
    return max_tightness;
  }
};

/// How findings are to be taken, the worst last.
enum class Standing { as_expected, undecided, unexpected };
Standing standing_of(const Finding& finding);

/// What a run's summary comes to: the climb, the smallest certificate.
/// @param earlier  instances that an earlier campaign found, tried before the climb.
Finding conclusion(const Claim& claim, const Setting& setting, const Run& run, Summary summary,
                   const std::vector<Instance>& earlier = {});

Finding check_claim(const Claim& claim, const Setting& setting, const Run& run,
                    const std::vector<Instance>& earlier = {});

/// What `sharper`, a lemma about the same left side, leaves of the tested part at the tightest instance.
std::optional<Finding::Ceiling> ceiling_of(const Finding& finding, const Claim& sharper);

/// The claims of a ledger that a setting speaks of: with a given model, those about models.
std::vector<const Claim*> applicable_claims(const Ledger& ledger, const Setting& setting);

/// Which mutants of a claim the run's instances refute. Of a text that should hold: the first three of its
/// edited forms that they refute.
struct MutantResult {
  std::string name;
  std::optional<std::uint64_t> refuted_by;  ///< instance number
};
std::vector<MutantResult> check_mutants(const Claim& claim, const Run& run);

}  // namespace lemmacheck
