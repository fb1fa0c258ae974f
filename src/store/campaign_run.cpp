#include "store/campaign_run.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "claims/ledger.hpp"

namespace lemmacheck {
namespace {

using Campaign = CampaignStore::Campaign;

BlockRange wanted_of(const Campaign& campaign, std::size_t claim) {
  return shard_of(campaign.key.blocks_of(claim), campaign.shard, campaign.shards);
}

/// The instances of blocks begin..end-1 that are among these segments.
std::uint64_t instances_among(const CampaignKey& key, std::size_t claim, const BlockRange& range,
                              const std::vector<Segment>& done) {
  std::uint64_t sum = 0;
  const std::uint64_t all = key.claims[claim].instances;
  for (const Segment& segment : done) {
    const std::uint64_t begin = std::max(segment.first, range.begin),
                        end = std::min(segment.end(), range.end);
    if (begin < end) sum += std::min(end * key.block, all) - std::min(begin * key.block, all);
  }
  return sum;
}

std::vector<Claim> claims_of(const CampaignKey& key, const Ledger& ledger) {
  std::vector<Claim> claims;
  for (const CampaignClaim& claim : key.claims) claims.push_back(claim_of(claim, ledger));
  return claims;
}

/// The instances that decide a verdict and a tightness are drawn again.
void require_records(const Claim& claim, const CampaignKey& key, const Summary& summary) {
  const auto again = [&](std::uint64_t index) {
    return evaluate_exactly(claim.formula, claim.relation,
                            draw_instance(claim.domain, Setting{}, key.seed, index));
  };
  const auto wrong = [&](std::uint64_t index) {
    return InvalidInput(
        "claim " + claim.id + ": what the store says of instance " + std::to_string(index) +
        " is not so; it is damaged, or another program wrote to it: run the campaign anew into "
        "another store");
  };
  if (const auto& found = summary.counterexample;
      found && again(found->instance).outcome != Outcome::violated)
    throw wrong(found->instance);
  if (const auto& record = summary.tightest) {
    const auto tightness = again(record->instance).max_tightness;
    if (!tightness || *tightness != record->tightness) throw wrong(record->instance);
  }
}

/// Writes down from time to time how long the work has taken.
class WorkClock {
 public:
  WorkClock(CampaignStore& store, const Campaign& campaign) : store_(store), campaign_(campaign) {
    store_.note_work(campaign_, 0, 0, true);
  }
  void add(std::uint64_t instances) {
    instances_ += instances;
    const double now = seconds();
    if (now - noted_ < 1) return;
    note(now);
  }
  void finish() { note(seconds()); }

 private:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  void note(double now) {
    noted_ = now;
    store_.note_work(campaign_, now, instances_, false);
  }
  CampaignStore& store_;
  const Campaign& campaign_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double noted_ = 0;
  std::uint64_t instances_ = 0;
};

}  // namespace

CampaignProgress progress_of(const CampaignStore& store, const Campaign& campaign) {
  CampaignProgress progress;
  for (std::size_t claim = 0; claim < campaign.key.claims.size(); ++claim) {
    const BlockRange range = wanted_of(campaign, claim);
    progress.done += instances_among(campaign.key, claim, range, store.finished(campaign, claim));
    progress.wanted += instances_among(campaign.key, claim, range, {{range.begin, range.end - range.begin}});
    progress.all += campaign.key.claims[claim].instances;
  }
  return progress;
}

bool is_complete(const CampaignStore& store, const Campaign& campaign) {
  for (std::size_t claim = 0; claim < campaign.key.claims.size(); ++claim)
    if (first_missing(0, campaign.key.blocks_of(claim), store.finished(campaign, claim))) return false;
  return true;
}

Summary run_segment(const Claim& claim, const CampaignKey& key, std::size_t place, const Segment& segment,
                    int threads) {
  return run_claim(claim, Setting{},
                   {key.seed, key.first_instance(segment), key.instances_in(place, segment), threads});
}

void run_blocks(CampaignStore& store, const Campaign& campaign, const Ledger& ledger, int threads,
                const TellProgress& tell) {
  const CampaignKey& key = campaign.key;
  const std::vector<Claim> claims = claims_of(key, ledger);
  CampaignProgress progress = progress_of(store, campaign);
  WorkClock clock(store, campaign);
  std::uint64_t longest = 0;
  std::vector<BlockRange> wanted;
  for (std::size_t claim = 0; claim < claims.size(); ++claim) {
    wanted.push_back(wanted_of(campaign, claim));
    longest = std::max(longest, wanted[claim].end - wanted[claim].begin);
  }
  std::map<std::size_t, std::string> stopped;  // claims that cannot go on, and why
  for (std::uint64_t blocks = 1; longest > 0; blocks *= 2) {
    for (std::size_t claim = 0; claim < claims.size(); ++claim) {
      if (stopped.contains(claim)) continue;
      const std::uint64_t begin = wanted[claim].begin, end = std::min(wanted[claim].end, begin + blocks);
      while (const auto missing = first_missing(begin, end, store.finished(campaign, claim))) {
        const Segment segment{*missing, 1};
        tell(claims[claim].id, progress.done, progress.wanted);
        Summary summary;
        try {
          summary = run_segment(claims[claim], key, claim, segment, threads);
        } catch (const InvalidInput& fault) {
          stopped[claim] = fault.what();
          break;
        }
        store.commit(campaign, claim, {segment, std::move(summary)});
        const std::uint64_t instances = key.instances_in(claim, segment);
        progress.done += instances;
        clock.add(instances);
      }
    }
    if (blocks >= longest) break;
  }
  clock.finish();
  if (!stopped.empty())
    throw InvalidInput(
        stopped.begin()->second + "\nclaim " + claims[stopped.begin()->first].id +
        " stopped there; the others' blocks are finished: run the mended lemma into another store");
}

void conclude(CampaignStore& store, const Campaign& campaign, const Ledger& ledger, int threads,
              const std::function<nlohmann::json(const Finding&)>& keep, const TellProgress& tell) {
  const CampaignKey& key = campaign.key;
  for (std::size_t claim = 0; claim < key.claims.size(); ++claim) {
    if (!store.finding(campaign, claim).is_null()) continue;
    tell("what was found of " + key.claims[claim].id, claim, key.claims.size());
    const Claim own = claim_of(key.claims[claim], ledger);
    const Run run{key.seed, 0, key.claims[claim].instances, threads};
    Summary total = store.total(campaign, claim);
    require_records(own, key, total);
    store.keep_finding(campaign, claim, keep(conclusion(own, Setting{}, run, std::move(total))));
  }
}

std::size_t merge_into(CampaignStore& store, const Campaign& campaign, const CampaignStore& other,
                       const std::string& name) {
  const Campaign theirs = other.last();
  if (!(theirs.key == campaign.key))
    throw InvalidInput(name +
                       ": its campaign is another one: claims, seed, instances, block and program must be "
                       "the same to be merged");
  std::size_t added = 0;
  for (std::size_t claim = 0; claim < campaign.key.claims.size(); ++claim)
    for (const DoneSegment& done : other.summaries(theirs, claim))
      added += store.commit(campaign, claim, done) ? 1 : 0;
  return added;
}

}  // namespace lemmacheck
