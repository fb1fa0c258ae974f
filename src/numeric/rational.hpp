/// Exact rational numbers.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "numeric/count.hpp"

namespace lemmacheck {

namespace detail {
class GmpView;
class GmpScratch;
struct LargeRational;
}  // namespace detail

/// A rational number in lowest terms, of any size. No operation rounds.
///
/// Where both parts are below 2^62 they are two words, and arithmetic is that of words of 128 bits: most
/// numbers of most instances, without an allocation. What grows larger is a number of Boost.Multiprecision
/// over GMP, whose header takes seconds to compile, so that it is seen by `rational.cpp` alone. There is no
/// conversion from floating point: 0.1 is not 1/10.
class Rational {
 public:
  Rational() noexcept = default;
  template <std::signed_integral T>
  Rational(T value) : Rational(Signed{static_cast<std::int64_t>(value)}) {}
  template <std::unsigned_integral T>
  Rational(T value) : Rational(Unsigned{static_cast<std::uint64_t>(value)}) {}
  template <std::floating_point T>
  Rational(T) = delete;

  Rational(const Rational& other) : numerator_(other.numerator_), denominator_(other.denominator_) {
    if (is_large()) copy_large(other);
  }
  Rational(Rational&& other) noexcept { swap(other); }
  Rational& operator=(const Rational& other) {
    if (is_large() || other.is_large()) return *this = Rational(other);
    numerator_ = other.numerator_;
    denominator_ = other.denominator_;
    return *this;
  }
  Rational& operator=(Rational&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Rational() {
    if (is_large()) release_large();
  }

  /// numerator / denominator in lowest terms. @throws InvalidInput if the denominator is 0.
  static Rational ratio(std::int64_t numerator, std::uint64_t denominator);
  static Rational from(const Rational& value) { return value; }

  /// term(first) + ... + term(last - 1).
  template <class Term>
  static Rational sum(std::size_t first, std::size_t last, Term&& term) {
    Rational total;
    for (std::size_t i = first; i != last; ++i) total += term(i);
    return total;
  }

  /// counts[0] values[0] + ... + counts[n - 1] values[n - 1].
  static Rational dot(const Count* counts, const Rational* values, std::size_t n) {
    return sum(0, n, [&](std::size_t i) { return values[i] * Rational(counts[i].word()); });
  }

  /// Quotient of two natural numbers given as little-endian 64-bit limbs; the second is not 0.
  static Rational from_limbs(std::span<const std::uint64_t> numerator,
                             std::span<const std::uint64_t> denominator);
  /// The same where every prime of the denominator divides one of the `factors`, which are at least 1: what
  /// the two have in common is found word by word, for less than the greatest common divisor of long numbers.
  static Rational from_limbs(std::span<const std::uint64_t> numerator,
                             std::span<const std::uint64_t> denominator,
                             std::span<const std::uint64_t> factors);

  /// Reads "p" or "p/q" (decimal digits, optional leading '-', q > 0), reduced or not.
  /// @throws InvalidInput that says what is wrong, for anything else, and for numbers of more than
  /// `max_digits` digits.
  static Rational parse_fraction(std::string_view text);

  /// Reads what a person types: "p", "p/q" or a decimal such as "0.1", which means exactly 1/10.
  /// @throws InvalidInput as `parse_fraction` does.
  static Rational parse_typed(std::string_view text);

  static constexpr std::size_t max_digits = 100'000;

  /// "p/q" in lowest terms, "p" where q = 1.
  std::string to_string() const;

  /// Nearest-or-adjacent double; for people to read, never for a verdict.
  double approximate() const;
  /// The largest double <= this and the smallest >= this (or one further out).
  struct Enclosure {
    double lower, upper;
  };
  Enclosure enclose() const;

  int sign() const noexcept;
  bool is_integer() const noexcept;
  /// Number of bits of the denominator: the measure of how an exact computation grows.
  std::size_t denominator_bits() const;
  std::optional<std::uint64_t> denominator_word() const;
  /// Numerator and denominator where both are below 2^62 in size.
  std::optional<std::pair<std::int64_t, std::uint64_t>> words() const noexcept {
    if (is_large()) return std::nullopt;
    return std::pair(numerator_, denominator_);
  }
  /// The value where it is an integer of 64 bits.
  std::optional<std::int64_t> as_integer() const;
  /// `*this * scale` where that is a natural number below 2^64.
  std::optional<std::uint64_t> scaled_to_word(std::uint64_t scale) const;

  Rational& operator+=(const Rational& other);
  Rational& operator-=(const Rational& other);
  Rational& operator*=(const Rational& other);
  /// @throws InvalidInput on division by 0.
  Rational& operator/=(const Rational& other);
  Rational operator-() const;

  friend Rational operator+(Rational a, const Rational& b) { return a += b; }
  friend Rational operator-(Rational a, const Rational& b) { return a -= b; }
  friend Rational operator*(Rational a, const Rational& b) { return a *= b; }
  friend Rational operator/(Rational a, const Rational& b) { return a /= b; }
  friend bool operator==(const Rational& a, const Rational& b) { return equal(a, b); }
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
    return compare(a, b) <=> 0;
  }

 private:
  friend class detail::GmpView;
  friend class detail::GmpScratch;
  struct Signed {
    std::int64_t value;
  };
  struct Unsigned {
    std::uint64_t value;
  };
  explicit Rational(Signed integer) : numerator_(integer.value) {
    if (integer.value <= -word_limit || integer.value >= word_limit) become_integer(integer);
  }
  explicit Rational(Unsigned integer) : numerator_(static_cast<std::int64_t>(integer.value)) {
    if (integer.value >= std::uint64_t{word_limit}) become_integer(integer);
  }
  void become_integer(Signed integer);
  void become_integer(Unsigned integer);
  static bool equal(const Rational& a, const Rational& b);
  static int compare(const Rational& a, const Rational& b);

  bool is_large() const noexcept { return denominator_ == 0; }
  void swap(Rational& other) noexcept {
    std::swap(numerator_, other.numerator_);
    std::swap(denominator_, other.denominator_);
  }
  detail::LargeRational& large() const noexcept;
  void copy_large(const Rational& other);
  void release_large() noexcept;
  void become_large(std::unique_ptr<detail::LargeRational> value) noexcept;
  void settle();
  template <class Operation>
  Rational& apply_large(Operation operation, const Rational& other);
  template <class Natural>
  Rational& assign(bool negative, Natural numerator, Natural denominator);
  Rational& add(const Rational& other, bool negated);

  // Parts below it: a sum of two products of such numbers stays below 2^125.
  static constexpr std::int64_t word_limit = std::int64_t{1} << 62;
  // Below 2^62 both; or the address of a LargeRational that is ours, over 0. A number that fits into words
  // is never large, so that equal numbers look alike.
  std::int64_t numerator_ = 0;
  std::uint64_t denominator_ = 1;
};

Rational abs(Rational value);
/// base^exponent; 0^0 = 1.
Rational pow(Rational base, unsigned exponent);
/// The largest integer that is at most the value.
Rational floor(const Rational& value);
/// The square root of a number >= 0 where it is rational.
std::optional<Rational> rational_sqrt(const Rational& value);

inline Rational max(const Rational& a, const Rational& b) {
  return a < b ? b : a;
}
inline Rational min(const Rational& a, const Rational& b) {
  return b < a ? b : a;
}

/// `value * n` for a natural number n: the one operation that number types make fast.
inline Rational scaled(const Rational& value, std::uint64_t n) {
  return value * Rational(n);
}
inline Rational scaled(const Rational& value, Count n) {
  return value * Rational(n.word());
}
inline Rational divided(const Rational& value, Count n) {
  return value / Rational(n.word());
}
/// `value / n` for a positive natural number n.
inline Rational divided(const Rational& value, std::uint64_t n) {
  return value / Rational(n);
}

}  // namespace lemmacheck
