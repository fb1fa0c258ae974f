// Instances are drawn from the givens alone, and are made to refute.
#include <map>
#include <set>

#include "campaign/check.hpp"
#include "language/draw.hpp"
#include "language/reading.hpp"
#include "numeric/helpers.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

Instance drawn(const Claim& claim, std::uint64_t number) {
  ChoiceSource choices(PhiloxStream(3, number));
  return claim.domain.decode(choices, Setting{});
}
Finding checked(const std::string& text, std::uint64_t instances = 2000) {
  static std::vector<std::unique_ptr<Claim>> kept;  // a finding points to its claim
  kept.push_back(std::make_unique<Claim>(lemma_claim(read(text))));
  return check_claim(*kept.back(), Setting{}, Run{.seed = 1, .instances = instances});
}
std::size_t part_of(const Assignment& assignment, const std::string& name) {
  for (std::size_t i = 0; i < assignment.signature->parts.size(); ++i)
    if (assignment.signature->parts[i].name == name) return i;
  FAIL("no given is called " << name);
  return 0;
}

const std::string pair =
    "lemma t\n  given M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1]\n  given pi : S -> "
    "Delta(A)\n";

}  // namespace

TEST_CASE("draws: every instance lies in its types and reaches every class", "[language]") {
  const Claim claim = lemma_claim(
      read(pair + "  given phi : S -> X\n  given mu_h : S -> Delta+(A)\n  given pi' optimal in M\n"
                  "  given q : S x A -> R\n  given pi'' greedy for q\n  claim J(pi,M) <= H\n"));
  std::set<std::string, std::less<>> seen;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const Instance instance = drawn(claim, i);
    CHECK(claim.domain.objection(instance).value_or("") == "");
    for (const std::string_view label : instance.classes) seen.emplace(label);
  }
  for (const std::string& label : claim.domain.classes) {
    INFO(label);
    CHECK(seen.count(label) == 1);
  }
  for (const char* wanted : {"family: absorbing states", "family: deterministic", "family: go to",
                             "perturbation: small", "perturbation: one row"})
    CHECK(seen.count(std::string(wanted)) == 1);
}

TEST_CASE(
    "draws: a map of several arguments need not be onto, and tells the last one apart in half of the draws",
    "[language]") {
  const Claim claim = lemma_claim(
      read("lemma t\n  given M = (S, A, r, T, gamma, rho)\n  given next : S x A -> S, phi : S -> X\n"
           "  given both : S x A -> X\n  claim J^*(M) <= 1 or J^*(M) > 1\n"));
  int onto = 0, apart = 0, drawn_pairs = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const Instance instance = drawn(claim, i);
    CHECK(claim.domain.objection(instance).value_or("") == "");
    const Assignment& assignment = *instance.assignment;
    const std::uint32_t states = assignment.sizes[0], actions = assignment.sizes[1];
    const auto& next = std::get<std::vector<std::uint32_t>>(assignment.values[part_of(assignment, "next")]);
    REQUIRE(next.size() == std::size_t{states} * actions);
    if (states < 2 || actions < 2) continue;
    ++drawn_pairs;
    onto += std::set<std::uint32_t>(next.begin(), next.end()).size() == states;
    bool told = true;
    for (std::size_t k = 1; k < next.size(); ++k) told = told && (k % actions == 0 || next[k] != next[k - 1]);
    apart += told;
  }
  CHECK(onto < drawn_pairs);
  CHECK(onto > 0);
  CHECK(2 * apart >= drawn_pairs * 4 / 5);
  CHECK(apart < drawn_pairs);
}

TEST_CASE("draws: a range that speaks of another given", "[language]") {
  const Finding finding = checked(
      "lemma t\n  given M = (S, A, r, T, gamma, rho)\n  given pi : S -> Delta(A)\n  given R in [0, 5]\n  "
      "given r in [0, R]\n"
      "  claim for all s: V^pi(s) <= R/(1-gamma)\n  expect holds tight\n");
  CHECK(finding.as_expected());
}

TEST_CASE("draws: ties, so that plans differ from the lowest ones", "[language]") {
  const Claim claim =
      lemma_claim(read("lemma t\n  given M = (S, A, r, T, gamma, rho), r in [0, 1]\n  given q : S x A -> R\n "
                       " given pi greedy for q\n  claim 0 <= 1\n"));
  int with_ties = 0, higher = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Instance instance = drawn(claim, i);
    const Assignment& assignment = *instance.assignment;
    const RewardTable& q = assignment.table(part_of(assignment, "q"));
    const StochasticMatrix& pi = assignment.rows(part_of(assignment, "pi"));
    for (std::uint32_t s = 0; s < pi.rows(); ++s) {
      const std::uint32_t taken = pi.column(pi.row_begin(s));
      for (std::uint32_t a = 0; a < pi.columns(); ++a) {
        REQUIRE_FALSE(q(State{s}, Action{taken}) < q(State{s}, Action{a}));
        if (a == taken || q(State{s}, Action{a}) != q(State{s}, Action{taken})) continue;
        ++with_ties;
        if (a < taken) ++higher;
      }
    }
  }
  CHECK(with_ties > 100);
  CHECK(higher > 30);
}

TEST_CASE("draws: a lowest plan takes the lowest of the best actions", "[language]") {
  const Claim claim =
      lemma_claim(read("lemma t\n  given M = (S, A, r, T, gamma, rho), r in [0, 1]\n  given q : S x A -> R\n "
                       " given pi lowest greedy for q\n  claim 0 <= 1\n"));
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Instance instance = drawn(claim, i);
    const Assignment& assignment = *instance.assignment;
    const RewardTable& q = assignment.table(part_of(assignment, "q"));
    const StochasticMatrix& pi = assignment.rows(part_of(assignment, "pi"));
    for (std::uint32_t s = 0; s < pi.rows(); ++s)
      for (std::uint32_t a = 0; a < pi.column(pi.row_begin(s)); ++a)
        CHECK(q(State{s}, Action{a}) < q(State{s}, Action{pi.column(pi.row_begin(s))}));
  }
}

TEST_CASE("draws: optimal plans of few states and of many", "[language]") {
  // Around a circle by actions 0 and 1, or staying by action 2; state 0 alone pays.
  for (const std::uint32_t states : {3U, 7U, 8U, 20U}) {
    std::vector<std::uint32_t> next;
    std::vector<Rational> rewards;
    for (std::uint32_t s = 0; s < states; ++s) {
      const std::uint32_t on = (s + 1) % states;
      next.insert(next.end(), {on, on, s});
      rewards.insert(rewards.end(), 3, s == 0 ? 1 : 0);
    }
    const std::uint32_t start[] = {0};
    const auto world =
        std::make_shared<const FiniteMdp>(StochasticMatrix::deterministic(states, start),
                                          std::vector{StochasticMatrix::deterministic(states, next)},
                                          RewardTable(states, 3, rewards), states, 3);
    const Claim claim =
        lemma_claim(read("lemma t\n  given M = (S, A, r, T, gamma, rho), r in [0, 1], gamma in {1/2}\n"
                         "  given pi optimal in M\n  claim for all s: V^pi(s) = V^*(s)\n"));
    // Twice the rewards, and transitions written out: the same plans, of an MDP that is constructed.
    const Claim constructed =
        lemma_claim(read("lemma t\n  given M = (S, A, r, T, gamma, rho), r in [0, 1], gamma in {1/2}\n"
                         "  where r_2(s,a) = 2 r(s,a)\n  where T_2(s'|s,a) = T(s'|s,a)\n"
                         "  given M_2 = (S, A, r_2, T_2, gamma, rho)\n  given pi optimal in M_2\n"
                         "  claim for all s: V^pi(s,M_2) = 2 V^*(s,M)\n"));
    CHECK(check_claim(constructed, Setting{world}, Run{.seed = 1, .instances = 20}).verdict ==
          Verdict::holds);
    std::set<std::uint32_t> taken;
    for (std::uint64_t i = 0; i < 20; ++i) {
      ChoiceSource choices(PhiloxStream(3, i));
      const Instance instance = claim.domain.decode(choices, Setting{world});
      const StochasticMatrix& pi = instance.assignment->rows(part_of(*instance.assignment, "pi"));
      REQUIRE(pi.rows() == states);
      CHECK(pi.column(pi.row_begin(0)) == 2);
      for (std::uint32_t s = 1; s < states; ++s) {
        CHECK(pi.column(pi.row_begin(s)) < 2);
        taken.insert(pi.column(pi.row_begin(s)));
      }
    }
    CHECK(taken.size() == 2);
  }
}

TEST_CASE("draws: an assumption that bounds a function is drawn, not filtered", "[language]") {
  const Finding finding = checked(
      "lemma t\n  given M = (S, A, r, T, gamma, rho), r in [0, 1]\n  given f : S -> R\n"
      "  assume for all s: f(s) >= 1 + V^*(s)\n  claim for all s: f(s) >= V^*(s)\n");
  CHECK(finding.summary.discarded == 0);
  CHECK(finding.verdict == Verdict::holds);
}

TEST_CASE("draws: what an assumption bounds stays in its range", "[language]") {
  const std::string ranges[] = {"[0, 1]", "[0, 1)", "0..1", "{0, 1/2}"};
  for (const std::string& range : ranges) {
    const std::string givens = "lemma t\n  given f : S -> [0, 1], q : S -> " + range + "\n";
    for (const char* bound : {"q(s) <= f(s) - 1", "q(s) < f(s)", "q(s) >= 2 f(s)", "q(s) >= max(f(s), 0)"}) {
      INFO(range << ", " << bound);
      const Finding finding = checked(
          givens + "  assume for all s: " + bound + "\n  claim for all s: 0 <= q(s) " +
          std::string(range == "[0, 1)" ? "< 1" : "<= 1") + " and (1[q(s) = 0] = 1[q(s) - 1 = -1])\n");
      CHECK(finding.summary.violated == 0);
      CHECK(finding.summary.discarded < finding.summary.instances);
    }
  }
}

TEST_CASE("draws: rewards of a given model lie in the range that is declared", "[language]") {
  const std::string text = "  given pi : S -> Delta(A)\n  claim J(pi,M) >= 0\n";
  const auto claim_of = [&](const std::string& range) {
    return lemma_claim(read("lemma t\n  given M = (S, A, r, T, H, rho), r in " + range + "\n" + text));
  };
  const auto model = std::make_shared<const FiniteMdp>(
      StochasticMatrix::uniform(1, 2), std::vector{StochasticMatrix::uniform(4, 2)},
      RewardTable(2, 2, {Rational(0), Rational(1), Rational(-1), Rational(1)}), 2, 2);
  const auto decoded = [&](const Claim& claim) {
    ChoiceSource choices(PhiloxStream(3, 1));
    return claim.domain.decode(choices, Setting{model, 0});
  };
  for (const char* range : {"{0, 1}", "{0, 1, 2}"}) {
    const std::string fault = testing::message_of([&] { decoded(claim_of(range)); });
    CHECK(contains(fault, "the model's reward at (s=1, a=0) is -1"));
    CHECK(contains(fault, "declare a range that holds the model's rewards"));
  }
  for (const char* range : {"{-1, 0, 1}", "[-2, 2]", "[0, 1]", "R"}) {
    const Claim claim = claim_of(range);
    CHECK(claim.domain.objection(decoded(claim)).value_or("") == "");
  }
}

TEST_CASE("draws: a range that has no value is refused with its place", "[language]") {
  const std::string fault = testing::message_of([] {
    checked("lemma t\n  given f : S -> {0, 1}, y in S\n  given c in [0, 1/f(y)]\n  claim c <= 1\n");
  });
  INFO(fault);
  CHECK(fault.find(":3:9: c has no value to be drawn on some instance: a division by 0") !=
        std::string::npos);
  CHECK(contains(fault, "write ranges and choices that have a value on every instance"));
}

TEST_CASE("draws: an assumption that no draw meets leaves the lemma undecided", "[language]") {
  const Finding finding = checked("lemma t\n  given x in [0, 1]\n  assume x > 2\n  claim x <= 0\n", 500);
  CHECK(finding.verdict == Verdict::undecided);
  CHECK(finding.summary.discarded == 500);
}

TEST_CASE("draws: given models and horizons stand behind the givens", "[language]") {
  const Claim claim = lemma_claim(read(pair + "  claim J(pi,M) <= H\n"));
  for (std::uint64_t i = 0; i < 20; ++i) {
    ChoiceSource choices(PhiloxStream(3, i));
    const Instance instance = claim.domain.decode(choices, Setting{nullptr, 7});
    CHECK(instance.assignment->steps() == 7);
  }
}

TEST_CASE("search: false lemmas get small counterexamples", "[language]") {
  const auto size = [](const std::string& claim) {
    const Finding finding =
        checked(pair + "  where eps = max_{s,a} ||T(s,a) - T'(s,a)||_1\n  claim " + claim + "\n", 4000);
    REQUIRE(finding.verdict == Verdict::violated);
    const Assignment& assignment = *finding.certificate->instance.assignment;
    return std::pair(assignment.sizes[0], assignment.steps());
  };
  // Two states: one that pays and one that does not; two steps.
  CHECK(size("|J(pi,M) - J(pi,M')| <= H(H-1)/8 eps") == std::pair(2U, std::size_t{2}));
  // No smaller horizon than 6 will do: the induction hypothesis of the lecture, eq. (15.4).
  CHECK(size("for all s, 1 <= h < H: |V_{h+1}^pi(s,M) - V_{h+1}^pi(s,M')| <= (H-h-1) eps") ==
        std::pair(2U, std::size_t{6}));
}

TEST_CASE("search: slips of a true lemma are refuted", "[language]") {
  const std::string text = pair + "  where eps = max_{s,a} ||T(s,a) - T'(s,a)||_1\n  claim ";
  CHECK(checked(text + "|J(pi,M) - J(pi,M')| <= H(H-1)/4 eps\n").verdict == Verdict::holds);
  for (const char* slip : {"|J(pi,M) - J(pi,M')| <= 99/100 H(H-1)/4 eps",
                           "|J(pi,M) - J(pi,M')| <= (H-1)(H-2)/4 eps", "J(pi,M) <= J(pi,M')",
                           "J(pi,M) - J(pi,M') = sum_{h=1}^{H-1} E_{s,a ~ d_h^{pi,M}(.,.)}[sum_{s'} "
                           "(T(s'|s,a) - T'(s'|s,a)) V_{h+1}^pi(s',M)]"}) {
    INFO(slip);
    CHECK(checked(text + slip + "\n").verdict == Verdict::violated);
  }
}

TEST_CASE("proofs: the first false step is the one that is false", "[language]") {
  const auto lemma = read(
      "lemma t\n  given x, y in [0, 1]\n  claim x y <= 1\n  proof\n    x y <= x by size\n    <= x^2 by a "
      "slip\n    <= 1 by size\n");
  const std::vector<Claim> steps = proof_claims(lemma);
  REQUIRE(steps.size() == 3);
  std::vector<Verdict> verdicts;
  for (const Claim& step : steps)
    verdicts.push_back(check_claim(step, Setting{}, Run{.seed = 1, .instances = 500}).verdict);
  CHECK(verdicts == std::vector{Verdict::holds, Verdict::violated, Verdict::holds});
}
