#include "generate/model_families.hpp"

#include <algorithm>
#include <numeric>

namespace lemmacheck {
namespace {

constexpr std::array<std::uint64_t, 14> denominators = {2, 1, 3, 4, 5, 6, 8, 10, 12, 16, 20, 60, 100, 1000};
constexpr std::array<std::uint64_t, 4> reward_denominators = {1, 2, 4, 10};
constexpr std::uint64_t fine_denominator = 1'000'000;

ModelDraft blank(std::uint32_t states, std::uint32_t actions, std::uint64_t denominator) {
  ModelDraft draft;
  draft.kernel = {states, actions, denominator,
                  std::vector<std::uint64_t>(std::size_t{states} * actions * states)};
  return draft;
}

/// All of the row's mass on one state.
void point(KernelDraft& kernel, std::uint32_t s, std::uint32_t a, std::uint32_t next) {
  kernel.row(std::size_t{s} * kernel.actions + a)[next] += kernel.denominator;
}

ModelDraft draw_dense(ChoiceSource& choices, const Sizes& sizes) {
  ModelDraft draft =
      blank(choices.between(1, sizes.states), choices.between(1, sizes.actions), choices.pick(denominators));
  KernelDraft& kernel = draft.kernel;
  for (std::size_t i = 0; i < kernel.rows(); ++i)
    draw_row(choices, kernel.row(i), kernel.denominator, static_cast<std::uint32_t>(i) / kernel.actions);
  return draft;
}

ModelDraft draw_sparse(ChoiceSource& choices, const Sizes& sizes) {
  ModelDraft draft =
      blank(choices.between(1, sizes.states), choices.between(1, sizes.actions), choices.pick(denominators));
  KernelDraft& kernel = draft.kernel;
  for (std::size_t i = 0; i < kernel.rows(); ++i) {
    const std::uint64_t first = draw_count(choices, kernel.denominator);
    kernel.row(i)[choices.below(kernel.states)] += first;
    kernel.row(i)[choices.below(kernel.states)] += kernel.denominator - first;
  }
  return draft;
}

ModelDraft draw_deterministic(ChoiceSource& choices, const Sizes& sizes) {
  ModelDraft draft =
      blank(choices.between(1, sizes.states), choices.between(1, sizes.actions), choices.pick(denominators));
  for (std::uint32_t s = 0; s < draft.kernel.states; ++s)
    for (std::uint32_t a = 0; a < draft.kernel.actions; ++a)
      point(draft.kernel, s, a, choices.below(draft.kernel.states));
  return draft;
}

/// States that stay or go one on, and a last one which absorbs: a perturbation leaks to it. A second action
/// stays, or quits to the last state.
ModelDraft draw_chain(ChoiceSource& choices, const Sizes& sizes) {
  ModelDraft draft = blank(choices.between(2, std::max(2U, sizes.states)), choices.between(1, 2),
                           choices.pick(denominators));
  draft.leaks = true;
  const std::uint32_t last = draft.kernel.states - 1;
  const bool walks = choices.flag(), quits = choices.flag();
  for (std::uint32_t s = 0; s <= last; ++s) {
    point(draft.kernel, s, 0, walks && s + 1 < last ? s + 1 : s);
    if (draft.kernel.actions == 2) point(draft.kernel, s, 1, quits ? last : s);
  }
  return draft;
}

/// Action a of node i leads to its child 2 i + 1 + a; a leaf absorbs.
ModelDraft draw_tree(ChoiceSource& choices, const Sizes& sizes) {
  ModelDraft draft = blank(choices.between(3, std::max(3U, sizes.states + 2)), 2, choices.pick(denominators));
  for (std::uint32_t s = 0; s < draft.kernel.states; ++s) {
    for (std::uint32_t a = 0; a < 2; ++a) {
      const std::uint32_t child = 2 * s + 1 + a;
      point(draft.kernel, s, a, child < draft.kernel.states ? child : s);
    }
  }
  return draft;
}

/// A grid world: four moves, which slip to the left or right with a drawn probability; the last cell absorbs.
ModelDraft draw_grid(ChoiceSource& choices, const Sizes&) {
  const std::uint32_t width = choices.between(2, 3), height = choices.between(1, 2);
  ModelDraft draft = blank(width * height, 4, choices.pick(denominators) * 2);
  KernelDraft& kernel = draft.kernel;
  const std::uint64_t slip = draw_count(choices, kernel.denominator / 2);
  const auto neighbour = [&](std::uint32_t s, std::uint32_t direction) {
    const std::uint32_t x = s % width, y = s / width;
    switch (direction % 4) {
      case 0:
        return x + 1 < width ? s + 1 : s;
      case 1:
        return y + 1 < height ? s + width : s;
      case 2:
        return x > 0 ? s - 1 : s;
      default:
        return y > 0 ? s - width : s;
    }
  };
  for (std::uint32_t s = 0; s < kernel.states; ++s) {
    for (std::uint32_t a = 0; a < 4; ++a) {
      if (s + 1 == kernel.states) {
        point(kernel, s, a, s);
        continue;
      }
      const auto row = kernel.row(std::size_t{s} * 4 + a);
      row[neighbour(s, a)] += kernel.denominator - 2 * (slip / 2);
      row[neighbour(s, a + 1)] += slip / 2;
      row[neighbour(s, a + 3)] += slip / 2;
    }
  }
  return draft;
}

/// Rows a few millionths away from deterministic: where rounded arithmetic errs first.
ModelDraft draw_nearly_degenerate(ChoiceSource& choices, const Sizes& sizes) {
  ModelDraft draft = blank(choices.between(2, std::max(2U, sizes.states)), choices.between(1, sizes.actions),
                           fine_denominator);
  KernelDraft& kernel = draft.kernel;
  for (std::size_t i = 0; i < kernel.rows(); ++i) {
    const std::uint64_t tiny = choices.below(4);
    kernel.row(i)[choices.below(kernel.states)] += kernel.denominator - tiny;
    kernel.row(i)[choices.below(kernel.states)] += tiny;
  }
  return draft;
}

/// A chain pays everywhere but at its end, where that is what makes a leak cost most.
bool draw_extremal_rewards(ChoiceSource& choices, ModelDraft& draft) {
  if (!draft.leaks || choices.below(4) == 3) return false;
  draft.reward_denominator = 1;
  draft.rewards.assign(draft.kernel.rows(), 1);
  std::fill_n(draft.rewards.end() - draft.kernel.actions, draft.kernel.actions, 0);
  return true;
}

/// Moves up to `mass` from the other states of a row to `target`.
void move_mass(std::span<std::uint64_t> row, std::uint32_t target, std::uint32_t first_source,
               std::uint64_t mass) {
  const auto n = static_cast<std::uint32_t>(row.size());
  for (std::uint32_t i = 0; i < n && mass > 0; ++i) {
    const std::uint32_t source = (first_source + i) % n;
    if (source == target) continue;
    const std::uint64_t moved = std::min(mass, row[source]);
    row[source] -= moved;
    row[target] += moved;
    mass -= moved;
  }
}

void move_some(ChoiceSource& choices, KernelDraft& kernel, std::size_t row, std::uint64_t mass, bool leaks) {
  const std::uint32_t last = kernel.states - 1;
  const std::uint32_t target = leaks ? last : choices.below(kernel.states);
  const std::uint32_t source = leaks ? 0 : choices.below(kernel.states);
  move_mass(kernel.row(row), target, source, mass);
}

/// Like `move_some`, but to a target that has room, so that exactly `mass` moves where two states exist.
void move_exactly(ChoiceSource& choices, KernelDraft& kernel, std::size_t i, std::uint64_t mass, bool leaks) {
  const auto row = kernel.row(i);
  const auto n = kernel.states;
  const std::uint32_t first = leaks ? n - 1 : choices.below(n);
  std::uint32_t target = first;
  for (std::uint32_t k = 0; k < n && kernel.denominator - row[target] < mass; ++k) target = (first + k) % n;
  move_mass(row, target, choices.below(n), mass);
}

}  // namespace

std::uint64_t draw_count(ChoiceSource& choices, std::uint64_t n) {
  constexpr std::uint64_t word = 0xffffffffU;
  if (n < word) return choices.below(static_cast<std::uint32_t>(n) + 1);
  const std::uint64_t high = choices.below(static_cast<std::uint32_t>(n >> 22U) + 1);
  return std::min(n, (high << 22U) + choices.below(1U << 22U));
}

namespace {

/// Few random numbers are sorted without branches, which nobody could predict.
void sort_few(std::span<std::uint64_t> list) {
  constexpr std::size_t few = 6;
  if (list.size() > few) return std::sort(list.begin(), list.end());
  for (std::size_t last = list.size(); last > 1; --last)
    for (std::size_t i = 0; i + 1 < last; ++i) {
      const std::uint64_t low = std::min(list[i], list[i + 1]), high = std::max(list[i], list[i + 1]);
      list[i] = low;
      list[i + 1] = high;
    }
}

}  // namespace

void draw_row(ChoiceSource& choices, std::span<std::uint64_t> row, std::uint64_t total, std::uint32_t home) {
  const std::size_t n = row.size();
  std::array<std::uint64_t, 16> few{};
  std::vector<std::uint64_t> many(n > few.size() ? n : 0);
  const std::span<std::uint64_t> cuts = n > few.size() ? std::span(many) : std::span(few).first(n);
  for (std::size_t i = 0; i + 1 < n; ++i) cuts[i] = draw_count(choices, total);
  cuts[n - 1] = total;
  sort_few(cuts.first(n - 1));
  // Equal cuts at 0 leave all the mass to the last gap, which is `home`'s.
  std::uint64_t previous = 0;
  std::size_t column = home + 1 < n ? home + 1 : 0;
  for (const std::uint64_t cut : cuts) {
    row[column] = cut - previous;
    previous = cut;
    if (++column == n) column = 0;
  }
}

std::vector<std::uint64_t> draw_rewards(ChoiceSource& choices, const ModelDraft& draft) {
  std::vector<std::uint64_t> rewards(draft.kernel.rows());
  for (std::uint64_t& reward : rewards) reward = draw_count(choices, draft.reward_denominator);
  return rewards;
}

void rescale_rewards(ModelDraft& draft) {
  const auto [lowest, highest] = std::minmax_element(draft.rewards.begin(), draft.rewards.end());
  if (draft.reward_offset.sign() == 0 && *highest <= draft.reward_denominator) return;
  const std::uint64_t low = *lowest, range = *highest - low;
  for (std::uint64_t& reward : draft.rewards) reward -= low;
  draft.reward_offset = 0;
  draft.reward_denominator = std::max<std::uint64_t>(range, 1);
}

ModelDraft draw_model(ChoiceSource& choices, const Sizes& sizes) {
  using Draw = ModelDraft (*)(ChoiceSource&, const Sizes&);
  constexpr std::array<Draw, 7> draws = {draw_dense, draw_sparse, draw_deterministic,    draw_chain,
                                         draw_tree,  draw_grid,   draw_nearly_degenerate};
  const std::uint32_t family = choices.below(draws.size());
  ModelDraft draft = draws[family](choices, sizes);
  draft.family = model_families[family];
  if (!draw_extremal_rewards(choices, draft)) {
    draft.reward_denominator = choices.pick(reward_denominators);
    draft.rewards = draw_rewards(choices, draft);
  }
  const std::uint32_t states = draft.kernel.states;
  draft.initial.assign(states, 0);
  if (choices.below(3) == 2)
    draw_row(choices, draft.initial, draft.kernel.denominator, 0);
  else
    draft.initial[choices.below(states)] = draft.kernel.denominator;
  return draft;
}

ModelDraft refine_model(ChoiceSource& choices, const FiniteMdp& model) {
  constexpr std::array<std::uint64_t, 4> factors = {2, 1, 10, 100};
  const StochasticMatrix& kernel = model.kernel(1);
  if (model.time_varying())
    throw InvalidInput("a time-varying model cannot be perturbed; give a stationary one");
  if (!kernel.has_words() || !model.initial().has_words() || !model.rewards().has_words())
    throw InvalidInput("the model's numbers have no common denominator below 2^53, which perturbing needs");
  const std::uint64_t d_kernel = kernel.denominator(), d_initial = model.initial().denominator();
  constexpr std::uint64_t largest = StochasticMatrix::max_denominator / 1000;
  if (d_kernel / std::gcd(d_kernel, d_initial) > largest / d_initial)
    throw InvalidInput("the model's common denominator is above " + std::to_string(largest) +
                       ", which leaves no room to perturb it");
  const std::uint64_t d = std::lcm(d_kernel, d_initial);
  require_dense_size(model);
  ModelDraft draft = blank(model.state_count(), model.action_count(), d * choices.pick(factors));
  draft.family = "family: given model";
  const std::uint64_t scale = draft.kernel.denominator / kernel.denominator();
  for (std::size_t row = 0; row < kernel.rows(); ++row)
    for (std::size_t e = kernel.row_begin(row); e != kernel.row_end(row); ++e)
      draft.kernel.row(row)[kernel.column(e)] = kernel.word(e) * scale;
  draft.initial.assign(model.state_count(), 0);
  for (std::size_t e = 0; e < model.initial().entries(); ++e)
    draft.initial[model.initial().column(e)] =
        model.initial().word(e) * (draft.kernel.denominator / model.initial().denominator());
  draft.reward_denominator = model.rewards().denominator();
  draft.reward_offset = model.rewards().offset();
  draft.rewards.reserve(draft.kernel.rows());
  for (const State s : model.states())
    for (const Action a : model.actions()) draft.rewards.push_back(model.rewards().word(s, a));
  return draft;
}

Perturbation draw_perturbation(ChoiceSource& choices, const ModelDraft& draft, bool given) {
  Perturbation plan;
  plan.kind = choices.below(given ? 3 : perturbation_kinds.size());
  plan.leaks = draft.leaks;
  const std::uint64_t d = draft.kernel.denominator;
  plan.mass = draw_count(choices, draft.leaks ? d : d / 2);
  plan.swaps = !given && choices.below(4) == 3;
  return plan;
}

KernelDraft perturb(ChoiceSource& choices, KernelDraft& kernel, const Perturbation& plan) {
  KernelDraft result = kernel;
  switch (plan.kind) {
    case 0: {
      const std::size_t row = choices.below(static_cast<std::uint32_t>(kernel.rows()));
      move_some(choices, result, row, draw_count(choices, kernel.denominator), plan.leaks);
      break;
    }
    case 1:
      for (std::size_t row = 0; row < kernel.rows(); ++row) {
        const std::uint32_t how = choices.below(6);
        if (how == 4) move_some(choices, result, row, draw_count(choices, kernel.denominator), plan.leaks);
        if (how == 5) move_some(choices, result, row, kernel.denominator, plan.leaks);
      }
      break;
    case 2:
      for (std::size_t row = 0; row < kernel.rows(); ++row)
        move_exactly(choices, result, row, plan.mass, plan.leaks);
      break;
    default:
      for (std::size_t row = 0; row < kernel.rows(); ++row)
        draw_row(choices, result.row(row), kernel.denominator,
                 static_cast<std::uint32_t>(row) / kernel.actions);
  }
  if (plan.swaps)
    for (std::size_t row = 0; row < kernel.rows(); ++row)
      if (choices.flag())
        std::swap_ranges(result.row(row).begin(), result.row(row).end(), kernel.row(row).begin());
  return result;
}

}  // namespace lemmacheck
