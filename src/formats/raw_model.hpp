/// A model as a file of another tool has it: its own number of choices in each state, numbers as printed.
/// Made into a FiniteMdp, with every change said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/number_text.hpp"
#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// What printed numbers mean, and whether rows that nearly sum to 1 are mended.
struct ReadOptions {
  std::optional<std::uint64_t> nearest;  ///< the fraction with a denominator of at most this that is nearest;
                                         ///< absent: exactly what is printed
  bool decimal = false;                  ///< a binary float is the shortest decimal that is read as it
  bool renormalise = false;
  std::string reward;  ///< name of the reward model; may be left out where there is one
};

struct RawModel {
  struct Entry {
    std::uint32_t next;
    PrintedNumber probability;
    Rational reward = 0;            ///< of this transition, besides the choice's
    std::optional<Rational> upper;  ///< of an interval; `probability` is its lower end
  };
  struct Choice {
    std::string name;
    Rational reward;
    std::vector<Entry> entries;
    std::size_t line;  ///< of the file, from 1; 0 where there are no lines
  };
  std::string file;
  std::vector<std::vector<Choice>> states;
  std::vector<std::string> labels;                     ///< of each state, beside its number; may be empty
  std::vector<std::string> state_names, action_names;  ///< in place of numbers; may be empty
  std::vector<Entry> initial;
  std::vector<std::string> remarks;  ///< what of the file is not part of the model
  bool without_rewards = false;      ///< the file has none
  bool intervals = false;            ///< probabilities are intervals
};

struct ReadModel {
  FiniteMdp model;
  std::vector<std::string> changes;  ///< what is not as the file has it, one sentence each
  /// How far each row may be, in L1 distance, from what was meant before it was rounded; 0 where it was not
  /// mended.
  std::vector<Rational> radii;
  /// The reward of a mended row depends on where it leads, so that rounding may have hidden some of it, too.
  bool rewards_moved = false;
  bool mended() const;
};

/// A distribution of a file, as it is meant.
struct ReadRow {
  std::vector<StochasticMatrix::Entry> entries;
  Rational radius;  ///< L1 distance that rounding may have hidden
};
/// @param place   names the row in messages. @param changes  receives a sentence where it is mended.
/// @throws InvalidInput for a negative number, or a sum that is not 1 and is not to be or cannot be mended.
ReadRow read_row(const std::vector<RawModel::Entry>& printed, const std::string& place,
                 const ReadOptions& options, std::vector<std::string>& changes);

/// Each row of a model with intervals, in the order of FiniteMdp's rows; actions are repeated likewise.
struct IntervalRow {
  struct Entry {
    std::uint32_t next;
    Rational lower, upper;
  };
  std::vector<Entry> entries;
  std::string place;
};
struct IntervalModel {
  std::vector<IntervalRow> rows;
  RewardTable rewards;
  StochasticMatrix initial;
  FiniteMdp::Names names;
  std::vector<std::string> changes;
};
IntervalModel finished_intervals(const RawModel& raw);

/// States with fewer choices than others repeat their last one: optimal values are the same.
/// @throws InvalidInput for a model with intervals, for a row that does not sum to 1, unless rows are to be
/// mended and it misses by no more than its digits can explain; naming line, state, choice, exact sum and
/// option.
ReadModel finished(const RawModel& raw, const ReadOptions& options);

/// @param form  what is to be written. @throws InvalidInput unless the model is stationary and starts in one
/// state.
void require_one_start(const FiniteMdp& model, const std::string& form);

}  // namespace lemmacheck
