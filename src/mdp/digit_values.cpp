#include "mdp/digit_values.hpp"

#include <gmp.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "mdp/column_sums.hpp"
#include "numeric/rounding.hpp"

namespace lemmacheck {
namespace {

using detail::Quad;

/// What a digit leaves of a double's 53 bits: a sign, and two bits for what is carried and for the rounding.
constexpr int bits_of_a_sum = 50;
/// A digit of 10 bits still beats limbs by three; with fewer, numbers of 2^40 and more, limbs take over.
constexpr int fewest_bits = 10;

/// The limbs of |sum_s weights[s] (U(s) - U'(s))|, with U and U' in digits to the base 2^bits.
class DigitSum {
 public:
  /// @param more, less  the digits of U and U', lowest first, `stride` numbers each.
  DigitSum(std::span<const std::uint64_t> weights, std::size_t stride, int bits, std::span<const double> more,
           std::span<const double> less)
      : bits_(bits) {
    Signed carry = 0;
    for (std::size_t k = 0; k < std::max(more.size(), less.size()); k += stride) {
      if (k < more.size()) carry += weighted(weights, &more[k]);
      if (k < less.size()) carry -= weighted(weights, &less[k]);
      carry = kept(carry);
    }
    while (carry != 0 && carry != -1) carry = kept(carry);
    negative_ = carry < 0;
    if (negative_) complement();
    write();
  }
  bool negative() const { return negative_; }
  std::span<const std::uint64_t> limbs() const { return *limbs_; }

 private:
  __extension__ using Signed = __int128;
  __extension__ using Unsigned = unsigned __int128;

  static Signed weighted(std::span<const std::uint64_t> weights, const double* digits) {
    Signed sum = 0;
    for (std::size_t s = 0; s < weights.size(); ++s)
      sum += Signed{static_cast<std::int64_t>(digits[s])} * static_cast<std::int64_t>(weights[s]);
    return sum;
  }
  std::uint64_t mask() const { return (std::uint64_t{1} << static_cast<unsigned>(bits_)) - 1; }
  /// Keeps the lowest digit. @return what is above it.
  Signed kept(Signed number) {
    digits_->push_back(static_cast<std::uint64_t>(number) & mask());
    return number >> bits_;
  }
  /// From the digits of n, with a sign above the highest, to those of -n.
  void complement() {
    std::uint64_t carry = 1;
    for (std::uint64_t& digit : *digits_) {
      digit = mask() - digit + carry;
      carry = digit >> static_cast<unsigned>(bits_);
      digit &= mask();
    }
    if (carry != 0) digits_->push_back(carry);
  }
  void write() {
    Unsigned number = 0;
    int filled = 0;
    for (const std::uint64_t digit : *digits_) {
      number |= Unsigned{digit} << static_cast<unsigned>(filled);
      filled += bits_;
      if (filled < 64) continue;
      limbs_->push_back(static_cast<std::uint64_t>(number));
      number >>= 64U;
      filled -= 64;
    }
    limbs_->push_back(static_cast<std::uint64_t>(number));
  }

  int bits_;
  bool negative_ = false;
  Scratch<std::uint64_t> digits_, limbs_;
};

/// About how many digits all steps have.
double digits_of_all(const DenseChain& chain, int bits, Step horizon) {
  const double mean = std::log2(static_cast<double>(chain.denominator)) * horizon / bits / 2 + 2;
  return mean * horizon * (chain.states + 4);
}

class Product {
 public:
  Product(std::uint64_t base, std::uint64_t exponent) {
    mpz_init(number_);
    mpz_ui_pow_ui(number_, base, exponent);
  }
  ~Product() { mpz_clear(number_); }
  Product(const Product&) = delete;
  Product& operator=(const Product&) = delete;
  Product& operator*=(std::uint64_t factor) {
    mpz_mul_ui(number_, number_, factor);
    return *this;
  }
  std::span<const std::uint64_t> limbs() const {
    return {reinterpret_cast<const std::uint64_t*>(mpz_limbs_read(number_)), mpz_size(number_)};
  }

 private:
  mpz_t number_;
};

}  // namespace

std::optional<DigitValues> DigitValues::of(const StationaryProcess& process, Step horizon, Keeps keeps) {
  std::optional<DenseChain> chain = dense_chain(process, horizon, 1);
  if (!chain) return std::nullopt;
  const double largest = *std::max_element(chain->rewards(), chain->rewards() + chain->states);
  const auto row_sum = static_cast<std::uint64_t>(largest) + chain->denominator;
  const int bits = bits_of_a_sum - static_cast<int>(std::bit_width(row_sum));
  if (bits < fewest_bits) return std::nullopt;
  // The table that keeps all steps refuses what does not fit, by its own measure.
  constexpr double most = 1 << 28;
  if (keeps == Keeps::all && digits_of_all(*chain, bits, horizon) > most) return std::nullopt;
  return DigitValues(*std::move(chain), bits, process.rewards.offset(), horizon, keeps);
}

DigitValues::DigitValues(DenseChain chain, int bits, const Rational& offset, Step horizon, Keeps keeps)
    : states_(chain.states),
      stride_(chain.stride),
      bits_(bits),
      horizon_(horizon),
      keeps_(keeps),
      denominator_(chain.denominator),
      reward_denominator_(chain.reward_denominator),
      offset_(offset) {
  // W is one more state's value: its column is R, and D for itself.
  const std::vector<double>& columns = *chain.columns;
  chain.rewards()[states_] = static_cast<double>(denominator_);
  const RoundToNearest nearest;  // in another mode the highest carry would never be 0
  if (keeps == Keeps::all) {
    digits_->reserve(static_cast<std::size_t>(digits_of_all(chain, bits, horizon)));
    starts_->reserve(static_cast<std::size_t>(horizon) + 2);
  }
  *starts_ = {0, stride_};
  digits_->assign(stride_, 0.0);
  digits_[states_] = 1.0;
  Scratch<double> spare;
  for (Step h = horizon; h >= 1; --h) {
    if (keeps_ == Keeps::all) {
      const std::size_t to = starts_->back();
      starts_->push_back(to + step(columns, *digits_, starts_[starts_->size() - 2], to, *digits_, to));
      digits_->resize(starts_->back());
    } else {
      starts_->back() = step(columns, *digits_, 0, starts_->back(), *spare, 0);
      digits_->swap(*spare);
    }
  }
}

namespace {

/// The digits `out` of a step from those of the step after it, `rows` of them, and `more` for what is carried
/// out of the last; false if that is not enough.
LEMMACHECK_WIDE bool step_digits(const double* columns, std::size_t stride, std::size_t count,
                                 const double* digits, std::size_t rows, std::size_t more, int bits,
                                 double* out) {
  const auto base = static_cast<double>(std::uint64_t{1} << static_cast<unsigned>(bits));
  const double magic = 0x1.8p52 * base, down = 1.0 / base;
  bool enough = true;
  const auto block = [&]<std::size_t Quads>(std::size_t first) __attribute__((always_inline)) {
    Quad carry[Quads], sums[Quads];
    for (std::size_t i = 0; i < Quads; ++i) carry[i] = sums[i] = Quad{0.0, 0.0, 0.0, 0.0};
    for (std::size_t k = 0; k < rows + more; ++k) {
      // Carries come last, so that the sums of several digits are on their way at once.
      if (k < rows) detail::sum_columns<Quads>(sums, columns + first, stride, digits + k * stride, count);
      for (std::size_t i = 0; i < Quads; ++i) {
        const Quad sum = k < rows ? sums[i] + carry[i] : carry[i];
        const Quad above = (sum + magic) - magic, digit = sum - above;
        std::memcpy(out + k * stride + first + detail::quad * i, &digit, sizeof digit);
        carry[i] = above * down;
      }
    }
    Quad left = carry[0] * carry[0];
    for (std::size_t i = 1; i < Quads; ++i) left += carry[i] * carry[i];
    enough = enough && left[0] + left[1] + left[2] + left[3] == 0.0;
  };
  detail::for_each_block(stride, block);
  return enough;
}

}  // namespace

std::size_t DigitValues::step(const std::vector<double>& columns, const std::vector<double>& next,
                              std::size_t first, std::size_t last, std::vector<double>& out,
                              std::size_t to) const {
  const std::size_t rows = (last - first) / stride_;
  // What is carried out of the last digit is less than 2^(51 - b).
  const auto more = static_cast<std::size_t>((bits_of_a_sum + 1 - bits_) / (bits_ - 1) + 1);
  std::size_t size = (rows + more) * stride_;
  if (out.size() < to + size) out.resize(to + size);
  LEMMACHECK_INVARIANT(step_digits(columns.data(), stride_, std::size_t{states_} + 1, &next[first], rows,
                                   more, bits_, &out[to]));
  const auto last_is_zero = [&] {  // all are looked at, several at once
    const double* const last = &out[to + size - stride_];
    bool zero = true;
    for (std::size_t i = 0; i < stride_; ++i) zero &= last[i] == 0.0;
    return zero;
  };
  while (size > stride_ && last_is_zero()) size -= stride_;
  return size;
}

std::span<const double> DigitValues::digits(Step h) const {
  const std::size_t i = keeps_ == Keeps::all ? static_cast<std::size_t>(horizon_ + 1 - h) : 0;
  return std::span(*digits_).subspan(starts_[i], starts_[i + 1] - starts_[i]);
}

bool DigitValues::is_like(const DigitValues& other) const {
  return states_ == other.states_ && bits_ == other.bits_ && horizon_ == other.horizon_ &&
         denominator_ == other.denominator_ && reward_denominator_ == other.reward_denominator_ &&
         offset_ == other.offset_;
}

Rational DigitValues::combined(Step h, std::span<const std::uint64_t> weights, std::uint64_t divisor,
                               const DigitValues* less) const {
  DigitSum sum(weights, stride_, bits_, digits(h),
               less != nullptr ? less->digits(h) : std::span<const double>());
  LEMMACHECK_INVARIANT(less != nullptr || !sum.negative());
  Product denominator(denominator_, static_cast<std::uint64_t>(horizon_ - h));
  denominator *= reward_denominator_;
  denominator *= divisor;
  const std::uint64_t factors[] = {denominator_, reward_denominator_, divisor};
  Rational result = Rational::from_limbs(sum.limbs(), denominator.limbs(), factors);
  return sum.negative() ? -std::move(result) : result;
}

Rational DigitValues::offset_from(Step h) const {
  return offset_.sign() == 0 ? Rational(0) : offset_ * Rational(horizon_ + 1 - h);
}

Rational DigitValues::operator()(Step h, State s) const {
  if (h > horizon_) return Rational(0);
  Scratch<std::uint64_t> weights(s.value + std::size_t{1});
  weights->back() = 1;
  return combined(h, *weights, 1) + offset_from(h);
}

namespace {

/// One row's numbers at the places of all states.
Scratch<std::uint64_t> dense_row(const StochasticMatrix& row, std::size_t states) {
  Scratch<std::uint64_t> weights(states);
  for (std::size_t e = row.row_begin(0); e != row.row_end(0); ++e) weights[row.column(e)] = row.word(e);
  return weights;
}

}  // namespace

Rational DigitValues::expected_first(const StochasticMatrix& start) const {
  return combined(1, *dense_row(start, states_), start.denominator()) + offset_from(1);
}

std::optional<Rational> DigitValues::expected_first_gap(const StochasticMatrix& start,
                                                        const DigitValues& other) const {
  if (!is_like(other)) return std::nullopt;
  return combined(1, *dense_row(start, states_), start.denominator(), &other);
}

}  // namespace lemmacheck
