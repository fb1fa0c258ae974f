#include "campaign/slack.hpp"

#include <algorithm>

namespace lemmacheck {
namespace {

/// Means of exact fractions grow long; more instances would tell no more.
constexpr std::uint64_t most_averaged = 300;

std::optional<Sides<Rational>> sides_of(const Claim& claim, const Instance& instance) {
  const View<Rational> view(instance);
  Points<Rational> points(claim.relation);
  claim.formula.exact(view, points);
  if (points.assumption() != Truth::yes || points.entries().empty()) return std::nullopt;
  return points.entries().front().sides;
}

}  // namespace

std::vector<ProofStep> proof_losses(const Claim& claim, const Instance& instance) {
  const View<Rational> view(instance);
  std::vector<ProofStep> steps = claim.proof(view);
  const auto sides = sides_of(claim, instance);
  LEMMACHECK_INVARIANT(sides.has_value());
  Rational sum;
  for (const ProofStep& step : steps) {
    LEMMACHECK_INVARIANT(step.loss.sign() >= 0);
    sum += step.loss;
  }
  LEMMACHECK_INVARIANT(sum == sides->rhs - sides->lhs);
  return steps;
}

Slack slack_of(const Claim& claim, const Run& run) {
  if (!claim.proof) throw InvalidInput("claim " + claim.id + " has no proof in steps in the ledger");
  Slack slack{&claim, check_claim(claim, Setting{}, run), {}, {}, 0};
  for (std::uint64_t i = run.first; i < run.first + std::min(run.instances, most_averaged); ++i) {
    const Instance instance = draw_instance(claim.domain, Setting{}, run.seed, i);
    const auto sides = sides_of(claim, instance);
    if (!sides || sides->rhs.sign() <= 0) continue;
    const std::vector<ProofStep> losses = proof_losses(claim, instance);
    slack.steps.resize(losses.size());
    for (std::size_t k = 0; k < losses.size(); ++k) {
      const Rational share = losses[k].loss / sides->rhs;
      slack.steps[k].name = losses[k].name;
      slack.steps[k].mean_share += share;
      slack.steps[k].largest_share = max(slack.steps[k].largest_share, share);
    }
    slack.mean_tightness += sides->lhs / sides->rhs;
    ++slack.instances;
  }
  if (slack.instances == 0) return slack;
  for (SlackStep& step : slack.steps) step.mean_share /= Rational(slack.instances);
  slack.mean_tightness /= Rational(slack.instances);
  if (slack.finding.certificate) {
    const std::vector<ProofStep> losses = proof_losses(claim, slack.finding.certificate->instance);
    for (std::size_t k = 0; k < losses.size(); ++k) slack.steps[k].at_tightest = losses[k].loss;
  }
  return slack;
}

}  // namespace lemmacheck
