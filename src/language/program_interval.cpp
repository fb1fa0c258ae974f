#include "language/detail/plans.hpp"
#include "language/detail/run_program.hpp"

namespace lemmacheck::detail {

template struct Frame<Interval>;
template Program<Interval> compiled<Interval>(const std::shared_ptr<const Lemma>&,
                                              const std::shared_ptr<const Signature>&,
                                              const Program<Rational>*, const Irrational&, bool,
                                              const std::vector<Comparison>&, const std::vector<Tree>&);
template void evaluate_points<Interval>(const Program<Interval>&, const Assignment&, Points<Interval>&);
template std::vector<std::vector<std::uint32_t>> allowed_actions<Interval>(const Program<Interval>&,
                                                                           const Assignment&, std::size_t);
template Truth assume_truth<Interval>(const Program<Interval>&, const Assignment&, std::size_t);

}  // namespace lemmacheck::detail
