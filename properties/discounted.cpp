// The same questions under a discount, for an infinite horizon: what is commonly written, and what is sharp.
//
// Rewards are in [0, 1], V^pi solves V = r_pi + gamma T_pi V, d is the largest total variation of two rows,
// epsilon = 2 d the largest L1 distance, and
//     B = gamma d / ((1 - gamma) (1 - gamma (1 - d)))
// the largest |V - V'| of one policy. Norms are maxima over states; claims compare state by state.
#include "mdp/discounted.hpp"
#include "adversary/discounted_domains.hpp"
#include "common.hpp"

namespace lemmacheck {
namespace {

using Values = std::vector<Rational>;

const std::vector<std::string> pair_of_models = {"shared rewards in [0, 1]", "stationary kernels",
                                                 "stationary policy", "discount in [0, 1)"};
const std::vector<std::string> one_model = {"rewards in [0, 1]", "stationary kernel", "discount in [0, 1)"};

Rational discount_of(const View<Rational>& x) {
  return x.numbers("discount")[0];
}

Values values_of(const View<Rational>& x, In in, Who who = Who::policy) {
  return discounted_values(x.model(in), x.policy(who), discount_of(x));
}

Values best_values(const View<Rational>& x, In in) {
  return optimal_discounted_values(x.model(in), discount_of(x));
}

Rational distance(const Values& v, const Values& w) {
  Rational most;
  for (std::size_t i = 0; i < v.size(); ++i) most = max(most, abs(v[i] - w[i]));
  return most;
}

/// (T V)(s) = max_a Q(s, a).
Values backed_up(const View<Rational>& x, const Values& v) {
  const Rational discount = discount_of(x);
  Values result;
  for (const State s : x.states())
    result.push_back(max_over(
        x.actions(), [&](Action a) { return discounted_action_value(x.model(), v, discount, s, a); }));
  return result;
}

Rational sharp_bound(const View<Rational>& x) {
  return sharp_discounted_bound(x.tv(), discount_of(x));
}

/// 1 / (1 - gamma).
Rational effective_horizon(const View<Rational>& x) {
  return Rational(1) / (Rational(1) - discount_of(x));
}

/// epsilon gamma / (1 - gamma)^power, divided.
Rational classical_bound(const View<Rational>& x, unsigned power, std::int64_t divisor) {
  return x.l1() * discount_of(x) * pow(effective_horizon(x), power) / Rational(divisor);
}

/// `left(x)`, one number a state, <= `right(x)` in every state.
template <class Left, class Right>
auto in_every_state(Left left, Right right) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Values values = left(x);
    const Rational bound = right(x);
    for (const State s : x.states()) at({.state = s}, [&] { return Sides{values[s.value], bound}; });
  });
}

Values gap(const Values& v, const Values& w) {
  Values result;
  for (std::size_t i = 0; i < v.size(); ++i) result.push_back(abs(v[i] - w[i]));
  return result;
}

Values value_gap(const View<Rational>& x) {
  return gap(values_of(x, In::model), values_of(x, In::perturbed));
}

Values optimal_value_gap(const View<Rational>& x) {
  return gap(best_values(x, In::model), best_values(x, In::perturbed));
}

/// V* - V^pi in the world.
Values regret(const View<Rational>& x) {
  return gap(best_values(x, In::model), values_of(x, In::model));
}

/// V* - V^pi for the policy that is greedy with respect to the guessed values.
Values greedy_regret(const View<Rational>& x) {
  const MarkovPolicy greedy = greedy_policy(x.model(), x.numbers("value"), discount_of(x));
  return gap(best_values(x, In::model), discounted_values(x.model(), greedy, discount_of(x)));
}

Rational guess_error(const View<Rational>& x) {
  return distance(best_values(x, In::model), x.numbers("value"));
}

Rational residual(const View<Rational>& x) {
  return distance(backed_up(x, x.numbers("value")), x.numbers("value"));
}

Rational reward_error(const View<Rational>& x) {
  return max_over(x.states(), [&](State s) {
    return max_over(x.actions(),
                    [&](Action a) { return abs(x.reward(s, a) - x.reward(s, a, In::perturbed)); });
  });
}

auto simulation(unsigned power, std::int64_t divisor) {
  return in_every_state(value_gap,
                        [=](const View<Rational>& x) { return classical_bound(x, power, divisor); });
}

template <class Left>
auto within_sharp_bound(Left left, std::int64_t hundredths) {
  return in_every_state(left, [=](const View<Rational>& x) {
    return min(Rational::ratio(hundredths, 100) * sharp_bound(x), effective_horizon(x));
  });
}

auto reward_error_sharp(std::int64_t hundredths) {
  return in_every_state(value_gap, [=](const View<Rational>& x) {
    const Rational b = sharp_bound(x);
    return Rational::ratio(hundredths, 100) * (reward_error(x) * (effective_horizon(x) - b) + b);
  });
}

void add_models(Ledger& ledger) {
  ledger.add({
      .id = "discounted.simulation",
      .source = "Kearns & Singh (2002), lemma 4, discounted",
      .statement = R"(|V^\pi(s,M) - V^\pi(s,M')| \le \frac{\gamma \epsilon}{(1-\gamma)^2})",
      .hypotheses = pair_of_models,
      .domain = discounted_pairs(),
      .formula = simulation(2, 1),
      .note = "As commonly written, with the L1 distance: twice too large, as (15.1) is, and more for large "
              "distances.",
      .mutants = {{"a power of the effective horizon less", simulation(1, 1)}},
  });

  ledger.add({
      .id = "discounted.simulation_half",
      .source = "Kearns & Singh (2002), lemma 4, discounted",
      .statement = R"(|V^\pi(s,M) - V^\pi(s,M')| \le \frac{\gamma \epsilon}{2 (1-\gamma)^2})",
      .hypotheses = pair_of_models,
      .domain = discounted_pairs(),
      .formula = simulation(2, 2),
      .note = "The Hoelder step with the range of V, 1/(1 - gamma), and not its maximum norm twice.",
      .mutants = {{"a third for a half", simulation(2, 3)}},
  });

  ledger.add({
      .id = "discounted.one_horizon",
      .source = "Kearns & Singh (2002), lemma 4, discounted",
      .statement = R"(|V^\pi(s,M) - V^\pi(s,M')| \le \frac{\gamma \epsilon}{1-\gamma})",
      .hypotheses = pair_of_models,
      .domain = discounted_pairs(),
      .formula = simulation(1, 1),
      .expected = Verdict::violated,
      .corrected = "discounted.simulation_half",
      .note = "The error of a step is itself as large as the effective horizon.",
  });

  ledger.add({
      .id = "discounted.sharp",
      .source = "lemma 1, discounted",
      .statement =
          R"(|V^\pi(s,M) - V^\pi(s,M')| \le \frac{\gamma d}{(1-\gamma)(1-\gamma(1-d))},\quad d = \epsilon/2)",
      .hypotheses = pair_of_models,
      .domain = discounted_pairs(),
      .formula = within_sharp_bound(value_gap, 100),
      .note = "sum of gamma^t (1 - (1-d)^t): attained by the leak chain for every d and discount.",
      .mutants = {{"lowered by one hundredth", within_sharp_bound(value_gap, 99)}},
  });

  ledger.add({
      .id = "discounted.optimal_values",
      .source = "lemma 1, discounted",
      .statement = R"(|V^*(s,M) - V^*(s,M')| \le \frac{\gamma d}{(1-\gamma)(1-\gamma(1-d))})",
      .hypotheses = pair_of_models,
      .domain = discounted_pairs(),
      .formula = within_sharp_bound(optimal_value_gap, 100),
      .note = "The optimum is no more sensitive to the model than one policy is.",
      .mutants = {{"lowered by one hundredth", within_sharp_bound(optimal_value_gap, 99)}},
  });

  ledger.add({
      .id = "discounted.certainty_equivalence",
      .source = "section 15.3, discounted",
      .statement =
          R"(V^*(s,M) - V^{\pi}(s,M) \le \min\Bigl(\frac1{1-\gamma}, \frac{2 \gamma d}{(1-\gamma)(1-\gamma(1-d))}\Bigr))",
      .hypotheses = with(pair_of_models, {"pi optimal in M', with any tie-break"}),
      .domain = discounted_pairs({.planned = true}),
      .formula = within_sharp_bound(regret, 200),
      .note =
          "Attained by three states for every d and discount: two actions which stay and leak, one to the "
          "better in the world, the other in the model.",
      .mutants = {{"lowered by one hundredth", within_sharp_bound(regret, 198)}},
  });

  ledger.add({
      .id = "discounted.certainty_equivalence_once",
      .source = "section 15.3, discounted",
      .statement = R"(V^*(s,M) - V^{\pi}(s,M) \le \frac{\gamma d}{(1-\gamma)(1-\gamma(1-d))})",
      .hypotheses = with(pair_of_models, {"pi optimal in M', with any tie-break"}),
      .domain = discounted_pairs({.planned = true}),
      .formula = within_sharp_bound(regret, 100),
      .expected = Verdict::violated,
      .corrected = "discounted.certainty_equivalence",
      .note = "Each of the two policies is misjudged, in opposite directions.",
  });

  ledger.add({
      .id = "discounted.reward_error",
      .source = "Kearns & Singh (2002), lemma 4, discounted",
      .statement =
          R"(|V^\pi(s,M) - V^\pi(s,M')| \le \frac{e_r}{1-\gamma} + \frac{\gamma \epsilon}{2 (1-\gamma)^2},\quad e_r = \max |r - r'|)",
      .hypotheses = {"both rewards in [0, 1]", "stationary kernels", "stationary policy",
                     "discount in [0, 1)"},
      .domain = discounted_pairs({.own_rewards = true}),
      .formula = in_every_state(value_gap,
                                [](const View<Rational>& x) {
                                  return reward_error(x) * effective_horizon(x) + classical_bound(x, 2, 2);
                                }),
      .mutants = {{"half the reward error", in_every_state(value_gap,
                                                           [](const View<Rational>& x) {
                                                             return reward_error(x) / Rational(2) *
                                                                        effective_horizon(x) +
                                                                    classical_bound(x, 2, 2);
                                                           })}},
  });

  ledger.add({
      .id = "discounted.reward_error_sharp",
      .source = "lemma 1, discounted",
      .statement =
          R"(|V^\pi(s,M) - V^\pi(s,M')| \le e_r \Bigl(\frac1{1-\gamma} - B\Bigr) + B,\quad B = \frac{\gamma d}{(1-\gamma)(1-\gamma(1-d))})",
      .hypotheses = {"both rewards in [0, 1]", "stationary kernels", "stationary policy",
                     "discount in [0, 1)"},
      .domain = discounted_pairs({.own_rewards = true}),
      .formula = reward_error_sharp(100),
      .note = "Coupled, the two runs differ by e_r while they are together and by at most 1 afterwards.",
      .mutants = {{"lowered by one hundredth", reward_error_sharp(99)}},
  });
}

/// J(pi) - J(pi') = 1 / (1 - gamma) E_{d of pi} A^{pi'}; `own` takes the advantages of pi itself.
auto performance_difference(bool own) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Rational discount = discount_of(x);
    const Values mine = values_of(x, In::model), others = values_of(x, In::model, Who::other);
    const Values& baseline = own ? mine : others;
    const Values occupancy = discounted_occupancy(x.model(), x.policy(), discount);
    Rational sum;
    for (const State s : x.states())
      sum += occupancy[s.value] * x.action_expectation(1, s, [&](Action a) {
        return discounted_action_value(x.model(), baseline, discount, s, a) - baseline[s.value];
      });
    at(x.initial_expectation([&](State s) { return mine[s.value] - others[s.value]; }),
       sum * effective_horizon(x));
  });
}

auto greedy_bound(std::int64_t numerator, bool with_discount) {
  return in_every_state(greedy_regret, [=](const View<Rational>& x) {
    return Rational(numerator) * (with_discount ? discount_of(x) : Rational(1)) * effective_horizon(x) *
           guess_error(x);
  });
}

auto residual_policy_bound(std::int64_t hundredths) {
  return in_every_state(greedy_regret, [=](const View<Rational>& x) {
    return Rational::ratio(hundredths, 100) * discount_of(x) * effective_horizon(x) * residual(x);
  });
}

auto residual_value_bound(std::int64_t hundredths) {
  return in_every_state(
      [](const View<Rational>& x) { return gap(best_values(x, In::model), x.numbers("value")); },
      [=](const View<Rational>& x) {
        return Rational::ratio(hundredths, 100) * effective_horizon(x) * residual(x);
      });
}

/// Round k of approximate policy iteration: pi_k is greedy with respect to V^{pi_{k-1}} + errors. The bound
/// unrolls |V* - V^{pi_k}| <= gamma |V* - V^{pi_{k-1}}| + 2 gamma eps / (1 - gamma).
auto policy_iteration(std::int64_t hundredths, unsigned power) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Rational discount = discount_of(x), horizon = effective_horizon(x);
    const Values errors = x.numbers("errors"), best = best_values(x, In::model);
    const std::size_t states = best.size();
    Rational eps;
    for (const Rational& e : errors) eps = max(eps, abs(e));
    Values values = values_of(x, In::model);
    const Rational start = distance(best, values);
    Rational forgotten(1);
    for (std::size_t k = 0; k < errors.size() / states; ++k) {
      for (std::size_t s = 0; s < states; ++s) values[s] += errors[k * states + s];
      values = discounted_values(x.model(), greedy_policy(x.model(), values, discount), discount);
      forgotten *= discount;
      const Rational limit = Rational::ratio(hundredths, 100) * discount * eps * pow(horizon, power);
      at({.round = static_cast<int>(k) + 1}, [&] {
        return Sides{distance(best, values), forgotten * start + (Rational(1) - forgotten) * limit};
      });
    }
  });
}

void add_planning(Ledger& ledger) {
  ledger.add({
      .id = "discounted.performance_difference",
      .source = "Kakade & Langford (2002), lemma 6.1",
      .statement =
          R"(J(\pi) - J(\pi') = \tfrac1{1-\gamma} \mathbb{E}_{s \sim d^{\pi}, a \sim \pi} A^{\pi'}(s,a))",
      .hypotheses = with(one_model, {"stationary policies"}),
      .domain = discounted_pairs({.other_policy = true}),
      .relation = Relation::equal,
      .formula = performance_difference(false),
      .mutants = {{"the policy's own advantages", performance_difference(true)}},
  });

  ledger.add({
      .id = "discounted.bellman_residual",
      .source = "Williams & Baird (1993)",
      .statement = R"(|V^*(s) - V(s)| \le \frac{\|\mathcal{T}V - V\|_\infty}{1-\gamma})",
      .hypotheses = with(one_model, {"any V"}),
      .domain = discounted_values_guessed(),
      .formula = residual_value_bound(100),
      .note = "Tight: V* moved by a constant.",
      .mutants = {{"lowered by one hundredth", residual_value_bound(99)}},
  });

  ledger.add({
      .id = "discounted.residual_policy",
      .source = "Williams & Baird (1993)",
      .statement =
          R"(V^*(s) - V^{\pi}(s) \le \frac{2 \gamma \|\mathcal{T}V - V\|_\infty}{1-\gamma},\quad \pi \text{ greedy for } V)",
      .hypotheses = with(one_model, {"any V"}),
      .domain = discounted_values_guessed(),
      .formula = residual_policy_bound(200),
      .mutants = {{"half of it", residual_policy_bound(100)}},
  });

  ledger.add({
      .id = "discounted.greedy",
      .source = "Singh & Yee (1994)",
      .statement =
          R"(V^*(s) - V^{\pi}(s) \le \frac{2 \gamma \|V - V^*\|_\infty}{1-\gamma},\quad \pi \text{ greedy for } V)",
      .hypotheses = with(one_model, {"any V"}),
      .domain = discounted_values_guessed(),
      .formula = greedy_bound(2, true),
      .mutants = {{"half of it", greedy_bound(1, true)}},
  });

  ledger.add({
      .id = "discounted.greedy_without_two",
      .source = "Singh & Yee (1994)",
      .statement =
          R"(V^*(s) - V^{\pi}(s) \le \frac{\|V - V^*\|_\infty}{1-\gamma},\quad \pi \text{ greedy for } V)",
      .hypotheses = with(one_model, {"any V"}),
      .domain = discounted_values_guessed(),
      .formula = greedy_bound(1, false),
      .expected = Verdict::violated,
      .corrected = "discounted.greedy",
      .note = "The factor 2 gamma is lost on the way: two actions are misjudged, not one. False where the "
              "discount is above 1/2.",
  });

  ledger.add({
      .id = "discounted.policy_iteration",
      .source = "Bertsekas & Tsitsiklis (1996), proposition 6.2",
      .statement =
          R"(\|V^* - V^{\pi_k}\|_\infty \le \gamma^k \|V^* - V^{\pi_0}\|_\infty + (1 - \gamma^k) \frac{2 \gamma \varepsilon}{(1-\gamma)^2})",
      .hypotheses = with(one_model, {"pi_k greedy for V^{pi_{k-1}} misjudged by at most epsilon",
                                     "the lowest of the greedy actions"}),
      .domain = approximate_policy_iterations(),
      .formula = policy_iteration(200, 2),
      .note = "The limit superior is the well-known 2 gamma epsilon / (1 - gamma)^2.",
      .mutants = {{"a power of the effective horizon less", policy_iteration(200, 1)}},
  });
}

const Section section("discounted", [](Ledger& ledger) {
  add_models(ledger);
  add_planning(ledger);
});

}  // namespace
}  // namespace lemmacheck
