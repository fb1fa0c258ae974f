#include "mdp/discounted.hpp"

#include "mdp/backward_induction.hpp"

namespace lemmacheck {
namespace {

using Matrix = std::vector<std::vector<Rational>>;

void require_discount(const Rational& discount) {
  if (discount.sign() < 0 || discount >= Rational(1))
    throw InvalidInput("the discount is " + discount.to_string() + "; it must be at least 0 and below 1");
}

/// Solves A x = b for a matrix whose diagonal outweighs the rest of each row (or each column): then no pivot
/// is 0, and none needs to be looked for.
std::vector<Rational> solve(Matrix a, std::vector<Rational> b) {
  const std::size_t n = b.size();
  for (std::size_t pivot = 0; pivot < n; ++pivot) {
    LEMMACHECK_INVARIANT(a[pivot][pivot].sign() != 0);
    for (std::size_t i = pivot + 1; i < n; ++i) {
      if (a[i][pivot].sign() == 0) continue;
      const Rational factor = a[i][pivot] / a[pivot][pivot];
      for (std::size_t j = pivot; j < n; ++j) a[i][j] -= factor * a[pivot][j];
      b[i] -= factor * b[pivot];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) b[i] -= a[i][j] * b[j];
    b[i] /= a[i][i];
  }
  return b;
}

/// 1 - discount T_pi, S x S.
Matrix resolvent(const FiniteMdp& model, const MarkovPolicy& policy, const Rational& discount) {
  const std::uint32_t n = model.state_count();
  Matrix a(n, std::vector<Rational>(n));
  for (const State s : model.states()) {
    a[s.value][s.value] += Rational(1);
    const StochasticMatrix& kernel = model.kernel(1);
    const std::size_t p = policy.row(1, s);
    for (std::size_t i = policy.table().row_begin(p); i < policy.table().row_end(p); ++i) {
      const std::size_t row = model.row(s, Action{policy.table().column(i)});
      const Rational weight = discount * policy.table().probability(i);
      for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
        a[s.value][kernel.column(e)] -= weight * kernel.probability(e);
    }
  }
  return a;
}

void require_stationary(const FiniteMdp& model, const MarkovPolicy& policy) {
  if (model.time_varying() || !policy.stationary())
    throw InvalidInput("a discounted return needs a stationary model and a stationary policy");
}

}  // namespace

std::vector<Rational> discounted_values(const FiniteMdp& model, const MarkovPolicy& policy,
                                        const Rational& discount) {
  require_discount(discount);
  require_stationary(model, policy);
  std::vector<Rational> rewards;
  for (const State s : model.states())
    rewards.push_back(expectation<Rational>(policy.table(), policy.row(1, s),
                                            [&](std::uint32_t a) { return model.rewards()(s, Action{a}); }));
  return solve(resolvent(model, policy, discount), std::move(rewards));
}

Rational discounted_action_value(const FiniteMdp& model, const std::vector<Rational>& values,
                                 const Rational& discount, State s, Action a) {
  return model.rewards()(s, a) +
         discount * expectation<Rational>(model.kernel(1), model.row(s, a),
                                          [&](std::uint32_t next) { return values[next]; });
}

MarkovPolicy greedy_policy(const FiniteMdp& model, const std::vector<Rational>& values,
                           const Rational& discount) {
  std::vector<std::uint32_t> taken;
  for (const State s : model.states()) {
    std::uint32_t best = 0;
    Rational most = discounted_action_value(model, values, discount, s, Action{0});
    for (std::uint32_t a = 1; a < model.action_count(); ++a) {
      Rational value = discounted_action_value(model, values, discount, s, Action{a});
      if (value <= most) continue;
      most = std::move(value);
      best = a;
    }
    taken.push_back(best);
  }
  return MarkovPolicy::deterministic(taken, model.state_count(), model.action_count());
}

std::vector<Rational> optimal_discounted_values(const FiniteMdp& model, const Rational& discount) {
  std::vector<Rational> values(model.state_count());
  while (true) {
    std::vector<Rational> better = discounted_values(model, greedy_policy(model, values, discount), discount);
    if (better == values) return values;
    values = std::move(better);
  }
}

std::vector<Rational> discounted_occupancy(const FiniteMdp& model, const MarkovPolicy& policy,
                                           const Rational& discount) {
  require_discount(discount);
  require_stationary(model, policy);
  const Matrix rows = resolvent(model, policy, discount);
  Matrix columns(rows.size(), std::vector<Rational>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < rows.size(); ++j) columns[j][i] = rows[i][j];
  std::vector<Rational> start(rows.size());
  const StochasticMatrix& initial = model.initial();
  for (std::size_t e = 0; e < initial.entries(); ++e)
    start[initial.column(e)] += (Rational(1) - discount) * initial.probability(e);
  return solve(std::move(columns), std::move(start));
}

Rational sharp_discounted_bound(const Rational& total_variation, const Rational& discount) {
  require_discount(discount);
  return discount * total_variation /
         ((Rational(1) - discount) * (Rational(1) - discount * (Rational(1) - total_variation)));
}

}  // namespace lemmacheck
