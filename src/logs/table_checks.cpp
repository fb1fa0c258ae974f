#include "logs/table_checks.hpp"

#include <set>

#include "logs/check_book.hpp"

namespace lemmacheck {
namespace {

const std::set<std::string> known = {
    // a finite model, its episodes, its roll-outs
    "sequence", "encoder", "dynamics", "decoder", "rewards", "continues", "observations", "actions",
    "imagined_policy", "imagined_horizon", "imagined_value", "imagined_recurrent", "imagined_actions",
    // what a training run logs
    "posterior", "prior", "reconstruction", "kl", "kl_loss", "free_bits", "elbo", "log_likelihood",
    "imagined_prior", "imagined_codes", "imagined_rewards", "imagined_continues", "imagined_values",
    "imagined_returns", "imagined_weights", "imagined_advantages", "posterior_entropy", "prior_entropy",
    "lambda", "discount"};
/// Where a number may be infinite: log 0 and what is made of it.
const std::set<std::string> may_be_infinite = {"kl", "kl_loss", "elbo", "reconstruction", "log_likelihood"};

void require_known_tables(const LoggedTables& tables) {
  for (const auto& [name, table] : tables.tables) {
    if (!known.contains(name)) {
      std::string names;
      for (const std::string& one : known) names += (names.empty() ? "" : ", ") + one;
      tables.fail(name, "no check knows a table of this name; the names are " + names);
    }
  }
}

/// Tables with what is no number are faults, and are set aside; only log losses and what is made of them may
/// be infinite.
void check_numbers(CheckBook& book) {
  for (const auto& [name, table] : book.tables().tables) {
    const bool infinite = !table.infinite.empty() && !may_be_infinite.contains(name);
    if (table.nan.empty() && !infinite) continue;
    TableCheck& check = book.add("numbers of " + name, "each is a finite number");
    check.places = table.values.size();
    for (std::size_t at = 0; at < check.places; ++at)
      if (table.nan.contains(at) || (infinite && table.infinite.contains(at)))
        book.fault(check, name, at, "a finite number");
    book.set_aside(name);
  }
}

/// A row with a fault: a negative number, or a sum that is not 1.
void check_row(const CheckBook& book, TableCheck& check, const std::string& name, std::size_t row) {
  const NumberArray& table = book.tables().at(name);
  const std::size_t columns = table.shape.back(), begin = row * columns;
  Rational sum;
  for (std::size_t i = begin; i < begin + columns; ++i) {
    if (table.values[i].sign() < 0) return book.fault(check, name, i, "at least 0");
    sum += table.values[i];
  }
  if (abs(sum - Rational(1)) <= (table.exact ? Rational(0) : book.tolerance())) return;
  ++check.faults;
  const std::vector<std::size_t> rows(table.shape.begin(), table.shape.end() - 1);
  if (!check.first)
    check.first = {book.tables().place(name) + index_text(rows, row), "a sum of " + with_decimal(sum), "1"};
}

void check_rows(CheckBook& book) {
  for (const char* name : {"encoder", "dynamics", "decoder", "posterior", "prior", "imagined_prior"}) {
    if (!book.has({name})) continue;
    const NumberArray& table = book.tables().at(name);
    if (table.axes() == 0 || table.shape.back() == 0)
      book.tables().fail(name, "holds no distributions; its last axis must run over the values of one");
    TableCheck& check = book.add(std::string("rows of ") + name, "no number is negative, each row sums to 1");
    check.places = table.outer(table.axes() - 1);
    for (std::size_t row = 0; row < check.places; ++row) check_row(book, check, name, row);
  }
}

void check_chances(CheckBook& book) {
  for (const char* name : {"continues", "imagined_continues"}) {
    if (!book.has({name})) continue;
    TableCheck& check = book.add(std::string("range of ") + name, "each number is between 0 and 1");
    check.places = book.tables().at(name).values.size();
    for (std::size_t i = 0; i < check.places; ++i)
      if (book.value(name, i).sign() < 0 || book.value(name, i) > Rational(1))
        book.fault(check, name, i, "0 to 1");
  }
}

}  // namespace

TableReport check_tables(const LoggedTables& tables, const Rational& tolerance) {
  require_known_tables(tables);
  CheckBook book(tables, tolerance);
  check_numbers(book);
  check_rows(book);
  check_chances(book);
  check_finite_model(book);
  check_training_log(book);
  check_imagination(book);
  return std::move(book.report());
}

}  // namespace lemmacheck
