// Section 15.3: Figures 15.1 to 15.3, to the letter.
//
// The figures' wrong leaf rewards are wrong transitions into the other of two leaves. Their captions and text
// fix all labels but those of the left leaves in Figure 15.2, which are taken as 0 (never seen, undervalued).
// (The lemma language has no word for one instance, nor for the kernel of a fitted model.)
#include "common.hpp"
#include "learning/learning_domains.hpp"
#include "learning/trace.hpp"

namespace lemmacheck {
namespace {

enum : std::uint32_t { root, left_state, right_state };
enum : std::uint32_t { left, right };

const std::vector<std::string> as_drawn = {"the tree of Figure 15.1", "population data",
                                           "a wrong reward of a leaf is a wrong transition into the other of "
                                           "two leaves, which pay 1 and 0",
                                           "unseen leaves as drawn: 1 beside the data, else 0",
                                           "a planner that keeps the last policy where it is optimal"};

template <class V>
Trace trace(const V& x, FitRule fit, FillRule fill = FillRule::figure, TieBreak ties = TieBreak::stay) {
  return run_loop(learning_problem(x.instance()), {.fit = fit, .fill = fill, .ties = ties});
}

/// The reward that a model expects at the leaf behind (s, a).
Rational leaf_label(const FiniteMdp& model, std::uint32_t s, std::uint32_t a) {
  return expectation<Rational>(model.kernel(1), model.row(State{s}, Action{a}),
                               [&](std::uint32_t leaf) { return model.rewards()(State{leaf}, Action{0}); });
}

std::uint32_t move(const MarkovPolicy& policy, Step h, std::uint32_t s) {
  return policy.table().column(policy.table().row_begin(policy.row(h, State{s})));
}

/// The labels of the four leaves in a model, from left to right.
template <class At>
void compare_leaves(At& at, int round, const FiniteMdp& model, const std::array<std::int64_t, 4>& labels) {
  for (std::uint32_t leaf = 0; leaf < labels.size(); ++leaf) {
    const std::uint32_t s = leaf < 2 ? left_state : right_state, a = leaf % 2;
    at({.state = State{s}, .action = Action{a}, .round = round}, [&] {
      return Sides{leaf_label(model, s, a), Rational(labels[leaf])};
    });
  }
}

/// The two moves that a policy makes from the root.
template <class At>
void compare_moves(At& at, const Round& round, std::uint32_t first, std::uint32_t second) {
  const std::uint32_t taken = move(round.policy, 1, root);
  const std::uint32_t then = move(round.policy, 2, first == left ? left_state : right_state);
  at({.step = 1, .state = State{root}, .round = round.number}, [&] {
    return Sides{Rational(taken), Rational(first)};
  });
  at({.step = 2, .state = State{first == left ? left_state : right_state}, .round = round.number}, [&] {
    return Sides{Rational(then), Rational(second)};
  });
}

auto figure_15_2(FitRule fit, FillRule fill) {
  return Formula::exactly([fit, fill](const auto& x, auto& at) {
    const Trace t = trace(x, fit, fill);
    compare_leaves(at, 1, t.rounds[0].model, {0, 0, 1, 0});
    compare_moves(at, t.rounds[0], right, left);
    if (t.rounds.size() < 2) return;
    compare_leaves(at, 2, t.rounds[1].model, {0, 0, 0, 1});
    compare_moves(at, t.rounds[1], right, right);
  });
}

auto oscillates(FitRule fit, FillRule fill) {
  return Formula::exactly([fit, fill](const auto& x, auto& at) {
    const Trace t = trace(x, fit, fill);
    at(Rational(t.cycle ? t.cycle->length : 1), Rational(2));
  });
}

auto latest_gap(FitRule fit) {
  return Formula::exactly([fit](const auto& x, auto& at) {
    const Trace t = trace(x, fit);
    for (const Round& round : t.rounds)
      at({.round = round.number}, [&] { return Sides{*t.expert_value - *round.true_value, Rational(1)}; });
  });
}

/// Aggregation's last model has every leaf at 0.
auto figure_15_3(FitRule fit) {
  return Formula::exactly([fit](const auto& x, auto& at) {
    const Trace t = trace(x, fit);
    compare_leaves(at, t.rounds.back().number, t.rounds.back().model, {0, 0, 0, 0});
  });
}

/// It stops, and falls short of the expert by all that the expert earns.
auto stuck(FitRule fit, TieBreak ties, FillRule fill = FillRule::figure) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Trace t = trace(x, fit, fill, ties);
    at.assume(t.converged_at ? Truth::yes : Truth::no);
    at(*t.expert_value - *t.rounds.back().true_value, *t.expert_value);
  });
}

void add_figures(Ledger& ledger) {
  ledger.add({
      .id = "learn.figure_15_1",
      .source = "figure 15.1",
      .statement = R"(J(\pi_E,M^*) = \max_\pi J(\pi,M^*) = 1,\quad J(\pi_0,M^*) = 0)",
      .hypotheses = {"the tree of Figure 15.1: going left twice pays 1, else 0"},
      .domain = figure_tree(),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            at(x.expected_return(In::model, Who::other), x.number(1));
            at({.round = 1}, [&] { return Sides{x.optimal_return(In::model), x.number(1)}; });
            at({.round = 0}, [&] { return Sides{x.expected_return(), x.number(0)}; });
          },
      .mutants = {{"the expert goes right",
                   [](const auto& x, auto& at) { at(x.expected_return(), x.number(1)); }}},
      .kind = "printed",
  });

  ledger.add({
      .id = "learn.figure_15_2",
      .source = "figure 15.2",
      .statement =
          R"(M_0: (0,0,1,0),\ \pi_1 = RL;\quad M_1: (0,0,0,1),\ \pi_2 = RR \quad (\text{leaves } LL, LR, RL, RR))",
      .hypotheses = as_drawn,
      .domain = figure_tree(),
      .relation = Relation::equal,
      .formula = figure_15_2(FitRule::latest, FillRule::figure),
      .note = "A fit to the latest data: the seen leaf has its true label 0, the leaf beside it the label 1, "
              "and the plan goes there. The notes count models from 0, the program rounds from 1.",
      .mutants = {{"all data aggregated", figure_15_2(FitRule::aggregate, FillRule::figure)},
                  {"unseen leaves at 0", figure_15_2(FitRule::latest, FillRule::pessimistic)}},
      .kind = "printed",
  });

  ledger.add({
      .id = "learn.figure_15_2_oscillates",
      .source = "figure 15.2",
      .statement = R"(\pi_{t+2} = \pi_t \ne \pi_{t+1}: \text{ the period is } 2)",
      .hypotheses = as_drawn,
      .domain = figure_tree(),
      .relation = Relation::equal,
      .formula = oscillates(FitRule::latest, FillRule::figure),
      .note = "RL and RR for ever.",
      .mutants = {{"all data aggregated", oscillates(FitRule::aggregate, FillRule::figure)},
                  {"unseen leaves at 0", oscillates(FitRule::latest, FillRule::pessimistic)}},
      .kind = "printed",
  });

  ledger.add({
      .id = "learn.figure_15_2_gap",
      .source = "figure 15.2",
      .statement = R"(J(\pi_E,M^*) - J(\pi_t,M^*) = 1 \text{ in every round})",
      .hypotheses = as_drawn,
      .domain = figure_tree(),
      .relation = Relation::equal,
      .formula = latest_gap(FitRule::latest),
      .note = "Fitting the latest data never earns anything on this tree.",
      .mutants = {{"with the expert's data", latest_gap(FitRule::hybrid)}},
      .kind = "printed",
  });

  ledger.add({
      .id = "learn.figure_15_3",
      .source = "figure 15.3",
      .statement = R"(M_{\text{no-regret}}: (0,0,0,0) \quad (\text{leaves } LL, LR, RL, RR))",
      .hypotheses = as_drawn,
      .domain = figure_tree(),
      .relation = Relation::equal,
      .formula = figure_15_3(FitRule::aggregate),
      .note = "Both paths seen are evaluated rightly, the expert's is undervalued.",
      .mutants = {{"the latest data alone", figure_15_3(FitRule::latest)},
                  {"with the expert's data", figure_15_3(FitRule::hybrid)}},
      .kind = "printed",
  });

  ledger.add({
      .id = "learn.figure_15_3_stuck",
      .source = "figure 15.3",
      .statement = R"(\text{aggregation stops, and } J(\pi_E,M^*) - J(\pi_t,M^*) = J(\pi_E,M^*))",
      .hypotheses = as_drawn,
      .domain = figure_tree(),
      .relation = Relation::equal,
      .formula = stuck(FitRule::aggregate, TieBreak::stay),
      .note = "As drawn it hangs on a tie: all leaves are 0, and a planner that takes the lowest action goes "
              "left and finds the expert's leaf.",
      .mutants = {{"ties to the left", stuck(FitRule::aggregate, TieBreak::lowest)},
                  {"with the expert's data", stuck(FitRule::hybrid, TieBreak::stay)}},
      .kind = "printed",
  });

  const auto strictly_stuck = [](FitRule fit) {
    return Formula::exactly([fit](const auto& x, auto& at) {
      for (const TieBreak ties : all_ties) {
        const Trace t = trace(x, fit, FillRule::figure, ties);
        at({.round = t.rounds.back().number}, [&] {
          return Sides{*t.rounds.back().true_value, Rational::ratio(1, 10)};
        });
      }
    });
  };
  ledger.add({
      .id = "learn.figure_15_3_strict",
      .source = "figure 15.3",
      .statement =
          R"(\text{with a right-right leaf of } 1/10\text{, aggregation ends there under any tie-break})",
      .hypotheses = {"the tree of Figure 15.1, its right-right leaf paying 1/10", "population data",
                     "unseen leaves as drawn: 1 beside the data, else 0"},
      .domain = figure_tree_strict(),
      .relation = Relation::equal,
      .formula = strictly_stuck(FitRule::aggregate),
      .note = "The strict form of Figure 15.3: no tie is needed.",
      .mutants = {{"with the expert's data", strictly_stuck(FitRule::hybrid)}},
      .kind = "beyond",
  });

  const auto hybrid_ends = [](FitRule fit) {
    return Formula::exactly([fit](const auto& x, auto& at) {
      for (const TieBreak ties : all_ties) {
        const Trace t = trace(x, fit, FillRule::figure, ties);
        at.assume(t.converged_at ? Truth::yes : Truth::no);
        at({.round = t.rounds.back().number}, [&] {
          return Sides{*t.rounds.back().true_value, *t.expert_value};
        });
      }
    });
  };
  ledger.add({
      .id = "learn.hybrid_on_the_tree",
      .source = "algorithm 2",
      .statement =
          R"(\text{hybrid fitting stops at } J(\pi_t,M^*) = J(\pi_E,M^*) \text{ under any tie-break})",
      .hypotheses = {"the tree of Figure 15.1", "population data",
                     "unseen leaves as drawn: 1 beside the data, else 0"},
      .domain = figure_tree(),
      .relation = Relation::equal,
      .formula = hybrid_ends(FitRule::hybrid),
      .mutants = {{"without the expert's data", hybrid_ends(FitRule::aggregate)}},
      .kind = "printed",
  });
}

const Section section("15.3", add_figures, 2);

}  // namespace
}  // namespace lemmacheck
