#include "adversary/uncertainty_set.hpp"

#include <algorithm>
#include <numeric>

namespace lemmacheck {

UncertaintySet::Ranks ranks_of(const std::vector<Rational>& values) {
  std::vector<std::uint32_t> sorted(values.size()), places(values.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::ranges::sort(sorted, [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
  for (std::size_t i = 1; i < sorted.size(); ++i)
    places[sorted[i]] = places[sorted[i - 1]] + (values[sorted[i]] == values[sorted[i - 1]] ? 0 : 1);
  return places;
}

}  // namespace lemmacheck
