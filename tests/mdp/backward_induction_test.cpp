#include "mdp/backward_induction.hpp"

#include "mdp/exact_values.hpp"
#include "mdp/hand_made.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// The first (h, s) where fraction-free values, rational values and the enclosure disagree; empty if nowhere.
std::string disagreement(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  const ExactValues exact(model, policy, horizon);
  const ValueTable<Rational> rational = policy_values<Rational>(model, policy, horizon);
  const RoundUpward upward;
  const ValueTable<Interval> enclosed = policy_values<Interval>(model, policy, horizon);
  for (Step h = 1; h <= horizon + 1; ++h) {
    for (const State s : model.states()) {
      const std::string place = " at h = " + std::to_string(h) + ", s = " + std::to_string(s.value);
      if (exact(h, s) != rational(h, s))
        return exact(h, s).to_string() + " is not " + rational(h, s).to_string() + place;
      if (!encloses(enclosed(h, s), rational(h, s)))
        return rational(h, s).to_string() + " is not enclosed" + place;
    }
  }
  return "";
}

void check_by_trajectories(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  const ExactValues values(model, policy, horizon);
  for (Step h = 1; h <= horizon; ++h)
    for (const State s : model.states())
      CHECK(values(h, s) == trajectory_value(model, policy, h, s, horizon));
  CHECK(disagreement(model, policy, horizon).empty());
}

/// Two states with two actions each; only the rows of state 0 have the denominator p, those of state 1 have
/// q.
FiniteMdp without_words(const std::vector<Rational>& rewards) {
  const auto row = [](std::uint64_t n, std::uint64_t denominator) {
    return std::vector<Rational>{Rational::ratio(static_cast<std::int64_t>(n), denominator),
                                 Rational::ratio(static_cast<std::int64_t>(denominator - n), denominator)};
  };
  return model_of({{row(1, prime_p), row(12345, prime_p), row(prime_q / 2, prime_q), row(7, prime_q)}},
                  rewards);
}

const std::vector<Rational> leaks = {
    q("1"), q("1/2"), q("1/3"), q("3/10"), q("1/1000"), q("999/1000"), Rational(1) / pow(Rational(10), 30)};

}  // namespace

TEST_CASE("backward induction: the leak chain's return is (1 - (1-d)^H) / d", "[values]") {
  const MarkovPolicy policy = MarkovPolicy::uniform(2, 1);
  for (const Rational& d : leaks) {
    const Rational keep = Rational(1) - d;
    for (Step horizon = 1; horizon <= 12; ++horizon) {
      const auto exponent = static_cast<unsigned>(horizon);
      INFO("d = " << d.to_string() << ", H = " << horizon);
      CHECK(policy_return(leak_chain(d), policy, horizon) == (Rational(1) - pow(keep, exponent)) / d);
      CHECK(disagreement(leak_chain(d), policy, horizon).empty());
    }
  }
}

TEST_CASE("backward induction: a leak costs sum over k < H of 1 - (1-d)^k", "[values]") {
  const MarkovPolicy policy = MarkovPolicy::uniform(2, 1);
  for (const Rational& d : leaks) {
    Rational cost;
    for (Step horizon = 1; horizon <= 12; ++horizon) {
      cost += Rational(1) - pow(Rational(1) - d, static_cast<unsigned>(horizon - 1));
      const Rational whole = policy_return(leak_chain(0), policy, horizon);
      INFO("d = " << d.to_string() << ", H = " << horizon);
      CHECK(whole == Rational(horizon));
      CHECK(whole - policy_return(leak_chain(d), policy, horizon) == cost);
    }
  }
}

TEST_CASE("backward induction: fraction-free, rational and interval values agree on drawn instances",
          "[values]") {
  std::uint64_t index = 0;
  bool fraction_free = true;
  for (const PairOptions& options : all_pair_options()) {
    for (int i = 0; i < 5; ++i) {
      const Instance instance = drawn(model_pairs(options), index++);
      for (const auto* model : {&instance.model, &instance.perturbed}) {
        for (const auto* policy : {&instance.policy, &instance.other_policy}) {
          if (!*policy) continue;
          fraction_free = fraction_free && has_words(**model, **policy);
          INFO("instance " << index - 1);
          CHECK(disagreement(**model, **policy, instance.horizon) == "");
        }
      }
    }
  }
  CHECK(fraction_free);  // or else the two exact paths were one
}

TEST_CASE("backward induction: values are sums over trajectories", "[values]") {
  for (std::uint64_t index = 0, checked = 0; checked < 100; ++index) {
    PairOptions options = all_pair_options()[index % 128];
    options.any_rewards = true;
    const Instance instance = drawn(model_pairs(options, {3, 2, 4}), index);
    const FiniteMdp& model = *instance.model;
    if (model.state_count() != 2 || model.action_count() != 2 || instance.horizon < 2 || instance.horizon > 3)
      continue;
    INFO("instance " << index);
    check_by_trajectories(model, *instance.policy, instance.horizon);
    ++checked;
  }
}

TEST_CASE("backward induction: with one step only rewards count", "[values]") {
  const FiniteMdp model =
      model_of({{{q("1/2"), q("1/2")}, {0, 1}, {1, 0}, {1, 0}}}, {q("1/3"), q("-2"), 5, 7});
  const MarkovPolicy policy(matrix({{q("3/4"), q("1/4")}, {0, 1}}), 2);
  const ExactValues values(model, policy, 1);
  CHECK(values(1, State{0}) == q("-1/4"));  // 3/4 * 1/3 - 1/4 * 2
  CHECK(values(1, State{1}) == Rational(7));
  CHECK(values(2, State{1}) == Rational(0));
  CHECK(policy_return(model, policy, 1) == q("-1/4"));
}

TEST_CASE("backward induction: the return averages over the initial distribution", "[values]") {
  const FiniteMdp chain = leak_chain(q("1/2"));
  const FiniteMdp model(matrix({{q("1/3"), q("2/3")}}), chain.kernels(), chain.rewards(), 2, 1);
  CHECK(policy_return(model, MarkovPolicy::uniform(2, 1), 3) == q("7/12"));  // (1 + 1/2 + 1/4) / 3
}

TEST_CASE("backward induction: two returns differ by their starts as well", "[values]") {
  const FiniteMdp chain = leak_chain(q("1/3"));
  const auto start = [&](const Dense& row) {
    return FiniteMdp(matrix(row), {chain.kernel(1)}, chain.rewards(), 2, 1);
  };
  const MarkovPolicy policy = MarkovPolicy::uniform(2, 1);
  constexpr Step horizon = 6;
  const ExactValues values(chain, policy, horizon);
  const auto gap = [&](const FiniteMdp& model, const FiniteMdp& other) {
    return expected_gap<Rational>(model, values, other, values);
  };
  const Rational whole = policy_return(chain, policy, horizon);
  CHECK(gap(start({{1, 0}}), start({{q("1/4"), q("3/4")}})) == q("3/4") * whole);
  CHECK(gap(start({{q("1/4"), q("3/4")}}), start({{1, 0}})) == q("-3/4") * whole);
  CHECK(gap(start({{q("1/4"), q("3/4")}}), start({{q("1/4"), q("3/4")}})) == Rational(0));
}

TEST_CASE("backward induction: storage that is used again changes nothing", "[values]") {
  const FiniteMdp chain = leak_chain(q("1/3"));
  const MarkovPolicy policy = MarkovPolicy::uniform(2, 1);
  const StationaryProcess process{chain.kernel(1), chain.rewards(), policy.table(), 2, 1};
  for (const Step horizon : {1, 2, 6}) {
    const ValueTable<Rational> values = policy_values<Rational>(process, horizon),
                               again = policy_values<Rational>(process, horizon,
                                                               std::vector<Rational>(9, Rational(7)));
    for (Step h = 1; h <= horizon + 1; ++h)
      for (const State s : chain.states()) CHECK(again(h, s) == values(h, s));
    CHECK(again(horizon + 1, State{0}) == Rational(0));
  }
}

TEST_CASE("backward induction: models and policies without words take the rational path", "[values]") {
  const FiniteMdp model = without_words({q("1/3"), -1, q("5/7"), 2});
  const MarkovPolicy uniform = MarkovPolicy::uniform(2, 2);
  const MarkovPolicy fine(matrix({{Rational::ratio(1, prime_p), Rational::ratio(prime_p - 1, prime_p)},
                                  {Rational::ratio(5, prime_q), Rational::ratio(prime_q - 5, prime_q)}}),
                          2);
  const FiniteMdp coarse =
      model_of({{{q("1/2"), q("1/2")}, {0, 1}, {1, 0}, {q("1/3"), q("2/3")}}}, {1, 2, 3, -4});
  REQUIRE_FALSE(has_words(model));
  REQUIRE((has_words(coarse) && !has_words(coarse, fine)));
  for (const Step horizon : {1, 2, 3}) {
    check_by_trajectories(model, uniform, horizon);
    check_by_trajectories(model, fine, horizon);
    check_by_trajectories(coarse, fine, horizon);
  }
}

TEST_CASE("backward induction: rewards without a common denominator take the rational path", "[values]") {
  const Rational huge = pow(Rational(10), 30);
  const std::vector<Dense> kernels = {{{q("1/2"), q("1/2")}, {q("1/3"), q("2/3")}}};
  const std::vector<std::vector<Rational>> tables = {
      {Rational::ratio(1, prime_p), Rational::ratio(-1, prime_q)},
      {huge, 0},
      {-huge, 1},
      {q("1/9007199254740992"), 0}};
  for (const auto& rewards : tables) {
    const FiniteMdp model = model_of(kernels, rewards);
    REQUIRE_FALSE(has_words(model));
    check_by_trajectories(model, MarkovPolicy::uniform(2, 1), 3);
  }
}

TEST_CASE("backward induction: steps beyond the kernels and the policy's use the last ones", "[values]") {
  const Dense stay = {{1, 0}, {1, 0}, {0, 1}, {0, 1}}, swap = {{0, 1}, {1, 0}, {1, 0}, {0, 1}};
  const FiniteMdp model = model_of({stay, swap}, {1, 10, 100, 1000});
  const std::uint32_t actions[] = {1, 0, 0, 1};  // step 1: a1 in s0, a0 in s1; later: a0 in s0, a1 in s1
  const MarkovPolicy policy = MarkovPolicy::deterministic(actions, 2, 2);
  // s0 -stay-> s0 -swap-> s1 -swap, a1 stays-> s1: 10 + 1 + 1000 + 1000
  CHECK(policy_return(model, policy, 4) == Rational(2011));
  check_by_trajectories(model, policy, 4);
}

TEST_CASE("backward induction: horizons and policies that do not fit are refused", "[values]") {
  const FiniteMdp model = leak_chain(q("1/2"));
  const MarkovPolicy policy = MarkovPolicy::uniform(2, 1);
  CHECK(contains(message_of([&] { policy_return(model, policy, 0); }), "the horizon is 0"));
  CHECK(
      contains(message_of([&] { policy_return(model, policy, max_horizon + 1); }), "the horizon is 100001"));
  CHECK(contains(message_of([&] { policy_return(model, MarkovPolicy::uniform(2, 3), 1); }),
                 "2 states and 3 actions"));
}
