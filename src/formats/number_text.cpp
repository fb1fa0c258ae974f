#include "formats/number_text.hpp"

#include <charconv>
#include <string>

#include "numeric/error.hpp"

namespace lemmacheck {
namespace {

Rational power_of_ten(int exponent) {
  const Rational power = pow(Rational(10), static_cast<unsigned>(exponent < 0 ? -exponent : exponent));
  return exponent < 0 ? Rational(1) / power : power;
}

/// The exponent after `e`; @throws InvalidInput where it is none, or so large that no probability has it.
int exponent_of(std::string_view digits, std::string_view whole) {
  constexpr int most = 400;  // beyond what a double can hold
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
  int exponent = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (fault != std::errc() || end != digits.data() + digits.size() || exponent > most || exponent < -most)
    throw InvalidInput("'" + std::string(whole.substr(0, 40)) +
                       "' is not a number; write 1/10, 0.1, 3 or 1e-5");
  return exponent;
}

}  // namespace

PrintedNumber read_printed(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos && text.find('/') != std::string_view::npos)
    throw InvalidInput("'" + std::string(text.substr(0, 40)) +
                       "' is a fraction with an exponent; write one or the other");
  const std::string_view mantissa = text.substr(0, e);
  PrintedNumber number{Rational::parse_typed(mantissa), 0};
  const std::size_t point = mantissa.find('.');
  const int exponent = e == std::string_view::npos ? 0 : exponent_of(text.substr(e + 1), text);
  if (exponent != 0) number.value *= power_of_ten(exponent);
  if (point == std::string_view::npos && e == std::string_view::npos) return number;
  const auto decimals = point == std::string_view::npos ? 0 : static_cast<int>(mantissa.size() - point) - 1;
  number.half_unit = power_of_ten(exponent - decimals) / Rational(2);
  return number;
}

Rational nearest_fraction(const Rational& value, std::uint64_t largest) {
  // Convergents p/q of the continued fraction, until the next one would have too large a denominator; then
  // the last one, or the largest part of the way to the next.
  Rational p0(0), q0(1), p1(1), q1(0), rest = value;
  const Rational most(largest);
  while (true) {
    const Rational whole = floor(rest);
    const Rational q2 = q0 + whole * q1;
    if (q2 > most) break;
    const Rational p2 = p0 + whole * p1;
    p0 = p1;
    q0 = q1;
    p1 = p2;
    q1 = q2;
    if (rest == whole) return p1 / q1;
    rest = Rational(1) / (rest - whole);
  }
  const Rational steps = floor((most - q0) / q1);
  const Rational last = p1 / q1, between = (p0 + steps * p1) / (q0 + steps * q1);
  return abs(between - value) < abs(last - value) ? between : last;
}

}  // namespace lemmacheck
