/// Logs of one line a step, as trainers write them: means over batch and time.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "logs/logged_tables.hpp"
#include "logs/table_checks.hpp"

namespace lemmacheck {

struct ScalarLog {
  struct Number {
    Rational value;  ///< 0 where it is none
    int infinite = 0;
    bool nan = false;
    bool finite() const { return infinite == 0 && !nan; }
  };
  struct Row {
    std::string place;  ///< "metrics.jsonl:17 (step 1600)"
    std::map<std::string, Number> numbers;
  };
  std::string source;
  std::vector<Row> rows;
};

/// A file of JSON objects, one a line: numbers by their keys, those of objects within as "train/kl". Strings,
/// truth values and lists are left out; NaN, Infinity and null are what they say.
/// @throws InvalidInput naming the line, the fault and the remedy.
ScalarLog read_metrics(const std::filesystem::path& file);

/// Tables of one number a step, of the same length, as such a log; tables without axes are constants, and
/// stand in each row. @throws InvalidInput naming a table that is neither.
ScalarLog scalars_of(const LoggedTables& tables);

/// What a reader of scalars has to be told.
struct ScalarOptions {
  std::map<std::string, std::string> keys;    ///< which key of the log a law's quantity is
  std::map<std::string, Rational> constants;  ///< quantities that the log does not have
  std::vector<std::string> parts;             ///< keys that the total loss is made of; none: found by name
};

/// Checks every law whose quantities are there; docs/formats.md lists them and the keys that are known.
/// @throws InvalidInput where two keys could be one quantity, or a key is not in the log.
TableReport check_scalars(const ScalarLog& log, const ScalarOptions& options, const Rational& tolerance);

}  // namespace lemmacheck
