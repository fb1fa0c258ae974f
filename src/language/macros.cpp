#include "language/macros.hpp"

#include <cctype>
#include <filesystem>

#include "language/clauses.hpp"

namespace lemmacheck {
namespace {

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '@';
}

/// A reader of the text of definitions.
struct Cursor {
  const std::string& text;
  std::size_t at;

  void blanks() {
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0) ++at;
  }
  bool accept(char c) {
    blanks();
    if (at >= text.size() || text[at] != c) return false;
    ++at;
    return true;
  }
  /// \name, or empty.
  std::string command() {
    blanks();
    if (at >= text.size() || text[at] != '\\') return "";
    const std::size_t start = ++at;
    while (at < text.size() && is_letter(text[at])) ++at;
    if (at == start && at < text.size()) ++at;
    return text.substr(start, at - start);
  }
  /// What stands between balanced braces whose first has been read.
  std::string rest_of_braces() {
    const std::size_t start = at;
    int depth = 1;
    for (; at < text.size(); ++at) {
      if (text[at] == '\\') {
        ++at;
        continue;
      }
      if (text[at] == '{') ++depth;
      if (text[at] == '}' && --depth == 0) return text.substr(start, at++ - start);
    }
    return text.substr(std::min(start, text.size()));
  }
  std::string braced_command() {
    if (!accept('{')) return command();
    const std::string name = command();
    accept('}');
    return name;
  }
  std::string square() {
    blanks();
    if (at >= text.size() || text[at] != '[') return "";
    const std::size_t close = text.find(']', at);
    if (close == std::string::npos) return "";
    const std::string inner = text.substr(at + 1, close - at - 1);
    at = close + 1;
    return inner;
  }
  bool at_square() {
    blanks();
    return at < text.size() && text[at] == '[';
  }
};

std::string without_comments(const std::string& text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && (i == 0 || text[i - 1] != '\\')) {
      while (i < text.size() && text[i] != '\n') ++i;
    }
    if (i < text.size()) kept += text[i];
  }
  return kept;
}

constexpr int most_expansions = 2000;
constexpr std::size_t longest = 200'000;

}  // namespace

void MacroTable::collect(const std::shared_ptr<const SourceFile>& file) {
  collect(file, 0);
}

void MacroTable::collect(const std::shared_ptr<const SourceFile>& file, int depth) {
  constexpr int deepest = 8;
  if (depth > deepest || !seen_.insert(file->name()).second) return;
  const std::string text = without_comments(file->text());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') continue;
    Cursor cursor{text, i};
    const std::string word = cursor.command();
    if (word == "newcommand" || word == "renewcommand" || word == "providecommand") {
      cursor.accept('*');
      const std::string name = cursor.braced_command();
      Macro macro;
      const std::string count = cursor.square();
      if (!count.empty() && std::isdigit(static_cast<unsigned char>(count[0])) != 0)
        macro.arguments = count[0] - '0';
      if (cursor.at_square()) {
        macro.has_default = true;
        macro.default_argument = cursor.square();
      }
      if (!name.empty() && cursor.accept('{')) {
        macro.body = cursor.rest_of_braces();
        if (word != "providecommand" || macros_.count(name) == 0) macros_[name] = macro;
      }
    } else if (word == "def") {
      const std::string name = cursor.command();
      Macro macro;
      while (cursor.accept('#') && cursor.at < text.size() &&
             std::isdigit(static_cast<unsigned char>(text[cursor.at])) != 0) {
        ++macro.arguments;
        ++cursor.at;
      }
      if (!name.empty() && cursor.accept('{')) {
        macro.body = cursor.rest_of_braces();
        macros_[name] = macro;
      }
    } else if (word == "let") {
      const std::string name = cursor.command();
      cursor.accept('=');
      const std::string other = cursor.command();
      if (!name.empty() && !other.empty() && name != other)
        macros_[name] = {0, false, "", "\\" + other + " "};
    } else if (word == "DeclareMathOperator") {
      cursor.accept('*');
      const std::string name = cursor.braced_command();
      if (!name.empty() && cursor.accept('{'))
        macros_[name] = {0, false, "", "\\operatorname{" + cursor.rest_of_braces() + "}"};
    } else if (word == "input" || word == "include") {
      if (!cursor.accept('{')) continue;
      const std::string name = cursor.rest_of_braces();
      std::filesystem::path path = std::filesystem::path(file->name()).parent_path() / name;
      if (path.extension().empty()) path += ".tex";
      std::error_code error;
      if (std::filesystem::is_regular_file(path, error)) collect(read_source_file(path), depth + 1);
    }
  }
}

MappedText MacroTable::expanded(const MappedText& text) const {
  MappedText now = text;
  int expansions = 0;
  for (std::size_t i = 0; i < now.size();) {
    if (now[i] != '\\') {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (end < now.size() && is_letter(now[end])) ++end;
    if (end == i + 1) {
      i += 2;
      continue;
    }
    const auto found = macros_.find(now.text().substr(i + 1, end - i - 1));
    if (found == macros_.end()) {
      i = end;
      continue;
    }
    const Macro& macro = found->second;
    const Place place = now.place(i);
    if (++expansions > most_expansions || now.size() > longest)
      fail_at(place, "the macro \\" + found->first + " never ends", "check its definition for a circle");
    std::vector<MappedText> arguments;
    for (int k = 0; k < macro.arguments; ++k) {
      while (end < now.size() && std::isspace(static_cast<unsigned char>(now[end])) != 0) ++end;
      if (k == 0 && macro.has_default) {
        if (end < now.size() && now[end] == '[') {
          const std::size_t close = now.text().find(']', end);
          if (close == std::string::npos) fail_at(place, "an optional argument is not closed", "add ]");
          arguments.push_back(now.part(end + 1, close));
          end = close + 1;
        } else {
          MappedText given;
          given.append(macro.default_argument, place);
          arguments.push_back(given);
        }
        continue;
      }
      if (end >= now.size())
        fail_at(place, "the macro \\" + found->first + " lacks an argument",
                "give it " + std::to_string(macro.arguments));
      if (now[end] == '{') {
        int depth = 0;
        std::size_t close = end;
        for (; close < now.size(); ++close) {
          if (now[close] == '\\') {
            ++close;
            continue;
          }
          if (now[close] == '{') ++depth;
          if (now[close] == '}' && --depth == 0) break;
        }
        if (close >= now.size())
          fail_at(place, "an argument of \\" + found->first + " is not closed", "add the closing brace");
        arguments.push_back(now.part(end + 1, close));
        end = close + 1;
      } else {
        std::size_t close = end + 1;
        if (now[end] == '\\')
          while (close < now.size() && is_letter(now[close])) ++close;
        arguments.push_back(now.part(end, close));
        end = close;
      }
    }
    MappedText body;
    body.append("", place);
    for (std::size_t k = 0; k < macro.body.size(); ++k) {
      if (macro.body[k] == '#' && k + 1 < macro.body.size() &&
          std::isdigit(static_cast<unsigned char>(macro.body[k + 1])) != 0) {
        const auto which = static_cast<std::size_t>(macro.body[k + 1] - '1');
        if (which < arguments.size()) body.append(arguments[which]);
        ++k;
      } else {
        body.append(std::string_view(macro.body).substr(k, 1), place);
      }
    }
    MappedText result = now.part(0, i);
    result.append(body);
    // Letters that follow must not join a command at the body's end.
    if (!macro.body.empty() && is_letter(macro.body.back()) && end < now.size() && is_letter(now[end]))
      result.append(" ", place);
    result.append(now.part(end, now.size()));
    result.display = now.display;
    now = std::move(result);
  }
  return now;
}

}  // namespace lemmacheck
