/// Certificates together with the claims that they are about.
#pragma once

#include <filesystem>

#include "claims/certificate.hpp"
#include "claims/claim.hpp"

namespace lemmacheck {

/// A certificate of either version, and the claim that it is about: its own text, the ledger's, or a typed
/// bound. One of version 1 on a claim that is a text now comes as one of version 2: its instance gives the
/// values of the givens that have its names.
struct CertifiedClaim {
  Certificate certificate;
  Claim claim;
};
/// @throws InvalidInput naming the place for what is no certificate.
CertifiedClaim read_certificate(const nlohmann::json& json, const std::string& where, const Ledger& ledger);
CertifiedClaim read_certificate_file(const std::filesystem::path& file, const Ledger& ledger);

/// The instance of a certificate as one of this claim, whose text may have changed since; nothing where it
/// gives no value to some given, or breaks a hypothesis.
std::optional<Instance> instance_for(const Claim& claim, const nlohmann::json& certificate,
                                     const std::string& where);

/// An instance of models, policies and numbers as one of a text's givens. @throws InvalidInput naming a given
/// without a value.
Instance as_instance_of(const Claim& text, const Instance& instance);

}  // namespace lemmacheck
