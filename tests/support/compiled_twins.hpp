/// Six claims of the ledger as lemmas, and the ledger's instances as theirs: two ways to say and to compute
/// one thing.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "language/lemma_claim.hpp"
#include "language/lemma_reader.hpp"
#include "language/program.hpp"

namespace lemmacheck {

struct Twin {
  const char* compiled;  ///< id in the ledger
  const char* text;
};

inline const std::array<Twin, 6> twins = {{
    {"sim.lemma",
     "lemma twin\n  given M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1], pi : S -> "
     "Delta(A)\n"
     "  where eps = max_{s,a} ||T(s,a) - T'(s,a)||_1\n  claim |J(pi,M) - J(pi,M')| <= H(H-1)/2 eps\n"},
    {"sim.eq_15_9",
     "lemma twin\n  given M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1], pi : S -> "
     "Delta(A)\n"
     "  claim for all h, s: |V_h^pi(s,M) - V_h^pi(s,M')| <=\n"
     "    max_a |sum_{s'} T(s'|s,a) V_{h+1}^pi(s',M) - T'(s'|s,a) V_{h+1}^pi(s',M')|\n"},
    {"sim.footnote_identity",
     "lemma twin\n  given M = (S, A, r, T_h, H, rho), M' = (S, A, r, T'_h, H, rho), r in [0, 1], pi_h : S -> "
     "Delta(A)\n"
     "  claim J(pi,M) - J(pi,M') =\n"
     "    sum_{h=1}^{H-1} E_{s,a ~ d_h^{pi,M'}(.,.)}[sum_{s'} (T_h(s'|s,a) - T'_h(s'|s,a)) "
     "V_{h+1}^pi(s',M)]\n"},
    {"double.certainty_equivalence",
     "lemma twin\n  given M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1]\n"
     "  given pi in argmax J(., M')\n  where delta = max_{s,a} TV(T(s,a), T'(s,a))\n"
     "  where B(d, n) = sum_{k=0}^{n-1} (1 - (1-d)^k)\n  claim J^*(M) - J(pi,M) <= 2 B(delta, H)\n"},
    {"discounted.sharp",
     "lemma twin\n  given M = (S, A, r, T, gamma, rho), M' = (S, A, r, T', gamma, rho), r in [0, 1], pi : S "
     "-> Delta(A)\n"
     "  where d = max_{s,a} TV(T(s,a), T'(s,a))\n"
     "  claim for all s: |V^pi(s,M) - V^pi(s,M')| <= min(gamma d/((1-gamma)(1-gamma(1-d))), 1/(1-gamma))\n"},
    {"loss.l1_by_kl",
     "lemma twin\n  given M = (S, A, r, T), T' : S x A -> Delta(S), nu : Delta(S x A)\n"
     "  claim (E_{s,a ~ nu}[||T(s,a) - T'(s,a)||_1])^2 <= 2 E_{s,a ~ nu}[KL(T(s,a), T'(s,a))]\n"},
}};

inline Claim twin_claim(const Twin& twin) {
  const auto sources = read_plain(std::make_shared<const SourceFile>("twin.lemma", twin.text));
  return lemma_claim(
      read_lemma(sources.at(0), [](const std::string&) -> const LemmaSource* { return nullptr; }));
}

/// The rows of all steps 1..H as one matrix.
template <class MatrixAt>
StochasticMatrix all_steps(Step horizon, std::size_t rows, std::uint32_t columns, MatrixAt&& matrix_at) {
  StochasticMatrix::Rows list;
  for (Step h = 1; h <= horizon; ++h) {
    const auto [matrix, first] = matrix_at(h);
    for (std::size_t row = first; row < first + rows; ++row) {
      list.emplace_back();
      for (std::size_t e = matrix->row_begin(row); e < matrix->row_end(row); ++e)
        list.back().push_back({matrix->column(e), matrix->probability(e)});
    }
  }
  return StochasticMatrix(columns, list, [](std::size_t row) { return "row " + std::to_string(row); });
}

/// An instance of a compiled claim as one of its twin.
inline Instance twin_instance(const Claim& twin, const Instance& instance) {
  const LemmaProgram program(twin.lemma, {}, {});
  const std::uint32_t states = instance.model->state_count(), actions = instance.model->action_count();
  Instance result;
  Assignment& assignment = result.assignment.emplace();
  assignment.signature = program.signature();
  for (const std::string& set : assignment.signature->sets)
    assignment.sizes.push_back(set == "A" ? actions : states);
  for (const PartShape& part : assignment.signature->parts) {
    const Step steps = part.family ? instance.horizon : 1;
    const auto kernel = [&](const FiniteMdp& model) {
      if (!part.family) return model.kernel(1);
      return all_steps(steps, std::size_t{states} * actions, states,
                       [&](Step h) { return std::pair(&model.kernel(h), std::size_t{0}); });
    };
    if (part.name == "H") assignment.values.emplace_back(Rational(instance.horizon));
    if (part.name == "gamma") assignment.values.emplace_back(instance.numbers.at("discount").at(0));
    if (part.name == "r") assignment.values.emplace_back(instance.model->rewards());
    if (part.name == "rho") assignment.values.emplace_back(instance.model->initial());
    if (part.name == "nu") assignment.values.emplace_back(*instance.sampling);
    if (part.name == "T") assignment.values.emplace_back(kernel(*instance.model));
    if (part.name == "T'") assignment.values.emplace_back(kernel(*instance.perturbed));
    if (part.name == "pi" && !part.family)
      assignment.values.emplace_back(instance.policy->table());
    else if (part.name == "pi")
      assignment.values.emplace_back(all_steps(steps, states, actions, [&](Step h) {
        return std::pair(&instance.policy->table(), instance.policy->row(h, State{0}));
      }));
  }
  return result;
}

}  // namespace lemmacheck
