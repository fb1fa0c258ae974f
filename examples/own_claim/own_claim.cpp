// A ledger of one's own: two claims, and lemmacheck's whole command line on them.
//
//   own_claim list
//   own_claim check own.value_is_bounded
#include <claims/ledger.hpp>
#include <cli/command_line.hpp>

namespace {

using namespace lemmacheck;

const Section section("own notes", [](Ledger& ledger) {
  ledger.add({
      .id = "own.value_is_bounded",
      .source = "own notes, eq. (1)",
      .statement = R"(V_h^\pi(s) \le H - h + 1)",
      .hypotheses = {"rewards in [0, 1]"},
      .domain = model_pairs(),
      .formula =
          [](const auto& x, auto& at) {
            for (Step h = 1; h <= x.horizon(); ++h)
              for (const State s : x.states())
                at({h, s}, [&] { return Sides{x.value(h, s), x.number(x.horizon() - h + 1)}; });
          },
      .mutants = {{"H - h: an index shifted",
                   [](const auto& x, auto& at) {
                     for (Step h = 1; h <= x.horizon(); ++h)
                       for (const State s : x.states())
                         at({h, s}, [&] { return Sides{x.value(h, s), x.number(x.horizon() - h)}; });
                   }}},
  });

  ledger.add({
      .id = "own.model_is_optimistic",
      .source = "own notes, eq. (2)",
      .statement = R"(J(\pi,M) \le J(\pi,M'))",
      .hypotheses = {"M' is learned from M"},
      .domain = model_pairs(),
      .formula = [](const auto& x,
                    auto& at) { at(x.expected_return(In::model), x.expected_return(In::perturbed)); },
      .expected = Verdict::violated,
      .corrected = "own.value_is_bounded",
      .note = "A wrong one, to see a counterexample.",
  });
});

}  // namespace

int main(int argc, char** argv) {
  return run_command_line(argc, argv);
}
