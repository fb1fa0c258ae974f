#include "latent/recurrent_fit.hpp"

#include "generate/domain_checks.hpp"
#include "latent/code_paths.hpp"
#include "latent/observed_world.hpp"
#include "latent/recurrent_worlds.hpp"
#include "mdp/hand_made.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

struct Drawn {
  RecurrentModel model;
  Episode episode;
  std::vector<WeightedEpisode> data;
};

Drawn drawn(std::uint64_t i) {
  const Instance instance = member(recurrent_worlds(), i);
  const Episode episode = episode_of(instance);
  return {recurrent_model_of(instance), episode, {{episode, 1}}};
}

/// Counts from the list of all sequences; weight(path) is a sequence's.
template <class Weight>
std::vector<Rational> listed_counts(const Drawn& d, Weight&& weight) {
  std::vector<Rational> counts(std::size_t{d.model.observations} * d.model.recurrent * d.model.codes);
  for (const Path& path : all_paths(d.model, d.episode))
    for (std::size_t t = 0; t < path.codes.size(); ++t)
      counts[(d.episode.observations[t] * d.model.recurrent + path.recurrent[t]) * d.model.codes +
             path.codes[t]] += weight(path);
  return counts;
}

Rational total(const std::vector<Rational>& numbers) {
  Rational sum;
  for (const Rational& number : numbers) sum += number;
  return sum;
}

/// One recurrent state and two codes that mean nothing yet; two observations.
RecurrentModel two_codes() {
  RecurrentModel model = blank_model(Memory::none, 2, 2, 1);
  model.decoder = matrix({{q("3/4"), q("1/4")}, {q("1/4"), q("3/4")}});
  return model;
}

}  // namespace

TEST_CASE("expected counts are those of all code sequences", "[latent]") {
  for (std::uint64_t i = 0; i < 150; ++i) {
    INFO("instance " << i);
    const Drawn d = drawn(i);
    CHECK(counts_by_encoder(d.model, d.data).codes ==
          listed_counts(d, [](const Path& path) { return path.encoded; }));
    const Rational evidence = likelihood(d.model, d.episode);
    const ExpectedCounts posterior = counts_by_posterior(d.model, d.data);
    if (evidence.sign() == 0)
      CHECK(total(posterior.codes).sign() == 0);
    else
      CHECK(posterior.codes == listed_counts(d, [&](const Path& path) { return path.joint / evidence; }));
    if (evidence.sign() != 0 && d.episode.observations.size() == 1)
      CHECK(counts_by_filtering(d.model, d.data).codes == posterior.codes);
  }
}

TEST_CASE("losses of the parts sum to the evidence bound", "[latent]") {
  for (std::uint64_t i = 0; i < 150; ++i) {
    INFO("instance " << i);
    const Drawn d = drawn(i);
    const PartLosses losses = losses_of(d.model, counts_by_encoder(d.model, d.data));
    CHECK(losses.reconstruction + losses.divergence == negative_elbo(d.model, d.episode));
    CHECK(losses.clipped == losses.divergence);  // without free bits
    LogForm steps;
    for (const LogForm& step : divergences_of_steps(d.model, d.episode)) {
      CHECK(step >= LogForm(0));
      steps += step;
    }
    CHECK(steps == losses.divergence);
    const PartLosses freed = losses_of(d.model, counts_by_encoder(d.model, d.data), 1);
    CHECK(freed.clipped >= max(losses.divergence, LogForm(Rational(d.episode.observations.size()))));
  }
}

TEST_CASE("fitted heads by hand", "[latent]") {
  RecurrentModel model = two_codes();
  model.encoder = matrix({{1, 0}, {q("1/2"), q("1/2")}});
  ExpectedCounts counts = counts_by_encoder(model, {{{{0, 1}, {0}}, 1}, {{{1}, {}}, 2}});
  // x = 0 once, code 0; x = 1 three times, either code.
  CHECK(counts.codes == std::vector<Rational>{1, 0, q("3/2"), q("3/2")});
  counts.rewards = {5, 0};
  counts.reward_squares = {15, 0};
  counts.continued = {1, q("3/2")};
  const RecurrentModel fitted = with_fitted_heads(model, counts);
  CHECK(fitted.dynamics == matrix({{q("5/8"), q("3/8")}}));
  CHECK(fitted.decoder == matrix({{q("2/5"), q("3/5")}, {0, 1}}));
  CHECK(fitted.rewards == std::vector<Rational>{2, 0});
  CHECK(fitted.continues == std::vector<Rational>{q("2/5"), 1});
  CHECK(losses_of(fitted, counts).reward == Rational(5));  // 15 - 2 * 2 * 5 + 4 * 5/2
  // 1 log(5/2) + 3/2 log(5/3)
  CHECK(losses_of(fitted, counts).continuing == LogForm::log(q("5/2")) + q("3/2") * LogForm::log(q("5/3")));
  CHECK(with_fitted_encoder(model, counts).encoder == model.encoder);
}

TEST_CASE("what was never counted is uniform, pays nothing and goes on", "[latent]") {
  const RecurrentModel model = two_codes();  // its encoder is constant
  const RecurrentModel fitted = with_fitted_heads(model, counts_by_encoder(model, {{{{1}, {}}, 1}}));
  CHECK(fitted.dynamics == matrix({{1, 0}}));
  CHECK(fitted.decoder == matrix({{0, 1}, {q("1/2"), q("1/2")}}));
  CHECK(fitted.rewards[1].sign() == 0);
  CHECK(fitted.continues[1] == Rational(1));
}

TEST_CASE("expectation maximisation reaches the entropy where a model can", "[latent]") {
  const std::vector<WeightedEpisode> data = {{{{0}, {}}, q("1/4")}, {{{1}, {}}, q("3/4")}};
  RecurrentModel model = two_codes();
  LogForm before = surprise_of(model, data);
  for (int round = 0; round < 3; ++round) {
    model = with_fitted_heads(model, counts_by_posterior(model, data));
    const LogForm after = surprise_of(model, data);
    CHECK(after <= before);
    before = after;
  }
  CHECK(before == q("1/4") * LogForm::log(4) + q("3/4") * LogForm::log(q("4/3")));
}

TEST_CASE("the filtering encoder is the posterior of one step", "[latent]") {
  const RecurrentModel model = with_filtering_encoder(two_codes());
  CHECK(model.encoder == matrix({{q("3/4"), q("1/4")}, {q("1/4"), q("3/4")}}));
  CHECK(negative_elbo(model, {{1}, {}}) == LogForm::log(2));
  CHECK(negative_elbo(model, {{1, 0}, {0}}) == Rational(2) * LogForm::log(2));  // no memory: no gap either
}

TEST_CASE("descent takes what the weights make worth its while", "[latent]") {
  // Two observations, even odds: a code of its own for each costs log 2 of KL and saves log 2 of decoding.
  const std::vector<WeightedEpisode> data = {{{{0}, {}}, 1}, {{{1}, {}}, 1}};
  RecurrentModel model = two_codes();
  model.encoder = matrix({{q("2/3"), q("1/3")}, {q("1/3"), q("2/3")}});
  const RecurrentModel light = descended(model, data, q("1/10"));
  CHECK(light.encoder == matrix({{1, 0}, {0, 1}}));
  const RecurrentModel constant = descended(two_codes(), data, 1);
  CHECK(constant.encoder == two_codes().encoder);  // heads fitted to one code see no use in another
}
