#include "language/rewrite.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace lemmacheck {
namespace {

using Kind = Token::Kind;

bool same_token(const Token& a, const Token& b) {
  return a.kind == b.kind && a.text == b.text;
}
bool opens(const Token& token) {
  return token.is("(") || token.is("[") || token.is("{") || token.is("\\{");
}
bool closes(const Token& token) {
  return token.is(")") || token.is("]") || token.is("}") || token.is("\\}");
}

using Captures = std::map<std::string, std::pair<std::size_t, std::size_t>>;

/// Counts what matching takes: a pattern of several holes has as many ways to match as a power of the text's
/// length.
class Work {
 public:
  void step(const Token& where) {
    constexpr std::size_t most = 2'000'000;
    if (++steps_ > most)
      fail_at(where.place, "a \"write\" rule has too many ways to match this text",
              "put brackets or other signs between the names of its pattern");
  }

 private:
  std::size_t steps_ = 0;
};

class Matcher {
 public:
  Matcher(const std::vector<Token>& tokens, const RewriteRule& rule, Work& work)
      : tokens_(tokens), rule_(rule), work_(work) {}

  /// The end of a match that begins at `at`.
  std::optional<std::size_t> match(std::size_t at, Captures& captures) { return from(at, 0, captures); }

 private:
  std::optional<std::size_t> from(std::size_t at, std::size_t i, Captures& captures) {
    if (i == rule_.pattern.size()) return at;
    if (at >= tokens_.size() || tokens_[at].kind == Kind::end) return std::nullopt;
    const Token& wanted = rule_.pattern[i];
    if (!wanted.is_name() || rule_.holes.count(wanted.text) == 0)
      return same_token(tokens_[at], wanted) ? from(at + 1, i + 1, captures) : std::nullopt;
    if (const auto known = captures.find(wanted.text); known != captures.end()) {
      const auto [begin, end] = known->second;
      for (std::size_t k = begin; k < end; ++k, ++at)
        if (at >= tokens_.size() || !same_token(tokens_[k], tokens_[at])) return std::nullopt;
      return from(at, i + 1, captures);
    }
    // A hole takes the shortest balanced text that lets the rest match.
    int depth = 0;
    for (std::size_t end = at; end < tokens_.size() && tokens_[end].kind != Kind::end; ++end) {
      work_.step(tokens_[end]);
      if (closes(tokens_[end]) && --depth < 0) return std::nullopt;
      if (depth == 0 && end > at && (tokens_[end].is(",") || tokens_[end].is(";"))) return std::nullopt;
      if (opens(tokens_[end])) ++depth;
      if (depth != 0) continue;
      Captures tried = captures;
      tried[wanted.text] = {at, end + 1};
      if (const auto found = from(end + 1, i + 1, tried)) {
        captures = tried;
        return found;
      }
    }
    return std::nullopt;
  }
  const std::vector<Token>& tokens_;
  const RewriteRule& rule_;
  Work& work_;
};

bool needs_brackets(const std::vector<Token>& tokens) {
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (opens(tokens[i])) ++depth;
    if (closes(tokens[i])) --depth;
    if (depth == 0 && (tokens[i].is("+") || tokens[i].is("-") || tokens[i].is("/") || tokens[i].is("*") ||
                       tokens[i].is_name("max") || tokens[i].is_name("min") || tokens[i].is_name("sum") ||
                       tokens[i].is("\\frac")))
      return true;
  }
  return false;
}

Token sign_at(const char* text, const Token& like) {
  Token token = like;
  token.kind = Kind::sign;
  token.text = text;
  token.side = Token::Side::unsaid;
  return token;
}

}  // namespace

RewriteRule rewrite_rule(const Clause& clause) {
  const std::string& text = clause.text.text();
  std::size_t as = std::string::npos;
  for (std::size_t i = text.find("as"); i != std::string::npos; i = text.find("as", i + 1)) {
    const bool alone = i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\n') && (i + 2 < text.size()) &&
                       (text[i + 2] == ' ' || text[i + 2] == '\n');
    if (!alone) continue;
    if (as != std::string::npos)
      fail_at(clause.text.place(i), "two \"as\" stand in this clause",
              "write one rule: write PATTERN as REPLACEMENT");
    as = i;
  }
  if (as == std::string::npos)
    fail_at(clause.place, "this rule has no \"as\"", "write it as: write \\eta(p) as J(p)");
  RewriteRule rule;
  rule.pattern = tokenize(clause.text.part(0, as));
  rule.replacement = tokenize(clause.text.part(as + 2, text.size()));
  rule.pattern.pop_back();
  rule.replacement.pop_back();
  if (rule.pattern.empty() || rule.replacement.empty())
    fail_at(clause.place, "one side of this rule is empty", "write it as: write \\eta(p) as J(p)");
  for (const Token& token : rule.pattern)
    if (token.is_name() && std::any_of(rule.replacement.begin(), rule.replacement.end(),
                                       [&](const Token& other) { return same_token(token, other); }))
      rule.holes.insert(token.text);
  const bool literal = std::any_of(rule.pattern.begin(), rule.pattern.end(), [&](const Token& token) {
    return rule.holes.count(token.text) == 0 && (token.is_name() || token.is("\\frac"));
  });
  if (!literal)
    fail_at(clause.place, "this rule would match anything",
            "the pattern needs a name that does not stand on the other side");
  rule.bracketed = needs_brackets(rule.replacement);
  return rule;
}

std::vector<Token> rewritten(std::vector<Token> tokens, const std::vector<RewriteRule>& rules) {
  constexpr int most = 500;
  constexpr std::size_t longest = 50'000;
  Work work;
  for (const RewriteRule& rule : rules) {
    int applied = 0;
    for (std::size_t at = 0; at < tokens.size();) {
      Captures captures;
      const auto end = Matcher(tokens, rule, work).match(at, captures);
      if (!end || *end == at) {
        ++at;
        continue;
      }
      if (++applied > most || tokens.size() > longest)
        fail_at(tokens[at].place, "a \"write\" rule never ends here",
                "its replacement must not hold its own pattern");
      std::vector<Token> replacement;
      if (rule.bracketed) replacement.push_back(sign_at("(", tokens[at]));
      for (const Token& token : rule.replacement) {
        const auto capture = captures.find(token.text);
        if (token.is_name() && capture != captures.end()) {
          replacement.insert(replacement.end(),
                             tokens.begin() + static_cast<std::ptrdiff_t>(capture->second.first),
                             tokens.begin() + static_cast<std::ptrdiff_t>(capture->second.second));
          continue;
        }
        replacement.push_back(token);
        replacement.back().place = tokens[at].place;
        replacement.back().begin = tokens[at].begin;
      }
      if (rule.bracketed) replacement.push_back(sign_at(")", tokens[at]));
      const auto from = tokens.begin() + static_cast<std::ptrdiff_t>(at);
      tokens.erase(from, tokens.begin() + static_cast<std::ptrdiff_t>(*end));
      tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(at), replacement.begin(), replacement.end());
      // The replacement itself may hold what this rule matches, inside of a hole.
      if (rule.holes.empty()) at += replacement.size();
    }
  }
  return tokens;
}

}  // namespace lemmacheck
