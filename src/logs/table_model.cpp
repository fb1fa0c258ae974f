#include "logs/table_model.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

constexpr std::size_t largest_alphabet = 4096;

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text;
  for (const std::size_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

/// Makes a row sum to 1: the largest number takes up what floats left over, which keeps denominators powers
/// of 2, or where it cannot, all are divided by the sum.
void complete(std::vector<Rational>& row) {
  Rational sum;
  for (const Rational& mass : row) sum += mass;
  const Rational over = sum - Rational(1);
  Rational& largest = *std::ranges::max_element(row);
  if (largest >= over) {
    largest -= over;
  } else {
    for (Rational& mass : row) mass /= sum;
  }
}

StochasticMatrix matrix_of(const LoggedTables& tables, const std::string& name) {
  const NumberArray& table = tables.at(name);
  const std::size_t columns = table.shape.back();
  StochasticMatrix::Rows rows(table.outer(table.axes() - 1));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto begin = table.values.begin() + static_cast<std::ptrdiff_t>(row * columns);
    std::vector<Rational> masses(begin, begin + static_cast<std::ptrdiff_t>(columns));
    complete(masses);
    for (std::uint32_t i = 0; i < columns; ++i)
      if (masses[i].sign() != 0) rows[row].push_back({i, masses[i]});
  }
  return StochasticMatrix(static_cast<std::uint32_t>(columns), rows, [&](std::size_t row) {
    return tables.place(name) + ", row " + std::to_string(row);
  });
}

std::vector<Rational> numbers_or(const LoggedTables& tables, const std::string& name, std::size_t pairs,
                                 int otherwise) {
  return tables.has(name) ? tables.at(name).values : std::vector<Rational>(pairs, Rational(otherwise));
}

}  // namespace

void require_shape(const LoggedTables& tables, const std::string& name, const std::vector<std::size_t>& shape,
                   const std::string& what) {
  if (tables.at(name).shape != shape)
    tables.fail(name, "has the shape " + shape_text(tables.at(name).shape) + "; " + what + " needs " +
                          shape_text(shape));
}

std::vector<std::int64_t> whole_numbers(const LoggedTables& tables, const std::string& name, std::uint32_t n,
                                        bool padded) {
  const NumberArray& table = tables.at(name);
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    const Rational& value = table.values[i];
    const bool natural = value.sign() >= 0 && !table.infinite.contains(i);
    const std::uint64_t word = natural ? value.scaled_to_word(1).value_or(n) : n;
    if (padded && value == Rational(-1)) {
      out.push_back(-1);
    } else if (word < n) {
      out.push_back(static_cast<std::int64_t>(word));
    } else {
      tables.fail(name + index_text(table.shape, i),
                  "is " + value.to_string() + "; a whole number from 0 to " + std::to_string(n - 1) +
                      " is needed" + (padded ? ", or -1 to fill up" : ""));
    }
  }
  return out;
}

RecurrentModel recurrent_model_of(const LoggedTables& tables) {
  const NumberArray& sequence = tables.at("sequence");
  if (sequence.axes() != 3)
    tables.fail("sequence", "has " + std::to_string(sequence.axes()) +
                                " axes; it needs three: recurrent states, codes, actions");
  const NumberArray& decoder = tables.at("decoder");
  if (decoder.axes() != 3)
    tables.fail("decoder", "has " + std::to_string(decoder.axes()) +
                               " axes; it needs three: recurrent states, codes, observations");
  const std::size_t r = sequence.shape[0], z = sequence.shape[1], a = sequence.shape[2], x = decoder.shape[2];
  for (const std::size_t size : {r, z, a, x})
    if (size == 0 || size > largest_alphabet)
      tables.fail(size == x ? "decoder" : "sequence", "an axis is of size " + std::to_string(size) +
                                                          "; 1 to " + std::to_string(largest_alphabet) +
                                                          " are possible");
  require_shape(tables, "decoder", {r, z, x}, "[R, Z, X] beside sequence");
  require_shape(tables, "encoder", {x, r, z}, "[X, R, Z] beside sequence and decoder");
  require_shape(tables, "dynamics", {r, z}, "[R, Z] beside sequence");
  for (const char* name : {"rewards", "continues"})
    if (tables.has(name)) require_shape(tables, name, {r, z}, "[R, Z] beside sequence");
  RecurrentModel model{static_cast<std::uint32_t>(r),
                       static_cast<std::uint32_t>(z),
                       static_cast<std::uint32_t>(x),
                       static_cast<std::uint32_t>(a),
                       {},
                       matrix_of(tables, "encoder"),
                       matrix_of(tables, "dynamics"),
                       matrix_of(tables, "decoder"),
                       numbers_or(tables, "rewards", r * z, 0),
                       numbers_or(tables, "continues", r * z, 1)};
  for (const std::int64_t h : whole_numbers(tables, "sequence", model.recurrent))
    model.next.push_back(static_cast<std::uint32_t>(h));
  model.validate();
  return model;
}

std::vector<Episode> episodes_of(const LoggedTables& tables, const RecurrentModel& model) {
  const NumberArray& table = tables.at("observations");
  if (table.axes() != 2 || table.shape[1] == 0)
    tables.fail("observations", "has the shape " + shape_text(table.shape) +
                                    "; [N, T] is needed: N episodes of at most T >= 1 observations");
  const std::size_t n = table.shape[0], t = table.shape[1];
  require_shape(tables, "actions", {n, t - 1}, "[N, T - 1] beside observations");
  const auto observations = whole_numbers(tables, "observations", model.observations, true),
             actions = whole_numbers(tables, "actions", model.actions, true);
  std::vector<Episode> episodes(n);
  for (std::size_t i = 0; i < n; ++i) {
    Episode& episode = episodes[i];
    for (std::size_t k = 0; k < t && observations[i * t + k] >= 0; ++k)
      episode.observations.push_back(static_cast<std::uint32_t>(observations[i * t + k]));
    if (episode.observations.empty()) tables.fail("observations" + index_text({n}, i), "is an empty episode");
    for (std::size_t k = episode.observations.size(); k < t; ++k)
      if (observations[i * t + k] >= 0)
        tables.fail("observations" + index_text({n, t}, i * t + k),
                    "follows a -1; only the end is filled up");
    for (std::size_t k = 0; k + 1 < episode.observations.size(); ++k) {
      const std::int64_t action = actions[i * (t - 1) + k];
      if (action < 0)
        tables.fail("actions" + index_text({n, t - 1}, i * (t - 1) + k),
                    "is -1 although an observation follows");
      episode.actions.push_back(static_cast<std::uint32_t>(action));
    }
  }
  return episodes;
}

}  // namespace lemmacheck
