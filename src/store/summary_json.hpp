/// Summaries as JSON, exactly: what a store keeps and a worker sends.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "campaign/summary.hpp"

namespace lemmacheck {

/// Equal summaries give equal text.
nlohmann::json summary_to_json(const Summary& summary);
/// @param where  names the document in messages. @throws InvalidInput naming the place, also for counts that
/// contradict each other.
Summary summary_from_json(const nlohmann::json& json, const std::string& where);

}  // namespace lemmacheck
