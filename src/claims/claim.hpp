/// A claim: a relation between two exactly computable sides, over a domain of instances.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "claims/view.hpp"
#include "generate/domains.hpp"
#include "numeric/log_form.hpp"
#include "numeric/real_number.hpp"
#include "numeric/residue_interval.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck {

/// A comparison of a lemma's text: which one, and the values of the names that `for all` binds.
struct NamedPoint {
  int claim = 1;     ///< number of the claim, from 1; 0 for a step of a proof
  int relation = 1;  ///< number of the comparison in the claim, or of the step in the proof, from 1
  std::vector<std::pair<std::string, std::int64_t>> values;
  std::string printed;    ///< the relation as printed, "<=", ">=", ...
  bool reversed = false;  ///< the printed left side is the right side here
  bool operator==(const NamedPoint&) const = default;
};

/// Where, inside one instance, a claim is compared: "for every step h and state s" are such points.
struct Point {
  std::optional<Step> step;
  std::optional<State> state;
  std::optional<Action> action;
  std::optional<int> round;                      ///< of a loop, counted from 1; 0 is what stands before it
  std::shared_ptr<const NamedPoint> named = {};  ///< of a lemma's text
  bool operator==(const Point& other) const {
    const bool same_named = named == other.named || (named && other.named && *named == *other.named);
    return step == other.step && state == other.state && action == other.action && round == other.round &&
           same_named;
  }
};

template <class N>
struct Sides {
  N lhs, rhs;
  /// A term of the sides that helps the relation; tightness is then 1 - (rhs - lhs) / term.
  std::optional<N> term = {};
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
    Relation relation;
  };
  explicit Points(Relation relation) : relation_(relation) {}
  /// Computes the sides only where `wanted[ordinal]`.
  Points(Relation relation, const std::vector<bool>& wanted) : relation_(relation), wanted_(&wanted) {}

  /// `sides()` gives Sides{lhs, rhs}; it is called only where the answer is wanted.
  template <class F>
  void operator()(const Point& at, F&& sides) {
    if (next_is_wanted()) put(at, relation_, sides());
  }
  /// For claims whose sides take several steps: whether the next point's are wanted; counts it.
  bool next_is_wanted() {
    const std::size_t ordinal = count_++;
    return wanted_ == nullptr || ordinal >= wanted_->size() || (*wanted_)[ordinal];
  }
  /// The sides of the point that was counted last.
  void put(const Point& at, Relation relation, Sides<N> sides) {
    entries_->push_back({count_ - 1, at, std::move(sides), relation});
  }
  /// The point that was counted last has an undefined side: it counts neither for nor against.
  void put_undefined() { ++undefined_; }
  std::size_t undefined() const { return undefined_; }
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
    Points<M> wider(relation_);
    wider.count_ = count_;
    wider.undefined_ = undefined_;
    wider.assumption_ = assumption_;
    wider.named_ = named_;
    for (const Entry& entry : *entries_) {
      Sides<M> sides{entry.sides.lhs, entry.sides.rhs};
      if (entry.sides.term) sides.term = *entry.sides.term;
      wider.entries_->push_back({entry.ordinal, entry.at, std::move(sides), entry.relation});
    }
    return wider;
  }

  /// Whoever asks for verdicts and tightness alone needs no names for the points.
  void leave_unnamed() { named_ = false; }
  bool named() const { return named_; }

  Truth assumption() const { return assumption_; }
  std::size_t count() const { return count_; }
  const std::vector<Entry>& entries() const { return *entries_; }

 private:
  template <class M>
  friend class Points;
  Relation relation_;
  const std::vector<bool>* wanted_ = nullptr;
  std::size_t count_ = 0, undefined_ = 0;
  Truth assumption_ = Truth::yes;
  bool named_ = true;
  Scratch<Entry> entries_;
};

/// How often a path decided: a formula that it seldom helps (whose numbers have too many factors for
/// residues, say) stops asking. What is answered does not depend on it, only by which path.
class PathUse {
 public:
  /// Whether it decided at least that many of eight.
  bool pays(std::uint32_t eighths) const {
    const std::uint32_t asked = asked_.load(std::memory_order_relaxed);
    return asked < enough || decided_.load(std::memory_order_relaxed) >= asked / 8 * eighths;
  }
  void note(bool decided) {
    asked_.fetch_add(1, std::memory_order_relaxed);
    if (decided) decided_.fetch_add(1, std::memory_order_relaxed);
  }

 private:
  static constexpr std::uint32_t enough = 256;
  std::atomic<std::uint32_t> asked_{0}, decided_{0};
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
  /// Decides what enclosures leave open, most of the time; may be absent.
  std::function<void(const Instance&, Points<ResidueInterval>&)> with_residues;
  std::shared_ptr<PathUse> residue_use = std::make_shared<PathUse>();
  std::shared_ptr<PathUse> refutation_use = std::make_shared<PathUse>();  ///< of equalities, by enclosures
  std::function<void(const View<Rational>&, Points<Rational>&)> exact;    ///< or the next one
  std::function<void(const View<Rational>&, Points<LogForm>&)> logarithmic;
  /// Sides of any kind; called again with more bits while a comparison is unknown.
  std::function<void(const View<Rational>&, Points<RealNumber>&)> real;

  /// Sides that a lemma's text states: in rationals, or else of any kind.
  static Formula of_text(std::function<void(const View<Interval>&, Points<Interval>&)> enclosed,
                         std::function<void(const Instance&, Points<ResidueInterval>&)> with_residues,
                         std::function<void(const View<Rational>&, Points<Rational>&)> exact,
                         std::function<void(const View<Rational>&, Points<RealNumber>&)> real) {
    Formula result;
    result.enclosed = std::move(enclosed);
    result.with_residues = std::move(with_residues);
    result.exact = std::move(exact);
    result.real = std::move(real);
    return result;
  }

 private:
  Formula() = default;
};

enum class Verdict { holds, violated, undecided };

struct Lemma;

/// A claim made wrong on purpose: the harness must refute it, or it could not have refuted a false claim.
struct Mutant {
  std::string name;
  Formula formula;
};

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
  /// Whether an instance shows what the note tells: such instances are shown before all others, and
  /// tightness is theirs. Every instance does where it is empty. Verdicts do not depend on it.
  std::function<bool(const Instance&)> witness = {};
  /// An instance that refutes it or shows it tight, found by an earlier run: it is tried where a run does not
  /// find what is expected. May be empty.
  std::function<Instance()> known = {};
  std::vector<Mutant> mutants = {};
  /// The formula without one of the hypotheses that it checks itself, by the hypothesis' name.
  std::vector<Mutant> without = {};
  std::string section = {};     ///< of the notes; set by the ledger
  std::string expression = {};  ///< the right side as typed, for claims about typed bounds
  /// Of a claim that is a text: the lemma that was read. Then the text is complete by itself.
  std::shared_ptr<const Lemma> lemma = {};
  std::string lemma_text = {};
  std::string plain = {};          ///< its claims in plain notation
  std::string kind = {};           ///< printed, reading, slip, ablation, beyond; or empty
  bool expectation_stated = true;  ///< false: the author expects nothing, and it should hold
  std::string tested_term = {};    ///< what tightness is of, where it is not the whole side
  bool expected_tight = false;     ///< the best tightness must come within 1/100 of 1
  /// Where the author wrote it: file, line and column, from 1.
  std::string file = {};
  std::size_t line = 0, column = 0;
};

inline bool is_witness(const Claim& claim, const Instance& instance) {
  return !claim.witness || claim.witness(instance);
}

const char* to_string(Verdict verdict);
/// "<=" or "==".
const char* to_string(Relation relation);

}  // namespace lemmacheck
