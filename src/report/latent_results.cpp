#include "report/latent_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

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
    json entry = {{"name", row.objective},
                  {"loss", row.loss.to_string()},
                  {"loss_approx", row.loss.approximate()},
                  {"encoder", row.encoder},
                  {"ties", row.ties},
                  {"keeps", json::object()}};
    for (std::size_t i = 0; i < row.kept.size(); ++i) {
      const std::string& name = table.problem.factors[i].name;
      entry["keeps"][name] = row.kept[i].to_string();
      entry["keeps"][name + "_approx"] = row.kept[i].approximate();
    }
    put_number(entry, "value", row.value);
    put_number(entry, "planned_value", row.planned_value);
    out["objectives"].push_back(std::move(entry));
  }
  return out;
}

std::string encoding_table_as_text(const EncodingTable& table) {
  const WordTable words = encoding_table_in_words(table);
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
  return text +
         "Losses in nats, of the best tables for an encoder; exact numbers with --json. Of encoders that "
         "tie, one with "
         "the fewest codes\nis shown. Values: of the best stationary policy that sees the code, and of the "
         "plan made in "
         "the model on codes.\n";
}

}  // namespace lemmacheck
