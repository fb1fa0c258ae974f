/// Named arrays of exact numbers: somebody's tables, or what their training run logged.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "formats/number_array.hpp"

namespace lemmacheck {

/// What a JSON file, an NPZ file or a folder of NPY files holds.
struct LoggedTables {
  std::string source;  ///< the path, for messages
  bool folder = false;
  std::map<std::string, NumberArray> tables;

  bool has(const std::string& name) const { return tables.contains(name); }
  /// @throws InvalidInput where there is none of that name.
  const NumberArray& at(const std::string& name) const;
  /// Where the table stands: "run.json: /kl" or "run/kl.npy".
  std::string place(const std::string& name) const;
  [[noreturn]] void fail(const std::string& name, const std::string& fault) const;
};

/// Reads a JSON object of arrays nested as `numpy.ndarray.tolist()` nests them, an NPZ file, or a folder of
/// NPY files (one array in each, as `numpy.save` writes them; the file's name is the table's). No number is
/// rounded: a decimal is taken for the decimal that is written, a binary float for the dyadic number it is.
/// "p/q" is a fraction; "infinity" and "-infinity" are what they say, and so are NaN and null.
/// @throws InvalidInput naming the place, the fault and the remedy: ragged arrays, what is no number.
LoggedTables read_logged_tables(const std::filesystem::path& path);

}  // namespace lemmacheck
