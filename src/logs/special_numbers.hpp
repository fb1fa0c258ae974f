/// What is no finite number in somebody's JSON.
#pragma once

#include <string>
#include <string_view>

namespace lemmacheck {

/// JSON knows neither NaN nor infinities, and Python writes them all the same: NaN, Infinity, -Infinity (nan,
/// inf, -inf by other hands) outside of strings become the strings "NaN", "infinity" and "-infinity".
std::string with_quoted_specials(std::string_view json);

/// Whether a string is one of these three.
bool is_special(std::string_view text);

}  // namespace lemmacheck
