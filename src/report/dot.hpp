/// Graphviz, asked as a program.
#pragma once

#include <string>

namespace lemmacheck {

/// What Graphviz's `dot` makes of graphs in its language. @param format  "svg" or "plain".
/// @throws InvalidInput where Graphviz is missing.
std::string run_dot(const std::string& dot, const std::string& format);

}  // namespace lemmacheck
