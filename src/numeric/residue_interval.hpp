/// An enclosure of a rational number together with its residue modulo a prime: what decides an equality
/// without exact arithmetic.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <vector>

#include "numeric/interval.hpp"

namespace lemmacheck {

/// The two primes that residues are taken modulo, one at a time in each thread.
enum class Modulus : std::uint64_t { first = 1, second = 25 };  ///< 2^127 less so much

namespace detail {

__extension__ using DoubleWord = unsigned __int128;

/// Integers modulo the thread's prime. A value may be p itself, which is 0.
class Residue {
 public:
  static inline thread_local constinit Modulus modulus = Modulus::first;
  static constexpr DoubleWord below_127 = (DoubleWord{1} << 127U) - 1;  ///< its bits, and the first prime
  static DoubleWord prime() { return below_127 + 1 - static_cast<std::uint64_t>(modulus); }

  constexpr Residue() = default;
  explicit Residue(DoubleWord value) : value_(folded(value)) {}
  /// Of a number below every prime.
  static constexpr Residue of_word(std::uint64_t word) {
    Residue residue;
    residue.value_ = word;
    return residue;
  }
  bool is_zero() const { return value_ == 0 || value_ == prime(); }
  friend Residue operator+(Residue a, Residue b) { return Residue(a.value_ + b.value_); }
  friend Residue operator-(Residue a) { return Residue(prime() - a.value_); }
  friend Residue operator*(Residue a, Residue b);
  friend Residue operator*(Residue a, std::uint64_t b) {
    return Residue::of_sum(DoubleWord{static_cast<std::uint64_t>(a.value_)} * b,
                           DoubleWord{static_cast<std::uint64_t>(a.value_ >> 64U)} * b);
  }
  /// 1 / a for a that is not 0.
  friend Residue inverse(Residue a);
  /// Of equal values; 0 and p are not told to be equal.
  bool operator==(const Residue&) const = default;
  std::size_t hash() const {
    return static_cast<std::size_t>(
        (static_cast<std::uint64_t>(value_ ^ (value_ >> 64U)) * 0x9E3779B97F4A7C15U) >> 32U);
  }

  /// A sum of products with words, reduced once at its end. The words are below 2^53.
  class Sum {
   public:
    static constexpr std::size_t most_terms = 1U << 10U;
    void add(Residue a, std::uint64_t b) {
      low_ += DoubleWord{static_cast<std::uint64_t>(a.value_)} * b;
      high_ += DoubleWord{static_cast<std::uint64_t>(a.value_ >> 64U)} * b;
    }
    Residue total() const { return of_sum(low_, high_); }

   private:
    DoubleWord low_ = 0, high_ = 0;
  };

 private:
  /// low + high 2^64, for high below 2^128 - 2^64.
  [[gnu::always_inline]] static Residue of_sum(DoubleWord low, DoubleWord high) {
    high += low >> 64U;
    // What stands from bit 127 on counts as often as the prime is below 2^127.
    const DoubleWord rest = ((high & ((DoubleWord{1} << 63U) - 1)) << 64U) | static_cast<std::uint64_t>(low);
    return Residue(rest + counted(high >> 63U));
  }
  /// n 2^127, for n below 2^66.
  static DoubleWord counted(DoubleWord n) {
    return modulus == Modulus::first ? n : n * static_cast<std::uint64_t>(Modulus::second);
  }
  static DoubleWord folded(DoubleWord value) {
    if (modulus == Modulus::first) [[likely]]
      return (value & below_127) + (value >> 127U);
    // By the second prime all the way, so that no sum of two runs over.
    value = (value & below_127) + counted(value >> 127U);
    return value >= prime() ? value - prime() : value;
  }
  DoubleWord value_ = 0;
};

inline Residue operator*(Residue a, Residue b) {
  const auto b0 = static_cast<std::uint64_t>(b.value_), b1 = static_cast<std::uint64_t>(b.value_ >> 64U);
  if (Residue::modulus != Modulus::first) [[unlikely]] {
    constexpr std::uint64_t half = std::uint64_t{1} << 32U;
    return a * b1 * half * half + a * b0;
  }
  const auto a0 = static_cast<std::uint64_t>(a.value_), a1 = static_cast<std::uint64_t>(a.value_ >> 64U);
  // a b = low + middle 2^64 + high 2^128, and 2^127 counts 1.
  const DoubleWord low = DoubleWord{a0} * b0, middle = DoubleWord{a0} * b1 + DoubleWord{a1} * b0,
                   high = DoubleWord{a1} * b1;
  DoubleWord sum = (low & Residue::below_127) + ((middle & ((DoubleWord{1} << 63U) - 1)) << 64U);
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
    if (a.bytes_ == b.bytes_ || b.bytes_ == 0) return a;
    if (a.bytes_ == 0) return b;
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
  /// The denominator, modulo the thread's prime.
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
/// it is not 0, x is not 0. If it is 0, then the prime p = 2^127 - 1 divides the integer m = x D, and if
/// max(|l|, |u|) D is smaller than the prime, m is 0. So are equalities and ties proven that enclosures never
/// prove, at a small multiple of an enclosure's cost: the enclosure knows the leading 50 bits of a
/// difference, the residue the last 127.
///
/// What has more bits may be computed again modulo q = 2^127 - 25. Where max(|l|, |u|) D is smaller than p q,
/// a residue of 0 counts as 0 for the time being, if `Tests` are kept. What two evaluations are asked is the
/// same as long as they answer the same, so that equal answers mean that each such number is divided by both
/// primes, and is 0.
///
/// Where the residue is not known (after a choice that could not be decided, or with a denominator of too
/// many factors) what remains is the enclosure. Every operation happens inside a RoundUpward scope, and one
/// evaluation inside a `ResidueInterval::Evaluation`.
class ResidueInterval {
 public:
  /// What an evaluation asked of the numbers whose enclosures hold 0, and whether some 0 needs the other
  /// prime.
  struct Tests {
    std::vector<unsigned char> answers;
    bool open = false;
  };

  /// Denominators other than products of 2, 3, 5 and 7 have their names for so long, and residues their
  /// prime; not to be nested. @param tests  to be kept, if given.
  class Evaluation {
   public:
    explicit Evaluation(Modulus modulus = Modulus::first, Tests* tests = nullptr);
    ~Evaluation();
    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;
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
  /// -1, 0 or 1 where it is certain, or 0 for the time being.
  [[gnu::always_inline]] std::optional<int> sign() const {
    if (enclosure_.lower() > 0) return 1;
    if (enclosure_.upper() < 0) return -1;
    if (enclosure_.lower() == 0 && enclosure_.upper() == 0) return 0;
    return is_zero_by_residue() ? std::optional(0) : std::nullopt;
  }

  [[gnu::always_inline]] ResidueInterval& operator+=(const ResidueInterval& b) {
    enclosure_ += b.enclosure_;
    powers_ = larger(powers_, b.powers_);
    residue_ = residue_ + b.residue_;
    return *this;
  }
  ResidueInterval& operator-=(const ResidueInterval& b) {
    enclosure_ -= b.enclosure_;
    powers_ = larger(powers_, b.powers_);
    residue_ = residue_ + -b.residue_;
    return *this;
  }
  ResidueInterval& operator*=(const ResidueInterval& b) { return *this = *this * b; }
  ResidueInterval operator-() const { return {-enclosure_, -residue_, powers_}; }
  friend ResidueInterval operator+(ResidueInterval a, const ResidueInterval& b) { return a += b; }
  friend ResidueInterval operator-(ResidueInterval a, const ResidueInterval& b) { return a -= b; }
  friend ResidueInterval operator*(const ResidueInterval& a, const ResidueInterval& b) {
    return {a.enclosure_ * b.enclosure_, a.residue_ * b.residue_, a.powers_ + b.powers_};
  }
  /// The divisor's enclosure does not hold 0.
  friend ResidueInterval operator/(const ResidueInterval& a, const ResidueInterval& b);

  [[gnu::always_inline]] friend ResidueInterval scaled(const ResidueInterval& value, Count n) {
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
    for (; n > detail::Residue::Sum::most_terms; ++counts, ++values, --n) total += scaled(*values, *counts);
    detail::Residue::Sum residues;
    for (std::size_t i = 0; i < n; ++i) {
      total.enclosure_ += scaled(values[i].enclosure_, counts[i]);
      total.powers_ = larger(total.powers_, values[i].powers_);
      residues.add(values[i].residue_, counts[i].word());
    }
    total.residue_ = total.residue_ + residues.total();
    return total;
  }

  friend Truth is_at_most(const ResidueInterval& a, const ResidueInterval& b);
  friend Truth is_equal(const ResidueInterval& a, const ResidueInterval& b);
  friend ResidueInterval abs(const ResidueInterval& a);
  friend ResidueInterval max(const ResidueInterval& a, const ResidueInterval& b);
  friend ResidueInterval min(const ResidueInterval& a, const ResidueInterval& b);

 private:
  bool is_zero_by_residue() const;
  bool is_below(int bits) const;
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
