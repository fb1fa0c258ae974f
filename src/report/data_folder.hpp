/// Files which ship with the program: models, schemas.
#pragma once

#include <filesystem>
#include <string>

namespace lemmacheck {

/// A shipped file such as "models/taxi.json": under $LEMMACHECK_DATA, the installation's folder, or the
/// source tree.
/// @throws InvalidInput if it is in none of them.
std::filesystem::path data_file(const std::string& name);

/// The folder with KaTeX (katex.min.js, katex.min.css, fonts/) that draws the page's formulas; empty if the
/// system has none: then the page shows the LaTeX source.
std::filesystem::path katex_folder();

}  // namespace lemmacheck
