#include "cli/claim_set.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "language/certified_claim.hpp"

namespace lemmacheck {

bool is_lemma_file(const std::string& name) {
  const std::filesystem::path path(name);
  const std::string ending = path.extension().string();
  if (ending == ".tex" || ending == ".md" || ending == ".markdown") return true;
  std::error_code error;
  // "sim.lemma" is an id of the ledger as well.
  return name.find('/') != std::string::npos ||
         (std::filesystem::exists(path, error) && !std::filesystem::is_directory(path, error));
}

ClaimSet::ClaimSet(const Session& session, const std::vector<std::string>& names,
                   const std::vector<std::string>& with)
    : library(&session.ledger()) {
  std::vector<std::string> from_files, ids;
  for (const std::string& name : names) {
    if (!is_lemma_file(name)) {
      ids.push_back(name);
      continue;
    }
    has_files = true;
    if (name.find('/') == std::string::npos && session.ledger().find(name) != nullptr)
      throw InvalidInput(name + " is a file here and a claim of the ledger; write ./" + name +
                         " for the file, or go to another folder for the claim");
    for (const std::string& id : library.add_file(name)) from_files.push_back(id);
  }
  for (const std::string& folder : with) library.add_folder(folder);
  std::vector<std::string> chosen;
  std::vector<const Claim*> of_ledger;
  for (const std::string& id : ids) {
    if (std::find(from_files.begin(), from_files.end(), id) != from_files.end() ||
        (library.find(id) != nullptr && session.ledger().find(id) == nullptr))
      chosen.push_back(id);
    else if (session.ledger().find(id) == nullptr && std::filesystem::path(id).extension() == ".lemma")
      throw InvalidInput(id +
                         ": there is neither such a file nor such a claim; name a file that exists, or one "
                         "of 'lemmacheck list'");
    else
      of_ledger.push_back(&session.ledger().at(id));
  }
  if (chosen.empty())
    for (const std::string& id : from_files)
      if (!library.is_setting(id)) chosen.push_back(id);
  if (has_files && chosen.empty() && of_ledger.empty())
    throw InvalidInput(
        from_files.empty()
            ? "no lemma stands in " + names.front() + "; a lemma begins with a line such as: lemma my.first"
            : "the lemmas of " + names.front() + " are settings for others to be like; add a claim to one");
  // Everything is read before anything is checked; settings, too.
  for (const std::string& id : from_files)
    if (library.is_setting(id)) library.read(id);
  for (const std::string& id : chosen) {
    if (library.is_setting(id))
      throw InvalidInput("lemma " + id + " claims nothing; it is a setting for others to be like");
    const std::shared_ptr<const Lemma> lemma = library.read(id);
    const std::string& instead = lemma->texts.instead;
    if (!instead.empty() && library.find(instead) == nullptr && session.ledger().find(instead) == nullptr)
      fail_at(lemma->place, "the lemma that is right instead, \"" + instead + "\", is not known",
              "name one of this file, of the ledger, or of a folder given by --with");
    lemmas.push_back(lemma);
    owned_.push_back(lemma_claim(lemma));
    claims.push_back(&owned_.back());
  }
  for (const Claim* claim : of_ledger) {
    claims.push_back(claim);
    if (claim->lemma) lemmas.push_back(claim->lemma);
  }
}

const Claim& ClaimSet::claim_of(const Lemma& lemma) const {
  for (const Claim* claim : claims)
    if (claim->lemma.get() == &lemma) return *claim;
  throw InternalError("a lemma without a claim");
}

EarlierFindings::EarlierFindings(const std::string& store) {
  if (!store.empty()) store_.emplace(store, CampaignStore::Open::read);
}

std::vector<Instance> EarlierFindings::of(const Claim& claim) const {
  std::vector<Instance> instances;
  if (!store_) return instances;
  for (const nlohmann::json& certificate : store_->certificates(claim.id))
    if (auto instance = instance_for(claim, certificate, "a certificate of the store"))
      instances.push_back(std::move(*instance));
  return instances;
}

Claim single_claim(const Session& session, const std::string& id, const std::vector<std::string>& files) {
  std::vector<std::string> names = files;
  names.push_back(id);
  const ClaimSet set(session, names, {});
  return *set.claims.at(0);
}

}  // namespace lemmacheck
