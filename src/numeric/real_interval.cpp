#include "numeric/real_interval.hpp"

#include <mpfi.h>

#include "numeric/detail/gmp.hpp"
#include "numeric/detail/mpfr_constants.hpp"
#include "numeric/error.hpp"

namespace lemmacheck {

struct RealInterval::Ends {
  explicit Ends(mpfr_prec_t bits) {
    detail::release_constants_with_thread();
    mpfi_init2(value, bits);
  }
  Ends(const Ends& other) : Ends(mpfi_get_prec(other.value)) { mpfi_set(value, other.value); }
  Ends& operator=(const Ends&) = delete;
  ~Ends() { mpfi_clear(value); }
  mpfi_t value;
};

namespace {

/// A fraction of more bits than this would only exhaust memory.
constexpr mpfr_exp_t largest_exponent = mpfr_exp_t{1} << 20;

Rational power_of_two(mpfr_exp_t exponent) {
  const Rational power = pow(Rational(2), static_cast<unsigned>(exponent < 0 ? -exponent : exponent));
  return exponent < 0 ? Rational(1) / power : power;
}

/// The end, or the next fraction of moderate size below it.
std::optional<Rational> below(mpfr_srcptr end) {
  const bool negative = mpfr_sgn(end) < 0;
  if (mpfr_zero_p(end) != 0) return Rational(0);
  if (mpfr_inf_p(end) != 0 || mpfr_get_exp(end) > largest_exponent)
    return negative ? std::nullopt : std::optional(power_of_two(largest_exponent - 1));
  if (mpfr_get_exp(end) < -largest_exponent) return negative ? -power_of_two(-largest_exponent) : Rational(0);
  detail::GmpScratch result;
  mpfr_get_q(result, end);
  return result.take();
}

}  // namespace

RealInterval::RealInterval(const Rational& value, unsigned bits)
    : ends_(std::make_unique<Ends>(static_cast<mpfr_prec_t>(bits))) {
  mpfi_set_q(ends_->value, detail::GmpView(value));
}
RealInterval RealInterval::between(const Rational& lower, const Rational& upper, unsigned bits) {
  RealInterval result(lower, bits);
  const RealInterval other(upper, bits);
  mpfi_union(result.ends_->value, result.ends_->value, other.ends_->value);
  return result;
}
RealInterval::RealInterval(const RealInterval& other) : ends_(std::make_unique<Ends>(*other.ends_)) {}
RealInterval& RealInterval::operator=(const RealInterval& other) {
  if (this != &other) ends_ = std::make_unique<Ends>(*other.ends_);
  return *this;
}
RealInterval::RealInterval(RealInterval&&) noexcept = default;
RealInterval& RealInterval::operator=(RealInterval&&) noexcept = default;
RealInterval::~RealInterval() = default;

RealInterval operator+(RealInterval a, const RealInterval& b) {
  mpfi_add(a.ends_->value, a.ends_->value, b.ends_->value);
  return a;
}
RealInterval operator-(RealInterval a, const RealInterval& b) {
  mpfi_sub(a.ends_->value, a.ends_->value, b.ends_->value);
  return a;
}
RealInterval operator*(RealInterval a, const RealInterval& b) {
  mpfi_mul(a.ends_->value, a.ends_->value, b.ends_->value);
  return a;
}
RealInterval operator/(RealInterval a, const RealInterval& b) {
  mpfi_div(a.ends_->value, a.ends_->value, b.ends_->value);
  return a;
}
RealInterval RealInterval::operator-() const {
  RealInterval result = *this;
  mpfi_neg(result.ends_->value, result.ends_->value);
  return result;
}
RealInterval sqrt(RealInterval a) {
  mpfi_sqrt(a.ends_->value, a.ends_->value);
  return a;
}
RealInterval exp(RealInterval a) {
  mpfi_exp(a.ends_->value, a.ends_->value);
  return a;
}
RealInterval log(RealInterval a) {
  mpfi_log(a.ends_->value, a.ends_->value);
  return a;
}
RealInterval abs(RealInterval a) {
  mpfi_abs(a.ends_->value, a.ends_->value);
  return a;
}
RealInterval min(RealInterval a, const RealInterval& b) {
  mpfr_ptr left = &a.ends_->value->left, right = &a.ends_->value->right;
  mpfr_min(left, left, &b.ends_->value->left, MPFR_RNDD);
  mpfr_min(right, right, &b.ends_->value->right, MPFR_RNDU);
  return a;
}
RealInterval max(RealInterval a, const RealInterval& b) {
  return -min(-a, -b);
}

bool RealInterval::defined() const {
  return mpfi_nan_p(ends_->value) == 0;
}
int RealInterval::lower_sign() const {
  LEMMACHECK_INVARIANT(defined());
  return mpfr_sgn(&ends_->value->left);
}
int RealInterval::upper_sign() const {
  LEMMACHECK_INVARIANT(defined());
  return mpfr_sgn(&ends_->value->right);
}
std::optional<Rational> RealInterval::lower() const {
  LEMMACHECK_INVARIANT(defined());
  return below(&ends_->value->left);
}
std::optional<Rational> RealInterval::upper() const {
  auto result = (-*this).lower();
  return result ? std::optional(-*result) : std::nullopt;
}

}  // namespace lemmacheck
