#include "report/report_data.hpp"

#include <algorithm>

#include "mdp/distances.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/model_file.hpp"
#include "mdp/simulation_bound.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint64_t copies_shown = 8;

ModelPage::Copy compared_copy(const ModelPage& page, const Setting& setting, std::uint64_t seed,
                              std::uint64_t index) {
  const Instance instance = draw_instance(model_pairs(), setting, seed, index);
  const FiniteMdp &model = *instance.model, &perturbed = *instance.perturbed;
  const MarkovPolicy policy = optimal_plan(model, page.horizon).policy;
  ModelPage::Copy copy;
  copy.instance = index;
  copy.perturbation = std::string(instance.classes.at(1));
  copy.l1 = l1_distance<Rational>(model, perturbed, page.horizon);
  copy.gap = abs(policy_return(model, policy, page.horizon) - policy_return(perturbed, policy, page.horizon));
  copy.bound = simulation_bound(copy.l1, page.horizon);
  copy.sharp_bound =
      sharp_simulation_bound(total_variation<Rational>(model, perturbed, page.horizon), page.horizon);
  return copy;
}

/// A claim of the ledger; nullptr if the report is not on it.
const Claim* find(const ReportPlan& plan, std::string_view id) {
  const auto found = std::find_if(plan.claims.begin(), plan.claims.end(),
                                  [&](const Claim* claim) { return claim->file.empty() && claim->id == id; });
  return found == plan.claims.end() ? nullptr : *found;
}

ModelPage model_page(const ReportPlan& plan, const Progress& progress) {
  ModelPage page;
  page.model = std::make_shared<const FiniteMdp>(read_model_file(plan.model_file));
  page.name = page.model->names.model.empty() ? std::filesystem::path(plan.model_file).stem().string()
                                              : page.model->names.model;
  for (const Step horizon : {1, 2, 5, 10, 20, 50}) {
    progress("optimum of " + page.name + " at H = " + std::to_string(horizon));
    const Rational value = expected_value<Rational>(*page.model, optimal_plan(*page.model, horizon).values);
    page.optima.push_back({horizon, value});
  }
  Setting setting{page.model, page.horizon};
  for (std::uint64_t i = 0; i < copies_shown; ++i)
    page.copies.push_back(compared_copy(page, setting, plan.run.seed, i));
  Run run = plan.run;
  run.instances = std::clamp<std::uint64_t>(run.instances / 50, 50, 1000);
  for (const char* id : {"sim.lemma", "sim.lemma_total_variation", "sim.sharp", "sim.footnote_on_policy"}) {
    const Claim* claim = find(plan, id);
    if (claim == nullptr) continue;  // a report on somebody's own lemmas
    progress("checking " + claim->id + " on copies of " + page.name);
    page.findings.push_back(check_claim(*claim, setting, run));
  }
  return page;
}

}  // namespace

std::size_t ReportedClaim::mutants_refuted() const {
  return static_cast<std::size_t>(std::count_if(
      mutants.begin(), mutants.end(), [](const MutantResult& m) { return m.refuted_by.has_value(); }));
}

Standing ReportedClaim::standing() const {
  const Standing standing = standing_of(finding, proof);
  const bool blunt = standing == Standing::as_expected && mutants_refuted() < mutants.size();
  return blunt ? Standing::unexpected : standing;
}

Standing ReportData::standing() const {
  Standing worst = Standing::as_expected;
  for (const ReportedClaim& claim : claims) worst = std::max(worst, claim.standing());
  if (model_page)
    for (const Finding& finding : model_page->findings) worst = std::max(worst, standing_of(finding));
  return worst;
}

ReportData gather_report(const ReportPlan& plan, const Progress& progress) {
  ReportData data{plan, {}, {}, {}, {}, {}};
  // The model is read first: a mistake in it is told at once.
  if (!plan.model_file.empty()) data.model_page = model_page(plan, progress);
  for (const Claim* claim : plan.claims) {
    progress("checking " + claim->id);
    data.claims.push_back({check_claim(*claim, Setting{}, plan.run), check_mutants(*claim, plan.run),
                           check_proof(*claim, Setting{}, plan.run), vacuity_of(*claim, plan.run)});
  }
  if (find(plan, "sim.lemma") != nullptr) {
    progress("weighing proofs, repairing claims, searching for sharp instances");
    data.bounds_page = gather_bounds_page(plan.claims, plan.run);
  }
  if (find(plan, "learn.figure_15_2") != nullptr) {
    progress("surveying learning loops");
    Run run = plan.run;
    run.instances = std::clamp<std::uint64_t>(run.instances / 10, 10, 5000);
    data.learning_page = gather_learning_page(run);
  }
  if (find(plan, "latent.collapse") != nullptr) {
    progress("encoding the driving world");
    for (const std::uint32_t codes : {2, 3}) {
      EncodingProblem problem = driving_world();
      problem.codes = codes;
      data.encoding_tables.push_back({"the driving world", problem, objective_table(problem)});
    }
    data.recurrent_tables.push_back(gather_recurrent_table("the announced turn", announced_turn()));
  }
  return data;
}

}  // namespace lemmacheck
