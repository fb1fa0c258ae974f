/// A certificate made ready to be looked at: its tables, its drawing, and both sides step by step. Every form
/// of the report (page, LaTeX, terminal) shows this.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "language/derivation.hpp"
#include "report/instance_graph.hpp"
#include "report/instance_tables.hpp"

namespace lemmacheck {

struct WorkedInstance {
  bool refutes = false;
  std::string statement;  ///< LaTeX: what the sides are of
  std::string where;      ///< "h = 1, s = 0", or empty
  std::vector<WordTable> tables;
  std::vector<InstanceGraph> graphs;  ///< laid out where Graphviz is there; else none
  Derivation derivation;
  PrintedSides sides;
};

/// The parts but for the coordinates of the graphs. @param claim  that the certificate is about.
WorkedInstance worked_instance(const Certificate& certificate, const Claim& claim);
/// Lays out the graphs of all, in one run of Graphviz; drops them where it is missing.
void lay_out(const std::vector<WorkedInstance*>& all);

nlohmann::json table_to_json(const WordTable& table);
nlohmann::json worked_to_json(const WorkedInstance& worked);
/// "  eps = 1/2" for each quantity; empty where there is none.
std::string derivation_as_text(const Derivation& derivation);

}  // namespace lemmacheck
