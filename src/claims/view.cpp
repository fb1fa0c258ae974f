#include "claims/view.hpp"

namespace lemmacheck {

template <class N>
auto View<N>::table(In in, Who who) const -> const Table& {
  auto& place = tables_[static_cast<std::size_t>(in)][static_cast<std::size_t>(who)];
  if (!place) {
    if constexpr (std::is_same_v<N, Rational>)
      place.emplace(model(in), policy(who), horizon());
    else
      place.emplace(policy_values<N>(model(in), policy(who), horizon()));
  }
  return *place;
}

template <class N>
N View<N>::value_span(Step h) const {
  const N highest = max_over(states(), [&](State s) { return value(h, s); });
  const N lowest = -max_over(states(), [&](State s) { return -value(h, s); });
  return highest - lowest;
}

template <class N>
N View<N>::optimal_value(Step h, State s, In in) const {
  auto& place = optimal_[static_cast<std::size_t>(in)];
  if (!place) place.emplace(optimal_values<N>(model(in), horizon()));
  return (*place)(h, s);
}

template <class N>
N View<N>::optimal_return(In in) const {
  return initial_expectation([&](State s) { return optimal_value(1, s, in); });
}

template <class N>
N View<N>::occupancy(Step h, State s, In in, Who who) const {
  auto& place = occupancies_[static_cast<std::size_t>(in)][static_cast<std::size_t>(who)];
  if (!place) place.emplace(occupancy_measure<N>(model(in), policy(who), horizon(), model().initial()));
  return (*place)(h, s);
}

/// Row H - k of the result: the rewards expected in the first k + 1 steps from each state. Nothing depends on
/// the step, so that these are the values with k + 1 steps left.
template <class N>
ValueTable<N> View<N>::roll_forward(In in) const {
  if (model(in).time_varying() || !policy().stationary())
    throw InvalidInput("values by rolling forward need stationary kernels and a stationary policy");
  std::vector<N> step_reward;
  for (const State t : states())
    step_reward.push_back(action_expectation(1, t, [&](Action a) { return reward(t, a, in); }));
  ValueTable<N> values(horizon(), model().state_count());
  for (const State s : states()) {
    const std::uint32_t start[] = {s.value};
    const StochasticMatrix point = StochasticMatrix::deterministic(model().state_count(), start);
    const ValueTable<N> where = occupancy_measure<N>(model(in), policy(), horizon(), point);
    for (Step k = 1; k <= horizon(); ++k) {
      N& value = values(horizon() + 1 - k, s);
      value = values(horizon() + 2 - k, s);
      for (const State t : states()) value += where(k, t) * step_reward[t.value];
    }
  }
  return values;
}

template <class N>
N View<N>::forward_value(Step h, State s, In in) const {
  auto& place = forward_[static_cast<std::size_t>(in)];
  if (!place) place.emplace(roll_forward(in));
  return (*place)(h, s);
}

template <class N>
N View<N>::weighted_occupancy(State s, Action a, In in, Who who) const {
  auto& place = weighted_[static_cast<std::size_t>(in)][static_cast<std::size_t>(who)];
  if (!place) place.emplace(lemmacheck::weighted_occupancy<N>(model(in), policy(who), horizon()));
  return (*place)[model().row(s, a)];
}

template <class N>
std::vector<N> View<N>::numbers(const std::string& name) const {
  const auto found = instance_.numbers.find(name);
  if (found == instance_.numbers.end())
    throw InvalidInput("the instance has no numbers named \"" + name + "\"");
  std::vector<N> result;
  for (const Rational& number : found->second) result.push_back(N::from(number));
  return result;
}

template class View<Rational>;
template class View<Interval>;

}  // namespace lemmacheck
