#include "store/writer_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "numeric/error.hpp"

namespace lemmacheck {

WriterLock::WriterLock(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0)
    throw InvalidInput(file.string() + ": cannot be opened for writing: " + std::strerror(errno));
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = off_t{1} << 60;
  lock.l_len = 1;
  if (::fcntl(descriptor_, F_OFD_SETLK, &lock) == 0) return;
  const bool taken = errno == EAGAIN || errno == EACCES;
  const std::string reason = std::strerror(errno);
  ::close(descriptor_);
  descriptor_ = -1;
  throw InvalidInput(
      file.string() +
      (taken ? ": another process writes to this store; wait for it, or give each process a store "
               "of its own (--store) and merge them"
             : ": cannot be locked: " + reason));
}

bool WriterLock::is_of(const std::filesystem::path& file) const {
  struct stat own {
  }, named{};
  return ::fstat(descriptor_, &own) == 0 && ::stat(file.c_str(), &named) == 0 && own.st_dev == named.st_dev &&
         own.st_ino == named.st_ino;
}

WriterLock::~WriterLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace lemmacheck
