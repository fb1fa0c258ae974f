/// Certificates: one instance and both sides as fractions, for anyone to check again.
#pragma once

#include <filesystem>
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
  Sides<LogForm> sides;
  Instance instance;
  /// Where the instance was drawn, if it was.
  struct Origin {
    std::uint64_t seed, instance;
  };
  std::optional<Origin> origin;
  std::string expression = {};  ///< of a claim about a typed bound ("try.simulation")
};

/// Evaluates the claim exactly on the instance and certifies the violated or the tightest point.
/// @throws InvalidInput if the claim's hypotheses fail on it or it has no point at all.
Certificate certify(const Claim& claim, const Instance& instance, std::optional<Certificate::Origin> origin);

nlohmann::json certificate_to_json(const Certificate& certificate);
/// @throws InvalidInput naming the place.
Certificate certificate_from_json(const nlohmann::json& json, const std::string& where);
Certificate read_certificate(const std::filesystem::path& file);

/// The claim that a certificate is about: of the ledger, or about the typed bound in it.
/// @throws InvalidInput where there is none.
Claim claim_of(const Certificate& certificate, const Ledger& ledger);

/// Computes both sides again from the instance. @returns nothing if all agrees, or else the reason to reject.
std::optional<std::string> reason_to_reject(const Certificate& certificate, const Ledger& ledger);

}  // namespace lemmacheck
