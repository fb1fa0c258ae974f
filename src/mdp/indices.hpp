/// Indices as types of their own, so that a state is never passed as an action.
#pragma once

#include <compare>
#include <cstdint>

namespace lemmacheck {

template <class Tag>
struct Index {
  std::uint32_t value = 0;
  friend auto operator<=>(Index, Index) = default;
  Index& operator++() {
    ++value;
    return *this;
  }
  Index operator*() const { return *this; }
};

using State = Index<struct StateTag>;
using Action = Index<struct ActionTag>;

/// All indices 0..count-1, for range-based for loops.
template <class I>
class IndexRange {
 public:
  explicit IndexRange(std::uint32_t count) : count_(count) {}
  I begin() const { return I{0}; }
  I end() const { return I{count_}; }
  std::uint32_t size() const { return count_; }

 private:
  std::uint32_t count_;
};

/// Steps run 1..H as in the notes; V_{H+1} = 0.
using Step = int;

}  // namespace lemmacheck
