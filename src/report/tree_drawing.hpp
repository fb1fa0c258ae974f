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

/// DOT as an SVG document, by Graphviz's program `dot`. @throws InvalidInput if it is not installed or fails.
std::string dot_as_svg(const std::string& dot);

}  // namespace lemmacheck
