#include "learning/trace.hpp"

#include <algorithm>
#include <map>

#include "mdp/distances.hpp"
#include "mdp/occupancy.hpp"
#include "mdp/total.hpp"

namespace lemmacheck {
namespace {

/// All fills are tried up to this many unseen pairs; beyond, one pair at a time is changed.
constexpr std::size_t most_pairs_enumerated = 6;

struct Fit {
  FiniteMdp model;
  Planned planned;
  std::vector<bool> seen;
};

/// A model fitted and what is optimal in it: whatever the round, it is a function of these.
struct KnownFit {
  std::vector<bool> seen;
  std::size_t hope;  ///< which of the options' hopes
  FiniteMdp model;
  Optimum best;
};

/// Nothing where it is a total that is not finite.
std::optional<Rational> value_in_world(const LearningProblem& problem, const MarkovPolicy& policy) {
  const FiniteMdp& world = problem.world;
  if (problem.criterion.endless != Criterion::Endless::total)
    return return_of(world, policy, problem.criterion);
  const std::vector<std::optional<Rational>> totals = total_values(world, policy);
  for (const std::uint32_t s : world.initial().row_columns(0))
    if (!totals[s]) return std::nullopt;
  return expectation<Rational>(world.initial(), 0, [&](std::uint32_t s) { return *totals[s]; });
}

class Loop {
 public:
  Loop(const LearningProblem& problem, const LoopOptions& options, const Landmarks* landmarks)
      : problem_(problem),
        options_(options),
        landmarks_(landmarks),
        population_(problem),
        sampled_(problem, options.samples, options.seed),
        policy_(problem.start),
        kernel_(&problem.start_kernel) {}

  Trace run() {
    start();
    constexpr int most_loops = 8;  // come back within so many rounds
    trace_.rounds.reserve(static_cast<std::size_t>(std::clamp(options_.rounds, 0, most_loops)));
    for (int t = 1; t <= options_.rounds; ++t) {
      Fit fit = fitted_round(t);
      const bool stays = t > 1 && fit.planned.policy == policy_;
      policy_ = fit.planned.policy;
      kernel_ = &fit.model.kernel(1);
      add_round(t, std::move(fit), stays);
      if (repeats(t)) break;
    }
    if (!has_state()) settle();
    return std::move(trace_);
  }

 private:
  void start() {
    require_ties(problem_.criterion, options_.ties);
    LEMMACHECK_INVARIANT(options_.ranks.empty() || problem_.criterion.endless == Criterion::Endless::none);
    if (problem_.criterion.endless == Criterion::Endless::total && options_.fill == FillRule::adversarial)
      throw InvalidInput(
          "the adversarial fill looks for the plan that earns least, and totals need not be finite; use "
          "another "
          "fill, or an average, a discount or a horizon");
    if (uses_expert(options_.fit)) {
      if (!problem_.expert) throw InvalidInput("this fit needs an expert's policy");
      population_.collect_expert();
      sampled_.collect_expert();
    }
    const Landmarks landmarks = landmarks_ != nullptr ? *landmarks_ : landmarks_of(problem_);
    trace_.start_value = landmarks.start_value;
    trace_.expert_value = landmarks.expert_value;
    trace_.optimal_value = landmarks.optimal_value;
    if (problem_.expert && with_errors())
      expert_weights_ = weighted_occupancy<Rational>(problem_.world, *problem_.expert, problem_.horizon);
    trace_.start_discovers = collect(0);
  }

  bool collect(int round) {
    return options_.samples > 0 ? sampled_.collect(policy_, round + 1) : population_.collect(policy_);
  }

  Fit fitted_round(int t) {
    const Data data = options_.samples > 0 ? sampled_.data(options_.fit) : population_.data(options_.fit);
    const auto index = static_cast<std::size_t>(t - 1);
    const FillRule fill = index < options_.fills.size() ? options_.fills[index] : options_.fill;
    const std::size_t hope = options_.hopes.empty() ? 0 : index % options_.hopes.size();
    if (options_.hopes.empty() && fill == FillRule::adversarial) return worst_fit(data);
    static const std::vector<Rational> none;
    const std::vector<Rational>& hopes = options_.hopes.empty() ? none : options_.hopes[hope];
    if (problem_.criterion.endless != Criterion::Endless::none) return fit_with(data, fill, hopes);
    const KnownFit& fit = known_fit(data, fill, hope, hopes);
    return {fit.model, {policy_among(fit.best.actions), fit.best.value}, fit.seen};
  }

  /// A fit is made once. Where the fill keeps the last model's rows it stays while no data comes in; what
  /// samples or changing rules fit does not come back.
  const KnownFit& known_fit(const Data& data, FillRule fill, std::size_t hope,
                            const std::vector<Rational>& hopes) {
    const bool keeps = options_.hopes.empty() && fill == FillRule::keep;
    if (!has_state() || (keeps && !fits_.empty() && fits_.back().seen != data.seen)) fits_.clear();
    for (const KnownFit& fit : fits_)
      if (fit.hope == hope && fit.seen == data.seen) return fit;
    FiniteMdp model = fitted(problem_, data, fill, *kernel_, hopes);
    Optimum best = optimum(model, problem_.criterion);
    fits_.push_back({data.seen, hope, std::move(model), std::move(best)});
    return fits_.back();
  }

  /// One of the optimal policies, as ties are broken in this round.
  MarkovPolicy policy_among(const OptimalActions& optimal) const {
    if (!options_.ranks.empty())
      return chosen_by_rank(optimal, options_.ranks[trace_.rounds.size() % options_.ranks.size()]);
    return chosen(optimal, options_.ties, problem_.criterion, problem_.world, policy_);
  }

  Fit fit_with(const Data& data, FillRule fill, const std::vector<Rational>& hopes) {
    FiniteMdp model = fitted(problem_, data, fill, *kernel_, hopes);
    Planned planned = planned_in(model);
    return {std::move(model), std::move(planned), data.seen};
  }

  /// Only totals can fail to have an optimum in a model.
  Planned planned_in(const FiniteMdp& model) const {
    if (problem_.criterion.endless == Criterion::Endless::none) {
      Optimum best = optimum(model, problem_.criterion);
      return {policy_among(best.actions), std::move(best.value)};
    }
    const auto planned = [&] {
      return plan(model, problem_.criterion, options_.ties, problem_.world, policy_);
    };
    if (problem_.criterion.endless != Criterion::Endless::total) return planned();
    try {
      return planned();
    } catch (const InvalidInput& fault) {
      throw InvalidInput("round " + std::to_string(trace_.rounds.size() + 1) +
                         ": in the model fitted there " + fault.what());
    }
  }

  /// The fill by paradise and abyss whose plan earns least in the world: of all fills where there are few
  /// unseen pairs; else changing one pair at a time as long as that helps.
  Fit worst_fit(const Data& data) {
    std::vector<std::size_t> unseen;
    for (std::size_t i = 0; i < data.seen.size(); ++i)
      if (!data.seen[i] && !problem_.known[i]) unseen.push_back(i);
    std::vector<Rational> fill(data.seen.size());
    std::optional<Fit> worst;
    std::optional<Rational> lowest;
    const auto attempt = [&] {
      Fit fit = fit_with(data, FillRule::adversarial, fill);
      Rational value = value_in_world(fit.planned.policy).value();
      if (lowest && !(value < *lowest)) return false;
      worst = std::move(fit);
      lowest = std::move(value);
      return true;
    };
    if (unseen.size() <= most_pairs_enumerated) {
      for (std::size_t subset = 0; subset < std::size_t{1} << unseen.size(); ++subset) {
        for (std::size_t i = 0; i < unseen.size(); ++i) fill[unseen[i]] = Rational(subset >> i & 1U);
        attempt();
      }
      return std::move(*worst);
    }
    attempt();
    for (bool helped = true; helped;) {
      helped = false;
      for (const std::size_t pair : unseen) {
        fill[pair] = Rational(1) - fill[pair];
        if (attempt())
          helped = true;
        else
          fill[pair] = Rational(1) - fill[pair];
      }
    }
    return std::move(*worst);
  }

  /// @param stays  the policy is the last round's: its true value is known.
  void add_round(int t, Fit fit, bool stays) {
    auto value = !options_.returns ? std::nullopt
                 : stays           ? trace_.rounds.back().true_value
                                   : value_in_world(policy_);
    trace_.rounds.push_back({t,
                             std::move(fit.model),
                             policy_,
                             std::move(fit.planned.model_value),
                             std::move(value),
                             false,
                             {},
                             {},
                             std::move(fit.seen)});
    Round& round = trace_.rounds.back();
    if (with_errors()) {
      round.learner_error =
          error(round.model, weighted_occupancy<Rational>(problem_.world, policy_, problem_.horizon));
      if (problem_.expert) round.expert_error = error(round.model, expert_weights_);
    }
    round.discovers = collect(t);
  }

  /// E_weights ||T - T_t||_1.
  Rational error(const FiniteMdp& model, const std::vector<Rational>& weights) const {
    Rational sum;
    for (std::size_t row = 0; row < weights.size(); ++row)
      if (weights[row].sign() != 0)
        sum += weights[row] * row_l1_distance<Rational>(problem_.world.kernel(1), row, model.kernel(1), row);
    return sum;
  }

  std::optional<Rational> value_in_world(const MarkovPolicy& policy) const {
    return lemmacheck::value_in_world(problem_, policy);
  }

  /// The weights of the errors are those of a horizon without a discount.
  bool with_errors() const {
    return options_.errors && problem_.criterion.horizon && !problem_.criterion.discount &&
           problem_.horizon >= 2;
  }

  bool has_state() const { return options_.samples == 0 && options_.fills.empty(); }

  /// All that round t + 1 depends on.
  std::vector<std::uint32_t> state(int t) const {
    const StochasticMatrix& table = policy_.table();
    std::vector<std::uint32_t> key;
    for (const std::size_t period : {options_.hopes.size(), options_.ranks.size()})
      if (period > 1) key.push_back(static_cast<std::uint32_t>(static_cast<std::size_t>(t) % period));
    for (std::size_t e = 0; e < table.entries(); ++e) key.push_back(table.column(e));
    const bool remembers = aggregates(options_.fit) || options_.fill == FillRule::keep;
    if (remembers)
      for (const bool seen : population_.ever_seen()) key.push_back(seen ? 1 : 0);
    return key;
  }

  /// Whether the loop's state has been there before.
  bool repeats(int t) {
    if (!has_state()) return false;
    const auto [found, fresh] = states_.emplace(state(t), t);
    if (fresh) return false;
    const int length = t - found->second;
    // From here on rounds repeat: from the earlier one on if its model was the same, too, or else from the
    // one after it.
    const auto& earlier = trace_.rounds[static_cast<std::size_t>(found->second - 1)];
    const bool same_model = earlier.model.kernel(1) == *kernel_;
    const int start = same_model ? found->second : found->second + 1;
    if (length == 1)
      trace_.converged_at = start;
    else
      trace_.cycle = Trace::Cycle{start, length};
    if (same_model) trace_.rounds.pop_back();
    return true;
  }

  /// Where the policy stopped changing within the rounds.
  void settle() {
    const std::vector<Round>& rounds = trace_.rounds;
    std::size_t first = rounds.size();
    while (first > 1 && rounds[first - 2].policy == rounds.back().policy) --first;
    if (first < rounds.size()) trace_.converged_at = rounds[first - 1].number;
  }

  const LearningProblem& problem_;
  const LoopOptions& options_;
  const Landmarks* landmarks_;
  PopulationData population_;
  SampledData sampled_;
  std::vector<KnownFit> fits_;
  MarkovPolicy policy_;
  const StochasticMatrix* kernel_;  ///< of the last round's model, T_0 before the first round
  std::vector<Rational> expert_weights_;
  std::map<std::vector<std::uint32_t>, int> states_;
  Trace trace_;
};

}  // namespace

std::size_t Trace::discoveries() const {
  return static_cast<std::size_t>(std::ranges::count_if(rounds, &Round::discovers)) +
         (start_discovers ? 1U : 0U);
}

Landmarks landmarks_of(const LearningProblem& problem) {
  Landmarks landmarks;
  landmarks.start_value = value_in_world(problem, problem.start);
  if (problem.expert) landmarks.expert_value = value_in_world(problem, *problem.expert);
  landmarks.optimal_value = value_in_world(problem, best_policy(problem.world, problem.criterion)).value();
  return landmarks;
}

Trace run_loop(const LearningProblem& problem, const LoopOptions& options) {
  return Loop(problem, options, nullptr).run();
}

Trace run_loop(const LearningProblem& problem, const LoopOptions& options, const Landmarks& landmarks) {
  return Loop(problem, options, &landmarks).run();
}

}  // namespace lemmacheck
