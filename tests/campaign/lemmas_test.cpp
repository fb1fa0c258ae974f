// What is asked of lemmas beyond their verdicts: least counterexamples, strength, ablation, repair, slack,
// sharpness, all tiny instances, somebody's own model behind the givens.
#include "campaign/check.hpp"
#include "campaign/lemma_strength.hpp"
#include "campaign/proof_check.hpp"
#include "campaign/vacuity.hpp"
#include "language/reading.hpp"
#include "mdp/model_file.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

const Run modest{.instances = 2000};
const std::string rewards =
    "lemma t\n given M = (S, A, r, T, H, rho), r in [0, 1]\n given pi_h : S -> Delta(A)\n";
const std::string kernels =
    "lemma t\n given M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1]\n"
    " given pi_h : S -> Delta(A)\n where eps = max_{s,a} ||T(s,a) - T'(s,a)||_1\n";

Claim claim_of(const std::string& text) {
  return lemma_claim(read(text));
}

const Assignment& witness_of(const Finding& finding) {
  REQUIRE(finding.certificate);
  return *finding.certificate->instance.assignment;
}

const WeakenedPart& part(const LemmaStrength& strength, const std::string& words) {
  for (const WeakenedPart& each : strength.parts)
    if (contains(each.edit, words)) return each;
  FAIL("no part is about: " << words);
  throw;
}

const DroppedHypothesis& dropped(const std::vector<DroppedHypothesis>& all, const std::string& words) {
  for (const DroppedHypothesis& each : all)
    if (contains(each.hypothesis, words)) return each;
  FAIL("no hypothesis is about: " << words);
  throw;
}

}  // namespace

TEST_CASE("lemmas: a counterexample is shrunk to what nobody can make smaller", "[campaign]") {
  SECTION("a return above 1/2 takes one state, one action, one step and the reward 1") {
    const Claim claim = claim_of(rewards + " claim J(pi,M) <= 1/2\n");
    const Finding finding = check_claim(claim, Setting{}, modest);
    REQUIRE(finding.verdict == Verdict::violated);
    const Assignment& witness = witness_of(finding);
    CHECK(witness.sizes == std::vector<std::uint32_t>{1, 1});
    CHECK(witness.steps() == 1);
    CHECK(finding.certificate->sides.lhs.to_string() == "1");
  }
  SECTION("kernels that matter need two states and two steps, and no second action") {
    const Claim claim = claim_of(kernels + " claim |J(pi,M) - J(pi,M')| <= 1/3 eps\n");
    const Finding finding = check_claim(claim, Setting{}, modest);
    REQUIRE(finding.verdict == Verdict::violated);
    const Assignment& witness = witness_of(finding);
    CHECK(witness.sizes == std::vector<std::uint32_t>{2, 1});
    CHECK(witness.steps() == 2);
    CHECK_FALSE(reason_to_reject(*finding.certificate, claim));
  }
}

TEST_CASE("lemmas: a sharp bound keeps no part that can be weakened", "[campaign]") {
  const LemmaStrength strength = strength_of(claim_of(rewards + " claim J(pi,M) <= H\n"), modest);
  CHECK(strength.finding.verdict == Verdict::holds);
  CHECK(strength.finding.max_tightness == Rational(1));
  REQUIRE_FALSE(strength.parts.empty());
  for (const WeakenedPart& each : strength.parts) {
    INFO(each.edit << ": " << each.claim);
    CHECK(each.refuted);
  }
  CHECK(strength.vacuity.met == strength.vacuity.sampled);
  CHECK(strength.vacuity.informative == 0);  // H is what any instance allows: no draw could have refuted it
}

TEST_CASE("lemmas: of a loose bound the smallest factor is found", "[campaign]") {
  const LemmaStrength strength = strength_of(claim_of(rewards + " claim J(pi,M) <= 4 H\n"), modest);
  const WeakenedPart& term = part(strength, "term");
  CHECK_FALSE(term.refuted);
  REQUIRE(term.smallest);
  CHECK(*term.smallest == Rational::ratio(1, 4));
}

TEST_CASE("lemmas: draws that could have refuted a bound are counted", "[campaign]") {
  const LemmaStrength strength =
      strength_of(claim_of(kernels + " claim |J(pi,M) - J(pi,M')| <= H(H-1)/4 eps\n"), modest);
  CHECK(strength.finding.verdict == Verdict::holds);
  CHECK(strength.vacuity.informative > 0);
  CHECK(strength.vacuity.informative < strength.vacuity.sampled);
}

TEST_CASE("lemmas: a hypothesis that is needed has a counterexample without it", "[campaign]") {
  const std::string text =
      kernels + " assume eps <= 1/2\n assume H >= 2\n claim |J(pi,M) - J(pi,M')| <= H(H-1)/8\n";
  REQUIRE(check_claim(claim_of(text), Setting{}, modest).verdict == Verdict::holds);
  const std::vector<DroppedHypothesis> all = drop_hypotheses(claim_of(text), modest);
  const DroppedHypothesis& needed = dropped(all, "eps <= 1/2");
  REQUIRE(needed.counterexample);
  CHECK(needed.counterexample->kind == CertificateKind::refutation);
  CHECK_FALSE(dropped(all, "H >= 2").counterexample);
  CHECK(dropped(all, "H >= 2").instances > 0);
  CHECK(dropped(all, "r in [0, 1]").counterexample);
}

TEST_CASE("lemmas: a repair of a false lemma holds on everything tried", "[campaign]") {
  const LemmaRepair repair = repair_lemma(claim_of(rewards + " claim J(pi,M) <= H - 1\n"), modest);
  CHECK(repair.tried > repair.survivors.size());
  REQUIRE_FALSE(repair.survivors.empty());
  for (const RepairedLemma& each : repair.survivors) {
    INFO(each.edit << ": " << each.claim);
    REQUIRE(each.max_tightness);
    CHECK(*each.max_tightness <= Rational(1));
  }
  CHECK(*repair.survivors.front().max_tightness >= *repair.survivors.back().max_tightness);
}

TEST_CASE("lemmas: all tiny instances, and none is counted twice", "[campaign]") {
  const std::string text = "lemma t\n given f : S -> {0, 1}, nu : Delta(S)\n";
  const LemmaExhaustion all = exhaust_lemma(claim_of(text + " claim sum_s nu(s) f(s) <= 1\n"), modest);
  CHECK_FALSE(all.counterexample);
  REQUIRE_FALSE(all.runs.empty());
  const TinyRun& first = all.runs.front();
  CHECK(first.states == 1);
  CHECK(first.instances == 2);  // f is 0 or 1, nu is all on the one state
  for (const TinyRun& run : all.runs) CHECK(run.violated == 0);
  const LemmaExhaustion refuted = exhaust_lemma(claim_of(text + " claim sum_s nu(s) f(s) <= 1/2\n"), modest);
  REQUIRE(refuted.counterexample);
  CHECK(refuted.counterexample->instance.assignment->sizes.front() == 1);
}

TEST_CASE("lemmas: searches reach a sharp bound and stay below a loose one", "[campaign]") {
  const LemmaSharpness sharp = sharpness_of_lemma(claim_of(rewards + " claim J(pi,M) <= H\n"), modest, 2);
  CHECK(sharp.best == Rational(1));
  const LemmaSharpness loose = sharpness_of_lemma(claim_of(rewards + " claim J(pi,M) <= 2 H\n"), modest, 2);
  CHECK(loose.best == Rational::ratio(1, 2));
  REQUIRE(loose.witness);
  const Sides<RealNumber>& sides = loose.witness->sides;
  CHECK((sides.lhs + sides.lhs).to_string() == sides.rhs.to_string());
}

TEST_CASE("lemmas: what the steps of a proof give away, and its tightness, make one", "[campaign]") {
  const LemmaSlack slack = slack_of_lemma(
      claim_of(rewards + " claim J(pi,M) <= 3 H\n proof J(pi,M) <= H <= 2 H <= 3 H\n"), modest);
  REQUIRE(slack.steps.size() == 3);
  Rational whole = slack.mean_tightness;
  for (const LemmaSlackStep& step : slack.steps) {
    CHECK_FALSE(step.negative);
    whole += step.mean_share;
  }
  CHECK(whole == Rational(1));
  CHECK(slack.steps[1].mean_share == Rational::ratio(1, 3));
  const LemmaSlack wrong =
      slack_of_lemma(claim_of(rewards + " claim J(pi,M) <= 3 H\n proof J(pi,M) <= H/2 <= 3 H\n"), modest);
  CHECK(wrong.steps[0].negative);
}

TEST_CASE("lemmas: the first false step of a proof is found, though the claim is true", "[campaign]") {
  const Claim claim = claim_of(rewards + " claim J(pi,M) <= H\n proof J(pi,M) <= H <= H - 1 <= H/2 <= H\n");
  CHECK(check_claim(claim, Setting{}, modest).verdict == Verdict::holds);
  const ProofFinding proof = check_proof(claim, Setting{}, modest);
  REQUIRE(proof.steps.size() == 4);
  CHECK(proof.first_false() == std::size_t{1});
  CHECK(standing_of(check_claim(claim, Setting{}, modest), proof) == Standing::unexpected);
}

TEST_CASE("lemmas: somebody's own model stands behind the givens", "[campaign]") {
  const char* json =
      R"({"states": 2, "actions": 1, "initial": [[0, "1"]], "transitions": [[0, 0, 1, "1"], [1, 0, 0, "1"]],
    "rewards": [[0, 0, "1/2"], [1, 0, "1/2"]]})";
  const auto model = std::make_shared<const FiniteMdp>(model_from_json(parse_json(json, "own"), "own"));
  const Claim claim = claim_of(rewards + " claim J(pi,M) <= H/2\n");
  const Finding own = check_claim(claim, Setting{model, 4}, modest);
  CHECK(own.verdict == Verdict::holds);
  CHECK(own.max_tightness == Rational(1));
  CHECK(witness_of(own).sizes == std::vector<std::uint32_t>{2, 1});
  CHECK(witness_of(own).steps() == 4);
  CHECK(check_claim(claim, Setting{}, modest).verdict == Verdict::violated);
}

TEST_CASE("witness: what is shown fulfils the condition, and no verdict depends on it", "[campaign]") {
  SECTION("a counterexample") {
    const std::string claim = " claim J(pi,M) <= 1/2\n";
    const Finding finding =
        check_claim(claim_of(rewards + claim + " witness H >= 2 and |S| >= 2\n"), Setting{}, modest);
    REQUIRE(finding.verdict == Verdict::violated);
    CHECK(witness_of(finding).steps() == 2);
    CHECK(witness_of(finding).sizes == std::vector<std::uint32_t>{2, 1});
    CHECK(finding.summary.violated ==
          check_claim(claim_of(rewards + claim), Setting{}, modest).summary.violated);
  }
  SECTION("a tight instance") {
    const Finding finding =
        check_claim(claim_of(rewards + " claim J(pi,M) <= H\n witness H = 3\n"), Setting{}, modest);
    CHECK(finding.verdict == Verdict::holds);
    CHECK(finding.is_tight());
    CHECK(witness_of(finding).steps() == 3);
  }
  SECTION("a condition that no counterexample fulfils hides none") {
    const Finding finding =
        check_claim(claim_of(rewards + " claim J(pi,M) <= 1/2\n witness J(pi,M) < 0\n"), Setting{}, modest);
    CHECK(finding.verdict == Verdict::violated);
    CHECK(witness_of(finding).steps() == 1);
  }
  SECTION("a condition that no instance fulfils leaves nothing tight") {
    const Finding finding =
        check_claim(claim_of(rewards + " claim J(pi,M) <= H\n witness J(pi,M) < 0\n"), Setting{}, modest);
    CHECK(finding.verdict == Verdict::holds);
    CHECK_FALSE(finding.is_tight());
  }
}

TEST_CASE("vacuity: whether instances could refute a claim, and if not why", "[campaign]") {
  const auto vacuity = [](const std::string& text) { return vacuity_of(claim_of(text), modest); };
  const Vacuity honest = vacuity(rewards + " claim J(pi,M) <= H/2\n");
  CHECK(honest.sampled == 400);
  CHECK(honest.share() > 0.5);
  CHECK_FALSE(honest.is_weak());
  const Vacuity beyond = vacuity(rewards + " claim J(pi,M) <= 2 H\n");
  CHECK(beyond.informative == 0);
  CHECK(beyond.out_of_reach > 0);
  CHECK(beyond.is_weak());
  const Vacuity negative = vacuity(rewards + " claim -J(pi,M) <= 1\n");
  CHECK(negative.no_left == negative.compared);
  CHECK(negative.is_weak());
  const Vacuity infinite =
      vacuity("lemma t\n given p, q : Delta(X)\n assume KL(p, q) > 100\n claim Ent(p) <= KL(p, q)\n");
  CHECK(infinite.infinite > 0);
  CHECK(infinite.infinite + infinite.no_left == infinite.compared);
  CHECK(vacuity(rewards + " claim J(pi,M) = J(pi,M)\n").compared == 0);
}
