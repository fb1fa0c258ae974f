/// The models of a learning loop as trees, in the manner of Figures 15.1 to 15.3.
#pragma once

#include <string>

#include "learning/trace.hpp"

namespace lemmacheck {

/// A drawing in Graphviz's DOT language: one tree for the world and one for each of the first rounds.
///
/// A tree unfolds the world's moves from its initial state, down to states in which no action matters any
/// more or to the last step. A leaf is labelled with the return of going there (and doing the best after): in
/// the world's tree the true one, in a round's tree what the model says. It is green if the round's data (or
/// prior knowledge) has all moves on the way, red if not. Red moves: the policy that collected the round's
/// data; dashed: the policy planned in the model; green, in the world's tree: the expert.
///
/// @throws InvalidInput unless the world is deterministic with one initial state and its tree has at most 200
/// nodes.
std::string trees_as_dot(const LearningProblem& problem, const Trace& trace, std::size_t rounds = 6);

/// The same as data: one tree, and what differs from round to round. Frame 0 is the world.
struct TreeFrames {
  struct Node {
    std::string label;  ///< of an inner node; a leaf's is in the frames
    bool leaf = false;
    double x = 0, y = 0;  ///< in points from the lower left; 0 where Graphviz is missing
  };
  struct Edge {
    std::size_t from, to;
    std::string action;
  };
  struct Frame {
    int round;                        ///< 0: the world
    Rational earns;                   ///< of a round: what its plan earns in the world
    std::vector<std::string> leaves;  ///< the label of each node; empty for inner ones
    std::vector<int> seen;            ///< of each node: 1 seen, 0 not, -1 for inner nodes and for the world
    std::vector<bool> collected, planned;  ///< of each edge: on the way of the data, of the plan; of the
                                           ///< world: the expert's way, and none
  };
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  std::vector<Frame> frames;
  double width = 0, height = 0;
};
TreeFrames tree_frames(const LearningProblem& problem, const Trace& trace, std::size_t rounds = 6);

}  // namespace lemmacheck
