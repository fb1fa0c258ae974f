#include "adversary/interval_set.hpp"

#include <algorithm>

namespace lemmacheck {

IntervalSet::IntervalSet(std::uint32_t columns, std::vector<std::vector<Entry>> rows,
                         const StochasticMatrix::RowName& name)
    : columns_(columns), rows_(std::move(rows)) {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    Rational least, most;
    std::ranges::sort(rows_[row], {}, &Entry::column);
    for (std::size_t i = 0; i < rows_[row].size(); ++i) {
      const Entry& entry = rows_[row][i];
      const std::string fault = name(row) + ": the interval of " + std::to_string(entry.column) + ", [" +
                                entry.lower.to_string() + ", " + entry.upper.to_string() + "], ";
      if (entry.column >= columns_) throw InvalidInput(fault + "is of no state");
      if (i > 0 && rows_[row][i - 1].column == entry.column) throw InvalidInput(fault + "stands twice");
      if (entry.lower.sign() < 0 || entry.upper > Rational(1) || entry.lower > entry.upper)
        throw InvalidInput(fault + "is none within [0, 1]");
      least += entry.lower;
      most += entry.upper;
    }
    if (least > Rational(1) || most < Rational(1))
      throw InvalidInput(name(row) + ": no distribution lies in these intervals: they sum to between " +
                         least.to_string() + " and " + most.to_string());
  }
}

/// `ranks_of_row(row)` points to the ranks of the successors, or is null where any filling does.
template <class RanksOf>
StochasticMatrix IntervalSet::filled(bool lowest, RanksOf&& ranks_of_row) const {
  StochasticMatrix::Rows rows(rows_.size());
  std::vector<std::size_t> order;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const std::vector<Entry>& entries = rows_[row];
    order.resize(entries.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (const Ranks* ranks = ranks_of_row(row))
      std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        const std::uint32_t x = (*ranks)[entries[a].column], y = (*ranks)[entries[b].column];
        return lowest ? x < y : x > y;
      });
    Rational left(1);
    for (const Entry& entry : entries) left -= entry.lower;
    std::vector<Rational> masses(entries.size());
    for (const std::size_t i : order) {
      const Rational more = min(left, entries[i].upper - entries[i].lower);
      masses[i] = entries[i].lower + more;
      left -= more;
    }
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (masses[i].sign() != 0) rows[row].push_back({entries[i].column, std::move(masses[i])});
  }
  return StochasticMatrix(columns_, rows, [](std::size_t row) { return "row " + std::to_string(row); });
}

StochasticMatrix IntervalSet::extreme(const Ranks& ranks, bool lowest,
                                      const std::vector<bool>* wanted) const {
  return filled(lowest,
                [&](std::size_t row) { return wanted == nullptr || (*wanted)[row] ? &ranks : nullptr; });
}

StochasticMatrix IntervalSet::extreme_by_row(const std::vector<Ranks>& ranks, bool lowest) const {
  return filled(lowest, [&](std::size_t row) { return &ranks[row]; });
}

StochasticMatrix IntervalSet::member() const {
  return filled(true, [](std::size_t) -> const Ranks* { return nullptr; });
}

}  // namespace lemmacheck
