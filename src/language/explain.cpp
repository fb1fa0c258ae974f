#include "language/explain.hpp"

#include <map>
#include <set>

#include "language/draw.hpp"
#include "language/print.hpp"

namespace lemmacheck {
namespace {

std::string range_in_words(const Range& range) {
  return range.kind == Range::Kind::reals ? "any rational" : to_plain(range);
}

std::string plan_in_words(const Given& given) {
  const std::string any =
      given.lowest ? ", the lowest such action" : ", whichever of the best actions it takes";
  const std::string steps = given.family ? ", one for each step" : "";
  switch (given.plan) {
    case Given::Plan::optimal:
      return "a deterministic policy that takes a best action in " + given.model + " at every state" +
             (given.family ? " and step, reached or not" : ", reached or not") + any;
    case Given::Plan::argmax:
      return "a deterministic policy" + steps + " with the best return in " + given.model +
             ": best wherever it goes from the start, anything elsewhere";
    case Given::Plan::greedy:
      return "a deterministic policy" + steps + " that is greedy for " + to_plain(given.objective) +
             (given.objective->sort.from.size() == 1 ? " in " + given.model : "") + any;
    case Given::Plan::argmin:
      return "an element of " + given.from[0] + " at which " + to_plain(given.objective) + " is least" +
             (given.lowest ? ", the first such" : ", any such");
    case Given::Plan::none:
      break;
  }
  return "";
}

/// "pi_h", "pi_{E,h}".
std::string name_in_words(const Given& given) {
  const std::size_t script = given.name.find('_');
  if (!given.family) return given.name;
  if (script == std::string::npos) return given.name + "_h";
  return given.name.substr(0, script) + "_{" + given.name.substr(script + 1) + ",h}";
}

std::string given_in_words(const Lemma& lemma, const Given& given) {
  const std::string name = name_in_words(given);
  if (given.plan != Given::Plan::none) return name + ": " + plan_in_words(given);
  const std::string steps = given.family ? ", one for each step 1.." + lemma.horizon : "";
  switch (given.kind) {
    case Given::Kind::number:
      return name + ": a number in " + range_in_words(given.range);
    case Given::Kind::integer:
      return name + ": an integer in " + range_in_words(given.range);
    case Given::Kind::element:
      return name + ": an element of " + given.from[0];
    case Given::Kind::map:
      return name + ": a map from " + product_of(given.from) + (lemma.is_onto(given) ? " onto " : " to ") +
             given.to[0];
    case Given::Kind::function:
      return name + ": " + product_of(given.from) + " -> " + range_in_words(given.range) + steps;
    case Given::Kind::rows: {
      if (given.from.empty())
        return name + ": a distribution over " + product_of(given.to) +
               (given.positive ? ", positive everywhere" : "") + steps;
      if (given.deterministic)
        return name + ": a deterministic policy, " + product_of(given.from) + " -> " + product_of(given.to) +
               steps;
      return name + ": " + product_of(given.from) + " -> distributions over " + product_of(given.to) +
             (given.positive ? ", positive everywhere" : "") + steps;
    }
  }
  return "";
}

std::string model_in_words(const Lemma& lemma, const ModelTuple& tuple) {
  std::string text = tuple.name + ": an MDP with states " + tuple.states + ", actions " + tuple.actions +
                     ", rewards " + tuple.reward + ", kernel " + tuple.kernel;
  if (tuple.has_horizon())
    text += ", horizon " + tuple.horizon + " (steps 1.." + tuple.horizon + ", values 0 at " + tuple.horizon +
            "+1)";
  if (tuple.has_discount()) text += ", discount " + tuple.discount;
  if (tuple.is_average()) text += ", judged by the average reward of a step for ever";
  if (tuple.is_total()) text += ", judged by the total reward until nothing is earned any more";
  if (!tuple.initial.empty()) text += ", start " + tuple.initial;
  if (!tuple.has_values()) text += "; it has no values";
  std::string shared;
  for (const ModelTuple& other : lemma.models) {
    if (&other == &tuple) break;
    std::string same;
    const auto add = [&](const std::string& a, const std::string& b) {
      if (!a.empty() && a == b) same += (same.empty() ? "" : ", ") + a;
    };
    add(tuple.reward, other.reward);
    add(tuple.kernel, other.kernel);
    add(tuple.initial, other.initial);
    if (!same.empty()) shared += "; shares " + same + " with " + other.name;
  }
  return text + shared;
}

/// What a round fits, what it makes of unseen pairs, and which of several best actions it takes.
std::string rules_in_words(const LearningLoop& loop) {
  const std::string last = loop.policy + "_{t-1}";
  std::string data = "the data of " + to_plain(loop.start) + ", ..., " + last;
  switch (loop.fit) {
    case FitRule::latest:
      data = "the data of " + last + " alone";
      break;
    case FitRule::aggregate:
      break;
    case FitRule::hybrid:
      data += " and of the expert " + to_plain(loop.expert);
      break;
    case FitRule::expert:
      data = "the data of the expert " + to_plain(loop.expert) + " alone";
      break;
    case FitRule::hybrid_latest:
      data = "the data of " + last + " and of the expert " + to_plain(loop.expert);
      break;
  }
  std::string fill;
  if (loop.hopes)
    fill = "to paradise with probability " + to_plain(loop.hopes) + ", else to the abyss";
  else if (loop.fill == FillRule::keep)
    fill = "where the last model has them, " + to_plain(loop.start_kernel) + " in the first round";
  else if (loop.fill == FillRule::start)
    fill = "where " + to_plain(loop.start_kernel) + " has them";
  else if (loop.fill == FillRule::figure)
    fill = "to paradise from states in the data, else to the abyss";
  else
    fill = loop.fill == FillRule::optimistic ? "to paradise" : "to the abyss";
  std::string ties;
  if (loop.ranks)
    ties = "the one of the highest " + to_plain(loop.ranks) + ", the lowest among equals";
  else if (loop.ties == TieBreak::stay)
    ties = "the last policy's where it is among them, else the lowest";
  else if (loop.ties == TieBreak::lowest || loop.ties == TieBreak::highest)
    ties = loop.ties == TieBreak::lowest ? "the lowest" : "the highest";
  else
    ties = std::string("what earns ") + (loop.ties == TieBreak::for_learner ? "most" : "least") + " in " +
           loop.world;
  return data + "; pairs without data" + (loop.known ? ", unless " + to_plain(loop.known) + " is 1," : "") +
         " lead " + fill + "; of several best actions it takes " + ties;
}

std::string loop_in_words(const LearningLoop& loop) {
  const std::string model = loop.model.empty() ? "a model" : loop.model + "_t";
  const std::string first = loop.policy + "_0", start = to_plain(loop.start);
  return loop.policy + "_t" + (loop.model.empty() ? "" : ", " + model) + ": round t >= 1 fits " + model +
         " of " + loop.world + " to the exact transitions of all pairs in " + rules_in_words(loop) + "; " +
         loop.policy + "_t is optimal in " + (loop.model.empty() ? "it" : model) +
         " at every state and step" + (first == start ? "" : "; " + first + " is " + start) +
         "; data of a policy are the pairs that it visits before the last step; paradise pays the highest "
         "reward for ever, the abyss the lowest";
}

std::string definition_head(const Definition& definition) {
  std::string text = definition.name + (definition.step.empty() ? "" : "_" + definition.step);
  std::string list;
  for (const Definition::Parameter& parameter : definition.parameters)
    if (parameter.name.find('#') == std::string::npos) list += (list.empty() ? "" : ",") + parameter.name;
  if (definition.is_rows()) {
    std::string outcomes;
    for (const Definition::Parameter& outcome : definition.outcomes)
      outcomes += (outcomes.empty() ? "" : ",") + outcome.name;
    return text + "(" + outcomes + (list.empty() ? "" : "|" + list) + ")";
  }
  return list.empty() ? text : text + "(" + list + ")";
}

/// A definition's body, in which names that its arguments bring along ("k#1") are written as where they come
/// from.
Tree readable(const Definition& definition, const Tree& body) {
  std::map<std::string, std::string> names;
  for (const Definition::Parameter& parameter : definition.parameters)
    if (const std::size_t mark = parameter.name.find('#'); mark != std::string::npos)
      names[parameter.name] = parameter.name.substr(0, mark);
  return names.empty() ? body : renamed(body, names);
}

bool mentions_policies(const Tree& tree) {
  for (const Binding& binding : tree->bindings)
    if (binding.over == Binding::Over::policies) return true;
  bool any = false;
  for_each_part(*tree, [&](const Tree& part) { any = any || mentions_policies(part); });
  return any;
}

}  // namespace

std::vector<std::string> drawn_ranges(const Lemma& lemma) {
  const DrawnSizes sizes = drawn_sizes(lemma);
  std::vector<std::string> list;
  for (const SetName& set : lemma.sets) {
    const std::uint32_t most = set.actions                           ? sizes.actions
                               : set.states || !set.image_of.empty() ? sizes.states
                                                                     : sizes.others;
    list.push_back("|" + set.name + "| is drawn from 1.." + std::to_string(most) +
                   (set.image_of.empty() ? "" : ", at most |" + set.image_of + "|"));
  }
  return list;
}

Explanation explain(const Lemma& lemma) {
  Explanation result;
  result.id = lemma.id;
  for (const ModelTuple& tuple : lemma.models) result.givens.push_back(model_in_words(lemma, tuple));
  for (const Given& given : lemma.givens) result.givens.push_back(given_in_words(lemma, given));
  for (const LearningLoop& loop : lemma.loops) result.givens.push_back(loop_in_words(loop));
  std::set<std::string> seen;
  for (const Definition& definition : lemma.definitions) {
    for (const auto& [at, base] : definition.bases) {
      std::string head = definition_head(definition);
      head.replace(definition.name.size(), definition.step.size() + 1, "_" + std::to_string(at));
      result.definitions.push_back(head + " = " + to_plain(readable(definition, base)));
    }
    const std::string line =
        definition_head(definition) + " = " + to_plain(readable(definition, definition.body));
    if (seen.insert(line).second) result.definitions.push_back(line);
  }
  for (const Lemma::Statement& assume : lemma.assumes) result.assumes.push_back(to_plain(assume.tree));
  for (const Lemma::Statement& condition : lemma.witness) result.witness.push_back(to_plain(condition.tree));
  for (const Comparison& step : lemma.steps())
    result.steps.push_back(to_plain(step) + (step.reason.empty() ? "" : "   by " + step.reason));
  for (const Lemma::Statement& claim : lemma.claims) {
    result.plain += (result.plain.empty() ? "" : "\n") + to_plain(claim.tree);
    result.latex += (result.latex.empty() ? "" : "\n") + to_latex(claim.tree);
  }
  for (const Given& given : lemma.givens) {
    if (!given.is_component || given.range.said) continue;
    if (given.kind == Given::Kind::integer)
      result.defaults.push_back(given.name + " is drawn from 1..8, and may be any horizon in a certificate");
    if (given.kind == Given::Kind::number) result.defaults.push_back(given.name + " lies in [0, 1)");
    if (given.kind == Given::Kind::function)
      result.defaults.push_back("the rewards " + given.name + " may be any rationals: no range is given");
  }
  for (const std::string& range : drawn_ranges(lemma)) result.defaults.push_back(range);
  bool policies = false;
  for (const Lemma::Statement& claim : lemma.claims) policies = policies || mentions_policies(claim.tree);
  if (policies)
    result.defaults.push_back("a maximum over policies is over the deterministic ones" +
                              std::string(lemma.horizon.empty() ? "" : ", each step its own action"));
  result.writes = lemma.texts.writes;
  result.words =
      lemma.id + (lemma.texts.source.empty() ? "" : " (" + lemma.texts.source + ")") + ": for all ";
  std::string names;
  for (const ModelTuple& tuple : lemma.models) names += (names.empty() ? "" : ", ") + tuple.name;
  for (const Given& given : lemma.givens)
    if (!given.is_component) names += (names.empty() ? "" : ", ") + given.name;
  result.words += names + (lemma.assumes.empty() ? "" : " with the assumptions") + ": " +
                  (lemma.claims.empty() ? "nothing is claimed (a setting)" : result.plain);
  return result;
}

namespace {

/// "pi_h: S -> ..." as a symbol and its words.
DefinedSymbol split(const std::string& line, const std::string& latex) {
  const std::size_t colon = line.find(": ");
  return {latex, line.substr(0, colon), line.substr(colon + 2)};
}

/// \pi_h, \pi_{E,h}.
std::string given_as_latex(const Given& given) {
  std::string latex = name_as_latex(given.name);
  if (!given.family) return latex;
  if (latex.back() != '}' || latex.find("_{") == std::string::npos) return latex + "_h";
  return latex.substr(0, latex.size() - 1) + ",h}";
}

std::string parameters_as_latex(const Definition& definition) {
  std::string list, outcomes;
  for (const Definition::Parameter& parameter : definition.parameters)
    if (parameter.name.find('#') == std::string::npos)
      list += (list.empty() ? "" : ",") + name_as_latex(parameter.name);
  for (const Definition::Parameter& outcome : definition.outcomes)
    outcomes += (outcomes.empty() ? "" : ",") + name_as_latex(outcome.name);
  if (!definition.is_rows()) return list.empty() ? "" : "(" + list + ")";
  return "(" + outcomes + (list.empty() ? "" : " \\mid " + list) + ")";
}

}  // namespace

std::vector<DefinedSymbol> defined_symbols(const Lemma& lemma) {
  std::vector<DefinedSymbol> symbols;
  for (const ModelTuple& tuple : lemma.models)
    symbols.push_back(split(model_in_words(lemma, tuple), name_as_latex(tuple.name)));
  for (const Given& given : lemma.givens)
    symbols.push_back(split(given_in_words(lemma, given), given_as_latex(given)));
  for (const LearningLoop& loop : lemma.loops) {
    const std::string model = loop.model.empty() ? "" : ", {" + name_as_latex(loop.model) + "}_t";
    symbols.push_back(split(loop_in_words(loop), "{" + name_as_latex(loop.policy) + "}_t" + model));
  }
  std::set<std::string> seen;
  for (const Definition& definition : lemma.definitions) {
    const std::string name = name_as_latex(definition.name), parameters = parameters_as_latex(definition);
    const auto add = [&](const std::string& step, const std::string& plain_head, const Tree& as_read) {
      const Tree body = readable(definition, as_read);
      const std::string plain = plain_head + " = " + to_plain(body);
      if (!seen.insert(plain).second) return;
      const std::string head = step.empty() ? name : "{" + name + "}_{" + step + "}";
      symbols.push_back({head + parameters + " = " + to_latex(body), plain, ""});
    };
    const std::string plain_head = definition_head(definition);
    for (const auto& [at, base] : definition.bases) {
      std::string head = plain_head;
      head.replace(definition.name.size(), definition.step.size() + 1, "_" + std::to_string(at));
      add(std::to_string(at), head, base);
    }
    add(definition.step, plain_head, definition.body);
  }
  return symbols;
}

std::string explanation_as_text(const Explanation& explanation) {
  std::string text = explanation.id + "\n";
  const auto list = [&](const char* head, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    text += std::string("  ") + head + "\n";
    for (const std::string& line : lines) text += "    " + line + "\n";
  };
  const auto lines_of = [](const std::string& joined) {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    while (begin < joined.size()) {
      const std::size_t end = std::min(joined.find('\n', begin), joined.size());
      lines.push_back(joined.substr(begin, end - begin));
      begin = end + 1;
    }
    return lines;
  };
  list("notation, rewritten before it is read", explanation.writes);
  list("given", explanation.givens);
  list("where", explanation.definitions);
  list("assume", explanation.assumes);
  list("claim", lines_of(explanation.plain));
  list("in LaTeX", lines_of(explanation.latex));
  list("proof", explanation.steps);
  list("instances that are shown", explanation.witness);
  list("not said, and supplied", explanation.defaults);
  return text;
}

}  // namespace lemmacheck
