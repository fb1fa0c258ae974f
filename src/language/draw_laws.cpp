// Kernels, policies and distributions.
#include <algorithm>

#include "generate/model_families.hpp"
#include "language/detail/draw_rows.hpp"
#include "language/detail/lemma_draw.hpp"

namespace lemmacheck::detail {

void LemmaDraw::draw_rows(State& state, std::size_t part) const {
  const Given& given = *givens_[part];
  const PartShape& shape = signature_.parts[part];
  RowsDraft draft;
  draft.columns = static_cast<std::uint32_t>(state.assignment.size_of_product(shape.to));
  draft.rows = state.assignment.size_of_product(shape.from);
  draft.steps = state.assignment.steps_of(shape);
  draft.deterministic = given.deterministic;
  draft.positive = given.positive || parts_.rational.givens[part].positive;
  const bool kernel = shape.from.size() == 2 && shape.to.size() == 1 && shape.from[0] == shape.to[0];
  draft.actions = kernel ? state.assignment.sizes[shape.from[1]] : 1;
  draft.kernel = kernel;
  if (state.setting.model && has_models()) {
    const ModelTuple& tuple = *lemma_.find_model(first_model_);
    if (given.name == tuple.kernel && !given.family) {
      place_of(state, part) = state.setting.model->kernel(1);
      state.classes.push_back("family: given model");
      return;
    }
    if (given.name == tuple.initial) {
      place_of(state, part) = state.setting.model->initial();
      return;
    }
  }
  if (parts_.rational.givens[part].fixed_by && state.choices.below(4) != 3 && solve_equation(state, part))
    return;
  const std::optional<std::size_t> earlier = facts_[part].earlier;
  const StochasticMatrix* other =
      earlier ? std::get_if<StochasticMatrix>(&state.assignment.values[*earlier]) : nullptr;
  std::string_view label;
  auto& drawn = place_of(state, part).emplace<StochasticMatrix>(Spare::taken(spare().matrices));
  draw_rows_like(state.choices, draft, other, label, drawn);
  if (kernel) state.classes.push_back(label);
}

bool LemmaDraw::solve_equation(State& state, std::size_t part) const {
  const auto& equation = parts_.rational.equations.at(*parts_.rational.givens[part].fixed_by);
  const std::size_t n = state.assignment.sizes[signature_.parts[part].to[0]];
  std::vector<std::vector<Rational>> rows(n + 1, std::vector<Rational>(n + 1));
  try {
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t column[] = {static_cast<std::uint32_t>(i)};
      place_of(state, part) = StochasticMatrix::deterministic(static_cast<std::uint32_t>(n), column);
      LentFrame<Rational> lent(parts_.rational, state.assignment);
      Frame<Rational>& frame = *lent;
      frame.stack.resize(equation.slots + 1);
      for (std::size_t x = 0; x < n; ++x) {
        frame.stack[0] = static_cast<std::int64_t>(x);
        rows[x][i] = equation.left->eval(frame) - equation.right->eval(frame);
      }
      rows[n][i] = 1;
    }
  } catch (const UndefinedValue&) {
    return false;
  } catch (const std::bad_variant_access&) {
    return false;
  }
  rows[n][n] = 1;
  const auto solution = solve_any(rows, n);
  if (!solution) return false;
  StochasticMatrix::Rows list(1);
  for (std::size_t i = 0; i < n; ++i) {
    if ((*solution)[i].sign() < 0) return false;
    list[0].push_back({static_cast<std::uint32_t>(i), (*solution)[i]});
  }
  place_of(state, part) = StochasticMatrix(static_cast<std::uint32_t>(n), list,
                                           [](std::size_t) { return std::string("a solved law"); });
  return true;
}

std::optional<std::vector<Rational>> LemmaDraw::solve_any(std::vector<std::vector<Rational>> rows,
                                                          std::size_t n) {
  std::vector<std::size_t> pivot_of(n, rows.size());
  std::size_t next = 0;
  for (std::size_t column = 0; column < n && next < rows.size(); ++column) {
    std::size_t found = next;
    while (found < rows.size() && rows[found][column].sign() == 0) ++found;
    if (found == rows.size()) continue;
    std::swap(rows[next], rows[found]);
    const Rational inverse = Rational(1) / rows[next][column];
    for (Rational& value : rows[next]) value *= inverse;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == next || rows[i][column].sign() == 0) continue;
      const Rational factor = rows[i][column];
      for (std::size_t k = column; k <= n; ++k) rows[i][k] -= factor * rows[next][k];
    }
    pivot_of[column] = next++;
  }
  for (std::size_t i = next; i < rows.size(); ++i)
    if (rows[i][n].sign() != 0) return std::nullopt;
  std::vector<Rational> solution(n);
  for (std::size_t column = 0; column < n; ++column)
    if (pivot_of[column] < rows.size()) solution[column] = rows[pivot_of[column]][n];
  return solution;
}

}  // namespace lemmacheck::detail
