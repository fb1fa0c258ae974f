#include "cli/session.hpp"

#include <unistd.h>
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "mdp/model_file.hpp"

namespace lemmacheck {

bool on_github() {
  const char* actions = std::getenv("GITHUB_ACTIONS");
  return actions != nullptr && std::string(actions) == "true";
}

/// A certificate's fractions grow with the horizon, and have to stay readable.
constexpr int longest_drawn_horizon = 10000;

ExitCode exit_code_of(Standing standing) {
  switch (standing) {
    case Standing::as_expected:
      return as_expected;
    case Standing::undecided:
      return undecided;
    case Standing::unexpected:
      break;
  }
  return unexpected;
}

void Session::print(const nlohmann::json& document) const {
  // A file name need not be UTF-8; JSON must be.
  std::cout << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

void Session::print(const std::string& text) const {
  if (!quiet) std::cout << text;
}

void Session::progress(const std::string& text) const {
  if (quiet || ::isatty(STDERR_FILENO) == 0) return;
  std::cerr << "\r\033[K" << text << std::flush;
}

void RunOptions::add_to(CLI::App& command) {
  constexpr std::uint64_t largest = INT64_MAX;
  command.add_option("--seed", seed, "Seed; with it and its number an instance is the same everywhere")
      ->check(CLI::Range(std::uint64_t{0}, largest))
      ->capture_default_str();
  command.add_option("--instances", instances, "Instances for each claim")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}))
      ->capture_default_str();
  command.add_option("--threads", threads, "Threads; 0: one a core. The results do not depend on it")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command.add_option("--model", model_file,
                     "Check on perturbations of this model (JSON) instead of drawn ones");
  command.add_option("--horizon", horizon, "Use this horizon instead of drawn ones")
      ->check(CLI::Range(1, longest_drawn_horizon));
}

Run RunOptions::run() const {
  return {.seed = seed, .first = 0, .instances = instances, .threads = threads};
}

Setting RunOptions::setting() const {
  Setting setting;
  if (!model_file.empty()) setting.model = std::make_shared<const FiniteMdp>(read_model_file(model_file));
  setting.horizon = horizon;
  return setting;
}

}  // namespace lemmacheck
