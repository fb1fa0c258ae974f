/// What the learning loops do in random worlds: which rules stop, oscillate, reach the expert or the optimum.
#pragma once

#include <cstdint>
#include <vector>

#include "campaign/run.hpp"
#include "learning/trace.hpp"

namespace lemmacheck {

/// Counts over drawn learning problems, for one fit and one fill rule. The limit of a loop is its fixed point
/// or its cycle; "reaches" means in every round of the limit. Merging is associative and commutative.
struct LoopStatistics {
  std::uint64_t problems = 0;
  std::uint64_t stops = 0, oscillates = 0;  ///< the others did neither within the rounds
  std::uint64_t optimal = 0, expert = 0;    ///< the limit's returns reach the optimum, the expert's
  std::uint64_t improves = 0;               ///< the limit's lowest return is at least that of pi_0
  int longest_cycle = 1, latest_stop = 0;
  Rational widest_gap;  ///< max over problems of the optimum less the limit's lowest return

  void merge(const LoopStatistics& other);
};

struct SurveyRow {
  FitRule fit;
  FillRule fill;
  LoopStatistics statistics;
};

/// All combinations of fit and fill rule on the same drawn problems, ties as given; the adversarial fill,
/// which plans many times a round, on a tenth of them. The result does not depend on threads.
std::vector<SurveyRow> survey_loops(const Run& run, TieBreak ties = TieBreak::stay);

}  // namespace lemmacheck
