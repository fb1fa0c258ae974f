#include "cli/session.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/terminal.hpp"
#include "formats/any_model.hpp"

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

Rational typed_number(const std::string& option, const std::string& text) {
  try {
    return Rational::parse_typed(text);
  } catch (const InvalidInput& fault) {
    throw InvalidInput(option + ": " + fault.what());
  }
}

std::string not_decimal(const std::string& text) {
  return text.size() > 1 && text.front() == '0' ? "it begins with 0; write it in decimal digits"
                                                : std::string();
}

void Session::print(const nlohmann::json& document) const {
  // A file name need not be UTF-8; JSON must be.
  std::cout << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

void Session::print_as_is(const std::string& text) const {
  if (!quiet) std::cout << text;
}

void Session::print(const std::string& text) const {
  if (quiet || ::isatty(STDOUT_FILENO) == 0) return print_as_is(text);
  const std::string fitting = broken_to(text, terminal_width(STDOUT_FILENO));
  std::cout << (wants_colour(STDOUT_FILENO) ? with_coloured_verdicts(fitting) : fitting);
}

void Session::progress(const std::string& text) const {
  if (quiet || ::isatty(STDERR_FILENO) == 0) return;
  // A line that wraps would not be replaced.
  const std::size_t width = terminal_width(STDERR_FILENO);
  std::cerr << "\r\033[K" << text.substr(0, width > 1 ? width - 1 : 0) << std::flush;
  if (text.empty()) started_.reset();
}

namespace {

/// "45 s", "3 min 20 s".
std::string in_words(std::chrono::seconds time) {
  constexpr std::int64_t minute = 60;
  const std::int64_t seconds = time.count();
  return seconds < minute ? fmt::format("{} s", seconds)
                          : fmt::format("{} min {} s", seconds / minute, seconds % minute);
}

}  // namespace

void Session::progress(const std::string& text, std::size_t done, std::size_t total) const {
  using std::chrono::duration_cast, std::chrono::seconds, std::chrono::steady_clock;
  if (!started_) started_ = steady_clock::now();
  const auto so_far = steady_clock::now() - *started_;
  std::string left;
  constexpr std::size_t enough = 5;  // parts before a rate means anything
  if (done >= enough && total > done)
    left = ", about " +
           in_words(duration_cast<seconds>(so_far * static_cast<double>(total - done) /
                                           static_cast<double>(done))) +
           " left";
  progress(fmt::format("[{:3}%] {}{}", total == 0 ? 0 : 100 * done / total,
                       in_words(duration_cast<seconds>(so_far)), left) +
           ": " + text);
}

void RunOptions::add_to(CLI::App& command) {
  constexpr std::uint64_t largest = INT64_MAX;
  command.add_option("--seed", seed, "Seed; with it and its number an instance is the same everywhere")
      ->check(CLI::Range(std::uint64_t{0}, largest))
      ->check(not_decimal)
      ->capture_default_str();
  command.add_option("--instances", instances, "Instances for each claim")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}))
      ->check(not_decimal)
      ->capture_default_str();
  command.add_option("--threads", threads, "Threads; 0: one a core. The results do not depend on it")
      ->check(CLI::Range(0, 1024))
      ->check(not_decimal)
      ->capture_default_str();
  command.add_option("--model", model_file,
                     "Check on perturbations of this model (JSON) instead of drawn ones");
  command.add_option("--horizon", horizon, "Use this horizon instead of drawn ones")
      ->check(CLI::Range(1, longest_drawn_horizon))
      ->check(not_decimal);
}

Run RunOptions::run() const {
  return {.seed = seed, .first = 0, .instances = instances, .threads = threads};
}

Setting RunOptions::setting() const {
  Setting setting;
  if (!model_file.empty())
    setting.model = std::make_shared<const FiniteMdp>(read_any_model(model_file).model);
  setting.horizon = horizon;
  return setting;
}

}  // namespace lemmacheck
