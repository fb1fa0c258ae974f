/// The domains that claims quantify over.
#pragma once

#include "generate/instance.hpp"
#include "generate/model_families.hpp"

namespace lemmacheck {

/// What a pair (M, M') with a policy may have beyond the plain form: both models stationary, the same
/// rewards in [0, 1], the same initial distribution, one stationary policy.
struct PairOptions {
  bool time_varying_models = false;
  bool time_dependent_policy = false;
  bool other_policy = false;        ///< a second policy
  bool sampling = false;            ///< a distribution nu over (s, a)
  bool own_rewards = false;         ///< M' has rewards of its own
  bool next_state_rewards = false;  ///< rewards r(s, a, s'); each model's r(s, a) is their mean
  bool any_rewards = false;         ///< rewards beyond [0, 1], negative ones included
  bool own_initial = false;         ///< M' has an initial distribution of its own
};

/// A model, a perturbed copy and a policy: the instances of sections 15.2 and 15.3.
Domain model_pairs(const PairOptions& options = {}, const Sizes& sizes = {});
/// One model, as for the counts of section 15.1.
Domain models();
/// A horizon alone.
Domain horizons();
/// Numbers a, b, c of Lemma 2.
Domain number_triples();
/// A vector p and a vector g of Lemma 3; `zero_sum`: p sums to 0, as differences of distributions do.
Domain vector_pairs(bool zero_sum);

}  // namespace lemmacheck
