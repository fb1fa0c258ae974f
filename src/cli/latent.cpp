#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/model_options.hpp"
#include "cli/session.hpp"
#include "formats/cassandra.hpp"
#include "latent/observed_world_file.hpp"
#include "mdp/model_file.hpp"
#include "report/latent_results.hpp"

namespace lemmacheck {
namespace {

struct LatentOptions {
  std::string world = "driving", model, observations, policy = "uniform", memory, free_bits, kl_weight;
  std::vector<std::string> factors;
  int horizon = 0;
  std::uint32_t codes = 2;
  bool losses = false;
};

Rational nonnegative(const char* option, const std::string& text) {
  const Rational number = typed_number(option, text);
  if (number.sign() < 0)
    throw InvalidInput(std::string(option) + ": " + text + " is negative; write 0 or more");
  return number;
}

/// "light=0,0,1,1": a value for each state.
EncodingProblem::Factor factor_typed(const std::string& text, std::uint32_t states) {
  const auto fail = [&](const std::string& fault) -> InvalidInput {
    return InvalidInput("--factor " + text + ": " + fault + "; write a name and a number below " +
                        std::to_string(states) + " for each state, such as light=0,0,1,1");
  };
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) throw fail("there is no name");
  EncodingProblem::Factor factor{text.substr(0, equals), {}};
  std::size_t begin = equals + 1, comma = 0;
  for (; comma != std::string::npos; begin = comma + 1) {
    comma = text.find(',', begin);
    const std::string number = text.substr(begin, comma - begin);
    std::uint32_t value = 0;
    const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (number.empty() || fault != std::errc() || end != number.data() + number.size() || value >= states)
      throw fail("\"" + number + "\" is no such number");
    factor.code.push_back(value);
  }
  if (factor.code.size() != states)
    throw fail("there are " + std::to_string(factor.code.size()) + " numbers for " + std::to_string(states) +
               " states");
  return factor;
}

EncodingProblem problem_of(const LatentOptions& options) {
  if (options.model.empty()) {
    if (!options.factors.empty())
      throw InvalidInput("--factor is for a --model; the built-in world has its own");
    EncodingProblem problem = driving_world();
    if (options.horizon > 0) problem.horizon = options.horizon;
    problem.codes = options.codes;
    problem.behaviour = policy_named(options.policy, problem.world, Criterion{.horizon = problem.horizon});
    return problem;
  }
  const FiniteMdp world = read_any_model(options.model).model;
  const Step horizon = options.horizon > 0 ? options.horizon : world.names.horizon;
  if (horizon == 0) throw InvalidInput("the model file suggests no horizon; give --horizon");
  EncodingProblem problem{
      world, policy_named(options.policy, world, Criterion{.horizon = horizon}), horizon, options.codes, {}};
  for (const std::string& factor : options.factors)
    problem.factors.push_back(factor_typed(factor, world.state_count()));
  return problem;
}

/// A model with its observations beside it, or a file that holds both.
ObservedWorld observed_world_of(const LatentOptions& options) {
  if (!options.observations.empty())
    return read_observed_world(read_any_model(options.model).model, options.observations);
  const CassandraModel model = read_cassandra(options.model, {});
  ObservedModel observed = observed_model(model, {});
  const std::uint32_t states = observed.read.model.state_count();
  return {std::move(observed.read.model), std::move(observed.emission), std::vector<Rational>(states, 1), {}};
}

/// Whether the file of the model says what is seen of it.
bool has_observations(const LatentOptions& options) {
  return may_be_observed(options.model) && read_cassandra(options.model, {}).partially_observed();
}

ObservedProblem observed_problem_of(const LatentOptions& options) {
  if (!options.factors.empty())
    throw InvalidInput(
        "--factor is for worlds whose states are seen; an --observations file has \"factors\"");
  ObservedProblem problem = announced_turn();
  if (!options.model.empty()) {
    problem.world = observed_world_of(options);
    problem.horizon = problem.world.states.names.horizon;
    if (problem.horizon == 0 && options.horizon == 0)
      throw InvalidInput("the model file suggests no horizon; give --horizon");
  }
  if (options.horizon > 0) problem.horizon = options.horizon;
  problem.behaviour =
      policy_named(options.policy, problem.world.states, Criterion{.horizon = problem.horizon});
  if (!problem.behaviour.stationary())
    throw InvalidInput("--policy " + options.policy +
                       ": the behaviour is not stationary; give uniform or a stationary policy file");
  problem.codes = options.codes;
  if (!options.memory.empty())
    problem.memory = options.memory == "none"   ? Memory::none
                     : options.memory == "code" ? Memory::last_code
                                                : Memory::last_code_and_action;
  if (!options.free_bits.empty()) problem.free_bits = nonnegative("--free-bits", options.free_bits);
  if (!options.kl_weight.empty()) problem.kl_weight = nonnegative("--kl-weight", options.kl_weight);
  return problem;
}

void recurrent(Session& session, const LatentOptions& options) {
  const std::string name = options.model.empty() ? "the announced turn" : options.model;
  ObservedProblem problem = observed_problem_of(options);
  session.progress("encoding");
  const RecurrentTable table = gather_recurrent_table(name, std::move(problem));
  session.progress("");
  session.json ? session.print(recurrent_table_to_json(table))
               : session.print(recurrent_table_as_text(table, options.losses));
}

void latent(Session& session, const LatentOptions& options) {
  if (options.model.empty() && !options.observations.empty())
    throw InvalidInput("--observations is for a --model; the built-in worlds have their own");
  if (!options.observations.empty() || has_observations(options) ||
      (options.model.empty() && options.world == "announced-turn"))
    return recurrent(session, options);
  for (const auto& [option, given] : {std::pair("--memory", options.memory),
                                      {"--free-bits", options.free_bits},
                                      {"--kl-weight", options.kl_weight}})
    if (!given.empty())
      throw InvalidInput(std::string(option) +
                         " is for partially observed worlds: give --observations, or --world announced-turn");
  const EncodingProblem problem = problem_of(options);
  const std::string name = options.model.empty() ? "the driving world" : options.model;
  session.progress("encoding");
  const EncodingTable table{name, problem, objective_table(problem)};
  session.progress("");
  session.json ? session.print(encoding_table_to_json(table))
               : session.print(encoding_table_as_text(table, options.losses));
}

}  // namespace

void add_latent(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("latent", "Which encoder each objective prefers, and what it keeps (section 15.4)");
  auto options = std::make_shared<LatentOptions>();
  CLI::Option* world = command
                           ->add_option("--world", options->world,
                                        "A built-in world: driving (its state is seen) or announced-turn")
                           ->check(CLI::IsMember({"driving", "announced-turn"}))
                           ->capture_default_str();
  command
      ->add_option("--model", options->model,
                   "A world of your own (JSON), of at most 8 states if they are seen")
      ->excludes(world);
  command->add_option("--observations", options->observations,
                      "What is seen of the model's states (JSON): encoders of observation and memory");
  command
      ->add_option("--memory", options->memory,
                   "What h remembers of the step before (code+action if left out)")
      ->check(CLI::IsMember({"none", "code", "code+action"}));
  command->add_option("--free-bits", options->free_bits,
                      "Nats of KL a step that cost nothing, in the objective that has them (1 if left out)");
  command->add_option("--horizon", options->horizon, "Number of steps H")
      ->check(CLI::Range(1, 12))
      ->check(not_decimal);
  command->add_option("--codes", options->codes, "At most this many codes")
      ->check(CLI::Range(1, 8))
      ->check(not_decimal)
      ->capture_default_str();
  command->add_option(
      "--kl-weight", options->kl_weight,
      "The weight of KL in the encoder's steps, in the objective that balances it (1/10 if left out)");
  command->add_flag("--losses", options->losses,
                    "Show each objective's loss at the encoder of each other as well");
  command
      ->add_option("--policy", options->policy,
                   std::string("The behaviour that gives the data: ") + policy_help)
      ->capture_default_str();
  command->add_option("--factor", options->factors,
                      "A factor of the state to measure, such as light=0,0,1,1; may be given several times");
  add_log_check(*command, session);
  command->callback([&session, options, command] {
    if (command->get_subcommands().empty()) latent(session, *options);
  });
}

}  // namespace lemmacheck
