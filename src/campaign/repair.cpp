#include "campaign/repair.hpp"

#include <algorithm>
#include <set>

#include "claims/bound_syntax.hpp"

namespace lemmacheck {
namespace {

using Node = BoundExpression::Node;

bool is_operator(const std::string& name) {
  return name.size() == 1 && std::string("+-*/^").find(name) != std::string::npos;
}

int precedence(const Node& node) {
  if (node.kind != Node::Kind::operation) return node.number.is_integer() ? 5 : 2;  // 1/2 is a quotient
  if (node.name == "+" || node.name == "-") return 1;
  if (node.name == "*" || node.name == "/") return 2;
  if (node.name == "neg") return 3;
  return node.name == "^" ? 4 : 5;
}

std::string text_of(const Node& node);

std::string operand_text(const Node& node, int at_least) {
  return precedence(node) >= at_least ? text_of(node) : "(" + text_of(node) + ")";
}

std::string text_of(const Node& node) {
  if (node.kind == Node::Kind::number) return node.number.to_string();
  if (node.kind == Node::Kind::variable) return node.name;
  const int own = precedence(node);
  if (node.name == "neg") return "-" + operand_text(node.operands[0], own + 1);
  if (is_operator(node.name)) {
    const bool power = node.name == "^";  // associates to the right
    return operand_text(node.operands[0], power ? own + 1 : own) + node.name +
           operand_text(node.operands[1], power ? own : own + 1);
  }
  std::string list;
  for (const Node& operand : node.operands) list += (list.empty() ? "" : ", ") + text_of(operand);
  return node.name + "(" + list + ")";
}

Node number(const Rational& value) {
  Node node;
  node.number = value;
  return node;
}

Node operation(const std::string& name, std::vector<Node> operands) {
  Node node;
  node.kind = Node::Kind::operation;
  node.name = name;
  node.operands = std::move(operands);
  return node;
}

Node variable(const std::string& name) {
  Node node;
  node.kind = Node::Kind::variable;
  node.name = name;
  return node;
}

/// Collects the edits of a tree: each place is changed in turn, and the whole written down.
class Editor {
 public:
  Editor(const std::string& text, Quantity quantity) : root_(parse_bound(text)) {
    BoundExpression::parse(text, bound_variables(quantity));
    seen_.insert(text_of(root_));
  }

  std::vector<Edit> run() {
    visit(root_);
    const Node whole = root_;
    const auto around = [&](const char* name, Node other, const std::string& words) {
      replace(root_, operation(name, {whole, std::move(other)}), words);
    };
    around("*", number(2), "the whole times 2");
    around("/", number(2), "half of the whole");
    around("*", variable("H"), "the whole times H");
    around("*", operation("-", {variable("H"), number(1)}), "the whole times H-1");
    return std::move(edits_);
  }

 private:
  void visit(Node& node) {
    if (node.kind == Node::Kind::number) edit_number(node);
    if (node.kind == Node::Kind::variable) edit_variable(node);
    if (node.name == "+" || node.name == "-") {
      Node other = node;
      other.name = node.name == "+" ? "-" : "+";
      replace(node, other, "the sign before " + text_of(node.operands[1]));
    }
    if (node.name == "neg") replace(node, Node(node.operands[0]), "the sign of " + text_of(node.operands[0]));
    if (node.name == "*" || node.name == "/") {
      const Node squared = operation("^", {node.operands[0], number(2)});
      Node other = node;
      other.operands[0] = squared;
      if (node.operands[0].kind != Node::Kind::number)
        replace(node, other, text_of(node.operands[0]) + " squared");
    }
    if (node.name == "^") {
      for (const int change : {1, -1}) {
        Node other = node;
        other.operands[1] = operation(change > 0 ? "+" : "-", {node.operands[1], number(1)});
        replace(node, other, change > 0 ? "a power more" : "a power less");
      }
    }
    // The first operand of a sum is its index.
    for (std::size_t i = node.name == "sum" ? 1 : 0; i < node.operands.size(); ++i) visit(node.operands[i]);
  }

  void edit_number(Node& node) {
    const Rational value = node.number;
    for (const Rational& other :
         {value * Rational(2), value / Rational(2), value + Rational(1), value - Rational(1)})
      replace(node, number(other), other.to_string() + " for " + value.to_string());
  }

  void edit_variable(Node& node) {
    const std::string name = node.name;
    if (name == "H" || name == "h")
      for (const char* shift : {"-", "+"})
        replace(node, operation(shift, {node, number(1)}), name + shift + "1 for " + name);
    if (name == "eps") replace(node, variable("delta"), "delta for eps");
    if (name == "delta") replace(node, variable("eps"), "eps for delta");
    replace(node, operation("^", {node, number(2)}), name + " squared");
  }

  /// Writes down the whole with another part, and puts the part back.
  void replace(Node& place, Node other, const std::string& words) {
    std::swap(place, other);
    const std::string text = text_of(root_);
    if (seen_.insert(text).second) edits_.push_back({text, words});
    std::swap(place, other);
  }

  Node root_;
  std::set<std::string> seen_;
  std::vector<Edit> edits_;
};

/// Tries edited bounds and keeps those that are true on everything tried.
void keep_survivors(const std::vector<Edit>& edits, Quantity quantity, const Run& run, Repair& repair) {
  for (const Edit& edit : edits) {
    ++repair.tried;
    try {
      TriedBound bound = try_bound(edit.expression, quantity, run);
      if (bound.verdict == Verdict::holds) repair.survivors.push_back({edit.words, std::move(bound)});
    } catch (const InvalidInput&) {
      // An edit may ask for a sum or a power that is too large.
    }
  }
}

}  // namespace

std::vector<Edit> single_edits(const std::string& expression, Quantity quantity) {
  return Editor(expression, quantity).run();
}

Repair repair_bound(const std::string& expression, Quantity quantity, const Run& run) {
  Repair repair;
  repair.original = try_bound(expression, quantity, run);
  const std::vector<Edit> first = single_edits(expression, quantity);
  repair.edits = 1;
  keep_survivors(first, quantity, run, repair);
  if (repair.survivors.empty()) {
    repair.edits = 2;
    std::set<std::string> seen = {expression};
    std::vector<Edit> second;
    for (const Edit& edit : first)
      for (Edit& further : single_edits(edit.expression, quantity))
        if (seen.insert(further.expression).second)
          second.push_back({further.expression, edit.words + ", " + further.words});
    keep_survivors(second, quantity, run, repair);
  }
  std::ranges::stable_sort(repair.survivors,
                           [](const Repaired& a, const Repaired& b) { return tighter(a.bound, b.bound); });
  return repair;
}

}  // namespace lemmacheck
