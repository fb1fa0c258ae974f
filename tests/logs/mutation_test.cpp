// Files of other tools with a few bytes changed: each is read, or refused by InvalidInput; nothing else
// happens.
#include <functional>
#include <random>

#include "formats/any_model.hpp"
#include "formats/cassandra.hpp"
#include "formats/drn.hpp"
#include "logs/scalar_log.hpp"
#include "logs/table_checks.hpp"
#include "numeric/error.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace lemmacheck;
using lemmacheck::testing::TextFile;

namespace {

constexpr int rounds = 1500;

/// Deletes, doubles, moves or replaces some bytes.
std::string mutated(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  const std::vector<std::string> pieces = {"-",  "/", ".", "1e999",       "e",    "[",        "]",   ":",
                                           "\n", " ", "0", "99999999999", "nan",  "T",        "*",   "\"",
                                           "{",  "}", ",", "\xff",        "init", "@model\n", "NaN", "1/0"};
  for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
    const std::size_t at = below(text.size() + 1),
                      length = below(std::min<std::size_t>(12, text.size() - at + 1));
    switch (below(4)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        text.insert(at, pieces[below(pieces.size())]);
        break;
      default:
        text.replace(at, std::min(length, text.size() - at), pieces[below(pieces.size())]);
    }
  }
  return text;
}

void attack(const std::string& good, const std::string& ending,
            const std::function<void(const std::filesystem::path&)>& read) {
  std::mt19937 random(static_cast<std::uint32_t>(good.size()));
  int refused = 0;
  for (int i = 0; i < rounds; ++i) {
    const std::string text = mutated(good, random);
    const TextFile file(text, ending);
    try {
      read(file.path());
    } catch (const InvalidInput& fault) {
      ++refused;
      const std::string message = fault.what();
      CAPTURE(text, message);
      CHECK_FALSE(message.empty());
      CHECK(message.find('\n') == std::string::npos);
    }
  }
  CHECK(refused > rounds / 10);
  CHECK(refused < rounds);
}

void read_model(const std::filesystem::path& file) {
  for (const bool mended : {false, true})
    read_any_model(
        file, {.nearest = mended ? std::optional<std::uint64_t>(100) : std::nullopt, .renormalise = mended});
}

}  // namespace

TEST_CASE("mutations: Storm's files, with and without intervals", "[mutation]") {
  attack(
      "@type: MDP\n@value_type: "
      "double\n@parameters\n\n@reward_models\ngold\n@nr_states\n2\n@nr_choices\n3\n@model\nstate 0 [1] "
      "init\n\taction a [0.5]\n\t\t0 : 0.333333\n\t\t1 : 0.666667\n\taction b\n\t\t1 : 1\nstate 1 "
      "done\n\taction a\n\t\t1 : 1\n",
      ".drn", read_model);
  attack(
      "@type: MDP\n@value_type: "
      "double-interval\n@parameters\n\n@reward_models\n\n@nr_states\n2\n@model\nstate 0 init\n\taction "
      "a\n\t\t0 : [0.25, 0.5]\n\t\t1 : [0.5, 1]\nstate 1\n\taction a\n\t\t1 : [1, 1]\n",
      ".drn", [](const std::filesystem::path& file) { finished_intervals(read_drn(file, "")); });
}

TEST_CASE("mutations: PRISM's and Cassandra's files", "[mutation]") {
  attack("2 3 4\n0 0 0 0.333333 go\n0 0 1 0.666667\n0 1 1 1\n1 0 1 1\n", ".tra", read_model);
  attack(
      "discount: 0.95\nvalues: cost\nstates: a b\nactions: go stay\nobservations: x y\nstart: 0.5 0.5\nT: "
      "go\n0.5 0.5\n0 1\nT: stay identity\nT: go : b reset\nO: * : a 0.75 0.25\nO: * : b : x 1\nR: go : "
      "a : * : x -2\n",
      ".pomdp", [](const std::filesystem::path& file) {
        const CassandraModel model = read_cassandra(file, {});
        model.partially_observed() ? void(observed_model(model, {})) : void(finished(model.raw, {}));
      });
}

TEST_CASE("mutations: logs", "[mutation]") {
  const Rational tolerance = Rational::ratio(1, 1000);
  attack(
      "{\"step\": 1, \"train\": {\"kl\": 0.5, \"kl_loss\": 1.25, \"a_loss\": 2}, \"free_bits\": 1, "
      "\"total\": 3.25}\n{\"step\": 2, \"train\": {\"kl\": 2.5, \"kl_loss\": 2.5, \"a_loss\": 1.5e0}, "
      "\"free_bits\": 1, \"total\": 4}\n",
      ".jsonl", [&](const std::filesystem::path& file) { check_scalars(read_metrics(file), {}, tolerance); });
  attack(
      "{\"kl\": [[0.5, NaN]], \"kl_loss\": [[1, 2]], \"free_bits\": 1, \"posterior\": [[[0.5, 0.5], [1, "
      "0]]], \"prior\": [[[0.5, 0.5], [\"1/2\", 0.5]]]}",
      ".json", [&](const std::filesystem::path& file) { check_tables(read_logged_tables(file), tolerance); });
}
