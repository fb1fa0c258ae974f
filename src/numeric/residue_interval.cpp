#include "numeric/residue_interval.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lemmacheck {
namespace detail {
namespace {

constexpr std::size_t base_count = DenominatorPowers::most_bases;
constexpr std::array<std::uint64_t, 4> small_bases = {2, 3, 5, 7};

/// The bases of one evaluation: of each 2^-8 times an upper bound of its logarithm, and its residue.
struct Bases {
  std::array<std::uint32_t, base_count> bits = {256, 406, 595, 719};
  std::array<Residue, base_count> residues = {Residue::of_word(2), Residue::of_word(3), Residue::of_word(5),
                                              Residue::of_word(7)};
  std::array<std::uint64_t, base_count> words{};  // 0: a numerator that was divided by
  std::size_t count = small_bases.size();

  /// The byte of another base; nothing where there are too many.
  std::optional<DenominatorPowers> add(std::uint64_t word, Residue residue, std::uint32_t log) {
    for (std::size_t i = small_bases.size(); word != 0 && i < count; ++i)
      if (words[i] == word) return DenominatorPowers::once(i);
    constexpr std::uint32_t most_bits = 1U << 16U;
    if (count == base_count || residue.is_zero() || log > most_bits) return std::nullopt;
    words[count] = word;
    residues[count] = residue;
    bits[count] = 256 * log;
    return DenominatorPowers::once(count++);
  }
};

Bases& bases() {
  thread_local constinit Bases kept;
  return kept;
}

/// A denominator by its factors: those of the small bases, and what is left.
struct alignas(64) Divisor {
  std::uint64_t word = 0;
  Residue inverse;
  DenominatorPowers small;
  std::uint64_t left = 1;
};

Divisor made_divisor(std::uint64_t word) {
  Divisor divisor{word, inverse(Residue(word)), {}, word};
  for (std::size_t i = 0; i < small_bases.size(); ++i)
    for (; divisor.left % small_bases[i] == 0; divisor.left /= small_bases[i])
      divisor.small = divisor.small + DenominatorPowers::once(i);
  return divisor;
}

/// What this thread knows modulo the prime at hand.
template <class T>
T& of_modulus(std::array<T, 2>& both) {
  return both[Residue::modulus == Modulus::first ? 0 : 1];
}

/// Few denominators come up again and again, and an inverse costs as much as a hundred products.
const Divisor& divisor_of(std::uint64_t word) {
  constexpr std::size_t places = 256;
  thread_local constinit std::array<std::array<Divisor, places>, 2> kept;
  Divisor& place = of_modulus(kept)[(word * 0x9E3779B97F4A7C15U) >> 56U];
  if (place.word != word) place = made_divisor(word);
  return place;
}

DenominatorPowers powers_of(const Divisor& divisor) {
  if (divisor.left == 1) return divisor.small;
  const auto other = bases().add(divisor.left, Residue(divisor.left),
                                 static_cast<std::uint32_t>(std::bit_width(divisor.left)));
  return other ? divisor.small + *other : DenominatorPowers::unknown();
}

/// An upper bound of log2 of a number >= 0; 0 for what is at most 1.
std::uint32_t log_bound(double size) {
  if (!(size > 1)) return 0;
  int exponent = 0;
  std::frexp(size, &exponent);
  return static_cast<std::uint32_t>(exponent);
}

/// NaN where an end is.
double largest_size(Interval value) {
  const double low = std::fabs(value.lower()), high = std::fabs(value.upper());
  return std::isnan(low) || low > high ? low : high;
}

/// |x| = numerator / denominator, both below 2^53.
struct SmallFraction {
  std::uint64_t numerator, denominator;
};

/// The fraction that an enclosure and a denominator leave, where that is one; the enclosure does not hold 0.
std::optional<SmallFraction> small_fraction(Interval enclosure, DenominatorPowers powers) {
  const std::uint64_t denominator = powers.word();
  if (denominator == 0) return std::nullopt;
  // The numerator is an integer between two numbers whose ends are rounded outward.
  const Interval scaled_up = scaled(abs(enclosure), denominator);
  const double low = std::ceil(scaled_up.lower()), high = std::floor(scaled_up.upper());
  if (!(low == high && low >= 1 && low < 0x1p53)) return std::nullopt;
  return SmallFraction{static_cast<std::uint64_t>(low), denominator};
}

/// A number divides again and again.
Residue known_inverse(Residue a) {
  struct Known {
    Residue number, inverse;
  };
  constexpr std::size_t places = 256;
  thread_local constinit std::array<std::array<Known, places>, 2> kept;
  Known& place = of_modulus(kept)[a.hash() % places];
  if (!(place.number == a)) place = {a, inverse(a)};
  return place.inverse;
}

}  // namespace

/// a^(p - 2), bit by bit.
Residue plain_inverse(Residue a) {
  Residue power(1);
  for (DoubleWord left = Residue::prime() - 2; left != 0; left >>= 1U, a = a * a)
    if ((left & 1U) != 0) power = power * a;
  return power;
}

Residue inverse(Residue a) {
  if (Residue::modulus != Modulus::first) return plain_inverse(a);
  // p - 2 is 125 ones and 01: runs of ones are doubled, from 1 to 124.
  const auto squared = [](Residue x, int times) {
    for (int i = 0; i < times; ++i) x = x * x;
    return x;
  };
  const auto doubled = [&](Residue run, int length) { return squared(run, length) * run; };
  const Residue three = squared(doubled(a, 1), 1) * a, six = doubled(three, 3), twelve = doubled(six, 6),
                fifteen = squared(twelve, 3) * three, thirty = doubled(fifteen, 15),
                sixty = doubled(thirty, 30),
                ones = squared(squared(doubled(sixty, 60), 3) * three, 2) * (squared(a, 1) * a);
  return squared(ones, 2) * a;
}

std::uint32_t DenominatorPowers::bits() const {
  const Bases& known = bases();
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < known.count; ++i) sum += std::uint64_t{power(i)} * known.bits[i];
  return static_cast<std::uint32_t>((sum + 255) / 256);  // at most 16 x 127 x 2^16
}

std::uint64_t DenominatorPowers::word() const {
  constexpr std::uint32_t most_bits = 53;
  if (bits() >= most_bits) return 0;
  const Bases& known = bases();
  std::uint64_t product = 1;
  for (std::size_t i = 0; i < known.count; ++i)
    for (std::uint32_t k = power(i); k > 0; --k)
      product *= i < small_bases.size() ? small_bases[i] : known.words[i];  // 0 where that is no word
  return product;
}

Residue DenominatorPowers::residue() const {
  Residue product(1);
  for (std::size_t i = 0; i < bases().count; ++i)
    for (std::uint32_t k = power(i); k > 0; --k) product = product * bases().residues[i];
  return product;
}

}  // namespace detail

using namespace detail;

namespace {

/// Where this thread's evaluation keeps what it asked, if it does.
thread_local constinit ResidueInterval::Tests* kept_tests = nullptr;

}  // namespace

ResidueInterval::Evaluation::Evaluation(Modulus modulus, Tests* tests) {
  Residue::modulus = modulus;
  kept_tests = tests;
  bases().count = small_bases.size();
}

ResidueInterval::Evaluation::~Evaluation() {
  Residue::modulus = Modulus::first;
  kept_tests = nullptr;
}

ResidueInterval ResidueInterval::ratio(std::int64_t numerator, std::uint64_t denominator) {
  const Interval enclosure = Interval::ratio(numerator, denominator);
  const auto size = static_cast<std::uint64_t>(numerator < 0 ? -numerator : numerator);
  if (denominator == 1) return {enclosure, numerator < 0 ? -Residue(size) : Residue(size), {}};
  const Divisor& divisor = divisor_of(denominator);
  const Residue residue = divisor.inverse * size;
  return {enclosure, numerator < 0 ? -residue : residue, powers_of(divisor)};
}

ResidueInterval ResidueInterval::from(const Rational& value) {
  const auto words = value.words();
  if (!words) return ResidueInterval(Interval::from(value));
  const auto [numerator, denominator] = *words;
  constexpr std::int64_t most = std::int64_t{1} << 53;
  if (numerator > -most && numerator < most && denominator < static_cast<std::uint64_t>(most))
    return ratio(numerator, denominator);
  const auto size = static_cast<std::uint64_t>(numerator < 0 ? -numerator : numerator);
  const Divisor& divisor = divisor_of(denominator);
  const Residue residue = divisor.inverse * size;
  return {Interval::from(value), numerator < 0 ? -residue : residue, powers_of(divisor)};
}

/// |x| <= size, and size D < 2^(exponent + bits of D) <= 2^bits
bool ResidueInterval::is_below(int bits) const {
  const double size = largest_size(enclosure_);
  if (!std::isfinite(size)) return false;
  int exponent = 0;
  std::frexp(size, &exponent);
  return exponent + static_cast<int>(powers_.bits()) <= bits;
}

bool ResidueInterval::is_zero_by_residue() const {
  // One prime is above 2^126, both together are above 2^252.
  constexpr int bits_of_one = 126, bits_of_both = 252;
  enum : unsigned char { unknown, above_or_below, too_long, zero, zero_by_both };
  const auto answer = !powers_.known()         ? unknown
                      : !residue_.is_zero()    ? above_or_below
                      : is_below(bits_of_one)  ? zero
                      : kept_tests == nullptr  ? too_long
                      : is_below(bits_of_both) ? zero_by_both
                                               : too_long;
  if (kept_tests != nullptr) {
    kept_tests->answers.push_back(answer);
    kept_tests->open = kept_tests->open || answer == zero_by_both;
  }
  return answer == zero || answer == zero_by_both;
}

ResidueInterval operator/(const ResidueInterval& a, const ResidueInterval& b) {
  const Interval enclosure = a.enclosure_ / b.enclosure_;
  if (!a.powers_.known() || !b.powers_.known()) return ResidueInterval(enclosure);
  // b = n / D, so that a / b = a D / n.
  if (const auto fraction = small_fraction(b.enclosure_, b.powers_)) {
    const Divisor& divisor = divisor_of(fraction->numerator);
    const Residue quotient = a.residue_ * fraction->denominator * divisor.inverse;
    return {enclosure, b.upper() < 0 ? -quotient : quotient, a.powers_ + powers_of(divisor)};
  }
  const double size = largest_size(b.enclosure_);
  const auto base = std::isfinite(size)
                        ? bases().add(0, b.residue_ * b.powers_.residue(), log_bound(size) + b.powers_.bits())
                        : std::nullopt;
  if (!base) return ResidueInterval(enclosure);
  return {enclosure, a.residue_ * known_inverse(b.residue_), a.powers_ + *base};
}

ResidueInterval divided(const ResidueInterval& value, std::uint64_t n) {
  if (n == 1) return value;
  const Divisor& divisor = divisor_of(n);
  return {divided(value.enclosure_, n), value.residue_ * divisor.inverse, value.powers_ + powers_of(divisor)};
}

Truth is_at_most(const ResidueInterval& a, const ResidueInterval& b) {
  const Truth enclosed = is_at_most(a.enclosure_, b.enclosure_);
  if (enclosed != Truth::unknown) return enclosed;
  const auto sign = (b - a).sign();
  return !sign ? Truth::unknown : *sign >= 0 ? Truth::yes : Truth::no;
}

Truth is_equal(const ResidueInterval& a, const ResidueInterval& b) {
  const ResidueInterval difference = a - b;
  if (const auto sign = difference.sign()) return *sign == 0 ? Truth::yes : Truth::no;
  return difference.has_residue() && !difference.residue_.is_zero() ? Truth::no : Truth::unknown;
}

ResidueInterval abs(const ResidueInterval& a) {
  if (const auto sign = a.sign()) return *sign < 0 ? -a : *sign == 0 ? ResidueInterval() : a;
  return ResidueInterval(abs(a.enclosure_));
}

ResidueInterval max(const ResidueInterval& a, const ResidueInterval& b) {
  switch (is_at_most(a, b)) {
    case Truth::yes:
      return b;
    case Truth::no:
      return a;
    default:
      return ResidueInterval(max(a.enclosure_, b.enclosure_));
  }
}

ResidueInterval min(const ResidueInterval& a, const ResidueInterval& b) {
  return -max(-a, -b);
}

}  // namespace lemmacheck
