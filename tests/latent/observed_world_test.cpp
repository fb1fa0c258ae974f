#include "latent/observed_world.hpp"

#include "generate/domain_checks.hpp"
#include "latent/encoded_worlds.hpp"
#include "latent/observed_world_file.hpp"
#include "latent/recurrent_table.hpp"
#include "mdp/exact_values.hpp"
#include "mdp/hand_made.hpp"
#include "support/text_file.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

/// The world of an instance as it is seen in full.
ObservedWorld seen_in_full(const FiniteMdp& states) {
  std::vector<std::uint32_t> seen(states.state_count());
  for (std::uint32_t s = 0; s < seen.size(); ++s) seen[s] = s;
  return {states,
          StochasticMatrix::deterministic(states.state_count(), seen),
          std::vector<Rational>(seen.size(), Rational(1)),
          {}};
}

RecurrentModel with_codes(RecurrentModel model, const std::vector<std::uint32_t>& codes) {
  model.encoder = StochasticMatrix::deterministic(model.codes, codes);
  return model;
}

/// The best sequence of actions, chosen before anything is seen.
Rational best_open_loop(const FiniteMdp& states, Step horizon) {
  std::optional<Rational> best;
  std::vector<std::uint32_t> sequence(static_cast<std::size_t>(horizon));
  while (true) {
    std::vector<std::uint32_t> taken;
    for (const std::uint32_t a : sequence) taken.insert(taken.end(), states.state_count(), a);
    const Rational value = policy_return(
        states, MarkovPolicy::deterministic(taken, states.state_count(), states.action_count()), horizon);
    if (!best || value > *best) best = value;
    std::size_t i = 0;
    while (i < sequence.size() && ++sequence[i] == states.action_count()) sequence[i++] = 0;
    if (i == sequence.size()) return *best;
  }
}

const RecurrentRow& named(const std::vector<RecurrentRow>& rows, const std::string& name) {
  for (const RecurrentRow& row : rows)
    if (row.objective == name) return row;
  FAIL("no objective " << name);
  return rows.front();
}

}  // namespace

TEST_CASE("observed worlds: members belong, and what does not is objected to", "[latent]") {
  const Domain domain = observed_worlds();
  check_every_sequence_is_a_member(domain);
  check_classes_are_reached(domain);
  check_json_round_trip(domain);
  const auto objection = [&](auto&& edit) {
    Instance instance = member(domain, 5);
    edit(instance);
    return domain.objection(instance).value_or("none");
  };
  CHECK(objection([](Instance&) {}) == "none");
  CHECK(contains(objection([](Instance& x) { x.numbers["emission"][0] += Rational(1); }), "emission"));
  CHECK(contains(objection([](Instance& x) { x.numbers["codes"].pop_back(); }), "codes"));
  CHECK(contains(objection([](Instance& x) { x.numbers["codes"][0] = 2; }), "below 2"));
  CHECK(contains(objection([](Instance& x) { x.numbers.erase("observations"); }), "observations are needed"));
  CHECK(contains(objection([](Instance& x) { x.numbers["more"] = {0}; }), "does not speak of"));
  CHECK(contains(objection([](Instance& x) { x.policy.reset(); }), "behaviour policy"));
}

TEST_CASE("counts in a world are those of all its episodes", "[latent]") {
  int ends = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    INFO("instance " << i);
    const Instance instance = member(observed_worlds(), i);
    ObservedWorld world = observed_world_of(instance);
    if (i % 3 == 0) world.continues[0] = q("1/3"), ++ends;
    const Step horizon = std::min(instance.horizon, Step{2});
    const RecurrentModel model =
        with_codes(blank_model(Memory::last_code, 2, world.observation_count(), world.states.action_count()),
                   memory_codes_of(instance));
    const MarkovPolicy uniform =
        MarkovPolicy::uniform(world.states.state_count(), world.states.action_count());
    const ExpectedCounts counts = counts_in_world(model, world, uniform, horizon);
    const std::vector<WeightedEpisode> episodes = every_episode(world, horizon);
    Rational mass;
    for (const WeightedEpisode& episode : episodes) mass += episode.weight;
    CHECK(mass == Rational(1));
    CHECK(counts.codes == counts_by_encoder(model, episodes).codes);
    Rational rewards;
    for (const Rational& r : counts.rewards) rewards += r;
    if (i % 3 != 0) CHECK(rewards == policy_return(world.states, uniform, horizon));
  }
  CHECK(ends > 5);
}

TEST_CASE("the world as a recurrent model has its likelihoods", "[latent]") {
  for (std::uint64_t i = 0; i < 40; ++i) {
    INFO("instance " << i);
    const ObservedWorld world = observed_world_of(member(observed_worlds(), i));
    const RecurrentModel model = world_as_model(world);
    model.validate();
    Rational actions(world.states.action_count());
    for (const auto& [episode, weight] : every_episode(world, 2))
      CHECK(likelihood(model, episode) == weight * actions * actions);
  }
}

TEST_CASE("values: history against planning, and against sequences of actions", "[latent]") {
  for (std::uint64_t i = 0; i < 40; ++i) {
    INFO("instance " << i);
    const Instance instance = member(observed_worlds(), i);
    const FiniteMdp& states = *instance.model;
    const Step horizon = std::min(instance.horizon, Step{3});
    ObservedWorld world = seen_in_full(states);
    const Rational optimum = expected_value<Rational>(states, optimal_plan(states, horizon).values);
    CHECK(best_return_of_history(world, horizon) == optimum);
    // Codes without memory: as encoders of the state.
    for (const Encoder& encoder : every_encoder(states.state_count(), 2)) {
      const RecurrentModel model =
          with_codes(blank_model(Memory::none, 2, states.state_count(), states.action_count()), encoder);
      CHECK(best_return_through_model(model, world, horizon) == best_return(states, encoder, horizon));
    }
    world.emission = StochasticMatrix::uniform(states.state_count(), 1);
    CHECK(best_return_of_history(world, horizon) == best_open_loop(states, horizon));
    const Rational some = best_return_of_history(observed_world_of(instance), horizon);
    CHECK((best_open_loop(states, horizon) <= some && some <= optimum));
  }
}

TEST_CASE("the announced turn: what each objective keeps", "[latent]") {
  const ObservedProblem problem = announced_turn();
  CHECK(best_return_of_history(problem.world, problem.horizon) == Rational(2));
  CHECK(seen_pairs(problem).size() == 10);
  const std::vector<RecurrentRow> rows = recurrent_table(problem);
  REQUIRE(rows.size() == 9);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t k = 0; k < rows.size(); ++k) {
      INFO(rows[i].objective << " at the encoder of " << rows[k].objective);
      CHECK((i == k ? rows[i].losses[k] == rows[i].loss : rows[i].losses[k] >= rows[i].loss));
    }
  const LogForm sign = LogForm::log(3) - q("2/3") * LogForm::log(2);  // H(1/3)
  const RecurrentRow& dreamer = named(rows, "Dreamer");
  CHECK(dreamer.kept[0] == sign);
  CHECK(dreamer.planned_value == Rational(2));
  CHECK(dreamer.ties == 2);  // the codes' names
  // Without free bits the code's KL is paid for by what the decoder gains; with them it is free, and goes to
  // the leaves.
  const RecurrentRow& freed = named(rows, "Dreamer, free bits");
  CHECK(freed.kept[0] < sign);
  CHECK(freed.kept[2] > dreamer.kept[2]);
  CHECK(freed.planned_value == q("4/3"));
  CHECK(named(rows, "Dreamer, KL balanced").codes == freed.codes);
  CHECK(named(rows, "reconstruction").loss == LogForm(0));
  CHECK(named(rows, "KL").loss == LogForm(0));
  CHECK(named(rows, "KL").kept[0] == LogForm(0));
  CHECK(named(rows, "KL + decoder (-ELBO)").ties == 1024);  // all: what KL costs, the decoder saves
  CHECK(named(rows, "inverse dynamics").kept[0] == LogForm(0));
  CHECK(named(rows, "value lost by planning").planned_value == Rational(2));
}

TEST_CASE("every objective's row is the least of a list made otherwise", "[latent]") {
  ObservedProblem problem = announced_turn();
  problem.memory = Memory::none;
  problem.horizon = 2;
  const std::vector<RecurrentRow> rows = recurrent_table(problem);
  const std::uint32_t x = problem.world.observation_count();
  const std::vector<WeightedEpisode> episodes = every_episode(problem.world, problem.horizon);
  std::optional<LogForm> reconstruction, bound;
  for (const Encoder& encoder : every_encoder(x, 2)) {
    const RecurrentModel blank = with_codes(blank_model(Memory::none, 2, x, 2), encoder);
    const RecurrentModel model = with_fitted_heads(blank, counts_by_encoder(blank, episodes));
    LogForm elbo, decoding;
    for (const auto& [episode, weight] : episodes) {
      elbo += weight * negative_elbo(model, episode);
      for (const std::uint32_t seen : episode.observations)
        decoding -= weight * LogForm::log(model.decoder.probability(encoder[seen], seen));
    }
    reconstruction = reconstruction ? min(*reconstruction, decoding) : decoding;
    bound = bound ? min(*bound, elbo) : elbo;
  }
  CHECK(named(rows, "reconstruction").loss == *reconstruction);
  CHECK(named(rows, "KL + decoder (-ELBO)").loss == *bound);
}

TEST_CASE("expectation maximisation comes with bounds", "[latent]") {
  const ObservedProblem problem = announced_turn();
  const StochasticFit none = fitted_by_em(problem, 0, 64), some = fitted_by_em(problem, 4, 64);
  CHECK(none.entropy == some.entropy);
  CHECK(some.entropy <= some.surprise);
  CHECK(some.surprise <= some.bound);
  CHECK(some.surprise < none.surprise);
  // The sign and two or three leaves, at even odds.
  CHECK(none.entropy == LogForm::log(3) - q("2/3") * LogForm::log(2) + Rational(3) * LogForm::log(2));
}

TEST_CASE("what is too large is refused", "[latent]") {
  ObservedProblem problem = announced_turn();
  // Codes 0 to 4 for signs and leaves, remembered with actions: 2 + 4 x 4 pairs, 2^18 policies.
  RecurrentModel fine = blank_model(Memory::last_code_and_action, 4, 4, 2);
  std::vector<std::uint32_t> codes(fine.encoder.rows());
  for (std::size_t row = 0; row < codes.size(); ++row)
    codes[row] = static_cast<std::uint32_t>(row / fine.recurrent);
  CHECK_FALSE(best_return_through_model(with_codes(fine, codes), problem.world, 3));
  problem.codes = 4;
  CHECK(contains(message_of([&] { recurrent_table(problem); }), "more than 65536 encoders"));
  CHECK(contains(message_of([&] { every_episode(problem.world, 9); }), "4096 episodes"));
  CHECK(contains(message_of([&] { best_return_of_history(problem.world, 12); }), "too large"));
}

TEST_CASE("observation files", "[latent]") {
  const FiniteMdp states = announced_turn().world.states;
  const auto read = [&](const std::string& text) {
    const TextFile file(text);
    return read_observed_world(states, file.path());
  };
  std::string rows;
  for (int s = 0; s < 10; ++s)
    rows += (s == 0 ? "" : ", ") + ("[" + std::to_string(s) + ", " + std::to_string(s % 2) + ", \"1\"]");
  const std::string good = R"({"observations": 2, "emissions": [)" + rows + "]";
  const ObservedWorld world =
      read(good + R"(, "continues": [[3, "1/2"]], "factors": {"side": [0,1,0,0,0,0,1,1,1,1]}})");
  CHECK(world.emission.probability(3, 1) == Rational(1));
  CHECK(world.continues[3] == q("1/2"));
  CHECK(world.continues[4] == Rational(1));
  REQUIRE(world.factors.size() == 1);
  CHECK(world.factors[0].value[6] == 1);
  const auto refused = [&](const std::string& text, const std::string& words) {
    const std::string message = message_of([&] { read(text); });
    INFO(message);
    CHECK(contains(message, words));
  };
  refused("{}", "observations");
  refused(R"({"observations": 2, "emissions": []})", "/emissions: state 0");
  refused(R"({"observations": 2, "emissions": [[0, 2, "1"]]})", "/emissions/0/1");
  refused(R"({"observations": 0, "emissions": []})", "/observations");
  refused(good + R"(, "continues": [[3, "3/2"]]})", "/continues/0");
  refused(good + R"(, "factors": {"side": [0]}})", "/factors/side");
  refused(good + R"(, "factors": []})", "/factors");
  refused(good + R"(, "more": 1})", "more");
}
