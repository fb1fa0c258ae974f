/// One fit of a tabular transition model: which data it uses, and what it makes of pairs never seen.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "learning/learning_problem.hpp"
#include "learning/rules.hpp"

namespace lemmacheck {

/// A model's rows where the data has them, and which those are.
struct Data {
  std::vector<bool> seen;                        ///< S A flags
  std::shared_ptr<const StochasticMatrix> rows;  ///< S A x S; only the rows of seen pairs mean something
  std::vector<bool> states;                      ///< S flags: the states in which the data holds a transition
};

/// The learned model: known rows from the world, seen rows from the data, the others filled. `last` is the
/// model before.
/// @param hopes  S A numbers in [0, 1]: the probability with which each unseen pair leads to paradise, else
/// to the abyss; empty: as the rule says.
FiniteMdp fitted(const LearningProblem& problem, const Data& data, FillRule fill,
                 const StochasticMatrix& last, const std::vector<Rational>& hopes = {});

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
