/// A lemma in one line: a relation, with the conventional givens for the names in it.
#pragma once

#include <string>
#include <vector>

#include "language/clauses.hpp"

namespace lemmacheck {

/// Whether a text is a relation, and not the right side of one.
bool is_relation_text(const std::string& text);

/// The lemma "try" that claims the relation. M and M' share all but T; pi is stationary; rewards are in [0,
/// 1]; eps is the largest L1 distance of T and T', delta the largest total variation; there is a horizon
/// unless gamma stands in the text. What is given or defined explicitly takes the place of these. @throws
/// LanguageError for texts without tokens.
LemmaSource one_line_lemma(const std::string& relation, const std::vector<std::string>& givens,
                           const std::vector<std::string>& definitions);

}  // namespace lemmacheck
