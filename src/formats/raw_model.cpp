#include "formats/raw_model.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

std::string place_of(const RawModel& raw, std::size_t state, const RawModel::Choice& choice) {
  return raw.file + ":" + std::to_string(choice.line) + ": state " + std::to_string(state) + ", choice " +
         (choice.name.empty() ? "0" : choice.name);
}

struct Row {
  std::vector<StochasticMatrix::Entry> entries;
  Rational radius;  ///< from what was meant
};

/// The row of a choice, mended where that is asked for.
Row row_of(const RawModel& raw, std::size_t state, const RawModel::Choice& choice, const ReadOptions& options,
           std::vector<std::string>& changes) {
  Row row;
  Rational sum, hidden;
  for (const RawModel::Entry& entry : choice.entries) {
    const PrintedNumber& printed = entry.probability;
    Rational value = printed.value;
    if (options.nearest && printed.half_unit.sign() > 0) {
      value = nearest_fraction(value, *options.nearest);
      if (abs(value - printed.value) > printed.half_unit)
        throw InvalidInput(place_of(raw, state, choice) + ": no fraction with a denominator of at most " +
                           std::to_string(*options.nearest) + " is printed as the probability of " +
                           std::to_string(entry.next) + "; take a larger D in --numbers nearest:D");
    }
    if (value.sign() < 0)
      throw InvalidInput(place_of(raw, state, choice) + ": the probability of " + std::to_string(entry.next) +
                         " is " + value.to_string() + "; it must not be negative");
    sum += value;
    hidden += printed.half_unit;
    row.entries.push_back({entry.next, std::move(value)});
  }
  if (sum == Rational(1)) return row;
  const Rational missed = abs(sum - Rational(1));
  const std::string fault =
      place_of(raw, state, choice) + ": probabilities sum to " + sum.to_string() + ", not 1";
  if (missed > hidden)
    throw InvalidInput(fault + ": more than the rounding of their digits explains; correct the file");
  if (!options.renormalise)
    throw InvalidInput(fault +
                       "; of `lemmacheck convert` and `evaluate`, --renormalise divides the row by its sum "
                       "and says what that can cost, --numbers nearest:D "
                       "takes the nearest fractions with denominators up to D");
  for (StochasticMatrix::Entry& entry : row.entries) entry.probability /= sum;
  row.radius = min(missed + hidden, Rational(2));
  changes.push_back(place_of(raw, state, choice) + ": divided by its sum, " + sum.to_string());
  return row;
}

}  // namespace

bool ReadModel::mended() const {
  return std::any_of(radii.begin(), radii.end(), [](const Rational& radius) { return radius.sign() > 0; });
}

ReadModel finished(const RawModel& raw, const ReadOptions& options) {
  const auto states = static_cast<std::uint32_t>(raw.states.size());
  std::size_t most = 0, repeated = 0;
  for (const auto& choices : raw.states) most = std::max(most, choices.size());
  constexpr std::size_t most_rows = 10'000'000;
  if (most > most_rows / raw.states.size())
    throw InvalidInput(raw.file + ": " + std::to_string(states) + " states with up to " +
                       std::to_string(most) +
                       " choices are more rows than fit; a model has at most 10000000");
  StochasticMatrix::Rows rows;
  std::vector<Rational> rewards, radii;
  std::vector<std::string> changes;
  for (std::size_t s = 0; s < states; ++s) {
    const auto& choices = raw.states[s];
    repeated += choices.size() < most ? 1 : 0;
    for (const RawModel::Choice& choice : choices) {
      Row row = row_of(raw, s, choice, options, changes);
      rows.push_back(std::move(row.entries));
      radii.push_back(std::move(row.radius));
      rewards.push_back(choice.reward);
    }
    for (std::size_t a = choices.size(); a < most; ++a) {
      rows.push_back(rows.back());
      radii.push_back(radii.back());
      rewards.push_back(rewards.back());
    }
  }
  if (options.nearest)
    changes.push_back("decimal probabilities are read as the nearest fractions with denominators up to " +
                      std::to_string(*options.nearest));
  if (raw.without_rewards) changes.push_back("the file has no reward model: all rewards are 0");
  if (repeated > 0)
    changes.push_back(std::to_string(repeated) + " of " + std::to_string(states) +
                      " states have fewer than " + std::to_string(most) +
                      " choices: their last one is repeated, which changes no optimal value");
  const auto name = [&](std::size_t row) {
    return raw.file + ": state " + std::to_string(row / most) + ", choice " + std::to_string(row % most);
  };
  const std::uint32_t start[] = {raw.initial};
  FiniteMdp model(StochasticMatrix::deterministic(states, start), {StochasticMatrix(states, rows, name)},
                  RewardTable(states, static_cast<std::uint32_t>(most), std::move(rewards)), states,
                  static_cast<std::uint32_t>(most));
  const bool labelled = std::any_of(raw.labels.begin(), raw.labels.end(),
                                    [](const std::string& label) { return !label.empty(); });
  if (labelled)
    for (std::size_t s = 0; s < states; ++s)
      model.names.states.push_back(std::to_string(s) + (raw.labels[s].empty() ? "" : " " + raw.labels[s]));
  model.names.padded = repeated > 0;
  return {std::move(model), std::move(changes), std::move(radii)};
}

}  // namespace lemmacheck
