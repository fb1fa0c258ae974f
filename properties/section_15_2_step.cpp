// Section 15.2: the inductive step, eq. (15.5) to (15.15).
#include "section_15_2.hpp"

namespace lemmacheck {
namespace {

using namespace section_15_2;

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

const Section section(
    "15.2",
    [](Ledger& ledger) {
      add_expansion(ledger);
      add_split(ledger);
    },
    3);

}  // namespace
}  // namespace lemmacheck
