#include "formats/cassandra.hpp"

#include "formats/any_model.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace lemmacheck;
using lemmacheck::testing::TextFile;

namespace {

/// Every form of each statement, once.
const std::string machine = R"(# a machine
discount: 0.9
values: reward
states: good worn broken
actions: run mend
start: 0.5 0.25 0.25
T: run
0.5 0.5 0
0 0.5 0.5
0 0 1
T: mend
identity
T: mend : broken
1 0 0
T: mend : worn : *  0
T: mend : worn : good  1
R: run : * : * : * 1
R: run : broken : broken : * -1
R: run : worn
1 2 3
R: mend : * : good
1/2
)";

const std::string tiger = R"(values: cost
discount: 1
states: left right
actions: listen open wait
observations: hear-left hear-right
start include: left right
T: listen identity
T: open uniform
T: wait
identity
O: listen : left 0.75 0.25
O: listen : right
0.25 0.75
O: open
uniform
O: wait uniform
R: * : * : * : * 1
R: open : left : * : hear-left 5
)";

FiniteMdp read(const std::string& text) {
  const TextFile file(text, ".mdp");
  return read_any_model(file.path()).model;
}

std::string message_of(const std::string& text) {
  const TextFile file(text, ".pomdp");
  try {
    const CassandraModel model = read_cassandra(file.path(), {});
    if (model.partially_observed())
      observed_model(model, {});
    else
      finished(model.raw, {});
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return "";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("Cassandra: an MDP, with matrices, rows, single entries and wildcards", "[formats]") {
  const FiniteMdp model = read(machine);
  CHECK(model.names.states == std::vector<std::string>{"good", "worn", "broken"});
  CHECK(model.names.actions == std::vector<std::string>{"run", "mend"});
  CHECK(model.initial().probability(0, 1) == Rational::ratio(1, 4));
  const StochasticMatrix& t = model.kernel(1);
  CHECK(t.probability(0, 1) == Rational::ratio(1, 2));
  CHECK(t.probability(3, 0) == Rational(1));  // worn, mend: a later entry replaces the earlier
  CHECK(t.probability(5, 0) == Rational(1));  // broken, mend
  const RewardTable& r = model.rewards();
  CHECK(r(State{0}, Action{0}) == Rational(1));
  CHECK(r(State{2}, Action{0}) == Rational(-1));
  CHECK(r(State{1}, Action{0}) == Rational::ratio(5, 2));  // 2 and 3, a half each
  CHECK(r(State{1}, Action{1}) == Rational::ratio(1, 2));
}

TEST_CASE("Cassandra: a partially observed model, each state with what shows of the last action",
          "[formats]") {
  const TextFile file(tiger, ".pomdp");
  const ObservedModel observed = observed_model(read_cassandra(file.path(), {}), {});
  const FiniteMdp& model = observed.read.model;
  // Two states at the start; after listen; after open or wait, which show the same.
  CHECK(model.state_count() == 6);
  CHECK(observed.emission.columns() == 3);
  for (const State s : model.states()) {
    const std::string& name = model.names.states[s.value];
    const Rational nothing = observed.emission.probability(s.value, 0);
    CHECK((nothing == Rational(1)) == (name.find("at the start") != std::string::npos));
    if (name == "left, after listen")
      CHECK(observed.emission.probability(s.value, 1) == Rational::ratio(3, 4));
    // Costs: 1, but 5 where the door is opened and the left is heard, which is so with 1/2.
    CHECK(model.rewards()(s, Action{0}) == Rational(-1));
    const bool left = name.starts_with("left");
    CHECK(model.rewards()(s, Action{1}) == (left ? Rational(-3) : Rational(-1)));
  }
  CHECK_THROWS_WITH(read_any_model(file.path()), Catch::Contains("partially observed"));
}

TEST_CASE("Cassandra: a row that leads to the start, and what replaces it later", "[formats]") {
  const std::string head = "states: a b\nactions: go\nstart: b\nT: go : * reset\n";
  CHECK(read(head).kernel(1).probability(0, 1) == Rational(1));
  CHECK(read(head).kernel(1).probability(1, 1) == Rational(1));
  CHECK(read(head + "T: go : a 1 0\n").kernel(1).probability(0, 0) == Rational(1));
  CHECK(read(head + "T: go identity\n").kernel(1).probability(0, 0) == Rational(1));
  CHECK(message_of(head + "T: go : a : a 1\n").find("give the whole row anew") != std::string::npos);
  // One number is the number of a state.
  CHECK(read("states: a b\nactions: go\nstart: 1\nT: go identity\n").initial().column(0) == 1);
  CHECK(message_of("states: L R\nactions: go\nT: go identity\n").find("a word of the format") !=
        std::string::npos);
}

TEST_CASE("Cassandra: faults are named with their line", "[formats]") {
  struct Fault {
    std::string text, from, to, words;
  };
  for (const Fault& fault : {
           Fault{machine, "values: reward", "values: gain", ":3: values are 'gain'"},
           {machine, "states: good worn broken", "states: good good", "twice"},
           {machine, "T: run\n0.5 0.5 0", "T: run\n0.5 0.5", ":11: a number is missing"},
           {machine, "T: mend : broken", "T: mend : brokn", "'brokn' is not a state"},
           {machine, "0 0 1\n", "0 0 x\n", ":10"},
           {machine, "discount: 0.9", "discont: 0.9", ":2: 'discont' begins no statement"},
           {machine, "discount: 0.9", "discount 0.9", "begins no statement"},
           {machine, "start: 0.5 0.25 0.25", "start: 0.5 0.25", "a number is missing"},
           {machine, "0.5 0.5 0\n", "0.5 0.4 0\n", "sum to 9/10"},
           {machine, "start: 0.5 0.25 0.25", "start: 0.5 0.5 0.25", "the start"},
           {machine, "T: mend\nidentity\n", "", "no T: says where mend leads from state good"},
           {machine, "states: good worn broken\n", "", "no states"},
           {machine, "R: mend : * : good", "R: mend : * : good : lit", "names an observation"},
           {machine, "actions: run mend", "actions: 0", "there are 0"},
           {machine, "discount: 0.9", "discount: 0.9\ndiscount: 0.9", "stands twice"},
           {machine, "T: mend : worn : good  1", "T: mend : worn : good", "a number is missing"},
           {tiger, "O: wait uniform\n", "", "no O: says what is seen in state left after wait"},
           {tiger, "O: listen : left 0.75 0.25", "O: listen : left 0.75 0.5", "O, action listen, state left"},
           {tiger, "observations: hear-left hear-right\n", "", "no observations"},
           {tiger, "start include: left right", "start exclude: left right", "no state is left"},
           {tiger, "start include: left right", "start: middle", ":6"},
       }) {
    CAPTURE(fault.to, message_of(replaced(fault.text, fault.from, fault.to)));
    CHECK(message_of(replaced(fault.text, fault.from, fault.to)).find(fault.words) != std::string::npos);
  }
  CHECK(message_of(machine).empty());
  CHECK(message_of(tiger).empty());
}
