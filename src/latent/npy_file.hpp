/// NumPy's array files, read exactly.
#pragma once

#include "latent/logged_tables.hpp"

namespace lemmacheck {

/// Reads an NPY file of version 1 to 3: float16 to float64, integers and booleans of either byte order, in C
/// or Fortran order. Each float is the dyadic number that its bits say. (No package of Debian reads these
/// files from C++.)
/// @throws InvalidInput naming the file, the fault and the remedy.
LoggedTable read_npy_file(const std::filesystem::path& file);

}  // namespace lemmacheck
