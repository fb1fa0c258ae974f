/// The average reward of a step for ever: gain and bias, exactly, whatever the chains look like.
#pragma once

#include <vector>

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// The gain g(s) = lim (1/n) E[r_1 + ... + r_n | s_1 = s], and the bias h(s), the mean over n of
/// E[sum_{t<=n} (r_t - g(s_t)) | s_1 = s]: g = T g, g + h = r + T h, and h is 0 on average within each
/// recurrent class. S numbers each.
struct AverageValues {
  std::vector<Rational> gain, bias;
};

/// Of a stationary policy in a stationary model. @throws InvalidInput for others, or more than 3000 states
/// that all lead to each other.
AverageValues average_values(const FiniteMdp& model, const MarkovPolicy& policy);

/// P*(s, s'), the share of its time that the process spends in s' in the long run if it starts in s: the mean
/// over n of T^n, S x S. @throws InvalidInput as average_values.
std::vector<std::vector<Rational>> limiting_matrix(const FiniteMdp& model, const MarkovPolicy& policy);

/// One step of policy iteration: takes actions that lead to a higher gain; where there are none, those that
/// keep the gain and have a higher bias. @returns whether there was one; else `taken`, whose values these
/// are, has the highest gain.
bool improve_average(const FiniteMdp& model, const AverageValues& values, std::vector<std::uint32_t>& taken);

/// The highest gain from each state, and a stationary policy that attains it.
struct AveragePlan {
  AverageValues values;  ///< of the policy
  MarkovPolicy policy;
};

/// By policy iteration for chains with several recurrent classes (Puterman, 1994, section 9.2).
/// @throws InvalidInput likewise.
AveragePlan optimal_average_plan(const FiniteMdp& model);

}  // namespace lemmacheck
