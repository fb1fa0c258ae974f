/// Files as lists of lemmas, lemmas as lists of clauses: what the three dresses have in common.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "language/source_text.hpp"

namespace lemmacheck {

struct Clause {
  std::string
      keyword;      ///< lemma, title, source, like, given, where, write, assume, claim, proof, expect, ...
  Place place;      ///< of the keyword
  MappedText text;  ///< what follows it
};

/// A lemma before it is read: its clauses in the order of the text, without `lemma` itself.
struct LemmaSource {
  std::string id;
  Place place;
  std::vector<Clause> clauses;
};

/// The lemmas of a file by its ending: .lemma, .tex or .md. @throws LanguageError, and InvalidInput for a
/// file that cannot be opened or has another ending.
std::vector<LemmaSource> read_lemma_file(const std::filesystem::path& file);
/// Of a text in the plain dress.
std::vector<LemmaSource> read_plain(const std::shared_ptr<const SourceFile>& file);
std::vector<LemmaSource> read_tex(const std::shared_ptr<const SourceFile>& file);
std::vector<LemmaSource> read_markdown(const std::shared_ptr<const SourceFile>& file);

/// The keyword that a line begins with, or empty.
std::string keyword_at(std::string_view line);

/// Puts clauses together: the first must be a `lemma`, whose text is the id.
class LemmaAssembler {
 public:
  void begin_clause(const std::string& keyword, const Place& place, MappedText text);
  /// More text for the clause begun last. @returns false if there is none.
  bool continue_clause(const MappedText& text);
  Clause* last_clause();
  /// No clause goes on beyond this.
  void end_lemma() { open_ = false; }
  bool open() const { return open_; }
  std::vector<LemmaSource> finish();

 private:
  std::vector<LemmaSource> lemmas_;
  bool open_ = false;
};

/// Reads annotation text: clauses by their keywords at the starts of its lines.
void read_annotation(const MappedText& text, LemmaAssembler& assembler);

/// The bytes of a file. @throws InvalidInput if it cannot be read, is too long or is not UTF-8.
std::shared_ptr<const SourceFile> read_source_file(const std::filesystem::path& file);

}  // namespace lemmacheck
