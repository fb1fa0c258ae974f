// What must not be read: the reader names the place, the fault and the remedy.
#include <algorithm>

#include "language/reading.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

const std::string two_models =
    "lemma t\n"
    "  given M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho)\n"
    "  given pi : S -> Delta(A), pi_E : S -> Delta(A)\n"
    "  given f : S -> R\n"
    "  where eps = max_{s,a} ||T(s,a) - T'(s,a)||_1\n";

struct Refused {
  const char* claim;
  const char* fault;   ///< must stand in the message
  const char* remedy;  ///< and so must this
  std::size_t column;  ///< of the caret, counted in the claim's own text from 1; 0: anywhere
};

void check_refused(const std::string& setting, const Refused& each) {
  const std::string start = "  claim ";
  const std::string message = refusal(setting + start + each.claim + "\n");
  INFO(each.claim << "\n" << message);
  REQUIRE_FALSE(message.empty());
  CHECK(contains(message, each.fault));
  CHECK(contains(message, each.remedy));
  const auto lines = std::count(setting.begin(), setting.end(), '\n') + 1;
  CHECK(contains(message, "t.lemma:" + std::to_string(lines) + ":"));
  if (each.column > 0)
    CHECK(contains(message,
                   ":" + std::to_string(lines) + ":" + std::to_string(start.size() + each.column) + ":"));
  CHECK(contains(message, "^"));
}

}  // namespace

TEST_CASE("errors: a free state and step", "[language]") {
  check_refused(two_models, {"|V_h^pi(s,M)| <= eps", "is bound nowhere", "for all", 0});
}
TEST_CASE("errors: a sum without a start", "[language]") {
  check_refused(two_models, {"sum_h^H (H-h) <= eps", "start", "sum_{h=1}^{...}", 0});
}
TEST_CASE("errors: J without its MDP where there are two", "[language]") {
  check_refused(two_models, {"J(pi) <= H", "M", "J(pi,M)", 1});
}
TEST_CASE("errors: a bare d^pi", "[language]") {
  check_refused(two_models, {"E_{s ~ d^pi}[1] <= 1", "d_h^{pi,M}", "d_gamma^{pi,M}", 0});
}
TEST_CASE("errors: a factor after the brackets of a maximum", "[language]") {
  check_refused(two_models, {"max_s (f(s)) eps <= 1", "eps", "max_s [", 0});
}
TEST_CASE("errors: the law of states or of pairs", "[language]") {
  check_refused(two_models, {"TV(d_1^{pi,M}, d_1^{pi,M'}) <= 1", "(.)", "(.,.)", 0});
}
TEST_CASE("errors: an unknown name", "[language]") {
  check_refused(two_models, {"J(pi,M) <= epss", "epss", "eps", 12});
}
TEST_CASE("errors: an action drawn from a policy", "[language]") {
  check_refused(two_models, {"E_{a ~ pi}[1] <= 1", "pi", "pi(s)", 0});
}
TEST_CASE("errors: a value without a step under a horizon", "[language]") {
  check_refused(two_models, {"for all s: V^pi(s,M) <= 1", "step", "V_h^", 0});
}
TEST_CASE("errors: values of averages and totals", "[language]") {
  const std::string setting =
      "lemma t\n  given M = (S, A, r, T, average, rho), N = (S, A, r, T, total, rho)\n  given pi : S -> A\n";
  check_refused(setting, {"for all s: V^pi(s,M) <= 1", "whether V is a gain or a bias", "gain^pi(s)", 12});
  check_refused(setting,
                {"for all s: gain^pi(s,N) <= 1", "gain is of an average", "(S, A, r, T, average, rho)", 12});
  check_refused(setting, {"for all s: bias^*(s,M) <= 1", "several biases", "bias^pi(s)", 12});
  check_refused(setting, {"for all s: gain_1^pi(s,M) <= 1", "gain has no steps", "leave the step out", 0});
  check_refused(setting, {"for all s: d_inf^{pi,N}(s) <= 1", "d_inf is of an average", "average", 12});
  check_refused(setting, {"for all s: d_gamma^{pi,M}(s) <= 1", "has no discount", "d_h^pi", 12});
  check_refused(setting, {"for all s: d^{pi,M}(s) <= 1", "which d is meant", "d_inf^{pi,M}(s)", 12});
  CHECK(contains(
      refusal("lemma t\n  given total in [0, 1)\n  given M = (S, A, r, T, total, rho)\n  claim 1 = 1\n"),
      "is declared as something else"));
  CHECK(contains(refusal("lemma t\n  given M = (S, A, r, T, mean, rho)\n  claim 1 = 1\n"),
                 "write average or total"));
  CHECK(contains(
      refusal("lemma t\n  given M = (S, A, r, T, average, rho), pi optimal in M\n  claim J(pi) = J^*\n"),
      "assume for all s: gain^pi(s) = gain^*(s)"));
}
TEST_CASE("errors: an integer without a range", "[language]") {
  check_refused(two_models, {"for all k: k <= 1", "k", "range", 0});
}
TEST_CASE("errors: a stochastic policy where an action is wanted", "[language]") {
  check_refused(two_models, {"for all s: pi(s) = 1", "distribution", "number", 0});
}
TEST_CASE("errors: a superscript without braces has no subscripts", "[language]") {
  check_refused(two_models, {"for all s, h: V_h^pi_E(s,M) <= 1", "pi_E", "{", 0});
}
TEST_CASE("errors: a quotient that can be read in two ways", "[language]") {
  check_refused(two_models, {"for all s: f(s)/eps f(s) <= 1", "(f(s)/eps) f(s)", "f(s)/(eps f(s))", 0});
}
TEST_CASE("errors: a quad in plain text", "[language]") {
  check_refused(two_models, {"J(pi,M) <= H \\quad (15.1)", "quad", "", 14});
}
TEST_CASE("errors: bars inside of bars", "[language]") {
  check_refused(two_models, {"|2 |H|| <= 1", "|", "", 0});
}
TEST_CASE("errors: sizes whose bars touch", "[language]") {
  check_refused(two_models, {"|S||A| <= 9", "is a set", "keep the bars of two sizes apart", 2});
}
TEST_CASE("errors: a state drawn from a kernel", "[language]") {
  check_refused(two_models, {"E_{s ~ T}[f(s)] <= 1", "T", "T(s,a)", 0});
}
TEST_CASE("errors: functions beside an operator of that parameter's name", "[language]") {
  const std::string text =
      "lemma t\n  given M = (S, A, r, T, gamma, rho)\n  given V, W : S -> R\n"
      "  where L(W)(s) = max_a (r(s,a) + gamma E_{s' ~ T(s,a)}[W(s')])\n  claim for all s: L(V)(s) <= 1\n";
  const std::string message = refusal(text);
  CHECK(contains(message, "t.lemma:4:11: the parameter W hides"));
}
TEST_CASE("errors: a name defined twice", "[language]") {
  const std::string message = refusal(two_models + "  where eps = 1\n  claim J(pi,M) <= eps\n");
  CHECK(contains(message, "\"eps\" is declared twice"));
  CHECK(contains(message, "t.lemma:6:"));
  CHECK(contains(message, "t.lemma:5:"));
}
TEST_CASE("errors: a constructed kernel that does not sum to 1 on some instance", "[language]") {
  const std::string text =
      "lemma t\n  given M = (S, A, r, T, H, rho)\n  given pi : S -> Delta(A)\n"
      "  where T''(s'|s,a) = 1/2 T(s'|s,a)\n  where M'' = (S, A, r, T'', H, rho)\n  claim J(pi,M'') <= H\n";
  const Claim claim = lemma_claim(read(text));
  const Instance instance =
      instance_of(claim, R"({"sizes": {"S": 1, "A": 1}, "values": {"H": "1", "r": [], "T": [[0, 0, 0, "1"]],
    "rho": [[0, "1"]], "pi": [[0, 0, "1"]]}})");
  try {
    exact_points(claim.formula, claim.relation, instance);
    FAIL("no error");
  } catch (const InvalidInput& error) {
    INFO(error.what());
    CHECK(contains(error.what(), "T''"));
    CHECK(contains(error.what(), "sums to 1/2"));
    CHECK(contains(error.what(), "t.lemma:4:"));
  }
}

TEST_CASE("errors: a law where a number is wanted", "[language]") {
  check_refused(two_models,
                {"for all s, a: T(s,a) <= 1", "T(s,a) is a distribution over S; a number is needed", "", 0});
}
TEST_CASE("errors: a bound name outside its scope", "[language]") {
  check_refused(two_models, {"max_s [f(s)] + f(s) <= 3", "s", "max_s", 0});
}
TEST_CASE("errors: a name of another case", "[language]") {
  check_refused(two_models, {"J(PI,M) <= 1", "PI", "pi", 0});
}
TEST_CASE("errors: an empty range", "[language]") {
  const std::string message = refusal("lemma t\n  given x in (1, 1)\n  claim x <= 1\n");
  CHECK(contains(message, "t.lemma:2:"));
  CHECK(contains(message, "empty"));
}
TEST_CASE("errors: trajectories that would not end", "[language]") {
  const std::string message = refusal(
      "lemma t\n  given M = (S, A, r, T, H, rho)\n  given H in 50..50\n  given pi : S -> Delta(A)\n"
      "  claim E_{tau ~ (pi, M)}[sum_h r(s_h,a_h)] = J(pi,M)\n");
  INFO(message);
  CHECK(contains(message, "t.lemma:5:"));
  CHECK(contains(message, "4^50"));
}
TEST_CASE("errors: a definition that refers to itself without a falling subscript", "[language]") {
  for (const char* where : {"W(s) = 1 + W(s)", "W_k(s) = W_k(s) + 1", "W_k(s) = W_{k+1}(s)"}) {
    const std::string message =
        refusal(two_models + "  where W_0(s) = 0\n  where " + where + "\n  claim for all s: W_2(s) <= 1\n");
    INFO(where << "\n" << message);
    CHECK(contains(message, "t.lemma:"));
  }
}
TEST_CASE("errors: two epsilons, and A beside a calligraphic A", "[language]") {
  CHECK(contains(refusal("lemma t\n  given \\epsilon in [0, 1]\n  claim \\varepsilon <= 1\n"), "varepsilon"));
  CHECK(contains(refusal("lemma t\n  given A in [0, 1]\n  claim \\mathcal{A} + A <= 2\n"), "mathcal"));
}
TEST_CASE("errors: `like` finds nothing, a lemma twice, a circle", "[language]") {
  CHECK(contains(refusal("lemma t\n  like u\n  claim 1 <= 1\n"), "u"));
  CHECK(
      contains(refusal("lemma u\n  like t\n  claim 1 <= 1\nlemma t\n  like u\n  claim 1 <= 1\n"), "circle"));
  LemmaLibrary library;
  CHECK_THROWS_AS(library.add(read_plain(std::make_shared<const SourceFile>(
                      "t.lemma", "lemma t\n claim 1 <= 1\nlemma t\n claim 1 <= 1\n"))),
                  LanguageError);
}
TEST_CASE("errors: a rule whose names can share out a long text in too many ways", "[language]") {
  std::string claim = "x";
  for (int i = 0; i < 400; ++i) claim += " + x";
  const std::string message =
      refusal("lemma t\n given x in R\n write a b c d zeta as a b c d\n claim " + claim + " <= 0\n");
  CHECK(contains(message, "too many ways to match"));
  CHECK(contains(message, "t.lemma:4:"));
  CHECK(refusal("lemma t\n given x in R\n write zeta(a, b) as a b\n claim " + claim + " <= zeta(x, 2)\n")
            .empty());
}
TEST_CASE("errors: keywords", "[language]") {
  CHECK(contains(refusal("lemma t\n  clam 1 <= 1\n"), "t.lemma:2:3"));
  CHECK(contains(refusal("lemma t\n  claim 1 <= 1\n  expect hold\n"), "holds"));
  CHECK(contains(refusal("claim 1 <= 1\n"), "lemma"));
}

TEST_CASE("errors: a tuple with the kernel before the rewards", "[language]") {
  const std::string message =
      refusal("lemma t\n given M = (S, A, P, R, gamma, rho), pi : S -> A\n claim J(pi,M) <= 1\n");
  CHECK(contains(message, "t.lemma:2:19: rewards stand before the kernel here"));
  CHECK(contains(message, "write (S, A, R, P, ...)"));
}

TEST_CASE("errors: what is nested without end, with brackets and without", "[language]") {
  for (const char* piece : {"sum_s ", "max_s ", "E_{s ~ rho}", "(", "-", "not ",
                            "for all s: ", "exists s: ", "1 <= 1 => ", "sqrt ", "1["}) {
    std::string claim;
    for (int i = 0; i < 20'000; ++i) claim += piece;
    const std::string message =
        refusal("lemma t\n given M = (S, A, r, T, H, rho), f : S -> R\n claim " + claim + "1 <= 1\n");
    INFO(piece << message.substr(0, 200));
    CHECK(contains(message, "t.lemma:3:"));
    CHECK(contains(message, "nested too deeply"));
  }
}

TEST_CASE("errors: definitions that nest one another's depth share one limit", "[language]") {
  std::string text = "lemma t\n given M = (S, A, r, T, H, rho), f : S -> R\n";
  const std::string names = "bcdefgijklmnopq";  // each is defined by the next
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += std::string(" where x") + names[i] + " = ";
    for (int k = 0; k < 20; ++k) text += "sum_s ";
    text += i + 1 < names.size() ? std::string("x") + names[i + 1] + "\n" : "1\n";
  }
  const std::string message = refusal(text + " claim xb <= 1\n");
  INFO(message);
  CHECK(contains(message, "nested too deeply"));
}

TEST_CASE("errors: a subscript so high that the evaluation would not fit on the stack", "[language]") {
  const auto checked = [](const std::string& body, const std::string& range) {
    const Claim claim = lemma_claim(read("lemma t\n given n in " + range +
                                         ", f : S -> {1}\n where W_0 = 1\n where W_k = " + body +
                                         "\n assume |S| = 1\n claim W_n <= 0\n"));
    return sides_of(claim, R"({"sizes": {"S": 1}, "values": {"n": ")" + range.substr(0, range.find('.')) +
                               R"(", "f": [[0, "1"]]}})");
  };
  std::string nested;
  for (int i = 0; i < 40; ++i) nested += "sum_s ";
  CHECK(checked("W_{k-1} + 1", "1000..1000") == "1001, 0");
  CHECK(checked(nested + "W_{k-1}", "20..20") == "1, 0");
  CHECK_THROWS_AS(checked(nested + "W_{k-1}", "1000..1000"), InvalidInput);
  CHECK_THROWS_AS(checked("W_{k-1} + 1", "9000..9000"), InvalidInput);
}

TEST_CASE("errors: a witness without a condition, or of an unknown name", "[language]") {
  const std::string claim = two_models + "  claim J(pi,M) <= H\n";
  CHECK(contains(refusal(claim + "  witness\n"), "write a condition after it"));
  CHECK(contains(refusal(claim + "  witness HH >= 2\n"), "\"HH\" is not declared"));
  CHECK(refusal(claim + "  witness H >= 2\n").empty());
}
