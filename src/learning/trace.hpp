/// The rounds of Algorithms 1 and 2: roll out, fit, plan. Every number of a trace is exact.
#pragma once

#include <optional>
#include <vector>

#include "learning/model_fit.hpp"
#include "learning/planner.hpp"

namespace lemmacheck {

struct LoopOptions {
  FitRule fit = FitRule::aggregate;
  FillRule fill = FillRule::pessimistic;
  TieBreak ties = TieBreak::lowest;
  int rounds = 100;  ///< the loop ends earlier where its state comes back
  /// The fill rule of each round; those after the last use `fill`. Where rules change from round to round no
  /// cycle is looked for.
  std::vector<FillRule> fills = {};
  /// In place of `fill`: round t uses hopes[(t - 1) mod their number], as `fitted` does.
  std::vector<std::vector<Rational>> hopes = {};
  /// In place of `ties`: round t uses ranks[(t - 1) mod their number], as `plan_by_rank` does.
  std::vector<std::vector<Rational>> ranks = {};
  std::uint32_t samples = 0;  ///< trajectories a round; 0: population data
  std::uint64_t seed = 1;
  bool errors = false;  ///< compute the model errors
  bool returns = true;  ///< compute what each round's policy earns in the world
};

/// Round t = 1, 2, ...: the model fitted and the policy planned in it. Policies and models are over the
/// problem's world, with its fictitious states. Where rounds repeat only the first of equal ones is listed:
/// `seen` and `discovers` are of that one.
struct Round {
  int number;
  FiniteMdp model;                     ///< M_t
  MarkovPolicy policy;                 ///< pi_t
  Rational model_value;                ///< J(pi_t, M_t)
  std::optional<Rational> true_value;  ///< J(pi_t, M), if asked for; nothing for a total that is not finite
  bool discovers;                      ///< rolling out pi_t shows a pair that no data before had
  /// E_{d_w} ||T - T_t||_1 in the world, d_w the weighted occupancy of pi_t and of pi_E: what their returns
  /// in the model can be wrong by is H (H - 1) / 4 times these. Computed if asked for, and H >= 2.
  std::optional<Rational> learner_error, expert_error;
  std::vector<bool> seen;  ///< S A flags: the pairs in the data that M_t was fitted to
};

struct Trace {
  std::optional<Rational> start_value;   ///< J(pi_0, M); nothing where it is a total that is not finite
  bool start_discovers = false;          ///< rolling out pi_0 shows an unknown pair
  std::optional<Rational> expert_value;  ///< J(pi_E, M), likewise
  Rational optimal_value;                ///< max_pi J(pi, M)
  std::vector<Round> rounds;
  /// Rounds start, start + 1, ... repeat with this period, which is at least 2; every later round is one of
  /// these.
  struct Cycle {
    int start, length;
  };
  std::optional<Cycle> cycle;
  /// The first round after which nothing changes: a fixed point of the loop. With sampled data or changing
  /// rules: from which on the policy did not change within the rounds run.
  std::optional<int> converged_at;

  /// How many roll-outs, of pi_0 and of the rounds' policies, showed a new pair.
  std::size_t discoveries() const;
};

/// What the rounds of every loop on a problem are held against.
struct Landmarks {
  std::optional<Rational> start_value, expert_value;  ///< as in `Trace`
  Rational optimal_value;
};
Landmarks landmarks_of(const LearningProblem& problem);

/// Runs the loop. The state of the loop is the last policy, with what aggregated data has shown; with
/// population data and one fill rule each round is a function of it, so that the first state which comes back
/// closes a cycle. Cost: one plan and one evaluation a round (the adversarial rule: one for each fill tried).
/// @throws InvalidInput if the fit needs an expert and there is none; with totals also where a fitted model
/// has no finite optimum, naming the round, and for the adversarial fill, which would compare what need not
/// be finite.
Trace run_loop(const LearningProblem& problem, const LoopOptions& options);
/// The same with the problem's landmarks at hand, which cost as much as some rounds.
Trace run_loop(const LearningProblem& problem, const LoopOptions& options, const Landmarks& landmarks);

}  // namespace lemmacheck
