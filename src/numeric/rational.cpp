#include "numeric/rational.hpp"

#include <gmp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/multiprecision/gmp.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "numeric/detail/gmp.hpp"
#include "numeric/detail/text.hpp"
#include "numeric/error.hpp"

namespace lemmacheck {

namespace detail {
struct LargeRational {
  boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off> number;
  mpq_ptr raw() { return number.backend().data(); }
};
}  // namespace detail

namespace {

using detail::all_digits;
using detail::GmpScratch;
using detail::GmpView;
using detail::LargeRational;
using detail::quoted;

__extension__ using Wide = unsigned __int128;

static_assert(sizeof(std::uintptr_t) == sizeof(std::int64_t));

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

Wide product(std::uint64_t a, std::uint64_t b) {
  return Wide{a} * b;
}

/// std::gcd takes a step for each bit of the larger number, which 1 divides at once.
std::uint64_t common_divisor(std::uint64_t a, std::uint64_t b) {
  return a == 1 || b == 1 ? 1 : std::gcd(a, b);
}
std::uint64_t common_divisor(Wide a, std::uint64_t b) {
  return common_divisor(a >> 64 == 0 ? static_cast<std::uint64_t>(a) : static_cast<std::uint64_t>(a % b), b);
}

/// a / b, where b divides a.
Wide quotient(Wide a, std::uint64_t b) {
  return b == 1 ? a : a >> 64 == 0 ? Wide{static_cast<std::uint64_t>(a) / b} : a / b;
}

void set_wide(mpz_ptr target, Wide value) {
  const std::array<std::uint64_t, 2> limbs{static_cast<std::uint64_t>(value),
                                           static_cast<std::uint64_t>(value >> 64)};
  mpz_import(target, limbs.size(), -1, sizeof(std::uint64_t), 0, 0, limbs.data());
}

/// The number where it is below the limit.
std::optional<std::uint64_t> small_word(mpz_srcptr z, std::uint64_t limit) {
  if (mpz_cmpabs_ui(z, limit) >= 0) return std::nullopt;
  return mpz_get_ui(z);  // of the absolute value
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

// ------------------------------------------------------------------------------ how it is kept

detail::GmpView::GmpView(const Rational& value) noexcept {
  if (value.is_large()) {
    value_ = value.large().raw();
    return;
  }
  above_ = magnitude(value.numerator_);
  below_ = value.denominator_;
  mpz_roinit_n(mpq_numref(&small_), &above_, value.numerator_ < 0 ? -1 : value.numerator_ > 0 ? 1 : 0);
  mpz_roinit_n(mpq_denref(&small_), &below_, 1);
}

Rational detail::GmpScratch::take() {
  auto large = std::make_unique<LargeRational>();
  mpq_swap(large->raw(), value_);
  Rational result;
  result.become_large(std::move(large));
  result.settle();
  return result;
}

LargeRational& Rational::large() const noexcept {
  return *std::bit_cast<LargeRational*>(numerator_);
}
void Rational::copy_large(const Rational& other) {
  denominator_ = 1;  // nothing to release, should the copy throw
  become_large(std::make_unique<LargeRational>(other.large()));
}
void Rational::release_large() noexcept {
  delete &large();
}
void Rational::become_large(std::unique_ptr<LargeRational> value) noexcept {
  if (is_large()) release_large();
  numerator_ = std::bit_cast<std::int64_t>(value.release());
  denominator_ = 0;
}
/// Back to words, where it is large and fits.
void Rational::settle() {
  if (!is_large()) return;
  const mpq_srcptr value = large().raw();
  const auto above = small_word(mpq_numref(value), word_limit),
             below = small_word(mpq_denref(value), word_limit);
  if (!above || !below) return;
  const bool negative = mpq_sgn(value) < 0;
  release_large();
  numerator_ = negative ? -static_cast<std::int64_t>(*above) : static_cast<std::int64_t>(*above);
  denominator_ = *below;
}

/// Becomes +-numerator / denominator, which is in lowest terms.
template <class Natural>
Rational& Rational::assign(bool negative, Natural numerator, Natural denominator) {
  if (numerator < Natural{word_limit} && denominator < Natural{word_limit}) {
    if (is_large()) release_large();
    numerator_ = static_cast<std::int64_t>(numerator);
    if (negative) numerator_ = -numerator_;
    denominator_ = static_cast<std::uint64_t>(denominator);
    return *this;
  }
  auto value = std::make_unique<LargeRational>();
  set_wide(mpq_numref(value->raw()), numerator);
  set_wide(mpq_denref(value->raw()), denominator);
  if (negative) mpq_neg(value->raw(), value->raw());
  become_large(std::move(value));
  return *this;
}

/// `operation(result, *this, other)` of GMP.
template <class Operation>
Rational& Rational::apply_large(Operation operation, const Rational& other) {
  if (is_large()) {
    operation(large().raw(), large().raw(), GmpView(other));
  } else {
    auto value = std::make_unique<LargeRational>();
    operation(value->raw(), GmpView(*this), GmpView(other));
    become_large(std::move(value));
  }
  settle();
  return *this;
}

void Rational::become_integer(Signed integer) {
  assign<Wide>(integer.value < 0, magnitude(integer.value), 1);
}
void Rational::become_integer(Unsigned integer) {
  assign<Wide>(false, integer.value, 1);
}

// --------------------------------------------------------------------------- reading and writing

Rational Rational::ratio(std::int64_t numerator, std::uint64_t denominator) {
  const std::uint64_t above = magnitude(numerator);
  if (denominator == 0 || above >= word_limit || denominator >= word_limit)
    return Rational(numerator) /= Rational(denominator);
  const std::uint64_t shared = common_divisor(above, denominator);
  Rational result;
  result.numerator_ = numerator / static_cast<std::int64_t>(shared);
  result.denominator_ = denominator / shared;
  return result;
}

Rational Rational::from_limbs(std::span<const std::uint64_t> numerator,
                              std::span<const std::uint64_t> denominator) {
  GmpScratch result;
  set_limbs(result.numerator(), numerator);
  set_limbs(result.denominator(), denominator);
  LEMMACHECK_INVARIANT(mpz_sgn(result.denominator()) != 0);
  mpq_canonicalize(result);
  return result.take();
}

namespace {

/// Divides both by what they have in common with some power of the factor.
void cancel(mpz_ptr numerator, mpz_ptr denominator, std::uint64_t factor) {
  for (;;) {
    std::uint64_t common = common_divisor(std::uint64_t{mpz_fdiv_ui(numerator, factor)}, factor);
    if (common != 1) common = common_divisor(std::uint64_t{mpz_fdiv_ui(denominator, common)}, common);
    if (common == 1) return;
    mpz_divexact_ui(numerator, numerator, common);
    mpz_divexact_ui(denominator, denominator, common);
  }
}

}  // namespace

Rational Rational::from_limbs(std::span<const std::uint64_t> numerator,
                              std::span<const std::uint64_t> denominator,
                              std::span<const std::uint64_t> factors) {
  GmpScratch result;
  set_limbs(result.numerator(), numerator);
  if (mpz_sgn(result.numerator()) == 0) return 0;
  set_limbs(result.denominator(), denominator);
  LEMMACHECK_INVARIANT(mpz_sgn(result.denominator()) != 0);
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const auto has_its_primes = [&](std::uint64_t earlier) { return earlier % factors[i] == 0; };
    if (std::ranges::none_of(factors.first(i), has_its_primes))
      cancel(result.numerator(), result.denominator(), factors[i]);
  }
  return result.take();
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
  GmpScratch result;
  set_digits(result.numerator(), over);
  set_digits(result.denominator(), under);
  if (mpz_sgn(result.denominator()) == 0)
    throw InvalidInput(quoted(text) + " has denominator 0; a denominator is at least 1");
  if (negative) mpz_neg(result.numerator(), result.numerator());
  mpq_canonicalize(result);
  return result.take();
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
  if (is_large()) return large().number.str();
  return denominator_ == 1 ? std::to_string(numerator_)
                           : std::to_string(numerator_) + "/" + std::to_string(denominator_);
}

double Rational::approximate() const {
  return mpq_get_d(GmpView(*this));
}

Rational::Enclosure Rational::enclose() const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double toward_zero = approximate();  // GMP truncates
  if (std::isinf(toward_zero)) {
    constexpr double largest = std::numeric_limits<double>::max();
    return toward_zero > 0 ? Enclosure{largest, infinity} : Enclosure{-infinity, -largest};
  }
  if (is_integer() && std::fabs(toward_zero) < 0x1p53) return {toward_zero, toward_zero};
  const int s = sign();
  return s >= 0 ? Enclosure{toward_zero, std::nextafter(toward_zero, infinity)}
                : Enclosure{std::nextafter(toward_zero, -infinity), toward_zero};
}

// ------------------------------------------------------------------------------- its parts

int Rational::sign() const noexcept {
  if (is_large()) return mpq_sgn(large().raw());
  return numerator_ < 0 ? -1 : numerator_ > 0 ? 1 : 0;
}
bool Rational::is_integer() const noexcept {
  return is_large() ? mpz_cmp_ui(mpq_denref(large().raw()), 1) == 0 : denominator_ == 1;
}
std::size_t Rational::denominator_bits() const {
  return mpz_sizeinbase(GmpView(*this).denominator(), 2);
}

std::optional<std::uint64_t> Rational::denominator_word() const {
  if (!is_large()) return denominator_;
  if (denominator_bits() > 64) return std::nullopt;
  return mpz_get_ui(GmpView(*this).denominator());
}

std::optional<std::int64_t> Rational::as_integer() const {
  if (!is_integer()) return std::nullopt;
  if (!is_large()) return numerator_;
  const mpz_srcptr value = mpq_numref(large().raw());
  if (mpz_fits_slong_p(value) == 0) return std::nullopt;
  return mpz_get_si(value);
}

std::optional<std::uint64_t> Rational::scaled_to_word(std::uint64_t scale) const {
  if (!is_large()) {  // in lowest terms
    if (numerator_ < 0 || scale % denominator_ != 0) return std::nullopt;
    const Wide word = product(magnitude(numerator_), scale / denominator_);
    return word >> 64 == 0 ? std::optional(static_cast<std::uint64_t>(word)) : std::nullopt;
  }
  const Rational product = *this * Rational(scale);
  const GmpView view(product);
  if (!product.is_integer() || product.sign() < 0 || mpz_sizeinbase(view.numerator(), 2) > 64)
    return std::nullopt;
  return mpz_get_ui(view.numerator());
}

// ------------------------------------------------------------------------------- arithmetic

Rational& Rational::add(const Rational& other, bool negated) {
  if (other.numerator_ == 0) return *this;
  // Over the least common denominator the numerator can share with it what the two denominators share, and
  // nothing else (Knuth, The Art of Computer Programming, 4.5.1).
  const std::uint64_t shared = common_divisor(denominator_, other.denominator_);
  const std::uint64_t mine = denominator_ / shared, others = other.denominator_ / shared;
  Wide a = product(magnitude(numerator_), others), b = product(magnitude(other.numerator_), mine);
  bool negative = numerator_ < 0;
  const bool same_sign = negative == ((other.numerator_ < 0) != negated);
  if (!same_sign && a < b) {
    std::swap(a, b);
    negative = !negative;
  }
  const Wide sum = same_sign ? a + b : a - b;
  const std::uint64_t reduced = shared == 1 ? 1 : common_divisor(sum, shared);
  return assign<Wide>(negative, quotient(sum, reduced), product(mine, other.denominator_ / reduced));
}

Rational& Rational::operator+=(const Rational& other) {
  return is_large() || other.is_large() ? apply_large(mpq_add, other) : add(other, false);
}
Rational& Rational::operator-=(const Rational& other) {
  return is_large() || other.is_large() ? apply_large(mpq_sub, other) : add(other, true);
}
Rational& Rational::operator*=(const Rational& other) {
  if (is_large() || other.is_large()) return apply_large(mpq_mul, other);
  if (numerator_ == 0 || (other.numerator_ == 1 && other.denominator_ == 1)) return *this;
  const std::uint64_t a = magnitude(numerator_), b = magnitude(other.numerator_);
  const std::uint64_t left = common_divisor(a, other.denominator_), right = common_divisor(b, denominator_);
  return assign<Wide>((numerator_ < 0) != (other.numerator_ < 0), product(a / left, b / right),
                      product(denominator_ / right, other.denominator_ / left));
}
Rational& Rational::operator/=(const Rational& other) {
  if (other.sign() == 0) throw InvalidInput("division by 0");
  if (is_large() || other.is_large()) return apply_large(mpq_div, other);
  if (numerator_ == 0 || (other.numerator_ == 1 && other.denominator_ == 1)) return *this;
  const std::uint64_t a = magnitude(numerator_), b = magnitude(other.numerator_);
  const std::uint64_t left = common_divisor(a, b), right = common_divisor(denominator_, other.denominator_);
  return assign<Wide>((numerator_ < 0) != (other.numerator_ < 0),
                      product(a / left, other.denominator_ / right), product(denominator_ / right, b / left));
}
Rational Rational::operator-() const {
  Rational result(*this);
  if (result.is_large())
    mpq_neg(result.large().raw(), result.large().raw());
  else
    result.numerator_ = -result.numerator_;
  return result;
}

bool Rational::equal(const Rational& a, const Rational& b) {
  if (a.is_large() && b.is_large()) return mpq_equal(a.large().raw(), b.large().raw()) != 0;
  return a.numerator_ == b.numerator_ && a.denominator_ == b.denominator_;
}
int Rational::compare(const Rational& a, const Rational& b) {
  if (a.is_large() || b.is_large()) return mpq_cmp(GmpView(a), GmpView(b));
  if (const int s = a.sign(), t = b.sign(); s != t || s == 0) return s - t;
  const Wide left = product(magnitude(a.numerator_), b.denominator_);
  const Wide right = product(magnitude(b.numerator_), a.denominator_);
  const int order = left < right ? -1 : left > right ? 1 : 0;
  return a.numerator_ < 0 ? -order : order;
}

Rational abs(Rational value) {
  return value.sign() < 0 ? -value : value;
}

Rational pow(Rational base, unsigned exponent) {
  // A fraction in lowest terms stays so, hence no reduction: power the two parts.
  const GmpView view(base);
  GmpScratch result;
  mpz_pow_ui(result.numerator(), view.numerator(), exponent);
  mpz_pow_ui(result.denominator(), view.denominator(), exponent);
  return result.take();
}

Rational floor(const Rational& value) {
  const detail::GmpView view(value);
  detail::GmpScratch result;
  mpz_fdiv_q(result.numerator(), view.numerator(), view.denominator());
  return result.take();
}

std::optional<Rational> rational_sqrt(const Rational& value) {
  // In lowest terms a fraction is a square just where both of its parts are.
  const GmpView view(value);
  if (value.sign() < 0 || mpz_perfect_square_p(view.numerator()) == 0 ||
      mpz_perfect_square_p(view.denominator()) == 0)
    return std::nullopt;
  GmpScratch root;
  mpz_sqrt(root.numerator(), view.numerator());
  mpz_sqrt(root.denominator(), view.denominator());
  return root.take();
}

static_assert(sizeof(unsigned long) == 8 && GMP_NAIL_BITS == 0, "lemmacheck needs a 64-bit system");

}  // namespace lemmacheck
