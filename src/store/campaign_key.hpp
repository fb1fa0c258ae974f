/// What a campaign is: the questions, the seed and how many instances. A block's summary is a function of it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "claims/claim.hpp"
#include "store/segment.hpp"

namespace lemmacheck {

class Ledger;

struct CampaignClaim {
  std::string id;
  std::string text;  ///< the whole lemma, read again from here; empty for a claim of the ledger in C++
  bool of_ledger = false;
  std::uint64_t instances = 0;  ///< of this claim: fewer than asked where its domain has fewer cases
  /// Of its first drawn instances: another program that draws others must not go on with this campaign.
  std::string draws;

  bool operator==(const CampaignClaim&) const = default;
};

struct CampaignKey {
  static constexpr std::uint64_t most_instances = 1'000'000'000'000'000, most_block = 1'000'000'000;
  std::string version;  ///< of the program
  std::uint64_t seed = 1, instances = 0, block = 4096;
  std::vector<CampaignClaim> claims;

  std::uint64_t blocks_of(std::size_t claim) const { return (claims[claim].instances + block - 1) / block; }
  /// The instances of a segment's blocks.
  std::uint64_t first_instance(const Segment& segment) const { return segment.first * block; }
  std::uint64_t instances_in(std::size_t claim, const Segment& segment) const;
  bool operator==(const CampaignKey&) const = default;
};

/// The key of a campaign on these claims. @throws InvalidInput for an id twice, or no claim.
CampaignKey campaign_key(const std::vector<const Claim*>& claims, const std::string& version,
                         std::uint64_t seed, std::uint64_t instances, std::uint64_t block);

nlohmann::json key_to_json(const CampaignKey& key);
/// @throws InvalidInput naming the place.
CampaignKey key_from_json(const nlohmann::json& json, const std::string& where);

/// The claim as the campaign has it: read from its text, or the ledger's. A campaign draws from these alone,
/// so that resuming, shards and workers draw the same. @throws InvalidInput if the ledger has no such claim.
Claim claim_of(const CampaignClaim& claim, const Ledger& ledger);

/// A fingerprint of the first instances that the claim draws.
std::string drawn_fingerprint(const Claim& claim, std::uint64_t seed);

/// Where this program differs from what the campaign was begun with: its version, a claim's text or draws.
/// Empty: it may go on.
std::string reason_not_to_resume(const CampaignKey& key, const std::string& version, const Ledger& ledger);

}  // namespace lemmacheck
