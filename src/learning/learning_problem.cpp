#include "learning/learning_problem.hpp"

#include <algorithm>
#include <numeric>

#include "numeric/scratch.hpp"

namespace lemmacheck {
namespace {

using RowOf = StochasticMatrix::RowOf;

/// Row x puts all mass on x.
StochasticMatrix points(std::uint32_t columns) {
  Scratch<std::uint32_t> all(columns);
  std::iota(all->begin(), all->end(), 0U);
  return StochasticMatrix::deterministic(columns, *all);
}

/// The rows of a kernel over more states; the states added stay where they are.
StochasticMatrix with_absorbing_states(const StochasticMatrix& kernel, std::uint32_t states,
                                       std::uint32_t actions) {
  const StochasticMatrix wide = kernel.widened(states), stay = points(states);
  Scratch<RowOf> rows;
  for (std::size_t row = 0; row < std::size_t{states} * actions; ++row)
    rows->push_back(row < wide.rows() ? RowOf{&wide, row} : RowOf{&stay, row / actions});
  return StochasticMatrix::assembled(states, *rows);
}

/// Rewards of the states added: `highest` in the first, `lowest` in the second.
RewardTable with_rewards(const RewardTable& rewards, std::uint32_t states, std::uint32_t actions) {
  std::vector<Rational> all = rewards.as<Rational>();
  const Rational highest = rewards.highest(), lowest = rewards.lowest();
  all.insert(all.end(), actions, highest);
  all.insert(all.end(), actions, lowest);
  if (!rewards.has_words()) return RewardTable(states, actions, std::move(all));
  std::vector<std::uint64_t> counts;
  for (const Rational& reward : all)
    counts.push_back((reward - rewards.offset()).scaled_to_word(rewards.denominator()).value());
  return RewardTable(states, actions, std::move(counts), rewards.denominator(), rewards.offset());
}

MarkovPolicy with_states(const MarkovPolicy& policy, std::uint32_t states) {
  if (policy.state_count() == states) return policy;
  const std::uint32_t lowest[] = {0};
  const StochasticMatrix first = StochasticMatrix::deterministic(policy.action_count(), lowest);
  Scratch<RowOf> rows;
  for (Step h = 1; h <= policy.steps(); ++h)
    for (std::uint32_t s = 0; s < states; ++s)
      rows->push_back(s < policy.state_count() ? RowOf{&policy.table(), policy.row(h, State{s})}
                                               : RowOf{&first, 0});
  return MarkovPolicy(StochasticMatrix::assembled(policy.action_count(), *rows), states);
}

/// A state whose actions are all known to stay there and to pay the given reward.
std::optional<State> known_absorbing_state(const FiniteMdp& model, const std::vector<bool>& known,
                                           const Rational& reward) {
  const auto fits = [&](State s, Action a) {
    const std::size_t row = model.row(s, a);
    const auto next = model.kernel(1).row_columns(row);
    return known[row] && next.size() == 1 && next[0] == s.value && model.rewards()(s, a) == reward;
  };
  for (const State s : model.states()) {
    bool all = true;
    for (const Action a : model.actions()) all = all && fits(s, a);
    if (all) return s;
  }
  return std::nullopt;
}

}  // namespace

LearningProblem::LearningProblem(const FiniteMdp& model, const Criterion& criterion_, MarkovPolicy start_,
                                 std::optional<MarkovPolicy> expert_, std::vector<bool> known_,
                                 std::optional<StochasticMatrix> start_kernel_)
    : own_states(model.state_count()),
      criterion(criterion_),
      horizon(criterion_.horizon.value_or(static_cast<Step>(model.state_count()) + 1)),
      world(model),
      start(std::move(start_)),
      expert(std::move(expert_)),
      known(std::move(known_)),
      start_kernel(start_kernel_ ? std::move(*start_kernel_) : StochasticMatrix()) {
  criterion.require_valid();
  require_same_shape(model, start);
  if (expert) require_same_shape(model, *expert);
  if (model.time_varying())
    throw InvalidInput("the model is time-varying; a stationary one is needed to learn its transitions");
  const std::uint32_t actions = model.action_count();
  const std::size_t pairs = std::size_t{own_states} * actions;
  if (known.empty()) known.assign(pairs, false);
  if (known.size() != pairs) throw InvalidInput("the known pairs must be S A flags");
  if (!start_kernel_) {
    Scratch<std::uint32_t> stay;
    for (std::uint32_t s = 0; s < own_states; ++s) stay->insert(stay->end(), actions, s);
    start_kernel = StochasticMatrix::deterministic(own_states, *stay);
  }
  if (start_kernel.rows() != pairs || start_kernel.columns() != own_states)
    throw InvalidInput("the start model has another shape than the world");

  const auto best = known_absorbing_state(model, known, model.rewards().highest());
  const auto worst = known_absorbing_state(model, known, model.rewards().lowest());
  const bool has_ends = best && worst;
  const std::uint32_t states = has_ends ? own_states : own_states + 2;
  paradise = has_ends ? *best : State{own_states};
  abyss = has_ends ? *worst : State{own_states + 1};
  const std::uint32_t at_ends[] = {paradise.value, abyss.value};
  ends = StochasticMatrix::deterministic(states, at_ends);
  if (has_ends) return;
  std::vector<StochasticMatrix> kernels;
  kernels.push_back(with_absorbing_states(model.kernel(1), states, actions));
  world = FiniteMdp(model.initial().widened(states), std::move(kernels),
                    with_rewards(model.rewards(), states, actions), states, actions);
  world.names = model.names;
  start = with_states(start, states);
  if (expert) expert = with_states(*expert, states);
  known.resize(std::size_t{states} * actions, true);
  start_kernel = with_absorbing_states(start_kernel, states, actions);
}

std::size_t LearningProblem::unknown_count() const {
  return static_cast<std::size_t>(std::count(known.begin(), known.end(), false));
}

MarkovPolicy LearningProblem::with_fictitious_states(const MarkovPolicy& policy) const {
  return with_states(policy, world.state_count());
}

MarkovPolicy LearningProblem::own_part(const MarkovPolicy& policy) const {
  if (policy.state_count() == own_states) return policy;
  Scratch<RowOf> rows;
  for (Step h = 1; h <= policy.steps(); ++h)
    for (std::uint32_t s = 0; s < own_states; ++s)
      rows->push_back({&policy.table(), policy.row(h, State{s})});
  return MarkovPolicy(StochasticMatrix::assembled(policy.action_count(), *rows), own_states);
}

LearningProblem learning_problem(const Instance& instance) {
  return learning_problem(instance, {.horizon = instance.horizon});
}

LearningProblem learning_problem(const Instance& instance, const Criterion& criterion) {
  LEMMACHECK_INVARIANT(instance.model && instance.policy);
  return LearningProblem(*instance.model, criterion, *instance.policy, instance.other_policy, instance.known,
                         instance.perturbed ? std::optional(instance.perturbed->kernel(1)) : std::nullopt);
}

Instance figure_15_1(const Rational& right_right) {
  enum : std::uint32_t { root, left, right, win, zero, third };
  const bool strict = right_right.sign() != 0;
  const std::uint32_t states = strict ? 6 : 5, actions = 2;
  // Rows in the order of (state, action): root, left, right, and leaves that stay.
  std::vector<std::uint32_t> next = {left, right, win, zero, zero, strict ? third : zero};
  for (std::uint32_t leaf = win; leaf < states; ++leaf) next.insert(next.end(), actions, leaf);
  std::vector<Rational> rewards(std::size_t{states} * actions);
  for (std::uint32_t a = 0; a < actions; ++a) {
    rewards[win * actions + a] = 1;
    if (strict) rewards[third * actions + a] = right_right;
  }
  const std::uint32_t begin[] = {root};
  Instance instance;
  instance.horizon = 3;
  instance.model.emplace(StochasticMatrix::deterministic(states, begin),
                         std::vector{StochasticMatrix::deterministic(states, next)},
                         RewardTable(states, actions, rewards), states, actions);
  instance.model->names = {"the tree of Figure 15.1", {"root", "L", "R", "1", "0"}, {"L", "R"}, 3};
  if (strict) instance.model->names.states.push_back(right_right.to_string());
  const std::vector<std::uint32_t> go_left(states, 0), go_right(states, 1);
  instance.policy = MarkovPolicy::deterministic(go_right, states, actions);
  instance.other_policy = MarkovPolicy::deterministic(go_left, states, actions);
  instance.known.assign(std::size_t{states} * actions, true);
  for (const std::uint32_t s : {left, right})
    for (std::uint32_t a = 0; a < actions; ++a) instance.known[s * actions + a] = false;
  return instance;
}

}  // namespace lemmacheck
