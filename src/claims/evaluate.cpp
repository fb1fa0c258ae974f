#include "claims/evaluate.hpp"

#include <algorithm>
#include <cmath>

namespace lemmacheck {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

int bin_of_tenths(double tenths) {
  return tenths <= 0 ? 0 : tenths > 10 ? above_one : static_cast<int>(std::ceil(tenths));
}

int bin_of(const Rational& tightness) {
  for (int k = 0; k <= 10; ++k)
    if (tightness <= Rational::ratio(k, 10)) return k;
  return above_one;
}

bool has_tightness(Relation relation) {
  return relation == Relation::at_most || relation == Relation::less;
}

/// What the enclosures say of an instance's points.
struct FilterAnswer {
  bool settled = true;  ///< no point and no hypothesis is left open
  Outcome outcome = Outcome::holds;
  double lowest_max = -1, highest_max = -1;  ///< encloses the maximal tightness; negative: none is defined
  double highest_ratio = -1;                 ///< the same of lhs / rhs, where tightness is of a term
  int bin = undefined_bin;
  bool compared = false;  ///< some point is certainly compared
  bool infinite = false;  ///< some side is, for certain
  bool unknown = false;   ///< nothing is known of some side
};

bool is_infinite(Interval value) {
  return value.lower() == infinity || value.upper() == -infinity;
}
/// Nothing is known of it, or not whether it is finite.
bool is_unknown(Interval value) {
  return !is_infinite(value) && !(std::isfinite(value.lower()) && std::isfinite(value.upper()));
}

/// Encloses lhs / rhs; an upper end of infinity where rhs may be 0 while lhs may not be.
Interval enclosed_ratio(const Sides<Interval>& sides) {
  if (sides.lhs.upper() <= 0) return Interval(0);
  return sides.rhs.lower() > 0 ? max(sides.lhs, Interval(0)) / sides.rhs : Interval::between(0, infinity);
}

class Filter {
 public:
  /// @param irrational  where exact tightness is rounded down to a multiple of 2^-40, tenths included.
  Filter(const Points<Interval>& points, bool irrational, bool tenth_wanted = true)
      : points_(points), irrational_(irrational), tenth_wanted_(tenth_wanted) {}

  FilterAnswer judge() {
    FilterAnswer result;
    if (points_.assumption() == Truth::unknown) {
      result.settled = false;
      return result;
    }
    if (points_.assumption() == Truth::no || points_.entries().empty()) {
      result.outcome = Outcome::discarded;
      return result;
    }
    for (const auto& entry : points_.entries()) {
      const Judged judged = judge_point(entry, result);
      result.settled = result.settled && !judged.open;
      result.highest_max = std::max(result.highest_max, judged.upper);
    }
    if (result.highest_max >= 0 && tenth_wanted_) bin(result);
    return result;
  }

  /// The points that exact arithmetic has to look at: open ones, and those that may be the tightest.
  std::vector<bool> wanted(const FilterAnswer& answer) {
    std::vector<bool> list(points_.count(), points_.assumption() == Truth::unknown);
    FilterAnswer again;
    for (const auto& entry : points_.entries()) {
      const Judged judged = judge_point(entry, again);
      if (judged.open || (judged.upper >= 0 && !(judged.upper < answer.lowest_max)))
        list[entry.ordinal] = true;
    }
    return list;
  }

 private:
  struct Judged {
    bool open = false;
    double upper = -1;  ///< of its tightness; negative: it has none
  };

  Judged judge_point(const Points<Interval>::Entry& entry, FilterAnswer& result) {
    const Sides<Interval>& sides = entry.sides;
    if (is_unknown(sides.lhs) || is_unknown(sides.rhs)) {
      result.unknown = true;
      return {true, infinity};
    }
    result.compared = true;
    result.infinite = result.infinite || is_infinite(sides.lhs) || is_infinite(sides.rhs);
    const Truth truth = holds(sides.lhs, entry.relation, sides.rhs);
    if (truth == Truth::no) result.outcome = Outcome::violated;
    Judged judged;
    judged.open = truth == Truth::unknown;
    if (!has_tightness(entry.relation)) return judged;
    const Interval& whole = sides.term ? *sides.term : sides.rhs;
    // Infinity has no tightness, but for a right side, of which nothing is needed.
    if (is_infinite(sides.lhs) || (sides.term && (is_infinite(whole) || is_infinite(sides.rhs))))
      return {true, infinity};
    if (sides.term && sides.rhs.upper() > 0)
      result.highest_ratio = std::max(result.highest_ratio, enclosed_ratio(sides).upper());
    if (whole.upper() <= 0) return judged;  // tightness is undefined for certain
    // It may be undefined: only exact arithmetic can tell.
    if (!(whole.lower() > 0)) judged.open = true;
    Interval ratio = sides.term ? enclosed_share(sides) : enclosed_ratio(sides);
    if (truth == Truth::yes) ratio = min(ratio, Interval(1));
    if (is_unknown(ratio)) {
      ratio = Interval::between(0, infinity);
      judged.open = true;
    }
    result.lowest_max = std::max(result.lowest_max, ratio.lower());
    judged.upper = ratio.upper();
    return judged;
  }

  static Interval enclosed_share(const Sides<Interval>& sides) {
    if (!(sides.term->lower() > 0)) return Interval::between(0, infinity);
    return max(Interval(1) - (sides.rhs - sides.lhs) / *sides.term, Interval(0));
  }

  void bin(FilterAnswer& result) {
    const Interval tenths =
        scaled(Interval::between(std::max(result.lowest_max, 0.0), result.highest_max), std::uint64_t{10});
    result.bin = bin_of_tenths(tenths.lower() - (irrational_ ? 0x1p-30 : 0));
    if (result.bin != bin_of_tenths(tenths.upper())) result.settled = false;
  }

  const Points<Interval>& points_;
  bool irrational_, tenth_wanted_;
};

FilterAnswer enclose(const Formula& formula, const Instance& instance, Points<Interval>& points,
                     bool tenth_wanted) {
  const RoundUpward upward;
  const View<Interval> view(instance);
  formula.enclosed(view, points);
  return Filter(points, formula.real != nullptr, tenth_wanted).judge();
}

std::vector<bool> wanted_points(const Formula& formula, const Points<Interval>& points,
                                const FilterAnswer& answer) {
  const RoundUpward upward;
  return Filter(points, formula.real != nullptr).wanted(answer);
}

template <class N>
std::optional<Rational> share_of_term(const Sides<N>& sides);

template <>
std::optional<Rational> share_of_term(const Sides<Rational>& sides) {
  if (sides.term->sign() <= 0) return std::nullopt;
  return max(Rational(1) - (sides.rhs - sides.lhs) / *sides.term, Rational(0));
}

/// The number, or the largest multiple of 2^-40 below it where it is irrational: how far it was enclosed is
/// not to be seen.
Rational lower_bound(const RealNumber& value) {
  if (const auto number = value.rational()) return *number;
  const Rational steps = pow(Rational(2), 40);
  return floor(value.enclosure().lower * steps) / steps;
}

/// A lower bound of the share, exact where the sides are rational.
template <>
std::optional<Rational> share_of_term(const Sides<RealNumber>& sides) {
  if (sides.term->sign().value_or(0) <= 0 || sides.term->is_infinite() || sides.lhs.is_infinite() ||
      sides.rhs.is_infinite())
    return std::nullopt;
  try {
    const RealNumber share = RealNumber(1) - (sides.rhs - sides.lhs) / *sides.term;
    return max(lower_bound(share), Rational(0));
  } catch (const UndecidedValue&) {
    return std::nullopt;
  }
}

bool is_infinite(const Rational&) {
  return false;
}
bool is_infinite(const RealNumber& value) {
  return value.is_infinite();
}

/// Points, a record of the tightest or the violated one.
template <class N>
ExactResult judge_exactly(const Points<N>& points) {
  ExactResult result;
  result.undefined = points.undefined() > 0;
  if (points.assumption() == Truth::unknown) {
    result.outcome = Outcome::undecided;
    return result;
  }
  // Where nothing is compared nothing is checked.
  if (points.assumption() == Truth::no || points.entries().empty()) {
    result.outcome = Outcome::discarded;
    return result;
  }
  bool undecided = false;
  const auto raise = [](std::optional<Rational>& best, const std::optional<Rational>& value) {
    if (value && (!best || *best < *value)) best = value;
  };
  for (const auto& entry : points.entries()) {
    const Truth truth = holds(entry.sides.lhs, entry.relation, entry.sides.rhs);
    result.infinite = result.infinite || is_infinite(entry.sides.lhs) || is_infinite(entry.sides.rhs);
    undecided = undecided || truth == Truth::unknown;
    const bool violated = truth == Truth::no;
    std::optional<Rational> share;
    if (has_tightness(entry.relation)) {
      share = tightness(entry.sides);
      if (entry.sides.term) raise(result.max_ratio, tightness(Sides<N>{entry.sides.lhs, entry.sides.rhs}));
    }
    const bool tighter = share && (!result.max_tightness || *result.max_tightness < *share);
    if (tighter) result.max_tightness = share;
    const bool first_violation = violated && result.outcome != Outcome::violated;
    if (!points.named()) {
      if (!result.point) result.point.emplace();
    } else if (!result.point || first_violation || (tighter && result.outcome != Outcome::violated)) {
      Sides<RealNumber> sides{entry.sides.lhs, entry.sides.rhs};
      if (entry.sides.term) sides.term = *entry.sides.term;
      result.point = {entry.ordinal, entry.at, std::move(sides), entry.relation};
    }
    if (violated) result.outcome = Outcome::violated;
  }
  if (undecided && result.outcome == Outcome::holds) result.outcome = Outcome::undecided;
  if (!result.max_ratio) result.max_ratio = result.max_tightness;
  return result;
}

/// What is asked of exact arithmetic.
struct Question {
  const std::vector<bool>* wanted = nullptr;  ///< points, or all
  bool named = true;                          ///< whether the answer tells where
  template <class N>
  Points<N> points(Relation relation) const {
    Points<N> points = wanted != nullptr ? Points<N>(relation, *wanted) : Points<N>(relation);
    if (!named) points.leave_unnamed();
    return points;
  }
};

/// The points of a formula with enclosed sides, with as many bits as its comparisons take.
Points<RealNumber> real_points(const Formula& formula, Relation relation, const Instance& instance,
                               const Question& question) {
  constexpr unsigned most_bits = 4096;
  for (unsigned bits = 128;; bits *= 4) {
    const RealPrecision precision(bits);
    const View<Rational> view(instance);
    auto points = question.points<RealNumber>(relation);
    bool decided = true;
    try {
      formula.real(view, points);
    } catch (const UndecidedValue&) {
      if (bits < most_bits) continue;
      points = Points<RealNumber>(relation);
      points.assume(Truth::unknown);
      return points;
    }
    decided = points.assumption() != Truth::unknown;
    for (const auto& entry : points.entries())
      decided = decided && holds(entry.sides.lhs, entry.relation, entry.sides.rhs) != Truth::unknown;
    if (decided || bits >= most_bits) return points;
  }
}

ExactResult exact_at(const Formula& formula, Relation relation, const Instance& instance,
                     const Question& question) {
  if (formula.real) return judge_exactly(real_points(formula, relation, instance, question));
  const View<Rational> view(instance);
  if (formula.logarithmic) {
    Points<LogForm> points(relation);
    formula.logarithmic(view, points);
    return judge_exactly(points.as<RealNumber>());
  }
  auto points = question.points<Rational>(relation);
  formula.exact(view, points);
  return judge_exactly(points);
}

/// A quotient whose parts carry residues; the divisor is positive.
struct ResidueRatio {
  ResidueInterval above, below;
  Interval enclosure() const { return above.enclosure() / below.enclosure(); }
};

Truth is_at_most(const ResidueRatio& a, const ResidueRatio& b) {
  return is_at_most(a.above * b.below, b.above * a.below);
}
Truth is_at_most(const ResidueRatio& a, const Rational& b) {
  return is_at_most(a.above, ResidueInterval::from(b) * a.below);
}

/// Decides points as `judge_exactly` does, without exact arithmetic; nothing where it cannot.
class ResidueJudge {
 public:
  explicit ResidueJudge(const Points<ResidueInterval>& points) : points_(points) {}

  /// @param known  what the result need not tell.
  std::optional<FilteredResult> judge(const KnownBest& known) {
    if (points_.assumption() == Truth::unknown) return std::nullopt;
    FilteredResult result;
    if (points_.assumption() == Truth::no || points_.entries().empty()) {
      result.outcome = Outcome::discarded;
      return result;
    }
    for (const auto& entry : points_.entries())
      if (!judge_point(entry, result)) return std::nullopt;
    if (ratio_ && !is_known(ratio_, known.ratio, result.max_ratio)) return std::nullopt;
    if (!best_) return result;
    if (!is_known(best_, known.tightness, result.max_tightness)) return std::nullopt;
    if (known.tenth_wanted) {
      const auto bin = bin_of_ratio(*best_);
      if (!bin) return std::nullopt;
      result.bin = *bin;
    }
    result.near_tightness = best_->enclosure().lower();
    return result;
  }

 private:
  static bool is_unknown_side(const ResidueInterval& side) { return is_unknown(side.enclosure()); }

  /// False where something stays open.
  bool judge_point(const Points<ResidueInterval>::Entry& entry, FilteredResult& result) {
    const Sides<ResidueInterval>& sides = entry.sides;
    if (is_unknown_side(sides.lhs) || is_unknown_side(sides.rhs)) return false;
    const Truth truth = holds(sides.lhs, entry.relation, sides.rhs);
    if (truth == Truth::unknown) return false;
    if (truth == Truth::no) result.outcome = Outcome::violated;
    if (!has_tightness(entry.relation)) return true;
    if (sides.term && !raise(ratio_, sides.lhs, sides.rhs)) return false;
    if (!sides.term) return raise(best_, sides.lhs, sides.rhs);
    return raise(best_, *sides.term - sides.rhs + sides.lhs, *sides.term);
  }

  /// The larger of the best and max(above, 0) / below, which is undefined for below <= 0.
  static bool raise(std::optional<ResidueRatio>& best, const ResidueInterval& above,
                    const ResidueInterval& below) {
    const auto of_below = below.sign(), of_above = above.sign();
    if (!of_below || !of_above) return false;
    if (*of_below <= 0) return true;
    const ResidueRatio ratio{*of_above > 0 ? above : ResidueInterval(), below};
    const Truth lower = best ? is_at_most(ratio, *best) : Truth::no;
    if (lower == Truth::no) best = ratio;
    return lower != Truth::unknown;
  }

  /// Whether the ratio is below what is known, or equal to it, which `value` then tells.
  static bool is_known(const std::optional<ResidueRatio>& ratio, const Rational* known,
                       std::optional<Rational>& value) {
    if (known == nullptr) return false;
    const ResidueInterval above = ratio->above, below = ResidueInterval::from(*known) * ratio->below;
    if (is_equal(above, below) == Truth::yes) {
      value = *known;
      return true;
    }
    return is_at_most(above, below) == Truth::yes;
  }

  static std::optional<int> bin_of_ratio(const ResidueRatio& ratio) {
    const Interval tenths = scaled(ratio.enclosure(), std::uint64_t{10});
    if (is_unknown(tenths)) return std::nullopt;
    int bin = bin_of_tenths(tenths.lower());
    const int last = bin_of_tenths(tenths.upper());
    for (; bin < last; ++bin) {
      const Truth within = is_at_most(ratio, Rational::ratio(bin, 10));
      if (within == Truth::unknown) return std::nullopt;
      if (within == Truth::yes) break;
    }
    return bin;
  }

  const Points<ResidueInterval>& points_;
  std::optional<ResidueRatio> best_, ratio_;
};

std::optional<FilteredResult> decide_with_residues(const Formula& formula, Relation relation,
                                                   const Instance& instance, const std::vector<bool>* wanted,
                                                   const KnownBest& known) {
  if (!formula.with_residues || !formula.residue_use->pays(6)) return std::nullopt;
  // Residues compare with what is known, and tell no number.
  if (has_tightness(relation) && known.tightness == nullptr) return std::nullopt;
  const RoundUpward upward;
  const auto decided_by = [&](Modulus modulus, ResidueInterval::Tests& tests) {
    const ResidueInterval::Evaluation evaluation(modulus, &tests);
    Points<ResidueInterval> points =
        wanted != nullptr ? Points<ResidueInterval>(relation, *wanted) : Points<ResidueInterval>(relation);
    formula.with_residues(instance, points);
    return ResidueJudge(points).judge(known);
  };
  thread_local ResidueInterval::Tests first, second;
  for (auto* tests : {&first, &second}) {
    tests->answers.clear();
    tests->open = false;
  }
  std::optional<FilteredResult> decided = decided_by(Modulus::first, first);
  if (decided && first.open) {
    decided = decided_by(Modulus::second, second);
    if (first.answers != second.answers) decided.reset();
  }
  formula.residue_use->note(decided.has_value());
  return decided;
}

/// Enclosures never confirm an equality of computed numbers; what they can tell is that one is wrong, or that
/// a hypothesis is not met.
std::optional<FilteredResult> refute_with_enclosures(const Formula& formula, const Instance& instance) {
  // Sides with logarithms cost many times what their enclosures do.
  if (!formula.enclosed || !formula.refutation_use->pays(formula.real ? 1 : 4)) return std::nullopt;
  Points<Interval> points(Relation::equal);
  const FilterAnswer answer = enclose(formula, instance, points, false);
  const bool refuted = answer.outcome == Outcome::violated && !answer.unknown;
  const bool decided = refuted || answer.outcome == Outcome::discarded;
  formula.refutation_use->note(decided);
  if (!decided) return std::nullopt;
  FilteredResult result;
  result.outcome = answer.outcome;
  result.infinite = answer.infinite;
  return result;
}

/// What the exact result says where no enclosure was asked.
FilteredResult from_exact(const ExactResult& exact, Relation relation) {
  FilteredResult result;
  result.outcome = exact.outcome;
  result.used_exact = true;
  result.undefined = exact.undefined;
  result.infinite = exact.infinite;
  if (!has_tightness(relation) || exact.outcome == Outcome::discarded) return result;
  result.max_tightness = exact.max_tightness;
  result.max_ratio = exact.max_ratio;
  if (exact.max_tightness) {
    result.bin = bin_of(*exact.max_tightness);
    result.near_tightness = exact.max_tightness->enclose().lower;
  }
  return result;
}

}  // namespace

std::optional<Rational> tightness(const Sides<Rational>& sides) {
  if (sides.term) return share_of_term(sides);
  if (sides.rhs.sign() <= 0) return std::nullopt;
  return sides.lhs.sign() <= 0 ? Rational(0) : sides.lhs / sides.rhs;
}

std::optional<Rational> tightness(const Sides<RealNumber>& sides) {
  if (sides.term) return share_of_term(sides);
  if (sides.rhs.sign().value_or(0) <= 0 || sides.lhs.is_infinite()) return std::nullopt;
  if (sides.lhs.sign().value_or(1) <= 0 || sides.rhs.is_infinite()) return Rational(0);
  if (!sides.lhs.is_enclosed() && !sides.rhs.is_enclosed())
    return lower_bound_of_ratio(sides.lhs.form(), sides.rhs.form());
  try {
    return max(lower_bound(sides.lhs / sides.rhs), Rational(0));
  } catch (const UndecidedValue&) {
    return std::nullopt;
  }
}

Points<RealNumber> exact_points(const Formula& formula, Relation relation, const Instance& instance) {
  if (formula.real) return real_points(formula, relation, instance, {});
  const View<Rational> view(instance);
  if (formula.logarithmic) {
    Points<LogForm> points(relation);
    formula.logarithmic(view, points);
    return points.as<RealNumber>();
  }
  Points<Rational> points(relation);
  formula.exact(view, points);
  return points.as<RealNumber>();
}

ExactResult evaluate_exactly(const Formula& formula, Relation relation, const Instance& instance) {
  return exact_at(formula, relation, instance, {});
}

FilteredResult evaluate(const Formula& formula, Relation relation, const Instance& instance, double record,
                        double ratio_record, const KnownBest& known) {
  if (relation == Relation::equal || !formula.enclosed) {
    if (auto decided = decide_with_residues(formula, relation, instance, nullptr, known)) return *decided;
    if (relation == Relation::equal)
      if (const auto decided = refute_with_enclosures(formula, instance)) return *decided;
    return from_exact(exact_at(formula, relation, instance, {.named = false}), relation);
  }
  FilteredResult result;
  Points<Interval> points(relation);
  const FilterAnswer enclosed = enclose(formula, instance, points, known.tenth_wanted);
  result.outcome = enclosed.outcome;
  result.bin = enclosed.bin;
  result.infinite = enclosed.infinite;
  if (enclosed.lowest_max >= 0) result.near_tightness = enclosed.lowest_max;
  const bool may_be_record = (enclosed.highest_max >= 0 && !(enclosed.highest_max < record)) ||
                             (enclosed.highest_ratio >= 0 && !(enclosed.highest_ratio < ratio_record));
  if (result.outcome == Outcome::discarded || (enclosed.settled && !may_be_record)) return result;

  // A ratio of another point than the tightest may be the record.
  const bool all = enclosed.highest_ratio >= 0 && !(enclosed.highest_ratio < ratio_record);
  const std::vector<bool> list = all ? std::vector<bool>{} : wanted_points(formula, points, enclosed);
  const std::vector<bool>* wanted = all ? nullptr : &list;
  if (const auto decided = decide_with_residues(formula, relation, instance, wanted, known);
      decided && (decided->outcome != Outcome::discarded || !enclosed.compared)) {
    if (decided->outcome != Outcome::holds && result.outcome != Outcome::violated)
      result.outcome = decided->outcome;
    result.bin = decided->bin;
    result.max_tightness = decided->max_tightness;
    result.max_ratio = decided->max_ratio;
    if (decided->near_tightness) result.near_tightness = decided->near_tightness;
    return result;
  }
  const ExactResult exact = exact_at(formula, relation, instance, {wanted, false});
  result.used_exact = true;
  // Enclosures have settled it, whoever asks for a record: only its tightness stays unknown.
  if (enclosed.settled && exact.outcome == Outcome::undecided) return result;
  result.undefined = exact.undefined;
  result.infinite = result.infinite || exact.infinite;
  const bool nothing_open =
      exact.outcome == Outcome::discarded && enclosed.compared && exact.point == std::nullopt;
  if (exact.outcome == Outcome::violated || exact.outcome == Outcome::undecided ||
      (exact.outcome == Outcome::discarded && !nothing_open))
    if (result.outcome != Outcome::violated) result.outcome = exact.outcome;
  result.max_tightness = exact.max_tightness;
  result.max_ratio = exact.max_ratio;
  if (exact.max_tightness) result.near_tightness = exact.max_tightness->enclose().lower;
  const bool has_bin = nothing_open && enclosed.lowest_max >= 0;
  result.bin = exact.max_tightness ? bin_of(*exact.max_tightness) : has_bin ? result.bin : undefined_bin;
  if (result.outcome == Outcome::discarded) result.bin = undefined_bin;
  return result;
}

}  // namespace lemmacheck
