#include "adversary/extremal_families.hpp"

#include "mdp/discounted.hpp"
#include "mdp/simulation_bound.hpp"

namespace lemmacheck {
namespace {

using Rows = StochasticMatrix::Rows;

FiniteMdp model_of(const Rows& kernel, const std::vector<Rational>& rewards, std::uint32_t states,
                   std::uint32_t actions) {
  const std::uint32_t start[] = {0};
  return FiniteMdp(
      StochasticMatrix::deterministic(states, start),
      {StochasticMatrix(states, kernel, [](std::size_t row) { return "row " + std::to_string(row); })},
      RewardTable(states, actions, rewards), states, actions);
}

void require_distance(const Rational& delta) {
  if (delta.sign() < 0 || delta > Rational(1))
    throw InvalidInput("the total variation is " + delta.to_string() + "; it must be between 0 and 1");
}

FiniteMdp rescaled(const FiniteMdp& model, const Rational& lowest, const Rational& highest) {
  std::vector<Rational> rewards = model.rewards().as<Rational>();
  for (Rational& reward : rewards) reward = lowest + (highest - lowest) * reward;
  return FiniteMdp(model.initial(), model.kernels(),
                   RewardTable(model.state_count(), model.action_count(), std::move(rewards)),
                   model.state_count(), model.action_count());
}

FiniteMdp padded(const FiniteMdp& model, std::uint32_t states, std::uint32_t actions) {
  Rows rows;
  std::vector<Rational> rewards;
  const Rows given = model.kernel(1).to_rows();
  for (std::uint32_t s = 0; s < states; ++s) {
    for (std::uint32_t a = 0; a < actions; ++a) {
      if (s >= model.state_count()) {
        rows.push_back({{s, 1}});
        rewards.push_back(model.rewards().lowest());
        continue;
      }
      const Action like{a < model.action_count() ? a : 0};
      rows.push_back(given[model.row(State{s}, like)]);
      rewards.push_back(model.rewards()(State{s}, like));
    }
  }
  return model_of(rows, rewards, states, actions);
}

}  // namespace

Instance rescaled(const Instance& instance, const Rational& lowest, const Rational& highest) {
  Instance result = instance;
  result.model = rescaled(*instance.model, lowest, highest);
  result.perturbed = rescaled(*instance.perturbed, lowest, highest);
  return result;
}

Instance padded(const Instance& instance, std::uint32_t states, std::uint32_t actions) {
  Instance result = instance;
  result.model = padded(*instance.model, states, actions);
  result.perturbed = padded(*instance.perturbed, states, actions);
  std::vector<std::uint32_t> taken(states);
  for (std::uint32_t s = 0; s < instance.policy->state_count(); ++s)
    taken[s] = instance.policy->table().column(instance.policy->table().row_begin(s));
  result.policy = MarkovPolicy::deterministic(taken, states, actions);
  return result;
}

Instance leak_chain(const Rational& delta, Step horizon) {
  require_distance(delta);
  require_horizon(horizon);
  enum : std::uint32_t { one, zero };
  Instance instance;
  instance.horizon = horizon;
  instance.model = model_of({{{one, 1}}, {{zero, 1}}}, {1, 0}, 2, 1);
  instance.perturbed = model_of({{{one, Rational(1) - delta}, {zero, delta}}, {{zero, 1}}}, {1, 0}, 2, 1);
  const std::uint32_t taken[] = {0, 0};
  instance.policy = MarkovPolicy::deterministic(taken, 2, 1);
  return instance;
}

Instance certainty_equivalence_fork(const Rational& delta, Step horizon, const Rational& margin) {
  if (margin.sign() < 0)
    throw InvalidInput("the margin is " + margin.to_string() + "; it must be at least 0");
  require_distance(delta);
  require_horizon(horizon);
  enum : std::uint32_t { root, first, second, one, zero, count };
  constexpr std::uint32_t actions = 2;
  const Rational bound = sharp_simulation_bound(delta, horizon), together = Rational(horizon) - bound;
  Rational pays = 1;
  if (bound <= together) pays = max(bound / together - margin / together, Rational(0));

  const auto kernel = [&](std::uint32_t first_leak, std::uint32_t second_leak) {
    const auto arm = [&](std::uint32_t stay, std::uint32_t leak) {
      return std::vector<StochasticMatrix::Entry>{{stay, Rational(1) - delta}, {leak, delta}};
    };
    Rows rows = {arm(first, first_leak), arm(second, second_leak)};
    rows.insert(rows.end(), actions, arm(first, first_leak));
    rows.insert(rows.end(), actions, arm(second, second_leak));
    rows.insert(rows.end(), actions, {{one, 1}});
    rows.insert(rows.end(), actions, {{zero, 1}});
    return rows;
  };
  const std::vector<Rational> rewards = {pays, 0, pays, pays, 0, 0, 1, 1, 0, 0};
  Instance instance;
  instance.horizon = horizon;
  instance.model = model_of(kernel(one, zero), rewards, count, actions);
  instance.perturbed = model_of(kernel(zero, one), rewards, count, actions);
  const std::uint32_t taken[] = {1, 0, 0, 0, 0};
  instance.policy = MarkovPolicy::deterministic(taken, count, actions);
  return instance;
}

Instance discounted_fork(const Rational& delta, const Rational& discount) {
  require_distance(delta);
  enum : std::uint32_t { root, one, zero, count };
  constexpr std::uint32_t actions = 2;
  const Rational bound = sharp_discounted_bound(delta, discount),
                 together = Rational(1) / (Rational(1) - discount) - bound;
  const Rational pays = bound <= together ? bound / together : Rational(1);
  const auto kernel = [&](std::uint32_t first_leak, std::uint32_t second_leak) {
    Rows rows;
    for (const std::uint32_t leak : {first_leak, second_leak})
      rows.push_back({{root, Rational(1) - delta}, {leak, delta}});
    rows.insert(rows.end(), actions, {{one, 1}});
    rows.insert(rows.end(), actions, {{zero, 1}});
    return rows;
  };
  const std::vector<Rational> rewards = {pays, 0, 1, 1, 0, 0};
  Instance instance;
  instance.model = model_of(kernel(one, zero), rewards, count, actions);
  instance.perturbed = model_of(kernel(zero, one), rewards, count, actions);
  const std::uint32_t taken[] = {1, 0, 0};
  instance.policy = MarkovPolicy::deterministic(taken, count, actions);
  instance.numbers["discount"] = {discount};
  return instance;
}

}  // namespace lemmacheck
