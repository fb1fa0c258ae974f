// The searches reach what is known by hand: smallest counterexamples, tight instances.
#include "campaign/check.hpp"
#include "campaign/climb.hpp"
#include "campaign/shrink.hpp"
#include "claims/ledger.hpp"
#include "generate/instance_size.hpp"
#include "support/catch.hpp"
#include "support/compiled_twins.hpp"

using namespace lemmacheck;

namespace {

Finding found(const char* id, std::uint64_t seed = 1) {
  return check_claim(Ledger::global().at(id), Setting{}, {.seed = seed, .instances = 20000});
}

struct Size {
  std::uint32_t states;
  Step horizon;
  bool operator==(const Size&) const = default;
};

Size size_found(const char* id, std::uint64_t seed) {
  const Finding finding = found(id, seed);
  REQUIRE(finding.verdict == Verdict::violated);
  const Assignment& instance = *finding.certificate->instance.assignment;
  return {instance.sizes.at(0), static_cast<Step>(instance.steps())};  // S is the first set
}

/// A two-state chain which pays 1 and leaks with probability delta in M'; its gap is B(delta, H).
Instance leak(const Rational& delta, Step horizon) {
  const std::uint32_t start[] = {0}, stay[] = {0, 1};
  const StochasticMatrix kernel = StochasticMatrix::deterministic(2, stay);
  const StochasticMatrix leaking(2, {{{0, Rational(1) - delta}, {1, delta}}, {{1, 1}}},
                                 [](std::size_t) { return std::string("row"); });
  const RewardTable rewards(2, 1, {1, 0});
  Instance instance;
  instance.horizon = horizon;
  instance.model.emplace(StochasticMatrix::deterministic(2, start), std::vector{kernel}, rewards, 2U, 1U);
  instance.perturbed.emplace(StochasticMatrix::deterministic(2, start), std::vector{leaking}, rewards, 2U,
                             1U);
  instance.policy = MarkovPolicy::uniform(2, 1);
  return instance;
}

Rational tightness_of(const char* id, const Instance& instance) {
  const Claim& claim = Ledger::global().at(id);
  return evaluate_exactly(claim.formula, claim.relation, as_instance_of(claim, instance))
      .max_tightness.value();
}

}  // namespace

TEST_CASE(
    "search: the counterexamples of eq. (15.4) have two states and the least horizon, whatever the seed",
    "[campaign]") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    // n = H - h - 1 >= 4 transitions must be left: H = 6 where h >= 1, H = 5 where h = 0 is allowed.
    CHECK(size_found("sim.eq_15_4", seed) == Size{2, 6});
    CHECK(size_found("sim.eq_15_4_from_start", seed) == Size{2, 5});
    CHECK(size_found("sim.eq_15_4_total_variation", seed) == Size{2, 4});
  }
}

TEST_CASE("search: a false recursion is refuted for several seeds", "[campaign]") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    CHECK(found("sim.eq_15_2_time_dependent_policy", seed).verdict == Verdict::violated);
    CHECK(found("sim.eq_15_2_time_varying", seed).verdict == Verdict::violated);
  }
}

TEST_CASE("search: the sharp bounds are reached", "[campaign]") {
  for (const char* id :
       {"sim.sharp", "sim.sharp_time_varying", "sim.same_order_with_margin", "sim.lemma_3_zero_sum"})
    CHECK(found(id).max_tightness == Rational(1));
  CHECK(found("sim.lemma").max_tightness == Rational::ratio(1, 2));
}

TEST_CASE("leak chain: it attains the sharp bound for every delta and horizon", "[campaign]") {
  for (const Rational& delta :
       {Rational::ratio(1, 1000), Rational::ratio(1, 3), Rational::ratio(1, 2), Rational(1)})
    for (Step horizon = 2; horizon <= 12; ++horizon)
      CHECK(tightness_of("sim.sharp", leak(delta, horizon)) == Rational(1));
}

TEST_CASE("leak chain: printed over sharp is 2 at H = 2 and H at delta = 1", "[campaign]") {
  CHECK(tightness_of("sim.lemma", leak(Rational::ratio(1, 7), 2)) == Rational::ratio(1, 2));
  for (Step horizon = 2; horizon <= 9; ++horizon)
    CHECK(tightness_of("sim.lemma", leak(1, horizon)) ==
          Rational::ratio(1, static_cast<std::uint64_t>(horizon)));
}

TEST_CASE("leak chain: eq. (15.4) fails exactly below the root of B(delta, 5) = 8 delta", "[campaign]") {
  // With n = 4: 2 - 10 d + 5 d^2 - d^3 > 0, whose root is near 0.2248.
  const auto refuted = [](const Rational& delta) {
    const Claim& claim = Ledger::global().at("sim.eq_15_4");
    return evaluate_exactly(claim.formula, claim.relation, as_instance_of(claim, leak(delta, 6))).outcome ==
           Outcome::violated;
  };
  for (std::int64_t k = 1; k <= 400; ++k) {
    const Rational d = Rational::ratio(k, 1000);
    const bool below = Rational(2) - Rational(10) * d + Rational(5) * d * d - d * d * d > Rational(0);
    CHECK(refuted(d) == below);
  }
}

TEST_CASE("shrink: the result still shows it, is no larger, and shrinks no further", "[campaign]") {
  const Claim& claim = Ledger::global().at("sim.eq_15_14");
  int shrunk = 0;
  for (std::uint64_t i = 0; i < 200 && shrunk < 20; ++i) {
    const Instance instance = draw_instance(claim.domain, Setting{}, 4, i);
    if (evaluate_exactly(claim.formula, claim.relation, instance).outcome != Outcome::violated) continue;
    const Certificate before = certify(claim, instance, std::nullopt);
    const Certificate after = shrink(before, claim);
    CHECK(after.kind == CertificateKind::refutation);
    CHECK_FALSE(reason_to_reject(after, claim));
    CHECK_FALSE(size_of(before.instance) < size_of(after.instance));
    CHECK(size_of(shrink(after, claim).instance) == size_of(after.instance));
    ++shrunk;
  }
  CHECK(shrunk == 20);
}

TEST_CASE("shrink: a tightness record keeps its tightness", "[campaign]") {
  const Claim& claim = Ledger::global().at("sim.sharp");
  const Instance instance = as_instance_of(claim, leak(Rational::ratio(1, 7), 6));
  const Certificate after = shrink(certify(claim, instance, std::nullopt), claim);
  CHECK(after.kind == CertificateKind::tightness);
  CHECK(tightness(after.sides) == Rational(1));
}

TEST_CASE("shrink: models with different numbers of kernels", "[campaign]") {
  const Claim& claim = compiled_twins().at(2);
  REQUIRE(claim.id == "sim.footnote_identity");
  Instance instance = leak(Rational::ratio(1, 7), 6);
  const FiniteMdp& m = *instance.model;
  instance.model = FiniteMdp(m.initial(), {m.kernel(1), m.kernel(1), m.kernel(1)}, m.rewards(),
                             m.state_count(), m.action_count());
  for (int turn = 0; turn < 2; ++turn) {
    const Certificate after = shrink(certify(claim, instance, std::nullopt), claim);
    CHECK_FALSE(reason_to_reject(after, claim));
    std::swap(instance.model, instance.perturbed);
  }
}

TEST_CASE("climb: it improves on its start and depends on no thread count", "[campaign]") {
  const Claim& claim = Ledger::global().at("discounted.simulation");
  Run run{.seed = 1, .instances = 300, .threads = 1};
  const Summary summary = run_claim(claim, Setting{}, run);
  const auto one = climb(claim, Setting{}, run, summary);
  run.threads = 4;
  const auto four = climb(claim, Setting{}, run, summary);
  REQUIRE(one);
  REQUIRE(four);
  CHECK(one->tightness > summary.tightest->tightness);
  CHECK(one->tightness == four->tightness);
}

TEST_CASE("corpus: each known instance shows what is expected of its claim", "[campaign]") {
  int known = 0;
  for (const Claim& claim : Ledger::global().claims()) {
    if (!claim.known) continue;
    ++known;
    INFO(claim.id);
    const Instance instance = claim.known();
    CHECK_FALSE(claim.domain.objection(instance));
    const ExactResult result = evaluate_exactly(claim.formula, claim.relation, instance);
    if (claim.expected == Verdict::violated)
      CHECK(result.outcome == Outcome::violated);
    else
      CHECK((claim.expected_tight && result.max_tightness >= Rational::ratio(99, 100)));
  }
  CHECK(known >= 3);
}

TEST_CASE("corpus: a known instance decides where a run is too short, and it is said", "[campaign]") {
  const Claim& claim = Ledger::global().at("robust.s_rectangular");
  const Finding finding = check_claim(claim, Setting{}, {.seed = 1, .instances = 1});
  CHECK(finding.verdict == Verdict::violated);
  CHECK(finding.known_instance_alone);
  CHECK(finding.certificate->kind == CertificateKind::refutation);
  Claim unknown = claim;
  unknown.known = {};
  CHECK(check_claim(unknown, Setting{}, {.seed = 1, .instances = 1}).verdict == Verdict::holds);
}
