#include "claims/certificate.hpp"

#include "claims/bound_claim.hpp"
#include "claims/ledger.hpp"
#include "generate/instance_file.hpp"
#include "mdp/json_reading.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;
constexpr const char* format_name = "lemmacheck-certificate";
constexpr int format_version = 1;

const char* to_string(CertificateKind kind) {
  return kind == CertificateKind::refutation ? "refutation" : "tightness";
}

json point_to_json(const Point& point) {
  json out = json::object();
  if (point.step) out["step"] = *point.step;
  if (point.state) out["state"] = point.state->value;
  if (point.action) out["action"] = point.action->value;
  if (point.round) out["round"] = *point.round;
  return out;
}

Point point_from_json(const JsonPlace& place) {
  place.allow_only({"step", "state", "action", "round"});
  constexpr std::int64_t most = UINT32_MAX;
  Point point;
  if (place.has("step"))
    point.step = static_cast<Step>(place.member("step").integer(0, max_horizon + 1, "a step"));
  if (place.has("state"))
    point.state = State{static_cast<std::uint32_t>(place.member("state").integer(0, most, "a state"))};
  if (place.has("action"))
    point.action = Action{static_cast<std::uint32_t>(place.member("action").integer(0, most, "an action"))};
  if (place.has("round"))
    point.round = static_cast<int>(place.member("round").integer(0, max_horizon, "a round"));
  return point;
}

std::string one_of(const JsonPlace& place, std::initializer_list<const char*> options) {
  const std::string text = place.text("this");
  std::string list;
  for (const char* option : options) {
    if (text == option) return text;
    list += (list.empty() ? "\"" : " or \"") + std::string(option) + "\"";
  }
  place.fail("is not " + list);
}

/// A fraction, or a sum of logarithms as LogForm writes it.
LogForm side_from_json(const JsonPlace& place) {
  if (!place.value().is_string() ||
      place.value().get_ref<const std::string&>().find_first_of("lf") == std::string::npos)
    return place.rational();
  try {
    return LogForm::parse(place.value().get_ref<const std::string&>());
  } catch (const InvalidInput& fault) {
    place.fail(fault.what());
  }
}

/// Whether a certificate tells the sides of its point, and what holds there, as they are.
std::optional<std::string> reason_to_reject_at(const Sides<LogForm>& sides, const Certificate& certificate) {
  if (sides.lhs != certificate.sides.lhs)
    return "the left side is " + sides.lhs.to_string() + ", not " + certificate.sides.lhs.to_string();
  if (sides.rhs != certificate.sides.rhs)
    return "the right side is " + sides.rhs.to_string() + ", not " + certificate.sides.rhs.to_string();
  const bool refuted = holds(sides.lhs, certificate.relation, sides.rhs) == Truth::no;
  if (refuted == (certificate.kind == CertificateKind::refutation)) return std::nullopt;
  return refuted ? "the relation does not hold there" : "the relation holds there";
}

}  // namespace

Certificate certify(const Claim& claim, const Instance& instance, std::optional<Certificate::Origin> origin) {
  const ExactResult result = evaluate_exactly(claim.formula, claim.relation, instance);
  if (result.outcome == Outcome::discarded || !result.point)
    throw InvalidInput("claim " + claim.id + " says nothing of this instance");
  const auto kind =
      result.outcome == Outcome::violated ? CertificateKind::refutation : CertificateKind::tightness;
  return {claim.id, claim.source, claim.relation,  kind, result.point->at, result.point->sides,
          instance, origin,       claim.expression};
}

json certificate_to_json(const Certificate& certificate) {
  json out;
  out["format"] = format_name;
  out["version"] = format_version;
  out["claim"] = certificate.claim;
  out["source"] = certificate.source;
  out["relation"] = lemmacheck::to_string(certificate.relation);
  out["kind"] = to_string(certificate.kind);
  out["at"] = point_to_json(certificate.at);
  out["lhs"] = certificate.sides.lhs.to_string();
  out["rhs"] = certificate.sides.rhs.to_string();
  out["instance"] = instance_to_json(certificate.instance);
  if (!certificate.expression.empty()) out["expression"] = certificate.expression;
  if (certificate.origin)
    out["origin"] = {{"seed", certificate.origin->seed}, {"instance", certificate.origin->instance}};
  return out;
}

Certificate certificate_from_json(const json& document, const std::string& where) {
  const JsonPlace place(document, where);
  place.allow_only({"format", "version", "claim", "source", "relation", "kind", "at", "lhs", "rhs",
                    "instance", "expression", "origin"});
  one_of(place.member("format"), {format_name});
  place.member("version").integer(format_version, format_version, "the version");
  Certificate certificate;
  certificate.claim = place.member("claim").text("the claim");
  certificate.source = place.member("source").text("the source");
  certificate.relation =
      one_of(place.member("relation"), {"<=", "=="}) == "<=" ? Relation::at_most : Relation::equal;
  certificate.kind = one_of(place.member("kind"), {"refutation", "tightness"}) == "refutation"
                         ? CertificateKind::refutation
                         : CertificateKind::tightness;
  certificate.at = point_from_json(place.member("at"));
  certificate.sides = {side_from_json(place.member("lhs")), side_from_json(place.member("rhs"))};
  certificate.instance = instance_from_json(place.member("instance").value(), where, "/instance");
  if (place.has("expression")) {
    certificate.expression = place.member("expression").text("the expression");
    if (certificate.expression.empty()) place.member("expression").fail("the expression is empty");
  }
  if (place.has("origin")) {
    const JsonPlace origin = place.member("origin");
    origin.allow_only({"seed", "instance"});
    certificate.origin = {
        static_cast<std::uint64_t>(origin.member("seed").integer(0, INT64_MAX, "the seed")),
        static_cast<std::uint64_t>(origin.member("instance").integer(0, INT64_MAX, "the number"))};
  }
  return certificate;
}

Certificate read_certificate(const std::filesystem::path& file) {
  return certificate_from_json(read_json_file(file), file.string());
}

Claim claim_of(const Certificate& certificate, const Ledger& ledger) {
  if (!certificate.expression.empty()) {
    const auto quantity = bounded_quantity(certificate.claim);
    if (!quantity) throw InvalidInput("no claim about typed bounds is called " + certificate.claim);
    return bound_claim(certificate.expression, *quantity);
  }
  const Claim* claim = ledger.find(certificate.claim);
  if (claim == nullptr) throw InvalidInput("no claim is called " + certificate.claim);
  return *claim;
}

std::optional<std::string> reason_to_reject(const Certificate& certificate, const Ledger& ledger) {
  std::optional<Claim> claim;
  try {
    claim = claim_of(certificate, ledger);
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  if (claim->source != certificate.source)
    return "the claim's source is " + claim->source + ", not " + certificate.source;
  if (claim->relation != certificate.relation)
    return "the claim's relation is " + std::string(lemmacheck::to_string(claim->relation));
  if (const auto objection = claim->domain.objection(certificate.instance))
    return "the claim's hypotheses do not hold: " + *objection;
  const Points<LogForm> points = exact_points(claim->formula, certificate.instance);
  if (points.assumption() != Truth::yes) return "the claim's hypotheses do not hold on the instance";
  std::optional<std::string> reason = "the claim compares nothing at the point given";
  for (const auto& entry : points.entries()) {
    if (entry.at != certificate.at) continue;
    reason = reason_to_reject_at(entry.sides, certificate);
    if (!reason) return std::nullopt;
  }
  return reason;
}

}  // namespace lemmacheck
