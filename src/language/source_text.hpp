/// Text with the places that it came from, and errors that show a place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "numeric/error.hpp"

namespace lemmacheck {

/// A file as it was read, or what was typed at the command line.
class SourceFile {
 public:
  SourceFile(std::string file_name, std::string file_text);
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  struct LineColumn {
    std::size_t line, column;  ///< both from 1; columns count characters, not bytes
  };
  LineColumn position(std::size_t offset) const;
  /// The whole line that an offset stands in, without its end.
  std::string_view line_at(std::size_t offset) const;

 private:
  std::string name_, text_;
  std::vector<std::size_t> line_starts_;
};

/// A place in a file. The file lives as long as anything that speaks of its places.
struct Place {
  std::shared_ptr<const SourceFile> file;
  std::size_t offset = 0;
  /// "paper.tex:12:5"
  std::string to_string() const;
};

/// What a user wrote cannot be read. what() is the whole message: file:line:column, the fault, the line with
/// a caret, the remedy.
class LanguageError : public InvalidInput {
 public:
  LanguageError(Place error_place, std::string fault, std::string remedy);
  const Place& place() const { return place_; }
  /// Fault and remedy without the place, for machines.
  const std::string& message() const { return message_; }

 private:
  Place place_;
  std::string message_;
};

/// @param fault what is wrong; @param remedy what would be right.
[[noreturn]] void fail_at(const Place& place, const std::string& fault, const std::string& remedy);

/// Characters with the place of each: macros, comments and joined displays leave text that stands nowhere as
/// a whole.
class MappedText {
 public:
  MappedText() = default;
  /// A part of a file.
  MappedText(const std::shared_ptr<const SourceFile>& file, std::size_t begin, std::size_t end);

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  std::size_t size() const { return text_.size(); }
  char operator[](std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  /// Of character i, or of the end.
  Place place(std::size_t i) const;

  void append(const MappedText& other);
  /// Characters that all stand for one place.
  void append(std::string_view characters, const Place& place);
  MappedText part(std::size_t begin, std::size_t end) const;
  /// Without white space at both ends.
  MappedText trimmed() const;

  /// Whether it is shown as mathematics: then a bare script is one character, `~` is a space, and a run of
  /// letters may be a product.
  bool display = false;

 private:
  struct Origin {
    std::uint32_t file, offset;
  };
  std::uint32_t file_index(const std::shared_ptr<const SourceFile>& file);
  std::string text_;
  std::vector<Origin> origins_;
  std::vector<std::shared_ptr<const SourceFile>> files_;
  Origin end_{0, 0};
};

}  // namespace lemmacheck
