#include "cli/model_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/session.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {

void ReadingOptions::add_to(CLI::App& command) {
  command
      .add_option("--numbers", numbers,
                  "What 0.333333 in a file of another tool means: exact (333333/1000000), or nearest:D, the "
                  "nearest fraction with a denominator of at most D")
      ->capture_default_str();
  command.add_flag("--renormalise", renormalise,
                   "Divide rows that nearly sum to 1 by their sum, and say which, and what it can cost");
  command.add_option("--reward", reward, "Which reward model of the file, where it has several");
}

ReadOptions ReadingOptions::options() const {
  ReadOptions options;
  options.renormalise = renormalise;
  options.reward = reward;
  if (numbers == "exact") return options;
  const std::string_view start = "nearest:";
  std::uint64_t largest = 0;
  const char *begin = numbers.data() + std::min(start.size(), numbers.size()),
             *end = numbers.data() + numbers.size();
  const auto [stop, fault] = std::from_chars(begin, end, largest);
  if (!numbers.starts_with(start) || fault != std::errc() || stop != end || largest == 0)
    throw InvalidInput("--numbers " + numbers +
                       ": it is exact, or nearest:D with a whole number D, such as nearest:1000");
  options.nearest = largest;
  return options;
}

void CriterionOptions::add_to(CLI::App& command) {
  command.add_option("--horizon", horizon, "Number of steps H")
      ->check(CLI::Range(1, max_horizon))
      ->check(not_decimal);
  command.add_option("--discount", discount,
                     "Discount, as a fraction or a decimal (0.95 is 19/20); without --horizon rewards count "
                     "for ever");
}

Criterion CriterionOptions::criterion() const {
  Criterion criterion;
  if (horizon > 0) criterion.horizon = horizon;
  try {
    if (!discount.empty()) criterion.discount = Rational::parse_typed(discount);
    criterion.require_valid();
  } catch (const InvalidInput& fault) {
    throw InvalidInput(std::string(discount.empty() ? "--horizon, --discount: " : "--discount: ") +
                       fault.what());
  }
  return criterion;
}

MarkovPolicy policy_named(const std::string& name, const FiniteMdp& model, const Criterion& criterion,
                          bool minimise) {
  if (name == "optimal") return best_policy(model, criterion, minimise);
  if (name == "uniform" && model.names.padded)
    throw InvalidInput(
        "--policy uniform: some states have fewer choices than others, and which of them the uniform policy "
        "takes "
        "how often is not said; give a policy file");
  if (name == "uniform") return MarkovPolicy::uniform(model.state_count(), model.action_count());
  return read_policy_file(name, model);
}

std::string name_of(const std::vector<std::string>& names, std::uint32_t index) {
  return index < names.size() && !names[index].empty() ? names[index] : std::to_string(index);
}

}  // namespace lemmacheck
