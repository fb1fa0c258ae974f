/// Models from files of any kind that is known, by the ending of the name.
#pragma once

#include <filesystem>

#include "formats/raw_model.hpp"

namespace lemmacheck {

/// `.json`: a model file of ours, which is exact by itself; `.drn`: Storm's.
/// @throws InvalidInput for other endings and for what the file's reader refuses.
ReadModel read_any_model(const std::filesystem::path& file, const ReadOptions& options = {});

/// A model in the form that the ending of the name says; as text for a file.
/// @throws InvalidInput for other endings and for what the form cannot hold.
std::string model_as_text(const FiniteMdp& model, const std::filesystem::path& file);

}  // namespace lemmacheck
