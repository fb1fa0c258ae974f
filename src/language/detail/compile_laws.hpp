/// Compiler: Trees of functions, laws and kernels. Private to the language layer.
#pragma once

#include <algorithm>

#include "language/detail/compiler.hpp"

namespace lemmacheck::detail {

template <class N>
std::vector<std::string> Compiler<N>::field_sets(const Tree& tree) {
  return tree->sort.kind == Sort::Kind::law ? tree->sort.to : tree->sort.from;
}

template <class N>
std::unique_ptr<FieldCode<N>> Compiler<N>::field(const Tree& tree) {
  if (tree->sort.kind == Sort::Kind::law) return std::make_unique<LawField<N>>(law(tree));
  switch (tree->op) {
    case Op::add:
    case Op::negate:
    case Op::multiply:
    case Op::divide: {
      std::vector<std::unique_ptr<FieldCode<N>>> fields;
      for (const Tree& kid : tree->kids) {
        if (kid->sort.is_number())
          fields.push_back(std::make_unique<ConstantField<N>>(number(kid)));
        else
          fields.push_back(field(kid));
      }
      return std::make_unique<CombinedField<N>>(tree->op, std::move(fields));
    }
    case Op::value: {
      if (tree->model->op == Op::round_model) return std::make_unique<RoundValueField<N>>(round_value(tree));
      const std::size_t model = model_index(tree->model->name);
      return std::make_unique<ValueField<N>>(model, solver(model, tree->policy, nullptr), tree->name[0],
                                             tree->step ? index(tree->step) : nullptr);
    }
    case Op::function_ref:
      if (tree->definition < 0)
        return std::make_unique<TableField<N>>(part_index(tree->name),
                                               tree->step ? index(tree->step) : nullptr);
      return definition_field(tree);
    case Op::law_of:
      return field(tree->kids[0]);
    default:
      throw InternalError("no code for this function");
  }
}

template <class N>
std::unique_ptr<FieldCode<N>> Compiler<N>::definition_field(const Tree& tree) {
  std::vector<Index<N>> hidden;
  for (const Tree& kid : tree->captured) hidden.push_back(index(kid));
  std::vector<std::size_t> sets;
  const Definition& definition = lemma_.definitions[static_cast<std::size_t>(tree->definition)];
  for (const Definition::Parameter& parameter : definition.parameters) {
    if (parameter.sort.kind == Sort::Kind::number)
      fail_at(tree->place, "a function with parameters that are numbers is used as a whole",
              "give its arguments");
    if (sets.size() < definition.parameters.size() - tree->captured.size())
      sets.push_back(set_index(parameter.sort.from[0]));
  }
  return std::make_unique<DefinitionField<N>>(tree->definition, !definition.step.empty(),
                                              tree->step ? index(tree->step) : nullptr, std::move(sets),
                                              std::move(hidden));
}

template <class N>
Number<N> Compiler<N>::norm(const Tree& tree, bool squared) {
  const Tree& inner = tree->kids[0];
  const std::vector<std::size_t> sets = set_indices(field_sets(inner));
  // ||p - q||_1 of two rows is what every simulation lemma asks for.
  if (tree->name == "1" && tree->kids.size() == 1 && inner->op == Op::add && inner->kids.size() == 2 &&
      inner->kids[0]->sort.kind == Sort::Kind::law && inner->kids[1]->op == Op::negate &&
      inner->kids[1]->kids[0]->sort.kind == Sort::Kind::law)
    return std::make_unique<DistanceNumber<N>>(law(inner->kids[0]), law(inner->kids[1]->kids[0]), false);
  return std::make_unique<NormNumber<N>>(tree->name, field(inner),
                                         tree->kids.size() > 1 ? law(tree->kids[1]) : nullptr, sets, squared);
}

template <class N>
Number<N> Compiler<N>::distance(const Tree& tree) {
  if (tree->kids[0]->sort.kind == Sort::Kind::path) {
    const auto path = [&](const Tree& law) {
      return solver(model_index(law->model->name), law->policy, nullptr);
    };
    const std::size_t first = path(tree->kids[0]), second = path(tree->kids[1]);
    return std::make_unique<PathDistance<N>>(first, second, tree->op == Op::divergence);
  }
  if (tree->op == Op::entropy) return std::make_unique<EntropyNumber<N>>(law(tree->kids[0]));
  if (tree->op == Op::divergence)
    return std::make_unique<DivergenceNumber<N>>(law(tree->kids[0]), law(tree->kids[1]));
  return std::make_unique<DistanceNumber<N>>(law(tree->kids[0]), law(tree->kids[1]), true);
}

template <class N>
std::unique_ptr<LawCode<N>> Compiler<N>::law(const Tree& tree) {
  switch (tree->op) {
    case Op::row: {
      std::vector<Index<N>> conditions;
      for (std::size_t i = 1; i < tree->kids.size(); ++i) conditions.push_back(index(tree->kids[i]));
      return std::make_unique<RowLaw<N>>(rows(tree->kids[0]), std::move(conditions),
                                         set_indices(tree->kids[0]->sort.from));
    }
    case Op::rows_ref:
      return std::make_unique<RowLaw<N>>(rows(tree), std::vector<Index<N>>{}, std::vector<std::size_t>{});
    case Op::law_of:
      return std::make_unique<FunctionLaw<N>>(field(tree->kids[0]), set_indices(tree->sort.to), tree->place);
    case Op::occupancy: {
      const std::size_t model = model_index(tree->model->name);
      const std::size_t number = solver(model, tree->policy, tree->start);
      return std::make_unique<OccupancyLaw<N>>(model, number, tree->step ? index(tree->step) : nullptr,
                                               tree->sort.to.size() == 2);
    }
    default:
      throw InternalError("no code for this law");
  }
}

template <class N>
std::unique_ptr<RowsCode<N>> Compiler<N>::rows(const Tree& tree) {
  if (tree->op == Op::variable)
    return std::make_unique<BoundRows<N>>(slot_of(tree->name), tree->step ? index(tree->step) : nullptr,
                                          !lemma_.horizon.empty());
  if (tree->op == Op::round_policy)
    return std::make_unique<RoundRows<N>>(loop_index(tree->name), index(tree->kids[0]),
                                          tree->step ? index(tree->step) : nullptr);
  if (tree->definition >= 0) {
    const Definition& definition = lemma_.definitions[static_cast<std::size_t>(tree->definition)];
    return std::make_unique<ConstructedRows<N>>(tree->definition, tree->step ? index(tree->step) : nullptr,
                                                !definition.step.empty());
  }
  const Given* given = lemma_.find_given(tree->name);
  LEMMACHECK_INVARIANT(given != nullptr);
  return std::make_unique<GivenRows<N>>(part_index(tree->name), tree->step ? index(tree->step) : nullptr,
                                        given->family, set_indices(given->from));
}

}  // namespace lemmacheck::detail
