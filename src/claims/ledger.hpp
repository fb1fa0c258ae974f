/// The registry of all claims.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "claims/claim.hpp"

namespace lemmacheck {

class Ledger {
 public:
  /// All sections that the program was linked with, in the order of their names and parts; built on first
  /// use.
  static const Ledger& global();

  /// @throws InternalError for an id that is taken, or a false claim without its corrected form.
  void add(Claim claim);
  const std::vector<Claim>& claims() const { return claims_; }
  /// nullptr if there is none.
  const Claim* find(std::string_view id) const;
  /// The claim. @throws InvalidInput which names the nearest ids.
  const Claim& at(std::string_view id) const;

 private:
  friend class Section;
  void check_references() const;
  std::vector<Claim> claims_;
  std::string section_;  // of the claims that are being added
};

/// Adds a section's claims to the global ledger; a file of `properties/` holds one at namespace scope:
///     const Section section{"15.2", [](Ledger& ledger) { ledger.add({...}); }};
class Section {
 public:
  /// @param part  orders the files of one section.
  Section(std::string name, std::function<void(Ledger&)> add, int part = 0);
};

}  // namespace lemmacheck
