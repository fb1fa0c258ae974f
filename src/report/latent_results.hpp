/// The table of objectives and encoders as JSON and as words.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "latent/objective_table.hpp"
#include "report/instance_tables.hpp"

namespace lemmacheck {

struct EncodingTable {
  std::string world;
  EncodingProblem problem;
  std::vector<ObjectiveRow> rows;
};

WordTable encoding_table_in_words(const EncodingTable& table);
nlohmann::json encoding_table_to_json(const EncodingTable& table);
std::string encoding_table_as_text(const EncodingTable& table);

}  // namespace lemmacheck
