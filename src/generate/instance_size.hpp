/// How large an instance is to a person who checks it by hand.
#pragma once

#include <array>
#include <cstdint>

#include "generate/instance.hpp"

namespace lemmacheck {

/// Compared in the order: states, horizon, actions, entries to write down, bits of all numbers.
using InstanceSize = std::array<std::uint64_t, 5>;
InstanceSize size_of(const Instance& instance);

/// States, horizon and actions alone: what a size begins with, and nearly free to tell.
using InstanceOutline = std::array<std::uint64_t, 3>;
InstanceOutline outline_of(const Instance& instance);
inline InstanceOutline outline_of(const InstanceSize& size) {
  return {size[0], size[1], size[2]};
}

}  // namespace lemmacheck
