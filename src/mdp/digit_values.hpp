/// Exact values of a dense chain, in digits that are doubles.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "mdp/dense_chain.hpp"

namespace lemmacheck {

/// V_h(s) = U_h(s) / (D^{H-h} D_r) + offset (H - h + 1), with the natural numbers of a dense chain:
///     U_{H+1} = 0, W_{H+1} = 1,  U_h(s) = R(s) W_{h+1} + sum_t N(t|s) U_{h+1}(t),  W_h = D W_{h+1}.
///
/// U and W are written to the base 2^b, with digits between -2^b and 2^b. Digit by digit a step is a sum of
/// the chain's columns, exact in doubles, since D 2^b stays below 2^51; what exceeds a digit is carried to
/// the next by adding and subtracting 1.5 2^(52+b), in any rounding mode. So a product of 40 bits costs what
/// one of doubles does.
class DigitValues {
 public:
  /// Which steps' digits are kept: all, or those of step 1.
  enum class Keeps { all, first };
  /// Nothing where the chain's numbers leave a digit less than 10 bits.
  static std::optional<DigitValues> of(const StationaryProcess& process, Step horizon, Keeps keeps);

  /// V_h(s) in lowest terms; h = 1 where nothing else is kept.
  Rational operator()(Step h, State s) const;
  /// E_{s ~ start} V_1(s), put in lowest terms once; `start` is one row and needs words.
  Rational expected_first(const StochasticMatrix& start) const;
  /// E_{s ~ start} [V_1(s) - V'_1(s)] with another table's V', put in lowest terms once; nothing where the
  /// two have not the same denominators, digits, offset and horizon.
  std::optional<Rational> expected_first_gap(const StochasticMatrix& start, const DigitValues& other) const;

 private:
  /// The chain has a row left free, which becomes W's.
  DigitValues(DenseChain chain, int bits, const Rational& offset, Step horizon, Keeps keeps);
  /// Writes a step's digits to `out` from `to` on, from those of the step after it, next[first..last), which
  /// may be the same vector; `columns` are those of U and W. @return how many.
  std::size_t step(const std::vector<double>& columns, const std::vector<double>& next, std::size_t first,
                   std::size_t last, std::vector<double>& out, std::size_t to) const;
  std::span<const double> digits(Step h) const;
  bool is_like(const DigitValues& other) const;
  /// sum_s weights[s] U_h(s) / (D^{H-h} D_r divisor), less the same of another table that is like this one.
  Rational combined(Step h, std::span<const std::uint64_t> weights, std::uint64_t divisor,
                    const DigitValues* less = nullptr) const;
  Rational offset_from(Step h) const;  ///< offset (H - h + 1)

  std::uint32_t states_;
  std::size_t stride_;  ///< U of S states and W, made a multiple of 4
  int bits_;            ///< b
  Step horizon_;
  Keeps keeps_;
  std::uint64_t denominator_, reward_denominator_;
  Rational offset_;
  Scratch<double> digits_;       ///< a step's lowest digits first, stride numbers each
  Scratch<std::size_t> starts_;  ///< of steps H + 1, H, ..., and the end
};

}  // namespace lemmacheck
