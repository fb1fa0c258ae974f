#include "mdp/end_components.hpp"

#include <algorithm>

#include "numeric/strong_components.hpp"

namespace lemmacheck {
namespace {

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

template <class Use>
void for_each_next(const FiniteMdp& model, std::size_t row, Use&& use) {
  for (const std::uint32_t next : model.kernel(1).row_columns(row)) use(next);
}

bool leads_only_to(const FiniteMdp& model, std::size_t row, const std::vector<bool>& states) {
  const auto next = model.kernel(1).row_columns(row);
  return std::ranges::all_of(next, [&](std::uint32_t s) { return states[s]; });
}

/// Backward search from the targets through allowed pairs; `actions` receives how each state was reached.
std::vector<bool> reach(const FiniteMdp& model, const PairSet& allowed, const std::vector<bool>& targets,
                        std::vector<std::uint32_t>* actions) {
  std::vector<std::vector<std::size_t>> rows_into(model.state_count());
  for (std::size_t row = 0; row < allowed.size(); ++row)
    if (allowed[row]) for_each_next(model, row, [&](std::uint32_t next) { rows_into[next].push_back(row); });
  std::vector<bool> reached = targets;
  std::vector<std::uint32_t> front;
  for (const State s : model.states())
    if (targets[s.value]) front.push_back(s.value);
  for (std::size_t i = 0; i < front.size(); ++i)
    for (const std::size_t row : rows_into[front[i]]) {
      const auto s = static_cast<std::uint32_t>(row / model.action_count());
      if (reached[s]) continue;
      reached[s] = true;
      if (actions != nullptr) (*actions)[s] = static_cast<std::uint32_t>(row % model.action_count());
      front.push_back(s);
    }
  return reached;
}

}  // namespace

PairSet all_pairs(const FiniteMdp& model) {
  return PairSet(std::size_t{model.state_count()} * model.action_count(), true);
}

RecurrentClasses recurrent_classes(const FiniteMdp& model, const MarkovPolicy& policy) {
  Edges edges;
  for (const State s : model.states())
    for (const std::uint32_t a : policy.table().row_columns(policy.row(1, s)))
      for_each_next(model, model.row(s, Action{a}),
                    [&](std::uint32_t next) { edges.emplace_back(s.value, next); });
  const std::vector<std::uint32_t> of = strong_components(model.state_count(), edges).of;
  std::vector<bool> closed(model.state_count(), true);  // by component
  for (const auto& [from, to] : edges)
    if (of[from] != of[to]) closed[of[from]] = false;
  RecurrentClasses found{std::vector<std::uint32_t>(model.state_count(), no_component), {}};
  std::vector<std::uint32_t> number(model.state_count(), no_component);
  for (const State s : model.states()) {
    const std::uint32_t component = of[s.value];
    if (!closed[component]) continue;
    if (number[component] == no_component) {
      number[component] = static_cast<std::uint32_t>(found.classes.size());
      found.classes.emplace_back();
    }
    found.of[s.value] = number[component];
    found.classes[number[component]].push_back(s);
  }
  return found;
}

EndComponents maximal_end_components(const FiniteMdp& model, const PairSet& allowed) {
  EndComponents found{{}, allowed, 0};
  std::vector<std::uint32_t> of;
  for (bool changed = true; changed;) {
    changed = false;
    Edges edges;
    for (std::size_t row = 0; row < found.pairs.size(); ++row)
      if (found.pairs[row])
        for_each_next(model, row, [&](std::uint32_t next) {
          edges.emplace_back(static_cast<std::uint32_t>(row / model.action_count()), next);
        });
    of = strong_components(model.state_count(), edges).of;
    for (std::size_t row = 0; row < found.pairs.size(); ++row) {
      if (!found.pairs[row]) continue;
      const std::uint32_t own = of[row / model.action_count()];
      const auto next = model.kernel(1).row_columns(row);
      if (std::ranges::all_of(next, [&](std::uint32_t s) { return of[s] == own; })) continue;
      found.pairs[row] = false;
      changed = true;
    }
  }
  found.of.assign(model.state_count(), no_component);
  std::vector<std::uint32_t> number(model.state_count(), no_component);
  for (std::size_t row = 0; row < found.pairs.size(); ++row) {
    if (!found.pairs[row]) continue;
    const std::size_t s = row / model.action_count();
    if (number[of[s]] == no_component) number[of[s]] = found.count++;
    found.of[s] = number[of[s]];
  }
  return found;
}

SureReach sure_reach(const FiniteMdp& model, const std::vector<bool>& targets) {
  SureReach sure{std::vector<bool>(model.state_count(), true), all_pairs(model), {}};
  while (true) {
    sure.actions.assign(model.state_count(), 0);
    std::vector<bool> reached = reach(model, sure.pairs, targets, &sure.actions);
    if (reached == sure.states) return sure;
    sure.states = std::move(reached);
    for (std::size_t row = 0; row < sure.pairs.size(); ++row)
      sure.pairs[row] = sure.states[row / model.action_count()] && leads_only_to(model, row, sure.states);
  }
}

std::vector<bool> possible_reach(const FiniteMdp& model, const PairSet& allowed,
                                 const std::vector<bool>& targets) {
  return reach(model, allowed, targets, nullptr);
}

SubModel sub_model(const FiniteMdp& model, const std::vector<bool>& states, const PairSet& pairs) {
  std::vector<State> kept;
  std::vector<std::uint32_t> number(model.state_count());
  std::size_t most = 0;
  const auto actions_of = [&](State s) {
    std::vector<Action> list;
    for (const Action a : model.actions())
      if (pairs[model.row(s, a)]) list.push_back(a);
    return list;
  };
  for (const State s : model.states()) {
    if (!states[s.value]) continue;
    number[s.value] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(s);
    most = std::max(most, actions_of(s).size());
  }
  const auto count = static_cast<std::uint32_t>(kept.size());
  StochasticMatrix::Rows rows;
  std::vector<Rational> rewards;
  std::vector<std::uint32_t> actions;
  const StochasticMatrix& kernel = model.kernel(1);
  for (const State s : kept) {
    const std::vector<Action> own = actions_of(s);
    LEMMACHECK_INVARIANT(!own.empty());
    for (std::size_t i = 0; i < most; ++i) {
      const Action a = own[std::min(i, own.size() - 1)];
      const std::size_t row = model.row(s, a);
      auto& entries = rows.emplace_back();
      for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
        entries.push_back({number[kernel.column(e)], kernel.probability(e)});
      rewards.push_back(model.rewards()(s, a));
      actions.push_back(a.value);
    }
  }
  const std::uint32_t start[] = {0};
  const auto width = static_cast<std::uint32_t>(most);
  return {FiniteMdp(StochasticMatrix::deterministic(count, start),
                    {StochasticMatrix(count, rows, [](std::size_t row) { return std::to_string(row); })},
                    RewardTable(count, width, std::move(rewards)), count, width),
          std::move(kept), std::move(actions)};
}

}  // namespace lemmacheck
