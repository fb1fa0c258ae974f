#include "campaign/simple_rows.hpp"

namespace lemmacheck {

const std::vector<Rational>& simple_fractions() {
  static const std::vector<Rational> fractions = [] {
    std::vector<Rational> list;
    for (std::uint64_t q = 2; q <= 10; ++q)
      for (std::int64_t p = 1; p < static_cast<std::int64_t>(q); ++p)
        if (Rational::ratio(p, q).denominator_word() == q) list.push_back(Rational::ratio(p, q));
    return list;
  }();
  return fractions;
}

std::vector<Rational> point_row(std::size_t size, std::size_t at) {
  std::vector<Rational> row(size);
  row[at] = 1;
  return row;
}

}  // namespace lemmacheck
