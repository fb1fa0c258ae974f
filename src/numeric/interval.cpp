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

}  // namespace lemmacheck
