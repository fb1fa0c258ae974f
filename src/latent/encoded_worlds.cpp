#include "latent/encoded_worlds.hpp"

#include <algorithm>

#include "latent/named_numbers.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint32_t most_drawn_states = 4, most_given_states = 8;
constexpr std::uint32_t most_memory_codes = 2;
constexpr std::size_t longest_observed_episode = 4;
constexpr std::array<std::uint64_t, 3> grids = {1, 2, 4};
constexpr std::string_view coarse = "encoder: merges states", fine = "encoder: injective",
                           sure = "world: deterministic", stochastic = "world: stochastic";

std::vector<std::vector<std::uint64_t>> draw_rows(ChoiceSource& choices, std::size_t rows,
                                                  std::uint32_t columns, std::uint64_t grid) {
  std::vector<std::vector<std::uint64_t>> drawn(rows, std::vector<std::uint64_t>(columns));
  for (auto& row : drawn) {
    std::uint64_t left = grid;
    while (left > 0) {
      const std::uint64_t mass = grid == 1 ? 1 : choices.between(1, static_cast<std::uint32_t>(left));
      row[choices.below(columns)] += mass;
      left -= mass;
    }
  }
  return drawn;
}

StochasticMatrix matrix_of(const std::vector<std::vector<std::uint64_t>>& rows, std::uint64_t grid) {
  std::vector<std::uint64_t> counts;
  for (const auto& row : rows) counts.insert(counts.end(), row.begin(), row.end());
  return StochasticMatrix(static_cast<std::uint32_t>(rows.front().size()), counts, grid);
}

/// A world of that many states; rewards 0, 1/2 and 1.
FiniteMdp draw_world(ChoiceSource& choices, std::uint32_t states, std::uint32_t actions,
                     bool action_rewards) {
  const std::uint64_t grid = choices.pick(grids);
  const StochasticMatrix kernel =
      matrix_of(draw_rows(choices, std::size_t{states} * actions, states, grid), grid);
  std::vector<std::uint64_t> rewards;
  for (std::uint32_t i = 0; i < states * actions; ++i)
    rewards.push_back(action_rewards && i >= actions ? rewards[i % actions] : choices.below(3));
  constexpr std::uint64_t start_grid = 4;
  return FiniteMdp(matrix_of(draw_rows(choices, 1, states, start_grid), start_grid), {kernel},
                   RewardTable(states, actions, rewards, 2, Rational(0)), states, actions);
}

MarkovPolicy draw_behaviour(ChoiceSource& choices, std::uint32_t states, std::uint32_t actions) {
  if (choices.flag()) return MarkovPolicy::uniform(states, actions);
  const std::uint64_t grid = choices.pick(grids);
  return MarkovPolicy(matrix_of(draw_rows(choices, states, actions, grid), grid), states);
}

Encoder draw_encoder(ChoiceSource& choices, std::uint32_t states) {
  Encoder encoder = {0};
  for (std::uint32_t s = 1; s < states; ++s) encoder.push_back(choices.below(code_count(encoder) + 1));
  return encoder;
}

/// The same partition, its codes named in the order in which they occur.
Encoder renamed(const Encoder& encoder) {
  Encoder result, names;
  for (const std::uint32_t code : encoder) {
    const auto known = std::ranges::find(names, code);
    result.push_back(static_cast<std::uint32_t>(known - names.begin()));
    if (known == names.end()) names.push_back(code);
  }
  return result;
}

std::vector<Rational> as_numbers(const Encoder& encoder) {
  return {encoder.begin(), encoder.end()};
}

std::optional<std::string> objection_to_world(const Instance& instance) {
  if (!instance.model || !instance.policy) return "a world and a behaviour policy are needed";
  if (instance.perturbed || instance.other_policy || instance.sampling || !instance.known.empty() ||
      !instance.model_class.empty() || !instance.next_state_rewards.empty())
    return "there is more than a world, a policy and numbers";
  if (instance.model->time_varying() || !instance.policy->stationary()) return "something is not stationary";
  const RewardTable& rewards = instance.model->rewards();
  if (rewards.lowest().sign() < 0 || rewards.highest() > Rational(1)) return "a reward is outside [0, 1]";
  if (instance.model->state_count() > most_given_states) return "there are more than 8 states";
  return std::nullopt;
}

/// That the numbers are codes of the states under these names, and nothing else.
std::optional<std::string> objection_to_codes(const Instance& instance,
                                              const std::vector<std::string>& names) {
  if (instance.numbers.size() != names.size()) return "there are numbers which the claim does not speak of";
  for (const std::string& name : names) {
    const auto found = instance.numbers.find(name);
    if (found == instance.numbers.end() || found->second.size() != instance.model->state_count())
      return "the numbers " + name + " must have one code a state";
    Encoder codes;
    for (const Rational& number : found->second) {
      const auto word = number.sign() < 0 ? std::nullopt : number.scaled_to_word(1);
      if (!word || *word >= found->second.size()) return "a code of " + name + " is no number below S";
      codes.push_back(static_cast<std::uint32_t>(*word));
    }
    if (codes != renamed(codes)) return "the codes of " + name + " are not named in the order they occur in";
  }
  return std::nullopt;
}

void add_world_classes(Instance& instance) {
  const StochasticMatrix& kernel = instance.model->kernel(1);
  instance.classes.push_back(kernel.entries() == kernel.rows() ? sure : stochastic);
}

void label_encoder(Instance& instance, const Encoder& encoder) {
  instance.classes.push_back(code_count(encoder) == encoder.size() ? fine : coarse);
}

/// World, behaviour and horizon.
Instance draw_behaved(ChoiceSource& choices, const Setting& setting, bool action_rewards) {
  Instance instance;
  if (setting.model) {
    instance.model = *setting.model;
    if (instance.model->state_count() > most_given_states)
      throw InvalidInput("the model has more than 8 states; encoders of larger ones are not listed");
  } else {
    const std::uint32_t states = choices.between(1, most_drawn_states);
    instance.model = draw_world(choices, states, choices.between(1, 2), action_rewards);
  }
  const auto drawn = static_cast<Step>(choices.between(1, 4));
  instance.horizon = setting.horizon > 0 ? setting.horizon : drawn;
  instance.policy = draw_behaviour(choices, instance.model->state_count(), instance.model->action_count());
  add_world_classes(instance);
  return instance;
}

std::vector<std::string> world_classes() {
  return {std::string(sure), std::string(stochastic)};
}

bool is_bisimulation(const Instance& instance) {
  const LatentAverage latent = latent_average(*instance.model, encoder_of(instance));
  return latent.reward_error.sign() == 0 && latent.l1_error.sign() == 0;
}

/// A world whose states are copies of those of a smaller one: a row's mass for a code is shared among its
/// members in a drawn way.
void split_states(ChoiceSource& choices, Instance& instance) {
  const std::uint32_t codes = choices.between(1, 2), states = choices.between(codes, most_drawn_states),
                      actions = choices.between(1, 2);
  const FiniteMdp small = draw_world(choices, codes, actions, false);
  Encoder encoder = injective_encoder(codes);
  while (encoder.size() < states) encoder.push_back(choices.below(codes));
  const auto shared = [&](const StochasticMatrix& matrix, std::size_t row) {
    std::vector<StochasticMatrix::Entry> entries;
    for (std::uint32_t code = 0; code < codes; ++code) {
      const Rational mass = matrix.probability(row, code);
      if (mass.sign() == 0) continue;
      std::vector<std::uint32_t> members;
      for (std::uint32_t s = 0; s < states; ++s)
        if (encoder[s] == code) members.push_back(s);
      const std::uint32_t one = members[choices.below(static_cast<std::uint32_t>(members.size()))],
                          other = members[choices.below(static_cast<std::uint32_t>(members.size()))];
      if (one == other) {
        entries.push_back({one, mass});
      } else {
        entries.push_back({one, mass / Rational(2)});
        entries.push_back({other, mass / Rational(2)});
      }
    }
    std::ranges::sort(entries, {}, &StochasticMatrix::Entry::column);
    return entries;
  };
  StochasticMatrix::Rows rows;
  std::vector<Rational> rewards;
  for (const std::uint32_t code : encoder) {
    for (std::uint32_t a = 0; a < actions; ++a) {
      rows.push_back(shared(small.kernel(1), small.row(State{code}, Action{a})));
      rewards.push_back(small.rewards()(State{code}, Action{a}));
    }
  }
  const auto place = [](std::size_t row) { return "row " + std::to_string(row); };
  instance.model = FiniteMdp(StochasticMatrix(states, {shared(small.initial(), 0)}, place),
                             {StochasticMatrix(states, rows, place)},
                             RewardTable(states, actions, std::move(rewards)), states, actions);
  instance.policy = draw_behaviour(choices, states, actions);
  instance.numbers["encoder"] = as_numbers(encoder);
}

/// Why a world is no product of its factors, or the behaviour looks at the exogenous one.
std::optional<std::string> objection_to_factors(const Instance& instance, bool ignores) {
  const FiniteMdp& world = *instance.model;
  const Encoder own = encoder_of(instance, "controllable"), other = encoder_of(instance, "exogenous");
  const auto marginal = [&](std::size_t row, const Encoder& factor) {
    std::vector<Rational> mass(code_count(factor));
    for (const std::uint32_t next : world.kernel(1).row_columns(row))
      mass[factor[next]] += world.kernel(1).probability(row, next);
    return mass;
  };
  for (const State s : world.states()) {
    for (const State t : world.states()) {
      if (s != t && own[s.value] == own[t.value] && other[s.value] == other[t.value])
        return "two states have the same factors";
      for (const Action a : world.actions()) {
        const auto mine = marginal(world.row(s, a), own);
        const auto theirs = marginal(world.row(s, a), other);
        if (world.kernel(1).probability(world.row(s, a), t.value) !=
            mine[own[t.value]] * theirs[other[t.value]])
          return "the factors do not move independently";
        if (own[s.value] == own[t.value] && mine != marginal(world.row(t, a), own))
          return "the controllable factor depends on the exogenous one";
        for (const Action b : world.actions())
          if (other[s.value] == other[t.value] && theirs != marginal(world.row(t, b), other))
            return "the exogenous factor depends on the rest";
        if (ignores && own[s.value] == own[t.value] &&
            instance.policy->table().probability(instance.policy->row(1, s), a.value) !=
                instance.policy->table().probability(instance.policy->row(1, t), a.value))
          return "the behaviour policy looks at the exogenous factor";
      }
    }
  }
  return std::nullopt;
}

void draw_product(ChoiceSource& choices, Instance& instance, bool ignores) {
  constexpr std::uint64_t grid = 2;
  const std::uint32_t own = choices.between(1, 2), other = 2, actions = 2, states = own * other;
  const auto controlled = draw_rows(choices, std::size_t{own} * actions, own, grid);
  const auto exogenous = draw_rows(choices, other, other, grid);
  std::vector<std::uint64_t> counts, rewards;
  Encoder own_codes, other_codes;
  for (std::uint32_t s = 0; s < states; ++s) {
    own_codes.push_back(s / other);
    other_codes.push_back(s % other);
    for (std::uint32_t a = 0; a < actions; ++a) {
      for (std::uint32_t t = 0; t < states; ++t)
        counts.push_back(controlled[s / other * actions + a][t / other] * exogenous[s % other][t % other]);
      rewards.push_back(choices.below(3));
    }
  }
  instance.model = FiniteMdp(matrix_of(draw_rows(choices, 1, states, 4), 4),
                             {StochasticMatrix(states, counts, grid * grid)},
                             RewardTable(states, actions, rewards, 2, Rational(0)), states, actions);
  auto behaviour = draw_rows(choices, states, actions, grid);
  if (ignores)
    for (std::uint32_t s = 0; s < states; ++s) behaviour[s] = behaviour[s / other * other];
  instance.policy = MarkovPolicy(matrix_of(behaviour, grid), states);
  instance.numbers["controllable"] = as_numbers(own_codes);
  instance.numbers["exogenous"] = as_numbers(other_codes);
}

}  // namespace

Encoder encoder_of(const Instance& instance, const std::string& name) {
  Encoder encoder;
  for (const Rational& code : instance.numbers.at(name))
    encoder.push_back(static_cast<std::uint32_t>(code.scaled_to_word(1).value()));
  return encoder;
}

Domain behaved_worlds() {
  Domain domain;
  domain.name = "worlds with a behaviour policy";
  domain.decode = [](ChoiceSource& choices, const Setting& setting) {
    return draw_behaved(choices, setting, false);
  };
  domain.objection = [](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_to_world(instance)) return objection;
    return objection_to_codes(instance, {});
  };
  domain.classes = world_classes();
  return domain;
}

Domain encoded_worlds(bool action_rewards) {
  Domain domain;
  domain.name = "worlds with a behaviour policy and an encoder";
  domain.decode = [action_rewards](ChoiceSource& choices, const Setting& setting) {
    Instance instance = draw_behaved(choices, setting, action_rewards);
    const Encoder encoder = draw_encoder(choices, instance.model->state_count());
    instance.numbers["encoder"] = as_numbers(encoder);
    label_encoder(instance, encoder);
    return instance;
  };
  domain.objection = [action_rewards](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_to_world(instance)) return objection;
    if (auto objection = objection_to_codes(instance, {"encoder"})) return objection;
    const FiniteMdp& world = *instance.model;
    for (const State s : world.states())
      for (const Action a : world.actions())
        if (action_rewards && world.rewards()(s, a) != world.rewards()(State{0}, a))
          return "a reward depends on the state";
    return std::nullopt;
  };
  domain.classes = world_classes();
  for (const std::string_view label : {coarse, fine}) domain.classes.emplace_back(label);
  return domain;
}

Domain bisimulations() {
  Domain domain = encoded_worlds();
  domain.name = "worlds with a bisimulation";
  domain.has_models = false;  // a given world need not have one
  domain.decode = [](ChoiceSource& choices, const Setting& setting) {
    Instance instance;
    split_states(choices, instance);
    const auto drawn = static_cast<Step>(choices.between(1, 4));
    instance.horizon = setting.horizon > 0 ? setting.horizon : drawn;
    add_world_classes(instance);
    label_encoder(instance, encoder_of(instance));
    return instance;
  };
  domain.objection = [base = domain.objection](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = base(instance)) return objection;
    if (!is_bisimulation(instance)) return "the encoder is no bisimulation";
    return std::nullopt;
  };
  return domain;
}

Domain factored_worlds(bool ignores) {
  Domain domain;
  domain.name = "products of a controllable and an exogenous factor";
  domain.has_models = false;
  domain.decode = [ignores](ChoiceSource& choices, const Setting& setting) {
    Instance instance;
    draw_product(choices, instance, ignores);
    const auto drawn = static_cast<Step>(choices.between(2, 4));
    instance.horizon = setting.horizon > 0 ? setting.horizon : drawn;
    add_world_classes(instance);
    return instance;
  };
  domain.objection = [ignores](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_to_world(instance)) return objection;
    if (auto objection = objection_to_codes(instance, {"controllable", "exogenous"})) return objection;
    return objection_to_factors(instance, ignores);
  };
  domain.classes = world_classes();
  return domain;
}

Domain told_actions(std::uint32_t most_states) {
  Domain domain;
  domain.name = "deterministic worlds that tell actions apart";
  domain.has_models = false;
  domain.decode = [most_states](ChoiceSource& choices, const Setting&) {
    const std::uint32_t states = choices.between(2, most_states), actions = 2;
    std::vector<std::uint32_t> next;
    for (std::uint32_t s = 0; s < states; ++s) {
      next.push_back(choices.below(states));
      next.push_back((next.back() + 1 + choices.below(states - 1)) % states);
    }
    std::vector<std::uint64_t> rewards, start(states, 1);
    for (std::uint32_t i = 0; i < states * actions; ++i) rewards.push_back(choices.below(2));
    Instance instance;
    instance.model =
        FiniteMdp(StochasticMatrix(states, start, states), {StochasticMatrix::deterministic(states, next)},
                  RewardTable(states, actions, rewards, 1, Rational(0)), states, actions);
    instance.policy = MarkovPolicy::uniform(states, actions);
    return instance;
  };
  domain.objection = [most_states](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_to_world(instance)) return objection;
    if (auto objection = objection_to_codes(instance, {})) return objection;
    const FiniteMdp& world = *instance.model;
    if (world.state_count() > most_states) return "there are too many states";
    if (world.action_count() < 2) return "there is one action: nothing to tell apart";
    if (!(*instance.policy == MarkovPolicy::uniform(world.state_count(), world.action_count())))
      return "the behaviour policy is not uniform";
    if (world.kernel(1).entries() != world.kernel(1).rows()) return "the world is not deterministic";
    for (const State s : world.states())
      for (const Action a : world.actions())
        for (const Action b : world.actions())
          if (a != b && world.kernel(1).row_columns(world.row(s, a))[0] ==
                            world.kernel(1).row_columns(world.row(s, b))[0])
            return "two actions of a state lead to the same state";
    return std::nullopt;
  };
  domain.repair = [](Instance& instance) {
    if (instance.model)
      instance.policy = MarkovPolicy::uniform(instance.model->state_count(), instance.model->action_count());
  };
  return domain;
}

ObservedWorld observed_world_of(const Instance& instance) {
  const std::uint32_t states = instance.model->state_count();
  const std::size_t observations = numbers_of(instance, "emission").size() / states;
  ObservedWorld world{*instance.model,
                      rows_of(instance, "emission", static_cast<std::uint32_t>(observations)),
                      std::vector<Rational>(states, Rational(1)),
                      {}};
  world.validate();
  return world;
}

std::vector<std::uint32_t> memory_codes_of(const Instance& instance) {
  std::vector<std::uint32_t> codes = indices_of(instance, "codes", most_memory_codes);
  if (codes.size() != observed_world_of(instance).observation_count() * (1 + most_memory_codes))
    throw InvalidInput("the numbers codes must be one for each observation and memory");
  return codes;
}

Episode observed_episode_of(const Instance& instance) {
  Episode episode{indices_of(instance, "observations", observed_world_of(instance).observation_count()), {}};
  if (instance.numbers.contains("episode_actions"))
    episode.actions = indices_of(instance, "episode_actions", instance.model->action_count());
  if (episode.observations.empty() || episode.observations.size() > longest_observed_episode ||
      episode.actions.size() + 1 != episode.observations.size())
    throw InvalidInput("an episode has 1 to 4 observations and one action less");
  return episode;
}

Domain observed_worlds() {
  Domain domain;
  domain.name = "partially observed worlds";
  domain.decode = [](ChoiceSource& choices, const Setting& setting) {
    Instance instance = draw_behaved(choices, setting, false);
    const std::uint32_t x = choices.between(1, 3), n = choices.between(1, 3);
    auto& numbers = instance.numbers;
    const std::uint64_t grid = choices.pick(grids);
    for (const auto& row : draw_rows(choices, instance.model->state_count(), x, grid))
      for (const std::uint64_t mass : row)
        numbers["emission"].push_back(Rational::ratio(static_cast<std::int64_t>(mass), grid));
    for (std::uint32_t i = 0; i < x * (1 + most_memory_codes); ++i)
      numbers["codes"].emplace_back(choices.below(most_memory_codes));
    for (std::uint32_t t = 0; t < n; ++t) numbers["observations"].emplace_back(choices.below(x));
    for (std::uint32_t t = 1; t < n; ++t)
      numbers["episode_actions"].emplace_back(choices.below(instance.model->action_count()));
    return instance;
  };
  domain.objection = [](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_to_world(instance)) return objection;
    for (const auto& [name, list] : instance.numbers)
      if (name != "emission" && name != "codes" && name != "observations" && name != "episode_actions")
        return "there are numbers which the claim does not speak of";
    try {
      memory_codes_of(instance);
      observed_episode_of(instance);
    } catch (const InvalidInput& fault) {
      return fault.what();
    }
    return std::nullopt;
  };
  domain.classes = world_classes();
  return domain;
}

}  // namespace lemmacheck
