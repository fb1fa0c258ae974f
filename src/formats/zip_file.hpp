/// ZIP archives, read whole.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace lemmacheck {

/// The files of an archive: their names and bytes. By libzip.
/// @throws InvalidInput naming the file, the fault and the remedy; of archives above 1 GB as well.
std::map<std::string, std::string> read_zip_file(const std::filesystem::path& file);

}  // namespace lemmacheck
