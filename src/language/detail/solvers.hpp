/// Values, occupancies and constructed rows on one instance. Private to the language layer; instantiated in
/// program_*.cpp.
#pragma once

#include <algorithm>

#include "language/detail/code.hpp"
#include "mdp/backward_induction.hpp"

namespace lemmacheck::detail {

template <class N>
Frame<N>::Frame(const Program<N>& frame_program, const Assignment& instance)
    : program(frame_program),
      memo(frame_program.definitions.size()),
      numbers(instance.values.size()),
      tables(instance.values.size()),
      models(frame_program.models.size()),
      solved(frame_program.solvers.size()),
      occupancies(frame_program.solvers.size()),
      policies(frame_program.solvers.size()),
      instance_(&instance) {}

template <class N>
Frame<N>::~Frame() = default;

template <class N>
void Frame<N>::reset(const Assignment& instance) {
  instance_ = &instance;
  base = number_base = 0;
  depth = 0;
  next_policy = 1;
  const auto clear_each = [](auto& list) {
    for (auto& each : list) each.clear();
  };
  stack.clear();
  number_stack.clear();
  clear_each(memo);
  for (auto& each : numbers) each.reset();
  clear_each(tables);
  clear_each(models);
  clear_each(solved);
  clear_each(occupancies);
  clear_each(policies);
  pair_laws.clear();
  markov.clear();
  bound_policies.clear();
  paths.clear();
  matrix_rows.clear();
  dense_rows.clear();
  if (exact_frame) exact_frame->reset(instance);
}

template <class N>
const N& Frame<N>::number(std::size_t part) {
  auto& place = numbers[part];
  if (!place) place = N::from(parts().number(part));
  return *place;
}

template <class N>
const std::vector<N>& Frame<N>::table(std::size_t part) {
  auto& place = tables[part];
  if (place.empty()) {
    const PartShape& shape = parts().signature->parts[part];
    const RewardTable& table = parts().table(part);
    const std::uint32_t last = parts().sizes[shape.from.back()];
    const std::size_t size = parts().size_of_product(shape.from) * parts().steps_of(shape);
    place.reserve(size);
    for (std::size_t i = 0; i < size; ++i)
      place.push_back(table.template get<N>(State{static_cast<std::uint32_t>(i / last)},
                                            Action{static_cast<std::uint32_t>(i % last)}));
  }
  return place;
}

template <class N>
Frame<Rational>& Frame<N>::exact() {
  if constexpr (std::is_same_v<N, Rational>) {
    return *this;
  } else {
    if (!exact_frame) exact_frame = std::make_unique<Frame<Rational>>(*program.exact, parts());
    return *exact_frame;
  }
}

/// Keeps the stack as it was, also where something is thrown.
template <class N>
class Activation {
 public:
  Activation(Frame<N>& frame, std::size_t slots, std::size_t numbers)
      : frame_(frame),
        base_(frame.base),
        number_base_(frame.number_base),
        size_(frame.stack.size()),
        number_size_(frame.number_stack.size()) {
    constexpr int deepest = 2000;
    if (++frame.depth > deepest) {
      --frame.depth;
      throw InvalidInput(
          "a definition refers to itself more than 2000 times in a row; give smaller ranges of its "
          "subscript");
    }
    frame.base = size_;
    frame.number_base = number_size_;
    frame.stack.resize(size_ + slots);
    frame.number_stack.resize(number_size_ + numbers);
  }
  ~Activation() {
    --frame_.depth;
    frame_.base = base_;
    frame_.number_base = number_base_;
    frame_.stack.resize(size_);
    frame_.number_stack.resize(number_size_);
  }
  Activation(const Activation&) = delete;
  Activation& operator=(const Activation&) = delete;

 private:
  Frame<N>& frame_;
  std::size_t base_, number_base_, size_, number_size_;
};

template <class N>
N run_definition(Frame<N>& frame, const DefinitionCode<N>& code, const std::int64_t* arguments,
                 std::size_t count, std::vector<N>& given_numbers) {
  const Activation<N> activation(frame, std::max(code.slots, count),
                                 std::max(code.numbers, given_numbers.size()));
  std::copy(arguments, arguments + count, frame.stack.begin() + static_cast<std::ptrdiff_t>(frame.base));
  for (std::size_t i = 0; i < given_numbers.size(); ++i)
    frame.number_stack[frame.number_base + i] = std::move(given_numbers[i]);
  if (!code.bases.empty()) {
    std::int64_t least = code.bases[0].first;
    for (const auto& [at, base] : code.bases) {
      if (arguments[0] == at) return base->eval(frame);
      least = std::min(least, at);
    }
    if (arguments[0] < least) throw UndefinedValue("a subscript below its base case");
  }
  if (!code.body) throw InternalError("a definition without a body");
  return code.body->eval(frame);
}

template <class N>
N call(Frame<N>& frame, int definition, const std::int64_t* arguments, std::size_t count,
       std::vector<N>&& given_numbers) {
  const DefinitionCode<N>& code = frame.program.definitions[static_cast<std::size_t>(definition)];
  if (!code.memoised) return run_definition(frame, code, arguments, count, given_numbers);
  // Integers make the key, elements the place.
  std::size_t flat = 0, size = 1;
  std::vector<std::int64_t> key;
  const std::size_t first = code.has_step ? 1 : 0;
  if (code.has_step) key.push_back(arguments[0]);
  std::size_t element = 0;
  for (std::size_t i = first; i < count; ++i) {
    if (code.is_element[i - first]) {
      const std::size_t n = frame.set_size(code.element_sets[element++]);
      flat = flat * n + static_cast<std::size_t>(arguments[i]);
      size *= n;
    } else {
      key.push_back(arguments[i]);
    }
  }
  Memo<N>& memo = frame.memo[static_cast<std::size_t>(definition)];
  const auto table = [&]() -> typename Memo<N>::Table& {
    auto& found = key.empty() ? memo.plain : memo.tables[key];
    if (found.values.empty()) {
      found.values.resize(size);
      found.known.resize(size);
    }
    return found;
  };
  {
    auto& known = table();
    if (known.known[flat] != 0) return known.values[flat];
  }
  N value = run_definition(frame, code, arguments, count, given_numbers);
  auto& known = table();
  known.values[flat] = value;
  known.known[flat] = 1;
  return value;
}

/// Elements of a flat number.
template <class N>
void unflatten(Frame<N>& frame, std::size_t flat, const std::vector<std::size_t>& sets, std::int64_t* out) {
  for (std::size_t i = sets.size(); i-- > 0;) {
    const std::size_t n = frame.set_size(sets[i]);
    out[i] = static_cast<std::int64_t>(flat % n);
    flat /= n;
  }
}

/// Says which row of which definition is no distribution, and on which instance.
[[noreturn]] void fail_no_distribution(const Definition& definition, const Assignment& assignment,
                                       const std::vector<std::int64_t>& condition, std::int64_t step,
                                       const std::string& fault);

template <class N>
RowRef<N> Frame<N>::constructed(int index, std::int64_t step, std::size_t condition) {
  const auto at = static_cast<std::size_t>(index);
  const Definition& definition = *program.definitions[at].definition;
  const RowKey key{index, step, condition};
  const auto compute = [&](auto& frame, auto zero) {
    using M = decltype(zero);
    const DefinitionCode<M>& code = frame.program.definitions[at];
    std::vector<std::size_t> outcome_sets;
    for (const Definition::Parameter& outcome : definition.outcomes)
      outcome_sets.push_back(static_cast<std::size_t>(
          std::find(parts().signature->sets.begin(), parts().signature->sets.end(), outcome.sort.from[0]) -
          parts().signature->sets.begin()));
    std::vector<std::int64_t> arguments(1 + code.is_element.size());
    const std::size_t first = code.has_step ? 1 : 0;
    arguments.resize(first + code.is_element.size());
    if (code.has_step) arguments[0] = step;
    std::vector<std::size_t> conditions(
        code.element_sets.begin(),
        code.element_sets.end() - static_cast<std::ptrdiff_t>(outcome_sets.size()));
    unflatten(frame, condition, conditions, arguments.data() + first);
    std::size_t columns = 1;
    for (const std::size_t set : outcome_sets) columns *= set_size(set);
    std::vector<M> row;
    row.reserve(columns);
    for (std::size_t c = 0; c < columns; ++c) {
      unflatten(frame, c, outcome_sets, arguments.data() + first + conditions.size());
      row.push_back(call<M>(frame, index, arguments.data(), arguments.size(), {}));
    }
    arguments.resize(first + conditions.size());
    if (first > 0) arguments.erase(arguments.begin());
    return std::pair(std::move(row), std::move(arguments));
  };
  if constexpr (std::is_same_v<N, Rational>) {
    auto found = matrix_rows.find(key);
    if (found == matrix_rows.end()) {
      auto [row, where] = compute(*this, Rational());
      Rational sum;
      StochasticMatrix::Rows list(1);
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (row[c].sign() < 0)
          fail_no_distribution(definition, parts(), where, step,
                               "gives the probability " + row[c].to_string());
        sum += row[c];
        list[0].push_back({static_cast<std::uint32_t>(c), row[c]});
      }
      if (sum != Rational(1))
        fail_no_distribution(definition, parts(), where, step, "sums to " + sum.to_string());
      found = matrix_rows
                  .emplace(key, StochasticMatrix(static_cast<std::uint32_t>(row.size()), list,
                                                 [](std::size_t) { return std::string("a row"); }))
                  .first;
    }
    return {&found->second, 0, nullptr, found->second.columns(), {}};
  } else if (!program.irrational_rows[at]) {
    const RowRef<Rational> row = exact().constructed(index, step, condition);
    return {row.matrix, 0, nullptr, row.columns, {}};
  } else {
    auto found = dense_rows.find(key);
    if (found == dense_rows.end()) {
      auto [row, where] = compute(*this, N());
      N sum{};
      for (const N& value : row) {
        if (Arithmetic<N>::is_less(value, N(0)) == Truth::yes)
          fail_no_distribution(definition, parts(), where, step, "has a negative probability");
        sum += value;
      }
      if (is_equal(sum, N(1)) == Truth::no)
        fail_no_distribution(definition, parts(), where, step, "does not sum to 1");
      found = dense_rows.emplace(key, std::move(row)).first;
    }
    return {nullptr, 0, found->second.data(), found->second.size(), {}};
  }
}

// MDPs

template <class N>
const ModelData<N>& model_data(Frame<N>& frame, std::size_t index) {
  ModelData<N>& place = frame.models[index];
  if (place.made) return place;
  const ModelCode<N>& code = frame.program.models[index];
  // What is left of an earlier instance, or of an attempt that failed, lends its storage.
  ModelData<N> data = std::move(place);
  data.clear();
  data.states = frame.set_size(code.states);
  data.actions = frame.set_size(code.actions);
  if (code.horizon) data.horizon = code.horizon->eval(frame);
  if (data.horizon && *data.horizon < 1) throw UndefinedValue("a horizon below 1");
  if (code.discount) {
    data.discount = code.discount->eval(frame);
    const Truth positive = Arithmetic<N>::is_less(*data.discount, N(0)),
                small = Arithmetic<N>::is_less(*data.discount, N(1));
    if (positive == Truth::yes || small == Truth::no) throw UndefinedValue("a discount outside [0, 1)");
  }
  const std::size_t rows = data.states * data.actions;
  const std::size_t kernel_steps =
      code.kernel->family() ? static_cast<std::size_t>(data.horizon.value_or(1)) : 1;
  data.kernel_steps = kernel_steps;
  if (const auto part = code.kernel->part(); part && !code.kernel->family()) {
    data.given_kernel = &frame.parts().rows(*part);
  } else {
    data.kernels.reserve(kernel_steps * rows);
    for (std::size_t h = 1; h <= kernel_steps; ++h)
      code.kernel->append(frame, code.kernel->family() ? static_cast<std::int64_t>(h) : 0, rows,
                          data.kernels);
  }
  data.reward_steps = code.reward_family || (code.transitions && kernel_steps > 1)
                          ? static_cast<std::size_t>(data.horizon.value_or(1))
                          : 1;
  if (code.reward_part && !code.transitions) {
    data.given_rewards = [&frame, part = *code.reward_part]() -> const std::vector<N>& {
      return frame.table(part);
    };
    if (!code.reward_family) data.given_table = &frame.parts().table(*code.reward_part);
  } else {
    data.rewards.reserve(data.reward_steps * rows);
    for (std::size_t h = 1; h <= data.reward_steps; ++h) {
      const std::int64_t step = code.reward_family ? static_cast<std::int64_t>(h) : 0;
      for (std::size_t row = 0; row < rows; ++row) {
        if (!code.transitions)
          data.rewards.push_back(code.reward->eval(frame, step, row));
        else
          data.rewards.push_back(data.kernel(h - 1, row).expectation([&](std::uint32_t next) {
            return code.reward->eval(frame, step, row * data.states + next);
          }));
      }
    }
  }
  if (code.initial) data.initial = code.initial->eval(frame);
  if constexpr (std::is_same_v<N, Rational>) {
    const auto kernel_part = code.kernel->part();
    if (data.horizon && !data.discount && code.reward_part && !code.transitions && !code.reward_family &&
        kernel_part && data.initial && data.initial->matrix != nullptr) {
      std::vector<StochasticMatrix> kernels;
      const StochasticMatrix& all = frame.parts().rows(*kernel_part);
      if (!code.kernel->family()) {
        kernels.push_back(all);
      } else {
        for (std::size_t h = 0; h < kernel_steps; ++h) {
          std::vector<StochasticMatrix::RowOf> list;
          for (std::size_t row = 0; row < rows; ++row) list.push_back({&all, h * rows + row});
          kernels.push_back(StochasticMatrix::assembled(all.columns(), list));
        }
      }
      const StochasticMatrix::RowOf start{data.initial->matrix, data.initial->row};
      data.plain = std::make_shared<const FiniteMdp>(
          StochasticMatrix::assembled(static_cast<std::uint32_t>(data.states), std::span(&start, 1)),
          std::move(kernels), frame.parts().table(*code.reward_part), static_cast<std::uint32_t>(data.states),
          static_cast<std::uint32_t>(data.actions));
    }
  }
  data.made = true;
  place = std::move(data);
  return place;
}

template <class N>
const PolicyRows<N>& policy_rows(Frame<N>& frame, std::size_t solver) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const std::int64_t key = code.policy->key(frame);
  auto& list = frame.policies[solver];
  if (const PolicyRows<N>* found = list.find(key)) return *found;
  const ModelData<N>& model = model_data(frame, code.model);
  auto node = list.take();
  PolicyRows<N>& rows = node->second;
  const std::int64_t own = code.policy->own_step(frame);
  const bool family = code.policy->family() && own == 0;
  const std::int64_t steps = family ? model.horizon.value_or(1) : 1;
  rows.steps = static_cast<std::size_t>(steps);
  rows.states = model.states;
  if (const auto part = code.policy->part(); part && own == 0 && !family) {
    rows.given = &frame.parts().rows(*part);
  } else {
    rows.rows.reserve(rows.steps * model.states);
    for (std::int64_t h = 1; h <= steps; ++h)
      code.policy->append(frame, own != 0 ? own : family ? h : 0, model.states, rows.rows);
  }
  if constexpr (std::is_same_v<N, Rational>) {
    if (const auto part = code.policy->part(); part && own == 0) {
      auto& markov = frame.markov[*part];
      if (!markov)
        markov = std::make_shared<const MarkovPolicy>(frame.parts().rows(*part),
                                                      static_cast<std::uint32_t>(model.states));
      rows.markov = markov.get();
    }
  }
  return list.keep(key, std::move(node));
}

/// Solves A x = b where A's diagonal outweighs the rest of each row or column.
template <class N>
std::vector<N> solve_dominant(std::vector<std::vector<N>> a, std::vector<N> b) {
  using A = Arithmetic<N>;
  const std::size_t n = b.size();
  for (std::size_t pivot = 0; pivot < n; ++pivot)
    for (std::size_t i = pivot + 1; i < n; ++i) {
      if (A::is_zero(a[i][pivot])) continue;
      const N factor = A::divide(a[i][pivot], a[pivot][pivot]);
      for (std::size_t j = pivot + 1; j < n; ++j)
        if (!A::is_zero(a[pivot][j])) a[i][j] -= factor * a[pivot][j];
      b[i] -= factor * b[pivot];
    }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j)
      if (!A::is_zero(a[i][j])) b[i] -= a[i][j] * b[j];
    b[i] = A::divide(b[i], a[i][i]);
  }
  return b;
}

/// 1 - discount P_pi, or its transpose.
template <class N, class Row>
std::vector<std::vector<N>> resolvent(const ModelData<N>& model, Row&& policy_row, bool transposed) {
  std::vector<std::vector<N>> a(model.states, std::vector<N>(model.states));
  for (std::size_t s = 0; s < model.states; ++s) {
    a[s][s] += N(1);
    policy_row(s).each([&](std::uint32_t action, const N& p) {
      const N weight = *model.discount * p;
      model.kernel(0, s * model.actions + action).each([&](std::uint32_t next, const N& mass) {
        (transposed ? a[next][s] : a[s][next]) -= weight * mass;
      });
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
  for (std::size_t s = 0; s < model.states; ++s)
    rewards.push_back(
        row(s).expectation([&](std::uint32_t a) { return model.reward(0, s * model.actions + a); }));
  return solve_dominant(resolvent<N>(model, row, false), std::move(rewards));
}

inline Interval hull(Interval a, Interval b) {
  if (is_unknown(a) || is_unknown(b)) return unknown_interval();
  return Interval::between(std::min(a.lower(), b.lower()), std::max(a.upper(), b.upper()));
}
inline RealNumber hull(const RealNumber& a, const RealNumber& b) {
  const RealNumber::Enclosure one = a.enclosure(), other = b.enclosure();
  return RealNumber::between(min(one.lower, other.lower), max(one.upper, other.upper));
}

/// Policy iteration; where comparisons are enclosures, what the last policy may fall short by is added.
template <class N>
std::vector<N> discounted_optimal_values(const ModelData<N>& model) {
  using A = Arithmetic<N>;
  std::vector<std::size_t> taken(model.states, 0);
  std::vector<N> values;
  constexpr int most_rounds = 200;
  for (int round = 0; round < most_rounds; ++round) {
    const auto row = [&](std::size_t s) {
      RowRef<N> point;
      point.owned = std::make_shared<std::vector<N>>(model.actions);
      (*point.owned)[taken[s]] = N(1);
      point.dense = point.owned->data();
      point.columns = model.actions;
      return point;
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

template <class N>
void solve_values(Frame<N>& frame, std::size_t solver, SolvedValues<N>& result) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const ModelData<N>& model = model_data(frame, code.model);
  result.states = model.states;
  if (!model.horizon) {
    if (!code.policy) {
      result.values = discounted_optimal_values(model);
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
  if constexpr (std::is_same_v<N, Interval>) {
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
  for (std::size_t h = horizon; h-- > 0;) {
    const N* next = &result.values[(h + 1) * model.states];
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

/// d_1 = start, d_{h+1}(s') = sum d_h(s) pi_h(a|s) T_h(s'|s,a); at 0 the discounted one.
template <class N>
const std::vector<N>& occupancy(Frame<N>& frame, std::size_t solver, std::int64_t step) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const ModelData<N>& model = model_data(frame, code.model);
  const std::int64_t start_state = code.start_state ? code.start_state->eval(frame) : -1;
  if (code.volatile_start) {
    frame.occupancies[solver].clear();
    frame.pair_laws.clear();
  }
  const std::int64_t key = code.policy->key(frame) * 1'000'003 + start_state + 1;
  if (step < 0 || (model.horizon && step > *model.horizon + 1)) throw UndefinedValue("a step out of range");
  auto& laws = frame.occupancies[solver][key];
  if (laws.empty()) {
    std::vector<N> first(model.states);
    if (start_state >= 0) {
      first[static_cast<std::size_t>(start_state)] = N(1);
    } else {
      const RowRef<N> start = code.start_law ? code.start_law->eval(frame) : *model.initial;
      start.each([&](std::uint32_t s, const N& p) { first[s] = p; });
    }
    laws.emplace_back();  // the discounted one, if it is asked for
    laws.push_back(std::move(first));
  }
  const PolicyRows<N>& policy = policy_rows(frame, solver);
  if (step == 0) {
    if (laws[0].empty()) {
      std::vector<N> start = laws[1];
      for (N& p : start) p *= N(1) - *model.discount;
      laws[0] = solve_dominant(resolvent<N>(
                                   model, [&](std::size_t s) { return policy.row(0, s); }, true),
                               std::move(start));
    }
    return laws[0];
  }
  while (laws.size() <= static_cast<std::size_t>(step)) {
    const std::size_t h = laws.size() - 2;  // the last step known, from 0
    std::vector<N> next(model.states);
    const std::vector<N>& now = laws.back();
    for (std::size_t s = 0; s < model.states; ++s) {
      if (Arithmetic<N>::is_zero(now[s])) continue;
      policy.row(h, s).each([&](std::uint32_t a, const N& p) {
        const N taken = now[s] * p;
        model.kernel(h, s * model.actions + a).each([&](std::uint32_t t, const N& mass) {
          next[t] += taken * mass;
        });
      });
    }
    laws.push_back(std::move(next));
  }
  return laws[static_cast<std::size_t>(step)];
}

}  // namespace lemmacheck::detail
