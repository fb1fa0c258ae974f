#include "formats/zip_file.hpp"

#include <zip.h>

#include <memory>

#include "numeric/error.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30U;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& fault) {
  throw InvalidInput(file.string() + ": " + fault + "; write it anew, with numpy.savez for instance");
}

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseFile {
  void operator()(zip_file_t* part) const { zip_fclose(part); }
};

}  // namespace

std::map<std::string, std::string> read_zip_file(const std::filesystem::path& file) {
  int code = 0;
  const std::unique_ptr<zip_t, CloseArchive> archive(zip_open(file.c_str(), ZIP_RDONLY, &code));
  if (!archive)
    throw InvalidInput(file.string() + (code == ZIP_ER_NOENT || code == ZIP_ER_OPEN
                                            ? ": cannot be opened; check the name and the permissions"
                                            : ": is no ZIP archive; write it with numpy.savez"));
  std::map<std::string, std::string> files;
  std::uint64_t all = 0;
  const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(archive.get(), 0));
  for (zip_uint64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    if (zip_stat_index(archive.get(), i, 0, &stat) != 0 || stat.name == nullptr) fail(file, "is damaged");
    all += stat.size;
    if (all > most_bytes) fail(file, "holds more than 1 GB");
    const std::unique_ptr<zip_file_t, CloseFile> part(zip_fopen_index(archive.get(), i, 0));
    std::string bytes(stat.size, '\0');
    const auto read = part ? zip_fread(part.get(), bytes.data(), bytes.size()) : -1;
    if (read < 0 || static_cast<std::uint64_t>(read) != stat.size)
      fail(file, std::string(stat.name) + " in it cannot be read");
    if (!files.emplace(stat.name, std::move(bytes)).second)
      fail(file, std::string(stat.name) + " stands twice in it");
  }
  return files;
}

}  // namespace lemmacheck
