#include "numeric/rational.hpp"

#include <gmp.h>

#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "numeric/helpers.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

// 0.1 is not 1/10: no way leads from floating point to a Rational.
static_assert(!std::is_constructible_v<Rational, double> && !std::is_convertible_v<double, Rational>);
static_assert(!std::is_constructible_v<Rational, float> && !std::is_convertible_v<float, Rational>);
static_assert(!std::is_assignable_v<Rational&, double> && !std::is_convertible_v<Rational, double>);

namespace {

Rational q(const char* text) {
  return Rational::parse_fraction(text);
}
Rational ten_to(unsigned n) {
  return pow(Rational(10), n);
}

/// A fraction whose parts lie about a power of two, about which words end: often 0, 1, or just below 2^62.
Rational near_a_power(std::mt19937_64& random) {
  const auto part = [&](std::int64_t least) {
    const Rational power = pow(Rational(2), std::uniform_int_distribution<unsigned>(0, 70)(random));
    return max(power + Rational(std::uniform_int_distribution<std::int64_t>(-3, 3)(random)), Rational(least));
  };
  const Rational value = part(0) / part(1);
  return random() % 2 == 0 ? value : -value;
}

/// `operation` of GMP on what the two numbers print.
template <class Operation>
std::string by_gmp(Operation operation, const Rational& a, const Rational& b) {
  mpq_t x, y;
  mpq_inits(x, y, nullptr);
  mpq_set_str(x, a.to_string().c_str(), 10);
  mpq_set_str(y, b.to_string().c_str(), 10);
  operation(x, x, y);
  char* const text = mpq_get_str(nullptr, 10, x);
  std::string result(text);
  void (*release)(void*, std::size_t) = nullptr;
  mp_get_memory_functions(nullptr, nullptr, &release);
  release(text, result.size() + 1);
  mpq_clears(x, y, nullptr);
  return result;
}

int order_by_gmp(const Rational& a, const Rational& b) {
  return by_gmp(mpq_sub, a, b).front() == '-' ? -1 : a.to_string() == b.to_string() ? 0 : 1;
}

struct Refusal {
  std::string text, message;
};

}  // namespace

TEST_CASE("rational: every number is kept in lowest terms", "[rational]") {
  CHECK(Rational::ratio(6, 4).to_string() == "3/2");
  CHECK(Rational::ratio(-6, 4).to_string() == "-3/2");
  CHECK(Rational::ratio(0, 5).to_string() == "0");
  CHECK(q("-007/014").to_string() == "-1/2");
  CHECK(q("-0").to_string() == "0");
  CHECK((q("1/6") + q("1/3")).to_string() == "1/2");
  CHECK((q("-3/4") * q("8/3")).to_string() == "-2");
  CHECK(Rational(INT64_MIN).to_string() == "-9223372036854775808");
  CHECK(Rational(UINT64_MAX).to_string() == "18446744073709551615");
}

TEST_CASE("rational: arithmetic is exact", "[rational]") {
  CHECK(q("1/10") + q("2/10") == q("3/10"));  // not so in doubles
  Rational harmonic;
  for (std::uint64_t k = 1; k <= 10; ++k) harmonic += Rational::ratio(1, k);
  CHECK(harmonic == q("7381/2520"));  // OEIS A001008 / A002805
  CHECK((ten_to(400) + 1) - ten_to(400) == Rational(1));
  CHECK(q("2/3") / q("-4/9") == q("-3/2"));
  CHECK(-q("2/3") == q("-2/3"));
  CHECK(scaled(q("5/6"), 9) == q("15/2"));
  CHECK(divided(q("5/6"), 10) == q("1/12"));
  CHECK(Rational::sum(1, 5, [](std::size_t k) { return Rational::ratio(1, k * (k + 1)); }) ==
        q("4/5"));  // telescopes
}

TEST_CASE("rational: numbers of two words and larger ones answer as GMP does", "[rational]") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const Rational a = near_a_power(random), b = near_a_power(random);
    INFO(a.to_string() << " and " << b.to_string());
    const Rational sum = a + b, difference = a - b, product = a * b;
    REQUIRE(sum.to_string() == by_gmp(mpq_add, a, b));
    REQUIRE(difference.to_string() == by_gmp(mpq_sub, a, b));
    REQUIRE(product.to_string() == by_gmp(mpq_mul, a, b));
    if (b.sign() != 0) REQUIRE((a / b).to_string() == by_gmp(mpq_div, a, b));
    REQUIRE(((a > b) - (a < b)) == order_by_gmp(a, b));
    // Whichever way a number came about, it is the same number.
    REQUIRE(sum - b == a);
    REQUIRE(q(product.to_string().c_str()) == product);
    REQUIRE(-(-difference) == difference);
  }
}

TEST_CASE("rational: a number may be its own operand", "[rational]") {
  Rational a = q("3/7");
  const Rational& same = a;
  a += same;
  CHECK(a == q("6/7"));
  a *= same;
  CHECK(a == q("36/49"));
  a /= same;
  CHECK(a == Rational(1));
  a -= same;
  CHECK(a == Rational(0));
}

TEST_CASE("rational: numbers are ordered by value", "[rational]") {
  CHECK(q("-1/2") < q("-1/3"));
  CHECK(q("1/3") < q("333333333333333334/1000000000000000000"));
  CHECK(q("2/4") <= q("1/2"));
  CHECK_FALSE(q("2/4") < q("1/2"));
  CHECK(max(q("-1/2"), q("-1/3")) == q("-1/3"));
  CHECK(min(q("-1/2"), q("-1/3")) == q("-1/2"));
  CHECK(abs(q("-1/2")) == q("1/2"));
  CHECK((q("-1/2").sign() == -1 && Rational(0).sign() == 0 && q("1/2").sign() == 1));
}

TEST_CASE("rational: powers", "[rational]") {
  CHECK(pow(q("2/3"), 10) == q("1024/59049"));
  CHECK(pow(q("-1/2"), 3) == q("-1/8"));
  CHECK(pow(q("-1/2"), 4) == q("1/16"));
  CHECK(pow(q("5/7"), 0) == Rational(1));
  CHECK(pow(Rational(0), 0) == Rational(1));
  CHECK(pow(Rational(0), 3) == Rational(0));
}

TEST_CASE("rational: division by zero is refused and changes nothing", "[rational]") {
  Rational a = q("3/7");
  CHECK(contains(message_of([&] { a /= Rational(0); }), "division by 0"));
  CHECK(a == q("3/7"));
  CHECK_THROWS_AS(Rational::ratio(1, 0), InvalidInput);
  CHECK_THROWS_AS(divided(a, 0), InvalidInput);
}

TEST_CASE("rational: a decimal that a person types is exact", "[rational]") {
  CHECK(Rational::parse_typed("0.1") == q("1/10"));
  CHECK(Rational::parse_typed("-0.5") == q("-1/2"));
  CHECK(Rational::parse_typed(".5") == q("1/2"));
  CHECK(Rational::parse_typed("-.25") == q("-1/4"));
  CHECK(Rational::parse_typed("12.50") == q("25/2"));
  CHECK(Rational::parse_typed("0.000") == Rational(0));
  CHECK(Rational::parse_typed("-7/14") == q("-1/2"));
  CHECK(Rational::parse_typed("3") == Rational(3));
  CHECK(Rational::parse_typed("0." + std::string(998, '0') + "1") == Rational(1) / ten_to(999));
}

TEST_CASE("rational: fractions of up to max_digits digits are read", "[rational]") {
  const std::string nines(Rational::max_digits, '9');
  const Rational value = ten_to(Rational::max_digits) - 1;
  CHECK(Rational::parse_fraction(nines) == value);
  CHECK(Rational::parse_fraction("-" + nines + "/" + nines) == Rational(-1));
  CHECK(Rational::parse_fraction("1/" + nines) == Rational(1) / value);
}

TEST_CASE("rational: what is no number is refused with its fault", "[rational]") {
  const std::string million(1'000'000, '7'), too_many(Rational::max_digits + 1, '7');
  const std::string limit = "at most " + std::to_string(Rational::max_digits);
  const std::vector<Refusal> both = {
      {"", "'' is not a fraction"},
      {"-", "'-' is not a fraction"},
      {"1/0", "has denominator 0"},
      {"1e5", "'1e5' is not a fraction"},
      {"--1", "'--1' is not a fraction"},
      {"+1", "'+1' is not a fraction"},
      {"1/-2", "is not a fraction"},
      {"1/", "is not a fraction"},
      {"/2", "is not a fraction"},
      {"1/2/3", "is not a fraction"},
      {" 1", "is not a fraction"},
      {"1 /2", "is not a fraction"},
      {"1\n", "'1?' is not a fraction"},
      {"0x10", "is not a fraction"},
      {"nan", "is not a fraction"},
      {"\xc2\xbd", "' is not a fraction"},  // the character 1/2 in UTF-8
      {"\xd9\xa1", "' is not a fraction"},  // the Arabic digit 1
      {std::string("1\0", 2), "'1?' is not a fraction"},
      {million, "1000000 characters; " + limit},
      {"1/" + million, "1000002 characters; " + limit},
      {too_many, std::to_string(too_many.size()) + " digits; " + limit},
      {"1/" + too_many, std::to_string(too_many.size()) + " digits; " + limit}};
  for (const auto& [text, message] : both) {
    for (const bool typed : {false, true}) {
      const std::string said =
          message_of([&, &t = text] { typed ? Rational::parse_typed(t) : Rational::parse_fraction(t); });
      INFO(text.substr(0, 20) << " -> " << said << ", expected " << message);
      CHECK(contains(said, message));
      CHECK(is_readable(said));
    }
  }
}

TEST_CASE("rational: decimals are no fractions, and broken decimals no numbers", "[rational]") {
  CHECK(contains(message_of([] { Rational::parse_fraction("1.5"); }), "'1.5' is not a fraction"));
  for (const std::string text :
       {".", "1.", "-.", "1.2.3", "1.5/2", "1/2.5", "1.-5", "+.5", "0.1e3", "1. 5", " .5"}) {
    const std::string said = message_of([&] { Rational::parse_typed(text); });
    INFO(text << " -> " << said);
    CHECK(contains(said, "'" + text + "' is not a number"));
  }
  const std::string said = message_of([] { Rational::parse_typed("1." + std::string(1'000'000, '0')); });
  CHECK((contains(said, "1000002 characters; at most") && is_readable(said)));
}

TEST_CASE("rational: quotients of limbs are read with the lowest limb first", "[rational]") {
  using Limbs = std::vector<std::uint64_t>;
  const auto from = [](const Limbs& a, const Limbs& b) { return Rational::from_limbs(a, b); };
  CHECK(from({1, 1}, {2}) == q("18446744073709551617/2"));  // (2^64 + 1) / 2
  CHECK(from({0, 2}, {0, 4}) == q("1/2"));
  CHECK(from({6, 0, 0}, {4, 0}) == q("3/2"));
  CHECK(from({}, {7}) == Rational(0));
  CHECK(from({UINT64_MAX, UINT64_MAX}, {1}) == pow(Rational(2), 128) - 1);
  CHECK_THROWS_AS(from({1}, {0, 0}), InternalError);
}

TEST_CASE("rational: known factors of a denominator are cancelled as often as they are shared",
          "[rational]") {
  const auto limbs_of = [](std::uint64_t base, unsigned power, std::uint64_t factor) {
    std::vector<std::uint64_t> limbs = {factor};
    __extension__ using Wide = unsigned __int128;
    for (unsigned i = 0; i < power; ++i) {
      Wide carry = 0;
      for (std::uint64_t& limb : limbs) {
        carry += Wide{limb} * base;
        limb = static_cast<std::uint64_t>(carry);
        carry >>= 64U;
      }
      if (carry != 0) limbs.push_back(static_cast<std::uint64_t>(carry));
    }
    return limbs;
  };
  // Each base to some power, with another factor, above and below the line.
  const std::vector<std::uint64_t> bases = {1, 2, 6, 10, 60, 1000, 999983, (std::uint64_t{1} << 53U) - 1};
  for (const std::uint64_t above : bases)
    for (const std::uint64_t below : bases)
      for (const std::uint64_t factor : {std::uint64_t{1}, std::uint64_t{12}, std::uint64_t{1} << 63U})
        for (const unsigned power : {0U, 1U, 3U, 9U}) {
          const auto numerator = limbs_of(above, 5, factor / 4 + 1),
                     denominator = limbs_of(below, power, factor);
          const std::uint64_t factors[] = {below, factor};
          INFO(above << "^5 over " << below << "^" << power << " " << factor);
          CHECK(Rational::from_limbs(numerator, denominator, factors).to_string() ==
                Rational::from_limbs(numerator, denominator).to_string());
        }
  const std::uint64_t ten[] = {10};
  CHECK(Rational::from_limbs(limbs_of(10, 40, 0), limbs_of(10, 30, 1), ten) == Rational(0));
  CHECK(Rational::from_limbs(limbs_of(10, 40, 1), limbs_of(10, 30, 1), ten) == pow(Rational(10), 10));
}

TEST_CASE("rational: denominators and scaled numbers as words", "[rational]") {
  const Rational two_64 = pow(Rational(2), 64);
  CHECK((q("5").denominator_word() == 1U && q("5").denominator_bits() == 1 && q("5").is_integer()));
  CHECK((q("-3/8").denominator_word() == 8U && q("-3/8").denominator_bits() == 4 && !q("-3/8").is_integer()));
  CHECK((Rational(1) / (two_64 - 1)).denominator_word() == UINT64_MAX);
  CHECK_FALSE((Rational(1) / two_64).denominator_word());
  CHECK(q("2/3").scaled_to_word(12) == 8U);
  CHECK_FALSE(q("2/3").scaled_to_word(4));
  CHECK_FALSE(q("-2/3").scaled_to_word(3));
  CHECK(Rational(0).scaled_to_word(7) == 0U);
  CHECK((two_64 - 1).scaled_to_word(1) == UINT64_MAX);
  CHECK_FALSE(two_64.scaled_to_word(1));
  CHECK((two_64 / 3).scaled_to_word(0) == 0U);
}

TEST_CASE("rational: a moved-from number is a number", "[rational]") {
  Rational source = q("1/3"), target = q("7");
  Rational taken(std::move(source));
  CHECK(taken == q("1/3"));
  CHECK((source + 1) - source ==
        Rational(1));  // NOLINT(bugprone-use-after-move): that this works is what is tested
  target = std::move(taken);
  CHECK(target == q("1/3"));
  taken = q("2/5");
  CHECK(taken + target == q("11/15"));
  Rational& same = target;
  target = std::move(same);
  CHECK(target == q("1/3"));
  const Rational copy = target;
  target += 1;
  CHECK(copy == q("1/3"));
}
