#include "latent/recurrent_fit.hpp"

#include <functional>

namespace lemmacheck {
namespace {

std::size_t triple(const RecurrentModel& model, std::uint32_t x, std::uint32_t h, std::uint32_t z) {
  return (std::size_t{x} * model.recurrent + h) * model.codes + z;
}

/// Rows of `columns` weights each as distributions; uniform where a row has none.
StochasticMatrix normalised(const std::vector<Rational>& weights, std::uint32_t columns) {
  StochasticMatrix::Rows rows(weights.size() / columns);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Rational sum;
    for (std::uint32_t i = 0; i < columns; ++i) sum += weights[row * columns + i];
    for (std::uint32_t i = 0; i < columns; ++i) {
      const Rational& weight = weights[row * columns + i];
      if (sum.sign() == 0)
        rows[row].push_back({i, Rational::ratio(1, columns)});
      else if (weight.sign() != 0)
        rows[row].push_back({i, weight / sum});
    }
  }
  return StochasticMatrix(columns, rows, [](std::size_t row) { return "row " + std::to_string(row); });
}

/// Calls visit(t, h, z, chance) for each step of each sequence of codes; `chance` is that of the sequence,
/// made of the factors that `factor(t, h, z)` gives.
template <class Factor, class Visit>
void for_each_step(const RecurrentModel& model, const Episode& episode, Factor&& factor, Visit&& visit) {
  struct Step {
    std::uint32_t h, z;
  };
  const std::size_t n = episode.observations.size();
  std::vector<Step> path(n);
  const std::function<void(std::size_t, std::uint32_t, const Rational&)> extend =
      [&](std::size_t t, std::uint32_t h, const Rational& chance) {
        if (chance.sign() == 0) return;
        if (t == n) {
          for (std::size_t k = 0; k < n; ++k) visit(k, path[k].h, path[k].z, chance);
          return;
        }
        for (std::uint32_t z = 0; z < model.codes; ++z) {
          path[t] = {h, z};
          extend(t + 1, t + 1 < n ? model.step(h, z, episode.actions[t]) : 0, chance * factor(t, h, z));
        }
      };
  extend(0, 0, 1);
}

/// The chance of the code and of the observation under the model.
auto joint_with(const RecurrentModel& model, const Episode& episode) {
  return [&](std::size_t t, std::uint32_t h, std::uint32_t z) {
    return model.dynamics.probability(h, z) *
           model.decoder.probability(model.pair(h, z), episode.observations[t]);
  };
}

void add_step(ExpectedCounts& counts, const RecurrentModel& model, std::uint32_t x, std::uint32_t h,
              std::uint32_t z, const Rational& weight) {
  counts.codes[triple(model, x, h, z)] += weight;
  counts.continued[model.pair(h, z)] += weight;
}

LogForm weighed_surprise(const Rational& weight, const Rational& p) {
  if (weight.sign() == 0) return 0;
  return p.sign() == 0 ? LogForm::infinity() : LogForm(0) - weight * LogForm::log(p);
}

/// The masses at (h, z).
std::vector<Rational> pair_masses(const RecurrentModel& model, const ExpectedCounts& counts) {
  std::vector<Rational> masses(std::size_t{model.recurrent} * model.codes);
  for (std::size_t i = 0; i < counts.codes.size(); ++i) masses[i % masses.size()] += counts.codes[i];
  return masses;
}

/// The encoder with one row made sure of one code.
StochasticMatrix with_row(const RecurrentModel& model, std::size_t row, std::uint32_t z) {
  StochasticMatrix::Rows rows = model.encoder.to_rows();
  rows[row] = {{z, 1}};
  return StochasticMatrix(model.codes, rows, [](std::size_t i) { return "row " + std::to_string(i); });
}

}  // namespace

ExpectedCounts::ExpectedCounts(const RecurrentModel& model)
    : codes(std::size_t{model.observations} * model.recurrent * model.codes),
      rewards(std::size_t{model.recurrent} * model.codes),
      reward_squares(rewards.size()),
      continued(rewards.size()) {}

ExpectedCounts counts_by_encoder(const RecurrentModel& model, const std::vector<WeightedEpisode>& data) {
  ExpectedCounts counts(model);
  for (const auto& [episode, weight] : data) {
    const auto chance = [&, &x = episode.observations](std::size_t t, std::uint32_t h, std::uint32_t z) {
      return model.encoder.probability(std::size_t{x[t]} * model.recurrent + h, z);
    };
    for_each_step(model, episode, chance,
                  [&, &x = episode.observations, &w = weight](std::size_t t, std::uint32_t h, std::uint32_t z,
                                                              const Rational& p) {
                    add_step(counts, model, x[t], h, z, w * p);
                  });
  }
  return counts;
}

ExpectedCounts counts_by_posterior(const RecurrentModel& model, const std::vector<WeightedEpisode>& data) {
  ExpectedCounts counts(model);
  for (const auto& [episode, weight] : data) {
    const Rational evidence = likelihood(model, episode);
    if (evidence.sign() == 0) continue;
    for_each_step(model, episode, joint_with(model, episode),
                  [&, &x = episode.observations, share = weight / evidence](
                      std::size_t t, std::uint32_t h, std::uint32_t z, const Rational& p) {
                    add_step(counts, model, x[t], h, z, share * p);
                  });
  }
  return counts;
}

ExpectedCounts counts_by_filtering(const RecurrentModel& model, const std::vector<WeightedEpisode>& data) {
  ExpectedCounts counts(model);
  for (const auto& [episode, weight] : data) {
    Episode past;
    for (std::size_t t = 0; t < episode.observations.size(); ++t) {
      past.observations.push_back(episode.observations[t]);
      if (t > 0) past.actions.push_back(episode.actions[t - 1]);
      const std::vector<Rational> belief = filtered_belief(model, past);
      for (std::size_t i = 0; i < belief.size(); ++i)
        add_step(counts, model, episode.observations[t], static_cast<std::uint32_t>(i) / model.codes,
                 static_cast<std::uint32_t>(i) % model.codes, weight * belief[i]);
    }
  }
  return counts;
}

RecurrentModel with_fitted_heads(RecurrentModel model, const ExpectedCounts& counts) {
  const std::vector<Rational> masses = pair_masses(model, counts);
  model.dynamics = normalised(masses, model.codes);
  std::vector<Rational> seen(masses.size() * model.observations);
  for (std::size_t i = 0; i < counts.codes.size(); ++i)
    seen[i % masses.size() * model.observations + i / masses.size()] = counts.codes[i];
  model.decoder = normalised(seen, model.observations);
  for (std::size_t i = 0; i < masses.size(); ++i) {
    const bool counted = masses[i].sign() != 0;
    model.rewards[i] = counted ? counts.rewards[i] / masses[i] : Rational(0);
    model.continues[i] = counted ? counts.continued[i] / masses[i] : Rational(1);
  }
  return model;
}

RecurrentModel with_fitted_encoder(RecurrentModel model, const ExpectedCounts& counts) {
  model.encoder = normalised(counts.codes, model.codes);
  return model;
}

RecurrentModel with_filtering_encoder(RecurrentModel model) {
  std::vector<Rational> weights;
  for (std::uint32_t x = 0; x < model.observations; ++x)
    for (std::uint32_t h = 0; h < model.recurrent; ++h)
      for (std::uint32_t z = 0; z < model.codes; ++z)
        weights.push_back(model.dynamics.probability(h, z) * model.decoder.probability(model.pair(h, z), x));
  model.encoder = normalised(weights, model.codes);
  return model;
}

RecurrentModel descended(const RecurrentModel& model, const std::vector<WeightedEpisode>& data,
                         const Rational& weight) {
  RecurrentModel best = with_fitted_heads(model, counts_by_encoder(model, data));
  const auto loss = [&](const RecurrentModel& tried) {
    const PartLosses losses = losses_of(tried, counts_by_encoder(tried, data));
    return losses.reconstruction + weight * losses.divergence;
  };
  LogForm least = loss(best);
  for (std::size_t row = 0; row < best.encoder.rows(); ++row)
    for (std::uint32_t z = 0; z < best.codes; ++z) {
      RecurrentModel tried = best;
      tried.encoder = with_row(best, row, z);
      LogForm here = loss(tried);
      if (here >= least) continue;
      best = std::move(tried);
      least = std::move(here);
    }
  return best;
}

PartLosses losses_of(const RecurrentModel& model, const ExpectedCounts& counts, const Rational& free_bits) {
  PartLosses losses;
  for (std::uint32_t x = 0; x < model.observations; ++x) {
    for (std::uint32_t h = 0; h < model.recurrent; ++h) {
      const std::size_t row = std::size_t{x} * model.recurrent + h;
      LogForm divergence;
      Rational mass;
      for (std::uint32_t z = 0; z < model.codes; ++z) {
        const Rational& weight = counts.codes[triple(model, x, h, z)];
        if (weight.sign() == 0) continue;
        mass += weight;
        losses.reconstruction += weighed_surprise(weight, model.decoder.probability(model.pair(h, z), x));
        divergence += weighed_surprise(weight, model.dynamics.probability(h, z));
        if (!divergence.is_infinite()) divergence += weight * LogForm::log(model.encoder.probability(row, z));
      }
      losses.clipped += max(divergence, LogForm(free_bits * mass));
      losses.divergence += divergence;
    }
  }
  const std::vector<Rational> masses = pair_masses(model, counts);
  for (std::size_t i = 0; i < masses.size(); ++i) {
    const Rational& r = model.rewards[i];
    losses.reward += counts.reward_squares[i] - Rational(2) * r * counts.rewards[i] + r * r * masses[i];
    losses.continuing += weighed_surprise(counts.continued[i], model.continues[i]) +
                         weighed_surprise(masses[i] - counts.continued[i], Rational(1) - model.continues[i]);
  }
  return losses;
}

std::vector<LogForm> divergences_of_steps(const RecurrentModel& model, const Episode& episode) {
  std::vector<LogForm> steps;
  Episode past;
  LogForm before;
  for (std::size_t t = 0; t < episode.observations.size(); ++t) {
    past.observations.push_back(episode.observations[t]);
    if (t > 0) past.actions.push_back(episode.actions[t - 1]);
    LogForm sum = losses_of(model, counts_by_encoder(model, {{past, 1}})).divergence;
    if (sum.is_infinite()) {
      steps.push_back(LogForm::infinity());
      continue;
    }
    steps.push_back(sum - before);
    before = std::move(sum);
  }
  return steps;
}

LogForm surprise_of(const RecurrentModel& model, const std::vector<WeightedEpisode>& data) {
  LogForm sum;
  for (const auto& [episode, weight] : data) sum += weighed_surprise(weight, likelihood(model, episode));
  return sum;
}

}  // namespace lemmacheck
