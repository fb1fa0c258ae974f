#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/claim_set.hpp"
#include "mdp/json_reading.hpp"
#include "report/instance_tables.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"
#include "store/campaign_run.hpp"
#include "store/summary_json.hpp"

namespace lemmacheck {
namespace {

using Campaign = CampaignStore::Campaign;
using Open = CampaignStore::Open;
using nlohmann::json;

struct CampaignOptions {
  std::string store, shard, out;
  std::vector<std::string> names, with, others;
  std::uint64_t seed = 1, instances = 1'000'000, block = 4096;
  int threads = 0;
};

struct Shard {
  std::uint64_t i = 1, n = 1;
};

/// "3/7"
Shard shard_typed(const std::string& text) {
  if (text.empty()) return {};
  Shard shard;
  const char *begin = text.data(), *end = begin + text.size();
  const auto [slash, fault] = std::from_chars(begin, end, shard.i);
  const bool split = fault == std::errc() && slash != end && *slash == '/';
  const auto [rest, second] =
      split ? std::from_chars(slash + 1, end, shard.n) : std::from_chars_result{end, fault};
  constexpr std::uint64_t most = 1'000'000;
  if (!split || second != std::errc() || rest != end || shard.i < 1 || shard.i > shard.n || shard.n > most)
    throw InvalidInput("--shard " + text + ": write i/n with i from 1 to n, such as 3/7");
  return shard;
}

TellProgress teller(const Session& session) {
  return [&session](const std::string& what, std::uint64_t done, std::uint64_t wanted) {
    session.progress(what, done, wanted);
  };
}

// ------------------------------------------------------------------------------ what is known so far

/// Nothing in it depends on time, threads, shards or workers.
json summary_of(const CampaignStore& store, const Campaign& campaign) {
  json out = {{"version", campaign.key.version},          {"seed", campaign.key.seed},
              {"instances", campaign.key.instances},      {"block", campaign.key.block},
              {"complete", is_complete(store, campaign)}, {"claims", json::array()}};
  for (std::size_t claim = 0; claim < campaign.key.claims.size(); ++claim) {
    const Summary total = store.total(campaign, claim);
    json entry = {{"id", campaign.key.claims[claim].id},
                  {"wanted", campaign.key.claims[claim].instances},
                  {"verdict", to_string(total.verdict())},
                  {"summary", summary_to_json(total)},
                  {"finding", store.finding(campaign, claim)}};
    put_number(entry, "tightness", total.tightest ? std::optional(total.tightest->tightness) : std::nullopt);
    out["claims"].push_back(std::move(entry));
  }
  return out;
}

/// How long it took, and will take at this rate.
json progress_to_json(const CampaignStore& store, const Campaign& campaign) {
  const CampaignProgress progress = progress_of(store, campaign);
  double seconds = 0, instances = 0;
  json sessions = json::array();
  for (const WorkedSession& session : store.sessions(campaign)) {
    seconds += session.seconds;
    instances += static_cast<double>(session.instances);
    sessions.push_back(
        {{"started", session.started}, {"seconds", session.seconds}, {"instances", session.instances}});
  }
  const double rate = seconds > 0 ? instances / seconds : 0,
               left = static_cast<double>(progress.wanted - progress.done);
  return {{"shard", {campaign.shard, campaign.shards}},
          {"done", progress.done},
          {"wanted", progress.wanted},
          {"of_the_campaign", progress.all},
          {"instances_a_second", rate > 0 ? json(rate) : json()},
          {"seconds_left", rate > 0 ? json(left / rate) : json()},
          {"sessions", sessions}};
}

bool all_as_expected(const json& summary) {
  for (const json& claim : summary["claims"])
    if (claim["finding"].is_null() || !claim["finding"]["as_expected"]) return false;
  return true;
}

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

std::string standing_in_words(const json& claim) {
  const json& finding = claim["finding"];
  if (finding.is_null()) return "so far";
  return finding["as_expected"] ? "as expected" : "NOT AS EXPECTED";
}

std::string status_as_text(const json& summary, const json& progress) {
  WordTable table;
  table.header = {"claim", "instances", "verdict", "best", ""};
  for (const json& claim : summary["claims"]) {
    const json& finding = claim["finding"];
    const json& best = finding.is_null() ? claim["tightness"] : finding["tightness"]["ratio"];
    table.rows.push_back(
        {claim["id"], std::to_string(claim["summary"]["instances"].get<std::uint64_t>()),
         finding.is_null() ? claim["verdict"] : finding["verdict"],
         best.is_null() ? "-" : short_number(Rational::parse_fraction(best.get<std::string>())),
         standing_in_words(claim)});
  }
  std::string text = table_as_text(table);
  const auto done = progress["done"].get<std::uint64_t>(), wanted = progress["wanted"].get<std::uint64_t>();
  text += fmt::format(
      "{} of {} instances{}", done, wanted,
      progress["shard"][1] == 1
          ? std::string()
          : fmt::format(" of shard {}/{}", progress["shard"][0].get<int>(), progress["shard"][1].get<int>()));
  if (!progress["instances_a_second"].is_null()) {
    text += fmt::format(", {:.0f} a second", progress["instances_a_second"].get<double>());
    if (done < wanted) text += fmt::format(", {} left", duration(progress["seconds_left"].get<double>()));
  }
  return text + "\n";
}

void write_certificates(const json& summary, const std::filesystem::path& folder) {
  make_folder(folder);
  std::map<std::filesystem::path, std::string> files;
  for (const json& claim : summary["claims"]) {
    const json& finding = claim["finding"];
    if (finding.is_null() || finding["certificate"].is_null()) continue;
    files[folder / certificate_file_name(claim["id"].get<std::string>())] =
        finding["certificate"].dump(2) + "\n";
  }
  write_files(files);
}

void show(Session& session, const CampaignOptions& options, const CampaignStore& store,
          const Campaign& campaign) {
  const json summary = summary_of(store, campaign), progress = progress_to_json(store, campaign);
  if (!options.out.empty()) write_certificates(summary, options.out);
  if (summary["complete"] && !all_as_expected(summary)) session.exit_code = unexpected;
  if (session.json) return session.print({{"summary", summary}, {"progress", progress}});
  session.print(status_as_text(summary, progress));
}

// ------------------------------------------------------------------------------ commands

void finish(Session& session, const CampaignOptions& options, CampaignStore& store,
            const Campaign& campaign) {
  if (is_complete(store, campaign))
    conclude(
        store, campaign, session.ledger(), options.threads,
        [](const Finding& finding) {
          json kept = finding_to_json(finding, "");
          for (const char* place : {"file", "line", "column"}) kept.erase(place);  // of the text in the store
          kept["certificate"] = finding.certificate ? certificate_to_json(*finding.certificate) : json();
          return kept;
        },
        teller(session));
  session.progress("");
  show(session, options, store, campaign);
}

void work_on(Session& session, const CampaignOptions& options, CampaignStore& store,
             const Campaign& campaign) {
  run_blocks(store, campaign, session.ledger(), options.threads, teller(session));
  finish(session, options, store, campaign);
}

CampaignKey key_of(const Session& session, const CampaignOptions& options) {
  const ClaimSet set(session, options.names, options.with);
  std::vector<const Claim*> claims = set.claims;
  if (options.names.empty()) claims = applicable_claims(session.ledger(), Setting{});
  return campaign_key(claims, LEMMACHECK_VERSION, options.seed, options.instances, options.block);
}

/// A new campaign, in a store whose earlier ones are finished.
Campaign begun(const CampaignOptions& options, const CampaignKey& key, CampaignStore& store) {
  const Shard shard = shard_typed(options.shard);
  const std::vector<Campaign> earlier = store.campaigns();
  if (!earlier.empty() && !progress_of(store, earlier.back()).shard_is_done())
    throw InvalidInput(options.store +
                       ": its last campaign is not finished; `lemmacheck campaign resume --store " +
                       options.store + "` goes on with it, or name another store");
  return store.begin(key, shard.i, shard.n);
}

void run(Session& session, const CampaignOptions& options) {
  shard_typed(options.shard);
  const CampaignKey key = key_of(session, options);  // what is wrong with it is said before a file is made
  CampaignStore store(options.store, Open::create);
  const Campaign campaign = begun(options, key, store);
  work_on(session, options, store, campaign);
}

void resume(Session& session, const CampaignOptions& options) {
  CampaignStore store(options.store, Open::extend);
  const Campaign campaign = store.last();
  const std::string reason = reason_not_to_resume(campaign.key, LEMMACHECK_VERSION, session.ledger());
  if (!reason.empty())
    throw InvalidInput(options.store + ": cannot be resumed: " + reason +
                       "; go on with the program that began it, or begin a campaign in another store");
  work_on(session, options, store, campaign);
}

void merge(Session& session, const CampaignOptions& options) {
  std::vector<std::unique_ptr<CampaignStore>> others;
  for (const std::string& name : options.others) {
    std::error_code not_there;
    if (std::filesystem::equivalent(name, options.store, not_there))
      throw InvalidInput(name + ": is the store that the others are merged into; name it once");
    others.push_back(std::make_unique<CampaignStore>(name, Open::read));
  }
  const CampaignKey key = others.front()->last().key;
  for (std::size_t i = 0; i < others.size(); ++i)
    if (!(others[i]->last().key == key))
      throw InvalidInput(options.others[i] + ": its campaign is another one than that of " +
                         options.others[0] +
                         ": claims, seed, instances, block and program must be the same to be merged");
  CampaignStore store(options.store, Open::create);
  const std::vector<Campaign> known = store.campaigns();
  if (!known.empty() && !(known.back().key == key))
    throw InvalidInput(options.store + ": its last campaign is another one; name a new file to merge into");
  const Campaign campaign = known.empty() ? store.begin(key, 1, 1) : known.back();
  for (std::size_t i = 0; i < others.size(); ++i) merge_into(store, campaign, *others[i], options.others[i]);
  const std::string reason = reason_not_to_resume(key, LEMMACHECK_VERSION, session.ledger());
  if (reason.empty()) return finish(session, options, store, campaign);
  show(session, options, store, campaign);
}

void status(Session& session, const CampaignOptions& options) {
  const CampaignStore store(options.store, Open::read);
  show(session, options, store, store.last());
}

/// What each campaign of a store made of each claim.
void history(Session& session, const CampaignOptions& options) {
  const CampaignStore store(options.store, Open::read);
  json campaigns = json::array(), claims = json::object();
  for (const Campaign& campaign : store.campaigns()) {
    const json summary = summary_of(store, campaign);
    json described = summary;
    described.erase("claims");
    described["number"] = campaign.number;
    campaigns.push_back(described);
    for (std::size_t i = 0; i < campaign.key.claims.size(); ++i) {
      const json& claim = summary["claims"][i];
      const json& finding = claim["finding"];
      const std::string& text = campaign.key.claims[i].text;
      json& runs = claims[campaign.key.claims[i].id];
      const bool changed = runs.is_array() && runs.back()["text"] != text;
      runs.push_back({{"campaign", campaign.number},
                      {"instances", claim["summary"]["instances"]},
                      {"verdict", finding.is_null() ? claim["verdict"] : finding["verdict"]},
                      {"tightness", finding.is_null() ? claim["tightness"] : finding["tightness"]["ratio"]},
                      {"text", text},
                      {"text_changed", changed}});
    }
  }
  if (session.json) return session.print({{"campaigns", campaigns}, {"claims", claims}});
  WordTable table;
  table.header = {"claim", "campaign", "instances", "verdict", "best", ""};
  for (const auto& [id, runs] : claims.items())
    for (const json& each : runs)
      table.rows.push_back({&each == &runs.front() ? id : "", std::to_string(each["campaign"].get<int>()),
                            std::to_string(each["instances"].get<std::uint64_t>()), each["verdict"],
                            each["tightness"].is_null() ? "-"
                                                        : short_number(Rational::parse_fraction(
                                                              each["tightness"].get<std::string>())),
                            each["text_changed"] ? "its text changed" : ""});
  std::string text;
  for (const json& campaign : campaigns)
    text += fmt::format("campaign {}: lemmacheck {}, seed {}, {} instances of each claim, {}\n",
                        campaign["number"].get<int>(), campaign["version"].get<std::string>(),
                        campaign["seed"].get<std::uint64_t>(), campaign["instances"].get<std::uint64_t>(),
                        campaign["complete"] ? "complete" : "not complete");
  session.print(text + "\n" + table_as_text(table));
}

// ------------------------------------------------------------------------------ for schedulers

constexpr const char* standard_input = "standard input";

json json_typed(const char* wanted) {
  json document = json::parse(std::cin, nullptr, false);
  if (document.is_discarded())
    throw InvalidInput(std::string("standard input is no JSON; it should hold ") + wanted);
  return document;
}

/// The campaign that these options ask for: the store's last one if it is that, else a new one.
Campaign planned(const CampaignOptions& options, CampaignStore& store, const CampaignKey& key) {
  const std::vector<Campaign> earlier = store.campaigns();
  if (!earlier.empty() && earlier.back().key == key) return earlier.back();
  return begun(options, key, store);
}

/// The blocks that are missing, as dyadic segments of up to `most` blocks.
void plan(Session& session, const CampaignOptions& options, std::uint64_t most) {
  constexpr std::size_t longest = 100'000;
  if (most == 0 || (most & (most - 1)) != 0) throw InvalidInput("--most: give a power of two, such as 64");
  const CampaignKey key = key_of(session, options);
  CampaignStore store(options.store, Open::create);
  const Campaign campaign = planned(options, store, key);
  json segments = json::array();
  bool more = false;
  for (std::size_t claim = 0; claim < key.claims.size() && !more; ++claim) {
    const std::vector<Segment> done = store.finished(campaign, claim);
    const std::uint64_t end = key.blocks_of(claim);
    for (auto missing = first_missing(0, end, done); missing;) {
      more = segments.size() == longest;
      if (more) break;
      const Segment segment = *segment_at(*missing, end, most, done);
      segments.push_back({{"claim", claim}, {"first", segment.first}, {"count", segment.count}});
      missing = first_missing(segment.end(), end, done);
    }
  }
  session.print({{"key", key_to_json(key)}, {"segments", segments}, {"more", more}});
}

/// The place of a claim in the key, and blocks of it.
struct Task {
  std::size_t claim;
  Segment segment;
};

Task task_at(const JsonPlace& place, const CampaignKey& key) {
  const auto natural = [&](const char* name, std::uint64_t least, std::uint64_t most) {
    return static_cast<std::uint64_t>(place.member(name).integer(
        static_cast<std::int64_t>(least), static_cast<std::int64_t>(most), "a number"));
  };
  const Task task{
      natural("claim", 0, key.claims.size() - 1),
      {natural("first", 0, CampaignKey::most_instances), natural("count", 1, CampaignKey::most_instances)}};
  if (!task.segment.is_dyadic())
    place.member("count").fail("is no power of two that divides first, as the blocks of a segment are");
  if (task.segment.first >= key.blocks_of(task.claim))
    place.member("first").fail("is " + std::to_string(task.segment.first) + ", and the claim has " +
                               std::to_string(key.blocks_of(task.claim)) + " blocks, counted from 0");
  return task;
}

/// {"key", "claim", "first", "count"} in, {"claim", "first", "count", "summary"} out.
void block(Session& session, const CampaignOptions& options) {
  const json document = json_typed("a key, a claim's place, and first and count of a segment");
  const JsonPlace root(document, standard_input);
  root.allow_only({"key", "claim", "first", "count"});
  const CampaignKey key = key_from_json(root.member("key").value(), std::string(standard_input) + ", key");
  if (key.claims.empty()) root.member("key").fail("has no claims");
  const Task task = task_at(root, key);
  const CampaignClaim& entry = key.claims[task.claim];
  const Claim claim = claim_of(entry, session.ledger());
  if (key.version != LEMMACHECK_VERSION || drawn_fingerprint(claim, key.seed) != entry.draws)
    throw InvalidInput("this is another program than the one that began the campaign, or another seed");
  const Summary summary = run_segment(claim, key, task.claim, task.segment, options.threads);
  session.print({{"claim", task.claim},
                 {"first", task.segment.first},
                 {"count", task.segment.count},
                 {"summary", summary_to_json(summary)}});
}

/// A list of what `block` prints; what stands before something invalid is kept.
void commit(Session& session, const CampaignOptions& options) {
  const json document = json_typed("a list of results");
  const JsonPlace results(document, standard_input);
  CampaignStore store(options.store, Open::extend);
  const Campaign campaign = store.last();
  std::size_t added = 0;
  for (std::size_t i = 0; i < results.array_size(); ++i) {
    const JsonPlace result = results.element(i);
    result.allow_only({"claim", "first", "count", "summary"});
    const Task task = task_at(result, campaign.key);
    const std::string where = std::string(standard_input) + ", result " + std::to_string(i);
    added += store.commit(campaign, task.claim,
                          {task.segment, summary_from_json(result.member("summary").value(), where)})
                 ? 1
                 : 0;
  }
  session.print({{"added", added}, {"complete", is_complete(store, campaign)}});
}

/// Nothing, if there is a name.
std::string not_empty(const std::string& text) {
  return text.empty() ? "is empty" : "";
}

void add_claims(CLI::App& command, const std::shared_ptr<CampaignOptions>& options) {
  command.add_option("FILE or ID", options->names,
                     "Files of lemmas (.lemma, .tex, .md) and ids; the whole ledger if left out");
  command.add_option("--with", options->with, "Folders of lemmas that others may be like");
  command.add_option("--instances", options->instances, "How many instances of each claim")
      ->check(CLI::Range(std::uint64_t{1}, CampaignKey::most_instances))
      ->check(not_decimal)
      ->capture_default_str();
  command.add_option("--seed", options->seed, "Seed of the instances")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{INT64_MAX}))
      ->check(not_decimal)
      ->capture_default_str();
  command.add_option("--block", options->block, "Instances that are committed together")
      ->check(CLI::Range(std::uint64_t{1}, CampaignKey::most_block))
      ->check(not_decimal)
      ->capture_default_str();
}

void add_out(CLI::App& command, const std::shared_ptr<CampaignOptions>& options) {
  command.add_option("--out", options->out, "Write the certificates of what was found to this folder");
}

void add_threads(CLI::App& command, const std::shared_ptr<CampaignOptions>& options) {
  command.add_option("--threads", options->threads, "0: one a core; results do not depend on it")
      ->check(CLI::Range(0, 1024))
      ->check(not_decimal)
      ->capture_default_str();
}

}  // namespace

void add_campaign(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("campaign", "Long runs, kept in a store: killed, sharded, resumed, merged");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, auto&& set_up, auto&& work) {
    CLI::App* sub = command->add_subcommand(name, help);
    auto options = std::make_shared<CampaignOptions>();
    sub->add_option("--store", options->store, "The store, an SQLite file")->required()->check(not_empty);
    set_up(*sub, options);
    sub->callback([&session, options, work] {
      std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a full disk: said in words
      work(session, *options);
    });
  };
  const auto nothing = [](CLI::App&, const std::shared_ptr<CampaignOptions>&) {};
  add(
      "run", "Begin a campaign",
      [](CLI::App& sub, const auto& options) {
        add_claims(sub, options);
        sub.add_option("--shard", options->shard,
                       "i/n: only the i-th of n parts, counted from 1; merge their stores")
            ->check(not_empty);
        add_threads(sub, options);
        add_out(sub, options);
      },
      run);
  add(
      "resume", "Go on with what a store's last campaign lacks",
      [](CLI::App& sub, const auto& options) {
        add_threads(sub, options);
        add_out(sub, options);
      },
      resume);
  add("status", "How far it is, and the verdicts so far; beside a running campaign, too", add_out, status);
  add(
      "merge", "Put stores of one campaign together; blocks that several have are counted once",
      [](CLI::App& sub, const auto& options) {
        sub.add_option("IN", options->others, "Stores to read")->required();
        add_threads(sub, options);
        add_out(sub, options);
      },
      merge);
  add("history", "Verdict and tightness of each claim in each of a store's campaigns", nothing, history);
  const auto most = std::make_shared<std::uint64_t>(64);
  add(
      "plan",
      "For schedulers: begin a campaign if there is none, and list the segments that are missing (JSON)",
      [most](CLI::App& sub, const auto& options) {
        add_claims(sub, options);
        sub.add_option("--most", *most, "Largest number of blocks of a segment, a power of two")
            ->capture_default_str();
      },
      [most](Session& s, const CampaignOptions& options) { plan(s, options, *most); });
  add("commit", "For schedulers: keep the results on standard input (JSON)", nothing, commit);
  CLI::App* of_block =
      command->add_subcommand("block", "For schedulers: the summary of the segment on standard input (JSON)");
  auto options = std::make_shared<CampaignOptions>();
  add_threads(*of_block, options);
  of_block->callback([&session, options] { block(session, *options); });
}

}  // namespace lemmacheck
