/// The claims that a command names: files of lemmas, ids in them, ids of the ledger.
#pragma once

#include <deque>
#include <memory>

#include "cli/session.hpp"
#include "language/lemma_claim.hpp"
#include "store/campaign_store.hpp"

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

/// What the campaigns of a store found, for commands that try it first.
class EarlierFindings {
 public:
  /// @param store  a file, or empty: nothing was found earlier. @throws InvalidInput.
  explicit EarlierFindings(const std::string& store);
  /// Instances of the certificates on a claim of this name, as far as they are instances of this claim.
  std::vector<Instance> of(const Claim& claim) const;

 private:
  std::optional<CampaignStore> store_;
};

/// Whether an argument is meant as a file.
bool is_lemma_file(const std::string& name);

/// The claims of a file or id, for commands that take one. @throws InvalidInput.
Claim single_claim(const Session& session, const std::string& id, const std::vector<std::string>& files);

}  // namespace lemmacheck
