// Functions: near values of an MDP, at the bounds of assumptions, with ties for plans.
#include <algorithm>
#include <numeric>

#include "language/detail/lemma_draw.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck::detail {

RewardTable LemmaDraw::draw_function(State& state, std::size_t part) const {
  const Given& given = *givens_[part];
  const PartShape& shape = signature_.parts[part];
  const std::size_t size = state.assignment.size_of_product(shape.from) * state.assignment.steps_of(shape);
  const std::uint32_t last = state.assignment.sizes[shape.from.back()];
  if (state.setting.model && has_models() && given.name == lemma_.find_model(first_model_)->reward &&
      !given.family && !given.on_transitions)
    return given_rewards(state, part);
  const std::optional<std::size_t> earlier = facts_[part].earlier;
  Ends own;
  const Ends& ends = ends_of(state.assignment, part, own);
  const auto one = [&]() -> Rational {
    if (given.range.kind == Range::Kind::listed)
      return given.range.values[state.choices.below(static_cast<std::uint32_t>(given.range.values.size()))];
    if (given.range.kind == Range::Kind::integers) return draw_integer(state, part);
    return draw_in(state.choices, ends);
  };
  const bool real = given.range.kind == Range::Kind::reals || given.range.kind == Range::Kind::interval;
  const std::uint32_t how = state.choices.below(8);
  const bool follows = how >= 5 && earlier && real;
  std::vector<Rational> values;
  const bool near = !follows && how >= 4 && real && near_values(state, part, size, values);
  if (!follows && !near && ends.low && ends.is_unit() && parts_.rational.givens[part].bounds.empty())
    return table_of_shares(state, how, ends, size, last);
  values.resize(size);
  if (follows) {
    // Near an earlier one: equal but for one entry, or everywhere by little.
    const RewardTable& other = state.assignment.table(*earlier);
    for (std::size_t i = 0; i < size; ++i)
      values[i] =
          other(State_{static_cast<std::uint32_t>(i / last)}, Action{static_cast<std::uint32_t>(i % last)});
    if (how == 5)
      values[state.choices.below(static_cast<std::uint32_t>(size))] = one();
    else
      disturb(state.choices, values);
  } else if (near) {
    if (how != 4) disturb(state.choices, values);
  } else if (how == 3) {
    const Rational constant = one();
    std::fill(values.begin(), values.end(), constant);
    if (!values.empty()) values[state.choices.below(static_cast<std::uint32_t>(size))] = one();
  } else if (how == 2 && ends.low && !ends.low_open && !ends.high_open) {
    for (Rational& value : values) value = state.choices.flag() ? *ends.high : *ends.low;
  } else {
    for (Rational& value : values) value = one();
  }
  for (Rational& value : values) clamp(value, ends);
  meet_bounds(state, part, values);
  if (given.range.kind != Range::Kind::reals) return function_table(size, last, std::move(values));
  RewardTable table = function_table(size, last, values);
  if (state.choices.below(4) == 3) tie_greedy(state, part, std::move(values), table);
  return table;
}

/// Values in [0, 1] without a rational number: the same choices and the same table as those of a wider range.
RewardTable LemmaDraw::table_of_shares(State& state, std::uint32_t how, const Ends& ends, std::size_t size,
                                       std::uint32_t last) {
  Scratch<Share> shares(size);
  const auto one = [&] { return draw_share(state.choices, ends); };
  if (how == 3) {
    std::fill(shares->begin(), shares->end(), one());
    if (size > 0) shares[state.choices.below(static_cast<std::uint32_t>(size))] = one();
  } else if (how == 2 && !ends.low_open && !ends.high_open) {
    for (Share& share : *shares) share = {state.choices.flag() ? 1U : 0U, 1};
  } else {
    for (Share& share : *shares) share = one();
  }
  // As small_share and the grids are made, all are multiples of 10^-6; their common factor is taken out.
  constexpr std::uint32_t millionths = 1'000'000;
  std::uint32_t factor = millionths;
  for (Share& share : *shares) {
    share = {share.part * (millionths / share.whole), millionths};
    if (share.part % factor != 0) factor = std::gcd(share.part, factor);
  }
  std::vector<std::uint64_t> counts = Spare::taken(spare().tables).release();
  counts.clear();
  for (const Share& share : *shares) counts.push_back(share.part / factor);
  return RewardTable(static_cast<std::uint32_t>(size / last), last, std::move(counts), millionths / factor,
                     Rational(0));
}

void LemmaDraw::disturb(ChoiceSource& choices, std::vector<Rational>& values) {
  const Rational size =
      choices.flag() ? small_share(choices).as_rational() : Rational::ratio(choices.between(1, 8), 8);
  for (Rational& value : values) {
    const std::uint32_t sign = choices.below(3);
    if (sign == 1) value += size;
    if (sign == 2) value -= size;
  }
}

void LemmaDraw::clamp(Rational& value, const Ends& ends) {
  if (!ends.low) return;
  const bool low = ends.low_open ? value <= *ends.low : value < *ends.low,
             high = ends.high_open ? value >= *ends.high : value > *ends.high;
  if (low) value = ends.low_open ? (*ends.low + *ends.high) / Rational(2) : *ends.low;
  if (high) value = ends.high_open ? (*ends.low + *ends.high) / Rational(2) : *ends.high;
}

bool LemmaDraw::near_values(State& state, std::size_t part, std::size_t size,
                            std::vector<Rational>& values) const {
  if (!program_->is_rational()) return false;
  const PartShape& shape = signature_.parts[part];
  for (std::size_t m = 0; m < models_.size(); ++m) {
    const ModelFacts& facts = models_[m];
    const bool states = shape.from.size() == 1 && shape.from[0] == facts.states;
    const bool pairs =
        shape.from.size() == 2 && shape.from[0] == facts.states && shape.from[1] == facts.actions;
    if ((!states && !pairs) || !is_drawn(state, facts) ||
        parts_.rational.best_solvers[m] == static_cast<std::size_t>(-1))
      continue;
    LentFrame<Rational> lent(parts_.rational, state.assignment);
    Frame<Rational>& frame = *lent;
    const ModelData<Rational>& model = model_data(frame, m);
    const std::size_t one = states ? model.states : model.states * model.actions;
    const std::size_t steps = size / one;
    values.resize(size);
    for (std::size_t h = 0; h < steps; ++h)
      for (std::size_t i = 0; i < one; ++i)
        values[h * one + i] = value_at(frame, model, parts_.rational.best_solvers[m], states ? 'V' : 'Q',
                                       model.horizon ? std::optional(std::min<std::int64_t>(
                                                           static_cast<std::int64_t>(h) + 1, *model.horizon))
                                                     : std::nullopt,
                                       i);
    return true;
  }
  return false;
}

bool LemmaDraw::is_drawn(const State& state, const ModelFacts& model) const {
  const auto has_value = [&](std::size_t part) {
    const PartValue& value = state.assignment.values[part];
    switch (signature_.parts[part].kind) {
      case PartShape::Kind::rows:
        return std::holds_alternative<StochasticMatrix>(value);
      case PartShape::Kind::function:
        return std::holds_alternative<RewardTable>(value);
      default:
        return true;
    }
  };
  return model.all_given && std::ranges::all_of(model.parts, has_value);
}

void LemmaDraw::meet_bounds(State& state, std::size_t part, std::vector<Rational>& values) const {
  const GivenCode<Rational>& code = parts_.rational.givens[part];
  if (code.bounds.empty()) return;
  const PartShape& shape = signature_.parts[part];
  const std::size_t one = state.assignment.size_of_product(shape.from);
  const bool equal = state.choices.flag();
  Ends own;
  const Ends& ends = ends_of(state.assignment, part, own);
  const auto in_range = [&](const Rational& value) {
    if (givens_[part]->range.kind != Range::Kind::interval)
      return !objection_to_number(state.assignment, part, value);
    return (ends.low_open ? *ends.low < value : *ends.low <= value) &&
           (ends.high_open ? value < *ends.high : value <= *ends.high);
  };
  try {
    LentFrame<Rational> lent(parts_.rational, state.assignment);
    Frame<Rational>& frame = *lent;
    for (const BoundCode<Rational>& bound : code.bounds) {
      frame.stack.assign(bound.slots + 2, 0);
      for (std::size_t i = 0; i < values.size(); ++i) {
        unflatten(frame, i % one, shape.from, frame.stack.data());
        if (shape.family) frame.stack[shape.from.size()] = static_cast<std::int64_t>(i / one) + 1;
        Rational end = bound.bound->eval(frame) / bound.factor;
        const bool broken = bound.lower ? (bound.strict ? values[i] <= end : values[i] < end)
                                        : (bound.strict ? values[i] >= end : values[i] > end);
        if (!broken && !(equal && !bound.strict && state.choices.flag())) continue;
        if (bound.strict) end += bound.lower ? Rational(1) : Rational(-1);
        if (in_range(end)) values[i] = std::move(end);  // or else the filter decides
      }
    }
  } catch (const UndefinedValue&) {
    // The filter decides.
  } catch (const std::bad_variant_access&) {
    // The bound needs what is drawn later.
  }
}

RewardTable LemmaDraw::given_rewards(State& state, std::size_t part) const {
  const FiniteMdp& model = *state.setting.model;
  const Given& given = *givens_[part];
  const bool unit = given.range.kind == Range::Kind::interval;
  const Rational low = model.rewards().lowest(), span = model.rewards().span();
  std::vector<Rational> values;
  Ends own;
  const Ends& ends = ends_of(state.assignment, part, own);
  const bool outside = unit && (low < *ends.low || model.rewards().highest() > *ends.high);
  for (const lemmacheck::State s : model.states())
    for (const Action a : model.actions()) {
      Rational value = model.rewards()(s, a);
      if (outside)
        value =
            *ends.low + (span.sign() == 0 ? Rational(0) : (value - low) / span * (*ends.high - *ends.low));
      if (!unit)
        if (const auto reason = objection_to_number(state.assignment, part, value))
          throw InvalidInput(
              "the model's reward at (s=" + std::to_string(s.value) + ", a=" + std::to_string(a.value) +
              ") is " + value.to_string() + ", and " + given.name +
              " is declared to have other values; declare a range that holds the model's rewards");
      values.push_back(value);
    }
  return RewardTable(model.state_count(), model.action_count(), std::move(values));
}

void LemmaDraw::tie_greedy(State& state, std::size_t part, std::vector<Rational> values,
                           RewardTable& table) const {
  const PartShape& shape = signature_.parts[part];
  if (shape.from.size() != 1 || !program_->is_rational()) {
    // Of pairs: two actions of one state get the same value.
    if (shape.from.size() == 2 && state.assignment.sizes[shape.from[1]] > 1) {
      const std::uint32_t last = state.assignment.sizes[shape.from[1]];
      const std::size_t row = state.choices.below(static_cast<std::uint32_t>(values.size() / last));
      values[row * last + 1] = values[row * last];
      table = function_table(values.size(), last, values);
    }
    return;
  }
  for (const Given& plan : lemma_.givens) {
    if (plan.plan != Given::Plan::greedy || !plan.objective ||
        plan.objective->name != lemma_.givens[part].name || plan.model.empty())
      continue;
    const auto m = static_cast<std::size_t>(lemma_.find_model(plan.model) - lemma_.models.data());
    if (!is_drawn(state, models_[m])) continue;
    place_of(state, part) = table;
    LentFrame<Rational> lent(parts_.rational, state.assignment);
    Frame<Rational>& frame = *lent;
    const ModelData<Rational>& model = model_data(frame, m);
    if (model.actions < 2) return;
    const std::size_t s = state.choices.below(static_cast<std::uint32_t>(model.states)),
                      t = state.choices.below(static_cast<std::uint32_t>(model.states));
    const Rational discount = model.discount.value_or(Rational(1));
    const std::size_t row = s * model.actions;
    const Rational slope =
        discount * (model.kernel(0, row).probability(t) - model.kernel(0, row + 1).probability(t));
    if (slope.sign() == 0) return;
    const Rational gap =
        action_value(model, 0, row, values.data()) - action_value(model, 0, row + 1, values.data());
    values[t] -= gap / slope;
    table = function_table(values.size(), state.assignment.sizes[shape.from.back()], values);
    return;
  }
}

}  // namespace lemmacheck::detail
