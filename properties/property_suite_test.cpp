// The property suite: for every claim of the ledger, RapidCheck's choice sequences, the campaign's verdict,
// and the mutants. A claim that is added to a file of this folder is tested here without another line, and so
// is every lemma of examples/lemmas/field and of the files that LEMMACHECK_LEMMAS names (separated by
// colons).
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
#include "language/edits.hpp"
#include "language/lemma_claim.hpp"
#include "report/data_folder.hpp"

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

void verdict_is_the_expected_one(const Claim& claim) {
  const Finding finding = check_claim(claim, Setting{}, {.seed = 1, .instances = 20000});
  INFO("verdict " << to_string(finding.verdict) << ", expected " << to_string(claim.expected));
  for (const std::string& label : finding.empty_classes) FAIL_CHECK("no instance of class " << label);
  CHECK(finding.as_expected());
  // A claim without a tightness has no witness when it holds.
  REQUIRE((claim.relation == Relation::equal || finding.certificate.has_value()));
  if (!finding.certificate) return;
  const auto reason = reason_to_reject(*finding.certificate, Ledger::global());
  INFO((reason ? *reason : ""));
  CHECK_FALSE(reason);
  if (claim.expected == Verdict::violated) {
    CHECK(finding.certificate->kind == CertificateKind::refutation);
    constexpr std::uint64_t most_states = 3;
    const Instance& witness = finding.certificate->instance;
    if (claim.domain.has_models) CHECK(witness.model->state_count() <= most_states);
  }
}

void every_mutant_is_refuted(const Claim& claim) {
  CHECK((claim.expected == Verdict::violated || !claim.mutants.empty()));
  for (const MutantResult& mutant : check_mutants(claim, {.seed = 1, .instances = 20000})) {
    INFO("mutant: " << mutant.name);
    CHECK(mutant.refuted_by);
  }
}

/// A text that holds is made wrong: a part of its bound weaker, a sign, an index, a factor changed. The run
/// that lets the text hold would have noticed.
void made_wrong_it_is_refuted(const Claim& claim) {
  const Run run{.seed = 1, .instances = 2000};
  std::vector<LemmaEdit> edits = stronger_claims(*claim.lemma);
  for (LemmaEdit& edit : repairs(*claim.lemma)) edits.push_back(std::move(edit));
  for (const Comparison& comparison : claim.lemma->comparisons())
    edits.push_back(with_factor(*claim.lemma, comparison, 0, Rational::ratio(1, 100)));
  for (const LemmaEdit& edit : edits) {
    const std::shared_ptr<const Lemma> lemma = read_edit(edit);
    if (!lemma) continue;
    const Claim wrong = lemma_claim(lemma);
    if (first_violation(wrong.formula, wrong, run)) {
      SUCCEED(edit.words);
      return;
    }
  }
  FAIL("none of " << edits.size() << " edits is refuted");
}

void counterexample_is_found(const Claim& claim) {
  const Finding finding = check_claim(claim, Setting{}, {.seed = 1, .instances = 20000});
  CHECK(finding.verdict == Verdict::violated);
  REQUIRE(finding.certificate);
  CHECK_FALSE(reason_to_reject(*finding.certificate, claim));
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

/// The lemmas that ship, and the user's own.
std::deque<Claim> lemmas_of_texts() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(data_file("lemmas/field")))
    if (entry.path().extension() == ".lemma") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  const char* own = std::getenv("LEMMACHECK_LEMMAS");
  std::istringstream list(own == nullptr ? "" : own);
  for (std::string file; std::getline(list, file, ':');) files.emplace_back(file);
  LemmaLibrary library;
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
  for (const Claim& claim : Ledger::global().claims()) {
    add_test(claim, "the filter agrees with exact arithmetic", filter_agrees_with_exact_arithmetic);
    add_test(claim, "the verdict is the expected one", verdict_is_the_expected_one);
    if (claim.expected == Verdict::holds) {
      add_test(claim, "no choice sequence violates it", no_choice_sequence_violates_it);
      add_test(claim, "every mutant is refuted", every_mutant_is_refuted);
    }
  }
  std::deque<Claim> lemmas;
  try {
    lemmas = lemmas_of_texts();
  } catch (const InvalidInput& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
  for (const Claim& lemma : lemmas) {
    add_test(lemma, "the filter agrees with exact arithmetic", filter_agrees_with_exact_arithmetic);
    if (lemma.expected == Verdict::holds) {
      add_test(lemma, "no choice sequence violates it", no_choice_sequence_violates_it);
      add_test(lemma, "made wrong, it is refuted", made_wrong_it_is_refuted);
    } else if (lemma.expected == Verdict::violated) {
      add_test(lemma, "a counterexample is found", counterexample_is_found);
    }
  }
  return Catch::Session().run(argc, argv);
}
