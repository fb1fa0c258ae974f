#include "mdp/reward_table.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "mdp/stochastic_matrix.hpp"
#include "numeric/residue_interval.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint64_t word_limit = StochasticMatrix::max_denominator;

struct Words {
  std::vector<std::uint64_t> counts;
  std::uint64_t denominator;
};

std::optional<Words> as_words(const std::vector<Rational>& rewards, const Rational& minimum) {
  std::uint64_t lcm = 1;
  const bool plain = minimum.sign() == 0;
  for (const Rational& reward : rewards) {
    const auto denominator = plain ? reward.denominator_word() : (reward - minimum).denominator_word();
    if (!denominator || *denominator >= word_limit) return std::nullopt;
    const std::uint64_t factor = *denominator / std::gcd(lcm, *denominator);
    if (factor > word_limit / lcm) return std::nullopt;
    lcm *= factor;
  }
  Words words{{}, lcm};
  words.counts.reserve(rewards.size());
  for (const Rational& reward : rewards) {
    const auto count = plain ? reward.scaled_to_word(lcm) : (reward - minimum).scaled_to_word(lcm);
    if (!count || *count >= word_limit) return std::nullopt;
    words.counts.push_back(*count);
  }
  if (lcm >= word_limit) return std::nullopt;
  return words;
}

}  // namespace

RewardTable::RewardTable(std::uint32_t states, std::uint32_t actions, std::vector<Rational> rewards)
    : actions_(actions) {
  if (rewards.size() != std::size_t{states} * actions || rewards.empty())
    throw InvalidInput("expected one reward for each of " + std::to_string(states) + " x " +
                       std::to_string(actions) + " states and actions, got " +
                       std::to_string(rewards.size()));
  // Non-negative rewards need no offset, and then scaled values stay what a person expects.
  if (std::ranges::any_of(rewards, [](const Rational& reward) { return reward.sign() < 0; }))
    offset_ = *std::min_element(rewards.begin(), rewards.end());
  shifted_ = offset_.sign() != 0;
  if (auto words = as_words(rewards, offset_)) {
    words_ = std::move(words->counts);
    denominator_ = words->denominator;
    return;
  }
  denominator_ = 0;
  offset_ = 0;
  shifted_ = false;
  rewards_ = std::move(rewards);
}

RewardTable::RewardTable(std::uint32_t states, std::uint32_t actions, std::vector<std::uint64_t> counts,
                         std::uint64_t denominator, Rational minimum)
    : actions_(actions), words_(std::move(counts)), denominator_(denominator), offset_(std::move(minimum)) {
  shifted_ = offset_.sign() != 0;
  LEMMACHECK_INVARIANT(words_.size() == std::size_t{states} * actions && !words_.empty());
  LEMMACHECK_INVARIANT(denominator > 0 && denominator < word_limit && largest_word() < word_limit);
}

Rational RewardTable::at(std::size_t i) const {
  if (!has_words()) return rewards_[i];
  return Rational(words_[i]) / Rational(denominator_) + offset_;
}

Rational RewardTable::operator()(State s, Action a) const {
  return at(index(s, a));
}

template <class N>
std::vector<N> RewardTable::as() const {
  std::vector<N> result;
  result.reserve(size());
  const auto states = static_cast<std::uint32_t>(size() / actions_);
  for (const State s : IndexRange<State>(states))
    for (const Action a : IndexRange<Action>(actions_)) result.push_back(get<N>(s, a));
  return result;
}
template std::vector<Rational> RewardTable::as<Rational>() const;
template std::vector<Interval> RewardTable::as<Interval>() const;
template std::vector<ResidueInterval> RewardTable::as<ResidueInterval>() const;

std::uint64_t RewardTable::largest_word() const {
  return *std::max_element(words_.begin(), words_.end());
}

Rational RewardTable::lowest() const {
  if (has_words())
    return Rational(*std::min_element(words_.begin(), words_.end())) / Rational(denominator_) + offset_;
  return *std::min_element(rewards_.begin(), rewards_.end());
}

Rational RewardTable::highest() const {
  if (has_words()) return Rational(largest_word()) / Rational(denominator_) + offset_;
  return *std::max_element(rewards_.begin(), rewards_.end());
}

bool operator==(const RewardTable& a, const RewardTable& b) {
  if (a.actions_ != b.actions_ || a.size() != b.size()) return false;
  if (a.denominator_ == b.denominator_ && a.has_words() && a.offset_ == b.offset_)
    return a.words_ == b.words_;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a.at(i) != b.at(i)) return false;
  return true;
}

}  // namespace lemmacheck
