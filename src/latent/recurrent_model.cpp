#include "latent/recurrent_model.hpp"

namespace lemmacheck {
namespace {

void require_size(const char* table, std::size_t size, std::size_t expected) {
  if (size != expected)
    throw InvalidInput(std::string("the table ") + table + " has " + std::to_string(size) +
                       " rows or entries; it needs " + std::to_string(expected));
}

void require_matrix(const char* table, const StochasticMatrix& matrix, std::size_t rows,
                    std::uint32_t columns) {
  require_size(table, matrix.rows(), rows);
  if (matrix.columns() != columns)
    throw InvalidInput(std::string("the table ") + table + " is over " + std::to_string(matrix.columns()) +
                       " values; it needs " + std::to_string(columns));
}

void require_episode(const RecurrentModel& model, const Episode& episode) {
  if (episode.observations.empty() || episode.actions.size() + 1 != episode.observations.size())
    throw InvalidInput("an episode needs n observations and n - 1 actions, n at least 1");
  for (const std::uint32_t x : episode.observations)
    if (x >= model.observations)
      throw InvalidInput("observation " + std::to_string(x) + " is beyond the model's");
  for (const std::uint32_t a : episode.actions)
    if (a >= model.actions) throw InvalidInput("action " + std::to_string(a) + " is beyond the model's");
}

/// alpha(h, z) = p(h_t, z_t, x_1, ..., x_t | a).
std::vector<Rational> forward(const RecurrentModel& model, const Episode& episode) {
  require_episode(model, episode);
  std::vector<Rational> recurrent(model.recurrent), alpha;
  recurrent[0] = 1;
  for (std::size_t t = 0; t < episode.observations.size(); ++t) {
    alpha.assign(std::size_t{model.recurrent} * model.codes, Rational(0));
    for (std::uint32_t h = 0; h < model.recurrent; ++h)
      for (std::uint32_t z = 0; z < model.codes; ++z)
        alpha[model.pair(h, z)] = recurrent[h] * model.dynamics.probability(h, z) *
                                  model.decoder.probability(model.pair(h, z), episode.observations[t]);
    if (t == episode.actions.size()) break;
    recurrent.assign(model.recurrent, Rational(0));
    for (std::uint32_t h = 0; h < model.recurrent; ++h)
      for (std::uint32_t z = 0; z < model.codes; ++z)
        recurrent[model.step(h, z, episode.actions[t])] += alpha[model.pair(h, z)];
  }
  return alpha;
}

Rational total(const std::vector<Rational>& masses) {
  Rational sum;
  for (const Rational& mass : masses) sum += mass;
  return sum;
}

/// weight * (-log p), infinite where p is 0 and the weight is not.
LogForm surprise(const Rational& weight, const Rational& p) {
  if (weight.sign() == 0) return 0;
  return p.sign() == 0 ? LogForm::infinity() : LogForm(0) - weight * LogForm::log(p);
}

/// Calls visit(q, p) for each sequence of codes: its probability under the encoder, and with the observations
/// under the model.
template <class Visit>
void for_each_path(const RecurrentModel& model, const Episode& episode, std::size_t t, std::uint32_t h,
                   const Rational& q, const Rational& p, Visit& visit) {
  if (t == episode.observations.size()) return visit(q, p);
  const std::uint32_t x = episode.observations[t];
  for (std::uint32_t z = 0; z < model.codes; ++z) {
    const std::uint32_t later = t < episode.actions.size() ? model.step(h, z, episode.actions[t]) : 0;
    for_each_path(
        model, episode, t + 1, later, q * model.encoder.probability(std::size_t{x} * model.recurrent + h, z),
        p * model.dynamics.probability(h, z) * model.decoder.probability(model.pair(h, z), x), visit);
  }
}

Rational imagined_from(const RecurrentModel& model, const std::vector<std::uint32_t>& policy, std::uint32_t h,
                       std::uint32_t z, Step left) {
  const std::size_t at = model.pair(h, z);
  Rational value = model.rewards[at];
  if (left == 1 || model.continues[at].sign() == 0) return value;
  const std::uint32_t next = model.step(h, z, policy[at]);
  for (std::uint32_t code = 0; code < model.codes; ++code) {
    const Rational chance = model.continues[at] * model.dynamics.probability(next, code);
    if (chance.sign() != 0) value += chance * imagined_from(model, policy, next, code, left - 1);
  }
  return value;
}

}  // namespace

void RecurrentModel::validate() const {
  if (recurrent == 0 || codes == 0 || observations == 0 || actions == 0)
    throw InvalidInput(
        "a recurrent model needs at least one of each: recurrent states, codes, observations, actions");
  const std::size_t pairs = std::size_t{recurrent} * codes;
  require_size("sequence", next.size(), pairs * actions);
  for (const std::uint32_t h : next)
    if (h >= recurrent)
      throw InvalidInput("the table sequence leads to recurrent state " + std::to_string(h) + "; there are " +
                         std::to_string(recurrent) + ", counted from 0");
  require_matrix("encoder", encoder, std::size_t{observations} * recurrent, codes);
  require_matrix("dynamics", dynamics, recurrent, codes);
  require_matrix("decoder", decoder, pairs, observations);
  require_size("rewards", rewards.size(), pairs);
  require_size("continues", continues.size(), pairs);
  for (const Rational& c : continues)
    if (c.sign() < 0 || c > Rational(1))
      throw InvalidInput("a chance to continue is " + c.to_string() + "; it must be between 0 and 1");
}

std::vector<Rational> filtered_belief(const RecurrentModel& model, const Episode& episode) {
  std::vector<Rational> belief = forward(model, episode);
  const Rational sum = total(belief);
  if (sum.sign() == 0) return {};
  for (Rational& mass : belief) mass /= sum;
  return belief;
}

Rational likelihood(const RecurrentModel& model, const Episode& episode) {
  return total(forward(model, episode));
}

LogForm negative_elbo(const RecurrentModel& model, const Episode& episode, bool with_dynamics) {
  require_episode(model, episode);
  std::vector<Rational> recurrent(model.recurrent);
  recurrent[0] = 1;
  LogForm sum;
  for (std::size_t t = 0; t < episode.observations.size(); ++t) {
    const std::uint32_t x = episode.observations[t];
    std::vector<Rational> later(model.recurrent);
    for (std::uint32_t h = 0; h < model.recurrent; ++h) {
      for (std::uint32_t z = 0; z < model.codes; ++z) {
        const Rational q = model.encoder.probability(std::size_t{x} * model.recurrent + h, z),
                       weight = recurrent[h] * q;
        if (weight.sign() == 0) continue;
        sum += surprise(weight, model.decoder.probability(model.pair(h, z), x));
        if (with_dynamics) sum += surprise(weight, model.dynamics.probability(h, z));
        if (!sum.is_infinite()) sum += weight * LogForm::log(q);
        if (t < episode.actions.size()) later[model.step(h, z, episode.actions[t])] += weight;
      }
    }
    recurrent = std::move(later);
  }
  return sum;
}

LogForm posterior_gap(const RecurrentModel& model, const Episode& episode) {
  const Rational evidence = likelihood(model, episode);
  LEMMACHECK_INVARIANT(evidence.sign() != 0);
  LogForm sum;
  const auto visit = [&](const Rational& q, const Rational& p) {
    if (q.sign() == 0) return;
    sum += surprise(q, p / evidence);
    if (!sum.is_infinite()) sum += q * LogForm::log(q);
  };
  for_each_path(model, episode, 0, 0, 1, 1, visit);
  return sum;
}

FiniteMdp imagined_mdp(const RecurrentModel& model) {
  const std::uint32_t end = model.recurrent * model.codes, states = end + 1;
  const auto place = [](std::size_t row) { return "row " + std::to_string(row); };
  const auto codes_of = [&](std::uint32_t h, const Rational& weight) {
    std::vector<StochasticMatrix::Entry> entries;
    for (std::uint32_t z = 0; z < model.codes; ++z)
      if (const Rational p = weight * model.dynamics.probability(h, z); p.sign() != 0)
        entries.push_back({static_cast<std::uint32_t>(model.pair(h, z)), p});
    return entries;
  };
  StochasticMatrix::Rows rows;
  std::vector<Rational> rewards;
  for (std::uint32_t h = 0; h < model.recurrent; ++h) {
    for (std::uint32_t z = 0; z < model.codes; ++z) {
      const Rational& goes_on = model.continues[model.pair(h, z)];
      for (std::uint32_t a = 0; a < model.actions; ++a) {
        rows.push_back(codes_of(model.step(h, z, a), goes_on));
        if (goes_on != Rational(1)) rows.back().push_back({end, Rational(1) - goes_on});
        rewards.push_back(model.rewards[model.pair(h, z)]);
      }
    }
  }
  rows.insert(rows.end(), model.actions, {{end, 1}});
  rewards.insert(rewards.end(), model.actions, Rational(0));
  return FiniteMdp(StochasticMatrix(states, {codes_of(0, 1)}, place), {StochasticMatrix(states, rows, place)},
                   RewardTable(states, model.actions, std::move(rewards)), states, model.actions);
}

Rational imagined_return(const RecurrentModel& model, const std::vector<std::uint32_t>& policy,
                         Step horizon) {
  Rational value;
  for (std::uint32_t z = 0; z < model.codes; ++z) {
    const Rational chance = model.dynamics.probability(0, z);
    if (chance.sign() != 0) value += chance * imagined_from(model, policy, 0, z, horizon);
  }
  return value;
}

}  // namespace lemmacheck
