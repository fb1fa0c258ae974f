/// The claims that a command names: files of lemmas, ids in them, ids of the ledger.
#pragma once

#include <deque>
#include <memory>

#include "cli/session.hpp"
#include "language/lemma_claim.hpp"

namespace CLI {
class App;
}

namespace lemmacheck {

struct ClaimSet {
  /// @param names  files (.lemma, .tex, .md) and ids; an id that stands in one of the files takes that lemma
  /// alone.
  /// @param with  folders whose lemmas `like` and `instead` may name. @throws InvalidInput, LanguageError.
  ClaimSet(const Session& session, const std::vector<std::string>& names,
           const std::vector<std::string>& with);

  LemmaLibrary library;
  std::vector<const Claim*> claims;                  ///< all that were named, in order
  std::vector<std::shared_ptr<const Lemma>> lemmas;  ///< those among them that are texts
  bool has_files = false;
  const Claim& claim_of(const Lemma& lemma) const;

 private:
  std::deque<Claim> owned_;
};

/// Whether an argument is meant as a file.
bool is_lemma_file(const std::string& name);

/// The claims of a file or id, for commands that take one. @throws InvalidInput.
Claim single_claim(const Session& session, const std::string& id, const std::vector<std::string>& files);

}  // namespace lemmacheck
