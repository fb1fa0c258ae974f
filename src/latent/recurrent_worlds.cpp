#include "latent/recurrent_worlds.hpp"

#include <algorithm>
#include <array>

#include "latent/named_numbers.hpp"

namespace lemmacheck {
namespace {

using Numbers = std::vector<Rational>;

constexpr std::array<std::uint64_t, 3> grids = {1, 2, 3};
constexpr std::size_t longest_episode = 4;
constexpr std::uint32_t largest_set = 4;
constexpr std::string_view impossible = "episode: impossible", possible = "episode: possible";
const std::array<const char*, 10> names = {"sizes",           "sequence", "encoder",   "dynamics",
                                           "decoder",         "rewards",  "continues", "observations",
                                           "episode_actions", "policy"};

/// @param full  every entry is positive.
Numbers draw_rows(ChoiceSource& choices, std::size_t rows, std::uint32_t columns, bool full) {
  Numbers numbers;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint64_t grid = choices.pick(grids);
    std::vector<std::int64_t> row(columns, full ? 1 : 0);
    for (std::uint64_t unit = 0; unit < grid; ++unit) ++row[choices.below(columns)];
    for (const std::int64_t mass : row) numbers.push_back(Rational::ratio(mass, grid + (full ? columns : 0)));
  }
  return numbers;
}

Numbers draw_below(ChoiceSource& choices, std::size_t count, std::uint32_t n) {
  Numbers numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.emplace_back(choices.below(n));
  return numbers;
}

/// The actions of an episode; one of a single step has none.
std::vector<std::uint32_t> actions_of(const Instance& instance, std::uint32_t n) {
  return instance.numbers.contains("episode_actions") ? indices_of(instance, "episode_actions", n)
                                                      : std::vector<std::uint32_t>();
}

}  // namespace

RecurrentModel recurrent_model_of(const Instance& instance) {
  const std::vector<std::uint32_t> sizes = indices_of(instance, "sizes", largest_set + 1);
  if (sizes.size() != 4)
    throw InvalidInput("sizes must be four numbers: recurrent states, codes, observations, actions");
  for (const std::uint32_t size : sizes)
    if (size == 0) throw InvalidInput("a size is 0; it must be at least 1");
  RecurrentModel model{sizes[0],
                       sizes[1],
                       sizes[2],
                       sizes[3],
                       indices_of(instance, "sequence", sizes[0]),
                       rows_of(instance, "encoder", sizes[1]),
                       rows_of(instance, "dynamics", sizes[1]),
                       rows_of(instance, "decoder", sizes[2]),
                       numbers_of(instance, "rewards"),
                       numbers_of(instance, "continues")};
  model.validate();
  return model;
}

Episode episode_of(const Instance& instance) {
  const std::vector<std::uint32_t> sizes = indices_of(instance, "sizes", largest_set + 1);
  Episode episode{indices_of(instance, "observations", sizes.at(2)), actions_of(instance, sizes.at(3))};
  if (episode.observations.empty() || episode.observations.size() > longest_episode ||
      episode.actions.size() + 1 != episode.observations.size())
    throw InvalidInput("an episode has 1 to 4 observations and one action less");
  return episode;
}

std::vector<std::uint32_t> imagined_policy_of(const Instance& instance) {
  const std::vector<std::uint32_t> sizes = indices_of(instance, "sizes", largest_set + 1);
  std::vector<std::uint32_t> policy = indices_of(instance, "policy", sizes.at(3));
  if (policy.size() != std::size_t{sizes[0]} * sizes[1])
    throw InvalidInput("the policy must have an action for each recurrent state and code");
  return policy;
}

Domain recurrent_worlds(bool one_step) {
  Domain domain;
  domain.name = one_step ? "recurrent models with an observation" : "recurrent models with an episode";
  domain.has_models = false;
  domain.decode = [one_step](ChoiceSource& choices, const Setting& setting) {
    Instance instance;
    const std::uint32_t least = choices.flag() ? 2 : 1;  // small models seldom have much to say
    const std::uint32_t r = choices.between(least, 2), z = choices.between(least, 2),
                        x = choices.between(least, 2), a = choices.between(1, 2),
                        n = one_step ? 1 : choices.between(least, 3);
    const std::size_t pairs = std::size_t{r} * z;
    auto& numbers = instance.numbers;
    numbers["sizes"] = {Rational(r), Rational(z), Rational(x), Rational(a)};
    numbers["sequence"] = draw_below(choices, pairs * a, r);
    // Where the model excludes what the encoder draws, losses are infinite and say little.
    const bool full = choices.below(4) != 0;
    numbers["encoder"] = draw_rows(choices, std::size_t{x} * r, z, false);
    numbers["dynamics"] = draw_rows(choices, r, z, full);
    numbers["decoder"] = draw_rows(choices, pairs, x, full);
    numbers["rewards"] = draw_below(choices, pairs, 3);
    for (std::size_t i = 0; i < pairs; ++i)
      numbers["continues"].push_back(Rational(1) - Rational::ratio(choices.below(3), 2));
    numbers["observations"] = draw_below(choices, n, x);
    if (n > 1) numbers["episode_actions"] = draw_below(choices, n - 1, a);
    numbers["policy"] = draw_below(choices, pairs, a);
    const auto drawn = static_cast<Step>(choices.between(1, 4));
    instance.horizon = setting.horizon > 0 ? std::min(setting.horizon, Step{8}) : drawn;
    const bool happens = likelihood(recurrent_model_of(instance), episode_of(instance)).sign() != 0;
    instance.classes = {happens ? possible : impossible};
    return instance;
  };
  domain.objection = [one_step](const Instance& instance) -> std::optional<std::string> {
    if (instance.model || instance.perturbed || instance.policy || instance.other_policy ||
        instance.sampling || !instance.known.empty() || !instance.model_class.empty() ||
        !instance.next_state_rewards.empty())
      return "there is more than numbers";
    if (instance.horizon > 8) return "the horizon is longer than 8 imagined steps";
    for (const auto& [name, list] : instance.numbers)
      if (std::find(names.begin(), names.end(), name) == names.end())
        return "there are numbers which the claim does not speak of";
    try {
      recurrent_model_of(instance);
      if (one_step && episode_of(instance).observations.size() > 1)
        return "there is more than one observation";
      episode_of(instance);
      imagined_policy_of(instance);
    } catch (const InvalidInput& fault) {
      return fault.what();
    }
    return std::nullopt;
  };
  for (const std::string_view label : {possible, impossible}) domain.classes.emplace_back(label);
  return domain;
}

}  // namespace lemmacheck
