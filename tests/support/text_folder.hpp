/// A temporary folder of text files.
#pragma once

#include <unistd.h>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace lemmacheck::testing {

class TextFolder {
 public:
  explicit TextFolder(const std::map<std::string, std::string>& files) {
    static std::atomic<int> count = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("lemmacheck_" + std::to_string(getpid()) + "_" + std::to_string(++count));
    std::filesystem::create_directory(folder_);
    for (const auto& [name, text] : files) std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  ~TextFolder() { std::filesystem::remove_all(folder_); }
  TextFolder(const TextFolder&) = delete;
  TextFolder& operator=(const TextFolder&) = delete;

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

}  // namespace lemmacheck::testing
