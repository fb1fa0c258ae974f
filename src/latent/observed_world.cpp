#include "latent/observed_world.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "latent/entropy.hpp"
#include "mdp/exact_values.hpp"

namespace lemmacheck {
namespace {

constexpr std::size_t most_policies = std::size_t{1} << 16, most_nodes = 1'000'000, most_episodes = 4096;

/// Mass at (s, h), and the mass times the reward, and its square, that comes with the observation.
struct Arrival {
  Rational mass, reward, square;
};
using Arrivals = std::vector<Arrival>;  // s R + h

std::vector<std::pair<std::uint32_t, Rational>> row_of(const StochasticMatrix& matrix, std::size_t row) {
  std::vector<std::pair<std::uint32_t, Rational>> entries;
  for (std::size_t e = matrix.row_begin(row); e < matrix.row_end(row); ++e)
    entries.emplace_back(matrix.column(e), matrix.probability(e));
  return entries;
}

/// A matrix with its rows at hand.
struct Rows {
  explicit Rows(const StochasticMatrix& matrix) {
    for (std::size_t row = 0; row < matrix.rows(); ++row) rows.push_back(row_of(matrix, row));
  }
  const std::vector<std::pair<std::uint32_t, Rational>>& operator[](std::size_t row) const {
    return rows[row];
  }
  std::vector<std::vector<std::pair<std::uint32_t, Rational>>> rows;
};

/// Walks a recurrent model through a world, step by step.
class Walk {
 public:
  Walk(const RecurrentModel& model, const ObservedWorld& world)
      : model_(model),
        world_(world),
        emission_(world.emission),
        encoder_(model.encoder),
        kernel_(world.states.kernel(1)) {
    restart();
  }

  void restart() {
    arrivals_.assign(std::size_t{world_.states.state_count()} * model_.recurrent, {});
    for (const auto& [s, chance] : row_of(world_.states.initial(), 0)) at(arrivals_, s, 0).mass = chance;
  }

  /// visit(s, h, x, z, share, arrival): share is the chance of (x, z) given (s, h).
  template <class Visit>
  void for_each_code(Visit&& visit) const {
    for (std::uint32_t s = 0; s < world_.states.state_count(); ++s)
      for (std::uint32_t h = 0; h < model_.recurrent; ++h) {
        const Arrival& here = arrivals_[std::size_t{s} * model_.recurrent + h];
        if (here.mass.sign() == 0) continue;
        for (const auto& [x, seen] : emission_[s])
          for (const auto& [z, code] : encoder_[std::size_t{x} * model_.recurrent + h])
            visit(s, h, x, z, seen * code, here);
      }
  }

  /// choose(s, h, z, a): the chance of the action. moved(h, z, a, s2, mass) is told of each transition.
  template <class Choose, class Moved>
  void step(Choose&& choose, Moved&& moved) {
    Arrivals next(arrivals_.size());
    const FiniteMdp& mdp = world_.states;
    for_each_code([&](std::uint32_t s, std::uint32_t h, std::uint32_t, std::uint32_t z, const Rational& share,
                      const Arrival& here) {
      const Rational goes_on = here.mass * share * world_.continues[s];
      if (goes_on.sign() == 0) return;
      for (const Action a : mdp.actions()) {
        const Rational chosen = choose(s, h, z, a.value);
        if (chosen.sign() == 0) continue;
        const Rational chance = goes_on * chosen;
        const Rational& r = mdp.rewards()(State{s}, a);
        for (const auto& [s2, p] : kernel_[mdp.row(State{s}, a)]) {
          const Rational mass = chance * p;
          moved(h, z, a.value, s2, mass);
          Arrival& there = at(next, s2, model_.step(h, z, a.value));
          there.mass += mass;
          if (r.sign() == 0) continue;
          const Rational earned = mass * r;
          there.reward += earned;
          there.square += earned * r;
        }
      }
    });
    arrivals_ = std::move(next);
  }

  /// The rewards that came with the last observation, in expectation.
  Rational earned() const {
    Rational sum;
    for (const Arrival& arrival : arrivals_) sum += arrival.reward;
    return sum;
  }

 private:
  Arrival& at(Arrivals& arrivals, std::uint32_t s, std::uint32_t h) const {
    return arrivals[std::size_t{s} * model_.recurrent + h];
  }

  const RecurrentModel& model_;
  const ObservedWorld& world_;
  Rows emission_, encoder_, kernel_;
  Arrivals arrivals_;
};

/// J of acting by an action for each step and (h, z).
Rational return_of(Walk& walk, const RecurrentModel& model, const std::vector<std::uint32_t>& actions,
                   Step horizon) {
  const std::size_t pairs = std::size_t{model.recurrent} * model.codes;
  Rational value;
  walk.restart();
  for (Step t = 1; t <= horizon; ++t) {
    const auto first = static_cast<std::size_t>(t - 1) * pairs % actions.size();
    walk.step([&](std::uint32_t, std::uint32_t h, std::uint32_t z,
                  std::uint32_t a) { return Rational(actions[first + model.pair(h, z)] == a ? 1 : 0); },
              [](auto&&...) {});
    value += walk.earned();
  }
  return value;
}

auto behaving(const MarkovPolicy& behaviour) {
  return [&](std::uint32_t s, std::uint32_t, std::uint32_t, std::uint32_t a) {
    return behaviour.table().probability(behaviour.row(1, State{s}), a);
  };
}

constexpr auto unheard = [](auto&&...) {};

/// The chance of what is hidden, given nothing more than that it is possible: masses by state.
using Masses = std::vector<Rational>;

Masses seen_as(const ObservedWorld& world, const Masses& masses, std::uint32_t x) {
  Masses after(masses.size());
  for (std::uint32_t s = 0; s < masses.size(); ++s)
    if (masses[s].sign() != 0) after[s] = masses[s] * world.emission.probability(s, x);
  return after;
}

bool empty(const Masses& masses) {
  return std::ranges::all_of(masses, [](const Rational& mass) { return mass.sign() == 0; });
}

Masses moved_by(const ObservedWorld& world, const Masses& masses, std::uint32_t a) {
  Masses next(masses.size());
  for (std::uint32_t s = 0; s < masses.size(); ++s) {
    if (masses[s].sign() == 0) continue;
    for (const auto& [s2, p] : row_of(world.states.kernel(1), world.states.row(State{s}, Action{a})))
      next[s2] += masses[s] * world.continues[s] * p;
  }
  return next;
}

Masses start_of(const ObservedWorld& world) {
  Masses masses(world.states.state_count());
  for (const auto& [s, chance] : row_of(world.states.initial(), 0)) masses[s] = chance;
  return masses;
}

/// What the best policy earns from here, times the chance to be here.
Rational best_from(const ObservedWorld& world, const Masses& masses, Step left) {
  Rational total;
  for (std::uint32_t x = 0; x < world.observation_count(); ++x) {
    const Masses seen = seen_as(world, masses, x);
    if (empty(seen)) continue;
    std::optional<Rational> best;
    for (const Action a : world.states.actions()) {
      Rational value;
      for (std::uint32_t s = 0; s < seen.size(); ++s)
        value += seen[s] * world.continues[s] * world.states.rewards()(State{s}, a);
      if (left > 1) value += best_from(world, moved_by(world, seen, a.value), left - 1);
      if (!best || value > *best) best = value;
    }
    total += *best;
  }
  return total;
}

}  // namespace

void ObservedWorld::validate() const {
  const std::uint32_t n = states.state_count();
  if (states.time_varying()) throw InvalidInput("the world is time-varying; a stationary one is needed");
  if (emission.rows() != n)
    throw InvalidInput("the emission has " + std::to_string(emission.rows()) + " rows for " +
                       std::to_string(n) + " states");
  if (continues.size() != n)
    throw InvalidInput("there are " + std::to_string(continues.size()) + " chances to go on for " +
                       std::to_string(n) + " states");
  for (const Rational& c : continues)
    if (c.sign() < 0 || c > Rational(1))
      throw InvalidInput("a chance to go on is " + c.to_string() + "; it must be between 0 and 1");
  for (const Factor& factor : factors)
    if (factor.value.size() != n)
      throw InvalidInput("the factor " + factor.name + " has " + std::to_string(factor.value.size()) +
                         " values for " + std::to_string(n) + " states");
}

RecurrentModel blank_model(Memory memory, std::uint32_t codes, std::uint32_t observations,
                           std::uint32_t actions) {
  const std::uint32_t recurrent = memory == Memory::none        ? 1
                                  : memory == Memory::last_code ? 1 + codes
                                                                : 1 + codes * actions;
  RecurrentModel model{recurrent, codes, observations, actions, {}, {}, {}, {}, {}, {}};
  for (std::uint32_t h = 0; h < recurrent; ++h)
    for (std::uint32_t z = 0; z < codes; ++z)
      for (std::uint32_t a = 0; a < actions; ++a)
        model.next.push_back(memory == Memory::none        ? 0
                             : memory == Memory::last_code ? 1 + z
                                                           : 1 + z * actions + a);
  const std::vector<std::uint32_t> constant(std::size_t{observations} * recurrent, 0);
  model.encoder = StochasticMatrix::deterministic(codes, constant);
  model.dynamics = StochasticMatrix::uniform(recurrent, codes);
  model.decoder = StochasticMatrix::uniform(std::size_t{recurrent} * codes, observations);
  model.rewards.resize(std::size_t{recurrent} * codes);
  model.continues.assign(std::size_t{recurrent} * codes, Rational(1));
  return model;
}

RecurrentModel world_as_model(const ObservedWorld& world) {
  const FiniteMdp& mdp = world.states;
  const std::uint32_t n = mdp.state_count();
  RecurrentModel model =
      blank_model(Memory::last_code_and_action, n, world.observation_count(), mdp.action_count());
  const StochasticMatrix start = mdp.initial(), kernel = mdp.kernel(1);
  std::vector<StochasticMatrix::RowOf> dynamics = {{&start, 0}}, decoder;
  for (std::size_t row = 0; row < kernel.rows(); ++row) dynamics.push_back({&kernel, row});
  for (std::uint32_t h = 0; h < model.recurrent; ++h)
    for (std::uint32_t s = 0; s < n; ++s) decoder.push_back({&world.emission, s});
  model.dynamics = StochasticMatrix::assembled(n, dynamics);
  model.decoder = StochasticMatrix::assembled(world.observation_count(), decoder);
  return with_filtering_encoder(std::move(model));
}

ExpectedCounts counts_in_world(const RecurrentModel& model, const ObservedWorld& world,
                               const MarkovPolicy& behaviour, Step horizon) {
  ExpectedCounts counts(model);
  Walk walk(model, world);
  for (Step t = 1; t <= horizon + 1; ++t) {
    walk.for_each_code([&](std::uint32_t s, std::uint32_t h, std::uint32_t x, std::uint32_t z,
                           const Rational& share, const Arrival& here) {
      const std::size_t pair = model.pair(h, z);
      counts.codes[(std::size_t{x} * model.recurrent + h) * model.codes + z] += here.mass * share;
      counts.rewards[pair] += here.reward * share;
      counts.reward_squares[pair] += here.square * share;
      counts.continued[pair] += here.mass * share * (t <= horizon ? world.continues[s] : Rational(1));
    });
    if (t <= horizon) walk.step(behaving(behaviour), unheard);
  }
  return counts;
}

LogForm inverse_loss_in_world(const RecurrentModel& model, const ObservedWorld& world,
                              const MarkovPolicy& behaviour, Step horizon) {
  LogForm sum;
  std::map<std::pair<std::array<std::uint32_t, 3>, std::uint32_t>, Rational> joint;
  Walk walk(model, world);
  for (Step t = 1; t <= horizon; ++t)
    walk.step(behaving(behaviour),
              [&](std::uint32_t h, std::uint32_t z, std::uint32_t a, std::uint32_t s2, const Rational& mass) {
                const std::uint32_t h2 = model.step(h, z, a);
                for (const auto& [x, seen] : row_of(world.emission, s2))
                  for (const auto& [z2, code] : row_of(model.encoder, std::size_t{x} * model.recurrent + h2))
                    joint[{{h, z, z2}, a}] += mass * seen * code;
              });
  return conditional_entropy(joint);
}

LogForm information_in_world(const RecurrentModel& model, const ObservedWorld& world,
                             const MarkovPolicy& behaviour, Step horizon,
                             const ObservedWorld::Factor& factor) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, Rational> alone, joint;
  Rational total;
  Walk walk(model, world);
  for (Step t = 1; t <= horizon + 1; ++t) {
    walk.for_each_code([&](std::uint32_t s, std::uint32_t h, std::uint32_t, std::uint32_t z,
                           const Rational& share, const Arrival& here) {
      const Rational mass = here.mass * share;
      alone[{0, factor.value[s]}] += mass;
      joint[{static_cast<std::uint32_t>(model.pair(h, z)), factor.value[s]}] += mass;
      total += mass;
    });
    if (t <= horizon) walk.step(behaving(behaviour), unheard);
  }
  return (Rational(1) / total) * (conditional_entropy(alone) - conditional_entropy(joint));
}

Rational return_through_model(const RecurrentModel& model, const ObservedWorld& world,
                              const std::vector<std::uint32_t>& actions, Step horizon) {
  Walk walk(model, world);
  return return_of(walk, model, actions, horizon);
}

std::optional<Rational> best_return_through_model(const RecurrentModel& model, const ObservedWorld& world,
                                                  Step horizon) {
  const ExpectedCounts counts = counts_in_world(
      model, world, MarkovPolicy::uniform(world.states.state_count(), model.actions), horizon);
  const std::size_t pairs = std::size_t{model.recurrent} * model.codes;
  std::vector<std::size_t> reached;
  for (std::size_t i = 0; i < pairs; ++i) {
    Rational mass;
    for (std::size_t k = i; k < counts.codes.size(); k += pairs) mass += counts.codes[k];
    if (mass.sign() != 0) reached.push_back(i);
  }
  std::size_t policies = 1;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    policies *= model.actions;
    if (policies > most_policies) return std::nullopt;
  }
  std::optional<Rational> best;
  std::vector<std::uint32_t> table(pairs);
  Walk walk(model, world);
  for (std::size_t number = 0; number < policies; ++number) {
    std::size_t rest = number;
    for (const std::size_t i : reached) {
      table[i] = static_cast<std::uint32_t>(rest % model.actions);
      rest /= model.actions;
    }
    const Rational value = return_of(walk, model, table, horizon);  // the same at every step
    if (!best || value > *best) best = value;
  }
  return best;
}

Rational planned_return(const RecurrentModel& model, const ObservedWorld& world, Step horizon) {
  const OptimalPlan plan = optimal_plan(imagined_mdp(model), horizon + 1);
  std::vector<std::uint32_t> actions;
  for (Step t = 1; t <= horizon; ++t)
    for (std::uint32_t pair = 0; pair < model.recurrent * model.codes; ++pair)
      actions.push_back(plan.actions.lowest(t, State{pair}).value);
  return return_through_model(model, world, actions, horizon);
}

Rational best_return_of_history(const ObservedWorld& world, Step horizon) {
  std::size_t nodes = 1;
  for (Step t = 1; t <= horizon; ++t) {
    nodes *= std::size_t{world.observation_count()} * world.states.action_count();
    if (nodes > most_nodes)
      throw InvalidInput("the tree of beliefs over " + std::to_string(horizon) +
                         " steps is too large; give a shorter horizon");
  }
  return best_from(world, start_of(world), horizon);
}

std::vector<WeightedEpisode> every_episode(const ObservedWorld& world, Step horizon) {
  std::vector<WeightedEpisode> episodes;
  Episode episode;
  const Rational share = Rational::ratio(1, world.states.action_count());
  const std::function<void(const Masses&, Step, const Rational&)> extend =
      [&](const Masses& masses, Step left, const Rational& chance) {
        for (std::uint32_t x = 0; x < world.observation_count(); ++x) {
          const Masses seen = seen_as(world, masses, x);
          Rational here;
          for (const Rational& mass : seen) here += mass;
          if (here.sign() == 0) continue;
          episode.observations.push_back(x);
          Rational ends = left == 0 ? here : Rational(0);
          for (std::uint32_t s = 0; s < seen.size() && left > 0; ++s)
            ends += seen[s] * (Rational(1) - world.continues[s]);
          if (ends.sign() != 0) {
            if (episodes.size() == most_episodes)
              throw InvalidInput("there are more than 4096 episodes; give a shorter horizon");
            episodes.push_back({episode, chance * ends});
          }
          for (std::uint32_t a = 0; a < world.states.action_count() && left > 0; ++a) {
            episode.actions.push_back(a);
            extend(moved_by(world, seen, a), left - 1, chance * share);
            episode.actions.pop_back();
          }
          episode.observations.pop_back();
        }
      };
  extend(start_of(world), horizon, 1);
  return episodes;
}

}  // namespace lemmacheck
