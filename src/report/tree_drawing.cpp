#include "report/tree_drawing.hpp"

#include <fmt/format.h>

#include "report/instance_graph.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

constexpr std::size_t most_nodes = 200;

/// A node of the world's unfolded tree.
struct Node {
  State state;
  Step step = 1;
  std::size_t parent = 0;
  Action action;  ///< that led here from the parent
  bool leaf = false;
};

std::uint32_t only_next(const FiniteMdp& world, State s, Action a) {
  const auto next = world.kernel(1).row_columns(world.row(s, a));
  if (next.size() != 1)
    throw InvalidInput("the model cannot be drawn as a tree: its transitions are not deterministic");
  return next[0];
}

bool actions_matter(const FiniteMdp& world, State s) {
  for (const Action a : world.actions())
    if (only_next(world, s, a) != s.value || world.rewards()(s, a) != world.rewards()(s, Action{0}))
      return true;
  return false;
}

std::vector<Node> unfolded(const LearningProblem& problem) {
  const FiniteMdp& world = problem.world;
  if (world.initial().entries() != 1)
    throw InvalidInput("the model cannot be drawn as a tree: it has more than one initial state");
  std::vector<Node> nodes = {{State{world.initial().column(0)}, 1, 0, Action{0}, false}};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node node = nodes[i];
    nodes[i].leaf = node.step == problem.horizon || !actions_matter(world, node.state);
    if (nodes[i].leaf) continue;
    if (nodes.size() + world.action_count() > most_nodes)
      throw InvalidInput("the model cannot be drawn as a tree: it has more than " +
                         std::to_string(most_nodes) + " nodes");
    for (const Action a : world.actions())
      nodes.push_back({State{only_next(world, node.state, a)}, node.step + 1, i, a, false});
  }
  return nodes;
}

/// The moves from the root to a node.
std::vector<Action> way_to(const std::vector<Node>& nodes, std::size_t i) {
  std::vector<Action> way;
  for (; i != 0; i = nodes[i].parent) way.insert(way.begin(), nodes[i].action);
  return way;
}

class Drawing {
 public:
  explicit Drawing(const LearningProblem& problem) : problem_(problem), nodes_(unfolded(problem)) {}

  struct Marks {
    const MarkovPolicy* solid = nullptr;   ///< its way is drawn bold in `colour`
    const MarkovPolicy* dashed = nullptr;  ///< its way is drawn dashed
    const char* colour = "";
    const std::vector<bool>* seen = nullptr;  ///< colours the leaves
  };

  std::string tree(const std::string& title, std::size_t number, const FiniteMdp& model, const Marks& marks) {
    const OptimalPlan best = optimal_plan(model, problem_.horizon);
    std::string out =
        fmt::format("  subgraph cluster_{} {{\n    label=\"{}\"; color=\"#dddddd\";\n", number, title);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      out += fmt::format("    n{}_{} [{}];\n", number, i,
                         nodes_[i].leaf ? leaf_style(i, model, best, marks) : inner_style(i));
      if (i == 0) continue;
      const std::size_t parent = nodes_[i].parent;
      out += fmt::format("    n{0}_{1} -> n{0}_{2} [label=\" {3}\"{4}];\n", number, parent, i,
                         action_name(nodes_[i].action), edge_style(i, marks));
    }
    return out + "  }\n";
  }

  TreeFrames skeleton() const {
    TreeFrames tree;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      tree.nodes.push_back({state_name(nodes_[i].state), nodes_[i].leaf});
      if (i > 0) tree.edges.push_back({nodes_[i].parent, i, action_name(nodes_[i].action)});
    }
    return tree;
  }

  TreeFrames::Frame frame(int round, const FiniteMdp& model, const Marks& marks) const {
    const OptimalPlan best = optimal_plan(model, problem_.horizon);
    TreeFrames::Frame frame{round, 0, {}, {}, {}, {}};
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const bool leaf = nodes_[i].leaf;
      frame.leaves.push_back(leaf ? short_number(promised(i, model, best)) : std::string());
      frame.seen.push_back(!leaf || marks.seen == nullptr ? -1 : is_seen(i, *marks.seen) ? 1 : 0);
      if (i == 0) continue;
      frame.collected.push_back(marks.solid != nullptr && goes_to(*marks.solid, i));
      frame.planned.push_back(marks.dashed != nullptr && goes_to(*marks.dashed, i));
    }
    return frame;
  }

 private:
  std::string state_name(State s) const {
    const auto& names = problem_.world.names.states;
    return s.value < names.size() && !names[s.value].empty() ? names[s.value] : std::to_string(s.value);
  }

  std::string inner_style(std::size_t i) const {
    return fmt::format("label=\"{}\", shape=circle", quoted(state_name(nodes_[i].state)));
  }

  std::string leaf_style(std::size_t i, const FiniteMdp& model, const OptimalPlan& best,
                         const Marks& marks) const {
    std::string style = fmt::format("label=\"{}\", shape=box", short_number(promised(i, model, best)));
    if (marks.seen == nullptr) return style;
    const bool green = is_seen(i, *marks.seen);
    return style + (green ? ", color=\"#1a7f37\", fontcolor=\"#1a7f37\""
                          : ", color=\"#cf222e\", fontcolor=\"#cf222e\"");
  }

  std::string edge_style(std::size_t i, const Marks& marks) const {
    std::string style;
    if (marks.solid != nullptr && goes_to(*marks.solid, i))
      style += fmt::format(", color=\"{}\", penwidth=3", marks.colour);
    if (marks.dashed != nullptr && goes_to(*marks.dashed, i)) style += ", style=dashed";
    return style;
  }

  /// The return that a model promises for the moves to a leaf and the best after them.
  Rational promised(std::size_t leaf, const FiniteMdp& model, const OptimalPlan& best) const {
    std::vector<Rational> where(model.state_count());
    where[nodes_[0].state.value] = 1;
    Rational sum;
    for (const Action a : way_to(nodes_, leaf)) {
      std::vector<Rational> next(model.state_count());
      for (const State s : model.states()) {
        if (where[s.value].sign() == 0) continue;
        sum += where[s.value] * model.rewards()(s, a);
        const StochasticMatrix& kernel = model.kernel(1);
        const std::size_t row = model.row(s, a);
        for (std::size_t e = kernel.row_begin(row); e != kernel.row_end(row); ++e)
          next[kernel.column(e)] += where[s.value] * kernel.probability(e);
      }
      where = std::move(next);
    }
    for (const State s : model.states())
      if (where[s.value].sign() != 0) sum += where[s.value] * best.values(nodes_[leaf].step, s);
    return sum;
  }

  /// Whether the data shows all moves to a node that were not known before, and at least one of them if there
  /// are any.
  bool is_seen(std::size_t i, const std::vector<bool>& seen) const {
    for (; i != 0; i = nodes_[i].parent) {
      const std::size_t row = problem_.world.row(nodes_[nodes_[i].parent].state, nodes_[i].action);
      if (!seen[row] && !problem_.known[row]) return false;
    }
    return true;
  }

  /// Whether a policy may come to a node.
  bool goes_to(const MarkovPolicy& policy, std::size_t i) const {
    for (; i != 0; i = nodes_[i].parent) {
      const Node& parent = nodes_[nodes_[i].parent];
      const std::size_t row = policy.row(parent.step, parent.state);
      if (policy.table().probability(row, nodes_[i].action.value).sign() == 0) return false;
    }
    return true;
  }

  std::string action_name(Action a) const {
    const auto& names = problem_.world.names.actions;
    return quoted(names.empty() ? std::to_string(a.value) : names[a.value]);
  }

  static std::string quoted(const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;  // no XML has a control character
    }
    return out;
  }

  const LearningProblem& problem_;
  std::vector<Node> nodes_;
};

}  // namespace

std::string trees_as_dot(const LearningProblem& problem, const Trace& trace, std::size_t rounds) {
  Drawing drawing(problem);
  std::string out =
      "digraph learning {\n"
      "  graph [fontname=\"sans-serif\", fontsize=13, ranksep=0.35, nodesep=0.2];\n"
      "  node [fontname=\"sans-serif\", fontsize=11, height=0.3, width=0.3, margin=0.05];\n"
      "  edge [fontname=\"sans-serif\", fontsize=10, arrowsize=0.6];\n";
  Drawing::Marks world;
  world.solid = problem.expert ? &*problem.expert : nullptr;
  world.colour = "#1a7f37";
  out += drawing.tree("the world", 0, problem.world, world);
  const MarkovPolicy* collector = &problem.start;
  for (const Round& round : trace.rounds) {
    if (static_cast<std::size_t>(round.number) > rounds) break;
    out += drawing.tree(
        fmt::format("round {}: the plan earns {}", round.number, short_number(*round.true_value)),
        static_cast<std::size_t>(round.number), round.model,
        {collector, &round.policy, "#cf222e", &round.seen});
    collector = &round.policy;
  }
  return out + "}\n";
}

TreeFrames tree_frames(const LearningProblem& problem, const Trace& trace, std::size_t rounds) {
  const Drawing drawing(problem);
  TreeFrames tree = drawing.skeleton();
  Drawing::Marks world;
  world.solid = problem.expert ? &*problem.expert : nullptr;
  tree.frames.push_back(drawing.frame(0, problem.world, world));
  const MarkovPolicy* collector = &problem.start;
  for (const Round& round : trace.rounds) {
    if (static_cast<std::size_t>(round.number) > rounds) break;
    tree.frames.push_back(
        drawing.frame(round.number, round.model, {collector, &round.policy, "", &round.seen}));
    tree.frames.back().earns = *round.true_value;
    collector = &round.policy;
  }
  InstanceGraph graph;
  for (const TreeFrames::Node& node : tree.nodes)
    graph.nodes.push_back({node.leaf ? "1/10" : node.label, ""});
  for (const TreeFrames::Edge& edge : tree.edges) {
    graph.edges.push_back({});
    graph.edges.back().from = edge.from;
    graph.edges.back().to = edge.to;
    graph.edges.back().labels.push_back({"", edge.action});
  }
  graph.downwards = true;
  lay_out({&graph});
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    tree.nodes[i].x = graph.nodes[i].x;
    tree.nodes[i].y = graph.nodes[i].y;
  }
  tree.width = graph.width;
  tree.height = graph.height;
  return tree;
}

}  // namespace lemmacheck
