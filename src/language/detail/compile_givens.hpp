/// Compiler: How givens are drawn and checked: ranges, plans, bounds of assumptions. Private to the language
/// layer.
#pragma once

#include <algorithm>

#include "language/detail/compiler.hpp"

namespace lemmacheck::detail {

template <class N>
void Compiler<N>::givens(bool rows_only) {
  program_.best_solvers.assign(models_.size(), static_cast<std::size_t>(-1));
  for (std::size_t i = 0; i < models_.size(); ++i) {
    const ModelTuple& tuple = lemma_.models[i];
    if (tuple.has_horizon() || tuple.has_discount()) program_.best_solvers[i] = solver(i, nullptr, nullptr);
  }
  for (const Given& given : lemma_.givens) {
    GivenCode<N> code;
    begin_body({});
    if (given.range.low && is_compiled(given.range.low, rows_only)) code.low = number(given.range.low);
    if (given.range.high && is_compiled(given.range.high, rows_only)) code.high = number(given.range.high);
    code.slots = most_slots_;
    if (!given.model.empty()) {
      code.model = model_index(given.model);
      code.solver = program_.best_solvers[*code.model];
    }
    if (given.objective && is_compiled(given.objective, rows_only)) {
      if (given.plan == Given::Plan::argmin) {
        begin_body({given.bound});
        code.minimised = number(given.objective);
      } else {
        begin_body({});
        code.objective = field(given.objective);
        code.of_pairs = given.objective->sort.from.size() == 2;
      }
      code.slots = std::max(code.slots, most_slots_);
    }
    program_.givens.push_back(std::move(code));
  }
  for (std::size_t i = 0; i < lemma_.assumes.size(); ++i) bounds_in(i, rows_only);
}

template <class N>
bool Compiler<N>::is_compiled(const Tree& tree, bool rows_only) const {
  if (!rows_only) return true;
  if (tree->definition >= 0 && irrational_.definitions[static_cast<std::size_t>(tree->definition)])
    return false;
  bool all = tree->op != Op::logarithm && tree->op != Op::exponential && tree->op != Op::root &&
             tree->op != Op::divergence && tree->op != Op::entropy;
  for_each_part(*tree, [&](const Tree& part) { all = all && is_compiled(part, rows_only); });
  return all;
}

template <class N>
std::optional<typename Compiler<N>::Bounded> Compiler<N>::bounded(const Tree& tree) const {
  Bounded result;
  Tree inner = tree;
  if (tree->op == Op::multiply && tree->kids.size() == 2 && tree->kids[0]->op == Op::literal &&
      tree->kids[0]->number.sign() > 0) {
    result.factor = tree->kids[0]->number;
    inner = tree->kids[1];
  }
  std::vector<Tree> list;
  Tree step;
  if (inner->op == Op::call && inner->definition < 0 && inner->sort.is_number()) {
    result.given = lemma_.find_given(inner->name);
    list = inner->kids;
    step = inner->step;
  } else if (inner->op == Op::mass) {
    const Tree& law = inner->kids[0];
    const Tree rows = law->op == Op::row ? law->kids[0] : law;
    if (rows->op != Op::rows_ref || rows->definition >= 0) return std::nullopt;
    result.given = lemma_.find_given(rows->name);
    list.assign(inner->kids.begin() + 1, inner->kids.end());
    if (law->op == Op::row) list.insert(list.end(), law->kids.begin() + 1, law->kids.end());
    step = rows->step;
  } else {
    return std::nullopt;
  }
  if (step) list.push_back(step);
  std::set<std::string> seen;
  for (const Tree& argument : list) {
    if (argument->op != Op::variable || !seen.insert(argument->name).second) return std::nullopt;
    result.arguments.push_back(argument->name);
  }
  return result;
}

template <class N>
void Compiler<N>::bounds_in(std::size_t assume, bool rows_only) {
  for (const Comparison& comparison : comparisons_of(lemma_.assumes[assume].tree, 0)) {
    if (!comparison.filters.empty()) continue;
    for (const bool left : {true, false}) {
      const Tree& side = left ? comparison.lhs : comparison.rhs;
      const Tree& other = left ? comparison.rhs : comparison.lhs;
      const auto found = bounded(side);
      if (!found || found->given == nullptr) continue;
      std::set<std::string> all(found->arguments.begin(), found->arguments.end());
      std::size_t bound_names = 0;
      for (const Binding& binding : comparison.bindings) bound_names += all.count(binding.names[0]);
      if (bound_names != found->arguments.size() || comparison.bindings.size() != bound_names) continue;
      const auto which =
          static_cast<std::size_t>(std::find_if(lemma_.givens.begin(), lemma_.givens.end(),
                                                [&](const Given& given) { return &given == found->given; }) -
                                   lemma_.givens.begin());
      GivenCode<N>& code = program_.givens[which];
      const bool greater = comparison.relation[0] == '>'   ? left
                           : comparison.relation[0] == '<' ? !left
                                                           : false;
      if (found->given->kind == Given::Kind::rows) {
        if (greater && comparison.relation.size() == 1 && other->op == Op::literal &&
            other->number.sign() == 0)
          code.positive = true;
        if (comparison.relation == "=" && found->given->from.empty() && found->given->to.size() == 1 &&
            found->arguments.size() == 1 && is_compiled(other, rows_only))
          equation(assume, which, comparison, found->arguments[0], left);
        continue;
      }
      if (found->given->kind != Given::Kind::function || comparison.relation == "!=" ||
          !is_compiled(other, rows_only))
        continue;
      const std::set<std::string> behind = givens_behind(lemma_, other);
      if (behind.count(found->given->name) != 0) continue;
      code.bounded_by.insert(behind.begin(), behind.end());
      BoundCode<N> bound;
      begin_body(found->arguments);
      bound.bound = number(other);
      bound.slots = most_slots_;
      bound.factor = found->factor;
      bound.strict = comparison.relation.size() == 1 && comparison.relation != "=";
      bound.lower = greater || comparison.relation == "=";
      code.bounds.push_back(std::move(bound));
      if (comparison.relation == "=") {
        BoundCode<N> above;
        begin_body(found->arguments);
        above.bound = number(other);
        above.slots = most_slots_;
        above.factor = found->factor;
        above.lower = false;
        code.bounds.push_back(std::move(above));
      }
    }
  }
}

template <class N>
void Compiler<N>::equation(std::size_t assume, std::size_t which, const Comparison& comparison,
                           const std::string& argument, bool left) {
  typename Program<N>::Equation equation;
  equation.set = set_index(comparison.bindings[0].set);
  begin_body({argument});
  equation.left = number(left ? comparison.lhs : comparison.rhs);
  equation.right = number(left ? comparison.rhs : comparison.lhs);
  equation.slots = most_slots_;
  program_.equations[assume] = std::move(equation);
  program_.givens[which].fixed_by = assume;
}

}  // namespace lemmacheck::detail
