#include "learning/model_selection.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "mdp/distances.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/occupancy.hpp"

namespace lemmacheck {
namespace {

class Selector {
 public:
  Selector(const Instance& instance, const SelectionRule& rule)
      : instance_(instance),
        world_(*instance.model),
        rule_(rule),
        total_(instance.model_class.size()),
        latest_(instance.model_class.size()) {
    LEMMACHECK_INVARIANT(!instance.model_class.empty());
    LEMMACHECK_INVARIANT(rule.selection != Selection::regularized || rule.loss == Loss::l1);
  }

  SelectionRound next() {
    std::vector<Rational> weights = chosen();
    auto found = rounds_.find(weights);
    if (found == rounds_.end()) found = rounds_.emplace(weights, played(weights)).first;
    const SelectionRound& round = found->second;
    latest_ = round.losses;
    for (std::size_t k = 0; k < total_.size(); ++k) total_[k] += latest_[k];
    return round;
  }

 private:
  /// A round is a function of the model that is played: the plan in it, and the data of that.
  SelectionRound played(const std::vector<Rational>& weights) const {
    SelectionRound round;
    round.weights = weights;
    const FiniteMdp model = mixture(instance_.model_class, weights);
    const Step horizon = instance_.horizon;
    const Optimum best = optimum(model, horizon);
    const MarkovPolicy policy = best.actions.lowest_policy();
    round.value = policy_return(world_, policy, horizon);
    round.planning_error = policy_return(model, *instance_.policy, horizon) - best.value;
    const std::vector<Rational> rho =
        hybrid_distribution(world_, policy, horizon, *instance_.sampling, rule_.rollouts);
    for (std::size_t k = 0; k < total_.size(); ++k) {
      round.losses.push_back(loss_on(rho, instance_.model_class[k]));
      if (weights[k] == Rational(1)) round.loss = round.losses[k];
    }
    if (std::ranges::none_of(weights, [](const Rational& weight) { return weight == Rational(1); }))
      round.loss = loss_on(rho, model);
    return round;
  }

  std::vector<Rational> chosen() const {
    if (rule_.selection == Selection::regularized) {
      std::vector<Rational> losses;
      for (const LogForm& loss : total_) losses.push_back(loss.rational());
      return leader_mixture(losses, rule_.step_size);
    }
    const std::vector<LogForm>& losses = rule_.selection == Selection::latest ? latest_ : total_;
    std::vector<Rational> weights(losses.size());
    weights[static_cast<std::size_t>(std::ranges::min_element(losses) - losses.begin())] = 1;
    return weights;
  }

  LogForm loss_on(const std::vector<Rational>& rho, const FiniteMdp& model) const {
    const StochasticMatrix &truth = world_.kernel(1), &guess = model.kernel(1);
    LogForm divergence;
    Rational distance;
    for (std::size_t row = 0; row < rho.size(); ++row) {
      if (rho[row].sign() == 0) continue;
      if (rule_.loss == Loss::kl)
        divergence += rho[row] * row_kl(truth, row, guess, row);
      else
        distance += rho[row] * row_l1_distance<Rational>(truth, row, guess, row);
    }
    return rule_.loss == Loss::kl ? divergence : LogForm(distance);
  }

  const Instance& instance_;
  const FiniteMdp& world_;
  const SelectionRule& rule_;
  std::vector<LogForm> total_, latest_;
  std::map<std::vector<Rational>, SelectionRound> rounds_;  ///< by the weights of the model played
};

}  // namespace

std::vector<Rational> hybrid_distribution(const FiniteMdp& world, const MarkovPolicy& policy, Step horizon,
                                          const StochasticMatrix& nu, Rollouts rollouts) {
  const Rational nu_weight = horizon == 1 ? Rational(1) : Rational::ratio(1, 2);
  std::vector<Rational> rho(world.kernel(1).rows());
  if (horizon > 1)
    rho = rollouts == Rollouts::weighted ? weighted_occupancy<Rational>(world, policy, horizon)
                                         : plain_occupancy<Rational>(world, policy, horizon);
  for (Rational& mass : rho) mass *= Rational(1) - nu_weight;
  for (std::size_t e = 0; e < nu.entries(); ++e) rho[nu.column(e)] += nu_weight * nu.probability(e);
  return rho;
}

LogForm SelectionTrace::total_loss() const {
  LogForm sum;
  for (const SelectionRound& round : rounds) sum += round.loss;
  return sum;
}

LogForm SelectionTrace::best_total_loss() const {
  std::vector<LogForm> sums(rounds.front().losses.size());
  for (const SelectionRound& round : rounds)
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += round.losses[k];
  return *std::ranges::min_element(sums);
}

SelectionTrace select_models(const Instance& instance, int rounds, const SelectionRule& rule) {
  Selector selector(instance, rule);
  SelectionTrace trace;
  for (int i = 0; i < rounds; ++i) trace.rounds.push_back(selector.next());
  return trace;
}

std::vector<Rational> leader_mixture(const std::vector<Rational>& losses, const Rational& step_size) {
  std::vector<Rational> points;
  for (const Rational& loss : losses) points.push_back(-(step_size * loss));
  // max(x - threshold, 0) sums to 1 for the threshold over the largest points that all stay above it.
  std::vector<Rational> sorted = points;
  std::ranges::sort(sorted, std::greater<>());
  Rational sum, threshold;
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    sum += sorted[k];
    const Rational candidate = (sum - Rational(1)) / Rational(k + 1);
    if (sorted[k] > candidate) threshold = candidate;
  }
  for (Rational& point : points) point = max(point - threshold, Rational(0));
  return points;
}

FiniteMdp mixture(const std::vector<FiniteMdp>& models, const std::vector<Rational>& weights) {
  for (std::size_t k = 0; k < models.size(); ++k)
    if (weights[k] == Rational(1)) return models[k];
  const FiniteMdp& first = models.front();
  StochasticMatrix::Rows rows(first.kernel(1).rows());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::vector<Rational> mixed(first.state_count());
    for (std::size_t k = 0; k < models.size(); ++k) {
      const StochasticMatrix& kernel = models[k].kernel(1);
      for (std::size_t e = kernel.row_begin(row); e != kernel.row_end(row); ++e)
        mixed[kernel.column(e)] += weights[k] * kernel.probability(e);
    }
    for (std::uint32_t next = 0; next < mixed.size(); ++next)
      if (mixed[next].sign() != 0) rows[row].push_back({next, mixed[next]});
  }
  return FiniteMdp(first.initial(),
                   {StochasticMatrix(first.state_count(), rows,
                                     [](std::size_t row) { return "mixed row " + std::to_string(row); })},
                   first.rewards(), first.state_count(), first.action_count());
}

LogForm row_kl(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q, std::size_t q_row) {
  LogForm sum;
  for (std::size_t e = p.row_begin(p_row); e != p.row_end(p_row); ++e) {
    const Rational mass = p.probability(e), other = q.probability(q_row, p.column(e));
    if (other.sign() == 0) return LogForm::infinity();
    if (mass != other) sum += mass * LogForm::log(mass / other);
  }
  return sum;
}

}  // namespace lemmacheck
