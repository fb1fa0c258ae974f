#include "numeric/rational.hpp"

#include <gmp.h>

#include <boost/multiprecision/gmp.hpp>
#include <cmath>
#include <limits>
#include <new>
#include <utility>

#include "numeric/detail/gmp.hpp"
#include "numeric/detail/text.hpp"
#include "numeric/error.hpp"

namespace lemmacheck {

using Backend =
    boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;

namespace detail {
/// The one place that knows that a Rational's bytes are a Boost number.
struct RationalAccess {
  static Backend& get(Rational& r) { return *std::launder(reinterpret_cast<Backend*>(r.storage_)); }
  static const Backend& get(const Rational& r) {
    return *std::launder(reinterpret_cast<const Backend*>(r.storage_));
  }
  template <class... Args>
  static void construct(Rational& r, Args&&... args) {
    static_assert(sizeof(Backend) <= Rational::storage_bytes && alignof(Backend) <= alignof(void*));
    ::new (static_cast<void*>(r.storage_)) Backend(std::forward<Args>(args)...);
  }
};
}  // namespace detail

namespace {

using detail::all_digits;
using detail::quoted;
using detail::RationalAccess;

Backend& backend(Rational& r) {
  return RationalAccess::get(r);
}
const Backend& backend(const Rational& r) {
  return RationalAccess::get(r);
}
mpq_srcptr raw(const Rational& r) {
  return backend(r).backend().data();
}
mpq_ptr raw(Rational& r) {
  return backend(r).backend().data();
}

void check_length(std::string_view text) {
  if (text.size() > 2 * Rational::max_digits + 2)
    throw InvalidInput("the number " + quoted(text) + " has " + std::to_string(text.size()) +
                       " characters; at most " + std::to_string(Rational::max_digits) +
                       " digits are read above and below the line");
}

void set_digits(mpz_ptr target, std::string_view digits) {
  if (digits.size() > Rational::max_digits)
    throw InvalidInput("the number " + quoted(digits) + " has " + std::to_string(digits.size()) +
                       " digits; at most " + std::to_string(Rational::max_digits) + " are read");
  mpz_set_str(target, std::string(digits).c_str(), 10);
}

void set_limbs(mpz_ptr target, std::span<const std::uint64_t> limbs) {
  mpz_import(target, limbs.size(), -1, sizeof(std::uint64_t), 0, 0, limbs.data());
}

}  // namespace

mpq_srcptr detail::gmp(const Rational& r) {
  return raw(r);
}
mpq_ptr detail::gmp(Rational& r) {
  return raw(r);
}

Rational::Rational() noexcept {
  RationalAccess::construct(*this);
}
Rational::Rational(Signed v) {
  RationalAccess::construct(*this, v.value);
}
Rational::Rational(Unsigned v) {
  RationalAccess::construct(*this, v.value);
}
Rational::Rational(const Rational& other) {
  RationalAccess::construct(*this, backend(other));
}
Rational::Rational(Rational&& other) noexcept {
  // A swap leaves the source a valid zero; Boost's own move leaves it unusable.
  RationalAccess::construct(*this);
  mpq_swap(raw(*this), raw(other));
}
Rational& Rational::operator=(const Rational& other) {
  backend(*this) = backend(other);
  return *this;
}
Rational& Rational::operator=(Rational&& other) noexcept {
  mpq_swap(raw(*this), raw(other));
  return *this;
}
Rational::~Rational() {
  backend(*this).~Backend();
}

Rational Rational::ratio(std::int64_t numerator, std::uint64_t denominator) {
  return Rational(numerator) /= Rational(denominator);
}

Rational Rational::from_limbs(std::span<const std::uint64_t> numerator,
                              std::span<const std::uint64_t> denominator) {
  Rational result;
  set_limbs(mpq_numref(raw(result)), numerator);
  set_limbs(mpq_denref(raw(result)), denominator);
  LEMMACHECK_INVARIANT(mpz_sgn(mpq_denref(raw(result))) != 0);
  mpq_canonicalize(raw(result));
  return result;
}

Rational Rational::parse_fraction(std::string_view text) {
  check_length(text);
  std::string_view digits = text;
  const bool negative = !digits.empty() && digits.front() == '-';
  if (negative) digits.remove_prefix(1);
  const std::size_t bar = digits.find('/');
  const std::string_view over = digits.substr(0, bar);
  const std::string_view under = bar == std::string_view::npos ? "1" : digits.substr(bar + 1);
  if (!all_digits(over) || !all_digits(under))
    throw InvalidInput(quoted(text) +
                       " is not a fraction; write it as \"p/q\" or \"p\" in digits, such as \"1/10\"");
  Rational result;
  set_digits(mpq_numref(raw(result)), over);
  set_digits(mpq_denref(raw(result)), under);
  if (mpz_sgn(mpq_denref(raw(result))) == 0)
    throw InvalidInput(quoted(text) + " has denominator 0; a denominator is at least 1");
  if (negative) mpz_neg(mpq_numref(raw(result)), mpq_numref(raw(result)));
  mpq_canonicalize(raw(result));
  return result;
}

Rational Rational::parse_typed(std::string_view text) {
  check_length(text);
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return parse_fraction(text);
  std::string_view whole = text.substr(0, point);
  const std::string_view decimals = text.substr(point + 1);
  const bool negative = !whole.empty() && whole.front() == '-';
  if (negative) whole.remove_prefix(1);
  if (!(all_digits(whole) || whole.empty()) || !all_digits(decimals))
    throw InvalidInput(quoted(text) + " is not a number; write 1/10, 0.1 or 3 (no exponents)");
  Rational result = parse_fraction(std::string(whole) + std::string(decimals));
  result /= pow(Rational(10), static_cast<unsigned>(decimals.size()));
  return negative ? -result : result;
}

std::string Rational::to_string() const {
  return backend(*this).str();
}

double Rational::approximate() const {
  return mpq_get_d(raw(*this));
}

Rational::Enclosure Rational::enclose() const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double toward_zero = mpq_get_d(raw(*this));  // GMP truncates
  if (std::isinf(toward_zero)) {
    constexpr double largest = std::numeric_limits<double>::max();
    return toward_zero > 0 ? Enclosure{largest, infinity} : Enclosure{-infinity, -largest};
  }
  if (is_integer() && std::fabs(toward_zero) < 0x1p53) return {toward_zero, toward_zero};
  const int s = sign();
  return s >= 0 ? Enclosure{toward_zero, std::nextafter(toward_zero, infinity)}
                : Enclosure{std::nextafter(toward_zero, -infinity), toward_zero};
}

int Rational::sign() const noexcept {
  return mpq_sgn(raw(*this));
}
bool Rational::is_integer() const noexcept {
  return mpz_cmp_ui(mpq_denref(raw(*this)), 1) == 0;
}
std::size_t Rational::denominator_bits() const {
  return mpz_sizeinbase(mpq_denref(raw(*this)), 2);
}

std::optional<std::uint64_t> Rational::denominator_word() const {
  if (denominator_bits() > 64) return std::nullopt;
  return mpz_get_ui(mpq_denref(raw(*this)));
}

std::optional<std::int64_t> Rational::as_integer() const {
  const mpq_srcptr value = raw(*this);
  if (mpz_cmp_ui(mpq_denref(value), 1) != 0 || mpz_fits_slong_p(mpq_numref(value)) == 0) return std::nullopt;
  return mpz_get_si(mpq_numref(value));
}

std::optional<std::uint64_t> Rational::scaled_to_word(std::uint64_t scale) const {
  const Rational product = *this * Rational(scale);
  if (!product.is_integer() || product.sign() < 0 || mpz_sizeinbase(mpq_numref(raw(product)), 2) > 64)
    return std::nullopt;
  return mpz_get_ui(mpq_numref(raw(product)));
}

Rational& Rational::operator+=(const Rational& other) {
  backend(*this) += backend(other);
  return *this;
}
Rational& Rational::operator-=(const Rational& other) {
  backend(*this) -= backend(other);
  return *this;
}
Rational& Rational::operator*=(const Rational& other) {
  backend(*this) *= backend(other);
  return *this;
}
Rational& Rational::operator/=(const Rational& other) {
  if (other.sign() == 0) throw InvalidInput("division by 0");
  backend(*this) /= backend(other);
  return *this;
}
Rational Rational::operator-() const {
  Rational result(*this);
  mpq_neg(raw(result), raw(result));
  return result;
}

bool Rational::equal(const Rational& a, const Rational& b) {
  return mpq_equal(raw(a), raw(b)) != 0;
}
int Rational::compare(const Rational& a, const Rational& b) {
  return mpq_cmp(raw(a), raw(b));
}

Rational abs(Rational value) {
  return value.sign() < 0 ? -value : value;
}

Rational pow(Rational base, unsigned exponent) {
  // A fraction in lowest terms stays so, hence no reduction: power the two parts.
  mpz_pow_ui(mpq_numref(raw(base)), mpq_numref(raw(base)), exponent);
  mpz_pow_ui(mpq_denref(raw(base)), mpq_denref(raw(base)), exponent);
  return base;
}

std::optional<Rational> rational_sqrt(const Rational& value) {
  // In lowest terms a fraction is a square just where both of its parts are.
  if (value.sign() < 0 || mpz_perfect_square_p(mpq_numref(raw(value))) == 0 ||
      mpz_perfect_square_p(mpq_denref(raw(value))) == 0)
    return std::nullopt;
  Rational root = value;
  mpz_sqrt(mpq_numref(raw(root)), mpq_numref(raw(root)));
  mpz_sqrt(mpq_denref(raw(root)), mpq_denref(raw(root)));
  return root;
}

static_assert(sizeof(unsigned long) == 8 && GMP_NAIL_BITS == 0, "lemmacheck needs a 64-bit system");

}  // namespace lemmacheck
