/// Values and occupancies on one instance. Private to the language
/// layer.
#pragma once

#include <algorithm>
#include <limits>

#include "language/detail/endless_values.hpp"
#include "mdp/backward_induction.hpp"
#include "mdp/discounted.hpp"
#include "numeric/linear_system.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck::detail {

/// From so many unknowns on exact solutions come from libraries.
constexpr std::size_t many_unknowns = 8;

/// Many unknowns in rationals: elimination would work with longer and longer fractions.
inline std::vector<Rational> solve_many(const Scratch<Rational>& a, const std::vector<Rational>& b) {
  const std::size_t n = b.size();
  LinearSystem system;
  system.rows.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    LinearSystem::Row& row = system.rows[i];
    for (std::size_t j = 0; j < n; ++j)
      if (a[i * n + j].sign() != 0) row.entries.emplace_back(static_cast<std::uint32_t>(j), a[i * n + j]);
    row.right = b[i];
  }
  auto found = solution(system);
  LEMMACHECK_INVARIANT(found.has_value());
  return std::move(*found);
}

/// Solves A x = b where A's diagonal outweighs the rest of each row or column.
/// @param a  n x n, row by row.
template <class N>
std::vector<N> solve_dominant(Scratch<N> a, std::vector<N> b) {
  using A = Arithmetic<N>;
  const std::size_t n = b.size();
  if constexpr (std::is_same_v<N, Rational>)
    if (n >= many_unknowns) return solve_many(a, b);
  for (std::size_t pivot = 0; pivot < n; ++pivot) {
    const N* const above = &a[pivot * n];
    for (std::size_t i = pivot + 1; i < n; ++i) {
      N* const row = &a[i * n];
      if (A::is_zero(row[pivot])) continue;
      const N factor = A::divide(row[pivot], above[pivot]);
      for (std::size_t j = pivot + 1; j < n; ++j)
        if (!A::is_zero(above[j])) row[j] -= factor * above[j];
      b[i] -= factor * b[pivot];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j)
      if (!A::is_zero(a[i * n + j])) b[i] -= a[i * n + j] * b[j];
    b[i] = A::divide(b[i], a[i * n + i]);
  }
  return b;
}

/// 1 - discount P_pi, or its transpose.
template <class N, class Row>
Scratch<N> resolvent(const ModelData<N>& model, Row&& policy_row, bool transposed) {
  const std::size_t n = model.states;
  Scratch<N> a(n * n);
  for (std::size_t s = 0; s < n; ++s) {
    const auto entry = [&](std::uint32_t next) -> N& {
      return transposed ? a[next * n + s] : a[s * n + next];
    };
    a[s * n + s] += N(1);
    policy_row(s).each([&](std::uint32_t action, const N& p) {
      const RowRef<N>& row = model.kernel(0, s * model.actions + action);
      const N weight = *model.discount * p;
      if (row.matrix == nullptr || !row.matrix->has_words())
        return row.each([&](std::uint32_t next, const N& mass) { entry(next) -= weight * mass; });
      // The common denominator divides once.
      const StochasticMatrix& kernel = *row.matrix;
      const N share = divided(weight, kernel.denominator_count());
      for (std::size_t e = kernel.row_begin(row.row); e != kernel.row_end(row.row); ++e)
        entry(kernel.column(e)) -= scaled(share, kernel.count(e));
    });
  }
  return a;
}

template <class N>
N action_value(const ModelData<N>& model, std::size_t step, std::size_t row, const N* next) {
  N value =
      model.kernel(step, row).matrix != nullptr
          ? lemmacheck::expectation<N>(*model.kernel(step, row).matrix, model.kernel(step, row).row, next)
          : model.kernel(step, row).expectation([&](std::uint32_t t) { return next[t]; });
  if (model.discount) value *= *model.discount;
  return value + model.reward(step, row);
}

template <class N>
std::vector<N> discounted_policy_values(const ModelData<N>& model,
                                        const std::function<RowRef<N>(std::size_t)>& row) {
  std::vector<N> rewards;
  rewards.reserve(model.states);
  for (std::size_t s = 0; s < model.states; ++s)
    rewards.push_back(
        row(s).expectation([&](std::uint32_t a) { return model.reward(0, s * model.actions + a); }));
  return solve_dominant(resolvent<N>(model, row, false), std::move(rewards));
}

inline Interval hull(Interval a, Interval b) {
  if (is_unknown(a) || is_unknown(b)) return unknown_interval();
  return Interval::between(std::min(a.lower(), b.lower()), std::max(a.upper(), b.upper()));
}
inline ResidueInterval hull(const ResidueInterval& a, const ResidueInterval& b) {
  return ResidueInterval(hull(a.enclosure(), b.enclosure()));
}
inline RealNumber hull(const RealNumber& a, const RealNumber& b) {
  const RealNumber::Enclosure one = a.enclosure(), other = b.enclosure();
  return RealNumber::between(min(one.lower, other.lower), max(one.upper, other.upper));
}

/// Actions that look best after some sweeps of value iteration in floating point: where exact policy
/// iteration begins, which decides.
inline std::vector<std::size_t> proposed_actions(const ModelData<Rational>& model) {
  const auto rounded = [](const Rational& value) {
    const auto words = value.words();
    return words ? static_cast<double>(words->first) / static_cast<double>(words->second)
                 : value.approximate();
  };
  const std::size_t rows = model.states * model.actions;
  Scratch<double> kernel_list(rows * model.states), reward_list(rows), value_list(model.states);
  std::vector<double>&kernel = *kernel_list, &rewards = *reward_list, &values = *value_list;
  for (std::size_t row = 0; row < rows; ++row) {
    rewards[row] = rounded(model.reward(0, row));
    model.kernel(0, row).each(
        [&](std::uint32_t next, const Rational& mass) { kernel[row * model.states + next] = rounded(mass); });
  }
  const double discount = rounded(*model.discount);
  constexpr int sweeps = 30;
  std::vector<std::size_t> best(model.states);
  for (int sweep = 0; sweep < sweeps; ++sweep)
    for (std::size_t s = 0; s < model.states; ++s) {
      double most = -std::numeric_limits<double>::infinity();
      for (std::size_t a = 0; a < model.actions; ++a) {
        const std::size_t row = s * model.actions + a;
        double value = 0;
        for (std::size_t t = 0; t < model.states; ++t) value += kernel[row * model.states + t] * values[t];
        value = rewards[row] + discount * value;
        if (value <= most) continue;
        most = value;
        best[s] = a;
      }
      values[s] = most;
    }
  return best;
}

/// Policy iteration; where comparisons are enclosures, what the last policy may fall short by is added.
template <class N>
std::vector<N> discounted_optimal_values(const ModelData<N>& model) {
  using A = Arithmetic<N>;
  std::vector<std::size_t> taken(model.states, 0);
  if constexpr (std::is_same_v<N, Rational>) taken = proposed_actions(model);
  std::vector<N> values, points(model.actions * model.actions);  // the action a alone, a row for each
  for (std::size_t a = 0; a < model.actions; ++a) points[a * model.actions + a] = N(1);
  constexpr int most_rounds = 200;
  for (int round = 0; round < most_rounds; ++round) {
    const auto row = [&](std::size_t s) {
      return RowRef<N>{nullptr, 0, &points[taken[s] * model.actions], model.actions};
    };
    values = discounted_policy_values<N>(model, row);
    bool better = false;
    for (std::size_t s = 0; s < model.states; ++s) {
      N best = values[s];
      for (std::size_t a = 0; a < model.actions; ++a) {
        const N value = action_value(model, 0, s * model.actions + a, values.data());
        if (A::is_less(best, value) != Truth::yes) continue;
        best = value;
        taken[s] = a;
        better = true;
      }
    }
    if (!better) break;
  }
  if constexpr (std::is_same_v<N, Rational>) {
    return values;
  } else {
    N shortfall(0);
    for (std::size_t s = 0; s < model.states; ++s)
      for (std::size_t a = 0; a < model.actions; ++a)
        shortfall =
            A::larger(shortfall, action_value(model, 0, s * model.actions + a, values.data()) - values[s]);
    if (is_equal(shortfall, N(0)) == Truth::yes) return values;
    const N most = A::divide(shortfall, N(1) - *model.discount);
    for (N& value : values) value = hull(value, value + most);
    return values;
  }
}

/// V* without a horizon. Of many states the mdp layer's policy iteration compares by enclosures first.
template <class N>
std::vector<N> best_discounted_values(Frame<N>& frame, std::size_t index) {
  const ModelData<N>& model = model_data(frame, index);
  if constexpr (std::is_same_v<N, Rational>)
    if (model.states >= many_unknowns)
      return optimal_discounted_values(rational_model(frame, index), *model.discount);
  return discounted_optimal_values(model);
}

/// V_h from V_{h+1} under a policy, where each row is of natural numbers and those of the kernel's step stand
/// in one matrix; the denominators divide after the sums.
/// @param next  nothing at the last step. @param rewards  sum_a pi(a|s) r(s, a) where it is the same at every
/// step, as V_H is. @return whether rows are like that; otherwise `values` are to be computed again.
template <class N>
bool values_by_counts(const ModelData<N>& model, const PolicyRows<N>& policy, std::size_t h, const N* next,
                      const N* rewards, N* values) {
  const StochasticMatrix* const kernel = model.kernel(h, 0).matrix;
  if (kernel == nullptr || !kernel->has_words()) return false;
  for (std::size_t s = 0; s < model.states; ++s) {
    const RowRef<N>& choice = policy.row(h, s);
    if (choice.matrix == nullptr || !choice.matrix->has_words()) return false;
    const StochasticMatrix& actions = *choice.matrix;
    const std::size_t begin = actions.row_begin(choice.row), end = actions.row_end(choice.row);
    const bool sure = end - begin == 1;
    N& value = values[s];
    value = N{};
    if (next != nullptr) {
      for (std::size_t e = begin; e != end; ++e) {
        const RowRef<N>& law = model.kernel(h, s * model.actions + actions.column(e));
        if (law.matrix != kernel) return false;
        if (sure)
          value = expectation(*kernel, law.row, next);
        else
          value += scaled(counted_sum(*kernel, law.row, next), actions.count(e));
      }
      if (!sure) value = divided(value, kernel->denominator_count());
    }
    if (rewards == nullptr)
      for (std::size_t e = begin; e != end; ++e)
        value += scaled(model.reward(h, s * model.actions + actions.column(e)),
                        sure ? Count(std::uint64_t{1}) : actions.count(e));
    if (!sure) value = divided(value, actions.denominator_count());
    if (rewards != nullptr) value += rewards[s];
  }
  return true;
}

template <class N>
void solve_values(Frame<N>& frame, std::size_t solver, SolvedValues<N>& result) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const ModelData<N>& model = model_data(frame, code.model);
  result.states = model.states;
  if (model.endless != Criterion::Endless::none) return solve_endless(frame, solver, result);
  if (!model.horizon) {
    if (!code.policy) {
      result.values = best_discounted_values(frame, code.model);
      return;
    }
    const PolicyRows<N>& policy = policy_rows(frame, solver);
    result.values = discounted_policy_values<N>(model, [&](std::size_t s) { return policy.row(0, s); });
    return;
  }
  const auto horizon = static_cast<std::size_t>(*model.horizon);
  constexpr std::size_t most = 50'000'000;
  if (horizon > most / model.states)
    throw InvalidInput("values of " + std::to_string(horizon) + " steps and " + std::to_string(model.states) +
                       " states do not fit into memory; give a smaller horizon");
  if constexpr (std::is_same_v<N, Rational>) {
    if (model.plain) {
      if (!code.policy) {
        OptimalActions attained;
        result.exact = std::make_unique<ExactValues>(*model.plain, static_cast<Step>(horizon), attained);
        return;
      }
      const PolicyRows<N>& policy = policy_rows(frame, solver);
      if (policy.markov != nullptr) {
        result.exact =
            std::make_unique<ExactValues>(*model.plain, *policy.markov, static_cast<Step>(horizon));
        return;
      }
    }
  }
  const PolicyRows<N>* policy = code.policy ? &policy_rows(frame, solver) : nullptr;
  if constexpr (may_be_unknown<N>) {
    if (policy != nullptr && policy->given && model.given_kernel && model.given_table && !model.discount) {
      const StationaryProcess process{*model.given_kernel, *model.given_table, *policy->given,
                                      static_cast<std::uint32_t>(model.states),
                                      static_cast<std::uint32_t>(model.actions)};
      result.values =
          policy_values<N>(process, static_cast<Step>(horizon), std::move(result.values)).release();
      return;
    }
  }
  result.values.resize((horizon + 1) * model.states);
  [[maybe_unused]] bool by_counts = policy != nullptr && !model.discount;
  [[maybe_unused]] const bool same_rewards =
      policy != nullptr && policy->steps == 1 && model.reward_steps == 1;
  for (std::size_t h = horizon; h-- > 0;) {
    const N* next = &result.values[(h + 1) * model.states];
    if constexpr (may_be_unknown<N>) {
      const bool is_last = h + 1 == horizon;
      const N* const rewards =
          same_rewards && !is_last ? &result.values[(horizon - 1) * model.states] : nullptr;
      by_counts = by_counts && values_by_counts(model, *policy, h, is_last ? nullptr : next, rewards,
                                                &result.values[h * model.states]);
      if (by_counts) continue;
    }
    for (std::size_t s = 0; s < model.states; ++s) {
      const std::size_t first = s * model.actions;
      N& value = result.values[h * model.states + s];
      const bool last = h + 1 == horizon;
      const auto of = [&](std::size_t a) {
        return last ? model.reward(h, first + a) : action_value(model, h, first + a, next);
      };
      if (policy != nullptr) {
        value = policy->row(h, s).expectation([&](std::uint32_t a) { return of(a); });
        continue;
      }
      value = of(0);
      for (std::size_t a = 1; a < model.actions; ++a) value = Arithmetic<N>::larger(value, of(a));
    }
  }
}

template <class N>
const SolvedValues<N>& solved_values(Frame<N>& frame, std::size_t solver) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const std::int64_t key = code.policy ? code.policy->key(frame) : 0;
  auto& list = frame.solved[solver];
  if (const SolvedValues<N>* found = list.find(key)) return *found;
  auto node = list.take();
  solve_values(frame, solver, node->second);
  return list.keep(key, std::move(node));
}

/// d_{h+1}(s') = sum d_h(s) pi_h(a|s) T_h(s'|s,a), h from 0. Probabilities of one matrix are added as natural
/// numbers and divided by their denominator once.
template <class N>
void next_law(const ModelData<N>& model, const PolicyRows<N>& policy, std::size_t h,
              const std::vector<N>& now, std::vector<N>& counted) {
  const StochasticMatrix* const common = model.kernel(h, 0).matrix;
  const bool has_words = common != nullptr && common->has_words();
  counted.assign(model.states, N{});
  Scratch<N> rest;
  for (std::size_t s = 0; s < model.states; ++s) {
    if (Arithmetic<N>::is_zero(now[s])) continue;
    policy.row(h, s).spread(now[s], [&](std::uint32_t a, const N& taken) {
      const RowRef<N>& row = model.kernel(h, s * model.actions + a);
      if (has_words && row.matrix == common) {
        for (std::size_t e = common->row_begin(row.row); e != common->row_end(row.row); ++e)
          counted[common->column(e)] += scaled(taken, common->count(e));
        return;
      }
      rest->resize(model.states);
      row.each([&](std::uint32_t t, const N& mass) { rest[t] += taken * mass; });
    });
  }
  if (has_words)
    for (N& sum : counted) sum = divided(sum, common->denominator_count());
  for (std::size_t t = 0; t < rest->size(); ++t) counted[t] += rest[t];
}

/// What is kept for the policy at hand, from the start at hand; `begin(kept, model, start)` begins it with
/// the start's row.
template <class N, class T, class Begin>
T& from_start(Frame<N>& frame, std::size_t solver, Reused<T>& list, Begin&& begin) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const std::int64_t start_state = code.start_state ? code.start_state->eval(frame) : -1;
  if (code.volatile_start) list.clear();
  const std::int64_t key = code.policy->key(frame) * 1'000'003 + start_state + 1;
  if (T* found = list.find(key)) return *found;
  const ModelData<N>& model = model_data(frame, code.model);
  auto node = list.take();
  std::vector<N> own;
  RowRef<N> start;
  if (start_state >= 0) {
    own.resize(model.states);
    own[static_cast<std::size_t>(start_state)] = N(1);
    start = {nullptr, 0, own.data(), own.size()};
  } else {
    start = code.start_law ? code.start_law->eval(frame, own) : *model.initial;
  }
  begin(node->second, model, start);
  return list.keep(key, std::move(node));
}

/// What is known of where a policy is: d_1 at least.
template <class N>
OccupancyLaws<N>& occupancy_laws(Frame<N>& frame, std::size_t solver) {
  return from_start(frame, solver, frame.occupancies[solver],
                    [](OccupancyLaws<N>& laws, const ModelData<N>& model, const RowRef<N>& start) {
                      std::vector<N>& first = laws.at(laws.states, 1);
                      first.resize(model.states);
                      start.each([&](std::uint32_t s, const N& p) { first[s] = p; });
                    });
}

/// Where a policy may be at a step from 1: flags of states, of which the step is at most H + 1, or of pairs.
template <class N>
const Visits::Flags& visits_at(Frame<N>& frame, std::size_t solver, std::size_t wanted, bool pairs) {
  Visits& visits = from_start(frame, solver, frame.visits[solver],
                              [](Visits& made, const ModelData<N>& model, const RowRef<N>& start) {
                                if (made.states.size() < 2) made.states.resize(2);
                                made.states[1].resize(model.states);
                                start.each_outcome([&](std::uint32_t s) { made.states[1][s] = 1; });
                              });
  auto& list = pairs ? visits.pairs : visits.states;
  if (list.size() > wanted && !list[wanted].empty()) return list[wanted];
  const ModelData<N>& model = model_data(frame, frame.program.solvers[solver].model);
  const PolicyRows<N>& policy = policy_rows(frame, solver);
  if (visits.states.size() <= wanted) visits.states.resize(wanted + 1);
  if (list.size() <= wanted) list.resize(wanted + 1);
  const auto each_pair = [&](std::size_t h, auto&& f) {
    for (std::size_t s = 0; s < model.states; ++s)
      if (visits.states[h][s] != 0)
        policy.row(h - 1, s).each_outcome([&](std::uint32_t a) { f(s * model.actions + a); });
  };
  for (std::size_t h = 1; h < wanted; ++h) {
    Visits::Flags& next = visits.states[h + 1];
    if (!next.empty()) continue;
    next.resize(model.states);
    each_pair(h, [&](std::size_t pair) {
      model.kernel(h - 1, pair).each_outcome([&](std::uint32_t t) { next[t] = 1; });
    });
  }
  if (pairs) {
    list[wanted].resize(model.states * model.actions);
    each_pair(wanted, [&](std::size_t pair) { list[wanted][pair] = 1; });
  }
  return list[wanted];
}

/// d_1 = start, d_{h+1}(s') = sum d_h(s) pi_h(a|s) T_h(s'|s,a); at 0 the discounted or the limiting one.
/// @param wanted  at most H + 1.
template <class N>
const std::vector<N>& state_law(Frame<N>& frame, std::size_t solver, OccupancyLaws<N>& laws,
                                std::size_t wanted) {
  const ModelData<N>& model = model_data(frame, frame.program.solvers[solver].model);
  if (std::vector<N>& law = laws.at(laws.states, wanted); !law.empty()) return law;
  const PolicyRows<N>& policy = policy_rows(frame, solver);
  if (wanted == 0) {
    std::vector<N> start = laws.states[1];
    if (model.endless == Criterion::Endless::average)
      return laws.states[0] = limiting_law(frame, solver, start);
    for (N& p : start) p *= N(1) - *model.discount;
    return laws.states[0] = solve_dominant(resolvent<N>(
                                               model, [&](std::size_t s) { return policy.row(0, s); }, true),
                                           std::move(start));
  }
  for (std::size_t h = 1; h < wanted; ++h)
    if (laws.states[h + 1].empty()) next_law(model, policy, h - 1, laws.states[h], laws.states[h + 1]);
  return laws.states[wanted];
}

}  // namespace lemmacheck::detail
