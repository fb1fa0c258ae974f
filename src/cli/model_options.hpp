/// The options of the commands about one model: the model, what a policy is judged by, and which policy.
#pragma once

#include <string>

#include "formats/any_model.hpp"
#include "mdp/criterion.hpp"

namespace CLI {
class App;
}

namespace lemmacheck {

/// --numbers, --renormalise and --reward: how a file of another tool is read.
struct ReadingOptions {
  std::string numbers = "exact", reward;
  bool renormalise = false;

  void add_to(CLI::App& command);
  /// @throws InvalidInput for --numbers that are none of its forms.
  ReadOptions options() const;
};

/// --horizon, --discount, --total and --average.
struct CriterionOptions {
  int horizon = 0;
  std::string discount;
  bool total = false, average = false;

  void add_to(CLI::App& command);
  bool given() const { return horizon > 0 || !discount.empty() || total || average; }
  /// @throws InvalidInput if none is given, or a number does not fit.
  Criterion criterion() const;
};

/// What the simulation lemma's printed and its sharp bound are called where rows differ by `l1` and `tv`.
struct BoundNames {
  std::string printed, sharp;
};
BoundNames names_of_bounds(const Criterion& criterion, const std::string& l1, const std::string& tv);

/// "optimal" (in this model, for this criterion), "uniform", or a policy file. ("best-stationary" has a
/// bracket beside it: best_stationary_plan.)
MarkovPolicy policy_named(const std::string& name, const FiniteMdp& model, const Criterion& criterion,
                          bool minimise = false);

/// The name of a state or an action, or its number where it has none.
std::string name_of(const std::vector<std::string>& names, std::uint32_t index);

inline constexpr const char* model_help = "Model file (.json, .drn, .tra, .mdp, .npz, .npy)";
inline constexpr const char* policy_help = "optimal, uniform or a policy file";

}  // namespace lemmacheck
