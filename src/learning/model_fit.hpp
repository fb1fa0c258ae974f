/// One fit of a tabular transition model: which data it uses, and what it makes of pairs never seen.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "learning/learning_problem.hpp"

namespace lemmacheck {

/// The data of round t: D_t comes from rolling out pi_{t-1} in the world.
enum class FitRule {
  latest,         ///< D_t alone
  aggregate,      ///< D_1, ..., D_t: Algorithm 1
  hybrid,         ///< half D_1, ..., D_t and half the expert's data: Algorithm 2
  expert,         ///< the expert's data alone
  hybrid_latest,  ///< half D_t and half the expert's data: Algorithm 2 without aggregation
};
inline constexpr std::array<std::string_view, 5> fit_rule_names = {"latest", "aggregate", "hybrid", "expert",
                                                                   "hybrid-latest"};

/// Where a pair that the data does not contain (and that was not known at the start) is said to lead:
enum class FillRule {
  pessimistic,  ///< to the abyss
  optimistic,   ///< to paradise
  keep,         ///< where the last round's model led; T_0 in the first round
  start,        ///< where T_0 leads
  figure,       ///< as drawn in Figures 15.2 and 15.3: to paradise from states in the data, else to the abyss
  adversarial,  ///< to paradise or abyss, such that the plan earns least in the world (searched)
};
inline constexpr std::array<std::string_view, 6> fill_rule_names = {
    "pessimistic", "optimistic", "keep", "start", "figure", "adversarial"};

bool uses_expert(FitRule fit);
bool aggregates(FitRule fit);

/// A model's rows where the data has them, and which those are.
struct Data {
  std::vector<bool> seen;    ///< S A flags
  StochasticMatrix rows;     ///< S A x S; only the rows of seen pairs mean something
  std::vector<bool> states;  ///< S flags: the states in which the data holds a transition
};

/// The learned model: known rows from the world, seen rows from the data, the others filled. `last` is the
/// model before.
/// @param paradise_pairs  for the adversarial rule: S A flags, which unseen pairs lead to paradise.
FiniteMdp fitted(const LearningProblem& problem, const Data& data, FillRule fill,
                 const StochasticMatrix& last, const std::vector<bool>& paradise_pairs = {});

/// Population data: the exact transitions of every pair that a policy visits before the last step.
class PopulationData {
 public:
  explicit PopulationData(const LearningProblem& problem);
  /// Rolls out a policy. @returns whether a pair showed up that neither earlier rounds nor the expert (where
  /// the fit rule uses one) nor prior knowledge had shown.
  bool collect(const MarkovPolicy& policy);
  /// Adds the expert's data, once.
  void collect_expert();
  Data data(FitRule fit) const;
  /// The pairs that any round so far has shown.
  const std::vector<bool>& ever_seen() const { return all_; }

 private:
  const LearningProblem& problem_;
  std::vector<bool> latest_, all_, expert_;
};

/// Sampled data: `trajectories` roll-outs a round, and as many of the expert in all; empirical frequencies,
/// the two halves of a hybrid fit weighted equally. Seeded: round t uses the random stream (seed, t).
class SampledData {
 public:
  SampledData(const LearningProblem& problem, std::uint32_t trajectories, std::uint64_t seed);
  bool collect(const MarkovPolicy& policy, int round);
  void collect_expert();
  Data data(FitRule fit) const;

 private:
  /// How often (row, next state) was seen.
  using Counts = std::map<std::pair<std::size_t, std::uint32_t>, std::uint64_t>;
  Counts rolled_out(const MarkovPolicy& policy, std::uint64_t stream) const;

  const LearningProblem& problem_;
  std::uint32_t trajectories_;
  std::uint64_t seed_;
  Counts latest_, all_, expert_;
};

}  // namespace lemmacheck
