#include "campaign/vacuity.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace lemmacheck {
namespace {

struct Compared {
  Step horizon;
  double lhs, rhs;
};

Step horizon_of(const Instance& instance) {
  if (!instance.assignment) return instance.horizon;
  return instance.assignment->signature->horizon ? static_cast<Step>(instance.assignment->steps()) : 0;
}

/// The points of an instance that compare by <= or <.
std::vector<Compared> compared_points(const Points<RealNumber>& points, Step horizon) {
  std::vector<Compared> list;
  for (const auto& entry : points.entries())
    if (entry.relation == Relation::at_most || entry.relation == Relation::less)
      list.push_back({horizon, entry.sides.lhs.approximate(), entry.sides.rhs.approximate()});
  return list;
}

}  // namespace

double Vacuity::share() const {
  return compared == 0 ? 0.0 : static_cast<double>(informative) / static_cast<double>(compared);
}

Vacuity vacuity_of(const Claim& claim, const Run& run, std::uint64_t most) {
  Vacuity result;
  std::vector<std::vector<Compared>> seen;
  std::map<Step, double> largest;
  for (std::uint64_t i = 0; i < std::min(run.instances, most); ++i) {
    const Instance instance = draw_instance(claim.domain, Setting{}, run.seed, run.first + i);
    ++result.sampled;
    const Points<RealNumber> points = exact_points(claim.formula, claim.relation, instance);
    if (points.assumption() != Truth::yes || (points.entries().empty() && points.undefined() == 0)) continue;
    ++result.met;
    std::vector<Compared> list = compared_points(points, horizon_of(instance));
    for (const Compared& point : list) {
      double& high = largest[point.horizon];
      if (std::isfinite(point.lhs)) high = std::max(high, point.lhs);
    }
    if (!list.empty()) seen.push_back(std::move(list));
  }
  for (const std::vector<Compared>& list : seen) {
    const auto some = [&](auto&& condition) { return std::any_of(list.begin(), list.end(), condition); };
    const auto is_positive = [](const Compared& point) { return point.lhs > 0; };
    ++result.compared;
    if (some([&](const Compared& p) { return is_positive(p) && p.rhs < largest[p.horizon]; }))
      ++result.informative;
    else if (!some(is_positive))
      ++result.no_left;
    else if (!some([&](const Compared& p) { return is_positive(p) && std::isfinite(p.rhs); }))
      ++result.infinite;
    else
      ++result.out_of_reach;
  }
  return result;
}

}  // namespace lemmacheck
