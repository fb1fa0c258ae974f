/// One lemma's instances under another lemma.
#pragma once

#include "claims/claim.hpp"
#include "claims/evaluate.hpp"

namespace lemmacheck {

/// What a sharper lemma about the same left side leaves of a bound.
class SharperLemma {
 public:
  /// Both are lemmas that are texts; they outlive this.
  SharperLemma(const Claim& sharper, const Claim& claim);

  /// With the sharper right side r' instead of r, tightness 1 - (r - l)/t is at most 1 - (r - r')/t.
  /// @param point  of `claim` on this instance.
  /// @returns nothing where the sharper lemma gives something that the instance does not have, does not allow
  /// it, or does not speak of the same left side there.
  std::optional<RealNumber> ceiling(const Instance& instance, const Points<RealNumber>::Entry& point) const;

 private:
  /// The instance with its values under the sharper lemma's givens of the same names and shapes.
  std::optional<Instance> transferred(const Instance& instance) const;

  const Claim& sharper_;
  std::shared_ptr<const Signature> signature_;
  std::vector<std::optional<std::size_t>> parts_, sets_;  ///< where the claim has what the sharper one gives
};

}  // namespace lemmacheck
