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

/// Sets that are no actions count as states do.
InstanceOutline outline_of(const Assignment& assignment) {
  std::uint64_t states = 0, actions = 0;
  for (std::size_t i = 0; i < assignment.sizes.size(); ++i)
    (assignment.signature->actions[i] ? actions : states) += assignment.sizes[i];
  return {states, assignment.signature->horizon ? assignment.steps() : 1, actions};
}

Measure measure_of(const Assignment& assignment) {
  Measure measure;
  const auto add_signed = [&](const Rational& number) {
    measure.add(number);
    if (number.sign() < 0) measure.add(Rational(1));
  };
  for (std::size_t i = 0; i < assignment.values.size(); ++i) {
    if (i == assignment.signature->horizon) continue;
    const PartValue& value = assignment.values[i];
    if (const auto* number = std::get_if<Rational>(&value)) add_signed(*number);
    if (const auto* matrix = std::get_if<StochasticMatrix>(&value)) measure.add(*matrix);
    if (const auto* element = std::get_if<std::uint32_t>(&value)) measure.add(Rational(*element));
    if (const auto* images = std::get_if<std::vector<std::uint32_t>>(&value))
      for (const std::uint32_t image : *images) measure.add(Rational(image));
    if (const auto* table = std::get_if<RewardTable>(&value)) {
      const PartShape& shape = assignment.signature->parts[i];
      const std::size_t size = assignment.size_of_product(shape.from) * assignment.steps_of(shape);
      const std::uint32_t last = assignment.sizes[shape.from.back()];
      for (std::size_t k = 0; k < size; ++k)
        add_signed((*table)(State{static_cast<std::uint32_t>(k / last)},
                            Action{static_cast<std::uint32_t>(k % last)}));
    }
  }
  return measure;
}

Measure measure_of(const Instance& instance) {
  if (instance.assignment) return measure_of(*instance.assignment);
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
  return measure;
}

}  // namespace

InstanceOutline outline_of(const Instance& instance) {
  if (instance.assignment) return outline_of(*instance.assignment);
  const std::uint64_t states = instance.model ? instance.model->state_count() : 0;
  const std::uint64_t actions = instance.model ? instance.model->action_count() : 0;
  std::uint64_t vectors = 0;
  for (const auto& [name, values] : instance.numbers) vectors += values.size();
  return {states + vectors, static_cast<std::uint64_t>(instance.horizon), actions};
}

InstanceSize size_of(const Instance& instance) {
  const auto [states, horizon, actions] = outline_of(instance);
  const Measure measure = measure_of(instance);
  return {states, horizon, actions, measure.entries(), measure.bits()};
}

}  // namespace lemmacheck
