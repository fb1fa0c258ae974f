// LaTeX and Markdown: annotations in comments, displays as they are printed.
#include <algorithm>
#include <map>
#include <set>

#include "language/clauses.hpp"
#include "language/macros.hpp"

namespace lemmacheck {
namespace {

const std::set<std::string, std::less<>> display_environments = {
    "equation",    "align",   "gather", "multline", "eqnarray",
    "displaymath", "flalign", "dmath",  "alignat",  "math"};
const std::set<std::string, std::less<>> skipped_environments = {"verbatim", "lstlisting", "comment",
                                                                 "minted", "Verbatim"};

std::string without_star(std::string name) {
  if (!name.empty() && name.back() == '*') name.pop_back();
  return name;
}

/// Whether a clause waits for a display: it has no text, or text that ends in ':' or '='.
bool waits(const Clause& clause) {
  if (clause.keyword != "claim" && clause.keyword != "where" && clause.keyword != "assume" &&
      clause.keyword != "proof" && clause.keyword != "witness")
    return false;
  const MappedText text = clause.text.trimmed();
  return text.empty() || text.text().back() == ':' || text.text().back() == '=';
}

/// Whether a display goes on where one before it stopped.
bool goes_on(const MappedText& display) {
  static const char* const signs[] = {"\\le", "\\ge", "\\leq", "\\geq", "\\lt", "\\gt", "\\neq", "\\ne",
                                      "=",    "<",    ">",     "+",     "-",    "≤",    "≥"};
  std::string text;
  for (std::size_t i = 0; i < display.size(); ++i)
    if (display[i] != '&' && display[i] != ' ' && display[i] != '\n' && display[i] != '\t' &&
        display[i] != '{' && display[i] != '}')
      text += display[i];
  return std::any_of(std::begin(signs), std::end(signs),
                     [&](const char* sign) { return text.rfind(sign, 0) == 0; });
}

/// Feeds annotations and displays to the assembler.
class Annotated {
 public:
  explicit Annotated(const MacroTable& macros) : macros_(macros) {}

  void annotation(const MappedText& text) {
    finish_displays();
    read_annotation(text, assembler_);
  }

  void display(const MappedText& raw) {
    Clause* clause = assembler_.last_clause();
    if (clause == nullptr) return;
    const bool first = taking_ == nullptr && waits(*clause);
    const bool more = taking_ == clause && goes_on(raw);
    if (!first && !more) {
      finish_displays();
      return;
    }
    MappedText text = macros_.expanded(raw);
    if (first) {
      // Words such as "for all s:" before the display are read as they stand.
      if (!clause->text.trimmed().empty()) text = with_head(macros_.expanded(clause->text), text);
      clause->text = text;
    } else {
      clause->text.append(" ", text.place(0));
      clause->text.append(text);
    }
    clause->text.display = true;
    taking_ = clause;
  }

  /// Whatever follows, the lemma is over.
  void end_lemma() {
    finish_displays();
    assembler_.end_lemma();
  }

  std::vector<LemmaSource> finish() {
    std::vector<LemmaSource> lemmas = assembler_.finish();
    for (LemmaSource& lemma : lemmas)
      for (Clause& clause : lemma.clauses)
        if (!clause.text.display) clause.text = macros_.expanded(clause.text);
    for (const LemmaSource& lemma : lemmas)
      for (const Clause& clause : lemma.clauses)
        if (waits(clause) && clause.text.trimmed().empty())
          fail_at(clause.place, "no display follows this " + clause.keyword,
                  "write the formula after it, or a displayed equation below it in the same environment");
    return lemmas;
  }
  bool open() const { return assembler_.open(); }

 private:
  void finish_displays() { taking_ = nullptr; }
  static MappedText with_head(const MappedText& head, const MappedText& text) {
    MappedText joined = head;
    joined.append(" ", text.place(0));
    joined.append(text);
    return joined;
  }

  const MacroTable& macros_;
  LemmaAssembler assembler_;
  Clause* taking_ = nullptr;
};

/// Walks through a LaTeX file.
class TexWalker {
 public:
  TexWalker(const std::shared_ptr<const SourceFile>& file, Annotated& out)
      : file_(file), text_(file->text()), out_(out) {}

  void run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '%')
        comment();
      else if (c == '\\')
        command();
      else if (c == '$' && text_.compare(at_, 2, "$$") == 0)
        dollars();
      else
        ++at_;
    }
  }

 private:
  void comment() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    if (text_.compare(at_, 2, "%!") == 0) {
      MappedText line(file_, at_ + 2, end);
      const bool begins = keyword_at(line.text()) == "lemma";
      out_.annotation(line);
      if (begins) began_in_ = environments_.size();
    }
    at_ = end;
  }

  std::string braces() {
    std::size_t i = at_;
    while (i < text_.size() && text_[i] == ' ') ++i;
    if (i >= text_.size() || text_[i] != '{') return "";
    const std::size_t close = text_.find('}', i);
    if (close == std::string::npos) return "";
    at_ = close + 1;
    return text_.substr(i + 1, close - i - 1);
  }

  void command() {
    if (text_.compare(at_, 2, "\\[") == 0) return display_until("\\]", 2);
    if (text_.compare(at_, 6, "\\begin") == 0) return begin();
    if (text_.compare(at_, 4, "\\end") == 0 && text_.compare(at_, 9, "\\endgroup") != 0) return end();
    at_ += 2;  // the backslash and what it escapes
  }

  void begin() {
    at_ += 6;
    const std::string name = braces();
    if (skipped_environments.count(without_star(name)) != 0) {
      const std::size_t close = text_.find("\\end{" + name + "}", at_);
      at_ = close == std::string::npos ? text_.size() : close;
      return;
    }
    if (display_environments.count(without_star(name)) != 0) {
      if (without_star(name) == "alignat") braces();
      return display_until("\\end{" + name + "}", 0);
    }
    environments_.push_back(name);
  }

  void end() {
    at_ += 4;
    braces();
    if (environments_.empty()) return;
    if (out_.open() && environments_.size() == began_in_) out_.end_lemma();
    environments_.pop_back();
  }

  void dollars() { display_until("$$", 2); }

  /// A display without its comments and with nested split or aligned taken away.
  void display_until(const std::string& close, std::size_t open_length) {
    const std::size_t start = at_ + open_length;
    std::size_t end = start;
    while (true) {
      end = text_.find(close, end);
      if (end == std::string::npos)
        fail_at({file_, at_}, "this display is not closed", "close it by " + close);
      // Not inside of a comment.
      const std::size_t line = text_.rfind('\n', end);
      const std::size_t percent = text_.find('%', line == std::string::npos ? 0 : line);
      if (percent == std::string::npos || percent > end || (percent > 0 && text_[percent - 1] == '\\') ||
          percent < start)
        break;
      end += close.size();
    }
    MappedText display;
    std::size_t i = start;
    std::size_t kept = start;
    const auto keep = [&](std::size_t to) {
      if (to > kept) display.append(MappedText(file_, kept, to));
    };
    while (i < end) {
      if (text_[i] == '%' && (i == 0 || text_[i - 1] != '\\')) {
        keep(i);
        i = std::min(text_.find('\n', i), end);
        kept = i;
      } else if (text_.compare(i, 7, "\\begin{") == 0 || text_.compare(i, 5, "\\end{") == 0) {
        const std::size_t brace = text_.find('{', i), brace_end = text_.find('}', i);
        static const std::set<std::string> inner = {"split", "aligned", "gathered", "subequations"};
        if (brace_end != std::string::npos &&
            inner.count(text_.substr(brace + 1, brace_end - brace - 1)) != 0) {
          keep(i);
          i = brace_end + 1;
          kept = i;
        } else {
          ++i;
        }
      } else {
        ++i;
      }
    }
    keep(end);
    at_ = end + close.size();
    if (!display.empty()) out_.display(display);
  }

  std::shared_ptr<const SourceFile> file_;
  const std::string& text_;
  Annotated& out_;
  std::size_t at_ = 0, began_in_ = 0;
  std::vector<std::string> environments_;
};

}  // namespace

std::vector<LemmaSource> read_tex(const std::shared_ptr<const SourceFile>& file) {
  MacroTable macros;
  macros.collect(file);
  Annotated out(macros);
  TexWalker(file, out).run();
  return out.finish();
}

std::vector<LemmaSource> read_markdown(const std::shared_ptr<const SourceFile>& file) {
  MacroTable macros;
  macros.collect(file);
  Annotated out(macros);
  const std::string& text = file->text();
  for (std::size_t i = 0; i < text.size();) {
    const bool line_start = i == 0 || text[i - 1] == '\n';
    if (line_start && (text.compare(i, 3, "```") == 0 || text.compare(i, 3, "~~~") == 0)) {
      const std::string fence = text.substr(i, 3);
      const std::size_t line = std::min(text.find('\n', i), text.size());
      const std::size_t close = std::min(text.find("\n" + fence, line), text.size());
      if (text.substr(i + 3, line - i - 3) == "math")
        out.display(MappedText(file, std::min(line + 1, close), close));
      i = close < text.size() ? close + 4 : close;
    } else if (text.compare(i, 5, "<!--!") == 0) {
      const std::size_t close = text.find("-->", i);
      if (close == std::string::npos) fail_at({file, i}, "this comment is not closed", "close it by -->");
      out.annotation(MappedText(file, i + 5, close));
      i = close + 3;
    } else if (text.compare(i, 4, "<!--") == 0) {
      const std::size_t close = text.find("-->", i);
      i = close == std::string::npos ? text.size() : close + 3;
    } else if (text.compare(i, 2, "$$") == 0) {
      const std::size_t close = text.find("$$", i + 2);
      if (close == std::string::npos) fail_at({file, i}, "this display is not closed", "close it by $$");
      out.display(MappedText(file, i + 2, close));
      i = close + 2;
    } else {
      i += text[i] == '\\' ? 2 : 1;
    }
  }
  return out.finish();
}

}  // namespace lemmacheck
