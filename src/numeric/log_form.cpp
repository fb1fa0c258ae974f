#include "numeric/log_form.hpp"

#include <mpfi.h>
#include <mpfr.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "numeric/detail/gmp.hpp"
#include "numeric/detail/mpfr_constants.hpp"
#include "numeric/detail/text.hpp"
#include "numeric/error.hpp"

namespace lemmacheck {

using detail::GmpScratch;
using detail::GmpView;
using detail::LogTerm;
using detail::release_constants_with_thread;

namespace {

// ------------------------------------------------------------------------------- enclosures

/// An interval of MPFI: ends of `precision` bits, rounded outward.
class Enclosing {
 public:
  explicit Enclosing(mpfr_prec_t precision) {
    release_constants_with_thread();
    mpfi_init2(&value_, precision);
  }
  ~Enclosing() { mpfi_clear(&value_); }
  Enclosing(const Enclosing&) = delete;
  Enclosing& operator=(const Enclosing&) = delete;

  mpfi_ptr get() { return &value_; }
  mpfi_srcptr get() const { return &value_; }
  mpfr_srcptr lower() const { return &value_.left; }
  mpfr_srcptr upper() const { return &value_.right; }
  mpfr_prec_t precision() const { return mpfi_get_prec(&value_); }
  /// The sign of all its numbers; 0 where they do not agree.
  int sign() const { return mpfr_sgn(lower()) > 0 ? 1 : mpfr_sgn(upper()) < 0 ? -1 : 0; }

 private:
  __mpfi_struct value_;
};

/// A floating-point number of MPFR.
class Rounded {
 public:
  explicit Rounded(mpfr_prec_t precision) { mpfr_init2(value_, precision); }
  ~Rounded() { mpfr_clear(value_); }
  Rounded(const Rounded&) = delete;
  Rounded& operator=(const Rounded&) = delete;

  mpfr_ptr get() { return value_; }
  Rational exactly() const {
    GmpScratch result;
    mpfr_get_q(result, value_);
    return result.take();
  }

 private:
  mpfr_t value_;
};

/// A sum of logarithms, times a denominator, as one logarithm of a quotient of products of powers. A
/// logarithm costs as much as a hundred multiplications, and against 0 the products compare without any.
class Quotient {
 public:
  /// None where the products would leave the range of MPFR's exponents.
  static std::optional<Quotient> of(std::span<const LogTerm> terms) {
    constexpr std::uint64_t most_bits = std::uint64_t{1} << 28;
    Quotient result;
    for (const LogTerm& term : terms) {
      const auto denominator = term.coefficient.denominator_word();
      if (!denominator || *denominator >= most_bits) return std::nullopt;
      result.denominator_ = std::lcm(result.denominator_, *denominator);
      if (result.denominator_ >= most_bits) return std::nullopt;
    }
    std::uint64_t bits = 0;
    for (const auto& [argument, coefficient] : terms) {
      const GmpView factor(coefficient);
      const mpz_srcptr over = factor.numerator();
      const GmpView& quotient = result.arguments_.emplace_back(argument);
      mpz_srcptr above = quotient.numerator(), below = quotient.denominator();
      const std::uint64_t length = mpz_sizeinbase(above, 2);
      if (mpz_cmpabs_ui(over, most_bits) >= 0 || length >= most_bits) return std::nullopt;
      const std::uint64_t exponent =
          mpz_get_ui(over) * (result.denominator_ / mpz_get_ui(factor.denominator()));
      if (exponent >= most_bits || (bits += exponent * length) >= most_bits) return std::nullopt;
      if (mpz_sgn(over) < 0) std::swap(above, below);
      result.powers_.push_back({above, below, exponent});
      result.largest_ = std::max(result.largest_, exponent);
    }
    return result;
  }

  void enclose_above(Enclosing& out) const { multiply(out, &Power::above); }
  void enclose_below(Enclosing& out) const { multiply(out, &Power::below); }
  /// For products of a relative width of about 2^-bits.
  mpfr_prec_t working_precision(mpfr_prec_t bits) const {
    return bits + static_cast<mpfr_prec_t>(std::bit_width(largest_) + std::bit_width(powers_.size())) + 3;
  }
  std::uint64_t denominator() const { return denominator_; }

 private:
  /// (above / below)^exponent; the numbers are the caller's.
  struct Power {
    mpz_srcptr above, below;
    std::uint64_t exponent;
  };

  /// All powers at once, so that they share their squarings.
  void multiply(Enclosing& out, mpz_srcptr Power::*base) const {
    mpfi_set_ui(out.get(), 1);
    for (auto bit = std::bit_width(largest_); bit-- > 0;) {
      mpfi_sqr(out.get(), out.get());
      std::uint64_t word = 1;  // multiplied exactly as long as it fits
      for (const Power& power : powers_) {
        if ((power.exponent >> bit & 1U) == 0) continue;
        if (mpz_fits_ulong_p(power.*base) == 0) {
          mpfi_mul_z(out.get(), out.get(), power.*base);
          continue;
        }
        const std::uint64_t factor = mpz_get_ui(power.*base);
        if (std::uint64_t product = 0; !__builtin_mul_overflow(word, factor, &product)) {
          word = product;
        } else {
          mpfi_mul_ui(out.get(), out.get(), word);
          word = factor;
        }
      }
      if (word != 1) mpfi_mul_ui(out.get(), out.get(), word);
    }
  }

  std::deque<GmpView> arguments_;  // in a deque, which never moves them
  std::vector<Power> powers_;
  std::uint64_t largest_ = 1;
  std::uint64_t denominator_ = 1;
};

/// Encloses one form as tightly as asked; the form outlives it.
class Evaluator {
 public:
  Evaluator(const Rational& rational, std::span<const LogTerm> terms)
      : rational_(rational), terms_(terms), quotient_(Quotient::of(terms)) {}

  void enclose(Enclosing& out) const {
    quotient_ ? enclose_one_logarithm(out) : enclose_sum(out);
    mpfi_add_q(out.get(), out.get(), GmpView(rational_));
  }

  /// 0 where this precision does not show it.
  int sign(mpfr_prec_t precision) const {
    if (quotient_ && rational_.sign() == 0) {
      const Products products(*quotient_, precision);
      return mpfi_cmp(products.above.get(), products.below.get());
    }
    Enclosing value(precision);
    enclose(value);
    return value.sign();
  }

 private:
  struct Products {
    Products(const Quotient& quotient, mpfr_prec_t bits)
        : above(quotient.working_precision(bits)), below(above.precision()) {
      quotient.enclose_above(above);
      quotient.enclose_below(below);
    }
    Enclosing above, below;
  };

  void enclose_one_logarithm(Enclosing& out) const {
    Products products(*quotient_, out.precision());
    mpfi_div(products.above.get(), products.above.get(), products.below.get());
    mpfi_log(out.get(), products.above.get());
    mpfi_div_ui(out.get(), out.get(), quotient_->denominator());
  }

  void enclose_sum(Enclosing& out) const {
    Enclosing term(out.precision());
    mpfi_set_ui(out.get(), 0);
    for (const auto& [argument, coefficient] : terms_) {
      mpfi_set_q(term.get(), GmpView(argument));
      mpfi_log(term.get(), term.get());
      mpfi_mul_q(term.get(), term.get(), GmpView(coefficient));
      mpfi_add(out.get(), out.get(), term.get());
    }
  }

  const Rational& rational_;
  std::span<const LogTerm> terms_;
  std::optional<Quotient> quotient_;
};

// What decides most signs; a multiplication costs the same up to twice as many bits.
constexpr mpfr_prec_t first_precision = 64;

// ---------------------------------------------------------------------- linear independence

constexpr std::uint64_t trial_limit = 1024;
constexpr auto trial_primes = [] {
  std::array<std::uint64_t, 172> primes{};
  std::size_t count = 0;
  for (std::uint64_t n = 2; n < trial_limit; ++n)
    if (std::none_of(primes.begin(), primes.begin() + count, [n](std::uint64_t p) { return n % p == 0; }))
      primes.at(count++) = n;
  return primes;
}();
static_assert(trial_primes.back() == 1021);

/// Up to two sums of logarithms, written over the same pairwise coprime natural numbers above 1: primes, as
/// far as trial division finds them, and what greatest common divisors separate of the rest.
class CoprimeBase {
 public:
  using Coefficients = std::array<Rational, 2>;

  void add(std::span<const LogTerm> terms, std::size_t which) {
    for (const auto& [argument, coefficient] : terms) {
      const GmpView view(argument);
      divide_and_insert(view.numerator(), coefficient, which);
      divide_and_insert(view.denominator(), -coefficient, which);
    }
  }

  /// From number to coefficients, which may be 0.
  const std::map<Rational, Coefficients>& logarithms() const { return logarithms_; }

 private:
  static Rational common_divisor(const Rational& a, const Rational& b) {
    GmpScratch result;
    mpz_gcd(result.numerator(), GmpView(a).numerator(), GmpView(b).numerator());
    return result.take();
  }

  void divide_and_insert(mpz_srcptr number, const Rational& c, std::size_t which) {
    GmpScratch rest;
    const mpz_ptr n = rest.numerator();
    mpz_set(n, number);
    for (const std::uint64_t p : trial_primes) {
      if (mpz_cmp_ui(n, p * p) < 0) break;  // 1 or a prime
      if (mpz_divisible_ui_p(n, p) == 0) continue;
      const Rational prime(p);
      insert(prime, c * mpz_remove(n, n, GmpView(prime).numerator()), which);
    }
    insert(rest.take(), c, which);
  }

  void insert(const Rational& n, const Rational& c, std::size_t which) {
    if (n == Rational(1)) return;
    if (const auto same = logarithms_.find(n); same != logarithms_.end()) {
      same->second[which] += c;
      return;
    }
    // Below trial_limit^2 all are primes, which can divide larger ones only.
    const bool prime = n < Rational(trial_limit * trial_limit);
    auto other = logarithms_.lower_bound(prime ? trial_limit * trial_limit : trial_limit);
    for (; other != logarithms_.end(); ++other) {
      const Rational g = common_divisor(n, other->first);
      if (g == Rational(1)) continue;
      // The product of all numbers shrinks by g: this ends.
      const auto split = logarithms_.extract(other);
      for (std::size_t k = 0; k < split.mapped().size(); ++k) {
        insert(split.key() / g, split.mapped()[k], k);
        insert(g, split.mapped()[k], k);
      }
      insert(n / g, c, which);
      insert(g, c, which);
      return;
    }
    logarithms_[n][which] = c;
  }

  std::map<Rational, Coefficients> logarithms_;
};

bool vanishes(std::span<const LogTerm> terms) {
  if (terms.empty()) return true;
  // Arguments are above 1: terms of one sign add up.
  const int sign = terms[0].coefficient.sign();
  if (std::all_of(terms.begin(), terms.end(),
                  [sign](const LogTerm& term) { return term.coefficient.sign() == sign; }))
    return false;
  CoprimeBase base;
  base.add(terms, 0);
  return std::all_of(base.logarithms().begin(), base.logarithms().end(),
                     [](const auto& entry) { return entry.second[0].sign() == 0; });
}

// ------------------------------------------------------------------------------------- texts

/// Reads a form from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  struct Term {
    Rational coefficient;
    Rational base;  ///< of the logarithm; 0 for a rational number
  };
  bool at_end() const { return rest_.empty(); }
  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// The operator between two terms: whether it is a minus.
  bool minus() {
    while (skip(' ')) {
    }
    const bool result = skip('-');
    if (!result && !skip('+')) fail();
    while (skip(' ')) {
    }
    return result;
  }
  Term term() {
    const std::string_view word = rest_.substr(0, rest_.find_first_of("+- "));
    rest_.remove_prefix(word.size());
    const std::size_t log = word.find("log(");
    if (log == std::string_view::npos) return {number(word), 0};
    if (!word.ends_with(')') || (log != 0 && word[log - 1] != '*')) fail();
    const std::string_view base = word.substr(log + 4, word.size() - log - 5);
    Term result{log == 0 ? Rational(1) : number(word.substr(0, log - 1)), number(base)};
    if (!detail::all_digits(base) || result.base < Rational(2))
      throw InvalidInput(detail::quoted(text_) + " has the logarithm of " + detail::quoted(base) +
                         "; the base is to be a natural number from 2");
    return result;
  }

 private:
  [[noreturn]] void fail() const {
    throw InvalidInput(detail::quoted(text_) +
                       " is no sum of rational numbers and logarithms; write it such as \"1/2 + 3/4*log(3) - "
                       "log(5)\", or \"infinity\"");
  }
  Rational number(std::string_view word) const {
    const std::size_t bar = word.find('/');
    if (!detail::all_digits(word.substr(0, bar)) ||
        (bar != std::string_view::npos && !detail::all_digits(word.substr(bar + 1))))
      fail();
    return Rational::parse_fraction(word);
  }

  std::string_view text_, rest_;
};

}  // namespace

// ------------------------------------------------------------------------------------ LogForm

LogForm LogForm::log(const Rational& argument) {
  if (argument.sign() <= 0)
    throw InvalidInput("the logarithm of " + detail::quoted(argument.to_string()) +
                       " is no real number; its argument is to be positive");
  LogForm result;
  const auto order = argument <=> Rational(1);
  if (order == 0) return result;
  if (order > 0)
    result.terms_.push_back({argument, 1});
  else
    result.terms_.push_back({Rational(1) / argument, -1});
  return result;
}

LogForm LogForm::infinity() {
  LogForm result;
  result.infinite_ = true;
  return result;
}

LogForm& LogForm::operator+=(const LogForm& other) {
  if (infinite_ || other.infinite_) return *this = infinity();
  rational_ += other.rational_;
  for (const LogTerm& term : other.terms_) {
    const auto place = std::ranges::lower_bound(terms_, term.argument, {}, &LogTerm::argument);
    if (place == terms_.end() || place->argument != term.argument)
      terms_.insert(place, term);
    else if ((place->coefficient += term.coefficient).sign() == 0)
      terms_.erase(place);
  }
  return *this;
}

LogForm& LogForm::operator*=(const Rational& factor) {
  LEMMACHECK_INVARIANT(!infinite_ || factor.sign() >= 0);
  if (factor.sign() == 0) return *this = LogForm();
  rational_ *= factor;
  for (LogTerm& term : terms_) term.coefficient *= factor;
  return *this;
}

bool LogForm::equal(const LogForm& a, const LogForm& b) {
  if (a.infinite_ || b.infinite_) return a.infinite_ == b.infinite_;
  return (a - b).is_zero();
}

int LogForm::compare(const LogForm& a, const LogForm& b) {
  if (a.infinite_ || b.infinite_) return int{a.infinite_} - int{b.infinite_};
  return (a - b).sign();
}

bool LogForm::is_rational() const {
  return !infinite_ && vanishes(terms_);
}

Rational LogForm::rational() const {
  LEMMACHECK_INVARIANT(is_rational());
  return rational_;
}

bool LogForm::is_zero() const {
  return !infinite_ && rational_.sign() == 0 && vanishes(terms_);
}

int LogForm::sign() const {
  if (infinite_) return 1;
  // Arguments are above 1: parts of one sign need no computation.
  const auto has = [this](int s) {
    return rational_.sign() == s ||
           std::ranges::any_of(terms_, [s](const LogTerm& term) { return term.coefficient.sign() == s; });
  };
  const bool positive = has(1), negative = has(-1);
  if (!positive || !negative) return int{positive} - int{negative};

  const Evaluator evaluator(rational_, terms_);
  if (const int s = evaluator.sign(first_precision); s != 0) return s;
  if (is_zero()) return 0;
  for (mpfr_prec_t precision = 2 * first_precision;; precision *= 2)
    if (const int s = evaluator.sign(precision); s != 0) return s;
}

LogForm::Enclosure LogForm::enclose(unsigned bits) const {
  LEMMACHECK_INVARIANT(!infinite_ && bits > 0);
  Rounded lower(bits), upper(bits);
  if (vanishes(terms_)) {
    mpfr_set_q(lower.get(), GmpView(rational_), MPFR_RNDD);
    mpfr_set_q(upper.get(), GmpView(rational_), MPFR_RNDU);
    return {lower.exactly(), upper.exactly()};
  }
  // Irrational, hence strictly between two neighbours: the ends agree once the precision suffices.
  const Evaluator evaluator(rational_, terms_);
  for (mpfr_prec_t precision = mpfr_prec_t{bits} + 32;; precision *= 2) {
    Enclosing value(precision);
    evaluator.enclose(value);
    mpfr_set(lower.get(), value.lower(), MPFR_RNDD);
    mpfr_set(upper.get(), value.upper(), MPFR_RNDD);
    if (mpfr_equal_p(lower.get(), upper.get()) == 0) continue;
    mpfr_nextabove(upper.get());
    return {lower.exactly(), upper.exactly()};
  }
}

double LogForm::approximate() const {
  return infinite_ ? std::numeric_limits<double>::infinity() : enclose(64).lower.approximate();
}

std::string LogForm::to_string() const {
  if (infinite_) return "infinity";
  CoprimeBase base;
  base.add(terms_, 0);
  std::string text = rational_.sign() == 0 ? "" : rational_.to_string();
  for (const auto& [number, coefficients] : base.logarithms()) {
    const Rational& coefficient = coefficients[0];
    if (coefficient.sign() == 0) continue;
    const bool minus = coefficient.sign() < 0;
    text += text.empty() ? (minus ? "-" : "") : (minus ? " - " : " + ");
    if (const Rational size = abs(coefficient); size != Rational(1)) text += size.to_string() + "*";
    text += "log(" + number.to_string() + ")";
  }
  return text.empty() ? "0" : text;
}

LogForm LogForm::parse(std::string_view text) {
  if (text == "infinity") return infinity();
  LogForm result;
  std::map<Rational, Rational> logarithms;
  Reader reader(text);
  bool minus = reader.skip('-');
  for (;;) {
    const auto [coefficient, base] = reader.term();
    (base.sign() == 0 ? result.rational_ : logarithms[base]) += minus ? -coefficient : coefficient;
    if (reader.at_end()) break;
    minus = reader.minus();
  }
  for (const auto& [base, coefficient] : logarithms)
    if (coefficient.sign() != 0) result.terms_.push_back({base, coefficient});
  return result;
}

namespace {

/// What a / b is for all pairs of numbers, where that is the same.
class CommonQuotient {
 public:
  void include(const Rational& a, const Rational& b) {
    if (b.sign() == 0) {
      differs_ |= a.sign() != 0;
      return;
    }
    const Rational quotient = a / b;
    differs_ |= value_.value_or(quotient) != quotient;
    value_ = quotient;
  }
  std::optional<Rational> value() const { return differs_ ? std::nullopt : value_; }

 private:
  std::optional<Rational> value_;
  bool differs_ = false;
};

Rational floor(mpfr_srcptr x) {
  GmpScratch result;
  mpfr_get_z(result.numerator(), x, MPFR_RNDD);
  return result.take();
}

}  // namespace

Rational lower_bound_of_ratio(const LogForm& numerator, const LogForm& denominator) {
  LEMMACHECK_INVARIANT(numerator.sign() >= 0 && denominator.sign() > 0);
  if (denominator.infinite_) return 0;
  LEMMACHECK_INVARIANT(!numerator.infinite_);
  CoprimeBase base;
  base.add(numerator.terms_, 0);
  base.add(denominator.terms_, 1);
  CommonQuotient quotient;
  quotient.include(numerator.rational_, denominator.rational_);
  for (const auto& [number, coefficients] : base.logarithms())
    quotient.include(coefficients[0], coefficients[1]);
  if (const auto exact = quotient.value()) return *exact;

  // Irrational, hence strictly between two multiples: the ends agree once the precision suffices.
  constexpr unsigned shift = 40;
  const Evaluator above(numerator.rational_, numerator.terms_);
  const Evaluator below(denominator.rational_, denominator.terms_);
  for (mpfr_prec_t precision = first_precision;; precision *= 2) {
    Enclosing ratio(precision), divisor(precision);
    above.enclose(ratio);
    below.enclose(divisor);
    if (divisor.sign() == 0) continue;
    mpfi_div(ratio.get(), ratio.get(), divisor.get());
    mpfi_mul_2ui(ratio.get(), ratio.get(), shift);
    const Rational multiple = floor(ratio.lower());
    if (multiple == floor(ratio.upper())) return multiple / Rational(std::uint64_t{1} << shift);
  }
}

}  // namespace lemmacheck
