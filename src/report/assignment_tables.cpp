#include "report/assignment_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lemmacheck {
namespace {

using Kind = PartShape::Kind;

/// The letter that stands for an element of a set in a table's head: s, a, x.
std::string letter(const Assignment& assignment, std::size_t set) {
  const std::string& name = assignment.signature->sets[set];
  std::string low;
  for (const char c : name) low += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return low;
}

std::vector<std::string> heads(const Assignment& assignment, const PartShape& shape) {
  std::vector<std::string> list;
  if (shape.family) list.emplace_back("h");
  for (const std::size_t set : shape.from) {
    std::string name = letter(assignment, set);
    while (std::find(list.begin(), list.end(), name) != list.end()) name += "'";
    list.push_back(name);
  }
  return list;
}

std::string tuple_in_words(const Assignment& assignment, std::size_t flat,
                           const std::vector<std::size_t>& sets) {
  std::vector<std::size_t> indices(sets.size());
  for (std::size_t i = sets.size(); i-- > 0;) {
    indices[i] = flat % assignment.sizes[sets[i]];
    flat /= assignment.sizes[sets[i]];
  }
  if (indices.size() == 1) return std::to_string(indices[0]);
  std::string words;
  for (const std::size_t index : indices) words += (words.empty() ? "(" : ",") + std::to_string(index);
  return words + ")";
}

std::string row_in_words(const Assignment& assignment, const PartShape& shape, const StochasticMatrix& rows,
                         std::size_t row) {
  std::string words;
  for (std::size_t e = rows.row_begin(row); e != rows.row_end(row); ++e)
    words +=
        fmt::format("{}{}: {}", words.empty() ? "" : ", ",
                    tuple_in_words(assignment, rows.column(e), shape.to), rows.probability(e).to_string());
  return words;
}

std::string cell(const Assignment& assignment, std::size_t part, std::size_t row) {
  const PartShape& shape = assignment.signature->parts[part];
  const PartValue& value = assignment.values[part];
  if (const auto* matrix = std::get_if<StochasticMatrix>(&value))
    return row_in_words(assignment, shape, *matrix, row);
  if (const auto* images = std::get_if<std::vector<std::uint32_t>>(&value))
    return std::to_string((*images)[row]);
  const std::uint32_t last = assignment.sizes[shape.from.back()];
  return std::get<RewardTable>(value)(State{static_cast<std::uint32_t>(row / last)},
                                      Action{static_cast<std::uint32_t>(row % last)})
      .to_string();
}

std::string column_head(const Assignment& assignment, const PartShape& shape) {
  const std::string name = shape.name + (shape.family ? "_h" : "");
  std::string arguments;
  for (const std::string& head : heads(assignment, {shape.name, shape.kind, shape.from, shape.to, false}))
    arguments += (arguments.empty() ? "" : ",") + head;
  if (shape.kind != Kind::rows) return name + "(" + arguments + ")";
  return name + "(.|" + arguments + ")";
}

}  // namespace

std::vector<WordTable> assignment_tables(const Assignment& assignment) {
  const Signature& signature = *assignment.signature;
  std::vector<WordTable> tables;
  WordTable numbers{"Instance", {""}, {}};
  for (std::size_t i = 0; i < signature.sets.size(); ++i)
    numbers.rows.push_back({"|" + signature.sets[i] + "|", std::to_string(assignment.sizes[i])});
  std::vector<bool> done(signature.parts.size());
  for (std::size_t i = 0; i < signature.parts.size(); ++i) {
    const PartShape& shape = signature.parts[i];
    if (shape.kind == Kind::number || shape.kind == Kind::integer)
      numbers.rows.push_back({shape.name, assignment.number(i).to_string()});
    else if (shape.kind == Kind::element)
      numbers.rows.push_back({shape.name, std::to_string(std::get<std::uint32_t>(assignment.values[i]))});
    else if (shape.from.empty() && !shape.family)
      numbers.rows.push_back({shape.name, row_in_words(assignment, shape, assignment.rows(i), 0)});
    else
      continue;
    done[i] = true;
  }
  numbers.header.resize(2);
  tables.push_back(std::move(numbers));
  for (std::size_t i = 0; i < signature.parts.size(); ++i) {
    if (done[i]) continue;
    const PartShape& shape = signature.parts[i];
    WordTable table{"", heads(assignment, shape), {}};
    const std::size_t one = assignment.size_of_product(shape.from), rows = one * assignment.steps_of(shape);
    std::vector<std::size_t> parts;
    for (std::size_t k = i; k < signature.parts.size(); ++k)
      if (!done[k] && signature.parts[k].from == shape.from && signature.parts[k].family == shape.family) {
        parts.push_back(k);
        done[k] = true;
        table.header.push_back(column_head(assignment, signature.parts[k]));
        table.title += (table.title.empty() ? "" : ", ") + signature.parts[k].name;
      }
    for (std::size_t row = 0; row < rows; ++row) {
      std::vector<std::string> line;
      if (shape.family) line.push_back(std::to_string(row / one + 1));
      std::vector<std::size_t> indices(shape.from.size());
      std::size_t flat = row % one;
      for (std::size_t k = shape.from.size(); k-- > 0;) {
        indices[k] = flat % assignment.sizes[shape.from[k]];
        flat /= assignment.sizes[shape.from[k]];
      }
      for (const std::size_t index : indices) line.push_back(std::to_string(index));
      std::string first_row;
      for (const std::size_t k : parts) {
        const std::string words = cell(assignment, k, row);
        // T' beside T: an equal row is not repeated.
        const bool kernel = signature.parts[k].kind == Kind::rows;
        line.push_back(kernel && words == first_row && words.size() > 4 ? "the same" : words);
        if (kernel && first_row.empty()) first_row = words;
      }
      table.rows.push_back(std::move(line));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace lemmacheck
