#include "numeric/linear_system.hpp"

#include "numeric/error.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

/// A few numbers that look drawn, the same every time.
class Numbers {
 public:
  Rational next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto word = static_cast<std::int64_t>(state_ >> 40U);
    return Rational::ratio(word % 19 - 9, static_cast<std::uint64_t>(word % 7 + 1));
  }

 private:
  std::uint64_t state_ = 15;
};

LinearSystem drawn(std::uint32_t n, Numbers& numbers) {
  LinearSystem system;
  system.rows.resize(n);
  for (auto& row : system.rows) {
    for (std::uint32_t j = 0; j < n; ++j) row.entries.emplace_back(j, numbers.next());
    row.right = numbers.next();
  }
  return system;
}

void check_rows(const LinearSystem& system, const std::vector<Rational>& found) {
  for (const auto& row : system.rows) {
    Rational left;
    for (const auto& [column, coefficient] : row.entries) left += coefficient * found[column];
    CHECK(left == row.right);
  }
}

}  // namespace

TEST_CASE("linear systems: the solution solves every row, with few unknowns and with many", "[numeric]") {
  Numbers numbers;
  for (const std::uint32_t n : {1U, 2U, 5U, 19U, 20U, 21U, 40U}) {
    INFO(n << " unknowns");
    const LinearSystem system = drawn(n, numbers);
    const auto found = solution(system);
    REQUIRE(found.has_value());
    check_rows(system, *found);
  }
}

TEST_CASE("linear systems: what is listed twice is added, what is not listed is 0", "[numeric]") {
  const LinearSystem system = {{{{{0, 1}, {1, 2}, {0, 1}}, 4}, {{{1, Rational::ratio(1, 3)}}, 1}}};
  const auto found = solution(system);
  REQUIRE(found.has_value());
  CHECK(*found == std::vector<Rational>{-1, 3});
}

TEST_CASE("linear systems: numbers beyond words", "[numeric]") {
  const Rational large = pow(Rational::ratio(1'000'003, 7), 40);
  const auto found = solution({{{{{0, large}}, Rational(1)}}});
  REQUIRE(found.has_value());
  CHECK((*found)[0] == Rational(1) / large);
}

TEST_CASE("linear systems: parts that depend on others, in any order of unknowns", "[numeric]") {
  Numbers numbers;
  constexpr std::uint32_t n = 60, part = 7;
  LinearSystem system;
  system.rows.resize(n);
  const auto shuffled = [](std::uint32_t i) { return i * 23 % n; };  // 23 and 60 have no common divisor
  for (std::uint32_t i = 0; i < n; ++i) {
    auto& row = system.rows[shuffled(i)];
    row.entries.emplace_back(shuffled(i), Rational(50));
    for (std::uint32_t j = 0; j < i / part * part + part && j < n; j += 3)
      row.entries.emplace_back(shuffled(j), numbers.next());
    row.right = numbers.next();
  }
  const auto found = solution(system);
  REQUIRE(found.has_value());
  check_rows(system, *found);
  // One row of zeros is enough that there is no one solution.
  system.rows[shuffled(40)].entries.clear();
  CHECK_FALSE(solution(system).has_value());
}

TEST_CASE("linear systems: parts that are too large are refused, many small ones are not", "[numeric]") {
  LinearSystem chain, ring;
  for (LinearSystem* system : {&chain, &ring}) {
    for (std::uint32_t i = 0; i < 3001; ++i)
      system->rows.push_back(
          {{{i, Rational(2)}, {(i + 1) % 3001, Rational(i == 3000 && system == &chain ? 0 : -1)}}, 1});
  }
  const auto found = solution(chain);
  REQUIRE(found.has_value());
  CHECK((*found)[3000] == Rational::ratio(1, 2));
  CHECK((*found)[2999] == Rational::ratio(3, 4));
  CHECK_THROWS_WITH(solution(ring), Catch::Contains("3001 unknowns"));
}

TEST_CASE("linear systems: without one solution there is none", "[numeric]") {
  Numbers numbers;
  for (const std::uint32_t n : {2U, 30U}) {
    LinearSystem system = drawn(n, numbers);
    system.rows[1] = system.rows[0];
    CHECK_FALSE(solution(system).has_value());
    system.rows[1].right += Rational(1);
    CHECK_FALSE(solution(system).has_value());
  }
}
