// Section 15.4: the recurrent state-space model of Figure 15.4, with finite sets.
//
// Logarithms of 0 are infinite losses, by rule. (The lemma language has no word for a recurrent model.)
#include "common.hpp"
#include "latent/recurrent_fit.hpp"
#include "latent/recurrent_worlds.hpp"

namespace lemmacheck {
namespace {

const std::vector<std::string> any_model = {"finite sets, any tables", "any episode"};

LogForm negative_log_likelihood(const View<Rational>& x) {
  const Rational evidence = likelihood(recurrent_model_of(x.instance()), episode_of(x.instance()));
  return evidence.sign() == 0 ? LogForm::infinity() : LogForm(0) - LogForm::log(evidence);
}

/// -log p <= -ELBO; where the likelihood is 0 both are infinite, and nothing is compared.
auto evidence_bound(bool with_dynamics) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const LogForm evidence = negative_log_likelihood(x);
    at.assume(evidence.is_infinite() ? Truth::no : Truth::yes);
    if (evidence.is_infinite()) return;
    at(evidence, negative_elbo(recurrent_model_of(x.instance()), episode_of(x.instance()), with_dynamics));
  });
}

auto evidence_gap(std::int64_t weight) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const LogForm evidence = negative_log_likelihood(x);
    at.assume(evidence.is_infinite() ? Truth::no : Truth::yes);
    if (evidence.is_infinite()) return;
    const RecurrentModel model = recurrent_model_of(x.instance());
    const Episode episode = episode_of(x.instance());
    at(negative_elbo(model, episode), evidence + Rational(weight) * posterior_gap(model, episode));
  });
}

/// -log p <= reconstruction + KL that is clipped, at 1 nat a step, from below or else from above.
auto free_bits(bool from_below) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const LogForm evidence = negative_log_likelihood(x);
    at.assume(evidence.is_infinite() ? Truth::no : Truth::yes);
    if (evidence.is_infinite()) return;
    const RecurrentModel model = recurrent_model_of(x.instance());
    const Episode episode = episode_of(x.instance());
    const PartLosses losses = losses_of(model, counts_by_encoder(model, {{episode, 1}}), 1);
    LogForm clipped = losses.clipped;
    if (!from_below) {
      clipped = 0;
      for (const LogForm& step : divergences_of_steps(model, episode)) clipped += min(step, LogForm(1));
    }
    at(evidence, losses.reconstruction + clipped);
  });
}

/// n max(1, mean of KL) <= sum of max(1, KL), in expectation over what the encoder draws.
auto free_bits_of_the_mean(bool mean_is_less) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const RecurrentModel model = recurrent_model_of(x.instance());
    const Episode episode = episode_of(x.instance());
    const Rational steps(static_cast<std::uint64_t>(episode.observations.size()));
    const PartLosses losses = losses_of(model, counts_by_encoder(model, {{episode, 1}}), 1);
    const LogForm of_mean = max(losses.divergence, LogForm(steps));
    mean_is_less ? at(of_mean, losses.clipped) : at(losses.clipped, of_mean);
  });
}

auto imagination(bool goes_on) {
  return Formula::exactly([=](const auto& x, auto& at) {
    RecurrentModel model = recurrent_model_of(x.instance());
    const std::vector<std::uint32_t> policy = imagined_policy_of(x.instance());
    const Rational imagined = imagined_return(model, policy, x.horizon());
    if (!goes_on) model.continues.assign(model.continues.size(), Rational(1));
    const FiniteMdp mdp = imagined_mdp(model);
    std::vector<std::uint32_t> taken = policy;
    taken.push_back(0);  // at the end any action does
    at(imagined, policy_return(mdp, MarkovPolicy::deterministic(taken, mdp.state_count(), mdp.action_count()),
                               x.horizon()));
  });
}

void add_recurrent_claims(Ledger& ledger) {
  ledger.add({
      .id = "latent.elbo",
      .source = "section 15.4",
      .statement =
          R"(-\log p(x_{1:n} \mid a) \le \sum_t \mathbb{E}_q\bigl[-\log p(x_t \mid h_t, z_t) + \log \tfrac{q(z_t \mid x_t, h_t)}{p(z_t \mid h_t)}\bigr])",
      .hypotheses = with(any_model, {"the episode is possible under the model"}),
      .domain = recurrent_worlds(),
      .formula = evidence_bound(true),
      .mutants = {{"without the dynamics' term", evidence_bound(false)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.elbo_gap",
      .source = "section 15.4",
      .statement =
          R"(-\mathrm{ELBO} = -\log p(x_{1:n} \mid a) + KL(q(z_{1:n} \mid x, a) \| p(z_{1:n} \mid x, a)))",
      .hypotheses = with(any_model, {"the episode is possible under the model"}),
      .domain = recurrent_worlds(),
      .relation = Relation::equal,
      .formula = evidence_gap(1),
      .note = "The left side by a recursion over (h, z), the right one over all sequences of codes.",
      .mutants = {{"no gap", evidence_gap(0)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.free_bits",
      .source = "section 15.4",
      .statement =
          R"(-\log p(x_{1:n} \mid a) \le \sum_t \mathbb{E}_q\bigl[-\log p(x_t \mid h_t, z_t) + \max(1, KL(q_t \| p_t))\bigr])",
      .hypotheses = with(any_model, {"the episode is possible under the model"}),
      .domain = recurrent_worlds(),
      .formula = free_bits(true),
      .note = "With free bits the loss is still a bound, though a looser one.",
      .mutants = {{"clipped from above", free_bits(false)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.free_bits_of_the_mean",
      .source = "section 15.4",
      .statement =
          R"(n \max\bigl(1, \tfrac1n \sum_t \mathbb{E} KL_t\bigr) \le \sum_t \mathbb{E} \max(1, KL_t))",
      .hypotheses = any_model,
      .domain = recurrent_worlds(),
      .formula = free_bits_of_the_mean(true),
      .note = "Clipping the mean of KL frees more than clipping it step by step; implementations do either.",
      .mutants = {{"the other way round", free_bits_of_the_mean(false)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.imagination",
      .source = "section 15.4",
      .statement =
          R"(\text{the mean return of imagined roll-outs} = J \text{ in the induced MDP over } (h, z) \text{ with an end})",
      .hypotheses = {"finite sets, any tables", "a deterministic policy of (h, z)"},
      .domain = recurrent_worlds(),
      .relation = Relation::equal,
      .formula = imagination(true),
      .note = "All roll-outs one by one against backward induction.",
      .mutants = {{"without the continue head", imagination(false)}},
      .kind = "beyond",
  });
}

const Section section("15.4", add_recurrent_claims, 2);

}  // namespace
}  // namespace lemmacheck
