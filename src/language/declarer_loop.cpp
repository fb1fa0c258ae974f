// given pi_t, M_t in loop(fit, fill, ties) of M from pi_0 with pi_E knowing known
#include <algorithm>
#include <utility>

#include "language/detail/declarations.hpp"

namespace lemmacheck::detail {
namespace {

using Kind = Token::Kind;

const char* const form =
    "write: given pi_t, M_hat_t in loop(aggregate, optimistic, stay) of M from pi_0, with the data (latest, "
    "aggregate, hybrid, expert, hybrid-latest), the fill of unseen pairs (optimistic, pessimistic, figure, a "
    "kernel T_0, keep T_0, or a function with values in [0, 1]) and the ties (lowest, highest, stay, for, "
    "against, or a function)";

template <std::size_t n>
std::optional<std::size_t> index_of(const std::array<std::string_view, n>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

/// The tokens of one name; "rank_h" speaks of the whole family.
std::vector<Token> name_tokens(const std::vector<Token>& tokens, std::size_t& at) {
  const std::size_t begin = at;
  const DeclaredName name = declared_name(tokens, at);
  const std::size_t script = name.step.empty() ? 0 : 2;
  std::vector<Token> part = slice(tokens, begin, at - script);
  part.back().place = tokens[at].place;
  return part;
}

}  // namespace

void Declarer::loop(const Declaration& declaration, ExpressionReader& reader) {
  const Place place = declaration.places[0];
  if (declaration.text.empty())
    fail_at(place, "one name of a loop is declared again, and the other is not", "declare both again");
  if (declaration.names.size() > 2)
    fail_at(place, "a loop has policies and models, and more names stand before \"in\"", form);
  for (std::size_t i = 0; i < declaration.names.size(); ++i)
    if (!declaration.families[i])
      fail_at(declaration.places[i], declaration.names[i] + " has a member for each round", form);
  LearningLoop& loop = scope_.lemma.loops.emplace_back();
  loop.place = place;
  loop.policy = declaration.names[0];
  if (declaration.names.size() == 2) loop.model = declaration.names[1];
  for (std::size_t i = 0; i < declaration.names.size(); ++i)
    scope_.names.declare(declaration.names[i], Symbol::Kind::loop, declaration.places[i]);
  reader.accept_word("loop");
  reader.expect("(", form);
  loop_rules(loop, reader, declaration.tokens);
  reader.expect(")", form);
  loop_parts(loop, reader, declaration.tokens);
  reader.expect_end("this declaration");
  require_loop_parts(loop);
}

/// fit, fill, ties
void Declarer::loop_rules(LearningLoop& loop, ExpressionReader& reader, const std::vector<Token>& tokens) {
  const auto later = [&](Tree LearningLoop::*slot) {
    std::size_t at = reader.position();
    if (!reader.peek().is_name()) reader.fail("a rule of the loop is missing here", form);
    const std::vector<Token> name = name_tokens(tokens, at);
    reader.move_to(at);
    later_.push_back([this, name, slot, &loop] {
      ExpressionReader inner(scope_, name, {});
      loop.*slot = inner.whole();
    });
  };
  // Which of the two an unnamed rule is, its sort tells.
  const auto kernel_or_hopes = [&](bool keep) {
    later(&LearningLoop::hopes);
    later_.push_back([this, keep, &loop] {
      const ModelTuple& world = *scope_.lemma.find_model(loop.world);
      const Tree rule = std::exchange(loop.hopes, nullptr);
      if (rule->sort == Sort::rows({world.states, world.actions}, {world.states}))
        loop.start_kernel = rule;
      else if (!keep && rule->sort.kind == Sort::Kind::function && rule->sort.to.empty())
        loop.hopes = rule;
      else
        fail_at(rule->place, "this is " + rule->sort.in_words() + ", and no fill of unseen pairs", form);
    });
  };
  std::string fit = reader.peek().text;
  reader.move_to(reader.position() + 1);
  if (fit == "hybrid" && reader.accept("-")) {
    if (!reader.accept_word("latest")) reader.fail("this rule is not known", form);
    fit = "hybrid-latest";
  }
  const auto data = index_of(fit_rule_names, fit);
  if (!data) {
    reader.move_to(reader.position() - 1);
    reader.fail("\"" + fit + "\" says of no data", form);
  }
  loop.fit = static_cast<FitRule>(*data);
  reader.expect(",", form);
  const auto fill = index_of(fill_rule_names, reader.peek().text);
  if (reader.accept_word("keep")) {
    loop.fill = FillRule::keep;
    kernel_or_hopes(true);
  } else if (fill && *fill != static_cast<std::size_t>(FillRule::start) &&
             *fill != static_cast<std::size_t>(FillRule::adversarial)) {
    loop.fill = static_cast<FillRule>(*fill);
    reader.move_to(reader.position() + 1);
  } else {
    loop.fill = FillRule::start;
    kernel_or_hopes(false);
  }
  reader.expect(",", form);
  if (const auto ties = index_of(tie_break_names, reader.peek().text)) {
    loop.ties = static_cast<TieBreak>(*ties);
    reader.move_to(reader.position() + 1);
  } else {
    later(&LearningLoop::ranks);
    later_.push_back([&loop] {
      if (loop.ranks->sort.kind != Sort::Kind::function || !loop.ranks->sort.to.empty())
        fail_at(loop.ranks->place, "this is " + loop.ranks->sort.in_words() + ", and breaks no ties", form);
    });
  }
}

/// of M, from pi_0, with pi_E, knowing known: in any order
void Declarer::loop_parts(LearningLoop& loop, ExpressionReader& reader, const std::vector<Token>& tokens) {
  const auto part = [&](Tree LearningLoop::*slot, const char* what) {
    std::size_t at = reader.position();
    if (!reader.peek().is_name()) reader.fail(std::string("the name of ") + what + " is missing here", form);
    const std::vector<Token> name = name_tokens(tokens, at);
    std::size_t again = reader.position();
    const std::string said = declared_name(tokens, again).name;
    if (slot == &LearningLoop::start) loop.start_name = said;
    if (slot == &LearningLoop::expert) loop.expert_name = said;
    reader.move_to(at);
    later_.push_back([this, name, slot, what, &loop] {
      const ModelTuple& world = *scope_.lemma.find_model(loop.world);
      ExpressionReader inner(scope_, name, {});
      const Tree tree = inner.whole();
      const Sort wanted = slot == &LearningLoop::known ? Sort::function({world.states, world.actions})
                                                       : Sort::rows({world.states}, {world.actions});
      if (tree->sort != wanted)
        fail_at(tree->place, "this is " + tree->sort.in_words() + ", and not " + what,
                slot == &LearningLoop::known ? "declare it as in: given known : S x A -> {0, 1}"
                                             : "declare a policy: given pi_0 : S -> A");
      loop.*slot = tree;
    });
  };
  while (!reader.at_end()) {
    const Place place = reader.peek().place;
    if (reader.accept_word("of")) {
      std::size_t at = reader.position();
      loop.world = declared_name(tokens, at).name;
      reader.move_to(at);
      if (scope_.lemma.find_model(loop.world) == nullptr)
        fail_at(place, "\"" + loop.world + "\" is no MDP", "the MDPs are: " + scope_.listed_models());
    } else if (reader.accept_word("from")) {
      part(&LearningLoop::start, "the policy that collects the first data");
    } else if (reader.accept_word("with")) {
      part(&LearningLoop::expert, "the expert's policy");
    } else if (reader.accept_word("knowing")) {
      part(&LearningLoop::known, "a function of S and A that is 1 where transitions are known");
    } else {
      reader.fail("\"" + reader.peek().text + "\" cannot follow a loop",
                  "what may follow is: of M, from pi_0, with pi_E, knowing known; separate declarations by "
                  "commas");
    }
  }
}

void Declarer::require_loop_parts(LearningLoop& loop) const {
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
  const bool expert = uses_expert(loop.fit), given = !loop.expert_name.empty();
  if (expert && !given)
    fail_at(loop.place, "the data of an expert is used, and the expert is not said",
            "write: loop(...) from pi_0 with pi_E");
  if (!expert && given)
    fail_at(loop.place, "an expert is named whose data this loop does not use",
            "leave it out, or fit hybrid, expert or hybrid-latest data");
}

}  // namespace lemmacheck::detail
