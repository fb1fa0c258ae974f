#include "formats/any_model.hpp"

#include <nlohmann/json.hpp>

#include "formats/drn.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {
namespace {

/// ".drn" of "MAZE.DRN".
std::string ending_of(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  for (char& c : ending)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return ending;
}

[[noreturn]] void fail_on_ending(const std::filesystem::path& file) {
  throw InvalidInput(file.string() +
                     ": a model's name ends in .json (ours, docs/formats.md) or .drn (Storm's)");
}

}  // namespace

ReadModel read_any_model(const std::filesystem::path& file, const ReadOptions& options) {
  const std::string ending = ending_of(file);
  if (ending == ".drn") return finished(read_drn(file, options.reward), options);
  const bool others = options.renormalise || options.nearest || !options.reward.empty();
  if (others && ending == ".json")
    throw InvalidInput(
        file.string() +
        ": numbers of a JSON model are exact and its rewards are one table; leave out --numbers, "
        "--renormalise and --reward");
  FiniteMdp model = read_model_file(file);
  std::vector<Rational> radii(model.kernel(1).rows());
  return {std::move(model), {}, std::move(radii)};
}

std::string model_as_text(const FiniteMdp& model, const std::filesystem::path& file) {
  const std::string ending = ending_of(file);
  if (ending == ".json") return model_to_json(model).dump(1) + "\n";
  if (ending == ".drn") return model_as_drn(model);
  fail_on_ending(file);
}

}  // namespace lemmacheck
