#include "campaign/summary.hpp"

#include <tuple>

namespace lemmacheck {

namespace {

void keep_better(std::optional<Summary::Record>& kept, const Summary::Record& record) {
  const bool better = !kept || kept->tightness < record.tightness ||
                      (kept->tightness == record.tightness && record.instance < kept->instance);
  if (better) kept = record;
}

}  // namespace

std::size_t niche_of(const Instance& instance) {
  const auto among = [](const Rational& value, const Rational& low, const Rational& middle) {
    return value <= low ? std::size_t{0} : value <= middle ? std::size_t{1} : std::size_t{2};
  };
  const auto of_horizon = [&](const Rational& steps) { return among(steps, Rational(2), Rational(5)); };
  if (!instance.assignment) return of_horizon(Rational(instance.horizon));
  const Assignment& assignment = *instance.assignment;
  if (assignment.signature->horizon) return of_horizon(assignment.number(*assignment.signature->horizon));
  if (assignment.signature->discount)
    return among(assignment.number(*assignment.signature->discount), Rational::ratio(1, 2),
                 Rational::ratio(3, 4));
  return 0;
}

Stratification stratification_of(const Instance& instance) {
  if (!instance.assignment) return instance.model ? Stratification::horizon : Stratification::none;
  const Signature& signature = *instance.assignment->signature;
  return signature.horizon    ? Stratification::horizon
         : signature.discount ? Stratification::discount
                              : Stratification::none;
}

int stratum_of(const Instance& instance) {
  switch (stratification_of(instance)) {
    case Stratification::horizon:
      return instance.assignment ? static_cast<int>(instance.assignment->steps()) : instance.horizon;
    case Stratification::discount: {
      const Rational& discount = instance.assignment->number(*instance.assignment->signature->discount);
      int tenth = 0;
      while (tenth < 9 && discount >= Rational::ratio(tenth + 1, 10)) ++tenth;
      return tenth;
    }
    case Stratification::none:
      break;
  }
  return 0;
}

void Summary::offer(const Record& record, std::size_t niche, bool witness) {
  if (witness) keep_better(tightest, record);
  keep_better(tightest_of[niche], record);
}

void Summary::offer(const Smallest& found) {
  const auto before = [](const Smallest& a, const Smallest& b) {
    if (a.witness != b.witness) return a.witness;
    return std::tie(a.size, a.instance) < std::tie(b.size, b.instance);
  };
  if (!counterexample || before(found, *counterexample)) counterexample = found;
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
  for (const auto& [stratum, bins] : other.by_stratum)
    for (std::size_t i = 0; i < bins.size(); ++i) by_stratum[stratum][i] += bins[i];
  for (const auto& [name, count] : other.classes) classes[name] += count;
  if (other.tightest) keep_better(tightest, *other.tightest);
  for (std::size_t niche = 0; niche < niches; ++niche)
    if (other.tightest_of[niche]) keep_better(tightest_of[niche], *other.tightest_of[niche]);
  if (other.counterexample) offer(*other.counterexample);
}

Verdict Summary::verdict() const {
  if (violated > 0) return Verdict::violated;
  // A run in which every instance was discarded has checked nothing.
  return undecided > 0 || instances == discarded ? Verdict::undecided : Verdict::holds;
}

}  // namespace lemmacheck
