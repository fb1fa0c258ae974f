#include "adversary/discounted_worst_case.hpp"

#include "mdp/criterion.hpp"
#include "mdp/discounted.hpp"

namespace lemmacheck {
namespace {

/// The policy's values against nature's best answer, and that answer.
struct Answered {
  std::vector<Rational> values;
  StochasticMatrix kernel;
};

Answered natures_answer(const FiniteMdp& model, const MarkovPolicy& policy, const Rational& discount,
                        const UncertaintySet& set, bool lowest) {
  Answered now{discounted_values(model, policy, discount), model.kernel(1)};
  while (true) {
    StochasticMatrix kernel = set.extreme(ranks_of(now.values), lowest);
    std::vector<Rational> values = discounted_values(with_kernels(model, {kernel}), policy, discount);
    if (values == now.values) return now;
    now = {std::move(values), std::move(kernel)};
  }
}

}  // namespace

Extreme extreme_discounted_return(const FiniteMdp& model, const MarkovPolicy& policy,
                                  const Rational& discount, const UncertaintySet& set, bool lowest) {
  Answered answer = natures_answer(model, policy, discount, set, lowest);
  return {mean_over_start(model, answer.values), {std::move(answer.kernel)}};
}

RobustPlan robust_discounted_plan(const FiniteMdp& model, const Rational& discount, const UncertaintySet& set,
                                  bool lowest_model) {
  MarkovPolicy policy = optimal_discounted_plan(model, discount).policy;
  while (true) {
    const Answered answer = natures_answer(model, policy, discount, set, lowest_model);
    const FiniteMdp worst = with_kernels(model, {set.extreme(ranks_of(answer.values), lowest_model)});
    std::vector<std::uint32_t> better, lowest;
    bool improves = false;
    for (const State s : model.states()) {
      const Rational& value = answer.values[s.value];
      std::optional<std::uint32_t> first;
      Rational most = value;
      std::uint32_t action = policy.table().column(policy.row(1, s));
      for (const Action a : model.actions()) {
        const Rational q = discounted_action_value(worst, answer.values, discount, s, a);
        if (q == value && !first) first = a.value;
        if (q <= most) continue;
        most = q;
        action = a.value;
        improves = true;
      }
      better.push_back(action);
      lowest.push_back(first.value_or(action));
    }
    const auto made = [&](const std::vector<std::uint32_t>& actions) {
      return MarkovPolicy::deterministic(actions, model.state_count(), model.action_count());
    };
    if (!improves) return {mean_over_start(model, answer.values), made(lowest)};
    policy = made(better);
  }
}

}  // namespace lemmacheck
