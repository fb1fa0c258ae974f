/// How a lemma was read, for people.
#pragma once

#include <string>
#include <vector>

#include "language/lemma.hpp"

namespace lemmacheck {

struct Explanation {
  std::string id, words;            ///< words: the whole lemma in a few sentences
  std::string latex, plain;         ///< its claims, printed from the tree
  std::vector<std::string> givens;  ///< each in words, with its range
  std::vector<std::string> definitions, assumes, witness, steps;
  std::vector<std::string> defaults;  ///< what the text does not say and was supplied
  std::vector<std::string> writes;
};

Explanation explain(const Lemma& lemma);

/// A symbol of the lemma and what it is: in words for what is given, as an equation for what is defined.
struct DefinedSymbol {
  std::string latex, plain;  ///< the symbol, or the whole equation of a definition
  std::string words;         ///< empty for a definition
};
/// Every MDP, given and definition, in the order in which `explain` lists them.
std::vector<DefinedSymbol> defined_symbols(const Lemma& lemma);

/// Everything in text of at most some 100 columns.
std::string explanation_as_text(const Explanation& explanation);

}  // namespace lemmacheck
