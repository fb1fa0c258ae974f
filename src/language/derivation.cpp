#include "language/derivation.hpp"

#include <algorithm>
#include <set>

#include "language/lemma_claim.hpp"
#include "language/names.hpp"
#include "language/print.hpp"

namespace lemmacheck {
namespace {

constexpr std::size_t most_rows = 48;

/// A quantity under the names that its value depends on.
struct Quantity {
  std::vector<Binding> bindings;
  Tree tree;
  std::string latex, plain;
  bool tabulated = false;    ///< for all values of its own bound names, not at the point alone
  bool at_point = true;      ///< the claim's own bound names come first
  Tree condition = nullptr;  ///< on the bound names
  bool of_rounds = false;    ///< of a loop
};

bool is_listed(const Binding& binding) {
  return binding.over == Binding::Over::set || binding.over == Binding::Over::integers;
}

Tree variable(const std::string& name, Sort sort) {
  auto node = std::make_shared<Node>();
  node->op = Op::variable;
  node->sort = std::move(sort);
  node->name = name;
  return node;
}

class Collector {
 public:
  Collector(const Lemma& lemma, const Comparison& comparison) : lemma_(lemma), comparison_(comparison) {
    for (const Binding& binding : comparison.bindings)
      bound_.insert(binding.names.begin(), binding.names.end());
  }

  /// @param rounds  how many rounds of a loop are shown
  std::vector<Quantity> run(std::int64_t rounds) {
    for (const LearningLoop& loop : lemma_.loops) tabulate_rounds(loop, rounds);
    visit(comparison_.lhs);
    visit(comparison_.rhs);
    return std::move(found_);
  }

 private:
  bool is_closed(const Tree& tree) const {
    for (const auto& [name, sort] : free_variables(tree))
      if (bound_.count(name) == 0) return false;
    return true;
  }

  void visit(const Tree& tree) {
    if (!is_closed(tree)) return;
    switch (tree->op) {
      case Op::literal:
      case Op::variable:
      case Op::size:
        return;
      case Op::constant:
        if (tree->definition < 0) return;
        visit(lemma_.definitions[static_cast<std::size_t>(tree->definition)].body);
        return add(tree);
      case Op::call:
        for (const Tree& kid : tree->kids) visit(kid);
        return add(tree);
      case Op::add:
      case Op::negate:
      case Op::multiply:
      case Op::divide:
        for (const Tree& kid : tree->kids) visit(kid);
        return;
      case Op::power:
      case Op::absolute:
      case Op::root:
      case Op::logarithm:
      case Op::exponential:
      case Op::minimum:
      case Op::maximum:
        for (const Tree& kid : tree->kids) visit(kid);
        return add(tree);
      case Op::sum:
      case Op::largest:
      case Op::smallest:
      case Op::spread:
        tabulate_body(tree);
        return add(tree);
      case Op::value:
        tabulate_values(tree);
        return add(tree);
      default:
        return add(tree);
    }
  }

  void add(const Tree& tree) {
    if (!tree->sort.is_number()) return;
    put({comparison_.bindings, tree, to_latex(tree), to_plain(tree)});
  }

  void put(Quantity quantity) {
    const std::string print = fingerprint(quantity.tree) + (quantity.tabulated ? " for all" : "");
    if (seen_.insert(print).second) found_.push_back(std::move(quantity));
  }

  /// The body of a maximum or a sum for every value of what it binds.
  void tabulate_body(const Tree& binder) {
    if (binder->bindings.empty() || !binder->kids[0]->sort.is_number()) return;
    if (!std::all_of(binder->bindings.begin(), binder->bindings.end(), is_listed)) return;
    const Tree& body = binder->kids[0];
    Quantity quantity{comparison_.bindings, body, to_latex(body), to_plain(body), true};
    for (const Binding& binding : binder->bindings) {
      for (const std::string& name : binding.names)
        if (bound_.count(name) != 0) return;  // it hides a name of the claim
      quantity.bindings.push_back(binding);
    }
    quantity.condition = binder->condition;
    visit_values_in(body);
    put(std::move(quantity));
  }

  /// The values that a body speaks of, each as a table.
  void visit_values_in(const Tree& tree) {
    if (tree->op == Op::value) tabulate_values(tree);
    for_each_part(*tree, [&](const Tree& part) { visit_values_in(part); });
  }

  /// The name with as many primes as keep it apart from the claim's own.
  std::string unbound(std::string name) const {
    while (bound_.count(name) != 0) name += "'";
    return name;
  }

  Binding counted(const std::string& name, std::int64_t low, Tree high) const {
    Binding binding;
    binding.over = Binding::Over::integers;
    binding.names = {name};
    binding.sorts = {Sort::integer()};
    binding.low = literal(low);
    binding.high = std::move(high);
    return binding;
  }
  Tree horizon_of(const ModelTuple& model) const {
    auto last = std::make_shared<Node>();
    last->op = Op::constant;
    last->sort = Sort::integer();
    last->name = model.horizon;
    return last;
  }
  static Binding each_state(const std::string& name, const ModelTuple& model) {
    Binding states;
    states.names = {name};
    states.set = model.states;
    states.sorts = {Sort::element(model.states)};
    return states;
  }

  /// What the first rounds of a loop plan, promise and earn.
  void tabulate_rounds(const LearningLoop& loop, std::int64_t rounds) {
    const ModelTuple& world = *lemma_.find_model(loop.world);
    const std::string t = unbound("t"), h = unbound("h"), s = unbound("s");
    const auto shown = [&](Tree tree, std::vector<Binding> bindings) {
      put({std::move(bindings), tree, to_latex(tree), to_plain(tree), true, false, nullptr, true});
    };
    auto policy = std::make_shared<Node>();
    policy->op = Op::round_policy;
    policy->name = loop.policy;
    policy->sort = Sort::rows({world.states}, {world.actions});
    policy->kids = {variable(t, Sort::integer())};
    auto model = std::make_shared<Node>();
    model->op = Op::round_model;
    model->name = loop.model;
    model->sort = Sort{Sort::Kind::model, {}, {}};
    model->kids = policy->kids;
    auto world_ref = std::make_shared<Node>();
    world_ref->op = Op::model_ref;
    world_ref->name = loop.world;
    world_ref->sort = model->sort;
    auto member = std::make_shared<Node>(*policy);
    member->step = variable(h, Sort::integer());
    auto action = std::make_shared<Node>();
    action->op = Op::taken;
    action->sort = Sort::element(world.actions);
    action->policy = member;
    action->kids = {variable(s, Sort::element(world.states))};
    const Tree last = literal(rounds);
    shown(action, {counted(t, 1, last), counted(h, 1, horizon_of(world)), each_state(s, world)});
    auto earned = std::make_shared<Node>();
    earned->op = Op::value;
    earned->name = "J";
    earned->sort = Sort::number();
    earned->policy = policy;
    earned->model = world_ref;
    if (!loop.model.empty()) {
      auto promised = std::make_shared<Node>(*earned);
      promised->model = model;
      shown(promised, {counted(t, 1, last)});
    }
    shown(earned, {counted(t, 0, last)});
  }

  /// V_h^pi(s, M) for every step and state.
  void tabulate_values(const Tree& value) {
    if (value->start || !value->model || value->model->op != Op::model_ref) return;
    if (value->policy && (value->policy->op != Op::rows_ref || value->policy->step)) return;
    const ModelTuple* model = lemma_.find_model(value->model->name);
    if (model == nullptr) return;
    const std::string step = unbound("h"), state = unbound("s");
    auto node = std::make_shared<Node>(*value);
    node->name = value->name == "bias" ? "bias" : model->is_average() ? "gain" : "V";
    node->sort = Sort::number();
    node->kids = {variable(state, Sort::element(model->states))};
    Quantity quantity{{}, nullptr, "", "", true, false};
    node->step = nullptr;
    if (model->has_horizon()) {
      node->step = variable(step, Sort::integer());
      quantity.bindings.push_back(counted(step, 1, horizon_of(*model)));
    }
    quantity.bindings.push_back(each_state(state, *model));
    quantity.tree = node;
    quantity.latex = to_latex(quantity.tree);
    quantity.plain = to_plain(quantity.tree);
    put(std::move(quantity));
  }

  const Lemma& lemma_;
  const Comparison& comparison_;
  std::set<std::string> bound_, seen_;
  std::vector<Quantity> found_;
};

std::optional<Comparison> comparison_at(const Lemma& lemma, const NamedPoint& at) {
  for (const Comparison& each : at.claim == 0 ? lemma.steps() : lemma.comparisons())
    if (each.claim == at.claim && each.number == at.relation) return each;
  return std::nullopt;
}

/// Whether a point's first values are those of the certificate's, in any order.
bool agrees(const std::vector<std::pair<std::string, std::int64_t>>& values, const NamedPoint& at) {
  const auto own = values.begin() + static_cast<std::ptrdiff_t>(std::min(values.size(), at.values.size()));
  return values.size() >= at.values.size() &&
         std::is_permutation(at.values.begin(), at.values.end(), values.begin(), own);
}

using Entry = Points<RealNumber>::Entry;

Derivation::Table table_of(const Quantity& quantity, const std::vector<Entry>& entries, int number,
                           const NamedPoint& at) {
  Derivation::Table table{quantity.latex, quantity.plain, {}, {}, quantity.of_rounds};
  for (const Entry& entry : entries) {
    if (entry.at.named->relation != number) continue;
    if (quantity.at_point && !agrees(entry.at.named->values, at)) continue;
    Derivation::Table::Row row{{}, entry.sides.lhs};
    const bool first = table.rows.empty();
    for (std::size_t i = quantity.at_point ? at.values.size() : 0; i < entry.at.named->values.size(); ++i) {
      row.at.push_back(entry.at.named->values[i].second);
      if (first) table.names.push_back(entry.at.named->values[i].first);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Some more than the point's own, if it names one.
std::int64_t rounds_shown(const NamedPoint& at) {
  std::int64_t named = 1;
  for (const auto& [name, value] : at.values)
    if (default_sort(base_of(name)) == "integer") named = std::max(named, value);
  constexpr std::int64_t usual = 4, more = 2, most = 6;
  return at.values.empty() ? usual : std::min(named + more, most);
}

}  // namespace

Derivation derivation_of(const std::shared_ptr<const Lemma>& lemma, const Certificate& certificate) {
  Derivation result;
  if (!lemma || !certificate.at.named || !certificate.instance.assignment) return result;
  const NamedPoint& at = *certificate.at.named;
  const std::optional<Comparison> comparison = comparison_at(*lemma, at);
  if (!comparison) return result;
  const std::vector<Quantity> quantities = Collector(*lemma, *comparison).run(rounds_shown(at));
  std::vector<Comparison> asked;
  for (const Quantity& quantity : quantities) {
    Comparison each;
    each.bindings = quantity.bindings;
    if (quantity.condition) each.filters.emplace_back(each.bindings.size(), quantity.condition);
    each.lhs = quantity.tree;
    each.rhs = literal(0);
    each.relation = "<=";
    each.claim = 1;
    each.number = static_cast<int>(asked.size()) + 1;
    asked.push_back(std::move(each));
  }
  if (asked.empty()) return result;
  const Claim claim = lemma_claim(lemma, asked, std::vector<Tree>(asked.size()));
  const Points<RealNumber> points = exact_points(claim.formula, claim.relation, certificate.instance);
  for (std::size_t i = 0; i < quantities.size(); ++i) {
    const int number = asked[i].number;
    if (quantities[i].tabulated) {
      Derivation::Table table = table_of(quantities[i], points.entries(), number, at);
      if (!table.rows.empty() && table.rows.size() <= most_rows) result.tables.push_back(std::move(table));
      continue;
    }
    for (const Entry& entry : points.entries())
      if (entry.at.named->relation == number && agrees(entry.at.named->values, at))
        result.lines.push_back({quantities[i].latex, quantities[i].plain, entry.sides.lhs});
  }
  return result;
}

}  // namespace lemmacheck
