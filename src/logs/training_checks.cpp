// What a training run logs step by step, whatever its network: divergences, evidence bound, imagined returns.
#include <algorithm>

#include "logs/check_book.hpp"
#include "logs/table_model.hpp"
#include "numeric/real_interval.hpp"

namespace lemmacheck {
namespace {

constexpr unsigned first_bits = 64, last_bits = 1024;

bool begins_as(const std::vector<std::size_t>& shape, const std::vector<std::size_t>& longer) {
  return shape.size() <= longer.size() && std::equal(shape.begin(), shape.end(), longer.begin());
}

/// KL of the rows that belong to one logged number: those at begin .. end.
struct Divergence {
  const NumberArray &q, &p;
  std::size_t begin, end;

  bool infinite() const {
    for (std::size_t i = begin; i < end; ++i)
      if (q.values[i].sign() != 0 && p.values[i].sign() == 0) return true;
    return false;
  }
  RealInterval enclose(unsigned bits) const {
    RealInterval sum(Rational(0), bits);
    for (std::size_t i = begin; i < end; ++i) {
      if (q.values[i].sign() == 0) continue;
      const RealInterval chance(q.values[i], bits);
      sum = std::move(sum) + chance * log(chance / RealInterval(p.values[i], bits));
    }
    return sum;
  }
  /// Whether |found - KL| <= room, by ever tighter enclosures.
  Truth is_near(const Rational& found, const Rational& room) const {
    for (unsigned bits = first_bits; bits <= last_bits; bits *= 2) {
      const RealInterval left = RealInterval(room, bits) - abs(RealInterval(found, bits) - enclose(bits));
      if (!left.defined()) continue;
      if (left.lower_sign() >= 0) return Truth::yes;
      if (left.upper_sign() < 0) return Truth::no;
    }
    return Truth::unknown;
  }
  std::string text() const {
    if (infinite()) return "infinity";
    const auto lower = enclose(first_bits).lower();
    return lower ? about(*lower) : "a finite number";
  }
};

void check_divergences(CheckBook& book) {
  if (!book.ready("divergence", {"posterior", "prior", "kl"})) return;
  const NumberArray &q = book.tables().at("posterior"), &p = book.tables().at("prior"),
                    &kl = book.tables().at("kl");
  require_shape(book.tables(), "prior", q.shape, "the posterior's");
  if (kl.axes() >= q.axes() || !begins_as(kl.shape, q.shape))
    book.tables().fail(
        "kl",
        "has a shape that does not begin as the posterior's does; one number is needed for all "
        "the rows that it sums over, such as [N, T] for [N, T, G, K]");
  if (!book.clean({"rows of posterior", "rows of prior"}))
    return book.not_made("divergence", "rows of posterior and prior that are distributions");
  TableCheck& check = book.add(
      "divergence", "kl is KL(posterior || prior), 0 log 0 = 0, infinite where the prior excludes a code");
  check.places = kl.values.size();
  const std::size_t width = kl.values.empty() ? 0 : q.values.size() / kl.values.size();
  for (std::size_t i = 0; i < kl.values.size(); ++i) {
    const Divergence divergence{q, p, i * width, (i + 1) * width};
    const Logged found = book.number("kl", i);
    if (divergence.infinite() || found.infinite != 0) {
      if (!divergence.infinite() || found.infinite <= 0) book.fault(check, "kl", i, divergence.text());
      continue;
    }
    const Truth near = divergence.is_near(found.value, book.slack(abs(found.value)));
    if (near == Truth::unknown) ++check.unclear;
    if (near == Truth::no) book.fault(check, "kl", i, divergence.text());
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

void check_free_bits(CheckBook& book) {
  if (!book.ready("free bits", {"kl", "kl_loss", "free_bits"})) return;
  require_shape(book.tables(), "kl_loss", book.shape("kl"), "the shape of kl");
  const Rational free = book.scalar("free_bits", 0);
  TableCheck& check = book.add("free bits", "kl_loss = max(free_bits, kl)");
  for (std::size_t i = 0; i < book.tables().at("kl").values.size(); ++i) {
    const Logged kl = book.number("kl", i), found = book.number("kl_loss", i);
    const Rational expected = max(free, kl.value);
    if (kl.infinite == 0 && found.infinite == 0) {
      book.compare(check, "kl_loss", i, expected, book.room(abs(expected), {"kl", "kl_loss", "free_bits"}));
      continue;
    }
    ++check.places;
    if (kl.infinite != found.infinite)
      book.fault(check, "kl_loss", i, kl.infinite != 0 ? "infinity" : with_decimal(expected));
  }
}

void check_evidence_sum(CheckBook& book) {
  if (!book.ready("evidence bound as a sum", {"reconstruction", "kl", "elbo"})) return;
  require_shape(book.tables(), "kl", book.shape("reconstruction"), "the shape of reconstruction");
  if (!begins_as(book.shape("elbo"), book.shape("reconstruction")))
    book.tables().fail("elbo",
                       "has a shape that does not begin as reconstruction's does, such as [N] for [N, T]");
  TableCheck& check = book.add("evidence bound as a sum", "elbo = sum over steps of reconstruction - kl");
  const std::size_t episodes = book.tables().at("elbo").values.size();
  const std::size_t width = episodes == 0 ? 0 : book.tables().at("reconstruction").values.size() / episodes;
  for (std::size_t i = 0; i < episodes; ++i) {
    Rational sum, size;
    bool infinite = false;
    for (std::size_t k = i * width; k < (i + 1) * width; ++k) {
      const Logged gain = book.number("reconstruction", k), loss = book.number("kl", k);
      infinite = infinite || gain.infinite != 0 || loss.infinite != 0;
      sum += gain.value - loss.value;
      size += abs(gain.value) + abs(loss.value);
    }
    const Logged found = book.number("elbo", i);
    if (!infinite && found.infinite == 0) {
      book.compare(check, "elbo", i, sum, book.room(size, {"reconstruction", "kl", "elbo"}));
      continue;
    }
    ++check.places;
    if (!infinite || found.infinite >= 0)
      book.fault(check, "elbo", i, infinite ? "-infinity" : with_decimal(sum));
  }
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

/// Each logged return against the next one, so that the first fault is where it arises.
void check_imagined_returns(CheckBook& book) {
  if (!book.ready("imagined returns", {"imagined_returns", "imagined_rewards", "imagined_continues"})) return;
  const LoggedTables& in = book.tables();
  const std::vector<std::size_t>& shape = book.shape("imagined_returns");
  if (shape.size() != 2 || shape[1] == 0)
    in.fail("imagined_returns", "must have the shape [M, T]: M roll-outs of T >= 1 steps");
  const std::size_t m = shape[0], t = shape[1];
  require_shape(in, "imagined_rewards", shape, "[M, T] beside imagined_returns");
  require_shape(in, "imagined_continues", shape, "[M, T] beside imagined_returns");
  const bool valued = book.has({"imagined_values"});
  if (valued) require_shape(in, "imagined_values", {m, t + 1}, "[M, T + 1] beside imagined_returns");
  const Rational lambda = book.scalar("lambda", 1), discount = book.discount();
  if (!valued && lambda != Rational(1))
    return book.not_made("imagined returns", "imagined_values, since lambda is not 1");
  TableCheck& check = book.add(
      "imagined returns", "G[t] = r[t] + discount c[t] ((1 - lambda) v[t+1] + lambda G[t+1]), G[T] = v[T]");
  for (std::size_t at = 0; at < m * t; ++at) {
    const std::size_t roll = at / t, k = at % t;
    const Rational value = valued ? book.value("imagined_values", roll * (t + 1) + k + 1) : Rational(0),
                   later = k + 1 < t ? book.value("imagined_returns", at + 1) : value,
                   tail = book.value("imagined_continues", at) * discount *
                          ((Rational(1) - lambda) * value + lambda * later);
    const Rational& reward = book.value("imagined_rewards", at);
    book.compare(
        check, "imagined_returns", at, reward + tail,
        book.room(abs(reward) + abs(tail), {"imagined_returns", "imagined_rewards", "imagined_continues",
                                            "imagined_values", "lambda", "discount"}));
  }
}

}  // namespace

void check_training_log(CheckBook& book) {
  if (book.has({"posterior"}) || book.has({"prior"}))
    check_divergences(book);
  else if (book.has({"kl"}))
    check_sign_of_kl(book);
  if (book.has({"kl_loss"}) || book.has({"free_bits"})) check_free_bits(book);
  if (book.has({"reconstruction"})) check_evidence_sum(book);
  const bool finite = book.has({"sequence"});  // then the likelihood is known exactly
  if (!finite && book.has({"elbo", "log_likelihood"})) check_logged_bound(book);
  if (book.has({"imagined_prior"})) check_imagined_codes(book);
  if (book.has({"imagined_returns"})) check_imagined_returns(book);
}

}  // namespace lemmacheck
