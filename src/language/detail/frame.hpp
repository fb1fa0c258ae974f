/// One instance of a lemma while it is evaluated in one number type. Private to the language layer.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "generate/assignment.hpp"
#include "language/detail/arithmetic.hpp"
#include "language/lemma.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/stochastic_matrix.hpp"

namespace lemmacheck::detail {

/// A row of a kernel, policy or distribution: of a sparse matrix, or of dense numbers.
template <class N>
struct RowRef {
  const StochasticMatrix* matrix = nullptr;
  std::size_t row = 0;
  const N* dense = nullptr;
  std::size_t columns = 0;
  std::shared_ptr<std::vector<N>> owned = {};

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

template <class N>
struct Program;
template <class N>
struct Frame;

/// Values of one policy, or of the best, in one MDP: V_h(s), h = 1..H+1, or V(s) where there is no horizon.
template <class N>
struct SolvedValues {
  std::vector<N> values;               ///< (steps + 1) x S
  std::unique_ptr<ExactValues> exact;  ///< instead, for Rational
  std::size_t states = 0;
  N at(std::size_t step_from_0, std::size_t state) const {
    if constexpr (std::is_same_v<N, Rational>)
      if (exact)
        return (*exact)(static_cast<Step>(step_from_0) + 1, State{static_cast<std::uint32_t>(state)});
    return values[step_from_0 * states + state];
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
  std::function<const std::vector<N>&()> given_rewards;  ///< which is made when it is first asked for
  std::vector<std::vector<RowRef<N>>> kernels;           ///< one for each step, or one: S A rows
  std::optional<RowRef<N>> initial;
  std::shared_ptr<const FiniteMdp> plain;  ///< where all components are given, stationary and undiscounted

  const N& reward(std::size_t step, std::size_t row) const {
    return (given_rewards ? given_rewards()
                          : rewards)[(reward_steps > 1 ? step : 0) * states * actions + row];
  }
  const RowRef<N>& kernel(std::size_t step, std::size_t row) const {
    return kernels[kernels.size() > 1 ? step : 0][row];
  }
};

/// A policy's rows: step (from 0), state.
template <class N>
struct PolicyRows {
  std::vector<std::vector<RowRef<N>>> steps;  ///< one for each step, or one
  const MarkovPolicy* markov = nullptr;       ///< the same as one object, if it is a given
  const RowRef<N>& row(std::size_t step, std::size_t state) const {
    return steps[steps.size() > 1 ? step : 0][state];
  }
};

/// Values of a definition that were computed: by its integers, then by its elements.
template <class N>
struct Memo {
  struct Table {
    std::vector<N> values;
    std::vector<unsigned char> known;
  };
  std::map<std::vector<std::int64_t>, Table> tables;
  Table plain;  ///< of a definition without integers
};

/// A deterministic policy that a maximum runs over, or a trajectory's states and actions.
struct BoundPolicy {
  std::int64_t id;
  StochasticMatrix rows;  ///< steps x S
};
struct BoundPath {
  std::vector<std::uint32_t> states, actions;
};

template <class N>
struct Frame {
  Frame(const Program<N>& frame_program, const Assignment& assignment);
  ~Frame();
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  const Program<N>& program;
  const Assignment& parts;
  std::vector<std::int64_t> stack;  ///< bound elements, integers, and ids of policies
  std::size_t base = 0;
  std::vector<N> number_stack;  ///< parameters that are numbers
  std::size_t number_base = 0;
  std::vector<Memo<N>> memo;
  std::vector<std::optional<N>> numbers;  ///< givens in N
  std::vector<std::vector<N>> tables;     ///< functions in N
  std::vector<std::optional<ModelData<N>>> models;
  std::vector<std::map<std::int64_t, SolvedValues<N>>> solved;  ///< by solver
  std::vector<std::map<std::int64_t, std::vector<std::vector<N>>>>
      occupancies;  ///< by solver: laws of states, step by step
  std::vector<std::map<std::int64_t, PolicyRows<N>>> policies;
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<N>>
      pair_laws;                                                      ///< by (solver, step): over S x A
  std::map<std::size_t, std::shared_ptr<const MarkovPolicy>> markov;  ///< given policies as objects, by part
  std::vector<BoundPolicy> bound_policies;
  std::vector<BoundPath> paths;
  std::int64_t next_policy = 1;
  int depth = 0;

  std::int64_t& slot(std::size_t i) { return stack[base + i]; }
  const N& number(std::size_t part);
  const std::vector<N>& table(std::size_t part);
  std::size_t set_size(std::size_t set) const { return parts.sizes[set]; }
  std::size_t steps() const { return parts.steps(); }

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
  std::unique_ptr<Frame<Rational>> exact_frame;
};

}  // namespace lemmacheck::detail
