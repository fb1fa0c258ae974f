#include "formats/any_model.hpp"

#include <nlohmann/json.hpp>

#include "formats/array_model.hpp"
#include "formats/cassandra.hpp"
#include "formats/drn.hpp"
#include "formats/prism.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {
namespace {

ReadModel without_observations(const CassandraModel& model, const ReadOptions& options) {
  if (!model.partially_observed()) return finished(model.raw, options);
  throw InvalidInput(
      model.raw.file +
      ": is partially observed, and policies here see the state; `lemmacheck convert` writes the "
      "process behind it and its observations, and `lemmacheck latent` takes both");
}

void require_one_reward(const std::filesystem::path& file, const ReadOptions& options) {
  if (!options.reward.empty())
    throw InvalidInput(file.string() + ": --reward is for .drn files; the rewards of this one have no names");
}

/// What has another ending may be JSON all the same.
FiniteMdp read_json_model(const std::filesystem::path& file) {
  if (ending_of(file) == ".json") return read_model_file(file);
  try {
    return read_model_file(file);
  } catch (const InvalidInput& fault) {
    throw InvalidInput(std::string(fault.what()) +
                       "; it was read as JSON, since its ending is none of .json, .drn, .tra, .mdp, .pomdp, "
                       ".npz and .npy");
  }
}

}  // namespace

std::string ending_of(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  for (char& c : ending)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return ending;
}

bool may_be_observed(const std::filesystem::path& file) {
  return ending_of(file) == ".pomdp" || ending_of(file) == ".mdp";
}

ReadModel read_any_model(const std::filesystem::path& file, const ReadOptions& options) {
  const std::string ending = ending_of(file);
  if (ending == ".drn") return finished(read_drn(file, options.reward), options);
  if (ending == ".tra" || may_be_observed(file) || ending == ".npz" || ending == ".npy") {
    require_one_reward(file, options);
    if (ending == ".tra") return finished(read_prism(file), options);
    if (may_be_observed(file)) return without_observations(read_cassandra(file, options), options);
    return finished(read_array_model(file, options), options);
  }
  const bool others = options.renormalise || options.nearest || options.decimal || !options.reward.empty();
  if (others)
    throw InvalidInput(
        file.string() +
        ": numbers of a JSON model are exact and its rewards are one table; leave out --numbers, "
        "--renormalise and --reward");
  FiniteMdp model = read_json_model(file);
  std::vector<Rational> radii(model.kernel(1).rows());
  return {std::move(model), {}, std::move(radii)};
}

std::map<std::filesystem::path, std::string> model_as_files(const FiniteMdp& model,
                                                            const std::filesystem::path& file) {
  const std::string ending = ending_of(file);
  if (ending == ".json") return {{file, model_to_json(model).dump(1) + "\n"}};
  if (ending == ".drn") return {{file, model_as_drn(model)}};
  if (ending != ".tra")
    throw InvalidInput(
        file.string() +
        ": a model is written as .json (ours, docs/formats.md), .drn (Storm's) or .tra (PRISM's)");
  for (const char* part : {".srew", ".sta"})
    if (std::filesystem::path beside = file; std::filesystem::exists(beside.replace_extension(part)))
      throw InvalidInput(beside.string() +
                         ": lies beside what is written, and would be read as part of it; remove it, or "
                         "choose another name");
  std::map<std::filesystem::path, std::string> files;
  for (auto& [part, text] : model_as_prism(model)) {
    std::filesystem::path name = file;
    files[part == ending ? file : name.replace_extension(part)] = std::move(text);
  }
  return files;
}

}  // namespace lemmacheck
