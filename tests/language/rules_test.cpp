// Each rule decides something that two readers would do differently.
#include "language/explain.hpp"
#include "language/reading.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

const std::string setting =
    "lemma t\n  given M = (S, A, r, T, H, rho), M_1 = (S, A, r, T, gamma, rho)\n  given pi : S -> Delta(A), "
    "mu_h : S -> Delta(A), pi_E : S -> A\n"
    "  given f, g : S -> R\n  given x, y, z in R\n  given q_h : S x A -> R\n";

std::string read_as(const std::string& claim) {
  return to_plain(read(setting + "  claim " + claim + "\n")->claims[0].tree);
}
bool alike(const std::string& a, const std::string& b) {
  return same(read(setting + "  claim " + a + "\n")->claims[0].tree,
              read(setting + "  claim " + b + "\n")->claims[0].tree);
}

}  // namespace

TEST_CASE("rules: products bind from the left", "[language]") {
  CHECK(alike("H(H-1)/2 x <= 1", "(H (H-1)/2) x <= 1"));
  CHECK(alike("x/2 y <= 1", "(x/2) y <= 1"));
  CHECK_FALSE(alike("x/2 y <= 1", "x/(2 y) <= 1"));
  CHECK(contains(refusal(setting + "  claim x/y z <= 1\n"), "(x/y) z"));
  CHECK(alike("x(y+z) <= 1", "x * (y+z) <= 1"));
}
TEST_CASE("rules: brackets bound a body exactly, a product follows otherwise", "[language]") {
  CHECK(alike("max_s [f(s)] + 1 <= 1", "(max_s [f(s)]) + 1 <= 1"));
  CHECK(alike("sum_s f(s) g(s) + 1 <= 1", "sum_s [f(s) g(s)] + 1 <= 1"));
  CHECK(alike("sum_s f(s) - g(s) <= 1", "sum_s [f(s) - g(s)] <= 1"));
  CHECK(contains(refusal(setting + "  claim max_s |f(s)| x <= 1\n"), "x"));
  CHECK(contains(explanation_as_text(explain(*read(setting + "  claim sum_s f(s) - g(s) <= 1\n"))),
                 "sum_{s}[f(s) - g(s)]"));
}
TEST_CASE("rules: scripts are told apart by kind, in any order", "[language]") {
  CHECK(alike("for all s, h: V_h^{pi,M}(s) <= 1", "for all s, h: V_{M,h}^pi(s) <= 1"));
  CHECK(alike("for all s, h: V_h^{pi}(s,M) <= 1", "for all s, h: V^{pi}_h(s,M) <= 1"));
  CHECK(alike("J_M(pi) <= 1", "J(pi,M) <= 1"));
}
TEST_CASE("rules: families have members", "[language]") {
  CHECK_FALSE(refusal(setting + "  claim for all s: E_{a ~ mu(s)}[1] <= 1\n").empty());
  CHECK(refusal(setting + "  claim for all s, h: E_{a ~ mu_h(s)}[1] <= J(mu,M)\n").empty());
  CHECK(alike("for all s, h: E_{a ~ mu_{h}(s)}[q_{h}(s,a)] <= 1",
              "for all s, h: E_{a ~ mu_h(s)}[q_h(s,a)] <= 1"));
}
TEST_CASE("rules: names are one in Unicode, LaTeX and ASCII", "[language]") {
  CHECK(alike("J(π, M) ≤ x", "J(\\pi, M) \\le x"));
  CHECK(alike("J(\\pi_{E}, M) <= x", "J(pi_E, M) <= x"));
}
TEST_CASE("rules: a bar opens where an operand is wanted", "[language]") {
  CHECK(alike("|x| |y| <= 1", "(|x|) (|y|) <= 1"));
  CHECK(alike("\\left|x + |y|\\right| <= 1", "|x + (|y|)| <= 1"));
  CHECK(alike("|S| <= 1 + |x|", "|S| <= (1 + |x|)"));
  CHECK(read_as("|S| <= 1") == "|S| <= 1");
}
TEST_CASE("rules: log takes the next factor, a minus sign the power", "[language]") {
  CHECK(alike("log x y <= 1", "(log(x)) y <= 1"));
  CHECK(alike("-x^2 <= 1", "-(x^2) <= 1"));
  CHECK(alike("2 x^2 <= 1", "2 (x^2) <= 1"));
}
TEST_CASE("rules: chains are all of their relations", "[language]") {
  const auto lemma = read(setting + "  claim x <= y <= z < 1\n");
  REQUIRE(lemma->comparisons().size() == 3);
  CHECK(lemma->comparisons()[2].relation == "<");
  CHECK(to_plain(lemma->comparisons()[1].lhs) == "y");
}
TEST_CASE("rules: a later clause replaces the liked one's", "[language]") {
  const auto lemma = read(
      "lemma a\n given x in [0, 1]\n where e = x\n claim e <= 1\nlemma b\n like a\n where e = 2 x\n claim e "
      "<= 2\n");
  REQUIRE(lemma->claims.size() == 1);
  REQUIRE(lemma->definitions.size() == 1);
  CHECK(to_plain(lemma->definitions[0].body) == "2 x");
}
TEST_CASE("rules: a clause replaces those of all lemmas that it is like, name by name", "[language]") {
  const auto lemma = read(
      "lemma a\n given x in [0, 1]\n where e = x\n\nlemma b\n like a\n where e = 2 x\n\n"
      "lemma c\n like b\n given x, y in [0, 3]\n claim e + y <= 9\n");
  REQUIRE(lemma->definitions.size() == 1);
  CHECK(to_plain(lemma->definitions[0].body) == "2 x");
  REQUIRE(lemma->givens.size() == 2);
  for (const Given& given : lemma->givens) CHECK(to_plain(given.range) == "[0, 3]");
}
TEST_CASE("rules: a reason belongs to the step before it, whatever signs stand in the steps", "[language]") {
  const auto lemma =
      read(setting +
           "  claim x <= x + 1\n  proof for all 1 <= i <= 3:\n    x = x + sum_{i=1}^{2} 0   by a sum\n"
           "      <= x + sum_{i=1}^{2} i/3\n      = x + 1   by counting\n");
  REQUIRE(lemma->steps().size() == 3);
  CHECK(lemma->steps()[0].reason == "a sum");
  CHECK(lemma->steps()[1].reason.empty());
  CHECK(lemma->steps()[2].reason == "counting");
}
TEST_CASE("rules: a shared name is a shared component", "[language]") {
  const auto lemma = read(
      "lemma a\n given M = (S, A, r, T, H, rho), M' = (S, A, r', T, H, rho)\n given pi : S -> Delta(A)\n "
      "claim J(pi,M) <= J(pi,M')\n");
  CHECK(lemma->find_given("T") != nullptr);
  CHECK(lemma->givens.size() == 6);  // pi, H, r, T, rho, r'
}
TEST_CASE("rules: the tested term is the last one, or the whole side", "[language]") {
  const auto term = [](const std::string& claim) {
    const auto lemma = read(setting + "  claim " + claim + "\n");
    const Tree found = tight_term(lemma->comparisons()[0], nullptr);
    return found ? to_plain(found) : std::string("whole");
  };
  CHECK(term("x <= 2 y") == "whole");
  CHECK(term("x <= y + 2 z") == "2 z");
  CHECK(term("x >= y - 2 z") == "2 z");
  CHECK(term("x <= y - z") == "whole");
}
