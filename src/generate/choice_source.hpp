/// Choice sequences: the one source from which every instance is decoded.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace lemmacheck {

/// A counter-based random stream (Philox 4x32-10, of the Random123 library): number i of stream (seed,
/// stream) is the same on every thread and machine, and no stream depends on another.
class PhiloxStream {
 public:
  PhiloxStream(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}
  std::uint32_t next() {
    if (used_ == blocks_.size()) refill();
    return blocks_[used_++];
  }

 private:
  void refill();
  std::uint64_t seed_, stream_;
  std::uint32_t counter_ = 0;
  /// Four blocks at a time, whose rounds the processor works on side by side.
  std::array<std::uint32_t, 16> blocks_;
  std::size_t used_ = blocks_.size();
};

/// A sequence of choices, each "one of n". Zero is the simplest choice everywhere, and a sequence that has
/// run out goes on with zeros, so that a shorter or smaller sequence decodes to a simpler, valid instance.
///
/// Driven by a random stream (campaigns), or by given numbers (RapidCheck, a fuzzer, a replay); a given
/// number c is read as c mod n, so that every sequence of numbers means something.
class ChoiceSource {
 public:
  explicit ChoiceSource(std::span<const std::uint32_t> choices) : given_(choices), random_(0, 0) {}
  /// @param record  receives the choices made, if given: replayed, they make the same instance.
  explicit ChoiceSource(PhiloxStream random, std::vector<std::uint32_t>* record = nullptr)
      : is_random_(true), random_(random), record_(record) {}

  /// A number in 0..n-1; n >= 1.
  [[gnu::always_inline]] std::uint32_t below(std::uint32_t n) {
    if (n <= 1) return 0;
    if (!is_random_) return position_ < given_.size() ? given_[position_++] % n : 0;
    const auto choice = static_cast<std::uint32_t>((std::uint64_t{random_.next()} * n) >> 32U);
    if (record_ != nullptr) note(choice);
    return choice;
  }
  std::uint32_t between(std::uint32_t lowest, std::uint32_t highest) {
    return lowest + below(highest - lowest + 1);
  }
  bool flag() { return below(2) == 1; }
  template <class T, std::size_t n>
  const T& pick(const std::array<T, n>& options) {
    return options[below(n)];
  }

 private:
  void note(std::uint32_t choice);
  std::span<const std::uint32_t> given_;
  std::size_t position_ = 0;
  bool is_random_ = false;
  PhiloxStream random_;
  std::vector<std::uint32_t>* record_ = nullptr;
};

}  // namespace lemmacheck
