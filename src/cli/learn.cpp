#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/model_options.hpp"
#include "cli/session.hpp"
#include "mdp/model_file.hpp"
#include "report/dot.hpp"
#include "report/learning_results.hpp"
#include "report/tree_drawing.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct LearnOptions {
  std::string fit = "aggregate", fill = "figure", ties = "stay";
  std::string model, start_model, policy, expert, svg, dot;
  std::string known_states;
  bool states_given = false;
  int horizon = 0, rounds = 100;
  std::string discount;
  bool total = false, average = false;
  std::uint32_t samples = 0;
  std::uint64_t seed = 1;
};

template <std::size_t n>
std::vector<std::string> listed(const std::array<std::string_view, n>& names) {
  return {names.begin(), names.end()};
}

template <class Rule, std::size_t n>
Rule rule_named(const std::string& name, const std::array<std::string_view, n>& names) {
  return static_cast<Rule>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// One of the numbers of --known-states.
State state_typed(const std::string& text, const FiniteMdp& model) {
  std::uint32_t s = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), s);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size())
    throw InvalidInput("--known-states: \"" + text +
                       "\" is no state; write their numbers with commas between, such as 0,3,4");
  if (s >= model.state_count())
    throw InvalidInput("--known-states names state " + text + ", but there are " +
                       std::to_string(model.state_count()) + ", counted from 0");
  return State{s};
}

std::vector<bool> known_pairs(const LearnOptions& options, const FiniteMdp& model) {
  std::vector<bool> known(std::size_t{model.state_count()} * model.action_count());
  if (!options.states_given) return known;
  std::size_t begin = 0, comma = 0;
  for (; comma != std::string::npos; begin = comma + 1) {
    comma = options.known_states.find(',', begin);
    const State s = state_typed(options.known_states.substr(begin, comma - begin), model);
    for (const Action a : model.actions()) known[model.row(s, a)] = true;
  }
  return known;
}

/// What was asked for, or else the horizon that the model suggests.
Criterion criterion_of(const LearnOptions& options, int suggested) {
  const CriterionOptions asked{.horizon = options.horizon,
                               .discount = options.discount,
                               .total = options.total,
                               .average = options.average};
  if (!asked.given() && suggested > 0) return {.horizon = suggested};
  if (!asked.given())
    throw InvalidInput(
        "the model file suggests no horizon; give --horizon, --discount, --total or --average");
  const Criterion criterion = asked.criterion();
  if (criterion.horizon) return criterion;
  if (options.samples > 0)
    throw InvalidInput("--samples: a sampled trajectory ends somewhere; give --horizon");
  if (!options.svg.empty() || !options.dot.empty())
    throw InvalidInput("--svg, --dot: a tree ends at a horizon; give --horizon");
  return criterion;
}

/// The tree of Figure 15.1, or a given model; what is not given is as in the figure, or the uniform first
/// policy, the optimal expert and nothing known.
LearningProblem problem_of(const LearnOptions& options) {
  const bool tree = options.model.empty();
  Instance instance = tree ? figure_15_1() : Instance{};
  if (!tree) instance.model = read_any_model(options.model).model;
  const FiniteMdp& model = *instance.model;
  const Criterion criterion = criterion_of(options, tree ? instance.horizon : model.names.horizon);
  instance.horizon = criterion.horizon.value_or(0);
  if (!tree || !options.policy.empty())
    instance.policy = policy_named(options.policy.empty() ? "uniform" : options.policy, model, criterion);
  if (!tree || !options.expert.empty())
    instance.other_policy =
        policy_named(options.expert.empty() ? "optimal" : options.expert, model, criterion);
  if (!tree || options.states_given) instance.known = known_pairs(options, model);
  if (!options.start_model.empty()) {
    instance.perturbed = read_any_model(options.start_model).model;
    try {
      require_same_shape(model, *instance.perturbed);
    } catch (const InvalidInput& fault) {
      throw InvalidInput(options.start_model + ": " + fault.what());
    }
    if (instance.perturbed->time_varying())
      throw InvalidInput(options.start_model +
                         ": the start model is time-varying; a stationary one is needed");
  }
  return learning_problem(instance, criterion);
}

/// The models' errors take exact occupancy measures, which are slow for long horizons.
bool worth_the_errors(const LearningProblem& problem) {
  return problem.known.size() * static_cast<std::size_t>(problem.horizon) <= 20'000;
}

void learn(Session& session, const LearnOptions& options) {
  const LearningProblem problem = problem_of(options);
  const Trace trace = run_loop(problem, {.fit = rule_named<FitRule>(options.fit, fit_rule_names),
                                         .fill = rule_named<FillRule>(options.fill, fill_rule_names),
                                         .ties = rule_named<TieBreak>(options.ties, tie_break_names),
                                         .rounds = options.rounds,
                                         .samples = options.samples,
                                         .seed = options.seed,
                                         .errors = worth_the_errors(problem)});
  if (!options.svg.empty() || !options.dot.empty()) {
    const std::string dot = trees_as_dot(problem, trace);
    const std::string svg = options.svg.empty() ? std::string() : run_dot(dot, "svg");
    if (!options.dot.empty()) write_file(options.dot, dot);
    if (!options.svg.empty()) write_file(options.svg, svg);
  }
  const std::string name = options.model.empty() ? "the tree of Figure 15.1" : options.model;
  const LoopDescription description{name, options.fit, options.fill, options.ties};
  if (session.json) {
    nlohmann::json document = trace_to_json(problem, trace, description);
    document["samples"] = options.samples;
    document["seed"] = options.seed;
    return session.print(document);
  }
  session.print(trace_as_text(problem, trace, description));
}

}  // namespace

void add_learn(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("learn", "Fit a model and plan in it, round by round, exactly (section 15.3)");
  auto options = std::make_shared<LearnOptions>();
  command->add_option("--fit", options->fit, "Which data the model is fitted to")
      ->check(CLI::IsMember(listed(fit_rule_names)))
      ->capture_default_str();
  command->add_option("--fill", options->fill, "What the model says of pairs never seen")
      ->check(CLI::IsMember(listed(fill_rule_names)))
      ->capture_default_str();
  command->add_option("--ties", options->ties, "Which of several optimal actions the planner takes")
      ->check(CLI::IsMember(listed(tie_break_names)))
      ->capture_default_str();
  command->add_option("--model", options->model, "The world (JSON); the tree of Figure 15.1 if left out");
  command->add_option("--horizon", options->horizon, "Number of steps H; the model file's if left out")
      ->check(CLI::Range(1, max_horizon))
      ->check(not_decimal);
  command->add_option("--discount", options->discount,
                      "Discount; without --horizon rewards count for ever, and so do roll-outs");
  command->add_flag("--total", options->total, "Judge by the total until nothing is earned any more");
  command->add_flag("--average", options->average, "Judge by the average reward of a step for ever");
  command->add_option("--rounds", options->rounds, "At most this many rounds; they are all kept")
      ->check(CLI::Range(1, 10'000))
      ->check(not_decimal)
      ->capture_default_str();
  command->add_option("--policy", options->policy,
                      std::string("The first policy: ") + policy_help + "; uniform if left out");
  command->add_option("--expert", options->expert,
                      std::string("The expert: ") + policy_help + "; optimal if left out");
  const CLI::Option* known =
      command->add_option("--known-states", options->known_states,
                          "States whose transitions are known at the start, such as 0,3,4");
  command->add_option("--start-model", options->start_model,
                      "T_0 (JSON), for the fills keep and start; if left out every action stays where it is");
  command
      ->add_option("--samples", options->samples,
                   "Learn from this many sampled trajectories a round; 0: from the exact distribution")
      ->check(CLI::Range(0, 1'000'000))
      ->check(not_decimal)
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Seed of the samples")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{INT64_MAX}))
      ->check(not_decimal)
      ->capture_default_str();
  command->add_option("--svg", options->svg, "Draw the world and the first rounds as trees (needs Graphviz)");
  command->add_option("--dot", options->dot, "The same drawing in Graphviz's language");
  command->callback([&session, options, known] {
    options->states_given = known->count() > 0;
    learn(session, *options);
  });
}

}  // namespace lemmacheck
