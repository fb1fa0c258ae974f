/// Compiler: learning loops. Private to the language layer.
#pragma once

#include <algorithm>

#include "language/detail/compiler.hpp"

namespace lemmacheck::detail {

template <class N>
std::size_t Compiler<N>::loop_index(const std::string& name) const {
  const LearningLoop* found = lemma_.find_loop(name);
  return static_cast<std::size_t>(std::find_if(lemma_.loops.begin(), lemma_.loops.end(),
                                               [&](const LearningLoop& each) { return &each == found; }) -
                                  lemma_.loops.begin());
}

template <class N>
typename LoopCode<N>::PairFunction Compiler<N>::pair_function(const Tree& tree, const ModelTuple& world) {
  typename LoopCode<N>::PairFunction code;
  code.field = field(tree);
  code.sets = set_indices(tree->sort.from);
  code.place = tree->place;
  const Given* given = tree->definition < 0 ? lemma_.find_given(tree->name) : nullptr;
  const bool has_steps = given != nullptr
                             ? given->family
                             : !lemma_.definitions[static_cast<std::size_t>(tree->definition)].step.empty();
  code.family = has_steps && !tree->step;
  for (std::size_t i = 0; i < tree->sort.from.size(); ++i) {
    const std::string& set = tree->sort.from[i];
    auto& slot = set == world.states ? code.state_at : set == world.actions ? code.action_at : code.round_at;
    if (slot)
      fail_at(
          tree->place, "two arguments of this function may be the round, the state or the action",
          "give it one argument for each of the rounds, the states and the actions, or fewer: hope : X x S "
          "x A -> [0, 1]");
    slot = i;
  }
  return code;
}

template <class N>
void Compiler<N>::loop(const LearningLoop& loop, bool rows_only) {
  begin_body({});
  loop.for_each_part([&](const Tree& part) {
    if (!is_compiled(part, rows_only))
      fail_at(part->place, "this is irrational, and ties decide what a loop plans",
              "use rational numbers for what a loop is made of");
  });
  const ModelTuple& world = *lemma_.find_model(loop.world);
  for (const std::string* name : {&world.reward, &world.kernel, &world.initial})
    for (std::size_t i = 0; i < lemma_.definitions.size(); ++i)
      if (rows_only && lemma_.definitions[i].name == *name && irrational_.definitions[i])
        fail_at(loop.place, *name + " is irrational, and ties decide what a loop plans",
                "use rational numbers for what a loop is made of");
  LoopCode<N> code;
  code.loop = &loop;
  code.model = model_index(loop.world);
  code.start = rows(loop.start);
  if (loop.expert) code.expert = rows(loop.expert);
  if (loop.start_kernel) code.kernel = rows(loop.start_kernel);
  if (loop.known) code.known = pair_function(loop.known, world);
  if (loop.hopes) code.hopes = pair_function(loop.hopes, world);
  if (loop.ranks) code.ranks = pair_function(loop.ranks, world);
  program_.loops.push_back(std::move(code));
}

/// What is said of M_t.
template <class N>
RoundValue<N> Compiler<N>::round_value(const Tree& tree) {
  return {.loop = loop_index(tree->model->name),
          .place = ++round_values_,
          .round = index(tree->model->kids[0]),
          .policy = tree->policy ? rows(tree->policy) : nullptr,
          .letter = tree->name[0],
          .step = tree->step ? index(tree->step) : nullptr};
}

}  // namespace lemmacheck::detail
