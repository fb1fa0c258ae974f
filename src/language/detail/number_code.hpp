/// Code of numbers: literals, givens, calls, arithmetic, values of policies. Private to the language layer.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include "language/detail/index_code.hpp"
#include "mdp/policy_agreement.hpp"

namespace lemmacheck::detail {

template <class N>
struct FixedNumber : NumberCode<N> {
  // The names of unusual denominators last for one evaluation.
  using Kept = std::conditional_t<std::is_same_v<N, ResidueInterval>, Rational, N>;
  explicit FixedNumber(const Rational& number) : value(Kept::from(number)) {}
  N eval(Frame<N>&) const override {
    if constexpr (std::is_same_v<N, Kept>)
      return value;
    else
      return N::from(value);
  }
  Kept value;
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
    return with_arguments(frame, [&](const std::int64_t* list, std::vector<N>&& numbers) {
      return call<N>(frame, definition, list, arguments.size(), std::move(numbers));
    });
  }
  Truth positive(Frame<N>& frame) const override {
    return with_arguments(frame, [&](const std::int64_t* list, std::vector<N>&& numbers) {
      return call_is_positive<N>(frame, definition, list, arguments.size(), std::move(numbers));
    });
  }
  int definition;
  std::vector<Index<N>> arguments;
  std::vector<Number<N>> values;

 private:
  template <class F>
  auto with_arguments(Frame<N>& frame, F&& f) const {
    std::int64_t list[most_arguments];
    if (arguments.size() > most_arguments)
      throw InvalidInput("a definition has more than 16 arguments; give it fewer");
    for (std::size_t i = 0; i < arguments.size(); ++i) list[i] = arguments[i]->eval(frame);
    std::vector<N> numbers;
    for (const Number<N>& value : values) numbers.push_back(value->eval(frame));
    return f(list, std::move(numbers));
  }
};
/// A number that does not depend on all the names that run around it: computed once for each value of those
/// that it depends on.
template <class N>
struct KeptNumber : NumberCode<N> {
  struct Element {
    std::size_t slot, set;
  };
  KeptNumber(std::size_t which, std::vector<Element> list, std::vector<std::size_t> slots, Number<N> code)
      : place(which), elements(std::move(list)), integers(std::move(slots)), inner(std::move(code)) {}
  N eval(Frame<N>& frame) const override {
    return kept_in(frame, frame.kept[place], [&] { return inner->eval(frame); });
  }
  Truth positive(Frame<N>& frame) const override {
    return kept_in(frame, frame.kept_signs[place], [&] { return inner->positive(frame); });
  }
  std::size_t place;
  std::vector<Element> elements;
  std::vector<std::size_t> integers;
  Number<N> inner;

 private:
  template <class V, class Compute>
  V kept_in(Frame<N>& frame, Memo<V>& memo, Compute&& compute) const {
    constexpr std::size_t most = 1U << 16U;  // values; more would be too much memory
    std::size_t flat = 0, size = 1;
    for (const Element& element : elements) {
      const std::size_t n = frame.set_size(element.set);
      flat = flat * n + static_cast<std::size_t>(frame.slot(element.slot));
      size *= n;
    }
    if (size > most) return compute();
    std::array<std::int64_t, most_arguments> key;
    for (std::size_t i = 0; i < integers.size(); ++i) key[i] = frame.slot(integers[i]);
    return from_memo(memo, std::span(key).first(integers.size()), flat, size, compute);
  }
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
  Truth positive(Frame<N>& frame) const override {
    Truth any = Truth::no;
    for (const Term& term : terms) any = either(any, term.number->positive(frame));
    return any;
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
  Truth positive(Frame<N>& frame) const override {
    Truth all = Truth::yes;
    for (const Number<N>& factor : factors) all = both(all, factor->positive(frame));
    return all;
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
  N eval(Frame<N>& frame) const override { return law->mass(frame, flat_index(frame, outcomes, sets)); }
  Truth positive(Frame<N>& frame) const override {
    return law->has(frame, flat_index(frame, outcomes, sets));
  }
  std::unique_ptr<LawCode<N>> law;
  std::vector<Index<N>> outcomes;
  std::vector<std::size_t> sets;
};
template <class N>
struct IndicatorNumber : NumberCode<N> {
  explicit IndicatorNumber(Condition<N> code) : condition(std::move(code)) {}
  N eval(Frame<N>& frame) const override { return Arithmetic<N>::of_truth(condition->eval(frame)); }
  Truth positive(Frame<N>& frame) const override { return condition->eval(frame); }
  Condition<N> condition;
};

// values

/// A step as it is written, 1..H+1, from 0.
template <class N>
std::size_t step_from_0(const ModelData<N>& data, std::int64_t step) {
  if (step < 1 || step > *data.horizon + 1) throw UndefinedValue("a step out of range");
  return static_cast<std::size_t>(step - 1);
}

/// V, Q, A, gain or bias at a step from 0 and a flat argument.
template <class N>
N value_at(Frame<N>& frame, const ModelData<N>& data, std::size_t solver, char letter,
           std::optional<std::int64_t> step, std::size_t flat) {
  std::size_t h = 0;
  if (step) {
    h = step_from_0(data, *step);
    if (h == static_cast<std::size_t>(*data.horizon)) return N{};
  }
  const SolvedValues<N>& values = solved_values(frame, solver);
  if (letter == 'b') return values.bias[flat];
  if (letter == 'V' || letter == 'g') {
    values.require_finite(flat);
    return values.at(h, flat);
  }
  const std::size_t next = step ? h + 1 : 0;
  N q = data.kernel(h, flat).expectation([&](std::uint32_t t) {
    values.require_finite(t);
    return values.at(next, t);
  });
  if (data.discount) q *= *data.discount;
  q += data.reward(h, flat);
  if (letter == 'A') {
    values.require_finite(flat / data.actions);
    q -= values.at(h, flat / data.actions);
  }
  return q;
}

template <class N>
struct ValueNumber : NumberCode<N> {
  ValueNumber(std::size_t m, std::size_t s, char kind, Index<N> code, std::vector<Index<N>> list)
      : model(m), solver(s), letter(kind), step(std::move(code)), arguments(std::move(list)) {}
  N eval(Frame<N>& frame) const override {
    const ModelData<N>& data = model_data(frame, model);
    if (letter == 'J') return mean(data, solved_values(frame, solver));
    std::size_t flat = static_cast<std::size_t>(arguments[0]->eval(frame));
    if (arguments.size() == 2)
      flat = flat * data.actions + static_cast<std::size_t>(arguments[1]->eval(frame));
    return value_at(frame, data, solver, letter, step ? std::optional(step->eval(frame)) : std::nullopt,
                    flat);
  }
  /// V of every state, where the letter is V; nullptr where they have to be looked at one by one.
  const N* values(Frame<N>& frame) const {
    const ModelData<N>& data = model_data(frame, model);
    const std::size_t h = step ? step_from_0(data, step->eval(frame)) : 0;
    if (step && h == static_cast<std::size_t>(*data.horizon)) return nullptr;
    const SolvedValues<N>& solved = solved_values(frame, solver);
    return solved.finite.empty() ? &solved.values[h * data.states] : nullptr;
  }
  std::size_t model, solver;
  char letter;
  Index<N> step;
  std::vector<Index<N>> arguments;

 private:
  /// J = E_{s ~ start} V_1(s).
  static const N& mean(const ModelData<N>& data, const SolvedValues<N>& values) {
    if (values.mean) return *values.mean;
    if constexpr (std::is_same_v<N, Rational>)
      if (values.exact && data.plain)
        return values.mean.emplace(values.exact->expected_first(data.plain->initial()));
    return values.mean.emplace(data.initial->expectation([&](std::uint32_t s) {
      values.require_finite(s);
      return values.at(0, s);
    }));
  }
};

/// V^pi(s; M) - V^pi(s; M') or J(pi, M) - J(pi, M'): 0 where the policy meets no difference between the MDPs,
/// which enclosures of the two could not tell.
template <class N>
struct ValueGap : NumberCode<N> {
  using Value = std::unique_ptr<ValueNumber<N>>;
  ValueGap(Value a, Value b) : first(std::move(a)), second(std::move(b)) {}
  N eval(Frame<N>& frame) const override {
    const N gap = first->eval(frame) - second->eval(frame);
    const bool open = gap.lower() <= 0 && gap.upper() >= 0 && gap.lower() != gap.upper();
    return open && agree(frame) ? N{} : gap;
  }

 private:
  bool agree(Frame<N>& frame) const {
    const ModelData<N>&m = model_data(frame, first->model), &other = model_data(frame, second->model);
    const bool known = m.given_kernel && other.given_kernel && m.given_table && other.given_table;
    if (!known || m.discount || other.discount || !m.horizon || m.horizon != other.horizon) return false;
    if (m.given_table != other.given_table && !(*m.given_table == *other.given_table)) return false;
    const std::vector<std::uint64_t>* const sets = differing(frame, m, other);
    if (sets == nullptr) return false;
    const std::int64_t h = first->step ? first->step->eval(frame) : 1;
    if (h != (second->step ? second->step->eval(frame) : 1) || h > *m.horizon) return false;
    const auto left = static_cast<std::size_t>(*m.horizon + 1 - h);
    return (met(frame, m, other) & (*sets)[std::min(left, sets->size()) - 1]) == 0;
  }
  /// The states that the two start from, as bits; all where they are not the same.
  std::uint64_t met(Frame<N>& frame, const ModelData<N>& m, const ModelData<N>& other) const {
    constexpr std::uint64_t all = ~std::uint64_t{0};
    if (first->letter == 'V') {
      const std::int64_t s = first->arguments[0]->eval(frame);
      return s == second->arguments[0]->eval(frame) ? std::uint64_t{1} << static_cast<unsigned>(s) : all;
    }
    if (m.initial->matrix == nullptr || m.initial->matrix != other.initial->matrix ||
        m.initial->row != other.initial->row)
      return all;
    std::uint64_t states = 0;
    for (const std::uint32_t s : m.initial->matrix->row_columns(m.initial->row))
      states |= std::uint64_t{1} << s;
    return states;
  }
  const std::vector<std::uint64_t>* differing(Frame<N>& frame, const ModelData<N>& m,
                                              const ModelData<N>& other) const {
    const StochasticMatrix* const policy = policy_rows(frame, first->solver).given;
    if (policy == nullptr || policy != policy_rows(frame, second->solver).given) return nullptr;
    const auto key = static_cast<std::int64_t>((first->solver << 20U) + second->solver);
    if (const auto* found = frame.differing.find(key)) return found->empty() ? nullptr : found;
    const StationaryProcess process{*m.given_kernel, *m.given_table, *policy,
                                    static_cast<std::uint32_t>(m.states),
                                    static_cast<std::uint32_t>(m.actions)};
    auto node = frame.differing.take();
    node->second = differing_states(process, *other.given_kernel, static_cast<std::size_t>(*m.horizon),
                                    std::move(node->second));
    const auto& kept = frame.differing.keep(key, std::move(node));
    return kept.empty() ? nullptr : &kept;
  }
  Value first, second;
};

}  // namespace lemmacheck::detail
