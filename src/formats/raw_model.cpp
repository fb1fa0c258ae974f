#include "formats/raw_model.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

std::string place_of(const RawModel& raw, std::size_t state, const RawModel::Choice& choice) {
  return raw.file + (choice.line > 0 ? ":" + std::to_string(choice.line) : "") + ": state " +
         std::to_string(state) + ", choice " + (choice.name.empty() ? "0" : choice.name);
}

/// What a printed probability means.
Rational meant(const PrintedNumber& printed, const ReadOptions& options, const std::string& place,
               std::uint32_t next) {
  if (!options.nearest || printed.half_unit.sign() == 0) return printed.value;
  Rational value = nearest_fraction(printed.value, *options.nearest);
  if (abs(value - printed.value) > printed.half_unit)
    throw InvalidInput(place + ": no fraction with a denominator of at most " +
                       std::to_string(*options.nearest) + " is printed as the probability of " +
                       std::to_string(next) + "; take a larger D in --numbers nearest:D");
  return value;
}

}  // namespace

ReadRow read_row(const std::vector<RawModel::Entry>& printed, const std::string& place,
                 const ReadOptions& options, std::vector<std::string>& changes) {
  ReadRow row;
  Rational sum, hidden;
  for (const RawModel::Entry& entry : printed) {
    Rational value = meant(entry.probability, options, place, entry.next);
    if (value.sign() < 0)
      throw InvalidInput(place + ": the probability of " + std::to_string(entry.next) + " is " +
                         value.to_string() + "; it must not be negative");
    sum += value;
    hidden += entry.probability.half_unit;
    row.entries.push_back({entry.next, std::move(value)});
  }
  if (sum == Rational(1)) return row;
  const Rational missed = abs(sum - Rational(1));
  const std::string fault = place + ": probabilities sum to " + sum.to_string() + ", not 1";
  if (missed > hidden)
    throw InvalidInput(fault + ": more than the rounding of their digits explains; correct the file");
  if (!options.renormalise)
    throw InvalidInput(fault +
                       "; of `lemmacheck convert` and `evaluate`, --renormalise divides the row by its sum "
                       "and says what that can cost, --numbers nearest:D "
                       "takes the nearest fractions with denominators up to D");
  for (StochasticMatrix::Entry& entry : row.entries) entry.probability /= sum;
  row.radius = min(missed + hidden, Rational(2));
  changes.push_back(place + ": divided by its sum, " + sum.to_string());
  return row;
}

namespace {

/// The choice's reward and those of its transitions, by the probabilities as they are meant.
Rational expected_reward(const RawModel::Choice& choice, const ReadRow& row) {
  Rational reward = choice.reward;
  for (std::size_t i = 0; i < row.entries.size(); ++i)
    if (choice.entries[i].reward.sign() != 0) reward += row.entries[i].probability * choice.entries[i].reward;
  return reward;
}

bool rewards_differ(const RawModel::Choice& choice) {
  return std::ranges::any_of(
      choice.entries, [&](const RawModel::Entry& entry) { return entry.reward != choice.entries[0].reward; });
}

/// rho_0; it has no radius, so that it is never mended.
StochasticMatrix initial_of(const RawModel& raw, const ReadOptions& options, std::uint32_t states) {
  std::vector<std::string> none;
  const std::string place = raw.file + ": the start";
  ReadOptions as_it_is = options;
  as_it_is.renormalise = false;
  return StochasticMatrix(states, {read_row(raw.initial, place, as_it_is, none).entries},
                          [&](std::size_t) { return place; });
}

}  // namespace

bool ReadModel::mended() const {
  return std::any_of(radii.begin(), radii.end(), [](const Rational& radius) { return radius.sign() > 0; });
}

namespace {

/// How many choices each state has once those with fewer repeat their last one.
std::size_t width_of(const RawModel& raw) {
  std::size_t most = 0;
  for (const auto& choices : raw.states) most = std::max(most, choices.size());
  constexpr std::size_t most_rows = 4'000'000;
  if (most > most_rows / raw.states.size())
    throw InvalidInput(raw.file + ": " + std::to_string(raw.states.size()) + " states with up to " +
                       std::to_string(most) + " choices are more rows than fit; a model has at most 4000000");
  return most;
}

/// Names, and what is said of rewards and repeated choices.
FiniteMdp::Names names_of(const RawModel& raw, std::size_t width, std::vector<std::string>& changes) {
  FiniteMdp::Names names;
  const auto repeated = static_cast<std::size_t>(
      std::ranges::count_if(raw.states, [&](const auto& choices) { return choices.size() < width; }));
  if (raw.without_rewards) changes.push_back("the file has no reward model: all rewards are 0");
  if (repeated > 0)
    changes.push_back(std::to_string(repeated) + " of " + std::to_string(raw.states.size()) +
                      " states have fewer than " + std::to_string(width) +
                      " choices: their last one is repeated, which changes no optimal value");
  const bool labelled = std::ranges::any_of(raw.labels, [](const auto& label) { return !label.empty(); });
  if (labelled)
    for (std::size_t s = 0; s < raw.states.size(); ++s)
      names.states.push_back(std::to_string(s) + (raw.labels[s].empty() ? "" : " " + raw.labels[s]));
  if (!raw.state_names.empty()) names.states = raw.state_names;
  if (!raw.action_names.empty()) names.actions = raw.action_names;
  names.padded = repeated > 0;
  return names;
}

}  // namespace

ReadModel finished(const RawModel& raw, const ReadOptions& options) {
  if (raw.intervals)
    throw InvalidInput(raw.file +
                       ": probabilities are intervals, so that it is many models; `lemmacheck worst-case` "
                       "finds the extremes over all of them");
  const auto states = static_cast<std::uint32_t>(raw.states.size());
  const std::size_t width = width_of(raw);
  StochasticMatrix::Rows rows;
  std::vector<Rational> rewards, radii;
  std::vector<std::string> changes;
  bool rewards_moved = false;
  for (std::size_t s = 0; s < states; ++s) {
    const auto& choices = raw.states[s];
    for (const RawModel::Choice& choice : choices) {
      ReadRow row = read_row(choice.entries, place_of(raw, s, choice), options, changes);
      rewards.push_back(expected_reward(choice, row));
      rewards_moved = rewards_moved || (row.radius.sign() > 0 && rewards_differ(choice));
      rows.push_back(std::move(row.entries));
      radii.push_back(std::move(row.radius));
    }
    for (std::size_t a = choices.size(); a < width; ++a) {
      rows.push_back(rows.back());
      radii.push_back(radii.back());
      rewards.push_back(rewards.back());
    }
  }
  changes.insert(changes.end(), raw.remarks.begin(), raw.remarks.end());
  if (options.nearest)
    changes.push_back("decimal probabilities are read as the nearest fractions with denominators up to " +
                      std::to_string(*options.nearest));
  FiniteMdp::Names names = names_of(raw, width, changes);
  const auto name = [&](std::size_t row) {
    return raw.file + ": state " + std::to_string(row / width) + ", choice " + std::to_string(row % width);
  };
  const auto actions = static_cast<std::uint32_t>(width);
  FiniteMdp model(initial_of(raw, options, states), {StochasticMatrix(states, rows, name)},
                  RewardTable(states, actions, std::move(rewards)), states, actions);
  model.names = std::move(names);
  return {std::move(model), std::move(changes), std::move(radii), rewards_moved};
}

IntervalModel finished_intervals(const RawModel& raw) {
  const auto states = static_cast<std::uint32_t>(raw.states.size());
  const std::size_t width = width_of(raw);
  std::vector<IntervalRow> rows;
  std::vector<Rational> rewards;
  for (std::size_t s = 0; s < states; ++s)
    for (std::size_t a = 0; a < width; ++a) {
      const RawModel::Choice& choice = raw.states[s][std::min(a, raw.states[s].size() - 1)];
      IntervalRow& row = rows.emplace_back(IntervalRow{{}, place_of(raw, s, choice)});
      for (const RawModel::Entry& entry : choice.entries)
        row.entries.push_back(
            {entry.next, entry.probability.value, entry.upper.value_or(entry.probability.value)});
      if (rewards_differ(choice))
        throw InvalidInput(row.place +
                           ": its reward depends on where it leads, and so on the interval; give the "
                           "choice one reward");
      rewards.push_back(choice.reward + choice.entries[0].reward);
    }
  std::vector<std::string> changes = raw.remarks;
  FiniteMdp::Names names = names_of(raw, width, changes);
  return {std::move(rows), RewardTable(states, static_cast<std::uint32_t>(width), std::move(rewards)),
          initial_of(raw, {}, states), std::move(names), std::move(changes)};
}

void require_one_start(const FiniteMdp& model, const std::string& form) {
  if (model.time_varying())
    throw InvalidInput("a model that changes from step to step cannot be written as " + form +
                       ", which has no steps");
  if (model.initial().entries() != 1)
    throw InvalidInput("a model that starts in one of several states cannot be written as " + form +
                       "; add a state that leads to them");
}

}  // namespace lemmacheck
