#include "language/clauses.hpp"

#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include "numeric/utf8.hpp"

namespace lemmacheck {
namespace {

constexpr std::array keywords = {"lemma", "title", "source", "like",    "given", "where", "write",  "assume",
                                 "claim", "proof", "expect", "instead", "kind",  "note",  "witness"};

std::size_t first_letter(std::string_view line) {
  return std::min(line.find_first_not_of(" \t\r"), line.size());
}

/// Where a comment begins: a # at the start of a line or after a space.
std::size_t comment_at(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) return i;
  return line.size();
}

}  // namespace

std::string keyword_at(std::string_view line) {
  const std::size_t begin = first_letter(line);
  std::size_t end = begin;
  while (end < line.size() && line[end] >= 'a' && line[end] <= 'z') ++end;
  if (end < line.size() && line[end] != ' ' && line[end] != '\t' && line[end] != '\r') return "";
  const std::string word(line.substr(begin, end - begin));
  for (const char* keyword : keywords)
    if (word == keyword) return word;
  return "";
}

void LemmaAssembler::begin_clause(const std::string& keyword, const Place& place, MappedText text) {
  if (keyword != "lemma") {
    if (!open_ || lemmas_.empty())
      fail_at(place, "the clause \"" + keyword + "\" belongs to no lemma", "begin with: lemma NAME");
    lemmas_.back().clauses.push_back({keyword, place, std::move(text)});
    return;
  }
  const MappedText id = text.trimmed();
  if (id.empty()) fail_at(place, "the lemma has no name", "write: lemma section.name");
  for (std::size_t i = 0; i < id.size(); ++i) {
    const char c = id[i];
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         c == '.' || c == '_' || c == ':' || c == '-';
    if (!allowed)
      fail_at(id.place(i), "a lemma's name cannot hold this", "use letters, digits, '.', '_', ':' and '-'");
  }
  for (const LemmaSource& lemma : lemmas_)
    if (lemma.id == id.text())
      fail_at(place, "two lemmas are called " + id.text() + ", the first at " + lemma.place.to_string(),
              "rename one of them");
  lemmas_.push_back({id.text(), place, {}});
  open_ = true;
}

bool LemmaAssembler::continue_clause(const MappedText& text) {
  Clause* clause = last_clause();
  if (clause == nullptr) return false;
  clause->text.append(text);
  return true;
}

Clause* LemmaAssembler::last_clause() {
  if (!open_ || lemmas_.empty() || lemmas_.back().clauses.empty()) return nullptr;
  return &lemmas_.back().clauses.back();
}

std::vector<LemmaSource> LemmaAssembler::finish() {
  for (LemmaSource& lemma : lemmas_)
    for (Clause& clause : lemma.clauses) {
      const bool display = clause.text.display;
      clause.text = clause.text.trimmed();
      clause.text.display = display;
    }
  return std::move(lemmas_);
}

void read_annotation(const MappedText& text, LemmaAssembler& assembler) {
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t newline = text.text().find('\n', begin);
    const std::size_t end = newline == std::string::npos ? text.size() : newline + 1;
    const std::string_view line = std::string_view(text.text()).substr(begin, end - begin);
    const std::string_view kept = line.substr(0, comment_at(line));
    const std::string keyword = keyword_at(kept.substr(0, kept.find('\n')));
    const std::size_t word = begin + first_letter(kept);
    if (!keyword.empty()) {
      MappedText rest = text.part(word + keyword.size(), begin + kept.size());
      rest.append("\n", rest.place(rest.size()));
      assembler.begin_clause(keyword, text.place(word), std::move(rest));
    } else if (first_letter(kept) < kept.size() && kept[first_letter(kept)] != '\n') {
      MappedText more = text.part(begin, begin + kept.size());
      more.append("\n", more.place(more.size()));
      if (!assembler.continue_clause(more))
        fail_at(text.place(word),
                assembler.open() ? "no clause begins here" : "this stands before the first lemma",
                "begin with a keyword: lemma, source, given, where, assume, claim, expect, note; a comment "
                "begins with #");
    }
    if (newline == std::string::npos) break;
    begin = end;
  }
}

std::vector<LemmaSource> read_plain(const std::shared_ptr<const SourceFile>& file) {
  LemmaAssembler assembler;
  read_annotation(MappedText(file, 0, file->text().size()), assembler);
  return assembler.finish();
}

std::shared_ptr<const SourceFile> read_source_file(const std::filesystem::path& file) {
  constexpr std::uintmax_t longest = 10'000'000;
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    throw InvalidInput(file.string() + ": is a folder; name a file of lemmas (.lemma, .tex or .md)");
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InvalidInput(file.string() + ": cannot be opened; check the name and the permissions");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  std::string text = bytes.str();
  if (text.size() > longest) throw InvalidInput(file.string() + ": is longer than 10 MB; split it");
  if (text.rfind("\xEF\xBB\xBF", 0) == 0) text.erase(0, 3);
  if (!is_utf8(text))
    throw InvalidInput(file.string() + ": is not UTF-8; convert it, for example by iconv -t UTF-8");
  return std::make_shared<const SourceFile>(file.string(), std::move(text));
}

std::vector<LemmaSource> read_lemma_file(const std::filesystem::path& file) {
  const std::string ending = file.extension().string();
  if (std::filesystem::is_directory(file))
    throw InvalidInput(file.string() + ": is a folder; name the files in it");
  if (ending != ".lemma" && ending != ".tex" && ending != ".md" && ending != ".markdown")
    throw InvalidInput(file.string() + ": how to read a file that ends in \"" + ending +
                       "\" is not known; name it .lemma, .tex or .md");
  const auto source = read_source_file(file);
  std::vector<LemmaSource> lemmas = ending == ".lemma" ? read_plain(source)
                                    : ending == ".tex" ? read_tex(source)
                                                       : read_markdown(source);
  if (lemmas.empty())
    throw InvalidInput(
        file.string() + ": there is no lemma in it; " +
        (ending == ".lemma" ? "write one as docs/language.md shows: lemma NAME, given ..., claim ..."
         : ending == ".tex" ? "annotate one in comments: %! lemma NAME, %! given ..., %! claim"
                            : "annotate one in comments: <!--! lemma NAME given ... claim -->"));
  return lemmas;
}

}  // namespace lemmacheck
