#include "report/data_folder.hpp"

#include <cstdlib>
#include <vector>

#include "numeric/error.hpp"

namespace lemmacheck {
namespace fs = std::filesystem;

fs::path data_file(const std::string& name) {
  std::vector<fs::path> folders;
  if (const char* chosen = std::getenv("LEMMACHECK_DATA")) folders.emplace_back(chosen);
  // Beside the program, wherever it was installed or unpacked.
  std::error_code none;
  if (const fs::path program = fs::read_symlink("/proc/self/exe", none); !none)
    folders.push_back(program.parent_path().parent_path() / "share" / "lemmacheck");
  folders.emplace_back(LEMMACHECK_INSTALLED_DATA);
  folders.emplace_back(LEMMACHECK_SOURCE_DATA);
  for (const fs::path& folder : folders)
    if (fs::exists(folder / name)) return folder / name;
  throw InvalidInput("the file " + name +
                     " that ships with lemmacheck is not found; set LEMMACHECK_DATA to its folder");
}

}  // namespace lemmacheck
