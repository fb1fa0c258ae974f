#include "latent/encoded_worlds.hpp"

#include <algorithm>

#include "latent/named_numbers.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint32_t most_drawn_states = 4, most_given_states = 8;
constexpr std::uint32_t most_memory_codes = 2;
constexpr std::size_t longest_observed_episode = 4;
constexpr std::array<std::uint64_t, 3> grids = {1, 2, 4};
constexpr std::string_view sure = "world: deterministic", stochastic = "world: stochastic";

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
FiniteMdp draw_world(ChoiceSource& choices, std::uint32_t states, std::uint32_t actions) {
  const std::uint64_t grid = choices.pick(grids);
  const StochasticMatrix kernel =
      matrix_of(draw_rows(choices, std::size_t{states} * actions, states, grid), grid);
  std::vector<std::uint64_t> rewards;
  for (std::uint32_t i = 0; i < states * actions; ++i) rewards.push_back(choices.below(3));
  constexpr std::uint64_t start_grid = 4;
  return FiniteMdp(matrix_of(draw_rows(choices, 1, states, start_grid), start_grid), {kernel},
                   RewardTable(states, actions, rewards, 2, Rational(0)), states, actions);
}

MarkovPolicy draw_behaviour(ChoiceSource& choices, std::uint32_t states, std::uint32_t actions) {
  if (choices.flag()) return MarkovPolicy::uniform(states, actions);
  const std::uint64_t grid = choices.pick(grids);
  return MarkovPolicy(matrix_of(draw_rows(choices, states, actions, grid), grid), states);
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

std::optional<std::string> objection_to_numbers(const Instance& instance) {
  if (!instance.numbers.empty()) return "there are numbers which the claim does not speak of";
  return std::nullopt;
}

void add_world_classes(Instance& instance) {
  const StochasticMatrix& kernel = instance.model->kernel(1);
  instance.classes.push_back(kernel.entries() == kernel.rows() ? sure : stochastic);
}

/// World, behaviour and horizon.
Instance draw_behaved(ChoiceSource& choices, const Setting& setting) {
  Instance instance;
  if (setting.model) {
    instance.model = *setting.model;
    if (instance.model->state_count() > most_given_states)
      throw InvalidInput("the model has more than 8 states; encoders of larger ones are not listed");
  } else {
    const std::uint32_t states = choices.between(1, most_drawn_states);
    instance.model = draw_world(choices, states, choices.between(1, 2));
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

}  // namespace

Domain behaved_worlds() {
  Domain domain;
  domain.name = "worlds with a behaviour policy";
  domain.decode = [](ChoiceSource& choices, const Setting& setting) {
    return draw_behaved(choices, setting);
  };
  domain.objection = [](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_to_world(instance)) return objection;
    return objection_to_numbers(instance);
  };
  domain.classes = world_classes();
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
    Instance instance = draw_behaved(choices, setting);
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
