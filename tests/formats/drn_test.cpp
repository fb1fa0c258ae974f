#include "formats/drn.hpp"

#include "formats/any_model.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace lemmacheck;
using lemmacheck::testing::TextFile;

namespace {

const std::string good = R"(// two doors
@type: MDP
@value_type: rational
@parameters

@reward_models
time gold
@nr_states
3
@nr_choices
4
@model
state 0 [1, 0] init outside
	action knock [0, 0]
		0 : 9/10
		1 : 1/10
	action push [1, 1/2]
		1 : 0.5
		2 : 0.5
state 1 inside
	action stay [1, 1]
		1 : 1
state 2 // a comment
	action stay
		2 : 1
)";

std::string with(const std::string& from, const std::string& to) {
  const std::size_t at = good.find(from);
  REQUIRE(at != std::string::npos);
  return good.substr(0, at) + to + good.substr(at + from.size());
}

std::string message_of(const std::string& text, const ReadOptions& options = {.reward = "gold"}) {
  const TextFile file(text, ".drn");
  try {
    read_any_model(file.path(), options);
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return "";
}

}  // namespace

TEST_CASE("DRN: states, choices, rewards and labels are read", "[formats]") {
  const TextFile file(good, ".drn");
  const ReadModel gold = read_any_model(file.path(), {.reward = "gold"});
  CHECK(gold.model.state_count() == 3);
  CHECK(gold.model.action_count() == 2);
  CHECK(gold.model.initial().column(0) == 0);
  CHECK(gold.model.kernel(1).probability(0, 1) == Rational::ratio(1, 10));
  CHECK(gold.model.kernel(1).probability(1, 2) == Rational::ratio(1, 2));
  CHECK(gold.model.rewards()(State{0}, Action{1}) == Rational::ratio(1, 2));
  CHECK(gold.model.names.states == std::vector<std::string>{"0 outside", "1 inside", "2"});
  CHECK_FALSE(gold.mended());
  REQUIRE(gold.changes.size() == 1);
  CHECK(gold.changes[0].find("2 of 3 states have fewer than 2 choices") != std::string::npos);
  CHECK(gold.model.names.padded);
  // The state's reward is earned by whatever is done in it.
  const ReadModel time = read_any_model(file.path(), {.reward = "time"});
  CHECK(time.model.rewards()(State{0}, Action{0}) == Rational(1));
  CHECK(time.model.rewards()(State{0}, Action{1}) == Rational(2));
}

TEST_CASE("DRN: a model that is written is read as it was", "[formats]") {
  const TextFile file(good, ".drn");
  const FiniteMdp model = read_any_model(file.path(), {.reward = "gold"}).model;
  const TextFile again(model_as_drn(model), ".drn");
  CHECK(same_process(read_any_model(again.path()).model, model));
  const TextFile ours(model_as_files(model, "model.json").at("model.json"), ".json");
  CHECK(same_process(read_any_model(ours.path()).model, model));
  CHECK_THROWS_AS(model_as_files(model, "model.yaml"), InvalidInput);
}

TEST_CASE("DRN: what the rounding of a mended row can cost encloses what was meant", "[formats]") {
  const std::string rounded = with("0 : 9/10\n\t\t1 : 1/10", "0 : 0.667\n\t\t1 : 0.33");
  const TextFile file(rounded, ".drn"), meant(with("0 : 9/10\n\t\t1 : 1/10", "0 : 2/3\n\t\t1 : 1/3"), ".drn");
  CHECK(message_of(rounded).find("sum to 997/1000, not 1") != std::string::npos);
  const ReadModel mended = read_any_model(file.path(), {.renormalise = true, .reward = "gold"});
  CHECK(mended.mended());
  CHECK(mended.radii[0] == Rational::ratio(17, 2000));  // 3/1000 of the sum, and half of 1/1000 and of 1/100
  CHECK(mended.radii[1] == Rational(0));
  const FiniteMdp truth = read_any_model(meant.path(), {.reward = "gold"}).model;
  Rational distance;
  for (std::uint32_t t = 0; t < 3; ++t)
    distance += abs(truth.kernel(1).probability(0, t) - mended.model.kernel(1).probability(0, t));
  CHECK((distance.sign() > 0 && distance <= mended.radii[0]));
  const FiniteMdp nearest = read_any_model(file.path(), {.nearest = 10, .reward = "gold"}).model;
  CHECK(same_process(nearest, truth));
  CHECK_THROWS_AS(read_any_model(file.path(), {.nearest = 2, .reward = "gold"}), InvalidInput);
  // A row that misses by more than its digits can hide is a fault of the file.
  const std::string wrong = with("0 : 9/10\n\t\t1 : 1/10", "0 : 0.6\n\t\t1 : 0.2");
  CHECK(message_of(wrong, {.renormalise = true, .reward = "gold"}).find("more than the rounding") !=
        std::string::npos);
}

TEST_CASE("DRN: each fault has its message", "[formats]") {
  struct Fault {
    std::string text, words;
  };
  const std::vector<Fault> faults = {
      {"", "ends before a model"},
      {"@type: CTMC\n", "type CTMC"},
      {"@type: POMDP\n", "type POMDP"},
      {with("@value_type: rational", "@value_type: double-interval"), "probabilities are intervals"},
      {with("@value_type: rational", "@value_type: float"), "of type float"},
      {with("@parameters\n", "@parameters\np q\n"), "parameters: p q"},
      {with("@type: MDP\n", ""), "no @type"},
      {with("@nr_states\n3\n", ""), "no @nr_states"},
      {with("@nr_states\n3", "@nr_states\n2"), "'2' is not a state"},
      {with("@nr_states\n3", "@nr_states\n4"), "there are 3 states, and @nr_states says 4"},
      {with("@nr_states\n3", "@nr_states\n-1"), "'-1' is not a number of states"},
      {with("@nr_states\n3", "@nr_states\nmany"), "'many' is not a number of states"},
      {with("@nr_states\n3", "@nr_states\n5\n3"), "a second number of states"},
      {with("@nr_choices\n4", "@nr_choices\n5"), "there are 4 choices, and @nr_choices says 5"},
      {with("@model", "@modell"), "@modell is not known"},
      {with("state 1 inside", "state 2 inside"), "in their order"},
      {with("state 1 inside", "state 1 {4} inside"), "observation"},
      {with("state 1 inside", "state 1 !2 inside"), "exit rate"},
      {with("state 1 inside", "state 1 init"), "both initial"},
      {with(" init outside", ""), "no state is initial"},
      {with("[1, 0] init", "[1] init"), "1 rewards for 2 reward models"},
      {with("[1, 0] init", "[1, x] init"), "'x'"},
      {with("[1, 0] init", "[1, 0 init"), "a bracket is open"},
      {with("1 : 1/10", "1 : 1/5"), "sum to 11/10, not 1"},
      {with("1 : 1/10", "0 : 1/10"), "reached twice"},
      {with("1 : 1/10", "1 : -1/10"), "must not be negative"},
      {with("1 : 1/10", "1 : [0.1, 0.2]"), "@value_type: double-interval"},
      {with("1 : 1/10", "1 : nan"), "'nan'"},
      {with("1 : 1/10", "1 = 1/10"), "no transition"},
      {with("1 : 1/10", "7 : 1/10"), "'7' is not a state"},
      {with("\taction stay\n", ""), "before the state's first action"},
      {with("\taction stay\n\t\t2 : 1\n", ""), "no action"},
      {with("\t\t2 : 1\n", ""), "no transition"},
      {with("@type: MDP", "@type: DTMC"), "more than one action"},
      {with("action push [1, 1/2]", "action push [1, 1/2] now"), "'now' follows the action"},
      {with("state 1 inside", "state 1 inside [5]"), "'[5]' is not a name"},
      {with("action stay [1, 1]", "action [1, 1]"), "is not a name"},
      {with("action stay [1, 1]", "action stay[1, 1]"), "is not a name"},
      {with("inside", "\"init here\""), "is not a name"},
      {with("time gold", "gold gold"), "stands twice"},
      {with("@parameters\n", "@parameters\n@type: DTMC\n"), "@type stands twice"},
      {with("@parameters\n", "@parameters: p\n"), "'p' stands beside @parameters"},
      {with("1 : 1/10", "1 : 1/1e1"), "'1/1e1' is not a number"},
      {with("inside", "in\x01side"), "no text"},
      {with("inside", "in\xffside"), "no text"},
      {with("state 0", "stat 0"), "does not begin with a state"},
  };
  for (const Fault& fault : faults) {
    INFO(fault.words << "\n" << fault.text);
    const std::string message = message_of(fault.text);
    INFO(message);
    CHECK(message.find(fault.words) != std::string::npos);
    CHECK(message.find(".drn:") != std::string::npos);
  }
  const TextFile bare("@type: DTMC\n@nr_states\n1\n@model\nstate 0 init\n\taction 0\n\t\t0 : 1\n", ".DRN");
  CHECK(read_any_model(bare.path()).changes ==
        std::vector<std::string>{"the file has no reward model: all rewards are 0"});
  CHECK(message_of(good, {}).find("2 reward models: time, gold; say which by --reward") != std::string::npos);
  CHECK(message_of(good, {.reward = "silver"}).find("no reward model 'silver'") != std::string::npos);
}

TEST_CASE("DRN: a file with any one line lost, doubled or cut is refused or is a model", "[formats]") {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < good.size();) {
    const std::size_t end = good.find('\n', at);
    lines.push_back(good.substr(at, end - at));
    at = end + 1;
  }
  std::size_t refused = 0, read = 0;
  const auto attempt = [&](const std::vector<std::string>& changed) {
    std::string text;
    for (const std::string& line : changed) text += line + "\n";
    const TextFile file(text, ".drn");
    try {
      const ReadModel model = read_any_model(file.path(), {.reward = "gold"});
      CHECK(policy_return(model.model,
                          MarkovPolicy::uniform(model.model.state_count(), model.model.action_count()),
                          3) >= Rational(0));
      ++read;
    } catch (const InvalidInput& fault) {
      CHECK(std::string(fault.what()).find(".drn") != std::string::npos);
      ++refused;
    }
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::vector<std::string> changed = lines;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    attempt(changed);
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    attempt(changed);
    for (std::size_t cut = 0; cut < lines[i].size(); ++cut) {
      changed = lines;
      changed[i] = lines[i].substr(0, cut);
      attempt(changed);
    }
  }
  CHECK((refused > 100 && read > 10));
}
