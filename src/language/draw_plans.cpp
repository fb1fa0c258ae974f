// Plans: drawn among all that are optimal or greedy, with ties made on purpose.
#include <algorithm>

#include "language/detail/lemma_draw.hpp"
#include "numeric/rounding.hpp"

namespace lemmacheck::detail {

LemmaDraw::ActionLists LemmaDraw::actions(const Assignment& assignment, std::size_t part) const {
  if (!program_->is_rational()) return allowed_actions(*parts_.real, assignment, part);
  ActionLists enclosed = enclosed_actions(assignment, part);
  return enclosed.empty() ? allowed_actions(parts_.rational, assignment, part) : enclosed;
}

/// Where enclosures tell which actions are best, as they do unless some are equally good; else nothing.
LemmaDraw::ActionLists LemmaDraw::enclosed_actions(const Assignment& assignment, std::size_t part) const {
  try {
    const RoundUpward upward;
    return allowed_actions(*parts_.interval, assignment, part);
  } catch (const UndefinedValue&) {
  } catch (const UndecidedValue&) {
  }
  return {};
}

/// The same for values just drawn: they must have a meaning.
LemmaDraw::ActionLists LemmaDraw::drawn_actions(const Assignment& assignment, std::size_t part) const {
  try {
    return actions(assignment, part);
  } catch (const UndefinedValue& fault) {
    const Given& given = *givens_[part];
    fail_at(given.place,
            "what " + given.name + " is best for is undefined on an instance: " + std::string(fault.what()),
            "give what it divides by, or takes a root or a logarithm of, a range that leaves that out, "
            "such as (0, 1]");
  }
}

std::vector<std::uint32_t> LemmaDraw::elements(const Assignment& assignment, std::size_t part) const {
  return program_->is_rational() ? minimising_elements(parts_.rational, assignment, part)
                                 : minimising_elements(*parts_.real, assignment, part);
}

bool LemmaDraw::attains(const Assignment& assignment, std::size_t part) const {
  return (program_->is_rational() ? attains_best_return(parts_.rational, assignment, part)
                                  : attains_best_return(*parts_.real, assignment, part)) == Truth::yes;
}

void LemmaDraw::draw_plan(State& state, std::size_t part) const {
  const Given& given = *givens_[part];
  const auto allowed = drawn_actions(state.assignment, part);
  const std::uint32_t count = state.assignment.sizes[signature_.parts[part].to[0]];
  std::vector<std::uint32_t> taken;
  for (const auto& list : allowed)
    taken.push_back(given.lowest ? list[0]
                                 : list[state.choices.below(static_cast<std::uint32_t>(list.size()))]);
  StochasticMatrix policy = StochasticMatrix::deterministic(count, taken);
  if (given.plan == Given::Plan::argmax && !given.lowest && state.choices.flag()) {
    const std::vector<bool> visited = program_->is_rational()
                                          ? visited_states(parts_.rational, state.assignment, part, policy)
                                          : visited_states(*parts_.real, state.assignment, part, policy);
    for (std::size_t row = 0; row < taken.size(); ++row)
      if (!visited[row]) taken[row] = state.choices.below(count);
    policy = StochasticMatrix::deterministic(count, taken);
  }
  place_of(state, part) = std::move(policy);
}

void LemmaDraw::tie_plans(State& state) const {
  if (!program_->is_rational() || state.setting.model) return;
  for (const std::size_t part : tied_) {
    const Given& given = *givens_[part];
    if (state.choices.below(4) != 3) continue;
    const auto m = static_cast<std::size_t>(lemma_.find_model(given.model) - lemma_.models.data());
    if (!models_[m].reward || !is_drawn(state, models_[m])) continue;
    const std::size_t reward_part = *models_[m].reward;
    if (lemma_.givens[reward_part].family || lemma_.givens[reward_part].on_transitions) continue;
    LentFrame<Rational> lent(parts_.rational, state.assignment);
    Frame<Rational>& frame = *lent;
    const ModelData<Rational>& model = model_data(frame, m);
    if (model.actions < 2) continue;
    const std::size_t s = state.choices.below(static_cast<std::uint32_t>(model.states));
    const auto value = [&](std::size_t a) {
      return value_at(frame, model, parts_.rational.best_solvers[m], 'Q',
                      model.horizon ? std::optional<std::int64_t>(1) : std::nullopt, s * model.actions + a);
    };
    const Rational gap = value(0) - value(1);
    const std::size_t better = s * model.actions + (gap.sign() > 0 ? 0 : 1);
    std::vector<Rational> values;
    const RewardTable& table = state.assignment.table(reward_part);
    for (std::size_t i = 0; i < model.states * model.actions; ++i)
      values.push_back(table(State_{static_cast<std::uint32_t>(i / model.actions)},
                             Action{static_cast<std::uint32_t>(i % model.actions)}));
    values[better] -= abs(gap);
    Ends own;
    const Ends& ends = ends_of(state.assignment, reward_part, own);
    if (ends.low && (values[better] < *ends.low || values[better] > *ends.high)) continue;
    place_of(state, reward_part) = RewardTable(static_cast<std::uint32_t>(model.states),
                                               static_cast<std::uint32_t>(model.actions), std::move(values));
    // Every plan that looks at these rewards is made again.
    for (const std::size_t again : order_)
      if (lemma_.givens[again].plan != Given::Plan::none) draw_part(state, again);
  }
}

}  // namespace lemmacheck::detail
