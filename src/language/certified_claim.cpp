#include "language/certified_claim.hpp"

#include <nlohmann/json.hpp>

#include "claims/ledger.hpp"
#include "language/instance_as_assignment.hpp"
#include "language/lemma_claim.hpp"
#include "language/program.hpp"
#include "mdp/json_reading.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {
namespace {

/// Whether a place of a text is the one that a certificate of version 1 names by step, state and action.
bool is_place(const Point& text, const Point& old) {
  const auto agrees = [&](const char* name, std::optional<std::int64_t> value) {
    for (const auto& [bound, at] : text.named->values)
      if (bound == name) return value && at == *value;
    return true;  // the text fixes it
  };
  const auto number = [](const auto& index) { return std::optional<std::int64_t>(index.value); };
  return agrees("h", old.step ? std::optional<std::int64_t>(*old.step) : std::nullopt) &&
         agrees("s", old.state ? number(*old.state) : std::nullopt) &&
         agrees("a", old.action ? number(*old.action) : std::nullopt) && !old.round;
}

/// What a certificate of version 1 says of a claim that has become a text since, as one of version 2.
Certificate as_version_2(const Certificate& old, const Claim& claim) {
  Certificate certificate = old;
  certificate.lemma = claim.lemma_text;
  certificate.instance = as_instance_of(claim, old.instance);
  const Points<RealNumber> points = exact_points(claim.formula, claim.relation, certificate.instance);
  const Points<RealNumber>::Entry* found = nullptr;
  for (const auto& entry : points.entries()) {
    if (entry.relation != old.relation || !is_place(entry.at, old.at)) continue;
    const bool same = is_equal(entry.sides.lhs, old.sides.lhs) == Truth::yes &&
                      is_equal(entry.sides.rhs, old.sides.rhs) == Truth::yes;
    // Where no comparison has these sides, the first one tells what it has instead.
    if (same || found == nullptr) found = &entry;
    if (same) break;
  }
  if (found == nullptr)
    throw InvalidInput("claim " + claim.id + ", a text now, has no such comparison at the point given");
  certificate.at = found->at;
  return certificate;
}

}  // namespace

Instance as_instance_of(const Claim& text, const Instance& instance) {
  const LemmaProgram signature_holder(text.lemma, {}, {});
  Instance result;
  try {
    result.assignment = as_assignment(instance, signature_holder.signature());
  } catch (const InvalidInput& fault) {
    throw InvalidInput("claim " + text.id +
                       " is a text now, and other things are given in it: " + fault.what());
  }
  if (const auto objection = text.domain.objection(result))
    throw InvalidInput("the hypotheses of claim " + text.id + " do not hold: " + *objection);
  return result;
}

CertifiedClaim read_certificate(const nlohmann::json& json, const std::string& where, const Ledger& ledger) {
  const JsonPlace place(json, where);
  if (!place.has("lemma")) {
    Certificate certificate = certificate_from_json(json, where, nullptr);
    Claim claim = hand_written_claim_of(certificate, ledger);
    if (claim.lemma) certificate = as_version_2(certificate, claim);
    return {std::move(certificate), std::move(claim)};
  }
  const auto file =
      std::make_shared<const SourceFile>(where + "/lemma", place.member("lemma").text("the lemma"));
  LemmaLibrary library;
  const std::vector<std::string> ids = library.add(read_plain(file));
  if (ids.size() != 1) place.member("lemma").fail("holds " + std::to_string(ids.size()) + " lemmas, not one");
  const std::shared_ptr<const Lemma> lemma = library.read(ids[0]);
  const JsonPlace at = place.member("at");
  const auto claim_there = [&] {
    if (at.has("proof")) {
      const std::vector<Claim> steps = proof_claims(lemma);
      if (steps.empty()) place.member("lemma").fail("has no proof");
      const std::int64_t step =
          at.member("proof").integer(1, static_cast<std::int64_t>(steps.size()), "a step of the proof");
      return steps[static_cast<std::size_t>(step - 1)];
    }
    if (lemma->claims.empty()) place.member("lemma").fail("claims nothing");
    return lemma_claim(lemma);
  };
  Claim claim = claim_there();
  const LemmaProgram signature_holder(lemma, {}, {});
  Certificate certificate = certificate_from_json(json, where, signature_holder.signature());
  return {std::move(certificate), std::move(claim)};
}

std::optional<Instance> instance_for(const Claim& claim, const nlohmann::json& certificate,
                                     const std::string& where) {
  try {
    std::shared_ptr<const Signature> signature;
    if (claim.lemma) signature = LemmaProgram(claim.lemma, {}, {}).signature();
    Instance instance = certificate_from_json(certificate, where, signature).instance;
    if (claim.domain.objection(instance)) return std::nullopt;
    return instance;
  } catch (const InvalidInput&) {
    return std::nullopt;
  }
}

CertifiedClaim read_certificate_file(const std::filesystem::path& file, const Ledger& ledger) {
  return read_certificate(read_json_file(file), file.string(), ledger);
}

}  // namespace lemmacheck
