/// The reader of given and where clauses. Private to the language layer.
#pragma once

#include <functional>

#include "language/clauses.hpp"
#include "language/detail/expression_reader.hpp"

namespace lemmacheck::detail {

/// A name as it is declared: letters, scripts; a last subscript that is h, k, t, ... makes a family.
struct DeclaredName {
  std::string name, step;
  bool number_step = false;  ///< a subscript that is a number: perhaps a base case
  std::int64_t number = 0;
  std::string without_number;
};

DeclaredName declared_name(const std::vector<Token>& tokens, std::size_t& at);
/// The tokens from begin to end, and an end.
std::vector<Token> slice(const std::vector<Token>& tokens, std::size_t begin, std::size_t end);

/// One declaration of a clause that may hold several, separated by commas.
struct Declaration {
  std::string keyword;  ///< given or where
  std::vector<std::string> names;
  std::vector<bool> families;      ///< whether each name was written with a step, pi_h
  std::vector<std::string> steps;  ///< of each name of a given: the step that it was written with, or empty
  std::vector<Place> places;
  int lemma = 0;              ///< that it stands in; a later one's replaces an earlier one's
  std::vector<Token> tokens;  ///< all of it, with an end
  std::size_t rest = 0;       ///< the token after the names (and, for where, the parameters)
  std::string text;           ///< as written; empty if a later clause took one of its names
  bool in_latex = false;      ///< the text is LaTeX
  DefinitionText definition;  ///< of a where that is no MDP
  bool is_model = false, is_base = false;
  bool on_transitions = false;  ///< r(s,a,s') in ...
};

/// Splits the clause into declarations and reads their names.
std::vector<Declaration> declarations_in(const Clause& clause, const std::vector<Token>& tokens, int lemma);

/// Adds sets and tuples, then everything else, to the scope.
class Declarer {
 public:
  Declarer(Scope& scope, std::vector<Declaration> declarations)
      : scope_(scope), declarations_(std::move(declarations)) {}
  void run();

 private:
  void models();
  void sets();
  void givens();
  void definitions();
  void components();
  void horizon();
  void expressions();
  void names();
  void parameters();
  void instantiate_plain(const DefinitionText& text);
  void tuple(const Declaration& declaration);
  void declare_set(const std::string& name, const Place& place);
  void typed(const Declaration& declaration, ExpressionReader& reader);
  void ranged(const Declaration& declaration, ExpressionReader& reader);
  void read_range_later(const std::string& name, const Declaration& declaration, std::size_t position);
  void planned(const Declaration& declaration, ExpressionReader& reader, bool lowest);
  Given& new_given(const Declaration& declaration, std::size_t index, Given::Kind kind);
  void component(const std::string& name, const Place& place, const ModelTuple& tuple, Given::Kind kind,
                 std::vector<std::string> from, std::vector<std::string> to, bool family);
  void loop(const Declaration& declaration, ExpressionReader& reader);
  void require_round(const Declaration& declaration, std::size_t i) const;
  void require_loop_parts(LearningLoop& loop);
  void greedy_objective(const std::vector<Token>& function, const std::string& name);
  Range range(ExpressionReader& reader);
  std::vector<std::string> set_product(ExpressionReader& reader);
  bool is_defined(const std::string& name) const;
  bool is_action_set(const std::string& set) const;

  Scope& scope_;
  std::vector<Declaration> declarations_;
  std::map<std::string, bool> component_families_;  ///< components written with a step in a tuple
  /// Expressions that are read once every name is known.
  std::vector<std::function<void()>> later_;
};

}  // namespace lemmacheck::detail
