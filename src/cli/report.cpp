#include "report/report.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/claim_set.hpp"
#include "cli/model_options.hpp"
#include "report/data_folder.hpp"

namespace lemmacheck {
namespace {

struct ReportOptions : RunOptions {
  std::string out = "report", compare, store;
  CriterionOptions criterion;
  std::vector<std::string> lemmas, with;
};

void report(Session& session, const ReportOptions& options) {
  const ClaimSet set(session, options.lemmas, options.with);
  ReportPlan plan;
  plan.run = options.run();
  plan.claims = set.claims;
  plan.model_file = options.model_file;
  if (options.criterion.given()) plan.model_criterion = options.criterion.criterion();
  plan.compared = options.compare;
  if (options.lemmas.empty()) {
    for (const Claim& claim : session.ledger().claims()) plan.claims.push_back(&claim);
    if (plan.model_file.empty()) plan.model_file = data_file("models/frozenlake4x4_slippery.json").string();
  }
  const EarlierFindings earlier(options.store);
  for (const Claim* claim : plan.claims)
    if (auto instances = earlier.of(*claim); !instances.empty()) plan.earlier[claim] = std::move(instances);
  const Standing standing =
      write_report(plan, options.out, [&](const std::string& what, std::size_t done, std::size_t total) {
        session.progress(what, done, total);
      });
  session.progress("");
  const bool expected = standing == Standing::as_expected;
  session.exit_code = exit_code_of(standing);
  const std::string page = (std::filesystem::path(options.out) / "index.html").string();
  if (session.json) return session.print({{"report", page}, {"as_expected", expected}});
  session.print(fmt::format("{}\nreport: {}\n",
                            expected ? "All claims as expected." : "NOT all claims as expected.", page));
}

}  // namespace

void add_report(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("report", "Write the bound-tightness report: HTML, JSON, Markdown, LaTeX, JUnit");
  auto options = std::make_shared<ReportOptions>();
  options->instances = 2000;
  options->add_to(*command);
  command->remove_option(command->get_option("--horizon"));
  options->criterion.add_to(*command);
  command->get_option("--horizon")->description("The horizon of the model's page; 10 if left out");
  command->get_option("--model")->description(
      "The model which gets a page of its own; FrozenLake 4x4 if left out");
  CLI::Option* lemmas =
      command->add_option("--lemmas", options->lemmas,
                          "Report on the lemmas of these files (.lemma, .tex, .md) instead of the ledger");
  command->add_option("--with", options->with, "Folders of lemmas that others may be like")->needs(lemmas);
  for (const char* of_the_page : {"--model", "--horizon", "--discount", "--total", "--average"})
    command->get_option(of_the_page)->excludes(lemmas);
  command->add_option("--out", options->out, "Folder to write; an earlier report there is replaced")
      ->capture_default_str();
  command->add_option(
      "--compare", options->compare,
      "An earlier report.json: say what changed since, in report.md, report.json and on the page");
  command->add_option("--store", options->store,
                      "Try what the campaigns of this store found first: counterexamples, tight instances");
  command->callback([&session, options] { report(session, *options); });
}

}  // namespace lemmacheck
