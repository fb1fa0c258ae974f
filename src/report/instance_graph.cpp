#include "report/instance_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "report/dot.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint32_t most_states = 8;
constexpr std::size_t most_pairs = 20, most_unrolled = 16;

/// What is drawn, whatever kind of instance it comes from. Steps count from 0.
struct Scene {
  using Chance = std::function<Rational(std::size_t step, std::uint32_t s, std::uint32_t a, std::uint32_t t)>;
  struct Kernel {
    std::string name;
    Chance chance;
  };
  std::uint32_t states = 0, actions = 1;
  std::size_t steps = 1;  ///< 1: the same at every step
  std::vector<Kernel> kernels;
  struct Reward {
    std::string name;
    std::function<Rational(std::uint32_t s, std::uint32_t a)> value;
  };
  std::vector<Reward> rewards;
  struct Choice {
    std::string name;
    std::function<Rational(std::uint32_t s, std::uint32_t a)> chance;
  };
  std::vector<Choice> policies;
  std::vector<Choice> starts;  ///< chance(s, 0)

  bool fits() const {
    const std::size_t pairs = std::size_t{states} * actions;
    return !kernels.empty() && states <= most_states && pairs <= most_pairs &&
           (steps == 1 || states * (steps + 1) <= most_unrolled);
  }
};

class Builder {
 public:
  explicit Builder(const Scene& scene) : scene_(scene) {
    for (const Scene::Kernel& kernel : scene.kernels) {
      graph_.models.push_back(kernel.name);
      graph_.title += (graph_.title.empty() ? "" : " against ") + kernel.name;
    }
  }

  InstanceGraph run() {
    const std::size_t layers = scene_.steps == 1 ? 1 : scene_.steps + 1;
    for (std::size_t layer = 0; layer < layers; ++layer)
      for (std::uint32_t s = 0; s < scene_.states; ++s) add_state(layer, s);
    for (std::size_t step = 0; step < scene_.steps; ++step)
      for (std::uint32_t s = 0; s < scene_.states; ++s)
        for (std::uint32_t a = 0; a < scene_.actions; ++a) add_pair(step, s, a);
    for (auto& [ends, edge] : edges_) graph_.edges.push_back(std::move(edge));
    return std::move(graph_);
  }

 private:
  std::size_t state_node(std::size_t layer, std::uint32_t s) const { return layer * scene_.states + s; }
  std::size_t next_layer(std::size_t step) const { return scene_.steps == 1 ? 0 : step + 1; }

  void add_state(std::size_t layer, std::uint32_t s) {
    InstanceGraph::Node node;
    node.label = std::to_string(s);
    const auto note = [&](const std::string& words) { node.note += (node.note.empty() ? "" : ", ") + words; };
    if (scene_.steps > 1 && s == 0) note(fmt::format("h = {}", layer + 1));
    if (layer == 0)
      for (const Scene::Choice& start : scene_.starts)
        if (const Rational chance = start.chance(s, 0); chance.sign() != 0)
          note(start.name + " " + short_number(chance));
    if (scene_.actions == 1 && !is_last(layer))
      for (const std::string& words : rewards_of(s, 0)) note(words);
    graph_.nodes.push_back(std::move(node));
  }

  /// Only the last of unrolled layers has no moves.
  bool is_last(std::size_t layer) const { return scene_.steps > 1 && layer == scene_.steps; }

  std::vector<std::string> rewards_of(std::uint32_t s, std::uint32_t a) const {
    std::vector<std::string> list;
    for (const Scene::Reward& reward : scene_.rewards)
      if (const Rational value = reward.value(s, a); value.sign() != 0 || scene_.rewards.size() > 1)
        list.push_back(reward.name + " " + short_number(value));
    return list;
  }

  std::string choice_words(std::uint32_t s, std::uint32_t a) const {
    std::string words = fmt::format("a {}", a);
    for (const Scene::Choice& policy : scene_.policies)
      if (const Rational chance = policy.chance(s, a); chance.sign() != 0)
        words += ", " + policy.name + (chance == Rational(1) ? "" : " " + short_number(chance));
    for (const std::string& reward : rewards_of(s, a)) words += ", " + reward;
    return words;
  }

  void add_pair(std::size_t step, std::uint32_t s, std::uint32_t a) {
    const std::size_t from = state_node(step, s);
    if (scene_.actions == 1) return add_moves(step, s, a, from);
    if (const auto target = only_target(step, s, a))
      return edge(from, state_node(next_layer(step), *target)).labels.push_back({"", choice_words(s, a)});
    const std::size_t node = graph_.nodes.size();
    graph_.nodes.push_back({fmt::format("a {}", a), "", true});
    edge(from, node).labels.push_back({"", choice_words(s, a)});
    add_moves(step, s, a, node);
  }

  /// The state where all models surely go.
  std::optional<std::uint32_t> only_target(std::size_t step, std::uint32_t s, std::uint32_t a) const {
    for (std::uint32_t t = 0; t < scene_.states; ++t)
      if (std::all_of(scene_.kernels.begin(), scene_.kernels.end(), [&](const Scene::Kernel& kernel) {
            return kernel.chance(step, s, a, t) == Rational(1);
          }))
        return t;
    return std::nullopt;
  }

  void add_moves(std::size_t step, std::uint32_t s, std::uint32_t a, std::size_t from) {
    for (std::uint32_t t = 0; t < scene_.states; ++t) {
      std::vector<Rational> chances;
      for (const Scene::Kernel& kernel : scene_.kernels) chances.push_back(kernel.chance(step, s, a, t));
      const auto is_none = [](const Rational& chance) { return chance.sign() == 0; };
      if (std::all_of(chances.begin(), chances.end(), is_none)) continue;
      InstanceGraph::Edge& move = edge(from, state_node(next_layer(step), t));
      const bool same = std::all_of(chances.begin(), chances.end(),
                                    [&](const Rational& chance) { return chance == chances.front(); });
      if (same) {
        move.labels.push_back({"", short_number(chances.front())});
        continue;
      }
      move.differs = true;
      for (std::size_t k = 0; k < chances.size(); ++k)
        move.labels.push_back({scene_.kernels[k].name, short_number(chances[k])});
    }
  }

  /// One edge for each pair of nodes, with the labels of all that goes along it.
  InstanceGraph::Edge& edge(std::size_t from, std::size_t to) {
    InstanceGraph::Edge& found = edges_[{from, to}];
    found.from = from;
    found.to = to;
    return found;
  }

  const Scene& scene_;
  InstanceGraph graph_;
  std::map<std::pair<std::size_t, std::size_t>, InstanceGraph::Edge> edges_;
};

bool is_reward(const Lemma* lemma, const std::string& name) {
  return lemma != nullptr && std::any_of(lemma->models.begin(), lemma->models.end(),
                                         [&](const ModelTuple& model) { return model.reward == name; });
}

/// The scene of one kernel's sets, with all kernels, rewards, policies and starts over them.
Scene scene_of(const Assignment& assignment, const Lemma* lemma, const PartShape& kernel) {
  const Signature& signature = *assignment.signature;
  Scene scene;
  scene.states = assignment.sizes[kernel.to[0]];
  const bool acts = kernel.from.size() == 2;
  scene.actions = acts ? assignment.sizes[kernel.from[1]] : 1;
  scene.steps = kernel.family ? std::max<std::size_t>(assignment.steps(), 2) - 1 : 1;
  const std::uint32_t states = scene.states, actions = scene.actions;
  for (std::size_t i = 0; i < signature.parts.size(); ++i) {
    const PartShape& shape = signature.parts[i];
    const bool rows = shape.kind == PartShape::Kind::rows;
    if (rows && shape.from == kernel.from && shape.to == kernel.to && shape.family == kernel.family) {
      const StochasticMatrix* matrix = &assignment.rows(i);
      scene.kernels.push_back(
          {shape.name, [=](std::size_t step, std::uint32_t s, std::uint32_t a, std::uint32_t t) {
             return matrix->probability((step * states + s) * actions + a, t);
           }});
    }
    if (rows && shape.from.empty() && shape.to == kernel.to && !shape.family) {
      const StochasticMatrix* matrix = &assignment.rows(i);
      scene.starts.push_back(
          {shape.name, [=](std::uint32_t s, std::uint32_t) { return matrix->probability(0, s); }});
    }
    if (!acts) continue;
    if (rows && shape.from == kernel.to && shape.to.size() == 1 && shape.to[0] == kernel.from[1] &&
        !shape.family) {
      const StochasticMatrix* matrix = &assignment.rows(i);
      scene.policies.push_back(
          {shape.name, [=](std::uint32_t s, std::uint32_t a) { return matrix->probability(s, a); }});
    }
    if (shape.kind == PartShape::Kind::function && shape.from == kernel.from && !shape.family &&
        is_reward(lemma, shape.name)) {
      const RewardTable* table = &assignment.table(i);
      scene.rewards.push_back(
          {shape.name, [=](std::uint32_t s, std::uint32_t a) { return (*table)(State{s}, Action{a}); }});
    }
  }
  return scene;
}

bool is_kernel(const PartShape& shape) {
  return shape.kind == PartShape::Kind::rows && shape.to.size() == 1 && !shape.from.empty() &&
         shape.from.size() <= 2 && shape.from[0] == shape.to[0];
}

std::vector<Scene> scenes_of(const Assignment& assignment, const Lemma* lemma) {
  std::vector<Scene> scenes;
  std::vector<const PartShape*> done;
  for (const PartShape& shape : assignment.signature->parts) {
    if (!is_kernel(shape)) continue;
    const bool again = std::any_of(done.begin(), done.end(), [&](const PartShape* other) {
      return other->from == shape.from && other->to == shape.to && other->family == shape.family;
    });
    if (again) continue;
    done.push_back(&shape);
    scenes.push_back(scene_of(assignment, lemma, shape));
  }
  return scenes;
}

/// The scene of M, M' and the models to choose from.
std::vector<Scene> scenes_of(const Instance& instance) {
  if (!instance.model) return {};
  Scene scene;
  const FiniteMdp& model = *instance.model;
  scene.states = model.state_count();
  scene.actions = model.action_count();
  bool varying = model.time_varying();
  const auto add = [&](const std::string& name, const FiniteMdp& each) {
    varying = varying || each.time_varying();
    scene.kernels.push_back(
        {name, [&each](std::size_t step, std::uint32_t s, std::uint32_t a, std::uint32_t t) {
           return each.kernel(static_cast<Step>(step) + 1).probability(each.row(State{s}, Action{a}), t);
         }});
  };
  add("T", model);
  if (instance.perturbed) add(instance.known.empty() ? "T'" : "T_0", *instance.perturbed);
  for (std::size_t m = 0; m < instance.model_class.size(); ++m)
    add(fmt::format("T_{}", m + 1), instance.model_class[m]);
  if (varying) scene.steps = static_cast<std::size_t>(std::max(instance.horizon, 2)) - 1;
  scene.rewards.push_back(
      {"r", [&model](std::uint32_t s, std::uint32_t a) { return model.rewards()(State{s}, Action{a}); }});
  if (instance.perturbed && !(instance.perturbed->rewards() == model.rewards()))
    scene.rewards.push_back({"r'", [&other = *instance.perturbed](std::uint32_t s, std::uint32_t a) {
                               return other.rewards()(State{s}, Action{a});
                             }});
  scene.starts.push_back(
      {"rho", [&model](std::uint32_t s, std::uint32_t) { return model.initial().probability(0, s); }});
  const auto choose = [&](const std::string& name, const std::optional<MarkovPolicy>& policy) {
    if (policy && policy->stationary())
      scene.policies.push_back({name, [&policy = *policy](std::uint32_t s, std::uint32_t a) {
                                  return policy.table().probability(policy.row(1, State{s}), a);
                                }});
  };
  choose(instance.known.empty() ? "pi" : "pi_0", instance.policy);
  choose(instance.known.empty() ? "pi'" : "pi_E", instance.other_policy);
  return {std::move(scene)};
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "\"";
}

std::string label_words(const InstanceGraph::Label& label) {
  return label.of.empty() ? label.text : label.of + " " + label.text;
}

/// The lines as dot breaks them.
std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    const std::string one = quoted(line);
    out += (out.empty() ? "" : "\\n") + one.substr(1, one.size() - 2);
  }
  return "\"" + out + "\"";
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

constexpr double points_per_inch = 72;
double points(const std::string& inches) {
  return std::stod(inches) * points_per_inch;
}

/// Reads one graph of dot's format "plain" up to its line "stop".
void read_plain(std::istream& plain, InstanceGraph& graph) {
  std::map<std::pair<std::size_t, std::size_t>, InstanceGraph::Edge*> edges;
  for (InstanceGraph::Edge& edge : graph.edges) edges[{edge.from, edge.to}] = &edge;
  const auto number = [](const std::string& name) {
    return static_cast<std::size_t>(std::stoul(name.substr(1)));
  };
  for (std::string line; std::getline(plain, line) && line != "stop";) {
    const std::vector<std::string> words = words_of(line);
    if (words.at(0) == "graph") {
      graph.width = points(words.at(2));
      graph.height = points(words.at(3));
    } else if (words[0] == "node") {
      InstanceGraph::Node& node = graph.nodes.at(number(words.at(1)));
      node.x = points(words.at(2));
      node.y = points(words.at(3));
    } else if (words[0] == "edge") {
      InstanceGraph::Edge& edge = *edges.at({number(words.at(1)), number(words.at(2))});
      const std::size_t count = std::stoul(words.at(3));
      for (std::size_t i = 0; i < 2 * count; ++i) edge.spline.push_back(points(words.at(4 + i)));
      // label x y style colour
      edge.x = points(words.at(words.size() - 4));
      edge.y = points(words.at(words.size() - 3));
    }
  }
}

}  // namespace

std::vector<InstanceGraph> instance_graphs(const Certificate& certificate, const Lemma* lemma) {
  const Instance& instance = certificate.instance;
  std::vector<InstanceGraph> graphs;
  for (const Scene& scene :
       instance.assignment ? scenes_of(*instance.assignment, lemma) : scenes_of(instance))
    if (scene.fits()) graphs.push_back(Builder(scene).run());
  return graphs;
}

std::string as_dot(const InstanceGraph& graph, const std::string& caption) {
  std::string dot =
      std::string("digraph instance {\n  rankdir=") + (graph.downwards ? "TB" : "LR") +
      "; nodesep=0.35; ranksep=0.45;\n"
      "  node [fontname=\"sans-serif\", fontsize=12];\n  edge [fontname=\"sans-serif\", fontsize=12, "
      "arrowsize=0.7];\n";
  if (!caption.empty()) dot += "  fontname=\"sans-serif\"; label=" + joined({caption}) + ";\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const InstanceGraph::Node& node = graph.nodes[i];
    if (node.action) {
      dot += fmt::format("  n{} [shape=point, width=0.1, height=0.1, label=\"\"];\n", i);
      continue;
    }
    std::vector<std::string> lines = {node.label};
    if (!node.note.empty()) lines.push_back(node.note);
    dot += fmt::format("  n{} [shape={}, margin=0.04, label={}];\n", i,
                       node.note.empty() ? "circle, fixedsize=true, width=0.45" : "ellipse", joined(lines));
  }
  for (const InstanceGraph::Edge& edge : graph.edges) {
    std::vector<std::string> lines;
    for (const InstanceGraph::Label& label : edge.labels) lines.push_back(label_words(label));
    dot += fmt::format("  n{} -> n{} [label={}{}];\n", edge.from, edge.to, joined(lines),
                       edge.differs ? ", color=\"#b45309\", fontcolor=\"#b45309\", penwidth=1.6" : "");
  }
  return dot + "}\n";
}

void lay_out(const std::vector<InstanceGraph*>& graphs) {
  if (graphs.empty()) return;
  std::string dot;
  for (const InstanceGraph* graph : graphs) dot += as_dot(*graph);
  std::istringstream plain(run_dot(dot, "plain"));
  for (InstanceGraph* graph : graphs) read_plain(plain, *graph);
}

nlohmann::json graph_to_json(const InstanceGraph& graph) {
  using nlohmann::json;
  const auto whole = [](double value) { return static_cast<int>(std::lround(value)); };
  json out = {{"title", graph.title},          {"models", graph.models}, {"width", whole(graph.width)},
              {"height", whole(graph.height)}, {"nodes", json::array()}, {"edges", json::array()}};
  for (const InstanceGraph::Node& node : graph.nodes)
    out["nodes"].push_back({{"label", node.label},
                            {"note", node.note},
                            {"kind", node.action ? "action" : "state"},
                            {"x", whole(node.x)},
                            {"y", whole(node.y)}});
  for (const InstanceGraph::Edge& edge : graph.edges) {
    json labels = json::array(), path = json::array();
    for (const InstanceGraph::Label& label : edge.labels)
      labels.push_back({{"of", label.of}, {"text", label.text}});
    for (const double value : edge.spline) path.push_back(whole(value));
    out["edges"].push_back({{"from", edge.from},
                            {"to", edge.to},
                            {"labels", std::move(labels)},
                            {"differs", edge.differs},
                            {"path", std::move(path)},
                            {"x", whole(edge.x)},
                            {"y", whole(edge.y)}});
  }
  return out;
}

}  // namespace lemmacheck
