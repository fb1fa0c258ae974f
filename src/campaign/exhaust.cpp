#include "campaign/exhaust.hpp"

#include "campaign/shrink.hpp"

namespace lemmacheck {

std::uint64_t Exhaustion::instances() const {
  std::uint64_t sum = 0;
  for (const Exhausted& size : sizes) sum += size.instances;
  return sum;
}

const std::vector<TinySizes>& tiny_sizes() {
  static const std::vector<TinySizes> sizes = {
      {1, 1, 1, 3}, {1, 2, 1, 3}, {2, 1, 4, 3}, {2, 2, 2, 3}, {3, 1, 2, 3}};
  return sizes;
}

bool can_exhaust(const Claim& claim) {
  if (!claim.domain.has_models || claim.domain.cases > 0) return false;
  const Instance sample = draw_instance(claim.domain, Setting{}, 1, 0);
  return sample.model && sample.perturbed && sample.policy && !sample.sampling && sample.numbers.empty() &&
         sample.known.empty() && sample.model_class.empty() && sample.next_state_rewards.empty();
}

Exhaustion exhaust(const Claim& claim, const Run& run) {
  const bool other_policy = draw_instance(claim.domain, Setting{}, 1, 0).other_policy.has_value();
  Exhaustion result{&claim, {}, {}};
  for (TinySizes sizes : tiny_sizes()) {
    sizes.other_policy = other_policy;
    Claim listed = claim;
    listed.domain =
        every_tiny_pair(sizes, [&](const Instance& instance) { return !claim.domain.objection(instance); });
    listed.domain.without.clear();
    const Run all{.seed = run.seed, .first = 0, .instances = listed.domain.cases, .threads = run.threads};
    if (all.instances == 0) continue;
    const Summary summary = run_claim(listed, Setting{}, all);
    result.sizes.push_back({sizes, summary.instances - summary.discarded, summary.violated});
    if (!summary.counterexample || result.counterexample) continue;
    const Instance instance =
        draw_instance(listed.domain, Setting{}, run.seed, summary.counterexample->instance);
    result.counterexample = shrink(certify(claim, instance, std::nullopt), claim, Setting{});
  }
  return result;
}

}  // namespace lemmacheck
