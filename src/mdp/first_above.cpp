#include "mdp/first_above.hpp"

#include "mdp/exact_values.hpp"
#include "numeric/interval.hpp"

namespace lemmacheck {
namespace {

/// Enclosed returns of one more step at a time: V of H steps from V of H - 1.
class Enclosed {
 public:
  Enclosed(const FiniteMdp& model, const MarkovPolicy* policy)
      : model_(model), policy_(policy), values_(model.state_count()) {
    const StochasticMatrix& kernel = model.kernel(1);
    for (std::size_t e = 0; e < kernel.entries(); ++e)
      masses_.push_back(Interval::from(kernel.probability(e)));
    for (const State s : model.states())
      for (const Action a : model.actions()) rewards_.push_back(Interval::from(model.rewards()(s, a)));
  }

  /// J of one step more.
  Interval next() {
    std::vector<Interval> values;
    for (const State s : model_.states()) values.push_back(policy_ == nullptr ? best(s) : chosen(s));
    values_ = std::move(values);
    Interval mean(0);
    const StochasticMatrix& start = model_.initial();
    for (std::size_t e = 0; e < start.entries(); ++e)
      mean += Interval::from(start.probability(e)) * values_[start.column(e)];
    return mean;
  }

 private:
  Interval worth(std::size_t row) const {
    const StochasticMatrix& kernel = model_.kernel(1);
    Interval value = rewards_[row];
    for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
      value += masses_[e] * values_[kernel.column(e)];
    return value;
  }
  Interval best(State s) const {
    Interval most = worth(model_.row(s, Action{0}));
    for (std::uint32_t a = 1; a < model_.action_count(); ++a)
      most = max(most, worth(model_.row(s, Action{a})));
    return most;
  }
  Interval chosen(State s) const {
    const StochasticMatrix& table = policy_->table();
    Interval mean(0);
    for (std::size_t e = table.row_begin(s.value); e < table.row_end(s.value); ++e)
      mean += Interval::from(table.probability(e)) * worth(model_.row(s, Action{table.column(e)}));
    return mean;
  }

  const FiniteMdp& model_;
  const MarkovPolicy* policy_;
  std::vector<Interval> values_, masses_, rewards_;
};

Interval one_step_more(Enclosed& enclosed) {
  const RoundUpward upward;
  return enclosed.next();
}

Truth is_above(Interval value, Interval threshold) {
  if (value.lower() > threshold.upper()) return Truth::yes;
  return value.upper() <= threshold.lower() ? Truth::no : Truth::unknown;
}

Rational exact_return(const FiniteMdp& model, const MarkovPolicy* policy, Step horizon) {
  return policy == nullptr ? expected_value<Rational>(model, optimal_plan(model, horizon).values)
                           : policy_return(model, *policy, horizon);
}

FirstAbove search(const FiniteMdp& model, const MarkovPolicy* policy, const Rational& threshold, Step most) {
  constexpr Step most_exact = 20'000;  // steps of all exact returns together
  Enclosed enclosed(model, policy);
  const Interval limit = Interval::from(threshold);
  Step exact = 0;
  for (Step horizon = 1; horizon <= most; ++horizon) {
    Truth above = is_above(one_step_more(enclosed), limit);
    if (above == Truth::unknown) {
      if ((exact += horizon) > most_exact) return {std::nullopt, horizon - 1};
      above = exact_return(model, policy, horizon) > threshold ? Truth::yes : Truth::no;
    }
    if (above == Truth::yes) return {horizon, horizon};
  }
  return {std::nullopt, most};
}

}  // namespace

FirstAbove first_above(const FiniteMdp& model, const MarkovPolicy* policy, const Rational& threshold,
                       Step most) {
  require_horizon(most);
  if (policy != nullptr) require_same_shape(model, *policy);
  if (model.time_varying() || (policy != nullptr && !policy->stationary()))
    throw InvalidInput("horizons are tried one after another for a stationary model and a stationary policy");
  return search(model, policy, threshold, most);
}

}  // namespace lemmacheck
