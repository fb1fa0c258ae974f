#include "campaign/curves.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "language/transfer.hpp"
#include "mdp/distances.hpp"

namespace lemmacheck {
namespace {

/// What was seen of instances in one part of the range.
struct Sample {
  std::vector<double> tightness;
  std::optional<double> sharp;

  CurvePoint point(double at) {
    std::sort(tightness.begin(), tightness.end());
    const auto quantile = [&](double q) {
      return tightness[static_cast<std::size_t>(q * static_cast<double>(tightness.size() - 1))];
    };
    return {at, tightness.size(), quantile(0.1), quantile(0.5), quantile(0.9), tightness.back(), sharp};
  }
};

class Gathered {
 public:
  void add(double at, double tightness, std::optional<double> sharp) {
    Sample& sample = samples_[at];
    sample.tightness.push_back(tightness);
    if (sharp) sample.sharp = std::max(sample.sharp.value_or(*sharp), *sharp);
  }
  /// Nothing where there would be one point alone.
  void append_to(std::vector<Curve>& curves, Curve::By by, const std::string& of = "") {
    if (samples_.size() < 2) return;
    curves.push_back({by, of, {}});
    for (auto& [at, sample] : samples_) curves.back().points.push_back(sample.point(at));
  }

 private:
  std::map<double, Sample> samples_;
};

using Pair = std::pair<std::size_t, std::size_t>;

/// The first two tables of distributions over the same sets that an MDP or a policy may have.
std::optional<Pair> compared_parts(const Signature& signature) {
  for (const std::size_t from : {2, 1})
    for (std::size_t i = 0; i < signature.parts.size(); ++i)
      for (std::size_t j = i + 1; j < signature.parts.size(); ++j) {
        const PartShape &a = signature.parts[i], &b = signature.parts[j];
        if (a.kind == PartShape::Kind::rows && b.kind == a.kind && a.from.size() == from &&
            a.from == b.from && a.to == b.to && a.family == b.family)
          return Pair(i, j);
      }
  return std::nullopt;
}

/// The upper end of the range that a distance above 0 lies in: 2, 1, 1/2, 1/5, 1/10, ..., 1/1000.
double upper_end(const Rational& distance) {
  constexpr std::array<std::int64_t, 10> parts = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
  double end = 2;
  for (const std::int64_t part : parts)
    if (distance <= Rational::ratio(1, part)) end = 1.0 / static_cast<double>(part);
  return end;
}

std::optional<double> ceiling(const SharperLemma& sharper, const Claim& claim, const Instance& instance) {
  const ExactResult exact = evaluate_exactly(claim.formula, claim.relation, instance);
  if (!exact.point) return std::nullopt;
  const auto left = sharper.ceiling(instance, *exact.point);
  return left ? std::optional(left->approximate()) : std::nullopt;
}

double middle_of_tenth(int tenth) {
  return (static_cast<double>(tenth) + 0.5) / 10;
}

}  // namespace

std::vector<Curve> tightness_curves(const Claim& claim, const Claim* sharper, const Run& run,
                                    std::uint64_t most) {
  if (!claim.lemma || claim.relation != Relation::at_most) return {};
  std::optional<SharperLemma> left;
  if (sharper != nullptr && sharper->lemma) left.emplace(*sharper, claim);
  Stratification by = Stratification::none;
  std::optional<Pair> pair;
  std::string of;
  Gathered by_stratum, by_distance;
  for (std::uint64_t i = 0; i < std::min(run.instances, most); ++i) {
    const Instance instance = draw_instance(claim.domain, Setting{}, run.seed, run.first + i);
    constexpr double no_record_wanted = std::numeric_limits<double>::infinity();
    const FilteredResult result = evaluate(claim.formula, claim.relation, instance, no_record_wanted);
    if (!result.near_tightness || result.outcome == Outcome::discarded) continue;
    const double tightness = *result.near_tightness;
    const std::optional<double> sharp = left ? ceiling(*left, claim, instance) : std::nullopt;
    by = stratification_of(instance);
    if (by != Stratification::none) {
      const int stratum = stratum_of(instance);
      by_stratum.add(by == Stratification::horizon ? stratum : middle_of_tenth(stratum), tightness, sharp);
    }
    const Assignment& values = *instance.assignment;
    pair = compared_parts(*values.signature);
    if (!pair) continue;
    of = values.signature->parts[pair->first].name + ", " + values.signature->parts[pair->second].name;
    const Rational distance =
        max_row_l1_distance<Rational>(values.rows(pair->first), values.rows(pair->second));
    if (distance.sign() > 0) by_distance.add(upper_end(distance), tightness, sharp);
  }
  std::vector<Curve> curves;
  by_stratum.append_to(curves, by == Stratification::horizon ? Curve::By::horizon : Curve::By::discount);
  by_distance.append_to(curves, Curve::By::distance, of);
  return curves;
}

}  // namespace lemmacheck
