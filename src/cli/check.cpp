#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "campaign/check.hpp"
#include "cli/session.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct Options : RunOptions {
  std::vector<std::string> ids;
  std::string out;
};

std::vector<const Claim*> chosen(const Session& session, const Options& options, const Setting& setting) {
  if (options.ids.empty()) return applicable_claims(session.ledger, setting);
  std::vector<const Claim*> claims;
  for (const std::string& id : options.ids) {
    claims.push_back(&session.ledger.at(id));
    if (setting.model && !claims.back()->domain.has_models)
      throw InvalidInput("claim " + id + " is not about models; leave --model out");
  }
  return claims;
}

std::string write_certificate(const std::string& folder, const Finding& finding) {
  if (folder.empty() || !finding.certificate) return {};
  const std::filesystem::path file = std::filesystem::path(folder) / certificate_file_name(*finding.claim);
  write_file(file, certificate_to_json(*finding.certificate).dump(2) + "\n");
  return file.string();
}

Standing worst(const std::vector<Finding>& findings) {
  Standing standing = Standing::as_expected;
  for (const Finding& finding : findings) standing = std::max(standing, standing_of(finding));
  return standing;
}

void check(Session& session, const Options& options) {
  const Setting setting = options.setting();
  const std::vector<const Claim*> claims = chosen(session, options, setting);
  if (!options.out.empty()) make_folder(options.out);
  std::vector<Finding> findings;
  nlohmann::json document = {{"seed", options.seed}, {"claims", nlohmann::json::array()}};
  for (const Claim* claim : claims) {
    session.progress("checking " + claim->id);
    findings.push_back(check_claim(*claim, setting, options.run()));
    const std::string file = write_certificate(options.out, findings.back());
    document["claims"].push_back(finding_to_json(findings.back(), file));
  }
  session.progress("");
  session.exit_code = exit_code_of(worst(findings));
  if (session.json) return session.print(document);
  std::string text = findings_as_text(findings);
  // A claim asked for by name is shown with its witness.
  for (const Finding& finding : findings)
    if (!options.ids.empty() && finding.certificate)
      text += "\n" + certificate_as_text(*finding.certificate, *finding.claim);
  session.print(text);
}

}  // namespace

void add_check(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("check", "Check claims on drawn instances, exactly");
  auto options = std::make_shared<Options>();
  command->add_option("ID", options->ids, "Claims to check; all if left out");
  options->add_to(*command);
  command->add_option("--out", options->out, "Write the certificates to this folder");
  command->callback([&session, options] { check(session, *options); });
}

}  // namespace lemmacheck
