/// The bound-tightness report: a folder with index.html, report.json, report.md, report.tex, junit.xml,
/// certificates/.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/report_data.hpp"

namespace lemmacheck {

/// Gathers and writes; the folder takes its place in one step. @returns how all of it stands.
/// The files depend on the plan alone: no dates, no times, no thread counts.
Standing write_report(const ReportPlan& plan, const std::filesystem::path& folder, const Progress& progress);

nlohmann::json report_as_json(const ReportData& data);
/// Small enough for a comment on a pull request: a summary first, details folded, the rest left to the page.
/// @param comparison  of compared_reports, or null.
std::string report_as_markdown(const ReportData& data, const nlohmann::json& comparison);
std::string report_as_junit(const ReportData& data);

}  // namespace lemmacheck
