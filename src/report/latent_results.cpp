#include "report/latent_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

constexpr std::size_t em_rounds = 20;
constexpr std::uint64_t em_grid = 1024;

/// "01 23": the states of each code.
std::string in_groups(const Encoder& encoder) {
  std::string text;
  for (std::uint32_t code = 0; code < code_count(encoder); ++code) {
    text += code == 0 ? "" : " | ";
    std::string members;
    for (std::size_t s = 0; s < encoder.size(); ++s)
      if (encoder[s] == code) members += (members.empty() ? "" : " ") + std::to_string(s);
    text += members;
  }
  return text;
}

/// "0@0 2@1 | 1@0": the pairs of each code.
std::string codes_in_words(const RecurrentRow& row, const std::vector<SeenPair>& pairs) {
  std::string text;
  for (std::uint32_t code = 0; code <= *std::ranges::max_element(row.codes); ++code) {
    text += code == 0 ? "" : " | ";
    std::string members;
    for (std::size_t i = 0; i < pairs.size(); ++i)
      if (row.codes[i] == code)
        members +=
            fmt::format("{}{}@{}", members.empty() ? "" : " ", pairs[i].observation, pairs[i].recurrent);
    text += members;
  }
  return text;
}

void put_form(json& object, const std::string& key, const LogForm& form) {
  object[key] = form.to_string();
  object[key + "_approx"] = form.approximate();
}

/// Columns side by side under the title.
std::string aligned(const WordTable& words) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < words.header.size(); ++i) {
    widths.push_back(words.header[i].size());
    for (const auto& row : words.rows) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text = words.title + "\n";
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add(words.header);
  for (const auto& row : words.rows) add(row);
  return text;
}

void put_forms(json& object, const std::string& key, const std::vector<LogForm>& forms) {
  object[key] = json::array();
  object[key + "_approx"] = json::array();
  for (const LogForm& form : forms) {
    object[key].push_back(form.to_string());
    object[key + "_approx"].push_back(form.approximate());
  }
}

/// What each objective says of the encoders that the others prefer; columns are numbered as the rows are.
template <class Row>
WordTable losses_in_words(const std::vector<Row>& rows) {
  WordTable words{"The loss of each objective at the encoder that each prefers", {"", "objective"}, {}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    words.header.push_back("at " + std::to_string(i + 1));
    words.rows.push_back({std::to_string(i + 1), rows[i].objective});
    for (const LogForm& loss : rows[i].losses) words.rows.back().push_back(decimal(loss, 4));
  }
  return words;
}

}  // namespace

WordTable encoding_table_in_words(const EncodingTable& table) {
  WordTable words{
      fmt::format("{}: which encoder each objective prefers, with at most {} codes (optimum {}, seeing "
                  "the state)",
                  table.world, table.problem.codes, short_number(full_value(table.problem))),
      {"objective", "least loss", "ties", "codes: states"},
      {}};
  for (const EncodingProblem::Factor& factor : table.problem.factors)
    words.header.push_back("nats on " + factor.name);
  words.header.insert(words.header.end(), {"best value", "value of planning"});
  for (const ObjectiveRow& row : table.rows) {
    std::vector<std::string> cells = {row.objective, decimal(row.loss, 4), std::to_string(row.ties),
                                      in_groups(row.encoder)};
    for (const LogForm& kept : row.kept) cells.push_back(decimal(kept, 3));
    cells.push_back(short_number(row.value));
    cells.push_back(short_number(row.planned_value));
    words.rows.push_back(std::move(cells));
  }
  return words;
}

json encoding_table_to_json(const EncodingTable& table) {
  json out = {{"world", table.world},
              {"codes", table.problem.codes},
              {"horizon", table.problem.horizon},
              {"objectives", json::array()}};
  put_number(out, "full_value", full_value(table.problem));
  for (const ObjectiveRow& row : table.rows) {
    json entry = {
        {"name", row.objective}, {"encoder", row.encoder}, {"ties", row.ties}, {"keeps", json::object()}};
    put_form(entry, "loss", row.loss);
    put_forms(entry, "losses", row.losses);
    for (std::size_t i = 0; i < row.kept.size(); ++i)
      put_form(entry["keeps"], table.problem.factors[i].name, row.kept[i]);
    put_number(entry, "value", row.value);
    put_number(entry, "planned_value", row.planned_value);
    out["objectives"].push_back(std::move(entry));
  }
  return out;
}

std::string encoding_table_as_text(const EncodingTable& table, bool losses) {
  return aligned(encoding_table_in_words(table)) + (losses ? aligned(losses_in_words(table.rows)) : "") +
         "Losses in nats, of the best tables for an encoder; exact numbers with --json. Of encoders that "
         "tie, one with "
         "the fewest codes\nis shown. Values: of the best stationary policy that sees the code, and of the "
         "plan made in "
         "the model on codes.\n";
}

const char* name_of(Memory memory) {
  return memory == Memory::none ? "none" : memory == Memory::last_code ? "code" : "code+action";
}

RecurrentTable gather_recurrent_table(std::string world, ObservedProblem problem) {
  RecurrentTable table{std::move(world), std::move(problem), {}, {}, {}};
  table.rows = recurrent_table(table.problem);
  table.history_value = best_return_of_history(table.problem.world, table.problem.horizon);
  try {
    table.stochastic = fitted_by_em(table.problem, em_rounds, em_grid);
  } catch (const InvalidInput&) {  // too many episodes to list
  }
  return table;
}

WordTable recurrent_table_in_words(const RecurrentTable& table) {
  const ObservedProblem& problem = table.problem;
  WordTable words{
      fmt::format("{}: which encoder of (observation, memory) each objective prefers, {} codes, memory: "
                  "{} (optimum {}, remembering everything)",
                  table.world, problem.codes, name_of(problem.memory), short_number(table.history_value)),
      {"objective", "least loss", "ties", "code of x@h"},
      {}};
  for (const ObservedWorld::Factor& factor : problem.world.factors)
    words.header.push_back("nats on " + factor.name);
  words.header.insert(words.header.end(), {"best value", "value of planning"});
  const std::vector<SeenPair> pairs = seen_pairs(problem);
  for (const RecurrentRow& row : table.rows) {
    std::vector<std::string> cells = {row.objective, decimal(row.loss, 4), std::to_string(row.ties),
                                      codes_in_words(row, pairs)};
    for (const LogForm& kept : row.kept) cells.push_back(decimal(kept, 3));
    cells.push_back(row.value ? short_number(*row.value) : "-");
    cells.push_back(short_number(row.planned_value));
    words.rows.push_back(std::move(cells));
  }
  return words;
}

std::string stochastic_fit_in_words(const RecurrentTable& table) {
  if (!table.stochastic) return "";
  return fmt::format(
      "A stochastic encoder by {} rounds of expectation maximisation, all episodes under uniform actions: "
      "the data's "
      "entropy {} <= -log p {} <= -ELBO {}.",
      table.stochastic->rounds, decimal(table.stochastic->entropy), decimal(table.stochastic->surprise),
      decimal(table.stochastic->bound));
}

json recurrent_table_to_json(const RecurrentTable& table) {
  const ObservedProblem& problem = table.problem;
  json out = {{"world", table.world},        {"codes", problem.codes},
              {"horizon", problem.horizon},  {"memory", name_of(problem.memory)},
              {"encoder_of", json::array()}, {"objectives", json::array()},
              {"stochastic", json()}};
  put_number(out, "free_bits", problem.free_bits);
  put_number(out, "kl_weight", problem.kl_weight);
  put_number(out, "full_value", table.history_value);
  for (const SeenPair& pair : seen_pairs(problem))
    out["encoder_of"].push_back({pair.observation, pair.recurrent});
  for (const RecurrentRow& row : table.rows) {
    json entry = {
        {"name", row.objective}, {"encoder", row.codes}, {"ties", row.ties}, {"keeps", json::object()}};
    put_form(entry, "loss", row.loss);
    put_forms(entry, "losses", row.losses);
    for (std::size_t i = 0; i < row.kept.size(); ++i)
      put_form(entry["keeps"], problem.world.factors[i].name, row.kept[i]);
    put_number(entry, "value", row.value);
    put_number(entry, "planned_value", row.planned_value);
    out["objectives"].push_back(std::move(entry));
  }
  if (table.stochastic) {
    out["stochastic"] = {{"rounds", table.stochastic->rounds}};
    put_form(out["stochastic"], "entropy", table.stochastic->entropy);
    put_form(out["stochastic"], "surprise", table.stochastic->surprise);
    put_form(out["stochastic"], "bound", table.stochastic->bound);
  }
  return out;
}

std::string recurrent_table_as_text(const RecurrentTable& table, bool losses) {
  const std::string fit = stochastic_fit_in_words(table);
  return aligned(recurrent_table_in_words(table)) + (losses ? aligned(losses_in_words(table.rows)) : "") +
         "x@h: the observation and what is remembered. Losses are summed over steps, in nats and squared "
         "rewards, of the best\n"
         "heads for an encoder; exact numbers with --json. Of encoders that tie the first is shown. Values: "
         "of the best\n"
         "stationary policy of memory and code, and of the plan made in imagination.\n" +
         fit + (fit.empty() ? "" : "\n");
}

}  // namespace lemmacheck
