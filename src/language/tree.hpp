/// What was read: expressions as trees, every name resolved and every part with its sort.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "language/source_text.hpp"
#include "numeric/rational.hpp"

namespace lemmacheck {

/// What an expression stands for. Sets are named: "S", "A", "X".
struct Sort {
  enum class Kind {
    number,
    integer,  ///< a number as well
    truth,
    element,   ///< of the set `from[0]`
    function,  ///< from x ... -> numbers
    law,       ///< a distribution over to x ...
    rows,      ///< for each element of from x ... a distribution over to x ...: kernels and policies
    model,     ///< an MDP
    path       ///< the law of (s_1, a_1, ..., s_H, a_H)
  };
  Kind kind = Kind::number;
  std::vector<std::string> from, to;

  static Sort number() { return {Kind::number, {}, {}}; }
  static Sort integer() { return {Kind::integer, {}, {}}; }
  static Sort truth() { return {Kind::truth, {}, {}}; }
  static Sort element(std::string set) { return {Kind::element, {std::move(set)}, {}}; }
  static Sort function(std::vector<std::string> sets) { return {Kind::function, std::move(sets), {}}; }
  static Sort law(std::vector<std::string> sets) { return {Kind::law, {}, std::move(sets)}; }
  static Sort rows(std::vector<std::string> given, std::vector<std::string> sets) {
    return {Kind::rows, std::move(given), std::move(sets)};
  }
  bool is_number() const { return kind == Kind::number || kind == Kind::integer; }
  bool operator==(const Sort&) const = default;
  /// "a distribution over S".
  std::string in_words() const;
};

enum class Op {
  // numbers
  literal,   ///< number
  variable,  ///< a bound name: an integer, an element, a policy
  constant,  ///< a given or defined number, integer or element
  call,      ///< a given or defined function at arguments `kids`; of a family at `step`
  add,
  negate,
  multiply,
  divide,
  power,
  absolute,
  root,  ///< square root
  logarithm,
  exponential,
  minimum,  ///< of the kids
  maximum,
  size,        ///< |name|
  mass,        ///< the probability that law kids[0] gives to the outcome kids[1...]
  taken,       ///< the action of a deterministic policy `policy` at `step` and kids[0]: an element
  path_state,  ///< s_h of a drawn trajectory, h = kids[0]
  path_action,
  value,        ///< J, V, Q, A, gain or bias (name) of `policy` (absent: optimal) in `model` from `start`, at
                ///< `step` and kids;
                ///< without its kids it is a function
  expectation,  ///< binders: over `bindings`, of kids[0]
  variance,
  chance,  ///< P[kids[0]]
  sum,
  product,
  largest,
  smallest,
  spread,    ///< largest less smallest
  norm,      ///< of a function or a difference of laws kids[0]; name: "1", "inf", "p"; number p; kids[1]: the
             ///< weights
  distance,  ///< TV(kids[0], kids[1])
  divergence,  ///< KL(kids[0], kids[1])
  entropy,
  transport,  ///< W1(kids[0], kids[1]; kids[2])
  inner,      ///< sum of kids[0] kids[1]
  indicator,  ///< 1[kids[0]]
  // laws, kernels, functions
  row,           ///< one row of a kernel or policy kids[0] at kids[1...]
  rows_ref,      ///< a kernel, policy or distribution by name; of a family at `step`, if given
  function_ref,  ///< a function by name
  occupancy,     ///< d of `policy` in `model` from `start`, at `step`, or discounted or limiting without one
  path_law,      ///< (policy, model)
  round_policy,  ///< pi_t of the loop whose policies are called `name`, t = kids[0]; of a family at `step`
  round_model,   ///< M_t of the loop whose models are called `name`, t = kids[0]
  law_of,        ///< a function that is a distribution on every instance, as one
  model_ref,
  // truths
  relation,  ///< kids[0] name kids[1]; name is <=, <, >=, >, = or !=
  chain,     ///< kids are relations, each one's left side the right side of the one before
  conjunction,
  disjunction,
  negation,
  implication,
  equivalence,
  for_all,
  exists,
  within  ///< kids[0] in [kids[1], kids[2]]
};

struct Node;
using Tree = std::shared_ptr<const Node>;

/// A name that a binder binds, or several that are drawn together.
struct Binding {
  enum class Over { set, integers, law, policies, path };
  Over over = Over::set;
  std::vector<std::string> names;
  std::string set;  ///< over a set
  Tree low, high;   ///< over integers: low <= name <= high
  Tree law;         ///< drawn from it
  /// Over deterministic policies: S -> A, a family over the steps of `model` or not.
  std::string states, actions;
  Tree model;
  bool family = false;
  /// The sort of each name.
  std::vector<Sort> sorts;
};

struct Node {
  Op op = Op::literal;
  Sort sort;
  std::vector<Tree> kids;
  std::string name;
  Rational number;
  Tree step, policy, model, start;
  bool optimal = false;     ///< of a value: V^*
  bool discounted = false;  ///< of an occupancy: d_gamma
  bool limiting = false;    ///< of an occupancy: d_inf
  std::vector<Binding> bindings;
  Tree condition;  ///< of a binder over sets: ... : condition
  /// Of a defined name: which reading of the definition (one for each sort of arguments), or -1.
  int definition = -1;
  std::vector<Tree> captured;       ///< bound names of the arguments that the definition's body needs
  std::vector<std::size_t> groups;  ///< of a call with several brackets, L(U)(s): how many kids each holds
  Place place;
};

/// The same tree, places apart.
bool same(const Tree& a, const Tree& b);
bool same(const Binding& a, const Binding& b);

Tree literal(Rational value);
/// The value of a literal or of a negated one.
std::optional<Rational> literal_value(const Tree& tree);
Tree make(Op op, Sort sort, std::vector<Tree> kids, const Place& place = {});

/// A copy with other kids.
Tree with_kids(const Tree& tree, std::vector<Tree> kids);

/// Calls f for every direct part of a node: kids, step, policy, model, start, condition, bindings' parts,
/// captured.
template <class F>
void for_each_part(const Node& node, F&& f) {
  const auto visit = [&](const Tree& part) {
    if (part) f(part);
  };
  for (const Binding& binding : node.bindings) {
    visit(binding.low);
    visit(binding.high);
    visit(binding.law);
    visit(binding.model);
  }
  visit(node.condition);
  visit(node.step);
  visit(node.policy);
  visit(node.model);
  visit(node.start);
  for (const Tree& kid : node.kids) visit(kid);
  for (const Tree& kid : node.captured) visit(kid);
}

/// "S x A"
std::string product_of(const std::vector<std::string>& sets);

/// A copy with every direct part replaced by f(part).
template <class F>
Tree map_parts(const Tree& tree, F&& f) {
  auto copy = std::make_shared<Node>(*tree);
  const auto change = [&](Tree& part) {
    if (part) part = f(part);
  };
  for (Binding& binding : copy->bindings) {
    change(binding.low);
    change(binding.high);
    change(binding.law);
    change(binding.model);
  }
  change(copy->condition);
  change(copy->step);
  change(copy->policy);
  change(copy->model);
  change(copy->start);
  for (Tree& kid : copy->kids) change(kid);
  for (Tree& kid : copy->captured) change(kid);
  return copy;
}

/// Names of bound variables that occur in the tree and are not bound in it, with their sorts.
std::map<std::string, Sort> free_variables(const Tree& tree);
/// The tree with free variables renamed.
Tree renamed(const Tree& tree, const std::map<std::string, std::string>& names);

bool is_binder(Op op);
const char* to_string(Op op);

}  // namespace lemmacheck
