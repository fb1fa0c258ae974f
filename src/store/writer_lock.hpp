/// One writer at a time.
#pragma once

#include <filesystem>

namespace lemmacheck {

/// A lock on a file that the system takes back when the process ends, however it ends. It lies beyond all
/// bytes that SQLite locks, so that readers are not disturbed.
class WriterLock {
 public:
  /// Makes the file if it is not there. @throws InvalidInput where another process has the lock, or the file
  /// cannot be opened.
  explicit WriterLock(const std::filesystem::path& file);
  ~WriterLock();
  /// Whether the file of that name is the one that is locked: it may have been moved or removed.
  bool is_of(const std::filesystem::path& file) const;
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace lemmacheck
