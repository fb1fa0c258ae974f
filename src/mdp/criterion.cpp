#include "mdp/criterion.hpp"

#include <algorithm>

#include "mdp/average.hpp"
#include "mdp/discounted.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/improvement.hpp"
#include "mdp/simulation_bound.hpp"
#include "mdp/total.hpp"

namespace lemmacheck {
namespace {

bool is_discounted(const Criterion& criterion) {
  return criterion.discount && *criterion.discount != Rational(1);
}

/// r(s, a) + discount E_{s' ~ T_h(s, a)} next(s').
Rational action_value(const FiniteMdp& model, const Rational& discount, Step h, State s, Action a,
                      const std::vector<Rational>& next) {
  return model.rewards()(s, a) +
         discount * expectation<Rational>(model.kernel(h), model.row(s, a),
                                          [&](std::uint32_t state) { return next[state]; });
}

/// V_1 of H discounted steps; two steps of values at a time.
std::vector<Rational> discounted_steps(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                                       const Rational& discount) {
  std::vector<Rational> next(model.state_count());
  for (Step h = horizon; h >= 1; --h) next = one_step_earlier(model, policy, discount, h, next);
  return next;
}

void require_bound(const Criterion& criterion) {
  criterion.require_valid();
  if (!has_simulation_bound(criterion))
    throw InvalidInput("no bound is known here for this criterion; give a horizon or a discount");
}

}  // namespace

void Criterion::require_valid() const {
  if (horizon) require_horizon(*horizon);
  if (endless != Endless::none) {
    if (horizon || discount)
      throw InvalidInput("the total and the average of an endless run take no horizon and no discount");
    return;
  }
  if (!horizon && !discount)
    throw InvalidInput(
        "nothing says how long rewards count; give a horizon, a discount below 1, or both, or "
        "ask for the total or the average of an endless run");
  if (!discount) return;
  const bool fits = discount->sign() >= 0 && (horizon ? *discount <= Rational(1) : *discount < Rational(1));
  if (!fits)
    throw InvalidInput("the discount is " + discount->to_string() + "; it must be at least 0 and " +
                       (horizon ? "at most 1" : "below 1, or a horizon must be given"));
}

std::string criterion_text(const Criterion& criterion) {
  switch (criterion.endless) {
    case Criterion::Endless::total:
      return "total";
    case Criterion::Endless::average:
      return "average";
    case Criterion::Endless::none:
      break;
  }
  std::string text = criterion.horizon ? "H = " + std::to_string(*criterion.horizon) : "";
  if (criterion.discount)
    text += (text.empty() ? "discount " : ", discount ") + criterion.discount->to_string();
  return text;
}

std::vector<Rational> one_step_earlier(const FiniteMdp& model, const MarkovPolicy& policy,
                                       const Rational& discount, Step h, const std::vector<Rational>& next) {
  std::vector<Rational> values;
  values.reserve(next.size());
  for (const State s : model.states())
    values.push_back(expectation<Rational>(policy.table(), policy.row(h, s), [&](std::uint32_t a) {
      return action_value(model, discount, h, s, Action{a}, next);
    }));
  return values;
}

std::vector<Rational> values_of(const FiniteMdp& model, const MarkovPolicy& policy,
                                const Criterion& criterion) {
  criterion.require_valid();
  require_same_shape(model, policy);
  if (criterion.endless == Criterion::Endless::total)
    throw InvalidInput("totals are not finite from every state; ask for finite_values_of");
  if (criterion.endless == Criterion::Endless::average) return average_values(model, policy).gain;
  if (!criterion.horizon) return discounted_values(model, policy, *criterion.discount);
  if (is_discounted(criterion))
    return discounted_steps(model, policy, *criterion.horizon, *criterion.discount);
  return first_values(model, policy, *criterion.horizon);
}

std::vector<std::optional<Rational>> finite_values_of(const FiniteMdp& model, const MarkovPolicy& policy,
                                                      const Criterion& criterion) {
  criterion.require_valid();
  if (criterion.endless == Criterion::Endless::total) {
    require_same_shape(model, policy);
    require_proper(model, policy);
    return total_values(model, policy);
  }
  std::vector<Rational> values = values_of(model, policy, criterion);
  return {std::make_move_iterator(values.begin()), std::make_move_iterator(values.end())};
}

MarkovPolicy best_policy(const FiniteMdp& model, const Criterion& criterion, bool minimise) {
  criterion.require_valid();
  if (criterion.endless == Criterion::Endless::total) return optimal_total_policy(model, minimise);
  if (minimise) return best_policy(with_negated_rewards(model), criterion, false);
  if (criterion.endless == Criterion::Endless::average) return optimal_average_plan(model).policy;
  if (!criterion.horizon) return optimal_discounted_plan(model, *criterion.discount).policy;
  return optimum(model, *criterion.horizon, criterion.discount.value_or(Rational(1))).actions.lowest_policy();
}

Rational mean_over_start(const FiniteMdp& model, const std::vector<Rational>& values) {
  return expectation<Rational>(model.initial(), 0, [&](std::uint32_t s) { return values[s]; });
}

Rational return_of(const FiniteMdp& model, const MarkovPolicy& policy, const Criterion& criterion) {
  criterion.require_valid();
  if (criterion.horizon && !is_discounted(criterion)) return policy_return(model, policy, *criterion.horizon);
  const std::vector<std::optional<Rational>> values = finite_values_of(model, policy, criterion);
  return expectation<Rational>(model.initial(), 0, [&](std::uint32_t s) { return *values[s]; });
}

Optimum optimum(const FiniteMdp& model, Step horizon, const Rational& discount) {
  if (discount == Rational(1)) return optimum(model, horizon);
  OptimalActions actions(horizon, model.state_count(), model.action_count());
  std::vector<Rational> next(model.state_count()), values(next);
  for (Step h = horizon; h >= 1; --h) {
    for (const State s : model.states()) {
      std::vector<Rational> of_actions;
      for (const Action a : model.actions())
        of_actions.push_back(action_value(model, discount, h, s, a, next));
      values[s.value] = *std::ranges::max_element(of_actions);
      for (const Action a : model.actions())
        if (of_actions[a.value] == values[s.value]) actions.add(h, s, a);
    }
    values.swap(next);
  }
  return {std::move(actions), mean_over_start(model, next)};
}

bool has_simulation_bound(const Criterion& criterion) {
  return criterion.endless == Criterion::Endless::none;
}

namespace {

/// sum_{k<n} x^k.
Rational geometric_sum(const Rational& x, Step n) {
  if (x == Rational(1)) return Rational(n);
  return (Rational(1) - pow(x, static_cast<unsigned>(n))) / (Rational(1) - x);
}

/// sum_{k<n} k x^k; x is not 1.
Rational weighted_geometric_sum(const Rational& x, Step n) {
  const Rational left = Rational(1) - x, last = pow(x, static_cast<unsigned>(n - 1));
  return x * (Rational(1) - Rational(n) * last + Rational(n - 1) * last * x) / (left * left);
}

}  // namespace

Rational simulation_bound(const Rational& l1, const Criterion& criterion) {
  require_bound(criterion);
  if (criterion.horizon && is_discounted(criterion))
    return weighted_geometric_sum(*criterion.discount, *criterion.horizon) * l1;
  if (criterion.horizon) return simulation_bound(l1, *criterion.horizon);
  const Rational left = Rational(1) - *criterion.discount;
  return *criterion.discount * l1 / (left * left);
}

Rational sharp_simulation_bound(const Rational& total_variation, const Criterion& criterion) {
  require_bound(criterion);
  if (criterion.horizon && is_discounted(criterion)) {
    const Rational& q = *criterion.discount;
    return geometric_sum(q, *criterion.horizon) -
           geometric_sum(q * (Rational(1) - total_variation), *criterion.horizon);
  }
  return criterion.horizon ? sharp_simulation_bound(total_variation, *criterion.horizon)
                           : sharp_discounted_bound(total_variation, *criterion.discount);
}

}  // namespace lemmacheck
