#include "adversary/planned_pairs.hpp"

#include <algorithm>

#include "generate/domain_checks.hpp"
#include "mdp/enumeration.hpp"
#include "mdp/exact_values.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

std::vector<PlannedOptions> all_options() {
  std::vector<PlannedOptions> all;
  for (const bool everywhere : {false, true})
    for (const bool other : {false, true})
      for (const bool any : {false, true})
        all.push_back({.everywhere = everywhere, .other_policy = other, .any_rewards = any});
  return all;
}

FiniteMdp with_kernel(const FiniteMdp& model, const StochasticMatrix& kernel) {
  return FiniteMdp(model.initial(), {kernel}, model.rewards(), model.state_count(), model.action_count());
}

FiniteMdp with_rewards(const FiniteMdp& model, const std::vector<Rational>& rewards) {
  return FiniteMdp(model.initial(), model.kernels(),
                   RewardTable(model.state_count(), model.action_count(), rewards), model.state_count(),
                   model.action_count());
}

/// Edits that keep the rest of the domain: what shrinking and climbing do, or worse.
struct Edit {
  const char* name;
  void (*apply)(Instance&);
};
const Edit edits[] = {
    {"the perturbed model is the model", [](Instance& i) { i.perturbed = i.model; }},
    {"one step more", [](Instance& i) { ++i.horizon; }},
    {"one step less", [](Instance& i) { i.horizon = std::max(1, i.horizon - 1); }},
    {"the rewards are turned round",
     [](Instance& i) {
       std::vector<Rational> rewards = i.model->rewards().as<Rational>();
       const Rational ends = i.model->rewards().lowest() + i.model->rewards().highest();
       for (Rational& reward : rewards) reward = ends - reward;
       i.model = with_rewards(*i.model, rewards);
       i.perturbed = with_rewards(*i.perturbed, rewards);
     }},
    {"the perturbed model's rows stand in reverse order",
     [](Instance& i) {
       StochasticMatrix::Rows rows = i.perturbed->kernel(1).to_rows();
       std::reverse(rows.begin(), rows.end());
       i.perturbed = with_kernel(*i.perturbed, StochasticMatrix(i.perturbed->state_count(), rows,
                                                                [](std::size_t) { return "a row"; }));
     }},
    {"every action is the next one", [](Instance& i) {
       const MarkovPolicy& policy = *i.policy;
       std::vector<std::uint32_t> taken;
       for (Step h = 1; h <= policy.steps(); ++h)
         for (std::uint32_t s = 0; s < policy.state_count(); ++s)
           taken.push_back((taken_action(policy, h, State{s}).value + 1) % policy.action_count());
       i.policy = MarkovPolicy::deterministic(taken, policy.state_count(), policy.action_count());
     }}};

/// By enumeration of all policies: the policy is the best of all from the start or, `everywhere`, from each
/// step and state.
bool is_best(const Instance& instance, bool everywhere) {
  const FiniteMdp& model = *instance.perturbed;
  for (const MarkovPolicy& other :
       all_policies(model.state_count(), model.action_count(), instance.horizon)) {
    if (enumerated_return(model, other, instance.horizon) >
        enumerated_return(model, *instance.policy, instance.horizon))
      return false;
    for (Step h = 1; everywhere && h <= instance.horizon; ++h)
      for (const State s : model.states())
        if (enumerated_value(model, other, h, s, instance.horizon) >
            enumerated_value(model, *instance.policy, h, s, instance.horizon))
          return false;
  }
  return true;
}

std::size_t policy_count(const Instance& instance) {
  std::size_t count = 1;
  for (Step h = 0; h < instance.horizon; ++h)
    for (std::uint32_t s = 0; s < instance.model->state_count(); ++s)
      count = std::min<std::size_t>(count * instance.model->action_count(), 1000000);
  return count;
}

}  // namespace

TEST_CASE("planned pairs: every choice sequence decodes to a member", "[adversary]") {
  for (const PlannedOptions& options : all_options())
    check_every_sequence_is_a_member(planned_pairs(options));
}

TEST_CASE("planned pairs: a random run reaches every class", "[adversary]") {
  for (const PlannedOptions& options : all_options()) check_classes_are_reached(planned_pairs(options));
}

TEST_CASE("planned pairs: an instance written and read again is the same", "[adversary]") {
  for (const PlannedOptions& options : all_options()) check_json_round_trip(planned_pairs(options));
}

TEST_CASE("planned pairs: a given model and horizon are kept", "[adversary]") {
  for (const PlannedOptions& options : all_options())
    check_setting_is_kept(planned_pairs(options), {1, 2, 5});
}

TEST_CASE("planned pairs: members are those whose policy no other beats in the second model", "[adversary]") {
  int members = 0, others = 0;
  for (const bool everywhere : {false, true}) {
    const Domain domain = planned_pairs({.everywhere = everywhere});
    for (std::uint64_t i = 0; i < 400; ++i) {
      Instance instance = member(domain, i);
      if (policy_count(instance) > 64) continue;
      INFO("instance " << i);
      CHECK(is_best(instance, everywhere));
      ++members;
      edits[5].apply(instance);
      const bool best = is_best(instance, everywhere);
      CHECK(domain.objection(instance).has_value() != best);
      others += best ? 0 : 1;
    }
  }
  CHECK((members > 100 && others > 50));
}

TEST_CASE("planned pairs: some policies go astray where the model never comes, unless planned everywhere",
          "[adversary]") {
  int astray = 0;
  const Domain loose = planned_pairs(), strict = planned_pairs({.everywhere = true});
  for (std::uint64_t i = 0; i < 300; ++i) {
    astray += strict.objection(member(loose, i)) ? 1 : 0;
    CHECK_FALSE(loose.objection(member(strict, i)));  // the narrower domain
  }
  CHECK(astray > 20);
}

TEST_CASE("planned pairs: after an edit repair gives a member, and changes suboptimal actions only",
          "[adversary]") {
  for (const PlannedOptions& options : all_options()) {
    const Domain domain = planned_pairs(options), base = domain.without.at("pi optimal in M'")();
    for (const Edit& edit : edits) {
      int repaired = 0;
      for (std::uint64_t i = 0; i < 120; ++i) {
        Instance instance = member(domain, i);
        domain.repair(instance);
        CHECK(instance_to_json(instance) == instance_to_json(member(domain, i)));  // nothing to repair
        edit.apply(instance);
        INFO(edit.name << ", instance " << i);
        REQUIRE_FALSE(base.objection(instance));
        const bool needed = domain.objection(instance).has_value();
        const Instance before = instance;
        domain.repair(instance);
        CHECK_FALSE(domain.objection(instance));
        repaired += needed ? 1 : 0;
        if (!needed) CHECK(*instance.policy == *before.policy);
        const OptimalActions optimal = optimal_plan(*instance.perturbed, instance.horizon).actions;
        for (Step h = 1; h <= instance.horizon; ++h)
          for (const State s : instance.model->states()) {
            const Action then = taken_action(*before.policy, h, s),
                         now = taken_action(*instance.policy, h, s);
            if (optimal.contains(h, s, then)) CHECK(now == then);
          }
        const Instance policy_aside = [&] {
          Instance copy = instance;
          copy.policy = before.policy;
          return copy;
        }();
        CHECK(instance_to_json(policy_aside) == instance_to_json(before));
      }
      INFO(edit.name << ", everywhere " << options.everywhere);
      CHECK(repaired > 0);
    }
  }
}
