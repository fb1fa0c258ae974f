// given pi_t, M_t in loop(fit, fill, ties) of M from pi_0 with pi_E knowing known
#include <algorithm>
#include <utility>

#include "language/detail/declarations.hpp"

namespace lemmacheck::detail {
namespace {

const char* const form =
    "write: given pi_t, M_hat_t in loop(aggregate, optimistic, stay) of M from pi_0, with data, a fill and "
    "ties in this order";
const char* const data_form = "the data is one of latest, aggregate, hybrid, expert, hybrid-latest";
const char* const fill_form =
    "the fill of pairs without data is one of optimistic, pessimistic, figure; a kernel T_0 : S x A -> "
    "Delta(S), or keep T_0; or a function with values in [0, 1]";
const char* const ties_form =
    "ties are broken by one of lowest, highest, stay, for, against, or by a function";

template <std::size_t n>
std::optional<std::size_t> index_of(const std::array<std::string_view, n>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

/// A name as it stands in the text, without the step that says that a whole family is meant: rank_h.
struct Part {
  std::string name;
  std::vector<Token> tokens;
  Place place;
};

class LoopReader {
 public:
  LoopReader(Scope& scope, LearningLoop& loop, ExpressionReader& reader, const std::vector<Token>& tokens,
             std::vector<std::function<void()>>& later)
      : scope_(scope), loop_(loop), reader_(reader), tokens_(tokens), later_(later) {}

  void rules() {
    reader_.expect("(", form);
    data();
    reader_.expect(",", form);
    fill();
    reader_.expect(",", form);
    ties();
    reader_.expect(")", form);
  }

  /// of M, from pi_0, with pi_E, knowing known: each once, in any order.
  void parts() {
    std::set<std::string> said;
    while (!reader_.at_end()) {
      const Token& word = reader_.peek();
      if (!word.is_name("of") && !word.is_name("from") && !word.is_name("with") && !word.is_name("knowing"))
        reader_.fail(
            "\"" + word.text + "\" cannot follow a loop",
            "what may follow is: of M, from pi_0, with pi_E, knowing known; separate declarations by "
            "commas");
      if (!said.insert(word.text).second)
        reader_.fail("\"" + word.text + "\" is said twice", "leave one of them out");
      const std::string kind = word.text;
      reader_.move_to(reader_.position() + 1);
      const Part named = part();
      if (kind == "of")
        world(named);
      else
        policy_or_known(kind, named);
    }
  }

 private:
  void data() {
    const std::size_t start = reader_.position();
    std::string fit = reader_.peek().text;
    reader_.move_to(start + 1);
    if (fit == "hybrid" && reader_.accept("-") && reader_.accept_word("latest")) fit = "hybrid-latest";
    const auto found = index_of(fit_rule_names, fit);
    if (!found) {
      reader_.move_to(start);
      reader_.fail("\"" + fit + "\" says of no data", data_form);
    }
    loop_.fit = static_cast<FitRule>(*found);
  }

  void fill() {
    const auto word = index_of(fill_rule_names, reader_.peek().text);
    const bool keeps = word == static_cast<std::size_t>(FillRule::keep);
    if (word && !keeps && reader_.peek().text != "start" && reader_.peek().text != "adversarial") {
      loop_.fill = static_cast<FillRule>(*word);
      return take_word();
    }
    if (keeps) take_word();
    loop_.fill = keeps ? FillRule::keep : FillRule::start;
    const Part named = part_of_rule(fill_form);
    later_.push_back([&scope = scope_, &loop = loop_, named, keeps] {
      const ModelTuple& world = *scope.lemma.find_model(loop.world);
      const Tree rule = read(scope, named, fill_form);
      const bool kernel = rule->sort == Sort::rows({world.states, world.actions}, {world.states});
      const bool hopes = !keeps && rule->sort.kind == Sort::Kind::function && rule->sort.to.empty();
      if (!kernel && !hopes)
        fail_at(named.place, "this is " + rule->sort.in_words() + ", and no fill of unseen pairs", fill_form);
      refuse_steps(scope, rule, named);
      (kernel ? loop.start_kernel : loop.hopes) = rule;
    });
  }

  void ties() {
    if (const auto word = index_of(tie_break_names, reader_.peek().text)) {
      loop_.ties = static_cast<TieBreak>(*word);
      return take_word();
    }
    const Part named = part_of_rule(ties_form);
    later_.push_back([&scope = scope_, &loop = loop_, named] {
      loop.ranks = read(scope, named, ties_form);
      if (loop.ranks->sort.kind != Sort::Kind::function || !loop.ranks->sort.to.empty())
        fail_at(named.place, "this is " + loop.ranks->sort.in_words() + ", and breaks no ties", ties_form);
    });
  }

  void world(const Part& named) {
    loop_.world = named.name;
    if (scope_.lemma.find_model(named.name) == nullptr)
      fail_at(named.place, "\"" + named.name + "\" is no MDP", "the MDPs are: " + scope_.listed_models());
  }

  void policy_or_known(const std::string& kind, const Part& named) {
    const bool known = kind == "knowing";
    Tree LearningLoop::*slot = known            ? &LearningLoop::known
                               : kind == "from" ? &LearningLoop::start
                                                : &LearningLoop::expert;
    if (kind == "from") loop_.start_name = named.name;
    if (kind == "with") loop_.expert_name = named.name;
    later_.push_back([&scope = scope_, &loop = loop_, named, slot, known] {
      const ModelTuple& of = *scope.lemma.find_model(loop.world);
      const char* remedy =
          known ? "declare it as in: given known : S x A -> {0, 1}" : "declare a policy: given pi_0 : S -> A";
      const Tree tree = read(scope, named, remedy);
      const Sort wanted =
          known ? Sort::function({of.states, of.actions}) : Sort::rows({of.states}, {of.actions});
      if (tree->sort != wanted)
        fail_at(named.place,
                "this is " + tree->sort.in_words() + ", and " +
                    (known ? "does not say which pairs are known" : "no policy that collects data"),
                remedy);
      if (known) refuse_steps(scope, tree, named);
      loop.*slot = tree;
    });
  }

  /// A word of the loop must not be a name as well.
  void take_word() {
    const Token word = reader_.peek();
    reader_.move_to(reader_.position() + 1);
    later_.push_back([&scope = scope_, word] {
      if (scope.names.find(word.text) != nullptr)
        fail_at(word.place,
                "\"" + word.text + "\" is a word of loops, and is declared as something else, too",
                "give what is declared another name");
    });
  }

  Part part() {
    if (!reader_.peek().is_name()) reader_.fail("a name is missing here", form);
    Part found;
    found.place = reader_.peek().place;
    const std::size_t begin = reader_.position();
    std::size_t end = begin;
    const DeclaredName name = declared_name(tokens_, end);
    const std::size_t script = name.step.empty() ? 0 : 2;
    const bool braces = end > begin && tokens_[end - 1].is("}");
    found.name = name.name;
    // pi_{E,h} ends in ", h }"; pi_h in "_ h".
    found.tokens = slice(tokens_, begin, braces && script > 0 ? end - 3 : end - script);
    if (braces && script > 0) {
      Token close = tokens_[end - 1];
      found.tokens.insert(found.tokens.end() - 1, close);
    }
    reader_.move_to(end);
    return found;
  }

  Part part_of_rule(const char* remedy) {
    if (!reader_.peek().is_name()) reader_.fail("a rule of the loop is missing here", remedy);
    return part();
  }

  static Tree read(Scope& scope, const Part& named, const char* remedy) {
    if (scope.names.find(named.name) == nullptr && named.tokens.size() == 2)
      fail_at(named.place, "\"" + named.name + "\" is not declared", remedy);
    ExpressionReader inner(scope, named.tokens, {});
    return inner.whole();
  }

  /// What a round is made of is the same at every step; ranks and policies may not be.
  static void refuse_steps(const Scope& scope, const Tree& tree, const Part& named) {
    const Given* given = tree->definition < 0 ? scope.lemma.find_given(tree->name) : nullptr;
    const bool family =
        given != nullptr
            ? given->family
            : tree->definition >= 0 &&
                  !scope.lemma.definitions[static_cast<std::size_t>(tree->definition)].step.empty();
    if (family && !tree->step)
      fail_at(named.place,
              named.name + " has a member for each step, and a loop fits one model for all of them",
              "name one member, " + named.name + "_1, or declare it without steps");
  }

  Scope& scope_;
  LearningLoop& loop_;
  ExpressionReader& reader_;
  const std::vector<Token>& tokens_;
  std::vector<std::function<void()>>& later_;
};

}  // namespace

void Declarer::loop(const Declaration& declaration, ExpressionReader& reader) {
  const Place place = declaration.places[0];
  if (declaration.text.empty())
    fail_at(place, "one name of a loop is declared again, and the other is not", "declare both again");
  if (declaration.names.size() > 2)
    fail_at(place, "a loop has policies and models, and more names stand before \"in\"", form);
  for (std::size_t i = 0; i < declaration.names.size(); ++i) require_round(declaration, i);
  LearningLoop& loop = scope_.lemma.loops.emplace_back();
  loop.place = place;
  loop.policy = declaration.names[0];
  if (declaration.names.size() == 2) loop.model = declaration.names[1];
  for (std::size_t i = 0; i < declaration.names.size(); ++i)
    scope_.names.declare(declaration.names[i], Symbol::Kind::loop, declaration.places[i]);
  reader.accept_word("loop");
  LoopReader parts(scope_, loop, reader, declaration.tokens, later_);
  parts.rules();
  parts.parts();
  require_loop_parts(loop);
}

/// pi_t: one subscript that counts rounds, which h does not.
void Declarer::require_round(const Declaration& declaration, std::size_t i) const {
  const std::string& name = declaration.names[i];
  const std::size_t script = name.rfind('_');
  const bool two = script != std::string::npos && default_sort(name.substr(script + 1)) == "integer";
  if (!declaration.families[i] || two)
    fail_at(declaration.places[i], name + " is declared with " + (two ? "two integers" : "no round"), form);
  if (base_of(declaration.steps[i]) == "h")
    fail_at(declaration.places[i], "h counts steps, and a loop has rounds", form);
}

void Declarer::require_loop_parts(LearningLoop& loop) {
  if (loop.world.empty()) {
    if (scope_.only_model() == nullptr)
      fail_at(loop.place, "which MDP is learned is not said",
              "write: loop(...) of M; the MDPs are: " + scope_.listed_models());
    loop.world = scope_.only_model()->name;
  }
  const ModelTuple& world = *scope_.lemma.find_model(loop.world);
  if (!world.has_horizon() || world.has_discount() || world.initial.empty())
    fail_at(loop.place, world.name + " cannot be learned by a loop, which needs a horizon and no discount",
            "write " + world.name + " = (S, A, r, T, H, rho)");
  for (const std::string* name : {&world.reward, &world.kernel})
    if (component_families_.count(*name) != 0)
      fail_at(loop.place, *name + " has a member for each step, and a loop learns one kernel for all",
              "leave the subscript out");
  if (loop.start_name.empty())
    fail_at(loop.place, "from which policy the loop starts is not said", "write: loop(...) from pi_0");
  if (!loop.model.empty() && loop.start_name == loop.model + "_0")
    fail_at(loop.place, "the loop starts from a member of its models", "name the policies before the models");
  const bool expert = uses_expert(loop.fit), given = !loop.expert_name.empty();
  if (expert && !given)
    fail_at(loop.place, "the data of an expert is used, and the expert is not said",
            "write: loop(...) from pi_0 with pi_E");
  if (!expert && given)
    fail_at(loop.place, "an expert is named whose data this loop does not use",
            "leave it out, or fit hybrid, expert or hybrid-latest data");
  later_.push_back([this, &loop, reward = world.reward, horizon = world.horizon] {
    if (scope_.lemma.horizon != horizon || scope_.lemma.find_given(horizon) == nullptr)
      fail_at(loop.place,
              "the rounds of a loop have as many steps as the lemma's one horizon, and " + horizon +
                  " is defined, or not the only one",
              "give all MDPs the same horizon, and declare it: given H in 1..5");
    const Given* table = scope_.lemma.find_given(reward);
    const auto text = scope_.texts.find(reward);
    std::size_t arguments = 0;
    if (text != scope_.texts.end())
      for (const auto& group : text->second.groups()) arguments += group.size();
    if ((table != nullptr && table->on_transitions) || arguments == 3)
      fail_at(loop.place,
              "the rewards " + reward +
                  " are paid for transitions, which a loop does not know, and it knows its rewards",
              "give rewards of states and actions: r(s,a)");
  });
}

}  // namespace lemmacheck::detail
