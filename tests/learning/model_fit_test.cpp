// Which rows come from where, by hand.
#include "learning/model_fit.hpp"

#include "mdp/enumeration.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

using Flags = std::vector<bool>;
using Row = std::vector<Rational>;

/// Three states, two actions, H = 3, from state 0. Action 0 goes 0 -> 1 -> 0; action 1 goes from 0 to 1 or
/// 2, and from 1 to 2. Pair (2, 0) is known. The learner takes action 0, the expert action 1.
LearningProblem hand_made(const std::vector<bool>& known = {false, false, false, false, true, false}) {
  const Dense kernel = {{0, 1, 0}, {0, q("1/2"), q("1/2")}, {1, 0, 0}, {0, 0, 1}, {0, 0, 1}, {1, 0, 0}};
  const FiniteMdp model = model_of({kernel}, {0, 0, 1, 0, 3, -1});
  const std::uint32_t zeros[] = {0, 0, 0}, ones[] = {1, 1, 1};
  const StochasticMatrix start = matrix(Dense(6, {q("1/3"), q("2/3"), 0}));
  return LearningProblem(model, 3, MarkovPolicy::deterministic(zeros, 3, 2),
                         MarkovPolicy::deterministic(ones, 3, 2), known, start);
}

constexpr std::uint32_t paradise = 3, abyss = 4, all_states = 5;

Row point(std::uint32_t s) {
  Row row(all_states);
  row[s] = 1;
  return row;
}

/// What the rows of the six pairs can be.
const Row truth[] = {point(1), {0, q("1/2"), q("1/2"), 0, 0}, point(0), point(2), point(2), point(0)};
const Row start_row = {q("1/3"), q("2/3"), 0, 0, 0};
const Row last_row = {0, q("1/5"), q("4/5"), 0, 0};

Row row_of(const FiniteMdp& model, std::size_t pair) {
  Row row;
  for (std::uint32_t next = 0; next < all_states; ++next)
    row.push_back(model.kernel(1).probability(pair, next));
  return row;
}

/// A model before, other than any truth; its fictitious states stay.
StochasticMatrix last_kernel() {
  Dense rows(6, last_row);
  for (const std::uint32_t s : {paradise, abyss}) rows.insert(rows.end(), 2, point(s));
  return matrix(rows);
}

struct Case {
  FitRule fit;
  Flags seen;    ///< of the six own pairs
  Flags states;  ///< of the own states
};

void check_fit(const LearningProblem& problem, const PopulationData& population, const Case& expected) {
  INFO("fit " << fit_rule_names[static_cast<std::size_t>(expected.fit)]);
  const Data data = population.data(expected.fit);
  CHECK(Flags(data.seen.begin(), data.seen.begin() + 6) == expected.seen);
  CHECK(std::count(data.seen.begin() + 6, data.seen.end(), true) == 0);
  CHECK(Flags(data.states.begin(), data.states.begin() + 3) == expected.states);
  // The adversary sends (0, 1) and (2, 1) to paradise, whether they were seen or not.
  std::vector<Rational> chosen(10);
  chosen[1] = chosen[5] = 1;
  for (const FillRule fill : {FillRule::pessimistic, FillRule::optimistic, FillRule::keep, FillRule::start,
                              FillRule::figure, FillRule::adversarial}) {
    INFO("fill " << fill_rule_names[static_cast<std::size_t>(fill)]);
    const bool adversary = fill == FillRule::adversarial;
    const FiniteMdp model =
        fitted(problem, data, fill, last_kernel(), adversary ? chosen : std::vector<Rational>());
    for (std::size_t pair = 0; pair < 6; ++pair) {
      INFO("pair " << pair);
      const bool state_seen = expected.states[pair / 2];
      Row filled = point(abyss);
      if (fill == FillRule::optimistic || (fill == FillRule::figure && state_seen) ||
          (adversary && chosen[pair].sign() != 0))
        filled = point(paradise);
      if (fill == FillRule::keep) filled = last_row;
      if (fill == FillRule::start) filled = start_row;
      CHECK(row_of(model, pair) == (expected.seen[pair] || problem.known[pair] ? truth[pair] : filled));
    }
    for (std::size_t pair = 6; pair < 10; ++pair)
      CHECK(row_of(model, pair) == point(static_cast<std::uint32_t>(pair / 2)));
    CHECK(model.rewards() == problem.world.rewards());
    CHECK(model.initial() == problem.world.initial());
  }
}

}  // namespace

TEST_CASE("model fit: seen rows are true, known rows too, and each rule fills the others as it says",
          "[learning]") {
  const LearningProblem problem = hand_made();
  REQUIRE((problem.paradise == State{paradise} && problem.abyss == State{abyss}));
  PopulationData population(problem);
  population.collect_expert();
  // Before the last step: (0, 0) and (1, 0).
  CHECK(population.collect(problem.start));
  const Flags first = {true, false, true, false, false, false},
              expert = {false, true, false, true, false, true}, both = {true, true, true, true, false, true};
  check_fit(problem, population, {FitRule::latest, first, {true, true, false}});
  check_fit(problem, population, {FitRule::aggregate, first, {true, true, false}});
  check_fit(problem, population, {FitRule::hybrid, both, {true, true, true}});
  check_fit(problem, population, {FitRule::expert, expert, {true, true, true}});
  check_fit(problem, population, {FitRule::hybrid_latest, both, {true, true, true}});

  // Action 0 in state 0, then action 1: (0, 0) and (1, 1), which the learner sees for the first time, but
  // the expert's data has shown.
  const std::uint32_t then_one[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  const MarkovPolicy second = MarkovPolicy::deterministic(then_one, all_states, 2);
  CHECK_FALSE(population.collect(second));
  const Flags latest = {true, false, false, true, false, false};
  check_fit(problem, population, {FitRule::latest, latest, {true, true, false}});
  check_fit(problem, population,
            {FitRule::aggregate, {true, false, true, true, false, false}, {true, true, false}});
  check_fit(problem, population, {FitRule::hybrid, both, {true, true, true}});
  check_fit(problem, population, {FitRule::expert, expert, {true, true, true}});
  check_fit(problem, population,
            {FitRule::hybrid_latest, {true, true, false, true, false, true}, {true, true, true}});
  const Flags ever = population.ever_seen();
  CHECK(Flags(ever.begin(), ever.begin() + 6) == Flags{true, false, true, true, false, false});
}

TEST_CASE("model fit: without the expert's data the same roll-out discovers", "[learning]") {
  const LearningProblem problem = hand_made();
  PopulationData population(problem);
  CHECK(population.collect(problem.start));
  CHECK_FALSE(population.collect(problem.start));
  const std::uint32_t then_one[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  const MarkovPolicy second = MarkovPolicy::deterministic(then_one, all_states, 2);
  CHECK(population.collect(second));  // (1, 1)
  CHECK_FALSE(population.collect(second));
  CHECK_FALSE(population.collect(problem.start));  // seen rounds ago
  check_fit(problem, population,
            {FitRule::latest, {true, false, true, false, false, false}, {true, true, false}});
}

TEST_CASE("model fit: what was known from the start is no discovery, and needs no data", "[learning]") {
  const LearningProblem problem = hand_made({true, false, true, false, true, true});
  PopulationData population(problem);
  CHECK_FALSE(population.collect(problem.start));
  check_fit(problem, population,
            {FitRule::latest, {true, false, true, false, false, false}, {true, true, false}});
  PopulationData fresh(problem);  // no data at all
  check_fit(problem, fresh, {FitRule::latest, Flags(6), Flags(3)});
  check_fit(problem, fresh, {FitRule::hybrid, Flags(6), Flags(3)});
}

TEST_CASE("model fit: a policy's entries of probability 0 and the world's are not in the data",
          "[learning]") {
  // The expert's rows hold an entry 0 for action 0.
  const Dense kernel = {{0, 1}, {1, 0}, {1, 0}, {0, 1}};
  const FiniteMdp model = model_of({kernel}, {0, 1, 0, 0});
  const MarkovPolicy expert(matrix({{0, 1}, {0, 1}}), 2);
  const LearningProblem problem(model, 4, MarkovPolicy(matrix({{1, 0}, {1, 0}}), 2), expert);
  PopulationData population(problem);
  population.collect_expert();
  population.collect(problem.start);
  const auto own = [](const Flags& flags) { return Flags(flags.begin(), flags.begin() + 4); };
  CHECK(own(population.data(FitRule::expert).seen) == Flags{false, true, false, false});  // stays in 0
  CHECK(own(population.data(FitRule::latest).seen) == Flags{true, false, true, false});
}

TEST_CASE("model fit: with one step nothing is seen, with two only the first step's pairs", "[learning]") {
  for (const Step horizon : {1, 2}) {
    const LearningProblem problem(model_of({{{0, 1}, {1, 0}, {1, 0}, {0, 1}}}, {0, 1, 0, 0}), horizon,
                                  MarkovPolicy::uniform(2, 2), MarkovPolicy::uniform(2, 2));
    PopulationData population(problem);
    population.collect_expert();
    CHECK_FALSE(population.collect(problem.start));  // the expert saw as much
    for (const FitRule fit :
         {FitRule::latest, FitRule::aggregate, FitRule::hybrid, FitRule::expert, FitRule::hybrid_latest}) {
      const Flags seen = population.data(fit).seen;
      CHECK(Flags(seen.begin(), seen.begin() + 4) == Flags{horizon == 2, horizon == 2, false, false});
    }
  }
}

TEST_CASE("model fit: the rules' names are in the order of the rules", "[learning]") {
  CHECK(fit_rule_names[static_cast<std::size_t>(FitRule::latest)] == "latest");
  CHECK(fit_rule_names[static_cast<std::size_t>(FitRule::aggregate)] == "aggregate");
  CHECK(fit_rule_names[static_cast<std::size_t>(FitRule::hybrid)] == "hybrid");
  CHECK(fit_rule_names[static_cast<std::size_t>(FitRule::expert)] == "expert");
  CHECK(fit_rule_names[static_cast<std::size_t>(FitRule::hybrid_latest)] == "hybrid-latest");
  CHECK(fill_rule_names[static_cast<std::size_t>(FillRule::pessimistic)] == "pessimistic");
  CHECK(fill_rule_names[static_cast<std::size_t>(FillRule::optimistic)] == "optimistic");
  CHECK(fill_rule_names[static_cast<std::size_t>(FillRule::keep)] == "keep");
  CHECK(fill_rule_names[static_cast<std::size_t>(FillRule::start)] == "start");
  CHECK(fill_rule_names[static_cast<std::size_t>(FillRule::figure)] == "figure");
  CHECK(fill_rule_names[static_cast<std::size_t>(FillRule::adversarial)] == "adversarial");
  for (const FitRule fit : {FitRule::latest, FitRule::aggregate}) CHECK_FALSE(uses_expert(fit));
  for (const FitRule fit : {FitRule::hybrid, FitRule::expert, FitRule::hybrid_latest})
    CHECK(uses_expert(fit));
  for (const FitRule fit : {FitRule::aggregate, FitRule::hybrid}) CHECK(aggregates(fit));
  for (const FitRule fit : {FitRule::latest, FitRule::expert, FitRule::hybrid_latest})
    CHECK_FALSE(aggregates(fit));
}
