#include "mdp/policy_agreement.hpp"

#include <algorithm>
#include <array>

namespace lemmacheck {
namespace {

constexpr std::uint32_t most_states = 64;

bool same_row(const StochasticMatrix& a, const StochasticMatrix& b, std::size_t row) {
  __extension__ using Wide = unsigned __int128;
  if (!std::ranges::equal(a.row_columns(row), b.row_columns(row))) return false;
  const std::size_t first = a.row_begin(row), other = b.row_begin(row), size = a.row_end(row) - first;
  for (std::size_t i = 0; i < size; ++i)
    if (Wide{a.word(first + i)} * b.denominator() != Wide{b.word(other + i)} * a.denominator()) return false;
  return true;
}

}  // namespace

std::vector<std::uint64_t> differing_states(const StationaryProcess& process, const StochasticMatrix& other,
                                            std::size_t horizon, std::vector<std::uint64_t> storage) {
  const StochasticMatrix &kernel = process.kernel, &choice = process.choice;
  std::vector<std::uint64_t> sets = std::move(storage);
  sets.clear();
  if (process.states > most_states || !kernel.has_words() || !other.has_words()) return sets;
  std::array<std::uint64_t, most_states> next;  // states that the policy may go to
  std::uint64_t changed = 0;
  for (std::uint32_t s = 0; s < process.states; ++s) {
    next[s] = 0;
    for (const std::uint32_t a : choice.row_columns(s)) {
      const std::size_t row = std::size_t{s} * process.actions + a;
      if (!same_row(kernel, other, row)) changed |= std::uint64_t{1} << s;
      for (const std::uint32_t t : kernel.row_columns(row)) next[s] |= std::uint64_t{1} << t;
    }
  }
  sets.push_back(0);
  while (sets.size() < horizon) {
    std::uint64_t differing = changed;
    for (std::uint32_t s = 0; s < process.states; ++s)
      if ((next[s] & sets.back()) != 0) differing |= std::uint64_t{1} << s;
    if (differing == sets.back()) break;
    sets.push_back(differing);
  }
  return sets;
}

}  // namespace lemmacheck
