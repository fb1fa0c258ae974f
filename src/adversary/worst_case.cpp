#include "adversary/worst_case.hpp"

#include <algorithm>

#include "mdp/occupancy.hpp"

namespace lemmacheck {
namespace {

std::vector<std::uint32_t> ranks_of(const ValueTable<Rational>& values, Step h, std::uint32_t states) {
  std::vector<Rational> row;
  for (std::uint32_t s = 0; s < states; ++s) row.push_back(values(h, State{s}));
  return ranks_of(row);
}

void require_stationary(const FiniteMdp& model, Step horizon) {
  require_horizon(horizon);
  if (model.time_varying())
    throw InvalidInput("the model is time-varying; the adversary moves around a stationary one");
}

/// Whether all is in natural numbers over common denominators.
bool in_words(const FiniteMdp& model, const UncertaintySet& set) {
  return model.rewards().has_words() && set.denominator().has_value();
}

/// Hands out the extreme kernel of each step, and keeps it if asked to.
class Adversary {
 public:
  /// @param policy  only the rows that it takes matter; null: all do.
  Adversary(const UncertaintySet& set, const MarkovPolicy* policy, bool lowest, bool keeps)
      : set_(set), policy_(policy), lowest_(lowest), keeps_(keeps) {}

  const StochasticMatrix& answer(Step h, const UncertaintySet::Ranks& ranks) {
    if (!keeps_) kernels_.clear();
    if (policy_ == nullptr) {
      kernels_.push_back(set_.extreme(ranks, lowest_));
    } else {
      const std::vector<bool> taken = taken_at(h);
      kernels_.push_back(set_.extreme(ranks, lowest_, &taken));
    }
    return kernels_.back();
  }

  /// T'_1, ..., T'_{H-1}: they were made backwards.
  std::vector<StochasticMatrix> kernels() && {
    std::ranges::reverse(kernels_);
    return std::move(kernels_);
  }

 private:
  std::vector<bool> taken_at(Step h) const {
    std::vector<bool> taken(std::size_t{policy_->state_count()} * policy_->action_count());
    const std::uint32_t actions = policy_->action_count();
    for (std::uint32_t s = 0; s < policy_->state_count(); ++s)
      for (const std::uint32_t a : policy_->table().row_columns(policy_->row(h, State{s})))
        taken[std::size_t{s} * actions + a] = true;
    return taken;
  }

  const UncertaintySet& set_;
  const MarkovPolicy* policy_;
  bool lowest_, keeps_;
  std::vector<StochasticMatrix> kernels_;
};

/// Both kinds of robust induction in rationals. `combine(h, s, q)` makes a state's value of its actions'
/// values.
template <class Combine>
ValueTable<Rational> in_rationals(const FiniteMdp& model, Step horizon, const Rational& discount,
                                  Adversary& adversary, Combine&& combine) {
  ValueTable<Rational> values(horizon, model.state_count());
  const std::vector<Rational> rewards = model.rewards().as<Rational>();
  std::vector<Rational> q(model.action_count());
  for (Step h = horizon; h >= 1; --h) {
    const StochasticMatrix* kernel =
        h == horizon ? nullptr : &adversary.answer(h, ranks_of(values, h + 1, model.state_count()));
    for (const State s : model.states()) {
      for (const Action a : model.actions()) {
        const std::size_t row = model.row(s, a);
        q[a.value] = rewards[row];
        if (kernel != nullptr)
          q[a.value] += discount * expectation<Rational>(*kernel, row, values.row(h + 1));
      }
      values(h, s) = combine(h, s, q);
    }
  }
  return values;
}

/// d J / d T(s'|s, a) = sum_{h<H} d_h(s) pi_h(a|s) V_{h+1}(s'), as places of the s'.
UncertaintySet::Ranks gradient_ranks(const MarkovPolicy& policy, Step horizon, const ExactValues& values,
                                     const ValueTable<Rational>& where, std::uint32_t states, State s,
                                     Action a) {
  std::vector<Rational> gradient(states);
  for (Step h = 1; h < horizon; ++h) {
    const Rational taken = where(h, s) * policy.table().probability(policy.row(h, s), a.value);
    if (taken.sign() == 0) continue;
    for (std::uint32_t t = 0; t < states; ++t) gradient[t] += taken * values(h + 1, State{t});
  }
  return ranks_of(gradient);
}

}  // namespace

FiniteMdp with_kernels(const FiniteMdp& model, std::vector<StochasticMatrix> kernels) {
  if (kernels.empty()) kernels.push_back(model.kernel(1));
  FiniteMdp result(model.initial(), std::move(kernels), model.rewards(), model.state_count(),
                   model.action_count());
  result.names = model.names;
  return result;
}

Extreme extreme_return(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                       const UncertaintySet& set, bool lowest, bool keep, const Rational& discount) {
  require_stationary(model, horizon);
  require_same_shape(model, policy);
  Adversary adversary(set, &policy, lowest, keep);
  Extreme result;
  if (discount == Rational(1) && in_words(model, set) && policy.table().has_words()) {
    const ScaledValueTable::Kernels kernels = {
        *set.denominator(), [&](Step h, const ScaledValueTable& values) -> const StochasticMatrix& {
          return adversary.answer(h, values.ranks(h + 1));
        }};
    const ScaledValueTable values(model, policy, horizon, kernels);
    result.value = expected_value<Rational>(model, values);
  } else {
    const StochasticMatrix& choice = policy.table();
    const ValueTable<Rational> values = in_rationals(
        model, horizon, discount, adversary, [&](Step h, State s, const std::vector<Rational>& q) {
          return expectation<Rational>(choice, policy.row(h, s), [&](std::uint32_t a) { return q[a]; });
        });
    result.value = expected_value<Rational>(model, values);
  }
  if (keep) result.kernels = std::move(adversary).kernels();
  return result;
}

RobustPlan robust_plan(const FiniteMdp& model, Step horizon, const UncertaintySet& set,
                       const Rational& discount, bool lowest) {
  require_stationary(model, horizon);
  Adversary adversary(set, nullptr, lowest, false);
  OptimalActions actions;
  if (discount == Rational(1) && in_words(model, set)) {
    const ScaledValueTable::Kernels kernels = {
        *set.denominator(), [&](Step h, const ScaledValueTable& values) -> const StochasticMatrix& {
          return adversary.answer(h, values.ranks(h + 1));
        }};
    const ScaledValueTable values(model, horizon, actions, kernels);
    return {expected_value<Rational>(model, values), actions.lowest_policy()};
  }
  actions = OptimalActions(horizon, model.state_count(), model.action_count());
  const ValueTable<Rational> values =
      in_rationals(model, horizon, discount, adversary, [&](Step h, State s, const std::vector<Rational>& q) {
        const Rational best = *std::ranges::max_element(q);
        for (std::uint32_t a = 0; a < q.size(); ++a)
          if (q[a] == best) actions.add(h, s, Action{a});
        return best;
      });
  return {expected_value<Rational>(model, values), actions.lowest_policy()};
}

StationaryBracket stationary_bracket(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                                     const UncertaintySet& set, bool lowest) {
  const Extreme outside = extreme_return(model, policy, horizon, set, lowest);
  StationaryBracket bracket{policy_return(model, policy, horizon), model.kernel(1), outside.value};
  const auto consider = [&](const StochasticMatrix& kernel) {
    const Rational value = policy_return(with_kernels(model, {kernel}), policy, horizon);
    const bool better = lowest ? value < bracket.found : value > bracket.found;
    if (better) {
      bracket.found = value;
      bracket.kernel = kernel;
    }
    return better;
  };
  // Start from the best of the time-varying extreme's kernels, each held at all steps.
  const Extreme varying = extreme_return(model, policy, horizon, set, lowest, true);
  for (const StochasticMatrix& kernel : varying.kernels) consider(kernel);
  // d J / d T(s'|s, a) = sum_h d_h(s) pi_h(a|s) V_{h+1}(s'): each row moves to the extreme for its own
  // gradient.
  constexpr int most_steps = 20;
  const std::uint32_t states = model.state_count();
  for (int step = 0; step < most_steps && !bracket.closed(); ++step) {
    const FiniteMdp now = with_kernels(model, {bracket.kernel});
    const ExactValues values(now, policy, horizon);
    const ValueTable<Rational> where = occupancy_measure<Rational>(now, policy, horizon, now.initial());
    std::vector<UncertaintySet::Ranks> ranks;
    for (const State s : model.states())
      for (const Action a : model.actions())
        ranks.push_back(gradient_ranks(policy, horizon, values, where, states, s, a));
    const StochasticMatrix all = set.extreme_by_row(ranks, lowest);
    if (consider(all)) continue;
    // All rows at once may overshoot: one at a time.
    bool helped = false;
    for (std::size_t row = 0; row < all.rows(); ++row) {
      std::vector<StochasticMatrix::RowOf> rows;
      const StochasticMatrix now_kernel = bracket.kernel;
      for (std::size_t i = 0; i < all.rows(); ++i) rows.push_back({i == row ? &all : &now_kernel, i});
      helped = consider(StochasticMatrix::assembled(states, rows)) || helped;
    }
    if (!helped) break;
  }
  return bracket;
}

}  // namespace lemmacheck
