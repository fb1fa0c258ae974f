#include "language/lemma_reader.hpp"

#include <algorithm>

#include "language/dependencies.hpp"
#include "language/detail/declarations.hpp"
#include "language/print.hpp"
#include "language/rewrite.hpp"

namespace lemmacheck {
namespace detail {

/// Where clauses: cases W_0 and W_k of one name come together.
void Declarer::definitions() {
  std::set<std::string> with_steps;
  for (const Declaration& declaration : declarations_)
    if (declaration.keyword == "where" && !declaration.is_model && !declaration.is_base &&
        !declaration.definition.step.empty())
      with_steps.insert(declaration.definition.name);
  for (Declaration& declaration : declarations_) {
    if (declaration.keyword != "where" || declaration.is_model) continue;
    DefinitionText text = declaration.definition;
    if (declaration.is_base) {
      const std::string general = text.step;
      text.step.clear();
      if (with_steps.count(general) != 0) continue;  // a base case, below
      text.general.at = 0;
    }
    scope_.names.declare(text.name, Symbol::Kind::definition, text.place);
    scope_.texts[text.name] = std::move(text);
  }
  for (const Declaration& declaration : declarations_) {
    if (declaration.keyword != "where" || declaration.is_model || !declaration.is_base ||
        with_steps.count(declaration.definition.step) == 0)
      continue;
    DefinitionText& text = scope_.texts.at(declaration.definition.step);
    const DefinitionText::Equation& base = declaration.definition.general;
    for (const DefinitionText::Equation& other : text.bases)
      if (other.at == base.at)
        fail_at(base.place, "this base case is defined twice, first at " + other.place.to_string(),
                "leave one of them out");
    const auto shape = [](const DefinitionText::Equation& equation) {
      std::vector<std::size_t> sizes = {equation.outcomes.size()};
      for (const auto& group : equation.groups) sizes.push_back(group.size());
      return sizes;
    };
    if (shape(base) != shape(text.general))
      fail_at(base.place,
              "the base case has other arguments than the general one at " + text.place.to_string(),
              "give both the same");
    text.bases.push_back(base);
  }
}

/// Parameters must not hide names.
void Declarer::parameters() {
  for (const auto& [name, text] : scope_.texts) {
    std::vector<DefinitionText::Parameter> all = text.general.outcomes;
    for (const auto& group : text.groups()) all.insert(all.end(), group.begin(), group.end());
    std::set<std::string> seen;
    for (const DefinitionText::Parameter& parameter : all) {
      if (!seen.insert(parameter.name).second)
        fail_at(parameter.place, "the parameter " + parameter.name + " stands twice", "rename one of them");
      // A family of definitions is never written without its step: W_k beside a parameter W are two names.
      const auto family = scope_.texts.find(parameter.name);
      if (family != scope_.texts.end() && !family->second.step.empty()) continue;
      if (const Symbol* symbol = scope_.names.find(parameter.name); symbol != nullptr)
        fail_at(parameter.place,
                "the parameter " + parameter.name + " hides what is declared at " + symbol->place.to_string(),
                "rename one of them");
    }
    if (!text.step.empty() && scope_.names.find(text.step) != nullptr)
      fail_at(text.place, "the subscript " + text.step + " hides a declared name", "rename one of them");
  }
}

/// The components of MDPs that no clause declares are given.
void Declarer::component(const std::string& name, const Place& place, const ModelTuple& tuple,
                         Given::Kind kind, std::vector<std::string> from, std::vector<std::string> to,
                         bool family) {
  if (name.empty()) return;
  if (is_defined(name)) {
    const DefinitionText& text = scope_.texts.at(name);
    const bool rows = kind == Given::Kind::rows;
    std::size_t parameters = 0;
    for (const auto& group : text.groups()) parameters += group.size();
    const bool fits =
        rows ? (text.is_rows() ? parameters == from.size() : from.empty() && parameters == to.size())
             : !text.is_rows() &&
                   (parameters == from.size() || (kind == Given::Kind::function && parameters == 3));
    if (!fits)
      fail_at(text.place,
              name + " is " + (rows ? "a kernel of " : "a component of ") + tuple.name +
                  " and is not defined as one",
              rows                            ? (from.empty() ? "define it as " + name + "(s) = ..."
                                                              : "define it as " + name + "(s'|s,a) = ...")
              : kind == Given::Kind::function ? "define it as " + name + "(s,a) = ..."
                                              : "define it as " + name + " = ...");
    return;
  }
  for (Given& given : scope_.lemma.givens) {
    if (given.name != name) continue;
    const bool number = kind == Given::Kind::number && given.kind == Given::Kind::integer;
    if (!number && (given.kind != kind || (given.from != from && !given.on_transitions) || given.to != to))
      fail_at(given.place,
              name + " is declared as something else than the component of " + tuple.name + " at " +
                  place.to_string(),
              "rename one of them");
    if (given.family != family && kind != Given::Kind::number && kind != Given::Kind::integer)
      fail_at(given.place, name + " has one member a step in one place and not in the other",
              "write " + name + "_h in both or in none");
    given.is_component = true;
    return;
  }
  Given given;
  given.name = name;
  given.place = place;
  given.kind = kind;
  given.from = std::move(from);
  given.to = std::move(to);
  given.family = family;
  given.is_component = true;
  given.range.said = false;
  if (kind == Given::Kind::integer) {
    given.range.kind = Range::Kind::integers;
    given.range.low = literal(1);
    given.range.high = literal(8);
  }
  if (kind == Given::Kind::number) {
    given.range.kind = Range::Kind::interval;
    given.range.low = literal(0);
    given.range.high = literal(1);
    given.range.high_open = true;
  }
  scope_.names.declare(name, Symbol::Kind::given, place);
  scope_.lemma.givens.push_back(std::move(given));
}

void Declarer::components() {
  for (const ModelTuple& tuple : scope_.lemma.models) {
    const auto family = [&](const std::string& name) { return component_families_.count(name) != 0; };
    component(tuple.horizon, tuple.place, tuple, Given::Kind::integer, {}, {}, false);
    component(tuple.discount, tuple.place, tuple, Given::Kind::number, {}, {}, false);
    component(tuple.reward, tuple.place, tuple, Given::Kind::function, {tuple.states, tuple.actions}, {},
              family(tuple.reward));
    component(tuple.kernel, tuple.place, tuple, Given::Kind::rows, {tuple.states, tuple.actions},
              {tuple.states}, family(tuple.kernel));
    component(tuple.initial, tuple.place, tuple, Given::Kind::rows, {}, {tuple.states}, false);
  }
}

void Declarer::horizon() {
  std::set<std::string> horizons;
  for (const ModelTuple& tuple : scope_.lemma.models)
    if (tuple.has_horizon()) horizons.insert(tuple.horizon);
  if (horizons.empty() && scope_.lemma.find_given("H") != nullptr) horizons.insert("H");
  if (horizons.size() == 1) scope_.lemma.horizon = *horizons.begin();
  for (const Given& given : scope_.lemma.givens) {
    if (!given.family || !scope_.lemma.horizon.empty()) continue;
    if (horizons.empty())
      fail_at(given.place, given.name + " has a member for each step, and no horizon is given",
              "give one: given H in 1..5");
    fail_at(given.place, given.name + " has a member for each step, and there are several horizons",
            "give all MDPs the same horizon");
  }
}

/// Reads every definition whose parameters say what they are, and all that waits for names.
void Declarer::expressions() {
  for (const auto& read : later_) read();
  for (const auto& [name, text] : scope_.texts) instantiate_plain(text);
}

void Declarer::instantiate_plain(const DefinitionText& text) {
  std::vector<Bound> bounds;
  for (const auto& group : text.groups())
    for (const DefinitionText::Parameter& parameter : group) {
      std::optional<std::string> set =
          parameter.set.empty() ? default_sort(parameter.name.substr(0, parameter.name.find_first_of("_^")))
                                : std::optional(parameter.set);
      if (parameter.arity > 0 || !set || *set == "integer" || scope_.lemma.find_set(*set) == nullptr ||
          text.groups().size() > 1)
        return;
      bounds.push_back({parameter.name, Sort::element(*set), {}});
    }
  scope_.instantiate(text, bounds, text.name, text.place);
}

void Declarer::run() {
  models();
  sets();
  names();
  parameters();
  horizon();
  expressions();
}

void Declarer::names() {
  definitions();
  // Components first, so that a range clause finds them; what is declared otherwise comes before.
  std::set<std::string> typed;
  for (const Declaration& declaration : declarations_)
    if (declaration.keyword == "given" && !declaration.is_model &&
        !declaration.tokens[declaration.rest].is_name("in"))
      typed.insert(declaration.names.begin(), declaration.names.end());
  std::vector<Declaration> ranges, others;
  for (const Declaration& declaration : declarations_) {
    const bool range = declaration.keyword == "given" && !declaration.is_model &&
                       declaration.tokens[declaration.rest].is_name("in");
    (range ? ranges : others).push_back(declaration);
  }
  const std::vector<Declaration> all = declarations_;
  declarations_ = others;
  givens();
  components();
  declarations_ = ranges;
  givens();
  declarations_ = all;
}

}  // namespace detail

namespace {

using detail::Bound;
using detail::Declaration;
using detail::ExpressionReader;
using detail::Scope;

/// A clause, and the lemma that it stands in: liked lemmas are counted before those that like them.
struct GatheredClause {
  Clause clause;
  int lemma;
};

/// All that a lemma's clauses say, with those that `like` brings before its own.
struct Gathered {
  std::vector<GatheredClause> clauses;
  int lemmas = 0;
};

void gather(const LemmaSource& source, const FindLemma& find, int depth, Gathered& out) {
  constexpr int deepest = 20;
  for (const Clause& clause : source.clauses) {
    if (clause.keyword != "like") continue;
    const std::string id = clause.text.text();
    const LemmaSource* liked = find(id);
    if (liked == nullptr)
      fail_at(clause.place, "no lemma is called \"" + id + "\"",
              "name one of this file, of the ledger, or of a folder given by --with");
    if (depth > deepest)
      fail_at(clause.place, "the lemmas are like one another in a circle", "take one \"like\" out");
    gather(*liked, find, depth + 1, out);
  }
  const int lemma = ++out.lemmas;
  for (const Clause& clause : source.clauses) {
    const bool inherited = clause.keyword == "given" || clause.keyword == "where" ||
                           clause.keyword == "assume" || clause.keyword == "write";
    if (clause.keyword != "like" && (depth == 0 || inherited)) out.clauses.push_back({clause, lemma});
  }
}

class LemmaReader {
 public:
  LemmaReader(const LemmaSource& source, const FindLemma& find) : source_(source) {
    gather(source, find, 0, gathered_);
  }

  std::shared_ptr<const Lemma> read() {
    Lemma& lemma = scope_.lemma;
    lemma.id = source_.id;
    lemma.place = lemma.end = source_.place;
    if (!source_.clauses.empty())
      lemma.end = source_.clauses.back().text.place(source_.clauses.back().text.size());
    texts();
    writes();
    declare();
    conditions("assume", "nothing is assumed here", scope_.lemma.assumes);
    conditions("witness", "nothing is asked of the instances that are shown", scope_.lemma.witness);
    claims();
    proofs();
    remember_declarations();
    expectation();
    auto result = std::make_shared<Lemma>(std::move(lemma));
    draw_order(*result);
    refuse_circular_loops(*result);
    return result;
  }

 private:
  std::vector<Token> tokens_of(const Clause& clause) {
    std::vector<Token> tokens = rewritten(tokenize(clause.text), rules_);
    for (const Token& token : tokens) note_spelling(token);
    return tokens;
  }

  /// \epsilon beside \varepsilon, A beside \mathcal{A}: two things for some readers.
  void note_spelling(const Token& token) {
    if (!token.is_name()) return;
    const std::string letters = token.text.substr(0, token.text.find('\''));
    const auto [found, inserted] = spellings_.emplace(letters, std::pair(token.spelling, token.place));
    if (inserted || found->second.first == token.spelling) return;
    const auto shown = [&](const std::string& spelling) {
      if (spelling == "var") return "\\var" + (letters == "eps" ? std::string("epsilon") : letters);
      if (spelling.empty()) return letters == "eps" ? std::string("\\epsilon") : letters;
      return "\\" + spelling + "{" + letters + "}";
    };
    fail_at(token.place,
            shown(token.spelling) + " stands beside " + shown(found->second.first) + " (at " +
                found->second.second.to_string() + "), and whether they are one is not said",
            "make them one by a clause: write " + shown(token.spelling) + " as " +
                shown(found->second.first) + "; or rename one");
  }

  void texts() {
    LemmaTexts& texts = scope_.lemma.texts;
    std::set<std::string> seen;
    for (const auto& [clause, lemma_number] : gathered_.clauses) {
      std::string* slot = clause.keyword == "title"     ? &texts.title
                          : clause.keyword == "source"  ? &texts.source
                          : clause.keyword == "note"    ? &texts.note
                          : clause.keyword == "kind"    ? &texts.kind
                          : clause.keyword == "instead" ? &texts.instead
                                                        : nullptr;
      if (slot == nullptr) continue;
      if (!seen.insert(clause.keyword).second)
        fail_at(clause.place, "there are two clauses \"" + clause.keyword + "\"", "leave one of them out");
      std::string words;
      bool space = false;
      for (const char c : clause.text.text()) {
        const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!blank && space && !words.empty()) words += ' ';
        space = blank;
        if (!blank) words += c;
      }
      *slot = words;
      static const std::set<std::string> kinds = {"printed", "reading", "slip", "ablation", "beyond"};
      if (clause.keyword == "kind" && kinds.count(words) == 0)
        fail_at(clause.text.place(0), "\"" + words + "\" is no kind of lemma",
                "write printed, reading, slip, ablation or beyond");
    }
  }

  void writes() {
    for (const auto& [clause, lemma_number] : gathered_.clauses) {
      if (clause.keyword != "write") continue;
      rules_.push_back(rewrite_rule(clause));
      scope_.lemma.texts.writes.push_back(clause.text.text());
    }
  }

  /// A later clause for the same name replaces the liked one's.
  void declare() {
    std::vector<Declaration> all;
    for (const auto& [clause, lemma_number] : gathered_.clauses) {
      if (clause.keyword != "given" && clause.keyword != "where") continue;
      for (Declaration& declaration : detail::declarations_in(clause, tokens_of(clause), lemma_number))
        all.push_back(std::move(declaration));
    }
    std::vector<Declaration> kept;
    for (std::size_t d = 0; d < all.size(); ++d) {
      Declaration declaration = all[d];
      for (std::size_t i = declaration.names.size(); i-- > 0;) {
        const bool replaced = std::any_of(
            all.begin() + static_cast<std::ptrdiff_t>(d), all.end(), [&](const Declaration& later) {
              return later.lemma != declaration.lemma && std::find(later.names.begin(), later.names.end(),
                                                                   declaration.names[i]) != later.names.end();
            });
        if (!replaced) continue;
        const auto at = static_cast<std::ptrdiff_t>(i);
        declaration.names.erase(declaration.names.begin() + at);
        declaration.families.erase(declaration.families.begin() + at);
        if (!declaration.steps.empty()) declaration.steps.erase(declaration.steps.begin() + at);
        declaration.places.erase(declaration.places.begin() + at);
        declaration.text.clear();
      }
      if (!declaration.names.empty()) kept.push_back(std::move(declaration));
    }
    declarations_ = kept;
    detail::Declarer(scope_, std::move(kept)).run();
  }

  /// What a definition was read as; nothing where it was read for several kinds of arguments.
  Tree body_of(const Declaration& declaration) const {
    const DefinitionText& text = declaration.definition;
    for (const Definition& definition : scope_.lemma.definitions) {
      const bool same = definition.name == text.name && definition.step == text.step;
      const bool one_kind =
          std::none_of(definition.parameters.begin(), definition.parameters.end(),
                       [](const auto& each) { return each.name.find('#') != std::string::npos; });
      if (!same || !one_kind) continue;
      if (!declaration.is_base) return definition.body;
      for (const auto& [at, body] : definition.bases)
        if (at == text.general.at) return body;
    }
    return nullptr;
  }

  /// A declaration as a clause in plain notation: as written, if it was written so and nothing in it was
  /// written as something else.
  std::string plain_text(const Declaration& declaration) const {
    const std::vector<Token>& tokens = declaration.tokens;
    if (!declaration.text.empty() && !declaration.in_latex && rules_.empty()) return declaration.text;
    if (declaration.keyword == "where" && !declaration.is_model)
      if (const Tree body = body_of(declaration))
        return to_text(tokens, 0, declaration.rest - 1) + " = " + to_plain(body);
    if (!declaration.text.empty()) return to_text(tokens, 0, tokens.size() - 1);
    std::string text;
    for (std::size_t i = 0; i < declaration.names.size(); ++i)
      text += (i == 0 ? "" : ", ") + declaration.names[i] + (declaration.families[i] ? "_h" : "");
    return text + " " + to_text(tokens, declaration.rest, tokens.size() - 1);
  }

  /// The declarations become clauses of the complete lemma; names that were replaced are left out.
  void remember_declarations() {
    for (const Declaration& declaration : declarations_) {
      std::string text = plain_text(declaration);
      std::replace(text.begin(), text.end(), '\n', ' ');
      scope_.lemma.texts.clauses.emplace_back(declaration.keyword, text);
    }
  }

  Tree statement(const std::vector<Token>& tokens) {
    ExpressionReader reader(scope_, tokens, {});
    return reader.whole_statement();
  }

  void remember_statement(const char* keyword, const Clause& clause, const Tree& tree) {
    const bool in_latex = clause.text.display || clause.text.text().find('\\') != std::string::npos;
    std::string text = in_latex || !rules_.empty() ? to_plain(tree) : clause.text.text();
    std::replace(text.begin(), text.end(), '\n', ' ');
    scope_.lemma.texts.clauses.emplace_back(keyword, text);
  }

  void conditions(const char* keyword, const char* fault, std::vector<Lemma::Statement>& list) {
    for (const auto& [clause, lemma_number] : gathered_.clauses) {
      if (clause.keyword != keyword) continue;
      if (clause.text.empty()) fail_at(clause.place, fault, "write a condition after it");
      const Tree tree = statement(tokens_of(clause));
      list.push_back({tree, clause.place, {}});
      remember_statement(keyword, clause, tree);
    }
  }

  void claims() {
    for (const auto& [clause, lemma_number] : gathered_.clauses) {
      if (clause.keyword != "claim") continue;
      if (clause.text.empty())
        fail_at(clause.place, "nothing is claimed here", "write a relation after it, such as J(pi,M) <= H");
      const Tree tree = statement(tokens_of(clause));
      const int number = static_cast<int>(scope_.lemma.claims.size()) + 1;
      scope_.lemma.claims.push_back({tree, clause.text.place(0), comparisons_of(tree, number)});
      remember_statement("claim", clause, tree);
    }
  }

  struct Reason {
    Place place;
    std::string text;
  };
  /// "by ..." at the end of a line is the reason of the step before it.
  static std::pair<MappedText, std::vector<Reason>> without_reasons(const MappedText& text) {
    MappedText kept;
    kept.display = text.display;
    std::vector<Reason> reasons;
    std::size_t from = 0;
    const auto is_blank = [&](std::size_t i) {
      return i >= text.size() || text[i] == ' ' || text[i] == '\n' || text[i] == '\t';
    };
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      if (text[i] != 'b' || text[i + 1] != 'y' || !is_blank(i + 2) || (i > 0 && !is_blank(i - 1))) continue;
      const std::size_t end = std::min(text.text().find('\n', i), text.size());
      kept.append(text.part(from, i));
      reasons.push_back({text.place(i), text.part(i + 2, end).trimmed().text()});
      from = end;
      i = end;
    }
    kept.append(text.part(from, text.size()));
    return {kept, reasons};
  }
  /// Each reason goes to the last step whose right side begins before it.
  static void give_reasons(std::vector<Comparison>& steps, const std::vector<Reason>& reasons) {
    for (const Reason& reason : reasons) {
      const auto after = std::find_if(steps.begin(), steps.end(), [&](const Comparison& step) {
        return step.rhs->place.offset > reason.place.offset;
      });
      if (after != steps.begin()) std::prev(after)->reason = reason.text;
    }
  }

  void proofs() {
    int step = 0;
    for (const auto& [clause, lemma_number] : gathered_.clauses) {
      if (clause.keyword != "proof") continue;
      if (clause.text.empty())
        fail_at(clause.place, "the proof is empty", "write a chain of relations after it");
      Clause bare = clause;
      const auto [text, reasons] = without_reasons(clause.text);
      bare.text = text;
      const Tree tree = statement(tokens_of(bare));
      std::vector<Comparison> steps = comparisons_of(tree, 0);
      give_reasons(steps, reasons);
      for (Comparison& each : steps) each.number = ++step;
      scope_.lemma.proofs.push_back({tree, clause.place, std::move(steps)});
      remember_statement("proof", bare, tree);
    }
  }

  void expectation() {
    Lemma& lemma = scope_.lemma;
    for (const auto& [clause, lemma_number] : gathered_.clauses) {
      if (clause.keyword != "expect") continue;
      if (lemma.expectation != Expectation::none)
        fail_at(clause.place, "there are two clauses \"expect\"", "leave one of them out");
      const std::string& text = clause.text.text();
      const std::string first = text.substr(0, text.find_first_of(" \n\t"));
      const std::string rest =
          first.size() < text.size() ? clause.text.part(first.size(), text.size()).trimmed().text() : "";
      if (first == "false" && rest.empty())
        lemma.expectation = Expectation::fails;
      else if (first == "undecided" && rest.empty())
        lemma.expectation = Expectation::undecided;
      else if (first == "holds" && rest.empty())
        lemma.expectation = Expectation::holds;
      else if (first == "holds" && (rest == "tight" || rest.rfind("tight ", 0) == 0)) {
        lemma.expectation = Expectation::tight;
        if (rest.size() > 6) {
          const std::size_t at = text.find(rest) + 6;
          Clause term = clause;
          term.text = clause.text.part(at, text.size()).trimmed();
          ExpressionReader reader(scope_, tokens_of(term), {});
          lemma.tight_term = reader.whole_number();
        }
      } else {
        fail_at(clause.text.place(0), "this expectation is not known",
                "write: expect holds, holds tight, holds tight TERM, false or undecided");
      }
      scope_.lemma.texts.clauses.emplace_back(
          "expect", lemma.tight_term ? "holds tight " + to_plain(lemma.tight_term) : text);
    }
  }

  const LemmaSource& source_;
  Gathered gathered_;
  Scope scope_;
  std::vector<RewriteRule> rules_;
  std::vector<Declaration> declarations_;  ///< those that stay
  std::map<std::string, std::pair<std::string, Place>> spellings_;
};

}  // namespace

std::shared_ptr<const Lemma> read_lemma(const LemmaSource& source, const FindLemma& find) {
  return LemmaReader(source, find).read();
}

std::string lemma_as_text(const Lemma& lemma) {
  std::string text = "lemma " + lemma.id + "\n";
  const auto add = [&](const std::string& keyword, const std::string& words) {
    if (!words.empty()) text += "  " + keyword + std::string(8 - keyword.size(), ' ') + words + "\n";
  };
  add("source", lemma.texts.source);
  for (const char* keyword : {"given", "where", "assume", "claim", "witness", "proof", "expect"})
    for (const auto& [key, words] : lemma.texts.clauses)
      if (key == keyword) add(key, words);
  return text;
}

}  // namespace lemmacheck
