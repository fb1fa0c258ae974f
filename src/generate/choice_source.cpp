#include "generate/choice_source.hpp"

#include <Random123/philox.h>

#include <algorithm>

namespace lemmacheck {

void PhiloxStream::refill() {
  const auto low = [](std::uint64_t n) { return static_cast<std::uint32_t>(n); };
  const auto high = [](std::uint64_t n) { return static_cast<std::uint32_t>(n >> 32U); };
  const r123::Philox4x32::key_type key = {{low(seed_), high(seed_)}};
  constexpr std::size_t words = 4;
  for (std::size_t first = 0; first < blocks_.size(); first += words) {
    const r123::Philox4x32::ctr_type counter = {{counter_++, low(stream_), high(stream_), 0}};
    const auto block = r123::Philox4x32()(counter, key);
    std::copy_n(block.begin(), words, &blocks_[first]);
  }
  used_ = 0;
}

void ChoiceSource::note(std::uint32_t choice) {
  record_->push_back(choice);
}

}  // namespace lemmacheck
