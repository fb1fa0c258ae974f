/// `write` clauses: other people's notation, applied to the tokens before they are read.
#pragma once

#include <set>
#include <vector>

#include "language/clauses.hpp"
#include "language/lexer.hpp"

namespace lemmacheck {

/// Names on both sides stand for any balanced text; everything else stands for itself.
struct RewriteRule {
  std::vector<Token> pattern, replacement;  ///< without their ends
  std::set<std::string> holes;
  bool bracketed = false;  ///< the replacement is a sum or product, which needs brackets where it stands
};

/// "write \eta(p) as J(p)". @throws LanguageError.
RewriteRule rewrite_rule(const Clause& clause);

/// The tokens with every rule applied, in their order, each until it matches nowhere. @throws LanguageError
/// if that never ends.
std::vector<Token> rewritten(std::vector<Token> tokens, const std::vector<RewriteRule>& rules);

}  // namespace lemmacheck
