/// Models made by hand or drawn for the tests, and values straight from the definition of the return.
#pragma once

#include <vector>

#include "generate/domains.hpp"
#include "mdp/finite_mdp.hpp"
#include "numeric/helpers.hpp"

namespace lemmacheck::testing {

/// Two primes whose product is above 2^53: rows with these denominators have no common one in a word.
inline constexpr std::uint64_t prime_p = 2147483647, prime_q = 2147483629;

using Dense = std::vector<std::vector<Rational>>;

inline Rational q(const char* text) {
  return Rational::parse_fraction(text);
}

inline StochasticMatrix matrix(const Dense& dense) {
  StochasticMatrix::Rows rows(dense.size());
  for (std::size_t i = 0; i < dense.size(); ++i)
    for (std::uint32_t column = 0; column < dense[i].size(); ++column)
      rows[i].push_back({column, dense[i][column]});
  return StochasticMatrix(static_cast<std::uint32_t>(dense.at(0).size()), rows,
                          [](std::size_t i) { return "row " + std::to_string(i); });
}

/// A model that starts in state 0; a kernel has a row for each state and action.
inline FiniteMdp model_of(const std::vector<Dense>& kernels, const std::vector<Rational>& rewards) {
  const auto states = static_cast<std::uint32_t>(kernels.at(0).at(0).size());
  const auto actions = static_cast<std::uint32_t>(kernels[0].size()) / states;
  std::vector<StochasticMatrix> built;
  for (const Dense& kernel : kernels) built.push_back(matrix(kernel));
  const std::uint32_t start[] = {0};
  return FiniteMdp(StochasticMatrix::deterministic(states, start), std::move(built),
                   RewardTable(states, actions, rewards), states, actions);
}

/// State 0 pays 1 and leaks with probability d to state 1, which absorbs and pays 0.
inline FiniteMdp leak_chain(const Rational& d) {
  const Dense kernel = {{Rational(1) - d, d}, {0, 1}};
  return model_of({kernel}, {1, 0});
}

/// The expected sum of the rewards of steps first..horizon from a state: the sum over all trajectories of
/// probability times return. Exponential, and no recursion over values, so that it shares nothing with
/// backward induction.
inline Rational trajectory_value(const FiniteMdp& model, const MarkovPolicy& policy, Step first, State start,
                                 Step horizon) {
  const std::size_t pairs = std::size_t{model.state_count()} * model.action_count();
  std::size_t trajectories = 1;
  for (Step h = first; h <= horizon; ++h) trajectories *= pairs;
  Rational expected;
  for (std::size_t code = 0; code < trajectories; ++code) {
    Rational probability = 1, total;
    std::size_t rest = code, from = 0;
    for (Step h = first; h <= horizon && probability.sign() != 0; ++h, rest /= pairs) {
      const auto s = static_cast<std::uint32_t>(rest % pairs / model.action_count());
      const auto a = static_cast<std::uint32_t>(rest % pairs % model.action_count());
      if (h == first)
        probability = State{s} == start ? 1 : 0;
      else
        probability *= model.kernel(h - 1).probability(from, s);
      probability *= policy.table().probability(policy.row(h, State{s}), a);
      total += model.rewards()(State{s}, Action{a});
      from = rest % pairs;  // the kernel's row of (s, a)
    }
    if (probability.sign() != 0) expected += probability * total;
  }
  return expected;
}

/// The domain's instance number `index`.
inline Instance drawn(const Domain& domain, std::uint64_t index) {
  ChoiceSource choices(PhiloxStream(2024, index));
  return domain.decode(choices, Setting{});
}

/// Every combination of the options.
inline std::vector<PairOptions> all_pair_options() {
  std::vector<PairOptions> all;
  for (unsigned bits = 0; bits < 128; ++bits) {
    const auto bit = [&](unsigned i) { return (bits >> i & 1U) != 0; };
    all.push_back({bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6)});
  }
  return all;
}

}  // namespace lemmacheck::testing
