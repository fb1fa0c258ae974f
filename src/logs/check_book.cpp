#include "logs/check_book.hpp"

#include <algorithm>
#include <cstdio>

#include "logs/table_model.hpp"

namespace lemmacheck {
namespace {

std::string rounded(const char* format, double value) {
  char text[40];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

std::string about(const Rational& value) {
  return rounded("about %.12g", value.approximate());
}

std::string with_decimal(const Rational& value) {
  std::string text = value.to_string();
  return text.size() <= 24 ? text : about(value);
}

std::string minus_text(const LogForm& loss) {
  if (loss.is_infinite()) return "-infinity";
  const std::string text = (-loss).to_string(), decimal = rounded("about %.12g", -loss.approximate());
  return text.size() <= 60 ? text + ", " + decimal : decimal;
}

bool CheckBook::has(std::initializer_list<const char*> names) const {
  return std::ranges::all_of(names,
                             [&](const char* name) { return in_.has(name) && !aside_.contains(name); });
}

bool CheckBook::ready(const std::string& check, std::initializer_list<const char*> names) {
  std::string missing;
  for (const char* name : names)
    if (!has({name}))
      missing += (missing.empty() ? "" : ", ") + std::string(name) +
                 (in_.has(name) ? " without what is no number" : "");
  if (!missing.empty()) not_made(check, missing);
  return missing.empty();
}

TableCheck& CheckBook::add(std::string name, std::string statement) {
  TableCheck& check = out_.checks.emplace_back();
  check.name = std::move(name);
  check.statement = std::move(statement);
  return check;
}

bool CheckBook::clean(std::initializer_list<const char*> checks) const {
  return std::ranges::none_of(out_.checks, [&](const TableCheck& check) {
    return check.faults > 0 &&
           std::ranges::any_of(checks, [&](const char* name) { return check.name == name; });
  });
}

Logged CheckBook::number(const std::string& name, std::size_t at) const {
  const NumberArray& table = in_.at(name);
  const auto found = table.infinite.find(at);
  return {table.values[at], found == table.infinite.end() ? 0 : found->second};
}

Rational CheckBook::scalar(const std::string& name, const Rational& otherwise) const {
  if (!has({name.c_str()})) return otherwise;
  require_shape(in_, name, {}, "a single number");
  return value(name, 0);
}

Rational CheckBook::discount() const {
  const Rational discount = scalar("discount", 1);
  if (discount.sign() < 0 || discount > Rational(1))
    in_.fail("discount", "is " + discount.to_string() + "; it must be between 0 and 1");
  return discount;
}

Rational CheckBook::room(const Rational& size, std::initializer_list<const char*> names) const {
  const bool exact =
      std::ranges::all_of(names, [&](const char* name) { return !in_.has(name) || in_.at(name).exact; });
  return exact ? Rational(0) : slack(size);
}

void CheckBook::compare(TableCheck& check, const std::string& name, std::size_t at, const Rational& expected,
                        const Rational& most) const {
  ++check.places;
  if (abs(value(name, at) - expected) > most) fault(check, name, at, with_decimal(expected));
}

void CheckBook::fault(TableCheck& check, const std::string& name, std::size_t at,
                      const std::string& expected) const {
  ++check.faults;
  if (!check.first)
    check.first = {in_.place(name) + index_text(shape(name), at), found_text(name, at), expected};
}

std::string CheckBook::found_text(const std::string& name, std::size_t at) const {
  if (in_.at(name).nan.contains(at)) return "NaN";
  const Logged found = number(name, at);
  if (found.infinite != 0) return found.infinite < 0 ? "-infinity" : "infinity";
  if (in_.at(name).exact) return with_decimal(found.value);
  return rounded("%.9g", found.value.approximate());  // nine digits tell a float32 from its neighbours
}

}  // namespace lemmacheck
