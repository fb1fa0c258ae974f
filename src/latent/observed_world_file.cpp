#include "latent/observed_world_file.hpp"

#include "mdp/json_reading.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint32_t most_observations = 4096;

StochasticMatrix read_emissions(const JsonPlace& place, std::uint32_t states, std::uint32_t observations,
                                const std::string& document) {
  StochasticMatrix::Rows rows(states);
  for (std::size_t i = 0; i < place.array_size(); ++i) {
    const JsonPlace entry = place.element(i);
    entry.require_array(3, "[state, observation, \"p/q\"]");
    rows[entry.element(0).index(states, "a state")].push_back(
        {entry.element(1).index(observations, "an observation"), entry.element(2).rational()});
  }
  return StochasticMatrix(observations, rows, [&](std::size_t row) {
    return document + ": /emissions: state " + std::to_string(row);
  });
}

std::vector<Rational> read_continues(const JsonPlace& place, std::uint32_t states) {
  std::vector<Rational> continues(states, Rational(1));
  for (std::size_t i = 0; i < place.array_size(); ++i) {
    const JsonPlace entry = place.element(i);
    entry.require_array(2, "[state, \"p/q\"]");
    const Rational chance = entry.element(1).rational();
    if (chance.sign() < 0 || chance > Rational(1))
      entry.fail("a chance to go on is " + chance.to_string() + "; it must be between 0 and 1");
    continues[entry.element(0).index(states, "a state")] = chance;
  }
  return continues;
}

std::vector<ObservedWorld::Factor> read_factors(const JsonPlace& place, std::uint32_t states) {
  if (!place.value().is_object()) place.fail("an object of factors is expected, such as {\"light\": [0, 1]}");
  std::vector<ObservedWorld::Factor> factors;
  for (const auto& [name, unused] : place.value().items()) {
    const JsonPlace values = place.member(name.c_str());
    values.require_array(states, "a value for each state");
    ObservedWorld::Factor factor{name, {}};
    for (std::uint32_t s = 0; s < states; ++s)
      factor.value.push_back(values.element(s).index(states, "a value of a factor"));
    factors.push_back(std::move(factor));
  }
  return factors;
}

}  // namespace

ObservedWorld read_observed_world(const FiniteMdp& states, const std::filesystem::path& file) {
  const nlohmann::json json = read_json_file(file);
  const JsonPlace place(json, file.string());
  place.allow_only({"observations", "emissions", "continues", "factors"});
  const std::uint32_t n = states.state_count();
  const auto observations = static_cast<std::uint32_t>(
      place.member("observations").integer(1, most_observations, "the number of observations"));
  ObservedWorld world{
      states, read_emissions(place.member("emissions"), n, observations, file.string()),
      place.has("continues") ? read_continues(place.member("continues"), n)
                             : std::vector<Rational>(n, Rational(1)),
      place.has("factors") ? read_factors(place.member("factors"), n) : std::vector<ObservedWorld::Factor>()};
  world.validate();
  return world;
}

}  // namespace lemmacheck
