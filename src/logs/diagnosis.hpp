/// Which law nearby holds where one failed.
#pragma once

#include <functional>

#include "logs/check_book.hpp"

namespace lemmacheck {

/// What a slip would have made of a number: by place of the table, nothing where it says nothing.
struct NearbyLaw {
  std::string words;  ///< continues "fits: ..."
  std::function<std::optional<Rational>(std::size_t at)> expected;
};

/// The first of these laws that fits the whole table; else the constant by which the table differs from what
/// was expected, as a factor or a summand, where there is one; else nothing. Fits are within the tolerance,
/// as those of the check.
/// @param expected  what the law that failed says.
std::string diagnosis(const CheckBook& book, const std::string& table,
                      const std::function<std::optional<Rational>(std::size_t at)>& expected,
                      const std::vector<NearbyLaw>& laws);

/// The same of numbers that stand in no table.
std::string diagnosis(const std::vector<Rational>& found, const Rational& tolerance,
                      const std::function<std::optional<Rational>(std::size_t at)>& expected,
                      const std::vector<NearbyLaw>& laws);

/// "1/10" or "0.333": a constant as people write it, if one such is within the tolerance.
std::string constant_text(const Rational& constant, const Rational& tolerance);

}  // namespace lemmacheck
