// The families against values and optima by enumeration, and their edges.
#include <algorithm>

#include "adversary/extremal_families.hpp"
#include "mdp/enumeration.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// B(delta, H) in closed form; its limit 0 at delta = 0.
Rational sharp(const Rational& delta, Step horizon) {
  if (delta.sign() == 0) return 0;
  return Rational(horizon) - (Rational(1) - pow(Rational(1) - delta, static_cast<unsigned>(horizon))) / delta;
}

const std::vector<Rational>& deltas() {
  static const std::vector<Rational> all = {q("1/100"), q("1/10"), q("1/4"), q("1/3"), q("1/2"), q("3/4"), 1};
  return all;
}

/// sum_x max(p(x) - q(x), 0) over dense rows.
Rational row_variation(const FiniteMdp& a, const FiniteMdp& b, std::size_t row) {
  Rational sum;
  for (const State s : a.states())
    sum += max(a.kernel(1).probability(row, s.value) - b.kernel(1).probability(row, s.value), 0);
  return sum;
}

/// max over policies of the return in the world, less what the policy earns there.
Rational regret(const Instance& fork) {
  const OptimalPlan best = optimal_plan(*fork.model, fork.horizon);
  return expected_value<Rational>(*fork.model, best.values) -
         policy_return(*fork.model, *fork.policy, fork.horizon);
}

struct Enumerated {
  Rational best_in_model, best_in_world, own_in_model, own_in_world;
  /// Of the policies that are best in the model: the least and the most that they earn in the world.
  std::optional<Rational> least, most;
};

Enumerated enumerated(const Instance& fork) {
  const Step horizon = fork.horizon;
  Enumerated result;
  const auto policies = all_policies(fork.model->state_count(), fork.model->action_count(), horizon);
  std::vector<Rational> in_model, in_world;
  for (const MarkovPolicy& policy : policies) {
    in_model.push_back(enumerated_return(*fork.perturbed, policy, horizon));
    in_world.push_back(enumerated_return(*fork.model, policy, horizon));
  }
  result.best_in_model = *std::max_element(in_model.begin(), in_model.end());
  result.best_in_world = *std::max_element(in_world.begin(), in_world.end());
  for (std::size_t i = 0; i < policies.size(); ++i) {
    if (in_model[i] != result.best_in_model) continue;
    result.least = result.least ? min(*result.least, in_world[i]) : in_world[i];
    result.most = result.most ? max(*result.most, in_world[i]) : in_world[i];
  }
  result.own_in_model = enumerated_return(*fork.perturbed, *fork.policy, horizon);
  result.own_in_world = enumerated_return(*fork.model, *fork.policy, horizon);
  return result;
}

}  // namespace

TEST_CASE("fork: the root's and the arms' rows differ by delta, the others not at all", "[adversary]") {
  for (Step horizon = 2; horizon <= 8; ++horizon) {
    for (const Rational& delta : deltas()) {
      const Instance fork = certainty_equivalence_fork(delta, horizon);
      REQUIRE((fork.model->state_count() == 5 && fork.model->action_count() == 2));
      INFO("H = " << horizon << ", delta = " << delta.to_string());
      for (std::size_t row = 0; row < 10; ++row)
        CHECK(row_variation(*fork.model, *fork.perturbed, row) == (row < 6 ? delta : Rational(0)));
      CHECK(fork.model->rewards() == fork.perturbed->rewards());
      CHECK(
          (fork.model->rewards().lowest() == Rational(0) && fork.model->rewards().highest() == Rational(1)));
    }
  }
}

TEST_CASE("fork: the regret is min(H, 2B) for every horizon and distance", "[adversary]") {
  for (Step horizon = 1; horizon <= 8; ++horizon) {
    for (const Rational& delta : deltas()) {
      INFO("H = " << horizon << ", delta = " << delta.to_string());
      const Instance fork = certainty_equivalence_fork(delta, horizon);
      const Rational bound = sharp(delta, horizon);
      CHECK(regret(fork) == min(Rational(horizon), Rational(2) * bound));
      // The second arm is worth B in the model and nothing in the world, whichever side of H 2 B lies on.
      CHECK(policy_return(*fork.perturbed, *fork.policy, horizon) == bound);
      CHECK(policy_return(*fork.model, *fork.policy, horizon) == Rational(0));
      // The model's optimum is a tie at the root up to 2 B = H, and the second arm alone beyond.
      const OptimalActions actions = optimal_plan(*fork.perturbed, horizon).actions;
      CHECK(actions.contains(1, State{0}, Action{1}));
      CHECK(actions.contains(1, State{0}, Action{0}) == (Rational(2) * bound <= Rational(horizon)));
    }
  }
}

TEST_CASE("fork: with two steps every policy has been tried", "[adversary]") {
  for (const Rational& delta : deltas()) {
    INFO("delta = " << delta.to_string());
    const Enumerated tie = enumerated(certainty_equivalence_fork(delta, 2));
    const Rational twice = Rational(2) * delta;  // B(delta, 2) = delta, and 2 delta <= H = 2
    CHECK(tie.own_in_model == tie.best_in_model);
    CHECK(tie.best_in_world - tie.own_in_world == twice);
    // By a tie: some policies that are optimal in the model lose nothing, others 2 B.
    CHECK((*tie.least == tie.own_in_world && *tie.most == tie.best_in_world));

    const Rational margin = delta / Rational(7);
    const Enumerated strict = enumerated(certainty_equivalence_fork(delta, 2, margin));
    CHECK(strict.own_in_model == strict.best_in_model);
    CHECK(strict.best_in_world - strict.own_in_world == twice - margin);
    // Unique on its path: whatever is optimal in the model earns the same in the world.
    CHECK((*strict.least == strict.own_in_world && *strict.most == strict.own_in_world));
  }
}

TEST_CASE("fork: beyond 2 B = H every policy that is optimal in the model earns nothing", "[adversary]") {
  // B(3/4, 3) = 3 - (1 - 1/64) 4/3 = 27/16, and 27/8 > 3: the regret is all of H.
  const Enumerated fork = enumerated(certainty_equivalence_fork(q("3/4"), 3));
  CHECK(fork.own_in_model == fork.best_in_model);
  CHECK(fork.best_in_world - fork.own_in_world == Rational(3));
  CHECK((*fork.least == Rational(0) && *fork.most == Rational(0)));
}

TEST_CASE("fork: a margin costs as much regret, until the first arm pays nothing", "[adversary]") {
  // c' = (B - margin) / (H - B) >= 0, so that the first arm earns 2 B - margin in the world; from margin = B
  // on c' = 0, and it earns B. Where 2 B > H there is no tie that a margin could break.
  for (Step horizon = 2; horizon <= 8; ++horizon) {
    for (const Rational& delta : deltas()) {
      const Rational bound = sharp(delta, horizon);
      const bool tie = Rational(2) * bound <= Rational(horizon);
      for (const Rational& part : {q("1/1000"), q("1/2"), q("1"), q("3")}) {
        const Rational margin = part * bound;
        const Instance fork = certainty_equivalence_fork(delta, horizon, margin);
        INFO("H = " << horizon << ", delta = " << delta.to_string() << ", margin " << part.to_string()
                    << " B");
        CHECK(regret(fork) == (tie ? Rational(2) * bound - min(margin, bound) : Rational(horizon)));
        const OptimalPlan best = optimal_plan(*fork.perturbed, horizon);
        CHECK(policy_return(*fork.perturbed, *fork.policy, horizon) ==
              expected_value<Rational>(*fork.perturbed, best.values));
        CHECK(best.actions.lowest(1, State{0}) == Action{1});
        // The lead in the model: the second arm less the first, (H - B) c'.
        const std::uint32_t other_arm[] = {0, 0, 0, 0, 0};
        const Rational other =
            policy_return(*fork.perturbed, MarkovPolicy::deterministic(other_arm, 5, 2), horizon);
        if (tie) CHECK(bound - other == min(margin, bound));
      }
    }
  }
}

TEST_CASE("leak chain: the two returns differ by B", "[adversary]") {
  for (Step horizon = 1; horizon <= 8; ++horizon) {
    for (const Rational& delta : deltas()) {
      const Instance chain = lemmacheck::leak_chain(delta, horizon);
      INFO("H = " << horizon << ", delta = " << delta.to_string());
      CHECK(row_variation(*chain.model, *chain.perturbed, 0) == delta);
      CHECK(row_variation(*chain.model, *chain.perturbed, 1) == Rational(0));
      CHECK(enumerated_return(*chain.model, *chain.policy, horizon) == Rational(horizon));
      CHECK(enumerated_return(*chain.perturbed, *chain.policy, horizon) ==
            Rational(horizon) - sharp(delta, horizon));
    }
  }
}

TEST_CASE("extremal families: no distance, no difference", "[adversary]") {
  for (const Instance& instance : {certainty_equivalence_fork(0, 4), lemmacheck::leak_chain(0, 4)}) {
    CHECK(same_process(*instance.model, *instance.perturbed));
    CHECK(regret(instance) == Rational(0));
  }
}

TEST_CASE("extremal families: a distance outside [0, 1] or a horizon below 1 is refused", "[adversary]") {
  for (const Rational& delta : {q("-1/2"), q("-1/1000000"), q("1000001/1000000"), q("2")}) {
    INFO(delta.to_string());
    const std::string expected =
        "the total variation is " + delta.to_string() + "; it must be between 0 and 1";
    CHECK(contains(message_of([&] { certainty_equivalence_fork(delta, 3); }), expected));
    CHECK(contains(message_of([&] { lemmacheck::leak_chain(delta, 3); }), expected));
  }
  for (const Step horizon : {0, -1, max_horizon + 1}) {
    CHECK(contains(message_of([&] { certainty_equivalence_fork(q("1/2"), horizon); }), "the horizon is"));
    CHECK(contains(message_of([&] { lemmacheck::leak_chain(q("1/2"), horizon); }), "the horizon is"));
  }
}

TEST_CASE("extremal families: a padded and rescaled fork has its regret times the rewards' range",
          "[adversary]") {
  for (const Step horizon : {2, 3, 6}) {
    for (const Rational& delta : {q("1/10"), q("1/2"), q("1")}) {
      const Instance fork = certainty_equivalence_fork(delta, horizon);
      for (const auto& [lowest, highest] : {std::pair(q("-1"), q("2")), std::pair(q("1/3"), q("1/2"))}) {
        const Instance mapped = rescaled(padded(fork, 7, 4), lowest, highest);
        INFO("H = " << horizon << ", delta = " << delta.to_string() << ", [" << lowest.to_string() << ", "
                    << highest.to_string() << "]");
        CHECK((mapped.model->state_count() == 7 && mapped.perturbed->action_count() == 4));
        CHECK(regret(mapped) == (highest - lowest) * regret(fork));
        CHECK(policy_return(*mapped.perturbed, *mapped.policy, horizon) ==
              expected_value<Rational>(*mapped.perturbed, optimal_plan(*mapped.perturbed, horizon).values));
        for (const State s : mapped.model->states())
          for (const Action a : mapped.model->actions())
            CHECK(row_variation(*mapped.model, *mapped.perturbed, mapped.model->row(s, a)) ==
                  (s.value < 3 ? delta : Rational(0)));
        CHECK((mapped.model->rewards().lowest() == lowest && mapped.model->rewards().highest() == highest));
      }
    }
  }
}
