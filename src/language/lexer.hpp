/// Tokens of an expression: LaTeX, Unicode and plain spellings of one sign become one token.
#pragma once

#include <string>
#include <vector>

#include "language/source_text.hpp"

namespace lemmacheck {

struct Token {
  enum class Kind { name, number, sign, end };
  Kind kind = Kind::end;
  std::string text;  ///< of a name with its primes ("pi'"), of a sign its plain spelling ("<=")
  Place place;
  bool splits = false;       ///< letters in a display, which are a product unless they are declared as a name
  bool bare_script = false;  ///< a display's script without braces: the first of its characters alone
  /// Of a bar: whether the author said which way it faces.
  enum class Side { unsaid, opens, closes } side = Side::unsaid;
  /// How the name was written, where that matters: "varepsilon", "mathcal".
  std::string spelling = {};
  std::size_t begin = 0;  ///< its first character in the text that was read

  bool is(const char* sign) const { return kind == Kind::sign && text == sign; }
  bool is_name() const { return kind == Kind::name; }
  bool is_name(const char* name) const { return kind == Kind::name && text == name; }
};

/// The tokens, and one of kind `end`. @throws LanguageError for characters and commands that mean nothing
/// here.
std::vector<Token> tokenize(const MappedText& text);

/// The tokens as text again, for messages and for `write`.
std::string to_text(const std::vector<Token>& tokens, std::size_t first, std::size_t last);

/// Whether the name is a Greek letter, as it is kept ("eps", "pi").
bool is_greek(const std::string& name);

}  // namespace lemmacheck
