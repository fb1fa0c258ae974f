// Section 15.2, "What makes a good model?": Lemma 1, the simulation lemma, and its proof line by line.
//
// Everywhere: rewards r(s, a) in [0, 1] shared by M and M', the same initial distribution, steps 1..H,
// V_{H+1} = 0; epsilon is the largest L1 distance of two rows, d = epsilon / 2 the largest total variation;
// for time-varying kernels the maximum is also over the steps h < H (and at least the first).
#include "claims/ledger.hpp"

namespace lemmacheck {
namespace {

const std::vector<std::string> stationary = {"shared rewards in [0, 1]", "same initial distribution",
                                             "stationary kernels", "stationary policy"};
const std::vector<std::string> anything_varying = {"shared rewards in [0, 1]", "same initial distribution",
                                                   "kernels and policy may change from step to step"};

const PairOptions two_policies = {.other_policy = true};
const PairOptions all_time_varying = {.time_varying_models = true, .time_dependent_policy = true};

template <class F>
void for_states(const Step first, const Step last, const IndexRange<State>& states, F&& f) {
  for (Step h = first; h <= last; ++h)
    for (const State s : states) f(h, s);
}

/// |sum_{s'} T V - T' V'|, eq. (15.9).
template <class V>
auto difference(const V& x, Step h, State s, Action a) {
  return abs(x.next_value(h, s, a, In::model, In::model) -
             x.next_value(h, s, a, In::perturbed, In::perturbed));
}
/// |sum_{s'} T V - T' V|, eq. (15.10): the kernels differ, the values do not.
template <class V>
auto kernel_part(const V& x, Step h, State s, Action a) {
  return abs(x.next_value(h, s, a, In::model, In::model) - x.next_value(h, s, a, In::perturbed, In::model));
}
/// |sum_{s'} T' V - T' V'|, eq. (15.11): the values differ, the kernels do not.
template <class V>
auto value_part(const V& x, Step h, State s, Action a) {
  return abs(x.next_value(h, s, a, In::perturbed, In::model) -
             x.next_value(h, s, a, In::perturbed, In::perturbed));
}

/// sum_{h < H} E_{d_h}[ f(h, s, a) ] with the occupancy of pi in one of the models.
template <class V, class F>
auto occupancy_sum(const V& x, In in, F&& f) {
  using N = typename V::Number;
  return sum_over<N>(1, x.horizon() - 1, [&](Step h) {
    N sum{};
    for (const State s : x.states())
      sum += x.occupancy(h, s, in) * x.action_expectation(h, s, [&](Action a) { return f(h, s, a); });
    return sum;
  });
}

std::int64_t triangle(Step n) {
  return std::int64_t{n} * (n + 1) / 2;
}

// ---------------------------------------------------------------------------------------------------------------
// Lemma 1 and its readings

void add_lemma_1(Ledger& ledger) {
  ledger.add({
      .id = "sim.lemma",
      .source = "eq. (15.1)",
      .statement =
          R"(|J(\pi,M) - J(\pi,M')| \le \tfrac{H(H-1)}{2}\,\epsilon,\quad \epsilon = \max_{s,a} \|T - T'\|_1)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = [](const auto& x, auto& at) { at(x.return_gap(), simulation_bound(x.l1(), x.horizon())); },
      .note = "Loose: the sharp constant is B(d,H), attained by two states (sim.sharp). Printed over sharp "
              "is 2 at "
              "H = 2, tends to 2 as epsilon tends to 0, and is H at d = 1.",
      .mutants = {{"H(H-1)/2 cut to just under H(H-1)/4",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), x.ratio(49, 100) * simulation_bound(x.l1(), x.horizon()));
                   }},
                  {"(H-1)(H-2)/2: the sum stops one step early",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), x.l1() * x.number(triangle(x.horizon() - 2)));
                   }},
                  {"the distance of the first state's first row for the maximum",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), simulation_bound(x.row_l1(1, State{0}, Action{0}), x.horizon()));
                   }}},
  });

  ledger.add({
      .id = "sim.lemma_total_variation",
      .source = "lemma 1",
      .statement =
          R"(|J(\pi,M) - J(\pi,M')| \le \tfrac{H(H-1)}{2}\,\delta,\quad \delta = \max_{s,a} \mathrm{TV}(T,T'))",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = [](const auto& x, auto& at) { at(x.return_gap(), simulation_bound(x.tv(), x.horizon())); },
      .note = "Epsilon read as total variation, as the words have it. Sharp for H <= 2; strictly loose "
              "beyond, and "
              "exact to first order in delta.",
      .mutants = {{"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), x.ratio(99, 100) * simulation_bound(x.tv(), x.horizon()));
                   }},
                  {"(H-1)(H-2)/2",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), x.tv() * x.number(triangle(x.horizon() - 2)));
                   }}},
  });

  ledger.add({
      .id = "sim.sharp",
      .source = "lemma 1",
      .statement =
          R"(|J(\pi,M) - J(\pi,M')| \le B(\delta,H) = \sum_{k=0}^{H-1} \bigl(1 - (1-\delta)^k\bigr))",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = [](const auto& x, auto& at) { at(x.return_gap(), x.sharp_bound(x.horizon())); },
      .note =
          "The sharp form of Lemma 1: two states attain it for every delta and H, one which pays 1 and leaks "
          "with probability delta into one which pays 0.",
      .mutants = {{"B lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), x.ratio(99, 100) * x.sharp_bound(x.horizon()));
                   }},
                  {"B(delta, H-1): an index shifted",
                   [](const auto& x, auto& at) { at(x.return_gap(), x.sharp_bound(x.horizon() - 1)); }},
                  {"B(delta/2, H): a factor of two",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), sharp_simulation_bound(x.ratio(1, 2) * x.tv(), x.horizon()));
                   }}},
  });

  ledger.add({
      .id = "sim.sharp_any_rewards",
      .source = "lemma 1",
      .statement = R"(|J(\pi,M) - J(\pi,M')| \le (r_{\max} - r_{\min})\, B(\delta,H))",
      .hypotheses = {"shared rewards, any range", "same initial distribution", "stationary kernels",
                     "stationary policy"},
      .domain = model_pairs({.any_rewards = true}),
      .formula = [](const auto& x,
                    auto& at) { at(x.return_gap(), x.reward_span() * x.sharp_bound(x.horizon())); },
      .mutants = {{"the span left out",
                   [](const auto& x, auto& at) { at(x.return_gap(), x.sharp_bound(x.horizon())); }},
                  {"half the span",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), x.ratio(1, 2) * x.reward_span() * x.sharp_bound(x.horizon()));
                   }}},
  });

  ledger.add({
      .id = "sim.sharp_time_varying",
      .source = "lemma 1",
      .statement = R"(|J(\pi,M) - J(\pi,M')| \le B(\delta,H),\quad \pi_h, T_h, T'_h \text{ time-varying})",
      .hypotheses = anything_varying,
      .domain = model_pairs(all_time_varying),
      .formula = [](const auto& x, auto& at) { at(x.return_gap(), x.sharp_bound(x.horizon())); },
      .mutants = {{"B lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), x.ratio(99, 100) * x.sharp_bound(x.horizon()));
                   }}},
  });

  ledger.add({
      .id = "sim.total_variation_is_l1",
      .source = "lemma 1",
      .statement = R"(\max_{s,a} \mathrm{TV}(T,T') = \max_{s,a} \sum_{s'} |T'(s'|s,a) - T(s'|s,a)|)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .relation = Relation::equal,
      .formula = [](const auto& x, auto& at) { at(x.tv(), x.l1()); },
      .expected = Verdict::violated,
      .corrected = "sim.total_variation_is_half_l1",
      .note = "The words of Lemma 1 name the L1 sum total variation. (They also say 'less than' where the "
              "formula "
              "has at most; the bound holds for at most.)",
  });

  ledger.add({
      .id = "sim.total_variation_is_half_l1",
      .source = "lemma 1",
      .statement =
          R"(2 \max_{s,a} \sup_B \bigl(T(B) - T'(B)\bigr) = \max_{s,a} \sum_{s'} |T'(s'|s,a) - T(s'|s,a)|)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .relation = Relation::equal,
      .formula = [](const auto& x, auto& at) { at(x.number(2) * x.tv(), x.l1()); },
      .mutants = {{"three halves", [](const auto& x, auto& at) { at(x.ratio(3, 2) * x.tv(), x.l1()); }}},
  });
}

// ---------------------------------------------------------------------------------------------------------------
// The recursion, eq. (15.2), and the induction, eq. (15.3) and (15.4)

/// eq. (15.2) at every step and state, with a factor on the step's error.
const auto recursion = [](const auto& x, auto& at) {
  for_states(1, x.horizon(), x.states(), [&](Step h, State s) {
    at({h, s}, [&] {
      return Sides{x.value_gap(h, s), x.number(x.horizon() - h) * x.l1() + x.value_gap(h + 1, s)};
    });
  });
};

/// eq. (15.2) with the largest next difference on the right.
const auto recursion_max = [](const auto& x, auto& at, std::int64_t shift) {
  for (Step h = 1; h <= x.horizon(); ++h) {
    const auto next = max_over(x.states(), [&](State t) { return x.value_gap(h + 1, t); });
    for (const State s : x.states())
      at({h, s}, [&] {
        return Sides{
            x.value_gap(h, s),
            x.ratio(1, 2) * x.number(std::max<std::int64_t>(x.horizon() - h - shift, 0)) * x.l1() + next};
      });
  }
};

/// eq. (15.4) for h = first..H-1 with n = H - h - 1 steps left after h + 1.
template <class V, class At, class Bound>
void hypothesis(const V& x, At& at, Step first, Bound&& bound) {
  for_states(first, x.horizon() - 1, x.states(), [&](Step h, State s) {
    at({h, s}, [&] { return Sides{x.value_gap(h + 1, s), bound(x.horizon() - h - 1)}; });
  });
}

void add_induction(Ledger& ledger) {
  ledger.add({
      .id = "sim.eq_15_2",
      .source = "eq. (15.2)",
      .statement =
          R"(|V_h^\pi(s,M) - V_h^\pi(s,M')| \le (H-h)\epsilon + |V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')|)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = recursion,
      .note = "The same s stands on both sides. It holds because policy and kernels are stationary: V_h - "
              "V_{h+1} is "
              "then the expected reward of the last step. The step in the proof is another one "
              "(sim.recursion_max).",
      .mutants = {{"(H-h-1) epsilon: an index shifted",
                   [](const auto& x, auto& at) {
                     for_states(1, x.horizon(), x.states(), [&](Step h, State s) {
                       at({h, s}, [&] {
                         return Sides{x.value_gap(h, s), x.number(std::max(x.horizon() - h - 1, 0)) * x.l1() +
                                                             x.value_gap(h + 1, s)};
                       });
                     });
                   }},
                  {"just under half the constant",
                   [](const auto& x, auto& at) {
                     for_states(1, x.horizon(), x.states(), [&](Step h, State s) {
                       at({h, s}, [&] {
                         return Sides{
                             x.value_gap(h, s),
                             x.ratio(49, 100) * x.number(x.horizon() - h) * x.l1() + x.value_gap(h + 1, s)};
                       });
                     });
                   }}},
  });

  ledger.add({
      .id = "sim.eq_15_2_sharp",
      .source = "eq. (15.2)",
      .statement =
          R"(|V_h^\pi(s,M) - V_h^\pi(s,M')| \le 1 - (1-\delta)^{H-h} + |V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')|)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula =
          [](const auto& x, auto& at) {
            const auto keep = x.number(1) - x.tv();
            for_states(1, x.horizon(), x.states(), [&](Step h, State s) {
              at({h, s}, [&] {
                return Sides{
                    x.value_gap(h, s),
                    x.number(1) - pow(keep, static_cast<unsigned>(x.horizon() - h)) + x.value_gap(h + 1, s)};
              });
            });
          },
      .mutants = {{"one power less",
                   [](const auto& x, auto& at) {
                     const auto keep = x.number(1) - x.tv();
                     for_states(1, x.horizon() - 1, x.states(), [&](Step h, State s) {
                       at({h, s}, [&] {
                         return Sides{x.value_gap(h, s),
                                      x.number(1) - pow(keep, static_cast<unsigned>(x.horizon() - h - 1)) +
                                          x.value_gap(h + 1, s)};
                       });
                     });
                   }}},
  });

  ledger.add({
      .id = "sim.eq_15_2_time_dependent_policy",
      .source = "eq. (15.2)",
      .statement =
          R"(|V_h^\pi(s,M) - V_h^\pi(s,M')| \le (H-h)\epsilon + |V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')|)",
      .hypotheses = {"shared rewards in [0, 1]", "same initial distribution", "stationary kernels",
                     "time-dependent policy"},
      .domain = model_pairs({.time_dependent_policy = true}),
      .formula = recursion,
      .expected = Verdict::violated,
      .corrected = "sim.recursion_max",
  });

  ledger.add({
      .id = "sim.eq_15_2_time_varying",
      .source = "eq. (15.2)",
      .statement =
          R"(|V_h^\pi(s,M) - V_h^\pi(s,M')| \le (H-h)\epsilon + |V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')|)",
      .hypotheses = {"shared rewards in [0, 1]", "same initial distribution", "time-varying kernels",
                     "stationary policy"},
      .domain = model_pairs({.time_varying_models = true}),
      .formula = recursion,
      .expected = Verdict::violated,
      .corrected = "sim.recursion_max",
  });

  ledger.add({
      .id = "sim.recursion_max",
      .source = "eq. (15.2)",
      .statement =
          R"(|V_h^\pi(s,M) - V_h^\pi(s,M')| \le \tfrac{1}{2}(H-h)\epsilon + \max_{s'} |V_{h+1}^\pi(s',M) - V_{h+1}^\pi(s',M')|)",
      .hypotheses = anything_varying,
      .domain = model_pairs(all_time_varying),
      .formula = [](const auto& x, auto& at) { recursion_max(x, at, 0); },
      .note = "What the proof shows, with the factor 1/2 that the difference of two distributions earns: it "
              "sums to 0.",
      .mutants = {{"(H-h-1): an index shifted", [](const auto& x, auto& at) { recursion_max(x, at, 1); }}},
  });

  ledger.add({
      .id = "sim.recursion_expected",
      .source = "eq. (15.2)",
      .statement =
          R"(|V_h^\pi(s,M) - V_h^\pi(s,M')| \le \tfrac{1}{2}(H-h)\epsilon + \mathbb{E}_{a,\,s' \sim T'} |V_{h+1}^\pi(s',M) - V_{h+1}^\pi(s',M')|)",
      .hypotheses = anything_varying,
      .domain = model_pairs(all_time_varying),
      .formula =
          [](const auto& x, auto& at) {
            for_states(1, x.horizon(), x.states(), [&](Step h, State s) {
              at({h, s}, [&] {
                const auto next = x.action_expectation(h, s, [&](Action a) {
                  return x.next_expectation(h, s, a, In::perturbed,
                                            [&](State t) { return x.value_gap(h + 1, t); });
                });
                return Sides{x.value_gap(h, s), x.ratio(1, 2) * x.number(x.horizon() - h) * x.l1() + next};
              });
            });
          },
      .mutants =
          {{"the expectation under T, and a quarter for the half",
            [](const auto& x, auto& at) {
              for_states(1, x.horizon(), x.states(), [&](Step h, State s) {
                at({h, s}, [&] {
                  const auto next = x.action_expectation(h, s, [&](Action a) {
                    return x.next_expectation(h, s, a, In::model,
                                              [&](State t) { return x.value_gap(h + 1, t); });
                  });
                  return Sides{x.value_gap(h, s), x.ratio(1, 4) * x.number(x.horizon() - h) * x.l1() + next};
                });
              });
            }}},
  });

  ledger.add({
      .id = "sim.eq_15_3",
      .source = "eq. (15.3)",
      .statement = R"(|V_H^\pi(s,M) - V_H^\pi(s,M')| = 0)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            for (const State s : x.states())
              at({x.horizon(), s}, [&] { return Sides{x.value_gap(x.horizon(), s), x.number(0)}; });
          },
      .mutants = {{"at H-1: an index shifted",
                   [](const auto& x, auto& at) {
                     for_states(std::max(x.horizon() - 1, 1), x.horizon(), x.states(), [&](Step h, State s) {
                       at({h, s}, [&] { return Sides{x.value_gap(h, s), x.number(0)}; });
                     });
                   }}},
  });

  ledger.add({
      .id = "sim.eq_15_4",
      .source = "eq. (15.4)",
      .statement = R"(|V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')| \le (H-h-1)\epsilon,\quad 1 \le h < H)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = [](const auto& x,
                    auto& at) { hypothesis(x, at, 1, [&](Step n) { return x.number(n) * x.l1(); }); },
      .expected = Verdict::violated,
      .corrected = "sim.hypothesis_corrected",
      .note = "With n = H-h-1 transitions left it fails iff n >= 4 and delta is below the root of B(delta, "
              "n+1) = 2 n "
              "delta, hence first at H = 6.",
  });

  ledger.add({
      .id = "sim.eq_15_4_from_start",
      .source = "eq. (15.4)",
      .statement = R"(|V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')| \le (H-h-1)\epsilon,\quad 0 \le h < H)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = [](const auto& x,
                    auto& at) { hypothesis(x, at, 0, [&](Step n) { return x.number(n) * x.l1(); }); },
      .expected = Verdict::violated,
      .corrected = "sim.hypothesis_corrected",
      .note = "The reading in which h + 1 may be the first step: then it fails from H = 5.",
  });

  ledger.add({
      .id = "sim.eq_15_4_total_variation",
      .source = "eq. (15.4)",
      .statement = R"(|V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')| \le (H-h-1)\delta,\quad 1 \le h < H)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = [](const auto& x,
                    auto& at) { hypothesis(x, at, 1, [&](Step n) { return x.number(n) * x.tv(); }); },
      .expected = Verdict::violated,
      .corrected = "sim.hypothesis_sharp",
      .note = "Epsilon read as total variation, as the words of Lemma 1 have it: fails already at H = 4.",
  });

  ledger.add({
      .id = "sim.hypothesis_corrected",
      .source = "eq. (15.4)",
      .statement =
          R"(|V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')| \le \tfrac{n(n+1)}{2}\epsilon,\quad n = H-h-1,\ 0 \le h < H)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula =
          [](const auto& x, auto& at) {
            hypothesis(x, at, 0, [&](Step n) { return x.number(triangle(n)) * x.l1(); });
          },
      .mutants = {{"n(n-1)/2: an index shifted",
                   [](const auto& x, auto& at) {
                     hypothesis(x, at, 0, [&](Step n) { return x.number(triangle(n - 1)) * x.l1(); });
                   }},
                  {"just under half the constant",
                   [](const auto& x, auto& at) {
                     hypothesis(x, at, 0,
                                [&](Step n) { return x.ratio(49, 100) * x.number(triangle(n)) * x.l1(); });
                   }}},
  });

  ledger.add({
      .id = "sim.hypothesis_sharp",
      .source = "eq. (15.4)",
      .statement =
          R"(|V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')| \le B(\delta, n+1),\quad n = H-h-1,\ 0 \le h < H)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = [](const auto& x,
                    auto& at) { hypothesis(x, at, 0, [&](Step n) { return x.sharp_bound(n + 1); }); },
      .mutants = {{"B(delta, n): an index shifted",
                   [](const auto& x, auto& at) {
                     hypothesis(x, at, 0, [&](Step n) { return x.sharp_bound(n); });
                   }}},
  });

  ledger.add({
      .id = "sim.induction_closes",
      .source = "eq. (15.4)",
      .statement = R"((H-h) + (H-h-1) \le H-h)",
      .hypotheses = {"the step of eq. (15.2) is added to the hypothesis as printed"},
      .domain = horizons(),
      .formula =
          [](const auto& x, auto& at) {
            for (Step h = 1; h < x.horizon(); ++h)
              at({h}, [&] { return Sides{x.number(2 * (x.horizon() - h) - 1), x.number(x.horizon() - h)}; });
          },
      .expected = Verdict::violated,
      .corrected = "sim.induction_closes_corrected",
      .note = "Coefficients of epsilon. From the hypothesis as printed for h + 1 the step does not give it "
              "for h.",
  });

  ledger.add({
      .id = "sim.induction_closes_corrected",
      .source = "eq. (15.4)",
      .statement = R"((H-h) + \tfrac{(H-h-1)(H-h)}{2} = \tfrac{(H-h)(H-h+1)}{2})",
      .hypotheses = {"the step of eq. (15.2) is added to the corrected hypothesis"},
      .domain = horizons(),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            for (Step h = 1; h < x.horizon(); ++h)
              at({h}, [&] {
                const Step n = x.horizon() - h;
                return Sides{x.number(n) + x.number(triangle(n - 1)), x.number(triangle(n))};
              });
          },
      .mutants = {{"(H-h-1) for (H-h)",
                   [](const auto& x, auto& at) {
                     for (Step h = 1; h < x.horizon(); ++h)
                       at({h}, [&] {
                         const Step n = x.horizon() - h;
                         return Sides{x.number(n - 1) + x.number(triangle(n - 1)), x.number(triangle(n))};
                       });
                   }}},
  });
}

// ---------------------------------------------------------------------------------------------------------------
// The inductive step, eq. (15.5) to (15.15)

/// V_h by rolling forward against Bellman's equation; `left_out` drops the reward.
template <class V, class At>
void bellman(const V& x, At& at, In in, bool left_out) {
  for_states(1, x.horizon(), x.states(), [&](Step h, State s) {
    at({h, s}, [&] {
      const auto right = x.action_expectation(h, s, [&](Action a) {
        const auto next = x.next_value(h, s, a, in, in);
        return left_out ? next : x.reward(s, a, in) + next;
      });
      return Sides{x.forward_value(h, s, in), right};
    });
  });
}

/// E_a[r(s, a)] + E[V_{h+1}] in one model, with rewards r(s, a, s') where the instance has them.
template <class V>
auto step_value(const V& x, Step h, State s, In in, bool with_reward) {
  return x.action_expectation(h, s, [&](Action a) {
    const auto next = x.next_value(h, s, a, in, in);
    return with_reward ? x.reward(s, a, in) + next : next;
  });
}

/// eq. (15.5) to (15.8): the difference with and without the rewards.
const auto rewards_cancel = [](const auto& x, auto& at) {
  for_states(1, x.horizon(), x.states(), [&](Step h, State s) {
    at({h, s}, [&] {
      const auto gap = [&](bool with_reward) {
        return abs(step_value(x, h, s, In::model, with_reward) -
                   step_value(x, h, s, In::perturbed, with_reward));
      };
      return Sides{gap(true), gap(false)};
    });
  });
};

template <class F>
const auto for_actions(F f) {
  return [f](const auto& x, auto& at) {
    for_states(1, x.horizon(), x.states(), [&](Step h, State s) {
      for (const Action a : x.actions()) at({h, s, a}, [&] { return f(x, h, s, a); });
    });
  };
}

template <class F>
const auto for_steps(F f) {
  return [f](const auto& x, auto& at) {
    for_states(1, x.horizon(), x.states(), [&](Step h, State s) { at({h, s}, [&] { return f(x, h, s); }); });
  };
}

void add_expansion(Ledger& ledger) {
  ledger.add({
      .id = "sim.eq_15_5",
      .source = "eq. (15.5)",
      .statement =
          R"(V_h^\pi(s,M) = \mathbb{E}_{a \sim \pi(s),\, s' \sim T(s,a)}[r(s,a) + V_{h+1}^\pi(s',M)])",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .relation = Relation::equal,
      .formula = [](const auto& x, auto& at) { bellman(x, at, In::model, false); },
      .note = "The left side is computed by rolling forward (occupancy measures), the right by backward "
              "induction.",
      .mutants = {{"the reward left out", [](const auto& x, auto& at) { bellman(x, at, In::model, true); }}},
  });

  ledger.add({
      .id = "sim.eq_15_6",
      .source = "eq. (15.6)",
      .statement =
          R"(V_h^\pi(s,M') = \mathbb{E}_{a \sim \pi(s),\, s' \sim T'(s,a)}[r(s,a) + V_{h+1}^\pi(s',M')])",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .relation = Relation::equal,
      .formula = [](const auto& x, auto& at) { bellman(x, at, In::perturbed, false); },
      .mutants = {{"the reward left out",
                   [](const auto& x, auto& at) { bellman(x, at, In::perturbed, true); }},
                  {"M for M' on the right", for_steps([](const auto& x, Step h, State s) {
                     return Sides{x.forward_value(h, s, In::perturbed), step_value(x, h, s, In::model, true)};
                   })}},
  });

  ledger.add({
      .id = "sim.eq_15_7",
      .source = "eq. (15.7)",
      .statement =
          R"(|\mathbb{E}[r + V_{h+1}^\pi(s',M)] - \mathbb{E}[r + V_{h+1}^\pi(s',M')]| = |\mathbb{E}[V_{h+1}^\pi(s',M)] - \mathbb{E}[V_{h+1}^\pi(s',M')]|)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .relation = Relation::equal,
      .formula = rewards_cancel,
      .note = "Needs r(s,a), not r(s,a,s'), and the same r in both models: the next two claims.",
      .mutants = {{"the reward cancelled on one side only", for_steps([](const auto& x, Step h, State s) {
                     return Sides{
                         abs(step_value(x, h, s, In::model, true) - step_value(x, h, s, In::perturbed, true)),
                         abs(step_value(x, h, s, In::model, true) -
                             step_value(x, h, s, In::perturbed, false))};
                   })}},
  });

  ledger.add({
      .id = "sim.eq_15_7_next_state_rewards",
      .source = "eq. (15.7)",
      .statement =
          R"(|\mathbb{E}[r(s,a,s') + V_{h+1}^\pi(s',M)] - \mathbb{E}[r(s,a,s') + V_{h+1}^\pi(s',M')]| = |\mathbb{E}[V_{h+1}^\pi(s',M)] - \mathbb{E}[V_{h+1}^\pi(s',M')]|)",
      .hypotheses = {"rewards r(s, a, s') in [0, 1]", "same initial distribution", "stationary kernels",
                     "stationary policy"},
      .domain = model_pairs({.next_state_rewards = true}),
      .relation = Relation::equal,
      .formula = rewards_cancel,
      .expected = Verdict::violated,
      .corrected = "sim.eq_15_7",
      .note = "A reward that depends on the next state does not cancel: its mean changes with the kernel.",
  });

  ledger.add({
      .id = "sim.eq_15_7_own_rewards",
      .source = "eq. (15.7)",
      .statement =
          R"(|\mathbb{E}[r + V_{h+1}^\pi(s',M)] - \mathbb{E}[r' + V_{h+1}^\pi(s',M')]| = |\mathbb{E}[V_{h+1}^\pi(s',M)] - \mathbb{E}[V_{h+1}^\pi(s',M')]|)",
      .hypotheses = {"each model has rewards of its own in [0, 1]", "same initial distribution",
                     "stationary kernels", "stationary policy"},
      .domain = model_pairs({.own_rewards = true}),
      .relation = Relation::equal,
      .formula = rewards_cancel,
      .expected = Verdict::violated,
      .corrected = "sim.eq_15_7",
  });

  ledger.add({
      .id = "sim.eq_15_8",
      .source = "eq. (15.8)",
      .statement =
          R"(\mathbb{E}_T[r + V_{h+1}^\pi(s',M)] - \mathbb{E}_{T'}[r + V_{h+1}^\pi(s',M')] = \mathbb{E}_T[V_{h+1}^\pi(s',M)] - \mathbb{E}_{T'}[V_{h+1}^\pi(s',M')] \text{ for every } a)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .relation = Relation::equal,
      .formula = for_actions([](const auto& x, Step h, State s, Action a) {
        const auto in_model = x.next_value(h, s, a, In::model, In::model);
        const auto in_perturbed = x.next_value(h, s, a, In::perturbed, In::perturbed);
        return Sides{(x.reward(s, a) + in_model) - (x.reward(s, a, In::perturbed) + in_perturbed),
                     in_model - in_perturbed};
      }),
      .note = "The rewards cancel action by action, before the absolute value.",
      .mutants = {{"a plus for the minus", for_actions([](const auto& x, Step h, State s, Action a) {
                     const auto in_model = x.next_value(h, s, a, In::model, In::model);
                     const auto in_perturbed = x.next_value(h, s, a, In::perturbed, In::perturbed);
                     return Sides{
                         (x.reward(s, a) + in_model) + (x.reward(s, a, In::perturbed) + in_perturbed),
                         in_model - in_perturbed};
                   })}},
  });

  ledger.add({
      .id = "sim.eq_15_9",
      .source = "eq. (15.9)",
      .statement =
          R"(|V_h^\pi(s,M) - V_h^\pi(s,M')| \le \max_a |\sum_{s'} T(s'|s,a) V_{h+1}^\pi(s',M) - T'(s'|s,a) V_{h+1}^\pi(s',M')|)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = for_steps([](const auto& x, Step h, State s) {
        return Sides{x.value_gap(h, s),
                     max_over(x.actions(), [&](Action a) { return difference(x, h, s, a); })};
      }),
      .note = "The maximum is over all actions, also those which a deterministic policy never takes.",
      .mutants = {{"the minimum for the maximum", for_steps([](const auto& x, Step h, State s) {
                     return Sides{x.value_gap(h, s),
                                  -max_over(x.actions(), [&](Action a) { return -difference(x, h, s, a); })};
                   })}},
  });
}

void add_split(Ledger& ledger) {
  ledger.add({
      .id = "sim.eq_15_10",
      .source = "eq. (15.10)",
      .statement =
          R"(\max_a |TV - T'V'| \le \max_a \bigl(|\sum_{s'} T V - T' V| + |\sum_{s'} T' V - T' V'|\bigr))",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = for_steps([](const auto& x, Step h, State s) {
        return Sides{max_over(x.actions(), [&](Action a) { return difference(x, h, s, a); }),
                     max_over(x.actions(),
                              [&](Action a) { return kernel_part(x, h, s, a) + value_part(x, h, s, a); })};
      }),
      .note = "The maximum covers both terms; as typeset it binds the first only (sim.eq_15_11).",
      .mutants = {{"the second term left out", for_steps([](const auto& x, Step h, State s) {
                     return Sides{max_over(x.actions(), [&](Action a) { return difference(x, h, s, a); }),
                                  max_over(x.actions(), [&](Action a) { return kernel_part(x, h, s, a); })};
                   })}},
  });

  ledger.add({
      .id = "sim.eq_15_11",
      .source = "eq. (15.11)",
      .statement =
          R"(\max_a |TV - T'V'| \le \max_{a} |\sum_{s'} T V - T' V| + |\sum_{s'} T' V - T' V'|_{a'} \text{ for every } a')",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = for_actions([](const auto& x, Step h, State s, Action a) {
        return Sides{max_over(x.actions(), [&](Action b) { return difference(x, h, s, b); }),
                     max_over(x.actions(), [&](Action b) { return kernel_part(x, h, s, b); }) +
                         value_part(x, h, s, a)};
      }),
      .expected = Verdict::violated,
      .corrected = "sim.eq_15_10",
      .note = "As typeset: the maximum stands before the first term, and the second has a free action.",
  });

  ledger.add({
      .id = "sim.eq_15_12",
      .source = "eq. (15.12)",
      .statement =
          R"(|V_h^\pi(s,M) - V_h^\pi(s,M')| \le \max_a \bigl(|\sum_{s'} T V - T' V| + |\sum_{s'} T' V - T' V'|\bigr))",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = for_steps([](const auto& x, Step h, State s) {
        return Sides{x.value_gap(h, s), max_over(x.actions(), [&](Action a) {
                       return kernel_part(x, h, s, a) + value_part(x, h, s, a);
                     })};
      }),
      .note = "The number (15.12) stands on an empty line: the chain from (15.5) to there.",
      .mutants = {{"the first term left out", for_steps([](const auto& x, Step h, State s) {
                     return Sides{x.value_gap(h, s),
                                  max_over(x.actions(), [&](Action a) { return value_part(x, h, s, a); })};
                   })}},
  });

  ledger.add({
      .id = "sim.eq_15_13",
      .source = "eq. (15.13)",
      .statement = R"(|\sum_{s'} T V_{h+1}^\pi(s',M) - T' V_{h+1}^\pi(s',M)| \le \epsilon (H-h))",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = for_actions([](const auto& x, Step h, State s, Action a) {
        return Sides{kernel_part(x, h, s, a), x.l1() * x.number(x.horizon() - h)};
      }),
      .mutants =
          {{"epsilon (H-h-1): an index shifted", for_actions([](const auto& x, Step h, State s, Action a) {
              return Sides{kernel_part(x, h, s, a), x.l1() * x.number(std::max(x.horizon() - h - 1, 0))};
            })},
           {"just under half the constant", for_actions([](const auto& x, Step h, State s, Action a) {
              return Sides{kernel_part(x, h, s, a), x.ratio(49, 100) * x.l1() * x.number(x.horizon() - h)};
            })}},
  });

  ledger.add({
      .id = "sim.eq_15_13_sharp",
      .source = "eq. (15.13)",
      .statement =
          R"(|\sum_{s'} T V_{h+1}^\pi(s',M) - T' V_{h+1}^\pi(s',M)| \le \delta\,\bigl(\max V_{h+1}^\pi - \min V_{h+1}^\pi\bigr))",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = for_actions([](const auto& x, Step h, State s, Action a) {
        return Sides{kernel_part(x, h, s, a), x.tv() * x.value_span(h + 1)};
      }),
      .note = "A difference of distributions sums to 0, so that only the span of V counts, and half of L1.",
      .mutants =
          {{"the constant lowered by one hundredth",
            for_actions([](const auto& x, Step h, State s, Action a) {
              return Sides{kernel_part(x, h, s, a), x.ratio(99, 100) * x.tv() * x.value_span(h + 1)};
            })},
           {"the span one step later", for_actions([](const auto& x, Step h, State s, Action a) {
              return Sides{kernel_part(x, h, s, a), x.tv() * x.value_span(std::min(h + 2, x.horizon() + 1))};
            })}},
  });

  ledger.add({
      .id = "sim.eq_15_14",
      .source = "eq. (15.14)",
      .statement =
          R"(|\sum_{s'} T' V_{h+1}^\pi(s',M) - T' V_{h+1}^\pi(s',M')| \le |V_{h+1}^\pi(s,M) - V_{h+1}^\pi(s,M')|)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = for_actions([](const auto& x, Step h, State s, Action a) {
        return Sides{value_part(x, h, s, a), x.value_gap(h + 1, s)};
      }),
      .expected = Verdict::violated,
      .corrected = "sim.eq_15_14_max",
      .note = "'Value of the last step' read with the same s, as eq. (15.2) does.",
  });

  ledger.add({
      .id = "sim.eq_15_14_max",
      .source = "eq. (15.14)",
      .statement =
          R"(|\sum_{s'} T' V_{h+1}^\pi(s',M) - T' V_{h+1}^\pi(s',M')| \le \max_{s'} |V_{h+1}^\pi(s',M) - V_{h+1}^\pi(s',M')|)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = for_actions([](const auto& x, Step h, State s, Action a) {
        return Sides{value_part(x, h, s, a),
                     max_over(x.states(), [&](State t) { return x.value_gap(h + 1, t); })};
      }),
      .mutants = {{"one step later: an index shifted",
                   for_actions([](const auto& x, Step h, State s, Action a) {
                     const Step later = std::min(h + 2, x.horizon() + 1);
                     return Sides{value_part(x, h, s, a),
                                  max_over(x.states(), [&](State t) { return x.value_gap(later, t); })};
                   })},
                  {"the constant lowered by one hundredth",
                   for_actions([](const auto& x, Step h, State s, Action a) {
                     return Sides{value_part(x, h, s, a),
                                  x.ratio(99, 100) *
                                      max_over(x.states(), [&](State t) { return x.value_gap(h + 1, t); })};
                   })}},
  });

  ledger.add({
      .id = "sim.eq_15_14_expected",
      .source = "eq. (15.14)",
      .statement =
          R"(|\sum_{s'} T' V_{h+1}^\pi(s',M) - T' V_{h+1}^\pi(s',M')| \le \mathbb{E}_{s' \sim T'} |V_{h+1}^\pi(s',M) - V_{h+1}^\pi(s',M')|)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula = for_actions([](const auto& x, Step h, State s, Action a) {
        return Sides{value_part(x, h, s, a), x.next_expectation(h, s, a, In::perturbed, [&](State t) {
                       return x.value_gap(h + 1, t);
                     })};
      }),
      .mutants = {{"T for T'", for_actions([](const auto& x, Step h, State s, Action a) {
                     return Sides{value_part(x, h, s, a),
                                  x.next_expectation(h, s, a, In::model,
                                                     [&](State t) { return x.value_gap(h + 1, t); })};
                   })}},
  });

  ledger.add({
      .id = "sim.eq_15_15",
      .source = "eq. (15.15)",
      .statement = R"(\sum_{h=1}^{H} (H-h) = \tfrac{H(H-1)}{2})",
      .hypotheses = {"the sum starts at h = 1"},
      .domain = horizons(),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            using N = typename std::decay_t<decltype(x)>::Number;
            at(sum_over<N>(1, x.horizon(), [&](Step h) { return x.number(x.horizon() - h); }),
               x.ratio(x.horizon(), 2) * x.number(x.horizon() - 1));
          },
      .note = "The lower end of the sum is not printed.",
      .mutants = {{"H(H+1)/2",
                   [](const auto& x, auto& at) {
                     using N = typename std::decay_t<decltype(x)>::Number;
                     at(sum_over<N>(1, x.horizon(), [&](Step h) { return x.number(x.horizon() - h); }),
                        x.number(triangle(x.horizon())));
                   }}},
  });

  ledger.add({
      .id = "sim.eq_15_15_from_zero",
      .source = "eq. (15.15)",
      .statement = R"(\sum_{h=0}^{H} (H-h) = \tfrac{H(H-1)}{2})",
      .hypotheses = {"the sum starts at h = 0"},
      .domain = horizons(),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            using N = typename std::decay_t<decltype(x)>::Number;
            at(sum_over<N>(0, x.horizon(), [&](Step h) { return x.number(x.horizon() - h); }),
               x.number(triangle(x.horizon() - 1)));
          },
      .expected = Verdict::violated,
      .corrected = "sim.eq_15_15",
      .note = "The other reading of the unprinted lower end: then the sum is H(H+1)/2.",
  });
}

// ---------------------------------------------------------------------------------------------------------------
// Lemmas 2 and 3

template <class V>
auto one_number(const V& x, const char* name) {
  return x.numbers(name).front();
}

template <class N>
N inner_product(const std::vector<N>& p, const std::vector<N>& g) {
  N sum{};
  for (std::size_t i = 0; i < p.size(); ++i) sum += p[i] * g[i];
  return sum;
}

template <class N>
N l1_norm(const std::vector<N>& p) {
  N sum{};
  for (const N& v : p) sum += abs(v);
  return sum;
}

/// max over i of f(g_i)
template <class N, class F>
N max_of(const std::vector<N>& g, F&& f) {
  N best = f(g.front());
  for (const N& v : g) best = max(best, f(v));
  return best;
}

template <class N>
N max_norm(const std::vector<N>& g) {
  return max_of(g, [](const N& v) { return abs(v); });
}

template <class N>
N span(const std::vector<N>& g) {
  return max_of(g, [](const N& v) { return v; }) + max_of(g, [](const N& v) { return -v; });
}

/// ||v||^2
template <class N>
N squared(const std::vector<N>& p, const std::vector<N>& g, bool plus) {
  N sum{};
  for (std::size_t i = 0; i < p.size(); ++i) {
    const N v = plus ? p[i] + g[i] : p[i] - g[i];
    sum += v * v;
  }
  return sum;
}

void add_lemmas_2_and_3(Ledger& ledger) {
  ledger.add({
      .id = "sim.lemma_2",
      .source = "lemma 2",
      .statement = R"(|a - b| \le |a - c| + |c - b|)",
      .hypotheses = {"real numbers"},
      .domain = number_triples(),
      .formula =
          [](const auto& x, auto& at) {
            const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
            at(abs(a - b), abs(a - c) + abs(c - b));
          },
      .mutants = {{"|c + b| for |c - b|",
                   [](const auto& x, auto& at) {
                     const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
                     at(abs(a - b), abs(a - c) + abs(c + b));
                   }},
                  {"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
                     at(abs(a - b), x.ratio(99, 100) * (abs(a - c) + abs(c - b)));
                   }}},
  });

  ledger.add({
      .id = "sim.lemma_2_first_sign",
      .source = "lemma 2",
      .statement = R"(|a - b| = |a - c + c - b|)",
      .hypotheses = {"real numbers"},
      .domain = number_triples(),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
            at(abs(a - b), abs(((a - c) + c) - b));
          },
      .mutants = {{"- c for + c",
                   [](const auto& x, auto& at) {
                     const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
                     at(abs(a - b), abs(((a - c) - c) - b));
                   }}},
  });

  ledger.add({
      .id = "sim.lemma_3",
      .source = "lemma 3",
      .statement = R"(\langle p, g \rangle \le \|p\|_1 \|g\|_\infty)",
      .hypotheses = {"real vectors of one length"},
      .domain = vector_pairs(false),
      .formula =
          [](const auto& x, auto& at) {
            const auto p = x.numbers("p"), g = x.numbers("g");
            at(inner_product(p, g), l1_norm(p) * max_norm(g));
          },
      .mutants = {{"the norms swapped: the largest of p, the largest of g",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), max_norm(p) * max_norm(g));
                   }},
                  {"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), x.ratio(99, 100) * l1_norm(p) * max_norm(g));
                   }}},
  });

  ledger.add({
      .id = "sim.lemma_3_first_sign",
      .source = "lemma 3",
      .statement =
          R"(\sum_x p(x) g(x) = \langle p, g \rangle = \tfrac{1}{4}\bigl(\|p+g\|_2^2 - \|p-g\|_2^2\bigr))",
      .hypotheses = {"real vectors of one length"},
      .domain = vector_pairs(false),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            const auto p = x.numbers("p"), g = x.numbers("g");
            at(inner_product(p, g), x.ratio(1, 4) * (squared(p, g, true) - squared(p, g, false)));
          },
      .note = "The first sign of Lemma 3 is printed as at most; it is an equality. The inner product on the "
              "right is "
              "computed by polarisation.",
      .mutants = {{"one half for one quarter",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), x.ratio(1, 2) * (squared(p, g, true) - squared(p, g, false)));
                   }}},
  });

  ledger.add({
      .id = "sim.lemma_3_zero_sum",
      .source = "lemma 3",
      .statement =
          R"(\textstyle\sum_x p(x) = 0 \implies \langle p, g \rangle \le \tfrac{1}{2} \|p\|_1 (\max g - \min g))",
      .hypotheses = {"real vectors of one length", "p sums to 0"},
      .domain = vector_pairs(true),
      .formula =
          [](const auto& x, auto& at) {
            const auto p = x.numbers("p"), g = x.numbers("g");
            at(inner_product(p, g), x.ratio(1, 2) * l1_norm(p) * span(g));
          },
      .note = "What the proof could use: T - T' sums to 0. This is where the printed bound loses its factor "
              "of 2.",
      .mutants = {{"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), x.ratio(99, 200) * l1_norm(p) * span(g));
                   }},
                  {"the largest |g| for the span",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), x.ratio(1, 2) * l1_norm(p) * max_norm(g));
                   }}},
  });
}

// ---------------------------------------------------------------------------------------------------------------
// "A policy looks performant in a good model if and only if it is performant in the real world"; footnote 1

/// J(pi, M) - J(pi', M): how far the policy leads the second one.
template <class V>
auto lead(const V& x, In in) {
  return x.expected_return(in, Who::policy) - x.expected_return(in, Who::other);
}

template <class V>
auto expected_l1(const V& x) {
  return x.sampling_expectation([&](State s, Action a) { return x.row_l1(1, s, a); });
}

/// max over (s, a) of d_w / nu; assumes nu > 0 wherever d_w > 0.
template <class V, class At>
auto coverage(const V& x, At& at) {
  auto worst = x.number(0);
  for (const State s : x.states()) {
    for (const Action a : x.actions()) {
      const auto weight = x.weighted_occupancy(s, a);
      const Truth unvisited = is_equal(weight, x.number(0));
      if (unvisited == Truth::yes) continue;
      const auto nu =
          x.sampling_expectation([&](State t, Action b) { return x.number(t == s && b == a ? 1 : 0); });
      const Truth uncovered = is_equal(nu, x.number(0));
      if (uncovered == Truth::yes) {
        at.assume(unvisited == Truth::no ? Truth::no : Truth::unknown);
        continue;
      }
      worst = max(worst, weight / nu);
    }
  }
  return worst;
}

/// C H (H - 1) / `divisor` E_nu L1.
template <class V, class At>
void coverage_bound(const V& x, At& at, std::int64_t divisor) {
  if (x.horizon() < 2) {
    at(x.return_gap(), x.number(0));
    return;
  }
  const auto c = coverage(x, at);
  if (at.assumption() == Truth::no) return;
  at(x.return_gap(),
     c * x.ratio(2 * triangle(x.horizon() - 1), static_cast<std::uint64_t>(divisor)) * expected_l1(x));
}

void add_consequences(Ledger& ledger) {
  ledger.add({
      .id = "sim.same_order",
      .source = "section 15.2",
      .statement = R"(J(\pi_2,M') \le J(\pi_1,M') \implies J(\pi_2,M) \le J(\pi_1,M))",
      .hypotheses = stationary,
      .domain = model_pairs(two_policies),
      .formula =
          [](const auto& x, auto& at) {
            at.assume(is_at_most(x.expected_return(In::perturbed, Who::other),
                                 x.expected_return(In::perturbed, Who::policy)));
            at(x.expected_return(In::model, Who::other), x.expected_return(In::model, Who::policy));
          },
      .expected = Verdict::violated,
      .corrected = "sim.same_order_with_margin",
      .note = "Performant in the model iff in the world, read literally as a comparison of two policies.",
  });

  ledger.add({
      .id = "sim.same_order_with_margin",
      .source = "section 15.2",
      .statement = R"(|(J(\pi_1,M') - J(\pi_2,M')) - (J(\pi_1,M) - J(\pi_2,M))| \le 2 B(\delta,H))",
      .hypotheses = stationary,
      .domain = model_pairs(two_policies),
      .formula =
          [](const auto& x, auto& at) {
            at(abs(lead(x, In::perturbed) - lead(x, In::model)), x.number(2) * x.sharp_bound(x.horizon()));
          },
      .note = "A lead of more than 2B in the model is a lead in the world, and the margin is sharp: in two "
              "states one "
              "policy gains B while the other loses B.",
      .mutants = {{"a margin of B",
                   [](const auto& x, auto& at) {
                     at(abs(lead(x, In::perturbed) - lead(x, In::model)), x.sharp_bound(x.horizon()));
                   }},
                  {"the margin lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     at(abs(lead(x, In::perturbed) - lead(x, In::model)),
                        x.ratio(198, 100) * x.sharp_bound(x.horizon()));
                   }}},
  });

  ledger.add({
      .id = "sim.accuracy_is_necessary",
      .source = "section 15.2",
      .statement = R"(J(\pi,M) = J(\pi,M') \implies \max_{s,a} \|T - T'\|_1 \le 0 \quad (H \ge 2))",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula =
          [](const auto& x, auto& at) {
            at.assume(x.horizon() >= 2 ? Truth::yes : Truth::no);
            at.assume(is_equal(x.expected_return(In::model), x.expected_return(In::perturbed)));
            at(x.l1(), x.number(0));
          },
      .expected = Verdict::violated,
      .corrected = "sim.lemma",
      .note = "Accuracy everywhere is sufficient for a model to evaluate a policy well, not necessary.",
  });

  ledger.add({
      .id = "sim.footnote_initial",
      .source = "footnote 1",
      .statement =
          R"(\mathbb{E}_{s \sim \rho} |V_1^\pi(s,M) - V_1^\pi(s,M')| \le \tfrac{H(H-1)}{2}\,\delta \text{ for every } \rho)",
      .hypotheses = stationary,
      .domain = model_pairs(),
      .formula =
          [](const auto& x, auto& at) {
            at(x.initial_expectation([&](State s) { return x.value_gap(1, s); }),
               simulation_bound(x.tv(), x.horizon()));
          },
      .note = "The footnote's distribution read as the initial one: true.",
      .mutants = {{"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     at(x.initial_expectation([&](State s) { return x.value_gap(1, s); }),
                        x.ratio(99, 100) * simulation_bound(x.tv(), x.horizon()));
                   }}},
  });

  ledger.add({
      .id = "sim.footnote_identity",
      .source = "footnote 1",
      .statement =
          R"(J(\pi,M) - J(\pi,M') = \sum_{h<H} \mathbb{E}_{(s,a) \sim d_h^{\pi,M'}} \sum_{s'} (T - T')(s'|s,a)\, V_{h+1}^\pi(s',M))",
      .hypotheses = anything_varying,
      .domain = model_pairs(all_time_varying),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            at(x.expected_return(In::model) - x.expected_return(In::perturbed),
               occupancy_sum(x, In::perturbed, [&](Step h, State s, Action a) {
                 return x.next_value(h, s, a, In::model, In::model) -
                        x.next_value(h, s, a, In::perturbed, In::model);
               }));
          },
      .mutants = {{"the occupancy of M",
                   [](const auto& x, auto& at) {
                     at(x.expected_return(In::model) - x.expected_return(In::perturbed),
                        occupancy_sum(x, In::model, [&](Step h, State s, Action a) {
                          return x.next_value(h, s, a, In::model, In::model) -
                                 x.next_value(h, s, a, In::perturbed, In::model);
                        }));
                   }}},
  });

  ledger.add({
      .id = "sim.footnote_identity_mirror",
      .source = "footnote 1",
      .statement =
          R"(J(\pi,M) - J(\pi,M') = \sum_{h<H} \mathbb{E}_{(s,a) \sim d_h^{\pi,M}} \sum_{s'} (T - T')(s'|s,a)\, V_{h+1}^\pi(s',M'))",
      .hypotheses = anything_varying,
      .domain = model_pairs(all_time_varying),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            at(x.expected_return(In::model) - x.expected_return(In::perturbed),
               occupancy_sum(x, In::model, [&](Step h, State s, Action a) {
                 return x.next_value(h, s, a, In::model, In::perturbed) -
                        x.next_value(h, s, a, In::perturbed, In::perturbed);
               }));
          },
      .mutants = {{"the values of M",
                   [](const auto& x, auto& at) {
                     at(x.expected_return(In::model) - x.expected_return(In::perturbed),
                        occupancy_sum(x, In::model, [&](Step h, State s, Action a) {
                          return x.next_value(h, s, a, In::model, In::model) -
                                 x.next_value(h, s, a, In::perturbed, In::model);
                        }));
                   }}},
  });

  ledger.add({
      .id = "sim.footnote_on_policy",
      .source = "footnote 1",
      .statement =
          R"(|J(\pi,M) - J(\pi,M')| \le \sum_{h<H} \tfrac{H-h}{2}\, \mathbb{E}_{(s,a) \sim d_h^{\pi,M'}} \|T - T'\|_1)",
      .hypotheses = anything_varying,
      .domain = model_pairs(all_time_varying),
      .formula =
          [](const auto& x, auto& at) {
            at(x.return_gap(), occupancy_sum(x, In::perturbed, [&](Step h, State s, Action a) {
                 return x.ratio(x.horizon() - h, 2) * x.row_l1(h, s, a);
               }));
          },
      .note = "The distribution read as the one that the policy visits in M': true, and without a maximum.",
      .mutants = {{"(H-h-1)/2: an index shifted",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), occupancy_sum(x, In::perturbed, [&](Step h, State s, Action a) {
                          return x.ratio(x.horizon() - h - 1, 2) * x.row_l1(h, s, a);
                        }));
                   }},
                  {"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), occupancy_sum(x, In::perturbed, [&](Step h, State s, Action a) {
                          return x.ratio(99 * (x.horizon() - h), 200) * x.row_l1(h, s, a);
                        }));
                   }}},
  });

  ledger.add({
      .id = "sim.footnote_any_distribution",
      .source = "footnote 1",
      .statement =
          R"(|J(\pi,M) - J(\pi,M')| \le \tfrac{H(H-1)}{2}\, \mathbb{E}_{(s,a) \sim \nu} \|T - T'\|_1 \text{ for every } \nu)",
      .hypotheses = stationary,
      .domain = model_pairs({.sampling = true}),
      .formula = [](const auto& x,
                    auto& at) { at(x.return_gap(), simulation_bound(expected_l1(x), x.horizon())); },
      .expected = Verdict::violated,
      .corrected = "sim.footnote_coverage",
      .note = "Any desired state distribution, literally: false where it misses what the policy visits.",
  });

  ledger.add({
      .id = "sim.footnote_coverage",
      .source = "footnote 1",
      .statement =
          R"(|J(\pi,M) - J(\pi,M')| \le C\, \tfrac{H(H-1)}{4}\, \mathbb{E}_{(s,a) \sim \nu} \|T - T'\|_1,\quad C = \max_{d_w > 0} d_w^{\pi,M'} / \nu)",
      .hypotheses = {"shared rewards in [0, 1]", "same initial distribution", "stationary kernels",
                     "stationary policy", "nu covers what the policy visits before the last step in M'"},
      .domain = model_pairs({.sampling = true}),
      .formula = [](const auto& x, auto& at) { coverage_bound(x, at, 4); },
      .note = "d_w = sum_{h<H} (H-h) d_h / (H(H-1)/2), for H >= 2; at H = 1 the right side is 0. Only steps "
              "before the last need "
              "coverage.",
      .mutants = {{"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     if (x.horizon() < 2) return at(x.return_gap(), x.number(0));
                     const auto c = coverage(x, at);
                     if (at.assumption() == Truth::no) return;
                     at(x.return_gap(),
                        x.ratio(99, 100) * c * x.ratio(2 * triangle(x.horizon() - 1), 4) * expected_l1(x));
                   }},
                  {"H(H-1)/8", [](const auto& x, auto& at) { coverage_bound(x, at, 8); }}},
  });
}

const Section section("15.2", [](Ledger& ledger) {
  add_lemma_1(ledger);
  add_induction(ledger);
  add_expansion(ledger);
  add_split(ledger);
  add_lemmas_2_and_3(ledger);
  add_consequences(ledger);
});

}  // namespace
}  // namespace lemmacheck
