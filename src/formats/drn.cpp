#include "formats/drn.hpp"

#include <algorithm>
#include <set>

#include "formats/text_lines.hpp"

namespace lemmacheck {
namespace {

/// Reads a file line by line; each line is a header, a value of the header before it, or a part of the model.
class DrnReader {
 public:
  DrnReader(const std::filesystem::path& file, const std::string& reward)
      : lines_(file), wanted_reward_(reward) {
    raw_.file = file.string();
  }

  RawModel read() {
    while (lines_.next()) {
      const std::string_view line = lines_.line();
      if (line.empty() || line.starts_with("//")) continue;
      if (in_model_)
        model_line(line);
      else if (line.front() == '@')
        header(line);
      else
        header_value(line);
    }
    return checked();
  }

 private:
  void header(std::string_view line) {
    const std::size_t colon = line.find(':');
    header_ = std::string(trimmed(line.substr(0, colon)));
    if (!headers_.insert(header_).second) lines_.fail(header_ + " stands twice", "leave one of them out");
    const std::string_view value = colon == std::string_view::npos ? "" : trimmed(line.substr(colon + 1));
    if (header_ == "@type") {
      type_ = std::string(value);
      if (type_ != "MDP" && type_ != "DTMC")
        lines_.fail(
            "the model is of type " + type_,
            "only MDP and DTMC are read: time, observations and players have no place in a finite MDP here");
    } else if (header_ == "@value_type") {
      raw_.intervals = value.ends_with("-interval");
      const std::string_view numbers = value.substr(0, value.find('-'));
      if ((numbers != "double" && numbers != "rational") || (value != numbers && !raw_.intervals))
        lines_.fail("values are of type " + std::string(value),
                    "what is read: double, rational, double-interval and rational-interval");
    } else if (!value.empty()) {
      lines_.fail("'" + std::string(value.substr(0, 40)) + "' stands beside " + header_,
                  "write it on the next line");
    } else if (header_ == "@model") {
      choose_reward();
      in_model_ = true;
    } else if (header_ != "@parameters" && header_ != "@reward_models" && header_ != "@nr_states" &&
               header_ != "@nr_choices" && header_ != "@placeholders") {
      lines_.fail(
          header_ + " is not known",
          "what is known: @type, @value_type, @parameters, @reward_models, @nr_states, @nr_choices, @model");
    }
  }

  void header_value(std::string_view line) {
    if (header_ == "@parameters" || header_ == "@placeholders")
      lines_.fail("the model has parameters: " + std::string(line), "instantiate them first");
    if (header_ == "@reward_models") {
      for (const std::string_view name : words(line)) {
        require_plain(name);
        if (std::find(rewards_.begin(), rewards_.end(), name) != rewards_.end())
          lines_.fail("the reward model " + std::string(name) + " stands twice", "rename one of them");
        rewards_.emplace_back(name);
      }
    } else if (header_ == "@nr_states") {
      if (states_) lines_.fail("a second number of states stands here", "leave one of them out");
      constexpr std::uint32_t most = 1'000'001;
      states_ = lines_.index(line, most, "a number of states");
    } else if (header_ == "@nr_choices") {
      if (choices_) lines_.fail("a second number of choices stands here", "leave one of them out");
      choices_ = lines_.index(line, std::numeric_limits<std::uint32_t>::max(), "a number of choices");
    } else {
      lines_.fail("'" + std::string(line.substr(0, 40)) + "' stands before the model",
                  "begin it with @model");
    }
  }

  void choose_reward() {
    raw_.without_rewards = rewards_.empty();
    if (type_.empty()) lines_.fail("no @type stands before the model", "write @type: MDP or @type: DTMC");
    if (!states_) lines_.fail("no @nr_states stands before the model", "write @nr_states and the number");
    std::string names;
    for (const std::string& name : rewards_) names += (names.empty() ? "" : ", ") + name;
    if (wanted_reward_.empty()) {
      if (rewards_.size() > 1)
        lines_.fail("there are " + std::to_string(rewards_.size()) + " reward models: " + names,
                    "say which by --reward NAME of `lemmacheck convert`, `evaluate` or `worst-case`");
      return;
    }
    const auto found = std::find(rewards_.begin(), rewards_.end(), wanted_reward_);
    if (found == rewards_.end())
      lines_.fail("there is no reward model '" + wanted_reward_ + "'",
                  rewards_.empty() ? "leave --reward out: the file has none" : "its reward models: " + names);
    reward_index_ = static_cast<std::size_t>(found - rewards_.begin());
  }

  void model_line(std::string_view line) {
    std::string_view rest = line;
    const std::string_view word = first_word(rest);
    if (word == "state") return state_line(rest);
    if (raw_.states.empty()) lines_.fail("the model does not begin with a state", "write: state 0 init");
    if (word == "action") return action_line(rest);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
      lines_.fail("'" + std::string(line.substr(0, 40)) + "' is no state, no action and no transition",
                  "a transition is written: 3 : 1/2");
    transition(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  }

  void state_line(std::string_view rest) {
    finish_state();
    const std::uint32_t id = lines_.index(first_word(rest), *states_, "a state");
    if (id != raw_.states.size())
      lines_.fail(
          "state " + std::to_string(id) + " follows state " + std::to_string(raw_.states.size()) + " - 1",
          "states stand in their order, from 0");
    raw_.states.emplace_back();
    if (rest.starts_with("{"))
      lines_.fail("the state has an observation", "partially observed models are not read; take its MDP");
    if (rest.starts_with("!"))
      lines_.fail("the state has an exit rate", "models in continuous time are not read");
    state_reward_ = rewards_of(rest);
    std::string label;
    for (const std::string_view word : words(rest)) {
      if (word.starts_with("//")) break;
      require_plain(word);
      if (word == "init") {
        if (!raw_.initial.empty())
          lines_.fail("state " + std::to_string(id) + " and state " + std::to_string(raw_.initial[0].next) +
                          " are both initial",
                      "a model starts in one state");
        raw_.initial = {{id, {1, 0}}};
      } else {
        label += (label.empty() ? "" : " ") + std::string(word);
      }
    }
    raw_.labels.push_back(std::move(label));
  }

  void action_line(std::string_view rest) {
    finish_choice();
    const std::string name(first_word(rest));
    require_plain(name);
    const Rational reward = state_reward_ + rewards_of(rest);
    raw_.states.back().push_back({name, reward, {}, lines_.number()});
    targets_.clear();
    if (!trimmed(rest).empty() && !trimmed(rest).starts_with("//"))
      lines_.fail("'" + std::string(trimmed(rest)) + "' follows the action",
                  "an action is written: action NAME [reward]");
  }

  void transition(std::string_view target, std::string_view value) {
    if (raw_.states.back().empty())
      lines_.fail("a transition stands before the state's first action", "write: action 0");
    const std::uint32_t next = lines_.index(target, *states_, "a state");
    if (!targets_.insert(next).second)
      lines_.fail("state " + std::to_string(next) + " is reached twice by one action",
                  "add the probabilities up");
    RawModel::Entry entry{next, {}};
    if (value.starts_with("["))
      read_interval(value, entry);
    else
      entry.probability = lines_.printed(value);
    raw_.states.back().back().entries.push_back(std::move(entry));
  }

  /// [lower, upper]
  void read_interval(std::string_view value, RawModel::Entry& entry) {
    if (!raw_.intervals)
      lines_.fail("the probability is an interval", "say so above: @value_type: double-interval");
    const std::vector<std::string_view> ends = split(value.substr(1), ',');
    if (ends.size() != 2 || !value.ends_with("]"))
      lines_.fail("'" + std::string(value.substr(0, 40)) + "' is no interval", "write: [0.4, 0.9]");
    entry.probability = lines_.printed(trimmed(ends[0]));
    entry.upper = lines_.printed(trimmed(ends[1].substr(0, ends[1].size() - 1))).value;
  }

  /// A name with a bracket or a quotation mark is read as something else by somebody.
  void require_plain(std::string_view name) {
    if (name.empty()) lines_.fail("the action has no name", "write: action 0");
    if (name.find_first_of("[]{}\"") != std::string_view::npos)
      lines_.fail(
          "'" + std::string(name.substr(0, 40)) + "' is not a name",
          "rewards stand in brackets of their own right after the state's number or the action's name, and "
          "names are written without quotation marks");
  }

  /// What stands in brackets: a number for each reward model.
  Rational rewards_of(std::string_view& rest) {
    rest = trimmed(rest);
    if (!rest.starts_with("[")) return 0;
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) lines_.fail("a bracket is open", "close it: [1, 2]");
    std::vector<std::string_view> values = split(rest.substr(1, end - 1), ',');
    rest = trimmed(rest.substr(end + 1));
    if (values.size() != rewards_.size())
      lines_.fail("there are " + std::to_string(values.size()) + " rewards for " +
                      std::to_string(rewards_.size()) + " reward models",
                  "give one for each, or none");
    return lines_.printed(trimmed(values[reward_index_])).value;
  }

  void finish_choice() {
    if (!raw_.states.empty() && !raw_.states.back().empty() && raw_.states.back().back().entries.empty())
      lines_.fail("the action before this has no transition", "write at least one: 3 : 1");
  }
  void finish_state() {
    finish_choice();
    if (!raw_.states.empty() && raw_.states.back().empty())
      lines_.fail("the state before this has no action", "write at least one: action 0");
    if (type_ == "DTMC" && !raw_.states.empty() && raw_.states.back().size() > 1)
      lines_.fail("the state before this has more than one action", "a DTMC has one; or write @type: MDP");
  }

  RawModel checked() {
    if (!in_model_) lines_.fail("the file ends before a model", "write @model and its states");
    finish_state();
    if (raw_.states.size() != *states_)
      lines_.fail("there are " + std::to_string(raw_.states.size()) + " states, and @nr_states says " +
                      std::to_string(*states_),
                  "correct one of them");
    std::size_t choices = 0;
    for (const auto& state : raw_.states) choices += state.size();
    if (choices_ && *choices_ != choices)
      lines_.fail("there are " + std::to_string(choices) + " choices, and @nr_choices says " +
                      std::to_string(*choices_),
                  "correct one of them");
    if (raw_.initial.empty())
      lines_.fail("no state is initial", "write init after the state that the model starts in");
    return std::move(raw_);
  }

  TextLines lines_;
  std::string wanted_reward_, header_, type_;
  std::vector<std::string> rewards_;
  std::set<std::string> headers_;
  std::size_t reward_index_ = 0;
  std::optional<std::uint32_t> states_, choices_;
  bool in_model_ = false;
  Rational state_reward_;
  std::set<std::uint32_t> targets_;  ///< of the action being read
  RawModel raw_;
};

}  // namespace

RawModel read_drn(const std::filesystem::path& file, const std::string& reward) {
  return DrnReader(file, reward).read();
}

std::string model_as_drn(const FiniteMdp& model) {
  require_one_start(model, "DRN");
  const std::uint32_t start = model.initial().column(0);
  const StochasticMatrix& kernel = model.kernel(1);
  std::string text =
      "@type: MDP\n@value_type: rational\n@parameters\n\n@reward_models\nreward\n@nr_states\n" +
      std::to_string(model.state_count()) + "\n@nr_choices\n" + std::to_string(kernel.rows()) + "\n@model\n";
  for (const State s : model.states()) {
    text += "state " + std::to_string(s.value) + " [0]" + (s.value == start ? " init" : "") + "\n";
    for (const Action a : model.actions()) {
      text += "\taction " + std::to_string(a.value) + " [" + model.rewards()(s, a).to_string() + "]\n";
      const std::size_t row = model.row(s, a);
      for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
        text += "\t\t" + std::to_string(kernel.column(e)) + " : " + kernel.probability(e).to_string() + "\n";
    }
  }
  return text;
}

}  // namespace lemmacheck
