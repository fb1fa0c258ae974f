/// Lists that are made and thrown away again and again, without an allocation each time.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace lemmacheck {

/// A list in the storage of one that this thread is done with. It is empty at first, or of `size` values.
template <class T>
class Scratch {
 public:
  Scratch() {
    if (is_closed()) return;
    auto& kept = pool().lists;
    if (kept.empty()) return;
    list_ = std::move(kept.back());
    kept.pop_back();
  }
  explicit Scratch(std::size_t size, const T& value = T{}) : Scratch() { list_.assign(size, value); }
  ~Scratch() {
    if (list_.capacity() == 0 || list_.capacity() > most_bytes / sizeof(T) || is_closed()) return;
    list_.clear();
    if (auto& kept = pool().lists; kept.size() < most_lists) kept.push_back(std::move(list_));
  }
  Scratch(Scratch&& other) noexcept : list_(std::move(other.list_)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  Scratch& operator=(Scratch&& other) noexcept {
    list_.swap(other.list_);
    return *this;
  }

  std::vector<T>& operator*() { return list_; }
  const std::vector<T>& operator*() const { return list_; }
  std::vector<T>* operator->() { return &list_; }
  const std::vector<T>* operator->() const { return &list_; }
  T& operator[](std::size_t i) { return list_[i]; }
  const T& operator[](std::size_t i) const { return list_[i]; }
  T* data() { return list_.data(); }
  const T* data() const { return list_.data(); }

 private:
  static constexpr std::size_t most_bytes = std::size_t{1} << 16U, most_lists = 16;
  struct Pool {
    std::vector<std::vector<T>> lists;
    ~Pool() { is_closed() = true; }
  };
  static Pool& pool() {
    thread_local Pool of_thread;
    return of_thread;
  }
  /// What a thread keeps to its end may end after its pool.
  static bool& is_closed() {
    thread_local constinit bool closed = false;
    return closed;
  }
  std::vector<T> list_;
};

}  // namespace lemmacheck
