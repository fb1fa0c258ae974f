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

/// Bits from the lowest on, collected into limbs.
class LimbWriter {
 public:
  void write(std::uint64_t digit, int bits) {
    kept_ |= Wide{digit} << filled_;
    filled_ += bits;
    if (filled_ < 64) return;
    limbs_->push_back(static_cast<std::uint64_t>(kept_));
    kept_ >>= 64U;
    filled_ -= 64;
  }
  std::span<const std::uint64_t> limbs() {
    limbs_->push_back(static_cast<std::uint64_t>(kept_));
    return *limbs_;
  }

 private:
  __extension__ using Wide = unsigned __int128;
  Wide kept_ = 0;
  int filled_ = 0;
  Scratch<std::uint64_t> limbs_;
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
  const std::optional<DenseChain> chain = dense_chain(process, horizon);
  if (!chain) return std::nullopt;
  const double largest = *std::ranges::max_element(*chain->rewards);
  const auto row_sum = static_cast<std::uint64_t>(largest) + chain->denominator;
  const int bits = bits_of_a_sum - static_cast<int>(std::bit_width(row_sum));
  if (bits < fewest_bits) return std::nullopt;
  // The table that keeps all steps refuses what does not fit, by its own measure.
  constexpr double most = 1 << 28;
  if (keeps == Keeps::all && digits_of_all(*chain, bits, horizon) > most) return std::nullopt;
  return DigitValues(*chain, bits, process.rewards.offset(), horizon, keeps);
}

DigitValues::DigitValues(const DenseChain& chain, int bits, const Rational& offset, Step horizon, Keeps keeps)
    : states_(chain.states),
      stride_((std::size_t{chain.states} + 4) / 4 * 4),
      bits_(bits),
      horizon_(horizon),
      keeps_(keeps),
      denominator_(chain.denominator),
      reward_denominator_(chain.reward_denominator),
      offset_(offset) {
  // W is one more state's value: its column is R, and D for itself.
  Scratch<double> columns((std::size_t{states_} + 1) * stride_);
  for (std::uint32_t t = 0; t < states_; ++t)
    std::copy_n(&chain.columns[t * chain.stride], states_, &columns[t * stride_]);
  std::copy_n(chain.rewards.data(), states_, &columns[states_ * stride_]);
  columns[states_ * stride_ + states_] = static_cast<double>(denominator_);
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
      starts_->push_back(to + step(*columns, *digits_, starts_[starts_->size() - 2], to, *digits_, to));
      digits_->resize(starts_->back());
    } else {
      starts_->back() = step(*columns, *digits_, 0, starts_->back(), *spare, 0);
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
  const auto last_is_zero = [&] {
    return std::all_of(&out[to + size - stride_], &out[to] + size, [](double digit) { return digit == 0.0; });
  };
  while (size > stride_ && last_is_zero()) size -= stride_;
  return size;
}

std::span<const double> DigitValues::digits(Step h) const {
  const std::size_t i = keeps_ == Keeps::all ? static_cast<std::size_t>(horizon_ + 1 - h) : 0;
  return std::span(*digits_).subspan(starts_[i], starts_[i + 1] - starts_[i]);
}

Rational DigitValues::combined(Step h, std::span<const std::uint64_t> weights, std::uint64_t divisor) const {
  __extension__ using Wide = __int128;
  const std::span<const double> all = digits(h);
  const Wide mask = (Wide{1} << bits_) - 1;
  Wide carry = 0;
  LimbWriter numerator;
  for (std::size_t k = 0; k < all.size(); k += stride_) {
    for (std::size_t s = 0; s < weights.size(); ++s)
      carry += Wide{static_cast<std::int64_t>(all[k + s])} * static_cast<std::int64_t>(weights[s]);
    numerator.write(static_cast<std::uint64_t>(carry & mask), bits_);
    carry >>= bits_;
  }
  LEMMACHECK_INVARIANT(carry >= 0);
  for (; carry != 0; carry >>= bits_) numerator.write(static_cast<std::uint64_t>(carry & mask), bits_);
  Product denominator(denominator_, static_cast<std::uint64_t>(horizon_ - h));
  denominator *= reward_denominator_;
  denominator *= divisor;
  const std::uint64_t factors[] = {denominator_, reward_denominator_, divisor};
  Rational result = Rational::from_limbs(numerator.limbs(), denominator.limbs(), factors);
  if (offset_.sign() != 0) result += offset_ * Rational(horizon_ + 1 - h);
  return result;
}

Rational DigitValues::operator()(Step h, State s) const {
  if (h > horizon_) return Rational(0);
  Scratch<std::uint64_t> weights(s.value + std::size_t{1});
  weights->back() = 1;
  return combined(h, *weights, 1);
}

Rational DigitValues::expected_first(const StochasticMatrix& start) const {
  Scratch<std::uint64_t> weights(states_);
  for (std::size_t e = start.row_begin(0); e != start.row_end(0); ++e)
    weights[start.column(e)] = start.word(e);
  return combined(1, *weights, start.denominator());
}

}  // namespace lemmacheck
