/// The reader of one expression. Private to the language layer.
#pragma once

#include <functional>

#include "language/names.hpp"

namespace lemmacheck::detail {

/// A name that is bound where an expression stands: by a binder, or as a parameter of a definition.
struct Bound {
  std::string name;
  Sort sort;
  Tree stands_for = {};  ///< of a parameter that is a function or a policy: what it was called with
};

/// What a lemma has declared so far; the reader of expressions asks it for names and for readings of
/// definitions.
class Scope {
 public:
  Lemma lemma;
  Names names;
  std::map<std::string, DefinitionText> texts;
  int nesting = 0;  ///< how deep its readers are in the text now

  /// The reading of a definition for arguments of these sorts; a function or a policy among the arguments is
  /// put into the body. @returns its number among the lemma's definitions.
  int instantiate(const DefinitionText& text, const std::vector<Bound>& parameters, const std::string& key,
                  const Place& place);
  /// The body of a definition is being read: a reference to it is a circle unless its subscript falls.
  bool being_read(int definition) const {
    return !lemma.definitions[static_cast<std::size_t>(definition)].body;
  }
  const ModelTuple* only_model() const { return lemma.models.size() == 1 ? &lemma.models.front() : nullptr; }
  std::string listed_models() const;

 private:
  std::map<std::string, int> instances_;
  std::map<std::string, LanguageError> failures_;
  int depth_ = 0;
};

/// Thrown when a name is used after its binder's body ended: the body is to be read longer.
struct LongerBody {
  std::size_t binder;  ///< the position of the binder's token
  std::size_t term;    ///< the number of the term that uses the name, counted from the binder's own term
};

/// Passes every attempt to read a text in another way: it would be nested as deeply there.
class NestedTooDeeply : public LanguageError {
 public:
  explicit NestedTooDeeply(const Place& place)
      : LanguageError(place, "this is nested too deeply", "define parts of it by where") {}
};

/// Counts how deep the readers of a lemma are in it, definitions and scripts included, while it lives.
class Deeper {
 public:
  Deeper(Scope& scope, const Place& place) : nesting_(scope.nesting) {
    constexpr int deepest = 300;
    if (nesting_ >= deepest) throw NestedTooDeeply(place);
    ++nesting_;
  }
  ~Deeper() { --nesting_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  int& nesting_;
};

class ExpressionReader {
 public:
  ExpressionReader(Scope& scope, const std::vector<Token>& tokens, std::vector<Bound> bound)
      : scope_(scope), tokens_(tokens), bound_(std::move(bound)) {}

  /// Reads all tokens as one condition or expression; bodies that must be longer are read again.
  Tree whole();
  Tree whole_statement();  ///< a condition
  Tree whole_number();

  // The parts that clauses are read with.
  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool accept(const char* sign);
  bool accept_word(const char* word);
  void expect(const char* sign, const char* what);
  void expect_end(const char* after);
  std::size_t position() const { return at_; }
  void move_to(std::size_t position) { at_ = position; }
  bool at_end() const { return peek().kind == Token::Kind::end; }
  [[noreturn]] void fail(const std::string& fault, const std::string& remedy) const {
    fail_at(peek().place, fault, remedy);
  }

  Tree expression();  ///< a sum
  Tree number();
  Tree integer();
  Tree law(const std::vector<Sort>* drawn = nullptr);
  /// A set's name. @throws LanguageError for an unknown one.
  std::string set_name();

  struct Script {
    bool above = false;
    std::size_t begin = 0, end = 0;  ///< tokens
    std::string text;                ///< of a script that is one name, number or star, or empty
    Place place;
  };
  struct Written {
    std::string base;
    std::vector<Script> scripts;
    Place place;
    std::size_t begin = 0;
  };
  /// A name with all its scripts, whatever they are.
  Written written_name();
  /// The name that these parts make: base, subscripts, superscripts.
  static std::string joined(const std::string& base, const std::vector<Script>& scripts, unsigned chosen);
  bool is_bound(const std::string& name) const { return find_bound(name) != nullptr; }
  void bind(Bound bound) { bound_.push_back(std::move(bound)); }

 private:
  enum class Context { bracket, bar, norm, arguments };
  /// A sum that is being read, and which of its terms.
  struct Frame {
    std::size_t begin, term;
  };
  /// A name whose binder's body ended in a term of a sum.
  struct Ended {
    std::string name;
    std::size_t binder, frame, term;
    std::size_t bound;  ///< how many names were bound then
  };

  // conditions
  Tree condition();
  Tree quantified();
  Tree or_chain();
  Tree and_chain();
  Tree not_level();
  Tree relation();
  void move_trailing_quantifier();
  Tree membership(Tree left);
  Tree compared(Tree left, Tree right, const Token& sign);
  Tree as_element(const Tree& tree);
  // terms
  Tree sum();
  Tree term();
  Tree product(Tree first, std::size_t begin);
  Tree factor();
  Tree raised(Tree base);
  Tree primary();
  Tree bracketed(const char* open, const char* close);
  Tree bars();
  Tree norm();
  Tree set_size(const std::string& set, const Place& place);
  Tree divided(Tree left, Tree right, const Place& place);
  Tree multiplied(Tree left, Tree right, const Place& place);
  Tree plus(Tree left, Tree right, bool minus, const Place& place);
  bool starts_operand() const;
  bool closes_here() const;
  // binders
  Tree binder(Op op);
  Tree drawn_binder(Op op);
  void plain_bindings(Node& node);
  std::vector<Binding> binding_items(const char* close);
  Binding default_binding(const std::string& name, const Place& place);
  Binding ranged(const std::string& name, Tree low, Tree high);
  Binding policies(const std::string& name, const Place& place);
  std::size_t relations_in_item() const;
  Binding chain_binding();
  void drawn_bindings(Node& node, const char* close);
  Tree body(Op op, std::size_t binder_at, const Node& node, std::size_t bound_before);
  void introduce(const Binding& binding, const Place& place);
  std::string binder_name(Place& place);
  // words
  Tree word(const std::string& text);
  Tree function_word(Op op);
  Tree listed_extremum(Op op);
  Tree distance_word(Op op);
  Tree span_of_function();
  Tree transport();
  Tree inner(const char* open, const char* close);
  Tree indicator();
  Tree parenthesised_law();
  // names
  Tree named();
  Tree quantity(const Written& written, const Place& place);
  static void check_average(const Node& node, const ModelTuple& tuple, const Place& place);
  Tree value_quantity(const std::shared_ptr<Node>& node, const Place& place);
  [[noreturn]] void bare_occupancy(const Node& node, const Place& place);
  Tree occupancy_quantity(const std::shared_ptr<Node>& node, const Place& place);
  void check_policy(const Tree& policy, const ModelTuple& tuple, const Place& place);
  bool is_quantity(const Written& written);
  Tree read_script(const Script& script);
  std::optional<Tree> script_tree(const Script& script);
  Tree symbol(const std::string& name, const Symbol& symbol, std::vector<Script> left,
              const Written& written);
  Tree bound_name(const Bound& bound, std::vector<Script> left, const Written& written);
  Tree given(const Given& given, std::vector<Script> left, const Written& written);
  Tree round(const LearningLoop& loop, const std::string& name, const std::vector<Script>& left,
             const Written& written);
  bool fits_loop(const LearningLoop& loop, const std::string& name, const std::vector<Script>& left);
  Tree definition(const DefinitionText& text, std::vector<Script> left, const Written& written);
  bool fits(const std::string& name, const std::vector<Script>& left);
  bool is_family(const Tree& reference) const;
  void require_member(const Tree& reference, const Place& place) const;
  void check_ended(const std::string& name, const Place& place);
  Tree known_script_word(const Written& written);
  Tree applied_value(Tree value, const Place& place);
  void check_circle(const DefinitionText& text, int index, const Tree& step, const Place& place);
  Tree definition_call(const DefinitionText& text, const std::shared_ptr<Node>& node, const Place& place);
  Tree apply_function(Tree function, const Place& place);
  Tree apply_rows(Tree rows, const Place& place);
  Tree applied(Tree callee, const Place& place);
  Tree family_step(std::vector<Script>& left, const Written& written, bool family, const std::string& what);
  Tree power_scripts(Tree base, std::vector<Script>& left, const Written& written);
  Tree path_member(const Written& written);
  [[noreturn]] void unknown_name(const Written& written);
  Tree split_letters(const Written& written);
  struct Arguments {
    std::vector<Tree> before, after;  ///< before the bar: outcomes; after it, or without one all: conditions
    bool bar = false;
    Place place;
  };
  Arguments arguments();
  Tree dot(const Place& place);
  void check_arguments(std::vector<Tree>& given, const std::vector<std::string>& sets,
                       const std::string& what, const Place& place);

  const Bound* find_bound(const std::string& name) const;
  void need_number(const Tree& tree, const char* where);
  Tree as_law(Tree tree, const Place& place);
  Tree policy_tree(const Tree& tree, const Place& place);
  Tree model_or_only(const Tree& given, const Place& place, const std::string& what);
  const ModelTuple& tuple_of(const Tree& model) const;
  static void refuse_fitted(const Node& model, const std::string& what);

  Scope& scope_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<Bound> bound_;
  std::vector<Context> contexts_;
  std::vector<Ended> ended_;  ///< bound names whose binder's body ended in this bracket
  std::map<std::size_t, std::size_t>
      longer_;                 ///< binder's position -> how many terms its body has beyond its own
  std::vector<Frame> frames_;  ///< the sums around what is being read
  int script_depth_ = 0;
};

}  // namespace lemmacheck::detail
