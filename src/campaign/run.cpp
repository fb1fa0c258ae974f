#include "campaign/run.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_reduce.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <atomic>

namespace lemmacheck {
namespace tbb = oneapi::tbb;
namespace {

/// Raises `best` to at least `value`.
void raise(std::atomic<double>& best, double value) {
  double current = best.load(std::memory_order_relaxed);
  while (current < value && !best.compare_exchange_weak(current, value, std::memory_order_relaxed)) {
  }
}

/// How many instances of a range fall into each class; labels are few and stand where they are, so that
/// most are told by their address.
class ClassCounts {
 public:
  void add(std::string_view label) {
    for (auto& [known, count] : counts_)
      if (known.data() == label.data() && known.size() == label.size()) {
        ++count;
        return;
      }
    counts_.emplace_back(label, 1);
  }
  void add_to(Summary& summary) const {
    for (const auto& [label, count] : counts_) summary.classes[std::string(label)] += count;
  }

 private:
  std::vector<std::pair<std::string_view, std::uint64_t>> counts_;
};

class ClaimRunner {
 public:
  ClaimRunner(const Claim& claim, const Setting& setting, const Run& run)
      : claim_(claim), setting_(setting), run_(run) {}

  /// @param instance  storage, used again and again.
  void check(std::uint64_t index, Summary& summary, ClassCounts& classes, Instance& instance) {
    draw_instance(claim_.domain, setting_, run_.seed, index, instance);
    const std::size_t niche = niche_of(instance);
    std::atomic<double>& record = record_[niche];
    // The hint only saves work: what may tie with or beat a known record is computed exactly all the same.
    double hint = record.load(std::memory_order_relaxed);
    if (claim_.witness) hint = std::min(hint, record_of_witnesses_.load(std::memory_order_relaxed));
    const FilteredResult result =
        evaluate(claim_.formula, claim_.relation, instance, hint, ratio_.load(std::memory_order_relaxed),
                 known_best(summary, niche));
    ++summary.instances;
    for (const std::string_view label : instance.classes) classes.add(label);
    summary.undefined += result.undefined ? 1 : 0;
    summary.infinite += result.infinite ? 1 : 0;
    if (result.outcome == Outcome::discarded) {
      ++summary.discarded;
      return;
    }
    summary.undecided += result.outcome == Outcome::undecided ? 1 : 0;
    ++summary.histogram[static_cast<std::size_t>(result.bin)];
    ++summary.by_stratum[stratum_of(instance)][static_cast<std::size_t>(result.bin)];
    if (result.outcome == Outcome::violated) {
      ++summary.violated;
      if (may_be_smallest(summary, instance))
        summary.offer(Summary::Smallest{is_witness(claim_, instance), size_of(instance), index});
    }
    if (result.max_tightness) {
      const double tightness = result.max_tightness->enclose().lower;
      const bool witness = is_witness(claim_, instance);
      summary.offer(Summary::Record{*result.max_tightness, index}, niche, witness);
      raise(record, tightness);
      if (witness) raise(record_of_witnesses_, tightness);
    }
    if (result.max_ratio && (!summary.max_ratio || *summary.max_ratio < *result.max_ratio)) {
      summary.max_ratio = result.max_ratio;
      raise(ratio_, result.max_ratio->enclose().lower);
    }
  }

 private:
  /// What comes no further changes nothing in the summary of these instances and earlier ones.
  KnownBest known_best(const Summary& summary, std::size_t niche) const {
    const auto& of_niche = summary.tightest_of[niche];
    const auto& of_witnesses = claim_.witness ? summary.tightest : of_niche;
    KnownBest known;
    if (of_niche && of_witnesses)
      known.tightness =
          of_witnesses->tightness < of_niche->tightness ? &of_witnesses->tightness : &of_niche->tightness;
    if (summary.max_ratio) known.ratio = &*summary.max_ratio;
    return known;
  }

  /// A size takes longer to tell than many a claim to check.
  static bool may_be_smallest(const Summary& summary, const Instance& instance) {
    const auto& known = summary.counterexample;
    return !known || !known->witness || outline_of(instance) <= outline_of(known->size);
  }

  const Claim& claim_;
  const Setting& setting_;
  const Run& run_;
  std::array<std::atomic<double>, Summary::niches> record_{-1.0, -1.0, -1.0};
  std::atomic<double> record_of_witnesses_{-1.0};
  std::atomic<double> ratio_{-1.0};
};

using InstanceStorage = tbb::enumerable_thread_specific<Instance>;

/// One of the parts that a run is split into: ranges that one thread checks, one after the other.
class RangeRun {
 public:
  RangeRun(ClaimRunner& runner, InstanceStorage& storage) : runner_(runner), storage_(storage) {}
  RangeRun(RangeRun& whole, tbb::split) : RangeRun(whole.runner_, whole.storage_) {}

  void operator()(const tbb::blocked_range<std::uint64_t>& range) {
    Instance& instance = storage_.local();
    for (std::uint64_t index = range.begin(); index != range.end(); ++index)
      runner_.check(index, summary_, classes_, instance);
  }
  void join(RangeRun& later) { summary_.merge(std::move(later).summary()); }

  Summary summary() && {
    classes_.add_to(summary_);
    classes_ = {};
    return std::move(summary_);
  }

 private:
  ClaimRunner& runner_;
  InstanceStorage& storage_;
  Summary summary_;
  ClassCounts classes_;
};

}  // namespace

Instance draw_instance(const Domain& domain, const Setting& setting, std::uint64_t seed,
                       std::uint64_t index) {
  Instance instance;
  draw_instance(domain, setting, seed, index, instance);
  instance.edit();  // for who wants to
  return instance;
}

void draw_instance(const Domain& domain, const Setting& setting, std::uint64_t seed, std::uint64_t index,
                   Instance& instance) {
  if (domain.cases > 0) {
    const std::uint32_t choice[] = {static_cast<std::uint32_t>(index % domain.cases)};
    ChoiceSource listed{std::span(choice)};
    return domain.decode(listed, setting, instance);
  }
  ChoiceSource choices{PhiloxStream(seed, index)};
  domain.decode(choices, setting, instance);
}

void run_on(int threads, const std::function<void()>& work) {
  const int count = threads > 0 ? threads : tbb::info::default_concurrency();
  // More threads than cores are allowed: what they find is the same.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(count));
  tbb::task_arena arena(count);
  arena.execute(work);
}

Summary run_claim(const Claim& claim, const Setting& setting, const Run& asked) {
  Run run = asked;
  if (claim.domain.cases > 0) run.instances = std::min(run.instances, claim.domain.cases);
  ClaimRunner runner(claim, setting, run);
  constexpr std::uint64_t grain = 64;
  InstanceStorage storage;
  RangeRun total(runner, storage);
  run_on(run.threads, [&] {
    tbb::parallel_reduce(tbb::blocked_range<std::uint64_t>(run.first, run.first + run.instances, grain),
                         total);
  });
  return std::move(total).summary();
}

std::vector<std::string> empty_classes(const Claim& claim, const Setting& setting, const Summary& summary) {
  constexpr std::uint64_t enough = 1000;
  std::vector<std::string> empty;
  if (summary.instances < enough || setting.model || setting.horizon != 0) return empty;
  for (const std::string& label : claim.domain.classes)
    if (summary.classes.find(label) == summary.classes.end()) empty.push_back(label);
  return empty;
}

std::optional<std::uint64_t> first_violation(const Formula& formula, const Claim& claim, const Run& asked) {
  Run run = asked;
  if (claim.domain.cases > 0) run.instances = std::min(run.instances, claim.domain.cases);
  Instance instance;
  for (std::uint64_t index = run.first; index != run.first + run.instances; ++index) {
    draw_instance(claim.domain, Setting{}, run.seed, index, instance);
    constexpr double none = std::numeric_limits<double>::infinity();
    if (evaluate(formula, claim.relation, instance, none, none, {.tenth_wanted = false}).outcome ==
        Outcome::violated)
      return index;
  }
  return std::nullopt;
}

}  // namespace lemmacheck
