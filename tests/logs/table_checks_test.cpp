#include "logs/table_checks.hpp"

#include <nlohmann/json.hpp>

#include "mdp/hand_made.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;
using nlohmann::json;

namespace {

const Rational tolerance = Rational::ratio(1, 100'000);

TableReport checked(const json& tables) {
  const TextFile file(tables.dump());
  return check_tables(read_logged_tables(file.path()), tolerance);
}

const TableCheck& named(const TableReport& report, const std::string& name) {
  for (const TableCheck& check : report.checks)
    if (check.name == name) return check;
  FAIL("no check " << name);
  return report.checks.front();
}

/// Exactly this check is violated, first at a place that ends so.
void violated(const json& tables, const std::string& name, const std::string& place) {
  const TableReport report = checked(tables);
  for (const TableCheck& check : report.checks) {
    INFO(check.name);
    CHECK((check.verdict() == Truth::yes) == (check.name != name));
  }
  const auto& first = named(report, name).first;
  REQUIRE(first);
  INFO(first->place);
  CHECK(first->place.ends_with(place));
}

void refused(const json& tables, const std::string& words) {
  const std::string message = message_of([&] { checked(tables); });
  INFO(words << " in " << message);
  CHECK(contains(message, words));
}

/// h remembers the last code; two codes that the observation tells. By hand: the episodes have the chances
/// 1/2 1/2, 1/2 3/4 and 1/2, and the encoder is the posterior; imagined from z = 1: 1 + 3/4, from z = 0: 1/2.
json finite_model() {
  return R"({
    "sequence": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]],
    "encoder": [[[1, 0], [1, 0]], [[0, 1], [0, 1]]],
    "dynamics": [["1/2", "1/2"], ["1/4", "3/4"]],
    "decoder": [[[1, 0], [0, 1]], [[1, 0], [0, 1]]],
    "rewards": [[0, 1], [0, 1]],
    "continues": [[1, 1], [1, "1/2"]],
    "observations": [[0, 1], [1, 1], [1, -1]],
    "actions": [[0], [1], [-1]],
    "log_likelihood": [-1.3862943611, -0.9808292530, -0.6931471806],
    "elbo": [-1.3862943611, -0.9808292530, -0.6931471806],
    "imagined_policy": [[0, 0], [0, 0]],
    "imagined_horizon": 2,
    "imagined_value": "9/8",
    "imagined_recurrent": [[0, 1, 1]],
    "imagined_codes": [[1, 1, 0]],
    "imagined_actions": [[0, 1]],
    "imagined_rewards": [[1, 1, 0]],
    "imagined_continues": [[1, "1/2", 1]]})"_json;
}

json training_log() {
  return {{"posterior", {{{0.75, 0.25}, {1, 0}}}},
          {"prior", {{{0.5, 0.5}, {0.5, 0.5}}}},
          // 3/4 log(3/2) + 1/4 log(1/2), log 2
          {"kl", {{0.1308120359, 0.6931471806}}},
          {"free_bits", 0.5},
          {"kl_loss", {{0.5, 0.6931471806}}},
          {"reconstruction", {{-1.5, -2}}},
          {"elbo", {-4.3239592165}},
          {"log_likelihood", {-4}},
          {"discount", 0.5},
          {"lambda", 0.5},
          {"imagined_rewards", {{1, 2}}},
          {"imagined_continues", {{1, 0.5}}},
          {"imagined_values", {{9, 4, 8}}},
          // 2 + 1/4 8 = 4; 1 + 1/2 (2 + 2) = 3
          {"imagined_returns", {{3, 4}}},
          {"imagined_prior", {{{0.5, 0.5}, {1, 0}}}},
          {"imagined_codes", {{1, 0}}}};
}

json with(json tables, const std::string& pointer, const json& value) {
  tables[json::json_pointer(pointer)] = value;
  return tables;
}
json without(json tables, const std::string& name) {
  tables.erase(name);
  return tables;
}

}  // namespace

TEST_CASE("a finite model and its logs that agree are accepted") {
  const TableReport report = checked(finite_model());
  CHECK(report.checks.size() == 13);
  CHECK(report.unchecked.empty());
  for (const TableCheck& check : report.checks) {
    INFO(check.name);
    CHECK(check.places > 0);
    CHECK(check.verdict() == Truth::yes);
  }
}

TEST_CASE("every law of a finite model catches its fault") {
  const json model = finite_model();
  violated(with(model, "/encoder/1/0/0", "1/9"), "rows of encoder", "/encoder[1][0]");
  violated(with(model, "/dynamics/1", R"(["-1/4", "5/4"])"_json), "rows of dynamics", "/dynamics[1][0]");
  violated(with(model, "/decoder/0/1/1", 0.999), "rows of decoder", "/decoder[0][1]");
  violated(with(model, "/log_likelihood/1", -0.9809), "likelihood", "/log_likelihood[1]");
  violated(with(model, "/imagined_value", "7/8"), "imagined value", "/imagined_value");
  violated(with(model, "/imagined_recurrent/0/2", 0), "imagined steps", "/imagined_recurrent[0][2]");
  violated(with(model, "/imagined_rewards/0/1", 0), "imagined_rewards by the head",
           "/imagined_rewards[0][1]");
  violated(with(model, "/imagined_continues/0/1", 1), "imagined_continues by the head",
           "/imagined_continues[0][1]");
  json bound = with(model, "/elbo/1", -0.9);  // above the likelihood, and not the expectation
  const TableReport report = checked(bound);
  CHECK(named(report, "evidence bound below likelihood").verdict() == Truth::no);
  CHECK(named(report, "evidence bound").verdict() == Truth::no);
  violated(with(model, "/elbo/1", -1.5), "evidence bound", "/elbo[1]");
}

TEST_CASE("an out-of-range chance to go on, and a code that the dynamics exclude") {
  json model = without(without(finite_model(), "imagined_continues"), "imagined_value");
  CHECK(named(checked(with(model, "/continues/1/1", "3/2")), "range of continues").verdict() == Truth::no);
  model["dynamics"] = R"([[1, 0], ["1/4", "3/4"]])"_json;
  const TableReport report = checked(model);
  CHECK(named(report, "imagined codes").first->place.ends_with("/imagined_codes[0][0]"));
  // Now x_1 = 1 is impossible: log p is -infinity, and a finite one is a fault.
  CHECK(named(report, "likelihood").first->expected == "-infinity");
  model["log_likelihood"] = R"(["-1000", "-infinity", "-infinity"])"_json;
  CHECK(named(checked(model), "likelihood").faults == 1);
}

TEST_CASE("exact numbers are held exactly, floats within the tolerance") {
  const json model = finite_model();
  violated(with(model, "/imagined_value", "1125001/1000000"), "imagined value", "/imagined_value");
  CHECK(named(checked(with(model, "/imagined_value", 1.125001)), "imagined value").verdict() == Truth::yes);
  CHECK(named(checked(with(model, "/encoder/1/0/1", 0.999999)), "rows of encoder").verdict() == Truth::yes);
}

TEST_CASE("a model without logs gives figures") {
  json model = {};
  for (const char* name : {"sequence", "encoder", "dynamics", "decoder"}) model[name] = finite_model()[name];
  const TableReport report = checked(model);
  REQUIRE(report.figures.size() == 3);
  CHECK(report.figures[0].value == "0");
  CHECK(report.figures[2].value == "0");  // the encoder is the posterior: no gap
  // An encoder that says nothing has a gap; with a deterministic decoder an infinite one.
  model["decoder"] = R"([[["3/4", "1/4"], ["1/4", "3/4"]], [["3/4", "1/4"], ["1/4", "3/4"]]])"_json;
  model["encoder"] = R"([[["1/2", "1/2"], ["1/2", "1/2"]], [["1/2", "1/2"], ["1/2", "1/2"]]])"_json;
  CHECK(checked(model).figures[2].approximately > 0.1);
}

TEST_CASE("a training log that agrees is accepted") {
  const TableReport report = checked(training_log());
  CHECK(report.checks.size() == 10);
  CHECK(report.unchecked.empty());
  for (const TableCheck& check : report.checks) {
    INFO(check.name);
    CHECK(check.places > 0);
    CHECK(check.verdict() == Truth::yes);
  }
}

TEST_CASE("every law of a training log catches its fault") {
  const json log = training_log();
  violated(with(log, "/imagined_prior/0/0/0", 0.4), "rows of imagined_prior", "/imagined_prior[0][0]");
  violated(with(without(log, "imagined_returns"), "/imagined_continues/0/0", 1.25),
           "range of imagined_continues", "/imagined_continues[0][0]");
  violated(with(log, "/kl_loss/0/0", 0.1308120359), "free bits", "/kl_loss[0][0]");
  violated(with(log, "/log_likelihood/0", -4.5), "evidence bound below likelihood", "/elbo[0]");
  violated(with(log, "/imagined_codes/0/1", 1), "imagined codes have a chance", "/imagined_codes[0][1]");
  violated(with(log, "/imagined_returns/0/0", 3.01), "imagined returns", "/imagined_returns[0][0]");
  violated(with(log, "/reconstruction/0/1", -2.1), "evidence bound as a sum", "/elbo[0]");
}

TEST_CASE("divergences: rows that are none stop them, log 0 is infinite") {
  const json log = without(without(without(training_log(), "kl_loss"), "free_bits"), "reconstruction");
  violated(with(log, "/kl/0/1", 0.69), "divergence", "/kl[0][1]");
  const TableReport broken = checked(with(log, "/posterior/0/0/0", 0.8));
  CHECK(named(broken, "rows of posterior").verdict() == Truth::no);
  CHECK(std::ranges::any_of(broken.unchecked, [](const auto& u) { return u.name == "divergence"; }));
  json excluded = with(log, "/prior/0/1", {0, 1});
  violated(excluded, "divergence", "/kl[0][1]");
  excluded["kl"][0][1] = "infinity";
  CHECK(named(checked(excluded), "divergence").verdict() == Truth::yes);
  CHECK(named(checked(with(excluded, "/kl/0/1", "-infinity")), "divergence").verdict() == Truth::no);
  // One number for several groups of codes: the sum.
  const json groups = {
      {"posterior", {{{{1, 0}, {1, 0}}}}}, {"prior", {{{{0.5, 0.5}, {0.5, 0.5}}}}}, {"kl", {{1.3862943611}}}};
  CHECK(named(checked(groups), "divergence").verdict() == Truth::yes);
}

TEST_CASE("divergences alone have a sign") {
  CHECK(named(checked({{"kl", {0.5, 0}}}), "sign of kl").verdict() == Truth::yes);
  violated({{"kl", {0.5, -0.1}}}, "sign of kl", "/kl[1]");
}

TEST_CASE("tables that do not fit together are refused") {
  const json model = finite_model(), log = training_log();
  refused(with(model, "/klx", 1), "no check knows a table of this name; the names are");
  refused(with(model, "/sequence", 1), "it needs three");
  refused(with(model, "/sequence/0/0/0", 2), "/sequence[0][0][0]: is 2; a whole number from 0 to 1");
  refused(with(model, "/dynamics", R"([["1/2", "1/2"]])"_json),
          "has the shape [1, 2]; [R, Z] beside sequence needs [2, 2]");
  refused(with(model, "/observations/0/0", -1), "is an empty episode");
  refused(with(model, "/actions/0/0", -1), "although an observation follows");
  refused(with(model, "/observations/0/0", 5), "/observations[0][0]: is 5");
  refused(with(model, "/imagined_horizon", "1/2"), "/imagined_horizon: is 1/2; a whole number");
  refused(with(model, "/discount", 2), "between 0 and 1");
  refused(with(log, "/kl", {{1, 2, 3}}), "does not begin as the posterior's does");
  refused(with(log, "/prior", {{{1}}}), "/prior: has the shape");
  refused(with(log, "/imagined_values", {{1}}), "[M, T + 1]");
  refused(with(log, "/kl_loss", {{{1}}}), "/kl_loss");
}

TEST_CASE("what is missing is said") {
  const TableReport report = checked(without(training_log(), "kl"));
  CHECK(std::ranges::any_of(report.unchecked,
                            [](const auto& u) { return u.name == "divergence" && u.needs == "kl"; }));
  const TableReport bare = checked({{"observations", {{0}}}, {"kl", {0.5}}});
  CHECK(bare.unchecked.front().needs == "sequence, encoder, dynamics, decoder");
}
