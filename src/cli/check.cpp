#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "claims/bound_claim.hpp"
#include "cli/session.hpp"
#include "report/proof_results.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct Options : RunOptions {
  std::vector<std::string> ids;
  std::string out;
  bool ablate = false, mutants = false, slack = false, exhaustive = false, repair = false, sharpness = false;
  bool special() const { return ablate || mutants || slack || exhaustive || repair || sharpness; }
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
    if (claim->expected != Verdict::holds || (claim->domain.without.empty() && claim->without.empty()))
      continue;
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

/// What each step of a proof gives away.
void show_slack(Session& session, const std::vector<const Claim*>& claims, const Run& run, bool named) {
  std::vector<Slack> slacks;
  for (const Claim* claim : claims) {
    if (!claim->proof && !named) continue;
    session.progress("weighing the proof of " + claim->id);
    slacks.push_back(slack_of(*claim, run));
  }
  session.progress("");
  if (session.json) return session.print({{"seed", run.seed}, {"slack", slacks_to_json(slacks)}});
  session.print(slacks_as_text(slacks));
}

/// Every tiny instance there is.
void check_all_tiny(Session& session, const std::vector<const Claim*>& claims, const Run& run, bool named) {
  std::vector<Exhaustion> found;
  for (const Claim* claim : claims) {
    if (!can_exhaust(*claim)) {
      if (named)
        throw InvalidInput("claim " + claim->id + " is not about pairs of models that can be listed");
      continue;
    }
    session.progress("listing all tiny instances of " + claim->id);
    found.push_back(exhaust(*claim, run));
    if (found.back().counterexample && claim->expected == Verdict::holds) session.exit_code = unexpected;
  }
  session.progress("");
  if (session.json) return session.print({{"exhaustive", exhaustions_to_json(found)}});
  session.print(exhaustions_as_text(found));
}

/// The claims that are false and can be typed.
void repair_claims(Session& session, const std::vector<const Claim*>& claims, const Run& run, bool named) {
  std::string text;
  nlohmann::json list = nlohmann::json::array();
  for (const Claim* claim : claims) {
    if (!claim->as_typed) {
      if (named) throw InvalidInput("claim " + claim->id + " has no form that can be typed and edited");
      continue;
    }
    session.progress("repairing " + claim->id);
    const auto& [quantity, expression] = *claim->as_typed;
    const Repair repair = repair_bound(expression, bounded_quantity("try." + quantity).value(), run);
    nlohmann::json entry = repair_to_json(repair);
    entry["id"] = claim->id;
    list.push_back(std::move(entry));
    text += claim->id + "\n" + repair_as_text(repair) + "\n";
  }
  session.progress("");
  session.json ? session.print({{"repairs", list}}) : session.print(text);
}

/// How near to the suprema a search comes that knows nothing of them.
void search_for_sharpness(Session& session, const Options& options) {
  if (!options.ids.empty()) throw InvalidInput("--sharpness searches for all at once; leave the claims out");
  constexpr std::uint64_t most = 4000;
  constexpr int restarts = 12;
  Run run = options.run();
  run.instances = std::min(run.instances, most);
  std::vector<SearchedSharpness> table;
  for (const SharpnessCell& cell : sharpness_cells()) {
    session.progress(std::string("searching for ") + to_string(cell.quantity));
    table.push_back(search_sharpness(cell, run, restarts));
  }
  std::vector<FittedSupremum> fits;
  for (const SharpnessCell& cell : fitted_cells()) {
    session.progress(std::string("fitting ") + to_string(cell.quantity));
    fits.push_back(fit_supremum(cell, run, restarts));
  }
  session.progress("");
  if (session.json)
    return session.print(
        {{"seed", run.seed}, {"sharpness", sharpness_to_json(table)}, {"fits", fits_to_json(fits)}});
  session.print(sharpness_as_text(table) + "\n" + fits_as_text(fits));
}

void check_specially(Session& session, const Options& options, const std::vector<const Claim*>& claims) {
  const bool named = !options.ids.empty();
  const Run run = options.run();
  if (options.ablate) return ablate_claims(session, claims, run);
  if (options.mutants) return check_strength(session, claims, run);
  if (options.slack) return show_slack(session, claims, run, named);
  if (options.sharpness) return search_for_sharpness(session, options);
  if (options.exhaustive) return check_all_tiny(session, claims, run, named);
  // Each of some hundred edited bounds gets as many instances as `try` gives one.
  constexpr std::uint64_t most = 2000;
  Run modest = run;
  modest.instances = std::min(modest.instances, most);
  repair_claims(session, claims, modest, named);
}

void check(Session& session, const Options& options) {
  const Setting setting = options.setting();
  const std::vector<const Claim*> claims = chosen(session, options, setting);
  if (options.special()) {
    if (setting.model || setting.horizon != 0 || !options.out.empty())
      throw InvalidInput(
          "--ablate, --mutants, --slack, --exhaustive, --sharpness and --repair go with neither --model nor "
          "--horizon nor "
          "--out; leave these out");
    return check_specially(session, options, claims);
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
  std::vector<CLI::Option*> special;
  const auto add_special = [&](const char* name, bool& flag, const char* help) {
    CLI::Option* option = command->add_flag(name, flag, help);
    for (CLI::Option* other : special) option->excludes(other);
    special.push_back(option);
  };
  add_special("--ablate", options->ablate, "Drop each hypothesis in turn: which are needed, and for what?");
  add_special("--mutants", options->mutants,
              "Make true claims wrong: which mutants, and which constants, does the run refute?");
  add_special("--slack", options->slack,
              "Where the slack of a bound goes: what each step of its proof gives away");
  add_special("--exhaustive", options->exhaustive, "Check all tiny instances there are, up to relabelling");
  add_special("--sharpness", options->sharpness,
              "Search for instances that reach the suprema, from nothing, over S, A, H and delta");
  add_special("--repair", options->repair, "The smallest edits that make a false claim true");
  command->callback([&session, options] { check(session, *options); });
}

}  // namespace lemmacheck
