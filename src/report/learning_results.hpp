/// The rounds of a learning loop as JSON and as text for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "learning/trace.hpp"

namespace lemmacheck {

/// What a loop was run with, in words.
struct LoopDescription {
  std::string model, fit, fill, ties;
};

nlohmann::json trace_to_json(const LearningProblem& problem, const Trace& trace,
                             const LoopDescription& description);
/// A table with one line a round, and how the loop ended.
std::string trace_as_text(const LearningProblem& problem, const Trace& trace,
                          const LoopDescription& description);

/// The actions that a policy takes in a deterministic world from its one initial state, by name or number,
/// up to a state in which they do not matter any more; nothing where world or policy are not deterministic.
std::optional<std::vector<std::string>> moves(const LearningProblem& problem, const MarkovPolicy& policy);

}  // namespace lemmacheck
