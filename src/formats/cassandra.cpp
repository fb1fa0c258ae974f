#include "formats/cassandra.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "formats/text_lines.hpp"

namespace lemmacheck {
namespace {

constexpr std::size_t most_table_numbers = 5'000'000;

struct Token {
  std::string text;
  std::size_t line;
};

/// Words and colons; what follows '#' is left out.
std::vector<Token> tokens_of(const std::filesystem::path& file) {
  std::vector<Token> tokens;
  TextLines lines(file);
  while (lines.next()) {
    const std::string_view line = lines.line();
    for (std::string_view word : words(line.substr(0, line.find('#'))))
      while (!word.empty()) {
        const std::size_t length = word[0] == ':' ? 1 : std::min(word.find(':'), word.size());
        tokens.push_back({std::string(word.substr(0, length)), lines.number()});
        word.remove_prefix(length);
        if (tokens.size() > most_table_numbers) lines.fail("the file is too long", "give a smaller model");
      }
  }
  return tokens;
}

using Indices = std::vector<std::uint32_t>;
/// A dense row; what is 0 is exactly 0.
using Row = std::map<std::uint32_t, PrintedNumber>;

class CassandraReader {
 public:
  CassandraReader(const std::filesystem::path& file, const ReadOptions& options)
      : options_(options), tokens_(tokens_of(file)) {
    model_.raw.file = file.string();
  }

  CassandraModel read() {
    while (at_ < tokens_.size()) statement();
    require_preamble();
    finish();
    return std::move(model_);
  }

 private:
  // ------------------------------------------------------------------------------ tokens

  [[noreturn]] void fail(const std::string& fault, const std::string& remedy) const {
    const std::size_t last = tokens_.empty() ? 1 : tokens_.back().line;
    throw InvalidInput(model_.raw.file + ":" +
                       std::to_string(at_ < tokens_.size() ? tokens_[at_].line : last) + ": " + fault + "; " +
                       remedy);
  }
  bool next_is(std::string_view text) const { return at_ < tokens_.size() && tokens_[at_].text == text; }
  bool take(std::string_view text) {
    if (!next_is(text)) return false;
    ++at_;
    return true;
  }
  const std::string& shown() const {
    static const std::string end = "the end of the file";
    return at_ < tokens_.size() ? tokens_[at_].text : end;
  }
  void expect_colon(const std::string& after) {
    if (!take(":")) fail("'" + shown().substr(0, 40) + "' stands after " + after, "a ':' is expected there");
  }
  /// Whether a new statement begins: a keyword with its colon.
  bool at_statement() const {
    if (at_ >= tokens_.size()) return true;
    const bool colon = at_ + 1 < tokens_.size() && tokens_[at_ + 1].text == ":";
    const std::string& word = tokens_[at_].text;
    static const std::vector<std::string> keywords = {
        "discount", "values", "states", "actions", "observations", "start", "T", "O", "R"};
    return (colon && std::ranges::find(keywords, word) != keywords.end()) ||
           (word == "start" && !colon &&
            (tokens_[at_ + 1].text == "include" || tokens_[at_ + 1].text == "exclude"));
  }
  PrintedNumber number() {
    if (at_statement()) fail("a number is missing", "as many are needed as the table has places");
    try {
      PrintedNumber found = read_printed(tokens_[at_].text);
      ++at_;
      return found;
    } catch (const InvalidInput& fault) {
      fail(fault.what(), "a number stands here");
    }
  }

  // ------------------------------------------------------------------------------ statements

  void statement() {
    if (!at_statement())
      fail("'" + shown().substr(0, 40) + "' begins no statement",
           "what is known: discount, values, states, actions, observations, start, T, O, R");
    const std::string word = tokens_[at_].text;
    if (word == "T" || word == "O" || word == "R") require_preamble();
    ++at_;
    if (word == "start") return start();
    expect_colon(word);
    if (word == "discount") {
      once(word);
      discount_ = number().value;
    } else if (word == "values") {
      once(word);
      cost_ = next_is("cost");
      if (!take("reward") && !take("cost")) fail("values are '" + shown() + "'", "they are reward or cost");
    } else if (word == "states") {
      once(word);
      states_ = names("a state");
    } else if (word == "actions") {
      once(word);
      actions_ = names("an action");
    } else if (word == "observations") {
      once(word);
      observations_ = names("an observation");
    } else if (word == "T") {
      transition();
    } else if (word == "O") {
      observation();
    } else {
      reward();
    }
  }

  void once(const std::string& word) {
    if (std::ranges::find(said_, word) != said_.end()) fail(word + " stands twice", "leave one of them out");
    if (!transitions_.empty()) fail(word + " stands after transitions", "it belongs to the beginning");
    said_.push_back(word);
  }

  /// A number of them, or their names.
  std::vector<std::string> names(const char* what) {
    std::vector<std::string> list;
    while (!at_statement()) list.push_back(tokens_[at_++].text);
    if (list.size() == 1 && list[0].find_first_not_of("0123456789") == std::string::npos) {
      constexpr std::size_t most_digits = 5;
      const std::size_t count = list[0].size() > most_digits ? 0 : std::stoul(list[0]);
      if (count == 0) fail("there are " + list[0], "at least 1 and at most 99999 are read");
      list.clear();
      for (std::size_t i = 0; i < count; ++i) list.push_back(std::to_string(i));
    }
    if (list.empty()) fail(std::string("no name of ") + what + " follows", "give a number, or names");
    for (const std::string& name : list)
      if (name == "T" || name == "O" || name == "R" || name == "*")
        fail("a name is " + name + ", which is a word of the format", "rename it");
    std::vector<std::string> sorted = list;
    std::ranges::sort(sorted);
    const auto twice = std::ranges::adjacent_find(sorted);
    if (twice != sorted.end()) fail("the name " + *twice + " stands twice", "rename one of them");
    return list;
  }

  void require_preamble() const {
    for (const auto& [word, list] : {std::pair("states", &states_), {"actions", &actions_}})
      if (list->empty())
        fail(std::string("no ") + word + " are given before this",
             std::string("write ") + word + ": and a number, or names");
    if (states_.size() * states_.size() > most_table_numbers / actions_.size())
      fail("the model is too large", "states x states x actions must be below 5000000");
  }

  // ------------------------------------------------------------------------------ names and wildcards

  Indices all(std::size_t count) const {
    Indices list;
    for (std::uint32_t i = 0; i < count; ++i) list.push_back(i);
    return list;
  }
  /// '*', a name or a number.
  Indices element(const std::vector<std::string>& list, const char* what) {
    if (at_statement())
      fail(std::string("the name of ") + what + " is missing", "write its name, its number, or *");
    if (take("*")) return all(list.size());
    const std::string& text = tokens_[at_].text;
    const auto named = std::ranges::find(list, text);
    if (named != list.end()) {
      ++at_;
      return {static_cast<std::uint32_t>(named - list.begin())};
    }
    const bool digits = text.find_first_not_of("0123456789") == std::string::npos && text.size() < 8;
    if (!digits || std::stoul(text) >= list.size())
      fail("'" + text.substr(0, 40) + "' is not " + what,
           "there are " + std::to_string(list.size()) + ", named where the file begins and counted from 0");
    return {static_cast<std::uint32_t>(std::stoul(tokens_[at_++].text))};
  }

  // ------------------------------------------------------------------------------ rows

  static void set(Row& row, std::uint32_t column, const PrintedNumber& value) {
    if (value.value.sign() == 0)
      row.erase(column);
    else
      row[column] = value;
  }
  static Row uniform(std::size_t columns) {
    Row row;
    for (std::uint32_t i = 0; i < columns; ++i)
      row[i] = {Rational::ratio(1, static_cast<std::uint64_t>(columns)), 0};
    return row;
  }
  Row row_of_numbers(std::size_t columns) {
    Row row;
    for (std::uint32_t i = 0; i < columns; ++i) set(row, i, number());
    return row;
  }
  /// The rest of "T: a ..." or "O: a ...": rows over `columns` for each row in `list`.
  /// @param row_at  (action, row): the row to fill.
  template <class RowAt>
  void table(const Indices& actions, const std::vector<std::string>& rows, const char* row_what,
             const std::vector<std::string>& columns, const char* column_what, bool square, RowAt&& row_at) {
    const auto fill = [&](const Indices& which, const Row& row) {
      for (const std::uint32_t a : actions)
        for (const std::uint32_t i : which) {
          row_at(a, i) = row;
          if (square) reset_.erase({a, i});
        }
    };
    if (!take(":")) {
      if (take("uniform")) return fill(all(rows.size()), uniform(columns.size()));
      if (square && take("identity")) {
        for (const std::uint32_t i : all(rows.size())) fill({i}, Row{{i, {1, 0}}});
        return;
      }
      for (const std::uint32_t i : all(rows.size())) fill({i}, row_of_numbers(columns.size()));
      return;
    }
    const Indices which = element(rows, row_what);
    if (!take(":")) {
      if (take("uniform")) return fill(which, uniform(columns.size()));
      if (square && take("reset")) {
        fill(which, Row{{0, {1, 0}}});  // until the start is known
        for (const std::uint32_t a : actions)
          for (const std::uint32_t i : which) reset_.emplace(a, i);
        return;
      }
      return fill(which, row_of_numbers(columns.size()));
    }
    const Indices targets = element(columns, column_what);
    const PrintedNumber value = number();
    for (const std::uint32_t a : actions)
      for (const std::uint32_t i : which) {
        if (square && reset_.contains({a, i}))
          fail("a row that leads to the start is changed in one place",
               "give the whole row anew, or leave reset out");
        for (const std::uint32_t j : targets) set(row_at(a, i), j, value);
      }
  }

  void transition() {
    if (transitions_.empty()) transitions_.resize(states_.size() * actions_.size());
    const Indices actions = element(actions_, "an action");
    table(actions, states_, "a state", states_, "a state", true,
          [&](std::uint32_t a, std::uint32_t s) -> Row& { return transitions_[s * actions_.size() + a]; });
  }
  void observation() {
    if (observations_.empty())
      fail("there are no observations", "write observations: before O:, or leave O: out");
    if (emissions_.empty()) emissions_.resize(states_.size() * actions_.size());
    const Indices actions = element(actions_, "an action");
    table(actions, states_, "a state", observations_, "an observation", false,
          [&](std::uint32_t a, std::uint32_t s) -> Row& { return emissions_[a * states_.size() + s]; });
  }

  // ------------------------------------------------------------------------------ rewards

  struct Reward {
    Indices actions, from, to, seen;
    Rational value;
  };

  /// "R: a : s : s' : o number", or a row over o, or a matrix over s' and o. An MDP may leave o out.
  void reward() {
    const Indices actions = element(actions_, "an action");
    expect_colon("the action");
    const Indices from = element(states_, "a state");
    const std::size_t seen = std::max<std::size_t>(1, observations_.size());
    const auto add = [&](Indices to, Indices o, Rational value) {
      rewards_.push_back({actions, from, std::move(to), std::move(o), std::move(value)});
      if (rewards_.size() > most_table_numbers / 10)
        fail("there are too many rewards", "write fewer, with *");
    };
    if (!take(":")) {
      for (const std::uint32_t t : all(states_.size()))
        for (const std::uint32_t o : all(seen)) add({t}, {o}, number().value);
      return;
    }
    const Indices to = element(states_, "a state");
    if (!take(":")) {
      for (const std::uint32_t o : all(seen)) add(to, {o}, number().value);
      return;
    }
    Indices o = {0};
    if (!observations_.empty())
      o = element(observations_, "an observation");
    else if (!take("*"))
      fail("the reward names an observation, and there are none",
           "write * there, or observations: at the beginning");
    add(to, std::move(o), number().value);
  }

  // ------------------------------------------------------------------------------ the start

  /// "start: numbers", "start: uniform", "start: state", "start include: states", "start exclude: states".
  void start() {
    require_preamble();
    if (!start_.empty()) fail("the start is given twice", "leave one of them out");
    const bool include = take("include"), exclude = !include && take("exclude");
    expect_colon("start");
    const std::size_t n = states_.size();
    if (include || exclude) {
      std::vector<bool> listed(n);
      while (!at_statement())
        for (const std::uint32_t s : element(states_, "a state")) listed[s] = true;
      Indices chosen;
      for (const std::uint32_t s : all(n))
        if (listed[s] == include) chosen.push_back(s);
      if (chosen.empty()) fail("no state is left to start in", "include at least one");
      for (const std::uint32_t s : chosen)
        start_[s] = {Rational::ratio(1, static_cast<std::uint64_t>(chosen.size())), 0};
      return;
    }
    if (take("uniform")) {
      start_ = uniform(n);
      return;
    }
    const bool several = at_ + 1 < tokens_.size() && [&] {
      ++at_;
      const bool more = !at_statement();
      --at_;
      return more;
    }();
    // One number is no distribution over several states: it is the number of one.
    const bool name = std::ranges::find(states_, shown()) != states_.end() || n > 1;
    if (name && !several) {
      start_[element(states_, "a state")[0]] = {1, 0};
      return;
    }
    start_ = row_of_numbers(n);
  }

  // ------------------------------------------------------------------------------ the model

  static std::vector<RawModel::Entry> entries_of(const Row& row) {
    std::vector<RawModel::Entry> entries;
    for (const auto& [column, value] : row) entries.push_back({column, value});
    return entries;
  }

  void finish() {
    RawModel& raw = model_.raw;
    if (transitions_.empty()) fail("there are no transitions", "write T: for each action");
    if (!observations_.empty() && emissions_.empty())
      fail("there are observations and nothing says when they are seen", "write O: for each action");
    if (start_.empty()) start_ = uniform(states_.size());
    for (const auto& [a, s] : reset_) transitions_[s * actions_.size() + a] = start_;
    raw.initial = entries_of(start_);
    raw.state_names = states_;
    raw.action_names = actions_;
    model_.observations = observations_;
    for (std::uint32_t a = 0; a < actions_.size() && !observations_.empty(); ++a)
      for (std::uint32_t s = 0; s < states_.size(); ++s) {
        const Row& row = emissions_[a * states_.size() + s];
        if (row.empty())
          fail("no O: says what is seen in state " + states_[s] + " after " + actions_[a],
               "give each action and state a row");
        model_.emissions.push_back(entries_of(row));
      }
    raw.states.resize(states_.size());
    for (std::uint32_t s = 0; s < states_.size(); ++s)
      for (std::uint32_t a = 0; a < actions_.size(); ++a) {
        const Row& row = transitions_[s * actions_.size() + a];
        if (row.empty())
          fail("no T: says where " + actions_[a] + " leads from state " + states_[s],
               "give each action and state a row");
        raw.states[s].push_back({actions_[a], 0, entries_of(row), 0});
      }
    add_rewards();
    raw.without_rewards = rewards_.empty();
    if (discount_)
      raw.remarks.push_back("the file's discount, " + discount_->to_string() +
                            ", is no part of the model: give it as --discount");
    if (cost_) raw.remarks.push_back("the file gives costs: rewards are their negatives");
  }

  /// Later rewards replace earlier ones.
  void add_rewards() {
    std::vector<std::vector<std::uint32_t>> of(transitions_.size());
    for (std::uint32_t i = 0; i < rewards_.size(); ++i)
      for (const std::uint32_t a : rewards_[i].actions)
        for (const std::uint32_t s : rewards_[i].from) of[s * actions_.size() + a].push_back(i);
    for (std::uint32_t s = 0; s < states_.size(); ++s)
      for (std::uint32_t a = 0; a < actions_.size(); ++a)
        for (RawModel::Entry& entry : model_.raw.states[s][a].entries) {
          entry.reward = expected_reward(of[s * actions_.size() + a], a, entry.next);
          if (cost_) entry.reward = -entry.reward;
        }
  }

  Rational expected_reward(const std::vector<std::uint32_t>& rules, std::uint32_t a, std::uint32_t next) {
    std::vector<const Reward*> fitting;
    for (const std::uint32_t i : rules)
      if (std::ranges::binary_search(rewards_[i].to, next)) fitting.push_back(&rewards_[i]);
    const auto paid = [&](std::uint32_t o) {
      for (std::size_t i = fitting.size(); i-- > 0;)
        if (std::ranges::binary_search(fitting[i]->seen, o)) return fitting[i]->value;
      return Rational(0);
    };
    if (fitting.empty()) return 0;
    if (observations_.empty()) return paid(0);
    Rational mean;
    for (const StochasticMatrix::Entry& entry : emission_row(a, next).entries)
      mean += entry.probability * paid(entry.column);
    return mean;
  }

  const ReadRow& emission_row(std::uint32_t a, std::uint32_t s) {
    std::optional<ReadRow>& known = known_rows_[a * states_.size() + s];
    std::vector<std::string> unsaid;  // said where the emissions are made
    if (!known)
      known =
          read_row(model_.emissions[a * states_.size() + s], emission_place(model_, a, s), options_, unsaid);
    return *known;
  }

 public:
  static std::string emission_place(const CassandraModel& model, std::uint32_t a, std::uint32_t s) {
    return model.raw.file + ": O, action " + model.raw.action_names[a] + ", state " +
           model.raw.state_names[s];
  }

 private:
  const ReadOptions& options_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  CassandraModel model_;
  std::vector<std::string> said_, states_, actions_, observations_;
  std::optional<Rational> discount_;
  bool cost_ = false;
  std::vector<Row> transitions_, emissions_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> reset_;  ///< (a, s) that lead to the start
  std::vector<Reward> rewards_;
  Row start_;
  std::map<std::size_t, std::optional<ReadRow>> known_rows_;
};

}  // namespace

CassandraModel read_cassandra(const std::filesystem::path& file, const ReadOptions& options) {
  return CassandraReader(file, options).read();
}

ObservedModel observed_model(const CassandraModel& model, const ReadOptions& options) {
  const RawModel& in = model.raw;
  const auto states = static_cast<std::uint32_t>(in.states.size());
  const auto actions = static_cast<std::uint32_t>(in.action_names.size());
  std::vector<std::string> changes;
  std::vector<ReadRow> emissions;
  for (std::uint32_t a = 0; a < actions; ++a)
    for (std::uint32_t s = 0; s < states; ++s)
      emissions.push_back(read_row(model.emissions[std::size_t{a} * states + s],
                                   CassandraReader::emission_place(model, a, s), options, changes));
  const auto same_row = [&](std::uint32_t a, std::uint32_t b, std::uint32_t s) {
    return std::ranges::equal(
        emissions[std::size_t{a} * states + s].entries, emissions[std::size_t{b} * states + s].entries,
        [](const auto& x, const auto& y) { return x.column == y.column && x.probability == y.probability; });
  };
  // The first action that shows of each state what this one shows: all that matters of what was done.
  const auto group_of = [&](std::uint32_t a, std::uint32_t s) {
    std::uint32_t group = 0;
    while (!same_row(group, a, s)) ++group;
    return group;
  };
  RawModel out;
  out.file = in.file;
  out.action_names = in.action_names;
  out.without_rewards = in.without_rewards;
  out.remarks = in.remarks;
  StochasticMatrix::Rows seen;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> number;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> list;  // (state, 0), or (state, 1 + group)
  const auto state_of = [&](std::uint32_t s, std::uint32_t what) {
    const auto [place, fresh] = number.try_emplace({s, what}, static_cast<std::uint32_t>(list.size()));
    if (fresh) list.emplace_back(s, what);
    return place->second;
  };
  for (const RawModel::Entry& entry : in.initial)
    out.initial.push_back({state_of(entry.next, 0), entry.probability});
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto [s, what] = list[i];
    out.state_names.push_back(in.state_names[s] +
                              (what == 0 ? ", at the start" : ", after " + in.action_names[what - 1]));
    auto& row = seen.emplace_back();
    if (what == 0) row.push_back({0, 1});
    if (what > 0)
      for (const StochasticMatrix::Entry& entry : emissions[std::size_t{what - 1} * states + s].entries)
        row.push_back({entry.column + 1, entry.probability});
    auto& choices = out.states.emplace_back(in.states[s]);
    for (std::uint32_t a = 0; a < actions; ++a)
      for (RawModel::Entry& entry : choices[a].entries)
        entry.next = state_of(entry.next, 1 + group_of(a, entry.next));
  }
  ObservedModel observed{finished(out, options), {}, {"nothing yet"}};
  observed.read.changes.insert(observed.read.changes.end(), changes.begin(), changes.end());
  observed.observations.insert(observed.observations.end(), model.observations.begin(),
                               model.observations.end());
  observed.emission = StochasticMatrix(static_cast<std::uint32_t>(observed.observations.size()), seen,
                                       [](std::size_t row) { return "state " + std::to_string(row); });
  return observed;
}

}  // namespace lemmacheck
