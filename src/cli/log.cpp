#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"
#include "formats/any_model.hpp"
#include "logs/scalar_log.hpp"
#include "report/table_results.hpp"

namespace lemmacheck {
namespace {

struct LogOptions {
  std::string path, tolerance = "1/100000";
  std::vector<std::string> keys, constants, parts;
  bool scalars = false;
};

/// NAME=VALUE.
std::pair<std::string, std::string> pair_typed(const char* option, const std::string& text,
                                               const char* form) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
    throw InvalidInput(std::string(option) + " " + text + ": write " + form);
  return {text.substr(0, equals), text.substr(equals + 1)};
}

ScalarOptions scalar_options(const LogOptions& options) {
  ScalarOptions out;
  for (const std::string& text : options.keys) {
    const auto [name, key] = pair_typed("--as", text, "the quantity and its key, such as kl=train/kl");
    if (!out.keys.emplace(name, key).second)
      throw InvalidInput("--as " + text + ": " + name + " is given twice");
  }
  for (const std::string& text : options.constants) {
    const auto [name, number] = pair_typed("--set", text, "the quantity and a number, such as free_bits=1");
    if (!out.constants.emplace(name, typed_number("--set " + text, number)).second)
      throw InvalidInput("--set " + text + ": " + name + " is given twice");
  }
  out.parts = options.parts;
  return out;
}

bool is_metrics(const std::filesystem::path& path) {
  return ending_of(path) == ".jsonl" || ending_of(path) == ".ndjson";
}

/// metrics.jsonl of a folder without arrays.
std::filesystem::path log_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return path;
  for (const auto& entry : std::filesystem::directory_iterator(path))
    if (entry.path().extension() == ".npy") return path;
  const std::filesystem::path metrics = path / "metrics.jsonl";
  return std::filesystem::exists(metrics) ? metrics : path;
}

TableReport checked(const LogOptions& options, const Rational& tolerance) {
  const std::filesystem::path path = log_file(options.path);
  const ScalarOptions scalars = scalar_options(options);
  if (is_metrics(path)) return check_scalars(read_metrics(path), scalars, tolerance);
  LoggedTables tables = read_logged_tables(path);
  if (options.scalars) return check_scalars(scalars_of(tables), scalars, tolerance);
  if (!options.keys.empty() || !options.parts.empty())
    throw InvalidInput("--as and --parts are for scalars: a .jsonl file, or tables with --scalars");
  for (const auto& [name, number] : scalars.constants) {
    if (tables.has(name)) throw InvalidInput("--set " + name + ": the log has a table of this name");
    tables.tables[name].values = {number};
  }
  return check_tables(tables, tolerance);
}

void check_log(Session& session, const CLI::App& above, const LogOptions& options) {
  for (const CLI::Option* option : above.get_options())
    if (option->count() > 0)
      throw InvalidInput(
          option->get_name() +
          " is for the table of objectives; latent check takes a log or a model's tables alone");
  const Rational tolerance = typed_number("--tolerance", options.tolerance);
  if (tolerance.sign() < 0 || tolerance >= Rational(1))
    throw InvalidInput("--tolerance: " + options.tolerance +
                       " is out of range; write a number from 0 to below 1, such as 1/100000");
  session.progress("checking");
  const TableReport report = checked(options, tolerance);
  session.progress("");
  if (report.checks.empty())
    throw InvalidInput(options.path + ": nothing can be checked of these tables alone" +
                       (report.unchecked.empty()
                            ? ""
                            : "; " + report.unchecked[0].name + " needs " + report.unchecked[0].needs));
  for (const TableCheck& check : report.checks) {
    if (check.verdict() == Truth::no) session.exit_code = unexpected;
    if (check.verdict() == Truth::unknown && session.exit_code == as_expected) session.exit_code = undecided;
  }
  session.json ? session.print(table_report_to_json(report, options.path, tolerance))
               : session.print(table_report_as_text(report, options.path, tolerance));
}

}  // namespace

void add_log_check(CLI::App& above, Session& session) {
  CLI::App* command = above.add_subcommand(
      "check",
      "Check what a training run logged, or somebody's own latent model: where the first violation is, and "
      "which law nearby holds instead");
  auto options = std::make_shared<LogOptions>();
  command
      ->add_option("PATH", options->path,
                   "metrics.jsonl (scalars), a JSON file of tables, an NPZ file, or a folder of NPY files")
      ->required();
  command->add_option("--tolerance", options->tolerance, "For floats and logarithms, times max(1, size)")
      ->capture_default_str();
  command->add_flag("--scalars", options->scalars,
                    "The tables hold one number a step: means over batch and time");
  command->add_option("--as", options->keys, "Which key of the log is which quantity, such as kl=train/kl");
  command->add_option("--set", options->constants,
                      "A quantity that the log does not have, such as free_bits=1");
  command->add_option("--parts", options->parts, "Keys that the total loss is made of")->delimiter(',');
  command->callback([&session, &above, options] { check_log(session, above, *options); });
}

void add_log(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("log", "Somebody's training logs: `log check`");
  command->require_subcommand(1);
  add_log_check(*command, session);
}

}  // namespace lemmacheck
