#include "mdp/scaled_induction.hpp"

#include <gmp.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include "numeric/scratch.hpp"

namespace lemmacheck {
namespace {

static_assert(sizeof(mp_limb_t) == sizeof(std::uint64_t));
using LimbPtr = mp_limb_t*;

LimbPtr limbs(std::uint64_t* p) {
  return reinterpret_cast<LimbPtr>(p);
}
const mp_limb_t* limbs(const std::uint64_t* p) {
  return reinterpret_cast<const mp_limb_t*>(p);
}

/// acc += n * source; acc is at least as wide and large enough for the result.
void add_product(std::span<std::uint64_t> acc, std::span<const std::uint64_t> source, std::uint64_t n) {
  const auto size = static_cast<mp_size_t>(source.size());
  const mp_limb_t carry = mpn_addmul_1(limbs(acc.data()), limbs(source.data()), size, n);
  if (carry != 0) {
    const auto rest = static_cast<mp_size_t>(acc.size()) - size;
    LEMMACHECK_INVARIANT(rest > 0);
    LEMMACHECK_INVARIANT(mpn_add_1(limbs(acc.data()) + size, limbs(acc.data()) + size, rest, carry) == 0);
  }
}

/// number *= n, within its width.
void scale_up(std::span<std::uint64_t> number, std::uint64_t n) {
  const mp_limb_t carry =
      mpn_mul_1(limbs(number.data()), limbs(number.data()), static_cast<mp_size_t>(number.size()), n);
  LEMMACHECK_INVARIANT(carry == 0);
}

void multiply(std::vector<std::uint64_t>& number, std::uint64_t n) {
  const mp_limb_t carry =
      mpn_mul_1(limbs(number.data()), limbs(number.data()), static_cast<mp_size_t>(number.size()), n);
  if (carry != 0) number.push_back(carry);
}

__extension__ using DoubleLimb = unsigned __int128;
/// Words are below 2^53, so that a sum of so many products of a word and a limb stays below 2^127.
constexpr std::size_t most_summands = 512;

/// sum_e words[e] limbs[columns[e] stride], in two sums, so that one need not wait for the other.
DoubleLimb limb_sum(std::span<const std::uint32_t> columns, const std::uint64_t* words,
                    const std::uint64_t* limbs, std::size_t stride) {
  DoubleLimb even = 0, odd = 0;
  const std::size_t n = columns.size();
  std::size_t e = 0;
  if (columns[n - 1] - columns[0] + 1 == n) {  // no gaps, as in dense rows
    const std::uint64_t* limb = limbs + columns[0] * stride;
    for (; e + 1 < n; e += 2, limb += 2 * stride) {
      even += DoubleLimb{words[e]} * limb[0];
      odd += DoubleLimb{words[e + 1]} * limb[stride];
    }
  } else {
    for (; e + 1 < n; e += 2) {
      even += DoubleLimb{words[e]} * limbs[columns[e] * stride];
      odd += DoubleLimb{words[e + 1]} * limbs[columns[e + 1] * stride];
    }
  }
  if (e < n) even += DoubleLimb{words[e]} * limbs[columns[e] * stride];
  return even + odd;
}

/// 0 where it is no word, and of 0.
std::uint64_t common_multiple(std::uint64_t a, std::uint64_t b) {
  std::uint64_t multiple = 0;
  if (a == b) return a;
  return a == 0 || __builtin_mul_overflow(a, b / std::gcd(a, b), &multiple) ? 0 : multiple;
}

std::size_t bits(std::uint64_t n) {
  return static_cast<std::size_t>(std::bit_width(n));
}

}  // namespace

bool has_words(const FiniteMdp& model) {
  return model.rewards().has_words() &&
         std::all_of(model.kernels().begin(), model.kernels().end(),
                     [](const StochasticMatrix& kernel) { return kernel.has_words(); });
}

bool has_words(const FiniteMdp& model, const MarkovPolicy& policy) {
  return has_words(model) && policy.table().has_words();
}

ScaledValueTable::ScaledValueTable(const FiniteMdp& model, Step horizon, std::uint64_t policy_denominator,
                                   const Denominator& denominator, Keeps keeps)
    : states_(model.state_count()),
      horizon_(horizon),
      keeps_(keeps),
      reward_denominator_(model.rewards().denominator()),
      policy_denominator_(policy_denominator),
      offset_(model.rewards().offset()) {
  const auto steps = static_cast<std::size_t>(horizon) + 1;
  widths_->resize(steps);
  starts_->resize(steps);
  scale_->assign(1, 1);
  widths_[steps - 1] = 1;
  std::size_t total = states_;  // V_{H+1} = 0, one limb a state
  std::size_t of_scales = 1;
  const std::size_t reward_bits = bits(model.rewards().largest_word());
  for (std::size_t i = steps - 1; i-- > 0;) {
    const std::uint64_t of_kernel = denominator(static_cast<Step>(i + 1));
    kernel_factor_ = common_multiple(kernel_factor_, of_kernel);
    multiply(*scale_, of_kernel);
    multiply(*scale_, policy_denominator);
    // U_h <= largest R * steps left * W_h
    const std::size_t size =
        reward_bits + bits(steps - 1 - i) + 64 * (scale_->size() - 1) + bits(scale_->back());
    widths_[i] = size / 64 + 1;
    starts_[i] = total;
    total += widths_[i] * states_;
    of_scales += scale_->size();
  }
  if (keeps == Keeps::first) {
    const std::size_t one = widths_[0] * states_;
    for (std::size_t i = 0; i < steps; ++i) starts_[i] = i % 2 * one;
    total = 2 * one;
  } else {
    scales_->reserve(of_scales);
    scale_starts_->resize(steps);
    scales_->push_back(1);
  }
  constexpr std::size_t most_limbs = std::size_t{1} << 29U;  // 4 GB
  if (total > most_limbs)
    throw InvalidInput("exact values of " + std::to_string(horizon) + " steps in " + std::to_string(states_) +
                       " states take about " + std::to_string(total >> 27U) +
                       " GB of memory, and at most 4 are used; take a shorter horizon, or a discount");
  numerators_->assign(total, 0);
  scale_->assign(1, 1);
}

void ScaledValueTable::begin_step(Step h, std::uint64_t denominator) {
  const auto i = static_cast<std::size_t>(h - 1);
  multiply(*scale_, denominator);
  reward_scale_->assign(scale_->begin(), scale_->end());
  multiply(*scale_, policy_denominator_);
  if (keeps_ == Keeps::first) return;
  scale_starts_[i] = scales_->size();
  scales_->insert(scales_->end(), scale_->begin(), scale_->end());
}

std::span<const std::uint64_t> ScaledValueTable::scale(Step h) const {
  if (keeps_ == Keeps::first) return *scale_;
  // Steps stand in the order H + 1, H, ..., 1.
  const auto i = static_cast<std::size_t>(h - 1);
  const std::size_t end = i == 0 ? scales_->size() : scale_starts_[i - 1];
  return std::span(*scales_).subspan(scale_starts_[i], end - scale_starts_[i]);
}

ScaledValueTable::Limbs ScaledValueTable::value(Step h, State s) {
  const std::size_t start = starts_[static_cast<std::size_t>(h - 1)];
  return Limbs(*numerators_).subspan(start + s.value * width(h), width(h));
}

std::span<const std::uint64_t> ScaledValueTable::value(Step h, State s) const {
  const std::size_t start = starts_[static_cast<std::size_t>(h - 1)];
  return std::span(*numerators_).subspan(start + s.value * width(h), width(h));
}

void ScaledValueTable::load_words(const StochasticMatrix& kernel, bool chosen_anew) {
  if (words_from_ == &kernel && !chosen_anew) return;
  words_from_ = &kernel;
  words_->resize(kernel.entries());
  for (std::size_t e = 0; e < words_->size(); ++e) words_[e] = kernel.word(e);
}

void ScaledValueTable::sum_row(Limbs out, std::uint64_t reward, std::span<const std::uint32_t> columns,
                               const std::uint64_t* words, Step h) const {
  const std::size_t next_width = columns.empty() ? 0 : width(h + 1);
  const std::uint64_t* const next = numerators_.data() + starts_[static_cast<std::size_t>(h)];
  if (columns.size() > most_summands) {
    std::fill(out.begin(), out.end(), 0);
    add_product(out, *reward_scale_, reward);
    for (std::size_t e = 0; e < columns.size(); ++e)
      add_product(out, std::span(next + columns[e] * next_width, next_width), words[e]);
    return;
  }
  DoubleLimb carry = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    DoubleLimb sum = carry;
    if (i < next_width) sum += limb_sum(columns, words, next + i, next_width);
    if (i < reward_scale_->size()) sum += DoubleLimb{reward} * reward_scale_[i];
    out[i] = static_cast<std::uint64_t>(sum);
    carry = sum >> 64U;
  }
  LEMMACHECK_INVARIANT(carry == 0);
}

void ScaledValueTable::sum_action(Limbs out, const FiniteMdp& model, const StochasticMatrix* kernel, Step h,
                                  State s, Action a) {
  const std::uint64_t reward = model.rewards().word(s, a);
  if (kernel == nullptr) return sum_row(out, reward, {}, nullptr, h);
  const std::size_t row = model.row(s, a);
  sum_row(out, reward, kernel->row_columns(row), words_.data() + kernel->row_begin(row), h);
}

void ScaledValueTable::evaluate(const FiniteMdp& model, const MarkovPolicy& policy,
                                const Denominator& denominator, const Kernels& kernels) {
  const StochasticMatrix& choice = policy.table();
  Words action_value;
  for (Step h = horizon_; h >= 1; --h) {
    begin_step(h, denominator(h));
    const StochasticMatrix* kernel = h == horizon_ ? nullptr : &kernels.kernel(h, *this);
    if (kernel != nullptr) load_words(*kernel, kernels.denominator != 0);
    for (const State s : model.states()) {
      const std::size_t row = policy.row(h, s);
      const Limbs result = value(h, s);
      if (choice.word(choice.row_begin(row)) == choice.denominator()) {  // one sure action
        sum_action(result, model, kernel, h, s, Action{choice.column(choice.row_begin(row))});
        if (choice.denominator() != 1) scale_up(result, choice.denominator());
        continue;
      }
      std::fill(result.begin(), result.end(), 0);
      action_value->resize(width(h));
      for (std::size_t e = choice.row_begin(row); e != choice.row_end(row); ++e) {
        sum_action(*action_value, model, kernel, h, s, Action{choice.column(e)});
        add_product(result, *action_value, choice.word(e));
      }
    }
  }
}

void ScaledValueTable::optimise(const FiniteMdp& model, OptimalActions& attained,
                                const Denominator& denominator, const Kernels& kernels, const Among* among) {
  attained = OptimalActions(horizon_, states_, model.action_count());
  const int better = among == nullptr || among->highest ? 1 : -1;
  Words action_value;
  for (Step h = horizon_; h >= 1; --h) {
    begin_step(h, denominator(h));
    const StochasticMatrix* kernel = h == horizon_ ? nullptr : &kernels.kernel(h, *this);
    if (kernel != nullptr) load_words(*kernel, kernels.denominator != 0);
    action_value->resize(width(h));
    for (const State s : model.states()) {
      const Limbs best = value(h, s);
      bool first = true;
      for (const Action a : model.actions()) {
        if (among != nullptr && !among->allowed.contains(h, s, a)) continue;
        sum_action(first ? best : Limbs(*action_value), model, kernel, h, s, a);
        const int order = first ? better
                                : mpn_cmp(limbs(action_value.data()), limbs(best.data()),
                                          static_cast<mp_size_t>(best.size()));
        if (!first && order * better > 0) {
          attained.clear(h, s);
          std::copy(action_value->begin(), action_value->end(), best.begin());
        }
        if (order * better >= 0) attained.add(h, s, a);
        first = false;
      }
    }
  }
}

namespace {

/// The model's own kernels.
ScaledValueTable::Kernels kernels_of(const FiniteMdp& model) {
  return {0,
          [&model](Step h, const ScaledValueTable&) -> const StochasticMatrix& { return model.kernel(h); }};
}

std::function<std::uint64_t(Step)> denominators_of(const FiniteMdp& model) {
  return [&model](Step h) { return model.kernel(h).denominator(); };
}

std::function<std::uint64_t(Step)> constant(std::uint64_t denominator) {
  return [denominator](Step) { return denominator; };
}

}  // namespace

ScaledValueTable::ScaledValueTable(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                                   Keeps keeps)
    : ScaledValueTable(model, horizon, policy.table().denominator(), denominators_of(model), keeps) {
  LEMMACHECK_INVARIANT(lemmacheck::has_words(model, policy));
  evaluate(model, policy, denominators_of(model), kernels_of(model));
}

ScaledValueTable::ScaledValueTable(const FiniteMdp& model, Step horizon, OptimalActions& attained,
                                   Keeps keeps)
    : ScaledValueTable(model, horizon, std::uint64_t{1}, denominators_of(model), keeps) {
  LEMMACHECK_INVARIANT(lemmacheck::has_words(model));
  optimise(model, attained, denominators_of(model), kernels_of(model));
}

ScaledValueTable::ScaledValueTable(const FiniteMdp& model, const Among& among, OptimalActions& attained)
    : ScaledValueTable(model, among.allowed.horizon(), std::uint64_t{1}, denominators_of(model),
                       Keeps::first) {
  LEMMACHECK_INVARIANT(lemmacheck::has_words(model));
  optimise(model, attained, denominators_of(model), kernels_of(model), &among);
}

ScaledValueTable::ScaledValueTable(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                                   const Kernels& kernels)
    : ScaledValueTable(model, horizon, policy.table().denominator(), constant(kernels.denominator),
                       Keeps::first) {
  evaluate(model, policy, constant(kernels.denominator), kernels);
}

ScaledValueTable::ScaledValueTable(const FiniteMdp& model, Step horizon, OptimalActions& attained,
                                   const Kernels& kernels)
    : ScaledValueTable(model, horizon, std::uint64_t{1}, constant(kernels.denominator), Keeps::first) {
  optimise(model, attained, constant(kernels.denominator), kernels);
}

std::vector<std::uint32_t> ScaledValueTable::ranks(Step h) const {
  // The two leading limbs decide almost always, and lie close together.
  struct Key {
    std::uint64_t high, low;
    std::uint32_t state;
  };
  const std::size_t n = width(h);
  std::vector<Key> keys;
  keys.reserve(states_);
  for (std::uint32_t s = 0; s < states_; ++s) {
    const auto number = value(h, State{s});
    keys.push_back({number[n - 1], n > 1 ? number[n - 2] : 0, s});
  }
  const auto order = [&](const Key& a, const Key& b) {
    if (a.high != b.high) return a.high < b.high ? -1 : 1;
    if (a.low != b.low) return a.low < b.low ? -1 : 1;
    return mpn_cmp(limbs(value(h, State{a.state}).data()), limbs(value(h, State{b.state}).data()),
                   static_cast<mp_size_t>(n));
  };
  std::ranges::sort(keys, [&](const Key& a, const Key& b) { return order(a, b) < 0; });
  std::vector<std::uint32_t> places(states_);
  for (std::size_t i = 1; i < keys.size(); ++i)
    places[keys[i].state] = places[keys[i - 1].state] + (order(keys[i - 1], keys[i]) == 0 ? 0 : 1);
  return places;
}

Rational ScaledValueTable::in_lowest_terms(std::span<const std::uint64_t> numerator, Step h,
                                           std::uint64_t divisor) const {
  Scratch<std::uint64_t> denominator;
  denominator->assign(scale(h).begin(), scale(h).end());
  multiply(*denominator, reward_denominator_);
  multiply(*denominator, divisor);
  const std::uint64_t factors[] = {kernel_factor_, policy_denominator_, reward_denominator_, divisor};
  Rational value = kernel_factor_ == 0 ? Rational::from_limbs(numerator, *denominator)
                                       : Rational::from_limbs(numerator, *denominator, factors);
  if (offset_.sign() != 0) value += offset_ * Rational(horizon_ + 1 - h);
  return value;
}

Rational ScaledValueTable::operator()(Step h, State s) const {
  return in_lowest_terms(value(h, s), h, 1);
}

Rational ScaledValueTable::expected_first(const StochasticMatrix& start) const {
  Scratch<std::uint64_t> sum(width(1) + 1);
  for (std::size_t e = start.row_begin(0); e != start.row_end(0); ++e)
    add_product(*sum, value(1, State{start.column(e)}), start.word(e));
  return in_lowest_terms(*sum, 1, start.denominator());
}

}  // namespace lemmacheck
