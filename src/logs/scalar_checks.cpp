// Laws of scalars: of means over batch and time, what still holds of what they are means of.
#include <algorithm>
#include <set>

#include "formats/number_text.hpp"
#include "logs/diagnosis.hpp"
#include "logs/scalar_log.hpp"
#include "numeric/error.hpp"
#include "numeric/linear_system.hpp"
#include "numeric/log_form.hpp"

namespace lemmacheck {
namespace {

/// Which last parts of keys are taken for which quantity.
const std::map<std::string, std::vector<std::string>> spellings = {
    {"kl", {"kl", "kl_value", "model_kl", "kl_div"}},
    {"kl_loss", {"kl_loss", "loss_kl"}},
    {"dyn_loss", {"dyn_loss", "loss_dyn", "dyn"}},
    {"rep_loss", {"rep_loss", "loss_rep", "rep"}},
    {"free_bits", {"free_bits", "free_nats", "kl_free"}},
    {"posterior_entropy", {"posterior_entropy", "post_ent", "posterior_ent", "rep_ent"}},
    {"prior_entropy", {"prior_entropy", "prior_ent", "dyn_ent"}},
    {"cross_entropy", {"cross_entropy", "cross_ent"}},
    {"reconstruction", {"reconstruction"}},
    {"elbo", {"elbo"}},
    {"log_likelihood", {"log_likelihood"}},
    {"total", {"total", "total_loss", "loss_total", "model_loss", "loss"}},
    {"groups", {"groups"}},
    {"codes", {"codes"}},
};

std::string last_part(const std::string& key) {
  const std::size_t at = key.find_last_of("/.:");
  return at == std::string::npos ? key : key.substr(at + 1);
}
std::string first_parts(const std::string& key) {
  const std::size_t at = key.find_last_of("/.:");
  return at == std::string::npos ? "" : key.substr(0, at);
}

/// A logged number, about as it was written.
std::string shown(const Rational& value) {
  return about(value).substr(std::string("about ").size());
}

class ScalarChecks {
 public:
  ScalarChecks(const ScalarLog& log, const ScalarOptions& options, const Rational& tolerance)
      : log_(log), options_(options), tolerance_(tolerance) {
    for (const ScalarLog::Row& row : log.rows)
      for (const auto& [key, number] : row.numbers) keys_.insert(key);
    name_keys();
  }

  TableReport run() {
    check_numbers();
    check_sign("kl", "sign of kl", "no mean of divergences is negative");
    check_free_bits();
    check_balance();
    check_entropies();
    check_cross_entropy();
    check_evidence_sum();
    check_evidence_bound();
    check_total();
    // What no row has all quantities of was not checked.
    for (const TableCheck& check : report_.checks)
      if (check.places == 0) report_.unchecked.push_back({check.name, "a row with all of its quantities"});
    std::erase_if(report_.checks, [](const TableCheck& check) { return check.places == 0; });
    for (const auto& [name, key] : named_) {
      report_.read_as.emplace_back(name, key);
      used_.insert(key);
    }
    for (const std::string& key : keys_)
      if (!used_.contains(key) && key != "step") report_.unused.push_back(key);
    return std::move(report_);
  }

 private:
  // ------------------------------------------------------------------------------ names

  /// @throws InvalidInput for a constant that no law speaks of, or that makes none sense.
  void check_constants() const {
    for (const auto& [name, value] : options_.constants) {
      if (!spellings.contains(name)) throw InvalidInput("--set " + name + ": no law speaks of it");
      const bool counts = name == "codes" || name == "groups";
      if (counts && value < Rational(1))
        throw InvalidInput("--set " + name + "=" + value.to_string() + ": there is at least 1");
    }
  }

  void name_keys() {
    check_constants();
    for (const auto& [name, key] : options_.keys) {
      if (!spellings.contains(name)) {
        std::string known;
        for (const auto& [other, list] : spellings) known += (known.empty() ? "" : ", ") + other;
        throw InvalidInput("--as " + name + "=" + key + ": no law speaks of " + name +
                           "; the quantities are " + known);
      }
      require_key("--as " + name + "=" + key, key);
      if (options_.constants.contains(name))
        throw InvalidInput("--set " + name + " and --as " + name + ": give one of them");
      named_[name] = key;
    }
    for (const auto& [name, list] : spellings) {
      if (named_.contains(name)) continue;
      std::vector<std::string> found;
      for (const std::string& key : keys_)
        if (std::ranges::find(list, last_part(key)) != list.end() && !is_named(key)) found.push_back(key);
      if (options_.constants.contains(name)) {
        if (!found.empty())
          throw InvalidInput("--set " + name + ": the log has it, as " + found[0] + "; leave --set " + name +
                             " out");
        continue;
      }
      if (found.size() > 1)
        throw InvalidInput(log_.source + ": " + found[0] + " and " + found[1] + " could both be " + name +
                           "; say which by --as " + name + "=" + found[0]);
      if (!found.empty()) named_[name] = found[0];
    }
  }
  void require_key(const std::string& option, const std::string& key) const {
    if (!keys_.contains(key))
      throw InvalidInput(option + ": the log has no " + key + "; its keys begin with " +
                         (keys_.empty() ? "nothing" : *keys_.begin()));
  }
  bool is_named(const std::string& key) const {
    return std::ranges::any_of(named_, [&](const auto& named) { return named.second == key; });
  }
  bool has(const std::string& name) const {
    return named_.contains(name) || options_.constants.contains(name);
  }
  bool has_all(std::initializer_list<const char*> names) const {
    return std::ranges::all_of(names, [&](const char* name) { return has(name); });
  }
  /// Whether all of a law's quantities are there; says what is missing where only some are.
  bool ready(const std::string& law, std::initializer_list<const char*> names) {
    std::string missing;
    for (const char* name : names)
      if (!has(name)) missing += (missing.empty() ? "" : ", ") + std::string(name);
    if (!missing.empty()) report_.unchecked.push_back({law, missing});
    return missing.empty();
  }
  std::optional<Rational> number(const ScalarLog::Row& row, const std::string& name) const {
    const auto constant = options_.constants.find(name);
    if (constant != options_.constants.end()) return constant->second;
    return of_key(row, named_.at(name));
  }
  static std::optional<Rational> of_key(const ScalarLog::Row& row, const std::string& key) {
    const auto found = row.numbers.find(key);
    if (found == row.numbers.end() || !found->second.finite()) return std::nullopt;
    return found->second.value;
  }
  /// The rows in which all of these are numbers.
  std::vector<const ScalarLog::Row*> rows_with(std::initializer_list<const char*> names) const {
    std::vector<const ScalarLog::Row*> rows;
    for (const ScalarLog::Row& row : log_.rows)
      if (std::ranges::all_of(names, [&](const char* name) { return number(row, name).has_value(); }))
        rows.push_back(&row);
    return rows;
  }

  // ------------------------------------------------------------------------------ faults

  TableCheck& add(std::string name, std::string statement) {
    TableCheck& check = report_.checks.emplace_back();
    check.name = std::move(name);
    check.statement = std::move(statement);
    return check;
  }
  Rational slack(const Rational& size) const { return tolerance_ * max(Rational(1), abs(size)); }
  void fault(TableCheck& check, const ScalarLog::Row& row, const std::string& name, const std::string& found,
             const std::string& expected) const {
    ++check.faults;
    const auto key = named_.find(name);
    if (!check.first)
      check.first = {row.place + ": " + (key == named_.end() ? name : key->second), found, expected};
  }

  void check_numbers() {
    TableCheck& check = add("numbers", "every scalar is a finite number");
    for (const ScalarLog::Row& row : log_.rows)
      for (const auto& [key, number] : row.numbers) {
        ++check.places;
        if (number.finite()) continue;
        fault(check, row, key,
              number.nan            ? "NaN"
              : number.infinite < 0 ? "-infinity"
                                    : "infinity",
              "a finite number");
      }
  }

  void check_sign(const char* name, const char* law, const char* statement) {
    if (!has(name)) return;
    TableCheck& check = add(law, statement);
    for (const ScalarLog::Row* row : rows_with({name})) {
      ++check.places;
      const Rational found = *number(*row, name);
      if (found < -slack(0)) fault(check, *row, name, shown(found), "at least 0");
    }
  }

  /// `expected` of a row against what is logged of `name`; a law nearby where it fails.
  template <class Expected>
  void compare(TableCheck& check, const char* name, const std::vector<const ScalarLog::Row*>& rows,
               Expected&& expected,
               std::vector<std::pair<std::string, std::function<Rational(const ScalarLog::Row&)>>> nearby) {
    std::vector<Rational> found;
    for (const ScalarLog::Row* row : rows) {
      ++check.places;
      found.push_back(*number(*row, name));
      const Rational value = expected(*row);
      if (abs(found.back() - value) > slack(value))
        fault(check, *row, name, shown(found.back()), about(value));
    }
    if (check.faults == 0) return;
    const auto by_row = [&](const std::function<Rational(const ScalarLog::Row&)>& law) {
      return [&rows, law](std::size_t i) { return std::optional(law(*rows[i])); };
    };
    std::vector<NearbyLaw> laws;
    for (auto& [words, law] : nearby) laws.push_back({words, by_row(law)});
    check.diagnosis = diagnosis(found, tolerance_, by_row(expected), laws);
  }

  // ------------------------------------------------------------------------------ the laws

  /// E max(f, kl) is at least max(f, E kl) (Jensen), and at most f + E kl.
  void check_free_bits() {
    if (!has("kl_loss") && !has("free_bits")) return;
    if (!ready("free bits of means", {"kl", "kl_loss", "free_bits"})) return;
    TableCheck& check =
        add("free bits of means",
            "max(free_bits, mean kl) <= kl_loss <= free_bits + mean kl: a mean of max(free_bits, kl)");
    const auto rows = rows_with({"kl", "kl_loss", "free_bits"});
    const auto value = [&](const ScalarLog::Row& row, const char* name) { return *number(row, name); };
    std::size_t above = 0;
    std::vector<Rational> found;
    for (const ScalarLog::Row* row : rows) {
      ++check.places;
      const Rational free = value(*row, "free_bits"), kl = value(*row, "kl"), loss = value(*row, "kl_loss"),
                     least = max(free, kl);
      found.push_back(loss);
      if (loss < least - slack(least))
        fault(check, *row, "kl_loss", shown(loss), "at least " + shown(least));
      else if (loss > free + kl + slack(free + kl))
        fault(check, *row, "kl_loss", shown(loss), "at most " + shown(free + kl));
      else if (loss > least + slack(least))
        ++above;
    }
    if (check.faults == 0) {
      if (check.places > 0)
        check.diagnosis = above == 0
                              ? "equals max(free_bits, mean kl) everywhere: the max is taken after the mean"
                              : "above max(free_bits, mean kl) in " + std::to_string(above) +
                                    " rows: the max is taken before the mean";
      return;
    }
    const auto at = [&](std::size_t i, const char* name) { return value(*rows[i], name); };
    check.diagnosis = other_free_bits(rows);
    if (!check.diagnosis.empty()) return;
    check.diagnosis = diagnosis(
        found, tolerance_, [&](std::size_t i) { return std::optional(max(at(i, "free_bits"), at(i, "kl"))); },
        {{"mean kl itself: nothing is free", [&](std::size_t i) { return std::optional(at(i, "kl")); }},
         {"max(0, mean kl - free_bits): what is free is taken off",
          [&](std::size_t i) { return std::optional(max(Rational(0), at(i, "kl") - at(i, "free_bits"))); }},
         {"min(free_bits, mean kl): min in place of max",
          [&](std::size_t i) { return std::optional(min(at(i, "free_bits"), at(i, "kl"))); }}});
  }

  /// Which numbers of free bits fit every row, if some do: kl_loss - kl <= free <= kl_loss, and at least one
  /// row is clipped.
  std::string other_free_bits(const std::vector<const ScalarLog::Row*>& rows) const {
    std::optional<Rational> least, most;
    for (const ScalarLog::Row* row : rows) {
      const Rational loss = *number(*row, "kl_loss"), rest = loss - *number(*row, "kl");
      if (rest < -slack(loss)) return {};
      least = least ? max(*least, rest) : rest;
      most = most ? min(*most, loss) : loss;
    }
    if (!least || *least > *most || *least <= slack(0)) return {};
    return "fits with between " + shown(*least) + " and " + shown(*most) + " free bits";
  }

  /// The two sides of balanced KL differ in their gradients only.
  void check_balance() {
    if (!has_all({"dyn_loss", "rep_loss"})) return;
    compare(add("balanced KL", "dyn_loss = rep_loss: they differ in where gradients stop, not in value"),
            "rep_loss", rows_with({"dyn_loss", "rep_loss"}),
            [&](const ScalarLog::Row& row) { return *number(row, "dyn_loss"); }, {});
  }

  /// 0 <= Ent <= groups log(codes), where they are known.
  void check_entropies() {
    for (const char* name : {"posterior_entropy", "prior_entropy"}) {
      if (!has(name)) continue;
      const bool bounded = has("codes");
      TableCheck& check = add(std::string("range of ") + name,
                              bounded ? "between 0 and groups log(codes)" : "at least 0: codes are finite");
      for (const ScalarLog::Row* row : rows_with({name})) {
        ++check.places;
        const Rational found = *number(*row, name);
        if (found < -slack(0)) {
          fault(check, *row, name, shown(found), "at least 0");
          continue;
        }
        if (!bounded) continue;
        const Rational groups = has("groups") ? number(*row, "groups").value_or(Rational(1)) : Rational(1);
        const std::optional<Rational> codes = number(*row, "codes");
        if (!codes || *codes < Rational(1)) continue;
        const LogForm most = groups * LogForm::log(*codes);
        if (!(LogForm(found - slack(found)) <= most))
          fault(check, *row, name, shown(found),
                "at most " + std::to_string(most.approximate()) + " = groups log(codes)");
      }
    }
  }

  void check_cross_entropy() {
    if (!has("cross_entropy")) return;
    if (!ready("divergence of entropies", {"kl", "cross_entropy", "posterior_entropy"})) return;
    const auto part = [&](const char* name) {
      return [this, name](const ScalarLog::Row& row) { return *number(row, name); };
    };
    compare(add("divergence of entropies", "kl = cross_entropy - posterior_entropy"), "kl",
            rows_with({"kl", "cross_entropy", "posterior_entropy"}),
            [&](const ScalarLog::Row& row) {
              return *number(row, "cross_entropy") - *number(row, "posterior_entropy");
            },
            {{"cross_entropy itself: the entropy is left out", part("cross_entropy")}});
  }

  void check_evidence_sum() {
    if (!has("reconstruction") || !has("elbo")) return;
    if (!ready("evidence bound as a sum", {"reconstruction", "kl", "elbo"})) return;
    const auto less = [&](const char* loss, const Rational& sign) {
      return [this, loss, sign](const ScalarLog::Row& row) {
        return *number(row, "reconstruction") + sign * number(row, loss).value_or(Rational(0));
      };
    };
    std::vector<std::pair<std::string, std::function<Rational(const ScalarLog::Row&)>>> nearby = {
        {"reconstruction + kl: the sign of kl", less("kl", 1)},
        {"reconstruction alone: kl is left out", less("kl", 0)}};
    if (has("kl_loss"))
      nearby.push_back({"reconstruction - kl_loss: free bits are in the bound", less("kl_loss", -1)});
    compare(add("evidence bound as a sum", "elbo = reconstruction - kl, of means over steps"), "elbo",
            rows_with({"reconstruction", "kl", "elbo"}), less("kl", -1), nearby);
  }

  void check_evidence_bound() {
    if (!has_all({"elbo", "log_likelihood"})) return;
    TableCheck& check = add("evidence bound below likelihood", "elbo <= log_likelihood");
    for (const ScalarLog::Row* row : rows_with({"elbo", "log_likelihood"})) {
      ++check.places;
      const Rational bound = *number(*row, "elbo"), most = *number(*row, "log_likelihood");
      if (bound > most + slack(most)) fault(check, *row, "elbo", shown(bound), "at most " + shown(most));
    }
  }

  // ------------------------------------------------------------------------------ the total loss

  std::vector<std::string> parts() const {
    for (const std::string& key : options_.parts) require_key("--parts " + key, key);
    for (const std::string& key : options_.parts)
      if (key == named_.at("total"))
        throw InvalidInput("--parts " + key + ": is the total itself; leave it out of its parts");
    if (!options_.parts.empty()) return options_.parts;
    const std::string& total = named_.at("total");
    const std::string where = first_parts(total);
    std::vector<std::string> found;
    for (const std::string& key : keys_) {
      if (key == total || is_a_total(key)) continue;
      const std::string last = last_part(key), before = first_parts(key);
      const bool beside = before == where && (last.ends_with("_loss") || last.starts_with("loss_"));
      const bool within = before == total || before == (where.empty() ? "" : where + "/") + "losses";
      if (beside || within) found.push_back(key);
    }
    return found;
  }
  static bool is_a_total(const std::string& key) {
    const auto& list = spellings.at("total");
    return std::ranges::find(list, last_part(key)) != list.end();
  }

  /// total = sum of weights times parts: the weights by least squares, exactly, then rounded to what people
  /// write.
  void check_total() {
    if (!named_.contains("total")) return;
    const std::vector<std::string> keys = parts();
    const std::string law = "total as a weighted sum";
    if (keys.empty())
      return report_.unchecked.push_back({law, "parts: keys such as kl_loss beside it, or --parts"});
    std::vector<const ScalarLog::Row*> rows;
    for (const ScalarLog::Row& row : log_.rows)
      if (number(row, "total") &&
          std::ranges::all_of(keys, [&](const std::string& key) { return of_key(row, key).has_value(); }))
        rows.push_back(&row);
    if (rows.size() <= keys.size())
      return report_.unchecked.push_back(
          {law, "more than " + std::to_string(keys.size()) + " rows with all parts"});
    const std::optional<std::vector<Rational>> solved = least_squares(rows, keys);
    if (!solved) return report_.unchecked.push_back({law, "parts that move independently of each other"});
    std::vector<Rational> weights = *solved;
    for (Rational& weight : weights) {
      constexpr std::uint64_t simple = 100;
      const Rational near = nearest_fraction(weight, simple), close = Rational::ratio(1, 1000);
      if (abs(near - weight) <= close) weight = near;
    }
    if (!fits(rows, keys, weights)) weights = *solved;
    std::string sum;
    for (std::size_t i = 0; i < keys.size(); ++i)
      sum += (sum.empty() ? "" : " + ") +
             (weights[i] == Rational(1) ? "" : constant_text(weights[i], tolerance_) + " ") + keys[i];
    TableCheck& check =
        add(law, named_.at("total") + " is a sum of its parts with the same weights in every row");
    for (const ScalarLog::Row* row : rows) {
      ++check.places;
      const Rational expected = weighted(*row, keys, weights), found = *number(*row, "total");
      if (abs(found - expected) > slack(size_of(*row, keys, weights)))
        fault(check, *row, "total", shown(found), about(expected));
    }
    check.diagnosis = check.faults == 0 ? "= " + sum : "nearest: " + sum + "; is a part missing?";
    for (const std::string& key : keys) used_.insert(key);
    for (std::size_t i = 0; i < keys.size(); ++i)
      report_.figures.push_back({"weight of " + keys[i] + " in " + named_.at("total"), weights[i].to_string(),
                                 weights[i].approximate()});
  }

  static Rational weighted(const ScalarLog::Row& row, const std::vector<std::string>& keys,
                           const std::vector<Rational>& weights) {
    Rational sum;
    for (std::size_t i = 0; i < keys.size(); ++i) sum += weights[i] * *of_key(row, keys[i]);
    return sum;
  }
  static Rational size_of(const ScalarLog::Row& row, const std::vector<std::string>& keys,
                          const std::vector<Rational>& weights) {
    Rational sum;
    for (std::size_t i = 0; i < keys.size(); ++i) sum += abs(weights[i] * *of_key(row, keys[i]));
    return sum;
  }
  bool fits(const std::vector<const ScalarLog::Row*>& rows, const std::vector<std::string>& keys,
            const std::vector<Rational>& weights) const {
    return std::ranges::all_of(rows, [&](const ScalarLog::Row* row) {
      return abs(*number(*row, "total") - weighted(*row, keys, weights)) <=
             slack(size_of(*row, keys, weights));
    });
  }
  /// By the normal equations, over at most 1000 rows, evenly taken.
  std::optional<std::vector<Rational>> least_squares(const std::vector<const ScalarLog::Row*>& rows,
                                                     const std::vector<std::string>& keys) const {
    constexpr std::size_t most_rows = 1000;
    LinearSystem system;
    system.rows.resize(keys.size());
    std::vector<std::vector<Rational>> products(keys.size(), std::vector<Rational>(keys.size()));
    const std::size_t stride = (rows.size() + most_rows - 1) / most_rows;
    for (std::size_t r = 0; r < rows.size(); r += stride)
      for (std::size_t i = 0; i < keys.size(); ++i) {
        const Rational part = *of_key(*rows[r], keys[i]);
        for (std::size_t j = 0; j < keys.size(); ++j) products[i][j] += part * *of_key(*rows[r], keys[j]);
        system.rows[i].right += part * *number(*rows[r], "total");
      }
    for (std::uint32_t i = 0; i < keys.size(); ++i)
      for (std::uint32_t j = 0; j < keys.size(); ++j) system.rows[i].entries.emplace_back(j, products[i][j]);
    return solution(system);
  }

  const ScalarLog& log_;
  const ScalarOptions& options_;
  const Rational& tolerance_;
  std::set<std::string> keys_, used_;
  std::map<std::string, std::string> named_;  ///< quantity -> key
  TableReport report_;
};

}  // namespace

TableReport check_scalars(const ScalarLog& log, const ScalarOptions& options, const Rational& tolerance) {
  return ScalarChecks(log, options, tolerance).run();
}

}  // namespace lemmacheck
