// What expressions come to, against numbers worked out by hand.
#include <array>
#include <set>

#include "campaign/run.hpp"
#include "claims/evaluate.hpp"
#include "language/reading.hpp"
#include "language/signs.hpp"
#include "numeric/helpers.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

// Two states, two actions: in state 0 action 0 stays and pays 0, action 1 goes to state 1 and pays 1/2; state
// 1 stays and pays 1 under action 0, and goes back for nothing under action 1. The policy tosses a coin in
// state 0, takes 0 in state 1.
const char* const horizon_two = R"({"sizes": {"S": 2, "A": 2}, "values": {"H": "2", "rho": [[0, "1"]],
  "r": [[0, 1, "1/2"], [1, 0, "1"]], "T": [[0, 0, 0, "1"], [0, 1, 1, "1"], [1, 0, 1, "1"], [1, 1, 0, "1"]],
  "pi": [[0, 0, "1/2"], [0, 1, "1/2"], [1, 0, "1"]]}})";
const char* const discounted = R"({"sizes": {"S": 2, "A": 2}, "values": {"gamma": "1/2", "rho": [[0, "1"]],
  "r": [[0, 1, "1/2"], [1, 0, "1"]], "T": [[0, 0, 0, "1"], [0, 1, 1, "1"], [1, 0, 1, "1"], [1, 1, 0, "1"]],
  "pi": [[0, 0, "1/2"], [0, 1, "1/2"], [1, 0, "1"]]}})";

const char* const endless = R"({"sizes": {"S": 3, "A": 2}, "values": {"rho": [[0, "1"]], "mu": [[2, "1"]],
  "r": [[0, 0, "-1"], [0, 1, "-3"], [1, 0, "-2"], [1, 1, "-1"]],
  "T": [[0, 0, 0, "1/2"], [0, 0, 1, "1/2"], [0, 1, 2, "1"], [1, 0, 2, "1"], [1, 1, 1, "1"], [2, 0, 2, "1"], [2, 1, 2, "1"]],
  "pi": [[0, 0, "1"], [1, 0, "1/2"], [1, 1, "1/2"], [2, 0, "1"]],
  "nu": [[0, 0, "1"], [1, 1, "1"], [2, 1, "1"]]}})";

/// Of runs without an end: pi pays 1 a step until it comes to state 1, and there tosses a coin: 2 to be at
/// rest in state 2, or 1 to stay. nu stays in state 1 and pays for ever.
std::string of_endless(const std::string& criterion, const std::string& claim) {
  return sides("lemma t\n  given M = (S, A, r, T, " + criterion +
                   ", rho)\n  given pi, nu : S -> Delta(A), mu : Delta(S)\n  claim " + claim + "\n",
               endless);
}

/// The value of a number under the setting of one of these.
std::string value(const std::string& expression, const char* instance = horizon_two) {
  const bool horizon = instance == horizon_two;
  return sides(std::string("lemma t\n  given M = (S, A, r, T, ") + (horizon ? "H" : "gamma") +
                   ", rho)\n  given pi : S -> Delta(A)\n  claim " + expression + " >= 0\n",
               instance);
}

const char* const laws =
    R"({"sizes": {"X": 3}, "values": {"p": [[0, "1/2"], [1, "1/2"]], "q": [[0, "1/4"], [1, "1/4"], [2, "1/2"]],
  "f": [[0, "1"], [1, "-2"], [2, "3"]]}})";
std::string of_laws(const std::string& expression) {
  return sides("lemma t\n  given p, q : Delta(X)\n  given f : X -> R\n  claim " + expression + " >= 0\n",
               laws);
}

}  // namespace

TEST_CASE("meaning: a map of several arguments", "[language]") {
  const char* const maps = R"({"sizes": {"S": 3, "A": 2}, "values": {"next":
    [[0, 0, 1], [0, 1, 2], [1, 0, 1], [1, 1, 0], [2, 0, 1], [2, 1, 2]], "f": [[0, "3"], [1, "5"], [2, "7"]]}})";
  const auto of_maps = [&](const std::string& claim) {
    return sides("lemma t\n  given next : S x A -> S\n  given f : S -> R\n  claim " + claim + "\n", maps);
  };
  CHECK(of_maps("sum_{s,a} f(next(s,a)) >= 0") == "32, 0");
  CHECK(of_maps("sum_{s,a} f(next(next(s,a),a)) >= 0") == "36, 0");
  CHECK(of_maps("sum_{s,a : next(s,a) = s} f(s) >= 0") == "12, 0");
  CHECK(of_maps("sum_{s,a} 1[next(s,a) = s] >= 0") == "2, 0");
  const auto fault = [](const std::string& next) {
    return testing::message_of([&] {
      sides("lemma t\n  given next : S x A -> S\n  claim exists s, a: next(s,a) = s\n",
            (R"({"sizes": {"S": 2, "A": 1}, "values": {"next": )" + next + "}}").c_str());
    });
  };
  CHECK(contains(fault("[[0, 0, 1]]"), "leaves an element without an image"));
  CHECK(contains(fault("[[0, 0, 1], [0, 0, 0]]"), "stands twice"));
  CHECK(contains(fault("[[0, 0, 1], [1, 0, 2]]"), "an element of S"));
  CHECK(contains(fault("[[0, 1], [1, 0]]"), "[S, A, S]"));
}

TEST_CASE("meaning: returns and values under a horizon", "[language]") {
  // Step 2: V_2(0) = 1/4, V_2(1) = 1. Step 1: Q(0,0) = 1/4, Q(0,1) = 3/2, so V_1(0) = 7/8.
  CHECK(value("J(pi)") == "7/8, 0");
  CHECK(value("sum_s V_2^pi(s)") == "5/4, 0");
  CHECK(value("sum_{s,a} Q_2^pi(s,a)") == "3/2, 0");
  CHECK(value("sum_s V_3^pi(s)") == "0, 0");
  CHECK(value("J^*(M)") == "3/2, 0");
  CHECK(value("max_{pi'} J(pi', M)") == "3/2, 0");
  CHECK(value("sum_{s,a} A_2^pi(s,a)^2") == "9/8, 0");  // -1/4, 1/4; 0, -1
}
TEST_CASE("meaning: totals, and that they need not be finite", "[language]") {
  // V(1) = -1/2 2 - 1/2 (1 - V(1)): -3. V(0) = -2 + V(1). The best: at once to rest, or 1 and 2.
  CHECK(of_endless("total", "for all s: V^pi(s) <= 0") == "-5, 0");
  CHECK(of_endless("total", "J(pi) = J^*(M)") == "-5, -3");
  CHECK(of_endless("total", "sum_s V^*(s) = sum_{s,a} Q^pi(s,a)") == "-5, -14");
  CHECK(of_endless("total", "J(nu) < 0") == "undefined");
}
TEST_CASE("meaning: gains, biases and the law in the long run", "[language]") {
  CHECK(of_endless("average", "J(pi) = J(nu)") == "0, -1");
  CHECK(of_endless("average", "J^*(M) = max_{pi'} J(pi')") == "0, 0");
  // Biases of a chain that ends at rest are its totals.
  CHECK(of_endless("average", "sum_s bias^pi(s) = sum_s gain^nu(s)") == "-8, -2");
  CHECK(of_endless("average", "E_{s ~ d_inf^nu(.)}[gain^nu(s)] = sum_s d_{inf,mu}^nu(s)^2") == "-1, 1");
  CHECK(of_endless("average", "E_{s,a ~ d_{inf}^{nu,M}(.,.)}[r(s,a)] = span bias^nu") == "-1, 0");
}
TEST_CASE("meaning: laws of states and pairs", "[language]") {
  CHECK(value("E_{s ~ d_2^pi(.)}[1[s = s]]") == "1, 0");
  CHECK(value("E_{s,a ~ d_2^pi(.,.)}[r(s,a)]") == "5/8, 0");
  CHECK(value("sum_h E_{s,a ~ d_h^pi(.,.)}[r(s,a)]") == "7/8, 0");
  CHECK(value("E_{tau ~ (pi, M)}[sum_h r(s_h, a_h)]") == "7/8, 0");
  // Sums over the steps of a trajectory, whether each term looks back alone or not.
  CHECK(value("E_{tau ~ (pi, M)}[1 sum_h r(s_h, a_h)]") == "7/8, 0");
  CHECK(value("E_{tau ~ (pi, M)}[sum_h sum_{k=1}^{h} r(s_k, a_k)]") == "9/8, 0");
  CHECK(value("E_{tau ~ (pi, M)}[sum_h (prod_{k=1}^{h} pi(a_k|s_k)) r(s_h, a_h)]") == "13/32, 0");
  CHECK(value("E_{tau ~ (pi, M)}[sum_h r(s_{h+1}, a_h)]") == "1/2, 0");
  CHECK(value("E_{tau ~ (pi, M)}[sum_h sum_{k=1}^{H} r(s_k, a_k)]") == "7/4, 0");
  CHECK(value("P_{s ~ rho, a ~ pi(s), s' ~ T(s,a)}[s' != s]") == "1/2, 0");
  CHECK(value("Var_{s ~ d_2^pi(.)}[max_a r(s,a)]") == "1/16, 0");
}
/// The mean of a sum over steps, beside one that no mean by steps is made of, for the factor 1.
/// @param first, second  calls of the two, g_k and f_k; G in the term stands for the call before.
void check_twice(const std::string& term, const std::string& first, const std::string& second) {
  const auto mean = [](const std::string& factor, std::string sum, const std::string& call) {
    if (const std::size_t at = sum.find('G'); at != std::string::npos) sum.replace(at, 1, call);
    return "E_{tau ~ (pi, M)}[" + factor + "sum_h " + sum + "]";
  };
  const Claim claim = lemma_claim(
      read("lemma t\n  given M = (S, A, r, T, H, rho), r in [0, 1]\n  given pi : S -> Delta(A)\n"
           "  where g_1 = 1\n  where g_k = " +
           mean("", term, "g_{k-1}") + "\n  where f_1 = 1\n  where f_k = " + mean("1 ", term, "f_{k-1}") +
           "\n  claim " + first + " = " + second + "\n"));
  std::set<std::string> values;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Instance instance = draw_instance(claim.domain, Setting{}, 14, i);
    const auto points = exact_points(claim.formula, claim.relation, instance);
    INFO(term << ", instance " << i);
    const auto& both = points.entries().at(0).sides;
    CHECK(both.lhs.to_string() == both.rhs.to_string());
    values.insert(both.lhs.to_string());
  }
  CHECK(values.size() > 30);
}
TEST_CASE("meaning: sums and products that run along a trajectory", "[language]") {
  for (const char* term :
       {"(prod_{k=1}^{h} pi(a_k|s_k)) r(s_h, a_h)", "(sum_{k=1}^{h-1} r(s_k, a_k)) r(s_h, a_h)",
        "(prod_{k=1}^{h-1} (1 + r(s_k, a_k))) + prod_{k=1}^{h} (r(s_k, a_k) - 1/3)",
        "sum_{k=1}^{h} sum_{j=1}^{k} r(s_j, a_j) r(s_k, a_k)",
        "sum_a pi(a|s_h) prod_{k=1}^{h} (r(s_k, a_k) + r(s_k, a))",
        "prod_{k=1}^{h} (r(s_k, a_k) + r(s_h, a_h))", "prod_{k=1}^{h} (1 + h r(s_k, a_k))",
        "sum_a sum_{j=1}^{h} prod_{k=1}^{j} (r(s_k, a_k) + r(s_k, a))", "sum_{k=1}^{h} k r(s_1, a_1)"})
    check_twice(term, "g_2", "f_2");
  // A mean whose term asks for a mean of the same text.
  check_twice("(prod_{k=1}^{h} (1/2 + r(s_k, a_k))) G", "g_3", "f_3");
}
TEST_CASE("meaning: numbers that do not depend on all that runs around them", "[language]") {
  CHECK(of_laws("sum_{x in X} f(x) max_{y in X} f(y)") == "6, 0");
  CHECK(of_laws("sum_{x in X, y in X} max_{z in X} f(y) f(z)") == "48, 0");  // 3, 4, 9
  CHECK(of_laws("sum_{k=1}^{3} sum_{x in X} f(x) prod_{j=1}^{k} j") == "18, 0");
  CHECK(of_laws("sum_{k=70}^{71} sum_{x in X} f(x) sum_{j=1}^{k} 1") == "282, 0");
  CHECK(of_laws("sum_{k=-1}^{0} sum_{x in X} f(x) sum_{j=k}^{1} 1") == "10, 0");
  // Beside numbers that name everything, which are computed at every point.
  const std::pair<const char*, const char*> twice[] = {
      {"max_{y in X} f(y)", "max_{y in X} (f(y) + 0 k f(x))"},
      {"sum_{y in X} g(x,y) max_{z in X} g(y,z)", "sum_{y in X} g(x,y) max_{z in X} (g(y,z) + 0 k g(x,z))"},
      {"sum_{y in X} g(x,y) max_{z in X} g(z,x) f(y)",
       "sum_{y in X} g(x,y) max_{z in X} (g(z,x) f(y) + 0 k f(y))"},
      {"sum_{y in X} k g(x,y) max_{z in X} (g(z,x) f(y))",
       "sum_{y in X} k g(x,y) max_{z in X} (g(z,x) f(y) + 0 k f(y))"},
      {"sum_{j=1}^{k} max_{y in X} (j f(y) + g(y,y))",
       "sum_{j=1}^{k} max_{y in X} (j f(y) + g(y,y) + 0 k f(x))"},
      {"||f||_1 + sum_{j=0}^{k} ||f||_inf E_{y ~ p}[f(y)^j]",
       "sum_{y in X} |f(y) + 0 k f(x)| + sum_{j=0}^{k} (max_{z in X} |f(z) + 0 k f(x)|) E_{y ~ p}[f(y)^j + 0 "
       "k "
       "f(x)]"},
      {"max_{y in X, z in X} |g(y,z) - E_{w ~ p}[g(w,y)]|",
       "max_{y in X, z in X} |g(y,z) - E_{w ~ p}[g(w,y) + 0 k f(z) f(x)]|"}};
  for (const auto& [text, whole] : twice) {
    const Claim claim = lemma_claim(read(
        std::string(
            "lemma t\n  given f : X -> [-1, 1], g : X x X -> [-1, 1], p : Delta(X)\n  claim for all x in X, "
            "1 <= k <= 3: ") +
        text + " = " + whole + "\n"));
    std::set<std::string> values;
    for (std::uint64_t i = 0; i < 50; ++i) {
      const Instance instance = draw_instance(claim.domain, Setting{}, 15, i);
      const auto points = exact_points(claim.formula, claim.relation, instance);
      INFO(text << ", instance " << i);
      for (const auto& entry : points.entries()) {
        CHECK(entry.sides.lhs.to_string() == entry.sides.rhs.to_string());
        values.insert(entry.sides.lhs.to_string());
      }
    }
    CHECK(values.size() > 20);
  }
}
TEST_CASE("meaning: discounted values and occupancies", "[language]") {
  // V(1) = 2; V(0) = 1/2 (V(0)/2) + 1/2 (1/2 + 1) = V(0)/4 + 3/4 = 1.
  CHECK(value("J(pi)", discounted) == "1, 0");
  CHECK(value("sum_s V^pi(s)", discounted) == "3, 0");
  CHECK(value("sum_s V^*(s)", discounted) == "7/2, 0");
  // d(0) = 1/2 (1 + 1/4 + ...) = 1/2 / (1 - 1/4) = 2/3.
  CHECK(value("E_{s,a ~ d_gamma^pi(.,.)}[r(s,a)]/(1 - gamma)", discounted) == "1, 0");
  CHECK(value("sum_s d_gamma^pi(s)^2", discounted) == "5/9, 0");
}
TEST_CASE("meaning: discounted values and occupancies of few states and of many", "[language]") {
  // Around a circle of n states from state 0, which alone pays 1, at gamma = 1/2: V(1) = gamma^{n-1} / (1 -
  // gamma^n) = 2 / (2^n - 1), d(1) = (1 - gamma) gamma / (1 - gamma^n) = 2^{n-2} / (2^n - 1).
  for (const int n : {3, 7, 8, 9, 40}) {
    std::string kernel, policy;
    for (int s = 0; s < n; ++s) {
      const std::string at = (s == 0 ? "[" : ", [") + std::to_string(s);
      kernel += at + ", 0, " + std::to_string((s + 1) % n) + ", \"1\"]";
      policy += at + ", 0, \"1\"]";
    }
    const std::string instance = R"({"sizes": {"S": )" + std::to_string(n) +
                                 R"(, "A": 1}, "values": {"gamma": "1/2", "x": 1, "rho": [[0, "1"]],
      "r": [[0, 0, "1"]], "T": [)" +
                                 kernel + R"(], "pi": [)" + policy + "]}}";
    const Rational all = pow(Rational(2), static_cast<unsigned>(n)) - Rational(1);
    CHECK(sides("lemma t\n  given M = (S, A, r, T, gamma, rho)\n  given pi : S -> Delta(A)\n  given x in S\n"
                "  claim V^pi(x) + V^*(x) = d_gamma^pi(x)\n",
                instance.c_str()) == (Rational(4) / all).to_string() + ", " +
                                         (pow(Rational(2), static_cast<unsigned>(n - 2)) / all).to_string());
  }
}

TEST_CASE("meaning: norms and distances of distributions", "[language]") {
  CHECK(of_laws("TV(p, q)") == "1/2, 0");
  CHECK(of_laws("||p - q||_1") == "1, 0");
  CHECK(of_laws("||p - q||_inf") == "1/2, 0");
  CHECK(of_laws("||f||_inf") == "3, 0");
  CHECK(of_laws("||f||_{1,p}") == "3/2, 0");
  CHECK(of_laws("||f||_{2,p}^2") == "5/2, 0");
  CHECK(of_laws("span(f)") == "5, 0");
  CHECK(of_laws("inner(q, f)") == "5/4, 0");
  CHECK(of_laws("\\langle q, f \\rangle") == "5/4, 0");
  CHECK(of_laws("KL(p, q)") == "log(2), 0");
  CHECK(of_laws("Ent(p)") == "log(2), 0");
  CHECK(of_laws("D_{KL}(q || p)") == "infinity, 0");
}
TEST_CASE("meaning: sums, products, conditions", "[language]") {
  CHECK(of_laws("sum_{k=0}^{3} k^2") == "14, 0");
  CHECK(of_laws("prod_{k=1}^{4} k") == "24, 0");
  CHECK(of_laws("sum_{k=2}^{1} k") == "0, 0");
  CHECK(of_laws("sum_{x : f(x) > 0} f(x)") == "4, 0");
  CHECK(of_laws("max_{x : f(x) < 0} f(x)") == "-2, 0");
  CHECK(of_laws("max_{x : f(x) > 9} f(x)") == "undefined");
  CHECK(of_laws("min(1, 2) + max(3, 4)") == "5, 0");
  CHECK(of_laws("sqrt(9/4)") == "3/2, 0");
  CHECK(of_laws("|X|") == "3, 0");
  // Differences of probabilities, which become differences of expectations, and what looks like them.
  CHECK(of_laws("sum_x (p(x) - q(x)) f(x)") == "-7/4, 0");
  CHECK(of_laws("sum_x f(x) (q(x) - p(x)) f(x)") == "13/4, 0");
  CHECK(of_laws("sum_x (2 f(x) p(x) - (p(x) - q(x)) f(x))") == "3/4, 0");
  CHECK(of_laws("sum_x (p(x) + p(x) - q(x)) f(x)") == "-9/4, 0");
  CHECK(of_laws("sum_x (p(x) - q(x)) f(x) (p(x) - 1)") == "13/8, 0");
  CHECK(of_laws("sum_x (p(x) + q(x) - 1) f(x)") == "-5/4, 0");
  CHECK(of_laws("sum_x (1 - (p(x) - q(x)) f(x))") == "19/4, 0");
  CHECK(of_laws("sum_x (p(x) - q(x)) (p(x) - q(x))") == "3/8, 0");
}
TEST_CASE("meaning: undefined and infinite sides", "[language]") {
  CHECK(of_laws("1/sum_{k=2}^{1} k") == "undefined");
  CHECK(of_laws("E_{x ~ p}[1/(1 - 1[f(x) = 3])]") == "1, 0");  // the body is not evaluated where p is 0
  CHECK(of_laws("0 KL(q, p)") == "0, 0");
  CHECK(of_laws("KL(q, p) - KL(q, p)") == "undefined");
}
TEST_CASE("meaning: recursion, operators with functions, constructed kernels", "[language]") {
  const std::string text =
      "lemma t\n  given M = (S, A, r, T, gamma, rho)\n  given pi : S -> Delta(A)\n"
      "  where L(W)(s) = max_a (r(s,a) + gamma E_{s' ~ T(s,a)}[W(s')])\n  where U_0(s) = 0\n  where U_k(s) = "
      "L(U_{k-1})(s)\n"
      "  where T''(s'|s,a) = 1/2 T(s'|s,a) + 1/2 1[s' = s]\n  where M'' = (S, A, r, T'', gamma, rho)\n";
  CHECK(sides(text + "  claim sum_s U_2(s) >= 0\n", discounted) ==
        "5/2, 0");  // U_1 = (1/2, 1), U_2 = (1, 3/2)
  // V(1) = 2 in M'' too; V(0) = V(0)/4 + 1/4 + (V(0) + 2)/8, so V(0) = 4/5.
  CHECK(sides(text + "  claim J(pi,M'') >= 0\n", discounted) == "4/5, 0");
  // Where rows are made one by one: d_2(1) = 1/4, and E[r] = 3/4 1/4 + 1/4.
  CHECK(sides("lemma t\n  given M = (S, A, r, T, H, rho)\n  given pi : S -> Delta(A)\n"
              "  where T''(s'|s,a) = 1/2 T(s'|s,a) + 1/2 1[s' = s]\n  where M'' = (S, A, r, T'', H, rho)\n"
              "  claim E_{s,a ~ d_2^{pi,M''}(.,.)}[r(s,a)] >= 0\n",
              horizon_two) == "7/16, 0");
}
TEST_CASE("meaning: assumptions filter, by a hair as well", "[language]") {
  const std::string text = "lemma t\n  given x, y in R\n  assume x < y\n  claim x <= y\n";
  CHECK(sides(text, R"({"sizes": {}, "values": {"x": "1", "y": "1"}})") == "assumptions fail");
  CHECK(
      sides(
          text,
          R"({"sizes": {}, "values": {"x": "1", "y": "1000000000000000000000000001/1000000000000000000000000000"}})") !=
      "assumptions fail");
}
TEST_CASE("meaning: `and` stops at the first part that decides", "[language]") {
  const std::string text = "lemma t\n  given x in R\n  assume not (x != 0 and 1/x > 2)\n  claim x >= 0\n";
  CHECK(sides(text, R"({"sizes": {}, "values": {"x": "0"}})") == "0, 0");
  CHECK(sides(text, R"({"sizes": {}, "values": {"x": "1/4"}})") == "assumptions fail");
}
TEST_CASE("meaning: transport along a line is the area between distribution functions", "[language]") {
  const std::string text =
      "lemma t\n  given p, q : Delta(X)\n  given D : X x X -> R\n  claim W1(p, q; D) >= 0\n";
  CHECK(sides(text, R"({"sizes": {"X": 3}, "values": {"p": [[0, "1"]], "q": [[1, "1/2"], [2, "1/2"]],
    "D": [[0, 1, "1"], [1, 0, "1"], [0, 2, "2"], [2, 0, "2"], [1, 2, "1"], [2, 1, "1"]]}})") == "3/2, 0");
}

TEST_CASE("meaning: a formula may look many steps ahead", "[language]") {
  std::string inner = "1";
  for (int i = 0; i < 15; ++i) inner = "max_a (r(s,a) + gamma E_{s' ~ T(s,a)}[" + inner + "])";
  // One state and one action: 1 + 1/2 + ... + 1/2^14, and 1/2^15 behind them.
  CHECK(sides("lemma t\n given M = (S, A, r, T, gamma, rho)\n claim for all s: " + inner + " = 2\n",
              R"({"sizes": {"S": 1, "A": 1}, "values": {"gamma": "1/2", "rho": [[0, "1"]], "r": [[0, 0, "1"]],
                  "T": [[0, 0, 0, "1"]]}})") == "65535/32768, 2");
}

TEST_CASE("meaning: probabilities that are looked up, in few rows and in many", "[language]") {
  // Element x goes to itself with 1/3 and to the next one, around the circle, with 2/3.
  for (const int size : {1, 4, 130}) {
    std::string rows;
    for (int x = 0; x < size; ++x) {
      const std::string at = std::to_string(x), next = std::to_string((x + 1) % size);
      rows += (x == 0 ? "[" : ", [") + at + ", " + at + (size == 1 ? ", \"1\"]" : ", \"1/3\"]");
      if (size > 1) rows += ", [" + at + ", " + next + ", \"2/3\"]";
    }
    const std::string instance =
        R"({"sizes": {"X": )" + std::to_string(size) + R"(}, "values": {"P": [)" + rows + "]}}";
    const std::string stays = size == 1 ? "1, 1" : size == 4 ? "4/3, 4" : "130/3, 130";
    CHECK(
        sides(
            "lemma t\n  given P : X -> Delta(X)\n  claim sum_{x in X} P(x|x) = sum_{x in X, y in X} P(y|x)\n",
            instance.c_str()) == stays);
  }
}

TEST_CASE("meaning: definitions of small and large integers", "[language]") {
  const std::string text =
      "lemma t\n  given f : X -> R\n  where U_0(x) = 0\n  where U_k(x) = U_{k-1}(x) + k f(x)\n";
  const char* const instance = R"({"sizes": {"X": 2}, "values": {"f": [[0, "1"], [1, "1/2"]]}})";
  // 1 + ... + 100 = 5050; 1 + ... + 63 = 2016.
  CHECK(sides(text + "  claim sum_{x in X} U_100(x) = sum_{x in X} U_63(x)\n", instance) == "7575, 3024");
}

TEST_CASE("meaning: whether a number is above 0, computed or not", "[language]") {
  // x > 0 of what is never negative asks for no number; x - 1 > -1 computes it.
  const std::string givens =
      "lemma t\n  given M = (S, A, r, T_h, H, rho), H in 1..4\n  given pi_h : S -> Delta(A), nu : S -> "
      "Delta(A)\n"
      "  given known : S x A -> {0, 1}, f : S -> [0, 1], g : S -> R\n  given y in S\n"
      "  where shown_t(s,a) = sum_{h=1}^{H} d_h^{pi,M}(s,a) known(s,a)\n"
      "  where data_0(s,a) = known(s,a)\n"
      "  where data_t(s,a) = data_{t-1}(s,a) + shown_t(s,a) + d_t^{nu,M}(s,a)\n"
      "  where found_t = max_{s,a} 1[shown_t(s,a) > 0]\n"
      "  where later_t(s) = f(s) prod_{k=1}^{t} d_k^{pi,M}(s)\n"
      "  claim for all 1 <= h <= H, s, a: ";
  // The truth of each is neither always the one nor always the other.
  for (const char* number : {"d_h^{pi,M}(s)",
                             "d_h^{pi,M}(s,a)",
                             "d_{h+1}^{nu,M}(s)",
                             "data_h(s,a)",
                             "found_h - 0",
                             "found_h",
                             "min_{b in A} data_h(s,b)",
                             "later_h(s)",
                             "d_h^{pi,M}(s,a) known(s,a) f(s)",
                             "T_h(y|s,a) f(y)",
                             "1[f(s) > 0 and g(s) > 0] + known(s,a)",
                             "sum_{z in S : g(z) > 0} T_h(z|s,a)",
                             "max_{k=1..h} d_k^{pi,M}(s,a)",
                             "prod_{z in S} (f(z) + d_h^{pi,M}(z))",
                             "|g(s)| d_h^{nu,M}(s)",
                             "P_{z ~ T_h(s,a)}[g(z) > 0]",
                             "E_{z ~ T_h(s,a)}[f(z)]",
                             "d_h^{pi,M,s}(y)",
                             "d_h^{pi,M,T_1(s,a)}(y)",
                             "f(s) / (1 + f(y))",
                             "sum_{z in S} g(z)"}) {
    // Each sign with its own weight, on one side of 0, as numbers on the other.
    std::string signs, numbers;
    for (const auto& [weight, text, as_numbers] : {std::array{"1", "x > 0", "x - 1 > -1"},
                                                   {"2", "0 != x", "-1 != x - 1"},
                                                   {"4", "x = 0", "x - 1 = -1"},
                                                   {"8", "0 >= x", "-1 >= x - 1"},
                                                   {"16", "0 > x", "-1 > x - 1"},
                                                   {"32", "0 < x", "-1 < x - 1"},
                                                   {"64", "x <= 0", "x - 1 <= -1"},
                                                   {"128", "x >= 0", "x - 1 >= -1"}}) {
      const auto put = [&](std::string& sum, std::string relation) {
        relation.replace(relation.find('x'), 1, number);
        sum += (sum.empty() ? "" : " + ") + std::string(weight) + " 1[" + relation + "]";
      };
      put(signs, text);
      put(numbers, as_numbers);
    }
    const Claim claim = lemma_claim(read(givens + signs + " = " + numbers + "\n"));
    std::set<std::string> values;
    for (std::uint64_t i = 0; i < 60; ++i) {
      const Instance instance = draw_instance(claim.domain, Setting{}, 21, i);
      const auto points = exact_points(claim.formula, claim.relation, instance);
      CHECK(points.undefined() == 0);
      INFO(number << ", instance " << i);
      for (const auto& entry : points.entries()) {
        CHECK(entry.sides.lhs.to_string() == entry.sides.rhs.to_string());
        values.insert(entry.sides.lhs.to_string());
      }
    }
    INFO(number);
    CHECK(values.size() >= 2);
  }
  // A start that depends on what runs around it is another start each time.
  const Claim started =
      lemma_claim(read(givens + "1[d_1^{pi,M,T_1(s,a)}(y) > 0] = 1[T_1(y|s,a) - 1 > -1]\n"));
  for (std::uint64_t i = 0; i < 60; ++i) {
    const Instance instance = draw_instance(started.domain, Setting{}, 22, i);
    CHECK(evaluate_exactly(started.formula, started.relation, instance).outcome == Outcome::holds);
  }
  // What is undefined has no sign: the second sum is asked though the first one is above 0.
  for (const char* number : {"1 + d_{H+2}^{pi,M}(s)", "known(s,a) + max_{z in S : g(z) != g(z)} f(z)",
                             "0 d_{h-1-H}^{pi,M}(s,a)", "1 + d_{H+1}^{nu,M}(s,a)"}) {
    const Claim claim = lemma_claim(read(givens + "1[" + number + " > 0] >= 0\n"));
    const auto points =
        exact_points(claim.formula, claim.relation, draw_instance(claim.domain, Setting{}, 21, 0));
    INFO(number);
    CHECK(points.undefined() > 0);
  }
}

TEST_CASE("meaning: what is never negative is known from the text", "[language]") {
  const auto lemma = read(
      "lemma t\n  given f : S -> [0, 1], g : S -> [-1, 1], u : S -> {0, 2}, v : S -> {-1, 2}, P : S -> "
      "Delta(S)\n"
      "  given n in 1..3, x in R\n"
      "  where W_0(s) = f(s)\n  where W_k(s) = f(s) W_{k-1}(s) + 1\n"
      "  where D_0(s) = f(s)\n  where D_k(s) = D_{k-1}(s) - 1\n"
      "  where E_0(s) = g(s)\n  where E_k(s) = E_{k-1}(s) + 1\n"
      "  where z(s) = f(s) + g(s)\n"
      "  claim for all s: f(s) + u(s) >= 0\n  claim for all s: n f(s) >= 0\n  claim for all s: P(s|s) >= 0\n"
      "  claim for all s: W_2(s) >= 0\n  claim for all s: |g(s)| >= 0\n  claim for all s: f(s) / 3 >= 0\n"
      "  claim max_s f(s) >= 0\n"
      "  claim for all s: g(s) >= 0\n  claim for all s: v(s) >= 0\n  claim for all s: D_2(s) >= 0\n"
      "  claim for all s: E_2(s) >= 0\n  claim for all s: z(s) >= 0\n  claim for all s: -f(s) >= 0\n"
      "  claim x >= 0\n  claim for all s: f(s) - f(s) >= 0\n  claim sum_s g(s) >= 0\n  claim for all s: x "
      "f(s) >= 0\n");
  std::string found;
  for (const Comparison& comparison : lemma->comparisons())
    found += never_negative(*lemma, comparison.lhs) ? '+' : '?';
  CHECK(found == "+++++++??????????");
}
