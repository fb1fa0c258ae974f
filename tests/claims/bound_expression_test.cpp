#include "claims/bound_expression.hpp"

#include "numeric/error.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

const std::set<std::string> names = {"H", "eps", "delta"};
const BoundExpression::Variables at = {
    {"H", 5}, {"eps", Rational::ratio(2, 3)}, {"delta", Rational::ratio(1, 3)}};

std::optional<Enclosed> value(const std::string& text) {
  return BoundExpression::parse(text, names).value(at);
}

Rational exact(const std::string& text) {
  const auto found = value(text);
  REQUIRE(found.has_value());
  CHECK(found->exact());
  return found->lower;
}

std::string message(const std::string& text) {
  try {
    BoundExpression::parse(text, names);
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return "";
}

}  // namespace

TEST_CASE("bound expressions: operators bind as in mathematics", "[claims]") {
  CHECK(exact("1+2*3") == Rational(7));
  CHECK(exact("(1+2)*3") == Rational(9));
  CHECK(exact("8-3-2") == Rational(3));
  CHECK(exact("8/4/2") == Rational(1));
  CHECK(exact("2^3^2") == Rational(512));
  CHECK(exact("-2^2") == Rational(-4));
  CHECK(exact("(-2)^2") == Rational(4));
  CHECK(exact("2^-2") == Rational::ratio(1, 4));
  CHECK(exact("--3") == Rational(3));
  CHECK(exact("2*-3") == Rational(-6));
}

TEST_CASE("bound expressions: numbers are exact", "[claims]") {
  CHECK(exact("0.1") == Rational::ratio(1, 10));
  CHECK(exact("0.1+0.2") == Rational::ratio(3, 10));
  CHECK(exact("H*(H-1)/2*eps") == Rational::ratio(20, 3));
  CHECK(exact("sum(k, 0, H-1, 1-(1-delta)^k)") ==
        Rational(5) - (Rational(1) - pow(Rational::ratio(2, 3), 5)) * Rational(3));
  CHECK(exact("sum(k, 1, 0, k)") == Rational(0));
  CHECK(exact("sum(i, 1, 3, sum(j, 1, i, j))") == Rational(10));
  CHECK(exact("min(3, H, 4)") == Rational(3));
  CHECK(exact("max(3, H, 4)") == Rational(5));
  CHECK(exact("abs(3-H)") == Rational(2));
}

TEST_CASE("bound expressions: what is not defined has no value", "[claims]") {
  CHECK_FALSE(value("1/0"));
  CHECK_FALSE(value("1/(H-5)"));
  CHECK_FALSE(value("0^-1"));
  CHECK_FALSE(value("log(0)"));
  CHECK_FALSE(value("log(-1)"));
  CHECK_FALSE(value("sqrt(-1)"));
  CHECK_FALSE(value("sum(k, 0, 1/2, k)"));
  CHECK_FALSE(value("(-2)^(1/2)"));
  CHECK(exact("0^0") == Rational(1));
}

TEST_CASE("bound expressions: irrational values are enclosed ever more tightly", "[claims]") {
  // 1.41421356237309504880168872420969807856967187537694...
  const BoundExpression root = BoundExpression::parse("sqrt(2)", names);
  const Rational digits = Rational::parse_typed("1.4142135623730950488016887242096980785696718753"),
                 last = Rational(1) / pow(Rational(10), 46);
  const auto coarse = root.value(at, 64), fine = root.value(at, 512);
  REQUIRE(coarse);
  REQUIRE(fine);
  CHECK(coarse->lower < digits);
  CHECK(digits + last < coarse->upper);
  CHECK(digits < fine->lower);
  CHECK(fine->upper < digits + last);
  CHECK(root.bounds(digits, at) == Truth::yes);
  CHECK(root.bounds(digits + last, at) == Truth::no);
  CHECK(BoundExpression::parse("2^(1/2)", names).bounds(digits, at) == Truth::yes);
  CHECK(BoundExpression::parse("2^(1/2)", names).bounds(digits + last, at) == Truth::no);
  CHECK(BoundExpression::parse("exp(log(3))", names).bounds(3, at) == Truth::unknown);
  CHECK(BoundExpression::parse("sqrt(4)", names).bounds(2, at) == Truth::yes);
  CHECK(BoundExpression::parse("sum(k, 1, 3, sqrt(k))", names).bounds(Rational::parse_typed("4.14626"), at) ==
        Truth::yes);
  CHECK(BoundExpression::parse("sum(k, 1, 3, sqrt(k))", names).bounds(Rational::parse_typed("4.14627"), at) ==
        Truth::no);
}

TEST_CASE("bound expressions: roots of squares and powers of 0 are exact", "[claims]") {
  CHECK(exact("sqrt(4/9)") == Rational::ratio(2, 3));
  CHECK(exact("sqrt(H-5)") == Rational(0));
  CHECK(exact("0^(1/2)") == Rational(0));
  CHECK(exact("exp(0)+log(1)") == Rational(1));
}

TEST_CASE("bound expressions: values beyond all memory are enclosed, not computed", "[claims]") {
  const auto huge = BoundExpression::parse("exp(H^100)", names),
             tiny = BoundExpression::parse("exp(-10^9)", names);
  CHECK(huge.bounds(pow(Rational(10), 100), at) == Truth::yes);
  CHECK_FALSE(huge.value(at));
  CHECK_FALSE(huge.compare(1, at).undefined);
  CHECK(tiny.bounds(0, at) == Truth::yes);
  CHECK(tiny.bounds(Rational(1) / pow(Rational(10), 100), at) == Truth::no);
  CHECK(BoundExpression::parse("-exp(H^100)", names).bounds(0, at) == Truth::no);
}

TEST_CASE("bound expressions: no value is told from a value that cannot be told", "[claims]") {
  const auto undefined = [](const char* text) {
    return BoundExpression::parse(text, names).compare(0, at).undefined;
  };
  CHECK(undefined("1/0"));
  CHECK(undefined("log(-sqrt(2))"));
  CHECK(undefined("sqrt(-sqrt(2))"));
  CHECK(undefined("sum(k, 0, 1/2, k)"));
  // 0, but no interval shows it.
  CHECK_FALSE(undefined("1/(sqrt(2)*sqrt(2)-2)"));
  CHECK_FALSE(undefined("sqrt(sqrt(2)*sqrt(2)-2)"));
  CHECK_FALSE(undefined("sqrt(2)"));
}

TEST_CASE("bound expressions: what takes too long is an error that says so", "[claims]") {
  for (const char* text : {"sum(k, 0, 90000, 1)", "sum(k, 0, 90000, 1/(k+1))", "sum(k, 0, 9000, 1/(k+1))",
                           "H^1000000", "sum(i, 0, 200, sum(j, 0, 200, sqrt(j)))", "(1/3)^99999"}) {
    INFO(text);
    CHECK_THROWS_AS(value(text), InvalidInput);
  }
}

TEST_CASE("bound expressions: a mistake is shown where it stands", "[claims]") {
  CHECK(message("H*(H-1)/2*epz").find("column 11") == 0);
  CHECK(message("H*(H-1)/2*epz").find("\n            ^") != std::string::npos);
  CHECK(message("H**2").find("a power is written with ^") != std::string::npos);
  CHECK(message("H*(H-1").find("the text ends") != std::string::npos);
  CHECK(message("").find("column 1") == 0);
  CHECK(message("H 2").find("column 3") == 0);
  CHECK(message("min()").find("column") == 0);
  CHECK(message("sum(H, 0, 1, H)").find("another") != std::string::npos);
  CHECK(message("sum(2, 0, 1, 1)").find("new variable") != std::string::npos);
  CHECK(message("sum(k, 0, 1)").find("4 arguments") != std::string::npos);
  CHECK(message("sum(k, 0, 1, k) + k").find("no variable k") != std::string::npos);
  CHECK(message("H*eps").empty());
}

TEST_CASE("bound expressions: the variables used are known", "[claims]") {
  CHECK(BoundExpression::parse("sum(k, 0, H-1, k*eps)", names).variables() ==
        std::set<std::string>{"H", "eps"});
  CHECK(BoundExpression::parse("3", names).variables().empty());
}

TEST_CASE("bound expressions: what would take for ever or exhaust the stack is refused", "[claims]") {
  CHECK(message(std::string(500, '(') + "1" + std::string(500, ')')).find("parentheses") !=
        std::string::npos);
  CHECK(message(std::string(3000, '1')).find("characters") != std::string::npos);
  CHECK(message("H\n+1").find("printable") != std::string::npos);
  std::string tower = "2";
  for (int i = 0; i < 60; ++i) tower += "^2";
  CHECK(message(tower).find("powers") != std::string::npos);
  const auto refused = [](const std::string& text) {
    const BoundExpression expression = BoundExpression::parse(text, names);
    CHECK_THROWS_AS(expression.value(at), InvalidInput);
  };
  refused("(9^9999)^9999");
  refused("sum(k, 0, 1000, sum(j, 0, 1000, 1))");
  refused("sum(k, 0, 1000, sum(j, 0, 1000, sqrt(2)))");
  CHECK_THROWS_AS(value("sum(k, 0, 10^9, 1)"), InvalidInput);
}
