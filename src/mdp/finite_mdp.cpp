#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

FiniteMdp::FiniteMdp(StochasticMatrix initial, std::vector<StochasticMatrix> kernels, RewardTable rewards,
                     std::uint32_t states, std::uint32_t actions)
    : FiniteMdp(std::make_shared<const StochasticMatrix>(std::move(initial)), std::move(kernels),
                std::make_shared<const RewardTable>(std::move(rewards)), states, actions) {}

FiniteMdp::FiniteMdp(std::shared_ptr<const StochasticMatrix> initial, std::vector<StochasticMatrix> kernels,
                     std::shared_ptr<const RewardTable> rewards, std::uint32_t states, std::uint32_t actions)
    : states_(states),
      actions_(actions),
      initial_(std::move(initial)),
      kernels_(std::make_shared<const std::vector<StochasticMatrix>>(std::move(kernels))),
      rewards_(std::move(rewards)) {
  if (states == 0 || actions == 0) throw InvalidInput("a model has at least one state and one action");
  if (initial_->rows() != 1 || initial_->columns() != states)
    throw InvalidInput("the initial distribution must be one row over the states");
  if (kernels_->empty()) throw InvalidInput("a model needs a transition kernel");
  for (const StochasticMatrix& kernel : *kernels_)
    if (kernel.rows() != std::size_t{states} * actions || kernel.columns() != states)
      throw InvalidInput("a transition kernel must have S A rows and S columns");
}

FiniteMdp FiniteMdp::with_kernel(StochasticMatrix kernel) const {
  std::vector<StochasticMatrix> kernels;
  kernels.push_back(std::move(kernel));
  return FiniteMdp(initial_, std::move(kernels), rewards_, states_, actions_);
}

bool same_process(const FiniteMdp& a, const FiniteMdp& b) {
  return a.initial() == b.initial() && a.kernels() == b.kernels() && a.rewards() == b.rewards();
}

MarkovPolicy::MarkovPolicy(StochasticMatrix table, std::uint32_t states)
    : table_(std::make_shared<const StochasticMatrix>(std::move(table))), states_(states) {
  if (states == 0 || table_->rows() == 0 || table_->rows() % states != 0)
    throw InvalidInput("a policy needs one row for each state, or for each step and state");
  steps_ = static_cast<Step>(table_->rows() / states);
}

MarkovPolicy MarkovPolicy::uniform(std::uint32_t states, std::uint32_t actions) {
  return MarkovPolicy(StochasticMatrix::uniform(states, actions), states);
}

MarkovPolicy MarkovPolicy::deterministic(std::span<const std::uint32_t> actions, std::uint32_t states,
                                         std::uint32_t action_count) {
  return MarkovPolicy(StochasticMatrix::deterministic(action_count, actions), states);
}

void require_same_shape(const FiniteMdp& model, const FiniteMdp& other) {
  if (model.state_count() == other.state_count() && model.action_count() == other.action_count()) return;
  throw InvalidInput("the models differ in shape: " + std::to_string(model.state_count()) + " states and " +
                     std::to_string(model.action_count()) + " actions against " +
                     std::to_string(other.state_count()) + " and " + std::to_string(other.action_count()));
}

void require_same_shape(const FiniteMdp& model, const MarkovPolicy& policy) {
  if (model.state_count() == policy.state_count() && model.action_count() == policy.action_count()) return;
  throw InvalidInput("the policy is for " + std::to_string(policy.state_count()) + " states and " +
                     std::to_string(policy.action_count()) + " actions, the model has " +
                     std::to_string(model.state_count()) + " and " + std::to_string(model.action_count()));
}

void require_dense_size(const FiniteMdp& model) {
  constexpr std::size_t most = 50'000'000;
  if (model.kernel(1).rows() > most / model.state_count())
    throw InvalidInput("the model has " + std::to_string(model.state_count()) + " states and " +
                       std::to_string(model.action_count()) + " actions; at most " + std::to_string(most) +
                       " states x actions x states are handled here");
}

void require_horizon(Step horizon) {
  if (horizon < 1 || horizon > max_horizon)
    throw InvalidInput("the horizon is " + std::to_string(horizon) + "; it must be between 1 and " +
                       std::to_string(max_horizon));
}

}  // namespace lemmacheck
