#include "adversary/discounted_domains.hpp"

#include <algorithm>

#include "adversary/extremal_families.hpp"
#include "mdp/discounted.hpp"

namespace lemmacheck {
namespace {

constexpr Sizes sizes{4, 2, 1};
constexpr std::string_view no_discount = "discount: 0", some_discount = "discount: above 0",
                           fork_family = "family: discounted fork at a tie";
constexpr std::uint32_t most_rounds = 4;
constexpr std::size_t longest_list = 64;

Rational draw_discount(ChoiceSource& choices) {
  constexpr std::array<std::uint64_t, 6> steps = {2, 3, 4, 10, 100, 1};  // 1 / (1 - discount)
  const std::uint64_t n = choices.pick(steps);
  return Rational::ratio(static_cast<std::int64_t>(n - 1), n);
}

void add_discount(ChoiceSource& choices, Instance& instance) {
  const Rational discount = draw_discount(choices);
  std::erase(instance.classes, "horizon: 1");
  instance.classes.push_back(discount.sign() == 0 ? no_discount : some_discount);
  instance.numbers["discount"] = {discount};
}

Instance draw_fork(ChoiceSource& choices) {
  const std::uint32_t denominator = choices.between(2, 8);
  const auto delta = Rational::ratio(choices.between(1, denominator), denominator);
  Instance instance = discounted_fork(delta, draw_discount(choices));
  instance.classes = {fork_family};
  return instance;
}

std::vector<Action> best_actions(const FiniteMdp& model, const std::vector<Rational>& values,
                                 const Rational& discount, State s) {
  std::vector<Action> best;
  for (const Action a : model.actions())
    if (discounted_action_value(model, values, discount, s, a) == values[s.value]) best.push_back(a);
  return best;
}

/// A policy that is optimal in a model: of the optimal actions of each state, the one that `pick` says.
template <class Pick>
MarkovPolicy optimal_policy(const FiniteMdp& model, const Rational& discount, Pick&& pick) {
  const std::vector<Rational> values = optimal_discounted_values(model, discount);
  std::vector<std::uint32_t> taken;
  for (const State s : model.states())
    taken.push_back(pick(s, best_actions(model, values, discount, s)).value);
  return MarkovPolicy::deterministic(taken, model.state_count(), model.action_count());
}

/// What is wrong with the discount, or with the names of the numbers.
std::optional<std::string> objection_to_numbers(const Instance& instance, const std::string& more = {}) {
  const auto discount = instance.numbers.find("discount");
  if (discount == instance.numbers.end() || discount->second.size() != 1) return "one discount is needed";
  if (discount->second[0].sign() < 0 || discount->second[0] >= Rational(1))
    return "the discount is not in [0, 1)";
  if (!more.empty() && instance.numbers.count(more) == 0) return "the numbers " + more + " are needed";
  if (instance.numbers.size() != (more.empty() ? 1u : 2u))
    return "there are numbers which the claim does not speak of";
  return std::nullopt;
}

/// The objection of a domain to all but the numbers.
std::optional<std::string> objection_to_rest(const Domain& base, Instance instance) {
  instance.numbers.clear();
  return base.objection(instance);
}

Domain with_discount(const Domain& base, std::string name) {
  Domain domain = base;
  domain.name = std::move(name);
  domain.without.clear();
  std::erase(domain.classes, "horizon: 1");
  for (const std::string_view label : {no_discount, some_discount}) domain.classes.emplace_back(label);
  return domain;
}

/// A pair's first model and its policy.
Instance draw_model_and_policy(const Domain& pairs, ChoiceSource& choices, const Setting& setting) {
  Instance instance = pairs.decode(choices, {setting.model, 1});
  instance.perturbed.reset();
  std::erase_if(instance.classes, [](std::string_view label) { return label.starts_with("perturbation"); });
  add_discount(choices, instance);
  return instance;
}

/// That a model and perhaps a policy make an instance, apart from its numbers.
std::optional<std::string> objection_to_single(const Domain& pairs, const Instance& instance, bool policy) {
  if (!instance.model || instance.policy.has_value() != policy)
    return policy ? "a model and a policy are needed" : "a model alone is needed";
  if (instance.perturbed) return "there is a second model";
  Instance pair = instance;
  pair.perturbed = pair.model;
  if (!policy) pair.policy = MarkovPolicy::uniform(pair.model->state_count(), pair.model->action_count());
  return objection_to_rest(pairs, std::move(pair));
}

Rational draw_error(ChoiceSource& choices) {
  constexpr std::array<std::int64_t, 5> eighths = {0, 8, -8, 4, -3};
  return Rational::ratio(choices.pick(eighths), 8);
}

void remove_pair_classes(Domain& domain, bool policy) {
  std::erase_if(domain.classes, [&](const std::string& label) {
    return label.starts_with("perturbation") || (!policy && label.starts_with("policy"));
  });
}

}  // namespace

Domain discounted_pairs(const DiscountedOptions& options) {
  const Domain base =
      model_pairs({.other_policy = options.other_policy, .own_rewards = options.own_rewards}, sizes);
  Domain domain = with_discount(base, "discounted model pairs");
  domain.decode = [base, options](ChoiceSource& choices, const Setting& setting) {
    const bool fork = options.planned && !setting.model && choices.below(4) == 3;
    Instance instance = fork ? draw_fork(choices) : base.decode(choices, {setting.model, 1});
    if (!fork) add_discount(choices, instance);
    if (options.planned)
      instance.policy = optimal_policy(*instance.perturbed, instance.numbers["discount"][0],
                                       [&](State, const std::vector<Action>& best) {
                                         return best[choices.below(static_cast<std::uint32_t>(best.size()))];
                                       });
    return instance;
  };
  const auto is_planned = [](const Instance& instance) {
    const Rational& discount = instance.numbers.at("discount")[0];
    return instance.policy->deterministic() &&
           discounted_values(*instance.perturbed, *instance.policy, discount) ==
               optimal_discounted_values(*instance.perturbed, discount);
  };
  domain.objection = [=](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_to_numbers(instance)) return objection;
    if (auto objection = objection_to_rest(base, instance)) return objection;
    if (options.planned && !is_planned(instance)) return "the policy is not optimal in the perturbed model";
    return std::nullopt;
  };
  if (options.planned) {
    domain.repair = [=](Instance& instance) {
      if (objection_to_numbers(instance) || !instance.policy->deterministic() || is_planned(instance)) return;
      const StochasticMatrix& now = instance.policy->table();
      instance.policy = optimal_policy(*instance.perturbed, instance.numbers.at("discount")[0],
                                       [&](State s, const std::vector<Action>& best) {
                                         const Action kept{now.column(now.row_begin(s.value))};
                                         return std::ranges::find(best, kept) != best.end() ? kept : best[0];
                                       });
    };
    std::erase_if(domain.classes, [](const std::string& label) { return label.starts_with("policy:"); });
    domain.classes.emplace_back(fork_family);
  }
  const auto drop = [&](const char* hypothesis, bool DiscountedOptions::*option, bool value) {
    DiscountedOptions wider = options;
    wider.*option = value;
    if (options.*option != value) domain.without[hypothesis] = [wider] { return discounted_pairs(wider); };
  };
  drop("shared rewards", &DiscountedOptions::own_rewards, true);
  drop("pi optimal in M'", &DiscountedOptions::planned, false);
  return domain;
}

Domain discounted_values_guessed() {
  const Domain base = model_pairs({}, sizes);
  Domain domain = with_discount(base, "a discounted model and a value function");
  remove_pair_classes(domain, false);
  domain.decode = [base](ChoiceSource& choices, const Setting& setting) {
    Instance instance = draw_model_and_policy(base, choices, setting);
    instance.policy.reset();
    std::erase_if(instance.classes, [](std::string_view label) { return label.starts_with("policy"); });
    std::vector<Rational> value(instance.model->state_count());
    if (!choices.flag()) value = optimal_discounted_values(*instance.model, instance.numbers["discount"][0]);
    for (Rational& v : value) v += draw_error(choices);
    instance.numbers["value"] = std::move(value);
    return instance;
  };
  domain.objection = [base](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_to_numbers(instance, "value")) return objection;
    if (auto objection = objection_to_single(base, instance, false)) return objection;
    if (instance.numbers.at("value").size() != instance.model->state_count())
      return "the value function must have one number a state";
    return std::nullopt;
  };
  return domain;
}

Domain approximate_policy_iterations() {
  const Domain base = model_pairs({}, sizes);
  Domain domain = with_discount(base, "rounds of approximate policy iteration");
  remove_pair_classes(domain, true);
  domain.decode = [base](ChoiceSource& choices, const Setting& setting) {
    Instance instance = draw_model_and_policy(base, choices, setting);
    const std::uint32_t rounds = choices.between(1, most_rounds);
    std::vector<Rational>& errors = instance.numbers["errors"];
    for (std::uint32_t i = 0; i < rounds * instance.model->state_count(); ++i)
      errors.push_back(draw_error(choices));
    return instance;
  };
  domain.objection = [base](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_to_numbers(instance, "errors")) return objection;
    if (auto objection = objection_to_single(base, instance, true)) return objection;
    const std::size_t count = instance.numbers.at("errors").size();
    if (count == 0 || count > longest_list || count % instance.model->state_count() != 0)
      return "there must be one error a state and round, and at most 64";
    return std::nullopt;
  };
  return domain;
}

}  // namespace lemmacheck
