#include "campaign/summary.hpp"

#include <tuple>

namespace lemmacheck {

void Summary::offer(const Record& record) {
  const bool better = !tightest || tightest->tightness < record.tightness ||
                      (tightest->tightness == record.tightness && record.instance < tightest->instance);
  if (better) tightest = record;
}

void Summary::offer(const Smallest& found) {
  const auto key = [](const Smallest& s) { return std::tie(s.size, s.instance); };
  if (!counterexample || key(found) < key(*counterexample)) counterexample = found;
}

void Summary::merge(const Summary& other) {
  instances += other.instances;
  discarded += other.discarded;
  undecided += other.undecided;
  violated += other.violated;
  undefined += other.undefined;
  infinite += other.infinite;
  if (other.max_ratio && (!max_ratio || *max_ratio < *other.max_ratio)) max_ratio = other.max_ratio;
  for (std::size_t i = 0; i < histogram.size(); ++i) histogram[i] += other.histogram[i];
  for (const auto& [name, count] : other.classes) classes[name] += count;
  if (other.tightest) offer(*other.tightest);
  if (other.counterexample) offer(*other.counterexample);
}

Verdict Summary::verdict() const {
  if (violated > 0) return Verdict::violated;
  // A run in which every instance was discarded has checked nothing.
  return undecided > 0 || instances == discarded ? Verdict::undecided : Verdict::holds;
}

}  // namespace lemmacheck
