/// Instances as JSON: the "instance" object of a certificate.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "generate/instance.hpp"

namespace lemmacheck {

nlohmann::json instance_to_json(const Instance& instance);
/// @throws InvalidInput naming the place.
Instance instance_from_json(const nlohmann::json& json, const std::string& document,
                            const std::string& pointer = "");

}  // namespace lemmacheck
