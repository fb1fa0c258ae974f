#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/model_options.hpp"
#include "cli/session.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct ConvertOptions {
  std::string in, out;
  ReadingOptions reading;
};

void convert(Session& session, const ConvertOptions& options) {
  const ReadModel read = read_any_model(options.in, options.reading.options());
  std::error_code none;
  if (std::filesystem::equivalent(options.in, options.out, none))
    throw InvalidInput(options.out + ": is the file that is read; name another one to write");
  write_file(options.out, model_as_text(read.model, options.out));
  const FiniteMdp& model = read.model;
  std::size_t transitions = 0;
  for (const StochasticMatrix& kernel : model.kernels()) transitions += kernel.entries();
  if (session.json) {
    nlohmann::json document = {{"in", options.in},
                               {"out", options.out},
                               {"states", model.state_count()},
                               {"actions", model.action_count()},
                               {"transitions", transitions},
                               {"changes", read.changes}};
    Rational largest;
    for (const Rational& radius : read.radii) largest = max(largest, radius);
    put_number(document, "largest_distance", largest);
    return session.print(document);
  }
  std::string text = fmt::format("{}: {} states, {} actions, {} transitions\n", options.out,
                                 model.state_count(), model.action_count(), transitions);
  for (const std::string& change : read.changes) text += "changed: " + change + "\n";
  session.print(text);
}

}  // namespace

void add_convert(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("convert", "A model from one kind of file to another, .json or .drn");
  auto options = std::make_shared<ConvertOptions>();
  command->add_option("in", options->in, "The model")->required();
  command->add_option("out", options->out, "The file to write")->required();
  options->reading.add_to(*command);
  command->callback([&session, options] { convert(session, *options); });
}

}  // namespace lemmacheck
