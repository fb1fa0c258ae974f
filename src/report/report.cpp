#include "report/report.hpp"

#include <nlohmann/json.hpp>

#include "report/checked_claims.hpp"
#include "report/data_folder.hpp"
#include "report/lemma_results.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

void copy_katex(const fs::path& folder) {
  const fs::path katex = katex_folder();
  if (katex.empty()) return;
  make_folder(folder / "katex" / "fonts");
  for (const char* name : {"katex.min.js", "katex.min.css"})
    fs::copy_file(katex / name, folder / "katex" / name);
  std::error_code ignored;  // without a font the browser's own serves
  for (const auto& entry : fs::directory_iterator(katex / "fonts", ignored))
    if (entry.path().extension() == ".woff2")
      fs::copy_file(entry.path(), folder / "katex" / "fonts" / entry.path().filename(), ignored);
}

json model_page_to_json(const ModelPage& page) {
  json out = {{"name", page.name},
              {"states", page.model->state_count()},
              {"actions", page.model->action_count()},
              {"horizon", page.horizon},
              {"optima", json::array()},
              {"copies", json::array()},
              {"claims", json::array()}};
  for (const auto& optimum : page.optima) {
    json entry = {{"horizon", optimum.horizon}};
    put_number(entry, "value", optimum.value);
    out["optima"].push_back(entry);
  }
  for (const auto& copy : page.copies) {
    json entry = {{"instance", copy.instance}, {"perturbation", copy.perturbation}};
    put_number(entry, "l1", copy.l1);
    put_number(entry, "gap", copy.gap);
    put_number(entry, "bound", copy.bound);
    put_number(entry, "sharp_bound", copy.sharp_bound);
    put_number(entry, "ratio", tightness(Sides{copy.gap, copy.bound}));
    out["copies"].push_back(entry);
  }
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
    entry["vacuity"] = vacuity_to_json(reported.vacuity);
    entry["mutants"] = json::array();
    for (const MutantResult& mutant : reported.mutants)
      entry["mutants"].push_back(
          {{"name", mutant.name}, {"refuted_by", mutant.refuted_by ? json(*mutant.refuted_by) : json()}});
    out["claims"].push_back(std::move(entry));
  }
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
  replace_folder(folder, "report.json", [&](const fs::path& fresh) {
    const ReportData data = gather_report(plan, progress);
    standing = data.standing();
    progress("writing the report");
    make_folder(fresh / "certificates");
    for (const ReportedClaim& reported : data.claims) write_certificates(fresh / "certificates", reported);
    write_file(fresh / "report.json", report_as_json(data).dump(2) + "\n");
    write_file(fresh / "report.md", report_as_markdown(data));
    write_file(fresh / "report.tex", report_as_latex(data));
    write_file(fresh / "junit.xml", report_as_junit(data));
    write_file(fresh / "index.html", report_as_html(data));
    if (data.bounds_page) write_file(fresh / "bounds.html", bounds_page_as_html(data));
    if (!data.encoding_tables.empty()) write_file(fresh / "latent.html", latent_page_as_html(data));
    if (data.learning_page) write_file(fresh / "learning.html", learning_page_as_html(data));
    if (data.model_page) write_file(fresh / "model.html", model_page_as_html(data));
    copy_katex(fresh);
  });
  return standing;
}

}  // namespace lemmacheck
