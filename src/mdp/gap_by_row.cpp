#include "mdp/gap_by_row.hpp"

#include <algorithm>

#include "mdp/average.hpp"
#include "mdp/discounted.hpp"
#include "mdp/distances.hpp"
#include "mdp/occupancy.hpp"

namespace lemmacheck {
namespace {

/// sum_{s'} (T'(s'|row) - T(s'|row)) values(s').
template <class ValueOf>
Rational drift(const StochasticMatrix& kernel, const StochasticMatrix& perturbed, std::size_t row,
               ValueOf&& value_of) {
  return expectation<Rational>(perturbed, row, value_of) - expectation<Rational>(kernel, row, value_of);
}

std::vector<Rational> shares_over_steps(const FiniteMdp& model, const FiniteMdp& perturbed,
                                        const MarkovPolicy& policy, Step horizon, const Rational& discount) {
  std::vector<Rational> shares(model.kernel(1).rows());
  const ValueTable<Rational> where =
      occupancy_measure<Rational>(perturbed, policy, horizon, perturbed.initial());
  // Backwards: `next` is V_{h+1}, and steps before h weigh discount^h.
  std::vector<Rational> next(model.state_count());
  for (Step h = horizon; h >= 1; --h) {
    const Rational weight = pow(discount, static_cast<unsigned>(h));
    for (const State s : model.states()) {
      if (h == horizon || where(h, s).sign() == 0) continue;
      for (const Action a : model.actions()) {
        const Rational taken = weight * where(h, s) * policy.table().probability(policy.row(h, s), a.value);
        if (taken.sign() == 0) continue;
        shares[model.row(s, a)] += taken * drift(model.kernel(h), perturbed.kernel(h), model.row(s, a),
                                                 [&](std::uint32_t state) { return next[state]; });
      }
    }
    next = one_step_earlier(model, policy, discount, h, next);
  }
  return shares;
}

/// factor where(s) pi(a|s) times the drift of the values.
std::vector<Rational> stationary_shares(const FiniteMdp& model, const FiniteMdp& perturbed,
                                        const MarkovPolicy& policy, const Rational& factor,
                                        const std::vector<Rational>& where,
                                        const std::vector<Rational>& values) {
  std::vector<Rational> shares(model.kernel(1).rows());
  for (const State s : model.states())
    for (const Action a : model.actions()) {
      const Rational taken = where[s.value] * policy.table().probability(policy.row(1, s), a.value);
      if (taken.sign() != 0)
        shares[model.row(s, a)] = factor * taken *
                                  drift(model.kernel(1), perturbed.kernel(1), model.row(s, a),
                                        [&](std::uint32_t next) { return values[next]; });
    }
  return shares;
}

std::vector<Rational> discounted_shares(const FiniteMdp& model, const FiniteMdp& perturbed,
                                        const MarkovPolicy& policy, const Rational& discount) {
  return stationary_shares(model, perturbed, policy, discount / (Rational(1) - discount),
                           discounted_occupancy(perturbed, policy, discount),
                           discounted_values(model, policy, discount));
}

std::vector<Rational> average_shares(const FiniteMdp& model, const FiniteMdp& perturbed,
                                     const MarkovPolicy& policy) {
  const AverageValues values = average_values(model, policy);
  const std::vector<std::vector<Rational>> matrix = limiting_matrix(perturbed, policy);
  std::vector<Rational> where(model.state_count());
  for (std::size_t e = 0; e < perturbed.initial().entries(); ++e)
    for (std::size_t s = 0; s < where.size(); ++s)
      where[s] += perturbed.initial().probability(e) * matrix[perturbed.initial().column(e)][s];
  Rational gain;
  for (std::size_t s = 0; s < where.size(); ++s) gain += where[s] * values.gain[s];
  if (gain != mean_over_start(model, values.gain))
    throw InvalidInput(
        "the model has several averages, and the copy leads to other ones in the long run, so that the gap "
        "is "
        "not told by rows; ask for a horizon or a discount");
  return stationary_shares(model, perturbed, policy, Rational(1), where, values.bias);
}

std::vector<Rational> shares_of(const FiniteMdp& model, const FiniteMdp& perturbed,
                                const MarkovPolicy& policy, const Criterion& criterion) {
  if (criterion.endless == Criterion::Endless::total)
    throw InvalidInput("the gap is told by rows for a horizon, a discount or an average, not for totals");
  if (criterion.endless == Criterion::Endless::average) return average_shares(model, perturbed, policy);
  if (!criterion.horizon) return discounted_shares(model, perturbed, policy, *criterion.discount);
  return shares_over_steps(model, perturbed, policy, *criterion.horizon,
                           criterion.discount.value_or(Rational(1)));
}

/// The largest over the steps that move.
Rational distance_of_rows(const FiniteMdp& model, const FiniteMdp& perturbed, std::size_t row) {
  const std::size_t steps = std::max(model.kernels().size(), perturbed.kernels().size());
  Rational largest;
  for (Step h = 1; h <= static_cast<Step>(steps); ++h)
    largest = max(largest, row_l1_distance<Rational>(model.kernel(h), row, perturbed.kernel(h), row));
  return largest;
}

}  // namespace

std::vector<RowGap> gap_by_row(const FiniteMdp& model, const FiniteMdp& perturbed, const MarkovPolicy& policy,
                               const Criterion& criterion) {
  criterion.require_valid();
  require_same_shape(model, perturbed);
  require_same_shape(model, policy);
  const std::vector<Rational> shares = shares_of(model, perturbed, policy, criterion);
  std::vector<RowGap> gaps;
  for (const State s : model.states())
    for (const Action a : model.actions()) {
      Rational l1 = distance_of_rows(model, perturbed, model.row(s, a));
      if (l1.sign() > 0) gaps.push_back({s, a, std::move(l1), shares[model.row(s, a)]});
    }
  std::stable_sort(gaps.begin(), gaps.end(),
                   [](const RowGap& a, const RowGap& b) { return abs(a.share) > abs(b.share); });
  return gaps;
}

}  // namespace lemmacheck
