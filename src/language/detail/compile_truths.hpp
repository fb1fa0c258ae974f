/// Compiler: Trees of conditions. Private to the language layer.
#pragma once

#include <algorithm>

#include "language/detail/compiler.hpp"
#include "language/signs.hpp"

namespace lemmacheck::detail {

template <class N>
std::vector<Condition<N>> Compiler<N>::conditions(const std::vector<Tree>& trees) {
  std::vector<Condition<N>> list;
  for (const Tree& tree : trees) list.push_back(condition(tree));
  return list;
}

template <class N>
Condition<N> Compiler<N>::condition(const Tree& tree) {
  switch (tree->op) {
    case Op::relation: {
      const bool integers = tree->kids[0]->sort.kind == Sort::Kind::integer &&
                            tree->kids[1]->sort.kind == Sort::Kind::integer && is_index(tree->kids[0]) &&
                            is_index(tree->kids[1]);
      if (tree->kids[0]->sort.kind == Sort::Kind::element || integers)
        return std::make_unique<IndexRelation<N>>(tree->name, index(tree->kids[0]), index(tree->kids[1]));
      if (Condition<N> sign = sign_truth(tree)) return sign;
      return std::make_unique<NumberRelation<N>>(tree->name, number(tree->kids[0]), number(tree->kids[1]));
    }
    case Op::within: {
      std::vector<Condition<N>> both;
      both.push_back(std::make_unique<NumberRelation<N>>(
          tree->name[0] == '(' ? "<" : "<=", number(tree->kids[1]), number(tree->kids[0])));
      both.push_back(std::make_unique<NumberRelation<N>>(
          tree->name[1] == ')' ? "<" : "<=", number(tree->kids[0]), number(tree->kids[2])));
      return std::make_unique<JoinedTruth<N>>(std::move(both), true);
    }
    case Op::chain:
    case Op::conjunction:
      return std::make_unique<JoinedTruth<N>>(conditions(tree->kids), true);
    case Op::disjunction:
      return std::make_unique<JoinedTruth<N>>(conditions(tree->kids), false);
    case Op::negation:
      return std::make_unique<NegatedTruth<N>>(condition(tree->kids[0]));
    case Op::implication: {
      std::vector<Condition<N>> either;
      either.push_back(std::make_unique<NegatedTruth<N>>(condition(tree->kids[0])));
      either.push_back(condition(tree->kids[1]));
      return std::make_unique<JoinedTruth<N>>(std::move(either), false);
    }
    case Op::equivalence:
      return std::make_unique<SameTruth<N>>(condition(tree->kids[0]), condition(tree->kids[1]));
    case Op::for_all:
    case Op::exists: {
      const std::size_t before = scope_.size();
      std::vector<BindingCode<N>> bindings;
      for (const Binding& binding : tree->bindings) bindings.push_back(binding_code(binding));
      Condition<N> body = condition(tree->kids[0]);
      unbind(before);
      return std::make_unique<QuantifiedTruth<N>>(tree->op == Op::for_all, std::move(bindings),
                                                  std::move(body));
    }
    default:
      throw InternalError("no code for this condition");
  }
}

/// A comparison with 0 that asks for a sign alone; nullptr if it is something else. Other number types than
/// Rational compute what they compare at little cost.
template <class N>
Condition<N> Compiler<N>::sign_truth(const Tree& tree) {
  if constexpr (std::is_same_v<N, Rational>) {
    const auto is_zero = [](const Tree& side) { return side->op == Op::literal && side->number.sign() == 0; };
    const Tree &left = tree->kids[0], &right = tree->kids[1];
    const std::string& sign = tree->name;
    const bool zero_left = is_zero(left);
    const Tree& number_side = zero_left ? right : left;
    const bool above = sign == "!=" || sign == (zero_left ? "<" : ">");
    const bool is_none = sign == "=" || sign == (zero_left ? ">=" : "<=");
    if ((zero_left || is_zero(right)) && (above || is_none) && never_negative(lemma_, number_side))
      return std::make_unique<SignTruth<N>>(number(number_side), above);
  }
  return nullptr;
}

template <class N>
bool Compiler<N>::is_index(const Tree& tree) {
  switch (tree->op) {
    case Op::literal:
      return tree->number.is_integer();
    case Op::variable:
    case Op::size:
      return true;
    case Op::constant:
      return tree->definition < 0;
    case Op::add:
    case Op::negate:
    case Op::multiply:
      return std::all_of(tree->kids.begin(), tree->kids.end(), is_index);
    default:
      return false;
  }
}

}  // namespace lemmacheck::detail
