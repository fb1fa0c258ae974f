// What the files of several sections share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "claims/ledger.hpp"

namespace lemmacheck {

/// An instance that an earlier run found to refute the claim, or to show that it is tight; empty where the
/// corpus has none. @param text  of a claim that is one.
std::function<Instance()> known_instance(std::string_view id, const std::shared_ptr<const Lemma>& text = {});

/// 1 + 2 + ... + n.
inline std::int64_t triangle(Step n) {
  return std::int64_t{n} * (n + 1) / 2;
}

/// Hypotheses and some more.
inline std::vector<std::string> with(std::vector<std::string> hypotheses,
                                     const std::vector<std::string>& more) {
  hypotheses.insert(hypotheses.end(), more.begin(), more.end());
  return hypotheses;
}

/// max over (s, a) of d_w / nu, with the weighted occupancy of a policy in one of the models; assumes nu > 0
/// wherever d_w > 0, unless what nu misses is to be left out. Needs H >= 2.
template <class V, class At>
auto coverage(const V& x, At& at, In in, Who who, bool all = true) {
  auto worst = x.number(0);
  for (const State s : x.states()) {
    for (const Action a : x.actions()) {
      const auto weight = x.weighted_occupancy(s, a, in, who);
      const Truth unvisited = is_equal(weight, x.number(0));
      if (unvisited == Truth::yes) continue;
      const auto nu =
          x.sampling_expectation([&](State t, Action b) { return x.number(t == s && b == a ? 1 : 0); });
      if (is_equal(nu, x.number(0)) == Truth::yes) {
        if (all) at.assume(unvisited == Truth::no ? Truth::no : Truth::unknown);
        continue;
      }
      worst = max(worst, weight / nu);
    }
  }
  return worst;
}

}  // namespace lemmacheck
