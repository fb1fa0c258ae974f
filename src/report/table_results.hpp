/// What the checks of somebody's latent model found, as JSON and as text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "logs/table_checks.hpp"

namespace lemmacheck {

/// @param file  what was checked.
nlohmann::json table_report_to_json(const TableReport& report, const std::string& file,
                                    const Rational& tolerance);
std::string table_report_as_text(const TableReport& report, const std::string& file,
                                 const Rational& tolerance);

}  // namespace lemmacheck
