#include "cli/model_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"
#include "mdp/model_file.hpp"
#include "report/results.hpp"

namespace lemmacheck {

void ReadingOptions::add_to(CLI::App& command) {
  command
      .add_option(
          "--numbers", numbers,
          "What 0.333333 in a file of another tool means: exact (333333/1000000; of a binary float the "
          "number that its bits say), decimal (of a float the shortest decimal that is read as it), or "
          "nearest:D, the nearest fraction with a denominator of at most D")
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
  options.decimal = numbers == "decimal";
  if (options.decimal) return options;
  const std::string_view start = "nearest:";
  std::uint64_t largest = 0;
  const char *begin = numbers.data() + std::min(start.size(), numbers.size()),
             *end = numbers.data() + numbers.size();
  const auto [stop, fault] = std::from_chars(begin, end, largest);
  if (!numbers.starts_with(start) || fault != std::errc() || stop != end || largest == 0)
    throw InvalidInput("--numbers " + numbers +
                       ": it is exact, decimal, or nearest:D with a whole number D, such as nearest:1000");
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
  command.add_flag("--total", total, "The total reward until nothing is earned any more");
  command.add_flag("--average", average, "The average reward of a step for ever (gain), and the bias");
}

Criterion CriterionOptions::criterion() const {
  Criterion criterion;
  if (horizon > 0) criterion.horizon = horizon;
  if (total && average) throw InvalidInput("--total and --average are two questions; ask one of them");
  if (total) criterion.endless = Criterion::Endless::total;
  if (average) criterion.endless = Criterion::Endless::average;
  try {
    if (!discount.empty()) criterion.discount = Rational::parse_typed(discount);
    criterion.require_valid();
  } catch (const InvalidInput& fault) {
    throw InvalidInput(std::string(!discount.empty() ? "--discount: "
                                   : total           ? "--total: "
                                   : average         ? "--average: "
                                                     : "--horizon, --discount: ") +
                       fault.what());
  }
  return criterion;
}

BoundNames names_of_bounds(const Criterion& criterion, const std::string& l1, const std::string& tv) {
  if (!criterion.discount)
    return {"bound H(H-1)/2 " + l1 + " span, eq. (15.1)", "sharp bound B(" + tv + ", H) span"};
  if (!criterion.horizon) return {"bound q/(1-q)^2 " + l1 + " span", "sharp bound B(" + tv + ", q) span"};
  return {"bound sum_{k<H} k q^k " + l1 + " span", "sharp bound B(" + tv + ", H, q) span"};
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
  if (name == "best-stationary")
    throw InvalidInput(
        "--policy best-stationary is for `lemmacheck evaluate`; save it there with --save-policy");
  return read_policy_file(name, model);
}

std::string name_of(const std::vector<std::string>& names, std::uint32_t index) {
  if (index >= names.size() || names[index].empty()) return std::to_string(index);
  std::string name = names[index];
  for (char& c : name)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';  // a line break would break tables
  return name;
}

}  // namespace lemmacheck
