#include "mdp/total.hpp"

#include <algorithm>

#include "mdp/average.hpp"
#include "mdp/end_components.hpp"
#include "mdp/improvement.hpp"
#include "numeric/linear_system.hpp"

namespace lemmacheck {
namespace {

/// "3", or "3 (warm)".
std::string state_text(const FiniteMdp& model, State s) {
  const bool named = s.value < model.names.states.size() && !model.names.states[s.value].empty();
  return std::to_string(s.value) + (named ? " (" + model.names.states[s.value] + ")" : "");
}

/// V = right + T V where `inside`, and 0 elsewhere.
std::vector<Rational> solve_inside(const FiniteMdp& model, const MarkovPolicy& policy,
                                   const std::vector<bool>& inside, const std::vector<Rational>& right) {
  std::vector<std::uint32_t> states, number(model.state_count());
  for (const State s : model.states())
    if (inside[s.value]) {
      number[s.value] = static_cast<std::uint32_t>(states.size());
      states.push_back(s.value);
    }
  std::vector<Rational> values(model.state_count());
  if (states.empty()) return values;
  LinearSystem system;
  system.rows.resize(states.size());
  for (std::uint32_t i = 0; i < states.size(); ++i) {
    LinearSystem::Row& row = system.rows[i];
    row.right = right[states[i]];
    row.entries.emplace_back(i, Rational(1));
    for_each_successor(model, policy, State{states[i]}, [&](std::uint32_t next, const Rational& probability) {
      if (inside[next]) row.entries.emplace_back(number[next], -probability);
    });
  }
  auto found = solution(system);
  LEMMACHECK_INVARIANT(found.has_value());
  for (std::size_t i = 0; i < states.size(); ++i) values[states[i]] = std::move((*found)[i]);
  return values;
}

/// Which recurrent classes earn or pay something.
std::vector<bool> busy_classes(const RecurrentClasses& recurrent, const std::vector<Rational>& rewards) {
  std::vector<bool> busy;
  for (const auto& states : recurrent.classes)
    busy.push_back(std::ranges::any_of(states, [&](State s) { return rewards[s.value].sign() != 0; }));
  return busy;
}

/// The states from which a policy may come to a busy class.
std::vector<bool> improper_states(const FiniteMdp& model, const MarkovPolicy& policy,
                                  const RecurrentClasses& recurrent, const std::vector<bool>& busy) {
  PairSet taken(std::size_t{model.state_count()} * model.action_count());
  std::vector<bool> targets(model.state_count());
  for (const State s : model.states()) {
    for (const std::uint32_t a : policy.table().row_columns(policy.row(1, s)))
      taken[model.row(s, Action{a})] = true;
    const std::uint32_t of = recurrent.of[s.value];
    targets[s.value] = of != no_component && busy[of];
  }
  return possible_reach(model, taken, targets);
}

/// A state of rho_0 among these.
std::optional<State> start_among(const FiniteMdp& model, const std::vector<bool>& states) {
  for (const std::uint32_t s : model.initial().row_columns(0))
    if (states[s]) return State{s};
  return std::nullopt;
}

std::string endless_words(const Rational& gain) {
  if (gain.sign() == 0) return "earns and pays for ever without an end, though nothing on average";
  return std::string(gain.sign() > 0 ? "earns " : "pays ") + abs(gain).to_string() +
         " a step on average for ever, so that the total is " + (gain.sign() > 0 ? "" : "minus ") +
         "infinite";
}

}  // namespace

std::vector<std::optional<Rational>> total_values(const FiniteMdp& model, const MarkovPolicy& policy) {
  require_stationary(model, policy);
  const std::vector<Rational> rewards = policy_rewards(model, policy);
  const RecurrentClasses recurrent = recurrent_classes(model, policy);
  const std::vector<bool> improper =
      improper_states(model, policy, recurrent, busy_classes(recurrent, rewards));
  std::vector<bool> inside(model.state_count());
  for (const State s : model.states())
    inside[s.value] = recurrent.of[s.value] == no_component && !improper[s.value];
  std::vector<Rational> solved = solve_inside(model, policy, inside, rewards);
  std::vector<std::optional<Rational>> values(model.state_count());
  for (const State s : model.states())
    if (!improper[s.value]) values[s.value] = std::move(solved[s.value]);
  return values;
}

void require_proper(const FiniteMdp& model, const MarkovPolicy& policy) {
  require_stationary(model, policy);
  const std::vector<Rational> rewards = policy_rewards(model, policy);
  const RecurrentClasses recurrent = recurrent_classes(model, policy);
  const std::vector<bool> busy = busy_classes(recurrent, rewards);
  const std::vector<bool> improper = improper_states(model, policy, recurrent, busy);
  const std::optional<State> start = start_among(model, improper);
  if (!start) return;
  const AverageValues average = average_values(model, policy);
  // The first busy class that the start can come to.
  for (std::size_t i = 0; i < recurrent.classes.size(); ++i) {
    if (!busy[i]) continue;
    std::vector<bool> only(busy.size());
    only[i] = true;
    if (!improper_states(model, policy, recurrent, only)[start->value]) continue;
    const State back = recurrent.classes[i][0];
    throw InvalidInput("the policy is not proper: from state " + state_text(model, *start) +
                       " it may come to state " + state_text(model, back) +
                       ", to which it returns for ever, and there it " +
                       endless_words(average.gain[back.value]) +
                       "; ask for --average, a --discount or a --horizon, or give a policy that ends");
  }
}

namespace {

/// The states of end components in which some policy earns more than 0 a step for ever.
std::vector<bool> paying_states(const FiniteMdp& model) {
  const EndComponents components = maximal_end_components(model, all_pairs(model));
  std::vector<bool> paying(model.state_count());
  for (std::uint32_t c = 0; c < components.count; ++c) {
    std::vector<bool> states(model.state_count());
    PairSet pairs(components.pairs.size());
    bool gains = false, losses = false;
    for (const State s : model.states()) {
      if (components.of[s.value] != c) continue;
      states[s.value] = true;
      for (const Action a : model.actions()) {
        if (!components.pairs[model.row(s, a)]) continue;
        pairs[model.row(s, a)] = true;
        const int sign = model.rewards()(s, a).sign();
        gains = gains || sign > 0;
        losses = losses || sign < 0;
      }
    }
    if (!gains) continue;
    const bool pays =
        !losses || optimal_average_plan(sub_model(model, states, pairs).model).values.gain[0].sign() > 0;
    if (!pays) continue;
    for (const State s : model.states())
      if (states[s.value]) paying[s.value] = true;
  }
  return paying;
}

/// End components whose rewards are all 0: a policy may rest there.
EndComponents resting_components(const FiniteMdp& model) {
  PairSet free(std::size_t{model.state_count()} * model.action_count());
  for (const State s : model.states())
    for (const Action a : model.actions()) free[model.row(s, a)] = model.rewards()(s, a).sign() == 0;
  return maximal_end_components(model, free);
}

std::uint32_t resting_action(const FiniteMdp& model, const EndComponents& resting, State s) {
  for (const Action a : model.actions())
    if (resting.pairs[model.row(s, a)]) return a.value;
  LEMMACHECK_INVARIANT(false);
  return 0;
}

/// A model in which each state has a proper policy, and no policy earns for ever: the best one, by policy
/// iteration. An action changes where that is strictly better, so that a policy stays proper: a recurrent
/// class that is new would earn more than 0 a step.
std::vector<std::uint32_t> best_proper(const FiniteMdp& model) {
  const EndComponents resting = resting_components(model);
  std::vector<bool> may_rest(model.state_count());
  for (const State s : model.states()) may_rest[s.value] = resting.of[s.value] != no_component;
  const SureReach start = sure_reach(model, may_rest);
  std::vector<std::uint32_t> taken = start.actions;
  std::vector<bool> rests = may_rest;
  while (true) {
    const MarkovPolicy policy = MarkovPolicy::deterministic(taken, model.state_count(), model.action_count());
    std::vector<bool> moving(rests);
    moving.flip();
    const std::vector<Rational> values = solve_inside(model, policy, moving, policy_rewards(model, policy));
    const Improvement improvement(model, values, Rational(1));
    bool changed = false;
    for (const State s : model.states()) {
      if (may_rest[s.value] && values[s.value].sign() < 0) {
        rests[s.value] = changed = true;
        continue;
      }
      for (const Action a : model.actions()) {
        if ((!rests[s.value] && a.value == taken[s.value]) || improvement.sign(s, a) <= 0) continue;
        taken[s.value] = a.value;
        rests[s.value] = false;
        changed = true;
        break;
      }
    }
    if (changed) continue;
    // All states of a component in which one rests are worth 0 by now, and rest there with it.
    std::vector<bool> at_rest(resting.count);
    for (const State s : model.states())
      if (rests[s.value]) at_rest[resting.of[s.value]] = true;
    for (const State s : model.states())
      if (may_rest[s.value] && at_rest[resting.of[s.value]])
        taken[s.value] = resting_action(model, resting, s);
    return taken;
  }
}

/// Writes the actions of a part into those of the whole.
void put_back(const SubModel& part, const std::vector<std::uint32_t>& actions,
              std::vector<std::uint32_t>& whole) {
  for (std::size_t i = 0; i < part.states.size(); ++i)
    whole[part.states[i].value] =
        part.actions[part.model.row(State{static_cast<std::uint32_t>(i)}, Action{actions[i]})];
}

}  // namespace

namespace {

/// Where the highest total is: from which states a policy is proper, and from which one may earn for ever.
struct Optima {
  std::vector<bool> paying;  ///< in end components in which a policy earns more than 0 a step
  SureReach sure;            ///< of resting or paying
  std::vector<bool> endless;

  std::vector<bool> finite() const {
    std::vector<bool> flags(sure.states);
    for (std::size_t s = 0; s < flags.size(); ++s) flags[s] = flags[s] && !endless[s];
    return flags;
  }
};

Optima optima_of(const FiniteMdp& model) {
  Optima optima{paying_states(model), {}, {}};
  const EndComponents resting = resting_components(model);
  std::vector<bool> ends = optima.paying;
  for (const State s : model.states())
    if (resting.of[s.value] != no_component) ends[s.value] = true;
  optima.sure = sure_reach(model, ends);
  optima.endless = possible_reach(model, optima.sure.pairs, optima.paying);
  for (const State s : model.states())
    optima.endless[s.value] = optima.endless[s.value] && optima.sure.states[s.value];
  return optima;
}

void require_start(const FiniteMdp& model, const Optima& optima, bool minimise) {
  std::vector<bool> unsure = optima.sure.states;
  unsure.flip();
  if (const auto start = start_among(model, unsure))
    throw InvalidInput("no policy is proper from state " + state_text(model, *start) +
                       ": whatever is done, rewards may go on for ever; ask for --average, a --discount or a "
                       "--horizon");
  const auto start = start_among(model, optima.endless);
  if (!start) return;
  State where{0};
  for (const State s : model.states()) {
    std::vector<bool> only(optima.paying.size());
    only[s.value] = optima.paying[s.value];
    if (!optima.paying[s.value] || !possible_reach(model, optima.sure.pairs, only)[start->value]) continue;
    where = s;
    break;
  }
  throw InvalidInput(std::string("the ") + (minimise ? "lowest total is minus" : "highest total is") +
                     " infinite from state " + state_text(model, *start) +
                     ": a policy may stay around state " + state_text(model, where) + " for ever and " +
                     (minimise ? "costs less than 0" : "earns more than 0") +
                     " a step there; ask for --average, a --discount or a --horizon");
}

/// A best action in each state from which the optimum is finite; elsewhere one that earns for ever, or any.
MarkovPolicy best_actions(const FiniteMdp& model, const Optima& optima) {
  std::vector<std::uint32_t> taken(model.state_count(), 0);
  const std::vector<bool> finite = optima.finite();
  PairSet finite_pairs(optima.sure.pairs), endless_pairs(optima.sure.pairs);
  for (const State s : model.states())
    for (const Action a : model.actions())
      (finite[s.value] ? endless_pairs : finite_pairs)[model.row(s, a)] = false;
  if (std::ranges::find(finite, true) != finite.end()) {
    const SubModel part = sub_model(model, finite, finite_pairs);
    put_back(part, best_proper(part.model), taken);
  }
  if (std::ranges::find(optima.endless, true) != optima.endless.end()) {
    const SubModel rest = sub_model(model, optima.sure.states, optima.sure.pairs);
    std::vector<std::uint32_t> gaining(taken);
    put_back(rest, actions_of(optimal_average_plan(rest.model).policy), gaining);
    for (const State s : model.states())
      if (optima.endless[s.value]) taken[s.value] = gaining[s.value];
  }
  return MarkovPolicy::deterministic(taken, model.state_count(), model.action_count());
}

}  // namespace

MarkovPolicy optimal_total_policy(const FiniteMdp& given, bool minimise) {
  require_stationary(given, MarkovPolicy::uniform(given.state_count(), given.action_count()));
  const FiniteMdp model = minimise ? with_negated_rewards(given) : given;
  const Optima optima = optima_of(model);
  require_start(model, optima, minimise);
  return best_actions(model, optima);
}

std::vector<std::optional<Rational>> optimal_total_values(const FiniteMdp& given, bool minimise) {
  require_stationary(given, MarkovPolicy::uniform(given.state_count(), given.action_count()));
  const FiniteMdp model = minimise ? with_negated_rewards(given) : given;
  const Optima optima = optima_of(model);
  std::vector<std::optional<Rational>> values = total_values(given, best_actions(model, optima));
  const std::vector<bool> finite = optima.finite();
  for (const State s : model.states())
    if (!finite[s.value]) values[s.value].reset();
  return values;
}

}  // namespace lemmacheck
