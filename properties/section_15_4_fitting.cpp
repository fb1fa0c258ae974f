// Section 15.4: how the recurrent model's tables are fitted, objective by objective, and what fitting gives.
//
// Heads are fitted in closed form to the codes that the encoder draws, the generative tables by expectation
// maximisation; the encoder's rows are improved one by one. Data are an episode, or all episodes that a
// behaviour gives. (The lemma language has no word for tables that are fitted.)
#include <map>

#include "common.hpp"
#include "latent/encoded_worlds.hpp"
#include "latent/recurrent_fit.hpp"
#include "latent/recurrent_worlds.hpp"

namespace lemmacheck {
namespace {

const std::vector<std::string> any_model = {"finite sets, any tables", "any episode"},
                               possible = {"finite sets, any tables",
                                           "the episode is possible under the model"};

std::vector<WeightedEpisode> data_of(const View<Rational>& x) {
  return {{episode_of(x.instance()), 1}};
}

LogForm bound_of(const PartLosses& losses, const Rational& weight = 1) {
  return losses.reconstruction + weight * losses.divergence;
}

PartLosses own_losses(const RecurrentModel& model, const std::vector<WeightedEpisode>& data) {
  return losses_of(model, counts_by_encoder(model, data));
}

using Counting = ExpectedCounts (*)(const RecurrentModel&, const std::vector<WeightedEpisode>&);

/// -ELBO with heads fitted to counts of some kind <= -ELBO with the model's own heads.
auto fitted_heads(Counting counting) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const RecurrentModel model = recurrent_model_of(x.instance());
    const std::vector<WeightedEpisode> data = data_of(x);
    at(bound_of(own_losses(with_fitted_heads(model, counting(model, data)), data)),
       bound_of(own_losses(model, data)));
  });
}

/// -log p after a round of fitting to counts of some kind <= -log p before; perhaps two rounds of expectation
/// maximisation come first.
auto maximisation(Counting counting, int rounds_before = 0) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    RecurrentModel model = recurrent_model_of(x.instance());
    const std::vector<WeightedEpisode> data = data_of(x);
    const bool possible_at_first = !surprise_of(model, data).is_infinite();
    at.assume(possible_at_first ? Truth::yes : Truth::no);
    if (!possible_at_first) return;
    for (int round = 0; round < rounds_before; ++round)
      model = with_fitted_heads(model, counts_by_posterior(model, data));
    const LogForm before = surprise_of(model, data);
    at(surprise_of(with_fitted_heads(model, counting(model, data)), data), before);
  });
}

/// Reconstruction + `measured` KL after a round of descent at `weight` <= before it.
auto descent(const Rational& weight, const Rational& measured) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const RecurrentModel model = recurrent_model_of(x.instance());
    const std::vector<WeightedEpisode> data = data_of(x);
    at(bound_of(own_losses(descended(model, data, weight), data), measured),
       bound_of(own_losses(model, data), measured));
  });
}

/// -ELBO of the encoder that filters = -log p.
auto filtering_encoder(bool filters) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const RecurrentModel model = recurrent_model_of(x.instance());
    const std::vector<WeightedEpisode> data = data_of(x);
    const LogForm evidence = surprise_of(model, data);
    at.assume(evidence.is_infinite() ? Truth::no : Truth::yes);
    if (evidence.is_infinite()) return;
    at(bound_of(own_losses(filters ? with_filtering_encoder(model) : model, data)), evidence);
  });
}

/// A world that is seen in full, fitted with a code for each state.
auto fitted_world(Memory memory, bool collapsed) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const std::uint32_t n = x.model().state_count(), actions = x.model().action_count();
    std::vector<std::uint32_t> states(n);
    for (std::uint32_t s = 0; s < n; ++s) states[s] = s;
    const ObservedWorld world{
        x.model(), StochasticMatrix::deterministic(n, states), std::vector<Rational>(n, Rational(1)), {}};
    RecurrentModel model = blank_model(memory, n, n, actions);
    std::vector<std::uint32_t> codes(model.encoder.rows());
    for (std::size_t row = 0; row < codes.size() && !collapsed; ++row)
      codes[row] = static_cast<std::uint32_t>(row) / model.recurrent;
    model.encoder = StochasticMatrix::deterministic(n, codes);
    const MarkovPolicy uniform = MarkovPolicy::uniform(n, actions);
    model = with_fitted_heads(model, counts_in_world(model, world, uniform, x.horizon()));
    const auto optimum = [](const FiniteMdp& mdp, Step horizon) {
      return expected_value<Rational>(mdp, optimal_plan(mdp, horizon).values);
    };
    at(optimum(imagined_mdp(model), x.horizon() + 1), optimum(x.model(), x.horizon()));
  });
}

/// sum over sequences of states of p(s_1..n) prod p(x_t | s_t).
Rational chance_by_states(const ObservedWorld& world, const Episode& episode) {
  std::vector<Rational> masses(world.states.state_count());
  for (const State s : world.states.states())
    masses[s.value] = world.states.initial().probability(0, s.value);
  for (std::size_t t = 0; t < episode.observations.size(); ++t) {
    for (const State s : world.states.states())
      masses[s.value] *= world.emission.probability(s.value, episode.observations[t]);
    if (t == episode.actions.size()) break;
    std::vector<Rational> next(masses.size());
    for (const State s : world.states.states())
      for (const State s2 : world.states.states())
        next[s2.value] += masses[s.value] * world.states.kernel(1).probability(
                                                world.states.row(s, Action{episode.actions[t]}), s2.value);
    masses = std::move(next);
  }
  return Rational::sum(0, masses.size(), [&](std::size_t s) { return masses[s]; });
}

auto observed_likelihood(bool remembers_actions) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const ObservedWorld world = observed_world_of(x.instance());
    const Episode episode = observed_episode_of(x.instance());
    RecurrentModel model = world_as_model(world);
    if (!remembers_actions)
      for (std::uint32_t& h : model.next) h = 1 + (h - 1) / model.actions * model.actions;
    at(likelihood(model, episode), chance_by_states(world, episode));
  });
}

/// sum over the steps of E KL(q || p) with the best dynamics p = n H(Z | H), q deterministic; or n H(Z).
auto dynamics_loss(bool remembers) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const ObservedWorld world = observed_world_of(x.instance());
    RecurrentModel model =
        blank_model(Memory::last_code, 2, world.observation_count(), x.model().action_count());
    model.encoder = StochasticMatrix::deterministic(2, memory_codes_of(x.instance()));
    const ExpectedCounts counts = counts_in_world(model, world, x.policy(), x.horizon());
    std::map<std::uint32_t, Rational> memories;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Rational> codes;
    for (std::uint32_t i = 0; i < counts.codes.size(); ++i) {
      const std::uint32_t memory = remembers ? i / model.codes % model.recurrent : 0;
      memories[memory] += counts.codes[i];
      codes[{memory, i % model.codes}] += counts.codes[i];
    }
    LogForm entropy;
    for (const auto& [key, count] : codes)
      if (count.sign() != 0) entropy += count * LogForm::log(memories[key.first] / count);
    at(losses_of(with_fitted_heads(model, counts), counts).divergence, entropy);
  });
}

void add_fitting_claims(Ledger& ledger) {
  const Rational representation = Rational::ratio(1, 10), dynamics = Rational::ratio(1, 2);

  ledger.add({
      .id = "latent.fitted_heads",
      .source = "section 15.4",
      .statement =
          R"(-\mathrm{ELBO}(q, \hat p) \le -\mathrm{ELBO}(q, p) \text{ for the relative frequencies } \hat p \text{ of the codes that } q \text{ draws})",
      .hypotheses = any_model,
      .domain = recurrent_worlds(),
      .formula = fitted_heads(counts_by_encoder),
      .note = "Given an encoder, the best dynamics and decoder are tables in closed form.",
      .mutants = {{"fitted to the model's own posterior", fitted_heads(counts_by_posterior)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.em",
      .source = "section 15.4",
      .statement =
          R"(-\log p_{k+1}(x_{1:n} \mid a) \le -\log p_k(x_{1:n} \mid a) \text{ for tables fitted to the posterior of } z_{1:n} \text{ given } x_{1:n})",
      .hypotheses = possible,
      .domain = recurrent_worlds(),
      .formula = maximisation(counts_by_posterior),
      .note = "Expectation maximisation: no round lowers the likelihood.",
      .mutants = {{"fitted to the encoder's codes", maximisation(counts_by_encoder)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.em_by_filtering",
      .source = "section 15.4",
      .statement =
          R"(-\log p_3(x_{1:n} \mid a) \le -\log p_2(x_{1:n} \mid a) \text{ for tables fitted to the posterior of } z_t \text{ given } x_{1:t} \text{ after two rounds of expectation maximisation})",
      .hypotheses = possible,
      .domain = recurrent_worlds(),
      .formula = maximisation(counts_by_filtering, 2),
      .expected = Verdict::violated,
      .corrected = "latent.em",
      .note = "An encoder that sees the past and the present alone is no E-step: the likelihood may fall.",
      .kind = "slip",
  });

  ledger.add({
      .id = "latent.filtering_encoder",
      .source = "section 15.4",
      .statement =
          R"(\mathrm{ELBO} = \log p(x_{1:n} \mid a) \text{ for } q(z \mid x, h) \propto p(z \mid h)\, p(x \mid h, z))",
      .hypotheses = possible,
      .domain = recurrent_worlds(),
      .relation = Relation::equal,
      .formula = filtering_encoder(true),
      .expected = Verdict::violated,
      .corrected = "latent.filtering_encoder_one_step",
      .note = "Even the encoder that filters exactly leaves a gap: it does not see what comes after.",
      .kind = "slip",
  });

  ledger.add({
      .id = "latent.filtering_encoder_one_step",
      .source = "section 15.4",
      .statement =
          R"(\mathrm{ELBO} = \log p(x_1) \text{ for } q(z \mid x, h) \propto p(z \mid h)\, p(x \mid h, z))",
      .hypotheses = with(possible, {"one observation"}),
      .domain = recurrent_worlds(true),
      .relation = Relation::equal,
      .formula = filtering_encoder(true),
      .mutants = {{"any encoder", filtering_encoder(false)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.balanced_descent",
      .source = "section 15.4",
      .statement =
          R"(R_{k+1} + \beta\, KL_{k+1} \le R_k + \beta\, KL_k, \; \beta = \tfrac{1}{10} \text{ the weight of KL in the encoder's steps, whatever its weight in the dynamics' steps})",
      .hypotheses = any_model,
      .domain = recurrent_worlds(),
      .formula = descent(representation, representation),
      .note = "KL balancing, by exact steps in turn: the fit of the dynamics does not depend on its own "
              "weight, so "
              "that what falls is the loss with the encoder's.",
      .mutants = {{"measured with both weights", descent(representation, representation + dynamics)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.balanced_total",
      .source = "section 15.4",
      .statement =
          R"(R_{k+1} + (\beta_d + \beta_e) KL_{k+1} \le R_k + (\beta_d + \beta_e) KL_k, \; \beta_d = \tfrac12, \; \beta_e = \tfrac{1}{10} \text{ the weight in the encoder's steps})",
      .hypotheses = any_model,
      .domain = recurrent_worlds(),
      .formula = descent(representation, representation + dynamics),
      .expected = Verdict::violated,
      .corrected = "latent.balanced_descent",
      .note = "The loss that is printed in training, with both weights, may rise in an exact round.",
      .kind = "slip",
  });

  ledger.add({
      .id = "latent.fitted_world",
      .source = "section 15.4",
      .statement =
          R"(\max_\pi J(\pi, \text{imagined}) = \max_\pi J(\pi, M) \text{ for heads fitted to all episodes, } z = x, \; h = (z, a) \text{ of the step before})",
      .hypotheses = {"the state is seen", "uniform behaviour", "the reward comes with the next observation"},
      .domain = behaved_worlds(),
      .relation = Relation::equal,
      .formula = fitted_world(Memory::last_code_and_action, false),
      .note = "Data, fit, imagination and planning together: nothing is lost.",
      .mutants = {{"one code", fitted_world(Memory::last_code_and_action, true)},
                  {"no action in memory", fitted_world(Memory::last_code, false)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.observed_likelihood",
      .source = "section 15.4",
      .statement =
          R"(p(x_{1:n} \mid a) = \sum_{s_{1:n}} \rho_0(s_1) \prod_t T(s_{t+1} \mid s_t, a_t) \prod_t O(x_t \mid s_t) \text{ for } z = s, \; h = (s, a) \text{ of the step before})",
      .hypotheses = {"a partially observed world", "any episode"},
      .domain = observed_worlds(),
      .relation = Relation::equal,
      .formula = observed_likelihood(true),
      .note = "Every finite partially observed world is a recurrent model.",
      .mutants = {{"no action in memory", observed_likelihood(false)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.recurrent_collapse",
      .source = "section 15.4, question 1",
      .statement =
          R"(\sum_t \mathbb{E}\, KL(q \| \hat p) = n\, H(Z \mid H) \text{ for the best dynamics } \hat p)",
      .hypotheses = {"a partially observed world", "any stationary behaviour policy",
                     "q deterministic: any encoder of observation and last code", "h = the last code",
                     "n steps; Z and H at a uniform one of them"},
      .domain = observed_worlds(),
      .relation = Relation::equal,
      .formula = dynamics_loss(true),
      .note = "0 for a constant code: memory does not save a code without a decoder from collapse.",
      .mutants = {{"without memory", dynamics_loss(false)}},
      .kind = "printed",
  });
}

const Section section("15.4", add_fitting_claims, 3);

}  // namespace
}  // namespace lemmacheck
