/// From trees to code. Private to the language layer; instantiated in program_*.cpp.
#pragma once

#include <set>

#include "language/dependencies.hpp"
#include "language/detail/field_code.hpp"
#include "language/detail/loop_code.hpp"
#include "language/detail/truth_code.hpp"

namespace lemmacheck::detail {

/// What is irrational in a lemma decides which number types it needs.
struct Irrational {
  bool anything = false;
  std::vector<bool> definitions;  ///< by number: their values may be
  std::vector<bool> rows;         ///< kernels whose entries are
};
Irrational irrational_parts(const Lemma& lemma);
/// A sum over next states of T(s'|s,a) V(s'), or of differences of such, as expectations, which need only the
/// row's outcomes; nullptr for all other sums, and where what is left out might have been undefined.
Tree as_expectation(const Tree& tree);
/// E_{tau ~ (pi, M)}[sum_{h=1}^n f_h] in which f_h looks at no later step than h.
bool is_stepwise_mean(const Node& node);
/// sum or prod over k = 1..n, n <= step, of a term that looks at no later step of a trajectory than k, and
/// not at `step`.
bool is_running(const Node& node, const std::string& step);
/// k of ||f||_2^(2k), which is rational where f is; nothing for other powers.
std::optional<Rational> power_of_squared_norm(const Node& node);

std::shared_ptr<const Signature> signature_of(const Lemma& lemma);

template <class N>
class Compiler {
 public:
  Compiler(std::shared_ptr<const Lemma> lemma, std::shared_ptr<const Signature> signature,
           const Program<Rational>* exact, const Irrational& irrational)
      : lemma_(*lemma), signature_(*signature) {
    program_.lemma = std::move(lemma);
    program_.signature = std::move(signature);
    program_.exact = exact;
    program_.irrational_rows = irrational.rows;
    irrational_ = irrational;
  }

  /// @param rows_only  for the rational program of an irrational lemma: kernels and what they need.
  Program<N> run(bool rows_only) {
    return rows_only ? build(true, [] {}) : build(false, [] {});
  }
  /// @param more  compiles what else the program needs before it is taken.
  template <class F>
  Program<N> run_with(F&& more) {
    return build(false, more);
  }

 private:
  template <class F>
  Program<N> build(bool rows_only, F&& more) {
    program_.definitions.resize(lemma_.definitions.size());
    for (std::size_t i = 0; i < lemma_.definitions.size(); ++i) declare(i);
    for (const ModelTuple& tuple : lemma_.models) models_.push_back(tuple.name);
    program_.models.resize(models_.size());
    for (std::size_t i = 0; i < models_.size(); ++i) model(i);
    if constexpr (std::is_same_v<N, Rational>)
      for (const LearningLoop& each : lemma_.loops) loop(each, rows_only);
    for (std::size_t i = 0; i < lemma_.definitions.size(); ++i)
      if (!rows_only || !irrational_.definitions[i]) definition(i);
    if (!rows_only) {
      for (const Lemma::Statement& assume : lemma_.assumes) {
        begin_body({});
        Condition<N> code = condition(assume.tree);
        program_.assumes.emplace_back(std::move(code), most_slots_);
      }
    }
    givens(rows_only);
    more();
    return std::move(program_);
  }

 public:
  /// The code of one comparison; term may be absent.
  ComparisonCode<N> comparison(const Comparison& text, const Tree& term) {
    begin_body({});
    ComparisonCode<N> code;
    code.text = &text;
    std::size_t filter = 0;
    const auto filters_here = [&](std::size_t bound) {
      for (; filter < text.filters.size() && text.filters[filter].first <= bound; ++filter)
        code.filters.emplace_back(bound, condition(text.filters[filter].second));
    };
    filters_here(0);
    for (std::size_t i = 0; i < text.bindings.size(); ++i) {
      const Binding& binding = text.bindings[i];
      typename ComparisonCode<N>::Loop loop;
      loop.name = binding.names[0];
      if (binding.over == Binding::Over::set) {
        loop.set = set_index(binding.set);
      } else if (binding.over == Binding::Over::integers) {
        loop.low = index(binding.low);
        loop.high = index(binding.high);
      } else {
        fail_at(text.place, "a claim is made for all policies",
                "declare the policy: given " + binding.names[0] + " : S -> Delta(A)");
      }
      loop.slot = bind(binding.names[0]);
      code.loops.push_back(std::move(loop));
      filters_here(i + 1);
    }
    const bool reversed = text.relation == ">=" || text.relation == ">";
    code.reversed = reversed;
    const auto side = [&](const Tree& tree) {  // elements are equal or not
      return tree->sort.kind == Sort::Kind::element ? element_as_number(tree) : number(tree);
    };
    code.lhs = side(reversed ? text.rhs : text.lhs);
    code.rhs = side(reversed ? text.lhs : text.rhs);
    if (term) code.term = number(term);
    code.relation = text.relation == "="        ? Relation::equal
                    : text.relation == "!="     ? Relation::unequal
                    : text.relation.size() == 1 ? Relation::less
                                                : Relation::at_most;
    code.slots = most_slots_;
    return code;
  }

  /// The same as numbers and truths for drawing: ranges, objectives.
  Number<N> free_number(const Tree& tree, const std::vector<std::string>& bound, std::size_t& slots) {
    begin_body(bound);
    Number<N> code = number(tree);
    slots = most_slots_;
    return code;
  }
  std::unique_ptr<FieldCode<N>> free_field(const Tree& tree, std::size_t& slots) {
    begin_body({});
    auto code = field(tree);
    slots = most_slots_;
    return code;
  }
  std::size_t solver_for(const std::string& model_name) {
    return solver(model_index(model_name), nullptr, nullptr);
  }
  std::size_t model_index(const std::string& name) const {
    const auto found = std::find(models_.begin(), models_.end(), name);
    LEMMACHECK_INVARIANT(found != models_.end());
    return static_cast<std::size_t>(found - models_.begin());
  }
  Program<N>& program() { return program_; }

 private:
  // names

  std::size_t set_index(const std::string& name) const {
    const auto found = std::find(signature_.sets.begin(), signature_.sets.end(), name);
    LEMMACHECK_INVARIANT(found != signature_.sets.end());
    return static_cast<std::size_t>(found - signature_.sets.begin());
  }
  std::vector<std::size_t> set_indices(const std::vector<std::string>& names) const {
    std::vector<std::size_t> sets;
    for (const std::string& name : names) sets.push_back(set_index(name));
    return sets;
  }
  std::size_t part_index(const std::string& name) const {
    for (std::size_t i = 0; i < signature_.parts.size(); ++i)
      if (signature_.parts[i].name == name) return i;
    throw InternalError("no given is called " + name);
  }

  void begin_body(const std::vector<std::string>& bound) {
    scope_.clear();
    number_scope_.clear();
    most_slots_ = term_scope_ = 0;
    around_ = {};
    path_scope_ = none;
    for (const std::string& name : bound) bind(name);
  }
  std::size_t bind(const std::string& name) {
    scope_.push_back(name);
    most_slots_ = std::max(most_slots_, scope_.size());
    return scope_.size() - 1;
  }
  void unbind(std::size_t size) {
    scope_.resize(size);
    if (size <= path_scope_) path_scope_ = none;
  }
  std::size_t slot_of(const std::string& name) const {
    for (std::size_t i = scope_.size(); i-- > 0;)
      if (scope_[i] == name) return i;
    throw InternalError("the name " + name + " is bound nowhere");
  }

  // definitions

  /// What the evaluation of a body takes of the stack, in units of about 100 bytes.
  static int stack_need(const Tree& tree) {
    const bool drawn = std::any_of(tree->bindings.begin(), tree->bindings.end(),
                                   [](const Binding& binding) { return binding.law != nullptr; });
    int below = 0;
    for_each_part(*tree, [&](const Tree& part) { below = std::max(below, stack_need(part)); });
    constexpr int of_node = 2, of_binder = 5, of_expectation = 10;
    return below + (drawn ? of_expectation : !tree->bindings.empty() ? of_binder : of_node);
  }

  void declare(std::size_t i) {
    const Definition& definition = lemma_.definitions[i];
    DefinitionCode<N>& code = program_.definitions[i];
    code.definition = &definition;
    code.has_step = !definition.step.empty();
    const auto add = [&](const Definition::Parameter& parameter) {
      if (parameter.sort.kind == Sort::Kind::number) {
        code.memoised = false;
        ++code.numbers;
        return;
      }
      const bool element = parameter.sort.kind == Sort::Kind::element;
      code.is_element.push_back(element);
      if (element) code.element_sets.push_back(set_index(parameter.sort.from[0]));
    };
    for (const Definition::Parameter& parameter : definition.parameters) add(parameter);
    for (const Definition::Parameter& outcome : definition.outcomes) {
      add(outcome);
      code.outcome_sets.push_back(set_index(outcome.sort.from[0]));
    }
    code.index_parameters = code.is_element.size();
  }

  void definition(std::size_t i) {
    const Definition& definition = lemma_.definitions[i];
    const auto begin = [&] {
      begin_body({});
      if (!definition.step.empty()) bind(definition.step);
      for (const Definition::Parameter& parameter : definition.parameters) {
        if (parameter.sort.kind == Sort::Kind::number)
          number_scope_.push_back(parameter.name);
        else
          bind(parameter.name);
      }
      for (const Definition::Parameter& outcome : definition.outcomes) bind(outcome.name);
    };
    std::size_t slots = 0;
    for (const auto& [at, base] : definition.bases) {
      begin();
      Number<N> code = number(base);
      program_.definitions[i].bases.emplace_back(at, std::move(code));
      program_.definitions[i].stack_need = std::max(program_.definitions[i].stack_need, stack_need(base));
      slots = std::max(slots, most_slots_);
    }
    begin();
    Number<N> body = number(definition.body);
    program_.definitions[i].body = std::move(body);
    program_.definitions[i].stack_need =
        std::max(program_.definitions[i].stack_need, stack_need(definition.body));
    program_.definitions[i].slots = std::max(slots, most_slots_);
  }

  // MDPs

  const Definition* find_definition(const std::string& name, int& index) const {
    for (std::size_t i = 0; i < lemma_.definitions.size(); ++i)
      if (lemma_.definitions[i].name == name) {
        index = static_cast<int>(i);
        return &lemma_.definitions[i];
      }
    return nullptr;
  }

  Tree constant_tree(const std::string& name, Sort sort) const {
    auto node = std::make_shared<Node>();
    node->op = Op::constant;
    node->name = name;
    node->sort = std::move(sort);
    int index = -1;
    if (lemma_.find_given(name) == nullptr && find_definition(name, index) != nullptr)
      node->definition = index;
    return node;
  }
  Tree reference_tree(const std::string& name, Op op, Sort sort) const {
    auto node = std::make_shared<Node>(*constant_tree(name, std::move(sort)));
    node->op = op;
    return node;
  }

  void model(std::size_t i) {
    const ModelTuple& tuple = lemma_.models[i];
    begin_body({});
    ModelCode<N> code;
    code.name = tuple.name;
    code.states = set_index(tuple.states);
    code.actions = set_index(tuple.actions);
    const Given* reward = lemma_.find_given(tuple.reward);
    int index_of_reward = -1;
    const Definition* defined = reward == nullptr ? find_definition(tuple.reward, index_of_reward) : nullptr;
    code.transitions =
        reward != nullptr ? reward->on_transitions : defined != nullptr && defined->parameters.size() == 3;
    code.reward_family = reward != nullptr ? reward->family : defined != nullptr && !defined->step.empty();
    if (reward != nullptr) code.reward_part = part_index(tuple.reward);
    code.reward =
        field(reference_tree(tuple.reward, Op::function_ref, Sort::function({tuple.states, tuple.actions})));
    code.kernel = rows(reference_tree(tuple.kernel, Op::rows_ref,
                                      Sort::rows({tuple.states, tuple.actions}, {tuple.states})));
    if (!tuple.initial.empty()) {
      int index_of_start = -1;
      const Definition* start = lemma_.find_given(tuple.initial) == nullptr
                                    ? find_definition(tuple.initial, index_of_start)
                                    : nullptr;
      if (start != nullptr && !start->is_rows()) {
        Tree function = reference_tree(tuple.initial, Op::function_ref, Sort::function({tuple.states}));
        code.initial = law(make(Op::law_of, Sort::law({tuple.states}), {function}, start->place));
      } else {
        code.initial = law(reference_tree(tuple.initial, Op::rows_ref, Sort::law({tuple.states})));
      }
    }
    if (tuple.has_discount()) code.discount = number(constant_tree(tuple.discount, Sort::number()));
    code.endless = tuple.endless;
    if (tuple.has_horizon()) code.horizon = index(constant_tree(tuple.horizon, Sort::integer()));
    program_.models[i] = std::move(code);
  }

  std::size_t solver(std::size_t model, const Tree& policy, const Tree& start) {
    const std::string key = std::to_string(model) + "|" + (policy ? fingerprint(policy) : "*") + "|" +
                            (start ? fingerprint(start) : "");
    const bool dynamic = start && !free_variables(start).empty() && start->sort.kind == Sort::Kind::law;
    const bool bound = policy && !free_variables(policy).empty();
    // Code with bound names belongs to the place where these are bound.
    const auto found = dynamic || bound ? solvers_.end() : solvers_.find(key);
    if (found != solvers_.end()) return found->second;
    SolverCode<N> code;
    code.model = model;
    if (policy) code.policy = rows(policy);
    if (start) {
      code.volatile_start = dynamic;
      if (start->sort.kind == Sort::Kind::law)
        code.start_law = law(start);
      else
        code.start_state = index(start);
    }
    const std::size_t number = program_.solvers.size();
    program_.solvers.push_back(std::move(code));
    if (!dynamic && !bound && !(start && start->sort.kind != Sort::Kind::law)) solvers_[key] = number;
    return number;
  }

  // learning loops

  void loop(const LearningLoop& loop, bool rows_only);
  typename LoopCode<N>::PairFunction pair_function(const Tree& tree, const ModelTuple& world);
  std::size_t loop_index(const std::string& name) const;
  RoundValue<N> round_value(const Tree& tree);

  // givens

  void givens(bool rows_only);
  bool is_compiled(const Tree& tree, bool rows_only) const;

  /// f(x, y), c f(x, y) or p(a|s) with distinct bound names: the given, its factor and its arguments.
  struct Bounded {
    const Given* given = nullptr;
    Rational factor = 1;
    std::vector<std::string> arguments;  ///< the step last
  };
  std::optional<Bounded> bounded(const Tree& tree) const;

  /// What an assume of the form "for all ...: f(...) >= e" says of the draw of f.
  void bounds_in(std::size_t assume, bool rows_only);
  void equation(std::size_t assume, std::size_t which, const Comparison& comparison,
                const std::string& argument, bool left);

  // integers and elements

  Index<N> index(const Tree& tree);
  std::vector<Index<N>> indices(const std::vector<Tree>& trees);

  // numbers

  std::vector<Number<N>> numbers(const std::vector<Tree>& trees);

  Number<N> element_as_number(const Tree& tree) { return std::make_unique<IndexNumber<N>>(index(tree)); }

  static bool is_plain_integer(const Tree& tree);
  Number<N> number(const Tree& tree);
  /// The number, kept for the names that it depends on where more run around it; nullptr where that does not
  /// pay, and for what depends on trajectories.
  Number<N> kept(const Tree& tree);
  std::vector<Index<N>> step_argument(const Tree& tree);
  Number<N> call_number(const Tree& tree);
  /// Elements, integers and policies of a call in the order of the definition's parameters; numbers apart.
  void arguments(const Tree& tree, std::vector<Index<N>>& list, std::vector<Number<N>>& values);
  Number<N> mass(const Tree& tree);
  Number<N> value(const Tree& tree);
  Number<N> value_gap(const std::vector<Tree>& terms);
  Number<N> difference_of_means(const std::vector<Tree>& terms);

  static bool integer_range(const Binding& binding) { return binding.over == Binding::Over::integers; }

  BindingCode<N> binding_code(const Binding& binding);
  Number<N> binder(const Tree& tree);
  Number<N> drawn(const Tree& tree);
  Number<N> stepwise_mean(const Tree& tree);
  Number<N> running(const Tree& tree);

  // fields: functions and differences of laws, by flat argument

  static std::vector<std::string> field_sets(const Tree& tree);
  std::unique_ptr<FieldCode<N>> field(const Tree& tree);
  std::unique_ptr<FieldCode<N>> definition_field(const Tree& tree);
  Number<N> norm(const Tree& tree, bool squared = false);
  Number<N> distance(const Tree& tree);

  // laws and kernels

  std::unique_ptr<LawCode<N>> law(const Tree& tree);
  std::unique_ptr<RowsCode<N>> rows(const Tree& tree);

  // truths

  std::vector<Condition<N>> conditions(const std::vector<Tree>& trees);
  Condition<N> condition(const Tree& tree);
  Condition<N> sign_truth(const Tree& tree);

  /// Whether an integer can be told by index code.
  static bool is_index(const Tree& tree);
  const Lemma& lemma_;
  const Signature& signature_;
  Irrational irrational_;
  Program<N> program_;
  std::vector<std::string> models_;
  std::map<std::string, std::size_t> solvers_;
  std::vector<std::string> scope_, number_scope_;
  std::size_t most_slots_ = 0;
  std::size_t term_scope_ = 0;  ///< how many names are bound where the term of a stepwise mean begins, or 0
  /// What is kept runs over names of its own: those that it depends on, and those bound since.
  struct Around {
    std::set<std::string> names;
    std::size_t bound = 0;  ///< how many names were bound where it begins
  };
  Around around_;
  static constexpr auto none = static_cast<std::size_t>(-1);
  std::size_t path_scope_ = none;  ///< where the first trajectory is bound
  std::int64_t round_values_ = 0;  ///< how many there are
};

}  // namespace lemmacheck::detail
