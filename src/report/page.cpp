#include "report/page.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

#include "numeric/error.hpp"

namespace lemmacheck {

/// The page without data; reports/assemble.py makes it at build time.
extern const std::string_view page_shell;

namespace {

constexpr std::string_view place_of_data = "{{report}}";

/// Without what the page does not show: certificates, and fractions of many digits beside their decimals.
nlohmann::json slimmed(const nlohmann::json& part) {
  constexpr std::size_t longest = 300;
  if (part.is_array()) {
    nlohmann::json list = nlohmann::json::array();
    for (const nlohmann::json& item : part) list.push_back(slimmed(item));
    return list;
  }
  if (!part.is_object()) return part;
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [key, value] : part.items()) {
    if (key == "witness" || (key == "instance" && value.is_object())) continue;
    const bool is_long = value.is_string() && value.get_ref<const std::string&>().size() > longest;
    object[key] = is_long && part.contains(key + "_approx") ? nlohmann::json() : slimmed(value);
  }
  return object;
}

/// JSON inside a script element: no "<" may end it.
std::string embedded(const nlohmann::json& document) {
  std::string out;
  for (const char c : document.dump(-1, ' ', true))
    out += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return out;
}

}  // namespace

std::string page_with(const nlohmann::json& report) {
  std::string page(page_shell);
  const std::size_t at = page.find(place_of_data);
  LEMMACHECK_INVARIANT(at != std::string::npos);
  return page.replace(at, place_of_data.size(), embedded(slimmed(report)));
}

}  // namespace lemmacheck
