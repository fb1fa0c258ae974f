#include "generate/domains.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "generate/instance_file.hpp"
#include "generate/instance_size.hpp"
#include "generate/model_families.hpp"
#include "generate/rapidcheck_adaptor.hpp"
#include "mdp/distances.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

std::vector<Domain> all_domains() {
  return {model_pairs(),
          model_pairs({.time_varying_models = true, .time_dependent_policy = true}),
          model_pairs({.other_policy = true}),
          model_pairs({.sampling = true}),
          model_pairs({.own_rewards = true}),
          model_pairs({.next_state_rewards = true}),
          model_pairs({.any_rewards = true}),
          model_pairs({}, {3, 2, 4}),
          models(),
          horizons(),
          number_triples(),
          vector_pairs(false),
          vector_pairs(true)};
}

Instance drawn(const Domain& domain, std::uint64_t index) {
  ChoiceSource source(PhiloxStream(1, index));
  return domain.decode(source, Setting{});
}

}  // namespace

TEST_CASE("domains: every choice sequence decodes to an instance of the domain", "[generate]") {
  for (const Domain& domain : all_domains()) {
    INFO(domain.name);
    const auto falsified = falsify(domain.name, [&](std::span<const std::uint32_t> choices) {
      ChoiceSource source(choices);
      return !domain.objection(domain.decode(source, Setting{}));
    });
    CHECK_FALSE(falsified);
  }
}

TEST_CASE("domains: a random run reaches every class", "[generate]") {
  for (const Domain& domain : all_domains()) {
    std::set<std::string, std::less<>> seen;
    for (std::uint64_t i = 0; i < 500; ++i)
      for (const std::string_view label : drawn(domain, i).classes) seen.emplace(label);
    for (const std::string& label : domain.classes) {
      INFO(domain.name << ": " << label);
      CHECK(seen.count(label) == 1);
    }
  }
}

TEST_CASE("domains: the empty sequence decodes to the simplest instance", "[generate]") {
  ChoiceSource nothing{std::span<const std::uint32_t>()};
  const Instance instance = model_pairs().decode(nothing, Setting{});
  CHECK(instance.horizon == 1);
  CHECK(instance.model->state_count() == 1);
  CHECK(instance.model->action_count() == 1);
  CHECK(same_process(*instance.model, *instance.perturbed));
}

TEST_CASE("domains: an instance written and read again is the same", "[generate]") {
  for (const Domain& domain : all_domains()) {
    for (std::uint64_t i = 0; i < 50; ++i) {
      const auto json = instance_to_json(drawn(domain, i));
      CHECK(instance_to_json(instance_from_json(json, "test")) == json);
    }
  }
}

TEST_CASE("domains: an instance outside the domain is objected to", "[generate]") {
  const Domain plain = model_pairs();
  Instance instance = drawn(plain, 1);
  REQUIRE_FALSE(plain.objection(instance));
  CHECK(plain.objection(drawn(model_pairs({.other_policy = true}), 1)));
  instance.perturbed.reset();
  CHECK(plain.objection(instance));
  Instance numbers = drawn(vector_pairs(true), 1);
  REQUIRE_FALSE(vector_pairs(true).objection(numbers));
  numbers.numbers["p"].front() += Rational(1);
  CHECK(vector_pairs(true).objection(numbers));
}

TEST_CASE("perturbations: an exact distance is exact", "[generate]") {
  int tried = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    ChoiceSource source(PhiloxStream(9, i));
    ModelDraft draft = draw_model(source, Sizes{});
    if (draft.kernel.states < 2 || draft.leaks) continue;
    const std::uint64_t mass = draw_count(source, draft.kernel.denominator / 2);
    const KernelDraft moved = perturb(source, draft.kernel, {.kind = 2, .mass = mass});
    const StochasticMatrix before = draft.kernel.kernel(), after = moved.kernel();
    const Rational expected = Rational(2) * Rational(mass) / Rational(draft.kernel.denominator);
    for (std::size_t row = 0; row < before.rows(); ++row)
      CHECK(row_l1_distance<Rational>(before, row, after, row) == expected);
    ++tried;
  }
  CHECK(tried > 100);
}

TEST_CASE("given models: perturbed copies keep the rewards, mapped onto [0, 1] where they lie outside",
          "[generate]") {
  const std::uint32_t stay[] = {0, 1};
  const auto model = std::make_shared<const FiniteMdp>(
      StochasticMatrix::deterministic(2, std::vector<std::uint32_t>{0}),
      std::vector<StochasticMatrix>{StochasticMatrix::deterministic(2, stay)},
      RewardTable(2, 1, {Rational(-10), Rational(20)}), 2U, 1U);
  ChoiceSource source(PhiloxStream(1, 1));
  const Instance instance = model_pairs().decode(source, Setting{model, 3});
  CHECK(instance.horizon == 3);
  CHECK(instance.model->rewards()(State{0}, Action{0}) == Rational(0));
  CHECK(instance.model->rewards()(State{1}, Action{0}) == Rational(1));
  CHECK(instance.model->kernel(1) == model->kernel(1));
}

TEST_CASE("sizes: states count before the horizon, and that before all else", "[generate]") {
  Instance small = drawn(model_pairs(), 1), large = small;
  large.horizon = small.horizon + 1;
  CHECK(size_of(small) < size_of(large));
}
