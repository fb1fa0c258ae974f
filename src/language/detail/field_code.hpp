/// Code of functions taken whole, and of their norms. Private to the language layer.
#pragma once

#include <algorithm>
#include <utility>

#include "language/detail/law_code.hpp"
#include "language/detail/number_code.hpp"

namespace lemmacheck::detail {

template <class N>
struct LawField : FieldCode<N> {
  explicit LawField(std::unique_ptr<LawCode<N>> code) : law(std::move(code)) {}
  N eval(Frame<N>& frame, std::int64_t, std::size_t flat) const override { return law->mass(frame, flat); }
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
    return value_at(frame, model_data(frame, model), solver, letter,
                    step ? std::optional(step->eval(frame)) : std::nullopt, flat);
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
      std::vector<N> own;
      const RowRef<N> row = weights->eval(frame, own);
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

}  // namespace lemmacheck::detail
