#include "mdp/improvement.hpp"

namespace lemmacheck {

Improvement::Improvement(const FiniteMdp& model, const std::vector<Rational>& values, Rational factor,
                         std::span<const Rational> offset)
    : model_(model), values_(values), factor_(std::move(factor)), offset_(offset) {
  for (const Rational& value : values) enclosed_.push_back(Interval::from(value));
}

int Improvement::sign(State s, Action a) const {
  {
    const RoundUpward upward;
    const Interval gain = enclosed_gain(s, a);
    if (gain.lower() > 0) return 1;
    if (gain.upper() < 0) return -1;
  }
  Rational gain = model_.rewards()(s, a) - values_[s.value] +
                  factor_ * expectation<Rational>(model_.kernel(1), model_.row(s, a),
                                                  [&](std::uint32_t next) { return values_[next]; });
  if (!offset_.empty()) gain -= offset_[s.value];
  return gain.sign();
}

Interval Improvement::enclosed_gain(State s, Action a) const {
  const StochasticMatrix& kernel = model_.kernel(1);
  const std::size_t row = model_.row(s, a);
  Interval mean(0);
  for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
    mean += Interval::from(kernel.probability(e)) * enclosed_[kernel.column(e)];
  Interval gain =
      Interval::from(model_.rewards()(s, a)) + Interval::from(factor_) * mean - enclosed_[s.value];
  if (!offset_.empty()) gain -= Interval::from(offset_[s.value]);
  return gain;
}

std::vector<std::uint32_t> actions_of(const MarkovPolicy& policy) {
  std::vector<std::uint32_t> actions;
  for (std::size_t e = 0; e < policy.table().entries(); ++e) actions.push_back(policy.table().column(e));
  return actions;
}

FiniteMdp with_negated_rewards(const FiniteMdp& model) {
  std::vector<Rational> rewards;
  for (const State s : model.states())
    for (const Action a : model.actions()) rewards.push_back(-model.rewards()(s, a));
  FiniteMdp negated(model.initial(), model.kernels(),
                    RewardTable(model.state_count(), model.action_count(), std::move(rewards)),
                    model.state_count(), model.action_count());
  negated.names = model.names;
  return negated;
}

void require_stationary(const FiniteMdp& model, const MarkovPolicy& policy) {
  if (model.time_varying() || !policy.stationary())
    throw InvalidInput("an endless sum needs a stationary model and a stationary policy; or give a horizon");
}

std::vector<Rational> policy_rewards(const FiniteMdp& model, const MarkovPolicy& policy) {
  std::vector<Rational> rewards;
  for (const State s : model.states())
    rewards.push_back(expectation<Rational>(policy.table(), policy.row(1, s),
                                            [&](std::uint32_t a) { return model.rewards()(s, Action{a}); }));
  return rewards;
}

}  // namespace lemmacheck
