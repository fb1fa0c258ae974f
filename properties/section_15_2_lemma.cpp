// Section 15.2: Lemma 1, the simulation lemma, and its readings.
#include "section_15_2.hpp"

namespace lemmacheck {
namespace {

using namespace section_15_2;

/// What each step of the lecture's proof gives away, summed over h = 1..H-1.
std::vector<ProofStep> proof_of_the_lemma(const View<Rational>& x) {
  const auto over_states = [&](auto&& f) { return max_over(x.states(), f); };
  const auto over_pairs = [&](auto&& f) {
    return over_states([&](State s) { return max_over(x.actions(), [&](Action a) { return f(s, a); }); });
  };
  const auto largest_gap = [&](Step h) { return over_states([&](State s) { return x.value_gap(h, s); }); };
  Rational actions, triangle_split, next_state, hoelder, range;
  for (Step h = 1; h < x.horizon(); ++h) {
    const auto kernels = [&](State s, Action a) {
      return abs(x.next_value(h, s, a, In::model, In::model) -
                 x.next_value(h, s, a, In::perturbed, In::model));
    };
    const auto values = [&](State s, Action a) {
      return abs(x.next_value(h, s, a, In::perturbed, In::model) -
                 x.next_value(h, s, a, In::perturbed, In::perturbed));
    };
    const Rational difference = over_pairs([&](State s, Action a) {
      return abs(x.next_value(h, s, a, In::model, In::model) -
                 x.next_value(h, s, a, In::perturbed, In::perturbed));
    });
    const Rational split = over_pairs([&](State s, Action a) { return kernels(s, a) + values(s, a); });
    const Rational kernel_part = over_pairs(kernels),
                   highest = over_states([&](State s) { return x.value(h + 1, s); });
    actions += difference - largest_gap(h);
    triangle_split += split - difference;
    next_state += kernel_part + largest_gap(h + 1) - split;
    hoelder += x.l1() * highest - kernel_part;
    range += x.l1() * (Rational(x.horizon() - h) - highest);
  }
  return {{"initial state to the worst state, (15.2)", largest_gap(1) - x.return_gap()},
          {"state and action to the worst pair, (15.9)", actions},
          {"triangle inequality, (15.10)", triangle_split},
          {"next state to the worst state, (15.14)", next_state},
          {"Hoelder's inequality, (15.13)", hoelder},
          {"values below H - h, (15.13)", range}};
}

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
      .proof = proof_of_the_lemma,
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

const Section section("15.2", add_lemma_1, 1);

}  // namespace
}  // namespace lemmacheck
