#include "generate/domains.hpp"

#include <algorithm>

#include "generate/model_families.hpp"

namespace lemmacheck {
namespace {

constexpr std::string_view deterministic_policy = "policy: deterministic";
constexpr std::string_view stochastic_policy = "policy: stochastic";
constexpr std::string_view one_step = "horizon: 1";
constexpr std::array<std::uint64_t, 4> policy_denominators = {2, 3, 4, 10};

MarkovPolicy draw_policy(ChoiceSource& choices, std::uint32_t states, std::uint32_t actions, Step steps,
                         bool stochastic) {
  const std::size_t rows = std::size_t{states} * static_cast<std::size_t>(steps);
  if (!stochastic) {
    std::vector<std::uint32_t> taken(rows);
    for (std::uint32_t& action : taken) action = choices.below(actions);
    return MarkovPolicy::deterministic(taken, states, actions);
  }
  const std::uint64_t denominator = choices.pick(policy_denominators);
  std::vector<std::uint64_t> counts(rows * actions);
  for (std::size_t i = 0; i < rows; ++i)
    draw_row(choices, std::span(counts).subspan(i * actions, actions), denominator, 0);
  return MarkovPolicy(StochasticMatrix(actions, counts, denominator), states);
}

/// An action for each step and state, which each state changes once: the simplest time-dependent policies.
MarkovPolicy draw_switching_policy(ChoiceSource& choices, std::uint32_t states, std::uint32_t actions,
                                   Step steps) {
  const auto count = static_cast<std::uint32_t>(steps);
  std::vector<std::uint32_t> taken(std::size_t{states} * count);
  for (std::uint32_t s = 0; s < states; ++s) {
    const std::uint32_t first = choices.below(actions), then = choices.below(actions),
                        change = choices.below(count);
    for (std::uint32_t h = 0; h < count; ++h) taken[std::size_t{h} * states + s] = h <= change ? first : then;
  }
  return MarkovPolicy::deterministic(taken, states, actions);
}

/// T_1, ..., T_{H-1}: each is the one before, or that with some rows moved.
std::vector<KernelDraft> draw_kernels(ChoiceSource& choices, const KernelDraft& first, Step horizon,
                                      bool leaks) {
  const Perturbation change{.kind = 1, .leaks = leaks};
  std::vector<KernelDraft> kernels = {first};
  for (Step h = 2; h < horizon; ++h)
    kernels.push_back(choices.below(3) == 2 ? perturb(choices, kernels.back(), change) : kernels.back());
  return kernels;
}

std::vector<StochasticMatrix> built(const std::vector<KernelDraft>& drafts) {
  std::vector<StochasticMatrix> kernels;
  kernels.reserve(drafts.size());
  for (const KernelDraft& draft : drafts) kernels.push_back(draft.kernel());
  return kernels;
}

/// r(s, a) = sum_{s'} T(s'|s, a) r(s, a, s').
RewardTable mean_rewards(const FiniteMdp& model, const std::vector<Rational>& next_state_rewards) {
  const std::uint32_t states = model.state_count();
  std::vector<Rational> rewards;
  for (std::size_t row = 0; row < model.kernel(1).rows(); ++row)
    rewards.push_back(expectation<Rational>(
        model.kernel(1), row, [&](std::uint32_t next) { return next_state_rewards[row * states + next]; }));
  return RewardTable(states, model.action_count(), std::move(rewards));
}

bool has_mean_rewards(const FiniteMdp& model, const std::vector<Rational>& next_state_rewards) {
  return model.rewards() == mean_rewards(model, next_state_rewards);
}

/// r(s, a, s') and the mean rewards which they give each kernel.
void draw_next_state_rewards(ChoiceSource& choices, Instance& instance) {
  const std::size_t numbers = instance.model->kernel(1).rows() * instance.model->state_count();
  for (std::size_t i = 0; i < numbers; ++i) instance.next_state_rewards.emplace_back(choices.below(2));
  for (auto* model : {&instance.model, &instance.perturbed})
    *model = FiniteMdp((*model)->initial(), (*model)->kernels(),
                       mean_rewards(**model, instance.next_state_rewards), (*model)->state_count(),
                       (*model)->action_count());
}

Instance draw_pair(ChoiceSource& choices, const Setting& setting, const PairOptions& options,
                   const Sizes& sizes) {
  Instance instance;
  ModelDraft draft = setting.model ? refine_model(choices, *setting.model) : draw_model(choices, sizes);
  if (setting.model && !options.any_rewards) rescale_rewards(draft);
  const std::uint32_t drawn = choices.below(static_cast<std::uint32_t>(sizes.horizon)) + 1;
  instance.horizon = setting.horizon > 0 ? setting.horizon : static_cast<Step>(drawn);
  if (options.any_rewards && !setting.model) {
    // r = offset + n / D' with a span of up to 3
    draft.reward_offset = Rational(0) - Rational(choices.below(4));
    for (std::uint64_t& reward : draft.rewards) reward *= choices.between(1, 3);
  }
  const KernelDraft& kernel = draft.kernel;
  const Perturbation plan = draw_perturbation(choices, draft, setting.model != nullptr);
  std::vector<KernelDraft> kernels = {kernel}, perturbed;
  if (options.time_varying_models) kernels = draw_kernels(choices, kernel, instance.horizon, draft.leaks);
  for (KernelDraft& step : kernels) perturbed.push_back(perturb(choices, step, plan));

  const StochasticMatrix initial(kernel.states, draft.initial, kernel.denominator);
  instance.model.emplace(initial, built(kernels), draft.reward_table(), kernel.states, kernel.actions);
  if (options.own_rewards) draft.rewards = draw_rewards(choices, draft);
  if (options.own_initial) draw_row(choices, draft.initial, kernel.denominator, 0);
  const StochasticMatrix start(kernel.states, draft.initial, kernel.denominator);
  instance.perturbed.emplace(start, built(perturbed), draft.reward_table(), kernel.states, kernel.actions);
  if (options.next_state_rewards) draw_next_state_rewards(choices, instance);

  const Step steps = options.time_dependent_policy ? instance.horizon : 1;
  const bool stochastic = choices.below(3) == 2;
  const bool switches = steps > 1 && !stochastic && choices.flag();
  const auto policy = [&] {
    return switches ? draw_switching_policy(choices, kernel.states, kernel.actions, steps)
                    : draw_policy(choices, kernel.states, kernel.actions, steps, stochastic);
  };
  instance.policy = policy();
  if (options.other_policy) instance.other_policy = policy();
  if (options.sampling) {
    std::vector<std::uint64_t> nu(kernel.rows());
    constexpr std::uint64_t denominator = 60;
    draw_row(choices, nu, denominator, choices.below(static_cast<std::uint32_t>(kernel.rows())));
    instance.sampling = StochasticMatrix(static_cast<std::uint32_t>(kernel.rows()), nu, denominator);
  }
  instance.classes = {draft.family, perturbation_kinds[plan.kind],
                      stochastic ? stochastic_policy : deterministic_policy};
  if (instance.horizon == 1) instance.classes.push_back(one_step);
  return instance;
}

bool within_unit_interval(const RewardTable& rewards) {
  return rewards.lowest() >= Rational(0) && rewards.highest() <= Rational(1);
}

/// What a domain without some part says of an instance that has it.
std::optional<std::string> objection_to_extras(const Instance& instance, bool models, bool numbers) {
  if (!numbers && !instance.numbers.empty()) return "there are numbers, which the claim does not speak of";
  if (!instance.known.empty()) return "there are known pairs, which the claim does not speak of";
  if (!instance.model_class.empty()) return "there is a model class, which the claim does not speak of";
  if (!models && instance.model) return "there is a model, which the claim does not speak of";
  return std::nullopt;
}

std::optional<std::string> objection_to_single_model(const Instance& instance) {
  if (!instance.model) return "a model is needed";
  if (instance.model->time_varying()) return "the model is not stationary";
  const bool more = instance.perturbed || instance.policy || instance.other_policy || instance.sampling ||
                    !instance.next_state_rewards.empty();
  if (more) return "there is more than a model";
  return objection_to_extras(instance, true, false);
}

std::optional<std::string> objection_to_pair(const Instance& instance, const PairOptions& options) {
  if (!instance.model || !instance.perturbed || !instance.policy)
    return "a model, a perturbed one and a policy are needed";
  const FiniteMdp &model = *instance.model, &perturbed = *instance.perturbed;
  if (!options.own_initial && !(model.initial() == perturbed.initial()))
    return "the two models have different initial distributions";
  const bool shared = !options.own_rewards && !options.next_state_rewards;
  if (shared && !(model.rewards() == perturbed.rewards())) return "the two models have different rewards";
  if (!options.any_rewards &&
      !(within_unit_interval(model.rewards()) && within_unit_interval(perturbed.rewards())))
    return "a reward is outside [0, 1]";
  if (!options.time_varying_models && (model.time_varying() || perturbed.time_varying()))
    return "a model is not stationary";
  const auto fits = [&](const MarkovPolicy& policy) {
    return options.time_dependent_policy || policy.stationary();
  };
  if (!fits(*instance.policy)) return "the policy is not stationary";
  if (options.other_policy != instance.other_policy.has_value())
    return options.other_policy ? "a second policy is needed" : "there is a second policy";
  if (options.other_policy && !fits(*instance.other_policy)) return "the second policy is not stationary";
  if (options.sampling != instance.sampling.has_value())
    return options.sampling ? "a sampling distribution is needed" : "there is a sampling distribution";
  if (options.next_state_rewards == instance.next_state_rewards.empty())
    return options.next_state_rewards ? "rewards r(s, a, s') are needed" : "there are rewards r(s, a, s')";
  if (options.next_state_rewards && !(has_mean_rewards(model, instance.next_state_rewards) &&
                                      has_mean_rewards(perturbed, instance.next_state_rewards)))
    return "a reward r(s, a) is not the mean of r(s, a, s')";
  for (const Rational& reward : instance.next_state_rewards)
    if (reward.sign() < 0 || reward > Rational(1)) return "a reward r(s, a, s') is outside [0, 1]";
  return objection_to_extras(instance, true, false);
}

std::optional<std::string> objection_to_numbers(const Instance& instance,
                                                const std::vector<std::string>& names, bool equal_lengths,
                                                bool zero_sum) {
  for (const std::string& name : names) {
    const auto found = instance.numbers.find(name);
    if (found == instance.numbers.end() || found->second.empty())
      return "the numbers " + name + " are needed";
    if (!equal_lengths && found->second.size() != 1) return name + " must be one number";
    if (found->second.size() != instance.numbers.at(names[0]).size()) return "the vectors differ in length";
  }
  if (instance.numbers.size() != names.size()) return "there are numbers which the claim does not speak of";
  Rational sum;
  for (const Rational& p : instance.numbers.at(names[0])) sum += p;
  if (zero_sum && sum != Rational(0)) return "the vector " + names[0] + " does not sum to 0";
  return objection_to_extras(instance, false, true);
}

Domain pair_domain(std::string name, const PairOptions& options, const Sizes& sizes);

/// The domain with one more option set, for each that is not.
std::map<std::string, std::function<Domain()>> without_one(const PairOptions& options, const Sizes& sizes) {
  std::map<std::string, std::function<Domain()>> wider;
  const auto add = [&](const char* hypothesis, bool PairOptions::*option) {
    if (options.*option) return;
    PairOptions more = options;
    more.*option = true;
    wider[hypothesis] = [hypothesis, more, sizes] {
      return pair_domain(std::string("model pairs without: ") + hypothesis, more, sizes);
    };
  };
  add("shared rewards", &PairOptions::own_rewards);
  add("rewards in [0, 1]", &PairOptions::any_rewards);
  add("same initial distribution", &PairOptions::own_initial);
  add("stationary kernels", &PairOptions::time_varying_models);
  add("stationary policy", &PairOptions::time_dependent_policy);
  return wider;
}

Domain pair_domain(std::string name, const PairOptions& options, const Sizes& sizes) {
  Domain domain;
  domain.name = std::move(name);
  domain.decode = [options, sizes](ChoiceSource& choices, const Setting& setting) {
    return draw_pair(choices, setting, options, sizes);
  };
  domain.objection = [options](const Instance& instance) { return objection_to_pair(instance, options); };
  domain.classes.assign(model_families.begin(), model_families.end());
  domain.classes.insert(domain.classes.end(), perturbation_kinds.begin(), perturbation_kinds.end());
  for (const std::string_view label : {deterministic_policy, stochastic_policy, one_step})
    domain.classes.emplace_back(label);
  domain.without = without_one(options, sizes);
  return domain;
}

Rational draw_number(ChoiceSource& choices) {
  constexpr std::array<std::uint64_t, 5> denominators = {1, 2, 3, 10, 1000};
  const std::uint64_t denominator = choices.pick(denominators);
  const auto size = static_cast<std::int64_t>(draw_count(choices, 3 * denominator));
  return Rational::ratio(choices.flag() ? -size : size, denominator);
}

}  // namespace

Domain model_pairs(const PairOptions& options, const Sizes& sizes) {
  return pair_domain("model pairs", options, sizes);
}

Domain models() {
  Domain domain;
  domain.name = "models";
  domain.decode = [](ChoiceSource& choices, const Setting& setting) {
    Instance instance;
    const ModelDraft draft =
        setting.model ? refine_model(choices, *setting.model) : draw_model(choices, Sizes{});
    const KernelDraft& kernel = draft.kernel;
    instance.model.emplace(StochasticMatrix(kernel.states, draft.initial, kernel.denominator),
                           std::vector<StochasticMatrix>{kernel.kernel()}, draft.reward_table(),
                           kernel.states, kernel.actions);
    instance.classes = {draft.family};
    return instance;
  };
  domain.objection = objection_to_single_model;
  domain.classes.assign(model_families.begin(), model_families.end());
  return domain;
}

Domain horizons() {
  Domain domain;
  domain.name = "horizons";
  domain.has_models = false;
  domain.decode = [](ChoiceSource& choices, const Setting& setting) {
    Instance instance;
    constexpr std::uint32_t longest = 60;
    const auto drawn = static_cast<Step>(choices.between(1, longest));
    instance.horizon = setting.horizon > 0 ? setting.horizon : drawn;
    return instance;
  };
  domain.objection = [](const Instance& instance) { return objection_to_extras(instance, false, false); };
  return domain;
}

Domain number_triples() {
  Domain domain;
  domain.name = "three numbers";
  domain.has_models = false;
  domain.decode = [](ChoiceSource& choices, const Setting&) {
    Instance instance;
    for (const char* name : {"a", "b", "c"}) instance.numbers[name] = {draw_number(choices)};
    return instance;
  };
  domain.objection = [](const Instance& i) { return objection_to_numbers(i, {"a", "b", "c"}, false, false); };
  return domain;
}

Domain vector_pairs(bool zero_sum) {
  Domain domain;
  domain.name = zero_sum ? "a zero-sum vector and a vector" : "two vectors";
  domain.has_models = false;
  domain.decode = [zero_sum](ChoiceSource& choices, const Setting&) {
    Instance instance;
    const std::uint32_t size = choices.between(1, 6);
    std::vector<Rational> p, g;
    Rational sum;
    for (std::uint32_t i = 0; i < size; ++i) {
      p.push_back(draw_number(choices));
      g.push_back(draw_number(choices));
      sum += p.back();
    }
    if (zero_sum) p.back() -= sum;
    instance.numbers = {{"p", std::move(p)}, {"g", std::move(g)}};
    return instance;
  };
  domain.objection = [zero_sum](const Instance& i) {
    return objection_to_numbers(i, {"p", "g"}, true, zero_sum);
  };
  return domain;
}

}  // namespace lemmacheck
