#include "report/pair_drawing.hpp"

#include <fmt/format.h>

#include "report/results.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint32_t most_states = 12;

/// "a0, r 1: " where there are several actions, the reward beside it.
std::string choice_label(const FiniteMdp& model, State s, Action a) {
  const std::string reward = "r " + short_number(model.rewards()(s, a));
  return model.action_count() == 1 ? reward : fmt::format("a{}, {}", a.value, reward);
}

std::string edge(const FiniteMdp& model, const FiniteMdp* perturbed, State s, Action a, State t) {
  const Rational p = model.kernel(1).probability(model.row(s, a), t.value);
  const Rational q =
      perturbed == nullptr ? p : perturbed->kernel(1).probability(perturbed->row(s, a), t.value);
  if (p.sign() == 0 && q.sign() == 0) return {};
  const bool differs = p != q;
  const std::string chance = differs ? short_number(p) + " against " + short_number(q) : short_number(p);
  return fmt::format("  s{} -> s{} [label=\"{}: {}\"{}];\n", s.value, t.value, choice_label(model, s, a),
                     chance, differs ? ", color=\"#cf222e\", fontcolor=\"#cf222e\"" : "");
}

}  // namespace

std::string instance_as_dot(const Certificate& certificate) {
  const Instance& instance = certificate.instance;
  if (!instance.model) throw InvalidInput("the instance has no model to draw");
  const FiniteMdp& model = *instance.model;
  if (model.state_count() > most_states || model.time_varying())
    throw InvalidInput("the instance has more than " + std::to_string(most_states) +
                       " states or changes from step to step; it cannot be drawn");
  std::string dot = fmt::format(
      "digraph instance {{\n  rankdir=LR; fontname=\"sans-serif\";\n  node [shape=circle, "
      "fontname=\"sans-serif\"];\n"
      "  edge [fontname=\"sans-serif\", fontsize=11];\n"
      "  label=\"H = {}: left side {}, right side {}. Probabilities in M against M' where they differ.\";\n",
      instance.horizon, short_number(certificate.sides.lhs), short_number(certificate.sides.rhs));
  for (const State s : model.states()) {
    const Rational start = model.initial().probability(0, s.value);
    dot +=
        fmt::format("  s{} [label=\"{}\"{}];\n", s.value, s.value,
                    start.sign() == 0 ? "" : ", penwidth=2.5, xlabel=\"start " + short_number(start) + "\"");
  }
  const FiniteMdp* perturbed = instance.perturbed ? &*instance.perturbed : nullptr;
  for (const State s : model.states())
    for (const Action a : model.actions())
      for (const State t : model.states()) dot += edge(model, perturbed, s, a, t);
  return dot + "}\n";
}

}  // namespace lemmacheck
