/// Totals, gains and biases on one instance, which follow from which probabilities are 0: always in
/// rationals. Private to the language layer.
#pragma once

#include "language/detail/model_code.hpp"
#include "mdp/average.hpp"
#include "mdp/total.hpp"

namespace lemmacheck::detail {

[[noreturn]] inline void refuse_irrational(const std::string& name, const char* what) {
  throw InvalidInput(name + ": " + what +
                     " irrational; totals, gains and the law in the long run need rational numbers");
}

/// The expected rewards of an MDP whose rewards may be constructed.
template <class N>
RewardTable rational_rewards(Frame<N>& frame, std::size_t index, const ModelData<N>& model) {
  if (model.given_table != nullptr) return *model.given_table;
  Frame<Rational>& exact = frame.exact();
  if (!exact.program.models[index].reward) refuse_irrational(frame.program.models[index].name, "rewards are");
  const ModelData<Rational>& data = model_data(exact, index);
  std::vector<Rational> rewards;
  for (std::size_t row = 0; row < data.states * data.actions; ++row) rewards.push_back(data.reward(0, row));
  return RewardTable(static_cast<std::uint32_t>(data.states), static_cast<std::uint32_t>(data.actions),
                     std::move(rewards));
}

/// Where it starts does not matter here: in its first state.
template <class N>
const FiniteMdp& rational_model(Frame<N>& frame, std::size_t index) {
  const ModelData<N>& model = model_data(frame, index);
  if (model.rational) return *model.rational;
  std::vector<StochasticMatrix::RowOf> rows;
  for (std::size_t row = 0; row < model.states * model.actions; ++row) {
    const RowRef<N>& of = model.kernel(0, row);
    if (of.matrix == nullptr) refuse_irrational(frame.program.models[index].name, "transitions are");
    rows.push_back({of.matrix, of.row});
  }
  const auto states = static_cast<std::uint32_t>(model.states);
  const std::uint32_t start[] = {0};
  model.rational = std::make_shared<const FiniteMdp>(
      StochasticMatrix::deterministic(states, start), std::vector{StochasticMatrix::assembled(states, rows)},
      rational_rewards(frame, index, model), states, static_cast<std::uint32_t>(model.actions));
  return *model.rational;
}

template <class N>
MarkovPolicy rational_policy(Frame<N>& frame, std::size_t solver) {
  const ModelData<N>& model = model_data(frame, frame.program.solvers[solver].model);
  const PolicyRows<N>& policy = policy_rows(frame, solver);
  std::vector<StochasticMatrix::RowOf> rows;
  for (std::size_t s = 0; s < model.states; ++s) {
    const RowRef<N>& of = policy.row(0, s);
    if (of.matrix == nullptr)
      refuse_irrational(frame.program.models[frame.program.solvers[solver].model].name,
                        "a policy's rows are");
    rows.push_back({of.matrix, of.row});
  }
  return MarkovPolicy(StochasticMatrix::assembled(static_cast<std::uint32_t>(model.actions), rows),
                      static_cast<std::uint32_t>(model.states));
}

template <class N>
std::vector<N> enclosed(const std::vector<Rational>& values) {
  std::vector<N> list;
  for (const Rational& value : values) list.push_back(N::from(value));
  return list;
}

template <class N>
void solve_endless(Frame<N>& frame, std::size_t solver, SolvedValues<N>& result) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const FiniteMdp& model = rational_model(frame, code.model);
  if (model_data(frame, code.model).endless == Criterion::Endless::average) {
    const AverageValues values = code.policy ? average_values(model, rational_policy(frame, solver))
                                             : optimal_average_plan(model).values;
    result.values = enclosed<N>(values.gain);
    result.bias = enclosed<N>(values.bias);
    return;
  }
  const std::vector<std::optional<Rational>> totals =
      code.policy ? total_values(model, rational_policy(frame, solver)) : optimal_total_values(model);
  for (const std::optional<Rational>& total : totals) {
    result.finite.push_back(total.has_value());
    result.values.push_back(total ? N::from(*total) : N{});
  }
}

/// The law of the state in the long run, averaged over steps, from a start.
template <class N>
std::vector<N> limiting_law(Frame<N>& frame, std::size_t solver, const std::vector<N>& start) {
  const FiniteMdp& model = rational_model(frame, frame.program.solvers[solver].model);
  const std::vector<std::vector<Rational>> matrix = limiting_matrix(model, rational_policy(frame, solver));
  std::vector<N> law(start.size());
  for (std::size_t s = 0; s < start.size(); ++s) {
    if (Arithmetic<N>::is_zero(start[s])) continue;
    for (std::size_t t = 0; t < law.size(); ++t)
      if (matrix[s][t].sign() != 0) law[t] += start[s] * N::from(matrix[s][t]);
  }
  return law;
}

}  // namespace lemmacheck::detail
