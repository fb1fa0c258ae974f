#include "campaign/plain_instance.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

PlainTable dense(const StochasticMatrix& matrix) {
  PlainTable rows(matrix.rows(), Row(matrix.columns()));
  for (std::size_t row = 0; row < matrix.rows(); ++row)
    for (std::size_t e = matrix.row_begin(row); e != matrix.row_end(row); ++e)
      rows[row][matrix.column(e)] = matrix.probability(e);
  return rows;
}

StochasticMatrix sparse(const PlainTable& table) {
  StochasticMatrix::Rows rows(table.size());
  for (std::size_t i = 0; i < table.size(); ++i)
    for (std::uint32_t c = 0; c < table[i].size(); ++c)
      if (table[i][c].sign() != 0) rows[i].push_back({c, table[i][c]});
  return StochasticMatrix(static_cast<std::uint32_t>(table.front().size()), rows,
                          [](std::size_t row) { return "row " + std::to_string(row); });
}

/// Element `gone` of a row of probabilities disappears in favour of `heir`.
void merge_column(Row& row, std::size_t gone, std::size_t heir) {
  row[heir] += row[gone];
  row.erase(row.begin() + static_cast<std::ptrdiff_t>(gone));
}

/// Erases, from a list made of blocks of `block` elements with `inner` elements for each index, index `gone`.
template <class T>
void erase_index(std::vector<T>& list, std::size_t block, std::size_t inner, std::size_t gone) {
  std::vector<T> kept;
  kept.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i)
    if (i % block / inner != gone) kept.push_back(list[i]);
  list = std::move(kept);
}

}  // namespace

PlainModel::PlainModel(const FiniteMdp& model) : initial(dense(model.initial()).front()) {
  for (const StochasticMatrix& kernel : model.kernels()) kernels.push_back(dense(kernel));
  for (const State s : model.states())
    for (const Action a : model.actions()) rewards.push_back(model.rewards()(s, a));
}

FiniteMdp PlainModel::build(std::uint32_t states, std::uint32_t actions) const {
  std::vector<StochasticMatrix> built;
  for (const auto& kernel : kernels) built.push_back(sparse(kernel));
  return FiniteMdp(sparse({initial}), std::move(built), RewardTable(states, actions, rewards), states,
                   actions);
}

PlainInstance::PlainInstance(const Instance& instance)
    : horizon(instance.horizon),
      has_perturbed(instance.perturbed.has_value()),
      known(instance.known),
      next_state_rewards(instance.next_state_rewards),
      numbers(instance.numbers) {
  if (instance.model) {
    states = instance.model->state_count();
    actions = instance.model->action_count();
    models.emplace_back(*instance.model);
  }
  if (has_perturbed) models.emplace_back(*instance.perturbed);
  for (const FiniteMdp& model : instance.model_class) models.emplace_back(model);
  // Steps after the last kernel use the last: written out, both models have as many.
  std::size_t steps = 1;
  for (const PlainModel& model : models) steps = std::max(steps, model.kernels.size());
  for (PlainModel& model : models)
    while (model.kernels.size() < steps) model.kernels.push_back(model.kernels.back());
  if (instance.policy) policies.push_back(dense(instance.policy->table()));
  if (instance.other_policy) policies.push_back(dense(instance.other_policy->table()));
  if (instance.sampling) sampling = dense(*instance.sampling).front();
}

Instance PlainInstance::build() const {
  Instance instance;
  instance.horizon = horizon;
  if (!models.empty()) instance.model = models[0].build(states, actions);
  if (has_perturbed) instance.perturbed = models[1].build(states, actions);
  for (std::size_t m = has_perturbed ? 2 : 1; m < models.size(); ++m)
    instance.model_class.push_back(models[m].build(states, actions));
  instance.known = known;
  if (!policies.empty()) instance.policy = MarkovPolicy(sparse(policies[0]), states);
  if (policies.size() > 1) instance.other_policy = MarkovPolicy(sparse(policies[1]), states);
  if (sampling) instance.sampling = sparse({*sampling});
  instance.next_state_rewards = next_state_rewards;
  instance.numbers = numbers;
  return instance;
}

void PlainInstance::merge_state(std::uint32_t gone, std::uint32_t heir) {
  for (PlainModel& model : models) {
    merge_column(model.initial, gone, heir);
    for (auto& kernel : model.kernels) {
      for (Row& row : kernel) merge_column(row, gone, heir);
      erase_index(kernel, kernel.size(), actions, gone);
    }
    erase_index(model.rewards, model.rewards.size(), actions, gone);
  }
  for (PlainTable& policy : policies) erase_index(policy, states, 1, gone);
  if (!known.empty()) erase_index(known, known.size(), actions, gone);
  if (sampling) {
    for (std::uint32_t a = 0; a < actions; ++a)
      (*sampling)[heir * actions + a] += (*sampling)[gone * actions + a];
    erase_index(*sampling, sampling->size(), actions, gone);
  }
  if (!next_state_rewards.empty()) {
    erase_index(next_state_rewards, states, 1, gone);
    erase_index(next_state_rewards, next_state_rewards.size(), std::size_t{actions} * (states - 1), gone);
  }
  --states;
}

void PlainInstance::merge_action(std::uint32_t gone, std::uint32_t heir) {
  for (PlainModel& model : models) {
    for (auto& kernel : model.kernels) erase_index(kernel, actions, 1, gone);
    erase_index(model.rewards, actions, 1, gone);
  }
  for (PlainTable& policy : policies)
    for (Row& row : policy) merge_column(row, gone, heir);
  if (!known.empty()) erase_index(known, actions, 1, gone);
  if (sampling) {
    for (std::uint32_t s = 0; s < states; ++s)
      (*sampling)[s * actions + heir] += (*sampling)[s * actions + gone];
    erase_index(*sampling, actions, 1, gone);
  }
  if (!next_state_rewards.empty())
    erase_index(next_state_rewards, std::size_t{actions} * states, states, gone);
  --actions;
}

}  // namespace lemmacheck
