#include "generate/choice_source.hpp"

#include "support/catch.hpp"

using namespace lemmacheck;

TEST_CASE("philox: the first block is the published one", "[choices]") {
  // Known answer of Random123 for Philox 4x32-10 with counter 0 and key 0.
  PhiloxStream stream(0, 0);
  CHECK(stream.next() == 0x6627e8d5U);
  CHECK(stream.next() == 0xe169c58dU);
  CHECK(stream.next() == 0xbc57ac4cU);
  CHECK(stream.next() == 0x9b00dbd8U);
}

TEST_CASE("philox: streams and seeds differ from the first number on", "[choices]") {
  CHECK(PhiloxStream(1, 0).next() != PhiloxStream(2, 0).next());
  CHECK(PhiloxStream(1, 0).next() != PhiloxStream(1, 1).next());
  CHECK(PhiloxStream(std::uint64_t{1} << 32U, 0).next() != PhiloxStream(0, 0).next());
  CHECK(PhiloxStream(1, std::uint64_t{1} << 32U).next() != PhiloxStream(1, 0).next());
}

TEST_CASE("choices: a given sequence is read modulo n and goes on with zeros", "[choices]") {
  const std::vector<std::uint32_t> given = {7, 3};
  ChoiceSource source{std::span(given)};
  CHECK(source.below(5) == 2);
  CHECK(source.below(1) == 0);  // one option is no choice and uses none up
  CHECK(source.between(10, 20) == 13);
  CHECK(source.below(100) == 0);
  CHECK_FALSE(source.flag());
}

TEST_CASE("choices: recorded random choices replay to the same", "[choices]") {
  std::vector<std::uint32_t> record;
  ChoiceSource random(PhiloxStream(3, 4), &record);
  std::vector<std::uint32_t> drawn;
  for (std::uint32_t n = 1; n < 200; ++n) drawn.push_back(random.below(n));
  ChoiceSource replay{std::span(record)};
  for (std::uint32_t n = 1; n < 200; ++n) CHECK(replay.below(n) == drawn[n - 1]);
}

TEST_CASE("choices: random choices are even", "[choices]") {
  std::array<int, 6> counts{};
  ChoiceSource source(PhiloxStream(1, 1));
  for (int i = 0; i < 60000; ++i) ++counts[source.below(6)];
  // Ten standard deviations of a binomial(60000, 1/6) around 10000.
  for (const int count : counts) CHECK((count > 9080 && count < 10920));
}
