#include "adversary/planned_pairs.hpp"

#include "adversary/extremal_families.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/occupancy.hpp"

namespace lemmacheck {
namespace {

constexpr std::string_view fork_family = "family: fork at a tie";
constexpr Sizes sizes{4, 2, 6};

/// The action that a deterministic policy takes.
Action taken(const MarkovPolicy& policy, Step h, State s) {
  return Action{policy.table().column(policy.table().row_begin(policy.row(h, s)))};
}

Instance draw_fork(ChoiceSource& choices, const Setting& setting) {
  const std::uint32_t denominator = choices.between(2, 8);
  const auto delta = Rational::ratio(choices.between(1, denominator), denominator);
  const auto drawn = static_cast<Step>(choices.between(2, 6));
  Instance instance = certainty_equivalence_fork(delta, setting.horizon > 0 ? setting.horizon : drawn);
  instance.classes = {fork_family};
  return instance;
}

/// A policy which is optimal in the model: any of the optimal actions, and, unless `everywhere`, any action
/// where the policy never comes to.
MarkovPolicy draw_plan(ChoiceSource& choices, const FiniteMdp& model, Step horizon, bool everywhere) {
  const OptimalPlan best = optimal_plan(model, horizon);
  const MarkovPolicy plan = best.actions.policy([&](Step h, State s) {
    std::vector<Action> optimal;
    for (const Action a : model.actions())
      if (best.actions.contains(h, s, a)) optimal.push_back(a);
    return optimal[choices.below(static_cast<std::uint32_t>(optimal.size()))];
  });
  if (everywhere || !choices.flag()) return plan;
  const ValueTable<Rational> occupancy = occupancy_measure<Rational>(model, plan, horizon, model.initial());
  return best.actions.policy([&](Step h, State s) {
    const bool visited = occupancy(h, s).sign() != 0;
    return visited ? taken(plan, h, s) : Action{choices.below(model.action_count())};
  });
}

bool is_planned(const Instance& instance, bool everywhere) {
  const FiniteMdp& model = *instance.perturbed;
  const OptimalPlan best = optimal_plan(model, instance.horizon);
  const ExactValues values(model, *instance.policy, instance.horizon);
  if (!everywhere)
    return expected_value<Rational>(model, values) == expected_value<Rational>(model, best.values);
  for (Step h = 1; h <= instance.horizon; ++h)
    for (const State s : model.states())
      if (values(h, s) != best.values(h, s)) return false;
  return true;
}

}  // namespace

Domain planned_pairs(const PlannedOptions& options) {
  const Domain base = model_pairs({.time_dependent_policy = true,
                                   .other_policy = options.other_policy,
                                   .any_rewards = options.any_rewards},
                                  sizes);
  Domain domain = base;
  domain.name = "model pairs with a policy planned in the second";
  domain.decode = [options, base](ChoiceSource& choices, const Setting& setting) {
    const bool fork = !setting.model && choices.below(4) == 3;
    Instance instance = fork ? draw_fork(choices, setting) : base.decode(choices, setting);
    if (options.other_policy && !instance.other_policy)
      instance.other_policy = optimal_plan(*instance.model, instance.horizon).policy;
    instance.policy = draw_plan(choices, *instance.perturbed, instance.horizon, options.everywhere);
    return instance;
  };
  domain.objection = [options, base](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = base.objection(instance)) return objection;
    if (!instance.policy->deterministic()) return "the policy is not deterministic";
    if (!is_planned(instance, options.everywhere)) return "the policy is not optimal in the perturbed model";
    return std::nullopt;
  };
  // An edit may have made an action suboptimal: it gives way to the lowest optimal one.
  domain.repair = [options](Instance& instance) {
    if (!instance.policy->deterministic() || is_planned(instance, options.everywhere)) return;
    const OptimalActions optimal = optimal_plan(*instance.perturbed, instance.horizon).actions;
    instance.policy = optimal.policy([&](Step h, State s) {
      const Action now = taken(*instance.policy, h, s);
      return optimal.contains(h, s, now) ? now : optimal.lowest(h, s);
    });
  };
  // Without the plan what is left is a pair with any policy.
  domain.without = {{"pi optimal in M'", [base] { return base; }}};
  std::erase_if(domain.classes, [](const std::string& label) { return label.starts_with("policy:"); });
  domain.classes.emplace_back(fork_family);
  return domain;
}

}  // namespace lemmacheck
