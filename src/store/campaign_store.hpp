/// Campaigns in an SQLite file: what is finished stays finished, whatever becomes of the program.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "campaign/summary.hpp"
#include "store/campaign_key.hpp"

namespace lemmacheck {

struct DoneSegment {
  Segment segment;
  Summary summary;
};

/// How long work took: no part of any result.
struct WorkedSession {
  std::string started;  ///< UTC
  double seconds = 0;
  std::uint64_t instances = 0;
};

/// Every function throws InvalidInput that names the file where SQLite cannot do what is asked: the disk is
/// full, the file is read-only, damaged, locked, or another program's.
class CampaignStore {
 public:
  enum class Open {
    read,    ///< beside a writer
    extend,  ///< the one writer of a store that is there
    create   ///< likewise, made if it is not there
  };
  /// @throws InvalidInput also where another process writes to it.
  CampaignStore(const std::filesystem::path& file, Open how);
  ~CampaignStore();
  CampaignStore(const CampaignStore&) = delete;
  CampaignStore& operator=(const CampaignStore&) = delete;

  struct Campaign {
    std::int64_t number = 0;  ///< from 1, in the order in which they began
    CampaignKey key;
    /// Of a shard: which blocks are meant to be run here, i of n; else 1 of 1.
    std::uint64_t shard = 1, shards = 1;
  };
  std::vector<Campaign> campaigns() const;
  /// The last one. @throws InvalidInput where there is none.
  Campaign last() const;
  Campaign begin(const CampaignKey& key, std::uint64_t shard, std::uint64_t shards);

  /// What is finished of a claim, by its place in the key; ascending.
  std::vector<Segment> finished(const Campaign& campaign, std::size_t claim) const;
  std::vector<DoneSegment> summaries(const Campaign& campaign, std::size_t claim) const;
  Summary total(const Campaign& campaign, std::size_t claim) const;

  /// Keeps a segment's summary, and joins the halves of larger segments: one transaction. What is known
  /// already is left alone; what it holds is replaced. @returns whether it was new.
  /// @throws InvalidInput for a segment that is none, or has another number of instances than its summary.
  bool commit(const Campaign& campaign, std::size_t claim, const DoneSegment& done);

  /// What was concluded of a claim once all its blocks were finished; null before.
  nlohmann::json finding(const Campaign& campaign, std::size_t claim) const;
  void keep_finding(const Campaign& campaign, std::size_t claim, const nlohmann::json& finding);

  /// Certificates of a claim in all campaigns, the latest first.
  std::vector<nlohmann::json> certificates(const std::string& id) const;

  /// Adds to the running session, or begins one.
  void note_work(const Campaign& campaign, double seconds, std::uint64_t instances, bool begins);
  std::vector<WorkedSession> sessions(const Campaign& campaign) const;

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
  std::filesystem::path file_;
};

}  // namespace lemmacheck
