// Section 15.2: the recursion, eq. (15.2), and the induction, eq. (15.3) and (15.4).
#include "section_15_2.hpp"

namespace lemmacheck {
namespace {

using namespace section_15_2;

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
      .as_typed = {{"induction-hypothesis", "(H-h-1)*eps"}},
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

const Section section("15.2", add_induction, 2);

}  // namespace
}  // namespace lemmacheck
