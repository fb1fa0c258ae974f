/// Where a bound's slack goes: what each step of its proof gives away.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "campaign/check.hpp"

namespace lemmacheck {

struct SlackStep {
  std::string name;
  Rational at_tightest;  ///< loss on the tightest instance found
  /// Loss as a share of the right side, over the drawn instances whose right side is positive.
  Rational mean_share, largest_share;
};

struct Slack {
  const Claim* claim;
  Finding finding;  ///< its certificate is the tightest instance
  std::vector<SlackStep> steps;
  Rational mean_tightness;      ///< mean of lhs / rhs: with the mean shares it makes 1
  std::uint64_t instances = 0;  ///< that the means are over
};

/// The losses of a proof on one instance, checked: none is negative, and they sum to the gap.
/// @throws InternalError if a proof is wrong there.
std::vector<ProofStep> proof_losses(const Claim& claim, const Instance& instance);

/// For a claim with a proof. @throws InvalidInput for another.
Slack slack_of(const Claim& claim, const Run& run);

}  // namespace lemmacheck
