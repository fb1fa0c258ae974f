#include "report/write_file.hpp"

#include <unistd.h>

#include <fstream>
#include <vector>

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
  if (!fs::exists(target, ignored)) return;
  if (!fs::is_directory(target, ignored))
    throw InvalidInput(target.string() + ": is a file; a folder is expected");
  if (!fs::is_empty(target, ignored) && !fs::exists(target / marker))
    throw InvalidInput(target.string() +
                       ": holds something else than a report; choose a new or an empty folder");
}

}  // namespace

namespace {

/// A file that is written, and not yet in its place.
struct Written {
  fs::path name, file, target;
  bool replaced;
};

Written written(const fs::path& name, const std::string& content) {
  std::error_code code;
  if (fs::is_directory(name, code))
    throw InvalidInput(name.string() + ": is a folder; a file name is expected");
  const fs::path file = fs::is_symlink(name, code) ? fs::weakly_canonical(name, code) : name;
  // A device or a pipe is written to, not replaced.
  const bool replaced = !fs::exists(file, code) || fs::is_regular_file(file, code);
  const fs::path target = replaced ? beside(file) : file;
  std::ofstream out(target, std::ios::binary);
  out << content;
  out.close();
  if (!out) {
    if (replaced) fs::remove(target, code);
    throw InvalidInput(name.string() + ": cannot be written; check the folder and the space on the disk");
  }
  return {name, file, target, replaced};
}

void put_in_place(const Written& done) {
  if (!done.replaced) return;
  std::error_code code;
  fs::rename(done.target, done.file, code);
  if (!code) return;
  const std::error_code reason = code;
  fs::remove(done.target, code);
  cannot("written", done.name, reason);
}

}  // namespace

void write_file(const fs::path& name, const std::string& content) {
  put_in_place(written(name, content));
}

void write_files(const std::map<fs::path, std::string>& contents) {
  std::vector<Written> all;
  try {
    for (const auto& [name, content] : contents) all.push_back(written(name, content));
  } catch (...) {
    std::error_code ignored;
    for (const Written& done : all)
      if (done.replaced) fs::remove(done.target, ignored);
    throw;
  }
  for (const Written& done : all) put_in_place(done);
}

void make_folder(const fs::path& folder) {
  std::error_code code;
  if (fs::exists(folder, code) && !fs::is_directory(folder, code))
    throw InvalidInput(folder.string() + ": is a file; a folder is expected");
  fs::create_directories(folder, code);
  if (code) cannot("made", folder, code);
  if (::access(folder.c_str(), W_OK) != 0) throw InvalidInput(folder.string() + ": cannot be written to");
}

void replace_folder(const fs::path& name, const std::string& marker,
                    const std::function<void(const fs::path&)>& fill) {
  std::error_code code;
  fs::path target = fs::absolute(name, code).lexically_normal();
  if (target.filename().empty()) target = target.parent_path();  // "out/" means "out"
  must_be_replaceable(target, marker);
  const fs::path fresh = beside(target);
  make_folder(fresh.parent_path());
  make_folder(fresh);
  try {
    fill(fresh);
    must_be_replaceable(target, marker);  // it may have changed meanwhile
  } catch (...) {
    fs::remove_all(fresh, code);
    throw;
  }
  const fs::path old = fresh.string() + ".old";
  std::error_code reason;
  const bool had_one = fs::exists(target, code);
  if (had_one) fs::rename(target, old, reason);
  if (!reason) fs::rename(fresh, target, reason);
  if (reason) {
    if (had_one && !fs::exists(target, code)) fs::rename(old, target, code);
    fs::remove_all(fresh, code);
    cannot("written", name, reason);
  }
  fs::remove_all(old, code);
}

}  // namespace lemmacheck
