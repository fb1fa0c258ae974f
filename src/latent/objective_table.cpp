#include "latent/objective_table.hpp"

#include <functional>

#include "mdp/exact_values.hpp"

namespace lemmacheck {
namespace {

using Loss = std::function<LogForm(const Encoder&)>;

struct Objective {
  std::string name;
  Loss loss;
};

std::vector<Objective> objectives_of(const EncodingProblem& problem, const BehaviourData& data) {
  const auto bisimulation = [&](const Encoder& encoder) {
    const LatentAverage latent = latent_average(problem.world, encoder);
    return LogForm(latent.reward_error + latent.l1_error);
  };
  const auto value_error = [&,
                            best = best_return(problem.world, injective_encoder(problem.world.state_count()),
                                               problem.horizon)](const Encoder& encoder) {
    return LogForm(best - best_return(problem.world, encoder, problem.horizon));
  };
  const auto windows = [&](const Encoder& encoder) {
    LogForm sum;
    for (Step k = 1; k < problem.horizon; ++k) sum += data.inverse_loss(encoder, k);
    return sum;
  };
  return {
      {"reconstruction", [&](const Encoder& e) { return data.reconstruction_loss(e); }},
      {"latent consistency", [&](const Encoder& e) { return data.latent_consistency(e); }},
      {"consistency + reward",
       [&](const Encoder& e) { return data.latent_consistency(e) + LogForm(data.reward_loss(e)); }},
      {"consistency + decoder",
       [&](const Encoder& e) { return data.latent_consistency(e) + data.reconstruction_loss(e); }},
      {"inverse dynamics, one step", [&](const Encoder& e) { return data.inverse_loss(e); }},
      {"inverse dynamics, all windows", windows},
      {"bisimulation error", bisimulation},
      {"value-equivalence error", value_error},
  };
}

/// What the optimal plan of the latent model by averages earns in the world.
Rational planned_value(const EncodingProblem& problem, const Encoder& encoder) {
  const LatentAverage latent = latent_average(problem.world, encoder);
  const OptimalPlan plan = optimal_plan(latent.model, problem.horizon);
  std::vector<std::uint32_t> taken;
  for (Step h = 1; h <= problem.horizon; ++h)
    for (const State s : problem.world.states())
      taken.push_back(plan.actions.lowest(h, State{encoder[s.value]}).value);
  return policy_return(
      problem.world,
      MarkovPolicy::deterministic(taken, problem.world.state_count(), problem.world.action_count()),
      problem.horizon);
}

ObjectiveRow chosen(const Objective& objective, const std::vector<Encoder>& encoders) {
  ObjectiveRow row;
  row.objective = objective.name;
  for (const Encoder& encoder : encoders) {
    LogForm loss = objective.loss(encoder);
    const bool first = row.ties == 0;
    if (!first && loss > row.loss) continue;
    const bool equal = !first && loss == row.loss;
    row.ties = equal ? row.ties + 1 : 1;
    if (!equal || code_count(encoder) < code_count(row.encoder)) row.encoder = encoder;
    row.loss = std::move(loss);
  }
  return row;
}

}  // namespace

Rational full_value(const EncodingProblem& problem) {
  return expected_value<Rational>(problem.world, optimal_plan(problem.world, problem.horizon).values);
}

std::vector<ObjectiveRow> objective_table(const EncodingProblem& problem) {
  const std::vector<Encoder> encoders = every_encoder(problem.world.state_count(), problem.codes);
  const BehaviourData data(problem.world, problem.behaviour, problem.horizon, problem.horizon - 1);
  const std::vector<Objective> objectives = objectives_of(problem, data);
  std::vector<ObjectiveRow> rows;
  for (const Objective& objective : objectives) {
    ObjectiveRow row = chosen(objective, encoders);
    for (const EncodingProblem::Factor& factor : problem.factors)
      row.kept.push_back(data.information(row.encoder, factor.code));
    row.value = best_return(problem.world, row.encoder, problem.horizon);
    row.planned_value = planned_value(problem, row.encoder);
    rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const ObjectiveRow& other : rows) rows[i].losses.push_back(objectives[i].loss(other.encoder));
  return rows;
}

EncodingProblem driving_world() {
  constexpr std::uint32_t states = 8, wait = 0, actions = 2;
  const auto lane = [](std::uint32_t s) { return s / 4; };
  const auto light = [](std::uint32_t s) { return s / 2 % 2; };
  const auto leaves = [](std::uint32_t s) { return s % 2; };
  const std::uint64_t lanes[] = {1, 4}, lights[] = {1, 2};  // of 5, of 3; leaves are even
  std::vector<std::uint64_t> start, counts, rewards;
  for (std::uint32_t s = 0; s < states; ++s) {
    start.push_back(lanes[lane(s)] * lights[light(s)]);
    for (std::uint32_t a = 0; a < actions; ++a) {
      for (std::uint32_t t = 0; t < states; ++t) {
        const std::uint64_t stays = lane(s) == lane(t) ? 5 : 0;
        counts.push_back((a == wait ? stays : lanes[lane(t)]) * lights[light(t)]);
      }
      const bool pays = a != wait && light(s) == 1 && lane(s) == 1;
      rewards.push_back(a == wait ? 1 : pays ? 2 : 0);
    }
  }
  EncodingProblem problem{
      FiniteMdp(StochasticMatrix(states, start, 30), {StochasticMatrix(states, counts, 30)},
                RewardTable(states, actions, rewards, 2, Rational(0)), states, actions),
      MarkovPolicy::uniform(states, actions),
      4,
      2,
      {}};
  EncodingProblem::Factor own{"lane", {}}, signal{"light", {}}, wind{"leaves", {}};
  for (std::uint32_t s = 0; s < states; ++s) {
    own.code.push_back(lane(s));
    signal.code.push_back(light(s));
    wind.code.push_back(leaves(s));
  }
  problem.factors = {own, signal, wind};
  return problem;
}

}  // namespace lemmacheck
