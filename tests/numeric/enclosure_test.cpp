#include <cfenv>
#include <cfloat>
#include <random>
#include <vector>

#include "numeric/helpers.hpp"
#include "numeric/rational.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

Rational ten_to(unsigned n) {
  return pow(Rational(10), n);
}

}  // namespace

TEST_CASE("enclosure: it holds the number, in every rounding mode", "[enclosure]") {
  std::vector<Rational> numbers = {0,
                                   1,
                                   -1,
                                   Rational::ratio(1, 3),
                                   Rational::ratio(1, 2),
                                   Rational::ratio(-1, 10),
                                   ten_to(30),
                                   exactly(DBL_MAX),
                                   exactly(DBL_TRUE_MIN),
                                   exactly(DBL_MIN) - exactly(DBL_TRUE_MIN) / 3};
  for (const unsigned n : {15U, 22U, 23U, 307U, 308U, 309U, 320U, 323U, 324U, 400U}) {
    numbers.push_back(ten_to(n) / 7);
    numbers.push_back(Rational(7) / ten_to(n));
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i)
    numbers.push_back(Rational::ratio(static_cast<std::int64_t>(random()), random()));
  const int before = std::fegetround();
  for (const int mode : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    for (const Rational& positive : numbers) {
      for (const Rational& x : {positive, -positive}) {
        std::fesetround(mode);
        const auto [lower, upper] = x.enclose();
        std::fesetround(before);
        INFO(x.to_string() << " in mode " << mode);
        CHECK(encloses(lower, upper, x));
        // At most one double lies between the ends.
        CHECK(std::nextafter(std::nextafter(lower, upper), upper) == upper);
        CHECK((lower <= x.approximate() && x.approximate() <= upper));
      }
    }
  }
}

TEST_CASE("enclosure: integers below 2^53 are one point", "[enclosure]") {
  constexpr std::int64_t two_53 = std::int64_t{1} << 53;
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-3}, two_53 - 1, 1 - two_53}) {
    const auto [lower, upper] = Rational(n).enclose();
    CHECK((lower == upper && exactly(lower) == Rational(n)));
  }
}

TEST_CASE("enclosure: integers from 2^53 on are enclosed, though some are no doubles", "[enclosure]") {
  for (const unsigned n : {53U, 54U, 63U, 64U, 100U}) {
    for (const int offset : {-1, 0, 1}) {
      for (const int s : {1, -1}) {
        const Rational x = (pow(Rational(2), n) + offset) * s;
        const auto [lower, upper] = x.enclose();
        INFO(x.to_string());
        CHECK(encloses(lower, upper, x));
      }
    }
  }
}

TEST_CASE("enclosure: numbers beyond the doubles are enclosed by infinity, or by zero", "[enclosure]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto is = [](Rational::Enclosure e, double lower, double upper) {
    return e.lower == lower && e.upper == upper;
  };
  CHECK(is(ten_to(400).enclose(), DBL_MAX, infinity));
  CHECK(is((-ten_to(400)).enclose(), -infinity, -DBL_MAX));
  CHECK(is((Rational(1) / ten_to(400)).enclose(), 0, DBL_TRUE_MIN));
  CHECK(is((Rational(-1) / ten_to(400)).enclose(), -DBL_TRUE_MIN, 0));
}
