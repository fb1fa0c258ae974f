#include "mdp/simulation_bound.hpp"

#include "mdp/hand_made.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

constexpr Step longest = 30;

/// Every fraction in (0, 1] with a denominator up to 8, and two extreme ones.
std::vector<Rational> distances() {
  std::vector<Rational> all = {Rational(1) / pow(Rational(10), 20),
                               Rational(1) - Rational(1) / pow(Rational(10), 20)};
  for (std::uint64_t denominator = 1; denominator <= 8; ++denominator)
    for (std::int64_t n = 1; n <= static_cast<std::int64_t>(denominator); ++n)
      all.push_back(Rational::ratio(n, denominator));
  return all;
}

Rational sharp(const Rational& d, Step horizon) {
  return sharp_simulation_bound<Rational>(d, horizon);
}
/// As printed, for models at total variation d, whose L1 distance is 2 d.
Rational printed(const Rational& d, Step horizon) {
  return simulation_bound<Rational>(d * 2, horizon);
}

}  // namespace

TEST_CASE("simulation bound: the sharp one is the sum of 1 - (1-d)^k", "[bound]") {
  for (const Rational& d : distances()) {
    Rational sum;
    for (Step horizon = 1; horizon <= longest; ++horizon) {
      sum += Rational(1) - pow(Rational(1) - d, static_cast<unsigned>(horizon) - 1);
      INFO("d = " << d.to_string() << ", H = " << horizon);
      CHECK(sharp(d, horizon) == sum);
      const RoundUpward scope;
      const Interval enclosed = sharp_simulation_bound(Interval::from(d), horizon);
      CHECK(is_equal(enclosed, Interval::from(sum)) != Truth::no);
    }
  }
}

TEST_CASE("simulation bound: values by hand", "[bound]") {
  CHECK(simulation_bound<Rational>(q("1/10"), 1) == Rational(0));
  CHECK(simulation_bound<Rational>(q("1/10"), 10) == q("9/2"));
  CHECK(simulation_bound<Rational>(q("1/3"), 100000) == Rational(4999950000) / 3);
  CHECK(sharp(q("1/2"), 3) == q("5/4"));  // 0 + 1/2 + 3/4
  CHECK(sharp(q("1/3"), 2) == q("1/3"));
}

TEST_CASE("simulation bound: no distance or one step, no difference", "[bound]") {
  for (Step horizon = 1; horizon <= longest; ++horizon) {
    CHECK(sharp(0, horizon) == Rational(0));
    CHECK(printed(0, horizon) == Rational(0));
  }
  for (const Rational& d : distances()) CHECK((sharp(d, 1) == Rational(0) && printed(d, 1) == Rational(0)));
}

TEST_CASE("simulation bound: the printed one is twice the sharp one at H = 2", "[bound]") {
  for (const Rational& d : distances()) CHECK(printed(d, 2) / sharp(d, 2) == Rational(2));
}

TEST_CASE("simulation bound: the printed one is H times the sharp one at d = 1", "[bound]") {
  for (Step horizon = 2; horizon <= longest; ++horizon) {
    CHECK(sharp(1, horizon) == Rational(horizon - 1));  // all but the first reward
    CHECK(printed(1, horizon) / sharp(1, horizon) == Rational(horizon));
  }
}

TEST_CASE("simulation bound: the sharp one is at most half of the printed one", "[bound]") {
  for (const Rational& d : distances())
    for (Step horizon = 1; horizon <= longest; ++horizon) CHECK(sharp(d, horizon) * 2 <= printed(d, horizon));
}

TEST_CASE("simulation bound: the sharp one grows with d and with H", "[bound]") {
  std::vector<Rational> sorted = distances();
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (Step horizon = 2; horizon <= longest; ++horizon) {
      INFO("d = " << sorted[i].to_string() << ", H = " << horizon);
      CHECK(sharp(sorted[i], horizon - 1) < sharp(sorted[i], horizon));
      if (i > 0) CHECK(sharp(sorted[i - 1], horizon) < sharp(sorted[i], horizon));
    }
  }
}

TEST_CASE("simulation bound: its enclosures hold the exact bounds", "[bound]") {
  const RoundUpward upward;
  for (const Rational& d : distances()) {
    for (Step horizon = 1; horizon <= longest; ++horizon) {
      INFO("d = " << d.to_string() << ", H = " << horizon);
      CHECK(encloses(sharp_simulation_bound<Interval>(Interval::from(d), horizon), sharp(d, horizon)));
      CHECK(encloses(simulation_bound<Interval>(Interval::from(d * 2), horizon), printed(d, horizon)));
    }
  }
}
