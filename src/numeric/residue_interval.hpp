/// An enclosure of a rational number together with its residue modulo a prime: what decides an equality
/// without exact arithmetic.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>

#include "numeric/interval.hpp"

namespace lemmacheck {

namespace detail {

__extension__ using DoubleWord = unsigned __int128;

/// Integers modulo the prime 2^127 - 1. A value may be p itself, which is 0.
class Residue {
 public:
  static constexpr DoubleWord prime = (DoubleWord{1} << 127U) - 1;
  Residue() = default;
  explicit Residue(DoubleWord value) : value_(folded(value)) {}
  bool is_zero() const { return value_ == 0 || value_ == prime; }
  friend Residue operator+(Residue a, Residue b) { return Residue(a.value_ + b.value_); }
  friend Residue operator-(Residue a) { return Residue(prime - a.value_); }
  friend Residue operator*(Residue a, Residue b);
  friend Residue operator*(Residue a, std::uint64_t b);
  /// 1 / a for a that is not 0.
  friend Residue inverse(Residue a);
  /// Of equal values; 0 and p are not told to be equal.
  bool operator==(const Residue&) const = default;
  std::size_t hash() const {
    return static_cast<std::size_t>(
        (static_cast<std::uint64_t>(value_ ^ (value_ >> 64U)) * 0x9E3779B97F4A7C15U) >> 32U);
  }

 private:
  static DoubleWord folded(DoubleWord value) { return (value & prime) + (value >> 127U); }
  DoubleWord value_ = 0;
};

inline Residue operator*(Residue a, std::uint64_t b) {
  const DoubleWord low = DoubleWord{static_cast<std::uint64_t>(a.value_)} * b;
  const DoubleWord high = DoubleWord{static_cast<std::uint64_t>(a.value_ >> 64U)} * b + (low >> 64U);
  // high 2^64 + low: what stands above bit 127 counts once.
  const DoubleWord rest = ((high & ((DoubleWord{1} << 63U) - 1)) << 64U) | static_cast<std::uint64_t>(low);
  return Residue(rest + (high >> 63U));
}

inline Residue operator*(Residue a, Residue b) {
  const auto a0 = static_cast<std::uint64_t>(a.value_), a1 = static_cast<std::uint64_t>(a.value_ >> 64U);
  const auto b0 = static_cast<std::uint64_t>(b.value_), b1 = static_cast<std::uint64_t>(b.value_ >> 64U);
  // a b = low + middle 2^64 + high 2^128, and 2^127 counts 1.
  const DoubleWord low = DoubleWord{a0} * b0, middle = DoubleWord{a0} * b1 + DoubleWord{a1} * b0,
                   high = DoubleWord{a1} * b1;
  DoubleWord sum = (low & Residue::prime) + ((middle & ((DoubleWord{1} << 63U) - 1)) << 64U);
  sum = Residue::folded(sum) + (low >> 127U) + (middle >> 63U);
  return Residue(Residue::folded(sum) + 2 * high);
}

/// For each of up to 16 bases, how often it divides a common denominator: a byte each, below 128. The first
/// four bases are 2, 3, 5 and 7, the others are what the numbers of one evaluation need.
class DenominatorPowers {
 public:
  static constexpr std::size_t most_bases = 16;
  DenominatorPowers() = default;
  static DenominatorPowers once(std::size_t base) { return DenominatorPowers(DoubleWord{1} << (8 * base)); }
  static DenominatorPowers unknown() { return DenominatorPowers(high_bits); }
  bool known() const { return (bytes_ & high_bits) == 0; }
  /// Of a product. What is too large is unknown.
  friend DenominatorPowers operator+(DenominatorPowers a, DenominatorPowers b) {
    if (((a.bytes_ | b.bytes_) & high_bits) != 0) return unknown();
    return DenominatorPowers(a.bytes_ + b.bytes_);
  }
  /// Of a sum: the larger one of each base.
  friend DenominatorPowers larger(DenominatorPowers a, DenominatorPowers b) {
    if (a.bytes_ == b.bytes_) return a;
    if (((a.bytes_ | b.bytes_) & high_bits) != 0) return unknown();
    // 1 in each byte in which a is the larger one, and from it a mask.
    const DoubleWord first = (((a.bytes_ | high_bits) - b.bytes_) & high_bits) >> 7U;
    const DoubleWord mask = (first << 8U) - first;
    return DenominatorPowers((a.bytes_ & mask) | (b.bytes_ & ~mask));
  }
  /// A number that is at least the logarithm to base 2 of the denominator.
  std::uint32_t bits() const;
  /// The denominator where it is below 2^53 and all its bases are words, or else 0.
  std::uint64_t word() const;
  /// The denominator, modulo the prime.
  Residue residue() const;

 private:
  static constexpr DoubleWord high_bits = (DoubleWord{0x8080808080808080U} << 64U) | 0x8080808080808080U;
  explicit DenominatorPowers(DoubleWord bytes) : bytes_(bytes) {}
  std::uint32_t power(std::size_t base) const {
    return static_cast<std::uint32_t>(bytes_ >> (8 * base)) & 0xFFU;
  }
  DoubleWord bytes_ = 0;
};

}  // namespace detail

/// x = m / D in an enclosure [l, u], with its residue and a denominator D that is known by its factors.
///
/// The sign of x follows from the enclosure where that does not hold 0. Where it does, the residue tells: if
/// it is not 0, x is not 0. If it is 0, then the prime 2^127 - 1 divides the integer m = x D, and if
/// max(|l|, |u|) D is smaller than the prime, m is 0. So are equalities and ties proven that enclosures never
/// prove, at a small multiple of an enclosure's cost: the enclosure knows the leading 50 bits of a
/// difference, the residue the last 127.
///
/// Where the residue is not known (after a choice that could not be decided, or with a denominator of too
/// many factors) what remains is the enclosure. Every operation happens inside a RoundUpward scope, and one
/// evaluation inside a `ResidueInterval::Evaluation`.
class ResidueInterval {
 public:
  /// Denominators other than products of 2, 3, 5 and 7 have their names for so long; not to be nested.
  class Evaluation {
   public:
    Evaluation();
  };

  ResidueInterval() = default;
  template <std::integral T>
  ResidueInterval(T value) : ResidueInterval(exactly(value)) {}
  explicit ResidueInterval(Interval enclosure)
      : enclosure_(enclosure), powers_(detail::DenominatorPowers::unknown()) {}
  static ResidueInterval from(const Rational& value);
  /// numerator / denominator; both below 2^53 in size, the denominator positive.
  static ResidueInterval ratio(std::int64_t numerator, std::uint64_t denominator);

  const Interval& enclosure() const { return enclosure_; }
  double lower() const { return enclosure_.lower(); }
  double upper() const { return enclosure_.upper(); }
  bool has_residue() const { return powers_.known(); }
  /// -1, 0 or 1 where it is certain.
  std::optional<int> sign() const;

  ResidueInterval& operator+=(const ResidueInterval& b) {
    enclosure_ += b.enclosure_;
    powers_ = larger(powers_, b.powers_);
    residue_ = residue_ + b.residue_;
    return *this;
  }
  ResidueInterval& operator-=(const ResidueInterval& b) { return *this += -b; }
  ResidueInterval& operator*=(const ResidueInterval& b) { return *this = *this * b; }
  ResidueInterval operator-() const { return {-enclosure_, -residue_, powers_}; }
  friend ResidueInterval operator+(ResidueInterval a, const ResidueInterval& b) { return a += b; }
  friend ResidueInterval operator-(ResidueInterval a, const ResidueInterval& b) { return a -= b; }
  friend ResidueInterval operator*(const ResidueInterval& a, const ResidueInterval& b) {
    return {a.enclosure_ * b.enclosure_, a.residue_ * b.residue_, a.powers_ + b.powers_};
  }
  /// The divisor's enclosure does not hold 0.
  friend ResidueInterval operator/(const ResidueInterval& a, const ResidueInterval& b);

  friend ResidueInterval scaled(const ResidueInterval& value, Count n) {
    return {scaled(value.enclosure_, n), value.residue_ * n.word(), value.powers_};
  }
  friend ResidueInterval scaled(const ResidueInterval& value, std::uint64_t n) {
    return {scaled(value.enclosure_, n), value.residue_ * n, value.powers_};
  }
  friend ResidueInterval divided(const ResidueInterval& value, std::uint64_t n);
  friend ResidueInterval divided(const ResidueInterval& value, Count n) { return divided(value, n.word()); }

  template <class Term>
  static ResidueInterval sum(std::size_t first, std::size_t last, Term&& term) {
    ResidueInterval total;
    for (std::size_t i = first; i != last; ++i) total += term(i);
    return total;
  }
  static ResidueInterval dot(const Count* counts, const ResidueInterval* values, std::size_t n) {
    ResidueInterval total;
    for (std::size_t i = 0; i < n; ++i) total += scaled(values[i], counts[i]);
    return total;
  }

  friend Truth is_at_most(const ResidueInterval& a, const ResidueInterval& b);
  friend Truth is_equal(const ResidueInterval& a, const ResidueInterval& b);
  friend ResidueInterval abs(const ResidueInterval& a);
  friend ResidueInterval max(const ResidueInterval& a, const ResidueInterval& b);
  friend ResidueInterval min(const ResidueInterval& a, const ResidueInterval& b);

 private:
  ResidueInterval(Interval enclosure, detail::Residue residue, detail::DenominatorPowers powers)
      : enclosure_(enclosure), residue_(residue), powers_(powers) {}
  template <std::integral T>
  static ResidueInterval exactly(T value) {
    bool negative = false;
    auto size = static_cast<std::uint64_t>(value);
    if constexpr (std::signed_integral<T>) {
      negative = value < 0;
      if (negative) size = -size;
    }
    const detail::Residue residue{detail::DoubleWord{size}};
    return {Interval(value), negative ? -residue : residue, {}};
  }

  Interval enclosure_;
  detail::Residue residue_;
  detail::DenominatorPowers powers_;
};

}  // namespace lemmacheck
