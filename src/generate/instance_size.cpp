#include "generate/instance_size.hpp"

namespace lemmacheck {
namespace {

class Measure {
 public:
  void add(const Rational& number) {
    if (number.sign() == 0) return;
    ++entries_;
    bits_ += number.to_string().size();
  }
  void add(const StochasticMatrix& matrix) {
    for (std::size_t e = 0; e < matrix.entries(); ++e) {
      const Rational p = matrix.probability(e);
      ++entries_;
      // Of two equally long fractions the one with the smaller denominator is simpler; earlier states are,
      // too.
      bits_ += 16 * p.to_string().size() + p.denominator_bits() + matrix.column(e);
    }
  }
  void add(const FiniteMdp& model) {
    add(model.initial());
    for (const StochasticMatrix& kernel : model.kernels()) add(kernel);
    for (const State s : model.states())
      for (const Action a : model.actions()) add(model.rewards()(s, a));
  }
  std::uint64_t entries() const { return entries_; }
  std::uint64_t bits() const { return bits_; }

 private:
  std::uint64_t entries_ = 0, bits_ = 0;
};

}  // namespace

InstanceSize size_of(const Instance& instance) {
  Measure measure;
  if (instance.model) measure.add(*instance.model);
  if (instance.perturbed) measure.add(*instance.perturbed);
  for (const FiniteMdp& model : instance.model_class) measure.add(model);
  if (instance.policy) measure.add(instance.policy->table());
  if (instance.other_policy) measure.add(instance.other_policy->table());
  if (instance.sampling) measure.add(*instance.sampling);
  for (const Rational& reward : instance.next_state_rewards) measure.add(reward);
  for (const bool known : instance.known)
    if (known) measure.add(Rational(1));
  for (const auto& [name, values] : instance.numbers) {
    for (const Rational& number : values) {
      measure.add(number);
      if (number.sign() < 0) measure.add(Rational(1));  // a sign is one more thing to get wrong
    }
  }
  const std::uint64_t states = instance.model ? instance.model->state_count() : 0;
  const std::uint64_t actions = instance.model ? instance.model->action_count() : 0;
  std::uint64_t vectors = 0;
  for (const auto& [name, values] : instance.numbers) vectors += values.size();
  return {states + vectors, static_cast<std::uint64_t>(instance.horizon), actions, measure.entries(),
          measure.bits()};
}

}  // namespace lemmacheck
