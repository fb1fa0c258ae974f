#include "formats/prism.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "formats/text_lines.hpp"

namespace lemmacheck {
namespace {

constexpr std::uint32_t most_states = 1'000'001, most_lines = std::numeric_limits<std::uint32_t>::max();

std::filesystem::path beside(std::filesystem::path file, const char* ending) {
  return file.replace_extension(ending);
}

/// The next line that is neither empty nor a comment.
bool next_line(TextLines& lines) {
  while (lines.next())
    if (!lines.line().empty() && !lines.line().starts_with("#")) return true;
  return false;
}

/// The first line of a table: how many there are of what.
std::vector<std::uint32_t> counts_of(TextLines& lines, const char* form) {
  if (!next_line(lines)) lines.fail("the file ends before its first line", std::string("write ") + form);
  std::vector<std::uint32_t> counts;
  for (const std::string_view word : words(lines.line()))
    counts.push_back(lines.index(word, most_lines, "a count"));
  return counts;
}

class PrismReader {
 public:
  explicit PrismReader(const std::filesystem::path& file) : file_(file) { raw_.file = file.string(); }

  RawModel read() {
    read_transitions();
    read_labels();
    read_names();
    const bool state_rewards = read_state_rewards(), transition_rewards = read_transition_rewards();
    raw_.without_rewards = !state_rewards && !transition_rewards;
    return std::move(raw_);
  }

 private:
  // ------------------------------------------------------------------------------ transitions

  void read_transitions() {
    TextLines lines(file_);
    const std::vector<std::uint32_t> counts =
        counts_of(lines, "the numbers of states, choices and transitions");
    mdp_ = counts.size() == 3;
    if (counts.size() != 2 && !mdp_)
      lines.fail("the first line has " + std::to_string(counts.size()) + " numbers",
                 "a DTMC has two: states and transitions; an MDP three: states, choices and transitions");
    states_ = counts[0];
    if (states_ == 0 || states_ >= most_states)
      lines.fail(std::to_string(states_) + " states", "a model has 1 to 1000000 states");
    raw_.states.resize(states_);
    std::uint32_t read = 0;
    for (; next_line(lines); ++read) transition(lines);
    if (read != counts.back())
      lines.fail("there are " + std::to_string(read) + " transitions, and the first line says " +
                     std::to_string(counts.back()),
                 "correct one of them");
    check_choices(lines, mdp_ ? counts[1] : states_);
  }

  /// "s s' p" of a DTMC, "s choice s' p [action]" of an MDP.
  void transition(TextLines& lines) {
    const std::vector<std::string_view> parts = words(lines.line());
    const std::size_t needed = mdp_ ? 4 : 3;
    if (parts.size() < needed || parts.size() > needed + (mdp_ ? 1 : 0))
      lines.fail("a transition has " + std::to_string(parts.size()) + " parts",
                 mdp_ ? "write: state choice next-state probability [action]"
                      : "write: state next-state probability");
    const std::uint32_t s = lines.index(parts[0], states_, "a state"),
                        choice = mdp_ ? lines.index(parts[1], most_choices, "a choice") : 0,
                        next = lines.index(parts[needed - 2], states_, "a state");
    if (parts[needed - 1].starts_with("["))
      lines.fail("the probability is an interval", "interval models are read from DRN files");
    auto& choices = raw_.states[s];
    if (choice > choices.size())
      lines.fail("choice " + std::to_string(choice) + " of state " + std::to_string(s) + " follows choice " +
                     std::to_string(choices.size()) + " - 1",
                 "choices of a state stand in their order, from 0");
    if (choice == choices.size()) {
      choices.push_back({std::to_string(choice), 0, {}, lines.number()});
      targets_.clear();
    } else if (choice + 1 != choices.size()) {
      lines.fail("choice " + std::to_string(choice) + " of state " + std::to_string(s) +
                     " goes on after another one",
                 "the transitions of a choice stand together");
    } else if (last_state_ != s) {
      lines.fail("state " + std::to_string(s) + " goes on after another one",
                 "the transitions of a state stand together");
    }
    last_state_ = s;
    if (!targets_.insert(next).second)
      lines.fail("state " + std::to_string(next) + " is reached twice by one choice",
                 "add the probabilities up");
    choices.back().entries.push_back({next, lines.printed(parts[needed - 1])});
  }

  void check_choices(TextLines& lines, std::uint32_t choices) {
    std::size_t all = 0;
    for (std::uint32_t s = 0; s < states_; ++s) {
      if (raw_.states[s].empty())
        lines.fail("state " + std::to_string(s) + " has no transition",
                   "a state in which everything is over returns to itself");
      all += raw_.states[s].size();
    }
    if (all != choices)
      lines.fail(
          "there are " + std::to_string(all) + " choices, and the first line says " + std::to_string(choices),
          "correct one of them");
  }

  // ------------------------------------------------------------------------------ labels and names

  /// 0="init" 1="goal", then for each state: 3: 0 1.
  void read_labels() {
    const std::filesystem::path file = beside(file_, ".lab");
    if (!std::filesystem::exists(file)) {
      raw_.initial = {{0, {1, 0}}};
      raw_.remarks.push_back("there is no " + file.string() +
                             ", which says where it starts: it starts in state 0");
      return;
    }
    TextLines lines(file);
    raw_.labels.resize(states_);
    const std::vector<std::string> names = label_names(lines);
    std::set<std::uint32_t> seen;
    while (next_line(lines)) {
      const std::string_view line = lines.line();
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) lines.fail("there is no ':'", "write: state: label label");
      const std::uint32_t s = lines.index(trimmed(line.substr(0, colon)), states_, "a state");
      if (!seen.insert(s).second)
        lines.fail("state " + std::to_string(s) + " stands twice", "leave one of them out");
      for (const std::string_view word : words(line.substr(colon + 1))) {
        const std::string& name =
            names[lines.index(word, static_cast<std::uint32_t>(names.size()), "a label")];
        if (name == "init")
          start_at(lines, s);
        else
          raw_.labels[s] += (raw_.labels[s].empty() ? "" : " ") + name;
      }
    }
    if (raw_.initial.empty()) lines.fail("no state is labelled init", "label the state that it starts in");
    raw_.remarks.push_back("labels are those of " + file.string());
  }

  void start_at(TextLines& lines, std::uint32_t s) {
    if (!raw_.initial.empty())
      lines.fail("state " + std::to_string(raw_.initial[0].next) + " and state " + std::to_string(s) +
                     " are both initial",
                 "a model starts in one state");
    raw_.initial = {{s, {1, 0}}};
  }

  std::vector<std::string> label_names(TextLines& lines) {
    const std::string remedy = "the first line is: 0=\"init\" 1=\"deadlock\"";
    if (!next_line(lines)) lines.fail("the file ends before its first line", remedy);
    std::vector<std::string> names;
    for (const std::string_view word : words(lines.line())) {
      const std::string start = std::to_string(names.size()) + "=\"";
      if (!word.starts_with(start) || word.size() <= start.size() || word.back() != '"')
        lines.fail("'" + std::string(word.substr(0, 40)) + "' names no label", remedy);
      names.emplace_back(word.substr(start.size(), word.size() - start.size() - 1));
    }
    return names;
  }

  /// (x,y), then for each state: 3:(0,1).
  void read_names() {
    const std::filesystem::path file = beside(file_, ".sta");
    if (!std::filesystem::exists(file)) return;
    TextLines lines(file);
    if (!next_line(lines) || !lines.line().starts_with("("))
      lines.fail("the first line names no variables", "it is: (x,y)");
    raw_.state_names.resize(states_);
    std::uint32_t read = 0;
    for (; next_line(lines); ++read) {
      const std::string_view line = lines.line();
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) lines.fail("there is no ':'", "write: 0:(0,1)");
      const std::uint32_t s = lines.index(trimmed(line.substr(0, colon)), states_, "a state");
      if (!raw_.state_names[s].empty())
        lines.fail("state " + std::to_string(s) + " stands twice", "leave one of them out");
      raw_.state_names[s] = std::string(trimmed(line.substr(colon + 1)));
      if (!raw_.labels.empty() && !raw_.labels[s].empty()) raw_.state_names[s] += " " + raw_.labels[s];
    }
    if (read != states_)
      lines.fail(
          "there are " + std::to_string(read) + " states, and the model has " + std::to_string(states_),
          "take the .sta file of this model");
    raw_.remarks.push_back("names are those of " + file.string());
  }

  // ------------------------------------------------------------------------------ rewards

  void require_states(TextLines& lines, std::uint32_t states) const {
    if (states != states_)
      lines.fail(
          "it is about " + std::to_string(states) + " states, and the model has " + std::to_string(states_),
          "take the reward file of this model");
  }
  static void require_count(TextLines& lines, std::uint32_t read, std::uint32_t said) {
    if (read != said)
      lines.fail(
          "there are " + std::to_string(read) + " rewards, and the first line says " + std::to_string(said),
          "correct one of them");
  }

  /// The number of states and of rewards, then: state reward.
  bool read_state_rewards() {
    const std::filesystem::path file = beside(file_, ".srew");
    if (!std::filesystem::exists(file)) return false;
    TextLines lines(file);
    const std::vector<std::uint32_t> counts = counts_of(lines, "the numbers of states and of rewards");
    if (counts.size() != 2) lines.fail("the first line has not two numbers", "it is: states rewards");
    require_states(lines, counts[0]);
    std::set<std::uint32_t> seen;
    std::uint32_t read = 0;
    for (; next_line(lines); ++read) {
      const std::vector<std::string_view> parts = words(lines.line());
      if (parts.size() != 2) lines.fail("a reward has not two parts", "write: state reward");
      const std::uint32_t s = lines.index(parts[0], states_, "a state");
      if (!seen.insert(s).second)
        lines.fail("state " + std::to_string(s) + " stands twice", "leave one of them out");
      const Rational reward = lines.printed(parts[1]).value;
      for (RawModel::Choice& choice : raw_.states[s]) choice.reward += reward;
    }
    require_count(lines, read, counts[1]);
    raw_.remarks.push_back("rewards of states are those of " + file.string());
    return true;
  }

  /// The numbers of states, (choices,) and rewards, then: state (choice) next-state reward.
  bool read_transition_rewards() {
    const std::filesystem::path file = beside(file_, ".trew");
    if (!std::filesystem::exists(file)) return false;
    TextLines lines(file);
    const std::size_t numbers = mdp_ ? 3 : 2;
    const std::vector<std::uint32_t> counts = counts_of(lines, "the numbers of states and of rewards");
    if (counts.size() != numbers)
      lines.fail("the first line has " + std::to_string(counts.size()) + " numbers",
                 mdp_ ? "it is: states choices rewards" : "it is: states rewards");
    require_states(lines, counts[0]);
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> seen;
    std::uint32_t read = 0;
    for (; next_line(lines); ++read) {
      const std::vector<std::string_view> parts = words(lines.line());
      if (parts.size() != numbers + 1)
        lines.fail("a reward has " + std::to_string(parts.size()) + " parts",
                   mdp_ ? "write: state choice next-state reward" : "write: state next-state reward");
      const std::uint32_t s = lines.index(parts[0], states_, "a state"),
                          next = lines.index(parts[numbers - 1], states_, "a state");
      auto& choices = raw_.states[s];
      const std::uint32_t choice =
          mdp_ ? lines.index(parts[1], static_cast<std::uint32_t>(choices.size()), "a choice of this state")
               : 0;
      auto& entries = choices[choice].entries;
      const auto entry = std::ranges::find(entries, next, &RawModel::Entry::next);
      if (entry == entries.end())
        lines.fail("state " + std::to_string(s) + " does not lead to state " + std::to_string(next),
                   "rewards are given to transitions of the model");
      if (!seen.emplace(s, choice, next).second)
        lines.fail("this transition stands twice", "leave one of them out");
      entry->reward = lines.printed(parts[numbers]).value;
    }
    require_count(lines, read, counts.back());
    raw_.remarks.push_back("rewards of transitions are those of " + file.string());
    return true;
  }

  static constexpr std::uint32_t most_choices = 10'000;
  std::filesystem::path file_;
  bool mdp_ = false;
  std::uint32_t states_ = 0, last_state_ = 0;
  std::set<std::uint32_t> targets_;  ///< of the choice being read
  RawModel raw_;
};

}  // namespace

RawModel read_prism(const std::filesystem::path& transitions) {
  return PrismReader(transitions).read();
}

std::map<std::string, std::string> model_as_prism(const FiniteMdp& model) {
  require_one_start(model, "PRISM's explicit files");
  const StochasticMatrix& kernel = model.kernel(1);
  const std::string sizes = std::to_string(model.state_count()) + " " + std::to_string(kernel.rows()) + " ";
  std::string rows, rewards;
  std::size_t paid = 0;
  for (const State s : model.states())
    for (const Action a : model.actions()) {
      const std::size_t row = model.row(s, a);
      const Rational reward = model.rewards()(s, a);
      for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e) {
        const std::string start = std::to_string(s.value) + " " + std::to_string(a.value) + " " +
                                  std::to_string(kernel.column(e)) + " ";
        rows += start + kernel.probability(e).to_string() + "\n";
        if (reward.sign() == 0) continue;
        rewards += start + reward.to_string() + "\n";
        ++paid;
      }
    }
  return {{".tra", sizes + std::to_string(kernel.entries()) + "\n" + rows},
          {".lab", "0=\"init\"\n" + std::to_string(model.initial().column(0)) + ": 0\n"},
          {".trew", sizes + std::to_string(paid) + "\n" + rewards}};
}

}  // namespace lemmacheck
