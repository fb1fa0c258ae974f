#include "language/source_text.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t characters(std::string_view bytes) {
  return static_cast<std::size_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return !is_continuation(c); }));
}

/// The line with a caret under the place; long lines are cut around it.
std::string excerpt(const Place& place) {
  constexpr std::size_t widest = 100, before = 60;
  const std::string_view line = place.file->line_at(place.offset);
  const std::size_t at = place.offset - static_cast<std::size_t>(line.data() - place.file->text().data());
  std::size_t begin = at > before && line.size() > widest ? at - before : 0;
  while (begin < line.size() && is_continuation(line[begin])) ++begin;
  std::size_t end = std::min(line.size(), begin + widest);
  while (end < line.size() && is_continuation(line[end])) ++end;
  std::string shown(line.substr(begin, end - begin));
  std::replace(shown.begin(), shown.end(), '\t', ' ');
  const std::string head = begin > 0 ? "..." : "", tail = end < line.size() ? "..." : "";
  const std::size_t column = characters(line.substr(begin, std::min(at, line.size()) - begin));
  return "    " + head + shown + tail + "\n    " + std::string(head.size() + column, ' ') + "^\n";
}

}  // namespace

SourceFile::SourceFile(std::string file_name, std::string file_text)
    : name_(std::move(file_name)), text_(std::move(file_text)), line_starts_{0} {
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
}

SourceFile::LineColumn SourceFile::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::size_t>(after - line_starts_.begin());
  const std::size_t start = line_starts_[line - 1];
  return {line, characters(std::string_view(text_).substr(start, offset - start)) + 1};
}

std::string_view SourceFile::line_at(std::size_t offset) const {
  const std::size_t start = line_starts_[position(offset).line - 1];
  std::size_t end = text_.find('\n', start);
  if (end == std::string::npos) end = text_.size();
  if (end > start && text_[end - 1] == '\r') --end;
  return std::string_view(text_).substr(start, end - start);
}

std::string Place::to_string() const {
  if (!file) return "";
  const auto [line, column] = file->position(offset);
  return file->name() + ":" + std::to_string(line) + ":" + std::to_string(column);
}

LanguageError::LanguageError(Place error_place, std::string fault, std::string remedy)
    : InvalidInput(error_place.to_string() + ": " + fault + "\n" +
                   (error_place.file ? excerpt(error_place) : std::string()) + remedy),
      place_(std::move(error_place)),
      message_(std::move(fault) + (remedy.empty() ? "" : "; ") + std::move(remedy)) {}

void fail_at(const Place& place, const std::string& fault, const std::string& remedy) {
  throw LanguageError(place, fault, remedy);
}

MappedText::MappedText(const std::shared_ptr<const SourceFile>& file, std::size_t begin, std::size_t end)
    : text_(file->text().substr(begin, end - begin)) {
  const std::uint32_t index = file_index(file);
  origins_.reserve(text_.size());
  for (std::size_t i = begin; i < end; ++i) origins_.push_back({index, static_cast<std::uint32_t>(i)});
  end_ = {index, static_cast<std::uint32_t>(end)};
}

std::uint32_t MappedText::file_index(const std::shared_ptr<const SourceFile>& file) {
  const auto found = std::find(files_.begin(), files_.end(), file);
  if (found != files_.end()) return static_cast<std::uint32_t>(found - files_.begin());
  files_.push_back(file);
  return static_cast<std::uint32_t>(files_.size() - 1);
}

Place MappedText::place(std::size_t i) const {
  if (files_.empty()) return {};
  const Origin& origin = i < origins_.size() ? origins_[i] : end_;
  return {files_[origin.file], origin.offset};
}

void MappedText::append(const MappedText& other) {
  std::vector<std::uint32_t> index;
  for (const auto& file : other.files_) index.push_back(file_index(file));
  text_ += other.text_;
  origins_.reserve(origins_.size() + other.size());
  for (const Origin& origin : other.origins_) origins_.push_back({index[origin.file], origin.offset});
  if (!index.empty()) end_ = {index[other.end_.file], other.end_.offset};
}

void MappedText::append(std::string_view characters_added, const Place& place) {
  const Origin origin{file_index(place.file), static_cast<std::uint32_t>(place.offset)};
  text_ += characters_added;
  origins_.insert(origins_.end(), characters_added.size(), origin);
  end_ = origin;
}

MappedText MappedText::part(std::size_t begin, std::size_t end) const {
  MappedText result;
  result.display = display;
  result.files_ = files_;
  result.text_ = text_.substr(begin, end - begin);
  const auto at = [&](std::size_t i) { return origins_.begin() + static_cast<std::ptrdiff_t>(i); };
  result.origins_.assign(at(begin), at(begin + result.text_.size()));
  result.end_ = end < origins_.size() ? origins_[end] : end_;
  return result;
}

MappedText MappedText::trimmed() const {
  constexpr const char* blank = " \t\r\n";
  const std::size_t first = text_.find_first_not_of(blank);
  if (first == std::string::npos) return part(text_.size(), text_.size());
  return part(first, text_.find_last_not_of(blank) + 1);
}

}  // namespace lemmacheck
