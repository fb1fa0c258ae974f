#include "logs/special_numbers.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace lemmacheck {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> specials = {
    {{"-Infinity", "-infinity"},
     {"Infinity", "infinity"},
     {"NaN", "NaN"},
     {"-inf", "-infinity"},
     {"inf", "infinity"},
     {"nan", "NaN"},
     {"-nan", "NaN"},
     {"-NaN", "NaN"},
     {"NAN", "NaN"}}};

bool ends_word(std::string_view rest) {
  return rest.empty() || std::isalnum(static_cast<unsigned char>(rest.front())) == 0;
}

}  // namespace

std::string with_quoted_specials(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool quoted = false;
  while (!json.empty()) {
    const char c = json.front();
    const auto special = quoted ? specials.end() : std::ranges::find_if(specials, [&](const auto& spelling) {
      return json.starts_with(spelling.first) && ends_word(json.substr(spelling.first.size()));
    });
    if (special != specials.end()) {
      out += '"' + std::string(special->second) + '"';
      json.remove_prefix(special->first.size());
      continue;
    }
    const std::size_t taken = quoted && c == '\\' && json.size() > 1 ? 2 : 1;  // an escaped quotation mark
    if (c == '"') quoted = !quoted;
    out += json.substr(0, taken);
    json.remove_prefix(taken);
  }
  return out;
}

std::optional<std::string> special_number(std::string_view text) {
  if (text == "infinity" || text == "-infinity") return std::string(text);
  const auto special = std::ranges::find(specials, text, [](const auto& spelling) { return spelling.first; });
  return special == specials.end() ? std::nullopt : std::optional(std::string(special->second));
}

}  // namespace lemmacheck
