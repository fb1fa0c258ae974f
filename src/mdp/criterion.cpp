#include "mdp/criterion.hpp"

#include "mdp/discounted.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/simulation_bound.hpp"

namespace lemmacheck {
namespace {

FiniteMdp with_negated_rewards(const FiniteMdp& model) {
  std::vector<Rational> rewards;
  for (const State s : model.states())
    for (const Action a : model.actions()) rewards.push_back(-model.rewards()(s, a));
  return FiniteMdp(model.initial(), model.kernels(),
                   RewardTable(model.state_count(), model.action_count(), std::move(rewards)),
                   model.state_count(), model.action_count());
}

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
  std::vector<Rational> next(model.state_count()), values(next);
  for (Step h = horizon; h >= 1; --h) {
    for (const State s : model.states())
      values[s.value] = expectation<Rational>(policy.table(), policy.row(h, s), [&](std::uint32_t a) {
        return action_value(model, discount, h, s, Action{a}, next);
      });
    values.swap(next);
  }
  return next;
}

MarkovPolicy best_discounted_steps(const FiniteMdp& model, Step horizon, const Rational& discount) {
  std::vector<Rational> next(model.state_count()), values(next);
  std::vector<std::uint32_t> taken(static_cast<std::size_t>(horizon) * model.state_count());
  for (Step h = horizon; h >= 1; --h) {
    for (const State s : model.states()) {
      std::optional<Rational> most;
      for (const Action a : model.actions()) {
        Rational value = action_value(model, discount, h, s, a, next);
        if (most && value <= *most) continue;
        most = std::move(value);
        taken[static_cast<std::size_t>(h - 1) * model.state_count() + s.value] = a.value;
      }
      values[s.value] = std::move(*most);
    }
    values.swap(next);
  }
  return MarkovPolicy::deterministic(taken, model.state_count(), model.action_count());
}

void require_one_of_both(const Criterion& criterion) {
  criterion.require_valid();
  if (criterion.horizon && criterion.discount)
    throw InvalidInput("no bound is known here for a horizon and a discount; give one of them");
}

}  // namespace

void Criterion::require_valid() const {
  if (horizon) require_horizon(*horizon);
  if (!horizon && !discount)
    throw InvalidInput("nothing says how long rewards count; give a horizon, a discount below 1, or both");
  if (!discount) return;
  const bool fits = discount->sign() >= 0 && (horizon ? *discount <= Rational(1) : *discount < Rational(1));
  if (!fits)
    throw InvalidInput("the discount is " + discount->to_string() + "; it must be at least 0 and " +
                       (horizon ? "at most 1" : "below 1, or a horizon must be given"));
}

std::vector<Rational> values_of(const FiniteMdp& model, const MarkovPolicy& policy,
                                const Criterion& criterion) {
  criterion.require_valid();
  require_same_shape(model, policy);
  if (!criterion.horizon) return discounted_values(model, policy, *criterion.discount);
  if (is_discounted(criterion))
    return discounted_steps(model, policy, *criterion.horizon, *criterion.discount);
  const ExactValues exact(model, policy, *criterion.horizon);
  std::vector<Rational> values;
  for (const State s : model.states()) values.push_back(exact(1, s));
  return values;
}

MarkovPolicy best_policy(const FiniteMdp& model, const Criterion& criterion, bool minimise) {
  criterion.require_valid();
  if (minimise) return best_policy(with_negated_rewards(model), criterion, false);
  if (!criterion.horizon) return optimal_discounted_plan(model, *criterion.discount).policy;
  if (is_discounted(criterion)) return best_discounted_steps(model, *criterion.horizon, *criterion.discount);
  return optimal_plan(model, *criterion.horizon).policy;
}

Rational mean_over_start(const FiniteMdp& model, const std::vector<Rational>& values) {
  return expectation<Rational>(model.initial(), 0, [&](std::uint32_t s) { return values[s]; });
}

Rational simulation_bound(const Rational& l1, const Criterion& criterion) {
  require_one_of_both(criterion);
  if (criterion.horizon) return simulation_bound(l1, *criterion.horizon);
  const Rational left = Rational(1) - *criterion.discount;
  return *criterion.discount * l1 / (left * left);
}

Rational sharp_simulation_bound(const Rational& total_variation, const Criterion& criterion) {
  require_one_of_both(criterion);
  return criterion.horizon ? sharp_simulation_bound(total_variation, *criterion.horizon)
                           : sharp_discounted_bound(total_variation, *criterion.discount);
}

}  // namespace lemmacheck
