/// Is a typed bound true, and how tight is it?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "campaign/run.hpp"
#include "claims/bound_claim.hpp"
#include "claims/certificate.hpp"

namespace lemmacheck {

/// What was found out about `quantity <= expression`.
///
/// The supremum of either quantity over all instances with a given H and delta is known in closed form, with
/// a family that attains it: (rmax - rmin) B(delta, H) for one policy in two models (claim sim.sharp; the
/// leak chain), (rmax - rmin) min(H, 2 B(delta, H)) for certainty equivalence
/// (double.certainty_equivalence_sharp; the fork of two arms), B(delta, H - h) for the induction hypothesis
/// (sim.hypothesis_sharp; the leak chain). So the bound is compared with that first, on a
/// grid of distances for H = 1..12 and a few longer horizons up to 200; then on drawn instances, which also
/// reach other distances, and fewer states.
struct TriedBound {
  std::string expression;
  Quantity quantity = Quantity::simulation;
  Verdict verdict = Verdict::undecided;
  /// "extremal family", "search": what refuted it; "closed form and search" where nothing did.
  std::string decided_by;
  std::optional<Certificate> certificate;  ///< of the smallest counterexample

  /// The supremum against the bound at one point of the grid.
  struct Cell {
    Step horizon, step;  ///< h, where the quantity has one, or 0
    Rational delta, lowest_reward, highest_reward;
    std::uint32_t states, actions;
    Rational supremum;
    std::optional<Enclosed> bound;  ///< nothing where it is not defined
    /// supremum / bound; where the bound is irrational, of its enclosure's upper end. Nothing where it is <=
    /// 0.
    std::optional<Rational> ratio;
  };
  std::optional<Cell> asked;              ///< the point that was asked for
  std::vector<Cell> table;                ///< some horizons and distances, for people
  std::optional<Cell> tightest, loosest;  ///< of the whole grid, where the supremum is positive
  std::uint64_t points = 0, undefined_points = 0, undecided_points = 0, instances = 0;
  /// The largest left side / right side among the drawn instances, where no supremum is known.
  std::optional<Rational> largest_ratio;
  /// The mean of the right side less the left one on some drawn instances; nothing where the bound is false.
  std::optional<Rational> mean_slack;

  /// The mean of supremum / bound over the table: 1 is sharp. Nothing where the bound is false.
  std::optional<Rational> mean_tightness() const;
};

/// @param run  how many instances the search draws. @throws InvalidInput that shows a mistake's place.
/// @param at  a horizon and a distance to compare at, besides.
TriedBound try_bound(const std::string& expression, Quantity quantity, const Run& run,
                     const std::optional<std::pair<Step, Rational>>& at = {});

/// Whether the supremum of a quantity is known in closed form.
bool has_closed_form(Quantity quantity);

/// Whether a true bound is the tighter of two on the same quantity.
bool tighter(const TriedBound& a, const TriedBound& b);

/// True bounds first, the tightest first; then the undecided, then the false.
void rank(std::vector<TriedBound>& bounds);

}  // namespace lemmacheck
