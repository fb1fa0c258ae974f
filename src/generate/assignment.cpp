#include "generate/assignment.hpp"

namespace lemmacheck {

std::size_t Assignment::steps() const {
  return signature->horizon ? static_cast<std::size_t>(integer_of(number(*signature->horizon))) : 1;
}

std::int64_t integer_of(const Rational& value) {
  LEMMACHECK_INVARIANT(value.is_integer());
  const bool negative = value.sign() < 0;
  const auto word = (negative ? -value : value).scaled_to_word(1);
  LEMMACHECK_INVARIANT(word.has_value() && *word < (std::uint64_t{1} << 62U));
  return negative ? -static_cast<std::int64_t>(*word) : static_cast<std::int64_t>(*word);
}

RewardTable function_table(std::size_t size, std::uint32_t last, std::vector<Rational> values) {
  return RewardTable(static_cast<std::uint32_t>(size / last), last, std::move(values));
}

}  // namespace lemmacheck
