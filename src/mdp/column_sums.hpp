/// Sums of columns of doubles, four rows at a time. Private to the layer's sources.
#pragma once

#include <cstddef>
#include <cstring>

namespace lemmacheck::detail {

/// Four doubles: one register where the processor has AVX2, two elsewhere. Neither rounds differently: each
/// element goes through the same operations.
using Quad = double __attribute__((vector_size(32)));
constexpr std::size_t quad = 4;

/// Compiles a function twice, and takes at run time what the processor has. (No fused multiply-add: it would
/// round once where the other rounds twice.) What it calls must be inlined.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define LEMMACHECK_WIDE [[gnu::target_clones("avx2", "default")]]
#else
#define LEMMACHECK_WIDE
#endif

/// sums[i] = sum_t weights[t] columns[t stride + 4 i ...]: `Quads` quads of a sum of columns. Two sums run
/// side by side, since an addition waits for the one before it.
template <std::size_t Quads>
[[gnu::always_inline]] inline void sum_columns(Quad* sums, const double* columns, std::size_t stride,
                                               const double* weights, std::size_t count) {
  Quad even[Quads], odd[Quads], column;
  for (std::size_t i = 0; i < Quads; ++i) even[i] = odd[i] = Quad{0.0, 0.0, 0.0, 0.0};
  std::size_t t = 0;
  for (; t + 1 < count; t += 2, columns += 2 * stride)
    for (std::size_t i = 0; i < Quads; ++i) {
      std::memcpy(&column, columns + quad * i, sizeof column);
      even[i] += column * weights[t];
      std::memcpy(&column, columns + stride + quad * i, sizeof column);
      odd[i] += column * weights[t + 1];
    }
  const double last = t < count ? weights[t] : 0.0;
  if (t == count) columns -= stride;
  for (std::size_t i = 0; i < Quads; ++i) {
    std::memcpy(&column, columns + quad * i, sizeof column);
    even[i] += column * last;
  }
  for (std::size_t i = 0; i < Quads; ++i) sums[i] = even[i] + odd[i];
}

/// Calls `block.operator()<Quads>(first)` for the rows first .. first + 4 Quads - 1 until all are covered: up
/// to three quads at a time, whose sums fit into registers.
template <class Block>
[[gnu::always_inline]] inline void for_each_block(std::size_t stride, Block&& block) {
  std::size_t first = 0;
  for (; first + 3 * quad < stride; first += 2 * quad) block.template operator()<2>(first);
  switch ((stride - first) / quad) {
    case 3:
      return block.template operator()<3>(first);
    case 2:
      return block.template operator()<2>(first);
    case 1:
      return block.template operator()<1>(first);
    default:
      return;
  }
}

}  // namespace lemmacheck::detail
