#include "claims/ledger.hpp"

#include <algorithm>
#include <map>

#include "claims/suggestion.hpp"

namespace lemmacheck {
namespace {

using SectionKey = std::pair<std::string, int>;  // name, part

std::multimap<SectionKey, std::function<void(Ledger&)>>& sections() {
  static std::multimap<SectionKey, std::function<void(Ledger&)>> all;
  return all;
}

}  // namespace

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds:
      return "holds";
    case Verdict::violated:
      return "violated";
    case Verdict::undecided:
      return "undecided";
  }
  return "";
}

const char* to_string(Relation relation) {
  switch (relation) {
    case Relation::at_most:
      return "<=";
    case Relation::equal:
      return "==";
    case Relation::less:
      return "<";
    case Relation::unequal:
      return "!=";
  }
  return "";
}

Section::Section(std::string name, std::function<void(Ledger&)> add, int part) {
  sections().emplace(SectionKey(std::move(name), part), std::move(add));
}

const Ledger& Ledger::global() {
  static const Ledger ledger = [] {
    Ledger all;
    for (const auto& [key, add] : sections()) {
      all.section_ = key.first;
      add(all);
    }
    all.check_references();
    return all;
  }();
  return ledger;
}

void Ledger::add(Claim claim) {
  if (find(claim.id) != nullptr) throw InternalError("two claims have the id " + claim.id);
  claim.section = section_;
  claims_.push_back(std::move(claim));
}

void Ledger::check_references() const {
  for (const Claim& claim : claims_) {
    if (claim.expected == Verdict::violated && claim.corrected.empty())
      throw InternalError("claim " + claim.id + " is false as printed and names no corrected claim");
    if (!claim.corrected.empty() && find(claim.corrected) == nullptr)
      throw InternalError("claim " + claim.id + " names the unknown claim " + claim.corrected);
  }
}

const Claim* Ledger::find(std::string_view id) const {
  const auto found = std::find_if(claims_.begin(), claims_.end(), [&](const Claim& c) { return c.id == id; });
  return found == claims_.end() ? nullptr : &*found;
}

const Claim& Ledger::at(std::string_view id) const {
  if (const Claim* claim = find(id)) return *claim;
  // The nearest one that is misspelt by little, or written in part.
  const Claim* closest = nullptr;
  std::size_t least = 0;
  for (const Claim& claim : claims_) {
    const std::size_t distance = edit_distance(claim.id, id);
    const bool is_near = distance <= id.size() / 2 || claim.id.find(id) != std::string::npos;
    if (!is_near || (closest != nullptr && least <= distance)) continue;
    closest = &claim;
    least = distance;
  }
  throw InvalidInput("there is no claim '" + std::string(id) + "'; " +
                     (closest == nullptr ? "" : "did you mean '" + closest->id + "'? ") +
                     "'lemmacheck list' shows all");
}

}  // namespace lemmacheck
