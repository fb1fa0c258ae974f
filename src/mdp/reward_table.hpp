/// The expected reward r(s, a) of every state and action, exactly.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mdp/indices.hpp"
#include "numeric/interval.hpp"
#include "numeric/rational.hpp"

namespace lemmacheck {

/// S x A rewards, any rationals. Kept as `minimum + n(s, a) / D` with natural numbers n where they fit,
/// so that scaled values are natural numbers as well.
class RewardTable {
 public:
  RewardTable() = default;
  /// @param rewards S x A, row by row. @throws InvalidInput if the size is not S A.
  RewardTable(std::uint32_t states, std::uint32_t actions, std::vector<Rational> rewards);
  /// Rewards `minimum + counts[s A + a] / denominator`; all below 2^53.
  RewardTable(std::uint32_t states, std::uint32_t actions, std::vector<std::uint64_t> counts,
              std::uint64_t denominator, Rational minimum = 0);

  Rational operator()(State s, Action a) const;
  /// r(s, a) in the number type N.
  template <class N>
  N get(State s, Action a) const {
    if (!has_words()) return N::from(rewards_[index(s, a)]);
    N reward = N::ratio(static_cast<std::int64_t>(words_[index(s, a)]), denominator_);
    if (shifted_) reward += N::from(offset_);
    return reward;
  }
  /// All rewards in the number type N, S x A.
  template <class N>
  std::vector<N> as() const;

  /// S A.
  std::size_t size() const { return has_words() ? words_.size() : rewards_.size(); }
  Rational lowest() const;
  Rational highest() const;
  /// highest - lowest, the factor by which every bound of the notes scales.
  Rational span() const { return highest() - lowest(); }

  bool has_words() const { return denominator_ != 0; }
  std::uint64_t denominator() const { return denominator_; }
  std::uint64_t word(State s, Action a) const { return words_[index(s, a)]; }
  std::uint64_t largest_word() const;
  /// What is added to word / denominator; 0 for most models.
  const Rational& offset() const { return offset_; }

  /// The storage of its words, for the next table.
  std::vector<std::uint64_t> release() && { return std::move(words_); }

  friend bool operator==(const RewardTable& a, const RewardTable& b);

 private:
  std::size_t index(State s, Action a) const { return std::size_t{s.value} * actions_ + a.value; }
  Rational at(std::size_t i) const;

  std::uint32_t actions_ = 0;
  std::vector<std::uint64_t> words_;
  std::vector<Rational> rewards_;
  std::uint64_t denominator_ = 1;
  Rational offset_;
  bool shifted_ = false;  // offset_ is not 0
};

}  // namespace lemmacheck
