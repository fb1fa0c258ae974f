#include "claims/suggestion.hpp"

#include <algorithm>
#include <cctype>

namespace lemmacheck {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

/// Letters of the other case are near.
std::size_t distance_of_names(const std::string& a, const std::string& b) {
  const auto lower = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  };
  return a == b ? 0 : std::min(edit_distance(a, b), 1 + edit_distance(lower(a), lower(b)));
}

std::string nearest_names(const std::string& name, const std::vector<std::string>& candidates) {
  constexpr std::size_t most = 3;
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = distance_of_names(name, candidate);
    // Of names of one letter only the other case is near: a and b are not.
    if (name.size() == 1 && edit_distance(name, candidate) == 1 &&
        (candidate.size() > 1 || std::tolower(static_cast<unsigned char>(name[0])) !=
                                     std::tolower(static_cast<unsigned char>(candidate[0]))))
      continue;
    if (distance <= std::max<std::size_t>(1, name.size() / 2)) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  if (near.empty()) return "";
  while (near.size() > most || near.back().first > near.front().first + 1) near.pop_back();
  if (near.size() == 1) return "the nearest name is " + near[0].second;
  std::string text = "the nearest names are ";
  for (std::size_t i = 0; i < near.size(); ++i)
    text += (i == 0 ? "" : i + 1 == near.size() ? " and " : ", ") + near[i].second;
  return text;
}

}  // namespace lemmacheck
