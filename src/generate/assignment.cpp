#include "generate/assignment.hpp"

namespace lemmacheck {

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
