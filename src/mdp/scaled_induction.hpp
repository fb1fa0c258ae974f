/// The fraction-free path: backward induction in natural numbers, without one gcd.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mdp/finite_mdp.hpp"
#include "mdp/optimal_actions.hpp"

namespace lemmacheck {

/// Whether model and policy have common denominators in words, which the fraction-free path needs.
bool has_words(const FiniteMdp& model);
bool has_words(const FiniteMdp& model, const MarkovPolicy& policy);

/// V_h(s) = U_h(s) / (W_h D_r) + offset (H - h + 1), with natural numbers U and W:
///     W_{H+1} = 1,  W_h = W_{h+1} D_T D_pi,
///     U_h(s) = sum_a p(a|s) [ R(s, a) D_T W_{h+1} + sum_{s'} N(s'|s, a) U_{h+1}(s') ],
/// where T = N / D_T, pi = p / D_pi, r = R / D_r + offset. A step's numbers have equal width, so a row is
/// a run of multiply-accumulate over contiguous limbs.
class ScaledValueTable {
 public:
  /// Values of a policy; both need words.
  ScaledValueTable(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon);
  /// Optimal values; `attained` receives the maximising actions of each step and state.
  ScaledValueTable(const FiniteMdp& model, Step horizon, OptimalActions& attained);

  /// V_h(s) in lowest terms.
  Rational operator()(Step h, State s) const;

 private:
  using Limbs = std::span<std::uint64_t>;
  ScaledValueTable(const FiniteMdp& model, Step horizon, std::uint64_t policy_denominator);
  std::size_t width(Step h) const { return widths_[static_cast<std::size_t>(h - 1)]; }
  Limbs value(Step h, State s);
  /// acc += n * V_{h+1}'s numerators, and the reward's part.
  void accumulate_action(Limbs acc, const FiniteMdp& model, Step h, State s, Action a);

  std::uint32_t states_;
  Step horizon_;
  std::uint64_t reward_denominator_;
  Rational offset_;
  std::vector<std::size_t> widths_, starts_;        // of step h at index h-1
  std::vector<std::uint64_t> numerators_;           // U
  std::vector<std::vector<std::uint64_t>> scales_;  // W_h at index h-1
  std::vector<std::uint64_t> reward_scale_;         // D_T W_{h+1} of the step in work
};

}  // namespace lemmacheck
