/// How the two sides of a lemma come about on one instance: quantities and their values, in an order in which
/// they can be checked by hand.
#pragma once

#include <string>
#include <vector>

#include "claims/certificate.hpp"
#include "language/lemma.hpp"

namespace lemmacheck {

struct Derivation {
  /// A quantity of the statement at the certificate's point: eps = 1/2.
  struct Line {
    std::string latex, plain;
    RealNumber value;
  };
  /// A quantity for each value of its bound names: V_h^pi(s,M) for all h and s, or the body of a maximum.
  struct Table {
    std::string latex, plain;
    std::vector<std::string> names;  ///< of the columns before the last
    struct Row {
      std::vector<std::int64_t> at;
      RealNumber value;
    };
    std::vector<Row> rows;
    bool of_rounds = false;  ///< of a loop: what the instance does not show by itself
  };
  std::vector<Table> tables;
  std::vector<Line> lines;
};

/// The derivation of a certificate of the lemma's claims or of a step of its proof. What is undefined at the
/// point, and tables of more than some rows, are left out. Empty for certificates of something else.
Derivation derivation_of(const std::shared_ptr<const Lemma>& lemma, const Certificate& certificate);

}  // namespace lemmacheck
