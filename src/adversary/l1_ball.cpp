#include "adversary/l1_ball.hpp"

#include <algorithm>
#include <numeric>

namespace lemmacheck {
namespace {

constexpr std::uint64_t limit = StochasticMatrix::max_denominator;

std::optional<std::uint64_t> common_multiple(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t factor = b / std::gcd(a, b);
  if (factor > limit / a || a * factor >= limit) return std::nullopt;
  return a * factor;
}

}  // namespace

L1Ball::L1Ball(StochasticMatrix kernel, std::vector<Rational> radii, bool keep_support)
    : kernel_(std::move(kernel)), radii_(std::move(radii)), keep_support_(keep_support) {
  if (radii_.size() != kernel_.rows())
    throw InvalidInput("there are " + std::to_string(radii_.size()) + " radii for " +
                       std::to_string(kernel_.rows()) + " rows");
  std::optional<std::uint64_t> common =
      kernel_.has_words() ? std::optional(kernel_.denominator()) : std::nullopt;
  for (Rational& radius : radii_) {
    if (radius.sign() < 0)
      throw InvalidInput("the radius " + radius.to_string() +
                         " is negative; an L1 distance is between 0 and 2");
    radius = min(radius, Rational(2));
    const auto half = (radius / Rational(2)).denominator_word();
    if (common) common = half ? common_multiple(*common, *half) : std::nullopt;
  }
  if (!common) return;
  denominator_ = common;
  factor_ = *common / kernel_.denominator();
  for (const Rational& radius : radii_)
    budgets_.push_back((radius / Rational(2)).scaled_to_word(*common).value());
}

L1Ball::Order L1Ball::order_of(const Ranks& ranks, bool lowest) {
  Order order{ranks, 0};
  if (!lowest) {
    const std::uint32_t top = *std::ranges::max_element(ranks);
    for (std::uint32_t& rank : order.ranks) rank = top - rank;
  }
  order.lowest = static_cast<std::uint32_t>(std::ranges::min_element(order.ranks) - order.ranks.begin());
  return order;
}

/// The lowest-ranked state that mass may move to; among equals one that the row has already, if there is.
std::uint32_t L1Ball::receiver_of(std::size_t row, const Order& order) const {
  const auto columns = kernel_.row_columns(row);
  std::uint32_t own = columns[0];
  for (const std::uint32_t s : columns)
    if (order.ranks[s] < order.ranks[own]) own = s;
  return keep_support_ || order.ranks[own] == order.ranks[order.lowest] ? own : order.lowest;
}

/// `masses` are the row's, in the order of its entries; `add(column, mass)` receives the moved row's entries
/// by ascending column.
template <class Mass, class Add>
void L1Ball::move(std::size_t row, const Order& order, Mass budget, std::vector<Mass>& masses,
                  Add&& add) const {
  const auto columns = kernel_.row_columns(row);
  const std::uint32_t receiver = receiver_of(row, order);
  Mass received{};
  while (Mass{} < budget) {
    // The highest-valued successor that has mass left; rows are short.
    std::size_t donor = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (Mass{} < masses[i] &&
          (donor == columns.size() || order.ranks[columns[donor]] < order.ranks[columns[i]]))
        donor = i;
    if (donor == columns.size() || order.ranks[columns[donor]] <= order.ranks[receiver]) break;
    const Mass given = std::min(masses[donor], budget);
    masses[donor] -= given;
    budget -= given;
    received += given;
  }
  bool placed = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!placed && receiver <= columns[i]) {
      placed = true;
      if (receiver < columns[i])
        add(receiver, received);
      else
        masses[i] += received;
    }
    add(columns[i], masses[i]);
  }
  if (!placed) add(receiver, received);
}

/// `order_of_row(row)` points to an order of values, or is null for a row that stays.
template <class OrderOf>
StochasticMatrix L1Ball::moved(OrderOf&& order_of_row) const {
  if (denominator_) {
    StochasticMatrix::Builder builder(kernel_.columns(), *denominator_);
    std::vector<std::uint64_t> masses;
    const auto add = [&](std::uint32_t column, std::uint64_t mass) { builder.add(column, mass); };
    for (std::size_t row = 0; row < kernel_.rows(); ++row) {
      masses.clear();
      for (std::size_t e = kernel_.row_begin(row); e != kernel_.row_end(row); ++e)
        masses.push_back(kernel_.word(e) * factor_);
      if (const Order* order = order_of_row(row))
        move(row, *order, budgets_[row], masses, add);
      else
        for (std::size_t i = 0; i < masses.size(); ++i) add(kernel_.row_columns(row)[i], masses[i]);
      builder.end_row();
    }
    return std::move(builder).build();
  }
  StochasticMatrix::Rows rows = kernel_.to_rows();
  std::vector<Rational> masses;
  for (std::size_t row = 0; row < kernel_.rows(); ++row) {
    const Order* order = order_of_row(row);
    if (order == nullptr) continue;
    masses.clear();
    for (const auto& entry : rows[row]) masses.push_back(entry.probability);
    rows[row].clear();
    move(row, *order, radii_[row] / Rational(2), masses, [&](std::uint32_t column, const Rational& mass) {
      if (mass.sign() != 0) rows[row].push_back({column, mass});
    });
  }
  return StochasticMatrix(kernel_.columns(), rows,
                          [](std::size_t row) { return "row " + std::to_string(row); });
}

StochasticMatrix L1Ball::extreme(const Ranks& ranks, bool lowest, const std::vector<bool>* wanted) const {
  const Order order = order_of(ranks, lowest);
  return moved([&](std::size_t row) { return wanted == nullptr || (*wanted)[row] ? &order : nullptr; });
}

StochasticMatrix L1Ball::extreme_by_row(const std::vector<Ranks>& ranks, bool lowest) const {
  Order order;
  return moved([&](std::size_t row) {
    order = order_of(ranks[row], lowest);
    return &order;
  });
}

}  // namespace lemmacheck
