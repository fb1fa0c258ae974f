#include "language/dependencies.hpp"

#include <functional>

namespace lemmacheck {
namespace {

/// Names of givens that an expression needs to be evaluated, through definitions.
class Dependencies {
 public:
  explicit Dependencies(const Lemma& lemma) : lemma_(lemma) {}

  void expression(const Tree& tree) {
    if (!tree) return;
    if (tree->definition >= 0)
      definition(tree->definition);
    else if (tree->op == Op::constant || tree->op == Op::call || tree->op == Op::rows_ref ||
             tree->op == Op::function_ref)
      name(tree->name);
    if (tree->op == Op::model_ref) model(tree->name);
    if (tree->op == Op::round_policy || tree->op == Op::round_model) loop(*lemma_.find_loop(tree->name));
    for (const Binding& binding : tree->bindings)
      if (binding.family && !lemma_.horizon.empty()) name(lemma_.horizon);
    for_each_part(*tree, [&](const Tree& part) { expression(part); });
  }
  void model(const std::string& id) {
    const ModelTuple* tuple = lemma_.find_model(id);
    if (tuple == nullptr || !seen_models_.insert(id).second) return;
    for (const std::string* part :
         {&tuple->reward, &tuple->kernel, &tuple->horizon, &tuple->discount, &tuple->initial})
      if (!part->empty()) component(*part);
  }
  void parts_of(const LearningLoop& loop) {
    model(loop.world);
    loop.for_each_part([&](const Tree& part) { expression(part); });
  }
  std::set<std::string> found;
  std::set<const LearningLoop*> loops;

 private:
  void loop(const LearningLoop& each) {
    if (loops.insert(&each).second) parts_of(each);
  }
  void name(const std::string& id) {
    if (lemma_.find_given(id) != nullptr) found.insert(id);
  }
  void component(const std::string& id) {
    name(id);
    for (std::size_t i = 0; i < lemma_.definitions.size(); ++i)
      if (lemma_.definitions[i].name == id) definition(static_cast<int>(i));
  }
  void definition(int index) {
    if (!seen_.insert(index).second) return;
    const Definition& definition = lemma_.definitions[static_cast<std::size_t>(index)];
    expression(definition.body);
    for (const auto& [at, base] : definition.bases) expression(base);
  }
  const Lemma& lemma_;
  std::set<int> seen_;
  std::set<std::string> seen_models_;
};

}  // namespace

std::set<std::string> givens_behind(const Lemma& lemma, const Tree& tree) {
  Dependencies dependencies(lemma);
  dependencies.expression(tree);
  std::set<std::string> all;
  const std::function<void(const std::string&)> visit = [&](const std::string& name) {
    if (!all.insert(name).second) return;
    for (const std::string& other : needed_names(lemma, *lemma.find_given(name))) visit(other);
  };
  for (const std::string& name : dependencies.found) visit(name);
  return all;
}

std::set<std::string> needed_names(const Lemma& lemma, const Given& given) {
  Dependencies dependencies(lemma);
  dependencies.expression(given.range.low);
  dependencies.expression(given.range.high);
  dependencies.expression(given.objective);
  if (!given.model.empty()) dependencies.model(given.model);
  if (given.family && !lemma.horizon.empty()) dependencies.found.insert(lemma.horizon);
  dependencies.found.erase(given.kind == Given::Kind::integer && given.name == lemma.horizon ? given.name
                                                                                             : "");
  return dependencies.found;
}

void refuse_circular_loops(const Lemma& lemma) {
  for (const LearningLoop& loop : lemma.loops) {
    Dependencies dependencies(lemma);
    dependencies.parts_of(loop);
    if (dependencies.loops.count(&loop) != 0)
      fail_at(loop.place, "what the loop of " + loop.policy + " is made of depends on its own rounds",
              "break the circle of the loop and definitions");
  }
}

std::vector<const Given*> draw_order(const Lemma& lemma) {
  std::vector<const Given*> order;
  std::set<std::string> done, open;
  std::function<void(const Given&)> visit = [&](const Given& given) {
    if (done.count(given.name) != 0) return;
    if (!open.insert(given.name).second)
      fail_at(given.place, "what " + given.name + " is depends on itself",
              "break the circle of givens and definitions");
    for (const std::string& name : needed_names(lemma, given))
      if (const Given* other = lemma.find_given(name)) visit(*other);
    open.erase(given.name);
    done.insert(given.name);
    order.push_back(&given);
  };
  for (const Given& given : lemma.givens) visit(given);
  return order;
}

}  // namespace lemmacheck
