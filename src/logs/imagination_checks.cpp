// Imagined roll-outs: codes, lambda-returns, the weights of steps, advantages.
#include "logs/check_book.hpp"
#include "logs/diagnosis.hpp"
#include "logs/table_model.hpp"

namespace lemmacheck {
namespace {

void check_imagined_codes(CheckBook& book) {
  if (!book.ready("imagined codes have a chance", {"imagined_prior", "imagined_codes"})) return;
  const std::vector<std::size_t>& shape = book.shape("imagined_prior");
  require_shape(book.tables(), "imagined_codes", {shape.begin(), shape.end() - 1},
                "a code for each row of imagined_prior");
  const std::size_t columns = shape.back();
  const auto z = whole_numbers(book.tables(), "imagined_codes", static_cast<std::uint32_t>(columns));
  TableCheck& check = book.add("imagined codes have a chance", "the prior of each step allows the code");
  check.places = z.size();
  for (std::size_t i = 0; i < z.size(); ++i)
    if (book.value("imagined_prior", i * columns + static_cast<std::size_t>(z[i])).sign() <= 0)
      book.fault(check, "imagined_codes", i, "a code with a positive prior");
}

/// M roll-outs of T steps, and what is logged of them. Steps count from 0.
class RollOuts {
 public:
  RollOuts(const CheckBook& book, const std::string& table) : book_(book) {
    const std::vector<std::size_t>& shape = book.shape(table);
    if (shape.size() != 2 || shape[1] == 0)
      book.tables().fail(table, "must have the shape [M, T]: M roll-outs of T >= 1 steps");
    steps_ = shape[1];
    count_ = shape[0] * shape[1];
    for (const char* other : {"imagined_rewards", "imagined_continues", "imagined_returns"})
      if (book.has({other})) require_shape(book.tables(), other, shape, "[M, T] beside " + table);
    valued_ = book.has({"imagined_values"});
    if (valued_)
      require_shape(book.tables(), "imagined_values", {shape[0], steps_ + 1}, "[M, T + 1] beside " + table);
  }

  std::size_t count() const { return count_; }
  std::size_t step(std::size_t at) const { return at % steps_; }
  bool last(std::size_t at) const { return step(at) + 1 == steps_; }
  bool valued() const { return valued_; }
  /// A number `by` steps later, nothing beyond the ends.
  std::optional<Rational> number(const char* table, std::size_t at, int by = 0) const {
    const auto k = static_cast<std::ptrdiff_t>(step(at)) + by;
    if (k < 0 || k >= static_cast<std::ptrdiff_t>(steps_)) return std::nullopt;
    return book_.value(table, static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + by));
  }
  /// v[t + by] of values, of which there is one more.
  Rational value(std::size_t at, std::size_t by) const {
    return valued_ ? book_.value("imagined_values", at / steps_ * (steps_ + 1) + step(at) + by) : Rational(0);
  }

 private:
  const CheckBook& book_;
  std::size_t steps_ = 0, count_ = 0;
  bool valued_ = false;
};

/// One way to make a return of the next one that was logged.
struct ReturnForm {
  int reward = 0, chance = 0;  ///< steps later
  std::size_t value = 1;       ///< v[t + value] beside the next return
  bool swapped = false;        ///< lambda in the place of 1 - lambda
  bool chances = true, discounts = true, bootstraps = true;
};

std::optional<Rational> made_return(const RollOuts& rolls, std::size_t at, const ReturnForm& form,
                                    const Rational& lambda, const Rational& discount) {
  const auto reward = rolls.number("imagined_rewards", at, form.reward),
             chance = rolls.number("imagined_continues", at, form.chance);
  if (!reward || !chance) return std::nullopt;
  const Rational weight = form.swapped ? Rational(1) - lambda : lambda;
  const Rational later = !rolls.last(at)   ? *rolls.number("imagined_returns", at, 1)
                         : form.bootstraps ? rolls.value(at, 1)
                                           : Rational(0);
  const Rational value = rolls.last(at) && !form.bootstraps ? Rational(0) : rolls.value(at, form.value);
  return *reward + (form.chances ? *chance : Rational(1)) * (form.discounts ? discount : Rational(1)) *
                       ((Rational(1) - weight) * value + weight * later);
}

std::vector<NearbyLaw> nearby_returns(const RollOuts& rolls, const Rational& lambda,
                                      const Rational& discount) {
  const std::vector<std::pair<std::string, ReturnForm>> forms = {
      {"rewards shifted by one: r[t+1] in the place of r[t]", {.reward = 1}},
      {"rewards shifted by one: r[t-1] in the place of r[t]", {.reward = -1}},
      {"v[t] in the place of v[t+1]", {.value = 0}},
      {"c[t+1] in the place of c[t]", {.chance = 1}},
      {"c[t-1] in the place of c[t]", {.chance = -1}},
      {"lambda and 1 - lambda exchanged", {.swapped = true}},
      {"the chances to go on are left out", {.chances = false}},
      {"the discount is left out: it is in the chances already?", {.discounts = false}},
      {"no value after the last step: G[T] = 0", {.bootstraps = false}}};
  std::vector<NearbyLaw> laws;
  for (const auto& [words, form] : forms)
    laws.push_back({words, [&rolls, &lambda, &discount, form = form](std::size_t at) {
                      return made_return(rolls, at, form, lambda, discount);
                    }});
  return laws;
}

/// Each logged return against the next one, so that the first fault is where it arises.
void check_imagined_returns(CheckBook& book) {
  if (!book.ready("imagined returns", {"imagined_returns", "imagined_rewards", "imagined_continues"})) return;
  const RollOuts rolls(book, "imagined_returns");
  const Rational lambda = book.scalar("lambda", 1), discount = book.discount();
  if (!rolls.valued() && lambda != Rational(1))
    return book.not_made("imagined returns", "imagined_values, since lambda is not 1");
  TableCheck& check = book.add(
      "imagined returns", "G[t] = r[t] + discount c[t] ((1 - lambda) v[t+1] + lambda G[t+1]), G[T] = v[T]");
  const auto expected = [&](std::size_t at) { return made_return(rolls, at, {}, lambda, discount); };
  for (std::size_t at = 0; at < rolls.count(); ++at) {
    const Rational value = *expected(at), &reward = book.value("imagined_rewards", at);
    book.compare(check, "imagined_returns", at, value,
                 book.room(abs(reward) + abs(value - reward),
                           {"imagined_returns", "imagined_rewards", "imagined_continues", "imagined_values",
                            "lambda", "discount"}));
  }
  if (check.faults > 0)
    check.diagnosis = diagnosis(book, "imagined_returns", expected, nearby_returns(rolls, lambda, discount));
}

/// What a step of imagination counts: the chance, discounted, that it is reached.
void check_imagined_weights(CheckBook& book) {
  if (!book.ready("imagined weights", {"imagined_weights", "imagined_continues"})) return;
  const RollOuts rolls(book, "imagined_weights");
  const Rational discount = book.discount();
  TableCheck& check = book.add("imagined weights", "w[0] = 1, w[t+1] = discount c[t] w[t]");
  /// w[t] from w[t-1] and the chance `by` steps from t, `first` at the start.
  const auto made = [&](int by, bool from_start, bool chances, bool discounts) {
    return [&, by, from_start, chances, discounts](std::size_t at) -> std::optional<Rational> {
      const auto before = rolls.number("imagined_weights", at, -1);
      const auto chance = rolls.number("imagined_continues", at, by);
      if (!before && !from_start) return Rational(1);
      if (!chance) return std::nullopt;
      return before.value_or(Rational(1)) * (chances ? *chance : Rational(1)) *
             (discounts ? discount : Rational(1));
    };
  };
  const auto expected = made(-1, false, true, true);
  for (std::size_t at = 0; at < rolls.count(); ++at) {
    const Rational value = *expected(at);
    book.compare(check, "imagined_weights", at, value,
                 book.room(value, {"imagined_weights", "imagined_continues", "discount"}));
  }
  if (check.faults > 0)
    check.diagnosis = diagnosis(
        book, "imagined_weights", expected,
        {{"w[t] has c[t] in it: one step too many, w[0] = discount c[0]", made(0, true, true, true)},
         {"the chances to go on are left out", made(-1, false, false, true)},
         {"the discount is left out: it is in the chances already?", made(-1, false, true, false)},
         {"all weights are 1", made(-1, false, false, false)}});
}

void check_imagined_advantages(CheckBook& book) {
  if (!book.ready("imagined advantages", {"imagined_advantages", "imagined_returns", "imagined_values"}))
    return;
  const RollOuts rolls(book, "imagined_advantages");
  TableCheck& check = book.add("imagined advantages", "A[t] = G[t] - v[t]");
  const auto less = [&](std::size_t by) {
    return [&, by](std::size_t at) {
      return std::optional(book.value("imagined_returns", at) - rolls.value(at, by));
    };
  };
  for (std::size_t at = 0; at < rolls.count(); ++at) {
    const Rational &gain = book.value("imagined_returns", at), value = rolls.value(at, 0);
    book.compare(
        check, "imagined_advantages", at, gain - value,
        book.room(abs(gain) + abs(value), {"imagined_advantages", "imagined_returns", "imagined_values"}));
  }
  if (check.faults == 0) return;
  const Rational discount = book.discount();
  check.diagnosis = diagnosis(
      book, "imagined_advantages", less(0),
      {{"v[t+1] in the place of v[t]", less(1)},
       {"v[t] - G[t]: the sign", [&](std::size_t at) { return std::optional(-*less(0)(at)); }},
       {"the return itself: no baseline",
        [&](std::size_t at) { return std::optional(book.value("imagined_returns", at)); }},
       {"r[t] + discount c[t] v[t+1] - v[t]: of one step only",
        [&](std::size_t at) -> std::optional<Rational> {
          if (!book.has({"imagined_rewards", "imagined_continues"})) return std::nullopt;
          return book.value("imagined_rewards", at) +
                 discount * book.value("imagined_continues", at) * rolls.value(at, 1) - rolls.value(at, 0);
        }}});
}

}  // namespace

void check_imagination(CheckBook& book) {
  if (book.has({"imagined_prior"})) check_imagined_codes(book);
  if (book.has({"imagined_returns"})) check_imagined_returns(book);
  if (book.has({"imagined_weights"})) check_imagined_weights(book);
  if (book.has({"imagined_advantages"})) check_imagined_advantages(book);
}

}  // namespace lemmacheck
