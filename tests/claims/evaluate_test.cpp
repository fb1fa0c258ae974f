#include "claims/evaluate.hpp"

#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

/// An instance with the numbers x and y.
Instance pair_of(const Rational& x, const Rational& y) {
  Instance instance;
  instance.numbers = {{"x", {x}}, {"y", {y}}};
  return instance;
}

const Formula x_and_y([](const auto& v, auto& at) { at(v.numbers("x").front(), v.numbers("y").front()); });

Outcome filtered(const Rational& x, const Rational& y, Relation relation = Relation::at_most) {
  constexpr double no_record_wanted = std::numeric_limits<double>::infinity();
  return evaluate(x_and_y, relation, pair_of(x, y), no_record_wanted).outcome;
}

const Rational tiny = Rational(1) / pow(Rational(10), 40);

}  // namespace

TEST_CASE("evaluate: a tie and its neighbours, closer than doubles can tell", "[claims]") {
  const Rational third = Rational::ratio(1, 3);
  CHECK(filtered(third, third) == Outcome::holds);
  CHECK(filtered(third + tiny, third) == Outcome::violated);
  CHECK(filtered(third - tiny, third) == Outcome::holds);
  CHECK(filtered(third, third, Relation::equal) == Outcome::holds);
  CHECK(filtered(third + tiny, third, Relation::equal) == Outcome::violated);
}

TEST_CASE("evaluate: clear cases need no exact arithmetic, ties do", "[claims]") {
  constexpr double no_record_wanted = std::numeric_limits<double>::infinity();
  const auto used = [&](const Rational& x, const Rational& y) {
    return evaluate(x_and_y, Relation::at_most, pair_of(x, y), no_record_wanted).used_exact;
  };
  CHECK_FALSE(used(Rational::ratio(1, 3), Rational(1)));
  CHECK_FALSE(used(Rational(1), Rational::ratio(1, 3)));
  CHECK(used(Rational::ratio(1, 3), Rational::ratio(1, 3)));
}

TEST_CASE("evaluate: what may tie with the record is computed exactly, what cannot is not", "[claims]") {
  const Instance instance = pair_of(Rational::ratio(7, 60), Rational::ratio(1, 3));
  const auto at_record =
      evaluate(x_and_y, Relation::at_most, instance, Rational::ratio(7, 20).enclose().lower);
  REQUIRE(at_record.max_tightness);
  CHECK(*at_record.max_tightness == Rational::ratio(7, 20));
  CHECK_FALSE(evaluate(x_and_y, Relation::at_most, instance, 0.36).max_tightness);
}

TEST_CASE("evaluate: tightness falls into exact tenths", "[claims]") {
  const auto bin = [](const Rational& x, const Rational& y) {
    return evaluate(x_and_y, Relation::at_most, pair_of(x, y), std::numeric_limits<double>::infinity()).bin;
  };
  CHECK(bin(Rational(0), Rational(1)) == 0);
  CHECK(bin(Rational(-1), Rational(1)) == 0);
  CHECK(bin(tiny, Rational(1)) == 1);
  CHECK(bin(Rational::ratio(3, 10), Rational(1)) == 3);
  CHECK(bin(Rational::ratio(3, 10) + tiny, Rational(1)) == 4);
  CHECK(bin(Rational(1), Rational(1)) == 10);
  CHECK(bin(Rational(1) + tiny, Rational(1)) == above_one);
  CHECK(bin(Rational(0), Rational(0)) == undefined_bin);
}

TEST_CASE("evaluate: 0/0 has no tightness", "[claims]") {
  CHECK_FALSE(tightness(Sides{Rational(0), Rational(0)}));
  CHECK_FALSE(tightness(Sides{Rational(1), Rational(0)}));
  CHECK_FALSE(tightness(Sides{RealNumber(LogForm::infinity()), RealNumber(LogForm(1))}));
  CHECK_FALSE(tightness(Sides{RealNumber(LogForm::infinity()), RealNumber(LogForm::infinity())}));
  CHECK(tightness(Sides{RealNumber(LogForm(1)), RealNumber(LogForm::infinity())}) == Rational(0));
  CHECK(tightness(Sides{RealNumber(LogForm::log(2)), RealNumber(LogForm::log(8))}) == Rational::ratio(1, 3));
  CHECK(tightness(Sides{Rational(-1), Rational(2)}) == Rational(0));
  CHECK(tightness(Sides{Rational(1), Rational(2)}) == Rational::ratio(1, 2));
}

TEST_CASE("evaluate: an instance that fails a hypothesis is discarded, by a hair as well", "[claims]") {
  const Formula if_x_at_most_y([](const auto& v, auto& at) {
    at.assume(is_at_most(v.numbers("x").front(), v.numbers("y").front()));
    at(v.number(2), v.number(1));
  });
  const auto outcome = [&](const Rational& x, const Rational& y) {
    return evaluate(if_x_at_most_y, Relation::at_most, pair_of(x, y), 0).outcome;
  };
  const Rational third = Rational::ratio(1, 3);
  CHECK(outcome(third + tiny, third) == Outcome::discarded);
  CHECK(outcome(third, third) == Outcome::violated);
  CHECK(outcome(Rational(1), Rational(0)) == Outcome::discarded);
}

TEST_CASE("evaluate: of several points the first violated one is reported, or else the tightest",
          "[claims]") {
  const Formula three_points([](const auto& v, auto& at) {
    at({.step = 1}, [&] { return Sides{v.number(1), v.number(4)}; });
    at({.step = 2}, [&] { return Sides{v.number(1), v.number(2)}; });
    at({.step = 3}, [&] { return Sides{v.numbers("x").front(), v.number(3)}; });
  });
  const ExactResult holding = evaluate_exactly(three_points, Relation::at_most, pair_of(1, 0));
  CHECK(holding.outcome == Outcome::holds);
  CHECK(holding.point->at.step == 2);
  CHECK(*holding.max_tightness == Rational::ratio(1, 2));
  const ExactResult violated = evaluate_exactly(three_points, Relation::at_most, pair_of(4, 0));
  CHECK(violated.outcome == Outcome::violated);
  CHECK(violated.point->at.step == 3);
}

TEST_CASE("evaluate: a NaN of the filter is settled exactly", "[claims]") {
  // 1/z encloses everything where z's enclosure has 0 inside, and 0 times that is NaN.
  const Formula with_nan([](const auto& v, auto& at) {
    const auto z = (v.numbers("y").front() + v.number(1)) - v.number(1);
    at(v.number(5) + v.number(0) * abs(v.number(1) / z), v.number(1));
  });
  const FilteredResult result = evaluate(with_nan, Relation::at_most, pair_of(0, tiny), 0);
  CHECK(result.outcome == Outcome::violated);
  CHECK(result.bin == above_one);
  REQUIRE(result.max_tightness);
  CHECK(*result.max_tightness == Rational(5));
}

TEST_CASE("evaluate: a value that overflows doubles is decided exactly", "[claims]") {
  const Rational huge = pow(Rational(10), 400);
  CHECK(filtered(huge, huge + Rational(1)) == Outcome::holds);
  CHECK(filtered(huge + Rational(1), huge) == Outcome::violated);
  CHECK(filtered(-huge, huge) == Outcome::holds);
}

TEST_CASE("evaluate: a point that is not made leaves no tightness behind", "[claims]") {
  // Of the first point the enclosure does not know whether it is made; exactly, it is not. The second has
  // none.
  const Formula formula = Formula::of_text(
      [](const View<Interval>&, Points<Interval>& at) {
        const double nothing = std::numeric_limits<double>::quiet_NaN();
        const Interval unknown = Interval::between(nothing, nothing);
        at({}, [&] { return Sides<Interval>{unknown, unknown}; });
        at({}, [] { return Sides<Interval>{Interval(-1), Interval(0)}; });
      },
      nullptr,
      [](const View<Rational>&, Points<Rational>& at) {
        at.next_is_wanted();
        at({}, [] { return Sides<Rational>{Rational(-1), Rational(0)}; });
      },
      nullptr);
  const FilteredResult result =
      evaluate(formula, Relation::at_most, Instance{}, std::numeric_limits<double>::infinity());
  CHECK(result.used_exact);
  CHECK(result.outcome == Outcome::holds);
  CHECK(result.bin == undefined_bin);
  CHECK(result.bin == evaluate(formula, Relation::at_most, Instance{}, -1).bin);
}

TEST_CASE("evaluate: what enclosures settle is not undone where its exact sides cannot be decided",
          "[claims]") {
  const Formula formula = Formula::of_text(
      [](const View<Interval>&, Points<Interval>& at) {
        at({}, [] { return Sides<Interval>{Interval::between(0.21, 0.22), Interval(1)}; });
      },
      nullptr, nullptr,
      [](const View<Rational>&, Points<RealNumber>&) { throw UndecidedValue("a condition"); });
  for (const double record : {-1.0, 0.5}) {
    const FilteredResult result = evaluate(formula, Relation::at_most, Instance{}, record);
    CHECK(result.outcome == Outcome::holds);
    CHECK(result.bin == 3);
    CHECK_FALSE(result.max_tightness);
  }
}

TEST_CASE("evaluate: an open point whose exact sides cannot be decided leaves the instance undecided",
          "[claims]") {
  const Formula formula = Formula::of_text(
      [](const View<Interval>&, Points<Interval>& at) {
        at({}, [] { return Sides<Interval>{Interval(0), Interval(1)}; });
        at({}, [] { return Sides<Interval>{Interval::between(0, 2), Interval(1)}; });  // open
      },
      nullptr, nullptr, [](const View<Rational>&, Points<RealNumber>&) { throw UndecidedValue("a choice"); });
  for (const double record : {-1.0, 0.5, std::numeric_limits<double>::infinity()})
    CHECK(evaluate(formula, Relation::at_most, Instance{}, record).outcome == Outcome::undecided);
  CHECK(evaluate_exactly(formula, Relation::at_most, Instance{}).outcome == Outcome::undecided);
}
