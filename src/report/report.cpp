#include "report/report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "language/explain.hpp"
#include "report/checked_claims.hpp"
#include "report/comparison.hpp"
#include "report/kinds.hpp"
#include "report/latex.hpp"
#include "report/lemma_results.hpp"
#include "report/own_lines.hpp"
#include "report/page.hpp"
#include "report/results.hpp"
#include "report/verdict_words.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// How many instances had which tightness, for each H or each tenth of the discount.
json strata_to_json(const Finding& finding) {
  const Stratification by =
      finding.certificate ? stratification_of(finding.certificate->instance) : Stratification::none;
  if (by == Stratification::none || finding.claim->relation != Relation::at_most) return nullptr;
  json rows = json::array();
  for (const auto& [stratum, bins] : finding.summary.by_stratum)
    rows.push_back({{"at", stratum}, {"bins", bins}});
  return {{"by", by == Stratification::horizon ? "H" : "gamma"}, {"rows", std::move(rows)}};
}

const char* to_string(Curve::By by) {
  switch (by) {
    case Curve::By::horizon:
      return "H";
    case Curve::By::discount:
      return "gamma";
    case Curve::By::distance:
      return "distance";
  }
  return "";
}

/// Rounded to what a chart shows.
json rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

json curves_to_json(const std::vector<Curve>& curves) {
  json list = json::array();
  for (const Curve& curve : curves) {
    json points = json::array();
    for (const CurvePoint& point : curve.points)
      points.push_back({{"at", point.at},
                        {"instances", point.instances},
                        {"low", rounded(point.low)},
                        {"median", rounded(point.median)},
                        {"high", rounded(point.high)},
                        {"largest", rounded(point.largest)},
                        {"sharp", point.sharp ? rounded(*point.sharp) : json()}});
    list.push_back({{"by", to_string(curve.by)}, {"of", curve.of}, {"points", std::move(points)}});
  }
  return list;
}

json symbols_to_json(const Claim& claim) {
  json list = json::array();
  if (claim.lemma)
    for (const DefinedSymbol& symbol : defined_symbols(*claim.lemma))
      list.push_back({{"latex", symbol.latex}, {"plain", symbol.plain}, {"words", symbol.words}});
  return list;
}

json worked_or_null(const std::optional<WorkedInstance>& worked) {
  return worked ? worked_to_json(*worked) : json();
}

json worst_to_json(const std::vector<ModelPage::Worst>& list) {
  json rows = json::array();
  for (const ModelPage::Worst& worst : list) {
    json row;
    put_criterion(row, worst.criterion);
    put_number(row, "radius", worst.radius);
    put_number(row, "nominal", worst.nominal);
    put_number(row, "lowest", worst.lowest);
    put_number(row, "highest", worst.highest);
    put_number(row, "gap", max(worst.nominal - worst.lowest, worst.highest - worst.nominal));
    put_number(row, "bound", worst.bound);
    put_number(row, "sharp_bound", worst.sharp_bound);
    put_number(row, "robust", worst.robust);
    rows.push_back(std::move(row));
  }
  return rows;
}

json model_page_to_json(const ModelPage& page) {
  json out = {{"name", page.name},
              {"states", page.model->state_count()},
              {"actions", page.model->action_count()},
              {"optima", json::array()},
              {"copies", json::array()},
              {"claims", json::array()}};
  for (const auto& optimum : page.optima) {
    json entry;
    put_criterion(entry, optimum.criterion);
    put_number(entry, "value", optimum.value);
    out["optima"].push_back(entry);
  }
  for (const auto& copy : page.copies) {
    json entry = {{"instance", copy.instance}, {"perturbation", copy.perturbation}};
    put_number(entry, "l1", copy.l1);
    put_number(entry, "gap", copy.gap);
    put_number(entry, "bound", copy.bound);
    put_number(entry, "sharp_bound", copy.sharp_bound);
    put_number(entry, "ratio",
               copy.gap && copy.bound ? tightness(Sides{*copy.gap, *copy.bound}) : std::nullopt);
    out["copies"].push_back(entry);
  }
  out["by_radius"] = worst_to_json(page.by_radius);
  if (has_simulation_bound(page.criterion))
    out[page.criterion.horizon ? "by_horizon" : "by_discount"] = worst_to_json(page.by_criterion);
  put_criterion(out, page.criterion);
  for (const Finding& finding : page.findings) out["claims"].push_back(finding_to_json(finding, ""));
  return out;
}

void write_certificates(const fs::path& folder, const ReportedClaim& reported) {
  const auto write = [&](const Finding& finding, const std::string& suffix) {
    if (finding.certificate)
      write_file(folder / certificate_file_name(*finding.claim, suffix),
                 certificate_to_json(*finding.certificate).dump(2) + "\n");
  };
  write(reported.finding, "");
  for (std::size_t i = 0; i < reported.proof.steps.size(); ++i)
    write(reported.proof.steps[i], step_suffix(i));
}

}  // namespace

json report_as_json(const ReportData& data) {
  json out = {{"format", "lemmacheck-report"},
              {"version", 1},
              {"seed", data.plan.run.seed},
              {"instances", data.plan.run.instances},
              {"as_expected", data.as_expected()},
              {"claims", json::array()},
              {"models", json::array()}};
  for (const ReportedClaim& reported : data.claims) {
    const Claim& claim = *reported.finding.claim;
    json entry = claim_to_json(claim);
    const std::string file =
        reported.finding.certificate ? "certificates/" + certificate_file_name(claim) : std::string();
    entry.update(finding_to_json(reported.finding, file));
    if (claim.lemma)
      entry.update(proof_to_json(reported.proof, [&](const Finding& step, const std::string& suffix) {
        return step.certificate ? "certificates/" + certificate_file_name(claim, suffix) : std::string();
      }));
    entry["command"] = command_to_repeat(claim, data.plan.run.seed, data.plan.run.instances);
    entry["title"] = claim.lemma ? claim.lemma->texts.title : std::string();
    entry["printed_in_the_notes"] = is_printed_in_the_notes(claim);
    entry["verdict_in_words"] = verdict_in_words(reported.finding);
    entry["own_lines"] = own_lines_to_json(reported);
    entry["symbols"] = symbols_to_json(claim);
    entry["strata"] = strata_to_json(reported.finding);
    entry["curves"] = curves_to_json(reported.curves);
    entry["worked"] = worked_or_null(reported.worked);
    if (reported.worked && reported.worked->refutes)
      entry["worked"]["latex"] =
          instance_as_latex(*reported.worked, caption_of(claim, true), label_of(claim.id));
    entry["worked_step"] = worked_or_null(reported.worked_step);
    entry["vacuity"] = vacuity_to_json(reported.vacuity);
    entry["mutants"] = json::array();
    for (const MutantResult& mutant : reported.mutants)
      entry["mutants"].push_back(
          {{"name", mutant.name}, {"refuted_by", mutant.refuted_by ? json(*mutant.refuted_by) : json()}});
    out["claims"].push_back(std::move(entry));
  }
  out["kinds"] = table_to_json(kinds_table(data.claims));
  out["bounds"] = data.bounds_page ? bounds_page_to_json(*data.bounds_page) : json();
  out["latent"] = json::array();
  for (const EncodingTable& table : data.encoding_tables)
    out["latent"].push_back(encoding_table_to_json(table));
  out["recurrent"] = json::array();
  for (const RecurrentTable& table : data.recurrent_tables)
    out["recurrent"].push_back(recurrent_table_to_json(table));
  out["learning"] = data.learning_page ? learning_page_to_json(*data.learning_page) : json();
  if (data.model_page) out["models"].push_back(model_page_to_json(*data.model_page));
  return out;
}

Standing write_report(const ReportPlan& plan, const fs::path& folder, const Progress& progress) {
  Standing standing = Standing::unexpected;
  const json before = plan.compared.empty() ? json() : read_report(plan.compared);
  replace_folder(folder, "report.json", [&](const fs::path& fresh) {
    const ReportData data = gather_report(plan, progress);
    standing = data.standing();
    make_folder(fresh / "certificates");
    for (const ReportedClaim& reported : data.claims) write_certificates(fresh / "certificates", reported);
    json document = report_as_json(data);
    document["comparison"] = before.is_null() ? json() : compared_reports(before, document);
    write_file(fresh / "report.json", document.dump(1) + "\n");
    write_file(fresh / "report.md", report_as_markdown(data, document["comparison"]));
    write_file(fresh / "report.tex", report_as_latex(data));
    write_file(fresh / "junit.xml", report_as_junit(data));
    write_file(fresh / "index.html", page_with(document));
  });
  return standing;
}

}  // namespace lemmacheck
