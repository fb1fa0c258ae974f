#include "language/edits.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "language/lemma_claim.hpp"
#include "language/lemma_reader.hpp"
#include "language/print.hpp"

namespace lemmacheck {
namespace {

std::string tuple_text(const Lemma& lemma, const ModelTuple& tuple) {
  const auto component = [&](const std::string& name) {
    const Given* given = lemma.find_given(name);
    return name + (given != nullptr && given->family ? "_h" : "");
  };
  std::string text = tuple.name + " = (" + tuple.states + ", " + tuple.actions + ", " +
                     component(tuple.reward) + ", " + component(tuple.kernel);
  if (tuple.has_horizon()) text += ", " + tuple.horizon;
  if (tuple.has_discount()) text += ", " + tuple.discount;
  if (tuple.endless != Criterion::Endless::none) text += tuple.is_average() ? ", average" : ", total";
  if (!tuple.initial.empty()) text += ", " + tuple.initial;
  return text + ")";
}

/// What a given's own clause says; empty for a component that a tuple declares.
std::string given_text(const Given& given) {
  const std::string name = given.name + (given.family ? "_h" : "");
  const std::string lowest = given.lowest ? "lowest " : "";
  switch (given.plan) {
    case Given::Plan::optimal:
      return given.name + " " + lowest + "optimal in " + given.model;
    case Given::Plan::argmax:
      return given.name + " in " + lowest + "argmax J(., " + given.model + ")";
    case Given::Plan::greedy:
      return given.name + " " + lowest + "greedy for " + to_plain(given.objective) +
             (given.objective->sort.from.size() == 1 ? " in " + given.model : "");
    case Given::Plan::argmin:
      return given.name + " in " + lowest + "argmin_" + given.bound + " " + to_plain(given.objective);
    case Given::Plan::none:
      break;
  }
  if (given.is_component) {
    if (given.kind == Given::Kind::rows || !given.range.said ||
        (given.kind == Given::Kind::function && given.range.kind == Range::Kind::reals &&
         !given.on_transitions))
      return "";
    return given.name + (given.on_transitions ? "(s,a,s')" : "") + " in " + to_plain(given.range);
  }
  const std::string law = std::string(given.positive ? "Delta+(" : "Delta(") + product_of(given.to) + ")";
  switch (given.kind) {
    case Given::Kind::number:
    case Given::Kind::integer:
      return name + " in " + to_plain(given.range);
    case Given::Kind::element:
      return name + " in " + given.from[0];
    case Given::Kind::map:
      return name + " : " + product_of(given.from) + " -> " + given.to[0];
    case Given::Kind::function:
      return name + " : " + product_of(given.from) + " -> " + to_plain(given.range);
    case Given::Kind::rows:
      break;
  }
  if (given.from.empty()) return name + " : " + law;
  return name + " : " + product_of(given.from) + " -> " + (given.deterministic ? given.to[0] : law);
}

/// The clauses of a lemma, some of which an edit replaces.
struct Parts {
  std::vector<std::string> givens, definitions, assumes, claims;
};

Parts parts_of(const Lemma& lemma) {
  Parts parts;
  for (const ModelTuple& tuple : lemma.models) parts.givens.push_back(tuple_text(lemma, tuple));
  for (const Given& given : lemma.givens)
    if (std::string text = given_text(given); !text.empty()) parts.givens.push_back(text);
  for (const LearningLoop& loop : lemma.loops) parts.givens.push_back(to_plain(loop));
  for (const auto& clause : lemma.texts.clauses) {
    if (clause.first != "where") continue;
    // MDPs are among the tuples already.
    const std::string& text = clause.second;
    const bool tuple = std::any_of(lemma.models.begin(), lemma.models.end(), [&](const ModelTuple& each) {
      return text.rfind(each.name + " = (", 0) == 0 || text.rfind(each.name + "=(", 0) == 0;
    });
    if (!tuple) parts.definitions.push_back(text);
  }
  for (const Lemma::Statement& assume : lemma.assumes) parts.assumes.push_back(to_plain(assume.tree));
  for (const Lemma::Statement& claim : lemma.claims) parts.claims.push_back(to_plain(claim.tree));
  return parts;
}

std::string text_of(const Lemma& lemma, const Parts& parts) {
  std::string text = "lemma " + lemma.id + "\n";
  const auto add = [&](const char* keyword, const std::vector<std::string>& lines) {
    for (const std::string& line : lines)
      if (!line.empty())
        text += std::string("  ") + keyword + std::string(8 - std::string(keyword).size(), ' ') + line + "\n";
  };
  add("source", {lemma.texts.source});
  add("given", parts.givens);
  add("where", parts.definitions);
  add("assume", parts.assumes);
  add("claim", parts.claims);
  return text;
}

/// Where a node stands: in a claim's side or in a definition, and whether its side is linear in it.
struct Spot {
  bool in_definition = false;
  bool linear = true;
};
/// Other trees for one node, with words.
using Local = std::function<std::vector<std::pair<Tree, std::string>>(const Tree&, const Spot&)>;

/// Every tree that differs from the given one at one node.
void variants(const Tree& tree, const Local& local, const Spot& spot,
              std::vector<std::pair<Tree, std::string>>& out) {
  for (auto& [other, words] : local(tree, spot)) out.emplace_back(other, words);
  Spot inside = spot;
  inside.linear = spot.linear && (tree->op == Op::add || tree->op == Op::negate || tree->op == Op::multiply ||
                                  tree->op == Op::divide);
  std::size_t parts = 0;
  map_parts(tree, [&](const Tree& part) {
    ++parts;
    return part;
  });
  // An exponent is edited as a whole, by its power.
  const bool exponent = tree->op == Op::power && tree->kids[1]->sort.kind == Sort::Kind::integer;
  if (exponent) --parts;
  for (std::size_t i = 0; i < parts; ++i) {
    std::vector<std::pair<Tree, std::string>> inner;
    std::size_t k = 0;
    map_parts(tree, [&](const Tree& part) {
      if (k++ == i) variants(part, local, inside, inner);
      return part;
    });
    for (const auto& variant : inner) {
      std::size_t n = 0;
      const auto replaced = [&](const Tree& part) { return n++ == i ? variant.first : part; };
      out.emplace_back(map_parts(tree, replaced), variant.second);
    }
  }
}

Tree times(const Rational& factor, const Tree& tree) {
  return make(Op::multiply, Sort::number(), {literal(factor), tree}, tree->place);
}
/// tree + n, put together with a number that stands there already.
Tree plus_integer(const Tree& tree, std::int64_t n) {
  if (tree->op == Op::literal) return literal(tree->number + Rational(n));
  if (tree->op == Op::add)
    for (std::size_t i = 0; i < tree->kids.size(); ++i) {
      const Tree& kid = tree->kids[i];
      const bool negative = kid->op == Op::negate && kid->kids[0]->op == Op::literal;
      if (kid->op != Op::literal && !negative) continue;
      const Rational sum = (negative ? -kid->kids[0]->number : kid->number) + Rational(n);
      std::vector<Tree> kids = tree->kids;
      if (sum.sign() == 0)
        kids.erase(kids.begin() + static_cast<std::ptrdiff_t>(i));
      else
        kids[i] = sum.sign() < 0 ? make(Op::negate, kid->sort, {literal(-sum)}, kid->place) : literal(sum);
      return kids.size() == 1 ? kids[0] : with_kids(tree, std::move(kids));
    }
  const Tree term = n < 0 ? make(Op::negate, Sort::integer(), {literal(-n)}) : literal(n);
  return make(Op::add, Sort::integer(), {tree, term}, tree->place);
}

bool is_horizon(const Lemma& lemma, const Tree& tree) {
  return tree->op == Op::constant && tree->definition < 0 && tree->sort.kind == Sort::Kind::integer &&
         lemma.find_given(tree->name) != nullptr;
}

/// A maximum as the mean over the same things, where it is over sets.
std::optional<Tree> as_mean(const Tree& tree) {
  if (tree->op != Op::largest || tree->condition || tree->bindings.empty()) return std::nullopt;
  std::vector<Tree> sizes;
  for (const Binding& binding : tree->bindings) {
    if (binding.over != Binding::Over::set) return std::nullopt;
    auto size = std::make_shared<Node>();
    size->op = Op::size;
    size->sort = Sort::integer();
    size->name = binding.set;
    sizes.push_back(size);
  }
  auto sum = std::make_shared<Node>(*tree);
  sum->op = Op::sum;
  const Tree count = sizes.size() == 1 ? sizes[0] : make(Op::multiply, Sort::integer(), sizes);
  return make(Op::divide, Sort::number(), {sum, count}, tree->place);
}

std::vector<std::pair<Tree, std::string>> weaker_parts(const Lemma& lemma, const Tree& tree,
                                                       const Spot& spot) {
  std::vector<std::pair<Tree, std::string>> list;
  const std::string shown = to_plain(tree);
  // A factor of a whole term is weakened by the term's own factor.
  const bool in_term = spot.linear && !spot.in_definition;
  if (tree->op == Op::literal && tree->number.sign() > 0 && !in_term) {
    if (!(tree->number == Rational(1)))
      list.emplace_back(literal(tree->number * Rational::ratio(99, 100)),
                        "the constant " + shown + " made 1/100 smaller");
  }
  const bool index = tree->op == Op::add && tree->sort.kind == Sort::Kind::integer;
  if (is_horizon(lemma, tree) || index)
    list.emplace_back(plus_integer(tree, -1), to_plain(plus_integer(tree, -1)) + " for " + shown);
  if (index) list.emplace_back(plus_integer(tree, 1), to_plain(plus_integer(tree, 1)) + " for " + shown);
  if (const auto mean = as_mean(tree)) list.emplace_back(*mean, "the mean for the maximum " + shown);
  if (tree->op == Op::norm && tree->name == "1" && tree->kids.size() == 1)
    list.emplace_back(times(Rational::ratio(1, 2), tree), "total variation (half of it) for " + shown);
  if (tree->op == Op::norm && tree->name == "inf")
    list.emplace_back(times(Rational::ratio(99, 100), tree), shown + " made 1/100 smaller");
  if (tree->op == Op::spread) list.emplace_back(times(Rational::ratio(1, 2), tree), "half of " + shown);
  if (tree->op == Op::power && tree->kids[1]->sort.kind == Sort::Kind::integer) {
    list.emplace_back(with_kids(tree, {tree->kids[0], plus_integer(tree->kids[1], 1)}),
                      "one power more of " + to_plain(tree->kids[0]));
    list.emplace_back(with_kids(tree, {tree->kids[0], plus_integer(tree->kids[1], -1)}),
                      "one power less of " + to_plain(tree->kids[0]));
  }
  return list;
}

std::vector<std::pair<Tree, std::string>> likely_slips(const Lemma& lemma, const Tree& tree,
                                                       const Spot& spot) {
  std::vector<std::pair<Tree, std::string>> list = weaker_parts(lemma, tree, spot);
  std::erase_if(list, [](const auto& each) { return each.second.find("1/100") != std::string::npos; });
  const std::string shown = to_plain(tree);
  if (is_horizon(lemma, tree)) list.emplace_back(plus_integer(tree, 1), shown + " + 1 for " + shown);
  if (tree->op == Op::add && tree->sort.is_number() && !spot.in_definition)
    for (std::size_t i = 0; i < tree->kids.size(); ++i) {
      std::vector<Tree> kids = tree->kids;
      const Tree& kid = kids[i];
      kids[i] = kid->op == Op::negate ? kid->kids[0] : make(Op::negate, kid->sort, {kid}, kid->place);
      list.emplace_back(with_kids(tree, kids),
                        "the sign before " + to_plain(kid->op == Op::negate ? kid->kids[0] : kid));
    }
  if (tree->op == Op::distance)
    list.emplace_back(times(Rational(2), tree), "the L1 norm (twice it) for " + shown);
  return list;
}

/// The sides that bound something: the printed right one, and both of an equality.
std::vector<std::pair<Tree, std::string>> edited_statements(const Tree& statement, const Local& local) {
  std::vector<std::pair<Tree, std::string>> out;
  switch (statement->op) {
    case Op::for_all:
    case Op::conjunction:
    case Op::chain:
      for (std::size_t i = 0; i < statement->kids.size(); ++i)
        for (auto& [kid, words] : edited_statements(statement->kids[i], local)) {
          std::vector<Tree> kids = statement->kids;
          kids[i] = kid;
          // A chain's next link begins where this one ends.
          if (statement->op == Op::chain && i + 1 < kids.size())
            kids[i + 1] = with_kids(kids[i + 1], {kid->kids[1], kids[i + 1]->kids[1]});
          out.emplace_back(with_kids(statement, kids), words);
        }
      break;
    case Op::implication:
      for (auto& [kid, words] : edited_statements(statement->kids[1], local))
        out.emplace_back(with_kids(statement, {statement->kids[0], kid}), words);
      break;
    case Op::relation: {
      std::vector<std::pair<Tree, std::string>> sides;
      variants(statement->kids[1], local, {}, sides);
      for (const auto& [side, words] : sides)
        out.emplace_back(with_kids(statement, {statement->kids[0], side}), words);
      break;
    }
    default:
      break;
  }
  return out;
}

void used_definitions(const Lemma& lemma, const Tree& tree, std::set<int>& used) {
  if (tree->definition >= 0 && used.insert(tree->definition).second)
    used_definitions(lemma, lemma.definitions[static_cast<std::size_t>(tree->definition)].body, used);
  for_each_part(*tree, [&](const Tree& part) { used_definitions(lemma, part, used); });
}

/// Right sides of the claims' relations.
void bounding_sides(const Tree& statement, std::vector<Tree>& sides) {
  if (statement->op == Op::relation)
    sides.push_back(statement->kids[1]);
  else if (statement->op == Op::implication)
    bounding_sides(statement->kids[1], sides);
  else if (statement->op == Op::for_all || statement->op == Op::conjunction || statement->op == Op::chain)
    for (const Tree& kid : statement->kids) bounding_sides(kid, sides);
}

std::vector<LemmaEdit> edits_of(const Lemma& lemma, const Local& local) {
  std::vector<LemmaEdit> edits;
  std::set<std::string> seen = {canonical_text(lemma)};
  const Parts parts = parts_of(lemma);
  const auto add = [&](const Parts& edited, const std::string& words, const std::string& claim) {
    LemmaEdit edit{words, text_of(lemma, edited), claim};
    if (seen.insert(edit.text).second) edits.push_back(std::move(edit));
  };
  for (std::size_t i = 0; i < lemma.claims.size(); ++i)
    for (const auto& [tree, words] : edited_statements(lemma.claims[i].tree, local)) {
      Parts edited = parts;
      edited.claims[i] = to_plain(tree);
      add(edited, words, edited.claims[i]);
    }
  std::set<int> used;
  for (const Lemma::Statement& claim : lemma.claims) {
    std::vector<Tree> sides;
    bounding_sides(claim.tree, sides);
    for (const Tree& side : sides) used_definitions(lemma, side, used);
  }
  for (const int index : used) {
    const Definition& definition = lemma.definitions[static_cast<std::size_t>(index)];
    // Kernels stay; a definition that was read for several kinds of arguments has no one body.
    const bool plain =
        !definition.is_rows() && definition.bases.empty() &&
        std::none_of(definition.parameters.begin(), definition.parameters.end(),
                     [](const auto& each) { return each.name.find('#') != std::string::npos; });
    if (!plain) continue;
    for (std::size_t k = 0; k < parts.definitions.size(); ++k) {
      const std::string& text = parts.definitions[k];
      const std::size_t equals = text.find('=');
      std::string head = text.substr(0, equals);
      const std::string name = definition.name + (definition.step.empty() ? "" : "_" + definition.step);
      const bool same_name =
          head.rfind(name, 0) == 0 &&
          (head.size() == name.size() || head[name.size()] == ' ' || head[name.size()] == '(');
      if (!same_name || equals == std::string::npos) continue;
      std::vector<std::pair<Tree, std::string>> bodies;
      variants(definition.body, local, {.in_definition = true}, bodies);
      for (const auto& [body, words] : bodies) {
        Parts edited = parts;
        edited.definitions[k] = head + "= " + to_plain(body);
        add(edited, "in " + definition.name + ": " + words, edited.definitions[k]);
      }
    }
  }
  return edits;
}

bool taken_as_action(const Lemma& lemma, const std::string& name) {
  std::function<bool(const Tree&)> found = [&](const Tree& tree) {
    if (tree->op == Op::taken && tree->policy->name == name) return true;
    bool any = false;
    for_each_part(*tree, [&](const Tree& part) { any = any || found(part); });
    return any;
  };
  for (const Definition& definition : lemma.definitions)
    if (definition.body && found(definition.body)) return true;
  for (const auto* list : {&lemma.assumes, &lemma.claims})
    for (const Lemma::Statement& statement : *list)
      if (found(statement.tree)) return true;
  return false;
}

}  // namespace

std::string canonical_text(const Lemma& lemma) {
  return text_of(lemma, parts_of(lemma));
}

std::vector<LemmaEdit> stronger_claims(const Lemma& lemma) {
  return edits_of(lemma, [&](const Tree& tree, const Spot& spot) { return weaker_parts(lemma, tree, spot); });
}

std::vector<LemmaEdit> repairs(const Lemma& lemma) {
  std::vector<LemmaEdit> edits =
      edits_of(lemma, [&](const Tree& tree, const Spot& spot) { return likely_slips(lemma, tree, spot); });
  // The whole right side times 2, 1/2 and the horizon.
  for (std::size_t i = 0; i < lemma.claims.size(); ++i) {
    const Local whole = [&](const Tree& tree, const Spot&) {
      std::vector<std::pair<Tree, std::string>> list;
      std::vector<Tree> sides;
      bounding_sides(lemma.claims[i].tree, sides);
      if (std::find(sides.begin(), sides.end(), tree) == sides.end()) return list;
      list.emplace_back(times(Rational(2), tree), "twice the bound");
      list.emplace_back(times(Rational::ratio(1, 2), tree), "half of the bound");
      if (!lemma.horizon.empty()) {
        auto horizon = std::make_shared<Node>();
        horizon->op = Op::constant;
        horizon->sort = Sort::integer();
        horizon->name = lemma.horizon;
        list.emplace_back(make(Op::multiply, Sort::number(), {horizon, tree}),
                          lemma.horizon + " times the bound");
      }
      for (const ModelTuple& tuple : lemma.models)
        if (tuple.has_discount() && lemma.find_given(tuple.discount) != nullptr) {
          auto discount = std::make_shared<Node>();
          discount->op = Op::constant;
          discount->sort = Sort::number();
          discount->name = tuple.discount;
          list.emplace_back(make(Op::divide, Sort::number(),
                                 {tree, make(Op::add, Sort::number(),
                                             {literal(1), make(Op::negate, Sort::number(), {discount})})}),
                            "the bound over 1 - " + tuple.discount);
          break;
        }
      return list;
    };
    const Parts parts = parts_of(lemma);
    for (const auto& [tree, words] : edited_statements(lemma.claims[i].tree, whole)) {
      Parts edited = parts;
      edited.claims[i] = to_plain(tree);
      edits.push_back({words, text_of(lemma, edited), edited.claims[i]});
    }
  }
  return edits;
}

LemmaEdit with_factor(const Lemma& lemma, const Comparison& comparison, std::size_t term,
                      const Rational& factor) {
  std::vector<Term> terms = terms_of(comparison.rhs);
  Tree sum;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    Tree tree = i == term ? times(factor, terms[i].tree) : terms[i].tree;
    if (!terms[i].positive) tree = make(Op::negate, Sort::number(), {tree});
    if (!sum)
      sum = tree;
    else {
      std::vector<Tree> kids = sum->op == Op::add ? sum->kids : std::vector<Tree>{sum};
      kids.push_back(tree);
      sum = make(Op::add, Sort::number(), kids);
    }
  }
  Parts parts = parts_of(lemma);
  const Tree edited_side = sum;
  const Local replace = [&](const Tree& tree, const Spot&) {
    std::vector<std::pair<Tree, std::string>> list;
    if (tree == comparison.rhs) list.emplace_back(edited_side, "");
    return list;
  };
  const auto index = static_cast<std::size_t>(comparison.claim - 1);
  const auto edited = edited_statements(lemma.claims[index].tree, replace);
  if (!edited.empty()) parts.claims[index] = to_plain(edited[0].first);
  return {"the term " + to_plain(terms[term].tree) + " times " + factor.to_string(), text_of(lemma, parts),
          parts.claims[index]};
}

/// Each rule of a loop replaced by every other that needs nothing more.
std::vector<LemmaEdit> other_rules(const Lemma& lemma) {
  std::vector<LemmaEdit> edits;
  for (std::size_t i = 0; i < lemma.loops.size(); ++i) {
    const auto other = [&](const std::string& words, const std::function<void(LearningLoop&)>& change) {
      Lemma changed = lemma;
      change(changed.loops[i]);
      edits.push_back({words, text_of(changed, parts_of(changed)), ""});
    };
    const LearningLoop& loop = lemma.loops[i];
    const auto was = [](const auto& names, auto rule) {
      return std::string(names[static_cast<std::size_t>(rule)]);
    };
    const std::string data = was(fit_rule_names, loop.fit) + " data for " + loop.policy;
    const std::string fills = "the fill " +
                              (loop.hopes          ? to_plain(loop.hopes)
                               : loop.start_kernel ? to_plain(loop.start_kernel)
                                                   : was(fill_rule_names, loop.fill)) +
                              " for " + loop.policy;
    const std::string broken = "ties broken by " +
                               (loop.ranks ? to_plain(loop.ranks) : was(tie_break_names, loop.ties)) +
                               " for " + loop.policy;
    for (std::size_t k = 0; k < fit_rule_names.size(); ++k) {
      const auto fit = static_cast<FitRule>(k);
      if (fit == loop.fit || (uses_expert(fit) && !loop.expert)) continue;
      other(data + ": " + std::string(fit_rule_names[k]), [&](LearningLoop& each) {
        each.fit = fit;
        if (!uses_expert(fit)) each.expert = nullptr;
      });
    }
    for (const FillRule fill : {FillRule::pessimistic, FillRule::optimistic, FillRule::figure}) {
      if (fill == loop.fill && !loop.hopes) continue;
      other(fills + ": " + was(fill_rule_names, fill), [&](LearningLoop& each) {
        each.fill = fill;
        each.hopes = each.start_kernel = nullptr;
      });
    }
    for (std::size_t k = 0; k < tie_break_names.size(); ++k) {
      const auto ties = static_cast<TieBreak>(k);
      if (ties == loop.ties && !loop.ranks) continue;
      other(broken + ": " + std::string(tie_break_names[k]), [&](LearningLoop& each) {
        each.ties = ties;
        each.ranks = nullptr;
      });
    }
  }
  return edits;
}

std::vector<LemmaEdit> dropped_hypotheses(const Lemma& lemma) {
  std::vector<LemmaEdit> edits = other_rules(lemma);
  const Parts parts = parts_of(lemma);
  for (std::size_t i = 0; i < lemma.assumes.size(); ++i) {
    Parts edited = parts;
    edited.assumes.erase(edited.assumes.begin() + static_cast<std::ptrdiff_t>(i));
    edits.push_back({"assume " + parts.assumes[i], text_of(lemma, edited), ""});
  }
  const auto widened = [&](const Given& given, const std::string& words,
                           const std::function<void(Given&)>& change) {
    Lemma wider = lemma;
    for (Given& each : wider.givens)
      if (each.name == given.name) change(each);
    edits.push_back({words, text_of(wider, parts_of(wider)), ""});
  };
  for (const Given& given : lemma.givens) {
    if (given.plan != Given::Plan::none && given.kind == Given::Kind::rows) {
      widened(given, given_text(given), [](Given& each) { each.plan = Given::Plan::none; });
      continue;
    }
    if (given.kind == Given::Kind::rows && given.positive)
      widened(given, given.name + " positive everywhere", [](Given& each) { each.positive = false; });
    if (given.kind == Given::Kind::rows && given.deterministic && !taken_as_action(lemma, given.name))
      widened(given, given.name + " deterministic", [](Given& each) { each.deterministic = false; });
    const bool steps =
        !lemma.horizon.empty() && !given.family && !given.from.empty() && given.kind == Given::Kind::rows;
    if (steps)
      widened(given, given.name + " the same at every step", [](Given& each) { each.family = true; });
    if (given.range.said && given.kind == Given::Kind::function && given.range.kind == Range::Kind::interval)
      widened(given, given.name + " in " + to_plain(given.range), [](Given& each) { each.range = Range{}; });
  }
  // What two MDPs share.
  for (std::size_t m = 1; m < lemma.models.size(); ++m) {
    const auto own = [&](std::string ModelTuple::*component, const char* words) {
      const std::string& name = lemma.models[m].*component;
      const Given* shared = lemma.find_given(name);
      if (name.empty() || shared == nullptr || lemma.models[0].*component != name) return;
      std::string fresh = name + "'";
      while (lemma.find_given(fresh) != nullptr) fresh += "'";
      Lemma wider = lemma;
      wider.models[m].*component = fresh;
      Given copy = *shared;
      copy.name = fresh;
      wider.givens.push_back(copy);
      edits.push_back(
          {std::string(words) + name + " shared by " + lemma.models[0].name + " and " + lemma.models[m].name,
           text_of(wider, parts_of(wider)), ""});
    };
    own(&ModelTuple::reward, "rewards ");
    own(&ModelTuple::initial, "start ");
  }
  return edits;
}

std::shared_ptr<const Lemma> read_edit(const LemmaEdit& edit) {
  try {
    const auto sources = read_plain(std::make_shared<const SourceFile>("an edited lemma", edit.text));
    return read_lemma(sources.at(0), [](const std::string&) -> const LemmaSource* { return nullptr; });
  } catch (const LanguageError&) {
    return nullptr;
  }
}

}  // namespace lemmacheck
