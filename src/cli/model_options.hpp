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

/// --horizon and --discount.
struct CriterionOptions {
  int horizon = 0;
  std::string discount;

  void add_to(CLI::App& command);
  /// @throws InvalidInput if neither is given, or a number does not fit.
  Criterion criterion() const;
};

/// "optimal" (in this model, for this criterion), "uniform", or a policy file.
MarkovPolicy policy_named(const std::string& name, const FiniteMdp& model, const Criterion& criterion,
                          bool minimise = false);

/// The name of a state or an action, or its number where it has none.
std::string name_of(const std::vector<std::string>& names, std::uint32_t index);

inline constexpr const char* model_help = "Model file (.json or .drn)";
inline constexpr const char* policy_help = "optimal, uniform or a policy file";

}  // namespace lemmacheck
