/// Sanity checks of somebody's latent model: of its tables, and of what a training run logged.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "logs/logged_tables.hpp"
#include "numeric/truth.hpp"

namespace lemmacheck {

/// One law, checked wherever the tables say something of it.
struct TableCheck {
  std::string name, statement;
  std::size_t places = 0, faults = 0, unclear = 0;  ///< unclear: enclosures of a logarithm did not decide
  struct Fault {
    std::string place, found, expected;
  };
  std::optional<Fault> first;  ///< the first fault, in the order of the arrays
  std::string diagnosis;       ///< which law nearby holds instead, or which form of the law; may be empty

  Truth verdict() const { return faults > 0 ? Truth::no : unclear > 0 ? Truth::unknown : Truth::yes; }
};

struct TableReport {
  std::vector<TableCheck> checks;
  struct Unchecked {
    std::string name, needs;  ///< the tables that are missing
  };
  std::vector<Unchecked> unchecked;
  struct Figure {
    std::string name, value;  ///< the value exactly
    double approximately = 0;
  };
  std::vector<Figure> figures;                               ///< what the checks computed on the way
  std::vector<std::pair<std::string, std::string>> read_as;  ///< name of a law's quantity, and key in the log
  std::vector<std::string> unused;                           ///< keys of the log that no law speaks of
};

/// Checks every law whose tables are there; docs/formats.md lists tables, shapes and laws.
/// @param tolerance  a number v passes for x where |v - x| <= tolerance * max(1, size of what was added), if
/// v or x was written as a float or x is a logarithm. Exact numbers are held exactly.
/// @throws InvalidInput for a table that is not known, or whose shape or whole numbers do not fit.
TableReport check_tables(const LoggedTables& tables, const Rational& tolerance);

}  // namespace lemmacheck
