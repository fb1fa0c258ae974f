/// What a terminal shows of a text: lines that fit, verdicts in colour.
#pragma once

#include <cstddef>
#include <string>

namespace lemmacheck {

/// How many columns a terminal has; 80 where that is not known.
std::size_t terminal_width(int descriptor);

/// Whether colours are wanted: on a terminal that has them, without NO_COLOR (https://no-color.org).
bool wants_colour(int descriptor);

/// Lines longer than `width` are broken at spaces, and go on further to the right. Characters are counted,
/// not bytes; a word longer than a line stays whole.
std::string broken_to(const std::string& text, std::size_t width);

/// Verdicts that begin a line or a column are coloured: what is false red, what holds green, the undecided
/// yellow.
std::string with_coloured_verdicts(const std::string& text);

}  // namespace lemmacheck
