/// Files that a test writes.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace lemmacheck::testing {

/// A file of the given text in the folder for temporary files, removed with the object.
class TextFile {
 public:
  explicit TextFile(std::string_view text, const std::string& ending = ".json") {
    static int count = 0;
    const std::string name =
        "lemmacheck_test_" + std::to_string(getpid()) + "_" + std::to_string(count++) + ending;
    path_ = std::filesystem::temp_directory_path() / name;
    std::ofstream(path_, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  ~TextFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace lemmacheck::testing
