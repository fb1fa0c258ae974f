/// Code of conditions. Private to the language layer.
#pragma once

#include <algorithm>
#include <utility>

#include "language/detail/binder_code.hpp"

namespace lemmacheck::detail {

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
    const N a = first->eval(frame), b = second->eval(frame);
    return holds(require_defined(a), relation, require_defined(b));
  }
  Relation relation;
  Number<N> first, second;
};
/// x > 0 or x = 0 for a number that is never negative.
template <class N>
struct SignTruth : TruthCode<N> {
  SignTruth(Number<N> code, bool above) : number(std::move(code)), positive(above) {}
  Truth eval(Frame<N>& frame) const override {
    const Truth truth = number->positive(frame);
    return positive ? truth : negated(truth);
  }
  Number<N> number;
  bool positive;
};
/// All of them, or any; stops at the first that decides.
template <class N>
struct JoinedTruth : TruthCode<N> {
  JoinedTruth(std::vector<Condition<N>> list, bool every) : parts(std::move(list)), all(every) {}
  Truth eval(Frame<N>& frame) const override {
    Truth result = all ? Truth::yes : Truth::no;
    for (const Condition<N>& part : parts) {
      const Truth truth = result == Truth::unknown ? guarded(frame, *part) : part->eval(frame);
      if (truth == (all ? Truth::no : Truth::yes)) return truth;
      if (truth != Truth::unknown) continue;
      result = Truth::unknown;
      if constexpr (!may_be_unknown<N>) return result;
    }
    return result;
  }
  std::vector<Condition<N>> parts;
  bool all;

 private:
  /// What comes after a part that is not known may be undefined, or a row there no distribution, only because
  /// that part fails: an enclosure is asked all the same, and exact arithmetic where there is a fault.
  static Truth guarded(Frame<N>& frame, const TruthCode<N>& part) {
    try {
      return part.eval(frame);
    } catch (const InvalidInput& fault) {
      throw UndefinedValue(fault.what());
    }
  }
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
