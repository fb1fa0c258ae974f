#include "learning/learning_domains.hpp"

#include "mdp/exact_values.hpp"
#include "mdp/occupancy.hpp"

namespace lemmacheck {
namespace {

constexpr Sizes sizes{4, 2, 5};
constexpr std::string_view optimal_expert = "expert: optimal", other_expert = "expert: any",
                           nothing_known = "known: nothing", some_known = "known: some pairs",
                           realisable = "class: with the truth", agnostic = "class: without the truth",
                           one_wrong_row = "class: one row sure of one state",
                           many_wrong_rows = "class: perturbed models", covering_nu = "nu: every pair",
                           partial_nu = "nu: one pair", own_nu = "nu: the data of the policy";
constexpr std::int64_t most_rounds = 64;

/// What the domain of pairs says of an instance's other parts.
std::optional<std::string> objection_of_pairs(const Domain& pairs, Instance instance) {
  instance.known.clear();
  instance.numbers.clear();
  return pairs.objection(instance);
}

std::optional<std::string> objection_to_integers(const Instance& instance, const std::string& name,
                                                 std::size_t most, std::int64_t lowest,
                                                 std::int64_t highest) {
  const auto found = instance.numbers.find(name);
  if (instance.numbers.size() != 1 || found == instance.numbers.end() || found->second.empty())
    return "the numbers " + name + " are needed, and no others";
  if (found->second.size() > most) return "there are too many numbers " + name;
  for (const Rational& number : found->second)
    if (!number.is_integer() || number < Rational(lowest) || number > Rational(highest))
      return "a number of " + name + " is not an integer from " + std::to_string(lowest) + " to " +
             std::to_string(highest);
  return std::nullopt;
}

Domain one_instance(std::string name, const Instance& instance) {
  Domain domain;
  domain.name = std::move(name);
  domain.has_models = false;
  domain.cases = 1;
  domain.decode = [instance](ChoiceSource&, const Setting&) { return instance; };
  domain.objection = [instance](const Instance& other) -> std::optional<std::string> {
    const bool same = other.horizon == instance.horizon && other.model && other.policy &&
                      other.other_policy && !other.perturbed && other.numbers.empty() &&
                      other.model_class.empty() && !other.sampling && other.next_state_rewards.empty() &&
                      same_process(*other.model, *instance.model) && *other.policy == *instance.policy &&
                      *other.other_policy == *instance.other_policy && other.known == instance.known;
    return same ? std::nullopt : std::optional<std::string>("it is not the figure's tree");
  };
  return domain;
}

/// A kernel that is sure, in one row, of one next state: a model which hopes or fears in one place.
KernelDraft one_sure_row(ChoiceSource& choices, KernelDraft kernel) {
  const auto row = kernel.row(choices.below(static_cast<std::uint32_t>(kernel.rows())));
  std::ranges::fill(row, 0);
  row[choices.below(kernel.states)] = kernel.denominator;
  return kernel;
}

KernelDraft perturbed_row_by_row(ChoiceSource& choices, const ModelDraft& draft, const Setting& setting) {
  KernelDraft source = draft.kernel;
  Perturbation change = draw_perturbation(choices, draft, setting.model != nullptr);
  change.swaps = false;
  return perturb(choices, source, change);
}

/// d_w of a policy in a model, as the one row of a matrix.
StochasticMatrix own_data(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  const std::vector<Rational> masses = weighted_occupancy<Rational>(model, policy, horizon);
  StochasticMatrix::Rows rows(1);
  for (std::uint32_t pair = 0; pair < masses.size(); ++pair)
    if (masses[pair].sign() != 0) rows[0].push_back({pair, masses[pair]});
  return StochasticMatrix(static_cast<std::uint32_t>(masses.size()), rows,
                          [](std::size_t) { return std::string("nu"); });
}

/// Learning problems made of the pairs of a domain.
Domain learning_problems_of(const Domain& pairs) {
  Domain domain = pairs;
  domain.name = "learning problems";
  domain.decode = [pairs](ChoiceSource& choices, const Setting& setting) {
    Instance instance = pairs.decode(choices, setting);
    const FiniteMdp& world = *instance.model;
    const bool optimal = choices.flag();
    if (optimal) instance.other_policy = optimal_plan(world, instance.horizon).policy;
    instance.known.assign(std::size_t{world.state_count()} * world.action_count(), false);
    const bool some = choices.below(3) == 2;
    for (std::size_t i = 0; some && i < instance.known.size(); ++i) instance.known[i] = choices.flag();
    instance.classes.push_back(optimal ? optimal_expert : other_expert);
    instance.classes.push_back(some ? some_known : nothing_known);
    return instance;
  };
  domain.objection = [pairs](const Instance& instance) -> std::optional<std::string> {
    if (auto objection = objection_of_pairs(pairs, instance)) return objection;
    if (instance.known.size() != instance.model->kernel(1).rows()) return "the known pairs are needed";
    if (!instance.numbers.empty()) return "there are numbers, which the claim does not speak of";
    return std::nullopt;
  };
  for (const std::string_view label : {optimal_expert, other_expert, nothing_known, some_known})
    domain.classes.emplace_back(label);
  domain.without.clear();
  for (const auto& [hypothesis, wider] : pairs.without)
    if (hypothesis != "stationary kernels")  // a loop fits one kernel
      domain.without[hypothesis] = [wider = wider] { return learning_problems_of(wider()); };
  return domain;
}

}  // namespace

Domain learning_problems() {
  return learning_problems_of(model_pairs({.time_dependent_policy = true, .other_policy = true}, sizes));
}

Domain figure_tree() {
  return one_instance("the tree of Figure 15.1", figure_15_1());
}

Domain figure_tree_strict() {
  return one_instance("the tree of Figure 15.1, right-right paying 1/10",
                      figure_15_1(Rational::ratio(1, 10)));
}

Domain model_classes() {
  Domain domain;
  domain.name = "model classes";
  domain.decode = [](ChoiceSource& choices, const Setting& setting) {
    Instance instance;
    ModelDraft draft = setting.model ? refine_model(choices, *setting.model) : draw_model(choices, sizes);
    if (setting.model) rescale_rewards(draft);
    const KernelDraft& kernel = draft.kernel;
    const std::uint32_t drawn = choices.below(8) == 7 ? 1 : choices.between(2, 4);
    instance.horizon = setting.horizon > 0 ? setting.horizon : static_cast<Step>(drawn);
    const StochasticMatrix initial(kernel.states, draft.initial, kernel.denominator);
    const auto model_with = [&](const KernelDraft& of) {
      return FiniteMdp(initial, {of.kernel()}, draft.reward_table(), kernel.states, kernel.actions);
    };
    instance.model = model_with(kernel);
    const std::uint32_t count = choices.between(1, 3);
    const std::uint32_t truth = choices.flag() ? choices.below(count) : count;
    const bool wishful = choices.flag();
    for (std::uint32_t m = 0; m < count; ++m)
      instance.model_class.push_back(m == truth ? *instance.model
                                     : wishful  ? model_with(one_sure_row(choices, kernel))
                                                : model_with(perturbed_row_by_row(choices, draft, setting)));
    std::vector<std::uint32_t> taken(kernel.states);
    for (std::uint32_t& action : taken) action = choices.below(kernel.actions);
    instance.policy = MarkovPolicy::deterministic(taken, kernel.states, kernel.actions);
    // nu: the data of the policy to compare with, as an expert's would be; every pair, so that all is
    // covered; or one pair.
    constexpr std::uint64_t denominator = 60;
    const std::uint32_t kind = choices.below(5);
    const bool covers = kind<2, own = kind> 2 && instance.horizon > 1;
    const std::uint64_t share = covers ? std::max<std::uint64_t>(1, denominator / (2 * kernel.rows())) : 0;
    std::vector<std::uint64_t> nu(kernel.rows());
    if (covers)
      draw_row(choices, nu, denominator, 0);
    else
      nu[choices.below(static_cast<std::uint32_t>(nu.size()))] = denominator;
    for (std::uint64_t& mass : nu) mass += share;
    instance.sampling = own ? own_data(*instance.model, *instance.policy, instance.horizon)
                            : StochasticMatrix(static_cast<std::uint32_t>(kernel.rows()), nu,
                                               denominator + share * kernel.rows());
    // A regret that grows shows after many rounds.
    constexpr std::uint32_t most_drawn_rounds = 10, many_rounds = 30;
    const bool many = choices.flag();
    instance.numbers["rounds"] = {Rational(many ? many_rounds : choices.between(1, most_drawn_rounds))};
    instance.classes = {draft.family, truth < count ? realisable : agnostic,
                        wishful ? one_wrong_row : many_wrong_rows,
                        covers ? covering_nu
                        : own  ? own_nu
                               : partial_nu};
    return instance;
  };
  domain.objection = [](const Instance& instance) -> std::optional<std::string> {
    if (!instance.model || !instance.policy || !instance.sampling || instance.model_class.empty())
      return "a model, a class of models, a policy and a sampling distribution are needed";
    if (instance.perturbed || instance.other_policy || !instance.known.empty() ||
        !instance.next_state_rewards.empty())
      return "there is more than a model, a class, a policy and a sampling distribution";
    const RewardTable& rewards = instance.model->rewards();
    if (rewards.lowest().sign() < 0 || rewards.highest() > Rational(1)) return "a reward is outside [0, 1]";
    if (instance.model->time_varying() || !instance.policy->stationary())
      return "something is not stationary";
    for (const FiniteMdp& model : instance.model_class) {
      if (model.time_varying()) return "a model is not stationary";
      if (!(model.rewards() == rewards)) return "the models have different rewards";
      if (!(model.initial() == instance.model->initial()))
        return "the models have different initial distributions";
    }
    if (auto objection = objection_to_integers(instance, "rounds", 1, 1, most_rounds)) return objection;
    return std::nullopt;
  };
  domain.classes.assign(model_families.begin(), model_families.end());
  for (const std::string_view label :
       {realisable, agnostic, one_wrong_row, many_wrong_rows, covering_nu, partial_nu, own_nu})
    domain.classes.emplace_back(label);
  return domain;
}

}  // namespace lemmacheck
