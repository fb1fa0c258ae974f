#include "formats/text_lines.hpp"

#include <algorithm>
#include <charconv>

#include "numeric/error.hpp"
#include "numeric/utf8.hpp"

namespace lemmacheck {

namespace {
constexpr std::string_view blanks = " \t\r";
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string_view first_word(std::string_view& text) {
  text = trimmed(text);
  const std::size_t end = std::min(text.find_first_of(blanks), text.size());
  const std::string_view word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> list;
  for (std::string_view word = first_word(text); !word.empty(); word = first_word(text)) list.push_back(word);
  return list;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

TextLines::TextLines(const std::filesystem::path& file) : name_(file.string()), in_(file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) throw InvalidInput(name_ + ": is a folder; name a file");
  if (std::filesystem::is_character_file(file, error))
    throw InvalidInput(name_ + ": is a device; name a file");
  if (!in_) throw InvalidInput(name_ + ": cannot be opened; check the name and the permissions");
}

bool TextLines::next() {
  constexpr std::size_t longest = 1'000'000;
  if (!std::getline(in_, line_)) return false;
  ++number_;
  if (number_ == 1 && line_.starts_with("\xef\xbb\xbf")) line_.erase(0, 3);  // a byte order mark
  const bool control = std::any_of(line_.begin(), line_.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\r';
  });
  if (line_.size() > longest || control || !is_utf8(line_))
    fail("the line is no text", "name a text file in UTF-8");
  return true;
}

PrintedNumber TextLines::printed(std::string_view text) const {
  try {
    return read_printed(text);
  } catch (const InvalidInput&) {
    fail("'" + std::string(text.substr(0, 40)) + "' is not a number", "write 1/10, 0.1, 3 or 1e-5");
  }
}

std::uint32_t TextLines::index(std::string_view text, std::uint32_t below, const char* what) const {
  std::uint32_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value >= below)
    fail("'" + std::string(text.substr(0, 40)) + "' is not " + what,
         "a whole number from 0 to " + std::to_string(below - 1) + " stands here");
  return value;
}

void TextLines::fail(const std::string& fault, const std::string& remedy) const {
  throw InvalidInput(name_ + ":" + std::to_string(number_) + ": " + fault + "; " + remedy);
}

}  // namespace lemmacheck
