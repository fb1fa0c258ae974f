// What the files on section 15.3 share: hypotheses and domains.
//
// M is the world and M' a model of it; rewards r(s, a) in [0, 1] are known and shared, as is the initial
// distribution. pi (Who::policy) is the learner, pi_E (Who::other) the expert.
#pragma once

#include <string>
#include <vector>

#include "adversary/planned_pairs.hpp"
#include "common.hpp"

namespace lemmacheck::section_15_3 {

inline const std::vector<std::string> any_policies = {"shared rewards in [0, 1]", "same initial distribution",
                                                      "stationary kernels",
                                                      "policies may change from step to step"};
inline const std::vector<std::string> planned = {"shared rewards in [0, 1]", "same initial distribution",
                                                 "stationary kernels",
                                                 "pi maximises J(., M'), with any tie-break"};
inline const std::vector<std::string> planned_everywhere = {
    "shared rewards in [0, 1]", "same initial distribution", "stationary kernels",
    "pi is optimal in M' at every step and state (backward induction), with any tie-break"};

inline constexpr PairOptions learner_and_expert = {.time_dependent_policy = true, .other_policy = true};

/// J(pi_E, M) - J(pi, M): how far the learner falls behind the expert in a model.
template <class V>
auto lag(const V& x, In in) {
  return x.expected_return(in, Who::other) - x.expected_return(in, Who::policy);
}

/// J(., M) - J(., M') of one policy.
template <class V>
auto inaccuracy(const V& x, Who who) {
  return x.expected_return(In::model, who) - x.expected_return(In::perturbed, who);
}

/// max_pi J(pi, M) - J(pi, M): the regret of the policy that was planned in M'.
template <class V>
auto regret(const V& x) {
  return x.optimal_return(In::model) - x.expected_return(In::model);
}

}  // namespace lemmacheck::section_15_3
