/// A lemma made ready to be evaluated on assignments.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "claims/claim.hpp"
#include "language/lemma.hpp"

namespace lemmacheck {

/// What the comparisons of a lemma come to on an assignment. Safe to use from many threads.
class LemmaProgram {
 public:
  /// @param terms  for each comparison of `comparisons`, the term that its tightness is of; nullptr: the
  /// whole side.
  LemmaProgram(std::shared_ptr<const Lemma> lemma, std::vector<Comparison> comparisons,
               std::vector<Tree> terms);
  ~LemmaProgram();

  const std::shared_ptr<const Signature>& signature() const;
  const Lemma& lemma() const;

  void enclosed(const Assignment& assignment, Points<Interval>& points) const;
  /// The same with residues, which prove equalities as well.
  void with_residues(const Assignment& assignment, Points<ResidueInterval>& points) const;
  void exact(const Assignment& assignment, Points<Rational>& points) const;
  void real(const Assignment& assignment, Points<RealNumber>& points) const;
  /// Whether all numbers are rational, so that `exact` serves; or else `real`.
  bool is_rational() const;
  /// Whether `with_residues` can.
  bool has_residues() const;
  /// Why the assumes do not hold; empty if they do.
  std::string broken_assume(const Assignment& assignment) const;

  struct Parts;
  const Parts& parts() const { return *parts_; }

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace lemmacheck
