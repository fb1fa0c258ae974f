#include "mdp/model_file.hpp"
#include "mdp/json_reading.hpp"

#include <nlohmann/json.hpp>

#include "mdp/exact_values.hpp"
#include "mdp/hand_made.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

FiniteMdp example(const std::string& name) {
  const auto root = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
  return read_model_file(root / "examples" / "models" / (name + ".json"));
}

/// Through text, as a file would have it.
FiniteMdp round_trip(const FiniteMdp& model) {
  return model_from_json(parse_json(model_to_json(model).dump(), "again"), "again");
}
MarkovPolicy round_trip(const MarkovPolicy& policy) {
  const auto json = parse_json(policy_to_json(policy).dump(), "again");
  return policy_from_json(json, policy.state_count(), policy.action_count(), "again");
}

}  // namespace

TEST_CASE("model file: a document is read as its numbers say", "[file]") {
  const TextFile file(R"({"name": "tiny", "states": 2, "actions": 1, "horizon": 7,
    "initial": [[1, "3/4"], [0, "1/4"]],
    "transitions": [[0, 0, 1, "2/6"], [1, 0, 1, 1], [0, 0, 0, "2/3"]],
    "rewards": [[1, 0, "-5/10"]],
    "state_names": ["left", "right"], "action_names": ["go"]})");
  const FiniteMdp model = read_model_file(file.path());
  CHECK((model.state_count() == 2 && model.action_count() == 1 && !model.time_varying()));
  CHECK(model.initial() == matrix({{q("1/4"), q("3/4")}}));
  CHECK(model.kernel(1) == matrix({{q("2/3"), q("1/3")}, {0, 1}}));
  CHECK(model.rewards()(State{0}, Action{0}) == Rational(0));  // not listed
  CHECK(model.rewards()(State{1}, Action{0}) == q("-1/2"));
  CHECK(model.names == FiniteMdp::Names{"tiny", {"left", "right"}, {"go"}, 7});
}

TEST_CASE("model file: five numbers a transition make a time-varying model", "[file]") {
  const TextFile file(R"({"states": 2, "actions": 1, "initial": [[0, "1"]], "rewards": [],
    "transitions": [[2, 0, 0, 1, "1"], [2, 1, 0, 1, "1"], [1, 0, 0, 0, "1"], [1, 1, 0, 0, "1/2"], [1, 1, 0, 1, "1/2"]]})");
  const FiniteMdp model = read_model_file(file.path());
  REQUIRE(model.kernels().size() == 2);
  CHECK(model.kernel(1) == matrix({{1, 0}, {q("1/2"), q("1/2")}}));
  CHECK(model.kernel(2) == matrix({{0, 1}, {0, 1}}));
}

TEST_CASE("model file: models written and read again are the same", "[file]") {
  std::uint64_t index = 0;
  bool saw_time_varying = false;
  for (const PairOptions& options : all_pair_options()) {
    const Instance instance = drawn(model_pairs(options), index++);
    INFO("instance " << index - 1);
    CHECK(same_process(round_trip(*instance.model), *instance.model));
    CHECK(same_process(round_trip(*instance.perturbed), *instance.perturbed));
    saw_time_varying = saw_time_varying || instance.model->kernels().size() > 2;
  }
  CHECK(saw_time_varying);
}

TEST_CASE("model file: names, huge numbers and numbers without words survive", "[file]") {
  const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q),
                 huge = pow(Rational(10), 500);
  FiniteMdp model = model_of({{{p, Rational(1) - p}, {r, Rational(1) - r}}}, {huge, Rational(-1) / huge});
  model.names = {"a \"name\"\n\xc3\xa9", {"x", ""}, {"go"}, 12};
  CHECK(same_process(round_trip(model), model));
  CHECK(round_trip(model).names == model.names);
  CHECK(round_trip(leak_chain(0)).names == FiniteMdp::Names{});
}

TEST_CASE("model file: policies written and read again are the same", "[file]") {
  std::uint64_t index = 0;
  bool saw_time_dependent = false;
  for (const PairOptions& options : all_pair_options()) {
    const MarkovPolicy policy = *drawn(model_pairs(options), index++).policy;
    CHECK(round_trip(policy) == policy);
    saw_time_dependent = saw_time_dependent || policy.steps() > 2;
  }
  CHECK(saw_time_dependent);
  const Rational tiny = Rational(1) / pow(Rational(10), 100);
  const MarkovPolicy fine(matrix({{tiny, Rational(1) - tiny}}), 1);
  CHECK(round_trip(fine) == fine);
}

TEST_CASE("model file: policy files, stationary and time-dependent", "[file]") {
  const FiniteMdp model = model_of({{{1, 0}, {0, 1}, {1, 0}, {0, 1}}}, {0, 0, 0, 0});
  const TextFile stationary(R"({"policy": [[1, 0, "1"], [0, 1, "2/3"], [0, 0, "1/3"]]})");
  CHECK(read_policy_file(stationary.path(), model) ==
        MarkovPolicy(matrix({{q("1/3"), q("2/3")}, {1, 0}}), 2));
  const TextFile timed(R"({"policy": [[2, 0, 0, 1], [2, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, "1"]]})");
  CHECK(read_policy_file(timed.path(), model) == MarkovPolicy(matrix({{0, 1}, {1, 0}, {1, 0}, {0, 1}}), 2));
}

TEST_CASE("model file: exact numbers are strings or whole numbers", "[file]") {
  const auto read = [](const char* text) {
    const auto json = parse_json(text, "x");
    return JsonPlace(json, "x").rational();
  };
  CHECK(read("\"-6/4\"") == q("-3/2"));
  CHECK(read("-3") == Rational(-3));
  CHECK(read("18446744073709551615") == Rational(UINT64_MAX));
  CHECK(read("-9223372036854775808") == Rational(INT64_MIN));
  for (const char* text :
       {"0.1", "1.0", "1e3", "null", "true", "[1]", "{}", "\"0.1\"", "\"\"", "18446744073709551616"})
    CHECK_THROWS_AS(read(text), InvalidInput);
}

TEST_CASE("model file: the example models have the optimal returns that their README states", "[file]") {
  // examples/models/README.md; the numbers come from an independent program in Python.
  struct Known {
    const char* model;
    Step horizon;
    const char* optimum;
  };
  for (const auto& [name, horizon, optimum] :
       {Known{"frozenlake4x4_slippery", 10, "815/19683"},
        Known{"frozenlake4x4_slippery", 20, "231444265/1162261467"},
        Known{"frozenlake8x8_slippery", 14, "107/4782969"},
        Known{"frozenlake8x8_slippery", 20, "8016598/3486784401"}, Known{"cliffwalking", 12, "-12"},
        Known{"cliffwalking", 13, "-13"}, Known{"taxi", 10, "-1879/300"}, Known{"taxi", 18, "793/100"}}) {
    const FiniteMdp model = example(name);
    const OptimalPlan plan = optimal_plan(model, horizon);
    INFO(name << ", H = " << horizon);
    CHECK(expected_value<Rational>(model, plan.values) == q(optimum));
    CHECK(policy_return(model, plan.policy, horizon) == q(optimum));
  }
}

TEST_CASE("model file: the example models survive a round trip", "[file]") {
  for (const char* name : {"frozenlake4x4_slippery", "frozenlake8x8_slippery", "cliffwalking", "taxi"}) {
    const FiniteMdp model = example(name);
    INFO(name);
    CHECK(model.names.model == name);
    CHECK(model_to_json(round_trip(model)) == model_to_json(model));
    CHECK(same_process(round_trip(model), model));
  }
}
