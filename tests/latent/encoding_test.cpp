#include "latent/encoding.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "generate/domain_checks.hpp"
#include "latent/encoded_worlds.hpp"
#include "latent/objective_table.hpp"
#include "mdp/enumeration.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// The states of a trajectory's rows, and its actions.
std::uint32_t state_of(const FiniteMdp& world, std::size_t row) {
  return static_cast<std::uint32_t>(row / world.action_count());
}
std::uint32_t action_of(const FiniteMdp& world, std::size_t row) {
  return static_cast<std::uint32_t>(row % world.action_count());
}

using Key = std::vector<std::uint32_t>;
using Joint = std::map<std::pair<Key, Key>, Rational>;

/// H(second | first) from its definition, in two entropies.
LogForm entropy_difference(const Joint& joint) {
  std::map<Key, Rational> given;
  LogForm both, first;
  for (const auto& [key, chance] : joint) {
    given[key.first] += chance;
    both -= chance * LogForm::log(chance);
  }
  for (const auto& [key, chance] : given) first -= chance * LogForm::log(chance);
  return both - first;
}

/// (codes and action of a trajectory's step) -> what is to be predicted, all steps with equal weight.
template <class Predict>
LogForm enumerated_loss(const Instance& instance, Step steps, Predict&& predict) {
  Joint joint;
  for_each_trajectory(*instance.model, *instance.policy, instance.horizon,
                      [&](const Rational& probability, const std::vector<std::size_t>& rows) {
                        for (Step t = 0; t < steps; ++t)
                          joint[predict(rows, static_cast<std::size_t>(t))] += probability / Rational(steps);
                      });
  return entropy_difference(joint);
}

FiniteMdp deterministic_world(const std::vector<std::uint32_t>& next) {
  const auto states = static_cast<std::uint32_t>(next.size() / 2);
  const std::vector<std::uint64_t> rewards(next.size(), 0);
  const std::uint32_t start[] = {0};
  return FiniteMdp(StochasticMatrix::deterministic(states, start),
                   {StochasticMatrix::deterministic(states, next)},
                   RewardTable(states, 2, rewards, 1, Rational(0)), states, 2);
}

/// One of all encoders in turn.
Encoder some_encoder(std::uint32_t states, std::uint64_t i) {
  const std::vector<Encoder> all = every_encoder(states, states);
  return all[i % all.size()];
}

}  // namespace

TEST_CASE("encoders: all partitions, each once, in the order of restricted growth", "[latent]") {
  const std::size_t bell[] = {1, 1, 2, 5, 15, 52, 203, 877, 4140};
  for (std::uint32_t n = 1; n <= 8; ++n) {
    const std::vector<Encoder> all = every_encoder(n, n);
    CHECK(all.size() == bell[n]);
    CHECK(std::set<Encoder>(all.begin(), all.end()).size() == all.size());
    CHECK(all.front() == constant_encoder(n));
    CHECK(std::count(all.begin(), all.end(), injective_encoder(n)) == 1);
  }
  CHECK(every_encoder(8, 2).size() == 128);  // 1 + S(8, 2)
  CHECK(every_encoder(5, 3).size() == 41);   // 1 + 15 + 25
  CHECK(code_count({0, 1, 0, 2}) == 3);
  CHECK_THROWS_AS(every_encoder(9, 2), InvalidInput);
}

TEST_CASE("encoders: losses are those of all trajectories", "[latent]") {
  int stochastic = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const Instance instance = member(behaved_worlds(), i);
    const FiniteMdp& world = *instance.model;
    const Encoder e = some_encoder(world.state_count(), i);
    const Step horizon = instance.horizon;
    const BehaviourData data(world, *instance.policy, horizon, 3);
    INFO("instance " << i);
    CHECK(data.reconstruction_loss(e) ==
          enumerated_loss(instance, horizon, [&](const auto& rows, std::size_t t) {
            const std::uint32_t s = state_of(world, rows[t]);
            return std::pair(Key{e[s]}, Key{s});
          }));
    CHECK(data.latent_consistency(e) ==
          enumerated_loss(instance, horizon - 1, [&](const auto& rows, std::size_t t) {
            return std::pair(Key{e[state_of(world, rows[t])], action_of(world, rows[t])},
                             Key{e[state_of(world, rows[t + 1])]});
          }));
    for (Step k = 1; k <= 3; ++k)
      CHECK(data.inverse_loss(e, k) ==
            enumerated_loss(instance, std::max(horizon - k, 0), [&](const auto& rows, std::size_t t) {
              const std::uint32_t later = state_of(world, rows[t + static_cast<std::size_t>(k)]);
              return std::pair(Key{e[state_of(world, rows[t])], e[later]}, Key{action_of(world, rows[t])});
            }));
    // I(Z; X) = H(Z) = H(X) - H(X | Z).
    const Encoder all = injective_encoder(world.state_count()), none = constant_encoder(world.state_count());
    CHECK(data.information(e, all) == data.reconstruction_loss(none) - data.reconstruction_loss(e));
    CHECK(data.information(e, none) == LogForm(0));
    stochastic += data.latent_consistency(all).sign() > 0 ? 1 : 0;
  }
  CHECK(stochastic > 5);
}

TEST_CASE("encoders: the reward head's loss is the least over a grid of heads", "[latent]") {
  for (std::uint64_t i = 0; i < 40; ++i) {
    const Instance instance = member(behaved_worlds(), i);
    const FiniteMdp& world = *instance.model;
    const Encoder e = some_encoder(world.state_count(), i);
    // E r^2 - sum over heads of (E r 1)^2 / P, from trajectories.
    std::map<Key, std::pair<Rational, Rational>> heads;
    Rational square;
    for_each_trajectory(
        world, *instance.policy, instance.horizon, [&](const Rational& probability, const auto& rows) {
          for (const std::size_t row : rows) {
            const Rational share = probability / Rational(instance.horizon);
            const Rational r = world.rewards()(State{state_of(world, row)}, Action{action_of(world, row)});
            auto& [mass, sum] = heads[{e[state_of(world, row)], action_of(world, row)}];
            mass += share;
            sum += share * r;
            square += share * r * r;
          }
        });
    for (const auto& [key, head] : heads) square -= head.second * head.second / head.first;
    CHECK(BehaviourData(world, *instance.policy, instance.horizon).reward_loss(e) == square);
  }
}

TEST_CASE("encoders: a finer code is worth no less, and the finest all that stationary policies are",
          "[latent]") {
  for (std::uint64_t i = 0; i < 40; ++i) {
    const Instance instance = member(behaved_worlds(), i);
    const FiniteMdp& world = *instance.model;
    const std::uint32_t n = world.state_count();
    const Rational constant = best_return(world, constant_encoder(n), instance.horizon),
                   finest = best_return(world, injective_encoder(n), instance.horizon);
    for (const Encoder& e : every_encoder(n, n)) {
      const Rational value = best_return(world, e, instance.horizon);
      CHECK((constant <= value && value <= finest));
    }
    Rational most;
    for (const MarkovPolicy& policy : all_policies(n, world.action_count(), 1))
      most = max(most, enumerated_return(world, policy, instance.horizon));
    CHECK(finest == most);
  }
}

TEST_CASE("encoders: the model by averages has no error just where members agree", "[latent]") {
  for (std::uint64_t i = 0; i < 40; ++i) {
    const Instance world = member(behaved_worlds(), i);
    const LatentAverage same = latent_average(*world.model, injective_encoder(world.model->state_count()));
    CHECK((same.reward_error.sign() == 0 && same.l1_error.sign() == 0));
  }
  // 1 and 2 stay within {1, 2}, each in its way.
  const LatentAverage exact = latent_average(deterministic_world({0, 0, 1, 2, 2, 1}), {0, 1, 1});
  CHECK((exact.reward_error.sign() == 0 && exact.l1_error.sign() == 0));
  // 0 stays, 1 goes to 0 or stays by its action; merged, action 1 leads half of the mass away from each.
  const FiniteMdp world = deterministic_world({0, 0, 0, 1, 2, 2});
  const LatentAverage latent = latent_average(world, {0, 1, 1});
  CHECK(latent.model.kernel(1).probability(2, 0) == Rational::ratio(1, 2));  // from {1, 2} by action 0
  CHECK(latent.l1_error == Rational(1));
}

TEST_CASE("encoders: in the driving world two codes of a decoder keep the leaves alone", "[latent]") {
  const EncodingProblem driving = driving_world();
  const std::vector<ObjectiveRow> rows = objective_table(driving);
  const ObjectiveRow& decoder = rows.front();
  CHECK(decoder.objective == "reconstruction");
  CHECK(decoder.ties == 8);
  const BehaviourData data(driving.world, driving.behaviour, driving.horizon);
  int best = 0;
  for (const Encoder& e : every_encoder(8, 2)) {
    if (data.reconstruction_loss(e) != decoder.loss) continue;
    ++best;
    CHECK(data.information(e, driving.factors[0].code) == LogForm(0));
    CHECK(data.information(e, driving.factors[1].code) == LogForm(0));
  }
  CHECK(best == 8);
  CHECK(decoder.kept[2] == LogForm::log(2));
  CHECK(decoder.value == Rational::ratio(32, 15));  // always going: 4 (4/5) (2/3)
  for (const ObjectiveRow& row : rows) {
    CHECK(row.value <= full_value(driving));
    CHECK(row.planned_value <= full_value(driving));
    if (row.objective == "latent consistency") CHECK(code_count(row.encoder) == 1);
    if (row.objective == "inverse dynamics, one step") CHECK(row.kept[1] == LogForm(0));
    if (row.objective == "value-equivalence error") CHECK(row.kept[1].sign() > 0);
  }
}

TEST_CASE("encoded worlds: every choice sequence decodes to a member", "[latent]") {
  check_every_sequence_is_a_member(behaved_worlds());
  check_classes_are_reached(behaved_worlds());
  check_json_round_trip(behaved_worlds());
}

TEST_CASE("encoded worlds: what does not belong is objected to", "[latent]") {
  const auto objection = [](const Domain& domain, auto&& edit) {
    for (std::uint64_t i = 0;; ++i) {
      Instance instance = member(domain, i);
      if (instance.model->state_count() < 2) continue;
      edit(instance);
      return domain.objection(instance).value_or("none");
    }
  };
  CHECK(contains(objection(behaved_worlds(), [](Instance& x) { x.numbers["more"] = {1}; }),
                 "does not speak of"));
  CHECK(contains(objection(behaved_worlds(), [](Instance& x) { x.policy.reset(); }), "behaviour policy"));
}
