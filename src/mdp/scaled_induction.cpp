#include "mdp/scaled_induction.hpp"

#include <gmp.h>

#include <algorithm>
#include <bit>
#include <numeric>

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

std::vector<std::uint64_t> times(const std::vector<std::uint64_t>& number, std::uint64_t n) {
  std::vector<std::uint64_t> product(number.size() + 1);
  product.back() =
      mpn_mul_1(limbs(product.data()), limbs(number.data()), static_cast<mp_size_t>(number.size()), n);
  if (product.back() == 0) product.pop_back();
  return product;
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
  widths_.resize(steps);
  starts_.resize(steps);
  scales_.resize(steps);
  std::vector<std::uint64_t> scale = scales_[steps - 1] = {1};
  widths_[steps - 1] = 1;
  std::size_t total = states_;  // V_{H+1} = 0, one limb a state
  for (std::size_t i = steps - 1; i-- > 0;) {
    scale = times(times(scale, denominator(static_cast<Step>(i + 1))), policy_denominator);
    // U_h <= largest R * steps left * W_h
    const std::size_t size = bits(model.rewards().largest_word()) + bits(steps - 1 - i) +
                             64 * (scale.size() - 1) + bits(scale.back());
    widths_[i] = size / 64 + 1;
    starts_[i] = total;
    total += widths_[i] * states_;
    if (keeps == Keeps::all) scales_[i] = scale;
  }
  if (keeps == Keeps::first) {
    const std::size_t one = widths_[0] * states_;
    for (std::size_t i = 0; i < steps; ++i) starts_[i] = i % 2 * one;
    total = 2 * one;
  }
  constexpr std::size_t most_limbs = std::size_t{1} << 29U;  // 4 GB
  if (total > most_limbs)
    throw InvalidInput("exact values of " + std::to_string(horizon) + " steps in " + std::to_string(states_) +
                       " states take about " + std::to_string(total >> 27U) +
                       " GB of memory, and at most 4 are used; take a shorter horizon, or a discount");
  numerators_.assign(total, 0);
}

void ScaledValueTable::begin_step(Step h, std::uint64_t denominator) {
  const auto i = static_cast<std::size_t>(h - 1);
  reward_scale_ = times(scales_[i + 1], denominator);
  if (keeps_ == Keeps::all) return;
  scales_[i] = times(reward_scale_, policy_denominator_);
  if (i + 2 < scales_.size()) std::vector<std::uint64_t>().swap(scales_[i + 2]);
  std::fill_n(numerators_.begin() + static_cast<std::ptrdiff_t>(starts_[i]), widths_[i] * states_, 0);
}

ScaledValueTable::Limbs ScaledValueTable::value(Step h, State s) {
  const std::size_t start = starts_[static_cast<std::size_t>(h - 1)];
  return Limbs(numerators_).subspan(start + s.value * width(h), width(h));
}

std::span<const std::uint64_t> ScaledValueTable::value(Step h, State s) const {
  const std::size_t start = starts_[static_cast<std::size_t>(h - 1)];
  return std::span(numerators_).subspan(start + s.value * width(h), width(h));
}

void ScaledValueTable::accumulate_action(Limbs acc, const FiniteMdp& model, const StochasticMatrix* kernel,
                                         Step h, State s, Action a) {
  const std::uint64_t reward = model.rewards().word(s, a);
  if (reward != 0) add_product(acc, reward_scale_, reward);
  if (kernel == nullptr) return;
  const std::size_t row = model.row(s, a);
  for (std::size_t e = kernel->row_begin(row); e != kernel->row_end(row); ++e)
    add_product(acc, value(h + 1, State{kernel->column(e)}), kernel->word(e));
}

void ScaledValueTable::evaluate(const FiniteMdp& model, const MarkovPolicy& policy,
                                const Denominator& denominator, const Kernels& kernels) {
  const StochasticMatrix& choice = policy.table();
  std::vector<std::uint64_t> action_value;
  for (Step h = horizon_; h >= 1; --h) {
    begin_step(h, denominator(h));
    const StochasticMatrix* kernel = h == horizon_ ? nullptr : &kernels.kernel(h, *this);
    for (const State s : model.states()) {
      const std::size_t row = policy.row(h, s);
      for (std::size_t e = choice.row_begin(row); e != choice.row_end(row); ++e) {
        const Action a{choice.column(e)};
        if (choice.word(e) == 1) {
          accumulate_action(value(h, s), model, kernel, h, s, a);
        } else {
          action_value.assign(width(h), 0);
          accumulate_action(action_value, model, kernel, h, s, a);
          add_product(value(h, s), action_value, choice.word(e));
        }
      }
    }
  }
}

void ScaledValueTable::optimise(const FiniteMdp& model, OptimalActions& attained,
                                const Denominator& denominator, const Kernels& kernels) {
  attained = OptimalActions(horizon_, states_, model.action_count());
  std::vector<std::uint64_t> action_value;
  for (Step h = horizon_; h >= 1; --h) {
    begin_step(h, denominator(h));
    const StochasticMatrix* kernel = h == horizon_ ? nullptr : &kernels.kernel(h, *this);
    for (const State s : model.states()) {
      const Limbs best = value(h, s);
      for (const Action a : model.actions()) {
        action_value.assign(width(h), 0);
        accumulate_action(action_value, model, kernel, h, s, a);
        const int order =
            mpn_cmp(limbs(action_value.data()), limbs(best.data()), static_cast<mp_size_t>(best.size()));
        const bool better = a.value == 0 || order > 0;
        if (better) attained.clear(h, s);
        if (better || order == 0) attained.add(h, s, a);
        if (better) std::copy(action_value.begin(), action_value.end(), best.begin());
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

Rational ScaledValueTable::operator()(Step h, State s) const {
  const std::size_t i = static_cast<std::size_t>(h - 1);
  const std::span<const std::uint64_t> numerator(numerators_.data() + starts_[i] + s.value * widths_[i],
                                                 widths_[i]);
  Rational value = Rational::from_limbs(numerator, times(scales_[i], reward_denominator_));
  if (offset_.sign() != 0) value += offset_ * Rational(horizon_ + 1 - h);
  return value;
}

}  // namespace lemmacheck
