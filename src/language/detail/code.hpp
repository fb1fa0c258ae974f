/// Trees made ready for evaluation in the number type N. Private to the language layer.
#pragma once

#include <set>
#include <string>

#include "language/detail/frame.hpp"

namespace lemmacheck::detail {

template <class N>
struct NumberCode {
  virtual ~NumberCode() = default;
  virtual N eval(Frame<N>& frame) const = 0;
  /// Whether it is above 0, of a number whose text is `never_negative`: sums and products of such numbers
  /// need not be computed for it. It is undefined where the number is.
  virtual Truth positive(Frame<N>& frame) const { return Arithmetic<N>::is_less(N(0), eval(frame)); }
};
template <class N>
struct IndexCode {
  virtual ~IndexCode() = default;
  virtual std::int64_t eval(Frame<N>& frame) const = 0;
};
template <class N>
struct TruthCode {
  virtual ~TruthCode() = default;
  virtual Truth eval(Frame<N>& frame) const = 0;
};
/// A law over a set or a product of sets, flat. `own` has to live as long as the row: one that is made stands
/// there.
template <class N>
struct LawCode {
  virtual ~LawCode() = default;
  virtual RowRef<N> eval(Frame<N>& frame, std::vector<N>& own) const = 0;
  virtual N mass(Frame<N>& frame, std::size_t flat) const {
    std::vector<N> own;
    return eval(frame, own).probability(flat);
  }
  /// Whether that is above 0.
  virtual Truth has(Frame<N>& frame, std::size_t flat) const {
    return Arithmetic<N>::is_less(N(0), mass(frame, flat));
  }
};
/// A function of flat arguments: fields in norms, rewards, distances; `step` is that of a family, from 1, or
/// 0.
template <class N>
struct FieldCode {
  virtual ~FieldCode() = default;
  virtual N eval(Frame<N>& frame, std::int64_t step, std::size_t flat) const = 0;
};
/// A kernel or policy: its row for a flat condition, at a step counted from 1 (0: it has none).
template <class N>
struct RowsCode {
  virtual ~RowsCode() = default;
  virtual RowRef<N> eval(Frame<N>& frame, std::int64_t step, std::size_t condition) const = 0;
  virtual N mass(Frame<N>& frame, std::int64_t step, std::size_t condition, std::size_t column) const {
    return eval(frame, step, condition).probability(column);
  }
  /// The rows of the first `count` conditions, added to a list.
  virtual void append(Frame<N>& frame, std::int64_t step, std::size_t count,
                      std::vector<RowRef<N>>& list) const {
    for (std::size_t condition = 0; condition < count; ++condition)
      list.push_back(eval(frame, step, condition));
  }
  /// The step that the reference itself names, or 0.
  virtual std::int64_t own_step(Frame<N>&) const { return 0; }
  virtual bool family() const { return false; }
  /// Tells values of one reference apart: the id of a bound policy, or the step.
  virtual std::int64_t key(Frame<N>& frame) const { return own_step(frame); }
  /// The part of the instance that it is, as a whole.
  virtual std::optional<std::size_t> part() const { return std::nullopt; }
  /// The same as one object, where it is a policy that stands ready as such.
  virtual const MarkovPolicy* markov(Frame<N>&) const { return nullptr; }
};

template <class N>
using Number = std::unique_ptr<NumberCode<N>>;
template <class N>
using Index = std::unique_ptr<IndexCode<N>>;
template <class N>
using Condition = std::unique_ptr<TruthCode<N>>;

/// A definition's code: slots 0.. hold its step, then its elements and integers.
template <class N>
struct DefinitionCode {
  const Definition* definition = nullptr;
  bool has_step = false;
  std::size_t slots = 0, numbers = 0;     ///< how many of each its body needs
  std::size_t index_parameters = 0;       ///< without the step
  std::vector<std::size_t> element_sets;  ///< of the parameters that are elements, in order
  std::vector<std::size_t> outcome_sets;  ///< of a law's or kernel's outcomes, the last of these
  std::vector<bool> is_element;           ///< of each index parameter
  bool memoised = true;
  int stack_need = 0;  ///< of its bodies, in units of about 100 bytes
  std::vector<std::pair<std::int64_t, Number<N>>> bases;
  Number<N> body;
};

template <class N>
struct ModelCode {
  std::string name;
  std::size_t states = 0, actions = 0;  ///< sets
  std::unique_ptr<FieldCode<N>> reward;
  bool reward_family = false, transitions = false;
  std::optional<std::size_t> reward_part;
  std::unique_ptr<RowsCode<N>> kernel;
  std::unique_ptr<LawCode<N>> initial;
  Number<N> discount;
  Index<N> horizon;
  Criterion::Endless endless = Criterion::Endless::none;
};

/// Which values are asked for: a policy (or the best) in an MDP. Equal ones share what is computed.
template <class N>
struct SolverCode {
  std::size_t model = 0;
  std::shared_ptr<RowsCode<N>> policy;    ///< absent: the best
  std::unique_ptr<LawCode<N>> start_law;  ///< of an occupancy with a start of its own
  Index<N> start_state;
  bool volatile_start = false;  ///< the start depends on bound names: nothing can be kept
};

/// A learning loop: what it is made of.
template <class N>
struct LoopCode {
  /// A function over some of a set of rounds, the states and the actions.
  struct PairFunction {
    std::unique_ptr<FieldCode<N>> field;
    std::vector<std::size_t> sets;
    Place place;
    bool family = false;  ///< with a member for each step
    /// Where round, state and action stand among its arguments.
    std::optional<std::size_t> round_at, state_at, action_at;
  };
  const LearningLoop* loop = nullptr;
  std::size_t model = 0;
  std::unique_ptr<RowsCode<N>> start, expert, kernel;
  std::optional<PairFunction> known, hopes, ranks;
};

/// One comparison with the conditions under which it is made.
template <class N>
struct ComparisonCode {
  struct Loop {
    std::size_t slot;
    std::optional<std::size_t> set;  ///< over a set, or from low to high
    Index<N> low, high;
    std::string name;
  };
  std::vector<Loop> loops;
  std::vector<std::pair<std::size_t, Condition<N>>> filters;  ///< each after so many loops
  Number<N> lhs, rhs, term;                                   ///< term may be absent
  Relation relation = Relation::at_most;
  bool reversed = false;  ///< the printed left side is rhs
  const Comparison* text = nullptr;
  std::size_t slots = 0;
};

/// What an assumption says of the values of one function: value >= bound / factor, or <=, for all arguments.
template <class N>
struct BoundCode {
  bool lower = true, strict = false;
  Rational factor;  ///< of the function in the assumption, above 0
  Number<N> bound;  ///< its arguments stand in slots 0, 1, ..., in the order of `order`
  std::vector<std::size_t>
      order;  ///< argument i of the function stands in slot order[i]; the step last, if it is a family
  std::size_t slots = 0;
};

/// How one given is drawn and checked.
template <class N>
struct GivenCode {
  Number<N> low, high;                       ///< of its range
  std::optional<std::size_t> model, solver;  ///< of a plan
  std::unique_ptr<FieldCode<N>> objective;   ///< of states or of pairs
  bool of_pairs = false;
  Number<N> minimised;  ///< of argmin, its element in slot 0
  std::size_t slots = 0;
  std::vector<BoundCode<N>> bounds;
  std::set<std::string> bounded_by;     ///< the givens that the bounds depend on
  bool positive = false;                ///< an assumption says that no probability is 0
  std::optional<std::size_t> fixed_by;  ///< the assume that is an equation in it, linear
};

std::uint64_t next_program_number();

/// A whole lemma.
template <class N>
struct Program {
  std::uint64_t number = next_program_number();  ///< no two programs have the same
  std::shared_ptr<const Lemma> lemma;
  std::shared_ptr<const Signature> signature;
  const Program<Rational>* exact = nullptr;  ///< the program that constructed kernels are made by
  std::vector<DefinitionCode<N>> definitions;
  std::vector<ModelCode<N>> models;
  std::vector<SolverCode<N>> solvers;
  std::vector<LoopCode<N>> loops;
  std::vector<std::pair<Condition<N>, std::size_t>> assumes;  ///< and how many slots each needs
  std::vector<ComparisonCode<N>> comparisons;
  std::vector<GivenCode<N>> givens;
  std::size_t running = 0;  ///< how many sums and products run along trajectories
  std::size_t kept = 0;     ///< how many numbers are kept for the names that they depend on
  /// Of an assume that fixes a law: for all x: left = right.
  struct Equation {
    std::size_t set, slots;
    Number<N> left, right;
  };
  std::map<std::size_t, Equation> equations;
  std::vector<std::size_t> best_solvers;  ///< of each MDP that has values: its optimum
  std::vector<bool> irrational_rows;      ///< definitions of kernels whose entries are irrational
};

/// How many elements and integers a definition may have.
constexpr std::size_t most_arguments = 16;

/// Values of a definition for arguments that stand in `arguments` (the step first) and `numbers`.
template <class N>
N call(Frame<N>& frame, int definition, const std::int64_t* arguments, std::size_t count,
       std::vector<N>&& numbers);

template <class N>
const ModelData<N>& model_data(Frame<N>& frame, std::size_t model);
template <class N>
const SolvedValues<N>& solved_values(Frame<N>& frame, std::size_t solver);
/// The laws of s_h for h = 1.. up to `step` (from 1), or the discounted or limiting one at 0.
template <class N>
const std::vector<N>& occupancy(Frame<N>& frame, std::size_t solver, std::int64_t step);
template <class N>
const PolicyRows<N>& policy_rows(Frame<N>& frame, std::size_t solver);

}  // namespace lemmacheck::detail
