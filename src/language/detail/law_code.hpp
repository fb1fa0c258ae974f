/// Code of laws and kernels: rows of givens and definitions, occupancies. Private to the language layer.
#pragma once

#include <algorithm>
#include <utility>

#include "language/detail/index_code.hpp"
#include "language/print.hpp"

namespace lemmacheck::detail {

template <class N>
struct GivenRows : RowsCode<N> {
  GivenRows(std::size_t which, Index<N> code, bool has_steps, std::vector<std::size_t> over)
      : index(which), step(std::move(code)), steps(has_steps), sets(std::move(over)) {}
  RowRef<N> eval(Frame<N>& frame, std::int64_t h, std::size_t condition) const override {
    const StochasticMatrix& matrix = frame.parts().rows(index);
    return {&matrix, row(frame, h, condition), nullptr, matrix.columns()};
  }
  N mass(Frame<N>& frame, std::int64_t h, std::size_t condition, std::size_t column) const override {
    return frame.mass(index, row(frame, h, condition), column);
  }
  void append(Frame<N>& frame, std::int64_t h, std::size_t count,
              std::vector<RowRef<N>>& list) const override {
    const StochasticMatrix& matrix = frame.parts().rows(index);
    const std::size_t first = steps ? member(frame, h) * product_size(frame, sets) : 0;
    for (std::size_t row = first; row < first + count; ++row)
      list.push_back({&matrix, row, nullptr, matrix.columns()});
  }
  std::int64_t own_step(Frame<N>& frame) const override { return step ? step->eval(frame) : 0; }
  bool family() const override { return steps; }
  std::optional<std::size_t> part() const override { return step ? std::nullopt : std::optional(index); }
  std::size_t row(Frame<N>& frame, std::int64_t h, std::size_t condition) const {
    return steps ? member(frame, h) * product_size(frame, sets) + condition : condition;
  }
  std::size_t index;
  Index<N> step;
  bool steps;
  std::vector<std::size_t> sets;
};
template <class N>
struct ConstructedRows : RowsCode<N> {
  ConstructedRows(int which, Index<N> code, bool has_steps)
      : definition(which), step(std::move(code)), steps(has_steps) {}
  RowRef<N> eval(Frame<N>& frame, std::int64_t h, std::size_t condition) const override {
    return frame.constructed(definition, h, condition);
  }
  std::int64_t own_step(Frame<N>& frame) const override { return step ? step->eval(frame) : 0; }
  bool family() const override { return steps; }
  int definition;
  Index<N> step;
  bool steps;
};
/// A deterministic policy that a maximum runs over.
template <class N>
struct BoundRows : RowsCode<N> {
  BoundRows(std::size_t place, Index<N> code, bool has_steps)
      : slot(place), step(std::move(code)), steps(has_steps) {}
  RowRef<N> eval(Frame<N>& frame, std::int64_t h, std::size_t condition) const override {
    const StochasticMatrix& matrix = policy(frame).rows;
    const std::size_t states = steps ? matrix.rows() / frame.steps() : matrix.rows();
    const std::size_t row = steps ? member(frame, h) * states + condition : condition;
    return {&matrix, row, nullptr, matrix.columns()};
  }
  std::int64_t own_step(Frame<N>& frame) const override { return step ? step->eval(frame) : 0; }
  bool family() const override { return steps; }
  std::int64_t key(Frame<N>& frame) const override { return frame.slot(slot) * 100'003 + own_step(frame); }
  const BoundPolicy& policy(Frame<N>& frame) const {
    const std::int64_t id = frame.slot(slot);
    for (std::size_t i = frame.bound_policies.size(); i-- > 0;)
      if (frame.bound_policies[i].id == id) return frame.bound_policies[i];
    throw InternalError("a bound policy is gone");
  }
  std::size_t slot;
  Index<N> step;
  bool steps;
};
template <class N>
struct RowLaw : LawCode<N> {
  RowLaw(std::unique_ptr<RowsCode<N>> code, std::vector<Index<N>> list, std::vector<std::size_t> over)
      : rows(std::move(code)), conditions(std::move(list)), sets(std::move(over)) {}
  RowRef<N> eval(Frame<N>& frame, std::vector<N>&) const override {
    const std::int64_t h = step(frame);
    return rows->eval(frame, h, flat_index(frame, conditions, sets));
  }
  N mass(Frame<N>& frame, std::size_t flat) const override {
    const std::int64_t h = step(frame);
    return rows->mass(frame, h, flat_index(frame, conditions, sets), flat);
  }
  std::int64_t step(Frame<N>& frame) const {
    const std::int64_t own = rows->own_step(frame);
    // Every member at once makes no sense for one row.
    if (own == 0 && rows->family()) throw UndefinedValue("a family without a step");
    return own;
  }
  std::unique_ptr<RowsCode<N>> rows;
  std::vector<Index<N>> conditions;
  std::vector<std::size_t> sets;
};
template <class N>
struct FunctionLaw : LawCode<N> {
  FunctionLaw(std::unique_ptr<FieldCode<N>> code, std::vector<std::size_t> over, Place where)
      : function(std::move(code)), sets(std::move(over)), place(std::move(where)) {}
  RowRef<N> eval(Frame<N>& frame, std::vector<N>& own) const override {
    const std::size_t size = product_size(frame, sets);
    own.clear();
    own.reserve(size);
    N sum{};
    for (std::size_t i = 0; i < size; ++i) own.push_back(function->eval(frame, 0, i));
    require_all_defined(std::span<const N>(own));
    for (const N& mass : own) {
      sum += mass;
      if (Arithmetic<N>::is_less(mass, N(0)) == Truth::yes)
        fail_at(place, "this function is used as a distribution, and is negative on some instance",
                "use a function that is a distribution on every instance");
    }
    if (is_equal(sum, N(1)) == Truth::no)
      fail_at(place, "this function is used as a distribution, and does not sum to 1 on some instance",
              "use a function that is a distribution on every instance");
    return {nullptr, 0, own.data(), size};
  }
  std::unique_ptr<FieldCode<N>> function;
  std::vector<std::size_t> sets;
  Place place;
};
template <class N>
struct OccupancyLaw : LawCode<N> {
  OccupancyLaw(std::size_t m, std::size_t s, Index<N> code, bool with_actions)
      : model(m), solver(s), step(std::move(code)), pairs(with_actions) {}
  RowRef<N> eval(Frame<N>& frame, std::vector<N>&) const override {
    const std::size_t wanted = wanted_step(frame);
    const ModelData<N>& data = model_data(frame, model);
    OccupancyLaws<N>& laws = occupancy_laws(frame, solver);
    const std::vector<N>& states = state_law(frame, solver, laws, wanted);
    if (!pairs) return {nullptr, 0, states.data(), states.size()};
    std::vector<N>& law = laws.at(laws.pairs, wanted);
    if (law.empty()) {
      law.resize(data.states * data.actions);
      const PolicyRows<N>& policy = policy_rows(frame, solver);
      for (std::size_t s = 0; s < data.states; ++s) {
        if (Arithmetic<N>::is_zero(states[s])) continue;
        policy.row(step ? wanted - 1 : 0, s).spread(states[s], [&](std::uint32_t a, const N& share) {
          law[s * data.actions + a] = share;
        });
      }
    }
    return {nullptr, 0, law.data(), law.size()};
  }
  Truth has(Frame<N>& frame, std::size_t flat) const override {
    if constexpr (!std::is_same_v<N, Rational>) {
      return LawCode<N>::has(frame, flat);
    } else {
      if (!step) return LawCode<N>::has(frame, flat);
      return visits_at(frame, solver, wanted_step(frame), pairs)[flat] != 0 ? Truth::yes : Truth::no;
    }
  }
  /// From 1, or 0 for the discounted or limiting law.
  std::size_t wanted_step(Frame<N>& frame) const {
    const std::int64_t h = step ? step->eval(frame) : 0;
    if (step && h < 1) throw UndefinedValue("a step out of range");
    const ModelData<N>& data = model_data(frame, model);
    if (data.horizon && h > *data.horizon + (pairs ? 0 : 1)) throw UndefinedValue("a step out of range");
    return static_cast<std::size_t>(h);
  }
  std::size_t model, solver;
  Index<N> step;
  bool pairs;
};

}  // namespace lemmacheck::detail
