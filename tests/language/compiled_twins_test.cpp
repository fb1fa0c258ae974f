// Texts of the ledger beside compiled claims: the same points, sides and verdicts on the same instances.
#include "support/compiled_twins.hpp"
#include "campaign/run.hpp"
#include "language/reading.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

TEST_CASE("twins: a text gives the compiled claim's points, sides and verdicts", "[language]") {
  for (const Claim& compiled : compiled_twins()) {
    const Claim& text = Ledger::global().at(compiled.id);
    REQUIRE(text.lemma);
    std::size_t compared = 0;
    for (std::uint64_t number = 0; number < 150; ++number) {
      ChoiceSource choices(PhiloxStream(11, number));
      const Instance instance = compiled.domain.decode(choices, Setting{});
      const Instance same_instance = as_instance_of(text, instance);
      INFO(compiled.id << ", instance " << number);
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

TEST_CASE("twins: what an instance has no value for, or in another shape, is told", "[language]") {
  const auto fault = [](const char* id, const Instance& instance) -> std::string {
    try {
      as_instance_of(Ledger::global().at(id), instance);
      return "";
    } catch (const InvalidInput& error) {
      return error.what();
    }
  };
  const Instance pair = draw_instance(model_pairs(), Setting{}, 1, 0);
  CHECK(fault("sim.lemma", pair).empty());
  CHECK(contains(fault("double.two_inaccuracies", pair), "no value for \"pi_E\""));
  CHECK(contains(fault("discounted.sharp", pair), "no value for \"gamma\""));
  Instance policy_alone = pair;
  policy_alone.model.reset();
  CHECK(contains(fault("sim.lemma", policy_alone), "no value for"));
  Instance sampled = draw_instance(model_pairs({.sampling = true}, {2, 2, 3}), Setting{}, 1, 0);
  while (sampled.model->action_count() < 2)
    sampled = draw_instance(model_pairs({.sampling = true}), Setting{}, 2, 1);
  CHECK(contains(fault("sim.footnote_any_distribution", sampled), "over other sets"));
}

TEST_CASE("certificates: one of version 1 on a claim that is a text now is read", "[language]") {
  const Claim& compiled = compiled_twins().front();
  const Claim& text = Ledger::global().at(compiled.id);
  for (std::uint64_t number = 0; number < 20; ++number) {
    ChoiceSource choices(PhiloxStream(5, number));
    Certificate old = certify(compiled, compiled.domain.decode(choices, Setting{}), std::nullopt);
    old.source = text.source;
    const nlohmann::json json = certificate_to_json(old);
    CHECK(json["version"] == 1);
    const CertifiedClaim read = read_certificate(json, "test", Ledger::global());
    CHECK_FALSE(reason_to_reject(read.certificate, read.claim));
    CHECK(certificate_to_json(read.certificate)["version"] == 2);
    CHECK(read.certificate.sides.lhs.to_string() == old.sides.lhs.to_string());
    nlohmann::json wrong = json;
    wrong["rhs"] = "1000";
    const CertifiedClaim tampered = read_certificate(wrong, "test", Ledger::global());
    CHECK(reason_to_reject(tampered.certificate, tampered.claim));
  }
}
