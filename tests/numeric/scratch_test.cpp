// Lists in storage that is used again.
#include "numeric/scratch.hpp"

#include <optional>
#include <thread>

#include "support/catch.hpp"

using lemmacheck::Scratch;

TEST_CASE("a list takes the storage of the one before it, and nothing of its values", "[numeric]") {
  const int* place = nullptr;
  {
    Scratch<int> first(5, 7);
    first->push_back(8);
    place = first.data();
  }
  const Scratch<int> second(3);
  CHECK(*second == std::vector<int>{0, 0, 0});
  CHECK(second.data() == place);
  const Scratch<int> third(3, 1);
  CHECK(third.data() != place);
  CHECK(*second == std::vector<int>{0, 0, 0});
}

TEST_CASE("lists of lists may be made while others are in use", "[numeric]") {
  Scratch<double> outer(2, 1.0);
  for (int i = 0; i < 3; ++i) {
    const Scratch<double> inner(2, 2.0);
    CHECK(inner[0] == 2.0);
  }
  CHECK(*outer == std::vector<double>{1.0, 1.0});
  Scratch<double> moved = std::move(outer);
  CHECK(*moved == std::vector<double>{1.0, 1.0});
}

TEST_CASE("what a thread keeps to its end may hold a list", "[numeric]") {
  // The keeper is made before the pool of its kind of list, and so ends after it.
  struct Own {
    int value = 0;
  };
  std::size_t size = 0;
  std::thread([&] {
    thread_local std::optional<Scratch<Own>> keeper;
    keeper.reset();
    { const Scratch<Own> first(100); }
    keeper.emplace(100);
    size = (*keeper)->size();
  }).join();
  CHECK(size == 100);
}
