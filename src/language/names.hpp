/// The names that a lemma declares, and the ones that the language brings.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "language/lemma.hpp"
#include "language/lexer.hpp"

namespace lemmacheck {

/// A `where` clause before it is read: its body is read once for each sort of arguments that it is used with.
struct DefinitionText {
  std::string name;
  Place place;
  std::string step;  ///< the subscript that is an integer parameter, or empty
  struct Parameter {
    std::string name = {};
    int arity = 0;    ///< of a parameter written p(.), or 0
    std::string set;  ///< of "s in S", or empty
    Place place;
  };
  /// What stands on both sides of one "=".
  struct Equation {
    std::int64_t at = 0;                         ///< of a base case W_0 = ..., the subscript
    std::vector<std::vector<Parameter>> groups;  ///< L(U)(s) has two
    std::vector<Parameter> outcomes;             ///< before the bar of P(s'|s)
    std::vector<Token> body;
    Place place;
  };
  Equation general;
  std::vector<Equation> bases;
  const std::vector<std::vector<Parameter>>& groups() const { return general.groups; }
  bool is_rows() const { return !general.outcomes.empty(); }
};

/// What a name stands for.
struct Symbol {
  enum class Kind { set, model, given, definition, loop };
  Kind kind = Kind::given;
  Place place;
};

class Names {
 public:
  /// @throws LanguageError if the name is taken.
  void declare(const std::string& name, Symbol::Kind kind, const Place& place);
  const Symbol* find(const std::string& name) const;
  /// The closest declared names and words, for a message: "the nearest names are eps and e"; or empty.
  std::string nearest(const std::string& name, const std::vector<std::string>& more) const;

 private:
  std::map<std::string, Symbol> symbols_;
};

/// The integers, states, actions and classes that unadorned letters stand for: s, s', a, b, x, h, k, t, n, i,
/// j.
/// @returns "integer", "S", "A", "X" or nothing; primes do not count.
std::optional<std::string> default_sort(const std::string& name);

/// Words that the language uses itself; a declaration may not take them.
bool is_reserved(const std::string& name);

/// The words that begin a clause or belong to the grammar, for suggestions.
const std::vector<std::string>& known_words();

/// The letters of a name with its primes, without scripts: of "pi'_E" "pi'".
std::string base_of(const std::string& name);

}  // namespace lemmacheck
