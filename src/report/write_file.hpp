/// Writing results so that nothing is half-written and nothing is lost.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace lemmacheck {

/// Writes to a temporary file beside the target and renames it. @throws InvalidInput if that fails.
void write_file(const std::filesystem::path& file, const std::string& content);

/// The same of several files: none is put in its place before all are written.
void write_files(const std::map<std::filesystem::path, std::string>& contents);

/// Makes a folder and its parents. @throws InvalidInput if it cannot be made or is a file.
void make_folder(const std::filesystem::path& folder);

/// Fills a temporary folder beside the target through `fill`, then puts it in the target's place.
/// @param marker  a file which a folder that may be replaced contains; any other folder that is not empty is
/// left alone.
/// @throws InvalidInput if the target holds something else, or on a failure to write.
void replace_folder(const std::filesystem::path& target, const std::string& marker,
                    const std::function<void(const std::filesystem::path&)>& fill);

}  // namespace lemmacheck
