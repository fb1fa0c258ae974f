/// Models as arrays of NumPy, as MDP toolboxes have them.
#pragma once

#include <filesystem>

#include "formats/raw_model.hpp"

namespace lemmacheck {

/// P[a, s, s'], R[s, a] or R[a, s, s'] or R[s], and perhaps start[s] (state 0 without it): the arrays of an
/// NPZ file, or an NPY file that holds P, with R.npy and start.npy beside it. Floats are the dyadic numbers
/// that they are, or the shortest decimals that are read as them (`options.decimal`).
/// @throws InvalidInput naming the array, the fault and the remedy.
RawModel read_array_model(const std::filesystem::path& file, const ReadOptions& options);

}  // namespace lemmacheck
