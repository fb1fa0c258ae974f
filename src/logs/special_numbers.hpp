/// What is no finite number in somebody's JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lemmacheck {

/// JSON knows neither NaN nor infinities, and Python writes them all the same: NaN, Infinity, -Infinity (nan,
/// inf, -inf by other hands) outside of strings become the strings "NaN", "infinity" and "-infinity".
std::string with_quoted_specials(std::string_view json);

/// Which of these three a string spells, in one of the spellings; nothing of other strings.
std::optional<std::string> special_number(std::string_view text);

}  // namespace lemmacheck
