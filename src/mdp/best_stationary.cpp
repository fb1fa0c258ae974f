#include "mdp/best_stationary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "mdp/improvement.hpp"
#include "numeric/interval.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint32_t no_action = std::numeric_limits<std::uint32_t>::max();
/// The action that each state is tied to, or no_action.
using Tied = std::vector<std::uint32_t>;

/// The number that a double's bits say.
Rational exactly(double value) {
  int exponent = 0;
  constexpr int digits = std::numeric_limits<double>::digits;
  const Rational mantissa(static_cast<std::int64_t>(std::ldexp(std::frexp(value, &exponent), digits)));
  exponent -= digits;
  const Rational scale = pow(Rational(2), static_cast<unsigned>(std::abs(exponent)));
  return exponent < 0 ? mantissa / scale : mantissa * scale;
}

/// The model in which tied states have no choice left.
FiniteMdp with_ties(const FiniteMdp& model, const Tied& tied) {
  std::vector<Rational> rewards;
  std::vector<StochasticMatrix::RowOf> rows;
  for (const State s : model.states())
    for (const Action a : model.actions()) {
      const Action taken = tied[s.value] == no_action ? a : Action{tied[s.value]};
      rewards.push_back(model.rewards()(s, taken));
      rows.push_back({&model.kernel(1), model.row(s, taken)});
    }
  return FiniteMdp(model.initial(), {StochasticMatrix::assembled(model.state_count(), rows)},
                   RewardTable(model.state_count(), model.action_count(), std::move(rewards)),
                   model.state_count(), model.action_count());
}

/// Backward induction in enclosures, over time-dependent policies that keep to the ties.
class Relaxation {
 public:
  Relaxation(const FiniteMdp& model, const Criterion& criterion)
      : model_(model),
        horizon_(*criterion.horizon),
        discount_(Interval::from(criterion.discount.value_or(Rational(1)))) {
    const StochasticMatrix& kernel = model.kernel(1);
    for (std::size_t e = 0; e < kernel.entries(); ++e)
      masses_.push_back(Interval::from(kernel.probability(e)));
    for (const State s : model.states())
      for (const Action a : model.actions()) rewards_.push_back(Interval::from(model.rewards()(s, a)));
    for (std::size_t e = 0; e < model.initial().entries(); ++e)
      start_.push_back(Interval::from(model.initial().probability(e)));
  }

  /// What no policy that keeps to the ties exceeds. `plan` receives about the best actions, H S of them.
  double upper_bound(const Tied& tied, std::vector<std::uint32_t>& plan) const {
    const RoundUpward upward;
    return enclosed_best(tied, plan);
  }

  /// How often the plan's states are met, and each action is taken there: H S numbers, rounded.
  std::vector<double> visits(const std::vector<std::uint32_t>& plan) const {
    const std::uint32_t n = model_.state_count();
    const StochasticMatrix &kernel = model_.kernel(1), &initial = model_.initial();
    std::vector<double> masses(static_cast<std::size_t>(horizon_) * n);
    for (std::size_t e = 0; e < initial.entries(); ++e) masses[initial.column(e)] = start_[e].upper();
    for (std::size_t i = 0; i + n < masses.size(); ++i) {
      if (masses[i] == 0) continue;
      const std::size_t row = (i % n) * model_.action_count() + plan[i];
      for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
        masses[(i / n + 1) * n + kernel.column(e)] += masses[i] * masses_[e].upper();
    }
    return masses;
  }

 private:
  double enclosed_best(const Tied& tied, std::vector<std::uint32_t>& plan) const {
    const std::uint32_t n = model_.state_count();
    plan.assign(static_cast<std::size_t>(horizon_) * n, 0);
    std::vector<Interval> next(n, Interval(0)), values(next);
    for (Step h = horizon_; h >= 1; --h) {
      for (const State s : model_.states()) {
        std::uint32_t& taken = plan[static_cast<std::size_t>(h - 1) * n + s.value];
        if (tied[s.value] != no_action) {
          taken = tied[s.value];
          values[s.value] = worth(s, Action{taken}, next);
          continue;
        }
        values[s.value] = worth(s, Action{0}, next);
        double most = values[s.value].upper();
        for (std::uint32_t a = 1; a < model_.action_count(); ++a) {
          const Interval value = worth(s, Action{a}, next);
          values[s.value] = max(values[s.value], value);
          if (value.upper() <= most + close * std::abs(most)) continue;  // equals but for rounding
          most = value.upper();
          taken = a;
        }
      }
      values.swap(next);
    }
    Interval mean(0);
    for (std::size_t e = 0; e < start_.size(); ++e) mean += start_[e] * next[model_.initial().column(e)];
    return mean.upper();
  }

  Interval worth(State s, Action a, const std::vector<Interval>& next) const {
    const StochasticMatrix& kernel = model_.kernel(1);
    const std::size_t row = model_.row(s, a);
    Interval mean(0);
    for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
      mean += masses_[e] * next[kernel.column(e)];
    return rewards_[row] + discount_ * mean;
  }

  static constexpr double close = 1e-12;
  const FiniteMdp& model_;
  Step horizon_;
  Interval discount_;
  std::vector<Interval> masses_, rewards_, start_;
};

/// Sets of policies, the most promising first.
class Search {
 public:
  Search(const FiniteMdp& model, const Criterion& criterion)
      : model_(model),
        criterion_(criterion),
        relaxation_(model, criterion),
        best_(MarkovPolicy::deterministic(std::vector<std::uint32_t>(model.state_count(), 0),
                                          model.state_count(), model.action_count())),
        value_(return_of(model, best_, criterion)) {}

  StationaryPlan run(std::uint64_t most_parts) {
    consider(Tied(model_.state_count(), no_action));
    while (!open_.empty() && parts_ < most_parts) {
      const Part part = open_.top();
      open_.pop();
      if (is_closed(part)) continue;
      for (const Action a : model_.actions()) {
        Tied tied = part.tied;
        tied[part.branch] = a.value;
        consider(std::move(tied));
      }
    }
    Rational bound = value_;
    for (; !open_.empty(); open_.pop())
      if (!is_closed(open_.top())) bound = max(bound, exactly(open_.top().upper));
    return {best_, value_, bound, parts_};
  }

 private:
  struct Part {
    double upper;
    std::uint64_t number;
    std::uint32_t branch;  ///< the state to tie next; no_action where none is left
    Tied tied;
    bool operator<(const Part& other) const {
      return upper != other.upper ? upper < other.upper : number > other.number;
    }
  };

  void consider(Tied tied) {
    Part part{0, parts_++, no_action, std::move(tied)};
    std::vector<std::uint32_t> plan;
    part.upper = relaxation_.upper_bound(part.tied, plan);
    part.branch = try_stationary_form(part.tied, plan);
    if (part.branch != no_action) open_.push(std::move(part));
    // Else the plan is stationary where it goes: its own value is the bound of this part, and was tried.
  }

  /// Tries the stationary policy that does what the plan does most often.
  /// @returns the untied state that is met most often with different actions; no_action if there is none.
  std::uint32_t try_stationary_form(const Tied& tied, const std::vector<std::uint32_t>& plan) {
    const std::uint32_t n = model_.state_count();
    const std::vector<double> masses = relaxation_.visits(plan);
    std::vector<std::uint32_t> taken(n, 0);
    std::uint32_t branch = no_action;
    double widest = 0;
    for (const State s : model_.states()) {
      std::vector<double> weight(model_.action_count());
      double all = 0;
      for (std::size_t i = s.value; i < plan.size(); i += n) {
        weight[plan[i]] += masses[i];
        all += masses[i];
      }
      const auto most = std::ranges::max_element(weight);
      taken[s.value] =
          tied[s.value] != no_action ? tied[s.value] : static_cast<std::uint32_t>(most - weight.begin());
      const double rest = all - *most;
      if (tied[s.value] != no_action || rest <= widest) continue;
      widest = rest;
      branch = s.value;
    }
    try_policy(taken);
    return branch != no_action ? branch : untied_difference(tied, plan, masses, taken);
  }

  /// A state in which a plan whose stationary form was tried still differs from it, however rarely.
  std::uint32_t untied_difference(const Tied& tied, const std::vector<std::uint32_t>& plan,
                                  const std::vector<double>& masses,
                                  const std::vector<std::uint32_t>& taken) const {
    for (std::size_t i = 0; i < plan.size(); ++i) {
      const std::size_t s = i % model_.state_count();
      if (tied[s] == no_action && masses[i] > 0 && plan[i] != taken[s]) return static_cast<std::uint32_t>(s);
    }
    // The enclosure's plan is stationary; if it is not the exact optimum of the part, something is left to
    // tie.
    if (exact_bound(tied) <= value_) return no_action;
    for (std::uint32_t s = 0; s < tied.size(); ++s)
      if (tied[s] == no_action) return s;
    return no_action;
  }

  void try_policy(const std::vector<std::uint32_t>& taken) {
    MarkovPolicy policy = MarkovPolicy::deterministic(taken, model_.state_count(), model_.action_count());
    Rational value = return_of(model_, policy, criterion_);
    if (value <= value_) return;
    value_ = std::move(value);
    best_ = std::move(policy);
  }

  Rational exact_bound(const Tied& tied) const {
    const FiniteMdp model = with_ties(model_, tied);
    return return_of(model, best_policy(model, criterion_), criterion_);
  }

  bool is_closed(const Part& part) const {
    const Rational::Enclosure best = value_.enclose();
    if (part.upper <= best.lower) return true;
    constexpr double near = 1e-9;  // beyond this the enclosure is surely above
    if (part.upper > best.upper + near * std::max(1.0, std::abs(best.upper))) return false;
    return exact_bound(part.tied) <= value_;
  }

  const FiniteMdp& model_;
  const Criterion& criterion_;
  Relaxation relaxation_;
  MarkovPolicy best_;
  Rational value_;
  std::priority_queue<Part> open_;
  std::uint64_t parts_ = 0;
};

}  // namespace

StationaryPlan best_stationary_plan(const FiniteMdp& model, const Criterion& criterion, bool minimise,
                                    std::uint64_t most_parts) {
  criterion.require_valid();
  if (!criterion.horizon)
    throw InvalidInput("without a horizon some stationary policy is a best one; ask for the optimal policy");
  if (model.time_varying())
    throw InvalidInput("the model changes from step to step; stationary policies are for stationary models");
  if (!minimise) return Search(model, criterion).run(most_parts);
  StationaryPlan plan = best_stationary_plan(with_negated_rewards(model), criterion, false, most_parts);
  plan.value = -plan.value;
  plan.bound = -plan.bound;
  return plan;
}

}  // namespace lemmacheck
