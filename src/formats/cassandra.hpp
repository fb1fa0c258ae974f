/// Cassandra's format of MDPs and POMDPs (.mdp, .pomdp).
#pragma once

#include <filesystem>

#include "formats/raw_model.hpp"

namespace lemmacheck {

struct CassandraModel {
  RawModel raw;
  std::vector<std::string> observations;  ///< their names or numbers; none of an MDP
  /// O(. | a, s') at row a S + s'; of a POMDP.
  std::vector<std::vector<RawModel::Entry>> emissions;

  bool partially_observed() const { return !observations.empty(); }
};

/// Rewards that depend on the observation are their expectation. `values: cost` negates all of them.
/// @param options  what printed observation probabilities mean, where rewards depend on them.
/// @throws InvalidInput naming file and line, the fault and the remedy.
CassandraModel read_cassandra(const std::filesystem::path& file, const ReadOptions& options);

/// A partially observed model in which what is seen depends on the state alone: its states are those of the
/// file, each with what was done before as far as observations depend on it, and those of the start, in which
/// nothing has been seen yet (observation 0). Only states that can be reached are kept.
struct ObservedModel {
  ReadModel read;
  StochasticMatrix emission;  ///< p(x | state)
  std::vector<std::string> observations;
};
ObservedModel observed_model(const CassandraModel& model, const ReadOptions& options);

}  // namespace lemmacheck
