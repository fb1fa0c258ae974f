#include "campaign/sharpness_search.hpp"

#include <algorithm>
#include <map>

#include "adversary/planned_pairs.hpp"
#include "campaign/shrink.hpp"
#include "learning/planner.hpp"
#include "mdp/simulation_bound.hpp"

namespace lemmacheck {
namespace {

using EntryRow = std::vector<StochasticMatrix::Entry>;

Rational supremum(const SharpnessCell& cell) {
  const Rational sharp = sharp_simulation_bound(cell.delta, cell.horizon);
  return cell.quantity == Quantity::simulation ? sharp : min(Rational(cell.horizon), Rational(2) * sharp);
}

/// The rows of both models.
struct Kernels {
  StochasticMatrix::Rows world, model;
};

Kernels draw_kernels(ChoiceSource& choices, const SharpnessCell& cell) {
  const auto row = [&](std::uint32_t most, std::uint32_t rest) {
    if (most == rest) return EntryRow{{most, 1}};
    return EntryRow{{most, Rational(1) - cell.delta}, {rest, cell.delta}};
  };
  Kernels kernels;
  for (std::uint32_t i = 0; i < cell.states * cell.actions; ++i) {
    const std::uint32_t most = choices.below(cell.states);
    kernels.world.push_back(row(most, choices.below(cell.states)));
    kernels.model.push_back(row(most, choices.below(cell.states)));
  }
  return kernels;
}

/// Where a reward is the number to be solved for.
constexpr std::uint32_t unknown = 2;

class Builder {
 public:
  Builder(const SharpnessCell& cell, const Kernels& kernels, std::vector<std::uint32_t> rewards)
      : cell_(cell), rewards_(std::move(rewards)) {
    const auto place = [](std::size_t row) { return "row " + std::to_string(row); };
    world_ = StochasticMatrix(cell.states, kernels.world, place);
    model_ = StochasticMatrix(cell.states, kernels.model, place);
  }

  FiniteMdp world(const Rational& t) const { return built(world_, t); }
  FiniteMdp model(const Rational& t) const { return built(model_, t); }

  /// The number at which the start's first two actions are equal in M'; 1 where there is none, or none is
  /// found soon.
  Rational tie() const {
    Rational low = 0, high = 1, at_low = lead(low), at_high = lead(high);
    constexpr int most_steps = 8;
    for (int step = 0; step < most_steps; ++step) {
      if (at_low.sign() == 0) return low;
      if (at_high.sign() == 0) return high;
      if (at_low.sign() == at_high.sign()) return 1;
      const Rational between = low + (high - low) * at_low / (at_low - at_high), value = lead(between);
      if (value.sign() == at_low.sign() || value.sign() == 0) {
        low = between;
        at_low = value;
      } else {
        high = between;
        at_high = value;
      }
    }
    return 1;
  }

 private:
  FiniteMdp built(const StochasticMatrix& kernel, const Rational& t) const {
    std::vector<Rational> rewards;
    for (const std::uint32_t code : rewards_) rewards.push_back(code == unknown ? t : Rational(code));
    const std::uint32_t start[] = {0};
    return FiniteMdp(StochasticMatrix::deterministic(cell_.states, start), {kernel},
                     RewardTable(cell_.states, cell_.actions, std::move(rewards)), cell_.states,
                     cell_.actions);
  }

  /// Q'_1(0, 0) - Q'_1(0, 1).
  Rational lead(const Rational& t) const {
    const FiniteMdp mdp = model(t);
    const OptimalPlan best = optimal_plan(mdp, cell_.horizon);
    const auto q = [&](std::uint32_t a) {
      const Rational next = expectation<Rational>(mdp.kernel(1), mdp.row(State{0}, Action{a}),
                                                  [&](std::uint32_t s) { return best.values(2, State{s}); });
      return mdp.rewards()(State{0}, Action{a}) + next;
    };
    return q(0) - q(1);
  }

  const SharpnessCell& cell_;
  std::vector<std::uint32_t> rewards_;
  StochasticMatrix world_, model_;
};

Instance draw_instance_of(ChoiceSource& choices, const SharpnessCell& cell) {
  const bool planned = cell.quantity == Quantity::certainty_equivalence;
  const Kernels kernels = draw_kernels(choices, cell);
  std::vector<std::uint32_t> rewards(kernels.world.size());
  for (std::uint32_t& code : rewards) code = choices.below(planned ? 3 : 2);
  const Builder builder(cell, kernels, std::move(rewards));
  const Rational t = planned && cell.actions > 1 ? builder.tie() : Rational(1);
  Instance instance;
  instance.horizon = cell.horizon;
  instance.model = builder.world(t);
  instance.perturbed = builder.model(t);
  std::vector<std::uint32_t> taken(cell.states);
  for (std::uint32_t& a : taken) a = planned ? 0 : choices.below(cell.actions);
  instance.policy = MarkovPolicy::deterministic(taken, cell.states, cell.actions);
  if (planned)
    instance.policy =
        plan(*instance.perturbed, cell.horizon, TieBreak::against_learner, *instance.model, *instance.policy)
            .policy;
  return instance;
}

/// Line searches along single rows: a row of one model moves towards an extreme point of the ball around the
/// other's, and stops where the left side is largest: at the end, or at the vertex of the parabola through
/// three exact values. What it stops at is evaluated exactly, too.
class RowSearch {
 public:
  RowSearch(const SharpnessCell& cell, Instance start) : cell_(cell), best_(std::move(start)) {
    value_ = left_side(best_);
  }

  /// Moves rows until none helps, at most a few times each. @returns the best instance.
  Instance run() {
    constexpr int most_passes = 3;
    bool better = true;
    for (int pass = 0; pass < most_passes && better; ++pass) {
      better = false;
      for (std::size_t row = 0; row < best_.model->kernel(1).rows(); ++row)
        for (const bool of_world : {false, true})
          for (std::uint32_t to = 0; to < best_.model->state_count(); ++to)
            better = move_row(row, of_world, to) || better;
    }
    return best_;
  }

 private:
  static EntryRow mixed(const EntryRow& from, const EntryRow& to, const Rational& u) {
    std::map<std::uint32_t, Rational> mass;
    for (const auto& entry : from) mass[entry.column] += (Rational(1) - u) * entry.probability;
    for (const auto& entry : to) mass[entry.column] += u * entry.probability;
    EntryRow row;
    for (const auto& [column, probability] : mass)
      if (probability.sign() != 0) row.push_back({column, probability});
    return row;
  }

  /// The row with as much mass as may be moved from its likeliest state to another.
  EntryRow extreme(const EntryRow& row, std::uint32_t to) const {
    const auto most = std::ranges::max_element(row, {}, &StochasticMatrix::Entry::probability);
    const Rational moved = min(cell_.delta, most->probability) / most->probability;
    return moved_from(row, *most, to, moved);
  }
  static EntryRow moved_from(const EntryRow& row, const StochasticMatrix::Entry& most, std::uint32_t to,
                             const Rational& share) {
    EntryRow result;
    for (const auto& entry : row)
      if (entry.column != most.column) result.push_back(entry);
    EntryRow part = mixed({{most.column, 1}}, {{to, 1}}, share);
    for (auto& entry : part) entry.probability *= most.probability;
    result.insert(result.end(), part.begin(), part.end());
    return mixed(result, result, 0);
  }

  Rational left_side(const Instance& x) const {
    const Rational own = policy_return(*x.model, *x.policy, x.horizon);
    if (cell_.quantity == Quantity::simulation)
      return abs(own - policy_return(*x.perturbed, *x.policy, x.horizon));
    return expected_value<Rational>(*x.model, optimal_plan(*x.model, x.horizon).values) - own;
  }

  Instance with_row(std::size_t row, bool of_world, const EntryRow& entries) const {
    Instance x = best_;
    FiniteMdp& mdp = of_world ? *x.model : *x.perturbed;
    StochasticMatrix::Rows rows = mdp.kernel(1).to_rows();
    rows[row] = entries;
    mdp = FiniteMdp(
        mdp.initial(),
        {StochasticMatrix(mdp.state_count(), rows, [](std::size_t r) { return "row " + std::to_string(r); })},
        mdp.rewards(), mdp.state_count(), mdp.action_count());
    if (cell_.quantity == Quantity::certainty_equivalence)
      x.policy = plan(*x.perturbed, x.horizon, TieBreak::against_learner, *x.model, *x.policy).policy;
    return x;
  }

  bool move_row(std::size_t row, bool of_world, std::uint32_t to) {
    const EntryRow own = (of_world ? *best_.model : *best_.perturbed).kernel(1).to_rows()[row];
    const EntryRow target =
        extreme((of_world ? *best_.perturbed : *best_.model).kernel(1).to_rows()[row], to);
    const auto at = [&](const Rational& u) { return with_row(row, of_world, mixed(own, target, u)); };
    const Rational half = Rational::ratio(1, 2);
    const Rational start = value_, middle = left_side(at(half)), end = left_side(at(1));
    std::vector<Rational> stops = {half, 1};
    const Rational curvature = start - Rational(2) * middle + end;
    if (curvature.sign() < 0) {
      const Rational vertex = (Rational(3) * start - Rational(4) * middle + end) / (Rational(4) * curvature);
      if (vertex.sign() > 0 && vertex < Rational(1)) stops.push_back(vertex);
    }
    bool better = false;
    for (const Rational& u : stops) {
      Instance moved = at(u);
      const Rational value = left_side(moved);
      if (value <= value_) continue;
      value_ = value;
      best_ = std::move(moved);
      better = true;
    }
    return better;
  }

  const SharpnessCell& cell_;
  Instance best_;
  Rational value_;
};

/// The coefficients of the polynomial of lowest degree through points (x, y) with different x (Lagrange).
std::vector<Rational> polynomial_through(const std::vector<Rational>& x, const std::vector<Rational>& y) {
  std::vector<Rational> sum(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::vector<Rational> product = {y[i]};  // times (x - x_j) / (x_i - x_j), j != i
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (j == i) continue;
      product.emplace_back(0);
      for (std::size_t k = product.size(); k-- > 0;)
        product[k] = ((k > 0 ? product[k - 1] : Rational(0)) - x[j] * product[k]) / (x[i] - x[j]);
    }
    for (std::size_t k = 0; k < product.size(); ++k) sum[k] += product[k];
  }
  while (!sum.empty() && sum.back().sign() == 0) sum.pop_back();
  return sum;
}

Rational value_of(const std::vector<Rational>& coefficients, const Rational& x) {
  Rational value;
  for (std::size_t k = coefficients.size(); k-- > 0;) value = value * x + coefficients[k];
  return value;
}

Claim claim_of(const SharpnessCell& cell) {
  const Rational bound = supremum(cell);
  Claim claim = bound_claim("H", cell.quantity);  // the left side, the hypotheses
  claim.domain = extreme_pairs(cell);
  claim.expression.clear();
  claim.formula = Formula::exactly([quantity = cell.quantity, bound](const auto& x, auto& at) {
    const auto lead = x.optimal_return(In::model) - x.expected_return(In::model);
    at(quantity == Quantity::simulation ? x.return_gap() : lead, bound);
  });
  return claim;
}

}  // namespace

Domain extreme_pairs(const SharpnessCell& cell) {
  Domain domain = cell.quantity == Quantity::simulation ? model_pairs() : planned_pairs();
  domain.name = "extreme pairs at a distance";
  domain.classes.clear();
  domain.without.clear();
  domain.decode = [cell](ChoiceSource& choices, const Setting&) { return draw_instance_of(choices, cell); };
  domain.objection = [cell, base = domain.objection](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = base(instance)) return objection;
    if (instance.horizon != cell.horizon) return "it is another horizon";
    if (total_variation<Rational>(*instance.model, *instance.perturbed, cell.horizon) > cell.delta)
      return "the models are too far from each other";
    return std::nullopt;
  };
  return domain;
}

SearchedSharpness search_sharpness(const SharpnessCell& cell, const Run& run, int restarts) {
  const Claim claim = claim_of(cell);
  SearchedSharpness result{cell, supremum(cell), 0, {}, 0};
  for (int start = 0; start < restarts && !result.meets(); ++start) {
    Run seeded = run;
    seeded.seed = run.seed + static_cast<std::uint64_t>(start);
    const Finding finding = check_claim(claim, Setting{}, seeded);
    result.instances += finding.summary.instances;
    if (!finding.max_tightness || *finding.max_tightness <= result.best) continue;
    result.best = *finding.max_tightness;
    result.witness = finding.certificate;
  }
  if (!result.meets() && result.witness) {
    const Certificate moved = certify(claim, RowSearch(cell, result.witness->instance).run(), std::nullopt);
    if (const auto ratio = tightness(moved.sides); ratio && *ratio > result.best) {
      result.best = *ratio;
      result.witness = shrink(moved, claim, Setting{});
    }
  }
  return result;
}

FittedSupremum fit_supremum(const SharpnessCell& cell, const Run& run, int restarts) {
  constexpr std::uint64_t parts = 20;
  const auto found = [&](const Rational& delta) {
    SharpnessCell at = cell;
    at.delta = delta;
    const SearchedSharpness searched = search_sharpness(at, run, restarts);
    return searched.best * searched.bound;
  };
  FittedSupremum fit{cell, {}, {}, {}, true};
  std::vector<Rational> values;
  for (std::int64_t n = 1; n <= cell.horizon; ++n) {
    fit.seen.push_back(Rational::ratio(n, parts));
    values.push_back(found(fit.seen.back()));
  }
  fit.coefficients = polynomial_through(fit.seen, values);
  for (std::int64_t n = cell.horizon + 1; n <= cell.horizon + 2; ++n) {
    fit.unseen.push_back(Rational::ratio(n, parts));
    if (value_of(fit.coefficients, fit.unseen.back()) != found(fit.unseen.back())) fit.fits_unseen = false;
  }
  return fit;
}

std::vector<SharpnessCell> fitted_cells() {
  std::vector<SharpnessCell> cells;
  for (const Step horizon : {2, 3, 4}) cells.push_back({Quantity::simulation, 2, 1, horizon, 0});
  for (const Step horizon : {2, 3}) cells.push_back({Quantity::certainty_equivalence, 4, 2, horizon, 0});
  return cells;
}

std::vector<SharpnessCell> sharpness_cells() {
  std::vector<SharpnessCell> cells;
  const std::vector<Rational> distances = {Rational::ratio(1, 10), Rational::ratio(1, 2), 1};
  for (const std::uint32_t states : {2, 3})
    for (Step horizon = 2; horizon <= 6; horizon += 2)
      for (const Rational& delta : distances)
        cells.push_back({Quantity::simulation, states, 1, horizon, delta});
  for (const std::uint32_t states : {3, 4, 5})
    for (Step horizon = 2; horizon <= 4; ++horizon)
      for (const Rational& delta : {Rational::ratio(1, 10), Rational::ratio(1, 4)})
        cells.push_back({Quantity::certainty_equivalence, states, 2, horizon, delta});
  return cells;
}

}  // namespace lemmacheck
