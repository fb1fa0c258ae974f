/// Where the slack goes, what holds on all tiny instances, and repaired bounds, as JSON and as text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "campaign/exhaust.hpp"
#include "campaign/repair.hpp"
#include "campaign/sharpness_search.hpp"
#include "campaign/slack.hpp"

namespace lemmacheck {

nlohmann::json slacks_to_json(const std::vector<Slack>& slacks);
std::string slacks_as_text(const std::vector<Slack>& slacks);

nlohmann::json exhaustions_to_json(const std::vector<Exhaustion>& exhaustions);
std::string exhaustions_as_text(const std::vector<Exhaustion>& exhaustions);

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
