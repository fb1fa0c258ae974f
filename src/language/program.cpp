#include "language/program.hpp"

#include <atomic>
#include <functional>
#include <set>

#include "generate/assignment_file.hpp"
#include "language/detail/program_parts.hpp"

#include <nlohmann/json.hpp>

namespace lemmacheck {

std::uint64_t detail::next_program_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}
namespace detail {
namespace {

/// Roots, exponentials and products of logarithms leave the rationals, logarithms too.
bool is_irrational_op(const Node& node) {
  switch (node.op) {
    case Op::logarithm:
    case Op::exponential:
    case Op::root:
    case Op::divergence:
    case Op::entropy:
      return true;
    case Op::norm:
      return node.name == "p";
    case Op::power:
      return node.kids[1]->sort.kind != Sort::Kind::integer;
    default:
      return false;
  }
}

class IrrationalFinder {
 public:
  explicit IrrationalFinder(const Lemma& lemma) : lemma_(lemma) {
    found.definitions.assign(lemma.definitions.size(), false);
    found.rows.assign(lemma.definitions.size(), false);
  }

  void run() {
    bool changed = true;
    while (changed) {
      changed = false;
      for (std::size_t i = 0; i < lemma_.definitions.size(); ++i) {
        const Definition& definition = lemma_.definitions[i];
        bool irrational = definition.body && is_irrational(definition.body);
        for (const auto& [at, base] : definition.bases) irrational = irrational || is_irrational(base);
        if (!irrational || found.definitions[i]) continue;
        found.definitions[i] = changed = true;
        found.rows[i] = definition.is_rows();
      }
    }
    const auto look = [&](const Tree& tree) {
      found.anything = found.anything || (tree && is_irrational(tree));
    };
    for (const Lemma::Statement& assume : lemma_.assumes) look(assume.tree);
    for (const Lemma::Statement& claim : lemma_.claims) look(claim.tree);
    for (const Lemma::Statement& proof : lemma_.proofs) look(proof.tree);
    look(lemma_.tight_term);
    for (const Given& given : lemma_.givens) look(given.objective);
    for (const LearningLoop& loop : lemma_.loops) {
      loop.for_each_part(look);
      found.anything = found.anything || is_irrational_model(loop.world);
    }
  }
  bool is_irrational(const Tree& tree) const {
    if (power_of_squared_norm(*tree)) {
      bool any = false;
      for_each_part(*tree->kids[0], [&](const Tree& part) { any = any || is_irrational(part); });
      return any;
    }
    if (is_irrational_op(*tree)) return true;
    if (tree->definition >= 0 && found.definitions[static_cast<std::size_t>(tree->definition)]) return true;
    if (tree->op == Op::model_ref && is_irrational_model(tree->name)) return true;
    bool any = false;
    for_each_part(*tree, [&](const Tree& part) { any = any || is_irrational(part); });
    return any;
  }
  bool is_irrational_model(const std::string& name) const {
    const ModelTuple* tuple = lemma_.find_model(name);
    for (const std::string* part : {&tuple->reward, &tuple->kernel, &tuple->discount, &tuple->initial})
      for (std::size_t i = 0; i < lemma_.definitions.size(); ++i)
        if (lemma_.definitions[i].name == *part && found.definitions[i]) return true;
    return false;
  }
  Irrational found;

 private:
  const Lemma& lemma_;
};

}  // namespace

namespace {

/// Values, entries of given tables, and sums and products of them are defined whatever the element `name` is.
bool is_plainly_defined(const Tree& tree) {
  switch (tree->op) {
    case Op::literal:
    case Op::variable:
    case Op::constant:
      return true;
    case Op::call:
      return tree->definition < 0 && tree->sort.is_number();
    case Op::value:
      return tree->kids.size() == 1;
    case Op::add:
    case Op::negate:
    case Op::multiply:
      return std::all_of(tree->kids.begin(), tree->kids.end(), is_plainly_defined);
    default:
      return false;
  }
}

/// Whether it is the probability P(x) of the element `name` in a law that does not depend on it.
bool is_mass_at(const Tree& tree, const std::string& name) {
  return tree->op == Op::mass && tree->kids.size() == 2 && tree->kids[1]->op == Op::variable &&
         tree->kids[1]->name == name && free_variables(tree->kids[0]).count(name) == 0;
}

/// (P(x) - Q(x)) f(x) as P(x) f(x) and -Q(x) f(x); any other term as it is.
std::vector<Tree> distributed(const Tree& term, const std::string& name) {
  const auto is_difference = [&](const Tree& tree) {
    return tree->op == Op::add && std::all_of(tree->kids.begin(), tree->kids.end(), [&](const Tree& kid) {
             return is_mass_at(kid->op == Op::negate ? kid->kids[0] : kid, name);
           });
  };
  if (term->op != Op::multiply) return {term};
  const auto difference = std::find_if(term->kids.begin(), term->kids.end(), is_difference);
  if (difference == term->kids.end()) return {term};
  std::vector<Tree> terms;
  for (const Tree& kid : (*difference)->kids) {
    std::vector<Tree> factors = term->kids;
    const bool negative = kid->op == Op::negate;
    factors[static_cast<std::size_t>(difference - term->kids.begin())] = negative ? kid->kids[0] : kid;
    const Tree product = make(Op::multiply, Sort::number(), std::move(factors), term->place);
    terms.push_back(negative ? make(Op::negate, Sort::number(), {product}, term->place) : product);
  }
  return terms;
}

/// The expectation of a term's other factors over the law whose mass is one of its factors; nullptr if none
/// is.
Tree term_as_expectation(const Tree& term, const Binding& binding) {
  if (term->op == Op::negate) {
    const Tree inner = term_as_expectation(term->kids[0], binding);
    return inner ? make(Op::negate, Sort::number(), {inner}, term->place) : nullptr;
  }
  const std::vector<Tree> factors = term->op == Op::multiply ? term->kids : std::vector<Tree>{term};
  const std::string& name = binding.names[0];
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const Tree& mass = factors[i];
    if (!is_mass_at(mass, name)) continue;
    std::vector<Tree> others;
    for (std::size_t k = 0; k < factors.size(); ++k)
      if (k != i) others.push_back(factors[k]);
    if (!std::all_of(others.begin(), others.end(), is_plainly_defined)) return nullptr;
    auto mean = std::make_shared<Node>();
    mean->op = Op::expectation;
    mean->sort = Sort::number();
    mean->place = term->place;
    Binding drawn;
    drawn.over = Binding::Over::law;
    drawn.names = binding.names;
    drawn.sorts = binding.sorts;
    drawn.law = mass->kids[0];
    mean->bindings.push_back(std::move(drawn));
    mean->kids = {others.empty()       ? literal(1)
                  : others.size() == 1 ? others[0]
                                       : make(Op::multiply, Sort::number(), others, term->place)};
    return mean;
  }
  return nullptr;
}

}  // namespace

Tree as_expectation(const Tree& tree) {
  if (tree->op != Op::sum || tree->condition || tree->bindings.size() != 1 || tree->kids.empty())
    return nullptr;
  const Binding& binding = tree->bindings[0];
  if (binding.over != Binding::Over::set || binding.names.size() != 1) return nullptr;
  const Tree& body = tree->kids[0];
  const std::vector<Tree> summed = body->op == Op::add ? body->kids : std::vector<Tree>{body};
  std::vector<Tree> terms;
  for (const Tree& kid : summed)
    for (const Tree& term : distributed(kid, binding.names[0])) {
      terms.push_back(term_as_expectation(term, binding));
      if (!terms.back()) return nullptr;
    }
  return terms.size() == 1 ? terms[0] : make(Op::add, Sort::number(), std::move(terms), tree->place);
}

namespace {

/// Whether an integer is never above the value of one of the names.
bool is_at_most_one_of(const Tree& tree, const std::set<std::string>& names) {
  if (tree->op == Op::variable) return names.count(tree->name) != 0;
  if (tree->op == Op::literal) return tree->number <= Rational(1);
  if (tree->op != Op::add || tree->kids.size() != 2) return false;
  const std::optional<Rational> more = literal_value(tree->kids[1]);
  return more && more->sign() <= 0 && is_at_most_one_of(tree->kids[0], names);
}

/// Whether it looks at no state or action of a trajectory after the step that `early` names are below.
bool looks_back(const Tree& tree, std::set<std::string> early) {
  if (tree->op == Op::path_state || tree->op == Op::path_action)
    return is_at_most_one_of(tree->kids[0], early);
  for (const Binding& binding : tree->bindings) {
    if (binding.over == Binding::Over::path) return false;
    for (const Tree& part : {binding.low, binding.high, binding.law, binding.model})
      if (part && !looks_back(part, early)) return false;
    const bool below = binding.over == Binding::Over::integers && is_at_most_one_of(binding.high, early);
    for (const std::string& name : binding.names) {
      early.erase(name);
      if (below) early.insert(name);
    }
  }
  bool all = true;
  const auto look = [&](const Tree& part) { all = all && (!part || looks_back(part, early)); };
  for (const Tree* part : {&tree->condition, &tree->step, &tree->policy, &tree->model, &tree->start})
    look(*part);
  for (const Tree& kid : tree->kids) look(kid);
  for (const Tree& kid : tree->captured) look(kid);
  return all;
}

}  // namespace

bool is_stepwise_mean(const Node& node) {
  if (node.op != Op::expectation || node.bindings.size() != 1 || node.bindings[0].over != Binding::Over::path)
    return false;
  const Tree& sum = node.kids[0];
  if (sum->op != Op::sum || sum->condition || sum->bindings.size() != 1) return false;
  const Binding& step = sum->bindings[0];
  const bool from_one =
      step.over == Binding::Over::integers && step.low->op == Op::literal && step.low->number == Rational(1);
  return from_one && looks_back(sum->kids[0], {step.names[0]});
}

bool is_running(const Node& node, const std::string& step) {
  if ((node.op != Op::sum && node.op != Op::product) || node.condition || node.bindings.size() != 1)
    return false;
  const Binding& binding = node.bindings[0];
  if (binding.over != Binding::Over::integers || binding.names.size() != 1) return false;
  const bool from_one = binding.low->op == Op::literal && binding.low->number == Rational(1);
  return from_one && is_at_most_one_of(binding.high, {step}) &&
         looks_back(node.kids[0], {binding.names[0]}) && free_variables(node.kids[0]).count(step) == 0;
}

std::optional<Rational> power_of_squared_norm(const Node& node) {
  if (node.op != Op::power || node.kids[0]->op != Op::norm || node.kids[0]->name != "p") return std::nullopt;
  const auto exponent = literal_value(node.kids[1]);
  if (!exponent || exponent->sign() <= 0) return std::nullopt;
  const Rational half = *exponent / Rational(2);
  return half.is_integer() ? std::optional(half) : std::nullopt;
}

Irrational irrational_parts(const Lemma& lemma) {
  IrrationalFinder finder(lemma);
  finder.run();
  return finder.found;
}

std::shared_ptr<const Signature> signature_of(const Lemma& lemma) {
  auto signature = std::make_shared<Signature>();
  const auto set = [&](const std::string& name) {
    for (std::size_t i = 0; i < signature->sets.size(); ++i)
      if (signature->sets[i] == name) return i;
    throw InternalError("no set is called " + name);
  };
  for (const SetName& each : lemma.sets) {
    signature->sets.push_back(each.name);
    signature->actions.push_back(each.actions);
  }
  const auto is_discount = [&](const std::string& name) {
    return std::any_of(lemma.models.begin(), lemma.models.end(),
                       [&](const ModelTuple& tuple) { return tuple.discount == name; });
  };
  using Kind = PartShape::Kind;
  for (const Given& given : lemma.givens) {
    PartShape shape;
    shape.name = given.name;
    switch (given.kind) {
      case Given::Kind::number:
        shape.kind = Kind::number;
        break;
      case Given::Kind::integer:
        shape.kind = Kind::integer;
        break;
      case Given::Kind::element:
        shape.kind = Kind::element;
        break;
      case Given::Kind::function:
        shape.kind = Kind::function;
        break;
      case Given::Kind::map:
        shape.kind = Kind::map;
        break;
      case Given::Kind::rows:
        shape.kind = Kind::rows;
        break;
    }
    for (const std::string& name : given.from) shape.from.push_back(set(name));
    for (const std::string& name : given.to) shape.to.push_back(set(name));
    shape.family = given.family;
    if (given.name == lemma.horizon) signature->horizon = signature->parts.size();
    if (given.kind == Given::Kind::number && !signature->discount && is_discount(given.name))
      signature->discount = signature->parts.size();
    signature->parts.push_back(std::move(shape));
  }
  return signature;
}

void fail_no_distribution(const Definition& definition, const Assignment& assignment,
                          const std::vector<std::int64_t>& condition, std::int64_t step,
                          const std::string& fault) {
  std::string row;
  for (std::size_t i = 0; i < condition.size(); ++i)
    row += (i == 0 ? "" : ", ") +
           (i < definition.parameters.size() ? definition.parameters[i].name + " = " : std::string()) +
           std::to_string(condition[i]);
  if (!definition.step.empty())
    row += (row.empty() ? "" : ", ") + definition.step + " = " + std::to_string(step);
  fail_at(definition.place,
          definition.name + " is no distribution on some instance: the row" +
              (row.empty() ? "" : " at " + row) + " " + fault + "; the instance is " +
              assignment_to_json(assignment).dump(),
          "define a row that is never negative and sums to 1 on every instance, or assume what makes it so");
}

}  // namespace detail

namespace {

/// Whether values are of so many steps, and their denominators powers: elsewhere rationals are as fast as
/// residues.
bool grow_with_the_horizon(const Lemma& lemma) {
  return !lemma.models.empty() && lemma.loops.empty() &&
         std::all_of(lemma.models.begin(), lemma.models.end(),
                     [](const auto& model) { return model.has_horizon() || !model.has_values(); });
}

}  // namespace

LemmaProgram::LemmaProgram(std::shared_ptr<const Lemma> lemma, std::vector<Comparison> comparisons,
                           std::vector<Tree> terms)
    : parts_(std::make_unique<Parts>()) {
  using namespace detail;
  Parts& parts = *parts_;
  parts.lemma = lemma;
  parts.signature = signature_of(*lemma);
  parts.comparisons = std::move(comparisons);
  parts.irrational = irrational_parts(*lemma);
  // Edited comparisons may leave the rationals where the lemma does not.
  IrrationalFinder finder(*lemma);
  finder.found = parts.irrational;
  for (std::size_t i = 0; i < parts.comparisons.size(); ++i)
    for (const Tree& tree : {parts.comparisons[i].lhs, parts.comparisons[i].rhs, terms[i]})
      parts.irrational.anything = parts.irrational.anything || (tree && finder.is_irrational(tree));
  const bool rational = !parts.irrational.anything;
  parts.rational = compiled<Rational>(lemma, parts.signature, nullptr, parts.irrational, !rational,
                                      parts.comparisons, terms);
  parts.interval = std::make_unique<Program<Interval>>(compiled<Interval>(
      lemma, parts.signature, &parts.rational, parts.irrational, false, parts.comparisons, terms));
  if (rational && grow_with_the_horizon(*lemma))
    parts.residue = std::make_unique<Program<ResidueInterval>>(compiled<ResidueInterval>(
        lemma, parts.signature, &parts.rational, parts.irrational, false, parts.comparisons, terms));
  if (!rational)
    parts.real = std::make_unique<Program<RealNumber>>(compiled<RealNumber>(
        lemma, parts.signature, &parts.rational, parts.irrational, false, parts.comparisons, terms));
}

LemmaProgram::~LemmaProgram() = default;

const std::shared_ptr<const Signature>& LemmaProgram::signature() const {
  return parts_->signature;
}
const Lemma& LemmaProgram::lemma() const {
  return *parts_->lemma;
}
bool LemmaProgram::is_rational() const {
  return !parts_->irrational.anything;
}
void LemmaProgram::enclosed(const Assignment& assignment, Points<Interval>& points) const {
  detail::evaluate_points(*parts_->interval, assignment, points);
}
bool LemmaProgram::has_residues() const {
  return parts_->residue != nullptr;
}
void LemmaProgram::with_residues(const Assignment& assignment, Points<ResidueInterval>& points) const {
  detail::evaluate_points(*parts_->residue, assignment, points);
}
void LemmaProgram::exact(const Assignment& assignment, Points<Rational>& points) const {
  detail::evaluate_points(parts_->rational, assignment, points);
}
void LemmaProgram::real(const Assignment& assignment, Points<RealNumber>& points) const {
  detail::evaluate_points(*parts_->real, assignment, points);
}

std::string LemmaProgram::broken_assume(const Assignment& assignment) const {
  for (std::size_t i = 0; i < parts_->lemma->assumes.size(); ++i) {
    const Truth truth = is_rational() ? detail::assume_truth(parts_->rational, assignment, i)
                                      : detail::assume_truth(*parts_->real, assignment, i);
    if (truth != Truth::yes) return to_plain(parts_->lemma->assumes[i].tree);
  }
  return "";
}

}  // namespace lemmacheck
