#include "report/worked_instance.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

/// "p/q"; beside it a decimal where it is no fraction.
void put_real(json& object, const std::string& key, const RealNumber& number) {
  object[key] = number.to_string();
  if (!number.rational())
    object[key + "_approx"] = number.is_infinite() ? json() : json(number.approximate());
}

json values_to_json(const Derivation::Table& table) {
  json rows = json::array();
  for (const Derivation::Table::Row& row : table.rows) {
    json entry = {{"at", row.at}};
    put_real(entry, "value", row.value);
    rows.push_back(std::move(entry));
  }
  return {{"latex", table.latex}, {"plain", table.plain}, {"names", table.names}, {"rows", std::move(rows)}};
}

}  // namespace

WorkedInstance worked_instance(const Certificate& certificate, const Claim& claim) {
  return {certificate.kind == CertificateKind::refutation,
          claim.statement,
          point_in_words(certificate.at),
          instance_tables(certificate),
          instance_graphs(certificate, claim.lemma.get()),
          derivation_of(claim.lemma, certificate),
          printed_sides(certificate)};
}

void lay_out(const std::vector<WorkedInstance*>& all) {
  std::vector<InstanceGraph*> graphs;
  for (WorkedInstance* worked : all)
    for (InstanceGraph& graph : worked->graphs) graphs.push_back(&graph);
  try {
    lay_out(graphs);
  } catch (const InvalidInput&) {  // without Graphviz the tables serve
    for (WorkedInstance* worked : all) worked->graphs.clear();
  }
}

json table_to_json(const WordTable& table) {
  return {{"title", table.title}, {"header", table.header}, {"rows", table.rows}};
}

json worked_to_json(const WorkedInstance& worked) {
  json out = {{"refutes", worked.refutes},        {"where", worked.where},   {"tables", json::array()},
              {"graphs", json::array()},          {"values", json::array()}, {"lines", json::array()},
              {"relation", worked.sides.relation}};
  put_real(out, "lhs", worked.sides.lhs);
  put_real(out, "rhs", worked.sides.rhs);
  for (const WordTable& table : worked.tables) out["tables"].push_back(table_to_json(table));
  for (const InstanceGraph& graph : worked.graphs) out["graphs"].push_back(graph_to_json(graph));
  for (const Derivation::Table& table : worked.derivation.tables)
    out["values"].push_back(values_to_json(table));
  for (const Derivation::Line& line : worked.derivation.lines) {
    json entry = {{"latex", line.latex}, {"plain", line.plain}};
    put_real(entry, "value", line.value);
    out["lines"].push_back(std::move(entry));
  }
  return out;
}

namespace {

/// A row for each value of all names but the last, whose values are listed: "0: 1, 1: 0".
WordTable folded(const Derivation::Table& table) {
  WordTable words{"", {table.names.begin(), table.names.end()}, {}};
  const std::string last = words.header.size() > 1 ? words.header.back() : "";
  if (!last.empty()) words.header.pop_back();
  words.header.push_back(table.plain + (last.empty() ? "" : " for " + last));
  for (const Derivation::Table::Row& row : table.rows) {
    std::vector<std::string> cells;
    const std::size_t columns = words.header.size() - 1;
    for (std::size_t i = 0; i < columns; ++i) cells.push_back(std::to_string(row.at[i]));
    const std::string value = short_number(row.value);
    const bool goes_on = !words.rows.empty() && !last.empty() &&
                         std::equal(cells.begin(), cells.end(), words.rows.back().begin());
    if (goes_on)
      words.rows.back().back() += fmt::format(", {}: {}", row.at.back(), value);
    else
      cells.push_back(last.empty() ? value : fmt::format("{}: {}", row.at.back(), value)),
          words.rows.push_back(std::move(cells));
  }
  return words;
}

}  // namespace

std::string derivation_as_text(const Derivation& derivation) {
  std::string text;
  for (const Derivation::Table& table : derivation.tables)
    if (table.of_rounds) text += table_as_text(folded(table));
  for (const Derivation::Line& line : derivation.lines)
    text += fmt::format("  {} = {}\n", line.plain, short_number(line.value));
  return text;
}

}  // namespace lemmacheck
