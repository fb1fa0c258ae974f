#include "report/write_file.hpp"

#include <unistd.h>

#include <fstream>

#include "numeric/error.hpp"

namespace lemmacheck {
namespace fs = std::filesystem;
namespace {

fs::path beside(const fs::path& target) {
  fs::path plain = target;
  if (plain.filename().empty()) plain = plain.parent_path();  // "out/" means "out"
  return plain.parent_path() / (plain.filename().string() + ".tmp" + std::to_string(::getpid()));
}

[[noreturn]] void cannot(const std::string& what, const fs::path& path, const std::error_code& code) {
  throw InvalidInput(path.string() + ": cannot be " + what + ": " + code.message());
}

void must_be_replaceable(const fs::path& target, const std::string& marker) {
  std::error_code ignored;
  if (!fs::exists(target)) return;
  if (!fs::is_directory(target)) throw InvalidInput(target.string() + ": is a file; a folder is expected");
  if (!fs::is_empty(target, ignored) && !fs::exists(target / marker))
    throw InvalidInput(target.string() +
                       ": holds something else than a report; choose a new or an empty folder");
}

}  // namespace

void write_file(const fs::path& file, const std::string& content) {
  if (fs::is_directory(file)) throw InvalidInput(file.string() + ": is a folder; a file name is expected");
  const fs::path temporary = beside(file);
  std::ofstream out(temporary, std::ios::binary);
  out << content;
  out.close();
  std::error_code code;
  if (!out) {
    fs::remove(temporary, code);
    throw InvalidInput(file.string() + ": cannot be written; check the folder and the space on the disk");
  }
  fs::rename(temporary, file, code);
  if (code) cannot("written", file, code);
}

void make_folder(const fs::path& folder) {
  std::error_code code;
  if (fs::exists(folder) && !fs::is_directory(folder))
    throw InvalidInput(folder.string() + ": is a file; a folder is expected");
  fs::create_directories(folder, code);
  if (code) cannot("made", folder, code);
  if (::access(folder.c_str(), W_OK) != 0) throw InvalidInput(folder.string() + ": cannot be written to");
}

void replace_folder(const fs::path& target, const std::string& marker,
                    const std::function<void(const fs::path&)>& fill) {
  must_be_replaceable(target, marker);
  const fs::path fresh = beside(target);
  if (fresh.has_parent_path()) make_folder(fresh.parent_path());
  make_folder(fresh);
  std::error_code code;
  try {
    fill(fresh);
    must_be_replaceable(target, marker);  // it may have changed meanwhile
  } catch (...) {
    fs::remove_all(fresh, code);
    throw;
  }
  const fs::path old = fresh.string() + ".old";
  if (fs::exists(target)) {
    fs::rename(target, old, code);
    if (code) cannot("replaced", target, code);
  }
  fs::rename(fresh, target, code);
  if (code) cannot("written", target, code);
  fs::remove_all(old, code);
}

}  // namespace lemmacheck
