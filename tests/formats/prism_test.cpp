#include "formats/prism.hpp"

#include "formats/any_model.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"
#include "support/text_folder.hpp"

using namespace lemmacheck;
using lemmacheck::testing::TextFolder;

namespace {

const std::string good_tra =
    "3 4 6\n0 0 0 0.9 knock\n0 0 1 1/10\n0 1 1 0.5 push\n0 1 2 0.5\n1 0 1 1\n2 0 2 1\n";
const std::string good_lab = "0=\"init\" 1=\"deadlock\" 2=\"goal\"\n0: 0\n2: 1 2\n";
const std::string good_sta = "(x,y)\n0:(0,0)\n1:(0,1)\n2:(1,1)\n";
const std::string good_srew = "3 1\n1 2\n";
const std::string good_trew = "3 4 2\n0 1 1 1\n0 1 2 3\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string message_of(const std::map<std::string, std::string>& files) {
  const TextFolder folder(files);
  try {
    read_any_model(folder.path("m.tra"));
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return "";
}

}  // namespace

TEST_CASE("PRISM: transitions, labels, names and both kinds of rewards are read", "[formats]") {
  const TextFolder folder({{"m.tra", good_tra},
                           {"m.lab", good_lab},
                           {"m.sta", good_sta},
                           {"m.srew", good_srew},
                           {"m.trew", good_trew}});
  const ReadModel read = read_any_model(folder.path("m.tra"));
  CHECK(read.model.state_count() == 3);
  CHECK(read.model.action_count() == 2);
  CHECK(read.model.initial().column(0) == 0);
  CHECK(read.model.kernel(1).probability(0, 1) == Rational::ratio(1, 10));
  CHECK(read.model.rewards()(State{0}, Action{0}) == Rational(0));
  CHECK(read.model.rewards()(State{0}, Action{1}) == Rational(2));  // 1/2 of 1 and of 3
  CHECK(read.model.rewards()(State{1}, Action{1}) == Rational(2));
  CHECK(read.model.names.states == std::vector<std::string>{"(0,0)", "(0,1)", "(1,1) deadlock goal"});
  CHECK(read.changes.size() == 5);  // four files beside it, and repeated choices
}

TEST_CASE("PRISM: a DTMC, without anything beside it", "[formats]") {
  const std::map<std::string, std::string> files = {{"m.tra", "2 3\n0 0 1/2\n0 1 1/2\n1 1 1\n"}};
  const TextFolder folder(files);
  const ReadModel read = read_any_model(folder.path("m.tra"));
  CHECK(read.model.action_count() == 1);
  CHECK(read.changes.size() == 2);  // where it starts; no rewards
}

TEST_CASE("PRISM: a model that is written is read as it was", "[formats]") {
  const TextFolder folder(
      {{"m.tra", good_tra}, {"m.lab", good_lab}, {"m.srew", good_srew}, {"m.trew", good_trew}});
  const FiniteMdp model = read_any_model(folder.path("m.tra")).model;
  std::map<std::string, std::string> files;
  for (const auto& [file, text] : model_as_files(model, "again.tra")) files[file.string()] = text;
  CHECK(files.size() == 3);
  const TextFolder again(files);
  CHECK(same_process(read_any_model(again.path("again.tra")).model, model));
}

TEST_CASE("PRISM: faults are named with file and line", "[formats]") {
  struct Fault {
    std::string file, from, to, words;
  };
  const std::map<std::string, std::string> good = {{"m.tra", good_tra},
                                                   {"m.lab", good_lab},
                                                   {"m.sta", good_sta},
                                                   {"m.srew", good_srew},
                                                   {"m.trew", good_trew}};
  for (const Fault& fault : {
           Fault{"m.tra", "3 4 6", "3 4 6 1", "has 4 numbers"},
           {"m.tra", "3 4 6", "3 4 7", "6 transitions"},
           {"m.tra", "3 4 6", "3 5 6", "4 choices"},
           {"m.tra", "3 4 6", "0 4 6", "0 states"},
           {"m.tra", "0 0 0 0.9 knock", "0 0 0", "m.tra:2: a transition has 3 parts"},
           {"m.tra", "0 0 1 1/10", "0 0 3 1/10", "m.tra:3: '3' is not a state"},
           {"m.tra", "0 0 1 1/10", "0 0 0 1/10", "reached twice"},
           {"m.tra", "0 0 1 1/10", "0 0 1 x", "m.tra:3"},
           {"m.tra", "0 0 1 1/10", "0 0 1 1/5", "sum to 11/10"},
           {"m.tra", "0 1 1 0.5 push", "0 2 1 0.5 push", "choice 2 of state 0"},
           {"m.tra", "0 0 0 0.9 knock", "0 0 0 [0.8, 0.9]", "interval"},
           {"m.tra", "2 0 2 1\n", "0 1 0 0\n", "goes on after"},
           {"m.lab", "0=\"init\"", "0=\"begin\"", "no state is labelled init"},
           {"m.lab", "0=\"init\"", "0=init", "names no label"},
           {"m.lab", "2: 1 2", "2: 0 2", "both initial"},
           {"m.lab", "2: 1 2", "2: 1 3", "not a label"},
           {"m.lab", "2: 1 2", "0: 2", "stands twice"},
           {"m.sta", "2:(1,1)\n", "", "2 states, and the model has 3"},
           {"m.sta", "(x,y)\n", "", "no variables"},
           {"m.srew", "3 1", "4 1", "about 4 states"},
           {"m.srew", "3 1", "3 2", "1 rewards"},
           {"m.srew", "1 2", "1 2 3", "two parts"},
           {"m.trew", "0 1 2 3", "0 1 0 3", "does not lead"},
           {"m.trew", "0 1 2 3", "0 1 1 3", "stands twice"},
           {"m.trew", "0 1 2 3", "0 2 2 3", "a choice of this state"},
       }) {
    auto files = good;
    files[fault.file] = replaced(files[fault.file], fault.from, fault.to);
    CAPTURE(fault.file, fault.to, message_of(files));
    CHECK(message_of(files).find(fault.words) != std::string::npos);
    CHECK(message_of(files).find("m.") != std::string::npos);
  }
}
