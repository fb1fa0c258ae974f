#include "language/detail/plans.hpp"
#include "language/detail/run_program.hpp"

namespace lemmacheck::detail {

template struct Frame<Rational>;
template Program<Rational> compiled<Rational>(const std::shared_ptr<const Lemma>&,
                                              const std::shared_ptr<const Signature>&,
                                              const Program<Rational>*, const Irrational&, bool,
                                              const std::vector<Comparison>&, const std::vector<Tree>&);
template void evaluate_points<Rational>(const Program<Rational>&, const Assignment&, Points<Rational>&);
template std::vector<std::vector<std::uint32_t>> allowed_actions<Rational>(const Program<Rational>&,
                                                                           const Assignment&, std::size_t);
template std::vector<std::uint32_t> minimising_elements<Rational>(const Program<Rational>&, const Assignment&,
                                                                  std::size_t);
template std::vector<bool> visited_states<Rational>(const Program<Rational>&, const Assignment&, std::size_t,
                                                    const StochasticMatrix&);
template Truth attains_best_return<Rational>(const Program<Rational>&, const Assignment&, std::size_t);
template Truth assume_truth<Rational>(const Program<Rational>&, const Assignment&, std::size_t);

}  // namespace lemmacheck::detail
