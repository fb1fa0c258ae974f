#include "claims/certificate.hpp"

#include <algorithm>

#include "claims/bound_claim.hpp"
#include "claims/ledger.hpp"
#include "generate/assignment_file.hpp"
#include "generate/instance_file.hpp"
#include "mdp/json_reading.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;
constexpr const char* format_name = "lemmacheck-certificate";
constexpr int newest_version = 2;

const char* to_string(CertificateKind kind) {
  return kind == CertificateKind::refutation ? "refutation" : "tightness";
}

json point_to_json(const Point& point) {
  json out = json::object();
  if (point.named) {
    if (point.named->claim == 0) {
      out["proof"] = point.named->relation;
    } else {
      out["claim"] = point.named->claim;
      out["relation"] = point.named->relation;
    }
    out["values"] = json::object();
    for (const auto& [name, value] : point.named->values) out["values"][name] = value;
    return out;
  }
  if (point.step) out["step"] = *point.step;
  if (point.state) out["state"] = point.state->value;
  if (point.action) out["action"] = point.action->value;
  if (point.round) out["round"] = *point.round;
  return out;
}

/// Of version 2. The order of the values is the lemma's; it is found again when sides are compared.
Point named_point_from_json(const JsonPlace& place) {
  place.allow_only({"claim", "relation", "proof", "values"});
  constexpr std::int64_t most = 1'000'000;
  auto named = std::make_shared<NamedPoint>();
  if (place.has("proof")) {
    named->claim = 0;
    named->relation = static_cast<int>(place.member("proof").integer(1, most, "a step of the proof"));
    if (place.has("claim") || place.has("relation")) place.fail("names a step of a proof and a claim");
  } else {
    named->claim = static_cast<int>(place.member("claim").integer(1, most, "the number of a claim"));
    named->relation =
        static_cast<int>(place.member("relation").integer(1, most, "the number of a comparison"));
  }
  const JsonPlace values = place.member("values");
  if (!values.value().is_object()) values.fail("is no object of names and values");
  for (const auto& [name, value] : values.value().items())
    named->values.emplace_back(name, values.member(name.c_str()).integer(-most, most, "a value"));
  Point point;
  point.named = std::move(named);
  return point;
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

json side_to_json(const RealNumber& side) {
  if (!side.is_enclosed()) return side.to_string();
  const RealNumber::Enclosure ends = side.enclosure();
  return {{"lower", ends.lower.to_string()}, {"upper", ends.upper.to_string()}};
}

/// A fraction, a sum of logarithms as LogForm writes it, an infinity, or an enclosure.
RealNumber side_from_json(const JsonPlace& place) {
  if (place.value().is_object()) {
    place.allow_only({"lower", "upper"});
    const Rational lower = place.member("lower").rational(), upper = place.member("upper").rational();
    if (upper < lower) place.fail("has its ends the wrong way round");
    return RealNumber::between(lower, upper);
  }
  if (!place.value().is_string()) return place.rational();
  const std::string& text = place.value().get_ref<const std::string&>();
  if (text == "-infinity") return RealNumber::infinity(-1);
  if (text.find_first_of("lf") == std::string::npos) return place.rational();
  try {
    return LogForm::parse(text);
  } catch (const InvalidInput& fault) {
    place.fail(fault.what());
  }
}

/// Whether a certificate tells the sides of its point, and what holds there, as they are.
std::optional<std::string> reason_to_reject_at(const Sides<RealNumber>& sides, Relation relation,
                                               const Certificate& certificate) {
  const auto differ = [](const RealNumber& a, const RealNumber& b) {
    return a.is_enclosed() || b.is_enclosed() ? !may_be_same(a, b) : is_equal(a, b) != Truth::yes;
  };
  if (differ(sides.lhs, certificate.sides.lhs))
    return "the left side is " + sides.lhs.to_string() + ", not " + certificate.sides.lhs.to_string();
  if (differ(sides.rhs, certificate.sides.rhs))
    return "the right side is " + sides.rhs.to_string() + ", not " + certificate.sides.rhs.to_string();
  const Truth truth = holds(sides.lhs, relation, sides.rhs);
  if (truth == Truth::unknown) return "whether the relation holds there cannot be decided";
  const bool refuted = truth == Truth::no;
  if (refuted == (certificate.kind == CertificateKind::refutation)) return std::nullopt;
  return refuted ? "the relation does not hold there" : "the relation holds there";
}

std::string printed_relation(Relation relation) {
  return lemmacheck::to_string(relation);
}

/// Whether two points are the same place of a lemma, whatever the order of the names.
bool same_place(const Point& a, const Point& b) {
  if (!a.named || !b.named) return a == b;
  auto left = a.named->values, right = b.named->values;
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  return a.named->claim == b.named->claim && a.named->relation == b.named->relation && left == right;
}

}  // namespace

Certificate certify(const Claim& claim, const Instance& instance, std::optional<Certificate::Origin> origin) {
  const ExactResult result = evaluate_exactly(claim.formula, claim.relation, instance);
  if (result.outcome == Outcome::discarded || result.outcome == Outcome::undecided || !result.point)
    throw InvalidInput("claim " + claim.id + " says nothing of this instance");
  const auto kind =
      result.outcome == Outcome::violated ? CertificateKind::refutation : CertificateKind::tightness;
  Certificate certificate{claim.id, claim.source,     result.point->relation,
                          kind,     result.point->at, result.point->sides,
                          instance, origin,           claim.expression};
  certificate.lemma = claim.lemma_text;
  return certificate;
}

PrintedSides printed_sides(const Certificate& certificate) {
  const Sides<RealNumber>& sides = certificate.sides;
  if (!certificate.at.named) return {sides.lhs, sides.rhs, printed_relation(certificate.relation)};
  const NamedPoint& named = *certificate.at.named;
  const std::string relation = named.printed == "=" ? "==" : named.printed;
  return named.reversed ? PrintedSides{sides.rhs, sides.lhs, relation}
                        : PrintedSides{sides.lhs, sides.rhs, relation};
}

json certificate_to_json(const Certificate& certificate) {
  json out;
  const PrintedSides printed = printed_sides(certificate);
  out["format"] = format_name;
  out["version"] = certificate.lemma.empty() ? 1 : 2;
  out["claim"] = certificate.claim;
  out["source"] = certificate.source;
  out["relation"] = printed.relation;
  out["kind"] = to_string(certificate.kind);
  out["at"] = point_to_json(certificate.at);
  out["lhs"] = side_to_json(printed.lhs);
  out["rhs"] = side_to_json(printed.rhs);
  if (certificate.lemma.empty()) {
    out["instance"] = instance_to_json(certificate.instance);
  } else {
    out["lemma"] = certificate.lemma;
    out["instance"] = assignment_to_json(*certificate.instance.assignment);
  }
  if (!certificate.expression.empty()) out["expression"] = certificate.expression;
  if (certificate.origin)
    out["origin"] = {{"seed", certificate.origin->seed}, {"instance", certificate.origin->instance}};
  return out;
}

Certificate certificate_from_json(const json& document, const std::string& where,
                                  const std::shared_ptr<const Signature>& signature) {
  const JsonPlace place(document, where);
  const bool of_text = signature != nullptr;
  place.allow_only({"format", "version", "claim", "source", "relation", "kind", "at", "lhs", "rhs",
                    "instance", of_text ? "lemma" : "expression", "origin"});
  one_of(place.member("format"), {format_name});
  const std::int64_t version = place.member("version").integer(1, newest_version, "the version");
  if ((version == 2) != of_text)
    place.member("version").fail("a certificate of version 2 carries its lemma, one of version 1 does not");
  Certificate certificate;
  certificate.claim = place.member("claim").text("the claim");
  certificate.source = place.member("source").text("the source");
  const std::string relation = of_text ? one_of(place.member("relation"), {"<=", "<", ">=", ">", "==", "!="})
                                       : one_of(place.member("relation"), {"<=", "=="});
  const bool reversed = relation[0] == '>';
  certificate.relation = relation == "=="       ? Relation::equal
                         : relation == "!="     ? Relation::unequal
                         : relation.size() == 1 ? Relation::less
                                                : Relation::at_most;
  certificate.kind = one_of(place.member("kind"), {"refutation", "tightness"}) == "refutation"
                         ? CertificateKind::refutation
                         : CertificateKind::tightness;
  certificate.sides = {side_from_json(place.member("lhs")), side_from_json(place.member("rhs"))};
  if (reversed) std::swap(certificate.sides.lhs, certificate.sides.rhs);
  if (of_text) {
    certificate.at = named_point_from_json(place.member("at"));
    auto named = std::make_shared<NamedPoint>(*certificate.at.named);
    named->printed = relation == "==" ? "=" : relation;
    named->reversed = reversed;
    certificate.at.named = std::move(named);
    certificate.lemma = place.member("lemma").text("the lemma");
    certificate.instance.assignment =
        assignment_from_json(place.member("instance").value(), signature, where, "/instance");
  } else {
    certificate.at = point_from_json(place.member("at"));
    certificate.instance = instance_from_json(place.member("instance").value(), where, "/instance");
  }
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

Claim hand_written_claim_of(const Certificate& certificate, const Ledger& ledger) {
  if (!certificate.expression.empty()) {
    const auto quantity = bounded_quantity(certificate.claim);
    if (!quantity) throw InvalidInput("no claim about typed bounds is called " + certificate.claim);
    return bound_claim(certificate.expression, *quantity);
  }
  const Claim* claim = ledger.find(certificate.claim);
  if (claim == nullptr) throw InvalidInput("no claim is called " + certificate.claim);
  return *claim;
}

std::optional<std::string> reason_to_reject(const Certificate& certificate, const Claim& claim) {
  if (claim.id != certificate.claim) return "the lemma is called " + claim.id + ", not " + certificate.claim;
  if (claim.source != certificate.source)
    return "the claim's source is " + claim.source + ", not " + certificate.source;
  if (!certificate.at.named && claim.relation != certificate.relation)
    return "the claim's relation is " + std::string(lemmacheck::to_string(claim.relation));
  if (const auto objection = claim.domain.objection(certificate.instance))
    return "the claim's hypotheses do not hold: " + *objection;
  const Points<RealNumber> points = exact_points(claim.formula, claim.relation, certificate.instance);
  if (points.assumption() != Truth::yes) return "the claim's hypotheses do not hold on the instance";
  std::optional<std::string> reason = "the claim compares nothing at the point given";
  for (const auto& entry : points.entries()) {
    if (!same_place(entry.at, certificate.at)) continue;
    if (entry.at.named && entry.at.named->printed != certificate.at.named->printed)
      return "the relation there is " + entry.at.named->printed + ", not " + certificate.at.named->printed;
    reason = reason_to_reject_at(entry.sides, entry.relation, certificate);
    if (!reason) return std::nullopt;
  }
  return reason;
}

std::optional<std::string> reason_to_reject(const Certificate& certificate, const Ledger& ledger) {
  std::optional<Claim> claim;
  try {
    claim = hand_written_claim_of(certificate, ledger);
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return reason_to_reject(certificate, *claim);
}

}  // namespace lemmacheck
