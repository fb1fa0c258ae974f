/// Files which ship with the program: models, schemas.
#pragma once

#include <filesystem>
#include <string>

namespace lemmacheck {

/// A shipped file such as "models/taxi.json": under $LEMMACHECK_DATA, the installation's folder, or the
/// source tree.
/// @throws InvalidInput if it is in none of them.
std::filesystem::path data_file(const std::string& name);

}  // namespace lemmacheck
