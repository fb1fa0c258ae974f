// J, V, Q, A and d: returns, values, advantages, occupancies.
#include "language/detail/expression_reader.hpp"
#include "language/print.hpp"

namespace lemmacheck::detail {

using Kind = Token::Kind;

std::string Scope::listed_models() const {
  std::string list;
  for (const ModelTuple& tuple : lemma.models) list += (list.empty() ? "" : ", ") + tuple.name;
  return list;
}

std::string ExpressionReader::set_name() {
  if (!peek().is_name()) fail("a set is wanted here", "write S, A, or another set of this lemma");
  const std::string name = peek().text;
  if (scope_.lemma.find_set(name) == nullptr) {
    std::string list;
    for (const SetName& set : scope_.lemma.sets) list += (list.empty() ? "" : ", ") + set.name;
    fail("\"" + name + "\" is no set",
         list.empty() ? "declare an MDP first: given M = (S, A, r, T, H, rho)" : "the sets are " + list);
  }
  ++at_;
  return name;
}

/// Of a loop's models: that of the world which they are fitted to.
const ModelTuple& ExpressionReader::tuple_of(const Tree& model) const {
  const bool of_loop = model->op == Op::round_model;
  const ModelTuple* tuple =
      scope_.lemma.find_model(of_loop ? scope_.lemma.find_loop(model->name)->world : model->name);
  LEMMACHECK_INVARIANT(tuple != nullptr);
  return *tuple;
}

Tree ExpressionReader::policy_tree(const Tree& tree, const Place& place) {
  if (tree->sort.kind != Sort::Kind::rows || tree->sort.from.size() != 1 || tree->sort.to.size() != 1)
    fail_at(place, "this is " + tree->sort.in_words() + "; a policy is needed",
            "declare one: given pi : S -> Delta(A)");
  return tree;
}

/// A policy fits an MDP's states and actions, and steps only where there are steps.
void ExpressionReader::check_policy(const Tree& policy, const ModelTuple& tuple, const Place& place) {
  if (policy->sort.from[0] != tuple.states || policy->sort.to[0] != tuple.actions)
    fail_at(place,
            "a policy from " + policy->sort.from[0] + " to " + policy->sort.to[0] + " is used in " +
                tuple.name + ", whose states are " + tuple.states + " and actions " + tuple.actions,
            "define the policy that is meant: where pi_up(a|s) = pi(a|phi(s))");
  if ((policy->op == Op::rows_ref || policy->op == Op::round_policy) && !policy->step && is_family(policy) &&
      !tuple.has_horizon())
    fail_at(place, policy->name + " has a member for each step, and " + tuple.name + " has no horizon",
            "use one member, " + policy->name + "_1, or give " + tuple.name + " a horizon");
}

/// The model that is said, or the only one.
Tree ExpressionReader::model_or_only(const Tree& given, const Place& place, const std::string& what) {
  if (given) return given;
  const ModelTuple* only = scope_.only_model();
  if (only == nullptr) {
    if (scope_.lemma.models.empty())
      fail_at(place, what + " is of an MDP, and none is declared",
              "declare one: given M = (S, A, r, T, H, rho)");
    std::string readings;
    for (const ModelTuple& tuple : scope_.lemma.models)
      readings += (readings.empty() ? "" : " or ") + ("J(pi," + tuple.name + ")");
    fail_at(
        place, "in which MDP " + what + " is taken is not said; there are " + scope_.listed_models(),
        "name it as in " + readings + ", or in a script: V^{pi," + scope_.lemma.models.front().name + "}(s)");
  }
  auto node = std::make_shared<Node>();
  node->op = Op::model_ref;
  node->name = only->name;
  node->sort = Sort{Sort::Kind::model, {}, {}};
  node->place = place;
  return node;
}

Tree ExpressionReader::quantity(const Written& written, const Place& place) {
  std::vector<Tree> scripts;
  bool optimal = false, discounted = false, limiting = false;
  for (const Script& script : written.scripts) {
    if (script.above && script.text == "*") {
      if (optimal) fail_at(script.place, "two stars", "write one");
      optimal = true;
      continue;
    }
    if (written.base == "d" && !script.above && script.text == "gamma") {
      discounted = true;
      continue;
    }
    if (written.base == "d" && !script.above && script.text == "inf") {
      limiting = true;
      continue;
    }
    const auto tree = script_tree(script);
    const auto sort = default_sort(script.text);
    if (!tree && sort)
      fail_at(script.place, script.text + " is bound nowhere",
              "say where it runs: for all " + script.text + ": ..., max_" + script.text + " or sum_" +
                  script.text);
    if (!tree)
      fail_at(script.place, "this script of " + written.base + " is neither a step, a policy nor an MDP",
              "a script without braces is one name: write V^{pi_E} for a policy pi_E");
    scripts.push_back(*tree);
  }
  auto node = std::make_shared<Node>();
  node->op = written.base == "d" ? Op::occupancy : Op::value;
  node->name = written.base == "d" ? "" : written.base;
  node->optimal = optimal;
  node->discounted = discounted;
  node->limiting = limiting;
  node->place = place;
  const auto put = [&](Tree& slot, const Tree& tree, const char* what) {
    if (slot) fail_at(tree->place, std::string("two scripts are ") + what, "leave one of them out");
    slot = tree;
  };
  for (const Tree& tree : scripts) {
    if (tree->sort.kind == Sort::Kind::integer)
      put(node->step, tree, "a step");
    else if (tree->sort.kind == Sort::Kind::rows)
      put(node->policy, policy_tree(tree, tree->place), "a policy");
    else if (tree->sort.kind == Sort::Kind::model)
      put(node->model, tree, "an MDP");
    else if (tree->sort.kind == Sort::Kind::law || tree->sort.kind == Sort::Kind::element)
      put(node->start, tree, "a start");
    else
      fail_at(tree->place, "this script is " + tree->sort.in_words(),
              "scripts are a step, a policy, an MDP or a start");
  }
  if (optimal && node->policy)
    fail_at(place, "a value has a policy or a star, not both", "leave one of them out");
  return node->op == Op::occupancy ? occupancy_quantity(node, place) : value_quantity(node, place);
}

/// Gain and bias are of averages, V, Q and A of what is summed; J is of both.
void ExpressionReader::check_average(const Node& node, const ModelTuple& tuple, const Place& place) {
  const std::string& name = node.name;
  const bool of_average = name == "gain" || name == "bias";
  if (of_average && !tuple.is_average())
    fail_at(place, name + " is of an average, and " + tuple.name + " is judged otherwise",
            "write " + tuple.name + " = (" + tuple.states + ", " + tuple.actions + ", " + tuple.reward +
                ", " + tuple.kernel + ", average, rho)");
  if (name == "bias" && node.optimal)
    fail_at(place, "policies with the highest gain have several biases", "write bias^pi(s) of one of them");
  if (!of_average && name != "J" && tuple.is_average())
    fail_at(place, "whether " + name + " is a gain or a bias is not said", "write gain^pi(s) or bias^pi(s)");
}

/// J(pi, M), V_h^pi(s, M), Q_h^*(s, a, M), gain^pi(s, M).
Tree ExpressionReader::value_quantity(const std::shared_ptr<Node>& node, const Place& place) {
  const std::string name = node->name;
  if (node->start)
    fail_at(node->start->place, name + " takes no start in a script",
            name == "J" ? "declare an MDP with that start: M_mu = (S, A, r, T, gamma, mu)"
                        : "give the state as an argument");
  std::vector<Tree> list;
  if (peek().is("(")) {
    Arguments found = arguments();
    if (found.bar) fail_at(found.place, "a bar stands in the arguments of " + name, "write V_h^pi(s, M)");
    list = std::move(found.after);
  }
  if (!list.empty() && list.back()->sort.kind == Sort::Kind::model) {
    if (node->model) fail_at(list.back()->place, "the MDP is said twice", "leave one of them out");
    node->model = list.back();
    list.pop_back();
  }
  if (name == "J" && !node->optimal && !node->policy) {
    if (list.size() != 1) fail_at(place, "J is of a policy", "write J(pi, M), or J^*(M) for the optimum");
    const Place where = list[0]->place.file ? list[0]->place : place;
    node->policy = policy_tree(list[0], where);
    list.clear();
  }
  node->model = model_or_only(node->model, place, name);
  const ModelTuple& tuple = tuple_of(node->model);
  if (node->policy) check_policy(node->policy, tuple, node->policy->place.file ? node->policy->place : place);
  if (!tuple.has_values())
    fail_at(place, tuple.name + " has neither a horizon nor a discount, and so no " + name,
            "give it one: (S, A, r, T, H, rho) or (S, A, r, T, gamma, rho)");
  check_average(*node, tuple, place);
  if (name == "J") {
    if (tuple.initial.empty())
      fail_at(place, tuple.name + " has no start, and so no J", "give it one: (S, A, r, T, H, rho)");
    if (node->step)
      fail_at(node->step->place, "J has no step", "write V_h^pi(s) for the value from step h on");
    if (!list.empty())
      fail_at(list[0]->place.file ? list[0]->place : place, "J has too many arguments", "write J(pi, M)");
    node->sort = Sort::number();
    return node;
  }
  if (tuple.has_horizon() && !node->step)
    fail_at(place, name + " depends on the step, since " + tuple.name + " has a horizon",
            "write " + name + "_h^pi with the step, or " + name + "_1^pi for the value from the start on");
  if (!tuple.has_horizon() && node->step)
    fail_at(node->step->place, name + " has no steps, since " + tuple.name + " has no horizon",
            "leave the step out");
  const std::vector<std::string> sets =
      name == "Q" || name == "A" ? std::vector{tuple.states, tuple.actions} : std::vector{tuple.states};
  node->sort = Sort::function(sets);
  if (list.empty()) return node;
  bool dots = false, elements = false;
  check_arguments(list, sets, name, place);
  for (const Tree& tree : list) (tree->sort.kind == Sort::Kind::path ? dots : elements) = true;
  if (dots && elements)
    fail_at(place, "some arguments are given and some are left open",
            "define the function of the open ones by where");
  if (dots) return node;
  node->kids = std::move(list);
  node->sort = Sort::number();
  return node;
}

/// A value that was passed as a function, U(s) with V^pi for U.
Tree ExpressionReader::applied_value(Tree value, const Place& place) {
  Arguments list = arguments();
  if (list.bar) fail_at(place, "a bar stands in the arguments of a function", "write U(s)");
  check_arguments(list.after, value->sort.from, value->name, list.place);
  for (const Tree& tree : list.after)
    if (tree->sort.kind == Sort::Kind::path) return value;
  auto node = std::make_shared<Node>(*value);
  node->sort = Sort::number();
  node->kids = std::move(list.after);
  node->place = place;
  return node;
}

/// A fitted model has two states more than the world, so that no law over S is its law.
void ExpressionReader::refuse_fitted(const Node& model, const std::string& what) {
  if (model.op == Op::round_model)
    fail_at(
        model.place,
        what + " of the fitted " + model.name + " is not over S: paradise and abyss are states of it, too",
        "write J, V, Q or A in it, or " + what + " in the world that it is fitted to");
}

/// d^pi alone may be the law at some step or the discounted occupancy.
void ExpressionReader::bare_occupancy(const Node& node, const Place& place) {
  const std::string model = node.model                       ? node.model->name
                            : scope_.only_model() != nullptr ? scope_.only_model()->name
                            : scope_.lemma.models.empty()    ? "M"
                                                             : scope_.lemma.models.front().name;
  const std::string script = "^{" + to_plain(node.policy) + "," + model + "}(s)";
  fail_at(place, "which d is meant is not said",
          "write d_h" + script + " for the law of the state at step h, or d_gamma" + script +
              " for the discounted occupancy, d_inf" + script + " for the long run");
}

/// d_h^{pi,M}(s), d_gamma^pi(s,a), d_{gamma,mu}^pi(.).
Tree ExpressionReader::occupancy_quantity(const std::shared_ptr<Node>& node, const Place& place) {
  if (!node->policy) fail_at(place, "d is of a policy", "write d_h^pi or d_gamma^pi");
  std::vector<Tree> list;
  Place list_place = place;
  if (peek().is("(")) {
    Arguments found = arguments();
    if (found.bar) fail_at(found.place, "a bar stands in the arguments of d", "write d_h^pi(s)");
    list = std::move(found.after);
    list_place = found.place;
  }
  if (!list.empty() && list.back()->sort.kind == Sort::Kind::model) {
    if (node->model) fail_at(list.back()->place, "the MDP is said twice", "leave one of them out");
    node->model = list.back();
    list.pop_back();
  }
  if (node->model) refuse_fitted(*node->model, "d");
  if (!node->discounted && !node->limiting && !node->step) bare_occupancy(*node, place);
  node->model = model_or_only(node->model, place, "d");
  const ModelTuple& tuple = tuple_of(node->model);
  check_policy(node->policy, tuple, node->policy->place.file ? node->policy->place : place);
  if (node->discounted && node->step)
    fail_at(node->step->place, "d_gamma has no step",
            "write d_h^pi for the law of step h, d_gamma^pi for the discounted occupancy");
  if (node->limiting && (node->step || node->discounted))
    fail_at(place, "d_inf, the law in the long run, has no step and no discount", "write d_inf^pi(s)");
  if (node->limiting && !tuple.is_average())
    fail_at(place, "d_inf is of an average, and " + tuple.name + " is judged otherwise",
            "give it one: (S, A, r, T, average, rho)");
  if (node->discounted && (!tuple.has_discount() || tuple.has_horizon()))
    fail_at(place,
            tuple.name +
                (tuple.has_discount() ? " has a horizon, where d_gamma is not defined" : " has no discount"),
            "write d_h^pi for the law of step h");
  if (tuple.initial.empty() && !node->start)
    fail_at(place, tuple.name + " has no start, and so no d", "give it one: (S, A, r, T, H, rho)");
  if (node->start && node->start->sort != Sort::law({tuple.states}) &&
      node->start->sort != Sort::element(tuple.states))
    fail_at(node->start->place, "the start is " + node->start->sort.in_words(),
            "a start is a state or a distribution over " + tuple.states);
  node->sort = Sort::law({});
  if (list.empty()) return node;
  const std::vector<std::string> pair = {tuple.states, tuple.actions};
  if (list.size() > 2) fail_at(list_place, "d has too many arguments", "write d_h^pi(s) or d_h^pi(s,a)");
  const std::vector<std::string> sets(pair.begin(), pair.begin() + static_cast<std::ptrdiff_t>(list.size()));
  check_arguments(list, sets, "d", list_place);
  node->sort = Sort::law(sets);
  bool dots = false, elements = false;
  for (const Tree& tree : list) (tree->sort.kind == Sort::Kind::path ? dots : elements) = true;
  if (dots && elements)
    fail_at(place, "some arguments are given and some are left open",
            "define the distribution of the open ones by where");
  if (dots) return node;
  std::vector<Tree> kids = {node};
  kids.insert(kids.end(), list.begin(), list.end());
  return make(Op::mass, Sort::number(), std::move(kids), place);
}

}  // namespace lemmacheck::detail
