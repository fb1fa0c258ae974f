/// The programs of a lemma in every number type. Private to the language layer.
#pragma once

#include "language/detail/compiler.hpp"
#include "language/program.hpp"

namespace lemmacheck {

struct LemmaProgram::Parts {
  std::shared_ptr<const Lemma> lemma;
  std::shared_ptr<const Signature> signature;
  std::vector<Comparison> comparisons;
  detail::Irrational irrational;
  detail::Program<Rational> rational;
  std::unique_ptr<detail::Program<Interval>> interval;
  std::unique_ptr<detail::Program<ResidueInterval>> residue;
  std::unique_ptr<detail::Program<RealNumber>> real;
};

namespace detail {

/// Compiles a lemma in one number type; in program_*.cpp.
template <class N>
Program<N> compiled(const std::shared_ptr<const Lemma>& lemma,
                    const std::shared_ptr<const Signature>& signature, const Program<Rational>* exact,
                    const Irrational& irrational, bool rows_only, const std::vector<Comparison>& comparisons,
                    const std::vector<Tree>& terms);

/// Evaluates everything that is claimed.
template <class N>
void evaluate_points(const Program<N>& program, const Assignment& assignment, Points<N>& points);

/// The actions that a plan may take: for each step (of a family) and state. In enclosures nothing where they
/// do not tell. @throws UndecidedValue in real numbers where those do not.
template <class N>
std::vector<std::vector<std::uint32_t>> allowed_actions(const Program<N>& program,
                                                        const Assignment& assignment, std::size_t given);
/// The elements at which the objective is least.
template <class N>
std::vector<std::uint32_t> minimising_elements(const Program<N>& program, const Assignment& assignment,
                                               std::size_t given);
/// Which (step, state) a policy that is a given comes to with positive probability in the MDP of its plan.
template <class N>
std::vector<bool> visited_states(const Program<N>& program, const Assignment& assignment, std::size_t given,
                                 const StochasticMatrix& policy);
/// Whether the policy's return is the best.
template <class N>
Truth attains_best_return(const Program<N>& program, const Assignment& assignment, std::size_t given);

template <class N>
Truth assume_truth(const Program<N>& program, const Assignment& assignment, std::size_t which);

}  // namespace detail
}  // namespace lemmacheck
