#include "language/lemma.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

template <class List>
auto find_named(const List& list, const std::string& name) -> decltype(&list.front()) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
  return found == list.end() ? nullptr : &*found;
}

class Flattener {
 public:
  explicit Flattener(int claim) { now_.claim = claim; }

  void statement(const Tree& tree) {
    switch (tree->op) {
      case Op::for_all: {
        const Comparison before = now_;
        now_.bindings.insert(now_.bindings.end(), tree->bindings.begin(), tree->bindings.end());
        if (tree->condition) now_.filters.emplace_back(now_.bindings.size(), tree->condition);
        statement(tree->kids[0]);
        restore(before);
        return;
      }
      case Op::implication: {
        const Comparison before = now_;
        now_.filters.emplace_back(now_.bindings.size(), tree->kids[0]);
        statement(tree->kids[1]);
        restore(before);
        return;
      }
      case Op::conjunction:
      case Op::chain:
        for (const Tree& kid : tree->kids) statement(kid);
        return;
      case Op::relation:
        return compare(tree->kids[0], tree->name, tree->kids[1], tree->place);
      case Op::within:
        compare(tree->kids[1], tree->name[0] == '(' ? "<" : "<=", tree->kids[0], tree->place);
        return compare(tree->kids[0], tree->name[1] == ')' ? "<" : "<=", tree->kids[2], tree->place);
      case Op::equivalence:
        return compare(truth_value(tree->kids[0]), "=", truth_value(tree->kids[1]), tree->place);
      default:
        return compare(truth_value(tree), "=", literal(1), tree->place);
    }
  }
  std::vector<Comparison> found;

 private:
  void restore(const Comparison& before) {
    now_.bindings = before.bindings;
    now_.filters = before.filters;
  }
  static Tree truth_value(const Tree& condition) {
    return make(Op::indicator, Sort::integer(), {condition}, condition->place);
  }
  void compare(const Tree& lhs, const std::string& relation, const Tree& rhs, const Place& place) {
    Comparison comparison = now_;
    comparison.lhs = lhs;
    comparison.rhs = rhs;
    comparison.relation = relation;
    comparison.number = static_cast<int>(found.size()) + 1;
    comparison.place = place;
    found.push_back(std::move(comparison));
  }
  Comparison now_;
};

}  // namespace

std::vector<std::string> Definition::outcome_sets() const {
  std::vector<std::string> sets;
  for (const Parameter& outcome : outcomes) sets.push_back(outcome.sort.from[0]);
  return sets;
}

const SetName* Lemma::find_set(const std::string& name) const {
  return find_named(sets, name);
}
bool Lemma::is_onto(const Given& map) const {
  return map.from.size() == 1 && find_set(map.to[0])->image_of == map.from[0];
}
const ModelTuple* Lemma::find_model(const std::string& name) const {
  return find_named(models, name);
}
const Given* Lemma::find_given(const std::string& name) const {
  return find_named(givens, name);
}

const LearningLoop* Lemma::find_loop(const std::string& name) const {
  for (const LearningLoop& loop : loops)
    if (loop.policy == name || loop.model == name) return &loop;
  return nullptr;
}

std::vector<Comparison> Lemma::comparisons() const {
  std::vector<Comparison> all;
  for (const Statement& claim : claims)
    all.insert(all.end(), claim.comparisons.begin(), claim.comparisons.end());
  return all;
}

std::vector<Comparison> Lemma::steps() const {
  std::vector<Comparison> all;
  for (const Statement& proof : proofs)
    all.insert(all.end(), proof.comparisons.begin(), proof.comparisons.end());
  return all;
}

std::vector<Comparison> comparisons_of(const Tree& statement, int claim) {
  Flattener flattener(claim);
  flattener.statement(statement);
  return std::move(flattener.found);
}

}  // namespace lemmacheck
