/// Code of integers and elements. Private to the language layer.
#pragma once

#include <algorithm>
#include <utility>

#include "language/detail/solvers.hpp"

namespace lemmacheck::detail {

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
  MapIndex(std::size_t which, std::vector<Index<N>> list, std::vector<std::size_t> from)
      : part(which), arguments(std::move(list)), sets(std::move(from)) {}
  std::int64_t eval(Frame<N>& frame) const override {
    std::size_t flat = 0;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      flat = flat * frame.set_size(sets[i]) + static_cast<std::size_t>(arguments[i]->eval(frame));
    return std::get<std::vector<std::uint32_t>>(frame.parts().values[part])[flat];
  }
  std::size_t part;
  std::vector<Index<N>> arguments;
  std::vector<std::size_t> sets;
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
    const BoundPath& path = *frame.paths[static_cast<std::size_t>(frame.slot(slot))];
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

}  // namespace lemmacheck::detail
