#include "store/summary_json.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "mdp/json_reading.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;
using Bins = std::array<std::uint64_t, bin_count>;

/// An instance may be counted in a class more than once, for each of its kernels.
constexpr std::uint64_t most_classes = 100;

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

bool strata_fit(const Summary& summary) {
  Bins sum{};
  for (const auto& [stratum, bins] : summary.by_stratum)
    for (std::size_t i = 0; i < bins.size(); ++i) sum[i] += bins[i];
  return sum == summary.histogram;
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
  return summary;
}

std::string fault_of(const Summary& summary, std::uint64_t first, std::uint64_t instances) {
  if (summary.instances != instances)
    return "it is of " + std::to_string(summary.instances) + " instances, not of " +
           std::to_string(instances);
  for (const std::uint64_t count : {summary.discarded, summary.undecided, summary.violated, summary.undefined,
                                    summary.infinite, total(summary.histogram)})
    if (count > instances) return "it counts more than its instances";
  if (total(summary.histogram) + summary.discarded != instances || !strata_fit(summary))
    return "its histograms do not make up its instances";
  for (const auto& [name, count] : summary.classes)
    if (count > instances * most_classes) return "it counts more than its instances";
  if ((summary.violated > 0) != summary.counterexample.has_value())
    return "a counterexample stands in it if and only if one was counted";
  std::vector<std::uint64_t> recorded;
  if (summary.counterexample) recorded.push_back(summary.counterexample->instance);
  if (summary.tightest) recorded.push_back(summary.tightest->instance);
  for (const auto& record : summary.tightest_of)
    if (record) recorded.push_back(record->instance);
  for (const std::uint64_t instance : recorded)
    if (instance < first || instance - first >= instances)
      return "it records an instance that is none of its own";
  return "";
}

}  // namespace lemmacheck
