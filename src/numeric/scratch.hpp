/// Lists that are made and thrown away again and again, without an allocation each time.
#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace lemmacheck {

/// A list in the storage of one that this thread is done with. It is empty at first, or of `size` values.
template <class T>
class Scratch {
 public:
  Scratch() {
    if (Pool* const kept = pool(); kept != nullptr && kept->count != 0)
      list_.swap(kept->lists[--kept->count]);
  }
  explicit Scratch(std::size_t size, const T& value = T{}) : Scratch() { list_.assign(size, value); }
  ~Scratch() {
    if (list_.capacity() == 0 || list_.capacity() > most_bytes / sizeof(T)) return;
    Pool* const kept = pool();
    if (kept == nullptr || kept->count == most_lists) return;
    list_.clear();
    kept->lists[kept->count++].swap(list_);
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
  /// The first `count` lists have storage and no elements.
  struct Pool {
    std::array<std::vector<T>, most_lists> lists;
    std::size_t count = 0;
    ~Pool() { of_thread = nullptr; }
  };
  /// This thread's, or none at the thread's end: what a thread keeps may end after its pool.
  static Pool* pool() { return of_thread != nullptr ? of_thread : open(); }
  [[gnu::noinline]] static Pool* open() {
    thread_local constinit bool opened = false;
    if (opened) return nullptr;
    thread_local Pool pool;
    opened = true;
    return of_thread = &pool;
  }
  /// A plain pointer, since a thread's object with a destructor is asked at each use whether it exists.
  static thread_local constinit Pool* of_thread;
  std::vector<T> list_;
};

template <class T>
thread_local constinit typename Scratch<T>::Pool* Scratch<T>::of_thread = nullptr;

}  // namespace lemmacheck
