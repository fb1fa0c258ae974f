/// Natural numbers below 2^53, kept as the doubles which they are exactly.
#pragma once

#include <cstdint>

namespace lemmacheck {

/// The inner loop of the interval filter multiplies by such numbers; kept as doubles they need no conversion
/// there.
class Count {
 public:
  Count() = default;
  explicit Count(std::uint64_t n) : value_(static_cast<double>(static_cast<std::int64_t>(n))) {}
  /// Of a double that is such a number.
  static Count of(double exact) {
    Count count;
    count.value_ = exact;
    return count;
  }
  double exact_double() const { return value_; }
  std::uint64_t word() const { return static_cast<std::uint64_t>(static_cast<std::int64_t>(value_)); }
  friend bool operator==(Count, Count) = default;

 private:
  double value_ = 0.0;
};

}  // namespace lemmacheck
