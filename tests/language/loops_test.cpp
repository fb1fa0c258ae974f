// Learning loops in lemmas, against rounds worked out by hand.
#include "language/edits.hpp"
#include "language/explain.hpp"
#include "language/reading.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

// Two states, two actions, H = 2, from state 0. There action 0 stays for nothing and action 1 goes to state 1
// for 1/2; state 1 stays for 1 under action 0, and goes back for nothing under action 1. mu takes action 0,
// so that its data is the pair (0, 0) alone; T_0 stays everywhere; nothing is known but what `known` says.
const char* const instance = R"({"sizes": {"S": 2, "A": 2, "X": 2}, "values": {"H": "2", "rho": [[0, "1"]],
  "r": [[0, 1, "1/2"], [1, 0, "1"]], "T": [[0, 0, 0, "1"], [0, 1, 1, "1"], [1, 0, 1, "1"], [1, 1, 0, "1"]],
  "mu": [[0, 0, "1"], [1, 0, "1"]], "nu": [[0, 1, "1"], [1, 0, "1"]], "known": [[1, 1, "1"]], "here": [[0, 1, "1"]],
  "T_0": [[0, 0, 0, "1"], [0, 1, 0, "1"], [1, 0, 1, "1"], [1, 1, 1, "1"]],
  "hope": [[1, "1"]], "half": [[0, "1/2"], [1, "1/2"]], "rank": [[0, 1, "1"]]}})";

std::string text(const std::string& loop, const std::string& claim) {
  return "lemma t\n  given M = (S, A, r, T, H, rho), mu, nu : S -> A, known, here : S x A -> {0, 1}\n"
         "  given T_0 : S x A -> Delta(S), hope, half : X -> [0, 1], rank : S x A -> R\n"
         "  given pi_t, M_hat_t in loop(" +
         loop + "\n  claim " + claim + "\n";
}

/// What round t promises and earns: J(pi_t, M_hat_t), J(pi_t, M).
std::string round(const std::string& loop, int t) {
  const std::string n = std::to_string(t);
  return sides(text(loop, "J(pi_" + n + ",M_hat_" + n + ") <= J(pi_" + n + ",M)"), instance);
}

std::string value(const std::string& loop, const std::string& expression) {
  return sides(text(loop, expression + " >= 0"), instance);
}

}  // namespace

TEST_CASE("loops: fills decide what a pair without data promises", "[language]") {
  // Action 0 of state 0 promises V_2(0) = 1/2, action 1 promises 1/2 and what its fill does.
  CHECK(round("aggregate, optimistic, lowest) from mu", 1) == "3/2, 3/2");
  CHECK(round("aggregate, pessimistic, lowest) from mu", 1) == "1/2, 1/2");
  CHECK(round("aggregate, T_0, lowest) from mu", 1) == "1, 3/2");
  CHECK(round("latest, keep T_0, lowest) from mu", 1) == "1, 3/2");
  CHECK(round("aggregate, figure, lowest) from mu", 1) == "3/2, 3/2");  // state 0 is in the data
  CHECK(round("aggregate, half, lowest) from mu", 1) == "1, 3/2");
}

TEST_CASE("loops: functions of rounds come again and again", "[language]") {
  // Fearful, then hopeful: round 1 stays with action 0, round 2 tries action 1, and then it is known.
  CHECK(round("aggregate, hope, lowest) from mu", 1) == "1/2, 1/2");
  CHECK(round("aggregate, hope, lowest) from mu", 2) == "3/2, 3/2");
  CHECK(round("aggregate, hope, lowest) from mu", 3) == "3/2, 3/2");
  // The latest data forgets action 0 of state 0 after round 2; a fearful model then promises less of it.
  CHECK(round("latest, hope, lowest) from mu", 40) == "3/2, 3/2");
  CHECK(round("latest, pessimistic, lowest) from mu", 40) == "1/2, 1/2");
}

TEST_CASE("loops: ties are broken as said", "[language]") {
  // Under fear both actions of state 0 promise 1/2 at step 1; action 1 earns 3/2.
  CHECK(round("aggregate, pessimistic, highest) from mu", 1) == "1/2, 3/2");
  CHECK(round("aggregate, pessimistic, stay) from mu", 1) == "1/2, 1/2");
  CHECK(round("aggregate, pessimistic, stay) from nu", 1) == "3/2, 3/2");
  CHECK(round("aggregate, pessimistic, for) from mu", 1) == "1/2, 3/2");
  CHECK(round("aggregate, pessimistic, against) from mu", 1) == "1/2, 1/2");
  CHECK(round("aggregate, pessimistic, rank) from mu", 1) == "1/2, 3/2");
}

TEST_CASE("loops: what is known and what the expert shows is right in the model", "[language]") {
  CHECK(round("aggregate, pessimistic, lowest) from mu knowing here", 1) == "3/2, 3/2");
  CHECK(round("aggregate, pessimistic, lowest) from mu knowing known", 1) == "1/2, 1/2");
  CHECK(round("hybrid, pessimistic, lowest) from mu with nu", 1) == "3/2, 3/2");
  CHECK(round("expert, pessimistic, lowest) of M with nu from mu", 1) == "3/2, 3/2");
  CHECK(round("hybrid-latest, pessimistic, lowest) from mu with nu", 1) == "3/2, 3/2");
}

TEST_CASE("loops: policies, values and laws of rounds", "[language]") {
  const std::string loop = "aggregate, T_0, lowest) from mu";
  CHECK(value(loop, "J(pi_0,M)") == "0, 0");  // mu, under the loop's name
  CHECK(value(loop, "sum_{k=0}^{1} J(pi_k,M)") == "3/2, 0");
  CHECK(value(loop, "J(nu,M_hat_1)") == "1, 0");
  CHECK(value(loop, "J^*(M_hat_1)") == "1, 0");
  CHECK(value(loop, "sum_s V_1^{pi_1}(s,M_hat_1)") == "3, 0");        // 1 and, staying in state 1, 2
  CHECK(value(loop, "sum_{s,a} Q_1^{nu}(s,a,M_hat_1)") == "9/2, 0");  // 1/2, 1; 2, 1
  CHECK(value(loop, "min_{s,a} A_1^*(s,a,M_hat_1)") == "-1, 0");
  CHECK(value(loop, "sum_{s,a} Q_3^{pi_1}(s,a,M_hat_1)") == "0, 0");
  CHECK(value(loop, "sum_s d_2^{pi_1,M}(s) 1[pi_{1,2}(s) = pi_{1,1}(s)]") == "1, 0");
  CHECK(value(loop, "||V_1^{pi_1}(.,M_hat_1)||_inf") == "2, 0");
  CHECK(value(loop, "J(pi_1,M_hat_0)") == "undefined");
  CHECK(value(loop, "sum_s V_4^{pi_1}(s,M_hat_1)") == "undefined");
}

TEST_CASE("loops: a policy that the lemma makes of others is one in the model as well", "[language]") {
  const std::string lemma = text("aggregate, T_0, lowest) from mu", "J(half_nu,M_hat_1) = J(half_nu,M)");
  const std::string mixed = lemma + "  where half_nu(a|s) = 1/2 1[mu(s) = a] + 1/2 1[nu(s) = a]\n";
  // V_2(0) = 1/4, V_2(1) = 1. In the model both actions of state 0 come back to it: 1/4 + 1/4. In the world
  // half of the time 1/4, else 1/2 + 1.
  CHECK(sides(mixed, instance) == "1/2, 7/8");
}

TEST_CASE("loops: the fitted model has no law over S, and the loop's names need their rounds", "[language]") {
  const std::string loop = "aggregate, T_0, lowest) from mu";
  CHECK(contains(refusal(text(loop, "for all s: d_2^{mu,M_hat_1}(s) <= 1")), "paradise and abyss"));
  CHECK(contains(refusal(text(loop, "J(pi,M) <= 2")), "a member for each round"));
  CHECK(contains(refusal(text(loop, "for all s: pi_1(s) = mu(s)")), "write the step behind the round"));
  CHECK(contains(refusal(text(loop, "J(pi_x,M) <= 2")), "bound nowhere"));
  CHECK(contains(refusal(text("oldest, T_0, lowest) from mu", "1 <= 2")), "says of no data"));
}

TEST_CASE("loops: a lemma written from its parts is the same lemma", "[language]") {
  for (const char* loop :
       {"hybrid, hope, rank) of M from mu with nu knowing known", "latest, keep T_0, stay) from mu",
        "hybrid-latest, figure, against) from mu with nu", "expert, T_0, for) from mu with nu"}) {
    const auto lemma = read(text(loop, "for all 1 <= t <= 3: J(pi_t,M_hat_t) <= J(pi_{t+1},M)"));
    const std::string written = canonical_text(*lemma);
    const auto again = read(written);
    INFO(written);
    CHECK(canonical_text(*again) == written);
    CHECK(sides_of(lemma_claim(lemma), instance) == sides_of(lemma_claim(again), instance));
    CHECK(contains(explain(*lemma).givens.back(), "round t >= 1 fits"));
  }
}

TEST_CASE("loops: each rule has every other in its place once", "[language]") {
  const auto lemma = read(text("hybrid, hope, rank) from mu with nu", "J(pi_1,M) <= 2"));
  std::set<std::string> texts;
  for (const LemmaEdit& edit : other_rules(*lemma)) {
    INFO(edit.text);
    CHECK(read_edit(edit) != nullptr);
    texts.insert(edit.text);
  }
  CHECK(texts.size() == 4 + 3 + 5);  // data, fills that are words, ties that are words
  CHECK(other_rules(*read("lemma t\n  given x in R\n  claim x <= 1\n")).empty());
}
