#include "learning/learning_problem.hpp"

#include "mdp/enumeration.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

using Flags = std::vector<bool>;

/// Two states, two actions; rewards from -1 to 2; starts in either state.
FiniteMdp small_world() {
  const Dense kernel = {{q("1/3"), q("2/3")}, {0, 1}, {1, 0}, {q("1/2"), q("1/2")}};
  return FiniteMdp(matrix({{q("1/4"), q("3/4")}}), {matrix(kernel)}, RewardTable(2, 2, {q("1/2"), -1, 2, 0}),
                   2, 2);
}

MarkovPolicy mixed_policy() {  // two steps
  return MarkovPolicy(matrix({{q("1/2"), q("1/2")}, {1, 0}, {0, 1}, {q("1/3"), q("2/3")}}), 2);
}

/// State 0 with a choice, state 1 pays 1 for ever, state 2 pays 0 for ever.
FiniteMdp world_with_ends(const Rational& high = 1) {
  return model_of({{{0, 1, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 1}}},
                  {q("1/2"), 0, high, high, 0, 0});
}

const Flags ends_known = {false, false, true, true, true, true};

std::vector<std::uint32_t> columns(const StochasticMatrix& m, std::size_t row) {
  const auto span = m.row_columns(row);
  return {span.begin(), span.end()};
}

using Columns = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("learning problem: two states are added that stay and pay the extremes", "[learning]") {
  const FiniteMdp model = small_world();
  const LearningProblem problem(model, 3, mixed_policy(), MarkovPolicy::uniform(2, 2),
                                {true, false, false, false});
  CHECK(problem.own_states == 2);
  CHECK(problem.horizon == 3);
  REQUIRE(problem.world.state_count() == 4);
  CHECK((problem.paradise == State{2} && problem.abyss == State{3}));
  for (const Action a : model.actions()) {
    CHECK(problem.world.rewards()(State{2}, a) == Rational(2));
    CHECK(problem.world.rewards()(State{3}, a) == Rational(-1));
    CHECK(columns(problem.world.kernel(1), problem.world.row(State{2}, a)) == Columns{2});
    CHECK(columns(problem.world.kernel(1), problem.world.row(State{3}, a)) == Columns{3});
    for (const State s : model.states()) {
      CHECK(problem.world.rewards()(s, a) == model.rewards()(s, a));
      for (std::uint32_t next = 0; next < 4; ++next)
        CHECK(problem.world.kernel(1).probability(problem.world.row(s, a), next) ==
              (next < 2 ? model.kernel(1).probability(model.row(s, a), next) : Rational(0)));
    }
  }
  for (std::uint32_t s = 0; s < 4; ++s)
    CHECK(problem.world.initial().probability(0, s) ==
          (s < 2 ? model.initial().probability(0, s) : Rational(0)));
  CHECK(problem.known == Flags{true, false, false, false, true, true, true, true});
  CHECK(problem.unknown_count() == 3);
  REQUIRE((problem.start.state_count() == 4 && problem.start.steps() == 2));
  CHECK(problem.own_part(problem.start) == mixed_policy());
  CHECK(problem.own_part(*problem.expert) == MarkovPolicy::uniform(2, 2));
  CHECK(enumerated_return(problem.world, problem.start, 3) == enumerated_return(model, mixed_policy(), 3));
}

TEST_CASE("learning problem: without a start model every action stays where it is", "[learning]") {
  const LearningProblem problem(small_world(), 3, mixed_policy());
  CHECK_FALSE(problem.expert);
  CHECK(problem.known == Flags{false, false, false, false, true, true, true, true});
  for (std::uint32_t row = 0; row < 8; ++row) CHECK(columns(problem.start_kernel, row) == Columns{row / 2});

  const StochasticMatrix given = matrix({{0, 1}, {q("1/7"), q("6/7")}, {1, 0}, {1, 0}});
  const LearningProblem other(small_world(), 3, mixed_policy(), {}, {}, given);
  for (std::uint32_t row = 0; row < 8; ++row)
    for (std::uint32_t next = 0; next < 4; ++next)
      CHECK(other.start_kernel.probability(row, next) == (row >= 4    ? Rational(next == row / 2 ? 1 : 0)
                                                          : next >= 2 ? Rational(0)
                                                                      : given.probability(row, next)));
}

TEST_CASE("learning problem: states of the world serve where they are known to absorb at the extremes",
          "[learning]") {
  const FiniteMdp model = world_with_ends();
  const MarkovPolicy policy = MarkovPolicy::uniform(3, 2);
  const LearningProblem problem(model, 2, policy, policy, ends_known);
  CHECK((problem.paradise == State{1} && problem.abyss == State{2}));
  CHECK(problem.world.state_count() == 3);
  CHECK(same_process(problem.world, model));
  CHECK(problem.known == ends_known);
  CHECK(problem.start == policy);
  CHECK(problem.own_part(problem.start) == policy);

  // Not where one of their actions is unknown, ...
  for (std::size_t pair = 2; pair < 6; ++pair) {
    Flags known = ends_known;
    known[pair] = false;
    CHECK(LearningProblem(model, 2, policy, policy, known).world.state_count() == 5);
  }
  // ... nor where nothing is known, or another state pays more or less, ...
  CHECK(LearningProblem(model, 2, policy).world.state_count() == 5);
  const auto with_reward = [&](const Rational& reward) {
    return model_of({{{0, 1, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 1}}},
                    {reward, 0, 1, 1, 0, 0});
  };
  CHECK(LearningProblem(with_reward(2), 2, policy, policy, ends_known).world.state_count() == 5);
  CHECK(LearningProblem(with_reward(-1), 2, policy, policy, ends_known).world.state_count() == 5);
  CHECK(LearningProblem(with_reward(1), 2, policy, policy, ends_known).world.state_count() == 3);
  // ... nor where an action leaves.
  const FiniteMdp leaving =
      model_of({{{0, 1, 0}, {0, 0, 1}, {0, 1, 0}, {q("1/9"), q("8/9"), 0}, {0, 0, 1}, {0, 0, 1}}},
               {q("1/2"), 0, 1, 1, 0, 0});
  CHECK(LearningProblem(leaving, 2, policy, policy, ends_known).world.state_count() == 5);
  const FiniteMdp swapping = model_of({{{0, 1, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}}},
                                      {q("1/2"), 0, 1, 1, 0, 0});
  CHECK(LearningProblem(swapping, 2, policy, policy, ends_known).world.state_count() == 5);
}

TEST_CASE("learning problem: where all rewards are equal one absorbing state is both", "[learning]") {
  const FiniteMdp level = model_of({{{0, 1}, {1, 0}, {0, 1}, {0, 1}}}, {3, 3, 3, 3});
  const MarkovPolicy policy = MarkovPolicy::uniform(2, 2);
  const LearningProblem problem(level, 2, policy, {}, {false, false, true, true});
  CHECK((problem.paradise == State{1} && problem.abyss == State{1}));
  CHECK(problem.world.state_count() == 2);
  const LearningProblem unknown(level, 2, policy);
  CHECK((unknown.paradise == State{2} && unknown.abyss == State{3}));
  for (const State s : {State{2}, State{3}}) CHECK(unknown.world.rewards()(s, Action{1}) == Rational(3));
}

TEST_CASE("learning problem: numbers without common denominators", "[learning]") {
  const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
  const FiniteMdp model = model_of({{{p, Rational(1) - p}, {r, Rational(1) - r}}}, {p, -r});
  REQUIRE((!model.kernel(1).has_words() && !model.rewards().has_words()));
  const LearningProblem problem(model, 4, MarkovPolicy::uniform(2, 1));
  CHECK(problem.world.rewards()(problem.paradise, Action{0}) == p);
  CHECK(problem.world.rewards()(problem.abyss, Action{0}) == -r);
  CHECK(problem.world.kernel(1).probability(0, 0) == p);
  CHECK(problem.world.kernel(1).probability(1, 0) == r);
  CHECK(problem.world.kernel(1).probability(3, 3) == Rational(1));
  CHECK(problem.world.rewards()(State{0}, Action{0}) == p);
}

TEST_CASE("learning problem: names go along", "[learning]") {
  FiniteMdp model = small_world();
  model.names = {"small", {"a", "b"}, {"x", "y"}, 3};
  CHECK(LearningProblem(model, 3, mixed_policy()).world.names == model.names);
}

TEST_CASE(
    "learning problem: an instance's parts are world, first policy, expert, start model and known pairs",
    "[learning]") {
  const Instance instance = drawn(model_pairs({.time_dependent_policy = true, .other_policy = true}), 3);
  Instance with_known = instance;
  with_known.known.assign(std::size_t{instance.model->state_count()} * instance.model->action_count(), false);
  with_known.known[0] = true;
  const LearningProblem problem = learning_problem(with_known);
  const std::uint32_t own = instance.model->state_count();
  CHECK(problem.own_states == own);
  CHECK(problem.horizon == instance.horizon);
  CHECK(problem.own_part(problem.start).table() == instance.policy->table());
  CHECK(problem.own_part(*problem.expert).table() == instance.other_policy->table());
  CHECK(problem.unknown_count() == with_known.known.size() - 1);
  for (std::size_t row = 0; row < with_known.known.size(); ++row)
    for (std::uint32_t next = 0; next < own; ++next)
      CHECK(problem.start_kernel.probability(row, next) ==
            instance.perturbed->kernel(1).probability(row, next));
}

TEST_CASE("learning problem: what does not fit is refused", "[learning]") {
  const FiniteMdp model = small_world();
  const MarkovPolicy policy = mixed_policy(), other_shape = MarkovPolicy::uniform(3, 2);
  const auto refusal = [](auto&& make) { return message_of([&] { make(); }); };
  const Dense stay = {{1, 0}, {1, 0}, {0, 1}, {0, 1}}, move = {{0, 1}, {1, 0}, {0, 1}, {0, 1}};
  const FiniteMdp varying = model_of({stay, move}, {0, 0, 0, 1});
  CHECK(contains(refusal([&] { LearningProblem(varying, 3, policy); }), "time-varying"));
  CHECK(contains(refusal([&] { LearningProblem(model, 0, policy); }), "the horizon is 0"));
  CHECK(contains(refusal([&] { LearningProblem(model, max_horizon + 1, policy); }), "the horizon is"));
  CHECK(contains(refusal([&] { LearningProblem(model, 3, other_shape); }), "the policy is for 3 states"));
  CHECK(contains(refusal([&] { LearningProblem(model, 3, policy, other_shape); }),
                 "the policy is for 3 states"));
  CHECK(contains(refusal([&] { LearningProblem(model, 3, policy, {}, {true}); }), "known pairs"));
  CHECK(contains(refusal([&] { LearningProblem(model, 3, policy, {}, Flags(5)); }), "known pairs"));
  const StochasticMatrix too_wide = matrix(stay).widened(3), too_short = matrix({{1, 0}, {0, 1}});
  CHECK(contains(refusal([&] { LearningProblem(model, 3, policy, {}, {}, too_wide); }), "another shape"));
  CHECK(contains(refusal([&] { LearningProblem(model, 3, policy, {}, {}, too_short); }), "another shape"));
}
