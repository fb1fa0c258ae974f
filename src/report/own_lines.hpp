/// The lines of the author's own file that a lemma stands in, with what was found at each.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/report_data.hpp"

namespace lemmacheck {

/// `[{line, text, verdict}]`: verdict is null except where a claim or a false step of a proof begins.
/// Null for a claim that is in no file of the user's.
nlohmann::json own_lines_to_json(const ReportedClaim& reported);

}  // namespace lemmacheck
