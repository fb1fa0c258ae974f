#include "campaign/plain_assignment.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

using Kind = PartShape::Kind;

/// The place of an element of `sets[k]` inside a flat number over `sets`.
std::uint32_t index_in(std::size_t flat, const std::vector<std::size_t>& sets, std::size_t k,
                       const std::vector<std::uint32_t>& sizes) {
  for (std::size_t i = sets.size(); --i > k;) flat /= sizes[sets[i]];
  return static_cast<std::uint32_t>(flat % sizes[sets[k]]);
}

/// Whether a flat number speaks of an element of a set.
bool speaks_of(std::size_t flat, const std::vector<std::size_t>& sets, std::size_t set, std::uint32_t element,
               const std::vector<std::uint32_t>& sizes) {
  for (std::size_t k = 0; k < sets.size(); ++k)
    if (sets[k] == set && index_in(flat, sets, k, sizes) == element) return true;
  return false;
}

/// The flat number with one element for another, in a set that has lost one.
std::size_t moved(std::size_t flat, const std::vector<std::size_t>& sets, std::size_t set, std::uint32_t gone,
                  std::uint32_t heir, const std::vector<std::uint32_t>& sizes) {
  std::size_t result = 0;
  for (std::size_t k = 0; k < sets.size(); ++k) {
    std::uint32_t index = index_in(flat, sets, k, sizes);
    std::uint32_t size = sizes[sets[k]];
    if (sets[k] == set) {
      if (index == gone) index = heir;
      if (index > gone) --index;
      --size;
    }
    result = result * size + index;
  }
  return result;
}

}  // namespace

PlainAssignment::PlainAssignment(const Assignment& assignment)
    : signature(assignment.signature), sizes(assignment.sizes) {
  for (std::size_t i = 0; i < assignment.values.size(); ++i) {
    Part part;
    const PartValue& value = assignment.values[i];
    if (const auto* number = std::get_if<Rational>(&value)) part.numbers = {*number};
    if (const auto* element = std::get_if<std::uint32_t>(&value)) part.indices = {*element};
    if (const auto* images = std::get_if<std::vector<std::uint32_t>>(&value)) part.indices = *images;
    if (const auto* table = std::get_if<RewardTable>(&value)) {
      const PartShape& shape = signature->parts[i];
      const std::uint32_t last = sizes[shape.from.back()];
      const std::size_t size = assignment.size_of_product(shape.from) * assignment.steps_of(shape);
      for (std::size_t k = 0; k < size; ++k)
        part.numbers.push_back((*table)(State{static_cast<std::uint32_t>(k / last)},
                                        Action{static_cast<std::uint32_t>(k % last)}));
    }
    if (const auto* matrix = std::get_if<StochasticMatrix>(&value)) {
      part.rows.assign(matrix->rows(), std::vector<Rational>(matrix->columns()));
      for (std::size_t row = 0; row < matrix->rows(); ++row)
        for (std::size_t e = matrix->row_begin(row); e != matrix->row_end(row); ++e)
          part.rows[row][matrix->column(e)] = matrix->probability(e);
    }
    parts.push_back(std::move(part));
  }
}

std::size_t PlainAssignment::product(const std::vector<std::size_t>& sets) const {
  std::size_t size = 1;
  for (const std::size_t set : sets) size *= sizes[set];
  return size;
}

std::size_t PlainAssignment::steps() const {
  return signature->horizon ? static_cast<std::size_t>(integer_of(parts[*signature->horizon].numbers[0])) : 1;
}

std::size_t PlainAssignment::one_step(std::size_t part) const {
  return product(signature->parts[part].from);
}

Assignment PlainAssignment::build() const {
  Assignment assignment;
  assignment.signature = signature;
  assignment.sizes = sizes;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const PartShape& shape = signature->parts[i];
    const Part& part = parts[i];
    switch (shape.kind) {
      case Kind::number:
      case Kind::integer:
        assignment.values.emplace_back(part.numbers[0]);
        break;
      case Kind::element:
        assignment.values.emplace_back(part.indices[0]);
        break;
      case Kind::map:
        assignment.values.emplace_back(part.indices);
        break;
      case Kind::function:
        assignment.values.emplace_back(
            function_table(part.numbers.size(), sizes[shape.from.back()], part.numbers));
        break;
      case Kind::rows: {
        StochasticMatrix::Rows list;
        for (const auto& row : part.rows) {
          auto& entries = list.emplace_back();
          for (std::size_t c = 0; c < row.size(); ++c)
            entries.push_back({static_cast<std::uint32_t>(c), row[c]});
        }
        assignment.values.emplace_back(StochasticMatrix(static_cast<std::uint32_t>(product(shape.to)), list,
                                                        [](std::size_t) { return std::string("a row"); }));
        break;
      }
    }
  }
  return assignment;
}

void PlainAssignment::merge_element(std::size_t set, std::uint32_t gone, std::uint32_t heir) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const PartShape& shape = signature->parts[i];
    Part& part = parts[i];
    const std::size_t one = one_step(i);
    if (shape.kind == Kind::element) {
      if (shape.from[0] != set) continue;
      std::uint32_t& element = part.indices[0];
      if (element == gone) element = heir;
      if (element > gone) --element;
      continue;
    }
    if (shape.kind == Kind::map) {
      if (shape.to[0] == set)
        for (std::uint32_t& image : part.indices)
          image = static_cast<std::uint32_t>(moved(image, shape.to, set, gone, heir, sizes));
      std::vector<std::uint32_t> left;
      for (std::size_t k = 0; k < part.indices.size(); ++k)
        if (!speaks_of(k, shape.from, set, gone, sizes)) left.push_back(part.indices[k]);
      part.indices = std::move(left);
      continue;
    }
    std::vector<Rational> numbers;
    for (std::size_t k = 0; k < part.numbers.size() && shape.kind == Kind::function; ++k)
      if (!speaks_of(k % one, shape.from, set, gone, sizes)) numbers.push_back(part.numbers[k]);
    if (shape.kind == Kind::function) part.numbers = std::move(numbers);
    std::vector<std::vector<Rational>> rows;
    for (std::size_t row = 0; row < part.rows.size(); ++row) {
      if (speaks_of(row % one, shape.from, set, gone, sizes)) continue;
      if (std::find(shape.to.begin(), shape.to.end(), set) == shape.to.end()) {
        rows.push_back(part.rows[row]);
        continue;
      }
      std::size_t columns = 1;
      for (const std::size_t each : shape.to) columns *= each == set ? sizes[each] - 1 : sizes[each];
      std::vector<Rational> smaller(columns);
      for (std::size_t c = 0; c < part.rows[row].size(); ++c)
        smaller[moved(c, shape.to, set, gone, heir, sizes)] += part.rows[row][c];
      rows.push_back(std::move(smaller));
    }
    part.rows = std::move(rows);
  }
  --sizes[set];
}

void PlainAssignment::cut_horizon(std::size_t horizon, bool at_start) {
  const std::size_t now = steps();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!signature->parts[i].family) continue;
    const std::size_t one = one_step(i), gone = (now - horizon) * one;
    const auto cut = [&](auto& list) {
      if (list.empty()) return;
      const auto n = static_cast<std::ptrdiff_t>(gone);
      if (at_start)
        list.erase(list.begin(), list.begin() + n);
      else
        list.erase(list.end() - n, list.end());
    };
    cut(parts[i].numbers);
    cut(parts[i].rows);
  }
  parts[*signature->horizon].numbers = {Rational(horizon)};
}

}  // namespace lemmacheck
