/// What a claim's two sides are written with: the quantities of the notes on one instance, in one number
/// type.
#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "generate/instance.hpp"
#include "mdp/distances.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/occupancy.hpp"
#include "mdp/simulation_bound.hpp"

namespace lemmacheck {

enum class In { model, perturbed };  ///< M or M'
enum class Who { policy, other };    ///< pi or the second policy

/// max over a non-empty range of f(element).
template <class Range, class F>
auto max_over(const Range& range, F&& f) {
  auto it = range.begin();
  auto best = f(*it);
  for (++it; it != range.end(); ++it) best = max(best, f(*it));
  return best;
}

/// sum over first, ..., last of f(k); 0 if empty.
template <class N, class F>
N sum_over(Step first, Step last, F&& f) {
  N sum{};
  for (Step k = first; k <= last; ++k) sum += f(k);
  return sum;
}

/// An instance seen through the number type N (Interval for the filter, Rational for the exact answer). What
/// is asked for is computed once and kept. One thread at a time.
template <class N>
class View {
 public:
  using Number = N;
  explicit View(const Instance& instance) : instance_(instance) {}

  const Instance& instance() const { return instance_; }
  Step horizon() const { return instance_.horizon; }
  const FiniteMdp& model(In in = In::model) const {
    return present(in == In::model ? instance_.model : instance_.perturbed);
  }
  const MarkovPolicy& policy(Who who = Who::policy) const {
    return present(who == Who::policy ? instance_.policy : instance_.other_policy);
  }
  IndexRange<State> states() const { return model().states(); }
  IndexRange<Action> actions() const { return model().actions(); }

  static N number(std::int64_t n) { return N(n); }
  static N ratio(std::int64_t p, std::uint64_t q) { return N::ratio(p, q); }

  /// V_h^pi(s, M), h = 1..H+1.
  N value(Step h, State s, In in = In::model, Who who = Who::policy) const { return table(in, who)(h, s); }
  N value_prime(Step h, State s) const { return value(h, s, In::perturbed); }
  /// |V_h(s, M) - V_h(s, M')|.
  N value_gap(Step h, State s) const { return abs(value(h, s) - value_prime(h, s)); }
  /// max over s of V_{h}(s, M) minus min over s.
  N value_span(Step h) const;
  /// J(pi, M).
  N expected_return(In in = In::model, Who who = Who::policy) const {
    return expected_value<N>(model(in), table(in, who));
  }
  /// max over all policies of J(., M).
  N optimal_return(In in) const;
  /// V*_h(s), the optimal values of a model.
  N optimal_value(Step h, State s, In in) const;
  /// |J(pi, M) - J(pi, M')|.
  N return_gap() const {
    const FiniteMdp &here = model(In::model), &there = model(In::perturbed);
    return abs(
        expected_gap<N>(here, table(In::model, Who::policy), there, table(In::perturbed, Who::policy)));
  }

  /// sum_{s'} T_h(s'|s, a) V_{h+1}(s'), the kernel of one model and the values of one.
  N next_value(Step h, State s, Action a, In kernel, In values, Who who = Who::policy) const {
    const auto& next = table(values, who);
    return next_expectation(h, s, a, kernel, [&](State t) { return next(h + 1, t); });
  }
  /// sum_{s'} T_h(s'|s, a) f(s').
  template <class F>
  N next_expectation(Step h, State s, Action a, In kernel, F&& f) const {
    return expectation<N>(model(kernel).kernel(h), model().row(s, a),
                          [&](std::uint32_t next) { return f(State{next}); });
  }
  /// Q_h^pi(s, a, M) = r(s, a) + E_{s' ~ T_h(s, a)} V_{h+1}^pi(s', M).
  N action_value(Step h, State s, Action a, In in, Who who = Who::policy) const {
    return reward(s, a, in) + next_value(h, s, a, in, in, who);
  }
  /// sum_a pi_h(a|s) f(a).
  template <class F>
  N action_expectation(Step h, State s, F&& f, Who who = Who::policy) const {
    return expectation<N>(policy(who).table(), policy(who).row(h, s),
                          [&](std::uint32_t a) { return f(Action{a}); });
  }
  /// sum_s rho_0(s) f(s).
  template <class F>
  N initial_expectation(F&& f) const {
    return expectation<N>(model().initial(), 0, [&](std::uint32_t s) { return f(State{s}); });
  }
  /// sum_{s, a} nu(s, a) f(s, a).
  template <class F>
  N sampling_expectation(F&& f) const {
    const std::uint32_t actions = model().action_count();
    return expectation<N>(present(instance_.sampling), 0,
                          [&](std::uint32_t row) { return f(State{row / actions}, Action{row % actions}); });
  }
  N reward(State s, Action a, In in = In::model) const { return model(in).rewards().template get<N>(s, a); }

  /// epsilon of Lemma 1 as printed: max over (s, a) of the L1 distance.
  N l1() const {
    return kept(l1_, [&] { return l1_distance<N>(model(), model(In::perturbed), horizon()); });
  }
  /// max over (s, a) of total variation, half of L1.
  N tv() const {
    return kept(tv_, [&] { return total_variation<N>(model(), model(In::perturbed), horizon()); });
  }
  N row_l1(Step h, State s, Action a) const {
    const std::size_t row = model().row(s, a);
    return row_l1_distance<N>(model().kernel(h), row, model(In::perturbed).kernel(h), row);
  }
  /// max r - min r of the shared rewards.
  N reward_span() const { return N::from(model().rewards().span()); }
  /// B(d, steps) with d = tv().
  N sharp_bound(Step steps) const { return sharp_simulation_bound(tv(), steps); }

  /// d_h(s) under a policy in a model, starting at rho_0.
  N occupancy(Step h, State s, In in, Who who = Who::policy) const;
  /// sum_{h <= last} E_{s ~ d_h of `walks`} E_{a ~ `acts`} f(h, s, a), walking in a model.
  template <class F>
  N visit_sum(Step last, In in, Who walks, Who acts, F&& f) const {
    return sum_over<N>(1, last, [&](Step h) {
      N sum{};
      for (const State s : states())
        sum += occupancy(h, s, in, walks) * action_expectation(
                                                h, s, [&](Action a) { return f(h, s, a); }, acts);
      return sum;
    });
  }
  /// sum_{k >= h} E[r_k | s_h = s]: V_h(s) by rolling forward instead of by backward induction; for
  /// stationary kernels and policies.
  N forward_value(Step h, State s, In in) const;
  /// d_w(s, a) = sum_{h < H} (H - h) d_h(s) pi_h(a|s) / (H (H - 1) / 2), the weighted occupancy in a model;
  /// sums to 1. Needs H >= 2.
  N weighted_occupancy(State s, Action a, In in, Who who = Who::policy) const;
  /// sum_{s, a} d_w(s, a) f(s, a).
  template <class F>
  N weighted_expectation(In in, Who who, F&& f) const {
    N sum{};
    for (const State s : states())
      for (const Action a : actions()) sum += weighted_occupancy(s, a, in, who) * f(s, a);
    return sum;
  }

  /// A named vector of the instance.
  std::vector<N> numbers(const std::string& name) const;

 private:
  using Table = std::conditional_t<std::is_same_v<N, Rational>, ExactValues, ValueTable<N>>;
  const Table& table(In in, Who who) const;
  ValueTable<N> roll_forward(In in) const;
  /// A part that the claim's domain promises.
  template <class T>
  static const T& present(const std::optional<T>& part) {
    LEMMACHECK_INVARIANT(part.has_value());
    return *part;
  }
  template <class F>
  static const N& kept(std::optional<N>& place, F&& compute) {
    if (!place) place = compute();
    return *place;
  }

  const Instance& instance_;
  mutable std::optional<Table> tables_[2][2];
  mutable std::optional<ValueTable<N>> occupancies_[2][2], optimal_[2], forward_[2];
  mutable std::optional<std::vector<N>> weighted_[2][2];
  mutable std::optional<N> l1_, tv_;
};

extern template class View<Rational>;
extern template class View<Interval>;

}  // namespace lemmacheck
