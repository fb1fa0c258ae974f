#include "language/tree.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

bool same_lists(const std::vector<Tree>& a, const std::vector<Tree>& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const Tree& x, const Tree& y) { return same(x, y); });
}

void collect_free(const Tree& tree, std::multiset<std::string>& bound, std::map<std::string, Sort>& free) {
  if (tree->op == Op::variable && bound.count(tree->name) == 0) free.emplace(tree->name, tree->sort);
  std::vector<std::string> mine;
  const auto visit = [&](const Tree& part) {
    if (part) collect_free(part, bound, free);
  };
  // A binding sees the names that were bound before it.
  for (const Binding& binding : tree->bindings) {
    visit(binding.low);
    visit(binding.high);
    visit(binding.law);
    visit(binding.model);
    for (const std::string& name : binding.names) {
      bound.insert(name);
      mine.push_back(name);
    }
  }
  visit(tree->condition);
  visit(tree->step);
  visit(tree->policy);
  visit(tree->model);
  visit(tree->start);
  for (const Tree& kid : tree->kids) visit(kid);
  for (const Tree& kid : tree->captured) visit(kid);
  for (const std::string& name : mine) bound.erase(bound.find(name));
}

}  // namespace

std::string product_of(const std::vector<std::string>& sets) {
  std::string text;
  for (const std::string& set : sets) text += (text.empty() ? "" : " x ") + set;
  return text;
}

std::string Sort::in_words() const {
  switch (kind) {
    case Kind::number:
      return "a number";
    case Kind::integer:
      return "an integer";
    case Kind::truth:
      return "a condition";
    case Kind::element:
      return "an element of " + from[0];
    case Kind::function:
      return "a function of " + product_of(from);
    case Kind::law:
      return "a distribution over " + product_of(to);
    case Kind::rows:
      return from.empty()
                 ? "a distribution over " + product_of(to)
                 : "a distribution over " + product_of(to) + " for each element of " + product_of(from);
    case Kind::model:
      return "an MDP";
    case Kind::path:
      return "the law of a trajectory";
  }
  return "";
}

bool same(const Binding& a, const Binding& b) {
  return a.over == b.over && a.names == b.names && a.set == b.set && same(a.low, b.low) &&
         same(a.high, b.high) && same(a.law, b.law) && a.states == b.states && a.actions == b.actions &&
         a.family == b.family;
}

bool same(const Tree& a, const Tree& b) {
  if (a == b) return true;
  if (!a || !b) return false;
  return a->op == b->op && a->name == b->name && a->number == b->number && a->optimal == b->optimal &&
         a->discounted == b->discounted && a->limiting == b->limiting && a->sort == b->sort &&
         same_lists(a->kids, b->kids) && same(a->step, b->step) && same(a->policy, b->policy) &&
         same(a->model, b->model) && same(a->start, b->start) && same(a->condition, b->condition) &&
         a->bindings.size() == b->bindings.size() &&
         std::equal(a->bindings.begin(), a->bindings.end(), b->bindings.begin(),
                    [](const Binding& x, const Binding& y) { return same(x, y); });
}

std::optional<Rational> literal_value(const Tree& tree) {
  if (!tree) return std::nullopt;
  if (tree->op == Op::literal) return tree->number;
  if (tree->op == Op::negate && tree->kids[0]->op == Op::literal) return -tree->kids[0]->number;
  return std::nullopt;
}

Tree literal(Rational value) {
  auto node = std::make_shared<Node>();
  node->op = Op::literal;
  node->sort = value.is_integer() ? Sort::integer() : Sort::number();
  node->number = std::move(value);
  return node;
}

Tree make(Op op, Sort sort, std::vector<Tree> kids, const Place& place) {
  auto node = std::make_shared<Node>();
  node->op = op;
  node->sort = std::move(sort);
  node->kids = std::move(kids);
  node->place = place;
  return node;
}

Tree with_kids(const Tree& tree, std::vector<Tree> kids) {
  auto copy = std::make_shared<Node>(*tree);
  copy->kids = std::move(kids);
  return copy;
}

std::map<std::string, Sort> free_variables(const Tree& tree) {
  std::map<std::string, Sort> free;
  std::multiset<std::string> bound;
  collect_free(tree, bound, free);
  return free;
}

Tree renamed(const Tree& tree, const std::map<std::string, std::string>& names) {
  if (names.empty()) return tree;
  if (tree->op == Op::variable) {
    const auto found = names.find(tree->name);
    if (found == names.end()) return tree;
    auto copy = std::make_shared<Node>(*tree);
    copy->name = found->second;
    return copy;
  }
  std::map<std::string, std::string> left = names;
  for (const Binding& binding : tree->bindings)
    for (const std::string& name : binding.names) left.erase(name);
  return map_parts(tree, [&](const Tree& part) { return renamed(part, left); });
}

bool is_binder(Op op) {
  switch (op) {
    case Op::expectation:
    case Op::variance:
    case Op::chance:
    case Op::sum:
    case Op::product:
    case Op::largest:
    case Op::smallest:
    case Op::spread:
    case Op::for_all:
    case Op::exists:
      return true;
    default:
      return false;
  }
}

const char* to_string(Op op) {
  switch (op) {
    case Op::expectation:
      return "E";
    case Op::variance:
      return "Var";
    case Op::chance:
      return "P";
    case Op::sum:
      return "sum";
    case Op::product:
      return "prod";
    case Op::largest:
      return "max";
    case Op::smallest:
      return "min";
    case Op::spread:
      return "span";
    default:
      return "";
  }
}

}  // namespace lemmacheck
