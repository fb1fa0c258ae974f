/// What a report is made of, before it takes a form.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "campaign/check.hpp"
#include "report/bounds_page.hpp"
#include "report/latent_results.hpp"
#include "report/learning_page.hpp"

namespace lemmacheck {

class Ledger;

struct ReportPlan {
  Run run;
  std::string model_file;  ///< the model that gets a page of its own; none if empty
};

struct ReportedClaim {
  Finding finding;
  std::vector<MutantResult> mutants;

  std::size_t mutants_refuted() const;
  /// As expected, and every mutant refuted: the check could have failed.
  bool good() const { return finding.as_expected() && mutants_refuted() == mutants.size(); }
};

/// Optimal values of a model, and the simulation lemma on perturbed copies of it.
struct ModelPage {
  std::string name;
  std::shared_ptr<const FiniteMdp> model;
  struct Optimum {
    Step horizon;
    Rational value;
  };
  std::vector<Optimum> optima;
  /// The optimal policy in one perturbed copy.
  struct Copy {
    std::uint64_t instance;
    std::string perturbation;
    Rational l1, gap, bound, sharp_bound;
  };
  Step horizon = 10;
  std::vector<Copy> copies;
  std::vector<Finding> findings;  ///< of the claims about whole models
};

struct ReportData {
  ReportPlan plan;
  std::vector<ReportedClaim> claims;
  std::optional<ModelPage> model_page;
  std::optional<BoundsPage> bounds_page;         ///< where the ledger has claims that a bounds page speaks of
  std::vector<EncodingTable> encoding_tables;    ///< where the ledger has claims about encoders
  std::vector<RecurrentTable> recurrent_tables;  ///< likewise
  std::optional<LearningPage> learning_page;     ///< where the ledger has claims about learning

  /// The worst of its claims; a mutant that survives is not as expected.
  Standing standing() const;
  bool as_expected() const { return standing() == Standing::as_expected; }
};

using Progress = std::function<void(const std::string&)>;
ReportData gather_report(const Ledger& ledger, const ReportPlan& plan, const Progress& progress);

}  // namespace lemmacheck
