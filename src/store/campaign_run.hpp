/// Running, merging and concluding campaigns.
#pragma once

#include <functional>

#include "campaign/check.hpp"
#include "store/campaign_store.hpp"

namespace lemmacheck {

/// How far a campaign is, in instances of all claims.
struct CampaignProgress {
  std::uint64_t done = 0, wanted = 0;  ///< of the blocks that the store is meant to run
  std::uint64_t all = 0;               ///< of the whole campaign
  bool shard_is_done() const { return done == wanted; }
};
CampaignProgress progress_of(const CampaignStore& store, const CampaignStore::Campaign& campaign);

/// Whether every block of every claim is finished.
bool is_complete(const CampaignStore& store, const CampaignStore::Campaign& campaign);

/// Told after each block: the claim in work, instances done and wanted.
using TellProgress = std::function<void(const std::string& claim, std::uint64_t done, std::uint64_t wanted)>;

/// Runs the blocks that are missing, in rounds: each claim's first block, then all claims' first two, four,
/// ..., so that early summaries speak of all claims. Each finished block is committed.
/// @param threads  0: one a core. They change the time alone.
/// @throws InvalidInput for a claim that cannot go on (a constructed kernel that is none on some instance),
/// once the others' blocks are finished.
void run_blocks(CampaignStore& store, const CampaignStore::Campaign& campaign, const Ledger& ledger,
                int threads, const TellProgress& tell);

/// The summary of a segment's blocks: a function of the claim, the seed and the segment alone.
Summary run_segment(const Claim& claim, const CampaignKey& key, std::size_t place, const Segment& segment,
                    int threads);

/// What each claim's summary comes to, with the climb and a certificate; of a complete campaign.
/// @param keep  makes what the store keeps of a finding.
void conclude(CampaignStore& store, const CampaignStore::Campaign& campaign, const Ledger& ledger,
              int threads, const std::function<nlohmann::json(const Finding&)>& keep,
              const TellProgress& tell);

/// Adds what another store has of the same campaign. Blocks that both have are counted once.
/// @returns how many segments were new. @throws InvalidInput where the campaigns differ.
std::size_t merge_into(CampaignStore& store, const CampaignStore::Campaign& campaign,
                       const CampaignStore& other, const std::string& name);

}  // namespace lemmacheck
