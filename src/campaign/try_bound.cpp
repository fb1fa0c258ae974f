#include "campaign/try_bound.hpp"

#include <algorithm>
#include <array>
#include "campaign/simple_rows.hpp"

#include "adversary/extremal_families.hpp"
#include "campaign/check.hpp"
#include "campaign/shrink.hpp"
#include "mdp/simulation_bound.hpp"

namespace lemmacheck {
namespace {

constexpr Step longest_dense_horizon = 12;
constexpr std::array<Step, 6> sparse_horizons = {13, 16, 25, 50, 100, 200};

/// Where the horizon is long, few, and some that are small beside its inverse.
const std::vector<Rational>& sparse_distances() {
  static const std::vector<Rational> list = {1, Rational::ratio(1, 2), Rational::ratio(1, 10),
                                             Rational::ratio(1, 100), Rational::ratio(1, 1000)};
  return list;
}

/// The simplest first: by denominator, then by size.
const std::vector<Rational>& distances() {
  static const std::vector<Rational> list = [] {
    std::vector<Rational> found = {1};
    found.insert(found.end(), simple_fractions().begin(), simple_fractions().end());
    for (const std::uint64_t q : {20, 50, 100, 1000, 1'000'000}) found.push_back(Rational::ratio(1, q));
    found.push_back(Rational::ratio(99, 100));
    found.push_back(0);
    return found;
  }();
  return list;
}

bool in_table(const TriedBound::Cell& cell) {
  if (cell.step > 1) return false;
  static const std::vector<Rational> shown = {Rational::ratio(1, 100), Rational::ratio(1, 10),
                                              Rational::ratio(1, 4), Rational::ratio(1, 2), 1};
  return cell.horizon <= 8 && cell.horizon >= 2 && std::ranges::find(shown, cell.delta) != shown.end();
}

Instance extremal(Quantity quantity, const TriedBound::Cell& cell) {
  const Instance plain = quantity == Quantity::certainty_equivalence
                             ? certainty_equivalence_fork(cell.delta, cell.horizon)
                             : leak_chain(cell.delta, cell.horizon);
  return rescaled(padded(plain, cell.states, cell.actions), cell.lowest_reward, cell.highest_reward);
}

Rational supremum(Quantity quantity, const TriedBound::Cell& cell) {
  const Rational sharp = sharp_simulation_bound(cell.delta, cell.horizon - cell.step);
  const Rational unit =
      quantity == Quantity::certainty_equivalence ? min(Rational(cell.horizon), Rational(2) * sharp) : sharp;
  return (cell.highest_reward - cell.lowest_reward) * unit;
}

class Trial {
 public:
  Trial(const std::string& text, Quantity quantity, const Run& run)
      : expression_(BoundExpression::parse(text, bound_variables(quantity))),
        claim_(bound_claim(text, quantity)),
        run_(run) {
    found_.expression = text;
    found_.quantity = quantity;
  }

  /// Compares at a point that a user names. @throws InvalidInput where no supremum is known.
  void ask(Step horizon, const Rational& delta) {
    if (!has_closed_form(found_.quantity))
      throw InvalidInput(std::string("no supremum is known for ") + to_string(found_.quantity) +
                         "; leave the horizon and the distance out");
    if (found_.quantity == Quantity::induction_hypothesis && horizon < 2)
      throw InvalidInput("the induction hypothesis has no step at H = 1; take a longer horizon");
    const auto [states, actions] = sizes().front();
    const auto [lowest, highest] = reward_ranges().front();
    asking_ = true;
    compare({horizon, steps(horizon).front(), delta, lowest, highest, states, actions, 0, {}, {}});
    asking_ = false;
  }

  TriedBound run() {
    if (has_closed_form(found_.quantity)) {
      for (Step horizon = 1; horizon <= longest_dense_horizon; ++horizon) compare_all(horizon, distances());
      for (const Step horizon : sparse_horizons) compare_all(horizon, sparse_distances());
    }
    if (!found_.certificate) search();
    if (!found_.certificate) measure_slack();
    const bool nothing_compared =
        found_.points > 0 ? found_.points == found_.undefined_points : found_.instances == 0;
    if (found_.certificate)
      found_.verdict = Verdict::violated;
    else if (found_.undecided_points > 0 || nothing_compared)
      found_.verdict = Verdict::undecided;
    else
      found_.verdict = Verdict::holds;
    return std::move(found_);
  }

 private:
  bool speaks_of(const char* name) const { return expression_.variables().count(name) != 0; }

  std::vector<std::pair<Rational, Rational>> reward_ranges() const {
    if (!speaks_of("rmin") && !speaks_of("rmax")) return {{0, 1}};
    return {{0, 1}, {-1, 1}, {0, 3}, {2, 3}, {0, Rational::ratio(1, 2)}};
  }

  /// The extremal family with as many states and actions as it needs, and more where the bound speaks of
  /// them.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sizes() const {
    const bool fork = found_.quantity == Quantity::certainty_equivalence;
    const std::uint32_t states = fork ? 5 : 2, actions = fork ? 2 : 1;
    if (!speaks_of("S") && !speaks_of("A")) return {{states, actions}};
    return {{states, actions}, {states + 1, actions}, {states, actions + 1}, {states + 5, actions + 3}};
  }

  void compare_all(Step horizon, const std::vector<Rational>& at) {
    for (const Rational& delta : at)
      for (const auto& [lowest, highest] : reward_ranges())
        for (const auto& [states, actions] : sizes())
          for (const Step step : steps(horizon))
            if (!found_.certificate)
              compare({horizon, step, delta, lowest, highest, states, actions, 0, {}, {}});
  }

  /// Of long horizons only some.
  std::vector<Step> steps(Step horizon) const {
    if (found_.quantity != Quantity::induction_hypothesis) return {0};
    if (horizon > longest_dense_horizon) return {1, horizon / 2, horizon - 1};
    std::vector<Step> all;
    for (Step h = 1; h < horizon; ++h) all.push_back(h);
    return all;
  }

  void compare(TriedBound::Cell cell) {
    ++found_.points;
    cell.supremum = supremum(found_.quantity, cell);
    const BoundExpression::Variables variables = {
        {"H", Rational(cell.horizon)}, {"eps", Rational(2) * cell.delta}, {"delta", cell.delta},
        {"S", Rational(cell.states)},  {"A", Rational(cell.actions)},     {"rmin", cell.lowest_reward},
        {"rmax", cell.highest_reward}, {"h", Rational(cell.step)}};
    cell.bound = expression_.value(variables);
    const auto [truth, undefined] = expression_.compare(cell.supremum, variables);
    if (truth == Truth::no) certify_violation(cell);
    if (truth == Truth::unknown) ++(undefined ? found_.undefined_points : found_.undecided_points);
    if (truth == Truth::yes && cell.bound) note_ratio(cell);
    if (asking_)
      found_.asked = cell;
    else if (in_table(cell))
      found_.table.push_back(std::move(cell));
  }

  void note_ratio(TriedBound::Cell& cell) {
    if (cell.bound->lower.sign() <= 0) return;
    cell.ratio = cell.supremum / cell.bound->upper;
    if (cell.supremum.sign() == 0) return;
    if (!found_.tightest || *cell.ratio > *found_.tightest->ratio) found_.tightest = cell;
    if (!found_.loosest || *cell.ratio < *found_.loosest->ratio) found_.loosest = cell;
  }

  void certify_violation(const TriedBound::Cell& cell) {
    const Certificate certificate = certify(claim_, extremal(found_.quantity, cell), std::nullopt);
    if (certificate.kind != CertificateKind::refutation) {
      ++found_.undecided_points;  // closer than the certificate's precision
      return;
    }
    found_.certificate = shrink(certificate, claim_);
    found_.decided_by = "extremal family";
  }

  void search() {
    const Finding finding = check_claim(claim_, Setting{}, run_);
    found_.instances = finding.summary.instances;
    found_.decided_by = has_closed_form(found_.quantity) ? "closed form and search" : "search";
    found_.largest_ratio = finding.max_tightness;
    if (finding.verdict != Verdict::violated) return;
    found_.certificate = finding.certificate;
    found_.decided_by = "search";
  }

  /// How far the right side is above the left one on drawn instances.
  void measure_slack() {
    constexpr std::uint64_t most = 200;
    Rational sum;
    std::uint64_t count = 0;
    for (std::uint64_t i = 0; i < std::min(run_.instances, most); ++i) {
      const Instance instance = draw_instance(claim_.domain, Setting{}, run_.seed, i);
      Points<Rational> points(Relation::at_most);
      claim_.formula.exact(View<Rational>(instance), points);
      if (points.assumption() != Truth::yes) continue;
      for (const auto& entry : points.entries()) {
        sum += entry.sides.rhs - entry.sides.lhs;
        ++count;
      }
    }
    if (count > 0) found_.mean_slack = sum / Rational(count);
  }

  BoundExpression expression_;
  Claim claim_;
  const Run& run_;
  TriedBound found_;
  bool asking_ = false;
};

}  // namespace

bool has_closed_form(Quantity quantity) {
  return quantity != Quantity::double_simulation;
}

std::optional<Rational> TriedBound::mean_tightness() const {
  if (verdict != Verdict::holds) return std::nullopt;
  Rational sum;
  std::uint64_t count = 0;
  for (const Cell& cell : table)
    if (cell.ratio) {
      sum += *cell.ratio;
      ++count;
    }
  return count == 0 ? std::nullopt : std::optional(sum / Rational(count));
}

TriedBound try_bound(const std::string& expression, Quantity quantity, const Run& run,
                     const std::optional<std::pair<Step, Rational>>& at) {
  Trial trial(expression, quantity, run);
  if (at) trial.ask(at->first, at->second);
  return trial.run();
}

bool tighter(const TriedBound& a, const TriedBound& b) {
  const auto place = [](const TriedBound& bound) {
    return std::pair(-bound.mean_tightness().value_or(Rational(0)), bound.mean_slack.value_or(Rational(0)));
  };
  return place(a) < place(b);
}

void rank(std::vector<TriedBound>& bounds) {
  const auto group = [](const TriedBound& bound) {
    return bound.verdict == Verdict::holds ? 0 : bound.verdict == Verdict::undecided ? 1 : 2;
  };
  std::ranges::stable_sort(bounds, [&](const TriedBound& a, const TriedBound& b) {
    return group(a) != group(b) ? group(a) < group(b) : tighter(a, b);
  });
}

}  // namespace lemmacheck
