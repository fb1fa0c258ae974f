#include "numeric/log_form.hpp"

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <random>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "numeric/helpers.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

/// So that a failed comparison shows the numbers.
template <>
struct Catch::StringMaker<LogForm> {
  static std::string convert(const LogForm& x) { return x.to_string().substr(0, 200); }
};

// 0.1 is not 1/10: no way leads from floating point to a LogForm, and products of two logarithms are no
// forms.
static_assert(!std::is_constructible_v<LogForm, double> && !std::is_convertible_v<double, LogForm>);
static_assert(!std::is_assignable_v<LogForm&, double> && !std::is_convertible_v<LogForm, double>);
template <class A, class B>
constexpr bool multiply = requires(A a, B b) {
  a* b;
};
static_assert(multiply<LogForm, Rational> && multiply<int, LogForm> && !multiply<LogForm, LogForm>);

namespace {

Rational q(const char* text) {
  return Rational::parse_fraction(text);
}
Rational to_the(unsigned n, unsigned base = 10) {
  return pow(Rational(base), n);
}
LogForm ln(const Rational& x) {
  return LogForm::log(x);
}
LogForm form(const char* text) {
  return LogForm::parse(text);
}

// Primes that trial division does not find.
const Rational p1 = q("1000000007"), p2 = q("1000000009"), p3 = q("998244353");
const Rational m89 = to_the(89, 2) - 1, m107 = to_the(107, 2) - 1;  // Mersenne's

/// A form and what plain doubles make of it, with the sum of the sizes of its parts.
struct Drawn {
  LogForm form;
  double value = 0, size = 0;
};

class Forms {
 public:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  Rational fraction(std::uint64_t size) {
    return Rational::ratio(static_cast<std::int64_t>(below(2 * size + 1)) - static_cast<std::int64_t>(size),
                           below(size) + 1);
  }
  Drawn next(std::uint64_t size = 10'000) {
    Drawn result;
    if (below(2) == 0) add(result, fraction(size), LogForm(1), 1);
    for (std::uint64_t k = below(8); k-- > 0;) {
      const Rational argument = Rational::ratio(static_cast<std::int64_t>(below(size)) + 1, below(size) + 1);
      add(result, fraction(size), ln(argument), std::log(argument.approximate()));
    }
    return result;
  }

 private:
  static void add(Drawn& sum, const Rational& factor, const LogForm& form, double value) {
    sum.form += factor * form;
    sum.value += factor.approximate() * value;
    sum.size += std::fabs(factor.approximate() * value);
  }
  std::mt19937_64 random_{1};
};

/// log(argument) within 2^-bits, from the series of the area tangent, in rationals only.
LogForm::Enclosure series(const Rational& argument, unsigned bits) {
  const Rational z = (argument - 1) / (argument + 1);  // log = 2 (z + z^3/3 + z^5/5 + ...)
  const Rational aim = Rational(1) / to_the(bits, 2);
  Rational sum, power = z;
  for (unsigned k = 1;; k += 2, power *= z * z) {
    sum += Rational(2) * power / k;
    const Rational rest = Rational(2) * abs(power) * z * z / (Rational(1) - z * z) / (k + 2);
    if (rest < aim) return {sum - rest, sum + rest};
  }
}

LogForm divergence(const std::vector<Rational>& p, const std::vector<Rational>& r) {
  LogForm sum;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i].sign() != 0) sum += p[i] * (r[i].sign() == 0 ? LogForm::infinity() : ln(p[i] / r[i]));
  return sum;
}

}  // namespace

TEST_CASE("log form: logarithms of products are sums of logarithms", "[log_form]") {
  CHECK(ln(4) - 2 * ln(2) == 0);
  CHECK(ln(6) == ln(2) + ln(3));
  CHECK(ln(q("3/8")) == ln(3) - 3 * ln(2));
  CHECK(ln(q("1/7")) == -ln(7));
  CHECK(ln(1) == 0);
  CHECK(q("1/2") * ln(9) + q("1/3") == ln(3) + q("2/6"));
  CHECK(ln(to_the(1000)) == 1000 * ln(5) + 500 * ln(4));
  CHECK((ln(4) - 2 * ln(2) + q("5/3")).sign() == 1);
  CHECK((2 * ln(2) - ln(4) - q("5/3")).sign() == -1);
}

TEST_CASE("log form: factors that only a common divisor shows are found", "[log_form]") {
  // No sum below names all its primes one by one.
  CHECK(ln(p1 * p2) + ln(p2 * p3) - ln(p1 * p3) == 2 * ln(p2));
  CHECK(ln(p1 * p2) + ln(p3 / p2) == ln(p1 * p3));
  CHECK(ln(p1 * p1) == 2 * ln(p1));
  CHECK(ln(pow(p1 * p2, 6)) == 3 * ln(pow(p1 * p2, 2)));
  CHECK(ln(pow(m89, 3) * m107) + ln(m89 * pow(m107, 3)) == 4 * ln(m89 * m107));
  CHECK(ln(m89 * m107 * 12) - ln(m89 * 4) == ln(m107) + ln(3));
  CHECK(ln(1031 * 1033) - ln(1033) == ln(1031));  // the least primes beyond the trial
  CHECK(ln(Rational(1021) * 1021 * 1031) == 2 * ln(1021) + ln(1031));
}

TEST_CASE("log form: numbers that differ by next to nothing are different", "[log_form]") {
  CHECK(ln(p1 * p2) != ln(p1) + ln(p2 + 2));
  CHECK(ln(p1 * p2) + ln(p2 * p3) - ln(p1 * p3) != 2 * ln(p2 + 2));
  CHECK(ln(to_the(300) + 1) != ln(to_the(300)));
  CHECK(ln(2) != ln(2) + Rational(1) / to_the(300));
  CHECK(ln(2) != q("1/2") * ln(3));
}

TEST_CASE("log form: it is rational where its logarithms cancel", "[log_form]") {
  CHECK(LogForm(q("2/3")).rational() == q("2/3"));
  CHECK(LogForm().rational() == Rational(0));
  CHECK((ln(4) - 2 * ln(2) + q("2/3")).rational() == q("2/3"));
  CHECK((ln(p1 * p2) + ln(p3) - ln(p1 * p3) - ln(p2) - 1).rational() == Rational(-1));
  CHECK_FALSE(ln(2).is_rational());
  CHECK_FALSE((ln(4) - ln(2)).is_rational());
  CHECK_FALSE(LogForm::infinity().is_rational());
  CHECK_THROWS_AS(ln(2).rational(), InternalError);
  CHECK_THROWS_AS(LogForm::infinity().rational(), InternalError);
}

TEST_CASE("log form: multiples of log 3 and log 2 are told apart as 3^a and 2^b are", "[log_form]") {
  // Convergents of log 3 / log 2, from both sides.
  using Pair = std::pair<unsigned, unsigned>;
  int above = 0, below = 0;
  for (const auto& [a, b] : {Pair{1, 2}, Pair{2, 3}, Pair{5, 8}, Pair{12, 19}, Pair{41, 65}, Pair{53, 84},
                             Pair{306, 485}, Pair{665, 1054}, Pair{15601, 24727}, Pair{31867, 50508},
                             Pair{79335, 125743}, Pair{111202, 176251}, Pair{190537, 301994}}) {
    const int expected = to_the(a, 3) > to_the(b, 2) ? 1 : -1;
    INFO(a << " log 3 - " << b << " log 2");
    const LogForm difference = a * ln(3) - b * ln(2);
    CHECK(difference.sign() == expected);
    CHECK((-difference).sign() == -expected);
    // Divided by so much that the powers are not multiplied out.
    CHECK((difference * (Rational(1) / to_the(60))).sign() == expected);
    CHECK((a * ln(3) <=> b * ln(2)) == (expected <=> 0));
    (expected > 0 ? above : below) += 1;
  }
  CHECK((above > 4 && below > 4));
}

TEST_CASE("log form: the signs of nearly cancelling sums follow Taylor's series", "[log_form]") {
  // x - x^2/2 < log(1 + x) < x - x^2/2 + x^3/3
  CHECK((1000 * ln(q("1000001/1000000")) - q("1/1000")).sign() == -1);
  for (const unsigned digits : {1U, 3U, 6U, 10U, 30U, 100U, 400U}) {
    const Rational x = Rational(1) / to_the(digits), second = x - x * x / 2, third = second + pow(x, 3) / 3;
    INFO("x = 10^-" << digits);
    CHECK(ln(x + 1) < x);
    CHECK(ln(x + 1) > second);
    CHECK(ln(x + 1) < third);
    CHECK((ln(x + 1) * to_the(20) - third * to_the(20)).sign() == -1);
    CHECK((q("1/7") * ln(x + 1) - q("1/7") * second).sign() == 1);
  }
}

TEST_CASE("log form: where plain doubles can tell, it says what they say", "[log_form]") {
  Forms forms;
  int told = 0;
  for (int i = 0; i < 3000; ++i) {
    const Drawn a = forms.next(), b = forms.next();
    const double difference = a.value - b.value;
    if (std::fabs(difference) <= 1e-9 * (a.size + b.size)) continue;
    ++told;
    INFO(a.form.to_string() << " and " << b.form.to_string());
    CHECK((a.form <=> b.form) ==
          (difference < 0 ? std::strong_ordering::less : std::strong_ordering::greater));
    CHECK(a.form != b.form);
    CHECK(std::fabs(a.form.approximate() - a.value) <= 1e-12 * a.size);
  }
  CHECK(told > 2900);
}

TEST_CASE("log form: divergences are positive, and 0 for equal distributions only", "[log_form]") {
  Forms forms;
  for (int i = 0; i < 300; ++i) {
    const std::size_t n = forms.below(5) + 2;
    std::vector<Rational> p(n), r(n);
    for (std::vector<Rational>* row : {&p, &r}) {
      Rational total;
      for (Rational& x : *row) total += x = Rational(forms.below(i % 2 == 0 ? 3 : 1000) + 1);
      for (Rational& x : *row) x /= total;
    }
    CHECK(divergence(p, r).sign() == (p == r ? 0 : 1));
    CHECK(divergence(p, p).sign() == 0);
    // Against the uniform distribution it is log n minus the entropy.
    LogForm entropy;
    for (const Rational& x : p) entropy -= x * ln(x);
    CHECK(divergence(p, std::vector<Rational>(n, Rational::ratio(1, n))) == ln(n) - entropy);
  }
}

TEST_CASE("log form: sums and multiples obey the laws of a vector space", "[log_form]") {
  Forms forms;
  for (int i = 0; i < 300; ++i) {
    const LogForm a = forms.next(60).form, b = forms.next(60).form, c = forms.next(60).form;
    const Rational s = forms.fraction(60), t = forms.fraction(60);
    INFO(a.to_string() << " | " << b.to_string() << " | " << c.to_string());
    CHECK((a + b) + c == a + (b + c));
    CHECK(a + b == b + a);
    CHECK(a - a == 0);
    CHECK(a - b == -(b - a));
    CHECK((a - b) + b == a);
    CHECK(s * (a + b) == s * a + b * s);
    CHECK((s + t) * a == s * a + t * a);
    CHECK(s * (t * a) == (s * t) * a);
    CHECK(a + 1 != a);
  }
}

TEST_CASE("log form: a form may be its own operand, and a moved-from one is a number", "[log_form]") {
  LogForm a = ln(6) + q("1/2") - 3 * ln(5);
  const LogForm original = a;
  const LogForm& same = a;
  a += same;
  CHECK(a == 2 * original);
  a -= same;
  CHECK(a == 0);
  a = original;
  const LogForm taken(std::move(a));
  CHECK(taken == original);
  a = ln(2);  // NOLINT(bugprone-use-after-move): that this works is what is tested
  CHECK(a + taken == original + ln(2));
}

TEST_CASE("log form: comparisons are a linear order", "[log_form]") {
  Forms forms;
  std::vector<LogForm> sorted = {LogForm::infinity(), 0, ln(2) - ln(4) + ln(2)};
  for (int i = 0; i < 40; ++i) sorted.push_back(forms.next(4).form);
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      const LogForm &x = sorted[i], &y = sorted[j];
      if (i < j) CHECK(x <= y);
      CHECK((x == y) == (x <= y && y <= x));
      CHECK((x < y) == !(y <= x));
      CHECK((is_equal(x, y) == Truth::yes) == (x == y));
      CHECK(holds(x, Relation::at_most, y) == (x <= y ? Truth::yes : Truth::no));
      CHECK(holds(x, Relation::equal, y) == (x == y ? Truth::yes : Truth::no));
      CHECK((max(x, y) == sorted[std::max(i, j)] && min(x, y) == sorted[std::min(i, j)]));
    }
  }
  CHECK(abs(ln(2) - ln(3)) == ln(q("3/2")));
  CHECK(abs(ln(3) - ln(2)) == ln(q("3/2")));
}

TEST_CASE("log form: infinity is above all numbers and follows measure theory", "[log_form]") {
  const LogForm infinity = LogForm::infinity();
  CHECK((infinity.is_infinite() && infinity.sign() == 1 && !ln(2).is_infinite()));
  CHECK(infinity == LogForm::infinity());
  CHECK(infinity > LogForm(to_the(1000)));
  CHECK(ln(2) < infinity);
  for (const LogForm& sum : {infinity + ln(2), ln(2) + infinity, infinity - ln(2), infinity + infinity,
                             infinity * q("1/2"), 2 * infinity, abs(infinity), max(ln(2), infinity)})
    CHECK((sum.is_infinite() && sum == infinity));
  CHECK(min(ln(2), infinity) == ln(2));
  CHECK(0 * infinity == 0);
  CHECK(infinity * Rational(0) + ln(2) == ln(2));
  CHECK(std::isinf(infinity.approximate()));
  CHECK(divergence({1, 0}, {q("1/2"), q("1/2")}) == ln(2));
  CHECK(divergence({q("1/2"), q("1/2")}, {1, 0}).is_infinite());
}

TEST_CASE("log form: what would be no number is a fault", "[log_form]") {
  const LogForm infinity = LogForm::infinity();
  CHECK_THROWS_AS(infinity - infinity, InternalError);
  CHECK_THROWS_AS(ln(2) - infinity, InternalError);
  CHECK_THROWS_AS(-infinity, InternalError);
  CHECK_THROWS_AS(infinity * q("-1/2"), InternalError);
  CHECK_THROWS_AS(infinity.enclose(64), InternalError);
  CHECK_THROWS_AS(ln(2).enclose(0), InternalError);
  for (const Rational& x : {Rational(0), q("-1/2"), -to_the(1000)}) {
    const std::string said = message_of([&] { ln(x); });
    CHECK((contains(said, "the logarithm of '" + x.to_string().substr(0, 40)) && is_readable(said)));
  }
}

TEST_CASE("log form: enclosures hold what the series gives", "[log_form]") {
  for (const Rational& x :
       {q("2"), q("3"), q("3/2"), q("1/2"), q("10"), q("9973/10000"), q("1000001/1000000")}) {
    for (const Rational& factor : {Rational(1), q("3/7"), q("-5"), Rational(1) / to_the(40)}) {
      const auto [a, b] = series(x, 300);
      const Rational low = min(a * factor, b * factor), high = max(a * factor, b * factor);
      for (const unsigned bits : {1U, 2U, 10U, 53U, 64U, 200U}) {
        const auto [lower, upper] = (factor * ln(x)).enclose(bits);
        INFO(factor.to_string() << " log " << x.to_string() << ", " << bits << " bits");
        CHECK((lower <= low && high <= upper));
        // Neighbours: one part in 2^bits, or two where the smaller is no power of 2.
        CHECK((upper - lower) * to_the(bits - 1, 2) <= max(abs(lower), abs(upper)));
      }
    }
  }
}

TEST_CASE("log form: more bits give enclosures inside, of rational ends with as many bits", "[log_form]") {
  Forms forms;
  for (int i = 0; i < 300; ++i) {
    const LogForm x = forms.next().form;
    const auto [lower, upper] = x.enclose(64);
    const auto [inner_lower, inner_upper] = x.enclose(512);
    INFO(x.to_string());
    CHECK((lower <= inner_lower && inner_lower <= inner_upper && inner_upper <= upper));
    CHECK((upper - lower) * to_the(63, 2) <= max(abs(lower), abs(upper)));
    CHECK((inner_upper - inner_lower) * to_the(511, 2) <= max(abs(lower), abs(upper)));
    CHECK((LogForm(lower) <= x && x <= LogForm(upper)));
    CHECK((lower == upper) == (x == LogForm(lower)));
    // Of a binary fraction, the two neighbours are the number itself.
    CHECK((LogForm(lower).enclose(64).lower == lower && LogForm(upper).enclose(64).upper == upper));
  }
}

TEST_CASE("log form: enclosures of rational numbers, or nearly so, are their neighbours", "[log_form]") {
  const auto is = [](const LogForm& x, unsigned bits, const Rational& lower, const Rational& upper) {
    const LogForm::Enclosure e = x.enclose(bits);
    return e.lower == lower && e.upper == upper;
  };
  CHECK(is(0, 8, 0, 0));
  CHECK(is(q("-3/4"), 2, q("-3/4"), q("-3/4")));
  CHECK(is(q("1/3"), 2, q("1/4"), q("3/8")));
  CHECK(is(q("-1/3"), 2, q("-3/8"), q("-1/4")));
  CHECK(is(q("1/3") + ln(4) - 2 * ln(2), 2, q("1/4"), q("3/8")));
  CHECK(is(5, 2, 4, 6));
  // A little beside one of the ends: still the nearest two.
  const LogForm little = Rational(1) / to_the(100) * ln(2);
  CHECK(is(1 + little, 2, 1, q("3/2")));
  CHECK(is(1 - little, 2, q("3/4"), 1));
  CHECK(is(little - 1, 2, -1, q("-3/4")));
}

TEST_CASE("log form: enclosures depend on the value alone, not on how it came about", "[log_form]") {
  const auto same = [](const LogForm::Enclosure& a, const LogForm::Enclosure& b, const Rational& scale) {
    return a.lower * scale == b.lower && a.upper * scale == b.upper;
  };
  CHECK(same(ln(12).enclose(80), (2 * ln(2) + ln(3)).enclose(80), 1));
  const Rational tiny = Rational(1) / to_the(200, 2);  // the powers of such a form are not multiplied out
  Forms forms;
  for (int i = 0; i < 300; ++i) {
    const LogForm x = forms.next().form;
    INFO(x.to_string());
    CHECK(same(x.enclose(64), (x * tiny).enclose(64), tiny));
    CHECK(same(x.enclose(64), LogForm::parse(x.to_string()).enclose(64), 1));
    const LogForm::Enclosure negative = (-x).enclose(64);
    CHECK(same(x.enclose(64), {-negative.upper, -negative.lower}, 1));
  }
}

TEST_CASE("log form: numbers of any size are read, enclosed and compared", "[log_form]") {
  const Rational huge = to_the(5'000) + 1;
  const LogForm difference = ln(huge) - 5'000 * ln(10);  // about 10^-5000
  CHECK(difference.sign() == 1);
  CHECK(difference < LogForm(Rational(1) / to_the(5'000)));
  CHECK(difference > LogForm(Rational(1) / huge));
  CHECK(LogForm::parse(difference.to_string()) == difference);
  CHECK((huge * ln(2) - (huge - 1) * ln(2)) == ln(2));
  CHECK(huge * ln(2) > (huge - 1) * ln(2) + q("69/100"));
  CHECK(huge * ln(2) < (huge - 1) * ln(2) + q("70/100"));
  CHECK(ln(huge) * (Rational(1) / huge) < LogForm(Rational(1) / to_the(4'995)));
}

TEST_CASE("log form: its text is the sum over prime bases", "[log_form]") {
  CHECK(LogForm().to_string() == "0");
  CHECK(LogForm(q("-7/3")).to_string() == "-7/3");
  CHECK(ln(2).to_string() == "log(2)");
  CHECK((-ln(2)).to_string() == "-log(2)");
  CHECK((q("1/2") + q("3/4") * ln(3) - ln(5)).to_string() == "1/2 + 3/4*log(3) - log(5)");
  CHECK((q("-1/2") - 2 * ln(3)).to_string() == "-1/2 - 2*log(3)");
  CHECK((q("-3/4") * ln(3) + ln(11)).to_string() == "-3/4*log(3) + log(11)");
  CHECK(ln(q("12/35")).to_string() == "2*log(2) + log(3) - log(5) - log(7)");
  CHECK((ln(4) - 2 * ln(2)).to_string() == "0");
  CHECK(ln(Rational(1021) * 1048573).to_string() == "log(1021) + log(1048573)");
  CHECK(ln(m89).to_string() == "log(618970019642690137449562111)");
  CHECK((ln(m89 * p1) - ln(p1)).to_string() == "log(618970019642690137449562111)");
  CHECK(LogForm::infinity().to_string() == "infinity");
}

TEST_CASE("log form: what is written is read again", "[log_form]") {
  Forms forms;
  for (int i = 0; i < 500; ++i) {
    const LogForm x = forms.next(i % 2 == 0 ? 5 : 10'000).form;
    const std::string text = x.to_string();
    INFO(text);
    CHECK(LogForm::parse(text) == x);
    CHECK(LogForm::parse(text).to_string() == text);
  }
  CHECK(form("infinity").is_infinite());
}

TEST_CASE("log form: terms are read in any order, composite or repeated", "[log_form]") {
  CHECK(form("log(6)-2*log(3)+1/2") == ln(2) - ln(3) + q("1/2"));
  CHECK(form("1 + 2  -  1/2+log(4)") == q("5/2") + 2 * ln(2));
  CHECK(form("-2/4*log(5) + log(5)") == q("1/2") * ln(5));
  CHECK(form("log(7) - log(7)").to_string() == "0");
  CHECK(form("0*log(7) + 0").to_string() == "0");
  CHECK(form("-0") == 0);
  const std::string nines(Rational::max_digits, '9');
  CHECK(LogForm::parse("log(" + nines + ")") == ln(to_the(Rational::max_digits) - 1));
}

TEST_CASE("log form: what is no form is refused with its fault", "[log_form]") {
  for (const char* text : {"",
                           " ",
                           "-",
                           "+1",
                           "--1",
                           "1 +",
                           "1 + ",
                           "+ 1",
                           " 1",
                           "1 ",
                           "1 2",
                           "log",
                           "log(2",
                           "log(23",
                           "log 2",
                           "log(2))",
                           "log(-2)",
                           "log(2.5)",
                           "log()",
                           "(log(2))",
                           "ln(2)",
                           "Log(2)",
                           "2log(2)",
                           "23log(2)",
                           "2**log(2)",
                           "*log(2)",
                           "log(2)*2",
                           "2 * log(2)",
                           "2* log(2)",
                           "log( 2)",
                           "log(2)log(3)",
                           "log(log(2))",
                           "1/-2*log(3)",
                           "1 + -log(2)",
                           "1/2/3",
                           "1.5",
                           "1e5",
                           "nan",
                           "inf",
                           "Infinity",
                           "-infinity",
                           "infinity + 1",
                           "1 + infinity",
                           "2*infinity",
                           "1\t+ 1",
                           "1\n",
                           "1/",
                           "/2",
                           "\xc2\xbd"}) {
    const std::string said = message_of([&] { form(text); });
    INFO("'" << text << "' -> " << said);
    CHECK(contains(said, "is no sum of rational numbers and logarithms"));
    CHECK(is_readable(said));
  }
  for (const char* text : {"log(0)", "log(1)", "1/2 + 3*log(1)", "log(3/2)", "log(1/2)", "log(4/2)"}) {
    const std::string said = message_of([&] { form(text); });
    INFO(text << " -> " << said);
    CHECK((contains(said, "a natural number from 2") && is_readable(said)));
  }
  CHECK(contains(message_of([] { form("1/0"); }), "has denominator 0"));
  CHECK(contains(message_of([] { form("1/0*log(2)"); }), "has denominator 0"));
  CHECK(contains(message_of([] { form("log(2/0)"); }), "has denominator 0"));
  const std::string too_many(Rational::max_digits + 1, '7');
  for (const std::string& text : {too_many, too_many + "*log(2)", "log(" + too_many + ")"}) {
    const std::string said = message_of([&, &t = text] { LogForm::parse(t); });
    CHECK((contains(said, "at most 100000") && is_readable(said)));
  }
}

TEST_CASE("log form: a ratio that is rational is exact", "[log_form]") {
  CHECK(lower_bound_of_ratio(q("1/3"), q("2/7")) == q("7/6"));
  CHECK(lower_bound_of_ratio(ln(8), ln(4)) == q("3/2"));
  CHECK(lower_bound_of_ratio(ln(12), ln(144)) == q("1/2"));
  CHECK(lower_bound_of_ratio(q("2/3") + q("4/5") * ln(3), 1 + q("6/5") * ln(3)) == q("2/3"));
  CHECK(lower_bound_of_ratio(3 * ln(p1 * p2), ln(p1) + ln(p2)) == Rational(3));
  CHECK(lower_bound_of_ratio(ln(p1 * p2) - ln(p2), 3 * ln(p1 * p3) - 3 * ln(p3)) == q("1/3"));
  CHECK(lower_bound_of_ratio(0, ln(2)) == Rational(0));
  CHECK(lower_bound_of_ratio(ln(4) - 2 * ln(2), ln(2)) == Rational(0));
  Forms forms;
  for (int i = 0; i < 300; ++i) {
    const LogForm x = abs(forms.next().form);
    const Rational factor = abs(forms.fraction(10'000));
    if (x.sign() != 0) CHECK(lower_bound_of_ratio(factor * x, x) == factor);
  }
}

TEST_CASE("log form: an irrational ratio is rounded down to the next multiple of 2^-40", "[log_form]") {
  const Rational unit = Rational(1) / to_the(40, 2);
  const auto check = [&](const LogForm& a, const LogForm& b) {
    const Rational ratio = lower_bound_of_ratio(a, b);
    INFO(a.to_string() << " over " << b.to_string() << " -> " << ratio.to_string());
    CHECK((ratio / unit).is_integer());
    CHECK(ratio * b < a);
    CHECK((ratio + unit) * b > a);
  };
  const Rational known = Rational::parse_typed("1.58496250072115618145373894394");  // log 3 / log 2
  const Rational ratio = lower_bound_of_ratio(ln(3), ln(2));
  CHECK((ratio <= known && known < ratio + unit));
  check(ln(3), ln(2));
  // Nearly proportional, in every way.
  check(1 + ln(2), ln(2));
  check(ln(2), 1 + ln(2));
  check(1 + ln(2) + ln(3), 1 + ln(2) + 2 * ln(3));
  check(ln(2) + ln(3), ln(2) + ln(5));
  check(ln(2) + ln(3), ln(2));
  check(ln(2), ln(2) + ln(3));
  check(2, ln(2));
  check(ln(2), 2);
  // Nearly a multiple of 2^-40, from both sides.
  const Rational multiple = 123456789 * unit, tiny = Rational(1) / to_the(80);
  CHECK(lower_bound_of_ratio(multiple * ln(2) + tiny, ln(2)) == multiple);
  CHECK(lower_bound_of_ratio(multiple * ln(2) - tiny, ln(2)) == multiple - unit);
  // A divisor that the first precisions do not tell from 0.
  const Rational x = Rational(1) / to_the(30);
  check(x * x * ln(2), x - ln(x + 1));
  // Large and small ones.
  check(to_the(50) * ln(3), ln(2));
  CHECK(lower_bound_of_ratio(ln(3), to_the(50) * ln(2)) == Rational(0));
  Forms forms;
  for (int i = 0; i < 300; ++i) {
    const LogForm a = abs(forms.next().form) + ln(3), b = abs(forms.next().form) + ln(2);
    check(a, b);
  }
}

TEST_CASE("log form: a ratio needs a number that is not negative over a positive one", "[log_form]") {
  CHECK(lower_bound_of_ratio(ln(2), LogForm::infinity()) == Rational(0));
  CHECK(lower_bound_of_ratio(LogForm::infinity(), LogForm::infinity()) == Rational(0));
  CHECK_THROWS_AS(lower_bound_of_ratio(LogForm::infinity(), 1), InternalError);
  CHECK_THROWS_AS(lower_bound_of_ratio(-ln(2), ln(3)), InternalError);
  CHECK_THROWS_AS(lower_bound_of_ratio(ln(2), -ln(3)), InternalError);
  CHECK_THROWS_AS(lower_bound_of_ratio(-ln(2), -ln(3)), InternalError);
  CHECK_THROWS_AS(lower_bound_of_ratio(ln(2), 0), InternalError);
  CHECK_THROWS_AS(lower_bound_of_ratio(ln(2), ln(4) - 2 * ln(2)), InternalError);
}

namespace {

/// All that a few forms say of themselves, as one text.
std::string transcript() {
  Forms forms;
  std::string text;
  for (int i = 0; i < 60; ++i) {
    const LogForm x = forms.next().form, y = abs(forms.next().form) + 1;
    const auto [lower, upper] = x.enclose(64 + 10 * static_cast<unsigned>(i));
    text += x.to_string() + " " + lower.to_string() + " " + upper.to_string() + " " +
            std::to_string(x.sign()) + " " + lower_bound_of_ratio(abs(x), y).to_string() +
            (x < y ? " < " : " >= ") + y.to_string() + "\n";
  }
  text += std::to_string((190537 * ln(3) - 301994 * ln(2)).sign());
  return text;
}

}  // namespace

TEST_CASE("log form: nothing depends on the rounding mode", "[log_form]") {
  const std::string expected = transcript();
  {
    const RoundUpward upward;
    CHECK(transcript() == expected);
    const volatile double one = 1, tiny = 0x1p-70;
    CHECK(one + tiny > 1);  // the mode is still there
  }
  const int before = std::fegetround();
  for (const int mode : {FE_DOWNWARD, FE_TOWARDZERO}) {
    std::fesetround(mode);
    const std::string there = transcript();
    std::fesetround(before);
    CHECK(there == expected);
  }
}

TEST_CASE("log form: threads do not disturb one another", "[log_form]") {
  const std::string expected = transcript();
  std::vector<std::string> said(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& text : said) threads.emplace_back([&text] { text = transcript(); });
  }
  for (const std::string& text : said) CHECK(text == expected);
}
