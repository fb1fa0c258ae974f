/// Summaries as JSON, exactly: what a store keeps and a worker sends.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "campaign/summary.hpp"

namespace lemmacheck {

/// Equal summaries give equal text.
nlohmann::json summary_to_json(const Summary& summary);
/// @param where  names the document in messages. @throws InvalidInput naming the place.
Summary summary_from_json(const nlohmann::json& json, const std::string& where);

/// What cannot be so in a summary of instances first, ..., first + instances - 1: a count above them, strata
/// that do not make up the histogram, a record of another instance. Empty: nothing.
std::string fault_of(const Summary& summary, std::uint64_t first, std::uint64_t instances);

}  // namespace lemmacheck
