#include "adversary/worst_case.hpp"

#include "adversary/extremal_families.hpp"
#include "generate/domains.hpp"
#include "mdp/distances.hpp"
#include "mdp/simulation_bound.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

Instance drawn(const Domain& domain, std::uint64_t index) {
  ChoiceSource source(PhiloxStream(5, index));
  return domain.decode(source, Setting{});
}

L1Ball ball_around(const FiniteMdp& model, const Rational& radius, bool keep_support = false) {
  return L1Ball(model.kernel(1), std::vector<Rational>(model.kernel(1).rows(), radius), keep_support);
}

}  // namespace

TEST_CASE("worst case: no model of the ball goes beyond the extremes, and both are attained in it",
          "[adversary]") {
  const Domain domain = model_pairs({.time_dependent_policy = true}, {4, 2, 5});
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Instance instance = drawn(domain, i);
    const FiniteMdp &model = *instance.model, &other = *instance.perturbed;
    const Step horizon = instance.horizon;
    const Rational radius = l1_distance<Rational>(model, other, horizon);
    const L1Ball ball = ball_around(model, radius);
    const Rational inside = policy_return(other, *instance.policy, horizon);
    for (const bool lowest : {true, false}) {
      INFO("instance " << i << (lowest ? ", lowest" : ", highest"));
      const Extreme extreme = extreme_return(model, *instance.policy, horizon, ball, lowest, true);
      CHECK((lowest ? extreme.value <= inside : inside <= extreme.value));
      REQUIRE(extreme.kernels.size() == static_cast<std::size_t>(horizon - 1));
      const FiniteMdp attained = with_kernels(model, extreme.kernels);
      CHECK(policy_return(attained, *instance.policy, horizon) == extreme.value);
      CHECK(l1_distance<Rational>(model, attained, horizon) <= radius);
      CHECK(extreme_return(model, *instance.policy, horizon, ball, lowest).value == extreme.value);
    }
  }
}

TEST_CASE("worst case: a radius without a common denominator takes the path in rationals to the same end",
          "[adversary]") {
  const Domain domain = model_pairs({}, {4, 2, 5});
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Instance instance = drawn(domain, i);
    const FiniteMdp& model = *instance.model;
    // Close above 1/3 by less than any difference that counts, over a denominator of 60 bits.
    const Rational tiny = Rational(1) / pow(Rational(2), 60), third = Rational::ratio(1, 3);
    const L1Ball exact = ball_around(model, third), odd = ball_around(model, third + tiny);
    CHECK(exact.denominator().has_value());
    CHECK_FALSE(odd.denominator().has_value());
    for (const bool lowest : {true, false}) {
      const Extreme a = extreme_return(model, *instance.policy, instance.horizon, exact, lowest),
                    b = extreme_return(model, *instance.policy, instance.horizon, odd, lowest, true);
      CHECK(abs(a.value - b.value) <= Rational(100) * tiny);
      CHECK((lowest ? b.value <= a.value : a.value <= b.value));
      CHECK(policy_return(with_kernels(model, b.kernels), *instance.policy, instance.horizon) == b.value);
    }
    CHECK(abs(robust_plan(model, instance.horizon, exact).value -
              robust_plan(model, instance.horizon, odd).value) <= Rational(100) * tiny);
  }
}

TEST_CASE("worst case: a ball that keeps the support stays in it, radius 0 changes nothing", "[adversary]") {
  const Domain domain = model_pairs({}, {4, 2, 5});
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Instance instance = drawn(domain, i);
    const FiniteMdp& model = *instance.model;
    const Extreme kept =
        extreme_return(model, *instance.policy, instance.horizon, ball_around(model, 1, true), true, true);
    for (const StochasticMatrix& kernel : kept.kernels)
      for (std::size_t row = 0; row < kernel.rows(); ++row)
        for (const std::uint32_t next : kernel.row_columns(row))
          CHECK(model.kernel(1).probability(row, next).sign() > 0);
    const Extreme free =
        extreme_return(model, *instance.policy, instance.horizon, ball_around(model, 1), true);
    CHECK(free.value <= kept.value);
    const Extreme nothing =
        extreme_return(model, *instance.policy, instance.horizon, ball_around(model, 0), true);
    CHECK(nothing.value == policy_return(model, *instance.policy, instance.horizon));
  }
}

TEST_CASE("worst case: the leak chain falls by B, and a stationary model attains it", "[adversary]") {
  for (const std::uint64_t q : {1, 2, 3, 10}) {
    for (const Step horizon : {1, 2, 7}) {
      const Rational delta = Rational::ratio(1, q);
      const Instance chain = leak_chain(delta, horizon);
      const L1Ball ball = ball_around(*chain.model, Rational(2) * delta);
      const Rational nominal = policy_return(*chain.model, *chain.policy, horizon);
      CHECK(nominal - extreme_return(*chain.model, *chain.policy, horizon, ball, true).value ==
            sharp_simulation_bound(delta, horizon));
      CHECK(stationary_bracket(*chain.model, *chain.policy, horizon, ball, true).closed());
    }
  }
}

TEST_CASE("worst case: a stationary bracket contains no gap on the wrong side", "[adversary]") {
  const Domain domain = model_pairs({}, {4, 2, 5});
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Instance instance = drawn(domain, i);
    const FiniteMdp& model = *instance.model;
    const L1Ball ball = ball_around(model, Rational::ratio(1, 2));
    for (const bool lowest : {true, false}) {
      const StationaryBracket bracket =
          stationary_bracket(model, *instance.policy, instance.horizon, ball, lowest);
      CHECK((lowest ? bracket.bound <= bracket.found : bracket.found <= bracket.bound));
      const FiniteMdp found = with_kernels(model, {bracket.kernel});
      CHECK(policy_return(found, *instance.policy, instance.horizon) == bracket.found);
      CHECK(l1_distance<Rational>(model, found, 2) <= Rational::ratio(1, 2));
    }
  }
}

TEST_CASE("worst case: the robust plan is sure of its value, and no deterministic plan is surer",
          "[adversary]") {
  const Domain domain = model_pairs({}, {3, 2, 2});
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Instance instance = drawn(domain, i);
    const FiniteMdp& model = *instance.model;
    const Step horizon = instance.horizon;
    if (model.action_count() > 2 || model.state_count() > 3) continue;  // too many policies
    const L1Ball ball = ball_around(model, Rational::ratio(2, 5));
    const RobustPlan plan = robust_plan(model, horizon, ball);
    CHECK(extreme_return(model, plan.policy, horizon, ball, true).value == plan.value);
    // All deterministic time-dependent policies.
    const std::size_t places = static_cast<std::size_t>(horizon) * model.state_count();
    std::size_t count = 1;
    for (std::size_t p = 0; p < places; ++p) count *= model.action_count();
    for (std::size_t code = 0; code < count; ++code) {
      std::vector<std::uint32_t> taken(places);
      std::size_t rest = code;
      for (std::uint32_t& action : taken) {
        action = static_cast<std::uint32_t>(rest % model.action_count());
        rest /= model.action_count();
      }
      const MarkovPolicy policy =
          MarkovPolicy::deterministic(taken, model.state_count(), model.action_count());
      CHECK(extreme_return(model, policy, horizon, ball, true).value <= plan.value);
    }
  }
}

TEST_CASE("worst case: bad radii and shapes are refused", "[adversary]") {
  const FiniteMdp model = *leak_chain(1, 3).model;
  CHECK_THROWS_AS(L1Ball(model.kernel(1), {Rational(1)}, false), InvalidInput);
  CHECK_THROWS_AS(L1Ball(model.kernel(1), {Rational(1), Rational(-1)}, false), InvalidInput);
  CHECK(L1Ball(model.kernel(1), {Rational(1), Rational(5)}, false).radius(1) == Rational(2));
  const L1Ball ball = ball_around(model, 1);
  CHECK_THROWS_AS(extreme_return(model, MarkovPolicy::uniform(3, 1), 2, ball, true), InvalidInput);
  CHECK_THROWS_AS(extreme_return(model, MarkovPolicy::uniform(2, 1), 0, ball, true), InvalidInput);
}
