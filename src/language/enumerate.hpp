/// Every tiny assignment of a lemma there is, on coarse grids.
#pragma once

#include <optional>

#include "generate/instance.hpp"
#include "language/program.hpp"

namespace lemmacheck {

struct TinyShape {
  std::uint32_t states = 1, actions = 1, others = 1;
  std::uint32_t horizon = 1;  ///< 0 where the lemma has none
  std::uint32_t grid = 1;     ///< probabilities are multiples of 1/grid
};

/// The shapes that are listed, the smallest first.
std::vector<TinyShape> tiny_shapes(const Lemma& lemma);

/// All assignments of a shape: kernel rows and distributions on the grid, deterministic policies, numbers at
/// the ends of their ranges (and the middle), functions with the values 0 and 1 (and -1 where they may be
/// negative), plans by the lowest best action. Nothing where there are more than `most`.
std::optional<Domain> every_tiny_assignment(const std::shared_ptr<const LemmaProgram>& program,
                                            const Domain& drawn, const TinyShape& shape, std::uint64_t most);

}  // namespace lemmacheck
