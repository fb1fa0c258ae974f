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
  bool ablate = false, mutants = false;
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

/// Every true claim without each of its hypotheses in turn.
void ablate_claims(Session& session, const std::vector<const Claim*>& claims, const Run& run) {
  std::vector<Ablation> ablations;
  for (const Claim* claim : claims) {
    if (claim->expected != Verdict::holds || claim->domain.without.empty()) continue;
    session.progress("dropping the hypotheses of " + claim->id);
    ablations.push_back(ablate(*claim, run));
  }
  session.progress("");
  if (session.json) return session.print({{"seed", run.seed}, {"ablation", ablations_to_json(ablations)}});
  session.print(ablations_as_text(ablations));
}

/// Every true claim made wrong.
void check_strength(Session& session, const std::vector<const Claim*>& claims, const Run& run) {
  std::vector<Strength> strengths;
  bool blunt = false;
  for (const Claim* claim : claims) {
    if (claim->expected != Verdict::holds) continue;
    session.progress("weakening " + claim->id);
    strengths.push_back({check_claim(*claim, Setting{}, run), check_mutants(*claim, run)});
    for (const MutantResult& mutant : strengths.back().mutants) blunt = blunt || !mutant.refuted_by;
  }
  session.progress("");
  session.exit_code = blunt ? unexpected : as_expected;
  if (session.json) return session.print({{"seed", run.seed}, {"strength", strengths_to_json(strengths)}});
  session.print(strengths_as_text(strengths));
}

void check(Session& session, const Options& options) {
  const Setting setting = options.setting();
  const std::vector<const Claim*> claims = chosen(session, options, setting);
  if (options.ablate || options.mutants) {
    if (setting.model || setting.horizon != 0 || !options.out.empty())
      throw InvalidInput(
          "--ablate and --mutants go with neither --model nor --horizon nor --out; leave these out");
    return options.ablate ? ablate_claims(session, claims, options.run())
                          : check_strength(session, claims, options.run());
  }
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
  CLI::Option* ablation = command->add_flag("--ablate", options->ablate,
                                            "Drop each hypothesis in turn: which are needed, and for what?");
  command
      ->add_flag("--mutants", options->mutants,
                 "Make true claims wrong: which mutants, and which constants, does the run refute?")
      ->excludes(ablation);
  command->callback([&session, options] { check(session, *options); });
}

}  // namespace lemmacheck
