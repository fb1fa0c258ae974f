#include "store/segment.hpp"

#include <algorithm>

namespace lemmacheck {

BlockRange shard_of(std::uint64_t blocks, std::uint64_t i, std::uint64_t n) {
  const auto bound = [&](std::uint64_t k) { return blocks / n * k + blocks % n * k / n; };
  return {bound(i - 1), bound(i)};
}

std::optional<std::uint64_t> first_missing(std::uint64_t begin, std::uint64_t end,
                                           const std::vector<Segment>& done) {
  while (begin < end) {
    const auto found = std::ranges::find_if(
        done, [&](const Segment& segment) { return segment.first <= begin && begin < segment.end(); });
    if (found == done.end()) return begin;
    begin = found->end();
  }
  return std::nullopt;
}

std::optional<Segment> segment_at(std::uint64_t begin, std::uint64_t end, std::uint64_t most,
                                  const std::vector<Segment>& done) {
  if (begin >= end) return std::nullopt;
  const auto is_free = [&](const Segment& segment) {
    return segment.is_dyadic() && segment.end() <= end &&
           std::ranges::none_of(
               done, [&](const Segment& other) { return segment.holds(other) || other.holds(segment); });
  };
  if (!is_free({begin, 1})) return std::nullopt;
  Segment largest{begin, 1};
  while (largest.count < most && is_free({begin, largest.count * 2})) largest.count *= 2;
  return largest;
}

}  // namespace lemmacheck
