#include "generate/instance_file.hpp"

#include "mdp/json_reading.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

json numbers_to_json(const std::vector<Rational>& numbers) {
  json out = json::array();
  for (const Rational& number : numbers) out.push_back(number.to_string());
  return out;
}

std::vector<Rational> numbers_from_json(const JsonPlace& place) {
  std::vector<Rational> numbers;
  for (std::size_t i = 0; i < place.array_size(); ++i) numbers.push_back(place.element(i).rational());
  return numbers;
}

json sampling_to_json(const StochasticMatrix& sampling, std::uint32_t actions) {
  json out = json::array();
  for (std::size_t e = 0; e < sampling.entries(); ++e)
    out.push_back(
        {sampling.column(e) / actions, sampling.column(e) % actions, sampling.probability(e).to_string()});
  return out;
}

StochasticMatrix sampling_from_json(const JsonPlace& place, const FiniteMdp& model) {
  StochasticMatrix::Rows rows(1);
  for (std::size_t i = 0; i < place.array_size(); ++i) {
    const JsonPlace entry = place.element(i);
    entry.require_array(3, "[state, action, \"p/q\"]");
    const std::uint32_t s = entry.element(0).index(model.state_count(), "a state");
    const std::uint32_t a = entry.element(1).index(model.action_count(), "an action");
    rows[0].push_back({s * model.action_count() + a, entry.element(2).rational()});
  }
  return StochasticMatrix(model.state_count() * model.action_count(), rows,
                          [](std::size_t) { return std::string("the sampling distribution"); });
}

/// [s, a, s', "p/q"] for each reward that is not 0.
json next_state_rewards_to_json(const Instance& instance) {
  json out = json::array();
  const std::uint32_t states = instance.model->state_count(), actions = instance.model->action_count();
  for (std::size_t i = 0; i < instance.next_state_rewards.size(); ++i)
    if (instance.next_state_rewards[i].sign() != 0)
      out.push_back({i / states / actions, i / states % actions, i % states,
                     instance.next_state_rewards[i].to_string()});
  return out;
}

std::vector<Rational> next_state_rewards_from_json(const JsonPlace& place, const FiniteMdp& model) {
  require_dense_size(model);
  const std::uint32_t states = model.state_count(), actions = model.action_count();
  std::vector<Rational> rewards(std::size_t{states} * actions * states);
  for (std::size_t i = 0; i < place.array_size(); ++i) {
    const JsonPlace entry = place.element(i);
    entry.require_array(4, "[state, action, next state, \"p/q\"]");
    const std::size_t row = std::size_t{entry.element(0).index(states, "a state")} * actions +
                            entry.element(1).index(actions, "an action");
    Rational& reward = rewards[row * states + entry.element(2).index(states, "a state")];
    if (reward.sign() != 0) entry.fail("a second reward for the same state, action and next state; keep one");
    reward = entry.element(3).rational();
  }
  return rewards;
}

/// [s, a] for each pair that is known.
json known_to_json(const std::vector<bool>& known, std::uint32_t actions) {
  json out = json::array();
  for (std::size_t i = 0; i < known.size(); ++i)
    if (known[i]) out.push_back({i / actions, i % actions});
  return out;
}

std::vector<bool> known_from_json(const JsonPlace& place, const FiniteMdp& model) {
  std::vector<bool> known(std::size_t{model.state_count()} * model.action_count());
  for (std::size_t i = 0; i < place.array_size(); ++i) {
    const JsonPlace entry = place.element(i);
    entry.require_array(2, "[state, action]");
    const State s{entry.element(0).index(model.state_count(), "a state")};
    const Action a{entry.element(1).index(model.action_count(), "an action")};
    if (known[model.row(s, a)]) entry.fail("the pair stands twice; keep one");
    known[model.row(s, a)] = true;
  }
  return known;
}

}  // namespace

json instance_to_json(const Instance& instance) {
  json out;
  out["horizon"] = instance.horizon;
  if (instance.model) out["model"] = model_to_json(*instance.model);
  if (instance.perturbed) out["perturbed"] = model_to_json(*instance.perturbed);
  for (const FiniteMdp& model : instance.model_class) out["model_class"].push_back(model_to_json(model));
  if (!instance.known.empty()) out["known"] = known_to_json(instance.known, instance.model->action_count());
  if (instance.policy) out["policy"] = policy_to_json(*instance.policy);
  if (instance.other_policy) out["other_policy"] = policy_to_json(*instance.other_policy);
  if (instance.sampling)
    out["sampling"] = sampling_to_json(*instance.sampling, instance.model->action_count());
  if (!instance.next_state_rewards.empty()) out["next_state_rewards"] = next_state_rewards_to_json(instance);
  for (const auto& [name, values] : instance.numbers) out["numbers"][name] = numbers_to_json(values);
  return out;
}

Instance instance_from_json(const json& object, const std::string& document, const std::string& pointer) {
  const JsonPlace place(object, document, pointer);
  place.allow_only({"horizon", "model", "perturbed", "model_class", "known", "policy", "other_policy",
                    "sampling", "next_state_rewards", "numbers"});
  Instance instance;
  instance.horizon = static_cast<Step>(place.member("horizon").integer(1, max_horizon, "the horizon"));
  const auto model_at = [&](const char* key) {
    return model_from_json(place.member(key).value(), document, pointer + "/" + key);
  };
  if (place.has("model")) instance.model = model_at("model");
  if (place.has("perturbed")) instance.perturbed = model_at("perturbed");
  for (const char* key :
       {"perturbed", "model_class", "known", "policy", "other_policy", "sampling", "next_state_rewards"})
    if (place.has(key) && !instance.model)
      place.fail(std::string("the key \"") + key + "\" needs a \"model\" beside it");
  if (instance.perturbed) require_same_shape(*instance.model, *instance.perturbed);
  if (place.has("model_class")) {
    const JsonPlace list = place.member("model_class");
    if (list.array_size() == 0) list.fail("the class has no model; give one, or leave the key out");
    for (std::size_t i = 0; i < list.array_size(); ++i) {
      instance.model_class.push_back(
          model_from_json(list.element(i).value(), document, pointer + "/model_class/" + std::to_string(i)));
      require_same_shape(*instance.model, instance.model_class.back());
    }
  }
  if (place.has("known")) instance.known = known_from_json(place.member("known"), *instance.model);
  const auto policy_at = [&](const char* key) {
    return policy_from_json(place.member(key).value(), instance.model->state_count(),
                            instance.model->action_count(), document, pointer + "/" + key);
  };
  if (place.has("policy")) instance.policy = policy_at("policy");
  if (place.has("other_policy")) instance.other_policy = policy_at("other_policy");
  if (place.has("sampling"))
    instance.sampling = sampling_from_json(place.member("sampling"), *instance.model);
  if (place.has("next_state_rewards"))
    instance.next_state_rewards =
        next_state_rewards_from_json(place.member("next_state_rewards"), *instance.model);
  if (place.has("numbers")) {
    const JsonPlace numbers = place.member("numbers");
    if (!numbers.value().is_object() || numbers.value().empty())
      numbers.fail("an object of named lists is expected");
    for (const auto& item : numbers.value().items())
      instance.numbers[item.key()] = numbers_from_json(numbers.member(item.key().c_str()));
  }
  return instance;
}

}  // namespace lemmacheck
