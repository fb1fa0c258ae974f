/// Code of what binds names: sums, maxima, expectations, trajectories. Private to the language layer.
#pragma once

#include <algorithm>
#include <utility>

#include "language/detail/distance_code.hpp"

namespace lemmacheck::detail {

template <class N>
struct BindingCode {
  std::size_t slot = 0;
  std::optional<std::size_t> set;
  Index<N> low, high;
  std::unique_ptr<LawCode<N>> law;
  std::vector<std::size_t> law_sets;
  bool policies = false, family = false;
  std::size_t actions = 0;
  std::optional<std::size_t> path_solver;

  BindingCode() = default;
  BindingCode(BindingCode&&) noexcept = default;
  BindingCode& operator=(BindingCode&&) noexcept = default;
};

/// How many policies or trajectories one instance may make a binder look at.
constexpr double most_listed = 2'000'000;

[[noreturn]] inline void fail_too_many(const char* what, double count) {
  throw InvalidInput("an instance has " + std::to_string(static_cast<long long>(std::min(count, 9e18))) +
                     " " + what + ", more than 2 million; give smaller ranges of sizes and horizon");
}

/// Calls f for every deterministic policy, which stands in the slot meanwhile.
template <class N, class F>
void for_each_policy(Frame<N>& frame, const BindingCode<N>& code, F&& f) {
  const std::size_t states = frame.set_size(*code.set), actions = frame.set_size(code.actions);
  const std::size_t steps = code.family ? static_cast<std::size_t>(code.high->eval(frame)) : 1;
  const double count = std::pow(static_cast<double>(actions), static_cast<double>(states * steps));
  if (count > most_listed) fail_too_many("deterministic policies", count);
  std::vector<std::uint32_t> taken(states * steps);
  while (true) {
    frame.bound_policies.push_back(
        {frame.next_policy++, StochasticMatrix::deterministic(static_cast<std::uint32_t>(actions), taken)});
    frame.slot(code.slot) = frame.bound_policies.back().id;
    f();
    frame.bound_policies.pop_back();
    std::size_t i = 0;
    while (i < taken.size() && ++taken[i] == actions) taken[i++] = 0;
    if (i == taken.size()) return;
  }
}

/// Calls f(h, probability) for every beginning s_1, a_1, ..., s_h, a_h of a trajectory, h = 1..H, that has
/// positive probability; it stands in `path` meanwhile.
template <class N, class F>
void for_each_beginning(Frame<N>& frame, std::size_t solver, BoundPath& path, F&& f) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const ModelData<N>& model = model_data(frame, code.model);
  const PolicyRows<N>& policy = policy_rows(frame, solver);
  const auto horizon = static_cast<std::size_t>(*model.horizon);
  const double count =
      std::pow(static_cast<double>(model.states * model.actions), static_cast<double>(horizon));
  if (count > most_listed * 1000) fail_too_many("trajectories", count);
  double visited = 0;
  const std::function<void(std::size_t, std::size_t, const N&)> walk = [&](std::size_t h, std::size_t s,
                                                                           const N& mass) {
    if (++visited > most_listed) fail_too_many("trajectories", count);
    path.states.push_back(static_cast<std::uint32_t>(s));
    policy.row(h, s).each([&](std::uint32_t a, const N& p) {
      path.actions.push_back(a);
      const N taken = mass * p;
      f(h + 1, taken);
      if (h + 1 < horizon)
        model.kernel(h, s * model.actions + a).each([&](std::uint32_t t, const N& next) {
          walk(h + 1, t, taken * next);
        });
      path.actions.pop_back();
    });
    path.states.pop_back();
  };
  model.initial->each([&](std::uint32_t s, const N& p) { walk(0, s, p); });
}

/// Calls f(probability) for every trajectory of positive probability; @param last_state  whether s_{H+1} is
/// drawn.
template <class N, class F>
void for_each_path(Frame<N>& frame, std::size_t solver, bool last_state, BoundPath& path, F&& f) {
  const ModelData<N>& model = model_data(frame, frame.program.solvers[solver].model);
  const auto horizon = static_cast<std::size_t>(*model.horizon);
  for_each_beginning(frame, solver, path, [&](std::size_t h, const N& mass) {
    if (h < horizon) return;
    if (!last_state) return f(mass);
    model.kernel(h - 1, path.states.back() * model.actions + path.actions.back())
        .each([&](std::uint32_t t, const N& next) {
          path.states.push_back(t);
          f(mass * next);
          path.states.pop_back();
        });
  });
}

/// Runs f over what a plain binding runs over.
template <class N, class F>
void for_each_value(Frame<N>& frame, const BindingCode<N>& code, F&& f) {
  if (code.policies) return for_each_policy(frame, code, f);
  std::int64_t low = 0, high = 0;
  if (code.set) {
    high = static_cast<std::int64_t>(frame.set_size(*code.set)) - 1;
  } else {
    low = code.low->eval(frame);
    high = code.high->eval(frame);
    constexpr std::int64_t most = 10'000'000;
    if (high - low > most) throw InvalidInput("a sum has more than 10 million terms; give smaller ranges");
  }
  for (std::int64_t value = low; value <= high; ++value) {
    frame.slot(code.slot) = value;
    f();
  }
}

/// sum, prod, max, min, span.
template <class N>
struct BinderNumber : NumberCode<N> {
  BinderNumber(Op which, std::vector<BindingCode<N>> list, Condition<N> condition, Number<N> code)
      : op(which), bindings(std::move(list)), filter(std::move(condition)), body(std::move(code)) {}
  N eval(Frame<N>& frame) const override {
    State state;
    each(frame, 0, [&] { take(frame, state); });
    if (op == Op::sum || op == Op::product)
      return state.any ? std::move(state.high) : N(op == Op::product ? 1 : 0);
    if (!state.any) throw UndefinedValue("a maximum over nothing");
    return op == Op::largest ? state.high : op == Op::smallest ? state.low : state.high - state.low;
  }
  Truth positive(Frame<N>& frame) const override {
    if (op == Op::spread) return NumberCode<N>::positive(frame);
    const bool of_any = op == Op::sum || op == Op::largest;
    Truth truth = of_any ? Truth::no : Truth::yes;
    bool none = true;
    each(frame, 0, [&] {
      const Truth taken = filter ? filter->eval(frame) : Truth::yes;
      if (taken == Truth::no) return;
      none = false;
      const Truth one = taken == Truth::yes ? body->positive(frame) : Truth::unknown;
      truth = of_any ? either(truth, one) : both(truth, one);
    });
    if (none && (op == Op::largest || op == Op::smallest)) throw UndefinedValue("a maximum over nothing");
    return truth;
  }

 private:
  struct State {
    bool any = false;
    N high{}, low{};
  };
  void take(Frame<N>& frame, State& state) const {
    using A = Arithmetic<N>;
    if (filter) {
      const Truth truth = filter->eval(frame);
      if (truth == Truth::no) return;
      if (truth == Truth::unknown) {
        state.any = true;
        state.high = state.low = A::not_known();
        return;
      }
    }
    N value = body->eval(frame);
    if (!state.any) {
      state.any = true;
      state.low = op == Op::sum || op == Op::product || op == Op::largest ? N{} : value;
      state.high = std::move(value);
      return;
    }
    if (op == Op::sum)
      state.high += value;
    else if (op == Op::product)
      state.high *= value;
    else {
      if constexpr (std::is_same_v<N, Rational>) {
        if (op != Op::largest && value < state.low) state.low = value;
        if (op != Op::smallest && state.high < value) state.high = std::move(value);
      } else {
        if (op != Op::smallest) state.high = A::larger(state.high, value);
        if (op != Op::largest) state.low = A::smaller(state.low, value);
      }
    }
  }
  template <class F>
  void each(Frame<N>& frame, std::size_t i, const F& f) const {
    if (i == bindings.size()) return f();
    for_each_value(frame, bindings[i], [&] { each(frame, i + 1, f); });
  }
  Op op;
  std::vector<BindingCode<N>> bindings;
  Condition<N> filter;
  Number<N> body;
};

/// max over all rows of the distance of two givens, in one pass over their entries.
template <class N>
struct LargestDistanceNumber : NumberCode<N> {
  LargestDistanceNumber(std::size_t p, std::size_t q, bool half_of_it)
      : first(p), second(q), half(half_of_it) {}
  N eval(Frame<N>& frame) const override {
    using Exact = std::conditional_t<std::is_same_v<N, RealNumber>, Rational, N>;
    const N largest = max_row_l1_distance<Exact>(frame.parts().rows(first), frame.parts().rows(second));
    return half ? Arithmetic<N>::divide(largest, N(2)) : largest;
  }
  std::size_t first, second;
  bool half;
};

/// The part whose rows a law goes through, one after another, as the bindings run; nothing if it does not.
template <class N>
std::optional<std::size_t> all_rows(const LawCode<N>& law, const std::vector<BindingCode<N>>& bindings) {
  const auto* rows = dynamic_cast<const RowLaw<N>*>(&law);
  if (rows == nullptr || rows->rows->family() || rows->conditions.size() != bindings.size())
    return std::nullopt;
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    const auto* index = dynamic_cast<const SlotIndex<N>*>(rows->conditions[i].get());
    const bool whole = bindings[i].set && *bindings[i].set == rows->sets[i] && !bindings[i].law;
    if (index == nullptr || index->slot != bindings[i].slot || !whole) return std::nullopt;
  }
  return rows->rows->part();
}

/// max_{s,a} ||T(s,a) - T'(s,a)||_1 at once; nullptr if the binder is something else.
template <class N>
Number<N> largest_distance(Op op, const std::vector<BindingCode<N>>& bindings, const Condition<N>& filter,
                           const Number<N>& body) {
  const auto* distance = dynamic_cast<const DistanceNumber<N>*>(body.get());
  if (op != Op::largest || filter || distance == nullptr) return nullptr;
  const auto first = all_rows(*distance->first, bindings), second = all_rows(*distance->second, bindings);
  if (!first || !second) return nullptr;
  return std::make_unique<LargestDistanceNumber<N>>(*first, *second, distance->half);
}

/// E, Var, P: drawn from left to right.
template <class N>
struct DrawnNumber : NumberCode<N> {
  DrawnNumber(bool of_squares, std::vector<BindingCode<N>> list, Number<N> code)
      : variance(of_squares),
        bindings(std::move(list)),
        body(std::move(code)),
        next_values(values_of_outcomes()) {}
  N eval(Frame<N>& frame) const override {
    const N mean = expectation_from(frame, 0, false);
    if (!variance) return mean;
    return expectation_from(frame, 0, true) - mean * mean;
  }
  bool variance;
  std::vector<BindingCode<N>> bindings;
  Number<N> body;
  const ValueNumber<N>* next_values;  ///< the body, if it is the value of what is drawn

 private:
  N expectation_from(Frame<N>& frame, std::size_t i, bool squared) const {
    if (i == bindings.size()) {
      N value = body->eval(frame);
      if (squared) value *= value;
      return value;
    }
    const BindingCode<N>& code = bindings[i];
    if (code.path_solver) return over_paths(frame, code, i, squared);
    std::vector<N> own;
    const RowRef<N> row = code.law->eval(frame, own);
    if constexpr (!std::is_same_v<N, Rational>)  // whose values are made one by one
      if (next_values != nullptr && !squared)
        if (const N* const values = next_values->values(frame)) return row.expectation(values);
    if (code.law_sets.size() == 1)
      return row.expectation([&](std::uint32_t outcome) {
        frame.slot(code.slot) = outcome;
        return expectation_from(frame, i + 1, squared);
      });
    return row.expectation([&](std::uint32_t outcome) {
      std::size_t flat = outcome;
      for (std::size_t k = code.law_sets.size(); k-- > 0;) {
        const std::size_t n = frame.set_size(code.law_sets[k]);
        frame.slot(code.slot + k) = static_cast<std::int64_t>(flat % n);
        flat /= n;
      }
      return expectation_from(frame, i + 1, squared);
    });
  }
  N over_paths(Frame<N>& frame, const BindingCode<N>& code, std::size_t i, bool squared) const {
    N total{};
    frame.paths.push_back(std::make_unique<BoundPath>());
    const std::size_t which = frame.paths.size() - 1;
    frame.slot(code.slot) = static_cast<std::int64_t>(which);
    for_each_path(frame, *code.path_solver, true, *frame.paths[which], [&](const N& mass) {
      frame.slot(code.slot) = static_cast<std::int64_t>(which);
      total += mass * expectation_from(frame, i + 1, squared);
    });
    frame.paths.resize(which);
    return total;
  }
  /// The body where it is V_h(s') of the outcome s', as in Bellman's equation.
  const ValueNumber<N>* values_of_outcomes() const {
    const auto* value = dynamic_cast<const ValueNumber<N>*>(body.get());
    const bool one = bindings.size() == 1 && bindings[0].law && bindings[0].law_sets.size() == 1;
    if (value == nullptr || !one || value->letter != 'V' || value->arguments.size() != 1) return nullptr;
    const auto* argument = dynamic_cast<const SlotIndex<N>*>(value->arguments[0].get());
    return argument != nullptr && argument->slot == bindings[0].slot ? value : nullptr;
  }
};

/// E_{s' ~ p} V(s') - E_{s' ~ q} V(s'), one V: 0 where the rows are the same, as those of two kernels mostly
/// are, and V is known and finite.
template <class N>
struct MeanGap : NumberCode<N> {
  using Mean = std::unique_ptr<DrawnNumber<N>>;
  MeanGap(Mean a, Mean b) : first(std::move(a)), second(std::move(b)) {}
  N eval(Frame<N>& frame) const override {
    const N* const values = first->next_values->values(frame);
    if (values == nullptr) return first->eval(frame) - second->eval(frame);
    std::vector<N> own, other;
    const RowRef<N> p = first->bindings[0].law->eval(frame, own),
                    q = second->bindings[0].law->eval(frame, other);
    if (p.same_words(q) && finite(p, values)) return N{};
    return p.expectation(values) - q.expectation(values);
  }
  Mean first, second;

 private:
  static bool finite(const RowRef<N>& row, const N* values) {
    bool all = true;
    row.each_outcome([&](std::uint32_t outcome) { all = all && Arithmetic<N>::is_finite(values[outcome]); });
    return all;
  }
};

/// Both means as one number where they are means of values; they are taken only then.
/// @param a, b  of one body that names what is drawn alike.
template <class N>
Number<N> mean_gap(Number<N>& a, Number<N>& b) {
  const auto mean = [](Number<N>& number) {
    auto* const drawn = dynamic_cast<DrawnNumber<N>*>(number.get());
    return drawn != nullptr && !drawn->variance && drawn->next_values != nullptr ? drawn : nullptr;
  };
  if (mean(a) == nullptr || mean(b) == nullptr) return nullptr;
  using Mean = typename MeanGap<N>::Mean;
  return std::make_unique<MeanGap<N>>(Mean(static_cast<DrawnNumber<N>*>(a.release())),
                                      Mean(static_cast<DrawnNumber<N>*>(b.release())));
}

/// sum or prod over k = 1..n in the term of a stepwise mean, n <= h, whose term at k looks at no later step:
/// what it is at k < h was found with the shorter beginning.
template <class N>
struct RunningNumber : NumberCode<N> {
  RunningNumber(Op which, std::size_t place, std::size_t k, Index<N> n, Number<N> code)
      : op(which), number(place), slot(k), last(std::move(n)), body(std::move(code)) {}
  N eval(Frame<N>& frame) const override {
    const std::int64_t n = last->eval(frame);
    if (n < 1) return N(op == Op::product ? 1 : 0);
    std::vector<N>& known = frame.running[number];
    while (known.size() < static_cast<std::size_t>(n)) {
      frame.slot(slot) = static_cast<std::int64_t>(known.size() + 1);
      N value = body->eval(frame);
      if (!known.empty()) {
        N total = known.back();
        op == Op::product ? total *= value : total += value;
        value = std::move(total);
      }
      known.push_back(std::move(value));
    }
    return known[static_cast<std::size_t>(n - 1)];
  }
  Op op;
  std::size_t number, slot;
  Index<N> last;
  Number<N> body;
};

/// E_{tau ~ (pi, M)}[sum_h f_h], where f_h looks at no later step than h: sum_h E[f_h], which needs the
/// beginnings of trajectories alone.
template <class N>
struct StepwiseMean : NumberCode<N> {
  /// @param first, last  the running sums and products of its term are first..last-1.
  StepwiseMean(std::size_t of, std::size_t path, std::size_t step, std::size_t first, std::size_t last,
               Number<N> code)
      : solver(of),
        path_slot(path),
        step_slot(step),
        first_running(first),
        last_running(last),
        term(std::move(code)) {}
  N eval(Frame<N>& frame) const override {
    N total{};
    // A definition may call itself in its own term.
    std::vector<std::vector<N>> outer(last_running - first_running);
    const auto exchange_running = [&] {
      std::swap_ranges(outer.begin(), outer.end(),
                       frame.running.begin() + static_cast<std::ptrdiff_t>(first_running));
    };
    exchange_running();
    frame.paths.push_back(std::make_unique<BoundPath>());
    const std::size_t which = frame.paths.size() - 1;
    for_each_beginning(frame, solver, *frame.paths[which], [&](std::size_t h, const N& mass) {
      frame.slot(path_slot) = static_cast<std::int64_t>(which);
      frame.slot(step_slot) = static_cast<std::int64_t>(h);
      for (std::size_t i = first_running; i < last_running; ++i)
        if (frame.running[i].size() >= h) frame.running[i].resize(h - 1);
      total += mass * term->eval(frame);
    });
    frame.paths.resize(which);
    exchange_running();
    return total;
  }
  std::size_t solver, path_slot, step_slot, first_running, last_running;
  Number<N> term;
};

/// TV or KL of the laws of (s_1, a_1, ..., s_H, a_H).
template <class N>
struct PathDistance : NumberCode<N> {
  PathDistance(std::size_t a, std::size_t b, bool logarithmic)
      : first(a), second(b), divergence(logarithmic) {}
  N eval(Frame<N>& frame) const override {
    using Key = std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>>;
    std::map<Key, std::pair<N, N>> masses;
    BoundPath path;
    for_each_path(frame, first, false, path, [&](const N& mass) {
      masses[{path.states, path.actions}].first = mass;
    });
    for_each_path(frame, second, false, path, [&](const N& mass) {
      masses[{path.states, path.actions}].second = mass;
    });
    N total{};
    for (const auto& [key, pair] : masses)
      total += divergence ? divergence_term(pair.first, pair.second)
                          : Arithmetic<N>::absolute(pair.first - pair.second);
    return divergence ? total : Arithmetic<N>::divide(total, N(2));
  }
  std::size_t first, second;
  bool divergence;
};

}  // namespace lemmacheck::detail
