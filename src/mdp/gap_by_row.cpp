#include "mdp/gap_by_row.hpp"

#include <algorithm>

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

std::vector<Rational> discounted_shares(const FiniteMdp& model, const FiniteMdp& perturbed,
                                        const MarkovPolicy& policy, const Rational& discount) {
  std::vector<Rational> shares(model.kernel(1).rows());
  const std::vector<Rational> values = discounted_values(model, policy, discount),
                              where = discounted_occupancy(perturbed, policy, discount);
  const Rational factor = discount / (Rational(1) - discount);
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
  if (criterion.endless != Criterion::Endless::none)
    throw InvalidInput("the gap is told by rows for a horizon or a discount, not for totals and averages");
  const std::vector<Rational> shares = criterion.horizon
                                           ? shares_over_steps(model, perturbed, policy, *criterion.horizon,
                                                               criterion.discount.value_or(Rational(1)))
                                           : discounted_shares(model, perturbed, policy, *criterion.discount);
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
