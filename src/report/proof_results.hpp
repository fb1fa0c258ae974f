/// Searches for the suprema of typed bounds, and repaired bounds, as JSON and as text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "campaign/repair.hpp"
#include "campaign/sharpness_search.hpp"

namespace lemmacheck {

nlohmann::json sharpness_to_json(const std::vector<SearchedSharpness>& table);
std::string sharpness_as_text(const std::vector<SearchedSharpness>& table);

nlohmann::json fits_to_json(const std::vector<FittedSupremum>& fits);
std::string fits_as_text(const std::vector<FittedSupremum>& fits);

/// How tight a bound is that is true on everything tried.
std::string tightness_in_words(const TriedBound& bound);

nlohmann::json repair_to_json(const Repair& repair);
/// @param most  how many of the survivors are shown.
std::string repair_as_text(const Repair& repair, std::size_t most = 10);

}  // namespace lemmacheck
