#include "numeric/error.hpp"

#include <string>

#include "support/catch.hpp"

TEST_CASE("invariant: a broken one names the condition and the place", "[error]") {
  try {
    LEMMACHECK_INVARIANT(1 + 1 == 3);
    FAIL("not thrown");
  } catch (const lemmacheck::InternalError& e) {
    const std::string message = e.what();
    CHECK(message.find("1 + 1 == 3") != std::string::npos);
    CHECK(message.find("error_test.cpp") != std::string::npos);
  }
}
