#include "mdp/enumeration.hpp"
#include "mdp/occupancy.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// sum_{h < H} (H - h) over the pairs of each trajectory, over H (H - 1) / 2.
std::vector<Rational> enumerated_weights(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  std::vector<Rational> weights(std::size_t{model.state_count()} * model.action_count());
  for_each_trajectory(model, policy, horizon - 1, [&](const Rational& probability, const auto& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      weights[rows[i]] += probability * Rational(horizon - 1 - static_cast<Step>(i)) /
                          Rational::ratio(horizon * (horizon - 1), 2);
  });
  return weights;
}

std::vector<bool> enumerated_pairs(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  std::vector<bool> pairs(std::size_t{model.state_count()} * model.action_count());
  if (horizon >= 2)
    for_each_trajectory(model, policy, horizon - 1, [&](const Rational&, const auto& rows) {
      for (const std::size_t row : rows) pairs[row] = true;
    });
  return pairs;
}

void check_pairs(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  const std::vector<bool> visited = visited_pairs(model, policy, horizon);
  CHECK(visited == enumerated_pairs(model, policy, horizon));
  // The same from the occupancy measure.
  const auto occupancy = occupancy_measure<Rational>(model, policy, horizon, model.initial());
  std::vector<bool> positive(visited.size());
  for (Step h = 1; h < horizon; ++h)
    for (const State s : model.states())
      for (const Action a : model.actions())
        if ((occupancy(h, s) * policy.table().probability(policy.row(h, s), a.value)).sign() > 0)
          positive[model.row(s, a)] = true;
  CHECK(visited == positive);
}

void check_weights(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  const std::vector<Rational> weights = weighted_occupancy<Rational>(model, policy, horizon);
  CHECK(weights == enumerated_weights(model, policy, horizon));
  Rational sum;
  const std::vector<bool> visited = visited_pairs(model, policy, horizon);
  for (std::size_t row = 0; row < weights.size(); ++row) {
    sum += weights[row];
    CHECK((weights[row].sign() > 0) == visited[row]);
  }
  CHECK(sum == Rational(1));

  const RoundUpward upward;
  const std::vector<Interval> enclosed = weighted_occupancy<Interval>(model, policy, horizon);
  for (std::size_t row = 0; row < weights.size(); ++row) CHECK(encloses(enclosed[row], weights[row]));
}

}  // namespace

TEST_CASE("visited pairs: those of some trajectory before the last step, and weights are their means",
          "[occupancy]") {
  const Sizes sizes{3, 2, 4};
  std::uint64_t index = 0;
  for (const bool varying : {false, true}) {
    for (const bool dependent : {false, true}) {
      const Domain domain =
          model_pairs({.time_varying_models = varying, .time_dependent_policy = dependent}, sizes);
      for (int i = 0; i < 40; ++i) {
        const Instance instance = drawn(domain, index++);
        INFO("instance " << index - 1);
        check_pairs(*instance.model, *instance.policy, instance.horizon);
        if (instance.horizon >= 2) check_weights(*instance.model, *instance.policy, instance.horizon);
      }
    }
  }
}

TEST_CASE("visited pairs: numbers without a common denominator", "[occupancy]") {
  for (std::uint64_t index = 0; index < 20; ++index) {
    ChoiceSource choices(PhiloxStream(23, index));
    const FiniteMdp model = draw_tiny(choices, 2, 2, false);
    const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
    const MarkovPolicy policy(matrix({{p, Rational(1) - p}, {r, Rational(1) - r}}), 2);
    REQUIRE_FALSE(policy.table().has_words());
    check_pairs(model, policy, 4);
    check_weights(model, policy, 4);
  }
}

TEST_CASE("visited pairs: the last step's actions and entries of probability 0 do not count", "[occupancy]") {
  // From 0 action 0 leads to 1, by an entry 0 also to 2.
  const FiniteMdp model =
      model_of({{{0, 1, 0}, {0, 0, 1}, {1, 0, 0}, {0, 0, 1}, {0, 0, 1}, {0, 0, 1}}}, {0, 0, 0, 0, 0, 0});
  const MarkovPolicy first(matrix({{1, 0}, {1, 0}, {1, 0}}), 3);  // with entries 0 for action 1
  using Flags = std::vector<bool>;
  CHECK(visited_pairs(model, first, 1) == Flags(6));
  CHECK(visited_pairs(model, first, 2) == Flags{true, false, false, false, false, false});
  CHECK(visited_pairs(model, first, 3) == Flags{true, false, true, false, false, false});
  CHECK(visited_pairs(model, first, 9) == Flags{true, false, true, false, false, false});
  // H = 3: weights 2 and 1 of 3.
  CHECK(weighted_occupancy<Rational>(model, first, 3) ==
        std::vector<Rational>{q("2/3"), 0, q("1/3"), 0, 0, 0});
  CHECK_THROWS_AS(weighted_occupancy<Rational>(model, first, 1), InternalError);
}
