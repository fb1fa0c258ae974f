/// "Did you mean": the names nearest to one that is unknown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lemmacheck {

/// Levenshtein distance.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// "the nearest name is eps", "the nearest names are eps and e", or empty if none is near.
std::string nearest_names(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace lemmacheck
