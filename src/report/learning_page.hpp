/// The report's page on section 15.3: the figures, and tables over many problems.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "campaign/learning_survey.hpp"
#include "campaign/sharp_constants.hpp"
#include "report/instance_tables.hpp"
#include "report/tree_drawing.hpp"

namespace lemmacheck {

struct LearningPage {
  /// The tree of Figure 15.1 under one fit.
  struct Figure {
    std::string title, fit;
    std::optional<TreeFrames> tree;     ///< nothing where Graphviz is not at hand
    std::optional<Trace::Cycle> cycle;  ///< where its rounds repeat
  };
  std::vector<Figure> figures;
  std::uint64_t problems = 0;
  std::vector<SurveyRow> survey;
  std::vector<CertaintyEquivalence> certainty_equivalence;
  std::vector<RegretGrowth> regret_growth;
};

/// @param run  how many drawn problems the survey takes.
LearningPage gather_learning_page(const Run& run);

/// The survey, the constants of certainty equivalence and the regrets, as words.
std::vector<WordTable> learning_tables(const LearningPage& page);
nlohmann::json learning_page_to_json(const LearningPage& page);

}  // namespace lemmacheck
