#include "mdp/average.hpp"

#include <algorithm>

#include "mdp/end_components.hpp"
#include "mdp/improvement.hpp"
#include "numeric/linear_system.hpp"

namespace lemmacheck {
namespace {

/// What a policy makes of a model: a Markov chain with rewards.
struct Chain {
  std::vector<std::vector<std::pair<std::uint32_t, Rational>>> rows;
  std::vector<Rational> rewards;
};

Chain chain_of(const FiniteMdp& model, const MarkovPolicy& policy) {
  Chain chain{{}, policy_rewards(model, policy)};
  chain.rows.resize(model.state_count());
  for (const State s : model.states())
    for_each_successor(model, policy, s, [&](std::uint32_t next, Rational probability) {
      chain.rows[s.value].emplace_back(next, std::move(probability));
    });
  return chain;
}

std::vector<Rational> solved(const LinearSystem& system) {
  auto found = solution(system);
  LEMMACHECK_INVARIANT(found.has_value());
  return std::move(*found);
}

/// The shares of time of the states of one recurrent class.
std::vector<Rational> class_occupancy(const Chain& chain, const std::vector<State>& states,
                                      const std::vector<std::uint32_t>& number) {
  LinearSystem system;
  system.rows.resize(states.size());
  for (std::uint32_t i = 0; i < states.size(); ++i) {
    if (i > 0) system.rows[i].entries.emplace_back(i, Rational(1));
    system.rows[0].entries.emplace_back(i, Rational(1));
    for (const auto& [next, probability] : chain.rows[states[i].value])
      if (number[next] > 0) system.rows[number[next]].entries.emplace_back(i, -probability);
  }
  system.rows[0].right = 1;
  return solved(system);
}

/// Gain and bias of one recurrent class, into `out`; `number` of each of its states within it.
void solve_class(const Chain& chain, const std::vector<State>& states,
                 const std::vector<std::uint32_t>& number, AverageValues& out) {
  const std::size_t n = states.size();
  // The gain takes the place of the bias of the first state, which is 0 for now.
  LinearSystem values;
  values.rows.resize(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t s = states[i].value;
    LinearSystem::Row& row = values.rows[i];
    row.right = chain.rewards[s];
    row.entries.emplace_back(0U, Rational(1));
    if (i > 0) row.entries.emplace_back(i, Rational(1));
    for (const auto& [next, probability] : chain.rows[s])
      if (number[next] > 0) row.entries.emplace_back(number[next], -probability);
  }
  std::vector<Rational> bias = solved(values);
  const Rational gain = std::exchange(bias[0], Rational(0));
  const std::vector<Rational> weight = class_occupancy(chain, states, number);
  Rational mean;
  for (std::size_t i = 0; i < n; ++i) mean += weight[i] * bias[i];
  for (std::size_t i = 0; i < n; ++i) {
    out.gain[states[i].value] = gain;
    out.bias[states[i].value] = bias[i] - mean;
  }
}

/// x = right + T x on the transient states, where x is known elsewhere.
void solve_transient(const Chain& chain, const RecurrentClasses& recurrent, std::vector<Rational> right,
                     std::vector<Rational>& x) {
  std::vector<std::uint32_t> transient, number(chain.rows.size());
  for (std::uint32_t s = 0; s < chain.rows.size(); ++s)
    if (recurrent.of[s] == no_component) {
      number[s] = static_cast<std::uint32_t>(transient.size());
      transient.push_back(s);
    }
  if (transient.empty()) return;
  LinearSystem system;
  system.rows.resize(transient.size());
  for (std::uint32_t i = 0; i < transient.size(); ++i) {
    LinearSystem::Row& row = system.rows[i];
    row.right = std::move(right[transient[i]]);
    row.entries.emplace_back(i, Rational(1));
    for (const auto& [next, probability] : chain.rows[transient[i]])
      if (recurrent.of[next] == no_component)
        row.entries.emplace_back(number[next], -probability);
      else
        row.right += probability * x[next];
  }
  std::vector<Rational> found = solved(system);
  for (std::size_t i = 0; i < transient.size(); ++i) x[transient[i]] = std::move(found[i]);
}

}  // namespace

AverageValues average_values(const FiniteMdp& model, const MarkovPolicy& policy) {
  require_stationary(model, policy);
  const Chain chain = chain_of(model, policy);
  const RecurrentClasses recurrent = recurrent_classes(model, policy);
  const std::size_t n = model.state_count();
  AverageValues values{std::vector<Rational>(n), std::vector<Rational>(n)};
  std::vector<std::uint32_t> number(n);
  for (const std::vector<State>& states : recurrent.classes) {
    for (std::uint32_t i = 0; i < states.size(); ++i) number[states[i].value] = i;
    solve_class(chain, states, number, values);
  }
  const Rational& first = values.gain[recurrent.classes[0][0].value];
  const bool one_gain = std::ranges::all_of(
      recurrent.classes, [&](const auto& states) { return values.gain[states[0].value] == first; });
  if (one_gain)
    values.gain.assign(n, Rational(first));
  else
    solve_transient(chain, recurrent, std::vector<Rational>(n), values.gain);
  std::vector<Rational> above;
  for (std::size_t s = 0; s < n; ++s) above.push_back(chain.rewards[s] - values.gain[s]);
  solve_transient(chain, recurrent, std::move(above), values.bias);
  return values;
}

std::vector<std::vector<Rational>> limiting_matrix(const FiniteMdp& model, const MarkovPolicy& policy) {
  require_stationary(model, policy);
  const Chain chain = chain_of(model, policy);
  const RecurrentClasses recurrent = recurrent_classes(model, policy);
  const std::size_t n = model.state_count();
  std::vector<std::vector<Rational>> matrix(n, std::vector<Rational>(n));
  std::vector<std::uint32_t> number(n);
  for (const std::vector<State>& states : recurrent.classes) {
    for (std::uint32_t i = 0; i < states.size(); ++i) number[states[i].value] = i;
    const std::vector<Rational> weight = class_occupancy(chain, states, number);
    std::vector<Rational> absorbed(n);
    for (const State s : states) absorbed[s.value] = 1;
    solve_transient(chain, recurrent, std::vector<Rational>(n), absorbed);
    for (std::size_t s = 0; s < n; ++s)
      for (std::size_t i = 0; i < states.size(); ++i) matrix[s][states[i].value] = absorbed[s] * weight[i];
  }
  return matrix;
}

namespace {

/// E_{s' ~ T(s, a)} gain(s') against gain(s): where rewards do not count.
class GainImprovement {
 public:
  GainImprovement(const FiniteMdp& model, const std::vector<Rational>& gain) : model_(model), gain_(gain) {
    one_gain_ = std::ranges::all_of(gain, [&](const Rational& g) { return g == gain[0]; });
  }
  int sign(State s, Action a) const {
    if (one_gain_) return 0;
    const Rational next = expectation<Rational>(model_.kernel(1), model_.row(s, a),
                                                [&](std::uint32_t state) { return gain_[state]; });
    return (next - gain_[s.value]).sign();
  }

 private:
  const FiniteMdp& model_;
  const std::vector<Rational>& gain_;
  bool one_gain_;
};

}  // namespace

bool improve_average(const FiniteMdp& model, const AverageValues& values, std::vector<std::uint32_t>& taken) {
  const GainImprovement gain(model, values.gain);
  if (improve_actions(model, taken, [&](State s, Action a) { return gain.sign(s, a) > 0; })) return true;
  const Improvement bias(model, values.bias, Rational(1), values.gain);
  return improve_actions(model, taken,
                         [&](State s, Action a) { return gain.sign(s, a) == 0 && bias.sign(s, a) > 0; });
}

AveragePlan optimal_average_plan(const FiniteMdp& model) {
  std::vector<std::uint32_t> taken(model.state_count(), 0);
  while (true) {
    MarkovPolicy policy = MarkovPolicy::deterministic(taken, model.state_count(), model.action_count());
    AverageValues values = average_values(model, policy);
    if (!improve_average(model, values, taken)) return {std::move(values), std::move(policy)};
  }
}

}  // namespace lemmacheck
