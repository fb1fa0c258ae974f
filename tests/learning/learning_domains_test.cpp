#include "learning/learning_domains.hpp"

#include "generate/domain_checks.hpp"
#include "mdp/enumeration.hpp"
#include "mdp/occupancy.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

std::vector<Domain> all_domains() {
  return {learning_problems(), model_classes(), figure_tree(), figure_tree_strict()};
}

std::string objection_after(const Domain& domain, void (*edit)(Instance&)) {
  Instance instance = member(domain, 7);
  REQUIRE_FALSE(domain.objection(instance));
  edit(instance);
  return domain.objection(instance).value_or("none");
}

}  // namespace

TEST_CASE("learning domains: every choice sequence decodes to a member", "[learning]") {
  for (const Domain& domain : all_domains()) check_every_sequence_is_a_member(domain);
}

TEST_CASE("learning domains: a random run reaches every class", "[learning]") {
  for (const Domain& domain : all_domains()) check_classes_are_reached(domain);
}

TEST_CASE("learning domains: an instance written and read again is the same", "[learning]") {
  for (const Domain& domain : all_domains()) check_json_round_trip(domain);
  // Known pairs and classes of several models did occur.
  int some_known = 0, several_models = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const std::vector<bool> known = member(learning_problems(), i).known;
    some_known += std::count(known.begin(), known.end(), true) > 0 ? 1 : 0;
    several_models += member(model_classes(), i).model_class.size() > 1 ? 1 : 0;
  }
  CHECK((some_known > 5 && several_models > 10));
}

TEST_CASE("learning domains: a given model and horizon are kept", "[learning]") {
  check_setting_is_kept(learning_problems(), {1, 2, 5});
  check_setting_is_kept(model_classes(), {2, 5});
}

TEST_CASE("learning domains: model classes with a horizon of 1 are members", "[learning]") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    ChoiceSource source(PhiloxStream(1, i));
    CHECK_FALSE(model_classes().objection(model_classes().decode(source, Setting{nullptr, 1})));
  }
}

TEST_CASE("learning domains: with a hypothesis dropped an instance is still a learning problem",
          "[learning]") {
  for (const auto& [hypothesis, wider] : learning_problems().without) {
    for (std::uint64_t i = 0; i < 5; ++i) {
      INFO(hypothesis << ", instance " << i);
      const Instance instance = member(wider(), i);
      CHECK(instance.known.size() == instance.model->kernel(1).rows());
      CHECK(instance.numbers.empty());
      CHECK_NOTHROW(learning_problem(instance));
    }
  }
}

TEST_CASE("learning domains: labels say what an instance is", "[learning]") {
  const auto labelled = [](const Instance& instance, std::string_view label) {
    return std::count(instance.classes.begin(), instance.classes.end(), label) > 0;
  };
  for (std::uint64_t i = 0; i < 200; ++i) {
    INFO("instance " << i);
    const Instance problem = member(learning_problems(), i);
    if (labelled(problem, "known: nothing"))
      CHECK(std::count(problem.known.begin(), problem.known.end(), true) == 0);
    std::size_t policies = 1;
    for (std::uint32_t p = 0; p < problem.model->state_count() * static_cast<std::uint32_t>(problem.horizon);
         ++p)
      policies = std::min<std::size_t>(policies * problem.model->action_count(), 1000);
    if (labelled(problem, "expert: optimal") && policies <= 64) {
      const Rational expert = enumerated_return(*problem.model, *problem.other_policy, problem.horizon);
      for (const MarkovPolicy& policy :
           all_policies(problem.model->state_count(), problem.model->action_count(), problem.horizon))
        CHECK(enumerated_return(*problem.model, policy, problem.horizon) <= expert);
    }

    const Instance choice = member(model_classes(), i);
    std::size_t true_models = 0;
    for (const FiniteMdp& model : choice.model_class)
      true_models += same_process(model, *choice.model) ? 1 : 0;
    if (labelled(choice, "class: with the truth")) CHECK(true_models > 0);
    if (labelled(choice, "nu: every pair"))
      CHECK(choice.sampling->entries() == choice.sampling->columns());
    else if (labelled(choice, "nu: one pair"))
      CHECK(choice.sampling->entries() == 1);
    else
      for (std::uint32_t pair = 0; pair < choice.sampling->columns(); ++pair)
        CHECK(choice.sampling->probability(0, pair) ==
              weighted_occupancy<Rational>(*choice.model, *choice.policy, choice.horizon)[pair]);
    if (labelled(choice, "class: one row sure of one state")) {
      for (const FiniteMdp& model : choice.model_class) {
        std::size_t changed = 0;
        for (std::size_t row = 0; row < model.kernel(1).rows(); ++row) {
          bool same = true;
          for (std::uint32_t next = 0; next < model.state_count(); ++next)
            same = same &&
                   model.kernel(1).probability(row, next) == choice.model->kernel(1).probability(row, next);
          changed += same ? 0 : 1;
          if (!same) CHECK(model.kernel(1).row_columns(row).size() == 1);
        }
        CHECK(changed <= 1);
      }
    }
  }
}

TEST_CASE("learning domains: an instance outside the domain is objected to", "[learning]") {
  const Domain plain = learning_problems(), classes = model_classes();
  CHECK(objection_after(plain, [](Instance& i) { i.known.clear(); }) == "the known pairs are needed");
  CHECK(objection_after(plain, [](Instance& i) { i.known.push_back(true); }) == "the known pairs are needed");
  CHECK(objection_after(plain, [](Instance& i) { i.other_policy.reset(); }) == "a second policy is needed");
  CHECK(objection_after(plain, [](Instance& i) { i.perturbed.reset(); }) != "none");
  CHECK(contains(objection_after(plain, [](Instance& i) { i.numbers["fills"] = {1}; }), "there are numbers"));
  CHECK(objection_after(classes, [](Instance& i) { i.horizon = 1; }) == "none");
  CHECK(contains(objection_after(classes, [](Instance& i) { i.model_class.clear(); }), "a class of models"));
  CHECK(objection_after(classes, [](Instance& i) { i.sampling.reset(); }) != "none");
  CHECK(objection_after(classes, [](Instance& i) { i.other_policy = i.policy; }) != "none");
  CHECK(objection_after(classes, [](Instance& i) { i.perturbed = i.model; }) != "none");
  CHECK(objection_after(classes, [](Instance& i) { i.known = {true}; }) != "none");
  CHECK(objection_after(classes, [](Instance& i) { i.numbers["rounds"] = {0}; }) != "none");
  CHECK(objection_after(classes, [](Instance& i) { i.numbers["rounds"] = {65}; }) != "none");
  CHECK(objection_after(classes, [](Instance& i) { i.numbers["rounds"] = {64}; }) == "none");
  CHECK(objection_after(classes, [](Instance& i) { i.numbers["rounds"] = {1, 1}; }) != "none");
  CHECK(contains(
      objection_after(classes,
                      [](Instance& i) {
                        const FiniteMdp& m = i.model_class.back();
                        const std::vector<Rational> level(m.kernel(1).rows(), Rational::ratio(1, 7));
                        i.model_class.back() = FiniteMdp(
                            m.initial(), m.kernels(), RewardTable(m.state_count(), m.action_count(), level),
                            m.state_count(), m.action_count());
                      }),
      "different rewards"));
  CHECK(contains(objection_after(classes,
                                 [](Instance& i) {
                                   const FiniteMdp& m = i.model_class.back();
                                   i.model_class.back() =
                                       FiniteMdp(m.initial(), {m.kernel(1), m.kernel(1)}, m.rewards(),
                                                 m.state_count(), m.action_count());
                                 }),
                 "not stationary"));
}

TEST_CASE("figure domains: each holds its tree alone", "[learning]") {
  const Domain drawn_tree = figure_tree(), strict = figure_tree_strict();
  CHECK((drawn_tree.cases == 1 && strict.cases == 1));
  CHECK(drawn_tree.objection(member(strict, 0)));
  CHECK(strict.objection(member(drawn_tree, 0)));
  for (const Domain& domain : {drawn_tree, strict}) {
    CHECK(objection_after(domain, [](Instance& i) { i.known.flip(); }) != "none");
    CHECK(objection_after(domain, [](Instance& i) { ++i.horizon; }) != "none");
    CHECK(objection_after(domain, [](Instance& i) { std::swap(i.policy, i.other_policy); }) != "none");
    CHECK(objection_after(domain, [](Instance& i) { i.perturbed = i.model; }) != "none");
    CHECK(objection_after(domain, [](Instance& i) { i.model_class = {*i.model}; }) != "none");
    CHECK(objection_after(domain, [](Instance& i) { i.numbers["x"] = {1}; }) != "none");
    CHECK(objection_after(domain, [](Instance& i) { i.model->names = {}; }) == "none");
  }
}
