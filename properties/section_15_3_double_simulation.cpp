// Section 15.3: the three-term decomposition, and what it says of planning in a model.
#include "section_15_3.hpp"

namespace lemmacheck {
namespace {

using namespace section_15_3;

/// sum_{h < H} E_{(s, a) ~ d_h of `who` in M} sum_{s'} (T - T') V_{h+1}^{who}(s', M').
template <class V>
auto simulation_gap(const V& x, Who who) {
  return x.visit_sum(x.horizon() - 1, In::model, who, who, [&](Step h, State s, Action a) {
    return x.next_value(h, s, a, In::model, In::perturbed, who) -
           x.next_value(h, s, a, In::perturbed, In::perturbed, who);
  });
}

/// sum_h E_{s ~ d_h of `walks`} E_{a ~ `acts`} [Q_h(s, a) - V_h(s)] of another policy's values, in M.
template <class V>
auto advantage_sum(const V& x, Who walks, Who acts, Who values) {
  return x.visit_sum(x.horizon(), In::model, walks, acts, [&](Step h, State s, Action a) {
    return x.action_value(h, s, a, In::model, values) - x.value(h, s, In::model, values);
  });
}

auto corrected_decomposition(std::int64_t sign) {
  return [sign](const auto& x, auto& at) {
    at(lag(x, In::model),
       inaccuracy(x, Who::other) - x.number(sign) * inaccuracy(x, Who::policy) + lag(x, In::perturbed));
  };
}

/// At each step and state: the planned policy's value in M' is the optimal one. @param reached  only where
/// the policy comes to in M'.
auto optimal_values_of_plan(bool reached) {
  return [reached](const auto& x, auto& at) {
    for (Step h = 1; h <= x.horizon(); ++h)
      for (const State s : x.states())
        if (!reached || is_equal(x.occupancy(h, s, In::perturbed), x.number(0)) == Truth::no)
          at({.step = h, .state = s}, [&] {
            return Sides{x.optimal_value(h, s, In::perturbed), x.value(h, s, In::perturbed)};
          });
  };
}

auto expert_against_learner(In in) {
  return [in](const auto& x, auto& at) {
    at(x.expected_return(in, Who::other), x.expected_return(in, Who::policy));
  };
}

void add_decomposition(Ledger& ledger) {
  ledger.add({
      .id = "double.decomposition",
      .source = "section 15.3",
      .statement =
          R"(J(\pi_E,M) - J(\pi,M) = (J(\pi_E,M) - J(\pi_E,M')) + (J(\pi,M) - J(\pi,M')) + (J(\pi_E,M') - J(\pi,M')))",
      .hypotheses = any_policies,
      .domain = model_pairs(learner_and_expert),
      .relation = Relation::equal,
      .formula = corrected_decomposition(-1),
      .expected = Verdict::violated,
      .corrected = "double.decomposition_corrected",
      .note = "The second term has the wrong sign: the right side is 2 (J(pi,M) - J(pi,M')) too large.",
      .as_typed = {{"double-simulation",
                    "(expert-expert_model)+(learner-learner_model)+(expert_model-learner_model)"}},
  });

  ledger.add({
      .id = "double.decomposition_corrected",
      .source = "section 15.3",
      .statement =
          R"(J(\pi_E,M) - J(\pi,M) = (J(\pi_E,M) - J(\pi_E,M')) + (J(\pi,M') - J(\pi,M)) + (J(\pi_E,M') - J(\pi,M')))",
      .hypotheses = any_policies,
      .domain = model_pairs(learner_and_expert),
      .relation = Relation::equal,
      .formula = corrected_decomposition(1),
      .mutants = {{"the sign as printed", corrected_decomposition(-1)},
                  {"without the second term", corrected_decomposition(0)}},
  });

  ledger.add({
      .id = "double.decomposition_excess",
      .source = "section 15.3",
      .statement = R"(\text{right side as printed} - \text{left side} = 2\,(J(\pi,M) - J(\pi,M')))",
      .hypotheses = any_policies,
      .domain = model_pairs(learner_and_expert),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            at(inaccuracy(x, Who::other) + inaccuracy(x, Who::policy) + lag(x, In::perturbed) -
                   lag(x, In::model),
               x.number(2) * inaccuracy(x, Who::policy));
          },
      .mutants = {{"a factor of 1",
                   [](const auto& x, auto& at) {
                     at(inaccuracy(x, Who::other) + inaccuracy(x, Who::policy) + lag(x, In::perturbed) -
                            lag(x, In::model),
                        inaccuracy(x, Who::policy));
                   }}},
  });

  ledger.add({
      .id = "double.planning_error",
      .source = "section 15.3",
      .statement = R"(\pi \in \arg\max J(\cdot,M') \implies J(\pi_E,M') \le J(\pi,M'))",
      .hypotheses = planned,
      .domain = planned_pairs({.other_policy = true}),
      .formula = expert_against_learner(In::perturbed),
      .note = "The first half of the sentence on a perfect solver: the planning error is not positive.",
      .mutants = {{"in the world instead of the model", expert_against_learner(In::model)}},
  });

  ledger.add({
      .id = "double.inner_term_learner",
      .source = "section 15.3",
      .statement = R"(\pi \in \arg\max J(\cdot,M') \implies 0 \le J(\pi,M) - J(\pi,M'))",
      .hypotheses = planned,
      .domain = planned_pairs({.other_policy = true}),
      .formula = [](const auto& x, auto& at) { at(x.number(0), inaccuracy(x, Who::policy)); },
      .expected = Verdict::violated,
      .corrected = "double.planning_error",
      .note = "The second half, the inner term is non-negative, read as the second term: false. A planner "
              "exploits errors, so that the model rather promises too much. Only J(pi,M') - J(pi_E,M') is "
              "forced to be non-negative.",
  });

  ledger.add({
      .id = "double.inner_term_expert",
      .source = "section 15.3",
      .statement = R"(\pi \in \arg\max J(\cdot,M') \implies 0 \le J(\pi_E,M) - J(\pi_E,M'))",
      .hypotheses = planned,
      .domain = planned_pairs({.other_policy = true}),
      .formula = [](const auto& x, auto& at) { at(x.number(0), inaccuracy(x, Who::other)); },
      .expected = Verdict::violated,
      .corrected = "double.planning_error",
      .note = "The same words read as the first term: false as well.",
  });

  ledger.add({
      .id = "double.argmax_everywhere",
      .source = "algorithm 1",
      .statement =
          R"(\pi \in \arg\max J(\cdot,M') \implies V_h^*(s,M') \le V_h^\pi(s,M') \text{ for all } h, s)",
      .hypotheses = planned,
      .domain = planned_pairs(),
      .formula = optimal_values_of_plan(false),
      .expected = Verdict::violated,
      .corrected = "double.argmax_where_reached",
      .note = "An argmax of J may do anything where the model never goes; backward induction may not. The "
              "two readings of step (3) differ.",
  });

  ledger.add({
      .id = "double.argmax_where_reached",
      .source = "algorithm 1",
      .statement =
          R"(\pi \in \arg\max J(\cdot,M') \implies V_h^*(s,M') \le V_h^\pi(s,M') \text{ where } d_h^{\pi,M'}(s) > 0)",
      .hypotheses = planned,
      .domain = planned_pairs(),
      .formula = Formula::exactly(optimal_values_of_plan(true)),
      .mutants =
          {{"one step too early", Formula::exactly([](const auto& x, auto& at) {
              for (Step h = 2; h <= x.horizon(); ++h)
                for (const State s : x.states())
                  if (is_equal(x.occupancy(h, s, In::perturbed), x.number(0)) == Truth::no)
                    at({.step = h, .state = s}, [&] {
                      return Sides{x.optimal_value(h - 1, s, In::perturbed), x.value(h, s, In::perturbed)};
                    });
            })}},
  });
}

void add_double_simulation(Ledger& ledger) {
  ledger.add({
      .id = "double.two_inaccuracies",
      .source = "section 15.3",
      .statement =
          R"(J(\pi_E,M) - J(\pi,M) \le |J(\pi_E,M) - J(\pi_E,M')| + |J(\pi,M) - J(\pi,M')| \text{ for } \pi \in \arg\max J(\cdot,M'))",
      .hypotheses = planned,
      .domain = planned_pairs({.other_policy = true}),
      .formula =
          [](const auto& x, auto& at) {
            at(lag(x, In::model), abs(inaccuracy(x, Who::other)) + abs(inaccuracy(x, Who::policy)));
          },
      .note = "For pi_E an optimal policy this is the regret of certainty equivalence.",
      .mutants = {{"without the learner's inaccuracy",
                   [](const auto& x, auto& at) { at(lag(x, In::model), abs(inaccuracy(x, Who::other))); }},
                  {"without the expert's inaccuracy",
                   [](const auto& x, auto& at) { at(lag(x, In::model), abs(inaccuracy(x, Who::policy))); }}},
  });

  ledger.add({
      .id = "double.simulation",
      .source = "section 15.3",
      .statement = R"(J(\pi_E,M) - J(\pi,M) \le 2\,\tfrac{H(H-1)}{2}\,\epsilon + (J(\pi_E,M') - J(\pi,M')))",
      .hypotheses = any_policies,
      .domain = model_pairs(learner_and_expert),
      .formula =
          [](const auto& x, auto& at) {
            at(lag(x, In::model),
               x.number(2) * simulation_bound(x.l1(), x.horizon()) + lag(x, In::perturbed));
          },
      .note = "The double simulation lemma with the bound of eq. (15.1) used twice: loose, as that one is.",
      .mutants = {{"the bound of eq. (15.1) once, and half of it",
                   [](const auto& x, auto& at) {
                     at(lag(x, In::model),
                        x.ratio(1, 2) * simulation_bound(x.l1(), x.horizon()) + lag(x, In::perturbed));
                   }},
                  {"the planning error with the other sign",
                   [](const auto& x, auto& at) {
                     at(lag(x, In::model),
                        x.number(2) * simulation_bound(x.l1(), x.horizon()) - lag(x, In::perturbed));
                   }}},
  });

  ledger.add({
      .id = "double.simulation_sharp",
      .source = "section 15.3",
      .statement = R"(J(\pi_E,M) - J(\pi,M) \le 2 B(\delta,H) + (J(\pi_E,M') - J(\pi,M')))",
      .hypotheses = any_policies,
      .domain = model_pairs(learner_and_expert),
      .formula =
          [](const auto& x, auto& at) {
            at(lag(x, In::model), x.number(2) * x.sharp_bound(x.horizon()) + lag(x, In::perturbed));
          },
      .note = "B(d,H) = sum_{k<H} (1 - (1-d)^k) is the sharp constant of the simulation lemma.",
      .mutants = {{"2 B lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     at(lag(x, In::model),
                        x.ratio(198, 100) * x.sharp_bound(x.horizon()) + lag(x, In::perturbed));
                   }}},
  });

  ledger.add({
      .id = "double.simulation_identity",
      .source = "section 15.3",
      .statement =
          R"(J(\pi_E,M) - J(\pi,M) = \sum_{h<H} \mathbb{E}_{d_h^{\pi_E,M}} (T - T') V_{h+1}^{\pi_E}(\cdot,M') - \sum_{h<H} \mathbb{E}_{d_h^{\pi,M}} (T - T') V_{h+1}^{\pi}(\cdot,M') + (J(\pi_E,M') - J(\pi,M')))",
      .hypotheses = any_policies,
      .domain = model_pairs(learner_and_expert),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            at(lag(x, In::model),
               simulation_gap(x, Who::other) - simulation_gap(x, Who::policy) + lag(x, In::perturbed));
          },
      .note = "Exact, and in the distributions that hybrid data has: the expert's and the learner's own in "
              "the world.",
      .mutants = {{"the learner's part added",
                   [](const auto& x, auto& at) {
                     at(lag(x, In::model), simulation_gap(x, Who::other) + simulation_gap(x, Who::policy) +
                                               lag(x, In::perturbed));
                   }}},
  });

  ledger.add({
      .id = "double.performance_difference",
      .source = "Kakade & Langford (2002), lemma 6.1",
      .statement =
          R"(J(\pi_E,M) - J(\pi,M) = \sum_{h} \mathbb{E}_{(s,a) \sim d_h^{\pi_E}} [ Q_h^\pi(s,a) - V_h^\pi(s) ])",
      .hypotheses = any_policies,
      .domain = model_pairs(learner_and_expert),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            at(lag(x, In::model), advantage_sum(x, Who::other, Who::other, Who::policy));
          },
      .mutants = {{"the learner's states",
                   [](const auto& x, auto& at) {
                     at(lag(x, In::model), advantage_sum(x, Who::policy, Who::other, Who::policy));
                   }}},
  });

  ledger.add({
      .id = "double.performance_difference_mirror",
      .source = "Kakade & Langford (2002), lemma 6.1",
      .statement =
          R"(J(\pi,M) - J(\pi_E,M) = \sum_{h} \mathbb{E}_{(s,a) \sim d_h^{\pi}} [ Q_h^{\pi_E}(s,a) - V_h^{\pi_E}(s) ])",
      .hypotheses = any_policies,
      .domain = model_pairs(learner_and_expert),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            at(-lag(x, In::model), advantage_sum(x, Who::policy, Who::policy, Who::other));
          },
      .mutants = {{"the expert's states",
                   [](const auto& x, auto& at) {
                     at(-lag(x, In::model), advantage_sum(x, Who::other, Who::policy, Who::other));
                   }}},
  });
}

/// max_pi' J(pi', M) is the return of pi*, which is misjudged by M', as pi is; and pi leads in M'.
std::vector<ProofStep> proof_of_certainty_equivalence(const View<Rational>& x) {
  const MarkovPolicy best = optimal_plan(x.model(), x.horizon()).policy;
  const Rational best_model = policy_return(x.model(In::perturbed), best, x.horizon()),
                 bound = x.sharp_bound(x.horizon());
  return {
      {"planning error below 0: pi leads in M'", x.expected_return(In::perturbed) - best_model},
      {"the optimal policy is misjudged by at most B", bound - (x.optimal_return(In::model) - best_model)},
      {"pi is misjudged by at most B",
       bound - (x.expected_return(In::perturbed) - x.expected_return(In::model))}};
}

void add_certainty_equivalence(Ledger& ledger) {
  ledger.add({
      .id = "double.certainty_equivalence",
      .source = "section 15.3",
      .statement =
          R"(\max_{\pi'} J(\pi',M) - J(\pi,M) \le 2 B(\delta,H) \text{ for } \pi \in \arg\max J(\cdot,M'))",
      .hypotheses = planned,
      .domain = planned_pairs(),
      .formula = [](const auto& x, auto& at) { at(regret(x), x.number(2) * x.sharp_bound(x.horizon())); },
      .note = "The regret of acting on a model as if it were the world. Sharp where 2 B <= H, by a tie.",
      .mutants = {{"2 B lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     at(regret(x), x.ratio(198, 100) * x.sharp_bound(x.horizon()));
                   }}},
      .proof = proof_of_certainty_equivalence,
  });

  ledger.add({
      .id = "double.certainty_equivalence_sharp",
      .source = "section 15.3",
      .statement =
          R"(\max_{\pi'} J(\pi',M) - J(\pi,M) \le \min(H, 2 B(\delta,H)) \text{ for } \pi \in \arg\max J(\cdot,M'))",
      .hypotheses = planned,
      .domain = planned_pairs(),
      .formula =
          [](const auto& x, auto& at) {
            at(regret(x), min(x.number(x.horizon()), x.number(2) * x.sharp_bound(x.horizon())));
          },
      .note = "Attained for every distance and horizon by a root with two arms (five states), by a tie where "
              "2 B <= H and strictly beyond; with a strict argmax the supremum is approached where 2 B <= H.",
      .mutants = {{"lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     at(regret(x), x.ratio(99, 100) *
                                       min(x.number(x.horizon()), x.number(2) * x.sharp_bound(x.horizon())));
                   }},
                  {"H - 1 for H",
                   [](const auto& x, auto& at) {
                     at(regret(x), min(x.number(x.horizon() - 1), x.number(2) * x.sharp_bound(x.horizon())));
                   }}},
  });

  ledger.add({
      .id = "double.certainty_equivalence_once",
      .source = "section 15.3",
      .statement =
          R"(\max_{\pi'} J(\pi',M) - J(\pi,M) \le B(\delta,H) \text{ for } \pi \text{ optimal in } M')",
      .hypotheses = planned_everywhere,
      .domain = planned_pairs({.everywhere = true}),
      .formula = [](const auto& x, auto& at) { at(regret(x), x.sharp_bound(x.horizon())); },
      .expected = Verdict::violated,
      .corrected = "double.certainty_equivalence_sharp",
      .note =
          "One simulation lemma is not enough: the model may err against the best policy and in favour of "
          "the planned one.",
      .as_typed = {{"certainty-equivalence", "sum(k, 0, H-1, 1-(1-delta)^k)"}},
  });
}

void add_claims(Ledger& ledger) {
  add_decomposition(ledger);
  add_double_simulation(ledger);
  add_certainty_equivalence(ledger);
}

const Section section("15.3", add_claims, 1);

}  // namespace
}  // namespace lemmacheck
