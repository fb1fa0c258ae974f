/// Blocks of instance numbers and how finished ones are kept together.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace lemmacheck {

/// Blocks first, ..., first + count - 1 of a claim. A block is `CampaignKey::block` instances, the last one
/// of a claim perhaps fewer. Segments are dyadic: count is a power of two that divides first, so that of two
/// segments one holds the other, or they are apart. Finished ones are kept as the fewest that there are: at
/// most two of each size, whatever the number of blocks.
struct Segment {
  std::uint64_t first = 0, count = 1;

  std::uint64_t end() const { return first + count; }
  bool is_dyadic() const { return count > 0 && (count & (count - 1)) == 0 && first % count == 0; }
  bool holds(const Segment& other) const { return first <= other.first && other.end() <= end(); }
  /// The other half of the segment twice as large.
  Segment sibling() const { return {first ^ count, count}; }
  Segment parent() const { return {first & ~count, count * 2}; }
  bool operator==(const Segment&) const = default;
};

/// Some of all blocks: those of a shard.
struct BlockRange {
  std::uint64_t begin = 0, end = 0;
};

/// Shard i of n, i from 1: every block is in exactly one, and they differ by one block at most.
BlockRange shard_of(std::uint64_t blocks, std::uint64_t i, std::uint64_t n);

/// The largest dyadic segment that begins at `begin`, ends by `end`, has at most `most` blocks (a power of
/// two), and holds none of `done`; nothing if `begin` is done or begin == end.
std::optional<Segment> segment_at(std::uint64_t begin, std::uint64_t end, std::uint64_t most,
                                  const std::vector<Segment>& done);

/// The first block from `begin` on, before `end`, that no segment holds.
std::optional<std::uint64_t> first_missing(std::uint64_t begin, std::uint64_t end,
                                           const std::vector<Segment>& done);

}  // namespace lemmacheck
