/// Typed bounds: what was found out, as JSON and as text for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "campaign/try_bound.hpp"

namespace lemmacheck {

/// @param certificate_file  where the counterexample was written, empty if nowhere.
nlohmann::json tried_bound_to_json(const TriedBound& bound, const std::string& certificate_file);
/// @param full  with the counterexample's or the slack's table.
std::string tried_bound_as_text(const TriedBound& bound, bool full);

}  // namespace lemmacheck
