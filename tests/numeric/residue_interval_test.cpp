#include "numeric/residue_interval.hpp"

#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

/// Random expressions, computed in both number types.
struct Both {
  Rational exact;
  ResidueInterval residue;
};

class Expressions {
 public:
  Both leaf() {
    constexpr std::uint64_t denominators[] = {1, 2, 3, 7, 10, 60, 64, 11, 1000, 97};
    const auto numerator = static_cast<std::int64_t>(below(41)) - 20;
    const std::uint64_t denominator = denominators[below(10)];
    return {Rational::ratio(numerator, denominator), ResidueInterval::ratio(numerator, denominator)};
  }
  Both next(int depth) {
    if (depth == 0) return leaf();
    const Both a = next(depth - 1), b = next(depth - 1);
    switch (below(7)) {
      case 0:
        return {a.exact - b.exact, a.residue - b.residue};
      case 1:
        return {a.exact * b.exact, a.residue * b.residue};
      case 2:
        return {abs(a.exact), abs(a.residue)};
      case 3:
        return {max(a.exact, b.exact), max(a.residue, b.residue)};
      case 4:
        if (b.residue.enclosure().lower() > 0 || b.residue.enclosure().upper() < 0)
          return {a.exact / b.exact, a.residue / b.residue};
        return a;
      case 5: {
        const std::uint64_t n = below(12) + 1;
        return {divided(a.exact, n), divided(scaled(a.residue, std::uint64_t{1}), n)};
      }
      default:
        return {a.exact + b.exact, a.residue + b.residue};
    }
  }
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

 private:
  std::mt19937_64 random_{7};
};

/// 2^exponent / 3^other, which needs both bases.
ResidueInterval powers(unsigned exponent, unsigned other) {
  ResidueInterval result(1);
  for (unsigned i = 0; i < exponent; ++i) result = scaled(result, std::uint64_t{2});
  for (unsigned i = 0; i < other; ++i) result = divided(result, std::uint64_t{3});
  return result;
}

}  // namespace

TEST_CASE("residues: what is decided is right, and almost all is decided", "[numeric]") {
  const RoundUpward upward;
  Expressions expressions;
  int decided = 0, asked = 0, zeros = 0;
  for (int i = 0; i < 20'000; ++i) {
    const ResidueInterval::Evaluation evaluation;
    const Both a = expressions.next(3), b = expressions.next(3);
    const Truth equal = is_equal(a.residue, b.residue), below = is_at_most(a.residue, b.residue);
    if (equal != Truth::unknown) CHECK(equal == is_equal(a.exact, b.exact));
    if (below != Truth::unknown) CHECK(below == is_at_most(a.exact, b.exact));
    // The same number by another way: no enclosure tells it from its neighbours.
    const ResidueInterval way = (a.residue + b.residue) * (a.residue - b.residue);
    const ResidueInterval other = a.residue * a.residue - b.residue * b.residue;
    const Truth same = is_equal(way, other);
    CHECK(same != Truth::no);
    zeros += same == Truth::yes ? 1 : 0;
    decided += equal == Truth::unknown ? 0 : 1;
    ++asked;
  }
  CHECK(decided > asked * 99 / 100);
  CHECK(zeros > asked * 9 / 10);
}

TEST_CASE("residues: a difference far below an enclosure's width is no equality", "[numeric]") {
  const RoundUpward upward;
  const ResidueInterval::Evaluation evaluation;
  const ResidueInterval third = ResidueInterval::ratio(1, 3), tiny = powers(0, 60);  // 3^-60 < 2^-95
  CHECK(is_equal(third + tiny, third) == Truth::no);
  CHECK(is_equal(third + tiny - tiny, third) == Truth::yes);
  CHECK(is_at_most(third, third + tiny) == Truth::unknown);  // which way it goes is not known
  CHECK(is_at_most(third + tiny - tiny, third) == Truth::yes);
}

TEST_CASE("residues: a multiple of the prime is not taken for 0", "[numeric]") {
  const RoundUpward upward;
  const ResidueInterval::Evaluation evaluation;
  // (2^127 - 1) / 3^120 is about 2^-63: an enclosure of 1 + x does not tell it from 1, and its residue is 0.
  const ResidueInterval x = (powers(127, 0) - ResidueInterval(1)) * powers(0, 120);
  CHECK(is_equal(ResidueInterval(1) + x, ResidueInterval(1)) == Truth::unknown);
  CHECK(x.sign() == 1);
  // The same over bases that the evaluation names: a word, and a number that was computed.
  ResidueInterval of_word = powers(127, 0) - ResidueInterval(1), of_number = of_word;
  for (int i = 0; i < 28; ++i) of_word = divided(of_word, std::uint64_t{97});
  const ResidueInterval large = powers(95, 0) + ResidueInterval(1);
  of_number = of_number / large / large;
  for (const ResidueInterval& tiny : {of_word, of_number}) {
    CHECK(tiny.has_residue());
    CHECK(is_equal(ResidueInterval(1) + tiny, ResidueInterval(1)) == Truth::unknown);
  }
  // Where the denominator is known to be small, the same residue proves it.
  const ResidueInterval y = ResidueInterval::ratio(1, 3) * ResidueInterval(3);
  CHECK(is_equal(y, ResidueInterval(1)) == Truth::yes);
}

TEST_CASE("residues: too many factors, or a choice that stays open, leave the enclosure", "[numeric]") {
  const RoundUpward upward;
  const ResidueInterval::Evaluation evaluation;
  CHECK(powers(0, 127).has_residue());
  CHECK_FALSE(powers(0, 128).has_residue());
  ResidueInterval sum;
  for (const std::uint64_t prime : {11U, 13U, 17U, 19U, 23U, 29U, 31U, 37U, 41U, 43U, 47U, 53U})
    sum += ResidueInterval::ratio(1, prime);
  CHECK(sum.has_residue());
  sum += ResidueInterval::ratio(1, 59);
  CHECK_FALSE(sum.has_residue());
  CHECK(sum.enclosure().lower() > 0.52);
  const ResidueInterval::Evaluation another;  // other names
  CHECK(ResidueInterval::ratio(1, 59).has_residue());
  CHECK_FALSE(ResidueInterval(Interval::between(-1, 1)).has_residue());
  CHECK_FALSE(ResidueInterval(Interval::between(-1, 1)).sign());
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(ResidueInterval(Interval::between(nothing, 1)).sign());
}

TEST_CASE("residues: large rationals and negative numbers", "[numeric]") {
  const RoundUpward upward;
  const ResidueInterval::Evaluation evaluation;
  const Rational large = pow(Rational(10), 40);
  CHECK_FALSE(ResidueInterval::from(large).has_residue());
  CHECK(is_at_most(ResidueInterval(1), ResidueInterval::from(large)) == Truth::yes);
  const Rational wide = Rational::ratio(-4'611'686'018'427'387'000, 4'611'686'018'427'387'001);
  CHECK(is_equal(ResidueInterval::from(wide), ResidueInterval::from(wide)) == Truth::yes);
  CHECK(is_equal(-ResidueInterval::from(wide), ResidueInterval::from(-wide)) == Truth::yes);
  CHECK(ResidueInterval(std::int64_t{-3}).sign() == -1);
  CHECK((ResidueInterval(2) / ResidueInterval(-3)).sign() == -1);
  CHECK(is_equal(ResidueInterval(2) / ResidueInterval(-3), ResidueInterval::ratio(-2, 3)) == Truth::yes);
}

TEST_CASE("residues: quotients by small fractions keep their factors apart", "[numeric]") {
  const RoundUpward upward;
  const ResidueInterval::Evaluation evaluation;
  // Importance ratios: (3/10 over 7/10), again and again, by two ways.
  ResidueInterval one(1), other(1);
  for (int i = 0; i < 30; ++i) {
    one *= ResidueInterval::ratio(3, 10) / ResidueInterval::ratio(7, 10);
    other = other * ResidueInterval(3) / ResidueInterval(7);
  }
  CHECK(one.has_residue());
  CHECK(is_equal(one, other) == Truth::yes);
  const ResidueInterval gamma = ResidueInterval::ratio(99, 100), left = ResidueInterval(1) - gamma;
  CHECK(is_equal(ResidueInterval(1) / left, ResidueInterval(100)) == Truth::yes);
  CHECK(is_equal(ResidueInterval(1) / left / left, ResidueInterval(10'000)) == Truth::yes);
  CHECK(is_equal(ResidueInterval(1) / (left + powers(0, 60)), ResidueInterval(100)) == Truth::no);
}
