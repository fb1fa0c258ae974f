/// Distances between distributions, each named with its norm and factor.
#pragma once

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// sum_x |p(x) - q(x)| of two rows, in [0, 2].
template <class N>
N row_l1_distance(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q, std::size_t q_row);

/// max over rows of the L1 distance of p and q, which have as many rows.
template <class N>
N max_row_l1_distance(const StochasticMatrix& p, const StochasticMatrix& q);

/// sup over events B of p(B) - q(B), that is sum_x max(p(x) - q(x), 0), in [0, 1].
template <class N>
N row_total_variation(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q,
                      std::size_t q_row);

/// max over steps h < horizon, states and actions of the L1 distance of T_h and T'_h: the epsilon of
/// Lemma 1 as printed. With H = 1 no transition counts; the first step's kernels are compared then.
template <class N>
N l1_distance(const FiniteMdp& model, const FiniteMdp& other, Step horizon);

/// The same with total variation, half of L1.
template <class N>
N total_variation(const FiniteMdp& model, const FiniteMdp& other, Step horizon);

}  // namespace lemmacheck
