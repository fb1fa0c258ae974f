// The property suite: for every claim of the ledger, RapidCheck's choice sequences, the campaign's verdict,
// and the mutants. A claim that is added to a file of this folder is tested here without another line, and so
// is every lemma of the files that LEMMACHECK_LEMMAS names (separated by colons).
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#endif
#include "support/catch.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "campaign/check.hpp"
#include "claims/ledger.hpp"
#include "generate/assignment_file.hpp"
#include "generate/instance_file.hpp"
#include "generate/rapidcheck_adaptor.hpp"
#include "language/lemma_claim.hpp"

#include <nlohmann/json.hpp>

namespace {

using namespace lemmacheck;

Instance decoded(const Claim& claim, std::span<const std::uint32_t> choices) {
  ChoiceSource source(choices);
  return claim.domain.decode(source, Setting{});
}

std::string in_json(const Instance& instance) {
  return (instance.assignment ? assignment_to_json(*instance.assignment) : instance_to_json(instance)).dump();
}

/// The filter and exact arithmetic must say the same, on holding and on false claims.
void filter_agrees_with_exact_arithmetic(const Claim& claim) {
  const auto falsified = falsify(claim.id, [&](std::span<const std::uint32_t> choices) {
    const Instance instance = decoded(claim, choices);
    constexpr double no_record_wanted = std::numeric_limits<double>::infinity();
    return evaluate(claim.formula, claim.relation, instance, no_record_wanted).outcome ==
           evaluate_exactly(claim.formula, claim.relation, instance).outcome;
  });
  if (falsified) FAIL(falsified->report << in_json(decoded(claim, falsified->choices)));
}

void no_choice_sequence_violates_it(const Claim& claim) {
  const auto falsified = falsify(claim.id, [&](std::span<const std::uint32_t> choices) {
    return evaluate_exactly(claim.formula, claim.relation, decoded(claim, choices)).outcome !=
           Outcome::violated;
  });
  if (falsified) FAIL(falsified->report << in_json(decoded(claim, falsified->choices)));
}

/// Draws of texts are made to refute: a quarter of the instances is enough.
Run full_run(const Claim& claim) {
  return {.seed = 1, .instances = claim.lemma ? 5000U : 20000U};
}

void verdict_is_the_expected_one(const Claim& claim) {
  const Finding finding = check_claim(claim, Setting{}, full_run(claim));
  INFO("verdict " << to_string(finding.verdict) << ", expected " << to_string(claim.expected));
  for (const std::string& label : finding.empty_classes) FAIL_CHECK("no instance of class " << label);
  CHECK(finding.as_expected());
  // A claim without a tightness has no witness when it holds.
  REQUIRE((claim.relation == Relation::equal || finding.certificate.has_value()));
  if (!finding.certificate) return;
  const auto reason = reason_to_reject(*finding.certificate, claim);
  INFO((reason ? *reason : ""));
  CHECK_FALSE(reason);
  if (claim.expected == Verdict::violated) {
    CHECK(finding.certificate->kind == CertificateKind::refutation);
    // Three are enough for all but those that hold with three.
    const std::uint64_t most_elements = claim.corrected == "latent.inverse_three_states" ? 4 : 3;
    const Instance& witness = finding.certificate->instance;
    if (claim.domain.has_models && witness.model) CHECK(witness.model->state_count() <= most_elements);
    if (witness.assignment)
      for (const std::uint32_t size : witness.assignment->sizes) CHECK(size <= most_elements);
  }
}

/// Every mutant of a compiled claim; of a text made wrong (a part of its bound weaker, a sign, an index, a
/// factor changed) some of the forms.
void made_wrong_it_is_refuted(const Claim& claim) {
  const std::vector<MutantResult> mutants = check_mutants(claim, full_run(claim));
  CHECK_FALSE(mutants.empty());
  for (const MutantResult& mutant : mutants) {
    INFO("mutant: " << mutant.name);
    CHECK(mutant.refuted_by);
  }
}

/// A test case made at run time, one for each claim and law.
class ClaimTest : public Catch::ITestInvoker {
 public:
  using Law = void (*)(const Claim&);
  ClaimTest(const Claim& claim, Law law) : claim_(claim), law_(law) {}
  void invoke() const override { law_(claim_); }

 private:
  const Claim& claim_;
  Law law_;
};

void add_test(const Claim& claim, const std::string& sentence, ClaimTest::Law law) {
  static std::deque<std::string> kept;  // Catch2 keeps references to the names
  const std::string& name = kept.emplace_back(claim.id + ": " + sentence);
  const std::string& tags = kept.emplace_back("[" + claim.id + "]");
#if __has_include(<catch2/catch_session.hpp>)
  Catch::AutoReg(Catch::Detail::unique_ptr<Catch::ITestInvoker>(new ClaimTest(claim, law)),
                 CATCH_INTERNAL_LINEINFO, Catch::StringRef(), Catch::NameAndTags{name, tags});
#else
  Catch::AutoReg(new ClaimTest(claim, law), CATCH_INTERNAL_LINEINFO, Catch::StringRef(),
                 Catch::NameAndTags{name, tags});
#endif
}

/// The user's own.
std::deque<Claim> lemmas_of_texts() {
  std::vector<std::filesystem::path> files;
  const char* own = std::getenv("LEMMACHECK_LEMMAS");
  std::istringstream list(own == nullptr ? "" : own);
  for (std::string file; std::getline(list, file, ':');) files.emplace_back(file);
  LemmaLibrary library(&Ledger::global());
  std::vector<std::string> ids;
  for (const auto& file : files)
    for (std::string& id : library.add_file(file)) ids.push_back(std::move(id));
  std::deque<Claim> claims;
  for (const std::string& id : ids)
    if (!library.is_setting(id)) claims.push_back(lemma_claim(library.read(id)));
  return claims;
}

}  // namespace

int main(int argc, char** argv) {
  std::deque<Claim> lemmas;
  try {
    lemmas = lemmas_of_texts();
  } catch (const InvalidInput& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
  std::vector<const Claim*> claims;
  for (const Claim& claim : Ledger::global().claims()) claims.push_back(&claim);
  for (const Claim& lemma : lemmas) claims.push_back(&lemma);
  for (const Claim* claim : claims) {
    add_test(*claim, "the filter agrees with exact arithmetic", filter_agrees_with_exact_arithmetic);
    add_test(*claim, "the verdict is the expected one", verdict_is_the_expected_one);
    if (claim->expected == Verdict::holds) {
      add_test(*claim, "no choice sequence violates it", no_choice_sequence_violates_it);
      add_test(*claim, "made wrong, it is refuted", made_wrong_it_is_refuted);
    }
  }
  return Catch::Session().run(argc, argv);
}
