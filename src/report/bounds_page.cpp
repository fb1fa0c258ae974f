#include "report/bounds_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "language/lemma.hpp"
#include "mdp/simulation_bound.hpp"
#include "report/kinds.hpp"
#include "report/lemma_results.hpp"
#include "report/proof_results.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

WordTable slack_words(const BoundsPage::WeighedProof& proof) {
  WordTable table{
      fmt::format("{}: what each step of the proof gives away, as shares of its end over {} points of drawn "
                  "instances",
                  proof.id, proof.slack.points),
      {"step", "mean share", "largest share"},
      {}};
  for (const LemmaSlackStep& step : proof.slack.steps)
    table.rows.push_back({step.reason.empty() ? step.statement : step.reason, decimal(step.mean_share, 3),
                          decimal(step.largest_share, 3)});
  table.rows.push_back({"left of it: start / end", decimal(proof.slack.mean_tightness, 3), ""});
  return table;
}

WordTable repair_words(const BoundsPage::RepairedClaim& repaired) {
  constexpr std::size_t most = 4;
  const LemmaRepair& repair = repaired.repair;
  WordTable table{fmt::format("{}, repaired: {} of {} lemmas with one edit are true on everything tried",
                              repaired.id, repair.survivors.size(), repair.tried),
                  {"claim", "edit", "tightness"},
                  {{repaired.original, "none: false", "-"}}};
  for (std::size_t i = 0; i < std::min(most, repair.survivors.size()); ++i) {
    const RepairedLemma& each = repair.survivors[i];
    table.rows.push_back(
        {each.claim, each.edit, each.max_tightness ? short_number(*each.max_tightness) : std::string("-")});
  }
  return table;
}

WordTable searched_words(const std::vector<SearchedSharpness>& searched) {
  WordTable table{
      "The largest left sides that a search finds from nothing, against the supremum in closed form",
      {"bounded", "S", "A", "H", "delta", "supremum", "found / supremum", "states that were needed"},
      {}};
  for (const SearchedSharpness& found : searched) {
    const SharpnessCell& cell = found.cell;
    table.rows.push_back(
        {to_string(cell.quantity), std::to_string(cell.states), std::to_string(cell.actions),
         std::to_string(cell.horizon), cell.delta.to_string(), short_number(found.bound),
         short_number(found.best),
         found.witness ? std::to_string(found.witness->instance.model->state_count()) : "-"});
  }
  return table;
}

}  // namespace

namespace {

std::vector<BoundsPage::Curve> bound_curves() {
  std::vector<BoundsPage::Curve> curves;
  const auto add = [&](const Rational& delta, Step horizon) {
    curves.push_back({delta, horizon, simulation_bound(delta * Rational(2), horizon),
                      simulation_bound(delta, horizon), sharp_simulation_bound(delta, horizon)});
  };
  for (const std::uint64_t denominator : {100, 10, 2})
    for (const Step horizon : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32})
      add(Rational::ratio(1, denominator), horizon);
  for (const char* delta : {"1/1000", "1/300", "3/100", "1/30", "1/5", "1/3", "1"})
    add(Rational::parse_typed(delta), 8);
  return curves;
}

}  // namespace

BoundsPage gather_bounds_page(const std::vector<const Claim*>& claims, const Run& run) {
  constexpr std::uint64_t most = 4000;
  Run modest = run;
  modest.instances = std::min(run.instances, most);
  const int restarts = run.instances < most ? 2 : 12;  // a short run is to stay short
  Run quick = modest;
  quick.instances = std::min<std::uint64_t>(run.instances, 500);
  BoundsPage page;
  page.curves = bound_curves();
  for (const Claim* claim : claims) {
    if (!claim->lemma) continue;
    if (!claim->lemma->steps().empty() && claim->expected == Verdict::holds)
      page.slacks.push_back({claim->id, slack_of_lemma(*claim, modest)});
    if (is_printed_in_the_notes(*claim) && claim->expected == Verdict::violated)
      page.repairs.push_back({claim->id, claim->plain, repair_lemma(*claim, quick)});
  }
  for (const SharpnessCell& cell : sharpness_cells())
    page.searched.push_back(search_sharpness(cell, modest, restarts));
  return page;
}

std::vector<WordTable> bounds_tables(const BoundsPage& page) {
  std::vector<WordTable> tables;
  for (const BoundsPage::WeighedProof& proof : page.slacks) tables.push_back(slack_words(proof));
  for (const BoundsPage::RepairedClaim& repaired : page.repairs) tables.push_back(repair_words(repaired));
  tables.push_back(searched_words(page.searched));
  return tables;
}

json bounds_page_to_json(const BoundsPage& page) {
  json repairs = json::array();
  for (const BoundsPage::RepairedClaim& repaired : page.repairs) {
    repairs.push_back(lemma_repair_to_json(repaired.repair, repaired.id));
  }
  json slacks = json::array();
  for (const BoundsPage::WeighedProof& proof : page.slacks)
    slacks.push_back(lemma_slack_to_json(proof.slack, proof.id));
  json curves = json::array();
  for (const BoundsPage::Curve& curve : page.curves) {
    json entry = {{"horizon", curve.horizon}};
    put_number(entry, "delta", curve.total_variation);
    put_number(entry, "printed", curve.printed);
    put_number(entry, "halved", curve.halved);
    put_number(entry, "sharp", curve.sharp);
    curves.push_back(std::move(entry));
  }
  return {{"curves", std::move(curves)},
          {"slack", std::move(slacks)},
          {"repairs", std::move(repairs)},
          {"sharpness", sharpness_to_json(page.searched)}};
}

}  // namespace lemmacheck
