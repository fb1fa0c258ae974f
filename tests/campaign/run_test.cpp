#include "campaign/run.hpp"

#include "campaign/check.hpp"
#include "claims/ledger.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

const Claim& claim(const char* id) {
  return Ledger::global().at(id);
}

bool same(const Summary& a, const Summary& b) {
  const auto record = [](const Summary& s) {
    return s.tightest ? std::pair(s.tightest->tightness, s.tightest->instance)
                      : std::pair(Rational(-1), std::uint64_t{0});
  };
  const auto smallest = [](const Summary& s) {
    return s.counterexample ? std::pair(s.counterexample->size, s.counterexample->instance)
                            : std::pair(InstanceSize{}, ~std::uint64_t{0});
  };
  return a.instances == b.instances && a.discarded == b.discarded && a.violated == b.violated &&
         a.histogram == b.histogram && a.classes == b.classes && record(a) == record(b) &&
         smallest(a) == smallest(b);
}

}  // namespace

TEST_CASE("runs: any number of threads gives the same summary", "[campaign]") {
  for (const char* id : {"sim.lemma", "sim.eq_15_4", "sim.same_order", "sim.eq_15_3"}) {
    const Run run{.seed = 3, .instances = 3000, .threads = 1};
    const Summary one = run_claim(claim(id), Setting{}, run);
    for (const int threads : {2, 3, 8}) {
      Run more = run;
      more.threads = threads;
      INFO(id << " on " << threads << " threads");
      CHECK(same(one, run_claim(claim(id), Setting{}, more)));
    }
  }
}

TEST_CASE("runs: parts of a range merge to the whole, in any order", "[campaign]") {
  for (const char* id : {"sim.sharp", "sim.eq_15_4_total_variation"}) {
    const auto part = [&](std::uint64_t first, std::uint64_t count) {
      return run_claim(claim(id), Setting{}, {.seed = 1, .first = first, .instances = count});
    };
    const Summary whole = part(0, 2500), a = part(0, 700), b = part(700, 1100), c = part(1800, 700);
    Summary forward = a, backward = c;
    forward.merge(b);
    forward.merge(c);
    backward.merge(b);
    backward.merge(a);
    CHECK(same(whole, forward));
    CHECK(same(whole, backward));
    Summary empty;
    empty.merge(whole);
    CHECK(same(whole, empty));
  }
}

TEST_CASE("runs: another seed draws other instances", "[campaign]") {
  const auto record = [](std::uint64_t seed) {
    return run_claim(claim("discounted.simulation"), Setting{}, {.seed = seed, .instances = 300})
        .tightest->tightness;
  };
  CHECK(record(1) != record(2));
}

TEST_CASE("runs: a class that never turns up is told", "[campaign]") {
  Claim changed = claim("sim.lemma");
  changed.domain.classes.emplace_back("family: made up");
  const Finding finding = check_claim(changed, Setting{}, {.seed = 1, .instances = 1000});
  CHECK(finding.verdict == Verdict::holds);
  CHECK(finding.empty_classes == std::vector<std::string>{"family: made up"});
  CHECK_FALSE(finding.as_expected());
}

TEST_CASE("runs: a claim that compares nothing is undecided", "[campaign]") {
  Claim changed = claim("sim.lemma");
  changed.formula = Formula([](const auto&, auto&) {});
  CHECK(check_claim(changed, Setting{}, {.seed = 1, .instances = 200}).verdict == Verdict::undecided);
}

TEST_CASE("runs: a run in which every instance is discarded is undecided", "[campaign]") {
  Claim changed = claim("sim.lemma");
  changed.formula = Formula([](const auto&, auto& at) { at.assume(Truth::no); });
  CHECK(check_claim(changed, Setting{}, {.seed = 1, .instances = 200}).verdict == Verdict::undecided);
}
