#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "adversary/any_criterion.hpp"
#include "cli/model_options.hpp"
#include "cli/session.hpp"
#include "mdp/average.hpp"
#include "mdp/best_stationary.hpp"
#include "mdp/first_above.hpp"
#include "mdp/model_file.hpp"
#include "report/instance_tables.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct EvaluateOptions {
  std::string model, policy = "optimal", save_policy, first_above;
  CriterionOptions criterion;
  ReadingOptions reading;
  bool minimise = false, values = false;
};

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

/// J of the policy over all models that the rounding of the file's numbers may have hidden.
struct Bracket {
  Rational lowest, highest;
};

struct Evaluated {
  Rational value;
  std::vector<std::optional<Rational>> values;  ///< nothing where a total is not finite
  std::vector<Rational> bias;                   ///< of averages only
  std::optional<Bracket> bracket;
  std::optional<StationaryPlan> stationary;  ///< where the best stationary policy was asked for
};

WordTable values_table(const FiniteMdp& model, const MarkovPolicy& policy, const Evaluated& evaluated) {
  constexpr std::size_t longest = 24;  // longer fractions are for --json
  const bool biased = !evaluated.bias.empty();
  WordTable table{"From each state", {"state", "about", "exactly"}, {}};
  if (biased) table.header.insert(table.header.end(), {"bias, about", "exactly"});
  table.header.push_back("action");
  for (const State s : model.states()) {
    std::vector<std::string> row = {name_of(model.names.states, s.value)};
    const auto add = [&](const std::optional<Rational>& number) {
      const std::string exact = number ? number->to_string() : "not finite";
      row.push_back(number ? decimal(*number) : "");
      row.push_back(exact.size() <= longest ? exact : "(--json)");
    };
    add(evaluated.values[s.value]);
    if (biased) add(evaluated.bias[s.value]);
    row.push_back(actions_in(model, policy, s));
    table.rows.push_back(std::move(row));
  }
  return table;
}

nlohmann::json values_to_json(const Evaluated& evaluated) {
  nlohmann::json list = nlohmann::json::array();
  for (std::size_t s = 0; s < evaluated.values.size(); ++s) {
    nlohmann::json entry = {{"state", s}};
    put_number(entry, "value", evaluated.values[s]);
    if (!evaluated.bias.empty()) put_number(entry, "bias", evaluated.bias[s]);
    list.push_back(std::move(entry));
  }
  return list;
}

Bracket bracket_of(const ReadModel& read, const MarkovPolicy& policy, const Criterion& criterion) {
  if (read.rewards_moved)
    throw InvalidInput(
        "--renormalise: rewards of mended rows depend on where they lead, so that rounding moved "
        "them, too, and no bracket is known; mend the model with `lemmacheck convert` first");
  const L1Ball ball(read.model.kernel(1), read.radii, false);
  const auto extreme = [&](bool lowest) {
    return extreme_return(read.model, policy, criterion, ball, lowest).value;
  };
  return {extreme(true), extreme(false)};
}

std::string evaluated_as_text(const ReadModel& read, const MarkovPolicy& policy, const Evaluated& evaluated,
                              bool with_values) {
  constexpr std::size_t longest = 1000;  // nobody reads more
  const std::string exact = evaluated.value.to_string();
  std::string text = fmt::format(
      "{}\nabout {}\n",
      exact.size() <= longest ? exact
                              : "(a fraction of " + std::to_string(exact.size()) + " digits; --json has it)",
      decimal(evaluated.value));
  if (evaluated.stationary)
    text +=
        evaluated.stationary->closed()
            ? "no deterministic stationary policy is better\n"
            : fmt::format("the best one found; none is better than about {} (after {} sets of policies)\n",
                          decimal(evaluated.stationary->bound, 12), evaluated.stationary->parts);
  if (evaluated.bracket)
    text += fmt::format(
        "this policy earns between about {} and {}, whatever the rounding of the mended rows hid\n",
        decimal(evaluated.bracket->lowest, 12), decimal(evaluated.bracket->highest, 12));
  for (const std::string& change : read.changes) text += "changed: " + change + "\n";
  if (with_values) text += "\n" + table_as_text(values_table(read.model, policy, evaluated));
  return text;
}

/// The answer to --first-above.
void find_horizon(Session& session, const EvaluateOptions& options) {
  if (options.reading.renormalise || options.criterion.given() || options.minimise || options.values ||
      !options.save_policy.empty())
    throw InvalidInput(
        "--first-above looks for the horizon itself; leave out --horizon, --discount, --total, --average, "
        "--minimise, --values, "
        "--save-policy and --renormalise (convert the model first)");
  const Rational threshold = typed_number("--first-above", options.first_above);
  const ReadModel read = read_any_model(options.model, options.reading.options());
  const FiniteMdp& model = read.model;
  std::optional<MarkovPolicy> policy;
  if (options.policy != "optimal") policy = policy_named(options.policy, model, Criterion{.horizon = 1});
  const FirstAbove found = first_above(model, policy ? &*policy : nullptr, threshold, max_horizon);
  const bool open = !found.horizon && found.tried < max_horizon;
  if (open) session.exit_code = undecided;
  const auto earned = [&](Step horizon) {
    const Criterion criterion{.horizon = horizon};
    return return_of(model, policy ? *policy : best_policy(model, criterion), criterion);
  };
  constexpr Step most_exact = 1000;  // beyond this the fraction is longer than anybody reads
  std::optional<Rational> value;
  if (found.horizon && *found.horizon <= most_exact) value = earned(*found.horizon);
  if (session.json) {
    nlohmann::json document = {{"model", options.model},
                               {"policy", options.policy},
                               {"tried", found.tried},
                               {"changes", read.changes}};
    document["horizon"] = found.horizon ? nlohmann::json(*found.horizon) : nlohmann::json();
    put_number(document, "first_above", threshold);
    put_number(document, "value", value);
    return session.print(document);
  }
  std::string text;
  for (const std::string& change : read.changes) text += "changed: " + change + "\n";
  text +=
      found.horizon
          ? fmt::format("H = {}\n", *found.horizon)
          : fmt::format(
                "none: with up to {} steps no more than {} is earned{}\n", found.tried, threshold.to_string(),
                open ? "; beyond that the returns are too near to it to tell in reasonable time" : "");
  if (value) text += fmt::format("{}\nabout {}\n", value->to_string(), decimal(*value));
  if (value && *found.horizon > 1)
    text += fmt::format("one step less earns about {}\n", decimal(earned(*found.horizon - 1)));
  session.print(text);
}

/// What is asked of the policy, judged by the criterion.
Evaluated evaluated(const ReadModel& read, const MarkovPolicy& policy, const Criterion& criterion) {
  Evaluated result;
  if (criterion.endless == Criterion::Endless::average) {
    AverageValues average = average_values(read.model, policy);
    result.value = mean_over_start(read.model, average.gain);
    result.values = {average.gain.begin(), average.gain.end()};
    result.bias = std::move(average.bias);
  } else {
    result.values = finite_values_of(read.model, policy, criterion);
    result.value =
        expectation<Rational>(read.model.initial(), 0, [&](std::uint32_t s) { return *result.values[s]; });
  }
  if (read.mended()) result.bracket = bracket_of(read, policy, criterion);
  return result;
}

nlohmann::json evaluated_to_json(const EvaluateOptions& options, const ReadModel& read,
                                 const Evaluated& evaluated, const Criterion& criterion) {
  nlohmann::json document = {{"model", options.model}, {"policy", options.policy}, {"changes", read.changes}};
  put_criterion(document, criterion);
  put_number(document, "value", evaluated.value);
  if (evaluated.bracket) {
    put_number(document, "lowest", evaluated.bracket->lowest);
    put_number(document, "highest", evaluated.bracket->highest);
  }
  if (evaluated.stationary) {
    document["closed"] = evaluated.stationary->closed();
    put_number(document, "bound", evaluated.stationary->bound);
  }
  if (options.values) document["values"] = values_to_json(evaluated);
  return document;
}

void evaluate_model(Session& session, const EvaluateOptions& options) {
  if (!options.first_above.empty()) return find_horizon(session, options);
  const Criterion criterion = options.criterion.criterion();
  const ReadModel read = read_any_model(options.model, options.reading.options());
  std::optional<StationaryPlan> stationary;
  if (options.policy == "best-stationary" && criterion.horizon)
    stationary = best_stationary_plan(read.model, criterion, options.minimise);
  // Without a horizon an optimal policy is stationary.
  const std::string name = options.policy == "best-stationary" ? "optimal" : options.policy;
  const MarkovPolicy policy =
      stationary ? stationary->policy : policy_named(name, read.model, criterion, options.minimise);
  Evaluated result = evaluated(read, policy, criterion);
  result.stationary = std::move(stationary);
  if (!options.save_policy.empty())
    write_file(options.save_policy, nlohmann::json{{"policy", policy_to_json(policy)}}.dump() + "\n");
  if (result.stationary && !result.stationary->closed()) session.exit_code = undecided;
  if (session.json) return session.print(evaluated_to_json(options, read, result, criterion));
  session.print(evaluated_as_text(read, policy, result, options.values));
}

}  // namespace

void add_evaluate(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("evaluate", "The exact expected return J of a policy in a model");
  auto options = std::make_shared<EvaluateOptions>();
  command->add_option("--model", options->model, model_help)->required();
  options->criterion.add_to(*command);
  options->reading.add_to(*command);
  command->add_option("--first-above", options->first_above,
                      "The least number of steps in which more than this is earned, in place of --horizon");
  command->add_flag("--minimise", options->minimise, "Rewards are costs: the optimal policy earns least");
  command->add_flag("--values", options->values, "The value of each state as well, and what is done there");
  command
      ->add_option(
          "--policy", options->policy,
          std::string(policy_help) + "; or best-stationary: the best that does the same at every step")
      ->capture_default_str();
  command->add_option("--save-policy", options->save_policy, "Write the policy to this file");
  command->callback([&session, options] { evaluate_model(session, *options); });
}

}  // namespace lemmacheck
