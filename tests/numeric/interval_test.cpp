#include "numeric/interval.hpp"

#include <array>
#include <cfenv>
#include <cfloat>
#include <random>
#include <vector>

#include "numeric/helpers.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Interval third() {
  return Interval::from(Rational::ratio(1, 3));
}
Interval everything() {
  return Interval::between(-infinity, infinity);
}
bool is_point(const Interval& x, double value) {
  return x.lower() == value && x.upper() == value;
}

/// Rationals of either sign: small, dyadic, near 1, huge, tiny, and beyond the range of doubles.
class Numbers {
 public:
  Rational next() {
    const Rational fraction = Rational::ratio(static_cast<std::int64_t>(below(2000)) - 1000, below(999) + 1);
    const auto size = static_cast<unsigned>(below(330));
    switch (below(6)) {
      case 0:
        return fraction;
      case 1:
        return Rational::ratio(static_cast<std::int64_t>(below(200)) - 100, std::uint64_t{1} << below(60));
      case 2:
        return Rational(1) + fraction / pow(Rational(10), size);
      case 3:
        return fraction * pow(Rational(10), size);
      case 4:
        return fraction / pow(Rational(10), size);
      default:
        return Rational(static_cast<std::int64_t>(random_()));
    }
  }
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

 private:
  std::mt19937_64 random_{1};
};

/// An interval around two numbers, and three numbers that lie in it.
struct Range {
  Range(const Rational& a, const Rational& b) : points{a, b, (a + b) / 2} {
    const Interval x = Interval::from(min(a, b)), y = Interval::from(max(a, b));
    interval = Interval::between(x.lower(), y.upper());
  }
  std::vector<Rational> points;
  Interval interval;
};

void check_operations(const Interval& x, const Interval& y, const Rational& a, const Rational& b) {
  INFO("a = " << a.to_string() << ", b = " << b.to_string());
  CHECK(encloses(x + y, a + b));
  CHECK(encloses(x - y, a - b));
  CHECK(encloses(x * y, a * b));
  if (b.sign() != 0) CHECK(encloses(x / y, a / b));
  CHECK(encloses(-x, -a));
  CHECK(encloses(abs(x), abs(a)));
  CHECK(encloses(max(x, y), max(a, b)));
  CHECK(encloses(min(x, y), min(a, b)));
}

}  // namespace

TEST_CASE("interval: every operation on two numbers encloses the exact result", "[interval]") {
  const RoundUpward upward;
  Numbers numbers;
  for (int i = 0; i < 2000; ++i) {
    const Rational a = numbers.next(), b = numbers.next();
    check_operations(Interval::from(a), Interval::from(b), a, b);
  }
}

TEST_CASE("interval: every operation on wide intervals encloses the results of their points", "[interval]") {
  const RoundUpward upward;
  Numbers numbers;
  for (int i = 0; i < 500; ++i) {
    const Range x(numbers.next(), numbers.next()), y(numbers.next(), numbers.next());
    for (const Rational& a : x.points)
      for (const Rational& b : y.points) check_operations(x.interval, y.interval, a, b);
  }
}

TEST_CASE("interval: multiples, quotients, powers and sums enclose the exact results", "[interval]") {
  const RoundUpward upward;
  Numbers numbers;
  for (int i = 0; i < 1000; ++i) {
    const Range x(numbers.next(), numbers.next());
    const std::uint64_t n = (numbers.below(std::uint64_t{1} << 53) >> numbers.below(53)) | 1U;
    const auto exponent = static_cast<unsigned>(numbers.below(8));
    const std::vector<Interval> terms(5, x.interval);
    for (const Rational& a : x.points) {
      INFO(a.to_string() << ", n = " << n << ", exponent = " << exponent);
      CHECK(encloses(scaled(x.interval, n), scaled(a, n)));
      CHECK(encloses(divided(x.interval, n), divided(a, n)));
      CHECK(encloses(pow(x.interval, exponent), pow(a, exponent)));
      CHECK(encloses(Interval::sum(0, 5, [&](std::size_t k) { return terms[k]; }), scaled(a, 5)));
    }
    const auto numerator = static_cast<std::int64_t>(numbers.below(std::uint64_t{1} << 53));
    CHECK(encloses(Interval::ratio(numerator, n), Rational::ratio(numerator, n)));
    CHECK(encloses(Interval::ratio(-numerator, n), Rational::ratio(-numerator, n)));
  }
}

TEST_CASE("interval: ordinary results are one point or two neighbouring doubles", "[interval]") {
  const RoundUpward upward;
  CHECK(third().lower() < third().upper());
  CHECK(std::nextafter(third().lower(), 1.0) == third().upper());
  CHECK(std::nextafter(Interval::ratio(-1, 3).lower(), 1.0) == Interval::ratio(-1, 3).upper());
  CHECK(is_point(Interval::ratio(1, 2) + Interval::ratio(1, 4), 0.75));
  CHECK(is_point(Interval(3) * Interval(-5), -15));
  CHECK(is_point(Interval(-7) / Interval(2), -3.5));
  CHECK(is_point(pow(Interval(-2), 5), -32));
  CHECK(is_point(scaled(Interval(-3), 4), -12));
}

TEST_CASE("interval: integers that are no doubles become proper intervals", "[interval]") {
  const RoundUpward upward;
  constexpr std::int64_t two_53 = std::int64_t{1} << 53;
  for (const std::int64_t n :
       {two_53 - 1, two_53, two_53 + 1, two_53 + 2, INT64_MAX, INT64_MIN + 1, -two_53 - 1, -two_53})
    CHECK(encloses(Interval(n), Rational(n)));
  CHECK(encloses(Interval(UINT64_MAX), Rational(UINT64_MAX)));
  CHECK(is_point(Interval(two_53 - 1), 0x1p53 - 1));
}

TEST_CASE("interval: a number minus itself encloses 0 and is not decided to be 0", "[interval]") {
  const RoundUpward upward;
  const Interval difference = third() - third();
  CHECK(encloses(difference, 0));
  CHECK(difference.lower() < difference.upper());
  CHECK(is_equal(difference, Interval(0)) == Truth::unknown);
}

TEST_CASE("interval: division by an interval that holds 0 says nothing", "[interval]") {
  const RoundUpward upward;
  for (const Interval& divisor :
       {Interval::between(0, 1), Interval::between(-1, 0), Interval::between(-1, 1), Interval(0)}) {
    const Interval quotient = Interval(1) / divisor;
    CHECK((quotient.lower() == -infinity && quotient.upper() == infinity));
  }
}

TEST_CASE("interval: absolute values of intervals around 0 begin at 0", "[interval]") {
  const RoundUpward upward;
  const Interval a = abs(Interval::between(-2, 1)), b = abs(Interval::between(-3, -2));
  CHECK((a.lower() == 0 && a.upper() == 2));
  CHECK((b.lower() == 2 && b.upper() == 3));
}

TEST_CASE("interval: at most is yes, no or unknown, and touching ends decide it", "[interval]") {
  const Interval low = Interval::between(1, 2), high = Interval::between(2, 3), top = Interval::between(4, 5);
  CHECK(is_at_most(low, top) == Truth::yes);
  CHECK(is_at_most(low, high) == Truth::yes);
  CHECK(is_at_most(high, low) == Truth::unknown);
  CHECK(is_at_most(top, low) == Truth::no);
  CHECK(is_at_most(low, low) == Truth::unknown);
  CHECK(is_at_most(Interval(2), Interval(2)) == Truth::yes);
  CHECK(holds(low, Relation::at_most, top) == Truth::yes);
}

TEST_CASE("interval: equal is yes for one point only, and no for disjoint intervals only", "[interval]") {
  const Interval low = Interval::between(1, 2), high = Interval::between(2, 3), top = Interval::between(4, 5);
  CHECK(is_equal(Interval(2), Interval(2)) == Truth::yes);
  CHECK(is_equal(low, low) == Truth::unknown);
  CHECK(is_equal(low, high) == Truth::unknown);
  CHECK((is_equal(Interval(1), low) == Truth::unknown && is_equal(low, Interval(1)) == Truth::unknown));
  CHECK((is_equal(low, top) == Truth::no && is_equal(top, low) == Truth::no));
  CHECK(holds(low, Relation::equal, top) == Truth::no);
}

TEST_CASE("interval: a decided relation is true of the exact numbers", "[interval]") {
  const RoundUpward upward;
  Numbers numbers;
  int decided = 0;
  for (int i = 0; i < 3000; ++i) {
    const Rational a = numbers.next();
    const Rational b = i % 3 == 0 ? numbers.next() : i % 3 == 1 ? a : a + Rational(1) / pow(Rational(10), 30);
    const Interval x = Interval::from(a), y = Interval::from(b);
    const Truth at_most = is_at_most(x, y), equal = is_equal(x, y);
    INFO(a.to_string() << " and " << b.to_string());
    CHECK((at_most == Truth::unknown || at_most == is_at_most(a, b)));
    CHECK((equal == Truth::unknown || equal == is_equal(a, b)));
    if (i % 3 == 0) decided += at_most != Truth::unknown;
  }
  CHECK(decided > 900);  // of 1000 pairs of different numbers
}

TEST_CASE("interval: infinite ends never decide wrongly", "[interval]") {
  const RoundUpward upward;
  const Interval huge = Interval::from(pow(Rational(10), 400)), more = Interval::from(pow(Rational(10), 401));
  for (const auto& [x, y] : {std::pair(huge, more), std::pair(more, huge), std::pair(huge * huge, more),
                             std::pair(huge - more, Interval(0)), std::pair(everything(), everything())}) {
    CHECK(is_at_most(x, y) == Truth::unknown);
    CHECK(is_equal(x, y) == Truth::unknown);
  }
  CHECK(is_at_most(huge, Interval(1)) == Truth::no);
  CHECK(is_at_most(-huge, huge) == Truth::yes);
}

TEST_CASE("interval: NaN is unknown, whatever is done with it", "[interval]") {
  const RoundUpward upward;
  const Interval x = everything() * Interval(0), y = Interval::between(not_a_number, not_a_number);
  CHECK((std::isnan(x.lower()) || std::isnan(x.upper())));
  for (const Interval& n : {x, y, y + Interval(1), y - y, y * Interval(2), Interval(-2) * y, y / Interval(3),
                            -y, abs(y), max(y, Interval(-9)), max(Interval(-9), y), min(y, Interval(9)),
                            min(Interval(9), y), pow(y, 3), scaled(y, 2), divided(y, 2)}) {
    CHECK(is_at_most(n, Interval(5)) == Truth::unknown);
    CHECK(is_at_most(Interval(5), n) == Truth::unknown);
    CHECK(is_equal(n, Interval(5)) == Truth::unknown);
    CHECK(is_equal(Interval(5), n) == Truth::unknown);
    CHECK(is_equal(n, n) == Truth::unknown);
  }
}

namespace {

/// What the mode does with sums of doubles: whether 1 + 3/4 ulp, 1 + tiny and -1 - tiny leave +-1.
std::array<bool, 3> rounding_now() {
  const volatile double one = 1, most_of_ulp = 0x1.8p-53, tiny = 0x1p-70;
  const volatile double a = one + most_of_ulp, b = one + tiny, c = -one - tiny;
  return {a > 1, b > 1, c < -1};
}

}  // namespace

TEST_CASE("interval: upward rounding ends with its scope", "[interval]") {
  constexpr std::array<bool, 3> upward = {true, true, false};
  const int before = std::fegetround();
  for (const int mode : {FE_TONEAREST, FE_TOWARDZERO}) {
    std::fesetround(mode);
    const auto outside = rounding_now();
    std::array<bool, 3> inner{}, outer{};
    {
      const RoundUpward one;
      {
        const RoundUpward two;
        inner = rounding_now();
      }
      outer = rounding_now();
    }
    const auto after = rounding_now();
    std::fesetround(before);
    CHECK(outside != upward);
    CHECK((inner == upward && outer == upward));
    CHECK(after == outside);
  }
}
