#include "logs/scalar_log.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "formats/number_text.hpp"
#include "logs/special_numbers.hpp"
#include "numeric/error.hpp"

namespace lemmacheck {
namespace {

/// Fills a row while a line is read, so that decimals are seen as they are written.
class RowReader : public nlohmann::json::json_sax_t {
 public:
  RowReader(ScalarLog::Row& row, std::string place) : row_(row), place_(std::move(place)) {}

  bool null() override { return add({.value = 0, .nan = true}); }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t value) override {
    return add({.value = Rational(static_cast<std::int64_t>(value))});
  }
  bool number_unsigned(number_unsigned_t value) override {
    return add({.value = Rational(static_cast<std::uint64_t>(value))});
  }
  bool number_float(number_float_t, const string_t& text) override {
    std::optional<Rational> value;
    try {
      value = read_printed(text).value;
    } catch (const InvalidInput&) {
      refuse("has " + text.substr(0, 40) + ", beyond the exponents that are read");
    }
    return add({.value = std::move(*value)});
  }
  bool string(string_t& text) override {
    const auto known = special_number(text);
    if (!known) return true;
    return add(*known == "NaN" ? ScalarLog::Number{.value = 0, .nan = true}
                               : ScalarLog::Number{.value = 0, .infinite = known->front() == '-' ? -1 : 1});
  }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    if (lists_ == 0) names_.emplace_back();
    return true;
  }
  bool key(string_t& name) override {
    if (lists_ == 0) names_.back() = name;
    return true;
  }
  bool end_object() override {
    if (lists_ == 0) names_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override {
    if (names_.empty()) refuse("is a list");
    ++lists_;
    return true;
  }
  bool end_array() override {
    --lists_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& fault) override {
    constexpr int number_overflow = 406;  // nlohmann's number for it
    refuse(fault.id == number_overflow ? "has a number out of range"
                                       : "is not valid JSON at byte " + std::to_string(position));
  }

 private:
  [[noreturn]] void refuse(const std::string& fault) const {
    throw InvalidInput(
        place_ + ": the line " + fault +
        "; one JSON object of numbers a line is expected, such as {\"step\": 100, \"kl\": 0.8}");
  }
  bool add(ScalarLog::Number number) {
    if (names_.empty()) refuse("is no object");
    if (lists_ > 0) return true;
    std::string name;
    for (const std::string& part : names_) name += (name.empty() ? "" : "/") + part;
    if (!row_.numbers.emplace(name, std::move(number)).second) refuse("has " + name + " twice");
    return true;
  }

  ScalarLog::Row& row_;
  std::string place_;
  std::vector<std::string> names_;
  std::size_t lists_ = 0;
};

}  // namespace

ScalarLog read_metrics(const std::filesystem::path& file) {
  ScalarLog log{file.string(), {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InvalidInput(log.source + ": cannot be opened; check the name and the permissions");
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    ScalarLog::Row& row = log.rows.emplace_back();
    row.place = log.source + ":" + std::to_string(number);
    RowReader reader(row, row.place);
    nlohmann::json::sax_parse(with_quoted_specials(line), &reader);
    const auto step = row.numbers.find("step");
    if (step != row.numbers.end() && step->second.finite())
      row.place += " (step " + step->second.value.to_string() + ")";
  }
  if (log.rows.empty())
    throw InvalidInput(log.source + ": holds no line; one JSON object a line is expected");
  return log;
}

ScalarLog scalars_of(const LoggedTables& tables) {
  ScalarLog log{tables.source, {}};
  std::optional<std::size_t> steps;
  for (const auto& [name, table] : tables.tables) {
    if (table.axes() > 1)
      tables.fail(name,
                  "has " + std::to_string(table.axes()) + " axes; with --scalars each is a number a step");
    if (table.axes() == 0) continue;
    if (steps && *steps != table.shape[0])
      tables.fail(name, "has " + std::to_string(table.shape[0]) + " steps, and another has " +
                            std::to_string(*steps));
    steps = table.shape[0];
  }
  for (std::size_t i = 0; i < steps.value_or(1); ++i) {
    ScalarLog::Row& row = log.rows.emplace_back();
    row.place = tables.source + "[" + std::to_string(i) + "]";
    for (const auto& [name, table] : tables.tables) {
      const std::size_t at = table.axes() == 0 ? 0 : i;
      const auto infinite = table.infinite.find(at);
      row.numbers[name] = {table.values[at], infinite == table.infinite.end() ? 0 : infinite->second,
                           table.nan.contains(at)};
    }
  }
  return log;
}

}  // namespace lemmacheck
