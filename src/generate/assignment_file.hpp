/// Assignments as JSON, as certificates hold them: {"sizes": {"S": 2}, "values": {"T": [[0, 0, 1, "1/2"],
/// ...], ...}}.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "generate/assignment.hpp"

namespace lemmacheck {

nlohmann::json assignment_to_json(const Assignment& assignment);

/// @throws InvalidInput naming the place for anything that does not fit the signature: an unknown or missing
/// name, an index out of range, a row that does not sum to 1.
Assignment assignment_from_json(const nlohmann::json& json, const std::shared_ptr<const Signature>& signature,
                                const std::string& document, const std::string& pointer);

}  // namespace lemmacheck
