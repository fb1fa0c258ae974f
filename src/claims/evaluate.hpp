/// The verdict on one instance: enclosed first, exact where the enclosure cannot tell.
#pragma once

#include <limits>

#include "claims/claim.hpp"

namespace lemmacheck {

enum class Outcome { holds, violated, discarded, undecided };

/// lhs / rhs where 0 <= lhs and 0 < rhs; 0 where lhs < 0 < rhs; nothing where rhs <= 0 (0/0 is undefined).
std::optional<Rational> tightness(const Sides<Rational>& sides);
/// The same; where the quotient is irrational, the largest multiple of 2^-40 below it; nothing where lhs is
/// infinite.
std::optional<Rational> tightness(const Sides<RealNumber>& sides);

/// Both sides at every point, exactly, or enclosed until every comparison is decided, if that can be.
Points<RealNumber> exact_points(const Formula& formula, Relation relation, const Instance& instance);

/// All that exact arithmetic says of one instance.
struct ExactResult {
  Outcome outcome = Outcome::holds;
  /// The first violated point, or else the tightest, or else the first; nothing if there is no point.
  std::optional<Points<RealNumber>::Entry> point;
  std::optional<Rational> max_tightness;     ///< over all points
  std::optional<Rational> max_ratio;         ///< of lhs / rhs, where tightness is of a term
  bool undefined = false, infinite = false;  ///< some side is
};
ExactResult evaluate_exactly(const Formula& formula, Relation relation, const Instance& instance);

/// Tightness in tenths: 0 for 0, k for ((k-1)/10, k/10], `above_one` beyond; `undefined` where no point has
/// one.
inline constexpr int above_one = 11;
inline constexpr int undefined_bin = 12;
inline constexpr int bin_count = 13;

struct FilteredResult {
  Outcome outcome = Outcome::holds;
  int bin = undefined_bin;
  /// Present whenever the instance's tightness is at least `record` and above what is known exactly.
  std::optional<Rational> max_tightness;
  std::optional<Rational> max_ratio;
  std::optional<double> near_tightness;  ///< a number near the tightness, just below it
  bool used_exact = false;
  bool undefined = false, infinite = false;
};

/// What an answer need not tell: up to the best tightness and the best lhs / rhs that a run knows exactly, if
/// any, and the tenth where only the best is sought.
struct KnownBest {
  const Rational* tightness = nullptr;
  const Rational* ratio = nullptr;
  bool tenth_wanted = true;  ///< otherwise `bin` may be any
};

/// The same verdict at a fraction of the cost: Interval arithmetic decides where it can; the points which it
/// leaves open, and those which may reach the tightness `record`, are decided with residues, and what these
/// leave open is computed exactly.
/// @param record a lower bound of the best tightness known; a negative one asks for every tightness.
/// @param ratio_record the same of lhs / rhs, where tightness is of a term.
/// @param known  instances that come no further need not tell their tightness.
FilteredResult evaluate(const Formula& formula, Relation relation, const Instance& instance, double record,
                        double ratio_record = std::numeric_limits<double>::infinity(),
                        const KnownBest& known = {});

}  // namespace lemmacheck
