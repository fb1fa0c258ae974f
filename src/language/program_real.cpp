#include "language/detail/plans.hpp"
#include "language/detail/run_program.hpp"

namespace lemmacheck::detail {

template struct Frame<RealNumber>;
template Program<RealNumber> compiled<RealNumber>(const std::shared_ptr<const Lemma>&,
                                                  const std::shared_ptr<const Signature>&,
                                                  const Program<Rational>*, const Irrational&, bool,
                                                  const std::vector<Comparison>&, const std::vector<Tree>&);
template void evaluate_points<RealNumber>(const Program<RealNumber>&, const Assignment&, Points<RealNumber>&);
template std::vector<std::vector<std::uint32_t>> allowed_actions<RealNumber>(const Program<RealNumber>&,
                                                                             const Assignment&, std::size_t);
template std::vector<std::uint32_t> minimising_elements<RealNumber>(const Program<RealNumber>&,
                                                                    const Assignment&, std::size_t);
template std::vector<bool> visited_states<RealNumber>(const Program<RealNumber>&, const Assignment&,
                                                      std::size_t, const StochasticMatrix&);
template Truth attains_best_return<RealNumber>(const Program<RealNumber>&, const Assignment&, std::size_t);
template Truth assume_truth<RealNumber>(const Program<RealNumber>&, const Assignment&, std::size_t);

}  // namespace lemmacheck::detail
