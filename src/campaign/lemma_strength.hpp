/// How strong a lemma is, and what its parts are for: edits of its text, each checked like a lemma of its
/// own.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "campaign/check.hpp"
#include "campaign/vacuity.hpp"

namespace lemmacheck {

/// One part of a claim made weaker, which makes the claim stronger.
struct WeakenedPart {
  std::string edit;      ///< what was changed
  std::string claim;     ///< the stronger claim
  bool refuted = false;  ///< or it survives: a sharper lemma, or an equal one
  /// Of a term: the smallest factor of it that the instances found leave; nothing for other edits.
  std::optional<Rational> smallest;
  std::optional<Certificate> certificate;  ///< the counterexample, or the instance that needs the factor
};

struct LemmaStrength {
  Finding finding;
  std::vector<WeakenedPart> parts;
  Vacuity vacuity;
};

/// Weakens every constant, term, index, norm and maximum of the bounding sides in turn.
LemmaStrength strength_of(const Claim& claim, const Run& run);

/// The lemma without each of its hypotheses.
struct DroppedHypothesis {
  std::string hypothesis;
  bool applicable = true;
  std::uint64_t instances = 0;
  std::optional<Certificate> counterexample;
};
std::vector<DroppedHypothesis> drop_hypotheses(const Claim& claim, const Run& run);

/// Edits that make a false claim true on everything tried, the tightest first.
struct RepairedLemma {
  std::string edit, claim;
  std::optional<Rational> max_tightness;
};
struct LemmaRepair {
  std::size_t tried = 0;
  std::vector<RepairedLemma> survivors;
};
LemmaRepair repair_lemma(const Claim& claim, const Run& run);

/// The lemma on all tiny instances of some shapes.
struct TinyRun {
  std::uint32_t states = 1, actions = 1, horizon = 0, grid = 1;
  std::uint64_t instances = 0;  ///< that meet the assumptions
  std::uint64_t violated = 0;
};
struct LemmaExhaustion {
  std::vector<TinyRun> runs;
  std::optional<Certificate> counterexample;
};
LemmaExhaustion exhaust_lemma(const Claim& claim, const Run& run);

/// The best that several searches reach, each from a seed of its own.
struct LemmaSharpness {
  std::optional<Rational> best;
  std::optional<Certificate> witness;
  std::vector<Rational> found;  ///< by each search
};
LemmaSharpness sharpness_of_lemma(const Claim& claim, const Run& run, int searches);

/// What each step of a proof gives away, as a share of its end; over the points of drawn instances.
struct LemmaSlackStep {
  std::string statement, reason;
  Rational mean_share, largest_share;
  bool negative = false;  ///< the step is false somewhere
};
struct LemmaSlack {
  std::vector<LemmaSlackStep> steps;
  Rational mean_tightness;  ///< of the chain's start to its end: with the mean shares it makes 1
  std::uint64_t points = 0;
};
LemmaSlack slack_of_lemma(const Claim& claim, const Run& run);

}  // namespace lemmacheck
