#include "cli/policy_option.hpp"

#include <CLI/CLI.hpp>

#include "mdp/model_file.hpp"

namespace lemmacheck {

void CriterionOptions::add_to(CLI::App& command) {
  command.add_option("--horizon", horizon, "Number of steps H")->check(CLI::Range(1, max_horizon));
  command.add_option("--discount", discount,
                     "Discount, as a fraction or a decimal (0.95 is 19/20); without --horizon rewards count "
                     "for ever");
}

Criterion CriterionOptions::criterion() const {
  Criterion criterion;
  if (horizon > 0) criterion.horizon = horizon;
  try {
    if (!discount.empty()) criterion.discount = Rational::parse_typed(discount);
    criterion.require_valid();
  } catch (const InvalidInput& fault) {
    throw InvalidInput(std::string(discount.empty() ? "--horizon, --discount: " : "--discount: ") +
                       fault.what());
  }
  return criterion;
}

MarkovPolicy policy_named(const std::string& name, const FiniteMdp& model, const Criterion& criterion,
                          bool minimise) {
  if (name == "optimal") return best_policy(model, criterion, minimise);
  if (name == "uniform") return MarkovPolicy::uniform(model.state_count(), model.action_count());
  return read_policy_file(name, model);
}

}  // namespace lemmacheck
