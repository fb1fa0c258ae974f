#include "store/segment.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace lemmacheck;

TEST_CASE("segments: of two either one holds the other, or they are apart", "[store]") {
  std::vector<Segment> all;
  for (std::uint64_t count : {1U, 2U, 4U, 8U})
    for (std::uint64_t first = 0; first < 16; ++first)
      if (const Segment segment{first, count}; segment.is_dyadic()) all.push_back(segment);
  CHECK(all.size() == 16 + 8 + 4 + 2);
  CHECK_FALSE(Segment{0, 0}.is_dyadic());
  CHECK_FALSE(Segment{0, 3}.is_dyadic());
  CHECK_FALSE(Segment{2, 4}.is_dyadic());
  for (const Segment& a : all)
    for (const Segment& b : all) {
      const bool meet = a.first < b.end() && b.first < a.end();
      CHECK(meet == (a.holds(b) || b.holds(a)));
    }
}

TEST_CASE("segments: halves make up the segment twice as large", "[store]") {
  for (const Segment segment : {Segment{0, 1}, Segment{1, 1}, Segment{6, 2}, Segment{8, 8}}) {
    const Segment other = segment.sibling(), parent = segment.parent();
    CHECK(other.sibling() == segment);
    CHECK(other.parent() == parent);
    CHECK(parent.first == std::min(segment.first, other.first));
    CHECK(parent.end() == std::max(segment.end(), other.end()));
  }
}

TEST_CASE("segments: shards share out all blocks evenly", "[store]") {
  for (const std::uint64_t blocks : {1U, 7U, 100U, 12345U})
    for (const std::uint64_t n : {1U, 3U, 7U, 1000U}) {
      std::uint64_t next = 0;
      for (std::uint64_t i = 1; i <= n; ++i) {
        const BlockRange range = shard_of(blocks, i, n);
        CHECK(range.begin == next);
        CHECK(range.end - range.begin <= blocks / n + 1);
        next = range.end;
      }
      CHECK(next == blocks);
    }
}

TEST_CASE("segments: what is missing is covered once, by as few as may be", "[store]") {
  const std::vector<Segment> done = {{0, 4}, {5, 1}, {16, 8}};
  std::vector<bool> covered(40);
  for (const Segment& segment : done)
    for (std::uint64_t block = segment.first; block < segment.end(); ++block) covered[block] = true;
  std::size_t pieces = 0;
  for (auto missing = first_missing(0, 40, done); missing;) {
    const Segment segment = segment_at(*missing, 40, 8, done).value();
    CHECK(segment.is_dyadic());
    CHECK(segment.count <= 8);
    for (std::uint64_t block = segment.first; block < segment.end(); ++block) {
      CHECK_FALSE(covered[block]);
      covered[block] = true;
    }
    ++pieces;
    missing = first_missing(segment.end(), 40, done);
  }
  CHECK(std::ranges::all_of(covered, [](bool block) { return block; }));
  CHECK(pieces == 5);  // 4; 6 and 7; 8 to 15; 24 to 31; 32 to 39
  CHECK_FALSE(segment_at(5, 40, 8, done));
}
