#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>
#include <string_view>

namespace lemmacheck {
namespace {

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

/// The line in pieces of at most `width` characters.
std::string broken_line(const std::string& line, std::size_t width) {
  constexpr std::size_t further = 4;
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size()) + further;
  if (characters(line) <= width || indent + further >= width) return line;
  std::string out, current;
  bool words = false;  // whether the current piece has any
  std::size_t at = 0;
  while (at < line.size()) {
    const std::size_t word = std::min(line.find_first_not_of(' ', at), line.size());
    const std::size_t end = std::min(line.find(' ', word), line.size());
    const std::string_view spaced(line.data() + at, end - at), alone(line.data() + word, end - word);
    if (words && characters(current) + characters(spaced) > width && !alone.empty()) {
      out += current + "\n";
      current = std::string(indent, ' ') + std::string(alone);
    } else {
      current += spaced;
    }
    words = true;
    at = end;
  }
  return out + current;
}

struct Marked {
  std::string_view word, colour;
};
constexpr std::string_view red = "\033[1;31m", green = "\033[32m", yellow = "\033[33m", plain = "\033[0m";
// The longer ones first.
constexpr std::array<Marked, 10> marked = {{{"NOT AS EXPECTED", red},
                                            {"violated", red},
                                            {"FALSE", red},
                                            {"rejected", red},
                                            {"undecided", yellow},
                                            {"holds", green},
                                            {"true on everything tried", green},
                                            {"accepted", green},
                                            {"as expected", green},
                                            {"no counterexample", green}}};

bool begins_column(const std::string& text, std::size_t at) {
  return at == 0 || text[at - 1] == '\n' || (at > 1 && text[at - 1] == ' ' && text[at - 2] == ' ');
}

bool ends_word(const std::string& text, std::size_t at) {
  return at == text.size() || std::string_view(" \n:;,.").find(text[at]) != std::string_view::npos;
}

}  // namespace

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t usual = 80;
  ::winsize size{};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

bool wants_colour(int descriptor) {
  const char *none = std::getenv("NO_COLOR"), *terminal = std::getenv("TERM");
  const bool refused = none != nullptr && *none != '\0';
  return ::isatty(descriptor) != 0 && !refused && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::string broken_to(const std::string& text, std::size_t width) {
  std::string out, line;
  std::istringstream in(text);
  while (std::getline(in, line)) out += broken_line(line, width) + "\n";
  if (!out.empty() && (text.empty() || text.back() != '\n')) out.pop_back();
  return out;
}

std::string with_coloured_verdicts(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Marked* found = nullptr;
    if (begins_column(text, at))
      for (const Marked& each : marked)
        if (text.compare(at, each.word.size(), each.word) == 0 && ends_word(text, at + each.word.size())) {
          found = &each;
          break;
        }
    if (found == nullptr) {
      out += text[at++];
      continue;
    }
    out.append(found->colour).append(found->word).append(plain);
    at += found->word.size();
  }
  return out;
}

}  // namespace lemmacheck
