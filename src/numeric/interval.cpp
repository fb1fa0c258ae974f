#include "numeric/interval.hpp"

namespace lemmacheck {

Interval Interval::general_product(Interval a, Interval b) {
  const double al = a.lower(), au = a.upper(), bl = b.lower(), bu = b.upper();
  const double upper = larger(larger(al * bl, al * bu), larger(au * bl, au * bu));
  // -(x * y) rounded down is (-x) * y rounded up.
  const double negated_lower = larger(larger(-al * bl, -al * bu), larger(-au * bl, -au * bu));
  return Interval(Ends{negated_lower, upper});
}

Interval operator/(Interval a, Interval b) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (b.lower() <= 0 && b.upper() >= 0) return Interval::between(-infinity, infinity);
  if (b.upper() < 0) return -a / -b;
  // b > 0: 1/b has ends 1/b.upper rounded down and 1/b.lower rounded up.
  const Interval inverse(Interval::Ends{-1.0 / b.upper(), 1.0 / b.lower()});
  return a * inverse;
}

Interval pow(Interval base, unsigned exponent) {
  Interval result(1), square = base;
  for (unsigned e = exponent; e != 0; e >>= 1) {
    if ((e & 1U) != 0) result *= square;
    if (e > 1) square *= square;
  }
  return result;
}

namespace {

Interval nothing_known() {
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  return Interval::between(nothing, nothing);
}

/// An enclosure of [-size, size].
Interval around_0(double size) {
  return Interval::between(-size, size);
}

/// log 2 lies between two neighbouring doubles.
Interval log_of_2() {
  return Interval::between(0x1.62e42fefa39efp-1, 0x1.62e42fefa39f0p-1);
}

/// log x = k log 2 + 2 (z + z^3/3 + z^5/5 + ...), z = (m - 1)/(m + 1), for x = m 2^k with m^2 in [1/2, 2].
Interval log_of_point(double x) {
  int k = 0;
  double m = std::frexp(x, &k);
  if (m < 0x1.6a09e667f3bcdp-1) {
    m *= 2;
    --k;
  }
  const Interval point = Interval::between(m, m);
  const Interval z = (point - Interval(1)) / (point + Interval(1)), square = z * z;
  constexpr int last = 11;
  // What is left out of the last bracket is square/25 (1 + ...), and square < 1/33.
  Interval sum = around_0(0.05);
  for (int i = last; i >= 0; --i)
    sum = sum * square + Interval::ratio(1, 2 * static_cast<std::uint64_t>(i) + 1);
  return Interval(k) * log_of_2() + Interval(2) * z * sum;
}

/// e^x = 2^k e^r, r = x - k log 2 of at most 0.35, by the series of e^r.
Interval exp_of_point(double x) {
  const double k = std::round(x / 0x1.62e42fefa39efp-1);  // whatever the rounding mode
  const Interval r = Interval::between(x, x) - Interval(static_cast<std::int64_t>(k)) * log_of_2();
  constexpr int last = 15;
  // What is left out of the last bracket is r/16 (1 + ...), and |r| < 0.36.
  Interval sum = Interval(1) + around_0(0.03);
  for (int i = last; i >= 1; --i) sum = Interval(1) + sum * r / Interval(i);
  const double scale = std::ldexp(1.0, static_cast<int>(k));
  return sum * Interval::between(scale, scale);
}

}  // namespace

Interval log(Interval x) {
  const bool within =
      x.lower() >= std::numeric_limits<double>::min() && x.upper() <= std::numeric_limits<double>::max();
  if (!within) return nothing_known();
  const Interval low = log_of_point(x.lower());
  return x.lower() == x.upper() ? low : Interval::between(low.lower(), log_of_point(x.upper()).upper());
}

Interval exp(Interval x) {
  constexpr double most = 700;
  if (!(x.lower() >= -most && x.upper() <= most)) return nothing_known();
  const Interval low = exp_of_point(x.lower());
  return x.lower() == x.upper() ? low : Interval::between(low.lower(), exp_of_point(x.upper()).upper());
}

}  // namespace lemmacheck
