/// Strongly connected components of a directed graph.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace lemmacheck {

struct Components {
  std::vector<std::uint32_t> of;  ///< the component of each vertex
  std::uint32_t count = 0;
};

/// Components are numbered such that every edge leads to one with the same number or a lower one.
/// @param edges  from, to; both below `vertices`.
Components strong_components(std::uint32_t vertices,
                             const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges);

}  // namespace lemmacheck
