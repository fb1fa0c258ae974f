/// Exact values of a policy by the fastest path that its numbers allow.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "mdp/backward_induction.hpp"
#include "mdp/digit_values.hpp"
#include "mdp/scaled_induction.hpp"

namespace lemmacheck {

/// V_h(s) for h = 1..H+1, in digits where a stationary policy makes a dense chain, fraction-free where common
/// denominators exist, in rationals elsewhere. A value is
/// put in lowest terms when it is first asked for, and kept: one thread at a time may ask.
class ExactValues {
 public:
  ExactValues(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon);
  /// Optimal values max_pi V_h; `attained` receives the actions which attain them.
  ExactValues(const FiniteMdp& model, Step horizon, OptimalActions& attained);
  const Rational& operator()(Step h, State s) const;
  /// E_{s ~ start} V_1(s); `start` is one row.
  Rational expected_first(const StochasticMatrix& start) const;
  /// E_{s ~ start} [V_1(s) - V'_1(s)]; over one denominator where both have it.
  Rational expected_first_gap(const StochasticMatrix& start, const ExactValues& other) const;

 private:
  using Table = std::variant<DigitValues, ScaledValueTable, ValueTable<Rational>>;
  static Table table_of(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon);
  ExactValues(const FiniteMdp& model, Table table, Step horizon);

  std::uint32_t states_;
  std::size_t size_;
  mutable std::vector<std::optional<Rational>> known_;
  Table table_;
};

/// J = E_{s ~ rho_0} V_1(s).
template <>
inline Rational expected_value<Rational>(const FiniteMdp& model, const ExactValues& values) {
  return values.expected_first(model.initial());
}
template <>
inline Rational expected_gap<Rational>(const FiniteMdp& model, const ExactValues& values,
                                       const FiniteMdp& other, const ExactValues& others) {
  if (model.initial() == other.initial()) return values.expected_first_gap(model.initial(), others);
  return expected_value<Rational>(model, values) - expected_value<Rational>(other, others);
}
template <>
inline Rational expected_value<Rational>(const FiniteMdp& model, const ScaledValueTable& values) {
  return model.initial().has_words() ? values.expected_first(model.initial())
                                     : expectation<Rational>(model.initial(), 0, [&](std::uint32_t s) {
                                         return values(1, State{s});
                                       });
}

/// V_1(s) of a policy; S numbers. Two steps of values at a time: memory does not grow with the horizon, but
/// for the length of the numbers. @throws InvalidInput for shapes or horizons that do not fit.
std::vector<Rational> first_values(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon);
/// Every optimal action of each step and state, and J of the policies that take them, in the same way.
struct Optimum {
  OptimalActions actions;
  Rational value;
};
Optimum optimum(const FiniteMdp& model, Step horizon);

/// J(pi, M) = E_{s ~ rho_0} V_1(s), exact. @throws InvalidInput for shapes or horizons that do not fit.
Rational policy_return(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon);

/// Optimal values and the policies that attain them at every step and state (backward induction).
struct OptimalPlan {
  /// @throws InvalidInput for a horizon out of range.
  OptimalPlan(const FiniteMdp& model, Step horizon);
  OptimalActions actions;
  ExactValues values;   ///< max_pi V_h(s)
  MarkovPolicy policy;  ///< time-dependent, deterministic; the lowest action where several are optimal
};
OptimalPlan optimal_plan(const FiniteMdp& model, Step horizon);

}  // namespace lemmacheck
