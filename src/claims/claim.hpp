/// A claim: a relation between two exactly computable sides, over a domain of instances.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "claims/view.hpp"
#include "generate/domains.hpp"
#include "numeric/log_form.hpp"

namespace lemmacheck {

/// Where, inside one instance, a claim is compared: "for every step h and state s" are such points.
struct Point {
  std::optional<Step> step;
  std::optional<State> state;
  std::optional<Action> action;
  std::optional<int> round;  ///< of a loop, counted from 1; 0 is what stands before it
  bool operator==(const Point&) const = default;
};

template <class N>
struct Sides {
  N lhs, rhs;
};
template <class N>
Sides(N, N) -> Sides<N>;

/// Collects the sides at each point of an instance. A formula calls it once for each point, in a fixed order.
template <class N>
class Points {
 public:
  struct Entry {
    std::size_t ordinal;
    Point at;
    Sides<N> sides;
  };
  Points() = default;
  /// Computes the sides only where `wanted[ordinal]`.
  explicit Points(const std::vector<bool>& wanted) : wanted_(&wanted) {}

  /// `sides()` gives Sides{lhs, rhs}; it is called only where the answer is wanted.
  template <class F>
  void operator()(const Point& at, F&& sides) {
    const std::size_t ordinal = count_++;
    const bool wanted = wanted_ == nullptr || ordinal >= wanted_->size() || (*wanted_)[ordinal];
    if (wanted) entries_.push_back({ordinal, at, sides()});
  }
  /// For claims that compare once for an instance.
  void operator()(N lhs, N rhs) {
    (*this)(Point{}, [&] { return Sides<N>{std::move(lhs), std::move(rhs)}; });
  }
  /// A hypothesis that not every instance fulfils: the instance is discarded where it is not true.
  void assume(Truth truth) {
    if (truth == Truth::no || assumption_ == Truth::yes) assumption_ = truth;
  }

  /// The same points with sides of a wider number type.
  template <class M>
  Points<M> as() const {
    Points<M> wider;
    wider.count_ = count_;
    wider.assumption_ = assumption_;
    for (const Entry& entry : entries_)
      wider.entries_.push_back({entry.ordinal, entry.at, Sides<M>{entry.sides.lhs, entry.sides.rhs}});
    return wider;
  }

  Truth assumption() const { return assumption_; }
  std::size_t count() const { return count_; }
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  template <class M>
  friend class Points;
  const std::vector<bool>* wanted_ = nullptr;
  std::size_t count_ = 0;
  Truth assumption_ = Truth::yes;
  std::vector<Entry> entries_;
};

/// The two sides, written once as a generic function of a view and the points, for both number types.
struct Formula {
  template <class F>
  Formula(F formula) : enclosed(formula), exact(formula) {}
  /// Sides that enclosures cannot help with, because plans or choices stand behind them.
  template <class F>
  static Formula exactly(F formula) {
    Formula result;
    result.exact = formula;
    return result;
  }
  /// Sides with logarithms.
  template <class F>
  static Formula with_logarithms(F formula) {
    Formula result;
    result.logarithmic = formula;
    return result;
  }
  std::function<void(const View<Interval>&, Points<Interval>&)> enclosed;  ///< may be absent
  std::function<void(const View<Rational>&, Points<Rational>&)> exact;     ///< or the next one
  std::function<void(const View<Rational>&, Points<LogForm>&)> logarithmic;

 private:
  Formula() = default;
};

enum class Verdict { holds, violated, undecided };

/// A claim made wrong on purpose: the harness must refute it, or it could not have refuted a false claim.
struct Mutant {
  std::string name;
  Formula formula;
};

/// A step of a bound's proof, and what it gives away on one instance: the right side after it less before it.
struct ProofStep {
  std::string name;
  Rational loss;
};
/// The steps from the left side to the right one, in the proof's order: no loss is negative, and they sum to
/// the gap.
using Proof = std::function<std::vector<ProofStep>(const View<Rational>&)>;

struct Claim {
  std::string id;         ///< such as "sim.lemma"
  std::string source;     ///< such as "eq. (15.1)"
  std::string statement;  ///< LaTeX
  std::vector<std::string> hypotheses;
  Domain domain;
  Relation relation = Relation::at_most;
  Formula formula;
  Verdict expected = Verdict::holds;
  std::string corrected = {};  ///< the id of the right form, beside a claim that is false as printed
  std::string note = {};       ///< what is known about it, in a sentence or two
  std::vector<Mutant> mutants = {};
  /// The formula without one of the hypotheses that it checks itself, by the hypothesis' name.
  std::vector<Mutant> without = {};
  Proof proof = {};             ///< of a claim that compares once; may be absent
  std::string section = {};     ///< of the notes; set by the ledger
  std::string expression = {};  ///< the right side as typed, for claims about typed bounds
  /// The same claim as `lemmacheck try --for quantity` takes it, where it can be typed: {quantity, right
  /// side}.
  std::optional<std::pair<std::string, std::string>> as_typed = {};
};

const char* to_string(Verdict verdict);
/// "<=" or "==".
const char* to_string(Relation relation);

}  // namespace lemmacheck
