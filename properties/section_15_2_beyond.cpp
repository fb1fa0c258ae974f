// Section 15.2 and what the field adds to it: rewards that are wrong as well, and optimal values.
#include "section_15_2.hpp"

namespace lemmacheck {
namespace {

using namespace section_15_2;

const std::vector<std::string> wrong_rewards = {"both rewards in [0, 1]", "same initial distribution",
                                                "stationary kernels", "stationary policy"};

/// max over (s, a) of |r - r'|.
template <class V>
auto reward_error(const V& x) {
  return max_over(x.states(), [&](State s) {
    return max_over(x.actions(),
                    [&](Action a) { return abs(x.reward(s, a) - x.reward(s, a, In::perturbed)); });
  });
}

/// H e_r + H (H - 1) / divisor * epsilon, in hundredths.
auto with_reward_error(std::int64_t rewards, std::uint64_t divisor) {
  return [=](const auto& x, auto& at) {
    at(x.return_gap(), x.ratio(rewards * x.horizon(), 100) * reward_error(x) +
                           x.ratio(2 * triangle(x.horizon() - 1), divisor) * x.l1());
  };
}

auto with_reward_error_sharp(std::int64_t hundredths) {
  return [=](const auto& x, auto& at) {
    const auto b = x.sharp_bound(x.horizon());
    at(x.return_gap(), x.ratio(hundredths, 100) * (reward_error(x) * (x.number(x.horizon()) - b) + b));
  };
}

auto optimal_values(std::int64_t hundredths) {
  return [=](const auto& x, auto& at) {
    at(abs(x.optimal_return(In::model) - x.optimal_return(In::perturbed)),
       x.ratio(hundredths, 100) * x.sharp_bound(x.horizon()));
  };
}

void add_beyond(Ledger& ledger) {
  ledger.add({
      .id = "sim.reward_error",
      .source = "Kearns & Singh (2002), lemma 4",
      .statement =
          R"(|J(\pi,M) - J(\pi,M')| \le H e_r + \tfrac{H(H-1)}{4}\,\epsilon,\quad e_r = \max_{s,a} |r - r'|)",
      .hypotheses = wrong_rewards,
      .domain = model_pairs({.own_rewards = true}),
      .formula = with_reward_error(100, 4),
      .note = "The reward error adds up over all H steps, the error of the kernel over H - 1.",
      .mutants = {{"H - 1 errors of rewards",
                   [](const auto& x, auto& at) {
                     at(x.return_gap(), x.number(x.horizon() - 1) * reward_error(x) +
                                            x.ratio(2 * triangle(x.horizon() - 1), 4) * x.l1());
                   }},
                  {"an eighth for a quarter", with_reward_error(100, 8)}},
  });

  ledger.add({
      .id = "sim.reward_error_sharp",
      .source = "lemma 1",
      .statement = R"(|J(\pi,M) - J(\pi,M')| \le e_r (H - B(\delta,H)) + B(\delta,H))",
      .hypotheses = wrong_rewards,
      .domain = model_pairs({.own_rewards = true}),
      .formula = with_reward_error_sharp(100),
      .note =
          "Coupled, the two runs differ by e_r a step while they are together, and by at most 1 after that.",
      .mutants = {{"lowered by one hundredth", with_reward_error_sharp(99)}},
  });

  ledger.add({
      .id = "sim.optimal_values",
      .source = "lemma 1",
      .statement = R"(|\max_\pi J(\pi,M) - \max_\pi J(\pi,M')| \le B(\delta,H))",
      .hypotheses = {"shared rewards in [0, 1]", "same initial distribution", "stationary kernels"},
      .domain = model_pairs(),
      .formula = optimal_values(100),
      .note = "The optimum is no more sensitive to the model than one policy is.",
      .mutants = {{"lowered by one hundredth", optimal_values(99)}},
  });
}

const Section section("15.2", add_beyond, 9);

}  // namespace
}  // namespace lemmacheck
