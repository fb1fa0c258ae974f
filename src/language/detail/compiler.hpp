/// From trees to code. Private to the language layer; instantiated in program_*.cpp.
#pragma once

#include <set>

#include "language/dependencies.hpp"
#include "language/detail/number_code.hpp"

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
    code.lhs = number(reversed ? text.rhs : text.lhs);
    code.rhs = number(reversed ? text.lhs : text.rhs);
    if (text.lhs->sort.kind == Sort::Kind::element) {  // elements are equal or not
      code.lhs = element_as_number(text.lhs);
      code.rhs = element_as_number(text.rhs);
    }
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
    most_slots_ = 0;
    for (const std::string& name : bound) bind(name);
  }
  std::size_t bind(const std::string& name) {
    scope_.push_back(name);
    most_slots_ = std::max(most_slots_, scope_.size());
    return scope_.size() - 1;
  }
  void unbind(std::size_t size) { scope_.resize(size); }
  std::size_t slot_of(const std::string& name) const {
    for (std::size_t i = scope_.size(); i-- > 0;)
      if (scope_[i] == name) return i;
    throw InternalError("the name " + name + " is bound nowhere");
  }

  // definitions

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
    for (const Definition::Parameter& outcome : definition.outcomes) add(outcome);
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
      slots = std::max(slots, most_slots_);
    }
    begin();
    Number<N> body = number(definition.body);
    program_.definitions[i].body = std::move(body);
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

  // givens

  void givens(bool rows_only) {
    program_.best_solvers.assign(models_.size(), static_cast<std::size_t>(-1));
    for (std::size_t i = 0; i < models_.size(); ++i) {
      const ModelTuple& tuple = lemma_.models[i];
      if (tuple.has_horizon() || tuple.has_discount()) program_.best_solvers[i] = solver(i, nullptr, nullptr);
    }
    for (const Given& given : lemma_.givens) {
      GivenCode<N> code;
      begin_body({});
      if (given.range.low && is_compiled(given.range.low, rows_only)) code.low = number(given.range.low);
      if (given.range.high && is_compiled(given.range.high, rows_only)) code.high = number(given.range.high);
      code.slots = most_slots_;
      if (!given.model.empty()) {
        code.model = model_index(given.model);
        code.solver = program_.best_solvers[*code.model];
      }
      if (given.objective && is_compiled(given.objective, rows_only)) {
        if (given.plan == Given::Plan::argmin) {
          begin_body({given.bound});
          code.minimised = number(given.objective);
        } else {
          begin_body({});
          code.objective = field(given.objective);
          code.of_pairs = given.objective->sort.from.size() == 2;
        }
        code.slots = std::max(code.slots, most_slots_);
      }
      program_.givens.push_back(std::move(code));
    }
    for (std::size_t i = 0; i < lemma_.assumes.size(); ++i) bounds_in(i, rows_only);
  }

  bool is_compiled(const Tree& tree, bool rows_only) const {
    if (!rows_only) return true;
    if (tree->definition >= 0 && irrational_.definitions[static_cast<std::size_t>(tree->definition)])
      return false;
    bool all = tree->op != Op::logarithm && tree->op != Op::exponential && tree->op != Op::root &&
               tree->op != Op::divergence && tree->op != Op::entropy;
    for_each_part(*tree, [&](const Tree& part) { all = all && is_compiled(part, rows_only); });
    return all;
  }

  /// f(x, y), c f(x, y) or p(a|s) with distinct bound names: the given, its factor and its arguments.
  struct Bounded {
    const Given* given = nullptr;
    Rational factor = 1;
    std::vector<std::string> arguments;  ///< the step last
  };
  std::optional<Bounded> bounded(const Tree& tree) const {
    Bounded result;
    Tree inner = tree;
    if (tree->op == Op::multiply && tree->kids.size() == 2 && tree->kids[0]->op == Op::literal &&
        tree->kids[0]->number.sign() > 0) {
      result.factor = tree->kids[0]->number;
      inner = tree->kids[1];
    }
    std::vector<Tree> list;
    Tree step;
    if (inner->op == Op::call && inner->definition < 0 && inner->sort.is_number()) {
      result.given = lemma_.find_given(inner->name);
      list = inner->kids;
      step = inner->step;
    } else if (inner->op == Op::mass) {
      const Tree& law = inner->kids[0];
      const Tree rows = law->op == Op::row ? law->kids[0] : law;
      if (rows->op != Op::rows_ref || rows->definition >= 0) return std::nullopt;
      result.given = lemma_.find_given(rows->name);
      list.assign(inner->kids.begin() + 1, inner->kids.end());
      if (law->op == Op::row) list.insert(list.end(), law->kids.begin() + 1, law->kids.end());
      step = rows->step;
    } else {
      return std::nullopt;
    }
    if (step) list.push_back(step);
    std::set<std::string> seen;
    for (const Tree& argument : list) {
      if (argument->op != Op::variable || !seen.insert(argument->name).second) return std::nullopt;
      result.arguments.push_back(argument->name);
    }
    return result;
  }

  /// What an assume of the form "for all ...: f(...) >= e" says of the draw of f.
  void bounds_in(std::size_t assume, bool rows_only) {
    for (const Comparison& comparison : comparisons_of(lemma_.assumes[assume].tree, 0)) {
      if (!comparison.filters.empty()) continue;
      for (const bool left : {true, false}) {
        const Tree& side = left ? comparison.lhs : comparison.rhs;
        const Tree& other = left ? comparison.rhs : comparison.lhs;
        const auto found = bounded(side);
        if (!found || found->given == nullptr) continue;
        std::set<std::string> all(found->arguments.begin(), found->arguments.end());
        std::size_t bound_names = 0;
        for (const Binding& binding : comparison.bindings) bound_names += all.count(binding.names[0]);
        if (bound_names != found->arguments.size() || comparison.bindings.size() != bound_names) continue;
        const auto which = static_cast<std::size_t>(
            std::find_if(lemma_.givens.begin(), lemma_.givens.end(),
                         [&](const Given& given) { return &given == found->given; }) -
            lemma_.givens.begin());
        GivenCode<N>& code = program_.givens[which];
        const bool greater = comparison.relation[0] == '>'   ? left
                             : comparison.relation[0] == '<' ? !left
                                                             : false;
        if (found->given->kind == Given::Kind::rows) {
          if (greater && comparison.relation.size() == 1 && other->op == Op::literal &&
              other->number.sign() == 0)
            code.positive = true;
          if (comparison.relation == "=" && found->given->from.empty() && found->given->to.size() == 1 &&
              found->arguments.size() == 1 && is_compiled(other, rows_only))
            equation(assume, which, comparison, found->arguments[0], left);
          continue;
        }
        if (found->given->kind != Given::Kind::function || comparison.relation == "!=" ||
            !is_compiled(other, rows_only))
          continue;
        const std::set<std::string> behind = givens_behind(lemma_, other);
        if (behind.count(found->given->name) != 0) continue;
        code.bounded_by.insert(behind.begin(), behind.end());
        BoundCode<N> bound;
        begin_body(found->arguments);
        bound.bound = number(other);
        bound.slots = most_slots_;
        bound.factor = found->factor;
        bound.strict = comparison.relation.size() == 1 && comparison.relation != "=";
        bound.lower = greater || comparison.relation == "=";
        code.bounds.push_back(std::move(bound));
        if (comparison.relation == "=") {
          BoundCode<N> above;
          begin_body(found->arguments);
          above.bound = number(other);
          above.slots = most_slots_;
          above.factor = found->factor;
          above.lower = false;
          code.bounds.push_back(std::move(above));
        }
      }
    }
  }

  void equation(std::size_t assume, std::size_t which, const Comparison& comparison,
                const std::string& argument, bool left) {
    typename Program<N>::Equation equation;
    equation.set = set_index(comparison.bindings[0].set);
    begin_body({argument});
    equation.left = number(left ? comparison.lhs : comparison.rhs);
    equation.right = number(left ? comparison.rhs : comparison.lhs);
    equation.slots = most_slots_;
    program_.equations[assume] = std::move(equation);
    program_.givens[which].fixed_by = assume;
  }

  // integers and elements

  Index<N> index(const Tree& tree) {
    switch (tree->op) {
      case Op::literal:
        return std::make_unique<FixedIndex<N>>(integer_of(tree->number));
      case Op::variable:
        return std::make_unique<SlotIndex<N>>(slot_of(tree->name));
      case Op::constant: {
        if (tree->definition < 0) return std::make_unique<GivenIndex<N>>(part_index(tree->name));
        const Definition& definition = lemma_.definitions[static_cast<std::size_t>(tree->definition)];
        if (definition.step.empty() && definition.body) {
          // An integer that is defined, n = H - 1, has no bound names.
          const auto scope = std::exchange(scope_, {});
          Index<N> code = index(definition.body);
          scope_ = scope;
          return code;
        }
        break;
      }
      case Op::size:
        return std::make_unique<SizeIndex<N>>(set_index(tree->name));
      case Op::add:
        return std::make_unique<SumIndex<N>>(indices(tree->kids));
      case Op::negate:
        return std::make_unique<NegatedIndex<N>>(index(tree->kids[0]));
      case Op::multiply:
        return std::make_unique<ProductIndex<N>>(indices(tree->kids));
      case Op::power:
        return std::make_unique<PowerIndex<N>>(index(tree->kids[0]), index(tree->kids[1]));
      case Op::absolute:
        return std::make_unique<AbsoluteIndex<N>>(index(tree->kids[0]));
      case Op::minimum:
      case Op::maximum:
        return std::make_unique<ExtremeIndex<N>>(indices(tree->kids), tree->op == Op::maximum);
      case Op::call:
        if (tree->sort.kind == Sort::Kind::element)
          return std::make_unique<MapIndex<N>>(part_index(tree->name), index(tree->kids[0]));
        break;
      case Op::taken:
        return std::make_unique<TakenIndex<N>>(rows(tree->policy), index(tree->kids[0]));
      case Op::path_state:
      case Op::path_action:
        return std::make_unique<PathIndex<N>>(slot_of(tree->name), index(tree->kids[0]),
                                              tree->op == Op::path_state);
      default:
        break;
    }
    fail_at(tree->place, "this integer is too involved to stand here",
            "define it from H, h, k and numbers by +, - and *");
  }
  std::vector<Index<N>> indices(const std::vector<Tree>& trees) {
    std::vector<Index<N>> list;
    for (const Tree& tree : trees) list.push_back(index(tree));
    return list;
  }

  // numbers

  std::vector<Number<N>> numbers(const std::vector<Tree>& trees) {
    std::vector<Number<N>> list;
    for (const Tree& tree : trees) list.push_back(number(tree));
    return list;
  }

  Number<N> element_as_number(const Tree& tree) { return std::make_unique<IndexNumber<N>>(index(tree)); }

  static bool is_plain_integer(const Tree& tree) {
    switch (tree->op) {
      case Op::variable:
      case Op::size:
      case Op::path_state:
      case Op::path_action:
        return true;
      case Op::constant:
        return tree->definition < 0;
      default:
        return false;
    }
  }

  Number<N> number(const Tree& tree) {
    if (tree->sort.kind == Sort::Kind::integer && is_plain_integer(tree))
      return std::make_unique<IndexNumber<N>>(index(tree));
    switch (tree->op) {
      case Op::literal:
        return std::make_unique<FixedNumber<N>>(tree->number);
      case Op::variable: {
        for (std::size_t i = number_scope_.size(); i-- > 0;)
          if (number_scope_[i] == tree->name) return std::make_unique<NumberSlot<N>>(i);
        throw InternalError("the number " + tree->name + " is bound nowhere");
      }
      case Op::constant:
        if (tree->definition >= 0)
          return std::make_unique<CallNumber<N>>(tree->definition, step_argument(tree),
                                                 std::vector<Number<N>>{});
        return std::make_unique<GivenNumber<N>>(part_index(tree->name));
      case Op::call:
        return call_number(tree);
      case Op::add:
        return std::make_unique<SumNumber<N>>(numbers(tree->kids));
      case Op::negate:
        return std::make_unique<NegatedNumber<N>>(number(tree->kids[0]));
      case Op::multiply:
        return std::make_unique<ProductNumber<N>>(numbers(tree->kids));
      case Op::divide:
        return std::make_unique<QuotientNumber<N>>(number(tree->kids[0]), number(tree->kids[1]));
      case Op::power:
        if (const auto half = power_of_squared_norm(*tree))
          return std::make_unique<IntegerPower<N>>(norm(tree->kids[0], true), index(literal(*half)));
        if (tree->kids[1]->sort.kind == Sort::Kind::integer)
          return std::make_unique<IntegerPower<N>>(number(tree->kids[0]), index(tree->kids[1]));
        if (tree->kids[1]->op == Op::literal && tree->kids[1]->number == Rational::ratio(1, 2))
          return std::make_unique<UnaryNumber<N>>(number(tree->kids[0]), Op::root);
        return std::make_unique<RealPower<N>>(number(tree->kids[0]), number(tree->kids[1]));
      case Op::absolute:
      case Op::root:
      case Op::logarithm:
      case Op::exponential:
        return std::make_unique<UnaryNumber<N>>(number(tree->kids[0]), tree->op);
      case Op::minimum:
      case Op::maximum:
        return std::make_unique<ExtremeNumber<N>>(numbers(tree->kids), tree->op == Op::maximum);
      case Op::mass:
        return mass(tree);
      case Op::value:
        return value(tree);
      case Op::expectation:
      case Op::variance:
      case Op::chance:
        return drawn(tree);
      case Op::sum:
      case Op::product:
      case Op::largest:
      case Op::smallest:
      case Op::spread:
        if (tree->bindings.empty())
          return std::make_unique<FieldSpread<N>>(field(tree->kids[0]),
                                                  set_indices(field_sets(tree->kids[0])));
        return binder(tree);
      case Op::norm:
        return norm(tree);
      case Op::distance:
      case Op::divergence:
      case Op::entropy:
        return distance(tree);
      case Op::transport:
        return std::make_unique<TransportNumber<N>>(law(tree->kids[0]), law(tree->kids[1]),
                                                    field(tree->kids[2]));
      case Op::inner:
        return std::make_unique<InnerNumber<N>>(field(tree->kids[0]), field(tree->kids[1]),
                                                set_indices(field_sets(tree->kids[0])));
      case Op::indicator:
        return std::make_unique<IndicatorNumber<N>>(condition(tree->kids[0]));
      default:
        if (tree->sort.kind == Sort::Kind::integer) return std::make_unique<IndexNumber<N>>(index(tree));
        throw InternalError("no code for this number");
    }
  }

  std::vector<Index<N>> step_argument(const Tree& tree) {
    std::vector<Index<N>> list;
    if (tree->step) list.push_back(index(tree->step));
    return list;
  }

  Number<N> call_number(const Tree& tree) {
    if (tree->definition < 0)
      return std::make_unique<TableNumber<N>>(part_index(tree->name),
                                              tree->step ? index(tree->step) : nullptr, indices(tree->kids),
                                              set_indices(lemma_.find_given(tree->name)->from));
    std::vector<Index<N>> list = step_argument(tree);
    std::vector<Number<N>> values;
    arguments(tree, list, values);
    return std::make_unique<CallNumber<N>>(tree->definition, std::move(list), std::move(values));
  }
  /// Elements, integers and policies of a call in the order of the definition's parameters; numbers apart.
  void arguments(const Tree& tree, std::vector<Index<N>>& list, std::vector<Number<N>>& values) {
    const Definition& definition = lemma_.definitions[static_cast<std::size_t>(tree->definition)];
    std::size_t next = 0;
    for (const Tree& kid : tree->kids) {
      const bool passed = kid->sort.kind == Sort::Kind::element || kid->sort.is_number();
      if (!passed) continue;
      if (definition.parameters[next].sort.kind == Sort::Kind::number)
        values.push_back(number(kid));
      else
        list.push_back(index(kid));
      ++next;
    }
    for (const Tree& kid : tree->captured) {
      if (definition.parameters[next].sort.kind == Sort::Kind::number)
        values.push_back(number(kid));
      else
        list.push_back(index(kid));
      ++next;
    }
  }

  Number<N> mass(const Tree& tree) {
    std::vector<Index<N>> outcomes;
    for (std::size_t i = 1; i < tree->kids.size(); ++i) outcomes.push_back(index(tree->kids[i]));
    return std::make_unique<MassNumber<N>>(law(tree->kids[0]), std::move(outcomes),
                                           set_indices(tree->kids[0]->sort.to));
  }

  Number<N> value(const Tree& tree) {
    const std::size_t model = model_index(tree->model->name);
    const std::size_t number = solver(model, tree->policy, nullptr);
    return std::make_unique<ValueNumber<N>>(model, number, tree->name[0],
                                            tree->step ? index(tree->step) : nullptr, indices(tree->kids));
  }

  static bool integer_range(const Binding& binding) { return binding.over == Binding::Over::integers; }

  BindingCode<N> binding_code(const Binding& binding) {
    BindingCode<N> code;
    switch (binding.over) {
      case Binding::Over::set:
        code.set = set_index(binding.set);
        break;
      case Binding::Over::integers:
        code.low = index(binding.low);
        code.high = index(binding.high);
        break;
      case Binding::Over::law:
        code.law = law(binding.law);
        for (const Sort& sort : binding.sorts) code.law_sets.push_back(set_index(sort.from[0]));
        break;
      case Binding::Over::policies:
        code.policies = true;
        code.set = set_index(binding.states);
        code.actions = set_index(binding.actions);
        code.family = binding.family;
        if (binding.family && !lemma_.horizon.empty())
          code.high = index(constant_tree(lemma_.horizon, Sort::integer()));
        break;
      case Binding::Over::path: {
        const std::size_t model = model_index(binding.law->model->name);
        code.path_solver = solver(model, binding.law->policy, nullptr);
        break;
      }
    }
    code.slot = scope_.size();
    for (const std::string& name : binding.names) bind(name);
    return code;
  }

  Number<N> binder(const Tree& tree) {
    if (const Tree mean = as_expectation(tree)) return number(mean);
    const std::size_t before = scope_.size();
    std::vector<BindingCode<N>> bindings;
    for (const Binding& binding : tree->bindings) bindings.push_back(binding_code(binding));
    Condition<N> filter = tree->condition ? condition(tree->condition) : nullptr;
    Number<N> body = number(tree->kids[0]);
    unbind(before);
    if (Number<N> at_once = largest_distance(tree->op, bindings, filter, body)) return at_once;
    return std::make_unique<BinderNumber<N>>(tree->op, std::move(bindings), std::move(filter),
                                             std::move(body));
  }

  Number<N> drawn(const Tree& tree) {
    const std::size_t before = scope_.size();
    std::vector<BindingCode<N>> bindings;
    for (const Binding& binding : tree->bindings) bindings.push_back(binding_code(binding));
    Number<N> body = tree->op == Op::chance ? std::make_unique<IndicatorNumber<N>>(condition(tree->kids[0]))
                                            : number(tree->kids[0]);
    unbind(before);
    return std::make_unique<DrawnNumber<N>>(tree->op == Op::variance, std::move(bindings), std::move(body));
  }

  // fields: functions and differences of laws, by flat argument

  static std::vector<std::string> field_sets(const Tree& tree) {
    return tree->sort.kind == Sort::Kind::law ? tree->sort.to : tree->sort.from;
  }

  std::unique_ptr<FieldCode<N>> field(const Tree& tree) {
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

  std::unique_ptr<FieldCode<N>> definition_field(const Tree& tree) {
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

  Number<N> norm(const Tree& tree, bool squared = false) {
    const Tree& inner = tree->kids[0];
    const std::vector<std::size_t> sets = set_indices(field_sets(inner));
    // ||p - q||_1 of two rows is what every simulation lemma asks for.
    if (tree->name == "1" && tree->kids.size() == 1 && inner->op == Op::add && inner->kids.size() == 2 &&
        inner->kids[0]->sort.kind == Sort::Kind::law && inner->kids[1]->op == Op::negate &&
        inner->kids[1]->kids[0]->sort.kind == Sort::Kind::law)
      return std::make_unique<DistanceNumber<N>>(law(inner->kids[0]), law(inner->kids[1]->kids[0]), false);
    return std::make_unique<NormNumber<N>>(
        tree->name, field(inner), tree->kids.size() > 1 ? law(tree->kids[1]) : nullptr, sets, squared);
  }

  Number<N> distance(const Tree& tree) {
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

  // laws and kernels

  std::unique_ptr<LawCode<N>> law(const Tree& tree) {
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
        return std::make_unique<FunctionLaw<N>>(field(tree->kids[0]), set_indices(tree->sort.to),
                                                tree->place);
      case Op::occupancy: {
        const std::size_t model = model_index(tree->model->name);
        const std::size_t number = solver(model, tree->policy, tree->start);
        return std::make_unique<OccupancyLaw<N>>(
            model, number, tree->discounted ? nullptr : index(tree->step), tree->sort.to.size() == 2);
      }
      default:
        throw InternalError("no code for this law");
    }
  }

  std::unique_ptr<RowsCode<N>> rows(const Tree& tree) {
    if (tree->op == Op::variable)
      return std::make_unique<BoundRows<N>>(slot_of(tree->name), tree->step ? index(tree->step) : nullptr,
                                            !lemma_.horizon.empty());
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

  // truths

  std::vector<Condition<N>> conditions(const std::vector<Tree>& trees) {
    std::vector<Condition<N>> list;
    for (const Tree& tree : trees) list.push_back(condition(tree));
    return list;
  }

  Condition<N> condition(const Tree& tree) {
    switch (tree->op) {
      case Op::relation: {
        const bool integers = tree->kids[0]->sort.kind == Sort::Kind::integer &&
                              tree->kids[1]->sort.kind == Sort::Kind::integer && is_index(tree->kids[0]) &&
                              is_index(tree->kids[1]);
        if (tree->kids[0]->sort.kind == Sort::Kind::element || integers)
          return std::make_unique<IndexRelation<N>>(tree->name, index(tree->kids[0]), index(tree->kids[1]));
        return std::make_unique<NumberRelation<N>>(tree->name, number(tree->kids[0]), number(tree->kids[1]));
      }
      case Op::within: {
        std::vector<Condition<N>> both;
        both.push_back(std::make_unique<NumberRelation<N>>(
            tree->name[0] == '(' ? "<" : "<=", number(tree->kids[1]), number(tree->kids[0])));
        both.push_back(std::make_unique<NumberRelation<N>>(
            tree->name[1] == ')' ? "<" : "<=", number(tree->kids[0]), number(tree->kids[2])));
        return std::make_unique<JoinedTruth<N>>(std::move(both), true);
      }
      case Op::chain:
      case Op::conjunction:
        return std::make_unique<JoinedTruth<N>>(conditions(tree->kids), true);
      case Op::disjunction:
        return std::make_unique<JoinedTruth<N>>(conditions(tree->kids), false);
      case Op::negation:
        return std::make_unique<NegatedTruth<N>>(condition(tree->kids[0]));
      case Op::implication: {
        std::vector<Condition<N>> either;
        either.push_back(std::make_unique<NegatedTruth<N>>(condition(tree->kids[0])));
        either.push_back(condition(tree->kids[1]));
        return std::make_unique<JoinedTruth<N>>(std::move(either), false);
      }
      case Op::equivalence:
        return std::make_unique<SameTruth<N>>(condition(tree->kids[0]), condition(tree->kids[1]));
      case Op::for_all:
      case Op::exists: {
        const std::size_t before = scope_.size();
        std::vector<BindingCode<N>> bindings;
        for (const Binding& binding : tree->bindings) bindings.push_back(binding_code(binding));
        Condition<N> body = condition(tree->kids[0]);
        unbind(before);
        return std::make_unique<QuantifiedTruth<N>>(tree->op == Op::for_all, std::move(bindings),
                                                    std::move(body));
      }
      default:
        throw InternalError("no code for this condition");
    }
  }

  /// Whether an integer can be told by index code.
  static bool is_index(const Tree& tree) {
    switch (tree->op) {
      case Op::literal:
        return tree->number.is_integer();
      case Op::variable:
      case Op::size:
        return true;
      case Op::constant:
        return tree->definition < 0;
      case Op::add:
      case Op::negate:
      case Op::multiply:
        return std::all_of(tree->kids.begin(), tree->kids.end(), is_index);
      default:
        return false;
    }
  }

  const Lemma& lemma_;
  const Signature& signature_;
  Irrational irrational_;
  Program<N> program_;
  std::vector<std::string> models_;
  std::map<std::string, std::size_t> solvers_;
  std::vector<std::string> scope_, number_scope_;
  std::size_t most_slots_ = 0;
};

}  // namespace lemmacheck::detail
