/// What changed between two reports: verdicts, tightness, strength.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace lemmacheck {

/// Reads an earlier report.json. @throws InvalidInput naming the place for what is none.
nlohmann::json read_report(const std::filesystem::path& file);

/// Of two documents as report.json has them: the lemmas that are new or gone, those whose verdict, best ratio
/// or text changed, and those of which a weakened form is refuted no longer, or now.
nlohmann::json compared_reports(const nlohmann::json& before, const nlohmann::json& now);

/// Some lines of Markdown; "Nothing changed." where that is so.
std::string comparison_as_markdown(const nlohmann::json& comparison);

}  // namespace lemmacheck
