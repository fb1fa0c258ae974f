/// Givens in a number type, definitions and constructed rows on one instance. Private to the language
/// layer.
#pragma once

#include <algorithm>
#include <array>

#include "language/detail/code.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck::detail {

template <class N>
Frame<N>::Frame(const Program<N>& frame_program, const Assignment& instance)
    : program(frame_program),
      memo(frame_program.definitions.size()),
      signs(frame_program.definitions.size()),
      kept(frame_program.kept),
      kept_signs(frame_program.kept),
      numbers(instance.values.size()),
      tables(instance.values.size()),
      masses(instance.values.size()),
      models(frame_program.models.size()),
      solved(frame_program.solvers.size()),
      occupancies(frame_program.solvers.size()),
      visits(frame_program.solvers.size()),
      policies(frame_program.solvers.size()),
      running(frame_program.running),
      loops(frame_program.loops.size()),
      instance_(&instance),
      mark_(instance.mark.number()) {}

template <class N>
Frame<N>::~Frame() = default;

template <class N>
void Frame<N>::reset(const Assignment& instance) {
  instance_ = &instance;
  mark_ = instance.mark.number();
  steps_.reset();
  base = number_base = 0;
  stack_used = 0;
  next_policy = 1;
  const auto clear_each = [](auto& list) {
    for (auto& each : list) each.clear();
  };
  stack.clear();
  number_stack.clear();
  clear_each(memo);
  clear_each(signs);
  clear_each(kept);
  clear_each(kept_signs);
  for (auto& each : numbers) each.reset();
  clear_each(tables);
  clear_each(masses);
  clear_each(models);
  clear_each(solved);
  clear_each(occupancies);
  clear_each(visits);
  clear_each(policies);
  differing.clear();
  markov.clear();
  bound_policies.clear();
  paths.clear();
  for (auto& each : loops) each.reset();
  matrix_rows.clear();
  dense_rows.clear();
}

template <class N>
const N& Frame<N>::number(std::size_t part) {
  auto& place = numbers[part];
  if (!place) place = N::from(parts().number(part));
  return *place;
}

template <class N>
const std::vector<N>& Frame<N>::table(std::size_t part) {
  auto& place = tables[part];
  if (place.empty()) {
    const PartShape& shape = parts().signature->parts[part];
    const RewardTable& table = parts().table(part);
    const std::uint32_t last = parts().sizes[shape.from.back()];
    const std::size_t size = parts().size_of_product(shape.from) * parts().steps_of(shape);
    place.reserve(size);
    for (std::size_t i = 0; i < size; ++i)
      place.push_back(table.template get<N>(State{static_cast<std::uint32_t>(i / last)},
                                            Action{static_cast<std::uint32_t>(i % last)}));
  }
  return place;
}

template <class N>
N Frame<N>::mass(std::size_t part, std::size_t row, std::size_t column) {
  const StochasticMatrix& matrix = parts().rows(part);
  constexpr std::size_t most = 1U << 14U;  // of the user's own model, few are asked for
  if (matrix.rows() * matrix.columns() > most)
    return RowRef<N>{&matrix, row, nullptr, matrix.columns()}.probability(column);
  Masses<N>& kept = masses[part];
  if (kept.known.empty()) {
    kept.known.resize(matrix.rows());
    kept.dense.resize(matrix.rows() * matrix.columns());
  }
  N* const list = &kept.dense[row * matrix.columns()];
  if (kept.known[row] == 0) {
    RowRef<N>{&matrix, row, nullptr, matrix.columns()}.each(
        [&](std::uint32_t c, const N& p) { list[c] = p; });
    kept.known[row] = 1;
  }
  return list[column];
}

template <class N>
Frame<Rational>& Frame<N>::exact() {
  if constexpr (std::is_same_v<N, Rational>) {
    return *this;
  } else {
    if (!exact_frame) exact_frame = SpareFrame<Rational>::take(*program.exact, parts());
    return *exact_frame;
  }
}

/// Keeps the stack as it was, also where something is thrown.
template <class N>
class Activation {
 public:
  Activation(Frame<N>& frame, int stack_need, std::size_t slots, std::size_t numbers)
      : frame_(frame),
        need_(stack_need + of_call),
        base_(frame.base),
        number_base_(frame.number_base),
        size_(frame.stack.size()),
        number_size_(frame.number_stack.size()) {
    if (frame.stack_used + need_ > most)
      throw InvalidInput(
          "definitions refer to one another too many times in a row; give smaller ranges of their "
          "subscripts");
    frame.stack_used += need_;
    frame.base = size_;
    frame.number_base = number_size_;
    frame.stack.resize(size_ + slots);
    frame.number_stack.resize(number_size_ + numbers);
  }
  ~Activation() {
    frame_.stack_used -= need_;
    frame_.base = base_;
    frame_.number_base = number_base_;
    frame_.stack.resize(size_);
    frame_.number_stack.resize(number_size_);
  }
  Activation(const Activation&) = delete;
  Activation& operator=(const Activation&) = delete;

 private:
  /// Half of the 4 MB that a worker's stack has, in units of 100 bytes; what a call takes itself.
  static constexpr int most = 20'000, of_call = 5;
  Frame<N>& frame_;
  int need_;
  std::size_t base_, number_base_, size_, number_size_;
};

/// Runs `of(code)` on the code that the arguments choose, with their frame around it.
template <class N, class Of>
auto run_definition(Frame<N>& frame, const DefinitionCode<N>& code, const std::int64_t* arguments,
                    std::size_t count, std::vector<N>& given_numbers, Of&& of) {
  const Activation<N> activation(frame, code.stack_need, std::max(code.slots, count),
                                 std::max(code.numbers, given_numbers.size()));
  std::copy(arguments, arguments + count, frame.stack.begin() + static_cast<std::ptrdiff_t>(frame.base));
  for (std::size_t i = 0; i < given_numbers.size(); ++i)
    frame.number_stack[frame.number_base + i] = std::move(given_numbers[i]);
  if (!code.bases.empty()) {
    std::int64_t least = code.bases[0].first;
    for (const auto& [at, base] : code.bases) {
      if (arguments[0] == at) return of(*base);
      least = std::min(least, at);
    }
    if (arguments[0] < least) throw UndefinedValue("a subscript below its base case");
  }
  if (!code.body) throw InternalError("a definition without a body");
  return of(*code.body);
}

/// The value at a place of a memo's table, which `compute` tells if it is not known.
template <class V, class Compute>
V from_memo(Memo<V>& memo, std::span<const std::int64_t> integers, std::size_t flat, std::size_t size,
            Compute&& compute) {
  if (const auto& known = memo.table(integers, size); known.known[flat] != 0) return known.values[flat];
  V value = compute();
  auto& known = memo.table(integers, size);  // what was computed may have moved it
  known.values[flat] = value;
  known.known[flat] = 1;
  return value;
}

/// The value of a definition that is memoised, if it is, or of its run.
template <class N, class V, class Run>
V remembered(Frame<N>& frame, const DefinitionCode<N>& code, Memo<V>& memo, const std::int64_t* arguments,
             std::size_t count, Run&& run) {
  LEMMACHECK_INVARIANT(count <= most_arguments);
  if (!code.memoised) return run();
  // Integers make the key, elements the place.
  std::size_t flat = 0, size = 1, integers = 0;
  std::array<std::int64_t, most_arguments> key;
  const std::size_t first = code.has_step ? 1 : 0;
  if (code.has_step) key[integers++] = arguments[0];
  std::size_t element = 0;
  for (std::size_t i = first; i < count; ++i) {
    if (code.is_element[i - first]) {
      const std::size_t n = frame.set_size(code.element_sets[element++]);
      flat = flat * n + static_cast<std::size_t>(arguments[i]);
      size *= n;
    } else {
      key[integers++] = arguments[i];
    }
  }
  return from_memo(memo, std::span(key).first(integers), flat, size, run);
}

template <class N>
N call(Frame<N>& frame, int definition, const std::int64_t* arguments, std::size_t count,
       std::vector<N>&& given_numbers) {
  const auto index = static_cast<std::size_t>(definition);
  const DefinitionCode<N>& code = frame.program.definitions[index];
  return remembered(frame, code, frame.memo[index], arguments, count, [&] {
    return run_definition(frame, code, arguments, count, given_numbers,
                          [&](const NumberCode<N>& body) { return body.eval(frame); });
  });
}

/// Whether the value of a definition is above 0, which is never below.
template <class N>
Truth call_is_positive(Frame<N>& frame, int definition, const std::int64_t* arguments, std::size_t count,
                       std::vector<N>&& given_numbers) {
  const auto index = static_cast<std::size_t>(definition);
  const DefinitionCode<N>& code = frame.program.definitions[index];
  return remembered(frame, code, frame.signs[index], arguments, count, [&] {
    return run_definition(frame, code, arguments, count, given_numbers,
                          [&](const NumberCode<N>& body) { return body.positive(frame); });
  });
}

/// Elements of a flat number.
template <class N>
void unflatten(Frame<N>& frame, std::size_t flat, std::span<const std::size_t> sets, std::int64_t* out) {
  for (std::size_t i = sets.size(); i-- > 0;) {
    const std::size_t n = frame.set_size(sets[i]);
    out[i] = static_cast<std::int64_t>(flat % n);
    flat /= n;
  }
}

/// Says which row of which definition is no distribution, and on which instance.
[[noreturn]] void fail_no_distribution(const Definition& definition, const Assignment& assignment,
                                       const std::vector<std::int64_t>& condition, std::int64_t step,
                                       const std::string& fault);

/// The probabilities of one row of a constructed law or kernel, whose condition is a flat number.
template <class N>
Scratch<N> constructed_row(Frame<N>& frame, int index, std::int64_t step, std::size_t condition) {
  const DefinitionCode<N>& code = frame.program.definitions[static_cast<std::size_t>(index)];
  const std::span<const std::size_t> outcomes = code.outcome_sets;
  const auto conditions = std::span(code.element_sets).first(code.element_sets.size() - outcomes.size());
  const std::size_t first = code.has_step ? 1 : 0, count = first + code.is_element.size();
  LEMMACHECK_INVARIANT(count <= most_arguments);
  std::array<std::int64_t, most_arguments> arguments{step};
  unflatten(frame, condition, conditions, &arguments[first]);
  std::size_t columns = 1;
  for (const std::size_t set : outcomes) columns *= frame.set_size(set);
  Scratch<N> row;
  row->reserve(columns);
  for (std::size_t c = 0; c < columns; ++c) {
    unflatten(frame, c, outcomes, &arguments[first + conditions.size()]);
    row->push_back(call<N>(frame, index, arguments.data(), count, {}));
  }
  return row;
}

/// Says of a row what is wrong with it.
template <class N>
[[noreturn]] void fail_at_row(Frame<N>& frame, int index, std::int64_t step, std::size_t condition,
                              const std::string& fault) {
  const DefinitionCode<N>& code = frame.program.definitions[static_cast<std::size_t>(index)];
  std::vector<std::int64_t> where(code.element_sets.size() - code.outcome_sets.size());
  unflatten(frame, condition, std::span(code.element_sets).first(where.size()), where.data());
  fail_no_distribution(*code.definition, frame.parts(), where, step, fault);
}

template <class N>
RowRef<N> Frame<N>::constructed(int index, std::int64_t step, std::size_t condition) {
  const RowKey key{index, step, condition};
  if constexpr (std::is_same_v<N, Rational>) {
    auto found = matrix_rows.find(key);
    if (found == matrix_rows.end()) {
      const Scratch<Rational> row = constructed_row(*this, index, step, condition);
      auto matrix = StochasticMatrix::of_row(*row);
      if (!matrix) {
        for (const Rational& probability : *row)
          if (probability.sign() < 0)
            fail_at_row(*this, index, step, condition, "gives the probability " + probability.to_string());
        const Rational sum = Rational::sum(0, row->size(), [&](std::size_t c) { return row[c]; });
        fail_at_row(*this, index, step, condition, "sums to " + sum.to_string());
      }
      found = matrix_rows.emplace(key, *std::move(matrix)).first;
    }
    return {&found->second, 0, nullptr, found->second.columns()};
  } else if (!program.irrational_rows[static_cast<std::size_t>(index)]) {
    const RowRef<Rational> row = exact().constructed(index, step, condition);
    return {row.matrix, 0, nullptr, row.columns};
  } else {
    auto found = dense_rows.find(key);
    if (found == dense_rows.end()) {
      const Scratch<N> row = constructed_row(*this, index, step, condition);
      require_all_defined(std::span<const N>(*row));  // a row is undefined where one of its numbers is
      N sum{};
      for (const N& value : *row) {
        if (Arithmetic<N>::is_less(value, N(0)) == Truth::yes)
          fail_at_row(*this, index, step, condition, "has a negative probability");
        sum += value;
      }
      if (is_equal(sum, N(1)) == Truth::no) fail_at_row(*this, index, step, condition, "does not sum to 1");
      found = dense_rows.emplace(key, *row).first;
    }
    return {nullptr, 0, found->second.data(), found->second.size()};
  }
}

}  // namespace lemmacheck::detail
