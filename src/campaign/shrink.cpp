#include "campaign/shrink.hpp"

#include <algorithm>
#include <set>

#include "campaign/plain_instance.hpp"
#include "campaign/shrink_assignment.hpp"
#include "campaign/simple_rows.hpp"
#include "generate/instance_size.hpp"

namespace lemmacheck {
namespace {

/// Above this many numbers in a kernel an instance is left as it is: each candidate would cost too much.
constexpr std::size_t most_kernel_numbers = 50000;

class Shrinker {
 public:
  Shrinker(Instance instance, const Shows& shows, const InstanceRepair& repair, int budget)
      : best_(std::move(instance)), size_(size_of(best_)), shows_(shows), repair_(repair), budget_(budget) {}

  Instance run() {
    if (best_.model && best_.model->kernel(1).rows() * best_.model->state_count() > most_kernel_numbers)
      return best_;
    while (budget_ > 0 && pass()) {
    }
    return best_;
  }

 private:
  using Edit = std::function<void(PlainInstance&)>;

  /// Applies the edit to the best instance; keeps the result if it is smaller and still shows it.
  bool attempt(const Edit& edit) {
    if (--budget_ < 0) return false;
    PlainInstance plain(best_);
    edit(plain);
    Instance candidate;
    try {
      candidate = plain.build();
      if (repair_) repair_(candidate);
    } catch (const InvalidInput&) {
      return false;  // an edit that leaves a row which is no distribution
    }
    const InstanceSize size = size_of(candidate);
    if (!(size < size_) || !shows_(candidate)) return false;
    best_ = std::move(candidate);
    size_ = size;
    return true;
  }

  /// One round of all edits; true if any helped. Edits that save most come first, and then all is tried
  /// again.
  bool pass() {
    return fewer_states() || shorter_horizon() || fewer_actions() || fewer_kernels() || simpler_models() ||
           simpler_policies() || simpler_numbers();
  }

  bool fewer_states() {
    const std::uint32_t n = best_.model ? best_.model->state_count() : 0;
    for (std::uint32_t gone = n; n > 1 && gone-- > 0;)
      for (std::uint32_t heir = 0; heir < n; ++heir)
        if (heir != gone && attempt([&](PlainInstance& p) { p.merge_state(gone, heir); })) return true;
    return false;
  }

  /// All shorter ones, of a long horizon the first and some beyond.
  static std::vector<Step> shorter_horizons(Step horizon) {
    constexpr Step all_up_to = 32;
    std::vector<Step> list;
    for (Step h = 1; h < std::min(horizon, all_up_to); ++h) list.push_back(h);
    for (const Step h : {horizon / 4, horizon / 2, horizon - horizon / 4, horizon - 1})
      if (h >= all_up_to) list.push_back(h);
    return list;
  }

  /// A shorter horizon, at the end or at the start, alone or with a weaker perturbation: some claims fail at
  /// short horizons only for small ones.
  bool shorter_horizon() {
    for (const Step h : shorter_horizons(best_.horizon))
      for (const bool at_start : {false, true})
        for (const std::int64_t divisor : {1, 2, 4, 8})
          if (attempt([&](PlainInstance& p) {
                cut_horizon(p, h, at_start);
                if (divisor > 1) weaken_perturbation(p, Rational(divisor));
              }))
            return true;
    return false;
  }

  static void cut_horizon(PlainInstance& p, Step horizon, bool at_start) {
    const auto cut = [&](auto& list, std::size_t step_size, Step steps) {
      const auto gone = static_cast<std::size_t>(p.horizon - horizon) * step_size;
      if (at_start && list.size() > gone + step_size)
        list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(gone));
      list.resize(std::min(list.size(), static_cast<std::size_t>(std::max(steps, 1)) * step_size));
    };
    for (PlainTable& policy : p.policies) cut(policy, p.states, horizon);
    for (PlainModel& model : p.models) cut(model.kernels, 1, horizon - 1);
    p.horizon = horizon;
  }

  static void weaken_perturbation(PlainInstance& p, const Rational& divisor) {
    for (std::size_t m = 1; m < p.models.size(); ++m)
      for (std::size_t k = 0; k < p.models[m].kernels.size(); ++k)
        for (std::size_t row = 0; row < p.models[m].kernels[k].size(); ++row)
          for (std::size_t next = 0; next < p.states; ++next) {
            const Rational& base = p.models[0].kernels[k][row][next];
            Rational& moved = p.models[m].kernels[k][row][next];
            moved = base + (moved - base) / divisor;
          }
  }

  bool fewer_actions() {
    const std::uint32_t n = best_.model ? best_.model->action_count() : 0;
    for (std::uint32_t gone = n; n > 1 && gone-- > 0;)
      for (std::uint32_t heir = 0; heir < n; ++heir)
        if (heir != gone && attempt([&](PlainInstance& p) { p.merge_action(gone, heir); })) return true;
    return false;
  }

  bool fewer_kernels() {
    const std::size_t n = best_.model ? best_.model->kernels().size() : 0;
    if (n > 1 && attempt([](PlainInstance& p) {
          for (PlainModel& model : p.models) model.kernels.resize(1);
        }))
      return true;
    for (std::size_t k = 1; k < n; ++k)
      for (std::size_t m = 0; best_.perturbed && m < 2; ++m)  // classes are stationary
        if (attempt([&](PlainInstance& p) { p.models[m].kernels[k] = p.models[m].kernels[0]; })) return true;
    return false;
  }

  bool simpler_models() {
    if (!best_.model) return false;
    const PlainInstance now(best_);
    const std::size_t first = now.has_perturbed ? 2 : 1;
    for (std::size_t m = now.models.size(); m-- > first;)
      if (attempt(
              [&](PlainInstance& p) { p.models.erase(p.models.begin() + static_cast<std::ptrdiff_t>(m)); }))
        return true;
    for (std::uint32_t s = 0; s < now.states; ++s)
      if (attempt([&](PlainInstance& p) {
            for (PlainModel& model : p.models) model.initial = point_row(p.states, s);
          }))
        return true;
    for (std::size_t k = 0; k < now.models[0].kernels.size(); ++k)
      for (std::size_t row = 0; row < now.models[0].kernels[k].size(); ++row)
        if (simpler_row(now, k, row)) return true;
    return simpler_probability_everywhere(now) || simpler_rewards(now);
  }

  /// One probability of the rows over two states, replaced by a simple fraction wherever it stands.
  bool simpler_probability_everywhere(const PlainInstance& now) {
    std::set<Rational> values;
    for (const PlainModel& model : now.models)
      for (const auto& kernel : model.kernels)
        for (const Row& row : kernel)
          for (const Rational& p : row)
            if (p.sign() != 0 && p < Rational(1)) values.insert(p);
    for (const Rational& value : values)
      for (const Rational& fraction : simple_fractions())
        if (value != fraction && attempt([&](PlainInstance& p) { replace_probability(p, value, fraction); }))
          return true;
    return false;
  }

  static void replace_probability(PlainInstance& p, const Rational& value, const Rational& fraction) {
    for (PlainModel& model : p.models)
      for (auto& kernel : model.kernels)
        for (Row& row : kernel)
          for (Rational& q : row) {
            if (q == value)
              q = fraction;
            else if (q == Rational(1) - value)
              q = Rational(1) - fraction;
          }
  }

  /// Both models' rows at once, then each alone.
  bool simpler_row(const PlainInstance& now, std::size_t k, std::size_t row) {
    const std::size_t models = now.models.size();
    const auto at = [&](PlainInstance& p, std::size_t m) -> Row& { return p.models[m].kernels[k][row]; };
    for (std::size_t next = 0; next < now.states; ++next) {
      const Row point = point_row(now.states, next);
      if (attempt([&](PlainInstance& p) {
            for (std::size_t m = 0; m < models; ++m) at(p, m) = point;
          }))
        return true;
      for (std::size_t m = 0; models > 1 && m < models; ++m)
        if (attempt([&](PlainInstance& p) { at(p, m) = point; })) return true;
    }
    if (models > 1) {
      for (std::size_t m = 1; m < models; ++m) {
        if (attempt([&](PlainInstance& p) { at(p, m) = at(p, 0); })) return true;
        if (attempt([&](PlainInstance& p) { at(p, 0) = at(p, m); })) return true;
      }
    }
    for (std::size_t m = 0; m < models; ++m)
      if (simpler_fractions(now, k, row, m)) return true;
    return false;
  }

  /// A row over two states with a simple fraction.
  bool simpler_fractions(const PlainInstance& now, std::size_t k, std::size_t row, std::size_t m) {
    const Row& current = now.models[m].kernels[k][row];
    std::vector<std::size_t> support;
    for (std::size_t next = 0; next < current.size(); ++next)
      if (current[next].sign() != 0) support.push_back(next);
    if (support.size() < 2) return false;
    for (const Rational& fraction : simple_fractions()) {
      for (const std::size_t i : support) {
        for (const std::size_t j : support) {
          if (i == j) continue;
          const bool done = attempt([&](PlainInstance& p) {
            Row simple(p.states);
            simple[i] = fraction;
            simple[j] = Rational(1) - fraction;
            p.models[m].kernels[k][row] = std::move(simple);
          });
          if (done) return true;
        }
      }
    }
    return false;
  }

  bool simpler_rewards(const PlainInstance& now) {
    for (std::size_t row = 0; row < now.models[0].rewards.size(); ++row) {
      for (const std::int64_t reward : {0, 1}) {
        const auto set = [&](PlainInstance& p, std::size_t m) { p.models[m].rewards[row] = reward; };
        if (attempt([&](PlainInstance& p) {
              for (std::size_t m = 0; m < p.models.size(); ++m) set(p, m);
            }))
          return true;
        for (std::size_t m = 0; now.models.size() > 1 && m < now.models.size(); ++m)
          if (attempt([&](PlainInstance& p) { set(p, m); })) return true;
      }
    }
    for (std::size_t i = 0; i < now.next_state_rewards.size(); ++i)
      if (attempt([&](PlainInstance& p) {
            p.next_state_rewards[i] = 0;
            set_mean_rewards(p);
          }))
        return true;
    return false;
  }

  static void set_mean_rewards(PlainInstance& p) {
    for (PlainModel& model : p.models)
      for (std::size_t row = 0; row < model.rewards.size(); ++row) {
        model.rewards[row] = 0;
        for (std::size_t next = 0; next < p.states; ++next)
          model.rewards[row] += model.kernels[0][row][next] * p.next_state_rewards[row * p.states + next];
      }
  }

  bool simpler_policies() {
    const PlainInstance now(best_);
    for (std::size_t which = 0; which < now.policies.size(); ++which) {
      if (now.policies[which].size() > now.states &&
          attempt([&](PlainInstance& p) { p.policies[which].resize(p.states); }))
        return true;
      for (std::size_t row = 0; row < now.policies[which].size(); ++row)
        for (std::uint32_t a = 0; a < now.actions; ++a)
          if (attempt([&](PlainInstance& p) { p.policies[which][row] = point_row(p.actions, a); }))
            return true;
    }
    for (std::size_t i = 0; i < now.known.size(); ++i)
      if (now.known[i] && attempt([&](PlainInstance& p) { p.known[i] = false; })) return true;
    for (std::size_t i = 0; now.sampling && i < now.sampling->size(); ++i)
      if (attempt([&](PlainInstance& p) { p.sampling = point_row(p.sampling->size(), i); })) return true;
    return false;
  }

  bool simpler_numbers() {
    const auto now = best_.numbers;
    if (now.empty()) return false;
    const std::size_t length = now.begin()->second.size();
    for (std::size_t i = 0; length > 1 && i < length; ++i)
      if (attempt([&](PlainInstance& p) {
            for (auto& [name, values] : p.numbers)
              values.erase(values.begin() + static_cast<std::ptrdiff_t>(i));
          }))
        return true;
    for (const auto& [name, values] : now)
      for (std::size_t i = 0; i < values.size(); ++i)
        for (const Rational& simple : {Rational(0), Rational(1), Rational(-1), Rational(2), Rational(-2)})
          if (attempt([&, &key = name](PlainInstance& p) { p.numbers[key][i] = simple; })) return true;
    return false;
  }

  Instance best_;
  InstanceSize size_;
  const Shows& shows_;
  const InstanceRepair& repair_;
  int budget_;
};

}  // namespace

Instance shrink(Instance instance, const Shows& shows, const InstanceRepair& repair, int budget) {
  if (instance.assignment) return shrink_assignment(std::move(instance), shows, repair, budget);
  return Shrinker(std::move(instance), shows, repair, budget).run();
}

Certificate shrink(const Certificate& certificate, const Claim& claim, const Setting& setting) {
  if (setting.model) return certificate;
  const bool refutation = certificate.kind == CertificateKind::refutation;
  const std::optional<Rational> reached = tightness(certificate.sides);
  const bool witness = claim.witness && claim.witness(certificate.instance);
  const Shows shows = [&](const Instance& candidate) {
    const Step horizon =
        candidate.assignment ? static_cast<Step>(candidate.assignment->steps()) : candidate.horizon;
    if (setting.horizon != 0 && horizon != setting.horizon) return false;
    if (claim.domain.objection(candidate)) return false;
    if (witness && !claim.witness(candidate)) return false;
    const ExactResult result = evaluate_exactly(claim.formula, claim.relation, candidate);
    if (refutation) return result.outcome == Outcome::violated;
    return result.outcome == Outcome::holds && result.max_tightness &&
           (!reached || *result.max_tightness >= *reached);
  };
  // A text is evaluated more slowly than compiled code, and its instances are smaller to begin with.
  constexpr int budget_of_text = 6000, budget = 200000;
  const Instance smaller =
      shrink(certificate.instance, shows, claim.domain.repair, claim.lemma ? budget_of_text : budget);
  const bool changed = size_of(smaller) < size_of(certificate.instance);
  return certify(claim, smaller, changed ? std::nullopt : certificate.origin);
}

}  // namespace lemmacheck
