// What a training run logs step by step, whatever its network: divergences, entropies, free bits, the
// evidence bound.
#include <algorithm>
#include <functional>

#include "logs/check_book.hpp"
#include "logs/diagnosis.hpp"
#include "logs/table_model.hpp"
#include "numeric/real_interval.hpp"

namespace lemmacheck {
namespace {

constexpr unsigned first_bits = 64, last_bits = 1024;

bool begins_as(const std::vector<std::size_t>& shape, const std::vector<std::size_t>& longer) {
  return shape.size() <= longer.size() && std::equal(shape.begin(), shape.end(), longer.begin());
}

/// A sum of q log q - q log p over some rows, as far as each part counts.
struct LogSum {
  const NumberArray &q, &p;
  std::size_t begin, end;
  bool entropy = false;  ///< -q log q alone
  Rational factor = 1;
  bool bits = false;  ///< in bits instead of nats

  bool infinite() const {
    if (entropy) return false;
    for (std::size_t i = begin; i < end; ++i)
      if (q.values[i].sign() != 0 && p.values[i].sign() == 0) return true;
    return false;
  }
  RealInterval enclose(unsigned precision) const {
    RealInterval sum(Rational(0), precision);
    for (std::size_t i = begin; i < end; ++i) {
      if (q.values[i].sign() == 0) continue;
      const RealInterval chance(q.values[i], precision);
      sum = std::move(sum) +
            chance * (entropy ? -log(chance) : log(chance / RealInterval(p.values[i], precision)));
    }
    sum = std::move(sum) * RealInterval(factor, precision);
    return bits ? std::move(sum) / log(RealInterval(Rational(2), precision)) : sum;
  }
  /// Whether |found - sum| <= room, by ever tighter enclosures.
  Truth is_near(const Rational& found, const Rational& room) const {
    for (unsigned precision = first_bits; precision <= last_bits; precision *= 2) {
      const RealInterval left =
          RealInterval(room, precision) - abs(RealInterval(found, precision) - enclose(precision));
      if (!left.defined()) continue;
      if (left.lower_sign() >= 0) return Truth::yes;
      if (left.upper_sign() < 0) return Truth::no;
    }
    return Truth::unknown;
  }
  Rational roughly() const {
    return infinite() ? Rational(0) : enclose(first_bits).lower().value_or(Rational(0));
  }
  std::string text() const { return infinite() ? "infinity" : about(roughly()); }
};

/// The logged sums of a table, one for each run of rows.
using LogSums = std::function<LogSum(std::size_t at)>;

/// Whether all of a table's numbers are these sums.
bool all_near(const CheckBook& book, const std::string& table, const LogSums& sums) {
  const NumberArray& found = book.tables().at(table);
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    const LogSum sum = sums(i);
    if (sum.infinite() || found.infinite.contains(i)) return false;
    if (sum.is_near(found.values[i], book.slack(abs(found.values[i]))) != Truth::yes) return false;
  }
  return !found.values.empty();
}

/// Holds a table against logged sums, and looks for a law nearby where it fails.
void check_log_sums(CheckBook& book, TableCheck& check, const std::string& table, const LogSums& sums,
                    const std::vector<std::pair<std::string, LogSums>>& nearby) {
  const NumberArray& array = book.tables().at(table);
  check.places = array.values.size();
  for (std::size_t i = 0; i < check.places; ++i) {
    const LogSum sum = sums(i);
    const Logged found = book.number(table, i);
    if (sum.infinite() || found.infinite != 0) {
      if (!sum.infinite() || found.infinite <= 0) book.fault(check, table, i, sum.text());
      continue;
    }
    const Truth near = sum.is_near(found.value, book.slack(abs(found.value)));
    if (near == Truth::unknown) ++check.unclear;
    if (near == Truth::no) book.fault(check, table, i, sum.text());
  }
  if (check.faults == 0) return;
  for (const auto& [words, law] : nearby)
    if (all_near(book, table, law)) {
      check.diagnosis = "fits: " + words;
      return;
    }
  // A constant between them shows in enclosures as well: 64 bits are far within any tolerance.
  check.diagnosis =
      diagnosis(book, table, [&](std::size_t i) { return std::optional(sums(i).roughly()); }, {});
}

/// How many rows belong to one number of a table, and how many numbers make a row.
struct Grouping {
  std::size_t width, groups;
};
Grouping grouping_of(const CheckBook& book, const std::string& table, const std::string& rows) {
  const NumberArray &found = book.tables().at(table), &all = book.tables().at(rows);
  if (found.axes() >= all.axes() || !begins_as(found.shape, all.shape))
    book.tables().fail(table, "has a shape that does not begin as the " + rows +
                                  "'s does; one number is needed for all the rows that it sums over, such as "
                                  "[N, T] for [N, T, G, K]");
  const std::size_t width = found.values.empty() ? 0 : all.values.size() / found.values.size();
  return {width, width / all.shape.back()};
}

void check_divergences(CheckBook& book) {
  if (!book.ready("divergence", {"posterior", "prior", "kl"})) return;
  const NumberArray &q = book.tables().at("posterior"), &p = book.tables().at("prior");
  require_shape(book.tables(), "prior", q.shape, "the posterior's");
  const auto [width, groups] = grouping_of(book, "kl", "posterior");
  if (!book.clean({"rows of posterior", "rows of prior"}))
    return book.not_made("divergence", "rows of posterior and prior that are distributions");
  const auto sums = [&q, &p, w = width](std::size_t i) { return LogSum{q, p, i * w, (i + 1) * w}; };
  const auto with = [&](const LogSum& form) -> LogSums {
    return [form, w = width](std::size_t i) {
      LogSum sum = form;
      sum.begin = i * w;
      sum.end = (i + 1) * w;
      return sum;
    };
  };
  std::vector<std::pair<std::string, LogSums>> nearby = {
      {"KL(prior || posterior), the other way round", with(LogSum{p, q, 0, 0})},
      {"KL(posterior || prior) in bits, not in nats", with(LogSum{q, p, 0, 0, false, 1, true})}};
  if (groups > 1)
    nearby.emplace_back(
        "a mean over the " + std::to_string(groups) + " rows of a place, not their sum",
        with(LogSum{q, p, 0, 0, false, Rational::ratio(1, static_cast<std::uint64_t>(groups))}));
  check_log_sums(
      book,
      book.add("divergence",
               "kl is KL(posterior || prior), 0 log 0 = 0, infinite where the prior excludes a code"),
      "kl", sums, nearby);
}

void check_entropies(CheckBook& book) {
  for (const char* rows : {"posterior", "prior"}) {
    const std::string name = std::string(rows) + "_entropy";
    if (!book.has({name.c_str()}) || !book.ready(name, {rows, name.c_str()})) continue;
    if (!book.clean({(std::string("rows of ") + rows).c_str()})) continue;
    const NumberArray& q = book.tables().at(rows);
    const auto [width, groups] = grouping_of(book, name, rows);
    const auto form = [&](const Rational& factor, bool bits) -> LogSums {
      return [&q, factor, bits, w = width](std::size_t i) {
        return LogSum{q, q, i * w, (i + 1) * w, true, factor, bits};
      };
    };
    std::vector<std::pair<std::string, LogSums>> nearby = {
        {"the entropy in bits, not in nats", form(1, true)}};
    if (groups > 1)
      nearby.emplace_back("a mean over the " + std::to_string(groups) + " rows of a place, not their sum",
                          form(Rational::ratio(1, static_cast<std::uint64_t>(groups)), false));
    check_log_sums(book, book.add(name, name + " is Ent(" + rows + "), in nats"), name, form(1, false),
                   nearby);
  }
}

void check_sign_of_kl(CheckBook& book) {
  TableCheck& check = book.add("sign of kl", "no divergence is negative");
  check.places = book.tables().at("kl").values.size();
  for (std::size_t i = 0; i < check.places; ++i) {
    const Logged found = book.number("kl", i);
    if (found.infinite < 0 || found.value < -book.room(0, {"kl"})) book.fault(check, "kl", i, "at least 0");
  }
}

// ------------------------------------------------------------------------------ free bits

/// kl_loss in its forms, from what it is clipped of: `width` divergences for each of its numbers.
struct FreeBits {
  const std::vector<Rational>& kl;
  Rational free;
  std::size_t width;
  Rational share;  ///< of each divergence in a number: 1 of a sum, 1/width of a mean

  Rational clipped_each(std::size_t at) const {
    Rational sum;
    for (std::size_t i = at * width; i < (at + 1) * width; ++i) sum += max(free, kl[i]);
    return share * sum;
  }
  Rational plain(std::size_t at) const {
    Rational sum;
    for (std::size_t i = at * width; i < (at + 1) * width; ++i) sum += kl[i];
    return share * sum;
  }
  Rational clipped_whole(std::size_t at) const { return max(free, plain(at)); }
};

/// max(free_bits, kl) place by place; or, where kl has more axes, a sum or a mean that is clipped before or
/// after it is taken: three forms, of which one must hold everywhere.
void check_free_bits(CheckBook& book) {
  if (!book.ready("free bits", {"kl", "kl_loss", "free_bits"})) return;
  const NumberArray &kl = book.tables().at("kl"), &loss = book.tables().at("kl_loss");
  if (!begins_as(loss.shape, kl.shape))
    book.tables().fail("kl_loss",
                       "has a shape that does not begin as kl's does; it is kl's, or without some of its "
                       "last axes");
  const Rational free = book.scalar("free_bits", 0);
  const std::size_t width = loss.values.empty() ? 1 : kl.values.size() / loss.values.size();
  const bool mean = loss.axes() == 0 && kl.axes() > 0;
  const FreeBits form{kl.values, free, width,
                      mean ? Rational::ratio(1, static_cast<std::uint64_t>(width)) : Rational(1)};
  const std::string whole = mean ? "mean" : "sum";
  TableCheck& check =
      book.add("free bits", width == 1 && !mean
                                ? "kl_loss = max(free_bits, kl)"
                                : "kl_loss is the " + whole + " of max(free_bits, kl), or max(free_bits, " +
                                      whole + " of kl)");
  const auto room = [&](const Rational& size) { return book.room(size, {"kl", "kl_loss", "free_bits"}); };
  const auto all = [&](auto&& expected) {
    for (std::size_t i = 0; i < loss.values.size(); ++i)
      if (abs(loss.values[i] - expected(i)) > room(abs(expected(i)))) return false;
    return true;
  };
  if (width > 1 && kl.infinite.empty() && loss.infinite.empty() &&
      !all([&](std::size_t i) { return form.clipped_each(i); }) &&
      all([&](std::size_t i) { return form.clipped_whole(i); })) {
    check.places = loss.values.size();
    check.diagnosis = "clipped after the " + whole;
    return;
  }
  for (std::size_t i = 0; i < loss.values.size(); ++i) {
    const Logged found = book.number("kl_loss", i);
    int infinite = 0;
    for (std::size_t k = i * width; k < (i + 1) * width; ++k) infinite |= book.number("kl", k).infinite;
    const Rational expected = form.clipped_each(i);
    if (infinite == 0 && found.infinite == 0) {
      book.compare(check, "kl_loss", i, expected, room(abs(expected)));
      continue;
    }
    ++check.places;
    if (infinite != found.infinite)
      book.fault(check, "kl_loss", i, infinite != 0 ? "infinity" : with_decimal(expected));
  }
  if (check.faults == 0) {
    if (width > 1) check.diagnosis = "clipped before the " + whole;
    return;
  }
  if (!kl.infinite.empty()) return;
  Rational overall;
  for (const Rational& value : kl.values) overall += value;
  if (!kl.values.empty()) overall /= Rational(static_cast<std::int64_t>(kl.values.size()));
  check.diagnosis =
      diagnosis(book, "kl_loss", [&](std::size_t i) { return std::optional(form.clipped_each(i)); },
                {{"kl itself: nothing is free", [&](std::size_t i) { return std::optional(form.plain(i)); }},
                 {"max(free_bits, mean of kl): the max after the mean",
                  [&](std::size_t) { return std::optional(max(free, overall)); }},
                 {"max(0, kl - free_bits): what is free is taken off",
                  [&](std::size_t i) {
                    return width == 1 ? std::optional(max(Rational(0), form.plain(i) - free)) : std::nullopt;
                  }},
                 {"min(free_bits, kl): min in place of max",
                  [&](std::size_t i) { return std::optional(min(free, form.plain(i))); }}});
}

// ------------------------------------------------------------------------------ the evidence bound

void check_evidence_sum(CheckBook& book) {
  if (!book.ready("evidence bound as a sum", {"reconstruction", "kl", "elbo"})) return;
  require_shape(book.tables(), "kl", book.shape("reconstruction"), "the shape of reconstruction");
  if (!begins_as(book.shape("elbo"), book.shape("reconstruction")))
    book.tables().fail("elbo",
                       "has a shape that does not begin as reconstruction's does, such as [N] for [N, T]");
  TableCheck& check = book.add("evidence bound as a sum", "elbo = sum over steps of reconstruction - kl");
  const std::size_t episodes = book.tables().at("elbo").values.size();
  const std::size_t width = episodes == 0 ? 0 : book.tables().at("reconstruction").values.size() / episodes;
  const auto sum_of = [&](const std::string& table, std::size_t i) {
    Rational sum;
    for (std::size_t k = i * width; k < (i + 1) * width; ++k) sum += book.value(table, k);
    return sum;
  };
  bool any_infinite = false;
  for (std::size_t i = 0; i < episodes; ++i) {
    Rational sum, size;
    bool infinite = false;
    for (std::size_t k = i * width; k < (i + 1) * width; ++k) {
      const Logged gain = book.number("reconstruction", k), loss = book.number("kl", k);
      infinite = infinite || gain.infinite != 0 || loss.infinite != 0;
      sum += gain.value - loss.value;
      size += abs(gain.value) + abs(loss.value);
    }
    any_infinite = any_infinite || infinite;
    const Logged found = book.number("elbo", i);
    if (!infinite && found.infinite == 0) {
      book.compare(check, "elbo", i, sum, book.room(size, {"reconstruction", "kl", "elbo"}));
      continue;
    }
    ++check.places;
    if (!infinite || found.infinite >= 0)
      book.fault(check, "elbo", i, infinite ? "-infinity" : with_decimal(sum));
  }
  if (check.faults == 0 || any_infinite) return;
  const auto made = [&](const std::string& loss, const Rational& sign) {
    return [&sum_of, loss, sign](std::size_t i) {
      return std::optional(sum_of("reconstruction", i) + sign * sum_of(loss, i));
    };
  };
  std::vector<NearbyLaw> nearby = {{"reconstruction + kl: the sign of kl", made("kl", 1)},
                                   {"reconstruction alone: kl is left out", made("kl", 0)}};
  if (book.has({"kl_loss"}) && book.shape("kl_loss") == book.shape("kl"))
    nearby.push_back({"reconstruction - kl_loss: free bits are in the bound", made("kl_loss", -1)});
  if (width > 1)
    nearby.push_back(
        {"a mean over the " + std::to_string(width) + " steps, not their sum", [&](std::size_t i) {
           return std::optional((sum_of("reconstruction", i) - sum_of("kl", i)) /
                                Rational(static_cast<std::int64_t>(width)));
         }});
  check.diagnosis = diagnosis(book, "elbo", made("kl", -1), nearby);
}

void check_logged_bound(CheckBook& book) {
  require_shape(book.tables(), "log_likelihood", book.shape("elbo"), "the shape of elbo");
  TableCheck& check = book.add("evidence bound below likelihood", "elbo <= log_likelihood");
  check.places = book.tables().at("elbo").values.size();
  for (std::size_t i = 0; i < check.places; ++i) {
    const Logged bound = book.number("elbo", i), most = book.number("log_likelihood", i);
    const Rational room = book.room(abs(most.value), {"elbo", "log_likelihood"});
    const bool fits = bound.infinite != 0 || most.infinite != 0 ? bound.infinite <= most.infinite
                                                                : bound.value <= most.value + room;
    if (!fits)
      book.fault(check, "elbo", i, most.infinite < 0 ? "-infinity" : "at most " + with_decimal(most.value));
  }
}

}  // namespace

void check_training_log(CheckBook& book) {
  if (book.has({"posterior"}) || book.has({"prior"}))
    check_divergences(book);
  else if (book.has({"kl"}))
    check_sign_of_kl(book);
  check_entropies(book);
  if (book.has({"kl_loss"}) || book.has({"free_bits"})) check_free_bits(book);
  if (book.has({"reconstruction"})) check_evidence_sum(book);
  const bool finite = book.has({"sequence"});  // then the likelihood is known exactly
  if (!finite && book.has({"elbo", "log_likelihood"})) check_logged_bound(book);
}

}  // namespace lemmacheck
