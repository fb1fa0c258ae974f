/// Where a policy is worth the same in two kernels because it meets no difference between them.
#pragma once

#include <cstdint>
#include <vector>

#include "mdp/dense_chain.hpp"

namespace lemmacheck {

/// At [n - 1] the states, as bits, in which the policy's process and the one with another kernel may differ
/// within n steps: n = 1 sees rewards alone, later ones the rows that the policy takes before the last step.
/// Outside of them the values with n steps to go are equal. The last set stands for all larger n up to
/// `horizon`. Empty for more than 64 states, and where probabilities have no common denominator.
/// @param storage  is used again for it.
std::vector<std::uint64_t> differing_states(const StationaryProcess& process, const StochasticMatrix& other,
                                            std::size_t horizon, std::vector<std::uint64_t> storage = {});

}  // namespace lemmacheck
