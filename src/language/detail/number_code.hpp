/// The kinds of code. Private to the language layer; instantiated in program_*.cpp.
#pragma once

#include <algorithm>
#include <utility>

#include "language/detail/solvers.hpp"
#include "language/print.hpp"
#include "learning/model_selection.hpp"
#include "mdp/distances.hpp"

namespace lemmacheck::detail {

// integers and elements

template <class N>
struct FixedIndex : IndexCode<N> {
  explicit FixedIndex(std::int64_t fixed) : value(fixed) {}
  std::int64_t eval(Frame<N>&) const override { return value; }
  std::int64_t value;
};
template <class N>
struct SlotIndex : IndexCode<N> {
  explicit SlotIndex(std::size_t place) : slot(place) {}
  std::int64_t eval(Frame<N>& frame) const override { return frame.slot(slot); }
  std::size_t slot;
};
template <class N>
struct GivenIndex : IndexCode<N> {
  explicit GivenIndex(std::size_t which) : part(which) {}
  std::int64_t eval(Frame<N>& frame) const override {
    const PartValue& value = frame.parts().values[part];
    if (const auto* element = std::get_if<std::uint32_t>(&value)) return *element;
    return integer_of(std::get<Rational>(value));
  }
  std::size_t part;
};
template <class N>
struct SizeIndex : IndexCode<N> {
  explicit SizeIndex(std::size_t which) : set(which) {}
  std::int64_t eval(Frame<N>& frame) const override { return static_cast<std::int64_t>(frame.set_size(set)); }
  std::size_t set;
};
constexpr std::int64_t largest_integer = std::int64_t{1} << 40;
inline std::int64_t moderate(std::int64_t value) {
  if (value > largest_integer || value < -largest_integer)
    throw InvalidInput("an integer grows beyond 2^40; give smaller ranges");
  return value;
}
template <class N>
struct SumIndex : IndexCode<N> {
  explicit SumIndex(std::vector<Index<N>> list) : terms(std::move(list)) {}
  std::int64_t eval(Frame<N>& frame) const override {
    std::int64_t total = 0;
    for (const Index<N>& term : terms) total = moderate(total + term->eval(frame));
    return total;
  }
  std::vector<Index<N>> terms;
};
template <class N>
struct ProductIndex : IndexCode<N> {
  explicit ProductIndex(std::vector<Index<N>> list) : factors(std::move(list)) {}
  std::int64_t eval(Frame<N>& frame) const override {
    std::int64_t total = 1;
    for (const Index<N>& factor : factors) {
      const std::int64_t value = factor->eval(frame);
      if (value != 0 && std::abs(total) > largest_integer / std::abs(value))
        throw InvalidInput("an integer grows beyond 2^40; give smaller ranges");
      total *= value;
    }
    return total;
  }
  std::vector<Index<N>> factors;
};
template <class N>
struct NegatedIndex : IndexCode<N> {
  explicit NegatedIndex(Index<N> code) : inner(std::move(code)) {}
  std::int64_t eval(Frame<N>& frame) const override { return -inner->eval(frame); }
  Index<N> inner;
};
template <class N>
struct PowerIndex : IndexCode<N> {
  PowerIndex(Index<N> b, Index<N> e) : base(std::move(b)), exponent(std::move(e)) {}
  std::int64_t eval(Frame<N>& frame) const override {
    const std::int64_t b = base->eval(frame), e = exponent->eval(frame);
    std::int64_t total = 1;
    for (std::int64_t i = 0; i < e && total != 0 && std::abs(b) != 1; ++i) {
      if (b != 0 && std::abs(total) > largest_integer / std::abs(b))
        throw InvalidInput("an integer grows beyond 2^40; give smaller ranges");
      total *= b;
    }
    if (std::abs(b) == 1 && b < 0 && e % 2 != 0) total = -1;
    return total;
  }
  Index<N> base, exponent;
};
template <class N>
struct AbsoluteIndex : IndexCode<N> {
  explicit AbsoluteIndex(Index<N> code) : inner(std::move(code)) {}
  std::int64_t eval(Frame<N>& frame) const override { return std::abs(inner->eval(frame)); }
  Index<N> inner;
};
template <class N>
struct ExtremeIndex : IndexCode<N> {
  ExtremeIndex(std::vector<Index<N>> parts, bool max) : list(std::move(parts)), largest(max) {}
  std::int64_t eval(Frame<N>& frame) const override {
    std::int64_t best = list[0]->eval(frame);
    for (std::size_t i = 1; i < list.size(); ++i) {
      const std::int64_t value = list[i]->eval(frame);
      best = largest ? std::max(best, value) : std::min(best, value);
    }
    return best;
  }
  std::vector<Index<N>> list;
  bool largest;
};
template <class N>
struct MapIndex : IndexCode<N> {
  MapIndex(std::size_t which, Index<N> code) : part(which), argument(std::move(code)) {}
  std::int64_t eval(Frame<N>& frame) const override {
    return std::get<std::vector<std::uint32_t>>(
        frame.parts().values[part])[static_cast<std::size_t>(argument->eval(frame))];
  }
  std::size_t part;
  Index<N> argument;
};
template <class N>
struct TakenIndex : IndexCode<N> {
  TakenIndex(std::unique_ptr<RowsCode<N>> policy, Index<N> code)
      : rows(std::move(policy)), state(std::move(code)) {}
  std::int64_t eval(Frame<N>& frame) const override {
    const RowRef<N> row =
        rows->eval(frame, rows->own_step(frame), static_cast<std::size_t>(state->eval(frame)));
    return row.matrix->column(row.matrix->row_begin(row.row));
  }
  std::unique_ptr<RowsCode<N>> rows;
  Index<N> state;
};
template <class N>
struct PathIndex : IndexCode<N> {
  PathIndex(std::size_t place, Index<N> code, bool is_state)
      : slot(place), step(std::move(code)), state(is_state) {}
  std::int64_t eval(Frame<N>& frame) const override {
    const BoundPath& path = frame.paths[static_cast<std::size_t>(frame.slot(slot))];
    const std::int64_t h = step->eval(frame);
    const auto& list = state ? path.states : path.actions;
    if (h < 1 || h > static_cast<std::int64_t>(list.size())) throw UndefinedValue("a step out of range");
    return list[static_cast<std::size_t>(h - 1)];
  }
  std::size_t slot;
  Index<N> step;
  bool state;
};

template <class N>
std::size_t flat_index(Frame<N>& frame, const std::vector<Index<N>>& arguments,
                       const std::vector<std::size_t>& sets) {
  std::size_t flat = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    flat = flat * frame.set_size(sets[i]) + static_cast<std::size_t>(arguments[i]->eval(frame));
  return flat;
}

template <class N>
std::size_t product_size(Frame<N>& frame, const std::vector<std::size_t>& sets) {
  std::size_t size = 1;
  for (const std::size_t set : sets) size *= frame.set_size(set);
  return size;
}

/// The step from 0 of a family's member: 1..H; `beyond` tells that H + 1 is allowed, where functions are 0.
template <class N>
std::size_t member(Frame<N>& frame, std::int64_t step, bool beyond = false) {
  const auto last = static_cast<std::int64_t>(frame.steps()) + (beyond ? 1 : 0);
  if (step < 1 || step > last) throw UndefinedValue("a step out of range");
  return static_cast<std::size_t>(step - 1);
}

// numbers

template <class N>
struct FixedNumber : NumberCode<N> {
  explicit FixedNumber(const Rational& number) : value(N::from(number)) {}
  N eval(Frame<N>&) const override { return value; }
  N value;
};
template <class N>
struct IndexNumber : NumberCode<N> {
  explicit IndexNumber(Index<N> code) : index(std::move(code)) {}
  N eval(Frame<N>& frame) const override { return N(index->eval(frame)); }
  Index<N> index;
};
template <class N>
struct NumberSlot : NumberCode<N> {
  explicit NumberSlot(std::size_t place) : slot(place) {}
  N eval(Frame<N>& frame) const override { return frame.number_stack[frame.number_base + slot]; }
  std::size_t slot;
};
template <class N>
struct GivenNumber : NumberCode<N> {
  explicit GivenNumber(std::size_t which) : part(which) {}
  N eval(Frame<N>& frame) const override { return frame.number(part); }
  std::size_t part;
};
template <class N>
struct CallNumber : NumberCode<N> {
  CallNumber(int which, std::vector<Index<N>> list, std::vector<Number<N>> numbers)
      : definition(which), arguments(std::move(list)), values(std::move(numbers)) {}
  N eval(Frame<N>& frame) const override {
    constexpr std::size_t most = 16;
    std::int64_t list[most];
    if (arguments.size() > most) throw InvalidInput("a definition has more than 16 arguments; give it fewer");
    for (std::size_t i = 0; i < arguments.size(); ++i) list[i] = arguments[i]->eval(frame);
    std::vector<N> numbers;
    for (const Number<N>& value : values) numbers.push_back(value->eval(frame));
    return call<N>(frame, definition, list, arguments.size(), std::move(numbers));
  }
  int definition;
  std::vector<Index<N>> arguments;
  std::vector<Number<N>> values;
};
template <class N>
struct TableNumber : NumberCode<N> {
  TableNumber(std::size_t which, Index<N> code, std::vector<Index<N>> list, std::vector<std::size_t> over)
      : part(which), step(std::move(code)), arguments(std::move(list)), sets(std::move(over)) {}
  N eval(Frame<N>& frame) const override {
    std::size_t first = 0;
    const std::size_t flat = flat_index(frame, arguments, sets);
    if (step) {
      const std::size_t h = member(frame, step->eval(frame), true);
      if (h == frame.steps()) return N{};  // q_{H+1} = 0
      first = h * product_size(frame, sets);
    }
    return frame.table(part)[first + flat];
  }
  std::size_t part;
  Index<N> step;
  std::vector<Index<N>> arguments;
  std::vector<std::size_t> sets;
};
template <class N>
struct NegatedNumber : NumberCode<N> {
  explicit NegatedNumber(Number<N> code) : inner(std::move(code)) {}
  N eval(Frame<N>& frame) const override { return -inner->eval(frame); }
  Number<N> inner;
};
template <class N>
struct SumNumber : NumberCode<N> {
  struct Term {
    bool positive;
    Number<N> number;
  };
  explicit SumNumber(std::vector<Number<N>> list) {
    for (Number<N>& number : list) {
      // The first one is where the sum begins.
      auto* negated = terms.empty() ? nullptr : dynamic_cast<NegatedNumber<N>*>(number.get());
      terms.push_back(
          {negated == nullptr, negated == nullptr ? std::move(number) : std::move(negated->inner)});
    }
  }
  N eval(Frame<N>& frame) const override {
    N total = terms[0].number->eval(frame);
    for (std::size_t i = 1; i < terms.size(); ++i)
      terms[i].positive ? total += terms[i].number->eval(frame) : total -= terms[i].number->eval(frame);
    return total;
  }
  std::vector<Term> terms;
};
template <class N>
struct ProductNumber : NumberCode<N> {
  explicit ProductNumber(std::vector<Number<N>> list) : factors(std::move(list)) {}
  N eval(Frame<N>& frame) const override {
    N total = factors[0]->eval(frame);
    for (std::size_t i = 1; i < factors.size(); ++i) total *= factors[i]->eval(frame);
    return total;
  }
  std::vector<Number<N>> factors;
};
template <class N>
struct QuotientNumber : NumberCode<N> {
  QuotientNumber(Number<N> a, Number<N> b) : above(std::move(a)), below(std::move(b)) {}
  N eval(Frame<N>& frame) const override {
    return Arithmetic<N>::divide(above->eval(frame), below->eval(frame));
  }
  Number<N> above, below;
};
template <class N>
struct IntegerPower : NumberCode<N> {
  IntegerPower(Number<N> b, Index<N> e) : base(std::move(b)), exponent(std::move(e)) {}
  N eval(Frame<N>& frame) const override { return integer_power(base->eval(frame), exponent->eval(frame)); }
  Number<N> base;
  Index<N> exponent;
};
/// x^y = exp(y log x); a rational y is tried as an integer first.
template <class N>
struct RealPower : NumberCode<N> {
  RealPower(Number<N> b, Number<N> e) : base(std::move(b)), exponent(std::move(e)) {}
  N eval(Frame<N>& frame) const override {
    using A = Arithmetic<N>;
    const N b = base->eval(frame), e = exponent->eval(frame);
    if constexpr (std::is_same_v<N, RealNumber>) {
      if (const auto q = e.rational(); q && q->is_integer() && abs(*q) < Rational(1'000'000))
        return integer_power(b, integer_of(*q));
      if (A::is_zero(b)) {
        const auto sign = e.sign();
        if (!sign) throw UndecidedValue("an exponent");
        if (*sign <= 0) throw UndefinedValue("0 with an exponent that is not positive");
        return N(0);
      }
    }
    return A::exponential(e * A::logarithm(b));
  }
  Number<N> base, exponent;
};
template <class N>
struct UnaryNumber : NumberCode<N> {
  UnaryNumber(Number<N> code, Op which) : inner(std::move(code)), op(which) {}
  N eval(Frame<N>& frame) const override {
    using A = Arithmetic<N>;
    N value = inner->eval(frame);
    switch (op) {
      case Op::absolute:
        if constexpr (std::is_same_v<N, Rational>)
          if (value.sign() >= 0) return value;  // without a copy
        return A::absolute(value);
      case Op::root:
        return A::root(value);
      case Op::logarithm:
        return A::logarithm(value);
      default:
        return A::exponential(value);
    }
  }
  Number<N> inner;
  Op op;
};
template <class N>
struct ExtremeNumber : NumberCode<N> {
  ExtremeNumber(std::vector<Number<N>> parts, bool max) : list(std::move(parts)), largest(max) {}
  N eval(Frame<N>& frame) const override {
    N best = list[0]->eval(frame);
    for (std::size_t i = 1; i < list.size(); ++i)
      best = largest ? Arithmetic<N>::larger(best, list[i]->eval(frame))
                     : Arithmetic<N>::smaller(best, list[i]->eval(frame));
    return best;
  }
  std::vector<Number<N>> list;
  bool largest;
};
template <class N>
struct MassNumber : NumberCode<N> {
  MassNumber(std::unique_ptr<LawCode<N>> code, std::vector<Index<N>> list, std::vector<std::size_t> over)
      : law(std::move(code)), outcomes(std::move(list)), sets(std::move(over)) {}
  N eval(Frame<N>& frame) const override {
    const std::size_t flat = flat_index(frame, outcomes, sets);
    return law->eval(frame).probability(flat);
  }
  std::unique_ptr<LawCode<N>> law;
  std::vector<Index<N>> outcomes;
  std::vector<std::size_t> sets;
};
template <class N>
struct IndicatorNumber : NumberCode<N> {
  explicit IndicatorNumber(Condition<N> code) : condition(std::move(code)) {}
  N eval(Frame<N>& frame) const override { return Arithmetic<N>::of_truth(condition->eval(frame)); }
  Condition<N> condition;
};

// values

/// V, Q or A at a step from 0 and a flat argument.
template <class N>
N value_at(Frame<N>& frame, std::size_t model, std::size_t solver, char letter,
           std::optional<std::int64_t> step, std::size_t flat) {
  const ModelData<N>& data = model_data(frame, model);
  std::size_t h = 0;
  if (step) {
    if (*step < 1 || *step > *data.horizon + 1) throw UndefinedValue("a step out of range");
    h = static_cast<std::size_t>(*step - 1);
    if (h == static_cast<std::size_t>(*data.horizon)) return N{};
  }
  const SolvedValues<N>& values = solved_values(frame, solver);
  if (letter == 'V') return values.at(h, flat);
  const std::size_t next = step ? h + 1 : 0;
  N q = data.kernel(h, flat).expectation([&](std::uint32_t t) { return values.at(next, t); });
  if (data.discount) q *= *data.discount;
  q += data.reward(h, flat);
  if (letter == 'A') q -= values.at(h, flat / data.actions);
  return q;
}

template <class N>
struct ValueNumber : NumberCode<N> {
  ValueNumber(std::size_t m, std::size_t s, char kind, Index<N> code, std::vector<Index<N>> list)
      : model(m), solver(s), letter(kind), step(std::move(code)), arguments(std::move(list)) {}
  N eval(Frame<N>& frame) const override {
    const ModelData<N>& data = model_data(frame, model);
    if (letter == 'J') {
      const SolvedValues<N>& values = solved_values(frame, solver);
      return data.initial->expectation([&](std::uint32_t s) { return values.at(0, s); });
    }
    std::size_t flat = static_cast<std::size_t>(arguments[0]->eval(frame));
    if (letter != 'V') flat = flat * data.actions + static_cast<std::size_t>(arguments[1]->eval(frame));
    return value_at(frame, model, solver, letter, step ? std::optional(step->eval(frame)) : std::nullopt,
                    flat);
  }
  std::size_t model, solver;
  char letter;
  Index<N> step;
  std::vector<Index<N>> arguments;
};

// laws and kernels

template <class N>
struct GivenRows : RowsCode<N> {
  GivenRows(std::size_t which, Index<N> code, bool has_steps, std::vector<std::size_t> over)
      : index(which), step(std::move(code)), steps(has_steps), sets(std::move(over)) {}
  RowRef<N> eval(Frame<N>& frame, std::int64_t h, std::size_t condition) const override {
    const StochasticMatrix& matrix = frame.parts().rows(index);
    std::size_t row = condition;
    if (steps) row += member(frame, h) * product_size(frame, sets);
    return {&matrix, row, nullptr, matrix.columns(), {}};
  }
  void append(Frame<N>& frame, std::int64_t h, std::size_t count,
              std::vector<RowRef<N>>& list) const override {
    const StochasticMatrix& matrix = frame.parts().rows(index);
    const std::size_t first = steps ? member(frame, h) * product_size(frame, sets) : 0;
    for (std::size_t row = first; row < first + count; ++row)
      list.push_back({&matrix, row, nullptr, matrix.columns(), {}});
  }
  std::int64_t own_step(Frame<N>& frame) const override { return step ? step->eval(frame) : 0; }
  bool family() const override { return steps; }
  std::optional<std::size_t> part() const override { return step ? std::nullopt : std::optional(index); }
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
    return {&matrix, row, nullptr, matrix.columns(), {}};
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
  RowRef<N> eval(Frame<N>& frame) const override {
    const std::int64_t step = rows->own_step(frame);
    // Every member at once makes no sense for one row.
    if (step == 0 && rows->family()) throw UndefinedValue("a family without a step");
    return rows->eval(frame, step, flat_index(frame, conditions, sets));
  }
  std::unique_ptr<RowsCode<N>> rows;
  std::vector<Index<N>> conditions;
  std::vector<std::size_t> sets;
};
template <class N>
struct FunctionLaw : LawCode<N> {
  FunctionLaw(std::unique_ptr<FieldCode<N>> code, std::vector<std::size_t> over, Place where)
      : function(std::move(code)), sets(std::move(over)), place(std::move(where)) {}
  RowRef<N> eval(Frame<N>& frame) const override {
    const std::size_t size = product_size(frame, sets);
    RowRef<N> row;
    row.owned = std::make_shared<std::vector<N>>();
    N sum{};
    for (std::size_t i = 0; i < size; ++i) {
      row.owned->push_back(function->eval(frame, 0, i));
      sum += row.owned->back();
      if (Arithmetic<N>::is_less(row.owned->back(), N(0)) == Truth::yes)
        fail_at(place, "this function is used as a distribution, and is negative on some instance",
                "use a function that is a distribution on every instance");
    }
    if (is_equal(sum, N(1)) == Truth::no)
      fail_at(place, "this function is used as a distribution, and does not sum to 1 on some instance",
              "use a function that is a distribution on every instance");
    row.dense = row.owned->data();
    row.columns = size;
    return row;
  }
  std::unique_ptr<FieldCode<N>> function;
  std::vector<std::size_t> sets;
  Place place;
};
template <class N>
struct OccupancyLaw : LawCode<N> {
  OccupancyLaw(std::size_t m, std::size_t s, Index<N> code, bool with_actions)
      : model(m), solver(s), step(std::move(code)), pairs(with_actions) {}
  RowRef<N> eval(Frame<N>& frame) const override {
    const std::int64_t h = step ? step->eval(frame) : 0;
    if (step && h < 1) throw UndefinedValue("a step out of range");
    const ModelData<N>& data = model_data(frame, model);
    if (pairs && data.horizon && h > *data.horizon) throw UndefinedValue("a step out of range");
    const std::vector<N>& states = occupancy(frame, solver, h);
    if (!pairs) return {nullptr, 0, states.data(), states.size(), {}};
    const SolverCode<N>& code = frame.program.solvers[solver];
    const std::int64_t key =
        (code.policy->key(frame) * 1'000'003 + (code.start_state ? code.start_state->eval(frame) + 1 : 0)) *
            1'009 +
        static_cast<std::int64_t>(solver);
    std::vector<N>& law = frame.pair_laws[{key, h}];
    if (law.empty()) {
      law.resize(data.states * data.actions);
      const PolicyRows<N>& policy = policy_rows(frame, solver);
      for (std::size_t s = 0; s < data.states; ++s) {
        if (Arithmetic<N>::is_zero(states[s])) continue;
        policy.row(step ? static_cast<std::size_t>(h - 1) : 0, s).each([&](std::uint32_t a, const N& p) {
          law[s * data.actions + a] = states[s] * p;
        });
      }
    }
    return {nullptr, 0, law.data(), law.size(), {}};
  }
  std::size_t model, solver;
  Index<N> step;
  bool pairs;
};

// fields

template <class N>
struct LawField : FieldCode<N> {
  explicit LawField(std::unique_ptr<LawCode<N>> code) : law(std::move(code)) {}
  N eval(Frame<N>& frame, std::int64_t, std::size_t flat) const override {
    return law->eval(frame).probability(flat);
  }
  std::unique_ptr<LawCode<N>> law;
};
template <class N>
struct ConstantField : FieldCode<N> {
  explicit ConstantField(Number<N> code) : number(std::move(code)) {}
  N eval(Frame<N>& frame, std::int64_t, std::size_t) const override { return number->eval(frame); }
  Number<N> number;
};
template <class N>
struct CombinedField : FieldCode<N> {
  CombinedField(Op which, std::vector<std::unique_ptr<FieldCode<N>>> list)
      : op(which), fields(std::move(list)) {}
  N eval(Frame<N>& frame, std::int64_t step, std::size_t flat) const override {
    N total = fields[0]->eval(frame, step, flat);
    if (op == Op::negate) return -total;
    for (std::size_t i = 1; i < fields.size(); ++i) {
      const N value = fields[i]->eval(frame, step, flat);
      if (op == Op::add)
        total += value;
      else if (op == Op::multiply)
        total *= value;
      else
        total = Arithmetic<N>::divide(total, value);
    }
    return total;
  }
  Op op;
  std::vector<std::unique_ptr<FieldCode<N>>> fields;
};
template <class N>
struct TableField : FieldCode<N> {
  TableField(std::size_t which, Index<N> code) : part(which), own_step(std::move(code)) {}
  N eval(Frame<N>& frame, std::int64_t step, std::size_t flat) const override {
    const std::int64_t h = own_step ? own_step->eval(frame) : step;
    const std::vector<N>& table = frame.table(part);
    if (!frame.parts().signature->parts[part].family) return table[flat];
    const std::size_t at = member(frame, h, true);
    if (at == frame.steps()) return N{};
    return table[at * (table.size() / frame.steps()) + flat];
  }
  std::size_t part;
  Index<N> own_step;
};
template <class N>
struct ValueField : FieldCode<N> {
  ValueField(std::size_t m, std::size_t s, char kind, Index<N> code)
      : model(m), solver(s), letter(kind), step(std::move(code)) {}
  N eval(Frame<N>& frame, std::int64_t, std::size_t flat) const override {
    return value_at(frame, model, solver, letter, step ? std::optional(step->eval(frame)) : std::nullopt,
                    flat);
  }
  std::size_t model, solver;
  char letter;
  Index<N> step;
};
template <class N>
struct DefinitionField : FieldCode<N> {
  DefinitionField(int which, bool steps, Index<N> code, std::vector<std::size_t> over,
                  std::vector<Index<N>> captured)
      : definition(which),
        has_step(steps),
        own_step(std::move(code)),
        sets(std::move(over)),
        hidden(std::move(captured)) {}
  N eval(Frame<N>& frame, std::int64_t step, std::size_t flat) const override {
    std::vector<std::int64_t> list((has_step ? 1 : 0) + sets.size());
    if (has_step) list[0] = own_step ? own_step->eval(frame) : step;
    unflatten(frame, flat, sets, list.data() + (has_step ? 1 : 0));
    for (const Index<N>& code : hidden) list.push_back(code->eval(frame));
    return call<N>(frame, definition, list.data(), list.size(), {});
  }
  int definition;
  bool has_step;
  Index<N> own_step;
  std::vector<std::size_t> sets;
  std::vector<Index<N>> hidden;
};

template <class N>
struct FieldSpread : NumberCode<N> {
  FieldSpread(std::unique_ptr<FieldCode<N>> code, std::vector<std::size_t> over)
      : field(std::move(code)), sets(std::move(over)) {}
  N eval(Frame<N>& frame) const override {
    const std::size_t size = product_size(frame, sets);
    N high = field->eval(frame, 0, 0), low = high;
    for (std::size_t i = 1; i < size; ++i) {
      const N value = field->eval(frame, 0, i);
      high = Arithmetic<N>::larger(high, value);
      low = Arithmetic<N>::smaller(low, value);
    }
    return high - low;
  }
  std::unique_ptr<FieldCode<N>> field;
  std::vector<std::size_t> sets;
};
template <class N>
struct NormNumber : NumberCode<N> {
  NormNumber(std::string name, std::unique_ptr<FieldCode<N>> code, std::unique_ptr<LawCode<N>> law,
             std::vector<std::size_t> over, bool square)
      : kind(std::move(name)),
        field(std::move(code)),
        weights(std::move(law)),
        sets(std::move(over)),
        squared(square) {}
  N eval(Frame<N>& frame) const override {
    using A = Arithmetic<N>;
    const std::size_t size = product_size(frame, sets);
    const auto part = [&](std::size_t i) {
      const N value = field->eval(frame, 0, i);
      return kind == "p" ? value * value : A::absolute(value);
    };
    N total{};
    if (weights) {
      const RowRef<N> row = weights->eval(frame);
      total = row.expectation([&](std::uint32_t i) { return part(i); });
    } else {
      for (std::size_t i = 0; i < size; ++i)
        total = kind == "inf" ? A::larger(total, part(i)) : total + part(i);
    }
    return kind == "p" && !squared ? A::root(total) : total;
  }
  std::string kind;
  std::unique_ptr<FieldCode<N>> field;
  std::unique_ptr<LawCode<N>> weights;
  std::vector<std::size_t> sets;
  bool squared;  ///< of a Euclidean norm: its square, which needs no root
};
template <class N>
struct InnerNumber : NumberCode<N> {
  InnerNumber(std::unique_ptr<FieldCode<N>> a, std::unique_ptr<FieldCode<N>> b, std::vector<std::size_t> over)
      : first(std::move(a)), second(std::move(b)), sets(std::move(over)) {}
  N eval(Frame<N>& frame) const override {
    N total{};
    const std::size_t size = product_size(frame, sets);
    for (std::size_t i = 0; i < size; ++i) {
      const N weight = first->eval(frame, 0, i);
      if (!Arithmetic<N>::is_zero(weight)) total += weight * second->eval(frame, 0, i);
    }
    return total;
  }
  std::unique_ptr<FieldCode<N>> first, second;
  std::vector<std::size_t> sets;
};

// distances

/// ||p - q||_1, or half of it.
template <class N>
struct DistanceNumber : NumberCode<N> {
  DistanceNumber(std::unique_ptr<LawCode<N>> a, std::unique_ptr<LawCode<N>> b, bool half_of_it)
      : first(std::move(a)), second(std::move(b)), half(half_of_it) {}
  N eval(Frame<N>& frame) const override {
    const RowRef<N> p = first->eval(frame), q = second->eval(frame);
    N total{};
    if (p.matrix != nullptr && q.matrix != nullptr) {
      using Exact = std::conditional_t<std::is_same_v<N, RealNumber>, Rational, N>;
      total = row_l1_distance<Exact>(*p.matrix, p.row, *q.matrix, q.row);
      return half ? Arithmetic<N>::divide(total, N(2)) : total;
    }
    for (std::size_t i = 0; i < p.columns; ++i)
      total += Arithmetic<N>::absolute(p.probability(i) - q.probability(i));
    return half ? Arithmetic<N>::divide(total, N(2)) : total;
  }
  std::unique_ptr<LawCode<N>> first, second;
  bool half;
};
/// p log(p / q), 0 where p is 0, infinite where q alone is.
template <class N>
N divergence_term(const N& p, const N& q) {
  using A = Arithmetic<N>;
  if (A::is_zero(p)) return N{};
  if constexpr (std::is_same_v<N, RealNumber>)
    if (A::is_zero(q)) return RealNumber::infinity(1);
  return p * A::logarithm(A::divide(p, q));
}
template <class N>
struct DivergenceNumber : NumberCode<N> {
  DivergenceNumber(std::unique_ptr<LawCode<N>> a, std::unique_ptr<LawCode<N>> b)
      : first(std::move(a)), second(std::move(b)) {}
  N eval(Frame<N>& frame) const override {
    const RowRef<N> p = first->eval(frame), q = second->eval(frame);
    if constexpr (std::is_same_v<N, RealNumber>)
      if (p.matrix != nullptr && q.matrix != nullptr)
        return RealNumber(row_kl(*p.matrix, p.row, *q.matrix, q.row));
    N total{};
    p.each([&](std::uint32_t i, const N& mass) { total += divergence_term(mass, q.probability(i)); });
    return total;
  }
  std::unique_ptr<LawCode<N>> first, second;
};
template <class N>
struct EntropyNumber : NumberCode<N> {
  explicit EntropyNumber(std::unique_ptr<LawCode<N>> code) : law(std::move(code)) {}
  N eval(Frame<N>& frame) const override {
    N total{};
    law->eval(frame).each([&](std::uint32_t, const N& p) { total -= p * Arithmetic<N>::logarithm(p); });
    return total;
  }
  std::unique_ptr<LawCode<N>> law;
};
/// The least cost of turning one distribution into the other: augmenting along cheapest paths.
template <class N>
struct TransportNumber : NumberCode<N> {
  TransportNumber(std::unique_ptr<LawCode<N>> a, std::unique_ptr<LawCode<N>> b,
                  std::unique_ptr<FieldCode<N>> distance)
      : first(std::move(a)), second(std::move(b)), cost(std::move(distance)) {}
  N eval(Frame<N>& frame) const override {
    if constexpr (std::is_same_v<N, Interval>) {
      return unknown_interval();
    } else {
      const RowRef<N> p = first->eval(frame), q = second->eval(frame);
      return least_cost(frame, p, q);
    }
  }

 private:
  N least_cost(Frame<N>& frame, const RowRef<N>& p, const RowRef<N>& q) const {
    using A = Arithmetic<N>;
    const std::size_t n = p.columns;
    std::vector<N> supply, demand;
    for (std::size_t i = 0; i < n; ++i) {
      supply.push_back(p.probability(i));
      demand.push_back(q.probability(i));
    }
    std::vector<std::vector<N>> flow(n, std::vector<N>(n)), price(n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) price[i].push_back(cost->eval(frame, 0, i * n + j));
    N total{};
    while (true) {
      // Cheapest ways from any source with supply to each sink, through flows that may be taken back.
      std::vector<std::optional<N>> source(n), sink(n);
      std::vector<std::size_t> from_source(n, n), from_sink(n, n);
      for (std::size_t i = 0; i < n; ++i)
        if (!A::is_zero(supply[i])) source[i] = N{};
      for (std::size_t round = 0; round < 2 * n + 1; ++round) {
        bool changed = false;
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t j = 0; j < n; ++j) {
            if (source[i]) {
              const N through = *source[i] + price[i][j];
              if (!sink[j] || A::is_less(through, *sink[j]) == Truth::yes) {
                sink[j] = through;
                from_source[j] = i;
                changed = true;
              }
            }
            if (sink[j] && !A::is_zero(flow[i][j])) {
              const N back = *sink[j] - price[i][j];
              if (!source[i] || A::is_less(back, *source[i]) == Truth::yes) {
                source[i] = back;
                from_sink[i] = j;
                changed = true;
              }
            }
          }
        if (!changed) break;
      }
      std::size_t best = n;
      for (std::size_t j = 0; j < n; ++j)
        if (!A::is_zero(demand[j]) && sink[j] &&
            (best == n || A::is_less(*sink[j], *sink[best]) == Truth::yes))
          best = j;
      if (best == n) return total;
      // How much the way can carry.
      N amount = demand[best];
      std::size_t j = best, i = from_source[j];
      std::size_t length = 0;
      while (true) {
        i = from_source[j];
        if (from_sink[i] == n || ++length > 2 * n) break;
        amount = A::smaller(amount, flow[i][from_sink[i]]);
        j = from_sink[i];
      }
      amount = A::smaller(amount, supply[i]);
      supply[i] -= amount;
      demand[best] -= amount;
      total += amount * *sink[best];
      j = best;
      for (std::size_t k = 0; k <= length; ++k) {
        i = from_source[j];
        flow[i][j] += amount;
        if (from_sink[i] == n) break;
        flow[i][from_sink[i]] -= amount;
        j = from_sink[i];
      }
    }
  }
  std::unique_ptr<LawCode<N>> first, second;
  std::unique_ptr<FieldCode<N>> cost;
};

// binders

template <class N>
struct BindingCode {
  std::size_t slot = 0;
  std::optional<std::size_t> set;
  Index<N> low, high;
  std::unique_ptr<LawCode<N>> law;
  std::vector<std::size_t> law_sets;
  bool policies = false, family = false;
  std::size_t actions = 0;
  std::optional<std::size_t> path_solver;

  BindingCode() = default;
  BindingCode(BindingCode&&) noexcept = default;
  BindingCode& operator=(BindingCode&&) noexcept = default;
};

/// How many policies or trajectories one instance may make a binder look at.
constexpr double most_listed = 2'000'000;

[[noreturn]] inline void fail_too_many(const char* what, double count) {
  throw InvalidInput("an instance has " + std::to_string(static_cast<long long>(std::min(count, 9e18))) +
                     " " + what + ", more than 2 million; give smaller ranges of sizes and horizon");
}

/// Calls f for every deterministic policy, which stands in the slot meanwhile.
template <class N, class F>
void for_each_policy(Frame<N>& frame, const BindingCode<N>& code, F&& f) {
  const std::size_t states = frame.set_size(*code.set), actions = frame.set_size(code.actions);
  const std::size_t steps = code.family ? static_cast<std::size_t>(code.high->eval(frame)) : 1;
  const double count = std::pow(static_cast<double>(actions), static_cast<double>(states * steps));
  if (count > most_listed) fail_too_many("deterministic policies", count);
  std::vector<std::uint32_t> taken(states * steps);
  while (true) {
    frame.bound_policies.push_back(
        {frame.next_policy++, StochasticMatrix::deterministic(static_cast<std::uint32_t>(actions), taken)});
    frame.slot(code.slot) = frame.bound_policies.back().id;
    f();
    frame.bound_policies.pop_back();
    std::size_t i = 0;
    while (i < taken.size() && ++taken[i] == actions) taken[i++] = 0;
    if (i == taken.size()) return;
  }
}

/// Calls f(probability) for every trajectory of positive probability; @param last_state  whether s_{H+1} is
/// drawn.
template <class N, class F>
void for_each_path(Frame<N>& frame, std::size_t solver, bool last_state, BoundPath& path, F&& f) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const ModelData<N>& model = model_data(frame, code.model);
  const PolicyRows<N>& policy = policy_rows(frame, solver);
  const auto horizon = static_cast<std::size_t>(*model.horizon);
  const double count =
      std::pow(static_cast<double>(model.states * model.actions), static_cast<double>(horizon));
  if (count > most_listed * 1000) fail_too_many("trajectories", count);
  double visited = 0;
  const std::function<void(std::size_t, std::size_t, const N&)> walk = [&](std::size_t h, std::size_t s,
                                                                           const N& mass) {
    if (++visited > most_listed) fail_too_many("trajectories", count);
    path.states.push_back(static_cast<std::uint32_t>(s));
    if (h == horizon) {
      f(mass);
    } else {
      policy.row(h, s).each([&](std::uint32_t a, const N& p) {
        path.actions.push_back(a);
        const N taken = mass * p;
        if (h + 1 == horizon && !last_state)
          f(taken);
        else
          model.kernel(h, s * model.actions + a).each([&](std::uint32_t t, const N& next) {
            walk(h + 1, t, taken * next);
          });
        path.actions.pop_back();
      });
    }
    path.states.pop_back();
  };
  model.initial->each([&](std::uint32_t s, const N& p) { walk(0, s, p); });
}

/// Runs f over what a plain binding runs over.
template <class N, class F>
void for_each_value(Frame<N>& frame, const BindingCode<N>& code, F&& f) {
  if (code.policies) return for_each_policy(frame, code, f);
  std::int64_t low = 0, high = 0;
  if (code.set) {
    high = static_cast<std::int64_t>(frame.set_size(*code.set)) - 1;
  } else {
    low = code.low->eval(frame);
    high = code.high->eval(frame);
    constexpr std::int64_t most = 10'000'000;
    if (high - low > most) throw InvalidInput("a sum has more than 10 million terms; give smaller ranges");
  }
  for (std::int64_t value = low; value <= high; ++value) {
    frame.slot(code.slot) = value;
    f();
  }
}

/// sum, prod, max, min, span.
template <class N>
struct BinderNumber : NumberCode<N> {
  BinderNumber(Op which, std::vector<BindingCode<N>> list, Condition<N> condition, Number<N> code)
      : op(which), bindings(std::move(list)), filter(std::move(condition)), body(std::move(code)) {}
  N eval(Frame<N>& frame) const override {
    State state;
    run(frame, 0, state);
    if (op == Op::sum || op == Op::product)
      return state.any ? std::move(state.high) : N(op == Op::product ? 1 : 0);
    if (!state.any) throw UndefinedValue("a maximum over nothing");
    return op == Op::largest ? state.high : op == Op::smallest ? state.low : state.high - state.low;
  }

 private:
  struct State {
    bool any = false;
    N high{}, low{};
  };
  void take(Frame<N>& frame, State& state) const {
    using A = Arithmetic<N>;
    if (filter) {
      const Truth truth = filter->eval(frame);
      if (truth == Truth::no) return;
      if (truth == Truth::unknown) {
        state.any = true;
        state.high = state.low = A::not_known();
        return;
      }
    }
    N value = body->eval(frame);
    if (!state.any) {
      state.any = true;
      state.low = op == Op::sum || op == Op::product || op == Op::largest ? N{} : value;
      state.high = std::move(value);
      return;
    }
    if (op == Op::sum)
      state.high += value;
    else if (op == Op::product)
      state.high *= value;
    else {
      if constexpr (std::is_same_v<N, Rational>) {
        if (op != Op::largest && value < state.low) state.low = value;
        if (op != Op::smallest && state.high < value) state.high = std::move(value);
      } else {
        if (op != Op::smallest) state.high = A::larger(state.high, value);
        if (op != Op::largest) state.low = A::smaller(state.low, value);
      }
    }
  }
  void run(Frame<N>& frame, std::size_t i, State& state) const {
    if (i == bindings.size()) return take(frame, state);
    for_each_value(frame, bindings[i], [&] { run(frame, i + 1, state); });
  }
  Op op;
  std::vector<BindingCode<N>> bindings;
  Condition<N> filter;
  Number<N> body;
};

/// max over all rows of the distance of two givens, in one pass over their entries.
template <class N>
struct LargestDistanceNumber : NumberCode<N> {
  LargestDistanceNumber(std::size_t p, std::size_t q, bool half_of_it)
      : first(p), second(q), half(half_of_it) {}
  N eval(Frame<N>& frame) const override {
    using Exact = std::conditional_t<std::is_same_v<N, RealNumber>, Rational, N>;
    const N largest = max_row_l1_distance<Exact>(frame.parts().rows(first), frame.parts().rows(second));
    return half ? Arithmetic<N>::divide(largest, N(2)) : largest;
  }
  std::size_t first, second;
  bool half;
};

/// The part whose rows a law goes through, one after another, as the bindings run; nothing if it does not.
template <class N>
std::optional<std::size_t> all_rows(const LawCode<N>& law, const std::vector<BindingCode<N>>& bindings) {
  const auto* rows = dynamic_cast<const RowLaw<N>*>(&law);
  if (rows == nullptr || rows->rows->family() || rows->conditions.size() != bindings.size())
    return std::nullopt;
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    const auto* index = dynamic_cast<const SlotIndex<N>*>(rows->conditions[i].get());
    const bool whole = bindings[i].set && *bindings[i].set == rows->sets[i] && !bindings[i].law;
    if (index == nullptr || index->slot != bindings[i].slot || !whole) return std::nullopt;
  }
  return rows->rows->part();
}

/// max_{s,a} ||T(s,a) - T'(s,a)||_1 at once; nullptr if the binder is something else.
template <class N>
Number<N> largest_distance(Op op, const std::vector<BindingCode<N>>& bindings, const Condition<N>& filter,
                           const Number<N>& body) {
  const auto* distance = dynamic_cast<const DistanceNumber<N>*>(body.get());
  if (op != Op::largest || filter || distance == nullptr) return nullptr;
  const auto first = all_rows(*distance->first, bindings), second = all_rows(*distance->second, bindings);
  if (!first || !second) return nullptr;
  return std::make_unique<LargestDistanceNumber<N>>(*first, *second, distance->half);
}

/// E, Var, P: drawn from left to right.
template <class N>
struct DrawnNumber : NumberCode<N> {
  DrawnNumber(bool of_squares, std::vector<BindingCode<N>> list, Number<N> code)
      : variance(of_squares), bindings(std::move(list)), body(std::move(code)) {}
  N eval(Frame<N>& frame) const override {
    const N mean = expectation_from(frame, 0, false);
    if (!variance) return mean;
    return expectation_from(frame, 0, true) - mean * mean;
  }

 private:
  N expectation_from(Frame<N>& frame, std::size_t i, bool squared) const {
    if (i == bindings.size()) {
      N value = body->eval(frame);
      if (squared) value *= value;
      return value;
    }
    const BindingCode<N>& code = bindings[i];
    if (code.path_solver) return over_paths(frame, code, i, squared);
    const RowRef<N> row = code.law->eval(frame);
    if (code.law_sets.size() == 1)
      return row.expectation([&](std::uint32_t outcome) {
        frame.slot(code.slot) = outcome;
        return expectation_from(frame, i + 1, squared);
      });
    return row.expectation([&](std::uint32_t outcome) {
      std::size_t flat = outcome;
      for (std::size_t k = code.law_sets.size(); k-- > 0;) {
        const std::size_t n = frame.set_size(code.law_sets[k]);
        frame.slot(code.slot + k) = static_cast<std::int64_t>(flat % n);
        flat /= n;
      }
      return expectation_from(frame, i + 1, squared);
    });
  }
  N over_paths(Frame<N>& frame, const BindingCode<N>& code, std::size_t i, bool squared) const {
    N total{};
    frame.paths.emplace_back();
    const std::size_t which = frame.paths.size() - 1;
    frame.slot(code.slot) = static_cast<std::int64_t>(which);
    BoundPath path;
    for_each_path(frame, *code.path_solver, true, path, [&](const N& mass) {
      frame.paths[which] = path;
      frame.slot(code.slot) = static_cast<std::int64_t>(which);
      total += mass * expectation_from(frame, i + 1, squared);
    });
    frame.paths.resize(which);
    return total;
  }
  bool variance;
  std::vector<BindingCode<N>> bindings;
  Number<N> body;
};

/// TV or KL of the laws of (s_1, a_1, ..., s_H, a_H).
template <class N>
struct PathDistance : NumberCode<N> {
  PathDistance(std::size_t a, std::size_t b, bool logarithmic)
      : first(a), second(b), divergence(logarithmic) {}
  N eval(Frame<N>& frame) const override {
    using Key = std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>>;
    std::map<Key, std::pair<N, N>> masses;
    BoundPath path;
    for_each_path(frame, first, false, path, [&](const N& mass) {
      masses[{path.states, path.actions}].first = mass;
    });
    for_each_path(frame, second, false, path, [&](const N& mass) {
      masses[{path.states, path.actions}].second = mass;
    });
    N total{};
    for (const auto& [key, pair] : masses)
      total += divergence ? divergence_term(pair.first, pair.second)
                          : Arithmetic<N>::absolute(pair.first - pair.second);
    return divergence ? total : Arithmetic<N>::divide(total, N(2));
  }
  std::size_t first, second;
  bool divergence;
};

// truths

template <class N>
struct IndexRelation : TruthCode<N> {
  IndexRelation(const std::string& sign, Index<N> a, Index<N> b)
      : relation(sign), first(std::move(a)), second(std::move(b)) {}
  Truth eval(Frame<N>& frame) const override {
    const std::int64_t a = first->eval(frame), b = second->eval(frame);
    const bool holds = relation == "="    ? a == b
                       : relation == "!=" ? a != b
                       : relation == "<=" ? a <= b
                       : relation == "<"  ? a < b
                       : relation == ">=" ? a >= b
                                          : a > b;
    return holds ? Truth::yes : Truth::no;
  }
  std::string relation;
  Index<N> first, second;
};
template <class N>
struct NumberRelation : TruthCode<N> {
  NumberRelation(const std::string& sign, Number<N> a, Number<N> b)
      : first(std::move(a)), second(std::move(b)) {
    if (sign[0] == '>') std::swap(first, second);
    relation = sign == "="        ? Relation::equal
               : sign == "!="     ? Relation::unequal
               : sign.size() == 1 ? Relation::less
                                  : Relation::at_most;
  }
  Truth eval(Frame<N>& frame) const override {
    return holds(first->eval(frame), relation, second->eval(frame));
  }
  Relation relation;
  Number<N> first, second;
};
/// All of them, or any; stops at the first that decides.
template <class N>
struct JoinedTruth : TruthCode<N> {
  JoinedTruth(std::vector<Condition<N>> list, bool every) : parts(std::move(list)), all(every) {}
  Truth eval(Frame<N>& frame) const override {
    Truth result = all ? Truth::yes : Truth::no;
    for (const Condition<N>& part : parts) {
      const Truth truth = part->eval(frame);
      if (truth == (all ? Truth::no : Truth::yes)) return truth;
      // What comes after a part that is not known may be undefined only because that part fails.
      if (truth == Truth::unknown) return Truth::unknown;
    }
    return result;
  }
  std::vector<Condition<N>> parts;
  bool all;
};
template <class N>
struct NegatedTruth : TruthCode<N> {
  explicit NegatedTruth(Condition<N> code) : inner(std::move(code)) {}
  Truth eval(Frame<N>& frame) const override { return negated(inner->eval(frame)); }
  Condition<N> inner;
};
template <class N>
struct SameTruth : TruthCode<N> {
  SameTruth(Condition<N> a, Condition<N> b) : first(std::move(a)), second(std::move(b)) {}
  Truth eval(Frame<N>& frame) const override {
    const Truth a = first->eval(frame), b = second->eval(frame);
    if (a == Truth::unknown || b == Truth::unknown) return Truth::unknown;
    return a == b ? Truth::yes : Truth::no;
  }
  Condition<N> first, second;
};
template <class N>
struct QuantifiedTruth : TruthCode<N> {
  QuantifiedTruth(bool every, std::vector<BindingCode<N>> list, Condition<N> code)
      : all(every), bindings(std::move(list)), body(std::move(code)) {}
  Truth eval(Frame<N>& frame) const override {
    Truth result = all ? Truth::yes : Truth::no;
    run(frame, 0, result);
    return result;
  }

 private:
  void run(Frame<N>& frame, std::size_t i, Truth& result) const {
    const Truth decisive = all ? Truth::no : Truth::yes;
    if (result == decisive) return;
    if (i == bindings.size()) {
      const Truth truth = body->eval(frame);
      if (truth == decisive || truth == Truth::unknown)
        result = truth == decisive ? decisive : Truth::unknown;
      return;
    }
    for_each_value(frame, bindings[i], [&] { run(frame, i + 1, result); });
  }
  bool all;
  std::vector<BindingCode<N>> bindings;
  Condition<N> body;
};

}  // namespace lemmacheck::detail
