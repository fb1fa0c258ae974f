/// One value for everything that a lemma's text quantifies over.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "mdp/reward_table.hpp"
#include "mdp/stochastic_matrix.hpp"

namespace lemmacheck {

/// What kind of thing a given is, and over which sets (by their numbers in the signature).
struct PartShape {
  enum class Kind {
    number,
    integer,
    element,   ///< of from[0]
    function,  ///< from x ... -> numbers
    map,       ///< from[0] -> to[0]
    rows       ///< from x ... -> distributions over to x ...
  };
  std::string name;
  Kind kind = Kind::number;
  std::vector<std::size_t> from, to;
  bool family = false;  ///< one for each step 1..H
};

/// The sets and givens of a lemma, in the order of its text.
struct Signature {
  std::vector<std::string> sets;
  std::vector<bool> actions;  ///< which sets are actions of some MDP
  std::vector<PartShape> parts;
  std::optional<std::size_t> horizon;   ///< the part that is H, the number of steps of families
  std::optional<std::size_t> discount;  ///< the part that is the discount of the first MDP that has one
};

/// A function has a table of from[0] x ... rows and from.back() columns, a family those of step 1, then of
/// step 2, ...; rows are one matrix, again step after step.
using PartValue =
    std::variant<Rational, std::uint32_t, RewardTable, std::vector<std::uint32_t>, StochasticMatrix>;

/// Tells what a draw has put into an assignment from all else that was ever drawn, so that what is computed of
/// it may be kept until it changes. Copies have none, nor has what is returned by value: who edits them has
/// nothing to think of.
class DrawMark {
 public:
  DrawMark() = default;
  DrawMark(const DrawMark&) noexcept {}
  DrawMark& operator=(const DrawMark&) noexcept {
    clear();
    return *this;
  }
  /// Another one than any assignment has had.
  void renew();
  void clear() { number_ = 0; }
  std::uint64_t number() const { return number_; }  ///< 0: none

 private:
  std::uint64_t number_ = 0;
};

struct Assignment {
  std::shared_ptr<const Signature> signature;
  std::vector<std::uint32_t> sizes;  ///< of each set
  std::vector<PartValue> values;     ///< of each part
  DrawMark mark{};                   ///< of one that is drawn, and not edited since

  std::size_t size_of_product(const std::vector<std::size_t>& sets) const {
    std::size_t product = 1;
    for (const std::size_t set : sets) product *= sizes[set];
    return product;
  }
  /// H, or 1 where there is none.
  std::size_t steps() const;
  std::size_t steps_of(const PartShape& shape) const { return shape.family ? steps() : 1; }

  /// Of equal values, for the same lemma.
  bool has_values_of(const Assignment& other) const { return sizes == other.sizes && values == other.values; }

  const Rational& number(std::size_t part) const { return std::get<Rational>(values[part]); }
  const RewardTable& table(std::size_t part) const { return std::get<RewardTable>(values[part]); }
  const StochasticMatrix& rows(std::size_t part) const { return std::get<StochasticMatrix>(values[part]); }
};

/// A natural number given as a fraction.
std::int64_t integer_of(const Rational& value);

/// A table of a function's values: `size` numbers, the last set's elements side by side.
RewardTable function_table(std::size_t size, std::uint32_t last, std::vector<Rational> values);

}  // namespace lemmacheck
