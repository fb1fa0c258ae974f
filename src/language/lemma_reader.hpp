/// Clauses become a lemma: names are declared, expressions read, every sort checked.
#pragma once

#include <functional>
#include <vector>

#include "language/clauses.hpp"
#include "language/lemma.hpp"

namespace lemmacheck {

/// Finds a lemma by its id, for `like`; nullptr if there is none.
using FindLemma = std::function<const LemmaSource*(const std::string& id)>;

/// @throws LanguageError at the first thing that cannot be read, or can be read in two ways.
std::shared_ptr<const Lemma> read_lemma(const LemmaSource& source, const FindLemma& find);

/// A number, such as the term of `expect holds tight TERM`, read with a lemma's declarations... and a condition.
/// The lemma as one text in the plain dress, complete by itself: without `like`, with displays as plain notation.
std::string lemma_as_text(const Lemma& lemma);

/// The order in which givens can be drawn: what a given depends on comes before it.
std::vector<const Given*> draw_order(const Lemma& lemma);

}  // namespace lemmacheck
