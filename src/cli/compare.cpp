#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/model_options.hpp"
#include "cli/session.hpp"
#include "mdp/distances.hpp"
#include "mdp/gap_by_row.hpp"
#include "mdp/model_file.hpp"
#include "report/instance_tables.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

struct CompareOptions {
  std::string model, perturbed, policy = "optimal";
  CriterionOptions criterion;
  bool rows = false;
};

/// Everything that the simulation lemma says of two models and one policy; bounds scale with the rewards'
/// span.
struct Comparison {
  Criterion criterion;
  Rational value, perturbed_value, l1, tv, span;
  std::optional<Rational> bound, sharp_bound;  ///< where one is known
  std::vector<RowGap> rows;                    ///< where they are asked for
  FiniteMdp::Names names;
  std::vector<std::string> changes;  ///< what is not as the files have it

  Rational gap() const { return abs(value - perturbed_value); }
  bool holds() const { return !bound || (gap() <= *bound && gap() <= *sharp_bound); }
};

Comparison compared(const CompareOptions& options) {
  const ReadModel read = read_any_model(options.model), read_perturbed = read_any_model(options.perturbed);
  const FiniteMdp &model = read.model, &perturbed = read_perturbed.model;
  require_same_shape(model, perturbed);
  const std::string remedy = "; the simulation lemma speaks of models which differ in their transitions only";
  if (!(model.rewards() == perturbed.rewards()))
    throw InvalidInput("the two models have different rewards" + remedy);
  if (!(model.initial() == perturbed.initial()))
    throw InvalidInput("the two models have different initial distributions" + remedy);
  Comparison result;
  result.criterion = options.criterion.criterion();
  for (const auto& [file, changes] :
       {std::pair(&options.model, &read.changes), {&options.perturbed, &read_perturbed.changes}})
    for (const std::string& change : *changes) result.changes.push_back(*file + ": " + change);
  const MarkovPolicy policy = policy_named(options.policy, model, result.criterion);
  result.value = return_of(model, policy, result.criterion);
  result.perturbed_value = return_of(perturbed, policy, result.criterion);
  result.span = model.rewards().span();
  // Without a horizon the models are stationary: one step's distance is every step's.
  constexpr Step one_that_moves = 2;
  const Step horizon = result.criterion.horizon.value_or(one_that_moves);
  result.l1 = l1_distance<Rational>(model, perturbed, horizon);
  result.tv = total_variation<Rational>(model, perturbed, horizon);
  if (has_simulation_bound(result.criterion)) {
    result.bound = result.span * simulation_bound(result.l1, result.criterion);
    result.sharp_bound = result.span * sharp_simulation_bound(result.tv, result.criterion);
  }
  if (options.rows) result.rows = gap_by_row(model, perturbed, policy, result.criterion);
  result.names = model.names;
  return result;
}

std::string rows_as_text(const Comparison& c) {
  constexpr std::size_t most = 20;
  const auto counting = static_cast<std::size_t>(
      std::count_if(c.rows.begin(), c.rows.end(), [](const RowGap& row) { return row.share.sign() != 0; }));
  WordTable table{
      fmt::format("\n{} rows differ; the shares of those that count sum to J' - J", c.rows.size()),
      {"state", "action", "L1 distance", "share of J' - J"},
      {}};
  for (std::size_t i = 0; i < std::min(most, counting); ++i) {
    const RowGap& row = c.rows[i];
    table.rows.push_back({name_of(c.names.states, row.state.value),
                          name_of(c.names.actions, row.action.value), short_number(row.l1),
                          short_number(row.share)});
  }
  std::string text = table_as_text(table);
  if (counting > most) text += fmt::format("  and {} more, in --json\n", counting - most);
  if (counting < c.rows.size()) text += fmt::format("  {} contribute nothing\n", c.rows.size() - counting);
  return text;
}

nlohmann::json rows_to_json(const std::vector<RowGap>& rows) {
  nlohmann::json list = nlohmann::json::array();
  for (const RowGap& row : rows) {
    nlohmann::json entry = {{"state", row.state.value}, {"action", row.action.value}};
    put_number(entry, "l1", row.l1);
    put_number(entry, "share", row.share);
    list.push_back(std::move(entry));
  }
  return list;
}

void print_text(const Session& session, const Comparison& c) {
  const auto line = [](const char* name, const Rational& number) {
    const std::string exact = short_number(number);  // "~..." where it is long
    return fmt::format("{:<42}{}{}\n", name, exact,
                       exact[0] == '~' ? "" : fmt::format("  (about {})", decimal(number)));
  };
  std::string text = line("J in the model", c.value) + line("J in the perturbed model", c.perturbed_value) +
                     line("gap |J - J'|", c.gap()) + line("largest L1 distance of two rows", c.l1) +
                     line("largest total variation", c.tv);
  if (c.bound) {
    const auto [printed, sharp] = names_of_bounds(c.criterion, "L1", "tv");
    text += line(printed.c_str(), *c.bound) + line(sharp.c_str(), *c.sharp_bound) +
            (c.bound->sign() > 0 ? line("gap / bound", c.gap() / *c.bound) : "gap / bound is 0/0\n");
  } else {
    text += "no bound by the distance of rows holds for totals and averages\n";
  }
  if (!c.rows.empty()) text += rows_as_text(c);
  for (const std::string& change : c.changes) text += "changed: " + change + "\n";
  session.print(text);
}

void compare(Session& session, const CompareOptions& options) {
  const Comparison c = compared(options);
  session.exit_code = c.holds() ? as_expected : unexpected;
  if (!session.json) return print_text(session, c);
  nlohmann::json document = {{"model", options.model},
                             {"perturbed", options.perturbed},
                             {"policy", options.policy},
                             {"holds", c.holds()},
                             {"changes", c.changes}};
  put_criterion(document, c.criterion);
  put_number(document, "value", c.value);
  put_number(document, "perturbed_value", c.perturbed_value);
  put_number(document, "gap", c.gap());
  put_number(document, "l1", c.l1);
  put_number(document, "tv", c.tv);
  put_number(document, "reward_span", c.span);
  put_number(document, "bound", c.bound);
  put_number(document, "sharp_bound", c.sharp_bound);
  const auto ratio = [&](const std::optional<Rational>& bound) {
    return bound ? tightness(Sides{c.gap(), *bound}) : std::optional<Rational>();
  };
  put_number(document, "ratio", ratio(c.bound));
  put_number(document, "sharp_ratio", ratio(c.sharp_bound));
  if (options.rows) document["rows"] = rows_to_json(c.rows);
  session.print(document);
}

}  // namespace

void add_compare(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("compare", "One policy in two models: gap, distance and bounds, exactly");
  auto options = std::make_shared<CompareOptions>();
  command->add_option("--model", options->model, std::string(model_help) + ": M")->required();
  command->add_option("--perturbed", options->perturbed, std::string(model_help) + ": M'")->required();
  options->criterion.add_to(*command);
  command->add_flag("--rows", options->rows, "Which rows differ, and what each contributes to the gap");
  command->add_option("--policy", options->policy, std::string(policy_help) + "; optimal: in M")
      ->capture_default_str();
  command->callback([&session, options] { compare(session, *options); });
}

}  // namespace lemmacheck
