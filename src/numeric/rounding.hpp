/// The rounding mode of this thread's arithmetic on doubles, while something lives.
#pragma once

#include <cfenv>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "numeric/error.hpp"

namespace lemmacheck {

namespace detail {

#if defined(__x86_64__)
/// Doubles are rounded as MXCSR says; std::fesetround sets the x87 unit as well, which takes twice as long
/// and which nothing here computes with.
using RoundingBits = unsigned;
inline constexpr RoundingBits rounding_mask = _MM_ROUND_MASK, upward_bits = _MM_ROUND_UP,
                              nearest_bits = _MM_ROUND_NEAREST;
inline RoundingBits rounding_bits() {
  return _mm_getcsr() & rounding_mask;
}
inline void set_rounding_bits(RoundingBits bits) {
  const unsigned all = (_mm_getcsr() & ~rounding_mask) | bits;
  // What was computed before stays before it, as far as it stands in memory.
  asm volatile("ldmxcsr %0" : : "m"(all) : "memory");
}
#else
using RoundingBits = int;
inline constexpr RoundingBits upward_bits = FE_UPWARD, nearest_bits = FE_TONEAREST;
inline RoundingBits rounding_bits() {
  return std::fegetround();
}
inline void set_rounding_bits(RoundingBits bits) {
  LEMMACHECK_INVARIANT(std::fesetround(bits) == 0);
}
#endif

/// Keeps a rounding mode while it lives.
template <RoundingBits bits>
class Rounding {
 public:
  Rounding() : previous_(rounding_bits()) {
    if (previous_ != bits) set_rounding_bits(bits);
  }
  ~Rounding() {
    if (previous_ != bits) set_rounding_bits(previous_);
  }
  Rounding(const Rounding&) = delete;
  Rounding& operator=(const Rounding&) = delete;

 private:
  RoundingBits previous_;
};

}  // namespace detail

/// Rounds upward while it lives. Every operation on Interval happens inside such a scope; results are
/// enclosures only there. Open it outside the function that computes, so that no compiler moves an
/// operation across the change of mode (the build also sets -frounding-math).
using RoundUpward = detail::Rounding<detail::upward_bits>;
using RoundToNearest = detail::Rounding<detail::nearest_bits>;

}  // namespace lemmacheck
