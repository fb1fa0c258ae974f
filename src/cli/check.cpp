#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "claims/bound_claim.hpp"
#include "cli/claim_set.hpp"
#include "language/print.hpp"
#include "report/checked_claims.hpp"
#include "report/lemma_results.hpp"
#include "report/proof_results.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct CheckOptions : RunOptions {
  std::vector<std::string> names, with;
  std::string out, sarif, junit, store;
  bool report_only = false, full = false;
  bool ablate = false, mutants = false, strength = false, slack = false, exhaustive = false, repair = false,
       sharpness = false;
  bool special() const { return ablate || mutants || strength || slack || exhaustive || repair || sharpness; }
};

std::vector<const Claim*> chosen(const Session& session, const ClaimSet& set, const CheckOptions& options,
                                 const Setting& setting) {
  if (options.names.empty()) return applicable_claims(session.ledger(), setting);
  for (const Claim* claim : set.claims)
    if (setting.model && !claim->domain.has_models)
      throw InvalidInput("claim " + claim->id + " is not about models; leave --model out");
  return set.claims;
}

/// @param suffix  ".step2" for a step of a proof.
std::string write_certificate(const std::string& folder, const Finding& finding,
                              const std::string& suffix = {}) {
  if (folder.empty() || !finding.certificate) return {};
  const std::filesystem::path file =
      std::filesystem::path(folder) / certificate_file_name(*finding.claim, suffix);
  write_file(file, certificate_to_json(*finding.certificate).dump(2) + "\n");
  return file.string();
}

/// Each of many edited lemmas gets as many instances as `try` gives one.
Run modest(Run run) {
  constexpr std::uint64_t most = 2000;
  run.instances = std::min(run.instances, most);
  return run;
}

/// Of lemmas that are texts: every part made weaker; of the others: their mutants.
void weaken_claims(Session& session, const std::vector<const Claim*>& claims, const Run& run) {
  std::string text;
  nlohmann::json list = nlohmann::json::array();
  std::size_t done = 0;
  for (const Claim* claim : claims) {
    session.progress("weakening the parts of " + claim->id, done++, claims.size());
    if (claim->lemma) {
      const LemmaStrength strength = strength_of(*claim, modest(run));
      list.push_back(lemma_strength_to_json(strength, claim->id));
      text += lemma_strength_as_text(strength, claim->id);
      continue;
    }
    nlohmann::json parts = nlohmann::json::array();
    text += claim->id + "\n";
    for (const MutantResult& mutant : check_mutants(*claim, run)) {
      parts.push_back({{"edit", mutant.name},
                       {"verdict", mutant.refuted_by ? "refuted" : "survives"},
                       {"smallest", nullptr},
                       {"certificate", nullptr}});
      text += "  " + mutant.name + "\n    " +
              (mutant.refuted_by ? "refuted by instance " + std::to_string(*mutant.refuted_by)
                                 : std::string("survives")) +
              "\n";
    }
    list.push_back({{"id", claim->id}, {"parts", parts}, {"met", nullptr}, {"informative", nullptr}});
  }
  session.progress("");
  session.json ? session.print({{"seed", run.seed}, {"claims", list}}) : session.print(text);
}

/// A command on claims that are texts.
template <class Find, class Json, class Words>
void on_lemmas(Session& session, const std::vector<const Claim*>& claims, const char* key, const char* doing,
               Find&& find, Json&& to_json, Words&& as_text) {
  std::string text;
  nlohmann::json list = nlohmann::json::array();
  std::size_t done = 0;
  for (const Claim* claim : claims) {
    session.progress(std::string(doing) + " " + claim->id, done++, claims.size());
    const auto found = find(*claim);
    list.push_back(to_json(found, claim->id));
    text += as_text(found, claim->id);
  }
  session.progress("");
  session.json ? session.print({{key, list}}) : session.print(text);
}

/// Every true claim without each of its hypotheses in turn.
void ablate_claims(Session& session, const std::vector<const Claim*>& claims, const Run& run) {
  std::vector<Ablation> ablations;
  std::size_t done = 0;
  for (const Claim* claim : claims) {
    session.progress("dropping the hypotheses of " + claim->id, done++, claims.size());
    if (claim->lemma) {
      Ablation ablation{claim, {}};
      for (DroppedHypothesis& each : drop_hypotheses(*claim, modest(run)))
        ablation.cells.push_back(
            {each.hypothesis, each.applicable, each.instances, std::move(each.counterexample)});
      ablations.push_back(std::move(ablation));
      continue;
    }
    if (claim->expected != Verdict::holds || (claim->domain.without.empty() && claim->without.empty()))
      continue;
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
  std::size_t done = 0;
  for (const Claim* claim : claims) {
    if (claim->expected != Verdict::holds) continue;
    session.progress("weakening " + claim->id, done++, claims.size());
    strengths.push_back({check_claim(*claim, Setting{}, run), check_mutants(*claim, run)});
    for (const MutantResult& mutant : strengths.back().mutants) blunt = blunt || !mutant.refuted_by;
  }
  session.progress("");
  session.exit_code = blunt ? unexpected : as_expected;
  if (session.json) return session.print({{"seed", run.seed}, {"strength", strengths_to_json(strengths)}});
  session.print(strengths_as_text(strengths));
}

void search_for_sharpness(Session& session, const CheckOptions& options) {
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

/// The claims that a question on texts is asked of: those named, or those of the ledger that it fits.
std::vector<const Claim*> texts_asked(const CheckOptions& options, const std::vector<const Claim*>& claims) {
  std::vector<const Claim*> texts;
  for (const Claim* claim : claims) {
    const bool named = !options.names.empty();
    if (!claim->lemma && named)
      throw InvalidInput("claim " + claim->id +
                         " is no text of the lemma language, of which alone this can be asked");
    const bool fits = claim->lemma && (!options.slack || !claim->lemma->steps().empty()) &&
                      (!options.repair || claim->expected == Verdict::violated);
    if (named || fits) texts.push_back(claim);
  }
  return texts;
}

/// Repair, slack, exhaustive and sharpness runs.
void ask_texts(Session& session, const CheckOptions& options, const std::vector<const Claim*>& claims) {
  const Run run = modest(options.run());
  constexpr int searches = 5;
  if (options.repair)
    return on_lemmas(
        session, claims, "repairs", "repairing", [&](const Claim& claim) { return repair_lemma(claim, run); },
        lemma_repair_to_json, lemma_repair_as_text);
  if (options.slack)
    return on_lemmas(
        session, claims, "slack", "weighing the proof of",
        [&](const Claim& claim) { return slack_of_lemma(claim, run); }, lemma_slack_to_json,
        lemma_slack_as_text);
  if (options.exhaustive)
    return on_lemmas(
        session, claims, "exhaustive", "listing all tiny instances of",
        [&](const Claim& claim) { return exhaust_lemma(claim, run); }, lemma_exhaustion_to_json,
        lemma_exhaustion_as_text);
  on_lemmas(
      session, claims, "sharpness", "searching for sharp instances of",
      [&](const Claim& claim) { return sharpness_of_lemma(claim, run, searches); }, lemma_sharpness_to_json,
      lemma_sharpness_as_text);
}

void check_specially(Session& session, const CheckOptions& options, const std::vector<const Claim*>& claims) {
  const Run run = options.run();
  if (options.strength) return weaken_claims(session, claims, run);
  if (options.ablate) return ablate_claims(session, claims, run);
  if (options.mutants) return check_strength(session, claims, run);
  if (options.sharpness && options.names.empty()) return search_for_sharpness(session, options);
  ask_texts(session, options, texts_asked(options, claims));
}

void write_outputs(const CheckOptions& options, const std::vector<CheckedClaim>& all) {
  if (!options.sarif.empty()) write_file(options.sarif, sarif_of(all).dump(2) + "\n");
  if (!options.junit.empty()) write_file(options.junit, junit_of(all, options.seed, options.instances));
}

void check(Session& session, const CheckOptions& options) {
  const Setting setting = options.setting();
  const ClaimSet set(session, options.names, options.with);
  const std::vector<const Claim*> claims = chosen(session, set, options, setting);
  if (options.special()) {
    if (setting.model || setting.horizon != 0 || !options.out.empty() || !options.sarif.empty() ||
        !options.junit.empty() || !options.store.empty())
      throw InvalidInput(
          "--ablate, --mutants, --strength, --slack, --exhaustive, --sharpness and --repair go with neither "
          "--model nor "
          "--horizon nor --out nor --sarif nor --junit nor --store; leave these out");
    return check_specially(session, options, claims);
  }
  const EarlierFindings earlier(options.store);
  if (!options.out.empty()) make_folder(options.out);
  std::vector<CheckedClaim> all;
  nlohmann::json document = {{"seed", options.seed}, {"claims", nlohmann::json::array()}};
  Standing worst = Standing::as_expected;
  std::size_t done = 0;
  for (const Claim* claim : claims) {
    session.progress("checking " + claim->id, done++, claims.size());
    CheckedClaim checked{check_claim(*claim, setting, options.run(), earlier.of(*claim)),
                         check_proof(*claim, setting, options.run())};
    nlohmann::json entry = finding_to_json(checked.finding, write_certificate(options.out, checked.finding));
    if (claim->lemma)
      entry.update(proof_to_json(checked.proof, [&](const Finding& step, const std::string& suffix) {
        return write_certificate(options.out, step, suffix);
      }));
    document["claims"].push_back(std::move(entry));
    worst = std::max(worst, standing_of(checked.finding, checked.proof));
    all.push_back(std::move(checked));
  }
  session.progress("");
  session.exit_code = options.report_only ? as_expected : exit_code_of(worst);
  write_outputs(options, all);
  if (on_github()) std::cerr << annotations_of(all);
  if (session.json) return session.print(document);
  session.print(checked_claims_as_text(all, !options.names.empty(), options.full));
}

}  // namespace

void add_check(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("check", "Check claims on drawn instances, exactly");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("FILE or ID", options->names,
                      "Files of lemmas (.lemma, .tex, .md) and ids; the whole ledger if left out");
  command->add_option("--with", options->with, "Folders of lemmas that others may be like");
  options->add_to(*command);
  command->add_option("--out", options->out, "Write the certificates to this folder");
  command->add_option(
      "--sarif", options->sarif,
      "Write what is wrong to this file as SARIF 2.1.0, at the lines of the lemmas' own files");
  command->add_option("--junit", options->junit, "Write the verdicts to this file as JUnit XML");
  command->add_option("--store", options->store,
                      "Try what the campaigns of this store found first: counterexamples, tight instances");
  command->add_flag("--full", options->full, "Show long tables and lists of instances whole");
  command->add_flag("--report-only", options->report_only, "Exit with 0 whatever the verdicts are");
  std::vector<CLI::Option*> special;
  const auto add_special = [&](const char* name, bool& flag, const char* help) {
    CLI::Option* option = command->add_flag(name, flag, help);
    for (CLI::Option* other : special) option->excludes(other);
    special.push_back(option);
  };
  add_special("--ablate", options->ablate, "Drop each hypothesis in turn: which are needed, and for what?");
  add_special("--mutants", options->mutants,
              "Make true claims wrong: which mutants, and which constants, does the run refute?");
  add_special("--strength", options->strength,
              "Weaken every constant, term, index and norm of a lemma's bound in turn: is each refuted, or "
              "is there a sharper lemma?");
  add_special("--slack", options->slack,
              "Where the slack of a bound goes: what each step of its proof gives away");
  add_special("--exhaustive", options->exhaustive, "Check all tiny instances there are, up to relabelling");
  add_special("--sharpness", options->sharpness,
              "Search for instances that reach the suprema, from nothing, over S, A, H and delta");
  add_special("--repair", options->repair, "The smallest edits that make a false claim true");
  command->callback([&session, options] { check(session, *options); });
}

}  // namespace lemmacheck
