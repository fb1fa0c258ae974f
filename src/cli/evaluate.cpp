#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/policy_option.hpp"
#include "cli/session.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/model_file.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct EvaluateOptions {
  std::string model, policy = "optimal", save_policy;
  int horizon = 0;
};

void evaluate_model(Session& session, const EvaluateOptions& options) {
  const FiniteMdp model = read_model_file(options.model);
  const MarkovPolicy policy = policy_named(options.policy, model, options.horizon);
  const Rational value = policy_return(model, policy, options.horizon);
  if (!options.save_policy.empty())
    write_file(options.save_policy, nlohmann::json{{"policy", policy_to_json(policy)}}.dump() + "\n");
  if (!session.json)
    return session.print(fmt::format("{}\n", value.to_string()) + fmt::format("about {}\n", decimal(value)));
  nlohmann::json document = {
      {"model", options.model}, {"policy", options.policy}, {"horizon", options.horizon}};
  put_number(document, "value", value);
  session.print(document);
}

}  // namespace

void add_evaluate(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("evaluate", "The exact expected return J of a policy in a model");
  auto options = std::make_shared<EvaluateOptions>();
  command->add_option("--model", options->model, "Model file (JSON)")->required();
  command->add_option("--horizon", options->horizon, "Number of steps H")
      ->required()
      ->check(CLI::Range(1, max_horizon));
  command->add_option("--policy", options->policy, policy_help)->capture_default_str();
  command->add_option("--save-policy", options->save_policy, "Write the policy to this file");
  command->callback([&session, options] { evaluate_model(session, *options); });
}

}  // namespace lemmacheck
