/// An instance as graphs: states, actions where they matter, transitions with their probabilities in every
/// model. Laid out by Graphviz, drawn by whoever shows them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "claims/certificate.hpp"
#include "language/lemma.hpp"

namespace lemmacheck {

struct InstanceGraph {
  struct Node {
    std::string label;    ///< "0"; of an action "a 1"
    std::string note;     ///< below it: where the process starts, what the action pays
    bool action = false;  ///< else a state
    double x = 0, y = 0;  ///< centre, in points from the lower left; set by lay_out
  };
  /// One line beside an edge. `of` names the model that the number is of, where models differ; else it is
  /// empty.
  struct Label {
    std::string of, text;
  };
  struct Edge {
    std::size_t from = 0, to = 0;
    std::vector<Label> labels;
    bool differs = false;        ///< the models do not agree on it
    std::vector<double> spline;  ///< x, y of the control points of a B-spline, 1 + 3 k of them
    double x = 0, y = 0;         ///< where the labels stand
  };
  std::string title;                ///< "T against T'"
  std::vector<std::string> models;  ///< in the order in which they are told apart
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  bool downwards = false;        ///< else from left to right
  double width = 0, height = 0;  ///< in points; 0 before it is laid out
};

/// The graphs of a certificate's instance, one for each set of states that kernels go over; none where there
/// are too many states or actions for a drawing, or no kernel.
/// @param lemma  of a certificate of a text; else nullptr.
std::vector<InstanceGraph> instance_graphs(const Certificate& certificate, const Lemma* lemma);

/// In Graphviz's language. @param caption  a line below it, or empty.
std::string as_dot(const InstanceGraph& graph, const std::string& caption = {});

/// Fills in coordinates, with one run of Graphviz's dot. @throws InvalidInput where it cannot be run.
void lay_out(const std::vector<InstanceGraph*>& graphs);

nlohmann::json graph_to_json(const InstanceGraph& graph);

}  // namespace lemmacheck
