/// The table of objectives and encoders as JSON and as words.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "latent/objective_table.hpp"
#include "latent/recurrent_table.hpp"
#include "report/instance_tables.hpp"

namespace lemmacheck {

struct EncodingTable {
  std::string world;
  EncodingProblem problem;
  std::vector<ObjectiveRow> rows;
};

WordTable encoding_table_in_words(const EncodingTable& table);
nlohmann::json encoding_table_to_json(const EncodingTable& table);
/// @param losses  every objective's loss at every objective's encoder as well.
std::string encoding_table_as_text(const EncodingTable& table, bool losses = false);

/// The same of recurrent models in a partially observed world.
struct RecurrentTable {
  std::string world;
  ObservedProblem problem;
  std::vector<RecurrentRow> rows;
  std::optional<StochasticFit> stochastic;  ///< where its episodes can be listed
  Rational history_value;                   ///< the best that a policy with perfect memory earns
};

/// Everything about a problem. @throws InvalidInput as its parts do, but for what the stochastic fit cannot
/// do.
RecurrentTable gather_recurrent_table(std::string world, ObservedProblem problem);

WordTable recurrent_table_in_words(const RecurrentTable& table);
/// "The data have 2.7 nats, ..."; empty without a stochastic fit.
std::string stochastic_fit_in_words(const RecurrentTable& table);
nlohmann::json recurrent_table_to_json(const RecurrentTable& table);
std::string recurrent_table_as_text(const RecurrentTable& table, bool losses = false);

/// "none", "code", "code+action".
const char* name_of(Memory memory);

}  // namespace lemmacheck
