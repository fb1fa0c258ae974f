// Enclosures decide first, residues what they leave open, exact arithmetic the rest: whoever decides, the
// answer is one.
#include "campaign/run.hpp"
#include "claims/evaluate.hpp"
#include "claims/ledger.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

Formula without_residues(const Formula& formula) {
  Formula plain = formula;
  plain.with_residues = nullptr;
  return plain;
}

}  // namespace

TEST_CASE("residues decide every claim of the ledger as exact arithmetic does", "[campaign]") {
  constexpr std::uint64_t instances = 60;
  std::size_t claims = 0, by_residues = 0, by_exact = 0, equalities = 0;
  for (const Claim& claim : Ledger::global().claims()) {
    if (!claim.formula.with_residues) continue;
    ++claims;
    const Formula plain = without_residues(claim.formula);
    std::optional<Rational> best;
    for (std::uint64_t i = 0; i < instances; ++i) {
      const Instance instance = draw_instance(claim.domain, Setting{}, 5, i);
      // A record that all instances may reach: everything that enclosures do not settle is asked.
      const KnownBest known{best ? &*best : nullptr, best ? &*best : nullptr};
      const FilteredResult with = evaluate(claim.formula, claim.relation, instance, -1, -1, known);
      const FilteredResult exact = evaluate(plain, claim.relation, instance, -1, -1);
      INFO(claim.id << ", instance " << i);
      CHECK(with.outcome == exact.outcome);
      CHECK(with.bin == exact.bin);
      CHECK(with.undefined == exact.undefined);
      if (with.max_tightness) CHECK(with.max_tightness == exact.max_tightness);
      // What is not told is below what is known.
      if (!with.max_tightness && exact.max_tightness) {
        REQUIRE(best);
        CHECK(*exact.max_tightness < *best);
      }
      (with.used_exact ? by_exact : by_residues) += 1;
      equalities += claim.relation == Relation::equal && !with.used_exact ? 1 : 0;
      if (exact.max_tightness && (!best || *best < *exact.max_tightness)) best = exact.max_tightness;
    }
  }
  CHECK(claims > 80);
  CHECK(by_residues > 4 * by_exact);
  CHECK(equalities > 1000);
}

TEST_CASE("enclosures of logarithms decide every claim of the ledger as exact arithmetic does",
          "[campaign]") {
  constexpr std::uint64_t instances = 40;
  constexpr double no_record_wanted = std::numeric_limits<double>::infinity();
  std::size_t claims = 0, by_enclosures = 0, by_exact = 0;
  for (const Claim& claim : Ledger::global().claims()) {
    // No enclosure proves an equality of logarithms.
    if (!claim.formula.real || !claim.formula.enclosed || claim.relation == Relation::equal) continue;
    ++claims;
    Formula plain = claim.formula;
    plain.enclosed = nullptr;
    for (std::uint64_t i = 0; i < instances; ++i) {
      const Instance instance = draw_instance(claim.domain, Setting{}, 6, i);
      const FilteredResult with = evaluate(claim.formula, claim.relation, instance, no_record_wanted);
      const FilteredResult exact = evaluate(plain, claim.relation, instance, no_record_wanted);
      INFO(claim.id << ", instance " << i);
      CHECK(with.outcome == exact.outcome);
      CHECK(with.bin == exact.bin);
      CHECK(with.undefined == exact.undefined);
      CHECK(with.infinite == exact.infinite);
      (with.used_exact ? by_exact : by_enclosures) += 1;
    }
  }
  CHECK(claims > 12);
  CHECK(by_enclosures > 2 * by_exact);
}
