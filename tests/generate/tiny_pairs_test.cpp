#include "generate/tiny_pairs.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "generate/instance_file.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

bool any(const Instance&) {
  return true;
}

std::uint64_t count(const TinySizes& sizes) {
  return every_tiny_pair(sizes, any).cases;
}

Instance listed(const Domain& domain, std::uint64_t i) {
  const std::uint32_t choice[] = {static_cast<std::uint32_t>(i)};
  ChoiceSource source{std::span(choice)};
  return domain.decode(source, Setting{});
}

/// An instance of three states with the names of states 1 and 2 changed, as text.
std::string swapped(const Instance& instance) {
  const auto renamed = [](std::uint32_t s) { return s == 0 ? s : 3 - s; };
  const auto model = [&](const FiniteMdp& mdp) {
    StochasticMatrix::Rows rows(mdp.kernel(1).rows());
    std::vector<Rational> rewards(rows.size());
    for (const State s : mdp.states())
      for (const Action a : mdp.actions()) {
        const std::size_t to = renamed(s.value) * mdp.action_count() + a.value;
        for (std::uint32_t t = 0; t < 3; ++t)
          if (const Rational p = mdp.kernel(1).probability(mdp.row(s, a), renamed(t)); p.sign() != 0)
            rows[to].push_back({t, p});
        rewards[to] = mdp.rewards()(s, a);
      }
    return FiniteMdp(mdp.initial(),
                     {StochasticMatrix(3, rows, [](std::size_t) { return std::string("row"); })},
                     RewardTable(3, mdp.action_count(), std::move(rewards)), 3, mdp.action_count());
  };
  Instance other = instance;
  other.model = model(*instance.model);
  other.perturbed = model(*instance.perturbed);
  return instance_to_json(other).dump();
}

}  // namespace

TEST_CASE("tiny pairs: counts by Burnside's lemma", "[generate]") {
  // One state: rows are fixed; rewards of the policy's action and, for two actions, of the other.
  CHECK(count({1, 1, 1, 3}) == 2 * 3);
  CHECK(count({1, 2, 1, 3}) == 4 * 3);
  // Three actions: the names of the two that the policy leaves change; (8 + 4) / 2 rewards.
  CHECK(count({1, 3, 1, 1}) == 6);
  // Two states have no names to change: 3 rows of grid 2, to the 4; 4 rewards; 2 horizons.
  CHECK(count({2, 1, 2, 2}) == 81 * 4 * 2);
  CHECK(count({2, 2, 1, 1}) == 256 * 16);
  // A second policy: each of two actions in two states.
  CHECK(count({2, 2, 1, 1, true}) == 256 * 16 * 4);
  // Three states, deterministic: 27 * 27 * 8 = 5832 pairs; a swap of 1 and 2 fixes those with rows
  // T(0) = 0, T(1) = swap of T(2), twice, and r(1) = r(2): (1 * 3)^2 * 4 = 36.
  CHECK(count({3, 1, 1, 1}) == (5832 + 36) / 2);
}

TEST_CASE("tiny pairs: one of each orbit", "[generate]") {
  const Domain domain = every_tiny_pair({3, 1, 1, 1}, any);
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < domain.cases; ++i) seen.insert(instance_to_json(listed(domain, i)).dump());
  CHECK(seen.size() == domain.cases);
  std::uint64_t fixed = 0;
  for (std::uint64_t i = 0; i < domain.cases; ++i) {
    const Instance instance = listed(domain, i);
    const bool same = swapped(instance) == instance_to_json(instance).dump();
    fixed += same ? 1 : 0;
    CHECK((same || seen.count(swapped(instance)) == 0));
  }
  CHECK(fixed == 36);
}

TEST_CASE("tiny pairs: only what belongs is listed, and too many are refused", "[generate]") {
  const auto long_horizon = [](const Instance& instance) { return instance.horizon == 2; };
  const Domain domain = every_tiny_pair({2, 1, 1, 2}, long_horizon);
  CHECK(domain.cases == 16 * 4);
  for (std::uint64_t i = 0; i < domain.cases; ++i) CHECK(listed(domain, i).horizon == 2);
  CHECK_THROWS_AS(every_tiny_pair({4, 2, 4, 3}, any), InvalidInput);
}
