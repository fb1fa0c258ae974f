/// Families of random models, and perturbations of a model, as natural numbers over a common denominator.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "generate/choice_source.hpp"
#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// A kernel under construction: S A rows of S counts, each row summing to `denominator`.
struct KernelDraft {
  std::uint32_t states = 1, actions = 1;
  std::uint64_t denominator = 1;
  std::vector<std::uint64_t> counts;

  std::size_t rows() const { return std::size_t{states} * actions; }
  std::span<std::uint64_t> row(std::size_t i) { return std::span(counts).subspan(i * states, states); }
  StochasticMatrix kernel() const { return StochasticMatrix(states, counts, denominator); }
};

/// A model under construction.
struct ModelDraft {
  KernelDraft kernel;
  std::vector<std::uint64_t> rewards;  ///< S A counts over reward_denominator
  std::uint64_t reward_denominator = 1;
  Rational reward_offset;
  std::vector<std::uint64_t> initial;  ///< S counts over kernel.denominator
  std::string_view family;
  bool leaks = false;  ///< perturbations move mass to the last state

  RewardTable reward_table() const {
    return {kernel.states, kernel.actions, rewards, reward_denominator, reward_offset};
  }
};

/// The largest models that are drawn; small, because counterexamples and tight instances are.
struct Sizes {
  std::uint32_t states = 5, actions = 3;
  Step horizon = 8;
};

inline constexpr std::array<std::string_view, 7> model_families = {
    "family: dense", "family: sparse", "family: deterministic",    "family: leaking chain",
    "family: tree",  "family: grid",   "family: nearly degenerate"};

/// Draws a model of a drawn family.
ModelDraft draw_model(ChoiceSource& choices, const Sizes& sizes);
/// The given model with its denominator refined by a drawn factor, so that small perturbations exist.
/// @throws InvalidInput if it is time-varying or its numbers have no common denominator below 2^53.
ModelDraft refine_model(ChoiceSource& choices, const FiniteMdp& model);

/// Rewards beyond [0, 1] are mapped onto it, (r - min r) / (max r - min r): the notes' bounds are stated for
/// [0, 1].
void rescale_rewards(ModelDraft& draft);

/// Rewards in [0, 1] for every state and action, over `draft.reward_denominator`.
std::vector<std::uint64_t> draw_rewards(ChoiceSource& choices, const ModelDraft& draft);

inline constexpr std::array<std::string_view, 4> perturbation_kinds = {
    "perturbation: one row", "perturbation: sparse", "perturbation: exact distance", "perturbation: random"};

/// How a kernel is perturbed; the same plan serves all steps of a time-varying one.
///   one row:        one drawn row moves some mass;
///   sparse:         each row moves some mass, all it has, or stays;
///   exact distance: every row moves the same mass m, so that max L1 = 2 m / D exactly where S >= 2;
///   random:         every row is drawn again.
struct Perturbation {
  std::uint32_t kind = 0;  ///< index into perturbation_kinds
  std::uint64_t mass = 0;  ///< m of "exact distance"
  bool leaks = false;      ///< mass moves to the last state
  bool swaps = false;      ///< some rows change sides: M gets the perturbed one
};

/// @param given  for a given model, which stays M and is not replaced row by row.
Perturbation draw_perturbation(ChoiceSource& choices, const ModelDraft& draft, bool given);

/// A perturbed copy of the kernel; with `swaps` the kernel itself changes, too.
KernelDraft perturb(ChoiceSource& choices, KernelDraft& kernel, const Perturbation& plan);

/// Fills the row with a uniformly drawn composition of `total`; no choices made: all mass on `home`.
void draw_row(ChoiceSource& choices, std::span<std::uint64_t> row, std::uint64_t total, std::uint32_t home);

/// A number in 0..n for n up to 2^53.
std::uint64_t draw_count(ChoiceSource& choices, std::uint64_t n);

}  // namespace lemmacheck
