/// MDPs and policies on one instance. Private to the language
/// layer.
#pragma once

#include <algorithm>

#include "language/detail/definition_code.hpp"

namespace lemmacheck::detail {

template <class N>
const ModelData<N>& model_data(Frame<N>& frame, std::size_t index) {
  ModelData<N>& data = frame.models[index];
  if (data.made) return data;
  const ModelCode<N>& code = frame.program.models[index];
  data.clear();  // of an attempt that failed
  data.states = frame.set_size(code.states);
  data.actions = frame.set_size(code.actions);
  data.endless = code.endless;
  if (code.horizon) data.horizon = code.horizon->eval(frame);
  if (data.horizon && *data.horizon < 1) throw UndefinedValue("a horizon below 1");
  if (code.discount) {
    data.discount = code.discount->eval(frame);
    const Truth positive = Arithmetic<N>::is_less(*data.discount, N(0)),
                small = Arithmetic<N>::is_less(*data.discount, N(1));
    const bool outside = positive == Truth::yes || small == Truth::no;
    if (outside || (may_be_unknown<N> && (positive != Truth::no || small != Truth::yes)))
      throw UndefinedValue("a discount outside [0, 1)");
  }
  const std::size_t rows = data.states * data.actions;
  const std::size_t kernel_steps =
      code.kernel->family() ? static_cast<std::size_t>(data.horizon.value_or(1)) : 1;
  data.kernel_steps = kernel_steps;
  if (const auto part = code.kernel->part(); part && !code.kernel->family()) {
    data.given_kernel = &frame.parts().rows(*part);
  } else {
    data.kernels.reserve(kernel_steps * rows);
    for (std::size_t h = 1; h <= kernel_steps; ++h)
      code.kernel->append(frame, code.kernel->family() ? static_cast<std::int64_t>(h) : 0, rows,
                          data.kernels);
  }
  data.reward_steps = code.reward_family || (code.transitions && kernel_steps > 1)
                          ? static_cast<std::size_t>(data.horizon.value_or(1))
                          : 1;
  if (code.reward_part && !code.transitions) {
    data.reward_frame = &frame;
    data.reward_part = *code.reward_part;
    if (!code.reward_family) data.given_table = &frame.parts().table(*code.reward_part);
  } else {
    data.rewards.reserve(data.reward_steps * rows);
    for (std::size_t h = 1; h <= data.reward_steps; ++h) {
      const std::int64_t step = code.reward_family ? static_cast<std::int64_t>(h) : 0;
      for (std::size_t row = 0; row < rows; ++row) {
        if (!code.transitions)
          data.rewards.push_back(code.reward->eval(frame, step, row));
        else
          data.rewards.push_back(data.kernel(h - 1, row).expectation([&](std::uint32_t next) {
            return code.reward->eval(frame, step, row * data.states + next);
          }));
      }
    }
    // An MDP is undefined where one of its rewards is, whether that is met or not; rows see to themselves.
    require_all_defined(std::span<const N>(data.rewards));
  }
  if (code.initial) data.initial = code.initial->eval(frame, data.own_initial);
  if constexpr (std::is_same_v<N, Rational>) {
    const auto kernel_part = code.kernel->part();
    if (data.horizon && !data.discount && code.reward_part && !code.transitions && !code.reward_family &&
        kernel_part && data.initial && data.initial->matrix != nullptr) {
      std::vector<StochasticMatrix> kernels;
      const StochasticMatrix& all = frame.parts().rows(*kernel_part);
      if (!code.kernel->family()) {
        kernels.push_back(all);
      } else {
        for (std::size_t h = 0; h < kernel_steps; ++h) {
          std::vector<StochasticMatrix::RowOf> list;
          for (std::size_t row = 0; row < rows; ++row) list.push_back({&all, h * rows + row});
          kernels.push_back(StochasticMatrix::assembled(all.columns(), list));
        }
      }
      const StochasticMatrix::RowOf start{data.initial->matrix, data.initial->row};
      data.plain = std::make_shared<const FiniteMdp>(
          StochasticMatrix::assembled(static_cast<std::uint32_t>(data.states), std::span(&start, 1)),
          std::move(kernels), frame.parts().table(*code.reward_part), static_cast<std::uint32_t>(data.states),
          static_cast<std::uint32_t>(data.actions));
    }
  }
  data.made = true;
  return data;
}

template <class N>
const PolicyRows<N>& policy_rows(Frame<N>& frame, std::size_t solver) {
  const SolverCode<N>& code = frame.program.solvers[solver];
  const std::int64_t key = code.policy->key(frame);
  auto& list = frame.policies[solver];
  if (const PolicyRows<N>* found = list.find(key)) return *found;
  const ModelData<N>& model = model_data(frame, code.model);
  auto node = list.take();
  PolicyRows<N>& rows = node->second;
  const std::int64_t own = code.policy->own_step(frame);
  const bool family = code.policy->family() && own == 0;
  const std::int64_t steps = family ? model.horizon.value_or(1) : 1;
  rows.steps = static_cast<std::size_t>(steps);
  rows.states = model.states;
  if (const auto part = code.policy->part(); part && own == 0 && !family) {
    rows.given = &frame.parts().rows(*part);
  } else {
    rows.rows.reserve(rows.steps * model.states);
    for (std::int64_t h = 1; h <= steps; ++h)
      code.policy->append(frame, own != 0 ? own : family ? h : 0, model.states, rows.rows);
  }
  if constexpr (std::is_same_v<N, Rational>) {
    rows.markov = own == 0 ? code.policy->markov(frame) : nullptr;
    if (const auto part = code.policy->part(); part && own == 0) {
      auto& markov = frame.markov[*part];
      if (!markov)
        markov = std::make_shared<const MarkovPolicy>(frame.parts().rows(*part),
                                                      static_cast<std::uint32_t>(model.states));
      rows.markov = markov.get();
    }
  }
  return list.keep(key, std::move(node));
}

}  // namespace lemmacheck::detail
