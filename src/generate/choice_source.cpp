#include "generate/choice_source.hpp"

#include <Random123/philox.h>

namespace lemmacheck {

void PhiloxStream::refill() {
  const auto low = [](std::uint64_t n) { return static_cast<std::uint32_t>(n); };
  const auto high = [](std::uint64_t n) { return static_cast<std::uint32_t>(n >> 32U); };
  const r123::Philox4x32::ctr_type counter = {{counter_++, low(stream_), high(stream_), 0}};
  const r123::Philox4x32::key_type key = {{low(seed_), high(seed_)}};
  const auto block = r123::Philox4x32()(counter, key);
  for (std::size_t i = 0; i < block_.size(); ++i) block_[i] = block[i];
  used_ = 0;
}

}  // namespace lemmacheck
