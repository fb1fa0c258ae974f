#include "generate/assignment.hpp"

#include <atomic>

namespace lemmacheck {

void DrawMark::renew() {
  // Threads take numbers in lots, each its own.
  constexpr std::uint64_t lot = 1U << 20U;
  static std::atomic<std::uint64_t> lots = 0;
  thread_local std::uint64_t next = 0, end = 0;
  if (next == end) {
    next = lot * lots++ + 1;
    end = next + lot;
  }
  number_ = next++;
}

std::size_t Assignment::steps() const {
  return signature->horizon ? static_cast<std::size_t>(integer_of(number(*signature->horizon))) : 1;
}

std::int64_t integer_of(const Rational& value) {
  const auto integer = value.as_integer();
  LEMMACHECK_INVARIANT(integer.has_value());
  return *integer;
}

RewardTable function_table(std::size_t size, std::uint32_t last, std::vector<Rational> values) {
  return RewardTable(static_cast<std::uint32_t>(size / last), last, std::move(values));
}

}  // namespace lemmacheck
