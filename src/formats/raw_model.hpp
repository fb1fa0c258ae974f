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
  bool renormalise = false;
  std::string reward;  ///< name of the reward model; may be left out where there is one
};

struct RawModel {
  struct Entry {
    std::uint32_t next;
    PrintedNumber probability;
  };
  struct Choice {
    std::string name;
    Rational reward;
    std::vector<Entry> entries;
    std::size_t line;  ///< of the file, from 1
  };
  std::string file;
  std::vector<std::vector<Choice>> states;
  std::vector<std::string> labels;  ///< of each state; may be empty
  std::uint32_t initial = 0;
  bool without_rewards = false;  ///< the file has none
};

struct ReadModel {
  FiniteMdp model;
  std::vector<std::string> changes;  ///< what is not as the file has it, one sentence each
  /// How far each row may be, in L1 distance, from what was meant before it was rounded; 0 where it was not
  /// mended.
  std::vector<Rational> radii;
  bool mended() const;
};

/// States with fewer choices than others repeat their last one: optimal values are the same.
/// @throws InvalidInput for a row that does not sum to 1, unless rows are to be mended and it misses by no
/// more than its digits can explain; naming line, state, choice, exact sum and option.
ReadModel finished(const RawModel& raw, const ReadOptions& options);

}  // namespace lemmacheck
