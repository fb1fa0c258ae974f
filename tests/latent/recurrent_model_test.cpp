#include "latent/recurrent_model.hpp"

#include "generate/domain_checks.hpp"
#include "latent/code_paths.hpp"
#include "latent/recurrent_worlds.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/hand_made.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

StochasticMatrix rows(std::uint32_t columns, const StochasticMatrix::Rows& entries) {
  return StochasticMatrix(columns, entries, [](std::size_t row) { return "row " + std::to_string(row); });
}

/// One recurrent state; the code is the observation, for sure, and both are equally likely.
RecurrentModel sure_model() {
  return {1,
          2,
          2,
          1,
          {0, 0},
          rows(2, {{{0, 1}}, {{1, 1}}}),
          rows(2, {{{0, Rational::ratio(1, 2)}, {1, Rational::ratio(1, 2)}}}),
          rows(2, {{{0, 1}}, {{1, 1}}}),
          {0, 1},
          {1, 1}};
}

}  // namespace

TEST_CASE("recurrent models: likelihood and belief are those of all code sequences", "[latent]") {
  int impossible = 0;
  for (std::uint64_t i = 0; i < 150; ++i) {
    const Instance instance = member(recurrent_worlds(), i);
    const RecurrentModel model = recurrent_model_of(instance);
    const Episode episode = episode_of(instance);
    INFO("instance " << i);
    Rational evidence;
    std::vector<Rational> last(std::size_t{model.recurrent} * model.codes);
    for (const Path& path : all_paths(model, episode)) {
      evidence += path.joint;
      last[path.recurrent.back() * model.codes + path.codes.back()] += path.joint;
    }
    CHECK(likelihood(model, episode) == evidence);
    const std::vector<Rational> belief = filtered_belief(model, episode);
    if (evidence.sign() == 0) {
      ++impossible;
      CHECK(belief.empty());
      continue;
    }
    for (std::size_t k = 0; k < last.size(); ++k) CHECK(belief[k] == last[k] / evidence);
  }
  CHECK(impossible > 3);
}

TEST_CASE("recurrent models: the evidence bound is that of all code sequences", "[latent]") {
  int infinite = 0, finite = 0;
  for (std::uint64_t i = 0; i < 150; ++i) {
    const Instance instance = member(recurrent_worlds(), i);
    const RecurrentModel model = recurrent_model_of(instance);
    const Episode episode = episode_of(instance);
    LogForm expected;
    bool excluded = false;
    for (const Path& path : all_paths(model, episode)) {
      if (path.encoded.sign() == 0) continue;
      excluded = excluded || path.joint.sign() == 0;
      if (!excluded) expected += path.encoded * LogForm::log(path.encoded / path.joint);
    }
    INFO("instance " << i);
    const LogForm loss = negative_elbo(model, episode);
    CHECK(loss.is_infinite() == excluded);
    ++(excluded ? infinite : finite);
    if (!excluded) CHECK(loss == expected);
  }
  CHECK((infinite > 5 && finite > 5));
}

TEST_CASE("recurrent models: sure heads have no gap", "[latent]") {
  const RecurrentModel model = sure_model();
  model.validate();
  const Episode episode{{0, 1, 1}, {0, 0}};
  CHECK(likelihood(model, episode) == Rational::ratio(1, 8));
  CHECK(negative_elbo(model, episode) == Rational(3) * LogForm::log(2));
  CHECK(posterior_gap(model, episode) == LogForm(0));
  CHECK(filtered_belief(model, episode) == std::vector<Rational>{0, 1});
  // J = 3 steps of 1/2.
  CHECK(imagined_return(model, {0, 0}, 3) == Rational::ratio(3, 2));
}

TEST_CASE("recurrent models: an end that is sure ends imagination", "[latent]") {
  RecurrentModel model = sure_model();
  model.continues = {1, 0};
  // 1/2 + 1/4 + 1/8: the second code pays 1 and ends.
  CHECK(imagined_return(model, {0, 0}, 3) == Rational::ratio(7, 8));
  const FiniteMdp mdp = imagined_mdp(model);
  CHECK(mdp.state_count() == 3);
  CHECK(mdp.kernel(1).probability(1, 2) == Rational(1));
  CHECK(policy_return(mdp, MarkovPolicy::uniform(3, 1), 3) == Rational::ratio(7, 8));
  CHECK(policy_return(mdp, MarkovPolicy::uniform(3, 1), 1) == Rational::ratio(1, 2));
}

TEST_CASE("recurrent models: a wrong table is named", "[latent]") {
  const auto message = [](auto&& edit) {
    RecurrentModel model = sure_model();
    edit(model);
    try {
      model.validate();
    } catch (const InvalidInput& fault) {
      return std::string(fault.what());
    }
    return std::string();
  };
  CHECK(message([](RecurrentModel&) {}).empty());
  CHECK(contains(message([](RecurrentModel& m) { m.next = {0}; }), "sequence has 1"));
  CHECK(contains(message([](RecurrentModel& m) { m.next = {0, 1}; }), "leads to recurrent state 1"));
  CHECK(contains(message([](RecurrentModel& m) { m.dynamics = m.encoder; }), "dynamics has 2"));
  CHECK(contains(message([](RecurrentModel& m) {
                   m.decoder = rows(1, {{{0, 1}}, {{0, 1}}});
                 }),
                 "decoder is over 1"));
  CHECK(contains(message([](RecurrentModel& m) { m.continues = {1, 2}; }), "between 0 and 1"));
  CHECK(contains(message([](RecurrentModel& m) { m.rewards.clear(); }), "rewards has 0"));
  CHECK(contains(message([](RecurrentModel& m) { m.codes = 0; }), "at least one of each"));
  CHECK_THROWS_AS(likelihood(sure_model(), Episode{{0, 1}, {}}), InvalidInput);
  CHECK_THROWS_AS(likelihood(sure_model(), Episode{{2}, {}}), InvalidInput);
  CHECK_THROWS_AS(likelihood(sure_model(), Episode{{0, 0}, {1}}), InvalidInput);
}

TEST_CASE("recurrent worlds: members belong, and what does not is objected to", "[latent]") {
  const Domain domain = recurrent_worlds();
  check_every_sequence_is_a_member(domain);
  check_classes_are_reached(domain);
  check_json_round_trip(domain);
  const auto objection = [&](auto&& edit) {
    Instance instance = member(domain, 5);
    edit(instance);
    return domain.objection(instance).value_or("none");
  };
  CHECK(contains(objection([](Instance& x) { x.numbers["encoder"][0] += Rational(1); }), "encoder"));
  CHECK(contains(objection([](Instance& x) { x.numbers.erase("decoder"); }), "decoder are needed"));
  CHECK(contains(objection([](Instance& x) { x.numbers["sizes"] = {1, 1, 1}; }), "four numbers"));
  CHECK(contains(objection([](Instance& x) { x.numbers["policy"].push_back(0); }), "policy"));
  CHECK(contains(objection([](Instance& x) { x.numbers["more"] = {0}; }), "does not speak of"));
  CHECK(contains(objection([](Instance& x) { x.numbers["observations"].clear(); }), "episode"));
}
