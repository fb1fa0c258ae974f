/// A lemma that was read as a claim that is checked: everything that is done to claims is done to it.
#pragma once

#include <map>

#include "claims/claim.hpp"
#include "language/clauses.hpp"
#include "language/lemma.hpp"

namespace lemmacheck {

/// The claim that all of a lemma's claims hold.
Claim lemma_claim(const std::shared_ptr<const Lemma>& lemma);
/// The same domain and assumptions with other comparisons: a step of a proof, a claim made stronger or
/// weaker.
/// @param terms  what tightness is of, for each comparison; nullptr: the whole side.
Claim lemma_claim(const std::shared_ptr<const Lemma>& lemma, const std::vector<Comparison>& comparisons,
                  const std::vector<Tree>& terms);
/// The lemma's claim on every tiny instance of a shape; nothing where there are more than `most` of them.
struct TinyShape;
std::optional<Claim> tiny_claim(const std::shared_ptr<const Lemma>& lemma, const TinyShape& shape,
                                std::uint64_t most);
/// The claims that its proof's steps hold, one for each.
std::vector<Claim> proof_claims(const std::shared_ptr<const Lemma>& lemma);

/// A side as a sum of terms, products multiplied out; each with the sign before it.
struct Term {
  bool positive = true;
  Tree tree;
};
std::vector<Term> terms_of(const Tree& side);

/// The term that tightness is of by the rule of docs/language.md: nullptr for the whole side. @param named by
/// `expect`.
Tree tight_term(const Comparison& comparison, const Tree& named);

class Ledger;

/// All lemmas at hand: of files, and the ledger's.
class LemmaLibrary {
 public:
  /// @param ledger  whose lemmas are found where no file has the id; may be absent.
  explicit LemmaLibrary(const Ledger* ledger = nullptr) : ledger_(ledger) {}
  /// Reads a file's lemmas. @returns their ids in the file's order. @throws LanguageError, InvalidInput.
  std::vector<std::string> add_file(const std::filesystem::path& file);
  std::vector<std::string> add(std::vector<LemmaSource> sources);
  /// Looks ids up in these files as well, for `like` and `instead`.
  void add_folder(const std::filesystem::path& folder);
  const LemmaSource* find(const std::string& id) const;
  /// @throws LanguageError where it cannot be read.
  std::shared_ptr<const Lemma> read(const std::string& id) const;
  bool is_setting(const std::string& id) const;

 private:
  const Ledger* ledger_;
  std::map<std::string, LemmaSource> sources_;
  mutable std::map<std::string, std::optional<LemmaSource>> of_ledger_;  ///< that were asked for
};

}  // namespace lemmacheck
