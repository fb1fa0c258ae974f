// The names that given and where clauses declare.
#include "language/detail/declarations.hpp"

#include <algorithm>
#include <cctype>

namespace lemmacheck::detail {

using Kind = Token::Kind;

DeclaredName declared_name(const std::vector<Token>& tokens, std::size_t& at) {
  Scope empty;
  ExpressionReader reader(empty, tokens, {});
  reader.move_to(at);
  if (!reader.peek().is_name())
    reader.fail("a name is wanted here",
                "declare names as in: given pi : S -> Delta(A), given r in [0, 1], where eps = ...; a "
                "condition goes behind assume");
  ExpressionReader::Written written = reader.written_name();
  at = reader.position();
  DeclaredName result;
  for (const ExpressionReader::Script& script : written.scripts)
    if (script.text.empty())
      fail_at(script.place, "this script cannot be part of a name", "use one name or number in each script");
  for (std::size_t i = written.scripts.size(); i-- > 0;) {
    const ExpressionReader::Script& script = written.scripts[i];
    if (script.above) continue;
    const bool last_below = std::none_of(written.scripts.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                         written.scripts.end(), [](const auto& each) { return !each.above; });
    if (!last_below) break;
    if (default_sort(script.text) == "integer") {
      result.step = script.text;
      written.scripts.erase(written.scripts.begin() + static_cast<std::ptrdiff_t>(i));
    } else if (tokens[script.begin].kind == Kind::number && script.text.find('.') == std::string::npos &&
               script.text.size() < 6) {
      result.number_step = true;
      result.number = std::stoll(script.text);
      auto others = written.scripts;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      result.without_number = ExpressionReader::joined(written.base, others, ~0U);
    }
    break;
  }
  result.name = ExpressionReader::joined(written.base, written.scripts, ~0U);
  return result;
}

std::vector<Token> slice(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
  std::vector<Token> part(tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                          tokens.begin() + static_cast<std::ptrdiff_t>(end));
  Token last;
  last.place = tokens[end].place;
  last.begin = tokens[end].begin;
  part.push_back(last);
  return part;
}

namespace {

bool opens(const Token& token) {
  return token.is("(") || token.is("[") || token.is("{") || token.is("\\{");
}
bool closes(const Token& token) {
  return token.is(")") || token.is("]") || token.is("}") || token.is("\\}");
}

/// The parameters of a definition: (U)(s), (s'|s,a), (p(.), a).
void read_parameters(const std::vector<Token>& tokens, std::size_t& at, DefinitionText::Equation& equation) {
  const auto fail = [&](const char* fault, const char* remedy) { fail_at(tokens[at].place, fault, remedy); };
  while (tokens[at].is("(")) {
    ++at;
    std::vector<DefinitionText::Parameter> group;
    while (true) {
      DefinitionText::Parameter parameter;
      parameter.place = tokens[at].place;
      if (!tokens[at].is_name())
        fail("a parameter is wanted here",
             "write the definition as f(s, a) = ..., P(s'|s,a) = ... or L(U)(s) = ...");
      // A parameter's scripts are all part of its name.
      std::size_t end = at;
      const DeclaredName name = declared_name(tokens, end);
      parameter.name = name.step.empty() ? name.name : name.name + "_" + name.step;
      at = end;
      if (tokens[at].is("(")) {
        ++at;
        while (!tokens[at].is(")")) {
          if (tokens[at].is(".") || tokens[at].is("*"))
            ++parameter.arity;
          else if (!tokens[at].is(","))
            fail("this parameter's arguments cannot be read",
                 "write a function as a parameter with dots: p(.) or q(.,.)");
          ++at;
        }
        ++at;
        if (parameter.arity == 0)
          fail("this parameter has no arguments", "write a function as a parameter with dots: p(.)");
      }
      if (tokens[at].is_name("in")) {
        ++at;
        if (!tokens[at].is_name()) fail("a set is wanted here", "write: s in S");
        parameter.set = tokens[at].text;
        ++at;
      }
      group.push_back(std::move(parameter));
      if (tokens[at].is(",") || tokens[at].is(";")) {
        ++at;
        continue;
      }
      if (tokens[at].is("|")) {
        if (!equation.outcomes.empty()) fail("two bars stand in one list of parameters", "write P(s'|s,a)");
        equation.outcomes = std::move(group);
        group.clear();
        ++at;
        continue;
      }
      if (tokens[at].is(")")) break;
      fail("this list of parameters cannot be read", "separate parameters by commas and close the bracket");
    }
    ++at;
    equation.groups.push_back(std::move(group));
  }
}

/// Whether a definition begins at a token: NAME ... = , with nothing but scripts and parameters between.
bool begins_definition(const std::vector<Token>& tokens, std::size_t at) {
  if (!tokens[at].is_name()) return false;
  int depth = 0;
  for (std::size_t i = at + 1; i < tokens.size(); ++i) {
    if (opens(tokens[i])) ++depth;
    if (closes(tokens[i])) --depth;
    if (depth == 0 && tokens[i].is("=")) return true;
    if (depth == 0 && (tokens[i].is(",") || tokens[i].kind == Kind::end || tokens[i].is("+") ||
                       tokens[i].is("*") || tokens[i].is("/")))
      return false;
  }
  return false;
}

std::string text_between(const Clause& clause, const std::vector<Token>& tokens, std::size_t begin,
                         std::size_t end) {
  const std::size_t from = tokens[begin].begin, to = tokens[end].kind == Kind::end && tokens[end].begin == 0
                                                         ? clause.text.size()
                                                         : tokens[end].begin;
  return clause.text.part(from, std::max(from, to)).trimmed().text();
}

void set_text(Declaration& declaration, const Clause& clause, const std::vector<Token>& tokens,
              std::size_t begin, std::size_t end) {
  declaration.text = text_between(clause, tokens, begin, end);
  declaration.in_latex = clause.text.display || declaration.text.find('\\') != std::string::npos;
}

Declaration definition_in(const Clause& clause, const std::vector<Token>& tokens, std::size_t begin,
                          std::size_t end, int lemma) {
  Declaration declaration;
  declaration.keyword = "where";
  declaration.lemma = lemma;
  declaration.tokens = slice(tokens, begin, end);
  set_text(declaration, clause, tokens, begin, end);
  std::size_t at = 0;
  const DeclaredName name = declared_name(declaration.tokens, at);
  DefinitionText& text = declaration.definition;
  text.place = declaration.tokens[0].place;
  text.general.place = text.place;
  read_parameters(declaration.tokens, at, text.general);
  if (!declaration.tokens[at].is("="))
    fail_at(declaration.tokens[at].place,
            "\"" + declaration.tokens[at].text + "\" stands where = should follow the defined name",
            "write: where eps = ..., f(s) = ..., P(s'|s) = ...");
  ++at;
  declaration.rest = at;
  text.general.body = slice(declaration.tokens, at, declaration.tokens.size() - 1);
  if (text.general.body.size() == 1)
    fail_at(text.place, "nothing is defined here", "write the value after =");
  text.name = name.name;
  text.step = name.step;
  if (name.number_step) {
    text.general.at = name.number;
    declaration.is_base = true;  // until it turns out that no general case exists
    text.step = name.without_number;
  }
  // (S, A, ...) without parameters is an MDP.
  if (text.general.groups.empty() && text.general.outcomes.empty() && text.general.body[0].is("(")) {
    int depth = 0;
    std::size_t commas = 0, i = 0;
    for (; i < text.general.body.size(); ++i) {
      if (opens(text.general.body[i])) ++depth;
      if (closes(text.general.body[i])) --depth;
      if (depth == 1 && text.general.body[i].is(",")) ++commas;
      if (depth == 0) break;
    }
    declaration.is_model = commas >= 3 && text.general.body[i + 1].kind == Kind::end;
  }
  declaration.names = {name.step.empty() ? name.name : name.name};
  declaration.families = {!name.step.empty()};
  declaration.places = {text.place};
  return declaration;
}

}  // namespace

std::vector<Declaration> declarations_in(const Clause& clause, const std::vector<Token>& tokens, int lemma) {
  std::vector<Declaration> declarations;
  std::vector<std::size_t> commas;
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (opens(tokens[i])) ++depth;
    if (closes(tokens[i])) --depth;
    if (depth == 0 && tokens[i].is(",")) commas.push_back(i);
  }
  const std::size_t last = tokens.size() - 1;
  if (last == 0)
    fail_at(clause.place, "nothing follows \"" + clause.keyword + "\"",
            clause.keyword == "given" ? "write what is given: given pi : S -> Delta(A)"
                                      : "write what is defined: where eps = ...");
  if (clause.keyword == "where") {
    std::size_t begin = 0;
    for (const std::size_t comma : commas) {
      if (!begins_definition(tokens, comma + 1)) continue;
      declarations.push_back(definition_in(clause, tokens, begin, comma, lemma));
      begin = comma + 1;
    }
    declarations.push_back(definition_in(clause, tokens, begin, last, lemma));
    return declarations;
  }
  // given: names separated by commas, then what they are; commas inside of brackets do not count.
  std::size_t begin = 0;
  while (begin < last) {
    Declaration declaration;
    declaration.keyword = "given";
    declaration.lemma = lemma;
    std::size_t at = begin;
    while (true) {
      const Place place = tokens[at].place;
      const DeclaredName name = declared_name(tokens, at);
      declaration.names.push_back(name.name);
      declaration.families.push_back(!name.step.empty());
      declaration.steps.push_back(name.step);
      declaration.places.push_back(place);
      if (tokens[at].is("(")) {  // r(s,a,s') in [0, 1]
        std::size_t arguments = 1;
        while (!tokens[at].is(")") && tokens[at].kind != Kind::end) {
          if (tokens[at].is(",")) ++arguments;
          ++at;
        }
        if (tokens[at].kind == Kind::end)
          fail_at(place, "this bracket is not closed", "write r(s,a) or r(s,a,s')");
        ++at;
        declaration.on_transitions = arguments == 3;
      }
      if (!tokens[at].is(",")) break;
      ++at;
    }
    if (at >= last)
      fail_at(tokens[last].place, "what " + declaration.names[0] + " is is not said",
              "write M = (S, A, r, T, H, rho), pi : S -> Delta(A), x in [0, 1] or pi optimal in M");
    const std::size_t rest = at;
    // The next comma outside of brackets ends it.
    std::size_t end = last;
    for (const std::size_t comma : commas)
      if (comma > rest) {
        end = comma;
        break;
      }
    declaration.tokens = slice(tokens, begin, end);
    declaration.rest = rest - begin;
    set_text(declaration, clause, tokens, begin, end);
    declaration.is_model = declaration.tokens[declaration.rest].is("=");
    declarations.push_back(std::move(declaration));
    begin = end + 1;
    if (end < last && begin >= last)
      fail_at(tokens[end].place, "nothing follows this comma", "leave it out, or declare something more");
  }
  return declarations;
}

}  // namespace lemmacheck::detail
