/// What the checks of tables share: reading the tables, and writing down faults.
#pragma once

#include <initializer_list>
#include <set>

#include "logs/table_checks.hpp"
#include "numeric/log_form.hpp"

namespace lemmacheck {

/// A number of a table; infinite ones have a sign instead of a value.
struct Logged {
  Rational value;
  int infinite = 0;
};

/// A number that is expected, as a text: the fraction if it is short, or about what it is.
std::string with_decimal(const Rational& value);
std::string about(const Rational& value);
/// The same of minus a loss, which may be -infinity.
std::string minus_text(const LogForm& loss);

class CheckBook {
 public:
  CheckBook(const LoggedTables& tables, const Rational& tolerance) : in_(tables), tolerance_(tolerance) {}

  const LoggedTables& tables() const { return in_; }
  TableReport& report() { return out_; }
  const Rational& tolerance() const { return tolerance_; }

  /// Whether these tables are there and whole.
  bool has(std::initializer_list<const char*> names) const;
  /// Sets a table aside, whose faults are told already.
  void set_aside(const std::string& name) { aside_.insert(name); }
  /// Whether the check can be made; notes which tables it lacks.
  bool ready(const std::string& check, std::initializer_list<const char*> names);
  void not_made(const std::string& check, const std::string& needs) {
    out_.unchecked.push_back({check, needs});
  }
  /// A new check; the reference is good until the next.
  TableCheck& add(std::string name, std::string statement);
  /// Whether no fault was found so far in the checks of these names.
  bool clean(std::initializer_list<const char*> checks) const;

  const std::vector<std::size_t>& shape(const std::string& name) const { return in_.at(name).shape; }
  const Rational& value(const std::string& name, std::size_t at) const { return in_.at(name).values[at]; }
  Logged number(const std::string& name, std::size_t at) const;
  /// A table without axes. @throws InvalidInput where it has some.
  Rational scalar(const std::string& name, const Rational& otherwise) const;
  /// "discount", 1 if left out. @throws InvalidInput unless between 0 and 1.
  Rational discount() const;

  /// What a number may be off by: tolerance * max(1, size) where one of the tables was written in floats.
  Rational room(const Rational& size, std::initializer_list<const char*> names) const;
  Rational slack(const Rational& size) const { return tolerance_ * max(Rational(1), size); }
  /// Counts a place, and a fault at it unless the number of the table is as near to what is expected.
  void compare(TableCheck& check, const std::string& name, std::size_t at, const Rational& expected,
               const Rational& room) const;
  void fault(TableCheck& check, const std::string& name, std::size_t at, const std::string& expected) const;

 private:
  std::string found_text(const std::string& name, std::size_t at) const;

  const LoggedTables& in_;
  const Rational& tolerance_;
  std::set<std::string> aside_;
  TableReport out_;
};

/// The laws of a finite model and of what is logged of it.
void check_finite_model(CheckBook& book);
/// The laws of what a training run logs, be its model finite or not.
void check_training_log(CheckBook& book);
/// The laws of imagined roll-outs: codes, returns, weights, advantages.
void check_imagination(CheckBook& book);

}  // namespace lemmacheck
