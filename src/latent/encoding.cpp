#include "latent/encoding.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "latent/entropy.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/occupancy.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint32_t most_states = 8;

void require_encoder(const Encoder& encoder, std::uint32_t states) {
  LEMMACHECK_INVARIANT(encoder.size() == states);
}

/// The row of a kernel as masses of codes.
std::vector<Rational> pushed_forward(const FiniteMdp& world, std::size_t row, const Encoder& encoder,
                                     std::uint32_t codes) {
  std::vector<Rational> mass(codes);
  const StochasticMatrix& kernel = world.kernel(1);
  for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
    mass[encoder[kernel.column(e)]] += kernel.probability(e);
  return mass;
}

StochasticMatrix::Rows sparse(const std::vector<std::vector<Rational>>& dense) {
  StochasticMatrix::Rows rows;
  for (const auto& masses : dense) {
    rows.emplace_back();
    for (std::uint32_t i = 0; i < masses.size(); ++i)
      if (masses[i].sign() != 0) rows.back().push_back({i, masses[i]});
  }
  return rows;
}

StochasticMatrix matrix_of(std::uint32_t columns, const std::vector<std::vector<Rational>>& dense) {
  return StochasticMatrix(columns, sparse(dense),
                          [](std::size_t row) { return "row " + std::to_string(row); });
}

}  // namespace

std::uint32_t code_count(const Encoder& encoder) {
  return *std::ranges::max_element(encoder) + 1;
}
Encoder constant_encoder(std::uint32_t states) {
  return Encoder(states, 0);
}
Encoder injective_encoder(std::uint32_t states) {
  Encoder encoder(states);
  std::iota(encoder.begin(), encoder.end(), 0);
  return encoder;
}

std::vector<Encoder> every_encoder(std::uint32_t states, std::uint32_t codes) {
  if (states > most_states)
    throw InvalidInput("the encoders of " + std::to_string(states) +
                       " states are too many to list; at most " + std::to_string(most_states));
  std::vector<Encoder> all = {{0}};
  for (std::uint32_t s = 1; s < states; ++s) {
    std::vector<Encoder> longer;
    for (const Encoder& encoder : all)
      for (std::uint32_t code = 0; code <= std::min(code_count(encoder), codes - 1); ++code) {
        longer.push_back(encoder);
        longer.back().push_back(code);
      }
    all = std::move(longer);
  }
  return all;
}

BehaviourData::BehaviourData(const FiniteMdp& world, const MarkovPolicy& behaviour, Step horizon,
                             Step windows)
    : world_(world), horizon_(horizon) {
  if (world.time_varying()) throw InvalidInput("the world is time-varying; encoders need a stationary one");
  require_same_shape(world, behaviour);
  const ValueTable<Rational> occupancy =
      occupancy_measure<Rational>(world, behaviour, horizon, world.initial());
  for (Step h = 1; h <= horizon; ++h) {
    occupancy_.emplace_back();
    for (const State s : world.states()) {
      occupancy_.back().push_back(occupancy(h, s));
      if (occupancy(h, s).sign() == 0) continue;
      for (const Action a : world.actions()) {
        const Rational chance = behaviour.table().probability(behaviour.row(h, s), a.value);
        if (chance.sign() != 0)
          visits_.push_back({s.value, a.value, occupancy(h, s) * chance / Rational(horizon)});
      }
    }
  }
  for (Step k = 1; k <= std::min(windows, horizon - 1); ++k) add_windows(behaviour, k);
}

void BehaviourData::add_windows(const MarkovPolicy& behaviour, Step k) {
  const std::uint32_t n = world_.state_count();
  const Rational share = Rational::ratio(1, static_cast<std::uint64_t>(horizon_ - k));
  std::vector<Window>& windows = windows_.emplace_back();
  const StochasticMatrix& kernel = world_.kernel(1);
  const auto step = [&](const std::vector<Rational>& from, Step h) {
    std::vector<Rational> next(n);
    for (const State s : world_.states()) {
      if (from[s.value].sign() == 0) continue;
      for (const Action a : world_.actions()) {
        const Rational chance = from[s.value] * behaviour.table().probability(behaviour.row(h, s), a.value);
        if (chance.sign() == 0) continue;
        const std::size_t row = world_.row(s, a);
        for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
          next[kernel.column(e)] += chance * kernel.probability(e);
      }
    }
    return next;
  };
  for (Step t = 1; t <= horizon_ - k; ++t) {
    for (const State s : world_.states()) {
      for (const Action a : world_.actions()) {
        const Rational chance = share * occupancy_[static_cast<std::size_t>(t - 1)][s.value] *
                                behaviour.table().probability(behaviour.row(t, s), a.value);
        if (chance.sign() == 0) continue;
        std::vector<Rational> later(n);
        const std::size_t row = world_.row(s, a);
        for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
          later[kernel.column(e)] = kernel.probability(e);
        for (Step h = t + 1; h < t + k; ++h) later = step(later, h);
        for (std::uint32_t i = 0; i < n; ++i)
          if (later[i].sign() != 0) windows.push_back({s.value, a.value, i, chance * later[i]});
      }
    }
  }
}

std::vector<Rational> BehaviourData::state_distribution() const {
  std::vector<Rational> sum(world_.state_count());
  for (const Visit& visit : visits_) sum[visit.state] += visit.chance;
  return sum;
}

LogForm BehaviourData::reconstruction_loss(const Encoder& encoder) const {
  require_encoder(encoder, world_.state_count());
  std::map<std::pair<std::uint32_t, std::uint32_t>, Rational> joint;
  const std::vector<Rational> states = state_distribution();
  for (std::uint32_t s = 0; s < states.size(); ++s) joint[{encoder[s], s}] += states[s];
  return conditional_entropy(joint);
}

LogForm BehaviourData::latent_consistency(const Encoder& encoder) const {
  require_encoder(encoder, world_.state_count());
  if (windows_.empty()) return 0;
  std::map<std::pair<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>, Rational> joint;
  for (const Window& w : windows_.front())
    joint[{{encoder[w.state], w.action}, encoder[w.later]}] += w.chance;
  return conditional_entropy(joint);
}

LogForm BehaviourData::inverse_loss(const Encoder& encoder, Step k) const {
  require_encoder(encoder, world_.state_count());
  if (static_cast<std::size_t>(k) > windows_.size()) return 0;
  std::map<std::pair<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>, Rational> joint;
  for (const Window& w : windows_[static_cast<std::size_t>(k - 1)])
    joint[{{encoder[w.state], encoder[w.later]}, w.action}] += w.chance;
  return conditional_entropy(joint);
}

Rational BehaviourData::reward_loss(const Encoder& encoder) const {
  require_encoder(encoder, world_.state_count());
  struct Moments {
    Rational mass, first, second;
  };
  std::map<std::pair<std::uint32_t, std::uint32_t>, Moments> heads;
  for (const Visit& visit : visits_) {
    const Rational& reward = world_.rewards()(State{visit.state}, Action{visit.action});
    Moments& head = heads[{encoder[visit.state], visit.action}];
    head.mass += visit.chance;
    head.first += visit.chance * reward;
    head.second += visit.chance * reward * reward;
  }
  Rational loss;
  for (const auto& [key, head] : heads) loss += head.second - head.first * head.first / head.mass;
  return loss;
}

LogForm BehaviourData::information(const Encoder& encoder, const Encoder& factor) const {
  require_encoder(encoder, world_.state_count());
  require_encoder(factor, world_.state_count());
  const std::vector<Rational> states = state_distribution();
  std::map<std::pair<std::uint32_t, std::uint32_t>, Rational> joint, alone;
  for (std::uint32_t s = 0; s < states.size(); ++s) {
    joint[{encoder[s], factor[s]}] += states[s];
    alone[{0, factor[s]}] += states[s];
  }
  return conditional_entropy(alone) - conditional_entropy(joint);
}

Rational best_return(const FiniteMdp& world, const Encoder& encoder, Step horizon) {
  require_encoder(encoder, world.state_count());
  std::vector<std::uint32_t> choice(code_count(encoder)), taken(world.state_count());
  std::optional<Rational> best;
  while (true) {
    for (std::uint32_t s = 0; s < taken.size(); ++s) taken[s] = choice[encoder[s]];
    const Rational value = policy_return(
        world, MarkovPolicy::deterministic(taken, world.state_count(), world.action_count()), horizon);
    if (!best || value > *best) best = value;
    std::size_t i = 0;
    while (i < choice.size() && ++choice[i] == world.action_count()) choice[i++] = 0;
    if (i == choice.size()) return *best;
  }
}

LatentAverage latent_average(const FiniteMdp& world, const Encoder& encoder) {
  require_encoder(encoder, world.state_count());
  const std::uint32_t codes = code_count(encoder), actions = world.action_count();
  std::vector<Rational> members(codes), initial(codes), rewards(std::size_t{codes} * actions);
  for (const std::uint32_t code : encoder) members[code] += Rational(1);
  for (std::size_t e = 0; e < world.initial().entries(); ++e)
    initial[encoder[world.initial().column(e)]] += world.initial().probability(e);
  std::vector<std::vector<Rational>> rows(std::size_t{codes} * actions, std::vector<Rational>(codes));
  for (const State s : world.states()) {
    const std::uint32_t code = encoder[s.value];
    for (const Action a : world.actions()) {
      const std::size_t at = std::size_t{code} * actions + a.value;
      rewards[at] += world.rewards()(s, a) / members[code];
      const auto mass = pushed_forward(world, world.row(s, a), encoder, codes);
      for (std::uint32_t i = 0; i < codes; ++i) rows[at][i] += mass[i] / members[code];
    }
  }
  Rational reward_error, l1_error;
  for (const State s : world.states()) {
    for (const Action a : world.actions()) {
      const std::size_t at = std::size_t{encoder[s.value]} * actions + a.value;
      reward_error = max(reward_error, abs(world.rewards()(s, a) - rewards[at]));
      const auto mass = pushed_forward(world, world.row(s, a), encoder, codes);
      Rational distance;
      for (std::uint32_t i = 0; i < codes; ++i) distance += abs(mass[i] - rows[at][i]);
      l1_error = max(l1_error, distance);
    }
  }
  return {FiniteMdp(matrix_of(codes, {initial}), {matrix_of(codes, rows)},
                    RewardTable(codes, actions, std::move(rewards)), codes, actions),
          reward_error, l1_error};
}

}  // namespace lemmacheck
