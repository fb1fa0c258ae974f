// Whether an instance from elsewhere is one of the lemma.
#include <algorithm>

#include "language/detail/lemma_draw.hpp"

namespace lemmacheck::detail {

std::optional<std::string> LemmaDraw::objection_to(const Assignment& assignment, std::size_t part) const {
  const Given& given = lemma_.givens[part];
  const PartShape& shape = signature_.parts[part];
  const PartValue& value = assignment.values[part];
  switch (given.kind) {
    case Given::Kind::number:
    case Given::Kind::integer:
      return objection_to_number(assignment, part, std::get<Rational>(value));
    case Given::Kind::element:
      if (given.plan == Given::Plan::argmin) {
        const auto allowed = elements(assignment, part);
        const auto found = std::find(allowed.begin(), allowed.end(), std::get<std::uint32_t>(value));
        if (found == allowed.end()) return given.name + " does not minimise";
        if (given.lowest && found != allowed.begin()) return given.name + " is not the lowest that minimises";
      }
      return std::nullopt;
    case Given::Kind::map: {
      const auto& images = std::get<std::vector<std::uint32_t>>(value);
      if (!lemma_.is_onto(given)) return std::nullopt;
      std::vector<bool> met(assignment.sizes[shape.to[0]]);
      for (const std::uint32_t image : images) met[image] = true;
      if (std::find(met.begin(), met.end(), false) != met.end()) return given.name + " is not onto";
      return std::nullopt;
    }
    case Given::Kind::function: {
      const RewardTable& table = std::get<RewardTable>(value);
      const std::size_t size = assignment.size_of_product(shape.from) * assignment.steps_of(shape);
      const std::uint32_t last = assignment.sizes[shape.from.back()];
      for (std::size_t i = 0; i < size; ++i)
        if (auto reason = objection_to_number(assignment, part,
                                              table(State_{static_cast<std::uint32_t>(i / last)},
                                                    Action{static_cast<std::uint32_t>(i % last)})))
          return reason;
      return std::nullopt;
    }
    case Given::Kind::rows:
      return objection_to_rows(assignment, part);
  }
  return std::nullopt;
}

std::optional<std::string> LemmaDraw::objection_to_number(const Assignment& assignment, std::size_t part,
                                                          const Rational& value) const {
  const Given& given = lemma_.givens[part];
  const auto outside = [&] {
    return given.name + " has the value " + value.to_string() + ", which is out of its range";
  };
  switch (given.range.kind) {
    case Range::Kind::reals:
      return std::nullopt;
    case Range::Kind::listed:
      if (std::find(given.range.values.begin(), given.range.values.end(), value) == given.range.values.end())
        return outside();
      return std::nullopt;
    case Range::Kind::integers:
      if (!value.is_integer()) return outside();
      if (part == signature_.horizon && !given.range.said)
        return value.sign() <= 0 ? std::optional(outside()) : std::nullopt;
      if (value < Rational(range_low(assignment, part)) || value > Rational(range_high(assignment, part)))
        return outside();
      return std::nullopt;
    case Range::Kind::interval: {
      const Rational low = low_end(assignment, part), high = high_end(assignment, part);
      if (given.range.low_open ? value <= low : value < low) return outside();
      if (given.range.high_open ? value >= high : value > high) return outside();
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<std::string> LemmaDraw::objection_to_rows(const Assignment& assignment,
                                                        std::size_t part) const {
  const Given& given = lemma_.givens[part];
  const StochasticMatrix& rows = assignment.rows(part);
  if (given.deterministic && rows.entries() != rows.rows()) return given.name + " is not deterministic";
  if (given.positive && rows.entries() != rows.rows() * rows.columns())
    return given.name + " is not positive everywhere";
  if (given.plan == Given::Plan::none) return std::nullopt;
  if (given.plan == Given::Plan::argmax && !given.lowest) {
    if (!attains(assignment, part)) return given.name + " is not best wherever it goes in " + given.model;
    return std::nullopt;
  }
  const auto allowed = actions(assignment, part);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::uint32_t taken = rows.column(rows.row_begin(row));
    const auto found = std::find(allowed[row].begin(), allowed[row].end(), taken);
    if (found == allowed[row].end())
      return given.name + " is not " +
             (given.plan == Given::Plan::greedy ? "greedy" : "optimal in " + given.model);
    if (given.lowest && found != allowed[row].begin())
      return given.name + " does not take the lowest action among the best";
  }
  return std::nullopt;
}

}  // namespace lemmacheck::detail
