#include "language/enumerate.hpp"

#include <algorithm>

#include "language/detail/program_parts.hpp"

namespace lemmacheck {
namespace {

/// All rows of `columns` multiples of 1/grid that sum to 1.
std::vector<std::vector<std::uint64_t>> rows_on_grid(std::uint32_t columns, std::uint32_t grid) {
  std::vector<std::vector<std::uint64_t>> rows;
  std::vector<std::uint64_t> row(columns);
  const std::function<void(std::uint32_t, std::uint32_t)> fill = [&](std::uint32_t column,
                                                                     std::uint32_t left) {
    if (column + 1 == columns) {
      row[column] = left;
      rows.push_back(row);
      return;
    }
    for (std::uint32_t n = 0; n <= left; ++n) {
      row[column] = n;
      fill(column + 1, left - n);
    }
  };
  fill(0, grid);
  return rows;
}

class Listing {
 public:
  Listing(std::shared_ptr<const LemmaProgram> program, const TinyShape& shape)
      : program_(std::move(program)),
        lemma_(program_->lemma()),
        signature_(*program_->signature()),
        shape_(shape) {
    for (std::size_t i = 0; i < signature_.sets.size(); ++i) {
      const SetName& set = lemma_.sets[i];
      std::uint32_t size = set.actions                           ? shape.actions
                           : set.states || !set.image_of.empty() ? shape.states
                                                                 : shape.others;
      sizes_.push_back(size);
    }
    digits();
  }

  /// How many assignments there are; a large number where that overflows.
  double count() const {
    double product = 1;
    for (const std::uint64_t base : bases_) product *= static_cast<double>(base);
    return product;
  }
  bool possible() const { return possible_; }

  Instance decode(std::uint64_t number) const {
    Instance instance;
    instance.assignment.emplace();
    Assignment& assignment = *instance.assignment;
    assignment.signature = program_->signature();
    assignment.sizes = sizes_;
    assignment.values.resize(signature_.parts.size());
    if (signature_.horizon) assignment.values[*signature_.horizon] = Rational(shape_.horizon);
    std::size_t digit = 0;
    const auto next = [&] {
      const std::uint64_t value = number % bases_[digit];
      number /= bases_[digit++];
      return value;
    };
    for (std::size_t part = 0; part < signature_.parts.size(); ++part) {
      if (part == signature_.horizon) continue;
      const PartShape& shape = signature_.parts[part];
      const Given& given = lemma_.givens[part];
      const std::size_t steps = assignment.steps_of(shape), one = assignment.size_of_product(shape.from);
      switch (given.kind) {
        case Given::Kind::number:
        case Given::Kind::integer:
          assignment.values[part] = values_[part][next()];
          break;
        case Given::Kind::element:
          assignment.values[part] = static_cast<std::uint32_t>(given.plan == Given::Plan::none ? next() : 0);
          break;
        case Given::Kind::map: {
          std::vector<std::uint32_t> images;
          for (std::size_t i = 0; i < one; ++i) images.push_back(static_cast<std::uint32_t>(next()));
          assignment.values[part] = images;
          break;
        }
        case Given::Kind::function: {
          std::vector<Rational> numbers;
          for (std::size_t i = 0; i < one * steps; ++i) numbers.push_back(values_[part][next()]);
          const std::size_t entries = numbers.size();
          assignment.values[part] = function_table(entries, sizes_[shape.from.back()], std::move(numbers));
          break;
        }
        case Given::Kind::rows: {
          const std::uint32_t columns = static_cast<std::uint32_t>(assignment.size_of_product(shape.to));
          if (given.plan != Given::Plan::none) {
            assignment.values[part] =
                StochasticMatrix::deterministic(columns, std::vector<std::uint32_t>(one * steps));
            break;
          }
          std::vector<std::uint64_t> counts;
          for (std::size_t i = 0; i < one * steps; ++i) {
            const auto& row = rows_[part][next()];
            counts.insert(counts.end(), row.begin(), row.end());
          }
          std::uint64_t denominator = 0;
          for (const std::uint64_t n : rows_[part][0]) denominator += n;
          assignment.values[part] = StochasticMatrix(columns, counts, denominator);
          break;
        }
      }
    }
    return instance;
  }

 private:
  void digits() {
    values_.resize(signature_.parts.size());
    rows_.resize(signature_.parts.size());
    for (std::size_t part = 0; part < signature_.parts.size(); ++part) {
      if (part == signature_.horizon) continue;
      const PartShape& shape = signature_.parts[part];
      const Given& given = lemma_.givens[part];
      std::size_t one = 1;
      for (const std::size_t set : shape.from) one *= sizes_[set];
      const std::size_t places = one * (shape.family ? shape_.horizon : 1);
      switch (given.kind) {
        case Given::Kind::number:
        case Given::Kind::integer:
          values_[part] = values_of(given);
          bases_.push_back(values_[part].size());
          break;
        case Given::Kind::element:
          if (given.plan == Given::Plan::none) bases_.push_back(sizes_[shape.from[0]]);
          break;
        case Given::Kind::map:
          bases_.insert(bases_.end(), one, sizes_[shape.to[0]]);
          break;
        case Given::Kind::function:
          values_[part] = values_of(given);
          bases_.insert(bases_.end(), places, values_[part].size());
          break;
        case Given::Kind::rows: {
          if (given.plan != Given::Plan::none) break;
          std::uint32_t columns = 1;
          for (const std::size_t set : shape.to) columns *= sizes_[set];
          const bool policy = given.is_policy_like() || given.deterministic;
          rows_[part] = rows_on_grid(columns, given.positive ? std::max(shape_.grid, columns)
                                              : policy       ? 1
                                                             : shape_.grid);
          if (given.positive)
            std::erase_if(rows_[part],
                          [](const auto& row) { return std::find(row.begin(), row.end(), 0U) != row.end(); });
          bases_.insert(bases_.end(), places, rows_[part].size());
          break;
        }
      }
    }
    for (const std::uint64_t base : bases_) possible_ = possible_ && base > 0;
  }

  std::vector<Rational> values_of(const Given& given) {
    const Range& range = given.range;
    if (range.kind == Range::Kind::listed) return range.values;
    if (given.is_component && given.kind == Given::Kind::number && !range.said)
      return {Rational(0), Rational::ratio(1, 2)};
    if (range.kind == Range::Kind::reals)
      return given.kind == Given::Kind::function
                 ? std::vector<Rational>{Rational(0), Rational(1), Rational(-1)}
                 : std::vector<Rational>{Rational(0), Rational(1), Rational(-1), Rational(2)};
    const auto low = literal_value(range.low), high = literal_value(range.high);
    if (!low || !high) {
      possible_ = false;  // ends that depend on the instance
      return {};
    }
    if (range.kind == Range::Kind::integers) {
      std::vector<Rational> list;
      for (Rational value = *low; value <= *high && list.size() < 4; value += Rational(1))
        list.push_back(value);
      return list;
    }
    std::vector<Rational> list;
    if (!range.low_open) list.push_back(*low);
    if (!range.high_open && *high != *low) list.push_back(*high);
    if (list.size() < 2 || given.kind == Given::Kind::number) list.push_back((*low + *high) / Rational(2));
    return list;
  }

  std::shared_ptr<const LemmaProgram> program_;
  const Lemma& lemma_;
  const Signature& signature_;
  TinyShape shape_;
  std::vector<std::uint32_t> sizes_;
  std::vector<std::uint64_t> bases_;
  std::vector<std::vector<Rational>> values_;
  std::vector<std::vector<std::vector<std::uint64_t>>> rows_;
  bool possible_ = true;
};

}  // namespace

std::vector<TinyShape> tiny_shapes(const Lemma& lemma) {
  std::vector<TinyShape> shapes;
  const std::vector<std::uint32_t> horizons =
      lemma.horizon.empty() ? std::vector<std::uint32_t>{0} : std::vector<std::uint32_t>{1, 2, 3};
  for (const auto& [states, actions] : {std::pair{1U, 1U}, {1U, 2U}, {2U, 1U}, {2U, 2U}, {3U, 1U}})
    for (const std::uint32_t horizon : horizons)
      for (const std::uint32_t grid : {1U, 2U})
        shapes.push_back({states, actions, std::min(states, 2U), horizon, grid});
  return shapes;
}

std::optional<Domain> every_tiny_assignment(const std::shared_ptr<const LemmaProgram>& program,
                                            const Domain& drawn, const TinyShape& shape, std::uint64_t most) {
  const auto listing = std::make_shared<const Listing>(program, shape);
  if (!listing->possible() || listing->count() > static_cast<double>(most)) return std::nullopt;
  Domain domain = drawn;
  domain.name = "every tiny instance of " + program->lemma().id;
  domain.classes.clear();
  domain.cases = static_cast<std::uint64_t>(listing->count());
  const auto repair = drawn.repair;
  const std::uint64_t cases = domain.cases;
  domain.decode = [listing, repair, cases](ChoiceSource& choices, const Setting&) {
    Instance instance = listing->decode(choices.below(static_cast<std::uint32_t>(cases)));
    if (repair) repair(instance);
    return instance;
  };
  return domain;
}

}  // namespace lemmacheck
