#include "store/campaign_store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "mdp/json_reading.hpp"
#include "store/summary_json.hpp"
#include "store/writer_lock.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

constexpr int application = 0x6c6d636b;  // "lmck"
constexpr int layout = 1;

constexpr const char* tables = R"(
CREATE TABLE campaigns (number INTEGER PRIMARY KEY, key TEXT NOT NULL, shard INTEGER NOT NULL, shards INTEGER NOT NULL);
CREATE TABLE segments (campaign INTEGER NOT NULL REFERENCES campaigns, claim INTEGER NOT NULL, first INTEGER NOT NULL,
  count INTEGER NOT NULL, summary TEXT NOT NULL, PRIMARY KEY (campaign, claim, first)) WITHOUT ROWID;
CREATE TABLE findings (campaign INTEGER NOT NULL REFERENCES campaigns, claim INTEGER NOT NULL, id TEXT NOT NULL,
  finding TEXT NOT NULL, certificate TEXT, PRIMARY KEY (campaign, claim)) WITHOUT ROWID;
CREATE INDEX findings_of ON findings (id);
CREATE TABLE sessions (number INTEGER PRIMARY KEY, campaign INTEGER NOT NULL REFERENCES campaigns,
  started TEXT NOT NULL, seconds REAL NOT NULL, instances INTEGER NOT NULL);
)";

/// What SQLite says, in words that tell what to do.
[[noreturn]] void explain(const std::filesystem::path& file, const SQLite::Exception& fault) {
  const std::string name = file.string();
  std::string said = fault.what();
  std::ranges::replace(said, '\n', ' ');
  switch (fault.getErrorCode()) {
    case SQLITE_FULL:
      throw InvalidInput(name + ": the disk is full; what was committed is kept: make room, and resume");
    case SQLITE_READONLY:
      throw InvalidInput(
          name +
          ": cannot be written to; make it and its folder writable, or, if a program was killed "
          "while it wrote, let `lemmacheck campaign resume` mend it");
    case SQLITE_IOERR:
      throw InvalidInput(name + ": cannot be read or written (" + said +
                         "); is the disk full, or gone? What was committed is kept: mend it, and resume");
    case SQLITE_NOTADB:
      throw InvalidInput(name + ": is no store of lemmacheck, and no SQLite file; name another one");
    case SQLITE_CORRUPT:
      throw InvalidInput(name + ": is damaged (" + said +
                         "); restore a copy, or run the campaign anew into another store");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw InvalidInput(name + ": is locked by another program; close it, and try again");
    case SQLITE_CANTOPEN:
      throw InvalidInput(name + ": cannot be opened; does it exist, and may it be read?");
    default:
      throw InvalidInput(name + ": " + said);
  }
}

std::int64_t as_stored(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

/// What stands in a column. @throws InvalidInput where that is no JSON.
json stored_json(const std::filesystem::path& file, const SQLite::Column& column) {
  json document = json::parse(column.getString(), nullptr, false);
  if (document.is_discarded())
    throw InvalidInput(file.string() +
                       ": is damaged (what should be JSON is none); restore a copy, or run the campaign "
                       "anew into another store");
  return document;
}

Segment segment_in(const SQLite::Statement& row) {
  return {static_cast<std::uint64_t>(row.getColumn(0).getInt64()),
          static_cast<std::uint64_t>(row.getColumn(1).getInt64())};
}

}  // namespace

class CampaignStore::Connection {
 public:
  /// A full path is a file's name to SQLite, whatever it looks like: ":memory:" is none.
  Connection(const std::filesystem::path& file, Open how)
      : file_(file), full_(std::filesystem::absolute(file)) {
    if (file.empty()) throw InvalidInput("--store: the name of a file is wanted");
    if (how != Open::create && !std::filesystem::exists(full_))
      throw InvalidInput(file_.string() +
                         ": there is no such store; `lemmacheck campaign run --store` makes one");
    if (how != Open::read) lock_.emplace(full_);
    said([&] {
      constexpr int patience = 10'000;  // milliseconds
      database_.emplace(
          full_, how == Open::read ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
          patience);
      const bool fresh = number("PRAGMA schema_version") == 0;
      if (fresh && how == Open::create) make_tables();
      require_ours();
      if (how != Open::read) {
        database_->exec("PRAGMA journal_mode = WAL");
        database_->exec("PRAGMA synchronous = NORMAL");
      }
    });
  }

  /// Runs something on the database. @throws InvalidInput in place of SQLite's exceptions.
  template <class Work>
  auto said(Work&& work) const -> std::invoke_result_t<Work> {
    try {
      return work();
    } catch (const SQLite::Exception& fault) {
      explain(file_, fault);
    }
  }
  SQLite::Database& database() { return *database_; }
  /// @throws InvalidInput where what is written would go nowhere.
  void require_there() const {
    if (lock_ && !lock_->is_of(full_))
      throw InvalidInput(file_.string() +
                         ": was moved or removed while it was written to; what was committed went with it");
  }

 private:
  std::int64_t number(const char* question) { return database_->execAndGet(question).getInt64(); }

  void make_tables() {
    SQLite::Transaction transaction(*database_);
    database_->exec("PRAGMA application_id = " + std::to_string(application));
    database_->exec("PRAGMA user_version = " + std::to_string(layout));
    database_->exec(tables);
    transaction.commit();
  }

  void require_ours() {
    if (number("PRAGMA application_id") != application)
      throw InvalidInput(file_.string() +
                         ": is an SQLite file, but no store of lemmacheck; name another one");
    const std::int64_t version = number("PRAGMA user_version");
    if (version != layout)
      throw InvalidInput(file_.string() + ": is a store of layout " + std::to_string(version) +
                         ", and this lemmacheck knows layout " + std::to_string(layout) +
                         "; use the version that wrote it");
    std::string health = database_->execAndGet("PRAGMA quick_check(1)").getString();
    std::ranges::replace(health, '\n', ' ');
    if (health != "ok")
      throw InvalidInput(file_.string() + ": is damaged (" + health +
                         "); restore a copy, or run the campaign anew into another store");
  }

  std::filesystem::path file_, full_;
  std::optional<WriterLock>
      lock_;  // goes after the database: closing it earlier would drop SQLite's own locks
  std::optional<SQLite::Database> database_;
};

CampaignStore::CampaignStore(const std::filesystem::path& file, Open how)
    : connection_(std::make_unique<Connection>(file, how)), file_(file) {}
CampaignStore::~CampaignStore() = default;

std::vector<CampaignStore::Campaign> CampaignStore::campaigns() const {
  return connection_->said([&] {
    std::vector<Campaign> list;
    SQLite::Statement rows(connection_->database(),
                           "SELECT number, key, shard, shards FROM campaigns ORDER BY number");
    while (rows.executeStep()) {
      const std::string where = file_.string() + ", campaign " + rows.getColumn(0).getString();
      const json document = stored_json(file_, rows.getColumn(1));
      list.push_back({rows.getColumn(0).getInt64(), key_from_json(document, where),
                      static_cast<std::uint64_t>(rows.getColumn(2).getInt64()),
                      static_cast<std::uint64_t>(rows.getColumn(3).getInt64())});
    }
    return list;
  });
}

CampaignStore::Campaign CampaignStore::last() const {
  std::vector<Campaign> all = campaigns();
  if (all.empty()) throw InvalidInput(file_.string() + ": holds no campaign; begin one with campaign run");
  return std::move(all.back());
}

CampaignStore::Campaign CampaignStore::begin(const CampaignKey& key, std::uint64_t shard,
                                             std::uint64_t shards) {
  return connection_->said([&] {
    SQLite::Statement row(connection_->database(),
                          "INSERT INTO campaigns (key, shard, shards) VALUES (?, ?, ?)");
    row.bind(1, key_to_json(key).dump());
    row.bind(2, as_stored(shard));
    row.bind(3, as_stored(shards));
    row.exec();
    return Campaign{connection_->database().getLastInsertRowid(), key, shard, shards};
  });
}

std::vector<Segment> CampaignStore::finished(const Campaign& campaign, std::size_t claim) const {
  return connection_->said([&] {
    std::vector<Segment> list;
    SQLite::Statement rows(
        connection_->database(),
        "SELECT first, count FROM segments WHERE campaign = ? AND claim = ? ORDER BY first");
    rows.bind(1, campaign.number);
    rows.bind(2, as_stored(claim));
    while (rows.executeStep()) list.push_back(segment_in(rows));
    return list;
  });
}

std::vector<DoneSegment> CampaignStore::summaries(const Campaign& campaign, std::size_t claim) const {
  return connection_->said([&] {
    std::vector<DoneSegment> list;
    SQLite::Statement rows(
        connection_->database(),
        "SELECT first, count, summary FROM segments WHERE campaign = ? AND claim = ? ORDER BY first");
    rows.bind(1, campaign.number);
    rows.bind(2, as_stored(claim));
    while (rows.executeStep()) {
      const std::string where = file_.string() + ", claim " + campaign.key.claims.at(claim).id;
      DoneSegment done{segment_in(rows), summary_from_json(stored_json(file_, rows.getColumn(2)), where)};
      const std::string fault = fault_of(done.summary, campaign.key.first_instance(done.segment),
                                         campaign.key.instances_in(claim, done.segment));
      if (!fault.empty()) throw InvalidInput(where + ": a summary is damaged: " + fault);
      list.push_back(std::move(done));
    }
    return list;
  });
}

Summary CampaignStore::total(const Campaign& campaign, std::size_t claim) const {
  Summary total;
  for (const DoneSegment& done : summaries(campaign, claim)) total.merge(done.summary);
  return total;
}

bool CampaignStore::commit(const Campaign& campaign, std::size_t claim, const DoneSegment& done) {
  if (!done.segment.is_dyadic() || done.segment.first >= campaign.key.blocks_of(claim))
    throw InvalidInput("there is no segment of " + std::to_string(done.segment.count) +
                       " blocks from block " + std::to_string(done.segment.first));
  const std::string fault = fault_of(done.summary, campaign.key.first_instance(done.segment),
                                     campaign.key.instances_in(claim, done.segment));
  if (!fault.empty())
    throw InvalidInput("the summary of " + std::to_string(done.segment.count) + " blocks of claim " +
                       campaign.key.claims[claim].id + " from block " + std::to_string(done.segment.first) +
                       " on is none: " + fault);
  connection_->require_there();
  return connection_->said([&] {
    SQLite::Database& database = connection_->database();
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    for (const Segment& known : finished(campaign, claim))
      if (known.holds(done.segment)) return false;
    SQLite::Statement remove(
        database, "DELETE FROM segments WHERE campaign = ? AND claim = ? AND first >= ? AND first < ?");
    SQLite::Statement half(
        database,
        "SELECT summary FROM segments WHERE campaign = ? AND claim = ? AND first = ? AND count = ?");
    for (SQLite::Statement* statement : {&remove, &half}) {
      statement->bind(1, campaign.number);
      statement->bind(2, as_stored(claim));
    }
    DoneSegment whole = done;
    while (true) {
      const Segment other = whole.segment.sibling();
      half.bind(3, as_stored(other.first));
      half.bind(4, as_stored(other.count));
      if (!half.executeStep()) break;
      whole.summary.merge(summary_from_json(stored_json(file_, half.getColumn(0)), file_.string()));
      whole.segment = whole.segment.parent();
      half.reset();
    }
    half.reset();
    remove.bind(3, as_stored(whole.segment.first));
    remove.bind(4, as_stored(whole.segment.end()));
    remove.exec();
    SQLite::Statement add(database, "INSERT INTO segments VALUES (?, ?, ?, ?, ?)");
    add.bind(1, campaign.number);
    add.bind(2, as_stored(claim));
    add.bind(3, as_stored(whole.segment.first));
    add.bind(4, as_stored(whole.segment.count));
    add.bind(5, summary_to_json(whole.summary).dump());
    add.exec();
    transaction.commit();
    return true;
  });
}

json CampaignStore::finding(const Campaign& campaign, std::size_t claim) const {
  return connection_->said([&]() -> json {
    SQLite::Statement row(connection_->database(),
                          "SELECT finding, certificate FROM findings WHERE campaign = ? AND claim = ?");
    row.bind(1, campaign.number);
    row.bind(2, as_stored(claim));
    if (!row.executeStep()) return {};
    json finding = stored_json(file_, row.getColumn(0));
    finding["certificate"] = row.getColumn(1).isNull() ? json() : stored_json(file_, row.getColumn(1));
    return finding;
  });
}

void CampaignStore::keep_finding(const Campaign& campaign, std::size_t claim, const json& finding) {
  connection_->require_there();
  connection_->said([&] {
    SQLite::Statement row(connection_->database(), "INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?, ?)");
    json without = finding;
    without.erase("certificate");
    row.bind(1, campaign.number);
    row.bind(2, as_stored(claim));
    row.bind(3, campaign.key.claims.at(claim).id);
    row.bind(4, without.dump());
    if (finding.contains("certificate") && !finding["certificate"].is_null())
      row.bind(5, finding["certificate"].dump());
    row.exec();
  });
}

std::vector<json> CampaignStore::certificates(const std::string& id) const {
  return connection_->said([&] {
    std::vector<json> list;
    SQLite::Statement rows(
        connection_->database(),
        "SELECT certificate FROM findings WHERE id = ? AND certificate IS NOT NULL ORDER BY campaign DESC");
    rows.bind(1, id);
    while (rows.executeStep()) list.push_back(stored_json(file_, rows.getColumn(0)));
    return list;
  });
}

void CampaignStore::note_work(const Campaign& campaign, double seconds, std::uint64_t instances,
                              bool begins) {
  connection_->said([&] {
    SQLite::Database& database = connection_->database();
    SQLite::Statement row(database,
                          begins ? "INSERT INTO sessions (campaign, started, seconds, instances) "
                                   "VALUES (?, datetime('now'), ?, ?)"
                                 : "UPDATE sessions SET seconds = ?2, instances = ?3 WHERE campaign = ?1 AND "
                                   "number = (SELECT max(number) FROM sessions)");
    row.bind(1, campaign.number);
    row.bind(2, seconds);
    row.bind(3, as_stored(instances));
    row.exec();
  });
}

std::vector<WorkedSession> CampaignStore::sessions(const Campaign& campaign) const {
  return connection_->said([&] {
    std::vector<WorkedSession> list;
    SQLite::Statement rows(
        connection_->database(),
        "SELECT started, seconds, instances FROM sessions WHERE campaign = ? ORDER BY number");
    rows.bind(1, campaign.number);
    while (rows.executeStep())
      list.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getDouble(),
                      static_cast<std::uint64_t>(rows.getColumn(2).getInt64())});
    return list;
  });
}

}  // namespace lemmacheck
