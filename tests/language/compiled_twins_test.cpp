// Claims of the ledger said in the language: the same points, sides and verdicts on the same instances.
#include "support/compiled_twins.hpp"
#include "claims/ledger.hpp"
#include "language/reading.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

TEST_CASE("twins: a text gives the compiled claim's points, sides and verdicts", "[language]") {
  for (const Twin& twin : twins) {
    const Claim& compiled = Ledger::global().at(twin.compiled);
    const Claim text = twin_claim(twin);
    std::size_t compared = 0;
    for (std::uint64_t number = 0; number < 150; ++number) {
      ChoiceSource choices(PhiloxStream(11, number));
      const Instance instance = compiled.domain.decode(choices, Setting{});
      const Instance same_instance = twin_instance(text, instance);
      INFO(twin.compiled << ", instance " << number);
      CHECK(text.domain.objection(same_instance).value_or("") == "");
      const Points<RealNumber> first = exact_points(compiled.formula, compiled.relation, instance);
      const Points<RealNumber> second = exact_points(text.formula, text.relation, same_instance);
      REQUIRE(first.entries().size() == second.entries().size());
      for (std::size_t i = 0; i < first.entries().size(); ++i) {
        CHECK(first.entries()[i].sides.lhs.to_string() == second.entries()[i].sides.lhs.to_string());
        CHECK(first.entries()[i].sides.rhs.to_string() == second.entries()[i].sides.rhs.to_string());
        ++compared;
      }
      constexpr double every_tightness = -1;
      const FilteredResult a = evaluate(compiled.formula, compiled.relation, instance, every_tightness);
      const FilteredResult b = evaluate(text.formula, text.relation, same_instance, every_tightness);
      CHECK(a.outcome == b.outcome);
      CHECK(a.max_tightness == b.max_tightness);
    }
    CHECK(compared >= 150);
  }
}
