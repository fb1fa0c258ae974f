/// RapidCheck as a driver of choice sequences: it supplies and shrinks them. Needs the library
/// `lemmacheck_rapidcheck`; nothing else here sees RapidCheck.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lemmacheck {

struct Falsified {
  std::vector<std::uint32_t> choices;  ///< the shrunk sequence on which the property fails
  std::string report;                  ///< RapidCheck's words
};

struct FalsifyOptions {
  std::uint64_t seed = 1;
  int cases = 200;
  int longest = 200;  ///< choices
};

/// Tries the property on choice sequences. @returns a falsifying sequence, or nothing if all cases passed.
/// An exception thrown by the property falsifies it. @throws InternalError if RapidCheck gives up.
std::optional<Falsified> falsify(const std::string& name,
                                 const std::function<bool(std::span<const std::uint32_t>)>& property,
                                 const FalsifyOptions& options = {});

}  // namespace lemmacheck
