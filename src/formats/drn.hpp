/// Storm's explicit format DRN: DTMCs and MDPs with rational or decimal values, or intervals of them.
#pragma once

#include <filesystem>
#include <string>

#include "formats/raw_model.hpp"

namespace lemmacheck {

/// @param reward  which reward model; may be empty where the file has at most one.
/// @throws InvalidInput naming file and line, the fault and the remedy; of other types of models and
/// of parameters as well, which no model here can hold.
RawModel read_drn(const std::filesystem::path& file, const std::string& reward);

/// A stationary model that starts in one state. @throws InvalidInput otherwise.
std::string model_as_drn(const FiniteMdp& model);

}  // namespace lemmacheck
