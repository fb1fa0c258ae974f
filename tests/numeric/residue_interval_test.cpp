#include "numeric/residue_interval.hpp"

#include <functional>
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
  for (int i = 0; i < 40'000; ++i) {
    const ResidueInterval::Evaluation evaluation(i % 2 == 0 ? Modulus::first : Modulus::second);
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

TEST_CASE("residues: two primes prove equalities that are too long for one", "[numeric]") {
  const RoundUpward upward;
  // p / 3^120 and q / 3^120 are below 2^-63, p q / (3^100 5^69) is below 2^-64.
  const auto first_prime = [] { return powers(127, 0) - ResidueInterval(1); };
  const auto second_prime = [] { return powers(127, 0) - ResidueInterval(25); };
  const auto nothing = [] { return ResidueInterval::ratio(1, 3) * powers(0, 119) - powers(0, 120); };
  const auto fifths = [](ResidueInterval value, int times) {
    for (int i = 0; i < times; ++i) value = divided(value, std::uint64_t{5});
    return value;
  };
  struct Case {
    const char* name;
    std::function<ResidueInterval()> tiny;
    Truth alone, by_first, by_second;
    bool proven;  // by both
  };
  constexpr Truth yes = Truth::yes, no = Truth::no, unknown = Truth::unknown;
  const std::vector<Case> cases = {
      {"nothing", nothing, unknown, yes, yes, true},
      {"p", [&] { return first_prime() * powers(0, 120); }, unknown, yes, no, false},
      {"q", [&] { return second_prime() * powers(0, 120); }, no, no, yes, false},
      {"p q", [&] { return fifths(first_prime() * second_prime() * powers(0, 100), 69); }, unknown, unknown,
       unknown, false},
      {"p q, of few bits", [&] { return nothing() * first_prime() * second_prime(); }, unknown, yes, yes,
       true},
      {"enclosed", [&] { return ResidueInterval(Interval::between(-1e-20, 1e-20)); }, unknown, unknown,
       unknown, false}};
  for (const Case& each : cases) {
    INFO(each.name);
    const auto equal = [&](Modulus modulus, ResidueInterval::Tests* tests) {
      const ResidueInterval::Evaluation evaluation(modulus, tests);
      return is_equal(ResidueInterval(1) + each.tiny(), ResidueInterval(1));
    };
    CHECK(equal(Modulus::first, nullptr) == each.alone);
    ResidueInterval::Tests first, second;
    CHECK(equal(Modulus::first, &first) == each.by_first);
    CHECK(equal(Modulus::second, &second) == each.by_second);
    CHECK(first.answers.size() == 1);
    CHECK(first.open == (each.by_first == yes));
    CHECK((first.open && first.answers == second.answers) == each.proven);
  }
  // What one prime proves needs no other.
  ResidueInterval::Tests tests;
  const ResidueInterval::Evaluation evaluation(Modulus::first, &tests);
  CHECK(is_equal(ResidueInterval::ratio(1, 3) * ResidueInterval(3), ResidueInterval(1)) == yes);
  CHECK(tests.answers.size() == 1);
  CHECK_FALSE(tests.open);
}

TEST_CASE("residues: long sums of products", "[numeric]") {
  const RoundUpward upward;
  for (const Modulus modulus : {Modulus::first, Modulus::second})
    for (const std::size_t n :
         {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{1024}, std::size_t{9000}}) {
      const ResidueInterval::Evaluation evaluation(modulus);
      std::vector<Count> counts;
      std::vector<ResidueInterval> values;
      Rational exact;
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint64_t count = (std::uint64_t{1} << 53U) - 1 - i;
        counts.emplace_back(count);
        const auto numerator = static_cast<std::int64_t>(i) - 500;
        values.push_back(ResidueInterval::ratio(numerator, 7) - ResidueInterval::ratio(1, 1000));
        exact += Rational(static_cast<std::int64_t>(count)) *
                 (Rational::ratio(numerator, 7) - Rational::ratio(1, 1000));
      }
      const ResidueInterval sum = ResidueInterval::dot(counts.data(), values.data(), n);
      // 7000 times the sum is an integer, which is taken apart into words.
      ResidueInterval wanted;
      Rational left = exact * Rational(7000);
      const bool negative = left.sign() < 0;
      if (negative) left = -left;
      const Rational word(std::int64_t{1} << 30);
      ResidueInterval unit(1);
      while (left.sign() != 0) {
        const Rational high = floor(left / word), low = left - high * word;
        wanted += unit * ResidueInterval(*low.as_integer());
        unit = scaled(unit, std::uint64_t{1} << 30U);
        left = high;
      }
      if (negative) wanted = -wanted;
      CHECK(is_equal(scaled(sum, std::uint64_t{7000}), wanted) == Truth::yes);
    }
}
