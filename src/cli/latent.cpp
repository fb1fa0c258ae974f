#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/policy_option.hpp"
#include "cli/session.hpp"
#include "mdp/model_file.hpp"
#include "report/latent_results.hpp"
#include "report/table_results.hpp"

namespace lemmacheck {
namespace {

struct Options {
  std::string model, policy = "uniform";
  std::vector<std::string> factors;
  int horizon = 0;
  std::uint32_t codes = 2;
};

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

EncodingProblem problem_of(const Options& options) {
  if (options.model.empty()) {
    if (!options.factors.empty())
      throw InvalidInput("--factor is for a --model; the built-in world has its own");
    EncodingProblem problem = driving_world();
    if (options.horizon > 0) problem.horizon = options.horizon;
    problem.codes = options.codes;
    problem.behaviour = policy_named(options.policy, problem.world, problem.horizon);
    return problem;
  }
  const FiniteMdp world = read_model_file(options.model);
  const Step horizon = options.horizon > 0 ? options.horizon : world.names.horizon;
  if (horizon == 0) throw InvalidInput("the model file suggests no horizon; give --horizon");
  EncodingProblem problem{world, policy_named(options.policy, world, horizon), horizon, options.codes, {}};
  for (const std::string& factor : options.factors)
    problem.factors.push_back(factor_typed(factor, world.state_count()));
  return problem;
}

void latent(Session& session, const Options& options) {
  const EncodingProblem problem = problem_of(options);
  const std::string name = options.model.empty() ? "the driving world" : options.model;
  session.progress("encoding");
  const EncodingTable table{name, problem, objective_table(problem)};
  session.progress("");
  session.json ? session.print(encoding_table_to_json(table)) : session.print(encoding_table_as_text(table));
}

/// A tolerance typed by a person: 0 or more, below 1.
Rational tolerance_typed(const std::string& text) {
  const auto fail = [&](const std::string& fault) {
    return InvalidInput("--tolerance: " + fault + "; write a number from 0 to below 1, such as 1/100000");
  };
  Rational tolerance;
  try {
    tolerance = Rational::parse_typed(text);
  } catch (const InvalidInput& fault) {
    throw fail(fault.what());
  }
  if (tolerance.sign() < 0 || tolerance >= Rational(1)) throw fail(text + " is out of range");
  return tolerance;
}

void check_file(Session& session, const CLI::App& table, const std::string& file, const std::string& typed) {
  for (const CLI::Option* option : table.get_options())
    if (option->count() > 0)
      throw InvalidInput(option->get_name() +
                         " is for the table of objectives; latent check takes the model's tables alone");
  const Rational tolerance = tolerance_typed(typed);
  session.progress("checking");
  const TableReport report = check_tables(read_logged_tables(file), tolerance);
  session.progress("");
  if (report.checks.empty())
    throw InvalidInput(file + ": nothing can be checked of these tables alone" +
                       (report.unchecked.empty()
                            ? ""
                            : "; " + report.unchecked[0].name + " needs " + report.unchecked[0].needs));
  for (const TableCheck& check : report.checks) {
    if (check.verdict() == Truth::no) session.exit_code = unexpected;
    if (check.verdict() == Truth::unknown && session.exit_code == as_expected) session.exit_code = undecided;
  }
  session.json ? session.print(table_report_to_json(report, file, tolerance))
               : session.print(table_report_as_text(report, file, tolerance));
}

void add_latent_check(CLI::App& latent, Session& session) {
  CLI::App* command = latent.add_subcommand(
      "check",
      "Check somebody's own latent model, or what its training logged: where the first violation is");
  auto file = std::make_shared<std::string>();
  auto tolerance = std::make_shared<std::string>("1/100000");
  command->add_option("PATH", *file, "A JSON file of tables, or a folder of NPY files")->required();
  command->add_option("--tolerance", *tolerance, "For floats and logarithms, times max(1, size)")
      ->capture_default_str();
  command->callback([&session, &latent, file, tolerance] { check_file(session, latent, *file, *tolerance); });
}

}  // namespace

void add_latent(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("latent", "Which encoder each objective prefers, and what it keeps (section 15.4)");
  auto options = std::make_shared<Options>();
  command->add_option("--model", options->model,
                      "A world (JSON) of at most 8 states; the built-in driving world if left out");
  command->add_option("--horizon", options->horizon, "Number of steps H")->check(CLI::Range(1, 12));
  command->add_option("--codes", options->codes, "At most this many codes")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
  command
      ->add_option("--policy", options->policy,
                   std::string("The behaviour that gives the data: ") + policy_help)
      ->capture_default_str();
  command->add_option("--factor", options->factors,
                      "A factor of the state to measure, such as light=0,0,1,1; may be given several times");
  add_latent_check(*command, session);
  command->callback([&session, options, command] {
    if (command->get_subcommands().empty()) latent(session, *options);
  });
}

}  // namespace lemmacheck
