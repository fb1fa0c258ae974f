/// The fraction-free path: backward induction in natural numbers, without one gcd.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "mdp/finite_mdp.hpp"
#include "mdp/optimal_actions.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck {

/// Whether model and policy have common denominators in words, which the fraction-free path needs.
bool has_words(const FiniteMdp& model);
bool has_words(const FiniteMdp& model, const MarkovPolicy& policy);

/// V_h(s) = U_h(s) / (W_h D_r) + offset (H - h + 1), with natural numbers U and W:
///     W_{H+1} = 1,  W_h = W_{h+1} D_T D_pi,
///     U_h(s) = sum_a p(a|s) [ R(s, a) D_T W_{h+1} + sum_{s'} N(s'|s, a) U_{h+1}(s') ],
/// where T = N / D_T, pi = p / D_pi, r = R / D_r + offset. A step's numbers have equal width, so that a row
/// is summed limb by limb in double words, and carries are passed on once a row.
class ScaledValueTable {
 public:
  /// Which steps' values are kept: all, or those of step 1 (two steps at a time on the way), which need a
  /// horizon-th part of the memory.
  enum class Keeps { all, first };
  /// Values of a policy; both need words. @throws InvalidInput for more than 4 GB of values.
  ScaledValueTable(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                   Keeps keeps = Keeps::all);
  /// Optimal values; `attained` receives the maximising actions of each step and state.
  ScaledValueTable(const FiniteMdp& model, Step horizon, OptimalActions& attained, Keeps keeps = Keeps::all);

  /// The highest (or lowest) values among policies that take allowed actions only; `attained` receives those
  /// of them that attain these. Keeps the first step.
  struct Among {
    const OptimalActions& allowed;
    bool highest = true;
  };
  ScaledValueTable(const FiniteMdp& model, const Among& among, OptimalActions& attained);

  /// Kernels in place of the model's, chosen backwards: `kernel(h, table)`, for h < H, may look at V_{h+1},
  /// and all share the denominator given. What it returns is used before the next call. Keeps the first step.
  struct Kernels {
    std::uint64_t denominator;
    std::function<const StochasticMatrix&(Step, const ScaledValueTable&)> kernel;
  };
  ScaledValueTable(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon, const Kernels& kernels);
  ScaledValueTable(const FiniteMdp& model, Step horizon, OptimalActions& attained, const Kernels& kernels);

  /// V_h(s) in lowest terms; h = 1 where nothing else is kept.
  Rational operator()(Step h, State s) const;
  /// E_{s ~ start} V_1(s), put in lowest terms once; `start` is one row and needs words.
  Rational expected_first(const StochasticMatrix& start) const;
  /// The place of each state's V_h among all, from 0 for the lowest; equal values share a place.
  std::vector<std::uint32_t> ranks(Step h) const;

 private:
  using Limbs = std::span<std::uint64_t>;
  using Denominator = std::function<std::uint64_t(Step)>;  // of the kernel at a step
  ScaledValueTable(const FiniteMdp& model, Step horizon, std::uint64_t policy_denominator,
                   const Denominator& denominator, Keeps keeps);
  /// Makes room for step h and sets the scales of its rewards.
  void begin_step(Step h, std::uint64_t denominator);
  void evaluate(const FiniteMdp& model, const MarkovPolicy& policy, const Denominator& denominator,
                const Kernels& kernels);
  void optimise(const FiniteMdp& model, OptimalActions& attained, const Denominator& denominator,
                const Kernels& kernels, const Among* among = nullptr);
  std::size_t width(Step h) const { return widths_[static_cast<std::size_t>(h - 1)]; }
  Limbs value(Step h, State s);
  std::span<const std::uint64_t> value(Step h, State s) const;
  /// W_h of a step that is kept.
  std::span<const std::uint64_t> scale(Step h) const;
  /// numerator / (W_h D_r divisor) + offset (H - h + 1).
  Rational in_lowest_terms(std::span<const std::uint64_t> numerator, Step h, std::uint64_t divisor) const;
  /// out = reward * reward_scale_ + sum_e words[e] U_{h+1}(columns[e]).
  void sum_row(Limbs out, std::uint64_t reward, std::span<const std::uint32_t> columns,
               const std::uint64_t* words, Step h) const;
  /// The same of an action's row; no kernel at the last step.
  void sum_action(Limbs out, const FiniteMdp& model, const StochasticMatrix* kernel, Step h, State s,
                  Action a);
  /// The kernel's counts as words, in `words_`; a kernel that is chosen anew at each step may stand at the
  /// place of the last one.
  void load_words(const StochasticMatrix& kernel, bool chosen_anew);

  std::uint32_t states_;
  Step horizon_;
  Keeps keeps_;
  std::uint64_t reward_denominator_, policy_denominator_;
  std::uint64_t kernel_factor_ = 1;  ///< a multiple of all kernels' denominators; 0 where no word is
  Rational offset_;
  using Words = Scratch<std::uint64_t>;
  Scratch<std::size_t> widths_, starts_;  // of step h at index h-1
  Words numerators_;                      // U
  Words scale_;                           // W of the step in work; in the end W_1
  Words reward_scale_;                    // D_T W_{h+1} of the step in work
  Words scales_;                          // W_h of all steps, one after another, where they are kept
  Scratch<std::size_t> scale_starts_;     // of step h at index h-1
  Words words_;
  const StochasticMatrix* words_from_ = nullptr;
};

}  // namespace lemmacheck
