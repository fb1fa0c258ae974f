/// One instance of a lemma while it is evaluated in one number type. Private to the language layer.
#pragma once

#include <algorithm>
#include <exception>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "generate/assignment.hpp"
#include "language/detail/arithmetic.hpp"
#include "language/lemma.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/stochastic_matrix.hpp"

namespace lemmacheck::detail {

/// A row of a kernel, policy or distribution: of a sparse matrix, or of dense numbers. It owns nothing.
template <class N>
struct RowRef {
  const StochasticMatrix* matrix = nullptr;
  std::size_t row = 0;
  const N* dense = nullptr;
  std::size_t columns = 0;

  /// E f(column) over the outcomes of positive probability.
  template <class F>
  N expectation(F&& f) const {
    if (matrix != nullptr)
      return lemmacheck::expectation<N>(*matrix, row, [&](std::uint32_t column) { return f(column); });
    N total{};
    for (std::size_t i = 0; i < columns; ++i)
      if (!Arithmetic<N>::is_zero(dense[i])) total += dense[i] * f(static_cast<std::uint32_t>(i));
    return total;
  }
  /// The same of an array that columns number.
  N expectation(const N* values) const {
    if (matrix != nullptr) return lemmacheck::expectation<N>(*matrix, row, values);
    return expectation([values](std::uint32_t column) -> const N& { return values[column]; });
  }
  template <class F>
  void each(F&& f) const {
    if (matrix != nullptr) {
      for (std::size_t e = matrix->row_begin(row); e != matrix->row_end(row); ++e)
        f(matrix->column(e), mass_of(e));
      return;
    }
    for (std::size_t i = 0; i < columns; ++i)
      if (!Arithmetic<N>::is_zero(dense[i])) f(static_cast<std::uint32_t>(i), dense[i]);
  }
  /// f(column, mass x probability) over the same.
  template <class F>
  void spread(const N& mass, F&& f) const {
    if (matrix != nullptr && matrix->row_end(row) - matrix->row_begin(row) == 1)
      return f(matrix->column(matrix->row_begin(row)), mass);
    each([&](std::uint32_t column, const N& p) { f(column, mass * p); });
  }
  /// The outcomes of positive probability.
  template <class F>
  void each_outcome(F&& f) const {
    if (matrix != nullptr)
      for (const std::uint32_t column : matrix->row_columns(row)) f(column);
    else
      each([&](std::uint32_t column, const N&) { f(column); });
  }
  /// Whether both are rows of natural numbers that give the same probabilities.
  bool same_words(const RowRef& other) const {
    if (matrix == nullptr || other.matrix == nullptr) return false;
    const StochasticMatrix &a = *matrix, &b = *other.matrix;
    if (!a.has_words() || !b.has_words() || !std::ranges::equal(a.row_columns(row), b.row_columns(other.row)))
      return false;
    const std::size_t first = a.row_begin(row), other_first = b.row_begin(other.row);
    for (std::size_t i = 0; first + i < a.row_end(row); ++i)
      if (!same_probability(a, first + i, b, other_first + i)) return false;
    return true;
  }
  N probability(std::size_t column) const {
    if (matrix == nullptr) return dense[column];
    const auto list = matrix->row_columns(row);
    for (std::size_t i = 0; i < list.size(); ++i)
      if (list[i] == column) return mass_of(matrix->row_begin(row) + i);
    return N{};
  }

 private:
  N mass_of(std::size_t entry) const {
    if (matrix->has_words())
      return N::ratio(static_cast<std::int64_t>(matrix->word(entry)), matrix->denominator());
    return N::from(matrix->probability(entry));
  }
};

/// The first rows of a matrix, added to a list.
template <class N>
void list_rows(const StochasticMatrix& matrix, std::size_t count, std::vector<RowRef<N>>& list) {
  list.reserve(list.size() + count);
  for (std::size_t row = 0; row < count; ++row) list.push_back({&matrix, row, nullptr, matrix.columns()});
}

template <class N>
struct Program;
template <class N>
struct Frame;

/// What was computed of each policy, by its key. What is cleared keeps its storage for the next instance.
template <class T>
class Reused {
 public:
  using Node = std::unique_ptr<std::pair<std::int64_t, T>>;
  T* find(std::int64_t key) {
    for (const Node& node : kept_)
      if (node->first == key) return &node->second;
    return nullptr;
  }
  /// An empty T, to be filled and then kept.
  Node take() {
    if (spare_.empty()) return std::make_unique<std::pair<std::int64_t, T>>();
    Node node = std::move(spare_.back());
    spare_.pop_back();
    node->second.clear();
    return node;
  }
  T& keep(std::int64_t key, Node node) {
    node->first = key;
    kept_.push_back(std::move(node));
    return kept_.back()->second;
  }
  void clear() {
    std::move(kept_.begin(), kept_.end(), std::back_inserter(spare_));
    kept_.clear();
  }

 private:
  std::vector<Node> kept_, spare_;
};

/// Values of one policy, or of the best, in one MDP: V_h(s), h = 1..H+1, or V(s) where there is no horizon.
template <class N>
struct SolvedValues {
  std::vector<N> values;               ///< (steps + 1) x S
  std::unique_ptr<ExactValues> exact;  ///< instead, for Rational
  std::vector<N> bias;                 ///< of averages, whose `values` are gains
  std::vector<bool> finite;            ///< of totals: where there is one
  mutable std::optional<N> mean;       ///< J, once it was asked for
  std::size_t states = 0;
  /// @throws UndefinedValue for a total that is not finite.
  void require_finite(std::size_t state) const {
    if (!finite.empty() && !finite[state]) throw UndefinedValue("a total that is not finite");
  }
  N at(std::size_t step_from_0, std::size_t state) const {
    if constexpr (std::is_same_v<N, Rational>)
      if (exact)
        return (*exact)(static_cast<Step>(step_from_0) + 1, State{static_cast<std::uint32_t>(state)});
    return values[step_from_0 * states + state];
  }
  void clear() {
    values.clear();
    exact.reset();
    mean.reset();
    bias.clear();
    finite.clear();
  }
};

/// Where one policy is in one MDP, by step: at 0 the discounted or limiting law. What is not known is empty.
template <class N>
struct OccupancyLaws {
  std::vector<std::vector<N>> states;  ///< over S
  std::vector<std::vector<N>> pairs;   ///< over S x A
  static std::vector<N>& at(std::vector<std::vector<N>>& laws, std::size_t step) {
    if (laws.size() <= step) laws.resize(step + 1);
    return laws[step];
  }
  void clear() {
    for (auto& law : states) law.clear();
    for (auto& law : pairs) law.clear();
  }
};

/// Where a policy may be, by step from 1: flags of states and of pairs. What is not known is empty.
struct Visits {
  using Flags = std::vector<unsigned char>;
  std::vector<Flags> states, pairs;
  void clear() {
    for (auto* list : {&states, &pairs})
      for (Flags& flags : *list) flags.clear();
  }
};

/// An MDP's components on one instance.
template <class N>
struct ModelData {
  std::size_t states = 0, actions = 0;
  std::optional<std::int64_t> horizon;
  std::optional<N> discount;
  std::size_t reward_steps = 1;
  std::vector<N>
      rewards;  ///< reward_steps x S x A, expected over next states; empty where they are a given's table,
  Frame<N>* reward_frame = nullptr;  ///< which is made by this one when it is first asked for
  std::size_t reward_part = 0;
  std::size_t kernel_steps = 1;
  const StochasticMatrix* given_kernel = nullptr;  ///< where it is a given's, the same at every step
  const RewardTable* given_table = nullptr;        ///< likewise
  mutable std::vector<RowRef<N>>
      kernels;  ///< kernel_steps x S A rows; a given's are listed when first asked for
  std::optional<RowRef<N>> initial;
  std::vector<N> own_initial;              ///< what `initial` refers to, where that is made
  std::shared_ptr<const FiniteMdp> plain;  ///< where all components are given, stationary and undiscounted
  Criterion::Endless endless = Criterion::Endless::none;
  mutable std::shared_ptr<const FiniteMdp> rational;  ///< of an endless one; made when it is first asked for

  const N& reward(std::size_t step, std::size_t row) const {
    const std::vector<N>& list = reward_frame != nullptr ? reward_frame->table(reward_part) : rewards;
    return list[(reward_steps > 1 ? step : 0) * states * actions + row];
  }
  const RowRef<N>& kernel(std::size_t step, std::size_t row) const {
    if (kernels.empty()) list_rows(*given_kernel, states * actions, kernels);
    return kernels[(kernel_steps > 1 ? step : 0) * states * actions + row];
  }
  bool made = false;  ///< for the frame's instance
  void clear() {
    made = false;
    horizon.reset();
    discount.reset();
    rewards.clear();
    reward_frame = nullptr;
    given_kernel = nullptr;
    given_table = nullptr;
    kernels.clear();
    initial.reset();
    plain.reset();
    rational.reset();
  }
};

/// A policy's rows: step (from 0), state.
template <class N>
struct PolicyRows {
  std::size_t steps = 1, states = 0;
  const StochasticMatrix* given = nullptr;  ///< where it is a given's, the same at every step
  mutable std::vector<RowRef<N>> rows;      ///< steps x S; a given's are listed when first asked for
  const MarkovPolicy* markov = nullptr;     ///< the same as one object, if it is a given
  const RowRef<N>& row(std::size_t step, std::size_t state) const {
    if (rows.empty()) list_rows(*given, states, rows);
    return rows[(steps > 1 ? step : 0) * states + state];
  }
  void clear() {
    rows.clear();
    given = nullptr;
    markov = nullptr;
  }
};

/// Values of a definition that were computed: by its integers, then by its elements. What is cleared keeps
/// its storage where there is one small integer at most, as a step is.
template <class N>
struct Memo {
  struct Table {
    std::vector<N> values;
    std::vector<unsigned char> known;
    void clear() {
      values.clear();
      known.clear();
    }
  };
  static constexpr std::int64_t few = 64;
  std::map<std::vector<std::int64_t>, Table> tables;
  std::vector<Table> by_integer;  ///< of a definition with one integer, in 0..few-1
  Table plain;                    ///< of a definition without integers
  void clear() {
    tables.clear();
    for (Table& table : by_integer) table.clear();
    plain.clear();
  }
  /// @param integers  in the order of the definition's parameters. @param size  how many values there may be.
  Table& table(std::span<const std::int64_t> integers, std::size_t size) {
    Table& found = of(integers);
    if (found.values.empty()) {
      found.values.resize(size);
      found.known.resize(size);
    }
    return found;
  }

 private:
  Table& of(std::span<const std::int64_t> integers) {
    if (integers.empty()) return plain;
    if (integers.size() > 1 || integers[0] < 0 || integers[0] >= few)
      return tables[std::vector(integers.begin(), integers.end())];
    const auto at = static_cast<std::size_t>(integers[0]);
    if (by_integer.size() <= at) by_integer.resize(at + 1);
    return by_integer[at];
  }
};

/// The probabilities of a given's rows in N, zeros included; a row is made when it is first asked for.
template <class N>
struct Masses {
  std::vector<N> dense;
  std::vector<unsigned char> known;
  void clear() {
    dense.clear();
    known.clear();
  }
};

/// A deterministic policy that a maximum runs over, or a trajectory's states and actions.
struct BoundPolicy {
  std::int64_t id;
  StochasticMatrix rows;  ///< steps x S
};
struct BoundPath {
  std::vector<std::uint32_t> states, actions;
};

/// The rounds of a learning loop on one instance, and what policies are worth in its models.
struct LoopRun;

template <class N>
struct Frame {
  Frame(const Program<N>& frame_program, const Assignment& instance);
  ~Frame();
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  /// Makes it the frame of another instance, which costs fewer allocations than a new one.
  void reset(const Assignment& instance);
  /// Whether it is the instance's already, as that is now. Only rational frames tell: others depend on a
  /// precision, or on what residues have met.
  bool is_of(const Assignment& instance) const {
    return std::is_same_v<N, Rational> && mark_ != 0 && mark_ == instance.mark.number() &&
           instance_ == &instance;
  }
  /// After something was thrown: nothing in it is used again.
  void forget() { mark_ = 0; }

  const Program<N>& program;
  const Assignment& parts() const { return *instance_; }
  std::vector<std::int64_t> stack;  ///< bound elements, integers, and ids of policies
  std::size_t base = 0;
  std::vector<N> number_stack;  ///< parameters that are numbers
  std::size_t number_base = 0;
  std::vector<Memo<N>> memo;              ///< of definitions
  std::vector<Memo<Truth>> signs;         ///< of definitions: whether they are above 0
  std::vector<Memo<N>> kept;              ///< of numbers that do not depend on all that runs around them
  std::vector<Memo<Truth>> kept_signs;    ///< whether these are above 0
  std::vector<std::optional<N>> numbers;  ///< givens in N
  std::vector<std::vector<N>> tables;     ///< functions in N
  std::vector<Masses<N>> masses;          ///< kernels, policies and distributions in N
  std::vector<ModelData<N>> models;
  std::vector<Reused<SolvedValues<N>>> solved;        ///< by solver
  std::vector<Reused<OccupancyLaws<N>>> occupancies;  ///< by solver
  std::vector<Reused<Visits>> visits;                 ///< by solver
  std::vector<Reused<PolicyRows<N>>> policies;
  Reused<std::vector<std::uint64_t>> differing;                       ///< `differing_states` of two solvers
  std::map<std::size_t, std::shared_ptr<const MarkovPolicy>> markov;  ///< given policies as objects, by part
  std::vector<BoundPolicy> bound_policies;
  std::vector<std::vector<N>> running;            ///< sums and products along a trajectory's beginning
  std::vector<std::unique_ptr<BoundPath>> paths;  ///< which stay where they are while others come and go
  std::vector<std::shared_ptr<LoopRun>> loops;    ///< of the rational frame
  std::int64_t next_policy = 1;
  int stack_used = 0;  ///< by the bodies that are being evaluated, in units of about 100 bytes

  std::int64_t& slot(std::size_t i) { return stack[base + i]; }
  const N& number(std::size_t part);
  const std::vector<N>& table(std::size_t part);
  /// The probability of a column in a row of a given.
  N mass(std::size_t part, std::size_t row, std::size_t column);
  std::size_t set_size(std::size_t set) const { return parts().sizes[set]; }
  std::size_t steps() {
    if (!steps_) steps_ = parts().steps();
    return *steps_;
  }

  /// The same instance in rationals, which constructed kernels are made in.
  Frame<Rational>& exact();
  /// A constructed row, by definition, step and flat condition; made when it is first asked for.
  RowRef<N> constructed(int definition, std::int64_t step, std::size_t condition);

  struct RowKey {
    int definition;
    std::int64_t step;
    std::size_t condition;
    auto operator<=>(const RowKey&) const = default;
  };
  std::map<RowKey, StochasticMatrix> matrix_rows;  ///< of the rational frame
  std::map<RowKey, std::vector<N>> dense_rows;     ///< of kernels with irrational entries
  std::unique_ptr<Frame<Rational>> exact_frame;    ///< this thread's, while this frame is in use

 private:
  const Assignment* instance_;
  std::uint64_t mark_ = 0;
  std::optional<std::size_t> steps_;
};

/// The frame that this thread used last, if it was of the same program: most of a frame's cost is its
/// allocations. A rational one is taken as it is where the instance has not changed since: what the draw
/// computed, its plans' values and constructed rows, evaluation computes no more.
template <class N>
class SpareFrame {
 public:
  static std::unique_ptr<Frame<N>> take(const Program<N>& program, const Assignment& instance) {
    SpareFrame& last = of_thread();
    if (!last.frame_ || last.program_number_ != program.number || &last.frame_->program != &program)
      return std::make_unique<Frame<N>>(program, instance);
    if (!last.frame_->is_of(instance)) last.frame_->reset(instance);
    return std::move(last.frame_);
  }
  static void give(std::unique_ptr<Frame<N>> frame) {
    SpareFrame& last = of_thread();
    last.program_number_ = frame->program.number;
    last.frame_ = std::move(frame);
  }

 private:
  static SpareFrame& of_thread() {
    thread_local SpareFrame last;
    return last;
  }
  std::uint64_t program_number_ = 0;
  std::unique_ptr<Frame<N>> frame_;
};

/// A frame for one computation.
template <class N>
class LentFrame {
 public:
  LentFrame(const Program<N>& program, const Assignment& instance)
      : exceptions_(std::uncaught_exceptions()), frame_(SpareFrame<N>::take(program, instance)) {}
  ~LentFrame() {
    const bool thrown = std::uncaught_exceptions() > exceptions_;
    if (frame_->exact_frame) {
      if (thrown) frame_->exact_frame->forget();
      SpareFrame<Rational>::give(std::move(frame_->exact_frame));
    }
    if (thrown) frame_->forget();
    SpareFrame<N>::give(std::move(frame_));
  }
  LentFrame(const LentFrame&) = delete;
  LentFrame& operator=(const LentFrame&) = delete;
  Frame<N>& operator*() { return *frame_; }

 private:
  int exceptions_;
  std::unique_ptr<Frame<N>> frame_;
};

}  // namespace lemmacheck::detail
