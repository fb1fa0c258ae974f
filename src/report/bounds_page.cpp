#include "report/bounds_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/proof_results.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

WordTable slack_words(const Slack& slack) {
  WordTable table{
      fmt::format("{}: what each step of the proof gives away, as shares of the right side over {} "
                  "drawn instances",
                  slack.claim->id, slack.instances),
      {"step", "at the tightest instance", "mean share", "largest share"},
      {}};
  for (const SlackStep& step : slack.steps)
    table.rows.push_back({step.name, short_number(step.at_tightest), decimal(step.mean_share, 3),
                          decimal(step.largest_share, 3)});
  table.rows.push_back({"left side / right side",
                        slack.finding.max_tightness ? short_number(*slack.finding.max_tightness) : "-",
                        decimal(slack.mean_tightness, 3), ""});
  return table;
}

WordTable repair_words(const BoundsPage::RepairedClaim& repaired) {
  constexpr std::size_t most = 4;
  const Repair& repair = repaired.repair;
  WordTable table{
      fmt::format("{}, repaired: {} of {} bounds with {} are true on everything tried", repaired.id,
                  repair.survivors.size(), repair.tried, repair.edits == 1 ? "one edit" : "two edits"),
      {"right side", "edit", "tightness"},
      {{repair.original.expression, "none: false", "-"}}};
  for (std::size_t i = 0; i < std::min(most, repair.survivors.size()); ++i)
    table.rows.push_back({repair.survivors[i].bound.expression, repair.survivors[i].words,
                          tightness_in_words(repair.survivors[i].bound)});
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

BoundsPage gather_bounds_page(const std::vector<const Claim*>& claims, const Run& run) {
  constexpr std::uint64_t most = 4000;
  Run modest = run;
  modest.instances = std::min(run.instances, most);
  const int restarts = run.instances < most ? 2 : 12;  // a short run is to stay short
  BoundsPage page;
  for (const Claim* claim : claims) {
    if (claim->proof) page.slacks.push_back(slack_of(*claim, modest));
    if (!claim->as_typed) continue;
    const auto& [quantity, expression] = *claim->as_typed;
    page.repairs.push_back(
        {claim->id, repair_bound(expression, bounded_quantity("try." + quantity).value(), modest)});
  }
  for (const SharpnessCell& cell : sharpness_cells())
    page.searched.push_back(search_sharpness(cell, modest, restarts));
  return page;
}

std::vector<WordTable> bounds_tables(const BoundsPage& page) {
  std::vector<WordTable> tables;
  for (const Slack& slack : page.slacks) tables.push_back(slack_words(slack));
  for (const BoundsPage::RepairedClaim& repaired : page.repairs) tables.push_back(repair_words(repaired));
  tables.push_back(searched_words(page.searched));
  return tables;
}

json bounds_page_to_json(const BoundsPage& page) {
  json repairs = json::array();
  for (const BoundsPage::RepairedClaim& repaired : page.repairs) {
    json entry = repair_to_json(repaired.repair);
    entry["id"] = repaired.id;
    repairs.push_back(std::move(entry));
  }
  return {{"slack", slacks_to_json(page.slacks)},
          {"repairs", std::move(repairs)},
          {"sharpness", sharpness_to_json(page.searched)}};
}

}  // namespace lemmacheck
