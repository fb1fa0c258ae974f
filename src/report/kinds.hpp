/// What kind of statements the claims are, and how each kind fares.
#pragma once

#include "report/instance_tables.hpp"
#include "report/report_data.hpp"

namespace lemmacheck {

/// Claims, how many hold and how many are false, by kind: what the lecture prints first, what the field's
/// papers print, readings, slips, ablations, and what lies beyond. No row for a kind without claims.
WordTable kinds_table(const std::vector<ReportedClaim>& claims);

/// Whether a claim is printed in the lecture itself.
bool is_printed_in_the_notes(const Claim& claim);

}  // namespace lemmacheck
