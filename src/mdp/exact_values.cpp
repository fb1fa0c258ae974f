#include "mdp/exact_values.hpp"

namespace lemmacheck {
namespace {

ValueTable<Rational> optimal_in_rationals(const FiniteMdp& model, Step horizon, OptimalActions& attained) {
  attained = OptimalActions(horizon, model.state_count(), model.action_count());
  Rational best;
  return optimal_values<Rational>(model, horizon, [&](Step h, State s, Action a, const Rational& value) {
    const bool better = a.value == 0 || value > best;
    if (better) attained.clear(h, s);
    if (better || value == best) attained.add(h, s, a);
    if (better) best = value;
  });
}

std::optional<DigitValues> digit_values(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                                        DigitValues::Keeps keeps) {
  if (model.time_varying() || !policy.stationary()) return std::nullopt;
  return DigitValues::of(
      {model.kernel(1), model.rewards(), policy.table(), model.state_count(), model.action_count()}, horizon,
      keeps);
}

}  // namespace

ExactValues::ExactValues(const FiniteMdp& model, Table table, Step horizon)
    : states_(model.state_count()),
      size_((static_cast<std::size_t>(horizon) + 1) * model.state_count()),
      table_(std::move(table)) {}

ExactValues::Table ExactValues::table_of(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  if (!has_words(model, policy)) return policy_values<Rational>(model, policy, horizon);
  if (auto digits = digit_values(model, policy, horizon, DigitValues::Keeps::all)) return std::move(*digits);
  return ScaledValueTable(model, policy, horizon);
}

ExactValues::ExactValues(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon)
    : ExactValues(model, table_of(model, policy, horizon), horizon) {}

ExactValues::ExactValues(const FiniteMdp& model, Step horizon, OptimalActions& attained)
    : ExactValues(model,
                  has_words(model) ? Table(std::in_place_type<ScaledValueTable>, model, horizon, attained)
                                   : Table(optimal_in_rationals(model, horizon, attained)),
                  horizon) {}

const Rational& ExactValues::operator()(Step h, State s) const {
  if (known_.empty()) known_.resize(size_);  // the return alone needs none
  auto& known = known_[static_cast<std::size_t>(h - 1) * states_ + s.value];
  if (!known) known = std::visit([&](const auto& table) -> Rational { return table(h, s); }, table_);
  return *known;
}

Rational ExactValues::expected_first(const StochasticMatrix& start) const {
  if (start.has_words()) {
    if (const auto* digits = std::get_if<DigitValues>(&table_)) return digits->expected_first(start);
    if (const auto* scaled = std::get_if<ScaledValueTable>(&table_)) return scaled->expected_first(start);
  }
  return expectation<Rational>(start, 0, [&](std::uint32_t s) { return (*this)(1, State{s}); });
}

Rational ExactValues::expected_first_gap(const StochasticMatrix& start, const ExactValues& other) const {
  const auto* digits = std::get_if<DigitValues>(&table_);
  const auto* others = std::get_if<DigitValues>(&other.table_);
  if (digits != nullptr && others != nullptr && start.has_words())
    if (auto gap = digits->expected_first_gap(start, *others)) return *std::move(gap);
  return expected_first(start) - other.expected_first(start);
}

std::vector<Rational> first_values(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  require_same_shape(model, policy);
  require_horizon(horizon);
  std::vector<Rational> values;
  if (const auto digits = digit_values(model, policy, horizon, DigitValues::Keeps::first)) {
    for (const State s : model.states()) values.push_back((*digits)(1, s));
    return values;
  }
  if (has_words(model, policy)) {
    const ScaledValueTable table(model, policy, horizon, ScaledValueTable::Keeps::first);
    for (const State s : model.states()) values.push_back(table(1, s));
    return values;
  }
  ValueTable<Rational> table = policy_values<Rational>(model, policy, horizon);
  for (const State s : model.states()) values.push_back(std::move(table(1, s)));
  return values;
}

Optimum optimum(const FiniteMdp& model, Step horizon) {
  require_horizon(horizon);
  Optimum best;
  best.value = has_words(model)
                   ? expected_value<Rational>(model, ScaledValueTable(model, horizon, best.actions,
                                                                      ScaledValueTable::Keeps::first))
                   : expected_value<Rational>(model, optimal_in_rationals(model, horizon, best.actions));
  return best;
}

Rational policy_return(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  require_same_shape(model, policy);
  require_horizon(horizon);
  if (!has_words(model, policy))
    return expected_value<Rational>(model, policy_values<Rational>(model, policy, horizon));
  if (model.initial().has_words())
    if (const auto digits = digit_values(model, policy, horizon, DigitValues::Keeps::first))
      return digits->expected_first(model.initial());
  return expected_value<Rational>(model,
                                  ScaledValueTable(model, policy, horizon, ScaledValueTable::Keeps::first));
}

OptimalPlan::OptimalPlan(const FiniteMdp& model, Step horizon)
    : values(model, (require_horizon(horizon), horizon), actions), policy(actions.lowest_policy()) {}

OptimalPlan optimal_plan(const FiniteMdp& model, Step horizon) {
  return OptimalPlan(model, horizon);
}

}  // namespace lemmacheck
