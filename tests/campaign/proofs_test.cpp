#include <algorithm>
#include <set>

#include "adversary/extremal_families.hpp"
#include "campaign/repair.hpp"
#include "campaign/sharpness_search.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

std::vector<std::string> texts(const std::vector<Edit>& edits) {
  std::vector<std::string> list;
  for (const Edit& edit : edits) list.push_back(edit.expression);
  return list;
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

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
  const Repair sign =
      repair_bound("(expert-expert_model)+(learner-learner_model)+(expert_model-learner_model)",
                   Quantity::double_simulation, run);
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
