// Figures 15.1 to 15.3, by hand.
#include "learning/trace.hpp"
#include "mdp/enumeration.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

enum : std::uint32_t { root, left, right, win, zero, third };
/// Where the model says that the four unknown moves lead: left-left, left-right, right-left, right-right.
std::vector<std::uint32_t> drawn_leaves(const FiniteMdp& model) {
  std::vector<std::uint32_t> leaves;
  for (const std::uint32_t s : {left, right}) {
    for (const std::uint32_t a : {0U, 1U}) {
      const auto next = model.kernel(1).row_columns(model.row(State{s}, Action{a}));
      REQUIRE(next.size() == 1);
      leaves.push_back(next[0]);
    }
  }
  return leaves;
}

/// The two moves from the root.
std::vector<std::uint32_t> moves(const MarkovPolicy& policy) {
  const std::uint32_t first = taken_action(policy, 1, State{root}).value;
  return {first, taken_action(policy, 2, State{first == 0 ? left : right}).value};
}

using Leaves = std::vector<std::uint32_t>;
using Moves = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("figure 15.1: the tree as drawn", "[learning]") {
  const Instance tree = figure_15_1();
  CHECK(tree.horizon == 3);
  CHECK(tree.model->state_count() == 5);
  CHECK(drawn_leaves(*tree.model) == Leaves{win, zero, zero, zero});
  CHECK(tree.model->kernel(1).row_columns(0)[0] == left);
  CHECK(tree.model->kernel(1).row_columns(1)[0] == right);
  CHECK(moves(*tree.policy) == Moves{1, 1});
  CHECK(moves(*tree.other_policy) == Moves{0, 0});
  CHECK(enumerated_return(*tree.model, *tree.other_policy, 3) == Rational(1));
  CHECK(enumerated_return(*tree.model, *tree.policy, 3) == Rational(0));
  const LearningProblem problem = learning_problem(tree);
  CHECK(problem.own_states == 5);
  CHECK(problem.world.state_count() == 5);  // the leaves serve
  CHECK((problem.paradise == State{win} && problem.abyss == State{zero}));
  CHECK(problem.unknown_count() == 4);

  const Instance strict = figure_15_1(q("1/10"));
  CHECK(strict.model->state_count() == 6);
  CHECK(drawn_leaves(*strict.model) == Leaves{win, zero, zero, third});
  CHECK(enumerated_return(*strict.model, *strict.policy, 3) == q("1/10"));
  CHECK(learning_problem(strict).unknown_count() == 4);
}

TEST_CASE("figure 15.2: with the latest data the loop goes to and fro for ever, whatever breaks ties",
          "[learning]") {
  const LearningProblem tree = learning_problem(figure_15_1());
  for (const TieBreak ties : all_ties) {
    const Trace trace = run_loop(tree, {.fit = FitRule::latest, .fill = FillRule::figure, .ties = ties});
    INFO("ties " << tie_break_names[static_cast<std::size_t>(ties)]);
    REQUIRE(trace.cycle);
    CHECK((trace.cycle->start == 1 && trace.cycle->length == 2));
    CHECK_FALSE(trace.converged_at);
    REQUIRE(trace.rounds.size() == 2);
    // Right-right was seen: right-left is hoped to win, and left, never seen, is feared to lose.
    CHECK(drawn_leaves(trace.rounds[0].model) == Leaves{zero, zero, win, zero});
    CHECK(moves(trace.rounds[0].policy) == Moves{1, 0});
    // The other way round.
    CHECK(drawn_leaves(trace.rounds[1].model) == Leaves{zero, zero, zero, win});
    CHECK(moves(trace.rounds[1].policy) == Moves{1, 1});
    for (const Round& round : trace.rounds) {
      CHECK(round.model_value == Rational(1));
      CHECK(*round.true_value == Rational(0));
    }
    CHECK((trace.rounds[0].number == 1 && trace.rounds[1].number == 2));
    CHECK(*trace.start_value == Rational(0));
    CHECK(trace.expert_value == Rational(1));
    CHECK(trace.optimal_value == Rational(1));
    CHECK((trace.start_discovers && trace.rounds[0].discovers && !trace.rounds[1].discovers));
    CHECK(trace.discoveries() == 2);
  }
}

TEST_CASE("figure 15.3: aggregated data ends at 0 where ties keep right, and at 1 where they try left",
          "[learning]") {
  const LearningProblem tree = learning_problem(figure_15_1());
  const auto trace_with = [&](TieBreak ties) {
    const Trace trace = run_loop(tree, {.fit = FitRule::aggregate, .fill = FillRule::figure, .ties = ties});
    REQUIRE(trace.converged_at);
    CHECK_FALSE(trace.cycle);
    CHECK(drawn_leaves(trace.rounds[0].model) == Leaves{zero, zero, win, zero});
    CHECK(moves(trace.rounds[0].policy) == Moves{1, 0});
    // Both right moves are known to lose by now, and left is feared: everything is worth nothing.
    CHECK(drawn_leaves(trace.rounds[1].model) == Leaves{zero, zero, zero, zero});
    CHECK(trace.rounds[1].model_value == Rational(0));
    return trace;
  };
  const Trace stay = trace_with(TieBreak::stay), highest = trace_with(TieBreak::highest);
  CHECK((stay.converged_at == 2 && stay.rounds.size() == 2));
  CHECK(moves(stay.rounds[1].policy) == Moves{1, 0});
  CHECK(highest.converged_at == 2);
  CHECK(moves(highest.rounds[1].policy) == Moves{1, 1});
  for (const Trace& trace : {stay, highest})
    for (const Round& round : trace.rounds) CHECK(*round.true_value == Rational(0));
  for (const TieBreak ties : {TieBreak::lowest, TieBreak::for_learner}) {
    const Trace trace = trace_with(ties);
    CHECK(moves(trace.rounds[1].policy) == Moves{0, 0});
    CHECK(*trace.rounds[1].true_value == Rational(1));
    CHECK(*trace.rounds.back().true_value == Rational(1));
  }
  // Against the learner all that earns 0 is as bad; the lowest such action at the root is left, then right,
  // whereupon left-left is hoped for.
  const Trace against = trace_with(TieBreak::against_learner);
  REQUIRE(against.rounds.size() >= 3);
  CHECK(moves(against.rounds[1].policy) == Moves{0, 1});
  CHECK(drawn_leaves(against.rounds[2].model) == Leaves{win, zero, zero, zero});
  CHECK(moves(against.rounds[2].policy) == Moves{0, 0});
  CHECK(*against.rounds.back().true_value == Rational(1));
}

TEST_CASE("figure 15.3: half the expert's data leads to the expert's value, whatever breaks ties",
          "[learning]") {
  for (const Rational& right_right : {q("0"), q("1/10")}) {
    const LearningProblem tree = learning_problem(figure_15_1(right_right));
    for (const TieBreak ties : all_ties) {
      const Trace trace = run_loop(tree, {.fit = FitRule::hybrid, .fill = FillRule::figure, .ties = ties});
      INFO("ties " << tie_break_names[static_cast<std::size_t>(ties)]);
      REQUIRE(trace.converged_at);
      CHECK(*trace.rounds.back().true_value == Rational(1));
      CHECK(trace.discoveries() <= tree.unknown_count());
    }
  }
  // With ties that stay: right-left is tried, then left-right, hoped for beside the expert's left-left.
  const LearningProblem tree = learning_problem(figure_15_1());
  const Trace trace =
      run_loop(tree, {.fit = FitRule::hybrid, .fill = FillRule::figure, .ties = TieBreak::stay});
  REQUIRE(trace.rounds.size() == 3);
  CHECK(drawn_leaves(trace.rounds[0].model) == Leaves{win, win, win, zero});
  CHECK(moves(trace.rounds[0].policy) == Moves{1, 0});
  CHECK(drawn_leaves(trace.rounds[1].model) == Leaves{win, win, zero, zero});
  CHECK(moves(trace.rounds[1].policy) == Moves{0, 1});
  CHECK(drawn_leaves(trace.rounds[2].model) == Leaves{win, zero, zero, zero});
  CHECK(moves(trace.rounds[2].policy) == Moves{0, 0});
  CHECK(trace.converged_at == 3);
  CHECK(trace.discoveries() == 3);  // left-left is the expert's
}

TEST_CASE("figure 15.3, strict: a small reward on the right holds the learner there, whatever breaks ties",
          "[learning]") {
  const LearningProblem tree = learning_problem(figure_15_1(q("1/10")));
  for (const TieBreak ties : all_ties) {
    INFO("ties " << tie_break_names[static_cast<std::size_t>(ties)]);
    const Trace stuck = run_loop(tree, {.fit = FitRule::aggregate, .fill = FillRule::figure, .ties = ties});
    CHECK(stuck.converged_at == 2);
    REQUIRE(stuck.rounds.size() == 2);
    CHECK(drawn_leaves(stuck.rounds[0].model) == Leaves{zero, zero, win, third});
    CHECK(moves(stuck.rounds[0].policy) == Moves{1, 0});
    CHECK(drawn_leaves(stuck.rounds[1].model) == Leaves{zero, zero, zero, third});
    CHECK(moves(stuck.rounds[1].policy) == Moves{1, 1});
    CHECK((*stuck.rounds[0].true_value == Rational(0) && *stuck.rounds[1].true_value == q("1/10")));

    const Trace turning = run_loop(tree, {.fit = FitRule::latest, .fill = FillRule::figure, .ties = ties});
    REQUIRE(turning.cycle);
    CHECK((turning.cycle->start == 1 && turning.cycle->length == 2));
    CHECK(*turning.rounds[0].true_value == Rational(0));
    CHECK(*turning.rounds[1].true_value == q("1/10"));
    CHECK(*turning.start_value == q("1/10"));
  }
}
