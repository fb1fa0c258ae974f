#include "claims/evaluate.hpp"

#include <algorithm>
#include <cmath>

namespace lemmacheck {
namespace {

int bin_of_tenths(double tenths) {
  return tenths <= 0 ? 0 : tenths > 10 ? above_one : static_cast<int>(std::ceil(tenths));
}

int bin_of(const Rational& tightness) {
  for (int k = 0; k <= 10; ++k)
    if (tightness <= Rational::ratio(k, 10)) return k;
  return above_one;
}

/// What the enclosures say of an instance's points.
struct Enclosed {
  bool settled = true;  ///< no point and no hypothesis is left open
  Outcome outcome = Outcome::holds;
  double lowest_max = -1, highest_max = -1;  ///< encloses the maximal tightness; negative: none is defined
  int bin = undefined_bin;
  std::vector<bool> wanted;  ///< points that exact arithmetic has to look at
};

/// Encloses `tightness`; an upper end of infinity where rhs may be 0 while lhs may not be.
Interval enclosed_tightness(const Sides<Interval>& sides, Truth truth) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (sides.lhs.upper() <= 0) return Interval(0);
  Interval ratio =
      sides.rhs.lower() > 0 ? max(sides.lhs, Interval(0)) / sides.rhs : Interval::between(0, infinity);
  if (truth == Truth::yes) ratio = min(ratio, Interval(1));
  return ratio;
}

class Filter {
 public:
  Filter(Relation relation, const Points<Interval>& points) : relation_(relation), points_(points) {}

  Enclosed judge() {
    Enclosed result;
    result.wanted.assign(points_.count(), false);
    if (points_.assumption() == Truth::no || points_.count() == 0) {
      result.outcome = Outcome::discarded;
      return result;
    }
    if (points_.assumption() == Truth::unknown) {
      result.settled = false;
      result.wanted.assign(points_.count(), true);
      return result;
    }
    for (const auto& entry : points_.entries()) judge_point(entry, result);
    if (result.highest_max >= 0) bin(result);
    return result;
  }

 private:
  void judge_point(const Points<Interval>::Entry& entry, Enclosed& result) {
    const Truth truth = holds(entry.sides.lhs, relation_, entry.sides.rhs);
    if (truth == Truth::no) result.outcome = Outcome::violated;
    if (truth == Truth::unknown) {
      result.settled = false;
      result.wanted[entry.ordinal] = true;
    }
    if (entry.sides.rhs.upper() <= 0) return;  // tightness is undefined for certain
    if (entry.sides.rhs.lower() <= 0) {
      // It may be undefined: only exact arithmetic can tell.
      result.settled = false;
      result.wanted[entry.ordinal] = true;
    }
    Interval ratio = enclosed_tightness(entry.sides, truth);
    if (std::isnan(ratio.lower()) || std::isnan(ratio.upper())) {
      ratio = Interval::between(0, std::numeric_limits<double>::infinity());
      result.settled = false;
      result.wanted[entry.ordinal] = true;
    }
    result.lowest_max = std::max(result.lowest_max, ratio.lower());
    result.highest_max = std::max(result.highest_max, ratio.upper());
    uppers_.emplace_back(entry.ordinal, ratio.upper());
  }

  void bin(Enclosed& result) {
    const Interval tenths = scaled(Interval::between(result.lowest_max, result.highest_max), 10);
    result.bin = bin_of_tenths(tenths.lower());
    if (result.bin != bin_of_tenths(tenths.upper())) result.settled = false;
    for (const auto& [ordinal, upper] : uppers_)
      if (!(upper < result.lowest_max)) result.wanted[ordinal] = true;
  }

  Relation relation_;
  const Points<Interval>& points_;
  std::vector<std::pair<std::size_t, double>> uppers_;
};

Enclosed enclose(const Formula& formula, Relation relation, const Instance& instance) {
  const RoundUpward upward;
  const View<Interval> view(instance);
  Points<Interval> points;
  formula.enclosed(view, points);
  return Filter(relation, points).judge();
}

template <class N>
ExactResult judge_exactly(const Points<N>& points, Relation relation) {
  ExactResult result;
  // Where nothing is compared nothing is checked.
  if (points.assumption() == Truth::no || points.count() == 0) {
    result.outcome = Outcome::discarded;
    return result;
  }
  for (const auto& entry : points.entries()) {
    const bool violated = holds(entry.sides.lhs, relation, entry.sides.rhs) == Truth::no;
    const auto ratio = relation == Relation::at_most ? tightness(entry.sides) : std::nullopt;
    const bool tighter = ratio && (!result.max_tightness || *result.max_tightness < *ratio);
    if (tighter) result.max_tightness = ratio;
    const bool first_violation = violated && result.outcome != Outcome::violated;
    if (!result.point || first_violation || (tighter && result.outcome != Outcome::violated))
      result.point = {entry.ordinal, entry.at, Sides<LogForm>{entry.sides.lhs, entry.sides.rhs}};
    if (violated) result.outcome = Outcome::violated;
  }
  return result;
}

ExactResult exact_at(const Formula& formula, Relation relation, const Instance& instance,
                     const std::vector<bool>* wanted) {
  const View<Rational> view(instance);
  if (formula.logarithmic) {
    Points<LogForm> points;
    formula.logarithmic(view, points);
    return judge_exactly(points, relation);
  }
  Points<Rational> points = wanted != nullptr ? Points<Rational>(*wanted) : Points<Rational>();
  formula.exact(view, points);
  return judge_exactly(points, relation);
}

/// What the exact result says where no enclosure was asked.
FilteredResult from_exact(const ExactResult& exact, Relation relation) {
  FilteredResult result;
  result.outcome = exact.outcome;
  result.used_exact = true;
  if (relation == Relation::equal || exact.outcome == Outcome::discarded) return result;
  result.max_tightness = exact.max_tightness;
  if (exact.max_tightness) result.bin = bin_of(*exact.max_tightness);
  return result;
}

}  // namespace

std::optional<Rational> tightness(const Sides<Rational>& sides) {
  if (sides.rhs.sign() <= 0) return std::nullopt;
  return sides.lhs.sign() <= 0 ? Rational(0) : sides.lhs / sides.rhs;
}

std::optional<Rational> tightness(const Sides<LogForm>& sides) {
  if (sides.rhs.sign() <= 0 || sides.lhs.is_infinite()) return std::nullopt;
  return sides.lhs.sign() <= 0 ? Rational(0) : lower_bound_of_ratio(sides.lhs, sides.rhs);
}

Points<LogForm> exact_points(const Formula& formula, const Instance& instance) {
  const View<Rational> view(instance);
  if (formula.logarithmic) {
    Points<LogForm> points;
    formula.logarithmic(view, points);
    return points;
  }
  Points<Rational> points;
  formula.exact(view, points);
  return points.as<LogForm>();
}

ExactResult evaluate_exactly(const Formula& formula, Relation relation, const Instance& instance) {
  return exact_at(formula, relation, instance, nullptr);
}

FilteredResult evaluate(const Formula& formula, Relation relation, const Instance& instance, double record) {
  // An enclosure can never confirm an equality of computed numbers.
  if (relation == Relation::equal || !formula.enclosed)
    return from_exact(evaluate_exactly(formula, relation, instance), relation);
  FilteredResult result;
  const Enclosed enclosed = enclose(formula, relation, instance);
  result.outcome = enclosed.outcome;
  result.bin = enclosed.bin;
  const bool may_be_record = enclosed.highest_max >= 0 && !(enclosed.highest_max < record);
  if (result.outcome == Outcome::discarded || (enclosed.settled && !may_be_record)) return result;

  const ExactResult exact = exact_at(formula, relation, instance, &enclosed.wanted);
  result.used_exact = true;
  if (exact.outcome == Outcome::discarded || exact.outcome == Outcome::violated)
    result.outcome = exact.outcome;
  result.max_tightness = exact.max_tightness;
  result.bin = exact.max_tightness ? bin_of(*exact.max_tightness) : undefined_bin;
  if (result.outcome == Outcome::discarded) result.bin = undefined_bin;
  return result;
}

}  // namespace lemmacheck
