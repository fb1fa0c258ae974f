#include "store/campaign_key.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "campaign/run.hpp"
#include "claims/ledger.hpp"
#include "generate/assignment_file.hpp"
#include "generate/instance_file.hpp"
#include "language/lemma_claim.hpp"
#include "mdp/json_reading.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

/// FNV-1a, of 64 bits; it tells programs apart and protects from nothing.
std::uint64_t fingerprint_of(const std::string& text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

std::uint64_t natural(const JsonPlace& place, std::uint64_t least,
                      std::uint64_t most = std::numeric_limits<std::int64_t>::max()) {
  return static_cast<std::uint64_t>(
      place.integer(static_cast<std::int64_t>(least), static_cast<std::int64_t>(most), "a number"));
}

}  // namespace

std::uint64_t CampaignKey::instances_in(std::size_t claim, const Segment& segment) const {
  const std::uint64_t all = claims[claim].instances, begin = std::min(segment.first * block, all);
  return std::min(segment.end() * block, all) - begin;
}

std::string drawn_fingerprint(const Claim& claim, std::uint64_t seed) {
  constexpr std::uint64_t looked_at = 8;
  std::string text;
  for (std::uint64_t i = 0; i < looked_at; ++i) {
    const Instance instance = draw_instance(claim.domain, Setting{}, seed, i);
    text +=
        (instance.assignment ? assignment_to_json(*instance.assignment) : instance_to_json(instance)).dump();
  }
  constexpr const char* digits = "0123456789abcdef";
  std::string hex;
  for (std::uint64_t hash = fingerprint_of(text), n = 0; n < 16; ++n, hash >>= 4U) hex += digits[hash & 15U];
  return hex;
}

CampaignKey campaign_key(const std::vector<const Claim*>& claims, const std::string& version,
                         std::uint64_t seed, std::uint64_t instances, std::uint64_t block) {
  CampaignKey key{version, seed, instances, block, {}};
  std::set<std::string> ids;
  for (const Claim* claim : claims) {
    if (!ids.insert(claim->id).second) throw InvalidInput("claim " + claim->id + " is named twice");
    CampaignClaim entry{claim->id, claim->lemma_text, claim->file.empty(), instances, {}};
    const Claim own = claim_of(entry, Ledger::global());
    if (own.domain.cases > 0) entry.instances = std::min(instances, own.domain.cases);
    entry.draws = drawn_fingerprint(own, seed);
    key.claims.push_back(std::move(entry));
  }
  if (key.claims.empty()) throw InvalidInput("no claim is named; name files of lemmas or ids of the ledger");
  return key;
}

json key_to_json(const CampaignKey& key) {
  json out = {{"version", key.version},
              {"seed", key.seed},
              {"instances", key.instances},
              {"block", key.block},
              {"claims", json::array()}};
  for (const CampaignClaim& claim : key.claims)
    out["claims"].push_back({{"id", claim.id},
                             {"text", claim.text},
                             {"of_ledger", claim.of_ledger},
                             {"instances", claim.instances},
                             {"draws", claim.draws}});
  return out;
}

CampaignKey key_from_json(const json& document, const std::string& where) {
  const JsonPlace root(document, where);
  root.allow_only({"version", "seed", "instances", "block", "claims"});
  CampaignKey key{root.member("version").text("the version"),
                  natural(root.member("seed"), 0),
                  natural(root.member("instances"), 1, CampaignKey::most_instances),
                  natural(root.member("block"), 1, CampaignKey::most_block),
                  {}};
  const JsonPlace list = root.member("claims");
  for (std::size_t i = 0; i < list.array_size(); ++i) {
    const JsonPlace entry = list.element(i);
    entry.allow_only({"id", "text", "of_ledger", "instances", "draws"});
    const json& of_ledger = entry.member("of_ledger").value();
    if (!of_ledger.is_boolean()) entry.member("of_ledger").fail("is neither true nor false");
    key.claims.push_back({entry.member("id").text("the id"), entry.member("text").text("the lemma"),
                          of_ledger.get<bool>(), natural(entry.member("instances"), 1, key.instances),
                          entry.member("draws").text("the fingerprint")});
  }
  return key;
}

Claim claim_of(const CampaignClaim& claim, const Ledger& ledger) {
  if (claim.of_ledger) return ledger.at(claim.id);
  LemmaLibrary library;
  const auto file = std::make_shared<const SourceFile>("lemma " + claim.id, claim.text);
  const std::vector<std::string> ids = library.add(read_plain(file));
  if (ids != std::vector{claim.id})
    throw InvalidInput("the text of lemma " + claim.id + " is not that lemma alone");
  if (library.is_setting(claim.id)) throw InvalidInput("lemma " + claim.id + " claims nothing");
  return lemma_claim(library.read(claim.id));
}

std::string reason_not_to_resume(const CampaignKey& key, const std::string& version, const Ledger& ledger) {
  if (key.version != version) return "it was begun by lemmacheck " + key.version + ", and this is " + version;
  for (const CampaignClaim& entry : key.claims) {
    if (entry.of_ledger && ledger.find(entry.id) == nullptr) return "there is no claim " + entry.id + " here";
    const Claim claim = claim_of(entry, ledger);
    if (entry.of_ledger && claim.lemma_text != entry.text)
      return "claim " + entry.id + " says something else here";
    if (drawn_fingerprint(claim, key.seed) != entry.draws)
      return "this program draws other instances of claim " + entry.id;
  }
  return "";
}

}  // namespace lemmacheck
