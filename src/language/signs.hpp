/// What a text alone tells of the signs of its numbers.
#pragma once

#include "language/lemma.hpp"

namespace lemmacheck {

/// Whether a number is certainly never below 0, whatever the instance, wherever it is defined.
bool never_negative(const Lemma& lemma, const Tree& tree);

}  // namespace lemmacheck
