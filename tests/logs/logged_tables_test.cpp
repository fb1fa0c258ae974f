#include "logs/logged_tables.hpp"

#include "formats/npy_file.hpp"
#include "mdp/hand_made.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

LoggedTables read(const std::string& json) {
  const TextFile file(json);
  return read_logged_tables(file.path());
}

/// An NPY file of version 1 as numpy.save lays it out.
std::string npy(const std::string& type, const std::string& order, const std::string& shape,
                const std::string& data) {
  std::string header = "{'descr': " + type + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size() % 256) +
         static_cast<char>(header.size() / 256) + header + data;
}

NumberArray read_npy(const std::string& bytes) {
  const TextFile file(bytes);
  return read_npy_file(file.path());
}

template <std::size_t N>
std::string bytes(const char (&text)[N]) {
  return std::string(text, N - 1);
}

void refused_npy(const std::string& content, const std::string& words) {
  INFO(words);
  CHECK(contains(message_of([&] { read_npy(content); }), words));
}
void refused(const std::string& json, const std::string& words) {
  INFO(words);
  CHECK(contains(message_of([&] { read(json); }), words));
}

}  // namespace

TEST_CASE("tables of a JSON file are read without rounding") {
  const LoggedTables tables = read(
      R"({"name": "mine", "kl": [[0.1, 1e-3], [2.5E+1, "1/3"]], "free_bits": 1, "elbo": ["-infinity", -0.5], "none": []})");
  REQUIRE(tables.tables.size() == 4);
  const NumberArray& kl = tables.at("kl");
  CHECK(kl.shape == std::vector<std::size_t>{2, 2});
  CHECK(kl.values == std::vector<Rational>{Rational::ratio(1, 10), Rational::ratio(1, 1000), Rational(25),
                                           Rational::ratio(1, 3)});
  CHECK_FALSE(kl.exact);
  CHECK(tables.at("free_bits").shape.empty());
  CHECK(tables.at("free_bits").exact);
  CHECK(tables.at("elbo").infinite == std::map<std::size_t, int>{{0, -1}});
  CHECK(tables.at("elbo").values[1] == Rational::ratio(-1, 2));
  CHECK(tables.at("none").shape == std::vector<std::size_t>{0});
  CHECK(index_text({2, 3}, 4) == "[1][1]");
}

TEST_CASE("faults of a JSON file of tables are named with their place") {
  refused(R"({"kl": [[1, 2], [3]]})", "/kl/1: has 1 elements where its neighbours have 2");
  refused(R"({"kl": [[1, 2], 3]})", "/kl/1: is a number where others are arrays");
  refused(R"({"kl": [1, [2]]})", "/kl/1: is an array where others are numbers");
  refused(R"({"kl": [1, "half"]})", "/kl/1: ");
  refused(R"({"kl": [1, {"x": 1}]})", "/kl/1: an object is no number");
  refused(R"({"kl": [1], "kl": [2]})", "/kl: stands twice");
  refused(R"({"kl": [1e999999]})", "out of range");
  refused(R"({"kl": [1, 1e-500]})", "/kl/1: '1e-500' is not a number");
  refused(R"([1, 2])", "is no object of named tables");
  refused(R"({})", "there is no table in it");
  refused("", "not valid JSON");
  refused(R"({"kl": [[[[[[[[[1]]]]]]]]]})", "more than 8 axes");
  CHECK(contains(message_of([] { read_logged_tables("no such file"); }), "cannot be opened"));
  CHECK(contains(message_of([] { read(R"({"kl": 1})").at("elbo"); }), "there is no table elbo"));
}

TEST_CASE("each float of an NPY file is the dyadic number that its bits say") {
  // 0.1f, -2.5f, the smallest subnormal
  const NumberArray singles =
      read_npy(npy("'<f4'", "False", "(3,)", bytes("\xcd\xcc\xcc\x3d\x00\x00\x20\xc0\x01\x00\x00\x00")));
  CHECK(singles.values[0] == Rational::ratio(13421773, 134217728));
  CHECK(singles.values[1] == Rational::ratio(-5, 2));
  CHECK(singles.values[2] == Rational(1) / pow(Rational(2), 149));
  CHECK_FALSE(singles.exact);
  // 0.1 as a double of big-endian bytes
  const NumberArray doubles =
      read_npy(npy("'>f8'", "False", "()", bytes("\x3f\xb9\x99\x99\x99\x99\x99\x9a")));
  CHECK(doubles.shape.empty());
  CHECK(doubles.values[0] == Rational::ratio(3602879701896397, std::uint64_t{1} << 55U));
  // 1.5 and -infinity as float16
  const NumberArray halves = read_npy(npy("'<f2'", "False", "(2,)", bytes("\x00\x3e\x00\xfc")));
  CHECK(halves.values[0] == Rational::ratio(3, 2));
  CHECK(halves.infinite == std::map<std::size_t, int>{{1, -1}});
}

TEST_CASE("whole numbers and Fortran order") {
  const NumberArray table = read_npy(npy("'|i1'", "True", "(2, 3)", bytes("\x01\x04\x02\x05\x03\xff")));
  CHECK(table.shape == std::vector<std::size_t>{2, 3});
  CHECK(table.exact);
  CHECK(table.values == std::vector<Rational>{1, 2, 3, 4, 5, -1});
  CHECK(read_npy(npy("'<u2'", "False", "(1,)", bytes("\xff\xff"))).values[0] == Rational(65535));
  CHECK(read_npy(npy("'<i8'", "False", "(1,)", bytes("\xfe\xff\xff\xff\xff\xff\xff\xff"))).values[0] ==
        Rational(-2));
  CHECK(read_npy(npy("'|b1'", "False", "(2,)", bytes("\x01\x00"))).values ==
        std::vector<Rational>{Rational(1), Rational(0)});
}

TEST_CASE("what is no finite number is read as what it is") {
  const LoggedTables tables = read(R"({"kl": [1, null, NaN, Infinity, -Infinity, 2], "say \"NaN\"": [0.5]})");
  CHECK(tables.at("kl").nan == std::set<std::size_t>{1, 2});
  CHECK(tables.at("kl").infinite == std::map<std::size_t, int>{{3, 1}, {4, -1}});
  CHECK(tables.at("kl").values.size() == 6);
  CHECK(tables.has("say \"NaN\""));
}

TEST_CASE("what is no NPY file is refused") {
  refused_npy("hello", "is no NPY file");
  refused_npy(npy("'<f4'", "False", "(2,)", bytes("\x00\x00\x00\x00")), "4 bytes of numbers");
  CHECK(read_npy(npy("'<f4'", "False", "(1,)", bytes("\x00\x00\xc0\x7f"))).nan == std::set<std::size_t>{0});
  refused_npy(npy("'|O'", "False", "(1,)", bytes("\x00")), "the type is '|O'");
  refused_npy(npy("'<c8'", "False", "(1,)", bytes("\x00")), "the type is '<c8'");
  refused_npy(npy("'<f3'", "False", "(1,)", bytes("\x00\x00\x00")), "3 bytes");
  refused_npy(npy("[('a', '<f4')]", "False", "(1,)", bytes("\x00")), "the type is [");
  refused_npy(npy("'<f4'", "False", "(999999999, 999999999)", ""), "more than");
  refused_npy(npy("'" + std::string(100'000, 'x') + "'", "False", "(1,)", bytes("\x00")), "a header of");
  refused_npy(npy("'<f4'", "Maybe", "(1,)", bytes("\x00\x00\x00\x00")), "no NPY header");
  std::string cut = npy("'<f4'", "False", "(1,)", "");
  refused_npy(cut.substr(0, 40), "ends in its header");
  cut[6] = 9;
  refused_npy(cut, "version 9");
}
