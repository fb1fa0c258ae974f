#include "mdp/discounted.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mdp/backward_induction.hpp"
#include "mdp/improvement.hpp"
#include "numeric/linear_system.hpp"

namespace lemmacheck {
namespace {

void require_discount(const Rational& discount) {
  if (discount.sign() < 0 || discount >= Rational(1))
    throw InvalidInput("the discount is " + discount.to_string() + "; it must be at least 0 and below 1");
}

/// x = right + discount T_pi x, or the same with T_pi's transpose; the diagonal outweighs the rest.
std::vector<Rational> solve_discounted(const FiniteMdp& model, const MarkovPolicy& policy,
                                       const Rational& discount, std::vector<Rational> right,
                                       bool transposed) {
  LinearSystem system;
  system.rows.resize(model.state_count());
  for (const State s : model.states()) {
    system.rows[s.value].entries.emplace_back(s.value, Rational(1));
    system.rows[s.value].right = std::move(right[s.value]);
    for_each_successor(model, policy, s, [&](std::uint32_t next, const Rational& probability) {
      system.rows[transposed ? next : s.value].entries.emplace_back(transposed ? s.value : next,
                                                                    -(discount * probability));
    });
  }
  auto found = solution(system);
  LEMMACHECK_INVARIANT(found.has_value());
  return std::move(*found);
}

}  // namespace

std::vector<Rational> discounted_values(const FiniteMdp& model, const MarkovPolicy& policy,
                                        const Rational& discount) {
  require_discount(discount);
  require_stationary(model, policy);
  return solve_discounted(model, policy, discount, policy_rewards(model, policy), false);
}

Rational discounted_action_value(const FiniteMdp& model, const std::vector<Rational>& values,
                                 const Rational& discount, State s, Action a) {
  return model.rewards()(s, a) +
         discount * expectation<Rational>(model.kernel(1), model.row(s, a),
                                          [&](std::uint32_t next) { return values[next]; });
}

MarkovPolicy greedy_policy(const FiniteMdp& model, const std::vector<Rational>& values,
                           const Rational& discount) {
  std::vector<std::uint32_t> taken;
  for (const State s : model.states()) {
    std::uint32_t best = 0;
    Rational most = discounted_action_value(model, values, discount, s, Action{0});
    for (std::uint32_t a = 1; a < model.action_count(); ++a) {
      Rational value = discounted_action_value(model, values, discount, s, Action{a});
      if (value <= most) continue;
      most = std::move(value);
      best = a;
    }
    taken.push_back(best);
  }
  return MarkovPolicy::deterministic(taken, model.state_count(), model.action_count());
}

namespace {

/// What rounded value iteration takes for the best action of each state: where policy iteration begins.
MarkovPolicy proposed_policy(const FiniteMdp& model, const Rational& discount) {
  constexpr int most_sweeps = 2000;
  constexpr double close = 1e-12;
  const double factor = discount.approximate();
  const StochasticMatrix& kernel = model.kernel(1);
  std::vector<double> probabilities, rewards;
  for (std::size_t e = 0; e < kernel.entries(); ++e)
    probabilities.push_back(kernel.probability(e).approximate());
  for (const State s : model.states())
    for (const Action a : model.actions()) rewards.push_back(model.rewards()(s, a).approximate());
  std::vector<double> values(model.state_count()), next(values);
  std::vector<std::uint32_t> best(model.state_count());
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    double change = 0, size = 1;
    for (const State s : model.states()) {
      double most = -std::numeric_limits<double>::infinity();
      for (const Action a : model.actions()) {
        const std::size_t row = model.row(s, a);
        double mean = 0;
        for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
          mean += probabilities[e] * values[kernel.column(e)];
        const double value = rewards[row] + factor * mean;
        if (!(value > most)) continue;
        most = value;
        best[s.value] = a.value;
      }
      next[s.value] = most;
      change = std::max(change, std::abs(most - values[s.value]));
      size = std::max(size, std::abs(most));
    }
    values.swap(next);
    if (change <= close * size) break;
  }
  return MarkovPolicy::deterministic(best, model.state_count(), model.action_count());
}

}  // namespace

DiscountedPlan optimal_discounted_plan(const FiniteMdp& model, const Rational& discount) {
  require_discount(discount);
  MarkovPolicy policy = proposed_policy(model, discount);
  require_stationary(model, policy);
  while (true) {
    std::vector<Rational> values = discounted_values(model, policy, discount);
    const Improvement improvement(model, values, discount);
    bool better = false;
    std::vector<std::uint32_t> taken, lowest;
    for (const State s : model.states()) {
      std::uint32_t action = policy.table().column(policy.row(1, s)), first = action;
      for (const Action a : model.actions()) {
        const int sign = a.value == action ? 0 : improvement.sign(s, a);
        if (sign == 0) first = std::min(first, a.value);
        if (sign <= 0) continue;
        better = true;
        action = a.value;
        break;
      }
      taken.push_back(action);
      lowest.push_back(first);
    }
    const auto made = [&](const std::vector<std::uint32_t>& actions) {
      return MarkovPolicy::deterministic(actions, model.state_count(), model.action_count());
    };
    if (!better) return {std::move(values), made(lowest)};
    policy = made(taken);
  }
}

std::vector<Rational> optimal_discounted_values(const FiniteMdp& model, const Rational& discount) {
  return optimal_discounted_plan(model, discount).values;
}

OptimalActions optimal_discounted_actions(const FiniteMdp& model, const std::vector<Rational>& values,
                                          const Rational& discount) {
  const Improvement improvement(model, values, discount);
  OptimalActions actions(1, model.state_count(), model.action_count());
  for (const State s : model.states())
    for (const Action a : model.actions())
      if (improvement.sign(s, a) == 0) actions.add(1, s, a);
  return actions;
}

std::vector<Rational> discounted_occupancy(const FiniteMdp& model, const MarkovPolicy& policy,
                                           const Rational& discount) {
  require_discount(discount);
  require_stationary(model, policy);
  std::vector<Rational> start(model.state_count());
  const StochasticMatrix& initial = model.initial();
  for (std::size_t e = 0; e < initial.entries(); ++e)
    start[initial.column(e)] += (Rational(1) - discount) * initial.probability(e);
  return solve_discounted(model, policy, discount, std::move(start), true);
}

Rational sharp_discounted_bound(const Rational& total_variation, const Rational& discount) {
  require_discount(discount);
  return discount * total_variation /
         ((Rational(1) - discount) * (Rational(1) - discount * (Rational(1) - total_variation)));
}

}  // namespace lemmacheck
