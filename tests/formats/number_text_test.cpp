#include "formats/number_text.hpp"

#include "numeric/error.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

TEST_CASE("printed numbers: what they are, and what rounding can have hidden", "[formats]") {
  const auto check = [](const char* text, const Rational& value, const Rational& half_unit) {
    INFO(text);
    const PrintedNumber number = read_printed(text);
    CHECK(number.value == value);
    CHECK(number.half_unit == half_unit);
  };
  check("1/3", Rational::ratio(1, 3), 0);
  check("2", 2, 0);
  check("-3", -3, 0);
  check("0.25", Rational::ratio(1, 4), Rational::ratio(1, 200));
  check("0.333333", Rational::ratio(333333, 1000000), Rational::ratio(1, 2000000));
  check("1e-05", Rational::ratio(1, 100000), Rational::ratio(1, 200000));
  check("1.5E-7", Rational::ratio(15, 100000000), Rational::ratio(5, 1000000000));
  check("2.5e+2", 250, 5);
}

TEST_CASE("printed numbers: what is none is refused", "[formats]") {
  for (const char* text : {"", "x", "nan", "inf", "0x1p-3", "1e", "1e5.5", "1e999", "1e-999", "0,5", "1/0",
                           "1 2", "--1", ".", "e5", "1e+-5", "1/1e2", "1/20e1"}) {
    INFO(text);
    CHECK_THROWS_AS(read_printed(text), InvalidInput);
  }
}

TEST_CASE("nearest fractions: the best of all with such a denominator", "[formats]") {
  for (const auto& value :
       {Rational::ratio(333333, 1000000), Rational::ratio(769230769, 10000000000), Rational::ratio(-22, 7),
        Rational::ratio(1, 2), Rational::ratio(99, 100), Rational(0), Rational(5)})
    for (std::uint64_t largest = 1; largest <= 40; ++largest) {
      const Rational found = nearest_fraction(value, largest);
      INFO(value.to_string() << ", denominators up to " << largest << ": " << found.to_string());
      CHECK(found.denominator_word().value_or(0) <= largest);
      for (std::uint64_t q = 1; q <= largest; ++q) {
        const Rational below = floor(value * Rational(q)) / Rational(q);
        CHECK(abs(found - value) <= abs(below - value));
        CHECK(abs(found - value) <= abs(below + Rational::ratio(1, q) - value));
      }
    }
}
