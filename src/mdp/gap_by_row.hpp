/// Which rows of two kernels make the gap between two returns.
#pragma once

#include <vector>

#include "mdp/criterion.hpp"

namespace lemmacheck {

struct RowGap {
  State state;
  Action action;
  Rational l1;     ///< distance of the two rows
  Rational share;  ///< what they contribute to J(pi, M') - J(pi, M)
};

/// The terms of the value-difference identity, one for each row that differs, the largest share first: they
/// sum to J(pi, M') - J(pi, M), where M and M' differ in their kernels alone. Over H steps a row contributes
///     sum_{h<H} discount^h d_h^{pi,M'}(s, a) sum_{s'} (T'_h(s'|s, a) - T_h(s'|s, a)) V_{h+1}^{pi,M}(s'),
/// and for ever, under a discount discount/(1 - discount) times the same with the discounted occupancy and
/// values. On average it contributes d^{pi,M'}(s, a) sum_{s'} (T'(s'|s, a) - T(s'|s, a)) h^{pi,M}(s'), with
/// the law in the long run and the bias.
/// @throws InvalidInput for shapes that do not fit; totals; and averages where M has several gains and M'
/// leads to others than M does, which no bias sees.
std::vector<RowGap> gap_by_row(const FiniteMdp& model, const FiniteMdp& perturbed, const MarkovPolicy& policy,
                               const Criterion& criterion);

}  // namespace lemmacheck
