#include <set>

#include "learning/learning_domains.hpp"
#include "learning/model_selection.hpp"
#include "learning/trace.hpp"
#include "mdp/distances.hpp"
#include "mdp/occupancy.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

Instance drawn(const Domain& domain, std::uint64_t index) {
  ChoiceSource source(PhiloxStream(11, index));
  return domain.decode(source, Setting{});
}

constexpr std::array fits = {FitRule::latest, FitRule::aggregate, FitRule::hybrid, FitRule::expert,
                             FitRule::hybrid_latest};
constexpr std::array fills = {FillRule::pessimistic, FillRule::optimistic, FillRule::keep, FillRule::start,
                              FillRule::figure};
struct PlainRound {
  StochasticMatrix kernel;
  MarkovPolicy policy;
};

/// The loop written again without any memory of states: sets of pairs, fitted by hand from rows.
std::vector<PlainRound> plain_loop(const LearningProblem& problem, FitRule fit, FillRule fill, TieBreak tie,
                                   int rounds) {
  const FiniteMdp& world = problem.world;
  const auto visited = [&](const MarkovPolicy& policy) {
    const ValueTable<Rational> where =
        occupancy_measure<Rational>(world, policy, problem.horizon, world.initial());
    std::set<std::size_t> pairs;
    for (Step h = 1; h < problem.horizon; ++h)
      for (const State s : world.states())
        for (const Action a : world.actions())
          if (where(h, s).sign() != 0 && policy.table().probability(policy.row(h, s), a.value).sign() != 0)
            pairs.insert(world.row(s, a));
    return pairs;
  };
  const std::set<std::size_t> expert = problem.expert ? visited(*problem.expert) : std::set<std::size_t>{};
  std::set<std::size_t> all;
  MarkovPolicy policy = problem.start;
  StochasticMatrix::Rows last = problem.start_kernel.to_rows();
  std::vector<PlainRound> result;
  for (int t = 1; t <= rounds; ++t) {
    const std::set<std::size_t> latest = visited(policy);
    all.insert(latest.begin(), latest.end());
    std::set<std::size_t> seen = fit == FitRule::expert                                ? expert
                                 : fit == FitRule::aggregate || fit == FitRule::hybrid ? all
                                                                                       : latest;
    if (uses_expert(fit)) seen.insert(expert.begin(), expert.end());
    std::set<std::uint32_t> states;
    for (const std::size_t pair : seen)
      states.insert(static_cast<std::uint32_t>(pair / world.action_count()));
    StochasticMatrix::Rows rows = world.kernel(1).to_rows();
    for (std::size_t pair = 0; pair < rows.size(); ++pair) {
      if (problem.known[pair] || seen.count(pair) != 0) continue;
      const bool hopeful = fill == FillRule::optimistic ||
                           (fill == FillRule::figure &&
                            states.count(static_cast<std::uint32_t>(pair / world.action_count())) != 0);
      if (fill == FillRule::keep)
        rows[pair] = last[pair];
      else if (fill == FillRule::start)
        rows[pair] = problem.start_kernel.to_rows()[pair];
      else
        rows[pair] = {{hopeful ? problem.paradise.value : problem.abyss.value, 1}};
    }
    last = rows;
    const StochasticMatrix kernel(world.state_count(), rows, [](std::size_t) { return std::string("row"); });
    const FiniteMdp model(world.initial(), {kernel}, world.rewards(), world.state_count(),
                          world.action_count());
    policy = plan(model, problem.horizon, tie, world, policy).policy;
    result.push_back({kernel, policy});
  }
  return result;
}

}  // namespace

TEST_CASE("learning loop: the rounds listed are all there are, for every rule", "[learning]") {
  const Domain domain = learning_problems();
  for (std::uint64_t i = 0; i < 40; ++i) {
    const LearningProblem problem = learning_problem(drawn(domain, i));
    for (const FitRule fit : fits) {
      for (const FillRule fill : fills) {
        const TieBreak tie = all_ties[(i + static_cast<std::size_t>(fill)) % all_ties.size()];
        INFO("problem " << i << ", fit " << static_cast<int>(fit) << ", fill " << static_cast<int>(fill));
        const Trace trace = run_loop(problem, {.fit = fit, .fill = fill, .ties = tie});
        REQUIRE((trace.cycle.has_value() != trace.converged_at.has_value()));
        const int start = trace.cycle ? trace.cycle->start : *trace.converged_at;
        const int period = trace.cycle ? trace.cycle->length : 1;
        const int listed = static_cast<int>(trace.rounds.size());
        REQUIRE(start + period - 1 <= listed);
        const int rounds = listed + 2 * period + 2;
        const std::vector<PlainRound> plain = plain_loop(problem, fit, fill, tie, rounds);
        for (int t = 1; t <= rounds; ++t) {
          const int same = t <= listed ? t : start + (t - start) % period;
          const Round& round = trace.rounds[static_cast<std::size_t>(same - 1)];
          const PlainRound& expected = plain[static_cast<std::size_t>(t - 1)];
          CHECK(round.policy == expected.policy);
          CHECK(round.model.kernel(1) == expected.kernel);
        }
      }
    }
  }
}

TEST_CASE("learning loop: values and errors are what they are called", "[learning]") {
  const Domain domain = learning_problems();
  for (std::uint64_t i = 0; i < 60; ++i) {
    const LearningProblem problem = learning_problem(drawn(domain, i));
    const Trace trace = run_loop(problem, {.fit = FitRule::hybrid, .fill = FillRule::start, .errors = true});
    CHECK(*trace.start_value == policy_return(problem.world, problem.start, problem.horizon));
    const auto steps = static_cast<std::int64_t>(problem.horizon);
    for (const Round& round : trace.rounds) {
      CHECK(round.model_value == policy_return(round.model, round.policy, problem.horizon));
      CHECK(*round.true_value == policy_return(problem.world, round.policy, problem.horizon));
      REQUIRE(round.learner_error.has_value() == (problem.horizon >= 2));
      if (problem.horizon < 2) continue;
      CHECK(*round.expert_error == Rational(0));  // the expert's pairs are fitted exactly
      // |J(pi, M_t) - J(pi, M)| <= H (H - 1) / 4 E_{d_w} ||T - T_t||_1
      CHECK(abs(round.model_value - *round.true_value) <=
            Rational::ratio(steps * (steps - 1), 4) * *round.learner_error);
    }
  }
}

TEST_CASE("planner: ties for and against the learner are the extremes among all optimal policies",
          "[learning]") {
  const Domain domain = model_pairs({}, {3, 2, 2});
  int several = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const Instance instance = drawn(domain, i);
    const FiniteMdp &world = *instance.model, &model = *instance.perturbed;
    const Step horizon = instance.horizon;
    if (world.action_count() > 2 || world.state_count() > 3) continue;
    const OptimalPlan best = optimal_plan(model, horizon);
    const std::size_t places = static_cast<std::size_t>(horizon) * world.state_count();
    std::optional<Rational> lowest, highest;
    int optimal = 0;
    for (std::size_t code = 0; code < std::size_t{1} << places; ++code) {
      std::vector<std::uint32_t> taken(places);
      bool allowed = true;
      for (std::size_t p = 0; p < places; ++p) {
        taken[p] = world.action_count() == 1 ? 0 : static_cast<std::uint32_t>(code >> p & 1U);
        const Step h = static_cast<Step>(p / world.state_count()) + 1;
        const State s{static_cast<std::uint32_t>(p % world.state_count())};
        allowed = allowed && best.actions.contains(h, s, Action{taken[p]});
      }
      if (!allowed) continue;
      ++optimal;
      const MarkovPolicy policy =
          MarkovPolicy::deterministic(taken, world.state_count(), world.action_count());
      CHECK(policy_return(model, policy, horizon) == expected_value<Rational>(model, best.values));
      const Rational value = policy_return(world, policy, horizon);
      lowest = lowest ? min(*lowest, value) : value;
      highest = highest ? max(*highest, value) : value;
    }
    several += optimal > 1 ? 1 : 0;
    const auto earned = [&](TieBreak tie) {
      return policy_return(world, plan(model, horizon, tie, world, *instance.policy).policy, horizon);
    };
    CHECK(earned(TieBreak::for_learner) == *highest);
    CHECK(earned(TieBreak::against_learner) == *lowest);
  }
  CHECK(several > 50);  // ties did occur
}

TEST_CASE("adversarial fill: no fill by paradise and abyss earns less", "[learning]") {
  const Domain domain = learning_problems();
  int tried = 0;
  for (std::uint64_t i = 0; i < 150; ++i) {
    const LearningProblem problem = learning_problem(drawn(domain, i));
    PopulationData population(problem);
    population.collect(problem.start);
    const Data data = population.data(FitRule::latest);
    std::vector<std::size_t> unseen;
    for (std::size_t pair = 0; pair < data.seen.size(); ++pair)
      if (!data.seen[pair] && !problem.known[pair]) unseen.push_back(pair);
    if (unseen.size() > 6) continue;
    ++tried;
    const Trace trace = run_loop(
        problem,
        {.fit = FitRule::latest, .fill = FillRule::adversarial, .ties = TieBreak::lowest, .rounds = 1});
    for (std::size_t subset = 0; subset < std::size_t{1} << unseen.size(); ++subset) {
      std::vector<Rational> hopes(data.seen.size());
      for (std::size_t k = 0; k < unseen.size(); ++k) hopes[unseen[k]] = Rational(subset >> k & 1U);
      const FiniteMdp model = fitted(problem, data, FillRule::adversarial, problem.start_kernel, hopes);
      const Planned other = plan(model, problem.horizon, TieBreak::lowest, problem.world, problem.start);
      CHECK(*trace.rounds[0].true_value <= policy_return(problem.world, other.policy, problem.horizon));
    }
  }
  CHECK(tried > 30);
}

TEST_CASE("learning loop: degenerate worlds are defined", "[learning]") {
  const Domain domain = learning_problems();
  for (std::uint64_t i = 0; i < 40; ++i) {
    Instance instance = drawn(domain, i);
    instance.horizon = 1;
    const LearningProblem short_one = learning_problem(instance);
    const Trace trace = run_loop(short_one, {});
    CHECK(trace.converged_at == 1);
    CHECK(trace.discoveries() == 0);                            // nothing is ever seen
    CHECK(*trace.rounds[0].true_value == trace.optimal_value);  // rewards are known

    const FiniteMdp& model = *instance.model;
    const std::vector<Rational> level(std::size_t{model.state_count()} * model.action_count(),
                                      Rational::ratio(1, 2));
    instance.horizon = 4;
    instance.model = FiniteMdp(model.initial(), model.kernels(),
                               RewardTable(model.state_count(), model.action_count(), level),
                               model.state_count(), model.action_count());
    const Trace ties_everywhere = run_loop(learning_problem(instance), {.fill = FillRule::optimistic});
    for (const Round& round : ties_everywhere.rounds) CHECK(*round.true_value == Rational(2));
  }
  Instance alone = figure_15_1();
  alone.other_policy.reset();
  const LearningProblem problem = learning_problem(alone);
  CHECK_THROWS_AS(run_loop(problem, {.fit = FitRule::hybrid}), InvalidInput);
  CHECK_FALSE(run_loop(problem, {.fit = FitRule::aggregate}).expert_value);
}

TEST_CASE("sampled data: in a deterministic world one trajectory shows what the distribution has",
          "[learning]") {
  const LearningProblem tree = learning_problem(figure_15_1());
  for (const FitRule fit : fits) {
    const Trace exact = run_loop(tree, {.fit = fit, .fill = FillRule::figure, .rounds = 6});
    const Trace sampled = run_loop(tree, {.fit = fit, .fill = FillRule::figure, .rounds = 6, .samples = 1});
    for (std::size_t t = 0; t < exact.rounds.size(); ++t) {
      CHECK(sampled.rounds[t].policy == exact.rounds[t].policy);
      CHECK(sampled.rounds[t].model.kernel(1) == exact.rounds[t].model.kernel(1));
    }
  }
}

TEST_CASE("leader_mixture: the point of the simplex nearest to -eta times the losses", "[learning]") {
  ChoiceSource choices(PhiloxStream(3, 1));
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<Rational> losses;
    for (std::uint32_t k = choices.between(1, 5); k > 0; --k)
      losses.push_back(Rational::ratio(choices.below(20), choices.between(1, 6)));
    const Rational eta = Rational::ratio(choices.between(1, 4), choices.between(1, 4));
    const std::vector<Rational> weights = leader_mixture(losses, eta);
    Rational sum;
    std::optional<Rational>
        multiplier;  // w_k + eta loss_k is one number where w_k > 0, and no less elsewhere
    for (std::size_t k = 0; k < weights.size(); ++k) {
      sum += weights[k];
      CHECK(weights[k].sign() >= 0);
      if (weights[k].sign() == 0) continue;
      const Rational here = weights[k] + eta * losses[k];
      if (!multiplier) multiplier = here;
      CHECK(here == *multiplier);
    }
    CHECK(sum == Rational(1));
    REQUIRE(multiplier.has_value());
    for (std::size_t k = 0; k < weights.size(); ++k)
      if (weights[k].sign() == 0) CHECK(eta * losses[k] >= *multiplier);
  }
}

TEST_CASE("model selection: a class of one element has no regret, and infinite losses are losses",
          "[learning]") {
  const Domain domain = model_classes();
  for (std::uint64_t i = 0; i < 60; ++i) {
    Instance instance = drawn(domain, i);
    instance.model_class.resize(1, *instance.model);
    for (const Selection selection : {Selection::latest, Selection::leader, Selection::regularized})
      CHECK(select_models(instance, 3, {selection, Loss::l1}).regret() == LogForm(0));
    const SelectionTrace kl = select_models(instance, 3, {Selection::leader, Loss::kl});
    for (const SelectionRound& round : kl.rounds) CHECK(round.loss == round.losses[0]);
  }
  const Instance sure = drawn(domain, 0);
  const std::uint32_t next[] = {0, 1};
  const StochasticMatrix even = StochasticMatrix::uniform(1, 2),
                         point = StochasticMatrix::deterministic(2, std::span(next).first(1));
  CHECK(row_kl(even, 0, point, 0).is_infinite());
  CHECK(row_kl(point, 0, even, 0) == LogForm::log(2));
  CHECK(row_kl(even, 0, even, 0) == LogForm(0));
}

TEST_CASE("learning domains: every class is reached, and every draw belongs", "[learning]") {
  for (const Domain& domain : {learning_problems(), model_classes()}) {
    std::set<std::string, std::less<>> seen;
    for (std::uint64_t i = 0; i < 600; ++i) {
      const Instance instance = drawn(domain, i);
      const auto objection = domain.objection(instance);
      INFO(domain.name << " " << i << ": " << objection.value_or(""));
      CHECK_FALSE(objection);
      for (const std::string_view label : instance.classes) seen.emplace(label);
    }
    for (const std::string& label : domain.classes) {
      INFO(domain.name << ": " << label);
      CHECK(seen.count(label) == 1);
    }
  }
  for (const Domain& domain : {figure_tree(), figure_tree_strict()})
    CHECK_FALSE(domain.objection(drawn(domain, 0)));
  CHECK(figure_tree().objection(drawn(figure_tree_strict(), 0)));
}
