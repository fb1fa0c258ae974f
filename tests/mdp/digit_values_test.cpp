// Values in digits, and enclosures from above, against Bellman's equation in rationals.
#include "mdp/digit_values.hpp"

#include "generate/choice_source.hpp"
#include "generate/model_families.hpp"
#include "mdp/backward_induction.hpp"
#include "mdp/hand_made.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

struct Drawn {
  FiniteMdp model;
  MarkovPolicy policy;
};

/// Rows over `denominator`, many of them sparse; rewards over 7 above `offset`; a policy over
/// `policy_denominator`, deterministic where that is 1.
Drawn drawn(std::uint64_t number, std::uint32_t states, std::uint32_t actions, std::uint64_t denominator,
            std::uint64_t policy_denominator, const Rational& offset) {
  ChoiceSource choices(PhiloxStream(11, number));
  const auto rows = [&](std::size_t count, std::uint32_t columns, std::uint64_t d) {
    std::vector<std::uint64_t> counts(count * columns);
    for (std::size_t row = 0; row < count; ++row) {
      std::uint64_t rest = d;
      for (int part = 0; part < 3 && rest > 0; ++part) {
        const std::uint64_t some = part == 2 || choices.flag() ? rest : rest * choices.below(1000) / 1000;
        counts[row * columns + choices.below(columns)] += some;
        rest -= some;
      }
      counts[row * columns + choices.below(columns)] += rest;
    }
    return StochasticMatrix(columns, counts, d);
  };
  std::vector<std::uint64_t> rewards(std::size_t{states} * actions);
  for (auto& reward : rewards) reward = choices.below(8);
  return {FiniteMdp(rows(1, states, denominator), {rows(std::size_t{states} * actions, states, denominator)},
                    RewardTable(states, actions, rewards, 7, offset), states, actions),
          MarkovPolicy(rows(states, actions, policy_denominator), states)};
}

/// V_h(s) at [h - 1][s], step by step from the definition.
std::vector<std::vector<Rational>> by_definition(const Drawn& x, Step horizon) {
  const std::uint32_t states = x.model.state_count();
  std::vector<std::vector<Rational>> values(static_cast<std::size_t>(horizon) + 1,
                                            std::vector<Rational>(states));
  for (Step h = horizon; h >= 1; --h)
    for (const State s : x.model.states())
      for (const Action a : x.model.actions()) {
        Rational value = x.model.rewards()(s, a);
        for (const State t : x.model.states())
          value += x.model.kernel(1).probability(x.model.row(s, a), t.value) *
                   values[static_cast<std::size_t>(h)][t.value];
        values[static_cast<std::size_t>(h - 1)][s.value] +=
            x.policy.table().probability(s.value, a.value) * value;
      }
  return values;
}

StationaryProcess process_of(const Drawn& x) {
  return {x.model.kernel(1), x.model.rewards(), x.policy.table(), x.model.state_count(),
          x.model.action_count()};
}

Rational mean_of_first(const Drawn& x, const std::vector<std::vector<Rational>>& values) {
  Rational mean;
  for (const State s : x.model.states())
    mean += x.model.initial().probability(0, s.value) * values[0][s.value];
  return mean;
}

/// The differences of both tables' returns, either way round, and of one with itself.
void check_gaps(const Drawn& x, const Drawn& y, Step horizon) {
  const Rational gap =
      mean_of_first(x, by_definition(x, horizon)) - mean_of_first(y, by_definition(y, horizon));
  for (const auto keeps : {DigitValues::Keeps::all, DigitValues::Keeps::first}) {
    const auto here = DigitValues::of(process_of(x), horizon, keeps),
               there = DigitValues::of(process_of(y), horizon, keeps);
    REQUIRE(here);
    REQUIRE(there);
    const StochasticMatrix& start = x.model.initial();
    CHECK(here->expected_first_gap(start, *there) == gap);
    CHECK(there->expected_first_gap(start, *here) == -gap);
    CHECK(here->expected_first_gap(start, *here) == Rational(0));
  }
}

void check_digits(const Drawn& x, Step horizon) {
  const auto expected = by_definition(x, horizon);
  const auto all = DigitValues::of(process_of(x), horizon, DigitValues::Keeps::all);
  const auto first = DigitValues::of(process_of(x), horizon, DigitValues::Keeps::first);
  REQUIRE(all);
  REQUIRE(first);
  Rational mean;
  for (const State s : x.model.states()) {
    for (Step h = 1; h <= horizon + 1; ++h)
      CHECK((*all)(h, s) == expected[static_cast<std::size_t>(h - 1)][s.value]);
    CHECK((*first)(1, s) == expected[0][s.value]);
    mean += x.model.initial().probability(0, s.value) * expected[0][s.value];
  }
  CHECK(all->expected_first(x.model.initial()) == mean);
  CHECK(first->expected_first(x.model.initial()) == mean);
}

}  // namespace

TEST_CASE("digits: values are those of the definition, for every size and denominator", "[values]") {
  std::uint64_t number = 0;
  for (const std::uint32_t states : {1u, 2u, 3u, 5u, 6u, 7u, 8u, 9u, 16u, 17u})
    for (const auto& [kernel, policy] :
         std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 1},
                                                              {2, 1},
                                                              {3, 2},
                                                              {1000, 1},
                                                              {1000, 7},
                                                              {1024, 1024},
                                                              {99991, 97},
                                                              {(1u << 29U) - 3, 1},
                                                              {(std::uint64_t{1} << 37U) - 25, 3}})
      for (const Step horizon : {3, 7, 30}) {
        if (states > 8 && (policy == 1 || horizon == 30)) continue;  // sparse, or slow by definition
        INFO("S = " << states << ", D = " << kernel << " " << policy << ", H = " << horizon);
        ++number;
        check_digits(drawn(number, states, (states > 8 ? 2 : 1) + static_cast<std::uint32_t>(number % 2),
                           kernel, policy, number % 4 == 0 ? q("-3/5") : Rational(0)),
                     horizon);
      }
}

TEST_CASE("digits: the difference of two returns, over one denominator", "[values]") {
  std::uint64_t number = 2000;
  for (const std::uint32_t states : {1u, 3u, 8u})
    for (const std::uint64_t denominator :
         {std::uint64_t{2}, std::uint64_t{1000}, (std::uint64_t{1} << 37U) - 25})
      for (const Step horizon : {3, 20}) {
        ++number;
        const Rational offset = number % 2 == 0 ? q("-3/5") : Rational(0);
        const Drawn x = drawn(number, states, 2, denominator, 1, offset);
        const FiniteMdp other = drawn(number + 500, states, 2, denominator, 1, offset).model;
        check_gaps(x,
                   {FiniteMdp(x.model.initial(), {other.kernel(1)}, x.model.rewards(), states, 2), x.policy},
                   horizon);
      }
}

TEST_CASE("digits: no common denominator is made up for two returns", "[values]") {
  const auto gap = [](const Drawn& x, Step horizon, const Drawn& y, Step other) {
    return DigitValues::of(process_of(x), horizon, DigitValues::Keeps::first)
        ->expected_first_gap(x.model.initial(),
                             *DigitValues::of(process_of(y), other, DigitValues::Keeps::first));
  };
  const Drawn x = drawn(7, 4, 2, 1000, 1, Rational(0));
  CHECK(gap(x, 5, x, 5));
  CHECK_FALSE(gap(x, 5, x, 6));
  CHECK_FALSE(gap(x, 5, drawn(7, 4, 2, 1001, 1, Rational(0)), 5));
  CHECK_FALSE(gap(x, 5, drawn(7, 4, 2, 1000, 1, q("1/2")), 5));
  CHECK_FALSE(gap(x, 5, drawn(7, 4, 2, 1000, 9, Rational(0)), 5));
  CHECK_FALSE(gap(x, 5, drawn(7, 5, 2, 1000, 1, Rational(0)), 5));
  const auto with_rewards = [&](std::uint64_t most, std::uint64_t denominator) {
    std::vector<std::uint64_t> words(8, 1);
    words.front() = words[1] = most;
    return Drawn{
        FiniteMdp(x.model.initial(), {x.model.kernel(1)}, RewardTable(4, 2, words, denominator), 4, 2),
        x.policy};
  };
  CHECK(gap(with_rewards(5, 7), 5, with_rewards(6, 7), 5));
  CHECK_FALSE(gap(with_rewards(5, 7), 5, with_rewards(5, 8), 5));
  CHECK_FALSE(gap(with_rewards(5, 7), 5, with_rewards(900, 7), 5));  // whose digits have a bit less
}

TEST_CASE("digits: a difference that is a power of the base", "[values]") {
  // U - U' is -2 512 8192^2 = -2^36, and digits have 36 bits: weighed with 2^36, all of them are 0.
  constexpr std::uint64_t denominator = 8192, reward = 512, weight = std::uint64_t{1} << 36U;
  const auto world = [](std::uint64_t stays) {
    const std::vector<std::uint64_t> start{weight, weight}, rows{stays, denominator - stays, 0, denominator};
    return Drawn{FiniteMdp(StochasticMatrix(2, start, 2 * weight), {StochasticMatrix(2, rows, denominator)},
                           RewardTable(2, 1, {0, reward}, reward), 2, 1),
                 MarkovPolicy::uniform(2, 1)};
  };
  check_gaps(world(denominator), world(0), 3);
}

TEST_CASE("digits: no rounding mode changes them", "[values]") {
  const Drawn x = drawn(5, 8, 3, 1000, 9, Rational(0));
  const RoundUpward upward;
  check_digits(x, 25);
}

TEST_CASE("digits: what leaves a digit too few bits is not done in digits", "[values]") {
  const auto exist = [](std::uint64_t denominator, Step horizon) {
    return DigitValues::of(process_of(drawn(1, 4, 2, denominator, 1, Rational(0))), horizon,
                           DigitValues::Keeps::first)
        .has_value();
  };
  CHECK(exist((std::uint64_t{1} << 40U) - 9, 3));
  CHECK_FALSE(exist((std::uint64_t{1} << 40U) + 9, 3));
  CHECK_FALSE(exist(1000, 2));
}

TEST_CASE("enclosures from above: they hold the values, and are as narrow as they say", "[values]") {
  std::uint64_t number = 1000;
  for (const std::uint32_t states : {6u, 7u, 8u, 12u})
    for (const std::uint64_t denominator :
         {std::uint64_t{1}, std::uint64_t{10}, std::uint64_t{1000003}, (std::uint64_t{1} << 50U) - 27})
      for (const Step horizon : {3, 12, 40}) {
        ++number;
        const Drawn x =
            drawn(number, states, 2, denominator, 1 + number % 3, number % 5 == 0 ? q("-1/3") : Rational(0));
        const auto expected = by_definition(x, horizon);
        const RoundUpward upward;
        const ValueTable<Interval> enclosed = policy_values<Interval>(x.model, x.policy, horizon);
        for (Step h = 1; h <= horizon + 1; ++h)
          for (const State s : x.model.states()) {
            const Interval here = enclosed(h, s);
            CHECK(encloses(here, expected[static_cast<std::size_t>(h - 1)][s.value]));
            CHECK(here.upper() - here.lower() <= 0x1p-52 * (horizon + 1) * (states + 6) * horizon);
          }
      }
}

TEST_CASE("enclosures from above: values below the normal numbers", "[values]") {
  // A chain whose every step is taken with probability 1 / D, under either action; the last state pays.
  constexpr std::uint64_t denominator = (std::uint64_t{1} << 50U) + 1;
  constexpr std::uint32_t states = 40;
  std::vector<std::uint64_t> counts(std::size_t{2} * states * states);
  for (std::uint32_t row = 0; row < 2 * states; ++row) {
    const std::uint32_t s = row / 2;
    counts[row * states + s] += denominator - 1;
    counts[row * states + std::min(s + 1, states - 1)] += 1;
  }
  std::vector<std::uint64_t> rewards(std::size_t{2} * states), start(states);
  rewards[2 * states - 1] = rewards[2 * states - 2] = start.front() = 1;
  const Drawn x{FiniteMdp(StochasticMatrix(states, start, 1), {StochasticMatrix(states, counts, denominator)},
                          RewardTable(states, 2, rewards, 1, Rational(0)), states, 2),
                MarkovPolicy::uniform(states, 2)};
  constexpr Step horizon = states + 2;
  const auto expected = by_definition(x, horizon);
  const RoundUpward upward;
  ValueTable<Interval> enclosed(horizon, states);
  const auto chain =
      dense_chain({x.model.kernel(1), x.model.rewards(), x.policy.table(), states, 2}, horizon);
  if (chain) {
    detail::enclose_from_above(enclosed, horizon, *chain, x.model.rewards());
    for (Step h = 1; h <= horizon; ++h)
      for (const State s : x.model.states())
        CHECK(encloses(enclosed(h, s), expected[static_cast<std::size_t>(h - 1)][s.value]));
    CHECK(enclosed(1, State{0}).lower() == 0.0);
    CHECK(enclosed(1, State{0}).upper() > 0.0);
    CHECK(enclosed(horizon, State{0}).upper() == 0.0);
  } else {
    FAIL("there is no dense chain");
  }
}
