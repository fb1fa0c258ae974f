/// What a report is made of, before it takes a form.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "campaign/curves.hpp"
#include "campaign/proof_check.hpp"
#include "campaign/vacuity.hpp"
#include "mdp/criterion.hpp"
#include "report/bounds_page.hpp"
#include "report/latent_results.hpp"
#include "report/learning_page.hpp"
#include "report/worked_instance.hpp"

namespace lemmacheck {

struct ReportPlan {
  Run run;
  std::vector<const Claim*> claims;  ///< that the report is on, in its order
  std::filesystem::path compared;    ///< an earlier report.json to compare with; none if empty
  std::string model_file;            ///< the model that gets a page of its own; none if empty
  std::map<const Claim*, std::vector<Instance>> earlier;  ///< of earlier campaigns, to be tried first
  Criterion model_criterion{.horizon = 10};               ///< of the model's page
};

struct ReportedClaim {
  Finding finding;
  std::vector<MutantResult> mutants;
  ProofFinding proof;  ///< of a lemma that is a text
  Vacuity vacuity;
  std::optional<WorkedInstance> worked = {};       ///< of its certificate
  std::optional<WorkedInstance> worked_step = {};  ///< of the first false step of its proof
  std::vector<Curve> curves = {};

  std::size_t mutants_refuted() const;
  Standing standing() const;
  /// As expected, and every mutant refuted: the check could have failed.
  bool good() const { return standing() == Standing::as_expected; }
};

/// Optimal values of a model, and the simulation lemma on perturbed copies of it.
struct ModelPage {
  std::string name;
  std::shared_ptr<const FiniteMdp> model;
  struct Optimum {
    Criterion criterion;
    Rational value;
  };
  std::vector<Optimum> optima;
  /// The optimal policy in one perturbed copy.
  struct Copy {
    std::uint64_t instance;
    std::string perturbation;
    Rational l1;
    std::optional<Rational> gap;                 ///< nothing where a total is not finite in the copy
    std::optional<Rational> bound, sharp_bound;  ///< of endless criteria none is known
  };
  Criterion criterion{.horizon = 10};
  std::vector<Copy> copies;
  /// The exact adversary against the optimal policy, at a radius (largest L1 distance of a row) and a
  /// criterion.
  struct Worst {
    Criterion criterion;
    Rational radius;
    Rational nominal;          ///< J(pi, M)
    Rational lowest, highest;  ///< of J(pi, M') over all M' of the radius
    /// On |J(pi, M) - J(pi, M')|: eq. (15.1), and B; nothing for endless criteria.
    std::optional<Rational> bound, sharp_bound;
    Rational robust;  ///< what the plan that is best against the worst is sure of
  };
  std::vector<Worst> by_radius;     ///< at `criterion`
  std::vector<Worst> by_criterion;  ///< at one radius: by horizon, or by discount
  std::vector<Finding> findings;    ///< of the claims about whole models
};

struct ReportData {
  ReportPlan plan;
  std::vector<ReportedClaim> claims;
  std::optional<ModelPage> model_page;
  std::optional<BoundsPage> bounds_page;         ///< where there are claims that a bounds page speaks of
  std::vector<EncodingTable> encoding_tables;    ///< where there are claims about encoders
  std::vector<RecurrentTable> recurrent_tables;  ///< likewise
  std::optional<LearningPage> learning_page;     ///< where there are claims about learning

  /// The worst of its claims; a mutant that survives is not as expected.
  Standing standing() const;
  bool as_expected() const { return standing() == Standing::as_expected; }
};

/// What is being done, and how far all of it is: done of total parts.
using Progress = std::function<void(const std::string& what, std::size_t done, std::size_t total)>;
ReportData gather_report(const ReportPlan& plan, const Progress& progress);

}  // namespace lemmacheck
