/// Lemmas that differ from a given one in one place, as texts: stronger claims, dropped hypotheses, repairs.
#pragma once

#include <string>
#include <vector>

#include "language/lemma.hpp"

namespace lemmacheck {

struct LemmaEdit {
  std::string words;  ///< what was changed: "the constant 2 made 1/100 smaller"
  std::string text;   ///< the whole lemma
  std::string claim;  ///< the claim or the definition that was edited, in plain notation
};

/// Every constant, index, norm and maximum of the bounding sides, and of the definitions that these use,
/// weakened in turn.
std::vector<LemmaEdit> stronger_claims(const Lemma& lemma);
/// Each assumption left out, each given widened and each rule of a loop replaced in turn.
std::vector<LemmaEdit> dropped_hypotheses(const Lemma& lemma);
/// Each rule of a learning loop (data, fill, ties) replaced by every other; they are among those above.
std::vector<LemmaEdit> other_rules(const Lemma& lemma);
/// A sign, an index, a factor of two or of the horizon, a power, a norm changed in turn: what may make a
/// false claim true.
std::vector<LemmaEdit> repairs(const Lemma& lemma);
/// The lemma with a term of one comparison multiplied by a factor.
LemmaEdit with_factor(const Lemma& lemma, const Comparison& comparison, std::size_t term,
                      const Rational& factor);

/// The edited lemma; nullptr where the edit means nothing.
std::shared_ptr<const Lemma> read_edit(const LemmaEdit& edit);

/// A lemma written from its parts: declarations in one form, claims printed from their trees.
std::string canonical_text(const Lemma& lemma);

}  // namespace lemmacheck
