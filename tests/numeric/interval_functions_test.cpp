// log and exp of intervals against MPFI at 200 bits.
#include <cmath>
#include <random>

#include "numeric/helpers.hpp"
#include "numeric/interval.hpp"
#include "numeric/real_interval.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

constexpr unsigned bits = 200;

/// Whether the enclosure holds the number, and is not wider than the relative (or absolute) width asked for.
void check_against(const Interval& enclosure, const RealInterval& exact, double relative, double absolute) {
  const Rational lower = exactly(enclosure.lower()), upper = exactly(enclosure.upper());
  CHECK(lower <= *exact.lower());
  CHECK(*exact.upper() <= upper);
  const double size = std::max(std::fabs(enclosure.lower()), std::fabs(enclosure.upper()));
  CHECK((upper - lower).approximate() <= std::max(relative * size, absolute));
}

std::vector<double> arguments() {
  std::vector<double> list = {1,
                              0.5,
                              2,
                              std::nextafter(1.0, 2.0),
                              std::nextafter(1.0, 0.0),
                              1e-300,
                              1e300,
                              0x1p-1022,
                              0.7071067811865475,
                              0.7071067811865476,
                              1.4142135623730951,
                              3,
                              10,
                              0x1.fffffffffffffp1023};
  std::mt19937_64 random(3);
  for (int i = 0; i < 3000; ++i) {
    const double mantissa = 1 + static_cast<double>(random() % (std::uint64_t{1} << 52)) * 0x1p-52;
    const int range = i % 2 == 0 ? 3 : 1000;
    list.push_back(
        std::ldexp(mantissa, static_cast<int>(random() % static_cast<unsigned>(2 * range)) - range));
  }
  for (int i = 1; i < 60; ++i) list.push_back(1 + std::ldexp(1.0, -i));
  return list;
}

}  // namespace

TEST_CASE("interval: logarithms are enclosed, tightly", "[interval]") {
  for (const double x : arguments()) {
    INFO(x);
    Interval enclosure;
    {
      const RoundUpward upward;
      enclosure = log(Interval::between(x, x));
    }
    check_against(enclosure, log(RealInterval(exactly(x), bits)), 0x1p-49, 0x1p-1000);
  }
}

TEST_CASE("interval: exponentials are enclosed, tightly", "[interval]") {
  for (double x : arguments()) {
    x = std::fmod(x, 700);
    for (const double y : {x, -x}) {
      INFO(y);
      Interval enclosure;
      {
        const RoundUpward upward;
        enclosure = exp(Interval::between(y, y));
      }
      check_against(enclosure, exp(RealInterval(exactly(y), bits)), 0x1p-41, 0);
    }
  }
}

TEST_CASE("interval: logarithms and exponentials of ranges, and where nothing is known", "[interval]") {
  const RoundUpward upward;
  const Interval wide = log(Interval::between(0.5, 4));
  CHECK(wide.lower() <= -0.6931471805599453);
  CHECK(wide.upper() >= 1.3862943611198906);
  CHECK(wide.upper() < 1.3862943611199);
  const Interval powers = exp(Interval::between(-1, 1));
  CHECK(powers.lower() <= 0.36787944117144233);
  CHECK(powers.upper() >= 2.718281828459045);
  CHECK(log(Interval(1)).lower() <= 0);
  CHECK(log(Interval(1)).upper() >= 0);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const Interval& none : {Interval(0), Interval::between(-1, 1), Interval::between(0, 1),
                               Interval::between(1, infinity), Interval::between(0x1p-1074, 1)})
    CHECK(std::isnan(log(none).upper()));
  CHECK(std::isnan(exp(Interval(701)).upper()));
  CHECK(std::isnan(exp(Interval::between(std::numeric_limits<double>::quiet_NaN(), 1)).lower()));
}
