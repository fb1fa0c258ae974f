// Section 15.4: the recurrent state-space model of Figure 15.4, with finite sets.
//
// The table lists the dynamics predictor twice, and the sequence model f has to run before the encoder, which
// it feeds. Logarithms of 0 are infinite losses, by rule.
#include "common.hpp"
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
  });
}

const Section section("15.4", add_recurrent_claims, 1);

}  // namespace
}  // namespace lemmacheck
