#include "latent/recurrent_table.hpp"

#include <functional>
#include <set>

namespace lemmacheck {
namespace {

constexpr std::size_t most_encoders = std::size_t{1} << 16;

/// The model with these codes for the seen pairs, code 0 elsewhere, and heads fitted to the data.
struct Fit {
  RecurrentModel model;
  ExpectedCounts counts;
};

Fit fitted(const ObservedProblem& problem, const RecurrentModel& blank, const std::vector<SeenPair>& pairs,
           const std::vector<std::uint32_t>& codes) {
  std::vector<std::uint32_t> code_of(blank.encoder.rows(), 0);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    code_of[std::size_t{pairs[i].observation} * blank.recurrent + pairs[i].recurrent] = codes[i];
  RecurrentModel model = blank;
  model.encoder = StochasticMatrix::deterministic(blank.codes, code_of);
  ExpectedCounts counts = counts_in_world(model, problem.world, problem.behaviour, problem.horizon);
  return {with_fitted_heads(std::move(model), counts), std::move(counts)};
}

struct Objective {
  std::string name;
  std::function<LogForm(const Fit&, const PartLosses&)> loss;
};

std::vector<Objective> objectives_of(const ObservedProblem& problem) {
  const auto predictions = [](const PartLosses& l) { return LogForm(l.reward) + l.continuing; };
  const Rational best = best_return_of_history(problem.world, problem.horizon);
  return {
      {"reconstruction", [](const Fit&, const PartLosses& l) { return l.reconstruction; }},
      {"KL", [](const Fit&, const PartLosses& l) { return l.divergence; }},
      {"KL + reward + continue",
       [=](const Fit&, const PartLosses& l) { return l.divergence + predictions(l); }},
      {"KL + decoder (-ELBO)",
       [](const Fit&, const PartLosses& l) { return l.reconstruction + l.divergence; }},
      {"Dreamer",
       [=](const Fit&, const PartLosses& l) { return l.reconstruction + l.divergence + predictions(l); }},
      {"Dreamer, KL balanced",
       [=, weight = problem.kl_weight](const Fit&, const PartLosses& l) {
         return l.reconstruction + weight * l.divergence + predictions(l);
       }},
      {"Dreamer, free bits",
       [=](const Fit&, const PartLosses& l) { return l.reconstruction + l.clipped + predictions(l); }},
      {"inverse dynamics",
       [&problem](const Fit& fit, const PartLosses&) {
         return inverse_loss_in_world(fit.model, problem.world, problem.behaviour, problem.horizon);
       }},
      {"value lost by planning",
       [&problem, best](const Fit& fit, const PartLosses&) {
         return LogForm(best - planned_return(fit.model, problem.world, problem.horizon));
       }},
  };
}

std::size_t encoder_count(std::size_t pairs, std::uint32_t codes) {
  std::size_t count = 1;
  for (std::size_t i = 0; i < pairs; ++i) {
    count *= codes;
    if (count > most_encoders)
      throw InvalidInput("there are more than 65536 encoders of " + std::to_string(pairs) +
                         " pairs of observation and memory; give fewer codes, or less memory");
  }
  return count;
}

/// Multiples of 1/grid, none below 1/grid, as near as counting down from the front makes them.
StochasticMatrix on_grid(const StochasticMatrix& matrix, std::uint64_t grid) {
  const std::uint32_t columns = matrix.columns();
  std::vector<std::uint64_t> counts;
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    std::uint64_t given = 0;
    Rational before;
    for (std::uint32_t i = 0; i < columns; ++i) {
      before += matrix.probability(row, i);
      // round(before * (grid - columns)) is what the first i + 1 have got beyond their 1/grid each
      const Rational exact = before * Rational(grid - columns) + Rational::ratio(1, 2);
      const auto most = static_cast<std::uint64_t>(exact.approximate());  // a choice of table, no verdict
      const std::uint64_t until = std::min(most, grid - columns);
      counts.push_back(1 + (i + 1 == columns ? grid - columns - given : until - given));
      given = until;
    }
  }
  return StochasticMatrix(columns, counts, grid);
}

/// Not uniform, so that codes can come apart: each code a little fonder of some observations.
RecurrentModel uneven_start(const ObservedProblem& problem) {
  const ObservedWorld& world = problem.world;
  RecurrentModel model =
      blank_model(problem.memory, problem.codes, world.observation_count(), world.states.action_count());
  std::vector<std::uint64_t> counts;
  const std::uint64_t x = model.observations, grid = 3 * x + 1;
  for (std::size_t row = 0; row < model.decoder.rows(); ++row)
    for (std::uint64_t i = 0; i < x; ++i) counts.push_back(i == row % x ? 4 : 3);
  model.decoder = StochasticMatrix(model.observations, counts, grid);
  return model;
}

}  // namespace

std::vector<SeenPair> seen_pairs(const ObservedProblem& problem) {
  const FiniteMdp& mdp = problem.world.states;
  const RecurrentModel blank =
      blank_model(problem.memory, problem.codes, problem.world.observation_count(), mdp.action_count());
  std::set<std::pair<std::uint32_t, std::uint32_t>> here, pairs;  // (s, h), then (x, h)
  for (const std::uint32_t s : mdp.initial().row_columns(0)) here.insert({s, 0});
  for (Step t = 1; t <= problem.horizon + 1; ++t) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> next;
    for (const auto& [s, h] : here) {
      for (const std::uint32_t x : problem.world.emission.row_columns(s)) pairs.insert({x, h});
      if (problem.world.continues[s].sign() == 0) continue;
      for (const Action a : mdp.actions())
        for (const std::uint32_t s2 : mdp.kernel(1).row_columns(mdp.row(State{s}, a)))
          for (std::uint32_t z = 0; z < problem.codes; ++z) next.insert({s2, blank.step(h, z, a.value)});
    }
    here = std::move(next);
  }
  std::vector<SeenPair> seen;
  for (const auto& [x, h] : pairs) seen.push_back({x, h});
  return seen;
}

std::vector<RecurrentRow> recurrent_table(const ObservedProblem& problem) {
  problem.world.validate();
  const std::vector<SeenPair> pairs = seen_pairs(problem);
  const std::size_t count = encoder_count(pairs.size(), problem.codes);
  const RecurrentModel blank = blank_model(problem.memory, problem.codes, problem.world.observation_count(),
                                           problem.world.states.action_count());
  const std::vector<Objective> objectives = objectives_of(problem);
  std::vector<RecurrentRow> rows(objectives.size());
  std::vector<std::uint32_t> codes(pairs.size());
  for (std::size_t number = 0; number < count; ++number) {
    std::size_t rest = number;
    for (std::uint32_t& code : codes) {
      code = static_cast<std::uint32_t>(rest % problem.codes);
      rest /= problem.codes;
    }
    const Fit fit = fitted(problem, blank, pairs, codes);
    const PartLosses losses = losses_of(fit.model, fit.counts, problem.free_bits);
    for (std::size_t i = 0; i < objectives.size(); ++i) {
      RecurrentRow& row = rows[i];
      LogForm loss = objectives[i].loss(fit, losses);
      if (row.ties > 0 && loss > row.loss) continue;
      if (row.ties > 0 && loss == row.loss) {
        ++row.ties;
        continue;
      }
      row.ties = 1;
      row.loss = std::move(loss);
      row.codes = codes;
    }
  }
  for (const RecurrentRow& row : rows) {
    const Fit fit = fitted(problem, blank, pairs, row.codes);
    const PartLosses losses = losses_of(fit.model, fit.counts, problem.free_bits);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].losses.push_back(objectives[i].loss(fit, losses));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Fit fit = fitted(problem, blank, pairs, rows[i].codes);
    rows[i].objective = objectives[i].name;
    for (const ObservedWorld::Factor& factor : problem.world.factors)
      rows[i].kept.push_back(
          information_in_world(fit.model, problem.world, problem.behaviour, problem.horizon, factor));
    rows[i].value = best_return_through_model(fit.model, problem.world, problem.horizon);
    rows[i].planned_value = planned_return(fit.model, problem.world, problem.horizon);
  }
  return rows;
}

StochasticFit fitted_by_em(const ObservedProblem& problem, std::size_t rounds, std::uint64_t grid) {
  const std::vector<WeightedEpisode> data = every_episode(problem.world, problem.horizon);
  StochasticFit fit;
  fit.rounds = rounds;
  // Actions are uniform and not modelled: their entropy is no part of the data's.
  const Rational actions(problem.world.states.action_count());
  for (const auto& [episode, weight] : data)
    fit.entropy -=
        weight * (LogForm::log(weight) +
                  Rational(static_cast<std::uint64_t>(episode.actions.size())) * LogForm::log(actions));
  RecurrentModel model = uneven_start(problem), best = model;
  fit.surprise = surprise_of(best, data);
  for (std::size_t round = 0; round < rounds; ++round) {
    model = with_fitted_heads(model, counts_by_posterior(model, data));
    model.dynamics = on_grid(model.dynamics, grid);
    model.decoder = on_grid(model.decoder, grid);
    LogForm surprise = surprise_of(model, data);
    if (surprise >= fit.surprise) continue;
    fit.surprise = std::move(surprise);
    best = model;
  }
  best = with_fitted_encoder(best, counts_by_posterior(best, data));
  const PartLosses losses = losses_of(best, counts_by_encoder(best, data));
  fit.bound = losses.reconstruction + losses.divergence;
  return fit;
}

ObservedProblem announced_turn() {
  constexpr std::uint32_t actions = 2, states = 10, observations = 4, right = 1;
  // States 0, 1: the sign. Then 2 + 4 sign + 2 lane + leaves. Observations 0, 1: the sign; 2 + leaves.
  std::vector<std::uint64_t> kernel, rewards;
  std::vector<std::uint32_t> seen;
  ObservedWorld::Factor sign{"sign", {}}, lane{"lane", {}}, leaves{"leaves", {}};
  for (std::uint32_t s = 0; s < states; ++s) {
    const bool start = s < 2;
    const std::uint32_t side = start ? s : (s - 2) / 4;
    sign.value.push_back(side);
    lane.value.push_back(start ? 0 : (s - 2) / 2 % 2);
    leaves.value.push_back(start ? 0 : s % 2);
    seen.push_back(start ? s : 2 + s % 2);
    for (std::uint32_t a = 0; a < actions; ++a) {
      std::vector<std::uint64_t> row(states);
      for (std::uint32_t wind = 0; wind < 2; ++wind) {
        row[2 + 4 * side + 2 + wind] += a == right ? 4 : 1;  // the right lane, of 8
        row[2 + 4 * side + wind] += a == right ? 0 : 3;
      }
      kernel.insert(kernel.end(), row.begin(), row.end());
      rewards.push_back(!start && a == side ? 1 : 0);
    }
  }
  std::vector<std::uint64_t> start(states);
  start[0] = 1;
  start[1] = 2;
  ObservedWorld world{FiniteMdp(StochasticMatrix(states, start, 3), {StochasticMatrix(states, kernel, 8)},
                                RewardTable(states, actions, rewards, 1, Rational(0)), states, actions),
                      StochasticMatrix::deterministic(observations, seen),
                      std::vector<Rational>(states, Rational(1)),
                      {sign, lane, leaves}};
  return {
      std::move(world),      MarkovPolicy::uniform(states, actions), 3, 2, Memory::last_code_and_action, 1,
      Rational::ratio(1, 10)};
}

}  // namespace lemmacheck
