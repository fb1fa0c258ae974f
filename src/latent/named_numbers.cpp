#include "latent/named_numbers.hpp"

namespace lemmacheck {

const std::vector<Rational>& numbers_of(const Instance& instance, const std::string& name) {
  const auto found = instance.numbers.find(name);
  if (found == instance.numbers.end()) throw InvalidInput("the numbers " + name + " are needed");
  return found->second;
}

std::vector<std::uint32_t> indices_of(const Instance& instance, const std::string& name, std::uint32_t n) {
  std::vector<std::uint32_t> list;
  for (const Rational& number : numbers_of(instance, name)) {
    const std::uint64_t word = number.sign() < 0 ? n : number.scaled_to_word(1).value_or(n);
    if (word >= n)
      throw InvalidInput("a number of " + name + " is " + number.to_string() + "; it must be below " +
                         std::to_string(n));
    list.push_back(static_cast<std::uint32_t>(word));
  }
  return list;
}

StochasticMatrix rows_of(const Instance& instance, const std::string& name, std::uint32_t columns) {
  const std::vector<Rational>& numbers = numbers_of(instance, name);
  if (numbers.empty() || columns == 0 || numbers.size() % columns != 0)
    throw InvalidInput("the numbers " + name + " do not fill rows of " + std::to_string(columns));
  StochasticMatrix::Rows rows(numbers.size() / columns);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i].sign() != 0)
      rows[i / columns].push_back({static_cast<std::uint32_t>(i % columns), numbers[i]});
  return StochasticMatrix(columns, rows,
                          [&](std::size_t row) { return name + ", row " + std::to_string(row); });
}

}  // namespace lemmacheck
