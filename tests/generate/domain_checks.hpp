/// What every domain promises. Needs the library `lemmacheck_rapidcheck`.
#pragma once

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "generate/instance.hpp"
#include "generate/instance_file.hpp"
#include "generate/rapidcheck_adaptor.hpp"
#include "support/catch.hpp"

namespace lemmacheck::testing {

inline void check_every_sequence_is_a_member(const Domain& domain) {
  INFO(domain.name);
  const auto falsified = falsify(domain.name, [&](std::span<const std::uint32_t> choices) {
    ChoiceSource source(choices);
    return !domain.objection(domain.decode(source, Setting{}));
  });
  CHECK_FALSE(falsified);
}

/// The domain's instance number `index`, its own stream apart from those of other tests.
inline Instance member(const Domain& domain, std::uint64_t index) {
  ChoiceSource source(PhiloxStream(1, index));
  return domain.decode(source, Setting{});
}

/// Every class within 500 draws.
inline void check_classes_are_reached(const Domain& domain) {
  std::set<std::string, std::less<>> seen;
  for (std::uint64_t i = 0; i < 500; ++i)
    for (const std::string_view label : member(domain, i).classes) seen.emplace(label);
  for (const std::string& label : domain.classes) {
    INFO(domain.name << ": " << label);
    CHECK(seen.count(label) == 1);
  }
}

/// Written and read again an instance is the same, part by part, and belongs to the domain.
inline void check_json_round_trip(const Domain& domain) {
  const auto same_models = [](const std::vector<FiniteMdp>& a, const std::vector<FiniteMdp>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_process);
  };
  const auto same_model = [](const std::optional<FiniteMdp>& a, const std::optional<FiniteMdp>& b) {
    return a.has_value() == b.has_value() && (!a || same_process(*a, *b));
  };
  for (std::uint64_t i = 0; i < 60; ++i) {
    const Instance instance = member(domain, i);
    const nlohmann::json json = instance_to_json(instance);
    const Instance again = instance_from_json(nlohmann::json::parse(json.dump()), "test");
    INFO(domain.name << ", instance " << i);
    CHECK(instance_to_json(again) == json);
    CHECK_FALSE(domain.objection(again));
    CHECK(again.horizon == instance.horizon);
    CHECK(same_model(again.model, instance.model));
    CHECK(same_model(again.perturbed, instance.perturbed));
    CHECK(same_models(again.model_class, instance.model_class));
    CHECK(again.policy == instance.policy);
    CHECK(again.other_policy == instance.other_policy);
    CHECK(again.sampling == instance.sampling);
    CHECK(again.known == instance.known);
    CHECK(again.numbers == instance.numbers);
  }
}

/// A horizon and a model given in advance are used, and what is drawn around them belongs to the domain.
inline void check_setting_is_kept(const Domain& domain, const std::vector<Step>& horizons) {
  // Two states, two actions; rewards beyond [0, 1].
  const auto row = [](std::size_t) { return std::string("row"); };
  const Rational third = Rational::ratio(1, 3);
  const StochasticMatrix kernel(
      2, {{{0, third}, {1, Rational(1) - third}}, {{1, 1}}, {{0, 1}}, {{0, Rational(1) - third}, {1, third}}},
      row);
  const auto model =
      std::make_shared<const FiniteMdp>(StochasticMatrix(2, {{{0, third}, {1, Rational(1) - third}}}, row),
                                        std::vector{kernel}, RewardTable(2, 2, {-1, 2, 0, 5}), 2U, 2U);
  for (const Step horizon : horizons) {
    for (const bool given : {false, true}) {
      for (std::uint64_t i = 0; i < 60; ++i) {
        ChoiceSource source(PhiloxStream(1, i));
        const Instance instance = domain.decode(source, Setting{given ? model : nullptr, horizon});
        INFO(domain.name << ", H = " << horizon << (given ? ", given model" : "") << ", instance " << i);
        CHECK_FALSE(domain.objection(instance));
        CHECK(instance.horizon == horizon);
        if (given) CHECK(instance.model->kernel(1) == kernel);
      }
    }
  }
}

}  // namespace lemmacheck::testing
