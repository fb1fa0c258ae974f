/// NumPy's array files, read exactly.
#pragma once

#include <filesystem>

#include "formats/number_array.hpp"

namespace lemmacheck {

/// Reads an NPY file of version 1 to 3: float16 to float64, integers and booleans of either byte order, in C
/// or Fortran order. Each float is the dyadic number that its bits say. (No package of Debian reads these
/// files from C++.)
/// @throws InvalidInput naming the file, the fault and the remedy.
NumberArray read_npy_file(const std::filesystem::path& file);
/// The same from the file's bytes. @param name  for messages.
NumberArray read_npy(const std::string& bytes, const std::string& name);
/// The arrays of an NPZ file, by their names without ".npy". @throws InvalidInput likewise.
std::map<std::string, NumberArray> read_npz_file(const std::filesystem::path& file);

}  // namespace lemmacheck
