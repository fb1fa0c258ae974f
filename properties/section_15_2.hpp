// What the files on section 15.2 share: hypotheses and domains.
//
// Everywhere: rewards r(s, a) in [0, 1] shared by M and M', the same initial distribution, steps 1..H,
// V_{H+1} = 0; epsilon is the largest L1 distance of two rows, d = epsilon / 2 the largest total variation;
// for time-varying kernels the maximum is also over the steps h < H (and at least the first).
#pragma once

#include <string>
#include <vector>

#include "common.hpp"

namespace lemmacheck::section_15_2 {

inline const std::vector<std::string> stationary = {"shared rewards in [0, 1]", "same initial distribution",
                                                    "stationary kernels", "stationary policy"};
inline const std::vector<std::string> anything_varying = {"shared rewards in [0, 1]",
                                                          "same initial distribution",
                                                          "kernels and policy may change from step to step"};

inline constexpr PairOptions two_policies = {.other_policy = true};
inline constexpr PairOptions all_time_varying = {.time_varying_models = true, .time_dependent_policy = true};

template <class F>
void for_states(const Step first, const Step last, const IndexRange<State>& states, F&& f) {
  for (Step h = first; h <= last; ++h)
    for (const State s : states) f(h, s);
}

}  // namespace lemmacheck::section_15_2
