#include "report/report.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"
#include "report/data_folder.hpp"

namespace lemmacheck {
namespace {

struct Options : RunOptions {
  std::string out = "report";
};

void report(Session& session, const Options& options) {
  ReportPlan plan;
  plan.run = options.run();
  plan.model_file = options.model_file.empty() ? data_file("models/frozenlake4x4_slippery.json").string()
                                               : options.model_file;
  const Standing standing = write_report(session.ledger, plan, options.out,
                                         [&](const std::string& what) { session.progress(what); });
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
  auto options = std::make_shared<Options>();
  options->instances = 20000;
  options->add_to(*command);
  command->remove_option(command->get_option("--horizon"));
  command->get_option("--model")->description(
      "The model which gets a page of its own; FrozenLake 4x4 if left out");
  command->add_option("--out", options->out, "Folder to write; an earlier report there is replaced")
      ->capture_default_str();
  command->callback([&session, options] { report(session, *options); });
}

}  // namespace lemmacheck
