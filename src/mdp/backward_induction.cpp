#include "mdp/backward_induction.hpp"

#include "mdp/exact_values.hpp"
#include "mdp/scaled_induction.hpp"

namespace lemmacheck {
namespace {

OptimalPlan<Rational> plan_in_rationals(const FiniteMdp& model, Step horizon) {
  ValueTable<Rational> values(horizon, model.state_count());
  std::vector<std::uint32_t> greedy(static_cast<std::size_t>(horizon) * model.state_count());
  const std::vector<Rational> rewards = model.rewards().as<Rational>();
  for (Step h = horizon; h >= 1; --h) {
    for (const State s : model.states()) {
      for (const Action a : model.actions()) {
        const std::size_t row = model.row(s, a);
        Rational value = rewards[row] + expectation<Rational>(model.kernel(h), row, [&](std::uint32_t next) {
                           return values(h + 1, State{next});
                         });
        if (a.value != 0 && value <= values(h, s)) continue;
        values(h, s) = std::move(value);
        greedy[static_cast<std::size_t>(h - 1) * model.state_count() + s.value] = a.value;
      }
    }
  }
  return {std::move(values), MarkovPolicy::deterministic(greedy, model.state_count(), model.action_count())};
}

}  // namespace

OptimalPlan<Rational> optimal_plan(const FiniteMdp& model, Step horizon) {
  require_horizon(horizon);
  if (!has_words(model)) return plan_in_rationals(model, horizon);
  std::vector<std::uint32_t> greedy;
  const ScaledValueTable scaled(model, horizon, greedy);
  ValueTable<Rational> values(horizon, model.state_count());
  for (Step h = 1; h <= horizon; ++h)
    for (const State s : model.states()) values(h, s) = scaled(h, s);
  return {std::move(values), MarkovPolicy::deterministic(greedy, model.state_count(), model.action_count())};
}

ExactValues::ExactValues(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon)
    : states_(model.state_count()),
      known_((static_cast<std::size_t>(horizon) + 1) * model.state_count()),
      table_(has_words(model, policy) ? Table(std::in_place_type<ScaledValueTable>, model, policy, horizon)
                                      : Table(std::in_place_type<ValueTable<Rational>>,
                                              policy_values<Rational>(model, policy, horizon))) {}

const Rational& ExactValues::operator()(Step h, State s) const {
  auto& known = known_[static_cast<std::size_t>(h - 1) * states_ + s.value];
  if (!known) known = std::visit([&](const auto& table) -> Rational { return table(h, s); }, table_);
  return *known;
}

Rational policy_return(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  require_same_shape(model, policy);
  require_horizon(horizon);
  return expected_value<Rational>(model, ExactValues(model, policy, horizon));
}

}  // namespace lemmacheck
