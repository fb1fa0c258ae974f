#include "language/one_line.hpp"

#include <algorithm>
#include <set>

#include "language/detail/declarations.hpp"
#include "language/lexer.hpp"

namespace lemmacheck {
namespace {

using Kind = Token::Kind;

MappedText text_of(const std::string& name, const std::string& text) {
  const auto file = std::make_shared<const SourceFile>(name, text);
  return MappedText(file, 0, text.size());
}

/// The names in some tokens, each with what follows it.
class Mentioned {
 public:
  void add(const std::vector<Token>& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (!tokens[i].is_name()) continue;
      names_.insert(tokens[i].text);
      // pi_E is a name, pi_h a member.
      const bool script = tokens[i + 1].is("_") && tokens[i + 2].is_name();
      if (script && default_sort(tokens[i + 2].text) != "integer")
        scripted_.insert(tokens[i].text + "_" + tokens[i + 2].text);
      if (tokens[i + 1].is("(")) applied_.insert({tokens[i].text, arguments(tokens, i + 1)});
    }
  }
  bool has(const std::string& name) const { return names_.count(name) != 0; }
  const std::set<std::string>& names() const { return names_; }
  const std::set<std::string>& scripted() const { return scripted_; }
  /// How many arguments a name is applied to, or 0.
  std::size_t arity(const std::string& name) const {
    std::size_t most = 0;
    for (const auto& [each, count] : applied_)
      if (each == name) most = std::max(most, count);
    return most;
  }

 private:
  static std::size_t arguments(const std::vector<Token>& tokens, std::size_t open) {
    std::size_t count = 1;
    int depth = 0;
    for (std::size_t i = open; i < tokens.size(); ++i) {
      if (tokens[i].is("(")) ++depth;
      if (tokens[i].is(")") && --depth == 0) break;
      if (depth == 1 && tokens[i].is(",")) ++count;
    }
    return count;
  }
  std::set<std::string> names_, scripted_;
  std::set<std::pair<std::string, std::size_t>> applied_;
};

}  // namespace

bool is_relation_text(const std::string& text) {
  static const char* const signs[] = {"<",    ">", "=", "\\le", "\\ge", "\\lt", "\\gt",
                                      "\\ne", "≤", "≥", "≠",    " in ", "\\in", " iff "};
  // "sum_{k=0}^{n}" holds a sign inside of braces.
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{' || text[i] == '(' || text[i] == '[') ++depth;
    if (text[i] == '}' || text[i] == ')' || text[i] == ']') --depth;
    if (depth != 0) continue;
    for (const char* sign : signs)
      if (text.compare(i, std::string_view(sign).size(), sign) == 0) return true;
  }
  return false;
}

LemmaSource one_line_lemma(const std::string& relation, const std::vector<std::string>& givens,
                           const std::vector<std::string>& definitions) {
  LemmaAssembler assembler;
  const MappedText conventions = text_of("the conventional givens", " ");
  assembler.begin_clause("lemma", conventions.place(0), text_of("the conventional givens", "try"));
  Mentioned mentioned;
  const MappedText claim = text_of("RELATION", relation);
  mentioned.add(tokenize(claim));
  std::set<std::string> own;
  std::vector<std::pair<std::string, MappedText>> said;
  for (const std::string& text : givens) said.emplace_back("given", text_of("--given", text));
  for (const std::string& text : definitions) said.emplace_back("where", text_of("--where", text));
  for (const auto& [keyword, text] : said) {
    mentioned.add(tokenize(text));
    for (const detail::Declaration& declaration :
         detail::declarations_in({keyword, text.place(0), text}, tokenize(text), 0))
      for (std::size_t i = 0; i < declaration.names.size(); ++i) own.insert(declaration.names[i]);
  }
  const auto add = [&](const std::string& keyword, const std::string& name, const std::string& text) {
    if (own.insert(name).second)
      assembler.begin_clause(keyword, conventions.place(0), text_of("the conventional givens", text));
  };
  const bool discounted = mentioned.has("gamma");
  const bool steps = mentioned.has("H") || mentioned.has("h");
  const bool average =
      mentioned.has("gain") || mentioned.has("bias") || mentioned.scripted().count("d_inf") != 0;
  const std::string middle = average ? "average" : discounted ? (steps ? "H, gamma" : "gamma") : "H";
  // eps and delta speak of two models, unless they are said to be something else.
  const bool distances =
      (mentioned.has("eps") && own.count("eps") == 0) || (mentioned.has("delta") && own.count("delta") == 0);
  const bool second = mentioned.has("M'") || mentioned.has("T'") || distances;
  add("given", "M", "M = (S, A, r, T, " + middle + ", rho)");
  if (second) add("given", "M'", "M' = (S, A, r, T', " + middle + ", rho)");
  add("given", "r", "r in [0, 1]");
  std::set<std::string> policies;
  for (const std::string& name : mentioned.names())
    if (name.substr(0, name.find('\'')) == "pi") policies.insert(name);
  // "pi_E" stands for itself, without a plain pi beside it.
  for (const std::string& name : mentioned.scripted())
    if (name.rfind("pi_", 0) == 0) policies.insert(name);
  for (const std::string& name : policies) add("given", name, name + " : S -> Delta(A)");
  for (const std::string& name : {std::string("f"), std::string("V"), std::string("W")})
    if (mentioned.arity(name) == 1) add("given", name, name + " : S -> R");
  if (mentioned.arity("q") == 2) add("given", "q", "q : S x A -> R");
  if (mentioned.has("nu"))
    add("given", "nu", mentioned.arity("nu") == 1 ? "nu : Delta(S)" : "nu : Delta(S x A)");
  if (second && mentioned.has("eps")) add("where", "eps", "eps = max_{s,a} ||T(s,a) - T'(s,a)||_1");
  if (second && mentioned.has("delta")) add("where", "delta", "delta = max_{s,a} TV(T(s,a), T'(s,a))");
  for (const auto& [keyword, text] : said) assembler.begin_clause(keyword, text.place(0), text);
  assembler.begin_clause("claim", claim.place(0), claim);
  std::vector<LemmaSource> lemmas = assembler.finish();
  return std::move(lemmas[0]);
}

}  // namespace lemmacheck
