/// Certificates: one instance and both sides as fractions, for anyone to check again.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "claims/evaluate.hpp"

namespace lemmacheck {

class Ledger;

enum class CertificateKind {
  refutation,  ///< the relation does not hold at the point
  tightness    ///< it holds, and the two sides are this close
};

struct Certificate {
  std::string claim, source;
  Relation relation = Relation::at_most;
  CertificateKind kind = CertificateKind::refutation;
  Point at;
  Sides<RealNumber> sides;
  Instance instance;
  /// Where the instance was drawn, if it was.
  struct Origin {
    std::uint64_t seed, instance;
  };
  std::optional<Origin> origin;
  std::string expression = {};  ///< of a claim about a typed bound ("try.simulation")
  std::string lemma = {};       ///< the whole text of a lemma; then this is a certificate of version 2
};

/// Evaluates the claim exactly on the instance and certifies the violated or the tightest point.
/// @throws InvalidInput if the claim's hypotheses fail on it or it has no point at all.
Certificate certify(const Claim& claim, const Instance& instance, std::optional<Certificate::Origin> origin);

nlohmann::json certificate_to_json(const Certificate& certificate);
/// Reads a certificate of version 1, or of version 2 once its lemma was read. @throws InvalidInput naming the
/// place.
/// @param signature  of the lemma's givens; absent for version 1.
Certificate certificate_from_json(const nlohmann::json& json, const std::string& where,
                                  const std::shared_ptr<const Signature>& signature);

/// The claim that a certificate of version 1 is about: of the ledger, or about the typed bound in it.
/// @throws InvalidInput where there is none.
Claim hand_written_claim_of(const Certificate& certificate, const Ledger& ledger);

/// Computes both sides again from the instance. @returns nothing if all agrees, or else the reason to reject.
std::optional<std::string> reason_to_reject(const Certificate& certificate, const Claim& claim);
/// The same for a certificate of version 1, whose claim may not exist.
std::optional<std::string> reason_to_reject(const Certificate& certificate, const Ledger& ledger);

/// The certificate's sides, relation and verdict as the author prints them: left and right may be exchanged.
struct PrintedSides {
  RealNumber lhs, rhs;
  std::string relation;  ///< <=, <, >=, >, ==, !=
};
PrintedSides printed_sides(const Certificate& certificate);

}  // namespace lemmacheck
