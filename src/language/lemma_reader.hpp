/// Clauses become a lemma: names are declared, expressions read, every sort checked.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "language/clauses.hpp"
#include "language/lemma.hpp"

namespace lemmacheck {

/// Finds a lemma by its id, for `like`; nullptr if there is none.
using FindLemma = std::function<const LemmaSource*(const std::string& id)>;

/// @throws LanguageError at the first thing that cannot be read, or can be read in two ways.
std::shared_ptr<const Lemma> read_lemma(const LemmaSource& source, const FindLemma& find);

/// The lemma as one text in the plain dress, complete by itself: without `like`, with displays as plain
/// notation.
std::string lemma_as_text(const Lemma& lemma);

}  // namespace lemmacheck
