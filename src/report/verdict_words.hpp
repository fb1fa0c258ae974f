/// What was found of a claim, in the words that every form of the report uses.
#pragma once

#include <string>

#include "campaign/check.hpp"

namespace lemmacheck {

/// "true, and reached exactly", "false as printed: counterexample at H = 2 with 2 states, 1 action".
std::string verdict_in_words(const Finding& finding);

/// "H = 2 with 2 states, 1 action": how large an instance is.
std::string size_in_words(const Instance& instance);

}  // namespace lemmacheck
