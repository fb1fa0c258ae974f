#include "store/summary_json.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "mdp/json_reading.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;
using Bins = std::array<std::uint64_t, bin_count>;

json record_to_json(const std::optional<Summary::Record>& record) {
  if (!record) return {};
  return {{"tightness", record->tightness.to_string()}, {"instance", record->instance}};
}

json bins_to_json(const Bins& bins) {
  return json(std::vector<std::uint64_t>(bins.begin(), bins.end()));
}

std::uint64_t count_at(const JsonPlace& place) {
  return static_cast<std::uint64_t>(place.integer(0, std::numeric_limits<std::int64_t>::max(), "a count"));
}

/// Instance numbers use all 64 bits.
std::uint64_t word_at(const JsonPlace& place) {
  if (!place.value().is_number_unsigned()) place.fail("is no natural number");
  return place.value().get<std::uint64_t>();
}

Bins bins_at(const JsonPlace& place) {
  place.require_array(bin_count, "one count a bin");
  Bins bins{};
  for (std::size_t i = 0; i < bins.size(); ++i) bins[i] = count_at(place.element(i));
  return bins;
}

std::optional<Summary::Record> record_at(const JsonPlace& place) {
  if (place.value().is_null()) return std::nullopt;
  place.allow_only({"tightness", "instance"});
  return Summary::Record{place.member("tightness").rational(), word_at(place.member("instance"))};
}

std::optional<Summary::Smallest> smallest_at(const JsonPlace& place) {
  if (place.value().is_null()) return std::nullopt;
  place.allow_only({"witness", "size", "instance"});
  Summary::Smallest smallest{};
  if (!place.member("witness").value().is_boolean())
    place.member("witness").fail("is neither true nor false");
  smallest.witness = place.member("witness").value().get<bool>();
  const JsonPlace size = place.member("size");
  size.require_array(smallest.size.size(), "the parts of a size");
  for (std::size_t i = 0; i < smallest.size.size(); ++i) smallest.size[i] = word_at(size.element(i));
  smallest.instance = word_at(place.member("instance"));
  return smallest;
}

std::uint64_t total(const Bins& bins) {
  return std::accumulate(bins.begin(), bins.end(), std::uint64_t{0});
}

void require_consistent(const Summary& summary, const JsonPlace& root) {
  const bool fits = summary.discarded <= summary.instances && summary.undecided <= summary.instances &&
                    summary.violated <= summary.instances &&
                    total(summary.histogram) + summary.discarded == summary.instances &&
                    (summary.violated > 0) == summary.counterexample.has_value();
  if (!fits) root.fail("holds counts that contradict each other");
}

}  // namespace

json summary_to_json(const Summary& summary) {
  json out = {{"instances", summary.instances},
              {"discarded", summary.discarded},
              {"undecided", summary.undecided},
              {"violated", summary.violated},
              {"undefined", summary.undefined},
              {"infinite", summary.infinite},
              {"histogram", bins_to_json(summary.histogram)}};
  out["by_stratum"] = json::array();
  for (const auto& [stratum, bins] : summary.by_stratum)
    out["by_stratum"].push_back({stratum, bins_to_json(bins)});
  out["classes"] = json::object();
  for (const auto& [name, count] : summary.classes) out["classes"][name] = count;
  out["tightest"] = record_to_json(summary.tightest);
  out["tightest_of"] = json::array();
  for (const auto& record : summary.tightest_of) out["tightest_of"].push_back(record_to_json(record));
  out["max_ratio"] = summary.max_ratio ? json(summary.max_ratio->to_string()) : json();
  out["counterexample"] = json();
  if (summary.counterexample)
    out["counterexample"] = {{"witness", summary.counterexample->witness},
                             {"size", summary.counterexample->size},
                             {"instance", summary.counterexample->instance}};
  return out;
}

Summary summary_from_json(const json& document, const std::string& where) {
  const JsonPlace root(document, where);
  root.allow_only({"instances", "discarded", "undecided", "violated", "undefined", "infinite", "histogram",
                   "by_stratum", "classes", "tightest", "tightest_of", "max_ratio", "counterexample"});
  Summary summary;
  summary.instances = count_at(root.member("instances"));
  summary.discarded = count_at(root.member("discarded"));
  summary.undecided = count_at(root.member("undecided"));
  summary.violated = count_at(root.member("violated"));
  summary.undefined = count_at(root.member("undefined"));
  summary.infinite = count_at(root.member("infinite"));
  summary.histogram = bins_at(root.member("histogram"));
  const JsonPlace strata = root.member("by_stratum");
  for (std::size_t i = 0; i < strata.array_size(); ++i) {
    const JsonPlace entry = strata.element(i);
    entry.require_array(2, "[stratum, counts]");
    constexpr int most = std::numeric_limits<int>::max();
    summary.by_stratum[static_cast<int>(entry.element(0).integer(0, most, "a stratum"))] =
        bins_at(entry.element(1));
  }
  const JsonPlace classes = root.member("classes");
  if (!classes.value().is_object()) classes.fail("is no object of counts");
  for (const auto& [name, count] : classes.value().items())
    summary.classes[name] = count_at(classes.member(name.c_str()));
  summary.tightest = record_at(root.member("tightest"));
  const JsonPlace niches = root.member("tightest_of");
  niches.require_array(Summary::niches, "a record, or null, of each niche");
  for (std::size_t i = 0; i < Summary::niches; ++i) summary.tightest_of[i] = record_at(niches.element(i));
  if (!root.member("max_ratio").value().is_null()) summary.max_ratio = root.member("max_ratio").rational();
  summary.counterexample = smallest_at(root.member("counterexample"));
  require_consistent(summary, root);
  return summary;
}

}  // namespace lemmacheck
