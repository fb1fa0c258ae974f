/// A counterexample as a graph.
#pragma once

#include <string>

#include "claims/certificate.hpp"

namespace lemmacheck {

/// The instance of a certificate as a graph in Graphviz's language: states, and an edge for every transition
/// that M or M' has, with its probability in both where they differ (red). The caption gives both sides.
/// @throws InvalidInput for instances without models or with more than 12 states.
std::string instance_as_dot(const Certificate& certificate);

}  // namespace lemmacheck
