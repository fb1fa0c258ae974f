#include "mdp/occupancy.hpp"

#include "mdp/exact_values.hpp"
#include "mdp/hand_made.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// Each step's measure is a distribution, the return is the expected reward under them, and enclosures hold
/// them.
void check_occupancy(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  const auto occupancy = occupancy_measure<Rational>(model, policy, horizon, model.initial());
  Rational total;
  for (Step h = 1; h <= horizon + 1; ++h) {
    Rational mass;
    for (const State s : model.states()) {
      CHECK(occupancy(h, s) >= Rational(0));
      mass += occupancy(h, s);
      for (const Action a : model.actions())
        if (h <= horizon)
          total +=
              occupancy(h, s) * policy.table().probability(policy.row(h, s), a.value) * model.rewards()(s, a);
    }
    CHECK(mass == Rational(1));
  }
  CHECK(total == policy_return(model, policy, horizon));

  const RoundUpward upward;
  const auto enclosed = occupancy_measure<Interval>(model, policy, horizon, model.initial());
  for (Step h = 1; h <= horizon + 1; ++h)
    for (const State s : model.states()) CHECK(encloses(enclosed(h, s), occupancy(h, s)));
}

}  // namespace

TEST_CASE("occupancy: each step's measure sums to 1, and the return is its mean reward", "[occupancy]") {
  std::uint64_t index = 0;
  for (const PairOptions& options : all_pair_options()) {
    for (int i = 0; i < 2; ++i) {
      const Instance instance = drawn(model_pairs(options), index++);
      INFO("instance " << index - 1);
      check_occupancy(*instance.model, *instance.policy, instance.horizon);
      check_occupancy(*instance.perturbed, *instance.policy, instance.horizon);
    }
  }
}

TEST_CASE("occupancy: the leak chain is in state 0 with probability (1-d)^(h-1)", "[occupancy]") {
  for (const Rational& d : {q("0"), q("1/3"), q("1"), Rational::ratio(1, prime_p)}) {
    const auto occupancy =
        occupancy_measure<Rational>(leak_chain(d), MarkovPolicy::uniform(2, 1), 8, matrix({{1, 0}}));
    for (Step h = 1; h <= 9; ++h)
      CHECK(occupancy(h, State{0}) == pow(Rational(1) - d, static_cast<unsigned>(h - 1)));
  }
}

TEST_CASE("occupancy: kernels and policies of each step are used in order", "[occupancy]") {
  const Dense stay = {{1, 0}, {1, 0}, {0, 1}, {0, 1}}, mixed = {{0, 1}, {q("1/3"), q("2/3")}, {1, 0}, {0, 1}};
  const FiniteMdp model = model_of({stay, mixed}, {0, 0, 0, 0});
  const MarkovPolicy policy(matrix({{1, 0}, {1, 0}, {q("1/4"), q("3/4")}, {q("1/2"), q("1/2")}}), 2);
  const auto occupancy = occupancy_measure<Rational>(model, policy, 3, model.initial());
  CHECK(occupancy(2, State{0}) == Rational(1));
  CHECK(occupancy(3, State{0}) == q("1/4"));   // 3/4 * 1/3
  CHECK(occupancy(4, State{0}) == q("7/16"));  // 1/4 * 1/4 + 3/4 * 1/2
}

TEST_CASE("occupancy: numbers without a common denominator", "[occupancy]") {
  const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
  const FiniteMdp model =
      model_of({{{p, Rational(1) - p}, {0, 1}, {r, Rational(1) - r}, {1, 0}}}, {1, -2, q("1/3"), 5});
  REQUIRE_FALSE(model.kernel(1).has_words());
  check_occupancy(model, MarkovPolicy::uniform(2, 2), 4);
  check_occupancy(model, MarkovPolicy(matrix({{p, Rational(1) - p}, {r, Rational(1) - r}}), 2), 4);
}

TEST_CASE("occupancy: it starts from the chosen row of the start distributions", "[occupancy]") {
  const StochasticMatrix starts = matrix({{1, 0}, {q("2/5"), q("3/5")}});
  const auto occupancy =
      occupancy_measure<Rational>(leak_chain(q("1/2")), MarkovPolicy::uniform(2, 1), 2, starts, 1);
  CHECK((occupancy(1, State{0}) == q("2/5") && occupancy(1, State{1}) == q("3/5")));
  CHECK((occupancy(2, State{0}) == q("1/5") && occupancy(2, State{1}) == q("4/5")));
}
