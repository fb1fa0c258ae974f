#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/policy_option.hpp"
#include "cli/session.hpp"
#include "mdp/model_file.hpp"
#include "report/instance_tables.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct EvaluateOptions {
  std::string model, policy = "optimal", save_policy;
  CriterionOptions criterion;
  bool minimise = false, values = false;
};

std::string name_of(const std::vector<std::string>& names, std::uint32_t index) {
  return index < names.size() && !names[index].empty() ? names[index] : std::to_string(index);
}

/// What the policy does in a state at the first step: "right", or "left: 1/4, right: 3/4".
std::string actions_in(const FiniteMdp& model, const MarkovPolicy& policy, State s) {
  const StochasticMatrix& table = policy.table();
  const std::size_t row = policy.row(1, s);
  std::string words;
  for (std::size_t e = table.row_begin(row); e < table.row_end(row); ++e) {
    const std::string name = name_of(model.names.actions, table.column(e));
    const bool alone = table.row_end(row) - table.row_begin(row) == 1;
    words += (words.empty() ? "" : ", ") + name + (alone ? "" : ": " + table.probability(e).to_string());
  }
  return words;
}

WordTable values_table(const FiniteMdp& model, const MarkovPolicy& policy,
                       const std::vector<Rational>& values) {
  constexpr std::size_t longest = 24;  // longer fractions are for --json
  WordTable table{"From each state", {"state", "about", "exactly", "action"}, {}};
  for (const State s : model.states()) {
    const std::string exact = values[s.value].to_string();
    table.rows.push_back({name_of(model.names.states, s.value), decimal(values[s.value]),
                          exact.size() <= longest ? exact : "(--json)", actions_in(model, policy, s)});
  }
  return table;
}

nlohmann::json values_to_json(const std::vector<Rational>& values) {
  nlohmann::json list = nlohmann::json::array();
  for (std::size_t s = 0; s < values.size(); ++s) {
    nlohmann::json entry = {{"state", s}};
    put_number(entry, "value", values[s]);
    list.push_back(std::move(entry));
  }
  return list;
}

void evaluate_model(Session& session, const EvaluateOptions& options) {
  const Criterion criterion = options.criterion.criterion();
  const FiniteMdp model = read_model_file(options.model);
  const MarkovPolicy policy = policy_named(options.policy, model, criterion, options.minimise);
  const std::vector<Rational> values = values_of(model, policy, criterion);
  const Rational value = mean_over_start(model, values);
  if (!options.save_policy.empty())
    write_file(options.save_policy, nlohmann::json{{"policy", policy_to_json(policy)}}.dump() + "\n");
  if (!session.json)
    return session.print(
        fmt::format("{}\n", value.to_string()) + fmt::format("about {}\n", decimal(value)) +
        (options.values ? "\n" + table_as_text(values_table(model, policy, values)) : std::string()));
  nlohmann::json document = {{"model", options.model}, {"policy", options.policy}};
  document["horizon"] = criterion.horizon ? nlohmann::json(*criterion.horizon) : nlohmann::json();
  put_number(document, "discount", criterion.discount);
  put_number(document, "value", value);
  if (options.values) document["values"] = values_to_json(values);
  session.print(document);
}

}  // namespace

void add_evaluate(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("evaluate", "The exact expected return J of a policy in a model");
  auto options = std::make_shared<EvaluateOptions>();
  command->add_option("--model", options->model, "Model file (JSON)")->required();
  options->criterion.add_to(*command);
  command->add_flag("--minimise", options->minimise, "Rewards are costs: the optimal policy earns least");
  command->add_flag("--values", options->values, "The value of each state as well, and what is done there");
  command->add_option("--policy", options->policy, policy_help)->capture_default_str();
  command->add_option("--save-policy", options->save_policy, "Write the policy to this file");
  command->callback([&session, options] { evaluate_model(session, *options); });
}

}  // namespace lemmacheck
