#include "campaign/climb.hpp"

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>

namespace lemmacheck {
namespace {

using Choices = std::vector<std::uint32_t>;

/// Changes one to four choices: to another value, by one, to the simplest, or to a copy of another.
void mutate(Choices& choices, ChoiceSource& random) {
  const auto size = static_cast<std::uint32_t>(choices.size());
  for (std::uint32_t n = random.between(1, 4); n > 0; --n) {
    std::uint32_t& choice = choices[random.below(size)];
    switch (random.below(5)) {
      case 0:
        choice = random.below(1000);
        break;
      case 1:
        ++choice;
        break;
      case 2:
        choice -= choice > 0 ? 1 : 0;
        break;
      case 3:
        choice = 0;
        break;
      default:
        choice = choices[random.below(size)];
    }
  }
}

class Climber {
 public:
  /// @param among_witnesses  keeps to them.
  Climber(const Claim& claim, const Setting& setting, Choices start, Rational tightness, bool among_witnesses,
          const Run& run, std::uint64_t stream)
      : claim_(claim),
        setting_(setting),
        among_witnesses_(among_witnesses),
        best_(std::move(start)),
        tightness_(std::move(tightness)),
        steps_(std::min(run.instances / climbs, most_steps)),
        random_(PhiloxStream(run.seed, stream)) {}

  void run() {
    Instance now = decoded(best_), instance;
    for (std::uint64_t step = 0; step < steps_ && !violated_; ++step) {
      Choices candidate = best_;
      mutate(candidate, random_);
      decode(candidate, instance);
      // What other choices decode to the same is as tight as it was.
      if (now.assignment && now.assignment->has_values_of(*instance.assignment)) {
        best_ = std::move(candidate);
        continue;
      }
      constexpr double no_ratio_wanted = std::numeric_limits<double>::infinity();
      const FilteredResult result =
          evaluate(claim_.formula, claim_.relation, instance, tightness_.enclose().lower, no_ratio_wanted,
                   {.tightness = &tightness_, .tenth_wanted = false});
      violated_ = result.outcome == Outcome::violated;
      const bool as_tight = result.max_tightness && *result.max_tightness >= tightness_ &&
                            (!among_witnesses_ || is_witness(claim_, instance));
      if (as_tight) tightness_ = *result.max_tightness;
      if (!as_tight && !violated_) continue;
      best_ = std::move(candidate);
      std::swap(now, instance);
    }
  }

  const Rational& tightness() const { return tightness_; }
  bool among_witnesses() const { return among_witnesses_; }
  bool violated() const { return violated_; }
  const Choices& choices() const { return best_; }
  Instance instance() const { return decoded(best_); }

 private:
  Instance decoded(const Choices& choices) const {
    Instance instance;
    decode(choices, instance);
    return instance;
  }

  /// @param instance  storage.
  void decode(const Choices& choices, Instance& instance) const {
    ChoiceSource source{std::span(choices)};
    claim_.domain.decode(source, setting_, instance);
  }

  const Claim& claim_;
  const Setting& setting_;
  bool among_witnesses_;
  Choices best_;
  Rational tightness_;
  bool violated_ = false;
  std::uint64_t steps_;
  ChoiceSource random_;
};

}  // namespace

std::optional<Climbed> climb(const Claim& claim, const Setting& setting, const Run& run,
                             const Summary& summary, std::uint64_t attempt,
                             const std::optional<Climbed>& before) {
  // Streams from the far end of the range, away from the run's instances.
  constexpr std::uint64_t streams_of_attempt = climbs * (2 + Summary::niches);
  std::uint64_t stream = ~std::uint64_t{0} - climbs - attempt * streams_of_attempt;
  std::vector<Climber> climbers;
  const auto add = [&](const Choices& choices, const Rational& tightness, bool witness, std::uint64_t count) {
    if (choices.empty()) return;
    for (std::uint64_t i = 0; i < count; ++i)
      climbers.emplace_back(claim, setting, choices, tightness, witness, run, stream + i);
    stream -= count;
  };
  const auto add_drawn = [&](const Summary::Record& record, bool witness, std::uint64_t count) {
    Choices choices;
    ChoiceSource source(PhiloxStream(run.seed, record.instance), &choices);
    claim.domain.decode(source, setting);
    add(choices, record.tightness, witness, count);
  };
  const auto& start = summary.tightest;
  if (start) add_drawn(*start, true, climbs);
  for (const auto& record : summary.tightest_of)
    if (record && (!start || record->instance != start->instance))
      add_drawn(*record, !claim.witness, climbs_elsewhere);
  if (before) add(before->choices, before->tightness, true, climbs);
  if (climbers.empty()) return std::nullopt;
  run_on(run.threads, [&] {
    oneapi::tbb::parallel_for(std::size_t{0}, climbers.size(), [&](std::size_t i) { climbers[i].run(); });
  });
  const Climber* best = nullptr;
  for (const Climber& climber : climbers)
    if (climber.among_witnesses() && (best == nullptr || best->tightness() < climber.tightness()))
      best = &climber;
  Climbed found;
  for (const Climber& climber : climbers)
    if (climber.violated()) found.instances.push_back(climber.instance());
  found.violated = !found.instances.empty();
  const Rational known = before ? before->tightness : start ? start->tightness : Rational(0);
  if (best != nullptr) found.tightness = best->tightness();
  if (!found.violated && (best == nullptr || best->tightness() <= known)) return std::nullopt;
  if (!found.violated) {
    found.instances.push_back(best->instance());
    found.choices = best->choices();
  }
  return found;
}

}  // namespace lemmacheck
