/// Compiler: Trees of integers and numbers. Private to the language layer.
#pragma once

#include <algorithm>

#include "language/detail/compiler.hpp"

namespace lemmacheck::detail {

template <class N>
Index<N> Compiler<N>::index(const Tree& tree) {
  switch (tree->op) {
    case Op::literal: {
      const auto integer = tree->number.as_integer();
      constexpr std::int64_t largest = std::int64_t{1} << 40U;
      if (!integer || *integer > largest)
        fail_at(tree->place, "the integer " + tree->number.to_string() + " is too large to stand here",
                "use integers up to 2^40");
      return std::make_unique<FixedIndex<N>>(*integer);
    }
    case Op::variable:
      return std::make_unique<SlotIndex<N>>(slot_of(tree->name));
    case Op::constant: {
      if (tree->definition < 0) return std::make_unique<GivenIndex<N>>(part_index(tree->name));
      const Definition& definition = lemma_.definitions[static_cast<std::size_t>(tree->definition)];
      if (definition.step.empty() && definition.body) {
        // An integer that is defined, n = H - 1, has no bound names.
        const auto scope = std::exchange(scope_, {});
        Index<N> code = index(definition.body);
        scope_ = scope;
        return code;
      }
      break;
    }
    case Op::size:
      return std::make_unique<SizeIndex<N>>(set_index(tree->name));
    case Op::add:
      return std::make_unique<SumIndex<N>>(indices(tree->kids));
    case Op::negate:
      return std::make_unique<NegatedIndex<N>>(index(tree->kids[0]));
    case Op::multiply:
      return std::make_unique<ProductIndex<N>>(indices(tree->kids));
    case Op::power:
      return std::make_unique<PowerIndex<N>>(index(tree->kids[0]), index(tree->kids[1]));
    case Op::absolute:
      return std::make_unique<AbsoluteIndex<N>>(index(tree->kids[0]));
    case Op::minimum:
    case Op::maximum:
      return std::make_unique<ExtremeIndex<N>>(indices(tree->kids), tree->op == Op::maximum);
    case Op::call:
      if (tree->sort.kind == Sort::Kind::element)
        return std::make_unique<MapIndex<N>>(part_index(tree->name), indices(tree->kids),
                                             set_indices(lemma_.find_given(tree->name)->from));
      break;
    case Op::taken:
      return std::make_unique<TakenIndex<N>>(rows(tree->policy), index(tree->kids[0]));
    case Op::path_state:
    case Op::path_action:
      return std::make_unique<PathIndex<N>>(slot_of(tree->name), index(tree->kids[0]),
                                            tree->op == Op::path_state);
    default:
      break;
  }
  fail_at(tree->place, "this integer is too involved to stand here",
          "define it from H, h, k and numbers by +, - and *");
}

template <class N>
std::vector<Index<N>> Compiler<N>::indices(const std::vector<Tree>& trees) {
  std::vector<Index<N>> list;
  for (const Tree& tree : trees) list.push_back(index(tree));
  return list;
}

template <class N>
std::vector<Number<N>> Compiler<N>::numbers(const std::vector<Tree>& trees) {
  std::vector<Number<N>> list;
  for (const Tree& tree : trees) list.push_back(number(tree));
  return list;
}

template <class N>
bool Compiler<N>::is_plain_integer(const Tree& tree) {
  switch (tree->op) {
    case Op::variable:
    case Op::size:
    case Op::path_state:
    case Op::path_action:
      return true;
    case Op::constant:
      return tree->definition < 0;
    default:
      return false;
  }
}

/// Whether it takes a loop to compute.
inline bool runs_over_something(Op op) {
  switch (op) {
    case Op::norm:
    case Op::distance:
    case Op::divergence:
    case Op::entropy:
    case Op::transport:
    case Op::inner:
      return true;
    default:
      return is_binder(op);
  }
}

template <class N>
Number<N> Compiler<N>::kept(const Tree& tree) {
  if (!runs_over_something(tree->op) || path_scope_ != none) return nullptr;
  std::set<std::string> around = around_.names;
  around.insert(scope_.begin() + static_cast<std::ptrdiff_t>(around_.bound), scope_.end());
  std::set<std::string> names;
  std::vector<typename KeptNumber<N>::Element> elements;
  std::vector<std::size_t> integers;
  for (const auto& [name, sort] : free_variables(tree)) {
    names.insert(name);
    if (sort.kind == Sort::Kind::element)
      elements.push_back({slot_of(name), set_index(sort.from[0])});
    else if (sort.kind == Sort::Kind::integer)
      integers.push_back(slot_of(name));
    else
      return nullptr;
  }
  constexpr std::size_t most_integers = 1;  // one is found at once
  if (names.size() >= around.size() || integers.size() > most_integers) return nullptr;
  const Around outer = std::exchange(around_, {std::move(names), scope_.size()});
  Number<N> inner = number(tree);
  around_ = outer;
  return std::make_unique<KeptNumber<N>>(program_.kept++, std::move(elements), std::move(integers),
                                         std::move(inner));
}

template <class N>
Number<N> Compiler<N>::number(const Tree& tree) {
  if (Number<N> once = kept(tree)) return once;
  if (tree->sort.kind == Sort::Kind::integer && is_plain_integer(tree))
    return std::make_unique<IndexNumber<N>>(index(tree));
  switch (tree->op) {
    case Op::literal:
      return std::make_unique<FixedNumber<N>>(tree->number);
    case Op::variable: {
      for (std::size_t i = number_scope_.size(); i-- > 0;)
        if (number_scope_[i] == tree->name) return std::make_unique<NumberSlot<N>>(i);
      throw InternalError("the number " + tree->name + " is bound nowhere");
    }
    case Op::constant:
      if (tree->definition >= 0)
        return std::make_unique<CallNumber<N>>(tree->definition, step_argument(tree),
                                               std::vector<Number<N>>{});
      return std::make_unique<GivenNumber<N>>(part_index(tree->name));
    case Op::call:
      return call_number(tree);
    case Op::add:
      if constexpr (std::is_same_v<N, Interval>)
        if (Number<N> gap = value_gap(tree->kids)) return gap;
      if (Number<N> difference = difference_of_means(tree->kids)) return difference;
      return std::make_unique<SumNumber<N>>(numbers(tree->kids));
    case Op::negate:
      return std::make_unique<NegatedNumber<N>>(number(tree->kids[0]));
    case Op::multiply:
      return std::make_unique<ProductNumber<N>>(numbers(tree->kids));
    case Op::divide:
      return std::make_unique<QuotientNumber<N>>(number(tree->kids[0]), number(tree->kids[1]));
    case Op::power:
      if (const auto half = power_of_squared_norm(*tree))
        return std::make_unique<IntegerPower<N>>(norm(tree->kids[0], true), index(literal(*half)));
      if (tree->kids[1]->sort.kind == Sort::Kind::integer)
        return std::make_unique<IntegerPower<N>>(number(tree->kids[0]), index(tree->kids[1]));
      if (tree->kids[1]->op == Op::literal && tree->kids[1]->number == Rational::ratio(1, 2))
        return std::make_unique<UnaryNumber<N>>(number(tree->kids[0]), Op::root);
      return std::make_unique<RealPower<N>>(number(tree->kids[0]), number(tree->kids[1]));
    case Op::absolute:
    case Op::root:
    case Op::logarithm:
    case Op::exponential:
      return std::make_unique<UnaryNumber<N>>(number(tree->kids[0]), tree->op);
    case Op::minimum:
    case Op::maximum:
      return std::make_unique<ExtremeNumber<N>>(numbers(tree->kids), tree->op == Op::maximum);
    case Op::mass:
      return mass(tree);
    case Op::value:
      return value(tree);
    case Op::expectation:
    case Op::variance:
    case Op::chance:
      return drawn(tree);
    case Op::sum:
    case Op::product:
    case Op::largest:
    case Op::smallest:
    case Op::spread:
      if (tree->bindings.empty())
        return std::make_unique<FieldSpread<N>>(field(tree->kids[0]), set_indices(field_sets(tree->kids[0])));
      return binder(tree);
    case Op::norm:
      return norm(tree);
    case Op::distance:
    case Op::divergence:
    case Op::entropy:
      return distance(tree);
    case Op::transport:
      return std::make_unique<TransportNumber<N>>(law(tree->kids[0]), law(tree->kids[1]),
                                                  field(tree->kids[2]));
    case Op::inner:
      return std::make_unique<InnerNumber<N>>(field(tree->kids[0]), field(tree->kids[1]),
                                              set_indices(field_sets(tree->kids[0])));
    case Op::indicator:
      return std::make_unique<IndicatorNumber<N>>(condition(tree->kids[0]));
    default:
      if (tree->sort.kind == Sort::Kind::integer) return std::make_unique<IndexNumber<N>>(index(tree));
      throw InternalError("no code for this number");
  }
}

template <class N>
std::vector<Index<N>> Compiler<N>::step_argument(const Tree& tree) {
  std::vector<Index<N>> list;
  if (tree->step) list.push_back(index(tree->step));
  return list;
}

template <class N>
Number<N> Compiler<N>::call_number(const Tree& tree) {
  if (tree->definition < 0)
    return std::make_unique<TableNumber<N>>(part_index(tree->name), tree->step ? index(tree->step) : nullptr,
                                            indices(tree->kids),
                                            set_indices(lemma_.find_given(tree->name)->from));
  std::vector<Index<N>> list = step_argument(tree);
  std::vector<Number<N>> values;
  arguments(tree, list, values);
  return std::make_unique<CallNumber<N>>(tree->definition, std::move(list), std::move(values));
}

template <class N>
void Compiler<N>::arguments(const Tree& tree, std::vector<Index<N>>& list, std::vector<Number<N>>& values) {
  const Definition& definition = lemma_.definitions[static_cast<std::size_t>(tree->definition)];
  std::size_t next = 0;
  for (const Tree& kid : tree->kids) {
    const bool passed = kid->sort.kind == Sort::Kind::element || kid->sort.is_number();
    if (!passed) continue;
    if (definition.parameters[next].sort.kind == Sort::Kind::number)
      values.push_back(number(kid));
    else
      list.push_back(index(kid));
    ++next;
  }
  for (const Tree& kid : tree->captured) {
    if (definition.parameters[next].sort.kind == Sort::Kind::number)
      values.push_back(number(kid));
    else
      list.push_back(index(kid));
    ++next;
  }
}

template <class N>
Number<N> Compiler<N>::mass(const Tree& tree) {
  std::vector<Index<N>> outcomes;
  for (std::size_t i = 1; i < tree->kids.size(); ++i) outcomes.push_back(index(tree->kids[i]));
  return std::make_unique<MassNumber<N>>(law(tree->kids[0]), std::move(outcomes),
                                         set_indices(tree->kids[0]->sort.to));
}

/// V(s; M) - V(s; M') or J(M) - J(M') of one policy; nullptr if the terms are something else.
template <class N>
Number<N> Compiler<N>::value_gap(const std::vector<Tree>& terms) {
  if (terms.size() != 2 || terms[1]->op != Op::negate) return nullptr;
  const Tree &first = terms[0], &second = terms[1]->kids[0];
  const auto is_value = [](const Tree& tree) {
    return tree->op == Op::value && tree->policy && tree->model->op != Op::round_model &&
           (tree->name[0] == 'V' || tree->name[0] == 'J');
  };
  if (!is_value(first) || !is_value(second) || first->name[0] != second->name[0]) return nullptr;
  const auto code = [&](const Tree& tree) {
    return std::unique_ptr<ValueNumber<N>>(static_cast<ValueNumber<N>*>(value(tree).release()));
  };
  auto of_first = code(first), of_second = code(second);
  return std::make_unique<ValueGap<N>>(std::move(of_first), std::move(of_second));
}

/// E_p f - E_q f of one function f; nullptr if it is something else, or in rationals, whose values are made
/// one by one.
template <class N>
Number<N> Compiler<N>::difference_of_means(const std::vector<Tree>& terms) {
  if (std::is_same_v<N, Rational> || terms.size() != 2 || terms[1]->op != Op::negate) return nullptr;
  const Tree &first = terms[0], &second = terms[1]->kids[0];
  const auto is_mean = [](const Tree& tree) {
    return tree->op == Op::expectation && tree->bindings.size() == 1 && !tree->condition;
  };
  if (!is_mean(first) || !is_mean(second) || first->bindings[0].names != second->bindings[0].names ||
      !same(first->kids[0], second->kids[0]))
    return nullptr;
  Number<N> a = number(first), b = number(second);
  if (Number<N> gap = mean_gap(a, b)) return gap;
  std::vector<Number<N>> both;
  both.push_back(std::move(a));
  both.push_back(std::make_unique<NegatedNumber<N>>(std::move(b)));
  return std::make_unique<SumNumber<N>>(std::move(both));
}

template <class N>
Number<N> Compiler<N>::value(const Tree& tree) {
  if (tree->model->op == Op::round_model) {
    std::vector<std::size_t> sets;
    for (const Tree& kid : tree->kids) sets.push_back(set_index(kid->sort.from[0]));
    return std::make_unique<RoundValueNumber<N>>(round_value(tree), indices(tree->kids), std::move(sets));
  }
  const std::size_t model = model_index(tree->model->name);
  const std::size_t number = solver(model, tree->policy, nullptr);
  return std::make_unique<ValueNumber<N>>(model, number, tree->name[0],
                                          tree->step ? index(tree->step) : nullptr, indices(tree->kids));
}

template <class N>
BindingCode<N> Compiler<N>::binding_code(const Binding& binding) {
  BindingCode<N> code;
  switch (binding.over) {
    case Binding::Over::set:
      code.set = set_index(binding.set);
      break;
    case Binding::Over::integers:
      code.low = index(binding.low);
      code.high = index(binding.high);
      break;
    case Binding::Over::law:
      code.law = law(binding.law);
      for (const Sort& sort : binding.sorts) code.law_sets.push_back(set_index(sort.from[0]));
      break;
    case Binding::Over::policies:
      code.policies = true;
      code.set = set_index(binding.states);
      code.actions = set_index(binding.actions);
      code.family = binding.family;
      if (binding.family && !lemma_.horizon.empty())
        code.high = index(constant_tree(lemma_.horizon, Sort::integer()));
      break;
    case Binding::Over::path: {
      const std::size_t model = model_index(binding.law->model->name);
      code.path_solver = solver(model, binding.law->policy, nullptr);
      break;
    }
  }
  code.slot = scope_.size();
  for (const std::string& name : binding.names) bind(name);
  if (code.path_solver) path_scope_ = std::min(path_scope_, code.slot);
  return code;
}

/// A sum or product that grows by a term with each step of a stepwise mean; nullptr if it is something else.
template <class N>
Number<N> Compiler<N>::running(const Tree& tree) {
  if (term_scope_ == 0 || scope_.size() != term_scope_ || !is_running(*tree, scope_.back())) return nullptr;
  Index<N> last = index(tree->bindings[0].high);
  const std::size_t slot = bind(tree->bindings[0].names[0]);
  Number<N> body = number(tree->kids[0]);
  unbind(term_scope_);
  return std::make_unique<RunningNumber<N>>(tree->op, program_.running++, slot, std::move(last),
                                            std::move(body));
}

template <class N>
Number<N> Compiler<N>::binder(const Tree& tree) {
  if (const Tree mean = as_expectation(tree)) return number(mean);
  if (Number<N> by_steps = running(tree)) return by_steps;
  const std::size_t before = scope_.size();
  std::vector<BindingCode<N>> bindings;
  for (const Binding& binding : tree->bindings) bindings.push_back(binding_code(binding));
  Condition<N> filter = tree->condition ? condition(tree->condition) : nullptr;
  Number<N> body = number(tree->kids[0]);
  unbind(before);
  if (Number<N> at_once = largest_distance(tree->op, bindings, filter, body)) return at_once;
  return std::make_unique<BinderNumber<N>>(tree->op, std::move(bindings), std::move(filter), std::move(body));
}

/// The mean of a sum over the steps of a trajectory; nullptr if it is something else.
template <class N>
Number<N> Compiler<N>::stepwise_mean(const Tree& tree) {
  if (!is_stepwise_mean(*tree)) return nullptr;
  const Binding& path = tree->bindings[0];
  const Tree& sum = tree->kids[0];
  const std::string& horizon = lemma_.find_model(path.law->model->name)->horizon;
  if (sum->bindings[0].high->op != Op::constant || sum->bindings[0].high->name != horizon) return nullptr;
  const std::size_t before = scope_.size();
  const std::size_t code = solver(model_index(path.law->model->name), path.law->policy, nullptr);
  const std::size_t path_slot = bind(path.names[0]), step_slot = bind(sum->bindings[0].names[0]);
  path_scope_ = std::min(path_scope_, path_slot);
  const std::size_t first_running = program_.running;
  const std::size_t outer = std::exchange(term_scope_, scope_.size());
  Number<N> term = number(sum->kids[0]);
  term_scope_ = outer;
  unbind(before);
  return std::make_unique<StepwiseMean<N>>(code, path_slot, step_slot, first_running, program_.running,
                                           std::move(term));
}

template <class N>
Number<N> Compiler<N>::drawn(const Tree& tree) {
  if (Number<N> by_steps = stepwise_mean(tree)) return by_steps;
  const std::size_t before = scope_.size();
  std::vector<BindingCode<N>> bindings;
  for (const Binding& binding : tree->bindings) bindings.push_back(binding_code(binding));
  Number<N> body = tree->op == Op::chance ? std::make_unique<IndicatorNumber<N>>(condition(tree->kids[0]))
                                          : number(tree->kids[0]);
  unbind(before);
  return std::make_unique<DrawnNumber<N>>(tree->op == Op::variance, std::move(bindings), std::move(body));
}

}  // namespace lemmacheck::detail
