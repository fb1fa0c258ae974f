#include "generate/assignment_file.hpp"

#include <algorithm>
#include <map>

#include "mdp/json_reading.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;
using Kind = PartShape::Kind;

constexpr std::int64_t most_elements = 100'000;
constexpr std::int64_t most_steps = 100'000;

/// The indices of each set that a flat number stands for, the last set's first to change.
void append_indices(json& out, std::size_t flat, const std::vector<std::size_t>& sets,
                    const Assignment& assignment) {
  std::vector<std::size_t> indices(sets.size());
  for (std::size_t i = sets.size(); i-- > 0;) {
    indices[i] = flat % assignment.sizes[sets[i]];
    flat /= assignment.sizes[sets[i]];
  }
  for (const std::size_t index : indices) out.push_back(index);
}

json rows_to_json(const StochasticMatrix& rows, const PartShape& shape, const Assignment& assignment) {
  json out = json::array();
  const std::size_t conditions = assignment.size_of_product(shape.from);
  for (std::size_t row = 0; row < rows.rows(); ++row)
    for (std::size_t e = rows.row_begin(row); e != rows.row_end(row); ++e) {
      json entry = json::array();
      if (shape.family) entry.push_back(row / conditions + 1);
      append_indices(entry, row % conditions, shape.from, assignment);
      append_indices(entry, rows.column(e), shape.to, assignment);
      entry.push_back(rows.probability(e).to_string());
      out.push_back(std::move(entry));
    }
  return out;
}

json table_to_json(const RewardTable& table, const PartShape& shape, const Assignment& assignment) {
  json out = json::array();
  const std::size_t size = assignment.size_of_product(shape.from);
  const std::uint32_t last = assignment.sizes[shape.from.back()];
  for (std::size_t i = 0; i < size * assignment.steps_of(shape); ++i) {
    const Rational value =
        table(State{static_cast<std::uint32_t>(i / last)}, Action{static_cast<std::uint32_t>(i % last)});
    if (value.sign() == 0) continue;
    json entry = json::array();
    if (shape.family) entry.push_back(i / size + 1);
    append_indices(entry, i % size, shape.from, assignment);
    entry.push_back(value.to_string());
    out.push_back(std::move(entry));
  }
  return out;
}

class Reader {
 public:
  Reader(const std::shared_ptr<const Signature>& signature, const JsonPlace& place) : place_(place) {
    assignment_.signature = signature;
  }

  Assignment read() {
    const Signature& signature = *assignment_.signature;
    place_.allow_only({"sizes", "values"});
    const JsonPlace sizes = place_.member("sizes"), values = place_.member("values");
    std::vector<std::string_view> sets, names;
    for (const std::string& set : signature.sets) sets.push_back(set);
    for (const PartShape& part : signature.parts) names.push_back(part.name);
    sizes.allow_only(sets);
    values.allow_only(names);
    for (const std::string& set : signature.sets)
      assignment_.sizes.push_back(
          static_cast<std::uint32_t>(sizes.member(set.c_str()).integer(1, most_elements, "a size")));
    assignment_.values.resize(signature.parts.size());
    // The horizon first: it tells how many members families have.
    if (signature.horizon) part(*signature.horizon, values);
    for (std::size_t i = 0; i < signature.parts.size(); ++i)
      if (i != signature.horizon) part(i, values);
    return std::move(assignment_);
  }

 private:
  void part(std::size_t i, const JsonPlace& values) {
    const PartShape& shape = assignment_.signature->parts[i];
    const JsonPlace place = values.member(shape.name.c_str());
    PartValue& value = assignment_.values[i];
    switch (shape.kind) {
      case Kind::number:
        value = place.rational();
        return;
      case Kind::integer: {
        const Rational number = place.rational();
        if (!number.is_integer() || abs(number) > Rational(most_steps))
          place.fail("is no integer of moderate size");
        if (i == assignment_.signature->horizon && number.sign() <= 0)
          place.fail("is no horizon: it must be at least 1");
        value = number;
        return;
      }
      case Kind::element:
        value = place.index(assignment_.sizes[shape.from[0]],
                            "an element of " + assignment_.signature->sets[shape.from[0]]);
        return;
      case Kind::map:
        value = map(place, shape);
        return;
      case Kind::function:
        value = table(place, shape);
        return;
      case Kind::rows:
        value = rows(place, shape);
        return;
    }
  }

  /// One entry: [h if a family, indices of sets..., value]; the flat number of its indices goes to `flat`,
  /// step first.
  JsonPlace entry(const JsonPlace& place, std::size_t i, const PartShape& shape,
                  const std::vector<std::size_t>& sets, std::size_t& flat,
                  const std::string& value = "\"p/q\"") {
    const JsonPlace item = place.element(i);
    const std::size_t first = shape.family ? 1 : 0;
    std::string form = "[";
    if (shape.family) form += "h, ";
    for (const std::size_t set : sets) form += assignment_.signature->sets[set] + ", ";
    item.require_array(first + sets.size() + 1, form + value + "]");
    flat = shape.family ? static_cast<std::size_t>(item.element(0).integer(
                              1, static_cast<std::int64_t>(assignment_.steps()), "a step")) -
                              1
                        : 0;
    for (std::size_t k = 0; k < sets.size(); ++k)
      flat = flat * assignment_.sizes[sets[k]] +
             item.element(first + k).index(assignment_.sizes[sets[k]],
                                           "an element of " + assignment_.signature->sets[sets[k]]);
    return item.element(first + sets.size());
  }

  std::vector<std::uint32_t> map(const JsonPlace& place, const PartShape& shape) {
    std::vector<std::uint32_t> images(assignment_.size_of_product(shape.from));
    std::vector<bool> seen(images.size());
    const std::string& to = assignment_.signature->sets[shape.to[0]];
    for (std::size_t i = 0; i < place.array_size(); ++i) {
      std::size_t from = 0;
      const JsonPlace image = entry(place, i, shape, shape.from, from, to);
      if (seen[from]) place.element(i).fail("stands twice");
      seen[from] = true;
      images[from] = image.index(assignment_.sizes[shape.to[0]], "an element of " + to);
    }
    if (std::find(seen.begin(), seen.end(), false) != seen.end())
      place.fail("leaves an element without an image");
    return images;
  }

  void require_size(const JsonPlace& place, std::size_t size) {
    constexpr std::size_t most = 20'000'000;
    if (size > most) place.fail("has more than 20 million entries at these sizes; give smaller ones");
  }

  RewardTable table(const JsonPlace& place, const PartShape& shape) {
    const std::size_t size = assignment_.size_of_product(shape.from) * assignment_.steps_of(shape);
    require_size(place, size);
    std::vector<Rational> values(size);
    std::vector<bool> seen(size);
    for (std::size_t i = 0; i < place.array_size(); ++i) {
      std::size_t flat = 0;
      const JsonPlace value = entry(place, i, shape, shape.from, flat);
      if (seen[flat]) place.element(i).fail("stands twice");
      seen[flat] = true;
      values[flat] = value.rational();
    }
    return function_table(size, assignment_.sizes[shape.from.back()], std::move(values));
  }

  StochasticMatrix rows(const JsonPlace& place, const PartShape& shape) {
    std::vector<std::size_t> sets = shape.from;
    sets.insert(sets.end(), shape.to.begin(), shape.to.end());
    const std::size_t columns = assignment_.size_of_product(shape.to);
    const std::size_t count = assignment_.size_of_product(shape.from) * assignment_.steps_of(shape);
    require_size(place, count);
    StochasticMatrix::Rows list(count);
    for (std::size_t i = 0; i < place.array_size(); ++i) {
      std::size_t flat = 0;
      const JsonPlace value = entry(place, i, shape, sets, flat);
      list[flat / columns].push_back({static_cast<std::uint32_t>(flat % columns), value.rational()});
    }
    const std::size_t conditions = assignment_.size_of_product(shape.from);
    try {
      return StochasticMatrix(static_cast<std::uint32_t>(columns), list, [&](std::size_t row) {
        return "row " + std::to_string(row % conditions) + " of " + shape.name +
               (shape.family ? " at step " + std::to_string(row / conditions + 1) : "");
      });
    } catch (const InvalidInput& fault) {
      place.fail(fault.what());
    }
  }

  const JsonPlace& place_;
  Assignment assignment_;
};

}  // namespace

json assignment_to_json(const Assignment& assignment) {
  const Signature& signature = *assignment.signature;
  json sizes = json::object(), values = json::object();
  for (std::size_t i = 0; i < signature.sets.size(); ++i) sizes[signature.sets[i]] = assignment.sizes[i];
  for (std::size_t i = 0; i < signature.parts.size(); ++i) {
    const PartShape& shape = signature.parts[i];
    json& out = values[shape.name];
    switch (shape.kind) {
      case Kind::number:
      case Kind::integer:
        out = assignment.number(i).to_string();
        break;
      case Kind::element:
        out = std::get<std::uint32_t>(assignment.values[i]);
        break;
      case Kind::map: {
        out = json::array();
        const auto& images = std::get<std::vector<std::uint32_t>>(assignment.values[i]);
        for (std::size_t k = 0; k < images.size(); ++k) {
          json entry = json::array();
          append_indices(entry, k, shape.from, assignment);
          entry.push_back(images[k]);
          out.push_back(std::move(entry));
        }
        break;
      }
      case Kind::function:
        out = table_to_json(assignment.table(i), shape, assignment);
        break;
      case Kind::rows:
        out = rows_to_json(assignment.rows(i), shape, assignment);
        break;
    }
  }
  return {{"sizes", sizes}, {"values", values}};
}

Assignment assignment_from_json(const json& document, const std::shared_ptr<const Signature>& signature,
                                const std::string& name, const std::string& pointer) {
  const JsonPlace place(document, name, pointer);
  return Reader(signature, place).read();
}

}  // namespace lemmacheck
