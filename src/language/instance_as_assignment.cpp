#include "language/instance_as_assignment.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

using Kind = PartShape::Kind;

/// Rows first(h) .. first(h) + rows - 1 of the matrix of each step 1..H, one step after the other.
template <class MatrixAt, class FirstAt>
StochasticMatrix all_steps(Step horizon, std::size_t rows, MatrixAt&& matrix_at, FirstAt&& first) {
  StochasticMatrix::Rows list;
  for (Step h = 1; h <= horizon; ++h) {
    const StochasticMatrix& matrix = matrix_at(h);
    for (std::size_t row = first(h); row < first(h) + rows; ++row) {
      list.emplace_back();
      for (std::size_t e = matrix.row_begin(row); e < matrix.row_end(row); ++e)
        list.back().push_back({matrix.column(e), matrix.probability(e)});
    }
  }
  return StochasticMatrix(matrix_at(1).columns(), list,
                          [](std::size_t row) { return "row " + std::to_string(row); });
}

class Filler {
 public:
  Filler(const Instance& instance, Assignment& assignment) : from_(instance), to_(assignment) {}

  PartValue value_of(const PartShape& part) const {
    if (part.kind == Kind::integer || part.kind == Kind::number) return number(part);
    const bool primed = part.name == "T'" || part.name == "r'" || part.name == "rho'";
    const std::optional<FiniteMdp>& model = primed ? from_.perturbed : from_.model;
    if (part.name == "T" || part.name == "T'") return kernel(part, model);
    if (part.name == "r" || part.name == "r'") return rewards(part, model);
    if (part.name == "rho" || part.name == "rho'") return model ? PartValue(model->initial()) : missing(part);
    if (part.name == "nu") return from_.sampling ? PartValue(*from_.sampling) : missing(part);
    if (part.name == "pi") return policy(part, from_.policy);
    if (part.name == "pi'" || part.name == "pi_E") return policy(part, from_.other_policy);
    const auto named = from_.numbers.find(part.name == "V" ? "value" : part.name);
    if (part.kind != Kind::function || named == from_.numbers.end()) return missing(part);
    return function_table(named->second.size(), to_.sizes[part.from.back()], named->second);
  }

 private:
  [[noreturn]] static PartValue missing(const PartShape& part) {
    throw InvalidInput("the instance has no value for \"" + part.name + "\" of the lemma");
  }
  PartValue number(const PartShape& part) const {
    if (part.name == "H") return Rational(from_.horizon);
    const auto named = from_.numbers.find(part.name == "gamma" ? "discount" : part.name);
    if (named == from_.numbers.end() || named->second.size() != 1) missing(part);
    return named->second[0];
  }
  PartValue kernel(const PartShape& part, const std::optional<FiniteMdp>& model) const {
    if (!model || (!part.family && model->time_varying())) missing(part);
    if (!part.family) return model->kernel(1);
    return all_steps(
        from_.horizon, model->kernel(1).rows(),
        [&](Step h) -> const StochasticMatrix& { return model->kernel(h); },
        [](Step) { return std::size_t{0}; });
  }
  PartValue rewards(const PartShape& part, const std::optional<FiniteMdp>& model) const {
    if (!model || part.family) missing(part);
    if (part.from.size() == 2) return model->rewards();
    if (from_.next_state_rewards.empty()) missing(part);
    return function_table(from_.next_state_rewards.size(), to_.sizes[part.from.back()],
                          from_.next_state_rewards);
  }
  PartValue policy(const PartShape& part, const std::optional<MarkovPolicy>& policy) const {
    if (!from_.model || !policy || part.kind != Kind::rows) missing(part);
    if (!part.family && !policy->stationary()) missing(part);
    if (!part.family) return policy->table();
    return all_steps(
        from_.horizon, from_.model->state_count(),
        [&](Step) -> const StochasticMatrix& { return policy->table(); },
        [&](Step h) { return policy->row(h, State{0}); });
  }

  const Instance& from_;
  const Assignment& to_;
};

/// Whether a table has as many rows and columns, or values, as the sets of its given make.
bool has_shape(const Assignment& assignment, std::size_t part) {
  const PartShape& shape = assignment.signature->parts[part];
  const std::size_t from = assignment.size_of_product(shape.from) * assignment.steps_of(shape);
  if (shape.kind == Kind::rows) {
    const StochasticMatrix& rows = assignment.rows(part);
    return rows.rows() == from && rows.columns() == assignment.size_of_product(shape.to);
  }
  return shape.kind != Kind::function || assignment.table(part).size() == from;
}

}  // namespace

Assignment as_assignment(const Instance& instance, const std::shared_ptr<const Signature>& signature) {
  Assignment assignment;
  assignment.signature = signature;
  for (std::size_t set = 0; set < signature->sets.size(); ++set) {
    if (instance.model) {
      assignment.sizes.push_back(signature->actions[set] ? instance.model->action_count()
                                                         : instance.model->state_count());
      continue;
    }
    std::size_t longest = 1;  // of vectors over a set of their own
    for (const auto& [name, numbers] : instance.numbers) longest = std::max(longest, numbers.size());
    assignment.sizes.push_back(static_cast<std::uint32_t>(longest));
  }
  const Filler filler(instance, assignment);
  for (const PartShape& part : signature->parts) assignment.values.push_back(filler.value_of(part));
  for (std::size_t i = 0; i < signature->parts.size(); ++i)
    if (!has_shape(assignment, i))
      throw InvalidInput("the instance's \"" + signature->parts[i].name +
                         "\" is over other sets than the lemma's");
  return assignment;
}

}  // namespace lemmacheck
