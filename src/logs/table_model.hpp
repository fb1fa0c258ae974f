/// A recurrent model and episodes read from tables.
#pragma once

#include "latent/recurrent_model.hpp"
#include "logs/logged_tables.hpp"

namespace lemmacheck {

/// "sequence" [R, Z, A], "encoder" [X, R, Z], "dynamics" [R, Z], "decoder" [R, Z, X]; "rewards" and
/// "continues" [R, Z], or 0 and 1 everywhere. Rows that do not sum to 1 are made to (the
/// largest number takes up the difference), so look at their sums before.
/// @throws InvalidInput naming the table, the fault and the remedy.
RecurrentModel recurrent_model_of(const LoggedTables& tables);

/// "observations" [N, T] and "actions" [N, T - 1]; -1 fills up short episodes. At least one observation each.
/// @throws InvalidInput likewise.
std::vector<Episode> episodes_of(const LoggedTables& tables, const RecurrentModel& model);

/// The table's entries as whole numbers below n, -1 where `padded`.
std::vector<std::int64_t> whole_numbers(const LoggedTables& tables, const std::string& name, std::uint32_t n,
                                        bool padded = false);

/// @param what  says whose shape this is, as in "the encoder's [X, R, Z]".
void require_shape(const LoggedTables& tables, const std::string& name, const std::vector<std::size_t>& shape,
                   const std::string& what);

}  // namespace lemmacheck
