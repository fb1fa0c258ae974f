#include "report/learning_page.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/dot.hpp"
#include "report/results.hpp"
#include "report/tree_drawing.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

std::string name_of(FitRule fit) {
  return std::string(fit_rule_names.at(static_cast<std::size_t>(fit)));
}
std::string name_of(FillRule fill) {
  return std::string(fill_rule_names.at(static_cast<std::size_t>(fill)));
}

LearningPage::Figure figure(const std::string& title, FitRule fit) {
  const LearningProblem tree = learning_problem(figure_15_1());
  const Trace trace = run_loop(tree, {.fit = fit, .fill = FillRule::figure, .ties = TieBreak::stay});
  try {
    return {title, name_of(fit), tree_frames(tree, trace), trace.cycle};
  } catch (const InvalidInput&) {
    return {title, name_of(fit), std::nullopt, trace.cycle};
  }
}

json figure_to_json(const LearningPage::Figure& figure) {
  json out = {{"title", figure.title}, {"fit", figure.fit}, {"tree", nullptr}, {"cycle", nullptr}};
  if (figure.cycle) out["cycle"] = {{"start", figure.cycle->start}, {"length", figure.cycle->length}};
  if (!figure.tree) return out;
  const TreeFrames& tree = *figure.tree;
  json nodes = json::array(), edges = json::array(), frames = json::array();
  for (const TreeFrames::Node& node : tree.nodes)
    nodes.push_back({{"label", node.label}, {"leaf", node.leaf}, {"x", node.x}, {"y", node.y}});
  for (const TreeFrames::Edge& edge : tree.edges)
    edges.push_back({{"from", edge.from}, {"to", edge.to}, {"action", edge.action}});
  for (const TreeFrames::Frame& frame : tree.frames) {
    json entry = {{"round", frame.round},
                  {"leaves", frame.leaves},
                  {"seen", frame.seen},
                  {"collected", frame.collected},
                  {"planned", frame.planned}};
    put_number(entry, "earns", frame.earns);
    frames.push_back(std::move(entry));
  }
  out["tree"] = {{"width", tree.width},
                 {"height", tree.height},
                 {"nodes", std::move(nodes)},
                 {"edges", std::move(edges)},
                 {"frames", std::move(frames)}};
  return out;
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  return part == whole ? "all" : part == 0 ? "none" : fmt::format("{} of {}", part, whole);
}

WordTable survey_table(const LearningPage& page) {
  WordTable table{
      fmt::format("Fit and fill in {} drawn worlds (population data; adversarial: a tenth of them)",
                  page.problems),
      {"fit", "fill", "stops", "oscillates", "optimal in the limit", "expert reached", "no worse than pi_0",
       "longest cycle", "last stop", "widest gap"},
      {}};
  for (const auto& [fit, fill, found] : page.survey)
    table.rows.push_back({name_of(fit), name_of(fill), share(found.stops, found.problems),
                          share(found.oscillates, found.problems), share(found.optimal, found.problems),
                          share(found.expert, found.problems), share(found.improves, found.problems),
                          std::to_string(found.longest_cycle), std::to_string(found.latest_stop),
                          short_number(found.widest_gap)});
  return table;
}

WordTable certainty_equivalence_words(const LearningPage& page) {
  WordTable table{"Largest regret of planning in a model that is wrong by delta (total variation)",
                  {"H", "delta", "bound min(H, 2B)", "ties against the learner", "ties for the learner",
                   "strictly, by 1/1000", "meets the bound"},
                  {}};
  for (const CertaintyEquivalence& row : page.certainty_equivalence)
    table.rows.push_back({std::to_string(row.horizon), row.delta.to_string(), short_number(row.bound),
                          short_number(row.ties_against), short_number(row.ties_for),
                          short_number(row.strict),
                          !row.meets()                ? "no"
                          : row.ties_for == row.bound ? "under any ties"
                                                      : "by a tie"});
  return table;
}

WordTable regret_words(const LearningPage& page) {
  WordTable table{"Regret after N rounds between two models, each wrong where its own plan goes",
                  {"N", "latest data", "follow the leader", "regularised leader (mixtures)", "eta"},
                  {}};
  for (const RegretGrowth& row : page.regret_growth)
    table.rows.push_back({std::to_string(row.rounds), short_number(row.latest), short_number(row.leader),
                          short_number(row.regularised), row.step_size.to_string()});
  return table;
}

}  // namespace

LearningPage gather_learning_page(const Run& run) {
  LearningPage page;
  page.figures = {figure("Fitting the latest data: Figure 15.2, oscillation", FitRule::latest),
                  figure("All data aggregated: Figure 15.3, stuck", FitRule::aggregate),
                  figure("With the expert's data: Algorithm 2 reaches the expert", FitRule::hybrid)};
  page.problems = run.instances;
  page.survey = survey_loops(run);
  page.certainty_equivalence = certainty_equivalence_table();
  page.regret_growth = regret_growth_table();
  return page;
}

std::vector<WordTable> learning_tables(const LearningPage& page) {
  return {survey_table(page), certainty_equivalence_words(page), regret_words(page)};
}

json learning_page_to_json(const LearningPage& page) {
  json out = {{"problems", page.problems},
              {"figures", json::array()},
              {"survey", json::array()},
              {"certainty_equivalence", json::array()},
              {"regret_growth", json::array()}};
  for (const LearningPage::Figure& each : page.figures) out["figures"].push_back(figure_to_json(each));
  for (const auto& [fit, fill, found] : page.survey) {
    json entry = {{"fit", name_of(fit)},
                  {"fill", name_of(fill)},
                  {"problems", found.problems},
                  {"stops", found.stops},
                  {"oscillates", found.oscillates},
                  {"optimal", found.optimal},
                  {"expert", found.expert},
                  {"no_worse_than_start", found.improves},
                  {"longest_cycle", found.longest_cycle},
                  {"last_stop", found.latest_stop}};
    put_number(entry, "widest_gap", found.widest_gap);
    out["survey"].push_back(std::move(entry));
  }
  for (const CertaintyEquivalence& row : page.certainty_equivalence) {
    json entry = {{"horizon", row.horizon}, {"meets_bound", row.meets()}};
    put_number(entry, "delta", row.delta);
    put_number(entry, "bound", row.bound);
    put_number(entry, "ties_against", row.ties_against);
    put_number(entry, "ties_for", row.ties_for);
    put_number(entry, "strict", row.strict);
    out["certainty_equivalence"].push_back(std::move(entry));
  }
  for (const RegretGrowth& row : page.regret_growth) {
    json entry = {{"rounds", row.rounds}};
    put_number(entry, "step_size", row.step_size);
    put_number(entry, "latest", row.latest);
    put_number(entry, "leader", row.leader);
    put_number(entry, "regularised", row.regularised);
    out["regret_growth"].push_back(std::move(entry));
  }
  return out;
}

}  // namespace lemmacheck
