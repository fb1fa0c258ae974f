#include "report/recurrent_tables.hpp"

#include "latent/encoded_worlds.hpp"
#include "latent/recurrent_worlds.hpp"

namespace lemmacheck {
namespace {

/// "x = 0, a = 1, x = 0".
std::string in_words(const Episode& episode) {
  std::string text;
  for (std::size_t t = 0; t < episode.observations.size(); ++t) {
    text += (t == 0 ? "x = " : ", x = ") + std::to_string(episode.observations[t]);
    if (t < episode.actions.size()) text += ", a = " + std::to_string(episode.actions[t]);
  }
  return text;
}

}  // namespace

bool is_recurrent(const Instance& instance) {
  return !instance.model && instance.numbers.contains("sizes");
}

std::vector<WordTable> recurrent_tables(const Instance& instance) {
  const RecurrentModel model = recurrent_model_of(instance);
  const std::vector<std::uint32_t> policy = imagined_policy_of(instance);
  WordTable facts{"Instance", {"", ""}, {}};
  facts.rows.push_back({"recurrent states, codes, observations, actions",
                        std::to_string(model.recurrent) + ", " + std::to_string(model.codes) + ", " +
                            std::to_string(model.observations) + ", " + std::to_string(model.actions)});
  facts.rows.push_back({"episode", in_words(episode_of(instance))});
  facts.rows.push_back({"imagined steps", std::to_string(instance.horizon)});
  WordTable parts{"The model, h = 0 at the start", {"h", "z", "p(z|h)"}, {}};
  for (std::uint32_t a = 0; a < model.actions; ++a)
    parts.header.push_back("f(h,z," + std::to_string(a) + ")");
  parts.header.insert(parts.header.end(), {"p(x|h,z)", "r(h,z)", "c(h,z)", "imagined action"});
  for (std::uint32_t h = 0; h < model.recurrent; ++h)
    for (std::uint32_t z = 0; z < model.codes; ++z) {
      const std::size_t pair = model.pair(h, z);
      std::vector<std::string> cells = {std::to_string(h), std::to_string(z),
                                        model.dynamics.probability(h, z).to_string()};
      for (std::uint32_t a = 0; a < model.actions; ++a) cells.push_back(std::to_string(model.step(h, z, a)));
      cells.insert(cells.end(), {row_in_words(model.decoder, pair), model.rewards[pair].to_string(),
                                 model.continues[pair].to_string(), std::to_string(policy[pair])});
      parts.rows.push_back(std::move(cells));
    }
  WordTable encoder{"The encoder", {"x", "h", "q(z|x,h)"}, {}};
  for (std::uint32_t x = 0; x < model.observations; ++x)
    for (std::uint32_t h = 0; h < model.recurrent; ++h)
      encoder.rows.push_back({std::to_string(x), std::to_string(h),
                              row_in_words(model.encoder, std::size_t{x} * model.recurrent + h)});
  return {std::move(facts), std::move(parts), std::move(encoder)};
}

bool is_observed(const Instance& instance) {
  return instance.model && instance.numbers.contains("emission");
}

std::vector<WordTable> observation_tables(const Instance& instance) {
  const ObservedWorld world = observed_world_of(instance);
  const std::vector<std::uint32_t> codes = memory_codes_of(instance);
  WordTable seen{"What is seen of a state", {"s", "p(x|s)"}, {}};
  for (std::uint32_t s = 0; s < world.states.state_count(); ++s)
    seen.rows.push_back({std::to_string(s), row_in_words(world.emission, s)});
  WordTable encoder{"The encoder", {"x", "at the start", "after code 0", "after code 1"}, {}};
  for (std::uint32_t x = 0; x < world.observation_count(); ++x)
    encoder.rows.push_back({std::to_string(x), std::to_string(codes[3 * x]), std::to_string(codes[3 * x + 1]),
                            std::to_string(codes[3 * x + 2])});
  WordTable episode{"Episode", {""}, {{in_words(observed_episode_of(instance))}}};
  return {std::move(seen), std::move(encoder), std::move(episode)};
}

}  // namespace lemmacheck
