#include "language/print.hpp"

#include "language/lemma.hpp"
#include "language/lexer.hpp"
#include "language/names.hpp"

namespace lemmacheck {
namespace {

/// How tightly an expression holds together, the loosest first.
enum Level { statements, disjunctions, conjunctions, relations, sums, products, powers, atoms };

struct NameParts {
  std::string letters, primes;
  std::vector<std::string> below, above;
};

NameParts parts_of(const std::string& name) {
  NameParts parts;
  std::size_t end = name.find_first_of("'_^");
  parts.letters = name.substr(0, end);
  while (end < name.size() && name[end] == '\'') {
    parts.primes += '\'';
    ++end;
  }
  while (end < name.size()) {
    const std::size_t next = std::min(name.find_first_of("_^", end + 1), name.size());
    (name[end] == '_' ? parts.below : parts.above).push_back(name.substr(end + 1, next - end - 1));
    end = next;
  }
  return parts;
}

bool is_accent(const std::string& word) {
  return word == "hat" || word == "tilde" || word == "bar" || word == "dot" || word == "check" ||
         word == "vec";
}

std::string relation_sign(const std::string& sign, bool latex) {
  if (!latex) return sign;
  if (sign == "<=") return "\\le";
  if (sign == ">=") return "\\ge";
  if (sign == "!=") return "\\ne";
  return sign;
}

class Printer {
 public:
  explicit Printer(bool latex) : latex_(latex) {}

  std::string print(const Tree& tree, Level level = statements) {
    const std::string text = whole(*tree);
    return level_of(*tree) < level ? brackets(text) : text;
  }

 private:
  std::string brackets(const std::string& text) const {
    return latex_ ? "\\left(" + text + "\\right)" : "(" + text + ")";
  }
  std::string square(const std::string& text) const {
    return latex_ ? "\\left[" + text + "\\right]" : "[" + text + "]";
  }

  static Level level_of(const Node& node) {
    switch (node.op) {
      case Op::for_all:
      case Op::exists:
      case Op::implication:
      case Op::equivalence:
        return statements;
      case Op::disjunction:
        return disjunctions;
      case Op::conjunction:
      case Op::negation:
        return conjunctions;
      case Op::relation:
      case Op::chain:
      case Op::within:
        return relations;
      case Op::add:
      case Op::negate:
        return sums;
      case Op::multiply:
      case Op::divide:
        return products;
      case Op::power:
        return powers;
      case Op::literal:
        return node.number.is_integer() ? atoms : products;
      default:
        return atoms;
    }
  }

  // names

  std::string letters(const std::string& word, bool single_script = false) const {
    if (!latex_) return word;
    if (word == "eps") return "\\epsilon";
    if (word == "ups") return "\\upsilon";
    if (is_greek(word)) return "\\" + word;
    if (word == "*" || word.size() == 1) return word;
    bool digits = true;
    for (const char c : word) digits = digits && c >= '0' && c <= '9';
    static_cast<void>(single_script);
    return digits ? word : "\\mathrm{" + word + "}";
  }

  /// A name with further scripts behind those that are part of it.
  std::string scripted(const std::string& name, std::vector<std::string> below,
                       std::vector<std::string> above) {
    NameParts parts = parts_of(name);
    std::string text = letters(parts.letters);
    std::vector<std::string> own_below, own_above;
    for (const std::string& each : parts.below) {
      if (latex_ && is_accent(each))
        text = "\\" + each + "{" + text + "}";
      else
        own_below.push_back(letters(each));
    }
    for (const std::string& each : parts.above) own_above.push_back(letters(each));
    text += parts.primes;
    if (latex_) {
      own_below.insert(own_below.end(), below.begin(), below.end());
      own_above.insert(own_above.end(), above.begin(), above.end());
      if (!own_below.empty()) text += "_{" + listed(own_below) + "}";
      if (!own_above.empty()) text += "^{" + listed(own_above) + "}";
      return text;
    }
    for (const std::string& each : own_below) text += "_" + each;
    for (const std::string& each : own_above) text += "^" + each;
    if (!below.empty()) text += "_{" + listed(below) + "}";
    if (!above.empty()) text += "^{" + listed(above) + "}";
    return text;
  }
  std::string name(const std::string& text) { return scripted(text, {}, {}); }

  static std::string listed(const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
    return text;
  }

  std::string arguments(const std::vector<Tree>& kids, std::size_t first, std::size_t last) {
    std::vector<std::string> items;
    for (std::size_t i = first; i < last; ++i) items.push_back(print(kids[i], sums));
    return "(" + listed(items) + ")";
  }

  // numbers

  std::string literal_text(const Rational& number) const {
    return latex_ && !number.is_integer() ? fraction(number) : number.to_string();
  }
  static std::string fraction(const Rational& number) {
    const std::string text = number.to_string();
    const std::size_t slash = text.find('/');
    return "\\frac{" + text.substr(0, slash) + "}{" + text.substr(slash + 1) + "}";
  }

  std::string sum_text(const Node& node) {
    std::string text;
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
      const Tree& kid = node.kids[i];
      if (i == 0)
        text = kid->op == Op::negate ? print(kid, sums) : print(kid, products);
      else if (kid->op == Op::negate)
        text += " - " + print(kid->kids[0], products);
      else
        text += " + " + print(kid, products);
    }
    return text;
  }

  std::string product_text(const Node& node) {
    std::string text;
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
      const Tree& kid = node.kids[i];
      const bool nested =
          i > 0 && (kid->op == Op::divide || (kid->op == Op::literal && !kid->number.is_integer()));
      std::string factor = latex_ && nested                    ? print(kid, products)
                           : nested || kid->op == Op::multiply ? brackets(whole(*kid))
                                                               : print(kid, products);
      if (kid->op == Op::multiply && i > 0 && latex_) factor = brackets(whole(*kid));
      if (i == 0) {
        text = factor;
        continue;
      }
      const bool bar = kid->op == Op::absolute || kid->op == Op::size || kid->op == Op::norm;
      const bool digits = factor[0] >= '0' && factor[0] <= '9';
      text += (bar || digits ? (latex_ ? " \\cdot " : " * ") : latex_ ? "\\," : " ") + factor;
    }
    return text;
  }

  std::string quotient_text(const Node& node) {
    if (latex_) return "\\frac{" + print(node.kids[0], sums) + "}{" + print(node.kids[1], sums) + "}";
    const Tree& below = node.kids[1];
    const bool plain = below->op == Op::literal && below->number.is_integer();
    return print(node.kids[0], products) + "/" + (plain ? whole(*below) : brackets(whole(*below)));
  }

  std::string power_text(const Node& node) {
    const Tree& base = node.kids[0];
    const bool plain = (base->op == Op::constant || base->op == Op::variable ||
                        (base->op == Op::literal && base->number.is_integer())) &&
                       base->name.find('^') == std::string::npos && !base->step;
    return (plain ? whole(*base) : brackets(whole(*base))) + "^{" + print(node.kids[1], sums) + "}";
  }

  /// Whether bars stand at the outside of an expression.
  static bool has_bars(const Node& node) {
    switch (node.op) {
      case Op::absolute:
      case Op::norm:
      case Op::size:
        return true;
      case Op::add:
      case Op::negate:
      case Op::multiply:
      case Op::divide:
      case Op::power:
        for (const Tree& kid : node.kids)
          if (has_bars(*kid)) return true;
        return false;
      default:
        return false;
    }
  }
  std::string between_bars(const Tree& inner, const char* bar, const char* latex_bar) {
    std::string text = print(inner, sums);
    if (latex_) return std::string("\\left") + latex_bar + " " + text + " \\right" + latex_bar;
    if (has_bars(*inner)) text = brackets(text);
    return bar + text + bar;
  }

  // binders

  static bool is_horizon_range(const Binding& binding) {
    return base_of(binding.names[0]) == "h" && binding.low->op == Op::literal &&
           binding.low->number == Rational(1) && binding.high->op == Op::constant &&
           binding.high->name == "H";
  }

  std::string binding_text(const Binding& binding) {
    std::vector<std::string> names;
    for (const std::string& each : binding.names) names.push_back(name(each));
    const std::string in = latex_ ? " \\in " : " in ";
    switch (binding.over) {
      case Binding::Over::set: {
        const auto sort = default_sort(base_of(binding.names[0]));
        return sort == binding.set ? names[0] : names[0] + in + name(binding.set);
      }
      case Binding::Over::integers:
        if (is_horizon_range(binding)) return names[0];
        return latex_ ? print(binding.low, sums) + " \\le " + names[0] + " \\le " + print(binding.high, sums)
                      : print(binding.low, sums) + " <= " + names[0] + " <= " + print(binding.high, sums);
      case Binding::Over::law:
      case Binding::Over::path:
        return listed(names) + (latex_ ? " \\sim " : " ~ ") + law_text(binding.law);
      case Binding::Over::policies:
        return names[0];
    }
    return "";
  }
  /// What is drawn from d_h^pi settles whether states or pairs are meant.
  std::string law_text(const Tree& law) {
    return law->op == Op::occupancy ? occupancy_name(*law) : print(law, sums);
  }

  std::string bindings_text(const Node& node) {
    std::string text;
    for (const Binding& binding : node.bindings) text += (text.empty() ? "" : ", ") + binding_text(binding);
    if (node.condition) text += " : " + print(node.condition, relations);
    return text;
  }

  std::string binder_text(const Node& node) {
    if (node.bindings.empty())
      return (latex_ ? "\\operatorname{span}" : "span") + brackets(print(node.kids[0], sums));
    std::string word = to_string(node.op);
    if (latex_) {
      if (node.op == Op::expectation)
        word = "\\mathbb{E}";
      else if (node.op == Op::chance)
        word = "\\mathbb{P}";
      else if (node.op == Op::variance || node.op == Op::spread)
        word = "\\operatorname{" + word + "}";
      else
        word = "\\" + word;
    }
    return word + "_{" + bindings_text(node) + "}" + square(print(node.kids[0], statements));
  }

  // quantities

  std::string value_text(const Node& node) {
    std::vector<std::string> below, above, list;
    if (node.step) below.push_back(print(node.step, sums));
    if (node.optimal) above.push_back("*");
    if (node.policy && node.name != "J") above.push_back(print(node.policy, sums));
    if (node.policy && node.name == "J") list.push_back(print(node.policy, sums));
    if (node.name != "J") {
      for (const Tree& kid : node.kids) list.push_back(print(kid, sums));
      if (node.kids.empty()) list.assign(node.sort.from.size(), latex_ ? "\\cdot" : ".");
    }
    list.push_back(print(node.model, sums));
    return scripted(node.name, below, above) + "(" + listed(list) + ")";
  }

  std::string occupancy_name(const Node& node) {
    std::vector<std::string> below;
    if (node.discounted) below.push_back(letters("gamma"));
    if (node.limiting) below.push_back(latex_ ? "\\infty" : "inf");
    if (node.step) below.push_back(print(node.step, sums));
    if (node.start) below.push_back(print(node.start, sums));
    return scripted("d", below, {print(node.policy, sums), print(node.model, sums)});
  }
  std::string dots(std::size_t n) const {
    std::vector<std::string> list(n, latex_ ? "\\cdot" : ".");
    return "(" + listed(list) + ")";
  }

  std::string mass_text(const Node& node) {
    const Node& law = *node.kids[0];
    const std::string outcomes = arguments(node.kids, 1, node.kids.size());
    if (law.op == Op::row) {
      const std::string conditions = arguments(law.kids, 1, law.kids.size());
      return print(law.kids[0], atoms) + outcomes.substr(0, outcomes.size() - 1) + "|" + conditions.substr(1);
    }
    if (law.op == Op::occupancy) return occupancy_name(law) + outcomes;
    return print(node.kids[0], atoms) + outcomes;
  }

  std::string call_text(const Node& node) {
    std::string text = reference(node);
    if (node.groups.empty()) return text + arguments(node.kids, 0, node.kids.size());
    std::size_t first = 0;
    for (const std::size_t size : node.groups) {
      text += arguments(node.kids, first, std::min(first + size, node.kids.size()));
      first += size;
    }
    return text;
  }
  std::string reference(const Node& node) {
    std::vector<std::string> below;
    if (node.op == Op::round_policy || node.op == Op::round_model) below.push_back(print(node.kids[0], sums));
    if (node.step) below.push_back(print(node.step, sums));
    return scripted(node.name, below, {});
  }

  std::string pair_word(const char* word, const Node& node) {
    std::vector<std::string> items;
    for (const Tree& kid : node.kids) items.push_back(print(kid, sums));
    return (latex_ ? "\\operatorname{" + std::string(word) + "}" : std::string(word)) + "(" + listed(items) +
           ")";
  }

  // statements

  std::string joined(const Node& node, const char* word, const char* latex_word, Level level) {
    std::string text;
    for (const Tree& kid : node.kids)
      text += (text.empty() ? "" : std::string(" ") + (latex_ ? latex_word : word) + " ") + print(kid, level);
    return text;
  }
  std::string chain_text(const Node& node) {
    std::string text = print(node.kids[0]->kids[0], sums);
    for (const Tree& link : node.kids)
      text += " " + relation_sign(link->name, latex_) + " " + print(link->kids[1], sums);
    return text;
  }

  std::string whole(const Node& node) {
    switch (node.op) {
      case Op::literal:
        return literal_text(node.number);
      case Op::variable:
      case Op::constant:
      case Op::model_ref:
      case Op::rows_ref:
      case Op::round_policy:
      case Op::round_model:
        return reference(node);
      case Op::function_ref:
        return node.kids.empty() ? reference(node) : call_text(node);
      case Op::call:
        return call_text(node);
      case Op::add:
        return sum_text(node);
      case Op::negate:
        return "-" + (node.kids[0]->op == Op::negate ? brackets(whole(*node.kids[0]))
                                                     : print(node.kids[0], products));
      case Op::multiply:
        return product_text(node);
      case Op::divide:
        return quotient_text(node);
      case Op::power:
        return power_text(node);
      case Op::absolute:
        return between_bars(node.kids[0], "|", "|");
      case Op::root:
        return latex_ ? "\\sqrt{" + print(node.kids[0], sums) + "}"
                      : "sqrt" + brackets(print(node.kids[0], sums));
      case Op::logarithm:
        return (latex_ ? "\\log" : "log") + brackets(print(node.kids[0], sums));
      case Op::exponential:
        return (latex_ ? "\\exp" : "exp") + brackets(print(node.kids[0], sums));
      case Op::minimum:
      case Op::maximum: {
        std::vector<std::string> items;
        for (const Tree& kid : node.kids) items.push_back(print(kid, sums));
        return std::string(latex_ ? "\\" : "") + (node.op == Op::minimum ? "min" : "max") + "(" +
               listed(items) + ")";
      }
      case Op::size:
        return "|" + name(node.name) + "|";
      case Op::mass:
        return mass_text(node);
      case Op::taken:
        return print(node.policy, atoms) + arguments(node.kids, 0, node.kids.size());
      case Op::path_state:
        return scripted("s", {print(node.kids[0], sums)}, {});
      case Op::path_action:
        return scripted("a", {print(node.kids[0], sums)}, {});
      case Op::value:
        return value_text(node);
      case Op::expectation:
      case Op::variance:
      case Op::chance:
      case Op::sum:
      case Op::product:
      case Op::largest:
      case Op::smallest:
      case Op::spread:
        return binder_text(node);
      case Op::norm: {
        std::string script = node.name == "inf" ? (latex_ ? "\\infty" : "inf") : node.number.to_string();
        if (node.name == "1") script = "1";
        if (node.kids.size() > 1) script += "," + law_text(node.kids[1]);
        return between_bars(node.kids[0], "||", "\\|") + "_{" + script + "}";
      }
      case Op::distance:
        return pair_word("TV", node);
      case Op::divergence:
        return pair_word("KL", node);
      case Op::entropy:
        return pair_word("Ent", node);
      case Op::transport:
        return (latex_ ? "W_1(" : "W1(") + print(node.kids[0], sums) + ", " + print(node.kids[1], sums) +
               "; " + print(node.kids[2], sums) + ")";
      case Op::inner:
        return latex_
                   ? "\\langle " + print(node.kids[0], sums) + ", " + print(node.kids[1], sums) + " \\rangle"
                   : pair_word("inner", node);
      case Op::indicator:
        return (latex_ ? "\\mathbb{1}" : "1") + square(print(node.kids[0], statements));
      case Op::row:
        return print(node.kids[0], atoms) + arguments(node.kids, 1, node.kids.size());
      case Op::occupancy:
        return occupancy_name(node) + dots(node.sort.to.size());
      case Op::path_law:
        return "(" + print(node.policy, sums) + "," + print(node.model, sums) + ")";
      case Op::law_of:
        return print(node.kids[0], atoms);
      case Op::relation:
        return print(node.kids[0], sums) + " " + relation_sign(node.name, latex_) + " " +
               print(node.kids[1], sums);
      case Op::chain:
        return chain_text(node);
      case Op::conjunction:
        return joined(node, "and", "\\land", relations);
      case Op::disjunction:
        return joined(node, "or", "\\lor", conjunctions);
      case Op::negation:
        return (latex_ ? "\\lnot " : "not ") + print(node.kids[0], relations);
      case Op::implication:
        return print(node.kids[0], disjunctions) + (latex_ ? " \\Rightarrow " : " => ") +
               (node.kids[1]->op == Op::for_all || node.kids[1]->op == Op::exists
                    ? print(node.kids[1], statements)
                    : print(node.kids[1], disjunctions));
      case Op::equivalence:
        return print(node.kids[0], disjunctions) + (latex_ ? " \\iff " : " iff ") +
               print(node.kids[1], disjunctions);
      case Op::for_all:
        return (latex_ ? "\\forall " : "for all ") + bindings_text(node) + ": " +
               print(node.kids[0], statements);
      case Op::exists:
        return (latex_ ? "\\exists " : "exists ") + bindings_text(node) + ": " +
               print(node.kids[0], statements);
      case Op::within:
        return print(node.kids[0], sums) + (latex_ ? " \\in " : " in ") + node.name[0] +
               print(node.kids[1], sums) + ", " + print(node.kids[2], sums) + node.name[1];
    }
    return "";
  }

  bool latex_;
};

void dump(const Tree& tree, std::string& text) {
  text += '(' + std::to_string(static_cast<int>(tree->op)) + ' ' + tree->name + ' ' +
          tree->number.to_string() + ' ' + std::to_string(static_cast<int>(tree->sort.kind)) +
          (tree->optimal ? "*" : "") + (tree->discounted ? "g" : "") + (tree->limiting ? "i" : "");
  if (tree->definition >= 0) text += " d" + std::to_string(tree->definition);
  for (const std::string& set : tree->sort.from) text += " <" + set;
  for (const std::string& set : tree->sort.to) text += " >" + set;
  for (const Binding& binding : tree->bindings)
    for (const std::string& name : binding.names) text += " b" + name + ":" + binding.set;
  for_each_part(*tree, [&](const Tree& part) { dump(part, text); });
  text += ')';
}

}  // namespace

std::string to_plain(const Tree& tree) {
  return Printer(false).print(tree);
}
std::string to_latex(const Tree& tree) {
  return Printer(true).print(tree);
}
std::string to_plain(const Comparison& comparison) {
  return to_plain(comparison.lhs) + " " + comparison.relation + " " + to_plain(comparison.rhs);
}
std::string to_latex(const Comparison& comparison) {
  return to_latex(comparison.lhs) + " " + relation_sign(comparison.relation, true) + " " +
         to_latex(comparison.rhs);
}
std::string to_plain(const Range& range) {
  switch (range.kind) {
    case Range::Kind::reals:
      return "R";
    case Range::Kind::interval:
      return (range.low_open ? "(" : "[") + to_plain(range.low) + ", " + to_plain(range.high) +
             (range.high_open ? ")" : "]");
    case Range::Kind::integers:
      return to_plain(range.low) + ".." + to_plain(range.high);
    case Range::Kind::listed:
      break;
  }
  std::string text;
  for (const Rational& value : range.values) text += (text.empty() ? "" : ", ") + value.to_string();
  return "{" + text + "}";
}
std::string to_plain(const LearningLoop& loop) {
  const auto name = [](const auto& names, auto rule) {
    return std::string(names[static_cast<std::size_t>(rule)]);
  };
  std::string fill = name(fill_rule_names, loop.fill);
  if (loop.hopes) fill = to_plain(loop.hopes);
  if (loop.start_kernel) fill = (loop.fill == FillRule::keep ? "keep " : "") + to_plain(loop.start_kernel);
  std::string text = loop.policy + "_t" + (loop.model.empty() ? "" : ", " + loop.model + "_t") + " in loop(" +
                     name(fit_rule_names, loop.fit) + ", " + fill + ", " +
                     (loop.ranks ? to_plain(loop.ranks) : name(tie_break_names, loop.ties)) + ") of " +
                     loop.world + " from " + to_plain(loop.start);
  if (loop.expert) text += " with " + to_plain(loop.expert);
  if (loop.known) text += " knowing " + to_plain(loop.known);
  return text;
}
std::string name_as_latex(const std::string& name) {
  Node node;
  node.op = Op::constant;
  node.name = name;
  return to_latex(std::make_shared<Node>(node));
}
std::string fingerprint(const Tree& tree) {
  std::string text;
  dump(tree, text);
  return text;
}

}  // namespace lemmacheck
