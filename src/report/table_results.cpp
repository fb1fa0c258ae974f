#include "report/table_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

const char* word_for(Truth verdict) {
  return verdict == Truth::yes ? "holds" : verdict == Truth::no ? "violated" : "undecided";
}

std::size_t violated(const TableReport& report) {
  return static_cast<std::size_t>(std::ranges::count_if(
      report.checks, [](const TableCheck& check) { return check.verdict() == Truth::no; }));
}

}  // namespace

json table_report_to_json(const TableReport& report, const std::string& file, const Rational& tolerance) {
  json out = {{"file", file},
              {"accepted", violated(report) == 0},
              {"checks", json::array()},
              {"not_checked", json::array()},
              {"figures", json::array()}};
  put_number(out, "tolerance", tolerance);
  for (const TableCheck& check : report.checks) {
    json first;
    if (check.first)
      first = {
          {"place", check.first->place}, {"found", check.first->found}, {"expected", check.first->expected}};
    out["checks"].push_back({{"law", check.name},
                             {"name", check.name},
                             {"diagnosis", check.diagnosis},
                             {"statement", check.statement},
                             {"verdict", word_for(check.verdict())},
                             {"places", check.places},
                             {"faults", check.faults},
                             {"undecided", check.unclear},
                             {"first", std::move(first)}});
  }
  for (const auto& [name, key] : report.read_as) out["read_as"][name] = key;
  if (!report.read_as.empty()) out["unused"] = report.unused;
  for (const auto& unchecked : report.unchecked)
    out["not_checked"].push_back({{"name", unchecked.name}, {"needs", unchecked.needs}});
  for (const auto& figure : report.figures)
    out["figures"].push_back(
        {{"name", figure.name}, {"value", figure.value}, {"value_approx", figure.approximately}});
  return out;
}

std::string table_report_as_text(const TableReport& report, const std::string& file,
                                 const Rational& tolerance) {
  std::string text =
      fmt::format("{}: floats and logarithms within {} * max(1, size), exact numbers exactly\n", file,
                  tolerance.to_string());
  for (const auto& [name, key] : report.read_as)
    if (name != key) text += fmt::format("read as    {}: {}\n", name, key);
  for (const TableCheck& check : report.checks) {
    text += fmt::format("{:<9}  {}: {} ({} place{})\n", word_for(check.verdict()), check.name,
                        check.statement, check.places, check.places == 1 ? "" : "s");
    if (check.first)
      text += fmt::format("           {} fault{}; the first at {}: found {}, expected {}\n", check.faults,
                          check.faults == 1 ? "" : "s", check.first->place, check.first->found,
                          check.first->expected);
    if (!check.diagnosis.empty()) text += fmt::format("           {}\n", check.diagnosis);
  }
  for (const auto& unchecked : report.unchecked)
    text += fmt::format("not made   {}: needs {}\n", unchecked.name, unchecked.needs);
  for (const auto& figure : report.figures) {
    const bool whole = figure.value.find_first_not_of("0123456789") == std::string::npos;
    const std::string shown = whole ? figure.value
                              : figure.value.size() <= 40
                                  ? fmt::format("{} = {:.10g}", figure.value, figure.approximately)
                                  : fmt::format("about {:.10g}", figure.approximately);
    text += fmt::format("figure     {}: {}\n", figure.name, shown);
  }
  const std::size_t faulty = violated(report);
  if (report.checks.empty()) return text + "Nothing was checked: the tables given say nothing together.\n";
  return text + (faulty == 0 ? "Nothing speaks against these tables.\n"
                             : fmt::format("{} of {} checks violated.\n", faulty, report.checks.size()));
}

}  // namespace lemmacheck
