// The store under a cluster that loses, repeats and reorders: whatever happens, each block counts once.
#include "store/campaign_store.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>

#include "store/campaign_run.hpp"
#include "store/summary_json.hpp"
#include "support/catch.hpp"
#include "support/text_folder.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// A campaign on made-up claims: what its blocks find is a function of their number.
CampaignKey made_up(std::uint64_t claims, std::uint64_t instances) {
  CampaignKey key{"test", 1, instances, 10, {}};
  for (std::uint64_t i = 0; i < claims; ++i)
    key.claims.push_back({"made.up" + std::to_string(i), "lemma ...", true, instances - 7 * i, "0"});
  return key;
}

Summary of_block(const CampaignKey& key, std::size_t claim, std::uint64_t block) {
  std::mt19937_64 random(claim * 1'000'003 + block);
  Summary summary;
  summary.instances = key.instances_in(claim, {block, 1});
  summary.violated = random() % 2 == 0 ? std::min<std::uint64_t>(2, summary.instances) : 0;
  for (std::uint64_t i = 0; i < summary.instances; ++i) ++summary.histogram[random() % bin_count];
  summary.by_stratum[static_cast<int>(random() % 3)] = summary.histogram;
  summary.classes["class " + std::to_string(random() % 4)] = summary.instances;
  const std::uint64_t instance = block * key.block;
  summary.offer(Summary::Record{Rational::ratio(static_cast<std::int64_t>(random() % 5), 7), instance},
                random() % 3, random() % 2 == 0);
  if (summary.violated > 0)
    summary.offer(Summary::Smallest{random() % 2 == 0, {random() % 3, 1, 1, 1, 1}, instance});
  summary.max_ratio = Rational::ratio(static_cast<std::int64_t>(random() % 100), 9);
  return summary;
}

Summary of_segment(const CampaignKey& key, std::size_t claim, const Segment& segment) {
  Summary sum;
  for (std::uint64_t block = segment.first; block < std::min(segment.end(), key.blocks_of(claim)); ++block)
    sum.merge(of_block(key, claim, block));
  return sum;
}

std::string text_of(const Summary& summary) {
  return summary_to_json(summary).dump();
}

using Campaign = CampaignStore::Campaign;

/// Workers take missing segments of random sizes; some are lost, some answer twice or late, in any order.
void run_badly(CampaignStore& store, const Campaign& campaign, std::mt19937_64& random) {
  struct Answer {
    std::size_t claim;
    DoneSegment done;
  };
  std::vector<Answer> late;
  const CampaignKey& key = campaign.key;
  while (!is_complete(store, campaign)) {
    std::vector<Answer> answers;
    for (std::size_t claim = 0; claim < key.claims.size(); ++claim) {
      const std::vector<Segment> known = store.finished(campaign, claim);
      for (auto missing = first_missing(0, key.blocks_of(claim), known); missing;) {
        const std::uint64_t most = std::uint64_t{1} << random() % 5;
        const Segment segment = segment_at(*missing, key.blocks_of(claim), most, known).value();
        const Answer answer{claim, {segment, of_segment(key, claim, segment)}};
        const std::uint64_t fate = random() % 6;
        if (fate > 0) answers.push_back(answer);   // else its worker died
        if (fate == 1) answers.push_back(answer);  // it answers twice
        if (fate == 2) late.push_back(answer);     // and once more when nobody waits
        missing = first_missing(segment.end(), key.blocks_of(claim), known);
      }
    }
    std::ranges::shuffle(answers, random);
    // The coordinator dies sometimes.
    if (random() % 3 == 0) answers.resize(answers.size() / 2);
    for (const Answer& answer : answers) store.commit(campaign, answer.claim, answer.done);
  }
  for (const Answer& answer : late) CHECK_FALSE(store.commit(campaign, answer.claim, answer.done));
}

}  // namespace

TEST_CASE("store: thousands of workers' faults, one answer", "[store]") {
  const CampaignKey key = made_up(2, 395);
  std::vector<std::string> expected;
  for (std::size_t claim = 0; claim < key.claims.size(); ++claim)
    expected.push_back(text_of(of_segment(key, claim, {0, 64})));
  std::mt19937_64 random(5);
  const TextFolder folder({});
  const char* asked = std::getenv("LEMMACHECK_SCHEDULES");  // more than a test has time for
  const int schedules = asked != nullptr ? std::atoi(asked) : 60;
  for (int schedule = 0; schedule < schedules; ++schedule) {
    CampaignStore store(folder.path("store" + std::to_string(schedule)), CampaignStore::Open::create);
    const Campaign campaign = store.begin(key, 1, 1);
    run_badly(store, campaign, random);
    for (std::size_t claim = 0; claim < key.claims.size(); ++claim) {
      CHECK(text_of(store.total(campaign, claim)) == expected[claim]);
      CHECK(store.finished(campaign, claim).size() <= 6);  // as few segments as 40 or 39 blocks have ones
    }
  }
}

TEST_CASE("store: stores of overlapping parts merge in any order", "[store]") {
  const CampaignKey key = made_up(1, 500);
  std::mt19937_64 random(6);
  const TextFolder folder({});
  const std::string expected = text_of(of_segment(key, 0, {0, 64}));
  for (int schedule = 0; schedule < 20; ++schedule) {
    std::vector<std::unique_ptr<CampaignStore>> parts;
    for (int part = 0; part < 4; ++part) {
      const std::string name = std::to_string(schedule) + "_" + std::to_string(part);
      parts.push_back(std::make_unique<CampaignStore>(folder.path(name), CampaignStore::Open::create));
      const Campaign own = parts.back()->begin(key, 1, 1);
      for (std::uint64_t block = 0; block < 50; ++block)
        if (block % 4 == static_cast<std::uint64_t>(part) || random() % 2 == 0)
          parts.back()->commit(own, 0, {{block, 1}, of_block(key, 0, block)});
    }
    std::ranges::shuffle(parts, random);
    CampaignStore whole(folder.path(std::to_string(schedule)), CampaignStore::Open::create);
    const Campaign campaign = whole.begin(key, 1, 1);
    for (const auto& part : parts) merge_into(whole, campaign, *part, "part");
    CHECK(is_complete(whole, campaign));
    CHECK(text_of(whole.total(campaign, 0)) == expected);
  }
}

TEST_CASE("store: a summary that does not fit its segment is refused", "[store]") {
  const TextFolder folder({});
  CampaignStore store(folder.path("store"), CampaignStore::Open::create);
  const CampaignKey key = made_up(1, 95);
  const Campaign campaign = store.begin(key, 1, 1);
  CHECK_THROWS_AS(store.commit(campaign, 0, {{0, 1}, of_segment(key, 0, {0, 2})}), InvalidInput);
  CHECK_THROWS_AS(store.commit(campaign, 0, {{1, 2}, of_segment(key, 0, {1, 2})}), InvalidInput);
  CHECK_THROWS_AS(store.commit(campaign, 0, {{64, 1}, of_block(key, 0, 64)}), InvalidInput);
  CHECK(store.finished(campaign, 0).empty());
  CHECK(store.commit(campaign, 0, {{9, 1}, of_block(key, 0, 9)}));  // the last block has 5 instances
  CHECK(progress_of(store, campaign).done == 5);
}

TEST_CASE("store: one writer, and readers beside it", "[store]") {
  const TextFolder folder({});
  CampaignStore store(folder.path("store"), CampaignStore::Open::create);
  const Campaign campaign = store.begin(made_up(1, 100), 1, 1);
  const CampaignStore reader(folder.path("store"), CampaignStore::Open::read);
  CHECK_THROWS_WITH(CampaignStore(folder.path("store"), CampaignStore::Open::extend),
                    Catch::Contains("another process writes"));
  store.commit(campaign, 0, {{0, 1}, of_block(campaign.key, 0, 0)});
  CHECK(reader.finished(reader.last(), 0) == std::vector<Segment>{{0, 1}});
  CHECK(reader.last().key == campaign.key);
}

TEST_CASE("store: summaries come back as they were, and what is none is refused", "[store]") {
  const CampaignKey key = made_up(2, 300);
  for (std::uint64_t block = 0; block < 30; ++block) {
    const Summary summary = of_block(key, block % 2, block);
    const nlohmann::json document = summary_to_json(summary);
    CHECK(text_of(summary_from_json(document, "test")) == document.dump());
    for (const auto& [name, value] : document.items()) {
      nlohmann::json broken = document;
      broken.erase(name);
      CHECK_THROWS_AS(summary_from_json(broken, "test"), InvalidInput);
      broken = document;
      broken[name] = "x";
      CHECK_THROWS_AS(summary_from_json(broken, "test"), InvalidInput);
    }
    nlohmann::json more = document;
    more["instances"] = summary.instances + 1;
    const std::uint64_t first = block * key.block;
    CHECK(fault_of(summary, first, summary.instances).empty());
    CHECK_FALSE(fault_of(summary_from_json(more, "test"), first, summary.instances).empty());
    CHECK_FALSE(fault_of(summary, first + 1, summary.instances).empty());
    CHECK_FALSE(fault_of(summary, first, summary.instances + 1).empty());
  }
}

TEST_CASE("store: what an empty part finds changes nothing", "[store]") {
  const CampaignKey key = made_up(1, 100);
  Summary summary = of_block(key, 0, 3);
  const std::string before = text_of(summary);
  summary.merge(Summary{});
  CHECK(text_of(summary) == before);
}
