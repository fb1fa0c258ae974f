#include "language/detail/run_program.hpp"

namespace lemmacheck::detail {

template struct Frame<ResidueInterval>;
template Program<ResidueInterval> compiled<ResidueInterval>(const std::shared_ptr<const Lemma>&,
                                                            const std::shared_ptr<const Signature>&,
                                                            const Program<Rational>*, const Irrational&, bool,
                                                            const std::vector<Comparison>&,
                                                            const std::vector<Tree>&);
template void evaluate_points<ResidueInterval>(const Program<ResidueInterval>&, const Assignment&,
                                               Points<ResidueInterval>&);

}  // namespace lemmacheck::detail
