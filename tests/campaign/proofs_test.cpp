#include <algorithm>
#include <set>

#include "adversary/extremal_families.hpp"
#include "campaign/exhaust.hpp"
#include "campaign/repair.hpp"
#include "campaign/sharpness_search.hpp"
#include "campaign/slack.hpp"
#include "claims/ledger.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

const Claim& claim(const char* id) {
  return Ledger::global().at(id);
}

std::vector<std::string> texts(const std::vector<Edit>& edits) {
  std::vector<std::string> list;
  for (const Edit& edit : edits) list.push_back(edit.expression);
  return list;
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

TEST_CASE("slack: the losses of a proof are never negative and sum to the gap", "[campaign]") {
  // proof_losses() checks both; a wrong proof ends the test.
  for (const char* id : {"sim.lemma", "double.certainty_equivalence"})
    for (std::uint64_t i = 0; i < 200; ++i)
      CHECK_NOTHROW(proof_losses(claim(id), draw_instance(claim(id).domain, Setting{}, 7, i)));
}

TEST_CASE("slack: on the leak chain all of it is lost to Hoelder's inequality and the range", "[campaign]") {
  const Rational delta = Rational::ratio(1, 3);
  for (const Step horizon : {2, 3, 5}) {
    const std::vector<ProofStep> steps = proof_losses(claim("sim.lemma"), leak_chain(delta, horizon));
    REQUIRE(steps.size() == 6);
    for (std::size_t k = 0; k < 3; ++k) CHECK(steps[k].loss.sign() == 0);
    // Hoelder takes 2 delta max V for delta span V: one model never leaks, so that max V = H - h there.
    Rational hoelder;
    for (Step h = 1; h < horizon; ++h) hoelder += delta * Rational(horizon - h);
    CHECK(steps[4].loss + steps[5].loss + steps[3].loss ==
          Rational(horizon * (horizon - 1)) * delta - sharp_simulation_bound(delta, horizon));
    CHECK(steps[4].loss >= hoelder);
  }
}

TEST_CASE("slack: a wrong proof is a fault", "[campaign]") {
  Claim wrong = claim("sim.lemma");
  wrong.proof = [proof = wrong.proof](const View<Rational>& x) {
    std::vector<ProofStep> steps = proof(x);
    steps.back().loss += Rational(1);
    return steps;
  };
  CHECK_THROWS_AS(proof_losses(wrong, leak_chain(1, 2)), InternalError);
  CHECK_THROWS_AS(slack_of(claim("sim.sharp"), Run{.instances = 10}), InvalidInput);
}

TEST_CASE("exhaust: a true claim counts all, a false one is refuted", "[campaign]") {
  const Exhaustion all = exhaust(claim("sim.lemma"), Run{});
  CHECK(all.instances() == 883'182);
  CHECK_FALSE(all.counterexample);
  Claim wrong = claim("sim.sharp");
  wrong.formula = wrong.mutants.front().formula;
  const Exhaustion refuted = exhaust(wrong, Run{});
  REQUIRE(refuted.counterexample);
  CHECK(refuted.counterexample->instance.model->state_count() == 2);
  CHECK(can_exhaust(claim("double.certainty_equivalence")));
  CHECK_FALSE(can_exhaust(claim("loss.jensen")));
  CHECK_FALSE(can_exhaust(claim("learn.figure_15_1")));
}

TEST_CASE("repair: edits change one place each, and all can be read again", "[campaign]") {
  const auto edits = texts(single_edits("H*(H-1)/8*eps", Quantity::simulation));
  for (const char* expected : {"H*(H-1)/4*eps", "H*(H-1)/16*eps", "H*(H+1)/8*eps", "H*(H-1)/8*delta",
                               "(H-1)*(H-1)/8*eps", "H*(H-1)/8*eps*2", "H*(H-2)/8*eps", "H*(H-1)/8*eps*H"}) {
    INFO(expected);
    CHECK(has(edits, expected));
  }
  CHECK_FALSE(has(edits, "H*(H-1)/8*eps"));
  for (const char* text :
       {"sum(k, 0, H-1, 1-(1-delta)^k)", "-(H-1)^2/3*max(eps, 1/2)", "2^3^H-(1-(2-3))", "1/(H/2)"}) {
    const auto all = texts(single_edits(text, Quantity::simulation));
    for (const std::string& edited : all) {
      INFO(edited);
      CHECK_NOTHROW(BoundExpression::parse(edited, bound_variables(Quantity::simulation)));
    }
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == all.size());
  }
  CHECK(has(texts(single_edits("1-(2-3)", Quantity::simulation)), "1+(2-3)"));
  CHECK_THROWS_AS(single_edits("H*", Quantity::simulation), InvalidInput);
}

TEST_CASE("repair: the sign of the decomposition, a form of (15.4), and a constant are found", "[campaign]") {
  const Run run{.instances = 300};
  const auto& [quantity, expression] = claim("double.decomposition").as_typed.value();
  const Repair sign = repair_bound(expression, *bounded_quantity("try." + quantity), run);
  REQUIRE_FALSE(sign.survivors.empty());
  CHECK(sign.original.verdict == Verdict::violated);
  CHECK(sign.survivors.front().bound.expression ==
        "expert-expert_model-(learner-learner_model)+(expert_model-learner_model)");
  CHECK(sign.survivors.front().bound.mean_slack == Rational(0));

  const Repair hypothesis = repair_bound("(H-h-1)*eps", Quantity::induction_hypothesis, run);
  REQUIRE_FALSE(hypothesis.survivors.empty());
  CHECK(hypothesis.survivors.front().bound.expression == "(H-h-1)^2*eps");

  const Repair constant = repair_bound("H*(H-1)/8*eps", Quantity::simulation, run);
  REQUIRE_FALSE(constant.survivors.empty());
  CHECK(constant.survivors.front().bound.expression == "H*(H-1)/4*eps");
  CHECK(constant.edits == 1);
}

TEST_CASE("sharpness: the search reaches the suprema, on any number of threads", "[campaign]") {
  const SharpnessCell simulation{Quantity::simulation, 2, 1, 4, Rational::ratio(1, 10)},
      planning{Quantity::certainty_equivalence, 3, 2, 3, Rational::ratio(1, 4)};
  for (const SharpnessCell& cell : {simulation, planning}) {
    const SearchedSharpness found = search_sharpness(cell, Run{.instances = 4000, .threads = 2}, 12);
    CHECK(found.meets());
    REQUIRE(found.witness);
    const Instance& x = found.witness->instance;
    const Rational own = policy_return(*x.model, *x.policy, x.horizon);
    const Rational left =
        cell.quantity == Quantity::simulation
            ? abs(own - policy_return(*x.perturbed, *x.policy, x.horizon))
            : expected_value<Rational>(*x.model, optimal_plan(*x.model, x.horizon).values) - own;
    CHECK(left == found.bound);
    CHECK(total_variation<Rational>(*x.model, *x.perturbed, x.horizon) <= cell.delta);
    CHECK(x.model->state_count() <= cell.states);
    const SearchedSharpness again = search_sharpness(cell, Run{.instances = 4000, .threads = 1}, 12);
    CHECK((again.best == found.best && again.instances == found.instances));
  }
}

TEST_CASE("sharpness: what a short search and its moves of rows find is an instance of the cell",
          "[campaign]") {
  for (const Step horizon : {3, 4}) {
    const SharpnessCell cell{Quantity::certainty_equivalence, 5, 2, horizon, Rational::ratio(1, 4)};
    const SearchedSharpness found = search_sharpness(cell, Run{.instances = 200}, 1);
    REQUIRE(found.witness);
    const Instance& x = found.witness->instance;
    CHECK_FALSE(extreme_pairs(cell).objection(x));
    const Rational regret = expected_value<Rational>(*x.model, optimal_plan(*x.model, x.horizon).values) -
                            policy_return(*x.model, *x.policy, x.horizon);
    CHECK(regret == found.best * found.bound);
    CHECK(found.best <= Rational(1));
    CHECK(found.best.sign() > 0);
  }
}

TEST_CASE("sharpness: a polynomial through the suprema at H = 3 is 3 delta - delta^2", "[campaign]") {
  const FittedSupremum fit = fit_supremum({Quantity::simulation, 2, 1, 3, 0}, Run{.instances = 2000}, 6);
  CHECK(fit.fits_unseen);
  CHECK(fit.coefficients == std::vector<Rational>{0, 3, -1});
}
