#include "generate/assignment.hpp"

#include <set>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using namespace lemmacheck;

TEST_CASE("marks of drawn assignments differ, on all threads, and copies have none", "[generate]") {
  std::vector<std::vector<std::uint64_t>> seen(4);
  std::vector<std::thread> threads;
  for (auto& list : seen)
    threads.emplace_back([&list] {
      DrawMark mark;
      for (int i = 0; i < 1000; ++i) {
        mark.renew();
        list.push_back(mark.number());
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::set<std::uint64_t> all = {0};
  for (const auto& list : seen) all.insert(list.begin(), list.end());
  CHECK(all.size() == 4001);

  Assignment drawn;
  drawn.mark.renew();
  const Assignment copy = drawn;
  CHECK(copy.mark.number() == 0);
  CHECK(drawn.mark.number() != 0);
  Assignment other;
  other.mark.renew();
  other = drawn;
  CHECK(other.mark.number() == 0);
  other.mark.renew();
  const Assignment moved = std::move(other);
  CHECK(moved.mark.number() == 0);
}
