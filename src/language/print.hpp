/// Trees as text: plain, LaTeX, and a fingerprint.
#pragma once

#include <string>

#include "language/tree.hpp"

namespace lemmacheck {

struct Comparison;
struct LearningLoop;
struct Range;

/// Plain notation. Read again under the same declarations it gives the same tree.
std::string to_plain(const Tree& tree);
/// LaTeX; read again as a display it gives the same tree.
std::string to_latex(const Tree& tree);
/// "lhs <= rhs", without the quantifiers before it.
std::string to_plain(const Comparison& comparison);
std::string to_latex(const Comparison& comparison);
/// "[0, 1)", "1..5", "{1, 2}" or "R".
std::string to_plain(const Range& range);
/// "pi_t, M_hat_t in loop(hybrid, optimistic, stay) of M from pi_0 with pi_E"
std::string to_plain(const LearningLoop& loop);
/// A name alone: "pi_E'" as \pi'_{E}.
std::string name_as_latex(const std::string& name);
/// The whole tree as one unambiguous text; equal trees have equal ones.
std::string fingerprint(const Tree& tree);

}  // namespace lemmacheck
