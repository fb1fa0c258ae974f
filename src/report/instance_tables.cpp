#include "report/instance_tables.hpp"

#include "report/assignment_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "mdp/exact_values.hpp"
#include "report/recurrent_tables.hpp"

namespace lemmacheck {
namespace {

/// Whether the instance is a learning problem, in which the second model is T_0.
bool learns(const Instance& instance) {
  return !instance.known.empty();
}

std::string known_in_words(const Instance& instance) {
  const std::uint32_t actions = instance.model->action_count();
  std::string words;
  for (std::size_t i = 0; i < instance.known.size(); ++i)
    if (instance.known[i])
      words += fmt::format("{}({}, {})", words.empty() ? "" : ", ", i / actions, i % actions);
  return words.empty() ? "none" : words;
}

/// One row for each step of a time-varying kernel, state and action; equal rows of M and M' are not repeated.
WordTable kernel_table(const Instance& instance) {
  const FiniteMdp& model = *instance.model;
  const FiniteMdp* perturbed = instance.perturbed ? &*instance.perturbed : nullptr;
  const bool varying = model.time_varying() || (perturbed != nullptr && perturbed->time_varying());
  const bool own_rewards = perturbed != nullptr && !(perturbed->rewards() == model.rewards());
  WordTable table{"Next states and their probabilities", {}, {}};
  if (varying) table.header.emplace_back("h");
  for (const char* column : {"s", "a", "r(s,a)"}) table.header.emplace_back(column);
  if (own_rewards) table.header.emplace_back("r'(s,a)");
  table.header.emplace_back("T(.|s,a)");
  if (perturbed != nullptr) table.header.emplace_back(learns(instance) ? "T_0(.|s,a)" : "T'(.|s,a)");
  for (std::size_t m = 1; m <= instance.model_class.size(); ++m)
    table.header.push_back(fmt::format("T_{}(.|s,a)", m));
  const std::size_t steps =
      std::max(model.kernels().size(), perturbed != nullptr ? perturbed->kernels().size() : std::size_t{1});
  for (Step h = 1; h <= static_cast<Step>(steps); ++h) {
    for (const State s : model.states()) {
      for (const Action a : model.actions()) {
        std::vector<std::string> row;
        if (varying) row.push_back(std::to_string(h));
        row.push_back(std::to_string(s.value));
        row.push_back(std::to_string(a.value));
        row.push_back(model.rewards()(s, a).to_string());
        if (own_rewards) row.push_back(perturbed->rewards()(s, a).to_string());
        const std::string words = row_in_words(model.kernel(h), model.row(s, a));
        row.push_back(words);
        const auto add = [&](const FiniteMdp& other_model) {
          const std::string other = row_in_words(other_model.kernel(h), model.row(s, a));
          row.push_back(other == words ? "the same" : other);
        };
        if (perturbed != nullptr) add(*perturbed);
        for (const FiniteMdp& member : instance.model_class) add(member);
        table.rows.push_back(std::move(row));
      }
    }
  }
  return table;
}

WordTable policy_table(const std::string& title, const MarkovPolicy& policy) {
  WordTable table{title, {}, {}};
  if (!policy.stationary()) table.header.emplace_back("h");
  table.header.emplace_back("s");
  table.header.emplace_back("pi(.|s)");
  for (Step h = 1; h <= policy.steps(); ++h) {
    for (std::uint32_t s = 0; s < policy.state_count(); ++s) {
      std::vector<std::string> row;
      if (!policy.stationary()) row.push_back(std::to_string(h));
      row.push_back(std::to_string(s));
      row.push_back(row_in_words(policy.table(), policy.row(h, State{s})));
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

WordTable value_table(const Instance& instance, const MarkovPolicy& policy, const std::string& title) {
  const ExactValues values(*instance.model, policy, instance.horizon);
  const ExactValues other(*instance.perturbed, policy, instance.horizon);
  WordTable table{title, {"h"}, {}};
  for (const State s : instance.model->states()) {
    table.header.push_back(fmt::format("V_h({}, M)", s.value));
    table.header.push_back(fmt::format("V_h({}, M')", s.value));
  }
  for (Step h = instance.horizon; h >= 1; --h) {
    std::vector<std::string> row = {std::to_string(h)};
    for (const State s : instance.model->states()) {
      row.push_back(values(h, s).to_string());
      row.push_back(other(h, s).to_string());
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

WordTable next_state_reward_table(const Instance& instance) {
  WordTable table{"Rewards r(s,a,s'), where not 0", {"s", "a", "s'", "r(s,a,s')"}, {}};
  const std::uint32_t states = instance.model->state_count(), actions = instance.model->action_count();
  for (std::size_t i = 0; i < instance.next_state_rewards.size(); ++i)
    if (instance.next_state_rewards[i].sign() != 0)
      table.rows.push_back({std::to_string(i / states / actions), std::to_string(i / states % actions),
                            std::to_string(i % states), instance.next_state_rewards[i].to_string()});
  return table;
}

WordTable sampling_table(const Instance& instance) {
  WordTable table{"Sampling distribution nu(s,a)", {"s", "a", "nu(s,a)"}, {}};
  const std::uint32_t actions = instance.model->action_count();
  for (std::size_t e = 0; e < instance.sampling->entries(); ++e)
    table.rows.push_back({std::to_string(instance.sampling->column(e) / actions),
                          std::to_string(instance.sampling->column(e) % actions),
                          instance.sampling->probability(e).to_string()});
  return table;
}

}  // namespace

std::string point_in_words(const Point& point) {
  std::string words;
  const auto add = [&](const std::string& name, auto value) {
    words += fmt::format("{}{} = {}", words.empty() ? "" : ", ", name, value);
  };
  if (point.named) {
    // Read from a file they come in the order of their names.
    std::vector<std::pair<std::string, std::int64_t>> values = point.named->values;
    std::sort(values.begin(), values.end());
    for (const auto& [name, value] : values) add(name, value);
  }
  if (point.round) add("round", *point.round);
  if (point.step) add("h", *point.step);
  if (point.state) add("s", point.state->value);
  if (point.action) add("a", point.action->value);
  return words;
}

std::string row_in_words(const StochasticMatrix& matrix, std::size_t row) {
  std::string words;
  for (std::size_t e = matrix.row_begin(row); e != matrix.row_end(row); ++e) {
    if (!words.empty()) words += ", ";
    words += fmt::format("{}: {}", matrix.column(e), matrix.probability(e).to_string());
  }
  return words;
}

std::vector<WordTable> instance_tables(const Certificate& certificate) {
  if (certificate.instance.assignment) return assignment_tables(*certificate.instance.assignment);
  const Instance& instance = certificate.instance;
  if (is_recurrent(instance)) return recurrent_tables(instance);
  std::vector<WordTable> tables;
  WordTable facts{"Instance", {"", ""}, {}};
  if (instance.model || instance.numbers.empty())
    facts.rows.push_back({"horizon H", std::to_string(instance.horizon)});
  if (instance.model)
    facts.rows.push_back({"initial distribution", row_in_words(instance.model->initial(), 0)});
  for (const auto& [name, values] : instance.numbers) {
    if (is_observed(instance)) break;  // its numbers get tables of their own
    std::string list;
    for (const Rational& value : values) list += (list.empty() ? "" : ", ") + value.to_string();
    facts.rows.push_back(
        {name == "fills" ? "fills (0 pessimistic, 1 optimistic, 2 T_0, 3 as drawn)" : name, list});
  }
  if (learns(instance)) facts.rows.push_back({"known transitions (s, a)", known_in_words(instance)});
  tables.push_back(std::move(facts));
  if (!instance.model) return tables;
  tables.push_back(kernel_table(instance));
  if (is_observed(instance))
    for (WordTable& table : observation_tables(instance)) tables.push_back(std::move(table));
  const bool one_action = instance.model->action_count() == 1;
  if (instance.policy && !one_action)
    tables.push_back(policy_table(learns(instance) ? "First policy pi_0" : "Policy", *instance.policy));
  if (instance.other_policy && !one_action)
    tables.push_back(
        policy_table(learns(instance) ? "Expert pi_E" : "Second policy", *instance.other_policy));
  if (instance.sampling) tables.push_back(sampling_table(instance));
  if (!instance.next_state_rewards.empty()) tables.push_back(next_state_reward_table(instance));
  constexpr std::size_t most_values = 64, most_states = 5;
  const std::size_t states = instance.model->state_count();
  if (instance.perturbed && instance.policy && !learns(instance) && states <= most_states &&
      states * static_cast<std::size_t>(instance.horizon) <= most_values) {
    tables.push_back(value_table(instance, *instance.policy, "Values of the policy"));
    if (instance.other_policy)
      tables.push_back(value_table(instance, *instance.other_policy, "Values of the second policy"));
  }
  return tables;
}

}  // namespace lemmacheck
