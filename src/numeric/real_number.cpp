#include "numeric/real_number.hpp"

#include <limits>

#include "numeric/error.hpp"

namespace lemmacheck {
namespace {

thread_local unsigned precision = 128;

[[noreturn]] void undefined(const char* what) {
  throw UndefinedValue(what);
}

/// -1, 0, 1, or nothing if the interval holds numbers of different signs.
std::optional<int> sign_of(const RealInterval& interval) {
  if (!interval.defined()) return std::nullopt;
  const int lower = interval.lower_sign(), upper = interval.upper_sign();
  if (lower == upper) return lower;
  return std::nullopt;
}

/// log of a rational above 0 or a form; kept exact where the argument is rational.
LogForm exact_log(const Rational& value) {
  return LogForm::log(value);
}

}  // namespace

RealPrecision::RealPrecision(unsigned bits) : previous_(precision) {
  precision = bits;
}
RealPrecision::~RealPrecision() {
  precision = previous_;
}
unsigned RealPrecision::bits() {
  return precision;
}

RealNumber::RealNumber(LogForm form) {
  if (form.is_infinite())
    infinite_ = 1;
  else
    form_ = std::move(form);
}

RealNumber RealNumber::infinity(int sign) {
  RealNumber result;
  result.infinite_ = sign;
  return result;
}

RealNumber RealNumber::between(const Rational& lower, const Rational& upper) {
  return RealNumber(RealInterval::between(lower, upper, 4096));
}

RealInterval RealNumber::interval() const {
  if (interval_) return *interval_;
  if (form_.is_rational()) return RealInterval(form_.rational(), precision);
  const LogForm::Enclosure ends = form_.enclose(precision);
  return RealInterval::between(ends.lower, ends.upper, precision);
}

const Rational* RealNumber::plain() const {
  return infinite_ != 0 || interval_ ? nullptr : form_.plain();
}

std::optional<Rational> RealNumber::rational() const {
  if (infinite_ != 0 || interval_ || !form_.is_rational()) return std::nullopt;
  return form_.rational();
}

std::optional<int> RealNumber::sign() const {
  if (infinite_ != 0) return infinite_;
  return interval_ ? sign_of(*interval_) : std::optional(form_.sign());
}

RealNumber& RealNumber::operator+=(const RealNumber& other) {
  if (infinite_ != 0 || other.infinite_ != 0) {
    if (infinite_ != 0 && other.infinite_ != 0 && infinite_ != other.infinite_)
      undefined("infinity - infinity");
    if (infinite_ == 0) *this = infinity(other.infinite_);
    return *this;
  }
  if (interval_ || other.interval_) return *this = RealNumber(interval() + other.interval());
  form_ += other.form_;
  return *this;
}

RealNumber& RealNumber::operator*=(const RealNumber& other) {
  if (infinite_ != 0 || other.infinite_ != 0) {
    const auto a = sign(), b = other.sign();
    if (!a || !b) throw UndecidedValue("a product with infinity");
    return *this = *a * *b == 0 ? RealNumber(0) : infinity(*a * *b);
  }
  // Most numbers are written as fractions.
  if (const Rational* q = other.plain(); q != nullptr && !interval_) {
    form_ *= *q;
    return *this;
  }
  if (const Rational* p = plain(); p != nullptr && !other.interval_) {
    form_ = other.form_ * *p;
    return *this;
  }
  // 0 times anything is 0, exactly.
  const auto p = rational(), q = other.rational();
  if ((p && p->sign() == 0) || (q && q->sign() == 0)) return *this = RealNumber(0);
  if (interval_ || other.interval_ || (!p && !q)) return *this = RealNumber(interval() * other.interval());
  if (q)
    form_ *= *q;
  else
    form_ = other.form_ * *p;
  return *this;
}

RealNumber& RealNumber::operator/=(const RealNumber& other) {
  if (const Rational* q = other.plain(); q != nullptr && q->sign() != 0 && infinite_ == 0 && !interval_) {
    form_ *= Rational(1) / *q;
    return *this;
  }
  const auto divisor_sign = other.sign();
  if (divisor_sign == 0) undefined("a division by 0");
  if (!divisor_sign) throw UndecidedValue("a division by what may be 0");
  if (other.infinite_ != 0) {
    if (infinite_ != 0) undefined("infinity / infinity");
    return *this = RealNumber(0);
  }
  if (infinite_ != 0) return *this = infinity(infinite_ * *divisor_sign);
  const auto p = rational(), q = other.rational();
  if (p && p->sign() == 0) return *this = RealNumber(0);
  if (q && !interval_) {
    form_ *= Rational(1) / *q;
    return *this;
  }
  return *this = RealNumber(interval() / other.interval());
}

RealNumber RealNumber::operator-() const {
  if (infinite_ != 0) return infinity(-infinite_);
  if (interval_) return RealNumber(-*interval_);
  return RealNumber(-form_);
}

RealNumber sqrt(const RealNumber& value) {
  const auto sign = value.sign();
  if (!sign) {
    if (value.interval_ && value.interval_->defined() && value.interval_->lower_sign() >= 0)
      return RealNumber(sqrt(*value.interval_));
    throw UndecidedValue("the root of what may be negative");
  }
  if (*sign < 0) undefined("the root of a negative number");
  if (value.is_infinite()) return value;
  if (const auto p = value.rational())
    if (const auto root = rational_sqrt(*p)) return *root;
  return RealNumber(sqrt(value.interval()));
}

RealNumber log(const RealNumber& value) {
  const auto sign = value.sign();
  if (!sign) throw UndecidedValue("the logarithm of what may be 0");
  if (*sign < 0) undefined("the logarithm of a negative number");
  if (*sign == 0) return RealNumber::infinity(-1);
  if (value.is_infinite()) return value;
  if (const auto p = value.rational()) return RealNumber(exact_log(*p));
  return RealNumber(log(value.interval()));
}

RealNumber exp(const RealNumber& value) {
  if (value.is_infinite()) return *value.sign() > 0 ? value : RealNumber(0);
  if (const auto p = value.rational(); p && p->sign() == 0) return RealNumber(1);
  return RealNumber(exp(value.interval()));
}

RealNumber abs(const RealNumber& value) {
  const auto sign = value.sign();
  if (sign) return *sign < 0 ? -value : value;
  return RealNumber(abs(*value.interval_));
}

RealNumber max(const RealNumber& a, const RealNumber& b) {
  const Truth order = is_at_most(a, b);
  if (order != Truth::unknown) return order == Truth::yes ? b : a;
  return RealNumber(max(a.interval(), b.interval()));
}

RealNumber min(const RealNumber& a, const RealNumber& b) {
  const Truth order = is_at_most(a, b);
  if (order != Truth::unknown) return order == Truth::yes ? a : b;
  return RealNumber(min(a.interval(), b.interval()));
}

Truth is_at_most(const RealNumber& a, const RealNumber& b) {
  if (a.infinite_ != 0 || b.infinite_ != 0) {
    if (a.infinite_ == b.infinite_) return Truth::yes;
    return a.infinite_ < 0 || b.infinite_ > 0 ? Truth::yes : Truth::no;
  }
  if (!a.interval_ && !b.interval_) return a.form_ <= b.form_ ? Truth::yes : Truth::no;
  const RealInterval difference = b.interval() - a.interval();
  if (!difference.defined()) return Truth::unknown;
  if (difference.lower_sign() >= 0) return Truth::yes;
  return difference.upper_sign() < 0 ? Truth::no : Truth::unknown;
}

Truth is_equal(const RealNumber& a, const RealNumber& b) {
  if (a.infinite_ != 0 || b.infinite_ != 0) return a.infinite_ == b.infinite_ ? Truth::yes : Truth::no;
  if (!a.interval_ && !b.interval_) return a.form_ == b.form_ ? Truth::yes : Truth::no;
  const RealInterval difference = b.interval() - a.interval();
  if (!difference.defined()) return Truth::unknown;
  if (difference.lower_sign() > 0 || difference.upper_sign() < 0) return Truth::no;
  return difference.lower_sign() == 0 && difference.upper_sign() == 0 ? Truth::yes : Truth::unknown;
}

bool may_be_same(const RealNumber& a, const RealNumber& b) {
  return is_equal(a, b) != Truth::no;
}

RealNumber::Enclosure RealNumber::enclosure() const {
  LEMMACHECK_INVARIANT(infinite_ == 0);
  if (const auto p = rational()) return {*p, *p};
  if (!interval_) {
    const LogForm::Enclosure ends = form_.enclose(128);
    return {ends.lower, ends.upper};
  }
  const auto lower = interval_->lower(), upper = interval_->upper();
  if (!lower || !upper) throw UndecidedValue("an enclosure without ends");
  return {*lower, *upper};
}

double RealNumber::approximate() const {
  if (infinite_ != 0) return infinite_ * std::numeric_limits<double>::infinity();
  if (!interval_) return form_.approximate();
  const Enclosure ends = enclosure();
  return ((ends.lower + ends.upper) / Rational(2)).approximate();
}

std::string RealNumber::to_string() const {
  if (infinite_ != 0) return infinite_ > 0 ? "infinity" : "-infinity";
  if (!interval_) return form_.to_string();
  const Enclosure ends = enclosure();
  return "[" + ends.lower.to_string() + ", " + ends.upper.to_string() + "]";
}

}  // namespace lemmacheck
