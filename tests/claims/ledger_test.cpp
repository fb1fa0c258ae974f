#include "claims/ledger.hpp"

#include "claims/certificate.hpp"
#include "numeric/helpers.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

using namespace lemmacheck;

namespace {

Claim simple_claim(const std::string& id) {
  return {.id = id,
          .source = "lemma 0",
          .statement = "a \\le b",
          .domain = number_triples(),
          .formula = [](const auto& x, auto& at) { at(x.numbers("a").front(), x.numbers("b").front()); }};
}

Instance numbers(std::int64_t a, std::int64_t b) {
  Instance instance;
  instance.numbers = {{"a", {a}}, {"b", {b}}, {"c", {0}}};
  return instance;
}

}  // namespace

TEST_CASE("ledger: an id is taken once", "[claims]") {
  Ledger ledger;
  ledger.add(simple_claim("test.one"));
  CHECK_THROWS_AS(ledger.add(simple_claim("test.one")), InternalError);
}

TEST_CASE("ledger: an unknown id is answered with the nearest one", "[claims]") {
  Ledger ledger;
  ledger.add(simple_claim("test.one"));
  ledger.add(simple_claim("test.other"));
  const auto answer = [&](const char* id) { return testing::message_of([&] { ledger.at(id); }); };
  CHECK(testing::contains(answer("test.oen"), "did you mean 'test.one'?"));
  CHECK(testing::contains(answer("other"), "did you mean 'test.other'?"));  // a part of it
  for (const char* far : {"nosuch", "x"}) {
    CHECK_FALSE(testing::contains(answer(far), "did you mean"));
    CHECK(testing::contains(answer(far), "'lemmacheck list' shows all"));
  }
}

TEST_CASE("certificates: what is certified is accepted, and nothing else", "[claims]") {
  Ledger ledger;
  ledger.add(simple_claim("test.one"));
  const Certificate good = certify(ledger.at("test.one"), numbers(3, 2), std::nullopt);
  CHECK(good.kind == CertificateKind::refutation);
  CHECK_FALSE(reason_to_reject(good, ledger));
  const auto rejected = [&](auto&& change) {
    Certificate bad = good;
    change(bad);
    return reason_to_reject(bad, ledger).has_value();
  };
  CHECK(rejected([](Certificate& c) { c.sides.lhs = 4; }));
  CHECK(rejected([](Certificate& c) { c.sides.rhs = 1; }));
  CHECK(rejected([](Certificate& c) { c.kind = CertificateKind::tightness; }));
  CHECK(rejected([](Certificate& c) { c.relation = Relation::equal; }));
  CHECK(rejected([](Certificate& c) { c.source = "lemma 1"; }));
  CHECK(rejected([](Certificate& c) { c.claim = "test.two"; }));
  CHECK(rejected([](Certificate& c) { c.at.step = 1; }));
  CHECK(rejected([](Certificate& c) { c.instance.numbers["a"] = {5}; }));
  CHECK(rejected([](Certificate& c) { c.instance.numbers.erase("c"); }));
}

TEST_CASE("certificates: written and read again they are the same", "[claims]") {
  Ledger ledger;
  ledger.add(simple_claim("test.one"));
  const Certificate certificate = certify(ledger.at("test.one"), numbers(1, 2), Certificate::Origin{7, 8});
  const auto json = certificate_to_json(certificate);
  CHECK(certificate_to_json(certificate_from_json(json, "test", nullptr)) == json);
  CHECK(json["kind"] == "tightness");
  CHECK(json["origin"]["instance"] == 8);
}
