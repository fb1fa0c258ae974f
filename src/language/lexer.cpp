#include "language/lexer.hpp"

#include <cctype>
#include <map>
#include <set>

namespace lemmacheck {
namespace {

using TokenKind = Token::Kind;

const std::set<std::string, std::less<>>& greek_letters() {
  static const std::set<std::string, std::less<>> letters = {
      "alpha", "beta",   "gamma", "delta", "eps",   "zeta",  "eta",   "theta", "iota",
      "kappa", "lambda", "mu",    "nu",    "xi",    "pi",    "rho",   "sigma", "tau",
      "ups",   "phi",    "chi",   "psi",   "omega", "Gamma", "Delta", "Theta", "Lambda",
      "Xi",    "Pi",     "Sigma", "Ups",   "Phi",   "Psi",   "Omega"};
  return letters;
}

/// One spelling of each Greek letter: "epsilon" and "varepsilon" are "eps".
std::string greek(const std::string& word) {
  const std::string letter = word.rfind("var", 0) == 0 && word.size() > 3 ? word.substr(3) : word;
  if (letter == "epsilon") return "eps";
  if (letter == "upsilon") return "ups";
  if (letter == "Upsilon") return "Ups";
  return greek_letters().count(letter) != 0 ? letter : "";
}

struct Spelling {
  const char* from;
  const char* to;
};

/// Characters beyond ASCII. An upper-case first letter of the right side marks a name.
constexpr Spelling unicode_signs[] = {
    {"≤", "<="}, {"⩽", "<="},  {"≥", ">="}, {"⩾", ">="}, {"≠", "!="}, {"→", "->"},  {"⇒", "=>"},
    {"⟹", "=>"}, {"⇔", "iff"}, {"∼", "~"},  {"·", "*"},  {"⋅", "*"},  {"×", "*"},   {"‖", "||"},
    {"∥", "||"}, {"∣", "|"},   {"−", "-"},  {"⟨", "<<"}, {"⟩", ">>"}, {"…", "..."}, {"≔", "="}};
constexpr Spelling unicode_names[] = {
    {"α", "alpha"}, {"β", "beta"},  {"γ", "gamma"},  {"δ", "delta"},  {"ε", "eps"},   {"ϵ", "eps"},
    {"ζ", "zeta"},  {"η", "eta"},   {"θ", "theta"},  {"ι", "iota"},   {"κ", "kappa"}, {"λ", "lambda"},
    {"μ", "mu"},    {"ν", "nu"},    {"ξ", "xi"},     {"π", "pi"},     {"ρ", "rho"},   {"σ", "sigma"},
    {"τ", "tau"},   {"φ", "phi"},   {"ϕ", "phi"},    {"χ", "chi"},    {"ψ", "psi"},   {"ω", "omega"},
    {"Γ", "Gamma"}, {"Δ", "Delta"}, {"Θ", "Theta"},  {"Λ", "Lambda"}, {"Ξ", "Xi"},    {"Π", "Pi"},
    {"Σ", "Sigma"}, {"Φ", "Phi"},   {"Ψ", "Psi"},    {"Ω", "Omega"},  {"∑", "sum"},   {"∏", "prod"},
    {"∞", "inf"},   {"∈", "in"},    {"∀", "forall"}, {"∃", "exists"}, {"∧", "and"},   {"∨", "or"},
    {"¬", "not"},   {"ℝ", "R"},     {"𝔼", "E"},      {"√", "sqrt"}};

const std::map<std::string, std::string, std::less<>>& command_signs() {
  static const std::map<std::string, std::string, std::less<>> signs = {{"le", "<="},
                                                                        {"leq", "<="},
                                                                        {"leqslant", "<="},
                                                                        {"ge", ">="},
                                                                        {"geq", ">="},
                                                                        {"geqslant", ">="},
                                                                        {"ne", "!="},
                                                                        {"neq", "!="},
                                                                        {"lt", "<"},
                                                                        {"gt", ">"},
                                                                        {"sim", "~"},
                                                                        {"to", "->"},
                                                                        {"rightarrow", "->"},
                                                                        {"mapsto", "->"},
                                                                        {"Rightarrow", "=>"},
                                                                        {"implies", "=>"},
                                                                        {"Longrightarrow", "=>"},
                                                                        {"iff", "iff"},
                                                                        {"Leftrightarrow", "iff"},
                                                                        {"cdot", "*"},
                                                                        {"times", "*"},
                                                                        {"ast", "*"},
                                                                        {"star", "*"},
                                                                        {"colon", ":"},
                                                                        {"mid", "|"},
                                                                        {"vert", "|"},
                                                                        {"Vert", "||"},
                                                                        {"parallel", "||"},
                                                                        {"langle", "<<"},
                                                                        {"rangle", ">>"},
                                                                        {"lbrace", "\\{"},
                                                                        {"rbrace", "\\}"},
                                                                        {"lbrack", "["},
                                                                        {"rbrack", "]"},
                                                                        {"coloneqq", "="},
                                                                        {"triangleq", "="},
                                                                        {"doteq", "="},
                                                                        {"ldots", "..."},
                                                                        {"dots", "..."},
                                                                        {"cdots", "..."},
                                                                        {"lnot", "not"},
                                                                        {"prime", "'"},
                                                                        {"div", "/"},
                                                                        {"lparen", "("},
                                                                        {"rparen", ")"}};
  return signs;
}

const std::map<std::string, std::string, std::less<>>& command_names() {
  static const std::map<std::string, std::string, std::less<>> names = {
      {"sum", "sum"},       {"prod", "prod"},     {"max", "max"},       {"min", "min"},  {"sup", "max"},
      {"inf", "min"},       {"log", "log"},       {"ln", "log"},        {"exp", "exp"},  {"infty", "inf"},
      {"in", "in"},         {"forall", "forall"}, {"exists", "exists"}, {"land", "and"}, {"wedge", "and"},
      {"lor", "or"},        {"vee", "or"},        {"neg", "not"},       {"Pr", "P"},     {"argmax", "argmax"},
      {"argmin", "argmin"}, {"span", "span"},     {"KL", "KL"},         {"TV", "TV"},    {"sqrt", "sqrt"},
      {"arg", "arg"}};
  return names;
}

const std::set<std::string, std::less<>> skipped_commands = {
    "displaystyle", "textstyle",  "scriptstyle", "nonumber", "notag",     "limits", "nolimits", "quadskip",
    "hfill",        "allowbreak", "left",        "right",    "big",       "Big",    "bigg",     "Bigg",
    "bigl",         "bigr",       "Bigl",        "Bigr",     "biggl",     "biggr",  "Biggl",    "Biggr",
    "middle",       "bigm",       "Bigm",        "noindent", "centering", "strut",  "mathstrut"};
const std::set<std::string, std::less<>> opening_sizes = {"left", "bigl", "Bigl", "biggl", "Biggl"};
const std::set<std::string, std::less<>> closing_sizes = {"right", "bigr", "Bigr", "biggr", "Biggr"};
const std::set<std::string, std::less<>> dropped_with_argument = {
    "label", "tag", "phantom", "hspace",    "vspace",         "vphantom", "hphantom",
    "eqref", "ref", "cite",    "intertext", "shortintertext", "footnote"};
const std::set<std::string, std::less<>> upright_fonts = {"mathrm", "operatorname", "textrm",
                                                          "textsf", "texttt",       "mathop"};
const std::set<std::string, std::less<>> other_fonts = {
    "mathcal", "mathscr", "mathfrak", "mathbf", "boldsymbol", "bm",     "mathit",
    "mathsf",  "mathbb",  "mathbbm",  "mathds", "textbf",     "textit", "mathtt"};
const std::map<std::string, std::string, std::less<>> accents = {
    {"hat", "hat"}, {"widehat", "hat"},    {"tilde", "tilde"}, {"widetilde", "tilde"},
    {"bar", "bar"}, {"overline", "bar"},   {"dot", "dot"},     {"check", "check"},
    {"vec", "vec"}, {"underline", "under"}};

class Lexer {
 public:
  explicit Lexer(const MappedText& text) : text_(text) {}

  std::vector<Token> run() {
    scan(text_.size());
    drop_quads();
    drop_final_punctuation();
    emit(TokenKind::end, "", text_.size());
    return std::move(tokens_);
  }

 private:
  /// Reads up to `end`.
  void scan(std::size_t end) {
    while (at_ < end) {
      const std::size_t start = at_;
      const char c = text_[at_];
      if (std::isspace(static_cast<unsigned char>(c)) != 0) {
        ++at_;
      } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
        number(end);
      } else if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
        letters(end);
      } else if (c == '\\') {
        command(end);
      } else if (c == '\'') {
        prime(start, 1);
      } else if (static_cast<unsigned char>(c) >= 0x80U) {
        beyond_ascii(end);
      } else {
        sign(end);
      }
      LEMMACHECK_INVARIANT(at_ > start);
    }
  }

  Token& emit(TokenKind kind, std::string text, std::size_t at) {
    Token token;
    token.kind = kind;
    token.text = std::move(text);
    token.place = text_.place(at);
    token.begin = at;
    tokens_.push_back(std::move(token));
    return tokens_.back();
  }

  /// Whether what comes is a display's script without braces, of which LaTeX takes one character.
  bool after_bare_script() const {
    return text_.display && !tokens_.empty() && (tokens_.back().is("_") || tokens_.back().is("^"));
  }

  void number(std::size_t end) {
    const std::size_t start = at_;
    if (after_bare_script()) {
      ++at_;
    } else {
      digits(end);
      if (text_[at_] == '.' && at_ + 1 < end &&
          std::isdigit(static_cast<unsigned char>(text_[at_ + 1])) != 0) {
        ++at_;
        digits(end);
      }
    }
    emit(TokenKind::number, text_.text().substr(start, at_ - start), start);
  }
  void digits(std::size_t end) {
    while (at_ < end && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  void letters(std::size_t end) {
    const std::size_t start = at_;
    const bool bare = after_bare_script();
    ++at_;
    while (!bare && at_ < end && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    // "W1", "x2" in plain text: digits that touch letters belong to them.
    if (!text_.display && !bare) digits(end);
    std::string word = text_.text().substr(start, at_ - start);
    if (const std::string letter = greek(word); !letter.empty()) word = letter;
    Token& token = emit(TokenKind::name, word, start);
    token.splits = text_.display && word.size() > 1;
    token.bare_script = bare;
    primes(end);
  }

  /// Primes that follow the name emitted last.
  void primes(std::size_t end) {
    while (at_ < end && text_[at_] == '\'') {
      ++at_;
      tokens_.back().text += '\'';
    }
    if (text_.text().compare(at_, 3, "′") == 0 && at_ < end) prime(at_, 3);
  }

  /// A prime by itself, such as after a script: it belongs to the name before.
  void prime(std::size_t start, std::size_t bytes) {
    at_ = start + bytes;
    if (tokens_.empty() || (!tokens_.back().is_name() && !tokens_.back().is("}")))
      fail_at(text_.place(start), "a prime with no name before it", "write it right after a name: s'");
    if (tokens_.back().is_name())
      tokens_.back().text += '\'';
    else
      emit(TokenKind::sign, "'", start);
  }

  void beyond_ascii(std::size_t end) {
    const auto matches = [&](const Spelling& spelling) {
      const std::string_view from = spelling.from;
      return at_ + from.size() <= end && std::string_view(text_.text()).substr(at_, from.size()) == from;
    };
    const std::size_t start = at_;
    for (const Spelling& spelling : unicode_signs) {
      if (!matches(spelling)) continue;
      at_ += std::string_view(spelling.from).size();
      emit(TokenKind::sign, spelling.to, start);
      return;
    }
    for (const Spelling& spelling : unicode_names) {
      if (!matches(spelling)) continue;
      at_ += std::string_view(spelling.from).size();
      emit(TokenKind::name, spelling.to, start);
      return primes(end);
    }
    if (std::string_view(text_.text()).substr(at_, 3) == "′") return prime(at_, 3);
    if (std::string_view(text_.text()).substr(at_, 2) == "\xC2\xA0") {
      at_ += 2;
      return;
    }
    std::size_t length = 1;
    while (at_ + length < end && (static_cast<unsigned char>(text_[at_ + length]) & 0xC0U) == 0x80U) ++length;
    fail_at(text_.place(start), "\"" + text_.text().substr(start, length) + "\" means nothing here",
            "write the sign in ASCII or as a LaTeX command");
  }

  void sign(std::size_t end) {
    static const char* const signs[] = {"<=>", "...", "||", "<=", ">=", "!=", "==", "->", "=>", ":=", "..",
                                        "(",   ")",   "[",  "]",  "{",  "}",  ",",  ";",  ":",  "|",  "_",
                                        "^",   "+",   "-",  "*",  "/",  "=",  "<",  ">",  "~",  "."};
    const std::size_t start = at_;
    if (text_.display && text_[at_] == '~') {
      ++at_;
      return;
    }
    if (text_.display && text_[at_] == '&') return ampersand(end);
    for (const char* sign : signs) {
      const std::string_view view = sign;
      if (at_ + view.size() > end || std::string_view(text_.text()).substr(at_, view.size()) != view)
        continue;
      at_ += view.size();
      std::string text(view);
      if (text == "==" || text == ":=") text = "=";
      if (text == "<=>") text = "iff";
      Token& token = emit(TokenKind::sign, text, start);
      token.side = side_;
      side_ = Token::Side::unsaid;
      return;
    }
    std::string hint = "see the table of signs in docs/language.md";
    if (text_[at_] == '#') hint = "a comment starts with # at the start of a line or after a space";
    if (text_[at_] == '!') hint = "\"not\" is written: not; unequal: !=";
    fail_at(text_.place(start), std::string("\"") + text_[at_] + "\" means nothing here", hint);
  }

  void ampersand(std::size_t end) {
    ++at_;
    if (at_ >= end || text_[at_] != '&') return;
    while (at_ < end && text_.text().compare(at_, 2, "\\\\") != 0)
      ++at_;  // remarks behind && up to the row's end
  }

  std::string command_word(std::size_t end) {
    ++at_;  // the backslash
    const std::size_t start = at_;
    while (at_ < end && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    if (at_ == start && at_ < end) {
      ++at_;
      while (at_ < end && (static_cast<unsigned char>(text_[at_]) & 0xC0U) == 0x80U) ++at_;
    }
    std::string word = text_.text().substr(start, at_ - start);
    if (at_ < end && text_[at_] == '*' && word == "operatorname") ++at_;
    return word;
  }

  void blanks(std::size_t end) {
    while (at_ < end && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  /// The argument of a command: what stands between braces, or one character or command.
  std::pair<std::size_t, std::size_t> argument(std::size_t command_at, std::size_t end) {
    blanks(end);
    if (at_ >= end)
      fail_at(text_.place(command_at), "the command has no argument", "write it between braces");
    if (text_[at_] != '{') {
      const std::size_t start = at_;
      if (text_[at_] == '\\')
        command_word(end);
      else
        ++at_;
      return {start, at_};
    }
    const std::size_t start = ++at_;
    int depth = 1;
    for (; at_ < end; ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
        continue;
      }
      depth += text_[at_] == '{' ? 1 : text_[at_] == '}' ? -1 : 0;
      if (depth == 0) {
        ++at_;
        return {start, at_ - 1};
      }
    }
    fail_at(text_.place(start - 1), "this brace is not closed", "add the closing brace");
  }

  /// Reads an argument as tokens of this text.
  void scan_argument(std::pair<std::size_t, std::size_t> range) {
    const std::size_t after = at_;
    at_ = range.first;
    if (++depth_ > deepest) fail_at(text_.place(range.first), "commands are nested too deeply", "simplify");
    scan(range.second);
    --depth_;
    at_ = after;
  }

  void command(std::size_t end) {
    const std::size_t start = at_;
    const std::string word = command_word(end);
    if (word.empty()) fail_at(text_.place(start), "a backslash at the end", "write a command after it");
    if (word.size() == 1 && std::string_view(",;:! /").find(word[0]) != std::string_view::npos)
      return;  // spaces
    if (word == "\\") return row_end(end);
    if (word == "|" || word == "{" || word == "}" || word == "&" || word == "%") return escaped(word, start);
    if (word == "quad" || word == "qquad") return quad(start, end);
    if (opening_sizes.count(word) != 0 || closing_sizes.count(word) != 0) return size(word, end);
    if (skipped_commands.count(word) != 0) return;
    if (word == "lvert" || word == "rvert" || word == "lVert" || word == "rVert") {
      Token& bar = emit(TokenKind::sign, word[1] == 'v' ? "|" : "||", start);
      bar.side = word[0] == 'l' ? Token::Side::opens : Token::Side::closes;
      return;
    }
    if (dropped_with_argument.count(word) != 0) {
      argument(start, end);
      return;
    }
    if (word == "frac" || word == "dfrac" || word == "tfrac" || word == "cfrac") return fraction(start, end);
    if (word == "text" || word == "mbox" || word == "textnormal") return words(start, end);
    if (word == "cancel" || word == "boxed" || word == "ensuremath" || word == "color") {
      const auto range = argument(start, end);
      if (word != "color") scan_argument(range);
      return;
    }
    if (word == "underbrace" || word == "overbrace") return brace(start, end);
    if (word == "substack") return substack(start, end);
    if (upright_fonts.count(word) != 0 || other_fonts.count(word) != 0) return font(word, start, end);
    if (const auto accent = accents.find(word); accent != accents.end())
      return accented(accent->second, start, end);
    if (const std::string letter = greek(word); !letter.empty()) {
      emit(TokenKind::name, letter, start).spelling = word.rfind("var", 0) == 0 ? "var" : "";
      return primes(end);
    }
    if (const auto found = command_signs().find(word); found != command_signs().end())
      return found->second == "'" ? prime_command(start)
                                  : static_cast<void>(emit(TokenKind::sign, found->second, start));
    if (const auto found = command_names().find(word); found != command_names().end()) {
      emit(TokenKind::name, found->second, start);
      return;
    }
    fail_at(text_.place(start), "the command \\" + word + " means nothing here",
            "define it by \\newcommand in the file, or say what it stands for by a clause such as: write \\" +
                word + "(x) as ...");
  }

  /// ^\prime, ^{\prime}: a prime of the name before the script.
  void prime_command(std::size_t start) {
    const bool script = !tokens_.empty() && tokens_.back().is("^");
    if (script) {
      tokens_.pop_back();
      const std::size_t after = at_;
      prime(start, 0);
      at_ = after;
      return;
    }
    emit(TokenKind::sign, "'", start);
  }

  void row_end(std::size_t end) {
    if (at_ < end && text_[at_] == '*') ++at_;
    const std::size_t before = at_;
    blanks(end);
    if (at_ < end && text_[at_] == '[' && at_ + 1 < end &&
        (std::isdigit(static_cast<unsigned char>(text_[at_ + 1])) != 0 || text_[at_ + 1] == '-')) {
      const std::size_t close = text_.text().find(']', at_);
      if (close != std::string::npos && close < end && close - at_ < 12) {
        at_ = close + 1;
        return;
      }
    }
    at_ = before;
  }

  void escaped(const std::string& word, std::size_t start) {
    if (word == "|") {
      Token& token = emit(TokenKind::sign, "||", start);
      token.side = side_;
      side_ = Token::Side::unsaid;
      return;
    }
    emit(TokenKind::sign, word == "{" || word == "}" ? "\\" + word : word, start);
  }

  /// \left and \right, which say which way a bar faces.
  void size(const std::string& word, std::size_t end) {
    blanks(end);
    if (at_ < end && text_[at_] == '.') {
      ++at_;
      return;
    }
    const bool opens = opening_sizes.count(word) != 0;
    const bool bar = at_ < end && (text_[at_] == '|' || text_.text().compare(at_, 2, "\\|") == 0 ||
                                   text_.text().compare(at_, 5, "\\vert") == 0 ||
                                   text_.text().compare(at_, 5, "\\Vert") == 0);
    if (!bar) return;
    const std::size_t start = at_;
    const bool twice = text_[at_] != '|' && text_[at_ + 1] != 'v';
    if (text_[at_] == '|')
      ++at_;
    else
      command_word(end);
    Token& token = emit(TokenKind::sign, twice ? "||" : "|", start);
    token.side = opens ? Token::Side::opens : Token::Side::closes;
  }

  void fraction(std::size_t start, std::size_t end) {
    emit(TokenKind::sign, "\\frac", start);
    for (int i = 0; i < 2; ++i) {
      const auto range = argument(start, end);
      emit(TokenKind::sign, "{", range.first);
      scan_argument(range);
      emit(TokenKind::sign, "}", range.second);
    }
  }

  /// \text{...}: the words for all, if, and, or are read; other text is prose.
  void words(std::size_t start, std::size_t end) {
    const bool script =
        !tokens_.empty() && (tokens_.back().is("_") || tokens_.back().is("^") ||
                             (tokens_.size() > 1 && tokens_.back().is("{") &&
                              (tokens_[tokens_.size() - 2].is("_") || tokens_[tokens_.size() - 2].is("^"))));
    if (script) return font("mathrm", start, end);  // \pi_{\text{old}}
    const auto [first, last] = argument(start, end);
    std::size_t i = first;
    std::string before;
    while (i < last) {
      if (std::isalpha(static_cast<unsigned char>(text_[i])) == 0) {
        ++i;
        continue;
      }
      const std::size_t word_start = i;
      while (i < last && std::isalpha(static_cast<unsigned char>(text_[i])) != 0) ++i;
      const std::string word = text_.text().substr(word_start, i - word_start);
      const bool all =
          before == "for" && (word == "all" || word == "every" || word == "each" || word == "any");
      if (all) emit(TokenKind::name, "forall", word_start);
      if (word == "if" || word == "and" || word == "or") emit(TokenKind::name, word, word_start);
      before = word;
    }
  }

  /// \underbrace{x}_{label}: x alone.
  void brace(std::size_t start, std::size_t end) {
    const auto inner = argument(start, end);
    scan_argument(inner);
    blanks(end);
    if (at_ < end && (text_[at_] == '_' || text_[at_] == '^')) {
      ++at_;
      argument(start, end);
    }
  }

  void substack(std::size_t start, std::size_t end) {
    const auto [first, last] = argument(start, end);
    std::size_t row = first;
    for (std::size_t i = first; i < last; ++i) {
      if (text_.text().compare(i, 2, "\\\\") != 0) continue;
      scan_argument({row, i});
      emit(TokenKind::sign, ",", i);
      row = i + 2;
      ++i;
    }
    scan_argument({row, last});
  }

  void font(const std::string& word, std::size_t start, std::size_t end) {
    const auto range = argument(start, end);
    const std::size_t first_token = tokens_.size();
    scan_argument(range);
    for (std::size_t i = first_token; i < tokens_.size(); ++i) {
      if (!tokens_[i].is_name()) continue;
      if (upright_fonts.count(word) != 0)
        tokens_[i].splits = false;
      else if (word != "mathbb" && word != "mathbbm" && word != "mathds")
        tokens_[i].spelling = word;
    }
    if (tokens_.size() > first_token && tokens_.back().is_name()) primes(end);
  }

  /// \hat{M}' is M'_hat.
  void accented(const std::string& accent, std::size_t start, std::size_t end) {
    const auto range = argument(start, end);
    const std::size_t first = tokens_.size();
    scan_argument(range);
    if (tokens_.size() == first || !tokens_[first].is_name())
      fail_at(text_.place(start), "an accent over what is no name", "put accents over single letters");
    std::vector<Token> scripts(tokens_.begin() + static_cast<std::ptrdiff_t>(first) + 1, tokens_.end());
    tokens_.resize(first + 1);
    tokens_.back().splits = false;
    primes(end);
    emit(TokenKind::sign, "_", start);
    emit(TokenKind::name, accent, start);
    tokens_.insert(tokens_.end(), scripts.begin(), scripts.end());
  }

  /// In a display: \quad (15.1) at the end of a row is the printed number.
  void quad(std::size_t start, std::size_t end) {
    if (text_.display && is_printed_number(end)) return;
    emit(TokenKind::sign, "\\quad", start);
  }
  bool is_printed_number(std::size_t end) {
    std::size_t i = at_;
    const auto skip = [&] {
      while (i < end && (std::isspace(static_cast<unsigned char>(text_[i])) != 0 || text_[i] == '~')) ++i;
    };
    skip();
    if (i >= end || text_[i] != '(') return false;
    const std::size_t open = ++i;
    while (i < end &&
           (std::isalnum(static_cast<unsigned char>(text_[i])) != 0 || text_[i] == '.' || text_[i] == '\''))
      ++i;
    if (i == open || i >= end || text_[i] != ')') return false;
    ++i;
    skip();
    if (i < end && (text_[i] == '.' || text_[i] == ',')) ++i;
    skip();
    if (i < end && text_.text().compare(i, 2, "\\\\") != 0) return false;
    at_ = i;
    return true;
  }

  static bool ends_operand(const Token& token) {
    static const std::set<std::string, std::less<>> words = {"forall", "exists", "and", "or",
                                                             "not",    "if",     "in"};
    if (token.kind == TokenKind::number) return true;
    if (token.kind == TokenKind::name) return words.count(token.text) == 0;
    return token.is(")") || token.is("]") || token.is("}") || token.is("|") || token.is("||") ||
           token.is("\\}");
  }
  static bool starts_operand(const Token& token) {
    if (token.kind == TokenKind::number) return true;
    if (token.kind == TokenKind::name) return ends_operand(token);
    return token.is("(") || token.is("[") || token.is("{") || token.is("|") || token.is("||") ||
           token.is("\\frac");
  }

  void drop_quads() {
    std::vector<Token> kept;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!tokens_[i].is("\\quad")) {
        kept.push_back(tokens_[i]);
        continue;
      }
      std::size_t next = i;
      while (next < tokens_.size() && tokens_[next].is("\\quad")) ++next;
      if (next < tokens_.size() && !kept.empty() && ends_operand(kept.back()) &&
          starts_operand(tokens_[next]))
        fail_at(tokens_[i].place,
                "a \\quad stands between two factors, as before a printed number or a condition",
                "for a product write * ; for a condition: , \\quad \\text{for all } s ; a printed number is "
                "read only at "
                "the end of a displayed row");
    }
    tokens_ = std::move(kept);
  }

  void drop_final_punctuation() {
    while (text_.display && !tokens_.empty() &&
           (tokens_.back().is(".") || tokens_.back().is(",") || tokens_.back().is(";")))
      tokens_.pop_back();
  }

  static constexpr int deepest = 100;
  const MappedText& text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Token::Side side_ = Token::Side::unsaid;
  std::vector<Token> tokens_;
};

}  // namespace

bool is_greek(const std::string& name) {
  return greek_letters().count(name) != 0;
}

std::vector<Token> tokenize(const MappedText& text) {
  return Lexer(text).run();
}

std::string to_text(const std::vector<Token>& tokens, std::size_t first, std::size_t last) {
  static const std::set<std::string, std::less<>> close = {")", "]", "}", ",", "_", "^", "'", ";", ":", "."};
  std::string text;
  for (std::size_t i = first; i < last && i < tokens.size(); ++i) {
    const bool joined =
        text.empty() || close.count(tokens[i].text) != 0 ||
        (i > first && (tokens[i - 1].is("(") || tokens[i - 1].is("[") || tokens[i - 1].is("{") ||
                       tokens[i - 1].is("_") || tokens[i - 1].is("^"))) ||
        ((tokens[i].is("(")) && i > first && tokens[i - 1].is_name());
    if (!joined) text += ' ';
    text += tokens[i].text;
  }
  return text;
}

}  // namespace lemmacheck
