#include "mdp/model_file.hpp"

#include <optional>

#include "mdp/json_reading.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;
constexpr std::int64_t most_states = 1'000'000;
constexpr std::int64_t most_actions = 10'000;

std::string row_name(std::optional<Step> h, std::size_t row, std::uint32_t actions) {
  return "row (" + (h ? "h=" + std::to_string(*h) + ", " : "") + "s=" + std::to_string(row / actions) +
         ", a=" + std::to_string(row % actions) + ")";
}

StochasticMatrix read_initial(const JsonPlace& place, std::uint32_t states) {
  StochasticMatrix::Rows rows(1);
  for (std::size_t i = 0; i < place.array_size(); ++i) {
    const JsonPlace entry = place.element(i);
    entry.require_array(2, "[state, \"p/q\"]");
    rows[0].push_back({entry.element(0).index(states, "a state"), entry.element(1).rational()});
  }
  try {
    return StochasticMatrix(states, rows,
                            [](std::size_t) { return std::string("the initial distribution"); });
  } catch (const InvalidInput& e) {
    place.fail(e.what());
  }
}

std::vector<StochasticMatrix> read_kernels(const JsonPlace& place, std::uint32_t states,
                                           std::uint32_t actions) {
  const std::size_t row_count = std::size_t{states} * actions;
  const std::size_t size = place.array_size();
  if (size < row_count)
    place.fail(
        "has " + std::to_string(size) + " entries, but each of the " + std::to_string(row_count) +
        " (state, action) rows needs at least one; a terminal state returns to itself with probability 1");
  const bool varying = place.element(0).value().is_array() && place.element(0).value().size() == 5;
  const char* form = varying ? "[step, state, action, next state, \"p/q\"] like the first one"
                             : "[state, action, next state, \"p/q\"]";
  std::vector<StochasticMatrix::Rows> steps;
  for (std::size_t i = 0; i < size; ++i) {
    const JsonPlace entry = place.element(i);
    const std::size_t at = varying ? 1 : 0;
    entry.require_array(at + 4, form);
    const auto highest_step = static_cast<std::int64_t>(size / row_count);
    const auto h =
        varying ? static_cast<std::size_t>(entry.element(0).integer(1, highest_step, "a step")) : 1;
    if (steps.size() < h) steps.resize(h, StochasticMatrix::Rows(row_count));
    const std::size_t s = entry.element(at).index(states, "a state");
    const std::size_t a = entry.element(at + 1).index(actions, "an action");
    const std::uint32_t next = entry.element(at + 2).index(states, "a state");
    auto& row = steps[h - 1][s * actions + a];
    for (const auto& other : row)
      if (other.column == next)
        entry.fail(
            "a second entry of " +
            row_name(varying ? std::optional(static_cast<Step>(h)) : std::nullopt, s * actions + a, actions) +
            " for the next state " + std::to_string(next) + "; add the two probabilities");
    row.push_back({next, entry.element(at + 3).rational()});
  }
  std::vector<StochasticMatrix> kernels;
  for (std::size_t h = 0; h < steps.size(); ++h) {
    try {
      kernels.emplace_back(states, steps[h], [&](std::size_t row) {
        return row_name(varying ? std::optional(static_cast<Step>(h + 1)) : std::nullopt, row, actions);
      });
    } catch (const InvalidInput& e) {
      place.fail(e.what());
    }
  }
  return kernels;
}

RewardTable read_rewards(const JsonPlace& place, std::uint32_t states, std::uint32_t actions) {
  std::vector<std::optional<Rational>> given(std::size_t{states} * actions);
  for (std::size_t i = 0; i < place.array_size(); ++i) {
    const JsonPlace entry = place.element(i);
    entry.require_array(3, "[state, action, \"p/q\"]");
    const std::size_t row = std::size_t{entry.element(0).index(states, "a state")} * actions +
                            entry.element(1).index(actions, "an action");
    if (given[row]) entry.fail("a second reward for " + row_name(std::nullopt, row, actions) + "; keep one");
    given[row] = entry.element(2).rational();
  }
  std::vector<Rational> rewards;
  rewards.reserve(given.size());
  for (auto& reward : given) rewards.push_back(reward.value_or(Rational(0)));
  return RewardTable(states, actions, std::move(rewards));
}

std::vector<std::string> read_names(const JsonPlace& model, const char* key, std::size_t count) {
  std::vector<std::string> names;
  if (!model.has(key)) return names;
  const JsonPlace place = model.member(key);
  if (place.array_size() != count)
    place.fail("has " + std::to_string(place.array_size()) + " names, expected " + std::to_string(count));
  for (std::size_t i = 0; i < count; ++i) names.push_back(place.element(i).text("a name"));
  return names;
}

json triples(const StochasticMatrix& matrix, std::uint32_t per_state, std::optional<Step> h, json out) {
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    for (std::size_t e = matrix.row_begin(row); e != matrix.row_end(row); ++e) {
      json entry = json::array();
      if (h) entry.push_back(*h);
      entry.push_back(row / per_state);
      entry.push_back(row % per_state);
      entry.push_back(matrix.column(e));
      entry.push_back(matrix.probability(e).to_string());
      out.push_back(std::move(entry));
    }
  }
  return out;
}

}  // namespace

FiniteMdp model_from_json(const json& object, const std::string& document, const std::string& pointer) {
  const JsonPlace place(object, document, pointer);
  place.allow_only({"name", "states", "actions", "initial", "transitions", "rewards", "horizon",
                    "state_names", "action_names"});
  const auto states =
      static_cast<std::uint32_t>(place.member("states").integer(1, most_states, "the number of states"));
  const auto actions =
      static_cast<std::uint32_t>(place.member("actions").integer(1, most_actions, "the number of actions"));
  FiniteMdp::Names names;
  if (place.has("name")) names.model = place.member("name").text("the name");
  if (place.has("horizon"))
    names.horizon = static_cast<int>(place.member("horizon").integer(1, max_horizon, "the horizon"));
  names.states = read_names(place, "state_names", states);
  names.actions = read_names(place, "action_names", actions);
  auto kernels = read_kernels(place.member("transitions"), states, actions);
  FiniteMdp model(read_initial(place.member("initial"), states), std::move(kernels),
                  read_rewards(place.member("rewards"), states, actions), states, actions);
  model.names = std::move(names);
  return model;
}

FiniteMdp read_model_file(const std::filesystem::path& file) {
  return model_from_json(read_json_file(file), file.string());
}

json model_to_json(const FiniteMdp& model) {
  json out;
  if (!model.names.model.empty()) out["name"] = model.names.model;
  out["states"] = model.state_count();
  out["actions"] = model.action_count();
  out["initial"] = json::array();
  for (std::size_t e = 0; e < model.initial().entries(); ++e)
    out["initial"].push_back({model.initial().column(e), model.initial().probability(e).to_string()});
  json transitions = json::array();
  for (std::size_t h = 0; h < model.kernels().size(); ++h)
    transitions = triples(model.kernels()[h], model.action_count(),
                          model.time_varying() ? std::optional(static_cast<Step>(h + 1)) : std::nullopt,
                          std::move(transitions));
  out["transitions"] = std::move(transitions);
  out["rewards"] = json::array();
  for (const State s : model.states())
    for (const Action a : model.actions())
      if (const Rational reward = model.rewards()(s, a); reward.sign() != 0)
        out["rewards"].push_back({s.value, a.value, reward.to_string()});
  if (model.names.horizon != 0) out["horizon"] = model.names.horizon;
  if (!model.names.states.empty()) out["state_names"] = model.names.states;
  if (!model.names.actions.empty()) out["action_names"] = model.names.actions;
  return out;
}

MarkovPolicy policy_from_json(const json& array, std::uint32_t states, std::uint32_t actions,
                              const std::string& document, const std::string& pointer) {
  const JsonPlace place(array, document, pointer);
  const std::size_t size = place.array_size();
  if (size == 0) place.fail("is empty; each state needs an action, [state, action, \"p/q\"]");
  const bool timed = place.element(0).value().is_array() && place.element(0).value().size() == 4;
  const char* form = timed ? "[step, state, action, \"p/q\"] like the first one" : "[state, action, \"p/q\"]";
  StochasticMatrix::Rows rows(states);
  for (std::size_t i = 0; i < size; ++i) {
    const JsonPlace entry = place.element(i);
    const std::size_t at = timed ? 1 : 0;
    entry.require_array(at + 3, form);
    const auto highest_step = static_cast<std::int64_t>(size / states);
    const auto h = timed ? static_cast<std::size_t>(entry.element(0).integer(1, highest_step, "a step")) : 1;
    if (rows.size() < h * states) rows.resize(h * states);
    const std::size_t s = entry.element(at).index(states, "a state");
    rows[(h - 1) * states + s].push_back(
        {entry.element(at + 1).index(actions, "an action"), entry.element(at + 2).rational()});
  }
  try {
    return MarkovPolicy(
        StochasticMatrix(actions, rows,
                         [&](std::size_t row) {
                           return "the policy at (" +
                                  (timed ? "h=" + std::to_string(row / states + 1) + ", " : "") +
                                  "s=" + std::to_string(row % states) + ")";
                         }),
        states);
  } catch (const InvalidInput& e) {
    place.fail(e.what());
  }
}

MarkovPolicy read_policy_file(const std::filesystem::path& file, const FiniteMdp& model) {
  const json document = read_json_file(file);
  const JsonPlace place(document, file.string());
  place.allow_only({"policy"});
  return policy_from_json(place.member("policy").value(), model.state_count(), model.action_count(),
                          file.string(), "/policy");
}

json policy_to_json(const MarkovPolicy& policy) {
  const StochasticMatrix& table = policy.table();
  json out = json::array();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t e = table.row_begin(row); e != table.row_end(row); ++e) {
      json entry = json::array();
      if (!policy.stationary()) entry.push_back(row / policy.state_count() + 1);
      entry.push_back(row % policy.state_count());
      entry.push_back(table.column(e));
      entry.push_back(table.probability(e).to_string());
      out.push_back(std::move(entry));
    }
  }
  return out;
}

}  // namespace lemmacheck
