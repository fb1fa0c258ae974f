#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/model_options.hpp"
#include "cli/session.hpp"
#include "formats/cassandra.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct ConvertOptions {
  std::string in, out;
  ReadingOptions reading;
};

/// NAME_observations.json beside NAME.json.
std::filesystem::path observations_file(const std::filesystem::path& model) {
  return model.parent_path() / (model.stem().string() + "_observations.json");
}

std::string observations_as_text(const ObservedModel& model) {
  nlohmann::json out = {{"observations", model.emission.columns()}, {"emissions", nlohmann::json::array()}};
  for (std::size_t row = 0; row < model.emission.rows(); ++row)
    for (std::size_t e = model.emission.row_begin(row); e < model.emission.row_end(row); ++e)
      out["emissions"].push_back({row, model.emission.column(e), model.emission.probability(e).to_string()});
  return out.dump(1) + "\n";
}

struct Converted {
  ReadModel read;
  std::map<std::filesystem::path, std::string> files;
};

Converted converted(const ConvertOptions& options) {
  const ReadOptions reading = options.reading.options();
  if (may_be_observed(options.in)) {
    const CassandraModel model = read_cassandra(options.in, reading);
    if (model.partially_observed()) {
      if (ending_of(options.out) != ".json")
        throw InvalidInput(options.out +
                           ": a partially observed model is written as .json, with its observations "
                           "beside it");
      ObservedModel observed = observed_model(model, reading);
      auto files = model_as_files(observed.read.model, options.out);
      files[observations_file(options.out)] = observations_as_text(observed);
      return {std::move(observed.read), std::move(files)};
    }
  }
  ReadModel read = read_any_model(options.in, reading);
  auto files = model_as_files(read.model, options.out);
  return {std::move(read), std::move(files)};
}

void convert(Session& session, const ConvertOptions& options) {
  const Converted result = converted(options);
  std::error_code none;
  for (const auto& [file, text] : result.files)
    if (std::filesystem::equivalent(options.in, file, none))
      throw InvalidInput(file.string() + ": is the file that is read; name another one to write");
  write_files(result.files);
  const FiniteMdp& model = result.read.model;
  std::size_t transitions = 0;
  for (const StochasticMatrix& kernel : model.kernels()) transitions += kernel.entries();
  std::vector<std::string> written;
  for (const auto& [file, text] : result.files) written.push_back(file.string());
  if (session.json) {
    nlohmann::json document = {{"in", options.in},
                               {"out", options.out},
                               {"files", written},
                               {"states", model.state_count()},
                               {"actions", model.action_count()},
                               {"transitions", transitions},
                               {"changes", result.read.changes}};
    Rational largest;
    for (const Rational& radius : result.read.radii) largest = max(largest, radius);
    put_number(document, "largest_distance", largest);
    return session.print(document);
  }
  std::string text = fmt::format("{}: {} states, {} actions, {} transitions\n", fmt::join(written, ", "),
                                 model.state_count(), model.action_count(), transitions);
  for (const std::string& change : result.read.changes) text += "changed: " + change + "\n";
  session.print(text);
}

}  // namespace

void add_convert(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "convert",
      "A model from one kind of file to another: .json, .drn, .tra; from .mdp, .pomdp, .npz, .npy as well");
  auto options = std::make_shared<ConvertOptions>();
  command->add_option("in", options->in, "The model")->required();
  command->add_option("out", options->out, "The file to write")->required();
  options->reading.add_to(*command);
  command->callback([&session, options] { convert(session, *options); });
}

}  // namespace lemmacheck
