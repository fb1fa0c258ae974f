/// Searches for instances that come as near to a bound as can be, from nothing: no family is given.
#pragma once

#include <optional>
#include <vector>

#include "campaign/check.hpp"
#include "claims/bound_claim.hpp"

namespace lemmacheck {

/// What is searched: instances of that size whose rows differ by delta in total variation.
struct SharpnessCell {
  Quantity quantity;
  std::uint32_t states, actions;
  Step horizon;
  Rational delta;
};

struct SearchedSharpness {
  SharpnessCell cell;
  Rational bound;                      ///< the supremum in closed form: B(delta, H), or min(H, 2 B)
  Rational best;                       ///< the largest left side found, as a share of it
  std::optional<Certificate> witness;  ///< shrunk
  std::uint64_t instances = 0;         ///< drawn; the climbs evaluate as many again
  bool meets() const { return best == Rational(1); }
};

/// Instances of a cell. Row (s, a) of M is (1 - delta) at one state and delta at another, and of M' delta at
/// a third: the extreme points of what a coupling allows. The start is state 0, rewards are 0 and 1, and for
/// certainty equivalence also one number that is solved such that the start's first two actions tie in M'
/// (an exact line search: values are piecewise linear in it); ties go against the planner.
Domain extreme_pairs(const SharpnessCell& cell);

/// Draws, climbs from the best, and starts again with other seeds until the bound is met, at most `restarts`
/// times; where it is not, line searches along single rows follow. @param run  instances of each start.
SearchedSharpness search_sharpness(const SharpnessCell& cell, const Run& run, int restarts);

/// A polynomial in delta that goes through what the search found at one horizon: a conjecture on the
/// supremum.
struct FittedSupremum {
  SharpnessCell cell;                  ///< its delta counts for nothing
  std::vector<Rational> coefficients;  ///< of 1, delta, delta^2, ...; trailing zeros left out
  std::vector<Rational> seen, unseen;  ///< distances that it was fitted to, and tried on
  bool fits_unseen = false;            ///< whether it gives what the search finds there
};

/// Fits a polynomial of degree H - 1 to searches at H distances (n / 20, n = 1, 2, ...) and tries it on two
/// more.
FittedSupremum fit_supremum(const SharpnessCell& cell, const Run& run, int restarts);
/// The cells that are fitted.
std::vector<SharpnessCell> fitted_cells();

/// Both quantities over S, A, H and delta.
std::vector<SharpnessCell> sharpness_cells();

}  // namespace lemmacheck
