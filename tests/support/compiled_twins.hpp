/// Six of the ledger's texts as compiled claims: two ways to say and to compute one thing. Both sides of a
/// twin are written as templates over the number type, for instances of models and policies.
#pragma once

#include <vector>

#include "adversary/planned_pairs.hpp"
#include "adversary/worst_case.hpp"
#include "claims/ledger.hpp"
#include "language/certified_claim.hpp"
#include "learning/model_selection.hpp"
#include "mdp/discounted.hpp"

namespace lemmacheck {

/// The same domain with every drawn instance changed.
template <class Change>
Domain changed_domain(const Domain& base, Change change) {
  Domain domain = base;
  domain.decode = [base, change](ChoiceSource& choices, const Setting& setting) {
    Instance instance = base.decode(choices, setting);
    change(instance, choices);
    return instance;
  };
  return domain;
}

/// Every row of M' half uniform: KL is finite.
inline void make_positive(Instance& instance, ChoiceSource&) {
  const FiniteMdp& model = *instance.perturbed;
  const std::uint32_t states = model.state_count();
  StochasticMatrix::Rows rows;
  for (std::size_t row = 0; row < model.kernel(1).rows(); ++row) {
    rows.emplace_back();
    for (std::uint32_t next = 0; next < states; ++next)
      rows.back().push_back(
          {next, (model.kernel(1).probability(row, next) + Rational::ratio(1, states)) / Rational(2)});
  }
  instance.perturbed =
      with_kernels(model, {StochasticMatrix(states, rows, [](std::size_t) { return std::string("a row"); })});
}

inline void give_discount(Instance& instance, ChoiceSource& choices) {
  instance.numbers["discount"] = {Rational::ratio(choices.below(10), 10)};
}

inline Claim compiled_twin(const char* id, Domain domain, Formula formula,
                           Relation relation = Relation::at_most) {
  return {.id = id,
          .source = "",
          .statement = "",
          .hypotheses = {},
          .domain = std::move(domain),
          .relation = relation,
          .formula = std::move(formula)};
}

/// Each has the id of its text in the ledger.
inline const std::vector<Claim>& compiled_twins() {
  constexpr PairOptions varying = {.time_varying_models = true, .time_dependent_policy = true};
  static const std::vector<Claim> twins = {
      compiled_twin(
          "sim.lemma", model_pairs(),
          [](const auto& x, auto& at) { at(x.return_gap(), simulation_bound(x.l1(), x.horizon())); }),
      compiled_twin("sim.eq_15_9", model_pairs(),
                    [](const auto& x, auto& at) {
                      for (Step h = 1; h <= x.horizon(); ++h)
                        for (const State s : x.states())
                          at({h, s}, [&] {
                            const auto gap = [&](Action a) {
                              return abs(x.next_value(h, s, a, In::model, In::model) -
                                         x.next_value(h, s, a, In::perturbed, In::perturbed));
                            };
                            return Sides{x.value_gap(h, s), max_over(x.actions(), gap)};
                          });
                    }),
      compiled_twin(
          "sim.footnote_identity", model_pairs(varying),
          [](const auto& x, auto& at) {
            at(x.expected_return(In::model) - x.expected_return(In::perturbed),
               x.visit_sum(x.horizon() - 1, In::perturbed, Who::policy, Who::policy,
                           [&](Step h, State s, Action a) {
                             return x.next_value(h, s, a, In::model, In::model) -
                                    x.next_value(h, s, a, In::perturbed, In::model);
                           }));
          },
          Relation::equal),
      compiled_twin("double.certainty_equivalence", planned_pairs(),
                    [](const auto& x, auto& at) {
                      at(x.optimal_return(In::model) - x.expected_return(In::model),
                         x.number(2) * x.sharp_bound(x.horizon()));
                    }),
      compiled_twin(
          "discounted.sharp", changed_domain(model_pairs(), give_discount),
          Formula::exactly([](const auto& x, auto& at) {
            const Rational discount = x.numbers("discount")[0];
            const auto own = discounted_values(x.model(), x.policy(), discount),
                       other = discounted_values(x.model(In::perturbed), x.policy(), discount);
            for (const State s : x.states())
              at({.state = s}, [&] {
                return Sides{abs(own[s.value] - other[s.value]), sharp_discounted_bound(x.tv(), discount)};
              });
          })),
      compiled_twin("loss.l1_by_kl", changed_domain(model_pairs({.sampling = true}), make_positive),
                    Formula::with_logarithms([](const auto& x, auto& at) {
                      const StochasticMatrix& nu = *x.instance().sampling;
                      const std::uint32_t actions = x.model().action_count();
                      LogForm divergence;
                      for (std::size_t e = nu.row_begin(0); e != nu.row_end(0); ++e) {
                        const std::size_t row =
                            x.model().row(State{nu.column(e) / actions}, Action{nu.column(e) % actions});
                        divergence += nu.probability(e) *
                                      row_kl(x.model().kernel(1), row, x.model(In::perturbed).kernel(1), row);
                      }
                      const Rational l1 =
                          x.sampling_expectation([&](State s, Action a) { return x.row_l1(1, s, a); });
                      at(l1 * l1, Rational(2) * divergence);
                    })),
  };
  return twins;
}

}  // namespace lemmacheck
