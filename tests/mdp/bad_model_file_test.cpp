#include <map>

#include "mdp/hand_made.hpp"
#include "mdp/model_file.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// A good document of two states and one action, with some members' text replaced; "" leaves a member out.
std::string document(const std::map<std::string, std::string>& changes) {
  std::map<std::string, std::string> members = {{"states", "2"},
                                                {"actions", "1"},
                                                {"initial", R"([[0, "1"]])"},
                                                {"transitions", R"([[0, 0, 0, "1"], [1, 0, 1, "1"]])"},
                                                {"rewards", R"([[0, 0, "1"]])"}};
  for (const auto& [key, text] : changes) members[key] = text;
  std::string out;
  for (const auto& [key, text] : members)
    if (!text.empty()) out += (out.empty() ? "{\"" : ", \"") + key + "\": " + text;
  return out + "}";
}

/// A good document but for the first row of the transitions.
std::string with_row(const std::string& row) {
  return document({{"transitions", "[" + row + R"(, [1, 0, 1, "1"]])"}});
}

struct Bad {
  std::string text;
  std::vector<std::string> expected;  ///< parts of the message
};

/// The file is refused with the expected message, which names the file and can be shown to a person.
void check_refusals(const std::vector<Bad>& table) {
  for (const auto& [text, expected] : table) {
    const TextFile file(text);
    const std::string message = message_of([&] { read_model_file(file.path()); });
    INFO(text.substr(0, 120) << "\n  -> " << message);
    CHECK(message.rfind(file.path().string() + ": ", 0) == 0);
    CHECK(is_readable(message));
    for (const std::string& part : expected) {
      INFO("expected: " << part);
      CHECK(contains(message, part));
    }
  }
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("bad model file: the document that the others are made of is good", "[file]") {
  const TextFile file(document({}));
  CHECK(read_model_file(file.path()).state_count() == 2);
}

TEST_CASE("bad model file: what is no JSON object is refused", "[file]") {
  check_refusals({{"", {"is empty"}},
                  {"states: 2", {"not valid JSON"}},
                  {document({}).substr(0, 60), {"not valid JSON"}},
                  {document({}) + "}", {"not valid JSON"}},
                  {"{\"name\": \"\xff\xfe\"}", {"not valid JSON"}},
                  {"\x80\x81\x82", {"not valid JSON"}},
                  {std::string("{\0}", 3), {"not valid JSON"}},
                  {"{'states': 2}", {"not valid JSON"}},
                  {R"({"states": NaN})", {"not valid JSON"}},
                  {"[]", {"the document: is []; an object is expected"}},
                  {"null", {"an object is expected"}},
                  {"3", {"an object is expected"}}});
}

TEST_CASE("bad model file: nesting without end is refused", "[file]") {
  constexpr int depth = 100000;
  check_refusals({{repeated("[", depth), {"nested more than"}},
                  {repeated("[", depth) + repeated("]", depth), {"nested more than"}},
                  {repeated("{\"states\":", depth), {"nested more than"}},
                  {document({{"name", repeated("[", depth) + repeated("]", depth)}}), {"nested more than"}}});
}

TEST_CASE("bad model file: keys are all there, known and given once", "[file]") {
  for (const std::string key : {"states", "actions", "initial", "transitions", "rewards"})
    check_refusals({{document({{key, ""}}), {"the key \"" + key + "\" is missing"}}});
  check_refusals(
      {{"{}", {"is missing"}},
       {document({{"gamma", "1"}}), {"the key \"gamma\" is not known", "known keys: name, states"}},
       {document({{"States", "2"}}), {"the key \"States\" is not known"}},
       {document({{"\xc3\xa9\\u0007", "2"}}), {"is not known"}},
       {R"({"states": 2, )" + document({}).substr(1), {"the key \"states\" stands twice"}}});
}

TEST_CASE("bad model file: floating-point numbers are refused with a hint", "[file]") {
  check_refusals(
      {{with_row("[0, 0, 0, 0.1], [0, 0, 1, 0.9]"),
        {"/transitions/0/3: is the floating-point number 0.1", "such as \"1/10\""}},
       {document({{"initial", "[[0, 1.0]]"}}),
        {"/initial/0/1: is the floating-point number 1.0", "\"1/10\""}},
       {document({{"rewards", "[[0, 0, 1e2]]"}}), {"/rewards/0/2", "\"1/10\""}},
       {document({{"rewards", "[[0, 0, 1" + std::string(30, '0') + "]]"}}), {"/rewards/0/2", "as a string"}},
       {document({{"rewards", "[[0, 0, 1e400]]"}}), {"out of range", "as strings"}},
       {document({{"rewards", "[[0, 0, -1e400]]"}}), {"out of range", "as strings"}},
       {document({{"rewards", "[[0, 0, " + std::string(1'000'000, '7') + "]]"}}), {"out of range"}}});
}

TEST_CASE("bad model file: numbers in strings are fractions", "[file]") {
  const auto reward = [](const std::string& text) {
    return document({{"rewards", "[[0, 0, " + text + "]]"}});
  };
  check_refusals(
      {{reward("\"1/0\""), {"/rewards/0/2", "denominator 0"}},
       {reward("\"0.1\""), {"/rewards/0/2", "'0.1' is not a fraction", "1/10"}},
       {reward("\"\""), {"/rewards/0/2", "is not a fraction"}},
       {reward("\"one\""), {"/rewards/0/2", "'one' is not a fraction"}},
       {reward("null"), {"/rewards/0/2: is null; a fraction is expected"}},
       {reward("\"" + std::string(1'000'000, '7') + "\""), {"/rewards/0/2", "1000000 characters; at most "}},
       {reward("\"1/" + std::string(Rational::max_digits + 1, '7') + "\""),
        {"/rewards/0/2", "digits; at most "}}});
}

TEST_CASE("bad model file: rows of probabilities sum to 1", "[file]") {
  check_refusals(
      {{with_row(R"([0, 0, 0, "1/2"], [0, 0, 1, "2/3"])"), {"/transitions: row (s=0, a=0) sums to 7/6"}},
       {with_row(R"([0, 0, 0, "-1/2"], [0, 0, 1, "3/2"])"), {"row (s=0, a=0)", "negative probability -1/2"}},
       {with_row(R"([0, 0, 1, "1/2"], [0, 0, 1, "1/2"])"), {"/transitions/1", "(s=0, a=0)", "next state 1"}},
       {with_row(R"([1, 0, 0, "0"])"), {"row (s=0, a=0) sums to 0"}},
       {document({{"initial", "[]"}}), {"/initial: the initial distribution sums to 0"}},
       {document({{"initial", R"([[0, "7/6"]])"}}), {"/initial", "sums to 7/6"}},
       {document({{"initial", R"([[0, "1/2"], [0, "1/2"]])"}}), {"/initial", "twice"}},
       {document({{"rewards", R"([[0, 0, "1"], [0, 0, "1"]])"}}), {"/rewards/1", "a second reward"}}});
}

TEST_CASE("bad model file: states and actions are in range", "[file]") {
  const std::vector<std::string> strays = {"2", "-1", "1000000000000", "0.0", "\"0\"", "null"};
  for (const std::string& stray : strays)
    check_refusals(
        {{with_row("[" + stray + R"(, 0, 0, "1"])"), {"/transitions/0/0: is ", "a state", "from 0 to 1"}},
         {with_row("[0, " + stray + R"(, 0, "1"])"), {"/transitions/0/1: is ", "an action", "from 0 to 0"}},
         {with_row("[0, 0, " + stray + R"(, "1"])"), {"/transitions/0/2: is ", "a state"}},
         {document({{"initial", "[[" + stray + R"(, "1"]])"}}), {"/initial/0/0: is ", "a state"}},
         {document({{"rewards", "[[" + stray + R"(, 0, "1"]])"}}), {"/rewards/0/0: is ", "a state"}}});
}

TEST_CASE("bad model file: tuples have their length", "[file]") {
  check_refusals(
      {{with_row("[0, 0, 0]"), {"/transitions/0", "expected [state, action, next state, \"p/q\"]"}},
       {with_row("[]"), {"/transitions/0", "expected [state, action"}},
       {with_row("7"), {"/transitions/0: is 7; expected [state, action"}},
       {with_row(R"([1, 0, 0, 0, "1"])"),
        {"/transitions/1", "[step, state, action, next state", "the first one"}},
       {document({{"transitions", "[]"}}), {"/transitions: has 0 entries", "2 (state, action) rows"}},
       {document({{"transitions", R"([[0, 0, 0, "1"]])"}}), {"has 1 entries"}},
       {document({{"transitions", "{}"}}), {"/transitions: is {}; an array is expected"}},
       {document({{"initial", "[0]"}}), {"/initial/0", "expected [state, \"p/q\"]"}},
       {document({{"rewards", "[[0, 0]]"}}), {"/rewards/0", "expected [state, action, \"p/q\"]"}}});
}

TEST_CASE("bad model file: steps of time-varying models are counted from 1 without gaps", "[file]") {
  const auto steps = [](const std::string& a, const std::string& b) {
    return document({{"transitions", "[[" + a + R"(, 0, 0, 0, "1"], [)" + a + R"(, 1, 0, 1, "1"], [)" + b +
                                         R"(, 0, 0, 0, "1"], [)" + b + R"(, 1, 0, 1, "1"]])"}});
  };
  check_refusals(
      {{steps("0", "1"), {"/transitions/0/0: is 0", "a step", "from 1 to 2"}},
       {steps("1", "3"), {"/transitions/2/0: is 3", "a step"}},
       {steps("1", "1000000000000"), {"/transitions/2/0", "a step"}},
       {steps("1", "1"), {"/transitions/2", "(h=1, s=0, a=0)", "a second entry"}},
       {document({{"transitions",
                   R"([[2, 0, 0, 0, "1"], [2, 1, 0, 1, "1"], [1, 0, 0, 0, "1"], [2, 1, 0, 0, "0"]])"}}),
        {"row (h=1, s=1, a=0) sums to 0"}}});
}

TEST_CASE("bad model file: counts and names make sense", "[file]") {
  for (const std::string count : {"0", "-1", "\"3\"", "1000000000000", "2.0", "1e1", "null", "[2]", "true",
                                  "18446744073709551615", "1000000000000000000000000000000"})
    check_refusals(
        {{document({{"states", count}}),
          {"/states: is ", "the number of states must be a whole number from 1"}},
         {document({{"actions", count}}), {"/actions: is ", "the number of actions"}},
         {document({{"horizon", count}}), {"/horizon: is ", "the horizon must be a whole number from 1"}}});
  check_refusals(
      {{document({{"states", "1000000"}, {"actions", "10000"}}), {"10000000000 (state, action) rows"}},
       {document({{"state_names", R"(["a"])"}}), {"/state_names: has 1 names, expected 2"}},
       {document({{"action_names", R"(["a", "b"])"}}), {"/action_names: has 2 names, expected 1"}},
       {document({{"action_names", R"("a")"}}), {"/action_names", "an array is expected"}},
       {document({{"state_names", R"(["a", 1])"}}), {"/state_names/1: is 1; a name must be a string"}},
       {document({{"name", "3"}}), {"/name: is 3", "must be a string"}}});
}

TEST_CASE("bad model file: folders and missing files are refused by name", "[file]") {
  const auto folder = std::filesystem::temp_directory_path(),
             missing = folder / "lemmacheck_no_such_file.json";
  CHECK(contains(message_of([&] { read_model_file(folder); }), folder.string() + ": is a folder"));
  CHECK(contains(message_of([&] { read_model_file(missing); }), missing.string() + ": cannot be opened"));
  CHECK(contains(message_of([&] { read_policy_file(missing, leak_chain(0)); }), "cannot be opened"));
}

TEST_CASE("bad policy file: each fault is named with its place", "[file]") {
  const FiniteMdp model = model_of({{{1, 0}, {0, 1}, {1, 0}, {0, 1}}}, {0, 0, 0, 0});
  const std::vector<Bad> table = {
      {R"([[0, 0, "1"]])", {"is [[0,0,\"1\"]]; an object is expected"}},
      {R"({})", {"the key \"policy\" is missing"}},
      {R"({"policies": []})", {"the key \"policies\" is not known"}},
      {R"({"policy": []})", {"/policy", "is empty"}},
      {R"({"policy": [[0, 0, "1"]]})", {"/policy", "the policy at (s=1) sums to 0"}},
      {R"({"policy": [[0, 0, "1"], [1, 0, "7/6"]]})", {"the policy at (s=1) sums to 7/6"}},
      {R"({"policy": [[0, 0, "1"], [1, 0, "-1"], [1, 1, "2"]]})", {"(s=1)", "negative probability -1"}},
      {R"({"policy": [[0, 0, "1/2"], [0, 0, "1/2"], [1, 0, "1"]]})", {"(s=0)", "twice"}},
      {R"({"policy": [[0, 0, 0.5], [0, 1, 0.5], [1, 0, 1]]})",
       {"/policy", "/0/2", "floating-point", "\"1/10\""}},
      {R"({"policy": [[0, 2, "1"], [1, 0, "1"]]})", {"/0/1: is 2; an action", "from 0 to 1"}},
      {R"({"policy": [[2, 0, "1"], [1, 0, "1"]]})", {"/0/0: is 2; a state", "from 0 to 1"}},
      {R"({"policy": [[0, 0], [1, 0]]})", {"/0: is [0,0]; expected [state, action, \"p/q\"]"}},
      {R"({"policy": [[1, 0, 0, "1"], [1, 1, 0, "1"], [3, 0, 0, "1"], [3, 1, 0, "1"]]})",
       {"/2/0: is 3; a step"}},
      {R"({"policy": [[1, 0, 0, "1"], [2, 1, 0, "1"], [2, 0, 0, "1"], [2, 0, 1, "0"]]})",
       {"(h=1, s=1) sums to 0"}}};
  for (const auto& [text, expected] : table) {
    const TextFile file(text);
    const std::string message = message_of([&] { read_policy_file(file.path(), model); });
    INFO(text << "\n  -> " << message);
    CHECK(is_readable(message));
    for (const std::string& part : expected) CHECK(contains(message, part));
  }
}
