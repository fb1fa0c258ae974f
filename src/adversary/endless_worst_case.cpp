#include "adversary/endless_worst_case.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "mdp/average.hpp"
#include "mdp/criterion.hpp"
#include "mdp/improvement.hpp"
#include "mdp/total.hpp"

namespace lemmacheck {
namespace {

using Flags = std::vector<bool>;
using Actions = std::vector<std::uint32_t>;

/// Places of the states by gain and, where that is equal, by bias.
UncertaintySet::Ranks ranks_of_both(const AverageValues& values) {
  const auto& [gain, bias] = values;
  UncertaintySet::Ranks sorted(gain.size()), places(gain.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    return gain[a] != gain[b] ? gain[a] < gain[b] : bias[a] < bias[b];
  };
  std::ranges::sort(sorted, less);
  for (std::size_t i = 1; i < sorted.size(); ++i)
    places[sorted[i]] = places[sorted[i - 1]] + (less(sorted[i - 1], sorted[i]) ? 1 : 0);
  return places;
}

Rational mean_of(const StochasticMatrix& kernel, std::size_t row, const std::vector<Rational>& values) {
  return expectation<Rational>(kernel, row, [&](std::uint32_t s) { return values[s]; });
}

/// Nature's rows that are strictly better for her than those she has, put in their place.
/// @returns whether there were any.
bool take_better_rows(StochasticMatrix& kernel, const StochasticMatrix& extreme,
                      const std::vector<Rational>& values, bool lowest) {
  std::vector<StochasticMatrix::RowOf> rows;
  bool changed = false;
  for (std::size_t row = 0; row < kernel.rows(); ++row) {
    const int sign = (mean_of(extreme, row, values) - mean_of(kernel, row, values)).sign();
    const bool better = lowest ? sign < 0 : sign > 0;
    rows.push_back({better ? &extreme : &kernel, row});
    changed = changed || better;
  }
  if (changed) kernel = StochasticMatrix::assembled(kernel.columns(), rows);
  return changed;
}

/// A policy's gain and bias against nature's best answer, and that answer: extreme in every row.
struct AverageAnswer {
  AverageValues values;
  StochasticMatrix kernel;
};

AverageAnswer natures_average(const FiniteMdp& model, const MarkovPolicy& policy, const UncertaintySet& set,
                              bool lowest) {
  StochasticMatrix kernel = model.kernel(1);
  while (true) {
    AverageValues values = average_values(with_kernels(model, {kernel}), policy);
    const StochasticMatrix extreme = set.extreme(ranks_of_both(values), lowest);
    // What improves the gain goes first; rows that tie there may improve the bias.
    if (take_better_rows(kernel, extreme, values.gain, lowest)) continue;
    if (take_better_rows(kernel, extreme, values.bias, lowest)) continue;
    return {std::move(values), std::move(kernel)};
  }
}

MarkovPolicy policy_of(const FiniteMdp& model, const Actions& actions) {
  return MarkovPolicy::deterministic(actions, model.state_count(), model.action_count());
}

}  // namespace

Extreme extreme_average_return(const FiniteMdp& model, const MarkovPolicy& policy, const UncertaintySet& set,
                               bool lowest) {
  require_stationary(model, policy);
  AverageAnswer answer = natures_average(model, policy, set, lowest);
  return {mean_over_start(model, answer.values.gain), {std::move(answer.kernel)}};
}

RobustPlan robust_average_plan(const FiniteMdp& model, const UncertaintySet& set, bool lowest) {
  require_stationary(model, MarkovPolicy::uniform(model.state_count(), model.action_count()));
  Actions taken = actions_of(optimal_average_plan(model).policy);
  std::set<Actions> seen;
  std::optional<RobustPlan> best;
  while (true) {
    const MarkovPolicy policy = policy_of(model, taken);
    const AverageAnswer answer = natures_average(model, policy, set, lowest);
    const Rational value = mean_over_start(model, answer.values.gain);
    if (!best || value > best->value) best = RobustPlan{value, policy};
    const FiniteMdp world = with_kernels(model, {answer.kernel});
    seen.insert(taken);
    // Where neither player improves, each is a best answer to the other.
    if (!improve_average(world, answer.values, taken)) return {value, policy};
    if (!seen.contains(taken)) continue;
    // What is best against one kernel bounds what one can be sure of; it bounds no hope.
    if (lowest) best->bound = mean_over_start(model, optimal_average_plan(world).values.gain);
    best->closed = best->bound == best->value;
    return *best;
  }
}

// ---------------------------------------------------------------------------------- totals

namespace {

/// Whether a row of the kernel gives mass to a state with the flag.
bool leads_to(const StochasticMatrix& kernel, std::size_t row, const Flags& flags) {
  return std::ranges::any_of(kernel.row_columns(row), [&](std::uint32_t s) { return flags[s]; });
}

/// The kernel that gives states with the flag as much mass as it can, or as little.
StochasticMatrix drawn_to(const UncertaintySet& set, const Flags& flags, bool most) {
  return set.extreme(UncertaintySet::Ranks(flags.begin(), flags.end()), !most);
}

/// Whether some action that the policy takes has this row property.
template <class Has>
bool some_action(const FiniteMdp& model, const MarkovPolicy& policy, State s, Has&& has) {
  return std::ranges::any_of(policy.table().row_columns(policy.row(1, s)),
                             [&](std::uint32_t a) { return has(model.row(s, Action{a})); });
}

/// Takes away from a set of states what `leaves(s, kernel)` says, where `kernel` is drawn out of the set, as
/// often as anything changes.
template <class Leaves>
Flags shrunk(const UncertaintySet& set, Flags inside, bool drawn_out, Leaves&& leaves) {
  while (true) {
    Flags outside(inside);
    outside.flip();
    const StochasticMatrix kernel = drawn_to(set, outside, drawn_out);
    bool changed = false;
    for (std::uint32_t s = 0; s < inside.size(); ++s)
      if (inside[s] && leaves(State{s}, kernel, outside)) {
        inside[s] = false;
        changed = true;
      }
    if (!changed) return inside;
  }
}

/// What nature can do to a policy's total.
struct Prospects {
  Flags kept;  ///< not at rest, and nature can keep the process among such states for ever
  Flags bad;   ///< nature can lead to those
};

Prospects prospects_of(const FiniteMdp& model, const MarkovPolicy& policy, const UncertaintySet& set) {
  const auto may_leave = [&](State s, const StochasticMatrix& kernel, const Flags& outside) {
    return some_action(model, policy, s, [&](std::size_t row) { return leads_to(kernel, row, outside); });
  };
  Flags idle;
  for (const Rational& reward : policy_rewards(model, policy)) idle.push_back(reward.sign() == 0);
  const Flags resting = shrunk(set, std::move(idle), true, may_leave);
  Flags moving(resting);
  moving.flip();
  Prospects found;
  found.kept = shrunk(set, std::move(moving), false, may_leave);
  Flags safe(found.kept);
  safe.flip();
  found.bad = shrunk(set, std::move(safe), true, may_leave);
  found.bad.flip();
  return found;
}

std::optional<State> first_of(const Flags& flags) {
  const auto found = std::ranges::find(flags, true);
  if (found == flags.end()) return std::nullopt;
  return State{static_cast<std::uint32_t>(found - flags.begin())};
}

bool starts_in(const FiniteMdp& model, const Flags& flags) {
  return leads_to(model.initial(), 0, flags);
}

[[noreturn]] void refuse(const FiniteMdp& model, const Prospects& prospects) {
  const State kept = *first_of(prospects.kept);
  const bool named = kept.value < model.names.states.size() && !model.names.states[kept.value].empty();
  throw InvalidInput(
      "nature can lead the process to state " + std::to_string(kept.value) +
      (named ? " (" + model.names.states[kept.value] + ")" : "") +
      " and keep it for ever among states that are not at rest, so that a total need not be finite; ask for "
      "--average, a --discount or a --horizon, or, in worst-case, forbid it by --support keep or by --radii "
      "of 0 where the model is known");
}

/// A policy's totals against nature's best answer, and that answer; 0 where nature could prevent an end.
struct TotalAnswer {
  std::vector<Rational> values;
  StochasticMatrix kernel;
};

TotalAnswer natures_total(const FiniteMdp& model, const MarkovPolicy& policy, const UncertaintySet& set,
                          const Flags& bad, bool lowest) {
  StochasticMatrix kernel = model.kernel(1);
  while (true) {
    const std::vector<std::optional<Rational>> totals = total_values(with_kernels(model, {kernel}), policy);
    std::vector<Rational> values(model.state_count());
    for (const State s : model.states())
      if (!bad[s.value]) values[s.value] = totals[s.value].value();
    if (!take_better_rows(kernel, set.extreme(ranks_of(values), lowest), values, lowest))
      return {std::move(values), std::move(kernel)};
  }
}

/// Whether a policy could stay for ever, with nature's help, where the values are negative and nothing is
/// earned: then resting there is better than what the values say.
bool may_rest_below_0(const FiniteMdp& model, const UncertaintySet& set,
                      const std::vector<Rational>& values) {
  Flags below(values.size());
  for (std::size_t s = 0; s < values.size(); ++s) below[s] = values[s].sign() < 0;
  const Flags resting = shrunk(
      set, std::move(below), false, [&](State s, const StochasticMatrix& kernel, const Flags& outside) {
        for (const Action a : model.actions())
          if (model.rewards()(s, a).sign() == 0 && !leads_to(kernel, model.row(s, a), outside)) return false;
        return true;
      });
  return first_of(resting).has_value();
}

/// What the best policy earns against one kernel of nature; nothing where that is not finite.
std::optional<Rational> best_total_against(const FiniteMdp& world) {
  try {
    return return_of(world, optimal_total_policy(world), {.endless = Criterion::Endless::total});
  } catch (const InvalidInput&) {
    return std::nullopt;
  }
}

}  // namespace

Extreme extreme_total_return(const FiniteMdp& model, const MarkovPolicy& policy, const UncertaintySet& set,
                             bool lowest) {
  require_stationary(model, policy);
  const Prospects prospects = prospects_of(model, policy, set);
  if (starts_in(model, prospects.bad)) refuse(model, prospects);
  TotalAnswer answer = natures_total(model, policy, set, prospects.bad, lowest);
  return {mean_over_start(model, answer.values), {std::move(answer.kernel)}};
}

RobustPlan robust_total_plan(const FiniteMdp& model, const UncertaintySet& set, bool lowest) {
  Actions taken = actions_of(optimal_total_policy(model));
  std::set<Actions> seen;
  std::optional<RobustPlan> best;
  while (true) {
    const MarkovPolicy policy = policy_of(model, taken);
    const Prospects prospects = prospects_of(model, policy, set);
    if (starts_in(model, prospects.bad)) {
      if (!best) refuse(model, prospects);
      return *best;  // open, with the bound so far
    }
    const TotalAnswer answer = natures_total(model, policy, set, prospects.bad, lowest);
    const Rational value = mean_over_start(model, answer.values);
    if (!best || value > best->value) {
      const std::optional<Rational> bound = best ? best->bound : std::nullopt;
      best = RobustPlan{value, policy, false, bound};
    }
    const FiniteMdp world = with_kernels(model, {answer.kernel});
    if (const auto bound = lowest ? best_total_against(world) : std::nullopt)
      best->bound = best->bound ? min(*best->bound, *bound) : *bound;
    if (best->bound == best->value) {
      best->closed = true;
      return *best;
    }
    const StochasticMatrix towards_bad = drawn_to(set, prospects.bad, true);
    const Improvement improvement(world, answer.values, Rational(1));
    seen.insert(taken);
    const bool improves = improve_actions(model, taken, [&](State s, Action a) {
      return !prospects.bad[s.value] && !leads_to(towards_bad, model.row(s, a), prospects.bad) &&
             improvement.sign(s, a) > 0;
    });
    if (improves && !seen.contains(taken)) continue;
    best->closed =
        !lowest && !improves && !first_of(prospects.bad) && !may_rest_below_0(model, set, answer.values);
    return *best;
  }
}

}  // namespace lemmacheck
