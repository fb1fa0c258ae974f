/// What has to be known before what: the order in which givens are drawn.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "language/lemma.hpp"

namespace lemmacheck {

/// The givens that a given's range, plan or objective speaks of, also through definitions; they are drawn
/// before it.
std::set<std::string> needed_names(const Lemma& lemma, const Given& given);

/// The order in which givens can be drawn: what a given depends on comes before it.
std::vector<const Given*> draw_order(const Lemma& lemma);

/// @throws LanguageError for a loop whose parts speak of its own rounds, through definitions or other loops.
void refuse_circular_loops(const Lemma& lemma);

/// All givens that an expression depends on, through definitions, MDPs, plans and ranges.
std::set<std::string> givens_behind(const Lemma& lemma, const Tree& tree);

}  // namespace lemmacheck
