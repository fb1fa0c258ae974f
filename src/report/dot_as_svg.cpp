// Graphviz lays out and draws; its program is asked, so that the library and its plug-ins are no part of
// ours.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "numeric/error.hpp"
#include "report/tree_drawing.hpp"
#include "report/write_file.hpp"

extern char** environ;

namespace lemmacheck {
namespace {

/// A folder of its own that goes when this does.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "lemmacheck-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw InvalidInput("no temporary folder can be made in " +
                         std::filesystem::temp_directory_path().string());
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

std::string dot_as_svg(const std::string& dot) {
  const TemporaryFolder folder;
  const std::string source = folder.path() / "drawing.dot", target = folder.path() / "drawing.svg";
  write_file(source, dot);
  std::string program = "dot", format = "-Tsvg", to = "-o" + target;
  std::string from = source;
  const std::array<char*, 5> arguments = {program.data(), format.data(), to.data(), from.data(), nullptr};
  posix_spawn_file_actions_t quiet;
  ::posix_spawn_file_actions_init(&quiet);
  ::posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "dot", &quiet, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&quiet);
  int status = -1;
  if (failed == 0)
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  std::ifstream file(target);
  if (failed != 0 || status != 0 || !file)
    throw InvalidInput(
        "Graphviz's program dot cannot be run; install the package graphviz, or write the drawing as DOT");
  std::ostringstream svg;
  svg << file.rdbuf();
  return svg.str();
}

}  // namespace lemmacheck
