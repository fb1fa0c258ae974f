// Section 15.2: what makes a good model, and footnote 1.
#include "section_15_2.hpp"

namespace lemmacheck {
namespace {

using namespace section_15_2;

/// sum_{h < H} E_{d_h}[ f(h, s, a) ] with the occupancy of pi in one of the models.
template <class V, class F>
auto occupancy_sum(const V& x, In in, F&& f) {
  return x.visit_sum(x.horizon() - 1, in, Who::policy, Who::policy, f);
}

/// J(pi, M) - J(pi', M): how far the policy leads the second one.
template <class V>
auto lead(const V& x, In in) {
  return x.expected_return(in, Who::policy) - x.expected_return(in, Who::other);
}

template <class V>
auto expected_l1(const V& x) {
  return x.sampling_expectation([&](State s, Action a) { return x.row_l1(1, s, a); });
}

/// C H (H - 1) / `divisor` E_nu L1.
template <class V, class At>
void coverage_bound(const V& x, At& at, std::int64_t divisor, bool all = true) {
  if (x.horizon() < 2) {
    at(x.return_gap(), x.number(0));
    return;
  }
  const auto c = coverage(x, at, In::perturbed, Who::policy, all);
  if (at.assumption() == Truth::no) return;
  at(x.return_gap(),
     c * x.ratio(2 * triangle(x.horizon() - 1), static_cast<std::uint64_t>(divisor)) * expected_l1(x));
}

/// J(pi, M) - J(pi, M') == sum_{h < H} E_{d_h} sum_{s'} (T - T') V_{h+1}, with the occupancy of one model and
/// the values of one.
auto difference_identity(In occupancy, In values) {
  return [occupancy, values](const auto& x, auto& at) {
    at(x.expected_return(In::model) - x.expected_return(In::perturbed),
       occupancy_sum(x, occupancy, [&](Step h, State s, Action a) {
         return x.next_value(h, s, a, In::model, values) - x.next_value(h, s, a, In::perturbed, values);
       }));
  };
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
      .formula = difference_identity(In::perturbed, In::model),
      .mutants = {{"the occupancy of M", difference_identity(In::model, In::model)}},
  });

  ledger.add({
      .id = "sim.footnote_identity_mirror",
      .source = "footnote 1",
      .statement =
          R"(J(\pi,M) - J(\pi,M') = \sum_{h<H} \mathbb{E}_{(s,a) \sim d_h^{\pi,M}} \sum_{s'} (T - T')(s'|s,a)\, V_{h+1}^\pi(s',M'))",
      .hypotheses = anything_varying,
      .domain = model_pairs(all_time_varying),
      .relation = Relation::equal,
      .formula = difference_identity(In::model, In::perturbed),
      .mutants = {{"the values of M", difference_identity(In::model, In::model)}},
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
                     const auto c = coverage(x, at, In::perturbed, Who::policy);
                     if (at.assumption() == Truth::no) return;
                     at(x.return_gap(),
                        x.ratio(99, 100) * c * x.ratio(2 * triangle(x.horizon() - 1), 4) * expected_l1(x));
                   }},
                  {"H(H-1)/8", [](const auto& x, auto& at) { coverage_bound(x, at, 8); }}},
      .without = {{"coverage", [](const auto& x, auto& at) { coverage_bound(x, at, 4, false); }}},
  });
}

const Section section("15.2", add_consequences, 5);

}  // namespace
}  // namespace lemmacheck
