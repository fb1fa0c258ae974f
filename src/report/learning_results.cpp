#include "report/learning_results.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "mdp/model_file.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

/// Whether all actions of a state stay there and pay the same.
bool is_leaf(const FiniteMdp& world, State s) {
  for (const Action a : world.actions()) {
    const auto next = world.kernel(1).row_columns(world.row(s, a));
    if (next.size() != 1 || next[0] != s.value) return false;
    if (world.rewards()(s, a) != world.rewards()(s, Action{0})) return false;
  }
  return true;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text.empty() ? "-" : text;
}

std::string ending(const Trace& trace, int rounds) {
  if (trace.cycle)
    return fmt::format("The loop oscillates: from round {} on it repeats with period {}.\n",
                       trace.cycle->start, trace.cycle->length);
  if (trace.converged_at)
    return fmt::format("The loop stands still from round {} on.\n", *trace.converged_at);
  return fmt::format("After {} round{} the loop has neither stopped nor repeated.\n", rounds,
                     rounds == 1 ? "" : "s");
}

}  // namespace

std::optional<std::vector<std::string>> moves(const LearningProblem& problem, const MarkovPolicy& policy) {
  const FiniteMdp& world = problem.world;
  if (world.initial().entries() != 1) return std::nullopt;
  State s{world.initial().column(0)};
  std::vector<std::string> taken;
  for (Step h = 1; h <= problem.horizon && !is_leaf(world, s); ++h) {
    const auto actions = policy.table().row_columns(policy.row(h, s));
    if (actions.size() != 1) return std::nullopt;
    const auto& names = world.names.actions;
    taken.push_back(names.empty() ? std::to_string(actions[0]) : names[actions[0]]);
    const auto next = world.kernel(1).row_columns(world.row(s, Action{actions[0]}));
    if (next.size() != 1) return std::nullopt;
    s = State{next[0]};
  }
  return taken;
}

json trace_to_json(const LearningProblem& problem, const Trace& trace, const LoopDescription& description) {
  json out = {{"model", description.model}, {"fit", description.fit},
              {"fill", description.fill},   {"ties", description.ties},
              {"rounds", json::array()},    {"unknown_pairs", problem.unknown_count()}};
  put_criterion(out, problem.criterion);
  put_number(out, "start_value", trace.start_value);
  put_number(out, "expert_value", trace.expert_value);
  put_number(out, "optimal_value", trace.optimal_value);
  for (const Round& round : trace.rounds) {
    json entry = {{"round", round.number},
                  {"discovers", round.discovers},
                  {"policy", policy_to_json(problem.own_part(round.policy))}};
    const auto path = moves(problem, round.policy);
    entry["moves"] = path ? json(*path) : json();
    put_number(entry, "model_value", round.model_value);
    put_number(entry, "true_value", round.true_value);
    put_number(entry, "learner_error", round.learner_error);
    put_number(entry, "expert_error", round.expert_error);
    out["rounds"].push_back(std::move(entry));
  }
  out["cycle"] = trace.cycle ? json{{"start", trace.cycle->start}, {"length", trace.cycle->length}} : json();
  out["converged_at"] = trace.converged_at ? json(*trace.converged_at) : json();
  return out;
}

std::string trace_as_text(const LearningProblem& problem, const Trace& trace,
                          const LoopDescription& description) {
  const auto number = [](const std::optional<Rational>& value) {
    return value ? short_number(*value) : std::string("-");
  };
  const Criterion& judged = problem.criterion;
  const auto earned = [&](const std::optional<Rational>& value) {
    return value ? short_number(*value) : std::string("not finite");
  };
  std::string text = fmt::format("{}, {}: fit {}, fill {}, ties {}\n", description.model,
                                 criterion_text(judged), description.fit, description.fill, description.ties);
  text += fmt::format("J of the expert {}, of the best policy {}; {} pairs unknown\n\n",
                      number(trace.expert_value), number(trace.optimal_value), problem.unknown_count());
  constexpr const char* line = "{:>5}  {:>14}  {:>14}  {:>14}  {:>14}  {:>9}  {}\n";
  text += fmt::format(line, "round", "J in the model", "J in the world", "error, learner", "error, expert",
                      "discovers", "moves");
  const auto path = [&](const MarkovPolicy& policy) {
    const auto taken = moves(problem, policy);
    return taken ? joined(*taken) : std::string("-");
  };
  text += fmt::format(line, 0, "-", earned(trace.start_value), "-", "-", trace.start_discovers ? "yes" : "no",
                      path(problem.start));
  for (const Round& round : trace.rounds)
    text += fmt::format(line, round.number, number(round.model_value), earned(round.true_value),
                        number(round.learner_error), number(round.expert_error),
                        round.discovers ? "yes" : "no", path(round.policy));
  return text + "\n" + ending(trace, static_cast<int>(trace.rounds.size()));
}

}  // namespace lemmacheck
