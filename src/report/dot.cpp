// Graphviz lays out and draws; its program is asked, so that the library and its plug-ins are no part of
// ours.
#include "report/dot.hpp"

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

std::string run_dot(const std::string& dot, const std::string& wanted) {
  const TemporaryFolder folder;
  const std::string source = folder.path() / "drawing.dot", target = folder.path() / "drawing.out";
  write_file(source, dot);
  std::string program = "dot", format = "-T" + wanted;
  std::string from = source;
  const std::array<char*, 4> arguments = {program.data(), format.data(), from.data(), nullptr};
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  // Not by its option -o, which holds the first of several graphs alone.
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, target.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
  ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "dot", &files, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  int status = -1;
  if (failed == 0)
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  std::ifstream file(target);
  if (failed != 0 || status != 0 || !file)
    throw InvalidInput(
        "Graphviz's program dot cannot be run; install the package graphviz, or write the drawing as DOT");
  std::ostringstream drawing;
  drawing << file.rdbuf();
  return drawing.str();
}

}  // namespace lemmacheck
