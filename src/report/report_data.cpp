#include "report/report_data.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <mutex>

#include "adversary/any_criterion.hpp"
#include "formats/any_model.hpp"
#include "mdp/distances.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint64_t copies_shown = 8;

/// Totals are finite only where states at rest stay so: there no mass goes where the model's does not.
ModelPage::Worst worst_case(const FiniteMdp& model, const Criterion& criterion, const Rational& radius) {
  const MarkovPolicy policy = best_policy(model, criterion);
  const bool keep_support = criterion.endless == Criterion::Endless::total;
  const L1Ball ball(model.kernel(1), std::vector<Rational>(model.kernel(1).rows(), radius), keep_support);
  ModelPage::Worst worst;
  worst.criterion = criterion;
  worst.radius = radius;
  worst.nominal = return_of(model, policy, criterion);
  worst.lowest = extreme_return(model, policy, criterion, ball, true).value;
  worst.highest = extreme_return(model, policy, criterion, ball, false).value;
  worst.robust = robust_plan(model, criterion, ball).value;
  if (has_simulation_bound(criterion)) {
    const Rational span = model.rewards().span();
    worst.bound = span * simulation_bound(radius, criterion);
    worst.sharp_bound = span * sharp_simulation_bound(radius / Rational(2), criterion);
  }
  return worst;
}

/// The same at ever larger radii, until nature can keep a total from being finite.
std::vector<ModelPage::Worst> worst_by_radius(const FiniteMdp& model, const Criterion& criterion) {
  std::vector<ModelPage::Worst> list;
  for (const char* radius : {"1/100", "1/50", "1/20", "1/10", "1/5", "1/2", "1", "2"}) {
    try {
      list.push_back(worst_case(model, criterion, Rational::parse_typed(radius)));
    } catch (const InvalidInput&) {
      if (criterion.endless != Criterion::Endless::total) throw;
      break;
    }
  }
  return list;
}

/// Horizons of a page about a horizon, discounts of a page about a discount; the endless criterion itself.
std::vector<Criterion> criteria_like(const Criterion& criterion, std::initializer_list<Step> horizons) {
  if (criterion.endless != Criterion::Endless::none) return {criterion};
  std::vector<Criterion> list;
  if (criterion.horizon)
    for (const Step horizon : horizons) list.push_back({horizon, criterion.discount});
  else
    for (const char* discount : {"1/2", "3/4", "9/10", "19/20", "99/100"})
      list.push_back({.discount = Rational::parse_typed(discount)});
  return list;
}

/// Curves of the exact adversary; left out where a model changes from step to step or is large.
void add_worst_cases(ModelPage& page) {
  constexpr std::size_t most_rows = 20000;
  const FiniteMdp& model = *page.model;
  if (model.time_varying() || model.kernel(1).rows() > most_rows) return;
  page.by_radius = worst_by_radius(model, page.criterion);
  if (page.criterion.endless != Criterion::Endless::none) return;
  for (const Criterion& criterion : criteria_like(page.criterion, {1, 2, 3, 5, 8, 12, 16, 20}))
    page.by_criterion.push_back(worst_case(model, criterion, Rational::ratio(1, 10)));
}

/// |J - J'|; nothing where the total in the copy is not finite.
std::optional<Rational> gap_of(const FiniteMdp& model, const FiniteMdp& copy, const MarkovPolicy& policy,
                               const Criterion& criterion) {
  const Rational own = return_of(model, policy, criterion);
  if (criterion.endless != Criterion::Endless::total) return abs(own - return_of(copy, policy, criterion));
  try {
    return abs(own - return_of(copy, policy, criterion));
  } catch (const InvalidInput&) {
    return std::nullopt;
  }
}

ModelPage::Copy compared_copy(const ModelPage& page, const Setting& setting, std::uint64_t seed,
                              std::uint64_t index) {
  const Instance instance = draw_instance(model_pairs(), setting, seed, index);
  const FiniteMdp &model = *instance.model, &perturbed = *instance.perturbed;
  const MarkovPolicy policy = best_policy(model, page.criterion);
  constexpr Step one_that_moves = 2;  // without a horizon one step's distance is every step's
  const Step horizon = page.criterion.horizon.value_or(one_that_moves);
  ModelPage::Copy copy;
  copy.instance = index;
  copy.perturbation = std::string(instance.classes.at(1));
  copy.l1 = l1_distance<Rational>(model, perturbed, horizon);
  copy.gap = gap_of(model, perturbed, policy, page.criterion);
  if (!has_simulation_bound(page.criterion)) return copy;
  copy.bound = simulation_bound(copy.l1, page.criterion);
  copy.sharp_bound =
      sharp_simulation_bound(total_variation<Rational>(model, perturbed, horizon), page.criterion);
  return copy;
}

/// The lemmas that a page of this criterion asks of copies of its model.
std::vector<const char*> claims_for(const Criterion& criterion) {
  const bool both = criterion.horizon && criterion.discount;  // no lemma of the ledger speaks of both
  if (!has_simulation_bound(criterion) || both) return {};
  if (!criterion.horizon) return {"discounted.simulation", "discounted.sharp"};
  return {"sim.lemma", "sim.lemma_total_variation", "sim.sharp", "sim.footnote_on_policy"};
}

/// A claim of the ledger; nullptr if the report is not on it.
const Claim* find(const ReportPlan& plan, std::string_view id) {
  const auto found = std::find_if(plan.claims.begin(), plan.claims.end(),
                                  [&](const Claim* claim) { return claim->file.empty() && claim->id == id; });
  return found == plan.claims.end() ? nullptr : *found;
}

ModelPage model_page(const ReportPlan& plan, const std::function<void(const std::string&)>& progress) {
  ModelPage page;
  page.model = std::make_shared<const FiniteMdp>(read_any_model(plan.model_file).model);
  page.name = page.model->names.model.empty() ? std::filesystem::path(plan.model_file).stem().string()
                                              : page.model->names.model;
  page.criterion = plan.model_criterion;
  for (const Criterion& criterion : criteria_like(page.criterion, {1, 2, 5, 10, 20, 50})) {
    progress("optimum of " + page.name + " at " + criterion_text(criterion));
    page.optima.push_back(
        {criterion, return_of(*page.model, best_policy(*page.model, criterion), criterion)});
  }
  constexpr Step shown_horizon = 10;
  Setting setting{page.model, page.criterion.horizon.value_or(shown_horizon)};
  for (std::uint64_t i = 0; i < copies_shown; ++i)
    page.copies.push_back(compared_copy(page, setting, plan.run.seed, i));
  progress("the exact adversary on " + page.name);
  add_worst_cases(page);
  Run run = plan.run;
  run.instances = std::clamp<std::uint64_t>(run.instances / 50, 50, 1000);
  for (const char* id : claims_for(page.criterion)) {
    const Claim* claim = find(plan, id);
    if (claim == nullptr) continue;  // a report on somebody's own lemmas
    progress("checking " + claim->id + " on copies of " + page.name);
    page.findings.push_back(check_claim(*claim, setting, run));
  }
  return page;
}

void work_out(ReportedClaim& reported) {
  const Finding& finding = reported.finding;
  if (finding.certificate) reported.worked = worked_instance(*finding.certificate, *finding.claim);
  const auto first = reported.proof.first_false();
  if (first && reported.proof.steps[*first].certificate)
    reported.worked_step =
        worked_instance(*reported.proof.steps[*first].certificate, *reported.proof.claims[*first]);
}

void draw(std::vector<ReportedClaim>& claims) {
  std::vector<WorkedInstance*> all;
  for (ReportedClaim& reported : claims)
    for (std::optional<WorkedInstance>* worked : {&reported.worked, &reported.worked_step})
      if (*worked) all.push_back(&**worked);
  lay_out(all);
}

/// Counts the parts of a report; the tables that follow the claims take about a third of their time.
class Stages {
 public:
  Stages(const Progress& progress, std::size_t claims)
      : progress_(progress), total_(claims + claims / 3 + 1) {}
  /// From any thread.
  void claim(const std::string& what) {
    const std::scoped_lock lock(mutex_);
    progress_(what, done_++, total_);
  }
  void other(const std::string& what) { progress_(what, done_, total_); }

 private:
  const Progress& progress_;
  std::mutex mutex_;
  std::size_t done_ = 0, total_;
};

/// The claim with this id that the report is on.
const Claim* reported_claim(const ReportPlan& plan, const std::string& id) {
  const auto found = std::find_if(plan.claims.begin(), plan.claims.end(),
                                  [&](const Claim* claim) { return claim->id == id; });
  return found == plan.claims.end() ? nullptr : *found;
}

ReportedClaim gather_claim(const Claim& claim, const ReportPlan& plan) {
  const Run& run = plan.run;
  const auto earlier = plan.earlier.find(&claim);
  const std::vector<Instance> known =
      earlier == plan.earlier.end() ? std::vector<Instance>{} : earlier->second;
  ReportedClaim reported{check_claim(claim, Setting{}, run, known), check_mutants(claim, run),
                         check_proof(claim, Setting{}, run), vacuity_of(claim, run)};
  work_out(reported);
  const Claim* sharper = claim.expected == Verdict::holds ? reported_claim(plan, claim.corrected) : nullptr;
  if (sharper != nullptr) reported.finding.ceiling = ceiling_of(reported.finding, *sharper);
  reported.curves = tightness_curves(claim, sharper, run);
  return reported;
}

/// Claims side by side: shrinking and climbing leave a core idle, and no result depends on another.
void gather_claims(ReportData& data, Stages& stages) {
  const ReportPlan& plan = data.plan;
  data.claims.resize(plan.claims.size());
  run_on(plan.run.threads, [&] {
    oneapi::tbb::parallel_for(std::size_t{0}, plan.claims.size(), [&](std::size_t i) {
      stages.claim("checking " + plan.claims[i]->id);
      data.claims[i] = gather_claim(*plan.claims[i], plan);
    });
  });
  draw(data.claims);
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
  Stages stages(progress, plan.claims.size());
  const auto other = [&](const std::string& what) { stages.other(what); };
  if (!plan.model_file.empty()) data.model_page = model_page(plan, other);
  gather_claims(data, stages);
  if (find(plan, "sim.lemma") != nullptr) {
    other("weighing proofs, repairing claims, searching for sharp instances");
    data.bounds_page = gather_bounds_page(plan.claims, plan.run);
  }
  if (find(plan, "learn.figure_15_2") != nullptr) {
    other("surveying learning loops");
    Run run = plan.run;
    run.instances = std::clamp<std::uint64_t>(run.instances / 10, 10, 5000);
    data.learning_page = gather_learning_page(run);
  }
  if (find(plan, "latent.collapse") != nullptr) {
    other("encoding the driving world");
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
