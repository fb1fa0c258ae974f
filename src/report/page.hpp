/// The report as one page that opens from a file, without a network.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace lemmacheck {

/// reports/page with its data: KaTeX's and Vega's files are in it where the build found them; without them
/// formulas are shown in plain notation and charts as tables. @param report  what report.json holds.
std::string page_with(const nlohmann::json& report);

}  // namespace lemmacheck
