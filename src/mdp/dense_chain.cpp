#include "mdp/dense_chain.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint64_t limit = StochasticMatrix::max_denominator;

bool fits(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  return !__builtin_mul_overflow(a, b, &product) && product < limit;
}

bool pays(const StationaryProcess& process, Step horizon) {
  constexpr Step shortest = 3;
  constexpr std::uint32_t most_states = 64, few_states = 8;
  if (horizon < shortest || process.states > most_states) return false;
  const bool mixes = process.choice.entries() != process.choice.rows();
  const std::size_t pairs = process.kernel.rows() * process.states;
  return mixes || process.states <= few_states || 4 * process.kernel.entries() >= pairs;
}

}  // namespace

std::optional<DenseChain> dense_chain(const StationaryProcess& process, Step horizon, std::uint32_t more) {
  const auto& [kernel, rewards, choice, states, actions] = process;
  if (!pays(process, horizon) || !kernel.has_words() || !choice.has_words() || !rewards.has_words())
    return std::nullopt;
  if (!fits(kernel.denominator(), choice.denominator()) ||
      !fits(rewards.denominator(), choice.denominator()) ||
      !fits(rewards.largest_word() + 1, choice.denominator()))
    return std::nullopt;
  const std::size_t stride = (std::size_t{states} + more + 3) / 4 * 4;
  DenseChain chain{states, stride, Scratch<double>((std::size_t{states} + 1) * stride),
                   kernel.denominator() * choice.denominator(), rewards.denominator() * choice.denominator()};
  for (std::uint32_t s = 0; s < states; ++s)
    for (std::size_t c = choice.row_begin(s); c != choice.row_end(s); ++c) {
      const std::uint32_t a = choice.column(c);
      const double weight = choice.count(c).exact_double();
      chain.rewards()[s] += weight * Count(rewards.word(State{s}, Action{a})).exact_double();
      const std::size_t row = std::size_t{s} * actions + a, first = kernel.row_begin(row);
      const std::span<const std::uint32_t> next = kernel.row_columns(row);
      const Count* const counts = kernel.counts() + first;
      double* const numbers = chain.columns.data() + s;
      for (std::size_t e = 0; e < next.size(); ++e)
        numbers[next[e] * stride] += weight * counts[e].exact_double();
    }
  return chain;
}

}  // namespace lemmacheck
