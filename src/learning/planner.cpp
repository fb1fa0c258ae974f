#include "learning/planner.hpp"

#include "mdp/average.hpp"
#include "mdp/discounted.hpp"
#include "mdp/total.hpp"

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

/// Every action that is optimal under a discount, as those of one step; and the optimal return.
Optimum discounted_optimum(const FiniteMdp& model, const Rational& discount) {
  const std::vector<Rational> values = optimal_discounted_values(model, discount);
  return {optimal_discounted_actions(model, values, discount), mean_over_start(model, values)};
}

/// The model in which what is not allowed does the same as the lowest allowed action.
FiniteMdp with_allowed(const FiniteMdp& model, const OptimalActions& allowed) {
  std::vector<Rational> rewards;
  std::vector<StochasticMatrix::RowOf> rows;
  for (const State s : model.states())
    for (const Action a : model.actions()) {
      const Action taken = allowed.contains(1, s, a) ? a : allowed.lowest(1, s);
      rewards.push_back(model.rewards()(s, taken));
      rows.push_back({&model.kernel(1), model.row(s, taken)});
    }
  return FiniteMdp(model.initial(), {StochasticMatrix::assembled(model.state_count(), rows)},
                   RewardTable(model.state_count(), model.action_count(), std::move(rewards)),
                   model.state_count(), model.action_count());
}

/// Of the restricted world's policy, whose actions may be stand-ins, the allowed ones.
MarkovPolicy discounted_extreme_policy(const FiniteMdp& world, const OptimalActions& allowed,
                                       const Criterion& criterion, bool highest) {
  const MarkovPolicy policy = best_policy(with_allowed(world, allowed), criterion, !highest);
  std::vector<std::uint32_t> taken;
  for (const State s : world.states()) {
    const Action a{policy.table().column(policy.row(1, s))};
    taken.push_back(allowed.contains(1, s, a) ? a.value : allowed.lowest(1, s).value);
  }
  return MarkovPolicy::deterministic(taken, world.state_count(), world.action_count());
}

/// What a policy is worth from each state; nothing where a total is not finite.
std::vector<std::optional<Rational>> endless_values(const FiniteMdp& model, const MarkovPolicy& policy,
                                                    const Criterion& criterion) {
  if (criterion.endless == Criterion::Endless::total) return total_values(model, policy);
  std::vector<Rational> gain = average_values(model, policy).gain;
  return {std::make_move_iterator(gain.begin()), std::make_move_iterator(gain.end())};
}

bool is_deterministic(const MarkovPolicy& policy) {
  return policy.table().entries() == policy.table().rows();
}

Planned endless_plan(const FiniteMdp& model, const Criterion& criterion, TieBreak ties,
                     const MarkovPolicy& last) {
  require_ties(criterion, ties);
  MarkovPolicy policy = best_policy(model, criterion);
  const auto best = endless_values(model, policy, criterion);
  Rational value = return_of(model, policy, criterion);
  const bool stays =
      ties == TieBreak::stay && is_deterministic(last) && endless_values(model, last, criterion) == best;
  return {stays ? last : std::move(policy), std::move(value)};
}

}  // namespace

void require_ties(const Criterion& criterion, TieBreak ties) {
  const bool endless = criterion.endless != Criterion::Endless::none;
  if (endless && ties != TieBreak::lowest && ties != TieBreak::stay)
    throw InvalidInput(
        "--ties: which actions are optimal in an endless run depends on what is done elsewhere, so that they "
        "cannot be chosen state by state; use stay (the last policy as long as it is optimal) or lowest "
        "(what "
        "policy iteration finds from the lowest actions)");
}

MarkovPolicy extreme_policy(const FiniteMdp& world, const OptimalActions& allowed, const Criterion& criterion,
                            bool highest) {
  if (!criterion.horizon) return discounted_extreme_policy(world, allowed, criterion, highest);
  const Step horizon = allowed.horizon();
  if (!criterion.discount && has_words(world)) {
    OptimalActions extreme;
    const ScaledValueTable values(world, {allowed, highest}, extreme);
    return extreme.lowest_policy();
  }
  ValueTable<Rational> values(horizon, world.state_count());
  const std::vector<Rational> rewards = world.rewards().as<Rational>();
  const Rational discount = criterion.discount.value_or(Rational(1));
  std::vector<std::uint32_t> taken(static_cast<std::size_t>(horizon) * world.state_count());
  for (Step h = horizon; h >= 1; --h) {
    for (const State s : world.states()) {
      bool first = true;
      for (const Action a : world.actions()) {
        if (!allowed.contains(h, s, a)) continue;
        const std::size_t row = world.row(s, a);
        Rational value =
            rewards[row] + discount * expectation<Rational>(world.kernel(h), row, values.row(h + 1));
        if (!first && !(highest ? value > values(h, s) : value < values(h, s))) continue;
        values(h, s) = std::move(value);
        taken[static_cast<std::size_t>(h - 1) * world.state_count() + s.value] = a.value;
        first = false;
      }
    }
  }
  return MarkovPolicy::deterministic(taken, world.state_count(), world.action_count());
}

Planned plan(const FiniteMdp& model, const Criterion& criterion, TieBreak ties, const FiniteMdp& world,
             const MarkovPolicy& last) {
  if (criterion.endless != Criterion::Endless::none) return endless_plan(model, criterion, ties, last);
  Optimum best = optimum(model, criterion);
  return {chosen(best.actions, ties, criterion, world, last), std::move(best.value)};
}

Optimum optimum(const FiniteMdp& model, const Criterion& criterion) {
  LEMMACHECK_INVARIANT(criterion.endless == Criterion::Endless::none);
  return criterion.horizon ? optimum(model, *criterion.horizon, criterion.discount.value_or(Rational(1)))
                           : discounted_optimum(model, *criterion.discount);
}

MarkovPolicy chosen(const OptimalActions& optimal, TieBreak ties, const Criterion& criterion,
                    const FiniteMdp& world, const MarkovPolicy& last) {
  switch (ties) {
    case TieBreak::lowest:
      break;
    case TieBreak::highest:
      return optimal.policy([&](Step h, State s) { return optimal.highest(h, s); });
    case TieBreak::stay:
      return optimal.policy([&](Step h, State s) {
        const Action now = likeliest(last, h, s);
        return optimal.contains(h, s, now) ? now : optimal.lowest(h, s);
      });
    case TieBreak::for_learner:
    case TieBreak::against_learner:
      return extreme_policy(world, optimal, criterion, ties == TieBreak::for_learner);
  }
  return optimal.lowest_policy();
}

MarkovPolicy chosen_by_rank(const OptimalActions& optimal, const std::vector<Rational>& ranks) {
  const std::size_t actions = optimal.action_count(), pairs = optimal.state_count() * actions;
  return optimal.policy([&](Step h, State s) {
    const Rational* rank = ranks.data() +
                           (ranks.size() > pairs ? static_cast<std::size_t>(h - 1) * pairs : 0) +
                           s.value * actions;
    Action choice = optimal.lowest(h, s);
    for (std::uint32_t a = choice.value + 1; a < actions; ++a)
      if (optimal.contains(h, s, Action{a}) && rank[choice.value] < rank[a]) choice = Action{a};
    return choice;
  });
}

}  // namespace lemmacheck
