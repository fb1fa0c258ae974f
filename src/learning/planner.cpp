#include "learning/planner.hpp"

namespace lemmacheck {
namespace {

/// The action that a policy is most likely to take; the lowest among equals.
Action likeliest(const MarkovPolicy& policy, Step h, State s) {
  const StochasticMatrix& table = policy.table();
  const std::size_t row = policy.row(h, s);
  std::size_t best = table.row_begin(row);
  for (std::size_t e = best + 1; e < table.row_end(row); ++e)
    if (table.probability(e) > table.probability(best)) best = e;
  return Action{table.column(best)};
}

MarkovPolicy chosen(const OptimalActions& actions, TieBreak ties, const FiniteMdp& world,
                    const MarkovPolicy& last) {
  switch (ties) {
    case TieBreak::lowest:
      break;
    case TieBreak::highest:
      return actions.policy([&](Step h, State s) { return actions.highest(h, s); });
    case TieBreak::stay:
      return actions.policy([&](Step h, State s) {
        const Action now = likeliest(last, h, s);
        return actions.contains(h, s, now) ? now : actions.lowest(h, s);
      });
    case TieBreak::for_learner:
    case TieBreak::against_learner:
      return extreme_policy(world, actions, ties == TieBreak::for_learner);
  }
  return actions.lowest_policy();
}

}  // namespace

MarkovPolicy extreme_policy(const FiniteMdp& world, const OptimalActions& allowed, bool highest) {
  const Step horizon = allowed.horizon();
  ValueTable<Rational> values(horizon, world.state_count());
  const std::vector<Rational> rewards = world.rewards().as<Rational>();
  std::vector<std::uint32_t> taken(static_cast<std::size_t>(horizon) * world.state_count());
  for (Step h = horizon; h >= 1; --h) {
    for (const State s : world.states()) {
      bool first = true;
      for (const Action a : world.actions()) {
        if (!allowed.contains(h, s, a)) continue;
        const std::size_t row = world.row(s, a);
        Rational value = rewards[row] + expectation<Rational>(world.kernel(h), row, values.row(h + 1));
        if (!first && !(highest ? value > values(h, s) : value < values(h, s))) continue;
        values(h, s) = std::move(value);
        taken[static_cast<std::size_t>(h - 1) * world.state_count() + s.value] = a.value;
        first = false;
      }
    }
  }
  return MarkovPolicy::deterministic(taken, world.state_count(), world.action_count());
}

Planned plan(const FiniteMdp& model, Step horizon, TieBreak ties, const FiniteMdp& world,
             const MarkovPolicy& last) {
  OptimalActions actions;
  const ExactValues values(model, horizon, actions);
  return {chosen(actions, ties, world, last), expected_value<Rational>(model, values)};
}

}  // namespace lemmacheck
