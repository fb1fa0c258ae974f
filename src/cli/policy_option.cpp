#include "cli/policy_option.hpp"

#include "mdp/exact_values.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {

MarkovPolicy policy_named(const std::string& name, const FiniteMdp& model, Step horizon) {
  if (name == "optimal") return optimal_plan(model, horizon).policy;
  if (name == "uniform") return MarkovPolicy::uniform(model.state_count(), model.action_count());
  return read_policy_file(name, model);
}

}  // namespace lemmacheck
