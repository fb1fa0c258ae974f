/// What every sub-command shares. Only src/cli prints.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "campaign/check.hpp"
#include "claims/ledger.hpp"

namespace CLI {
class App;
}

namespace lemmacheck {

/// Exit codes of the contract.
enum ExitCode { as_expected = 0, unexpected = 1, bad_input = 2, undecided = 3 };

ExitCode exit_code_of(Standing standing);

/// Whether this runs as a workflow of GitHub Actions.
bool on_github();

/// What is wrong with a whole number as typed, empty if nothing: CLI11 would read 010 as 8.
std::string not_decimal(const std::string& text);

/// A fraction or a decimal as typed after an option. @throws InvalidInput that names the option.
Rational typed_number(const std::string& option, const std::string& text);

struct Session {
  /// Read when it is first asked for: it takes as long as most commands that need none.
  const Ledger& ledger() const { return Ledger::global(); }
  bool json = false, quiet = false;
  int exit_code = as_expected;

  /// One JSON document on standard output, and nothing else there.
  void print(const nlohmann::json& document) const;
  /// Text for people, on a terminal in its width and with colours; nothing under --quiet.
  void print(const std::string& text) const;
  /// Text for another program: as it is, on a terminal too.
  void print_as_is(const std::string& text) const;
  /// One line on standard error which replaces itself; only on a terminal. Empty: it goes.
  void progress(const std::string& text) const;
  /// The same with how far the work is: done of total parts, the time so far, and what is left at this rate.
  void progress(const std::string& text, std::size_t done, std::size_t total) const;

 private:
  mutable std::optional<std::chrono::steady_clock::time_point> started_;  ///< of the work under way
};

/// Options that several commands take.
struct RunOptions {
  std::uint64_t seed = 1, instances = 20000;
  int threads = 0;
  std::string model_file;
  int horizon = 0;

  void add_to(CLI::App& command);
  Run run() const;
  Setting setting() const;
};

/// A sub-command adds itself to the application and runs in its callback.
void add_list(CLI::App& app, Session& session);
void add_explain(CLI::App& app, Session& session);
void add_check(CLI::App& app, Session& session);
void add_evaluate(CLI::App& app, Session& session);
void add_compare(CLI::App& app, Session& session);
void add_convert(CLI::App& app, Session& session);
void add_worst_case(CLI::App& app, Session& session);
void add_try(CLI::App& app, Session& session);
void add_latent(CLI::App& app, Session& session);
void add_log(CLI::App& app, Session& session);
/// `check` under `log`, and under `latent`, as it was spelt first.
void add_log_check(CLI::App& above, Session& session);
void add_learn(CLI::App& app, Session& session);
void add_verify(CLI::App& app, Session& session);
void add_replay(CLI::App& app, Session& session);
void add_shrink(CLI::App& app, Session& session);
void add_campaign(CLI::App& app, Session& session);
void add_report(CLI::App& app, Session& session);
void add_shell_files(CLI::App& app, Session& session);

}  // namespace lemmacheck
