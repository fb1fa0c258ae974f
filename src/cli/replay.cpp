#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/claim_set.hpp"
#include "cli/session.hpp"
#include "language/certified_claim.hpp"
#include "report/latex.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

struct ReplayOptions {
  std::string file, claim, model;
  std::vector<std::string> lemmas;
  std::uint64_t seed = 1, instance = 0;
  int horizon = 0;
  bool latex = false, full = false;
};

CertifiedClaim replayed(const Session& session, const ReplayOptions& options) {
  if (options.file.empty() == options.claim.empty())
    throw InvalidInput("give either a certificate file or --claim with --seed and --instance");
  if (!options.file.empty()) {
    CertifiedClaim certified = read_certificate_file(options.file, session.ledger());
    if (const auto reason = reason_to_reject(certified.certificate, certified.claim))
      throw InvalidInput(options.file + ": " + *reason);
    return certified;
  }
  Claim claim = single_claim(session, options.claim, options.lemmas);
  RunOptions run;
  run.model_file = options.model;
  run.horizon = options.horizon;
  const Instance instance = draw_instance(claim.domain, run.setting(), options.seed, options.instance);
  Certificate certificate = certify(claim, instance, Certificate::Origin{options.seed, options.instance});
  return {std::move(certificate), std::move(claim)};
}

/// Each line as a comment of LaTeX.
std::string commented(const std::string& lines) {
  std::string out = "% ";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += lines[i];
    if (lines[i] == '\n' && i + 1 < lines.size()) out += "% ";
  }
  return out;
}

void replay(Session& session, const ReplayOptions& options) {
  const auto [certificate, claim] = replayed(session, options);
  if (session.json) return session.print(certificate_to_json(certificate));
  if (options.latex)
    return session.print_as_is("% Needs in the preamble:\n" + commented(latex_preamble()) +
                               certificate_as_latex(certificate, claim));
  session.print(certificate_as_text(certificate, claim, options.full));
}

}  // namespace

void add_replay(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "replay", "Compute one instance again and show it: from a certificate, or by its number");
  auto options = std::make_shared<ReplayOptions>();
  command->add_option("CERT", options->file, "Certificate file");
  command->add_option("--claim", options->claim, "Claim id");
  command->add_option("--lemmas", options->lemmas, "Files that hold the claim");
  command->add_option("--seed", options->seed, "Seed")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{INT64_MAX}))
      ->check(not_decimal)
      ->capture_default_str();
  command->add_option("--instance", options->instance, "Number of the instance")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{INT64_MAX}))
      ->check(not_decimal)
      ->capture_default_str();
  command->add_option("--model", options->model, "The model file that the run was given");
  command->add_flag("--full", options->full, "Show long tables and lists whole");
  command->add_flag("--latex", options->latex,
                    "Print it as a figure of LaTeX: its graph in TikZ, and both sides step by step");
  command->add_option("--horizon", options->horizon, "The horizon that the run was given")
      ->check(CLI::Range(1, max_horizon))
      ->check(not_decimal);
  command->callback([&session, options] { replay(session, *options); });
}

}  // namespace lemmacheck
