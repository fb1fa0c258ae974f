/// Models from files of any kind that is known, by the ending of the name.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "formats/raw_model.hpp"

namespace lemmacheck {

/// `.json`: a model file of ours, which is exact by itself; `.drn`: Storm's; `.tra`: PRISM's, with what lies
/// beside it; `.mdp`: Cassandra's; `.npz`, `.npy`: arrays. Other names are taken for a JSON model's.
/// @throws InvalidInput for what the file's reader refuses, and for partially observed
/// models, whose policies do not see the state.
ReadModel read_any_model(const std::filesystem::path& file, const ReadOptions& options = {});

/// The lower-case ending of a name, such as ".drn" of "MAZE.DRN".
std::string ending_of(const std::filesystem::path& file);
/// Whether the name is that of a model that may be partially observed: ".pomdp" or ".mdp".
bool may_be_observed(const std::filesystem::path& file);

/// A model in the form that the ending of the name says: the files to write, and their texts.
/// @throws InvalidInput for other endings and for what the form cannot hold.
std::map<std::filesystem::path, std::string> model_as_files(const FiniteMdp& model,
                                                            const std::filesystem::path& file);

}  // namespace lemmacheck
