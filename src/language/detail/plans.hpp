/// What plans may choose: optimal, greedy, argmax, argmin. Private to the language layer; instantiated in
/// program_*.cpp.
#pragma once

#include "language/detail/program_parts.hpp"

namespace lemmacheck::detail {

/// The indices of the largest values; none where enclosures overlap.
template <class N>
std::vector<std::uint32_t> largest_of(const std::vector<N>& values) {
  std::vector<std::uint32_t> best = {0};
  for (std::uint32_t i = 1; i < values.size(); ++i) {
    const Truth equal = is_equal(values[i], values[best[0]]),
                less = Arithmetic<N>::is_less(values[i], values[best[0]]);
    if (equal == Truth::unknown && less != Truth::yes &&
        Arithmetic<N>::is_less(values[best[0]], values[i]) != Truth::yes)
      return {};
    if (equal == Truth::yes)
      best.push_back(i);
    else if (less != Truth::yes)
      best = {i};
  }
  return best;
}

/// The optimal actions of each step and state.
inline std::vector<std::vector<std::uint32_t>> lists_of(const OptimalActions& optimal) {
  std::vector<std::vector<std::uint32_t>> allowed;
  for (Step h = 1; h <= optimal.horizon(); ++h)
    for (std::uint32_t s = 0; s < optimal.state_count(); ++s) {
      auto& list = allowed.emplace_back();
      for (std::uint32_t a = 0; a < optimal.action_count(); ++a)
        if (optimal.contains(h, State{s}, Action{a})) list.push_back(a);
    }
  return allowed;
}

/// Optimal values under a discount are what takes long in rationals. Of many states exact policy iteration
/// encloses what it compares by itself.
inline bool enclosures_save_work(const ModelCode<Interval>& model, std::size_t states) {
  return model.discount && !model.horizon && states < many_unknowns;
}

template <class N>
std::vector<std::vector<std::uint32_t>> allowed_actions(const Program<N>& program,
                                                        const Assignment& assignment, std::size_t index) {
  const Given& given = program.lemma->givens[index];
  const GivenCode<N>& code = program.givens[index];
  const PartShape& shape = program.signature->parts[index];
  const std::size_t states = assignment.sizes[shape.from[0]], actions = assignment.sizes[shape.to[0]];
  if constexpr (std::is_same_v<N, Interval>)
    if (given.plan == Given::Plan::greedy || !enclosures_save_work(program.models[*code.model], states))
      return {};
  LentFrame<N> lent(program, assignment);
  Frame<N>& frame = *lent;
  frame.stack.resize(code.slots + 1);
  const std::size_t steps = assignment.steps_of(shape);
  if constexpr (std::is_same_v<N, Rational>)
    if (given.plan != Given::Plan::greedy) {
      const ModelData<N>& model = model_data(frame, *code.model);
      if (model.plain && static_cast<std::int64_t>(steps) == *model.horizon)
        return lists_of(optimum(*model.plain, static_cast<Step>(steps)).actions);
      const bool is_discounted = !model.horizon && model.endless == Criterion::Endless::none;
      if (is_discounted && states >= many_unknowns)
        return lists_of(optimal_discounted_actions(
            rational_model(frame, *code.model), solved_values(frame, *code.solver).values, *model.discount));
    }
  std::vector<std::vector<std::uint32_t>> allowed;
  for (std::size_t h = 0; h < steps; ++h)
    for (std::size_t s = 0; s < states; ++s) {
      std::vector<N> values;
      for (std::size_t a = 0; a < actions; ++a) {
        const std::size_t row = s * actions + a;
        if (given.plan != Given::Plan::greedy) {
          const ModelData<N>& model = model_data(frame, *code.model);
          values.push_back(
              value_at(frame, model, *code.solver, 'Q',
                       model.horizon ? std::optional(static_cast<std::int64_t>(h) + 1) : std::nullopt, row));
        } else if (code.of_pairs) {
          values.push_back(code.objective->eval(frame, static_cast<std::int64_t>(h) + 1, row));
        } else {
          const ModelData<N>& model = model_data(frame, *code.model);
          N value = model.kernel(h, row).expectation(
              [&](std::uint32_t t) { return code.objective->eval(frame, 0, t); });
          if (model.discount) value *= *model.discount;
          values.push_back(value + model.reward(h, row));
        }
      }
      allowed.push_back(largest_of(values));
      if (!allowed.back().empty()) continue;
      if constexpr (std::is_same_v<N, Interval>) return {};
      throw UndecidedValue("a choice among actions");
    }
  return allowed;
}

template <class N>
std::vector<std::uint32_t> minimising_elements(const Program<N>& program, const Assignment& assignment,
                                               std::size_t index) {
  const GivenCode<N>& code = program.givens[index];
  LentFrame<N> lent(program, assignment);
  Frame<N>& frame = *lent;
  frame.stack.resize(code.slots + 1);
  std::vector<N> values;
  const std::size_t size = assignment.sizes[program.signature->parts[index].from[0]];
  for (std::size_t i = 0; i < size; ++i) {
    frame.stack[0] = static_cast<std::int64_t>(i);
    values.push_back(-code.minimised->eval(frame));
  }
  std::vector<std::uint32_t> least = largest_of(values);
  if (least.empty()) throw UndecidedValue("a choice among actions");
  return least;
}

template <class N>
std::vector<bool> visited_states(const Program<N>& program, const Assignment& assignment, std::size_t index,
                                 const StochasticMatrix& policy) {
  const GivenCode<N>& code = program.givens[index];
  LentFrame<N> lent(program, assignment);
  Frame<N>& frame = *lent;
  const ModelData<N>& model = model_data(frame, *code.model);
  const auto steps =
      static_cast<std::size_t>(model.horizon.value_or(static_cast<std::int64_t>(model.states)));
  const bool family = policy.rows() > model.states;
  std::vector<bool> visited(policy.rows()), here(model.states);
  model.initial->each_outcome([&](std::uint32_t s) { here[s] = true; });
  for (std::size_t h = 0; h < steps; ++h) {
    std::vector<bool> next(model.states);
    for (std::size_t s = 0; s < model.states; ++s) {
      if (!here[s]) continue;
      const std::size_t row = (family ? h * model.states : 0) + s;
      visited[row] = true;
      for (const std::uint32_t a : policy.row_columns(row))
        model.kernel(h, s * model.actions + a).each_outcome([&](std::uint32_t t) { next[t] = true; });
    }
    // Without a horizon a state stays where it was come to.
    if (!model.horizon)
      for (std::size_t s = 0; s < model.states; ++s) next[s] = next[s] || here[s];
    here = std::move(next);
  }
  return visited;
}

template <class N>
Truth attains_best_return(const Program<N>& program, const Assignment& assignment, std::size_t index) {
  // A policy attains it if and only if it takes an optimal action wherever it comes to.
  const auto allowed = allowed_actions(program, assignment, index);
  const StochasticMatrix& policy = assignment.rows(index);
  const std::vector<bool> visited = visited_states(program, assignment, index, policy);
  for (std::size_t row = 0; row < policy.rows(); ++row) {
    if (!visited[row]) continue;
    for (const std::uint32_t a : policy.row_columns(row))
      if (std::find(allowed[row].begin(), allowed[row].end(), a) == allowed[row].end()) return Truth::no;
  }
  return Truth::yes;
}

}  // namespace lemmacheck::detail
