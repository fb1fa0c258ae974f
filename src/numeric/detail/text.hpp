/// What the readers of numbers share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lemmacheck::detail {

inline bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The text as a message shows it: its beginning, without control characters.
inline std::string quoted(std::string_view text) {
  constexpr std::size_t shown = 40;
  std::string out = "'";
  for (const char c : text.substr(0, shown)) out += (c >= ' ' && c < 127) ? c : '?';
  return out + (text.size() > shown ? "...'" : "'");
}

}  // namespace lemmacheck::detail
