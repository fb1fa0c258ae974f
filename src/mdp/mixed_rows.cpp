#include "mdp/mixed_rows.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint64_t limit = StochasticMatrix::max_denominator;

bool fits(std::uint64_t a, std::uint64_t b) {
  return a < limit / b;
}

bool pays(const StationaryProcess& process, Step horizon) {
  constexpr Step shortest = 3;
  constexpr std::uint32_t most_states = 64;
  return horizon >= shortest && process.states <= most_states &&
         process.choice.entries() != process.choice.rows();
}

}  // namespace

std::optional<MixedRows> mixed_rows(const StationaryProcess& process, Step horizon) {
  const auto& [kernel, rewards, choice, states, actions] = process;
  if (!pays(process, horizon) || !kernel.has_words() || !choice.has_words() || !rewards.has_words())
    return std::nullopt;
  if (!fits(kernel.denominator(), choice.denominator()) ||
      !fits(rewards.denominator(), choice.denominator()) ||
      !fits(rewards.largest_word() + 1, choice.denominator()))
    return std::nullopt;
  // Whole numbers below 2^53 in doubles: exact in any rounding mode.
  std::vector<double> mixed(std::size_t{states} * states);
  MixedRows result{{},
                   std::vector<std::uint64_t>(states),
                   kernel.denominator() * choice.denominator(),
                   rewards.denominator() * choice.denominator()};
  for (std::uint32_t s = 0; s < states; ++s)
    for (std::size_t c = choice.row_begin(s); c != choice.row_end(s); ++c) {
      const std::uint32_t a = choice.column(c);
      const double weight = choice.count(c).exact_double();
      result.rewards[s] += choice.word(c) * rewards.word(State{s}, Action{a});
      const std::size_t row = std::size_t{s} * actions + a;
      for (std::size_t e = kernel.row_begin(row); e != kernel.row_end(row); ++e)
        mixed[std::size_t{s} * states + kernel.column(e)] += weight * kernel.count(e).exact_double();
    }
  result.transitions.reserve(mixed.size());
  for (const double count : mixed) result.transitions.emplace_back(static_cast<std::uint64_t>(count));
  return result;
}

}  // namespace lemmacheck
