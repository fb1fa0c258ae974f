/// Text files of other tools, line by line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "formats/number_text.hpp"

namespace lemmacheck {

std::string_view trimmed(std::string_view text);
/// Parts between spaces and tabs.
std::vector<std::string_view> words(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char at);
/// Takes the first word off.
std::string_view first_word(std::string_view& text);

class TextLines {
 public:
  /// @throws InvalidInput if the file cannot be opened.
  explicit TextLines(const std::filesystem::path& file);
  /// @returns false at the end.
  bool next();
  /// Without the white space around it.
  std::string_view line() const { return trimmed(line_); }
  std::size_t number() const { return number_; }
  /// @throws InvalidInput with the place where a text is none.
  PrintedNumber printed(std::string_view text) const;
  /// @param what  it is, such as "a state".
  std::uint32_t index(std::string_view text, std::uint32_t below, const char* what) const;
  /// "FILE:LINE: fault; remedy".
  [[noreturn]] void fail(const std::string& fault, const std::string& remedy) const;

 private:
  std::string name_;
  std::ifstream in_;
  std::string line_;
  std::size_t number_ = 0;
};

}  // namespace lemmacheck
