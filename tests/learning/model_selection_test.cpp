#include "learning/model_selection.hpp"

#include "learning/learning_domains.hpp"
#include "mdp/enumeration.hpp"
#include "mdp/exact_values.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

/// So that a failed comparison shows the numbers.
template <>
struct Catch::StringMaker<LogForm> {
  static std::string convert(const LogForm& x) { return x.to_string(); }
};

namespace {

/// sum_k w_k loss_k + |w|^2 / (2 eta).
Rational objective(const std::vector<Rational>& weights, const std::vector<Rational>& losses,
                   const Rational& eta) {
  Rational value;
  for (std::size_t k = 0; k < weights.size(); ++k)
    value += weights[k] * losses[k] + weights[k] * weights[k] / (Rational(2) * eta);
  return value;
}

/// The conditions of Karush, Kuhn and Tucker: weights on the simplex, and loss_k + w_k / eta one number
/// where w_k > 0, no less elsewhere. The problem is strictly convex: they determine the weights.
void check_leader(const std::vector<Rational>& weights, const std::vector<Rational>& losses,
                  const Rational& eta) {
  REQUIRE(weights.size() == losses.size());
  Rational sum;
  std::optional<Rational> multiplier;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    CHECK(weights[k].sign() >= 0);
    sum += weights[k];
    if (weights[k].sign() > 0 && !multiplier) multiplier = losses[k] + weights[k] / eta;
  }
  CHECK(sum == Rational(1));
  REQUIRE(multiplier.has_value());
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const Rational gradient = losses[k] + weights[k] / eta;
    CHECK((weights[k].sign() > 0 ? gradient == *multiplier : gradient >= *multiplier));
  }
}

LogForm plain_loss(Loss loss, const std::vector<Rational>& rho, const FiniteMdp& world, const Dense& guess) {
  LogForm sum;
  for (std::size_t row = 0; row < rho.size(); ++row) {
    if (rho[row].sign() == 0) continue;
    LogForm here;
    for (std::uint32_t next = 0; next < world.state_count(); ++next) {
      const Rational p = world.kernel(1).probability(row, next), r = guess[row][next];
      if (loss == Loss::l1)
        here += LogForm(abs(p - r));
      else if (p.sign() != 0 && r.sign() == 0)
        here = LogForm::infinity();
      else if (p.sign() != 0 && !here.is_infinite())
        here += p * LogForm::log(p) - p * LogForm::log(r);
    }
    if (here.is_infinite()) return here;
    sum += rho[row] * here;
  }
  return sum;
}

Dense mixed_rows(const std::vector<FiniteMdp>& models, const std::vector<Rational>& weights) {
  const FiniteMdp& first = models.front();
  Dense rows(first.kernel(1).rows(), std::vector<Rational>(first.state_count()));
  for (std::size_t k = 0; k < models.size(); ++k)
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::uint32_t next = 0; next < first.state_count(); ++next)
        rows[row][next] += weights[k] * models[k].kernel(1).probability(row, next);
  return rows;
}

/// rho = nu / 2 + d_w / 2, d_w over trajectories; nu where no transition counts.
std::vector<Rational> plain_data(const Instance& instance, const MarkovPolicy& policy) {
  const FiniteMdp& world = *instance.model;
  const Step horizon = instance.horizon;
  std::vector<Rational> rho(world.kernel(1).rows());
  for (std::uint32_t pair = 0; pair < rho.size(); ++pair)
    rho[pair] = instance.sampling->probability(0, pair) / Rational(horizon == 1 ? 1 : 2);
  if (horizon == 1) return rho;
  for_each_trajectory(world, policy, horizon - 1, [&](const Rational& probability, const auto& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      rho[rows[i]] += probability * Rational(horizon - 1 - static_cast<Step>(i)) /
                      Rational(horizon * (horizon - 1));  // half of over H (H - 1) / 2
  });
  return rho;
}

struct Seen {
  int ties = 0, infinite = 0, switches = 0;
};

/// Runs the rounds again and compares all that a round says.
void check_rounds(const Instance& instance, int rounds, Selection selection, Loss loss, const Rational& eta,
                  Seen& seen) {
  const SelectionTrace trace = select_models(instance, rounds, {selection, loss, eta});
  REQUIRE(trace.rounds.size() == static_cast<std::size_t>(rounds));
  const std::size_t count = instance.model_class.size();
  std::vector<LogForm> total(count), latest(count);
  LogForm own;
  for (const SelectionRound& round : trace.rounds) {
    if (selection == Selection::regularized) {
      std::vector<Rational> losses;
      for (const LogForm& sum : total) losses.push_back(sum.rational());
      check_leader(round.weights, losses, eta);
    } else {
      const std::vector<LogForm>& losses = selection == Selection::latest ? latest : total;
      std::size_t chosen = 0;
      bool tie = false;
      for (std::size_t k = 1; k < count; ++k) {
        tie = losses[k] == losses[chosen] || (tie && !(losses[k] < losses[chosen]));
        if (losses[k] < losses[chosen]) chosen = k;
      }
      std::vector<Rational> expected(count);
      expected[chosen] = 1;
      CHECK(round.weights == expected);
      seen.ties += tie && &round != &trace.rounds.front() ? 1 : 0;
      seen.switches += chosen != 0 ? 1 : 0;
    }
    const FiniteMdp& world = *instance.model;
    const Dense rows = mixed_rows(instance.model_class, round.weights);
    const FiniteMdp model(world.initial(), {matrix(rows)}, world.rewards(), world.state_count(),
                          world.action_count());
    const MarkovPolicy policy = optimal_plan(model, instance.horizon).policy;
    CHECK(round.value == enumerated_return(world, policy, instance.horizon));
    CHECK(round.planning_error == enumerated_return(model, *instance.policy, instance.horizon) -
                                      enumerated_return(model, policy, instance.horizon));
    CHECK(round.planning_error <= Rational(0));
    const std::vector<Rational> rho = plain_data(instance, policy);
    const LogForm loss_of_round = plain_loss(loss, rho, world, rows);
    CHECK(round.loss == loss_of_round);
    own += loss_of_round;
    REQUIRE(round.losses.size() == count);
    for (std::size_t k = 0; k < count; ++k) {
      std::vector<Rational> alone(count);
      alone[k] = 1;
      latest[k] = plain_loss(loss, rho, world, mixed_rows(instance.model_class, alone));
      total[k] += latest[k];
      CHECK(round.losses[k] == latest[k]);
    }
  }
  LogForm best = total[0];
  for (const LogForm& sum : total) best = min(best, sum);
  CHECK(trace.total_loss() == own);
  CHECK(trace.best_total_loss() == best);
  seen.infinite += own.is_infinite() ? 1 : 0;
  if (best.is_infinite())
    CHECK_THROWS_AS(trace.regret(), InternalError);
  else
    CHECK(trace.regret() == own - best);
}

int round_count(const Instance& instance) {
  return static_cast<int>(instance.numbers.at("rounds")[0].scaled_to_word(1).value());
}

/// One state that stays or leaves to the second, and models that say so with other probabilities.
FiniteMdp leaving(const Rational& p) {
  return model_of({{{Rational(1) - p, p}, {0, 1}}}, {1, 0});
}

Instance leaving_instance(const Rational& truth, const std::vector<Rational>& guesses) {
  Instance instance;
  instance.horizon = 2;
  instance.model = leaving(truth);
  for (const Rational& guess : guesses) instance.model_class.push_back(leaving(guess));
  instance.policy = MarkovPolicy::uniform(2, 1);
  instance.sampling = matrix({{1, 0}});
  instance.numbers["rounds"] = {3};
  return instance;
}

}  // namespace

TEST_CASE("leader mixture: it is where the gradients agree, and no mixture on a grid is better",
          "[learning]") {
  int corners = 0, inner = 0;
  for (std::uint64_t index = 0; index < 150; ++index) {
    ChoiceSource choices(PhiloxStream(51, index));
    std::vector<Rational> losses;
    const std::uint32_t count = choices.between(1, 4);
    for (std::uint32_t k = 0; k < count; ++k)  // few different ones, some of either sign
      losses.push_back(Rational::ratio(static_cast<int>(choices.below(9)) - 3, choices.between(1, 3)));
    const Rational eta = Rational::ratio(choices.between(1, 5), choices.between(1, 7));
    const std::vector<Rational> weights = leader_mixture(losses, eta);
    INFO("losses " << index);
    check_leader(weights, losses, eta);
    const Rational least = objective(weights, losses, eta);
    constexpr std::uint32_t steps = 8;
    for (std::uint32_t code = 0; code < 9 * 9 * 9; ++code) {
      std::vector<std::uint32_t> shares = {code % 9, code / 9 % 9, code / 81};
      const std::uint32_t used = shares[0] + shares[1] + shares[2];
      if (used > steps) continue;
      shares.insert(shares.begin(), steps - used);
      std::vector<Rational> other;
      for (std::uint32_t k = 0; k < count; ++k) other.push_back(Rational::ratio(shares[k], steps));
      Rational sum;
      for (const Rational& weight : other) sum += weight;
      if (sum == Rational(1)) CHECK(least <= objective(other, losses, eta));
    }
    for (const Rational& weight : weights) {
      corners += count > 1 && weight == Rational(1) ? 1 : 0;
      inner += weight.sign() > 0 && weight < Rational(1) ? 1 : 0;
    }
  }
  CHECK((corners > 10 && inner > 50));
}

TEST_CASE("leader mixture: by hand", "[learning]") {
  using Weights = std::vector<Rational>;
  CHECK(leader_mixture({q("5/3")}, 7) == Weights{1});
  CHECK(leader_mixture({2, 2, 2}, q("1/9")) == Weights{q("1/3"), q("1/3"), q("1/3")});
  // Points 0 and -1/2; the threshold -3/4 leaves 3/4 and 1/4.
  CHECK(leader_mixture({0, 1}, q("1/2")) == Weights{q("3/4"), q("1/4")});
  CHECK(leader_mixture({1, 0}, q("1/2")) == Weights{q("1/4"), q("3/4")});
  CHECK(leader_mixture({0, 1}, 1) == Weights{1, 0});  // just at the corner
  CHECK(leader_mixture({0, 1}, 2) == Weights{1, 0});
  CHECK(leader_mixture({3, 1, 1}, 1) == Weights{0, q("1/2"), q("1/2")});  // a tie of the best
  // A common shift of the losses changes nothing.
  CHECK(leader_mixture({10, 11}, q("1/2")) == Weights{q("3/4"), q("1/4")});
  CHECK(leader_mixture({-4, -3, 100}, q("1/2")) == Weights{q("3/4"), q("1/4"), 0});
}

TEST_CASE("mixture: rows are weighted means, and a sure weight is the model itself", "[learning]") {
  for (std::uint64_t i = 0; i < 60; ++i) {
    const Instance instance = drawn(model_classes(), i);
    const std::vector<FiniteMdp>& models = instance.model_class;
    ChoiceSource choices(PhiloxStream(52, i));
    std::vector<Rational> weights;
    Rational sum;
    for (std::size_t k = 0; k < models.size(); ++k) {
      weights.push_back(Rational::ratio(choices.between(k == 0 ? 1 : 0, 4), choices.flag() ? 3 : prime_p));
      sum += weights.back();
    }
    for (Rational& weight : weights) weight /= sum;
    const FiniteMdp mean = mixture(models, weights);
    const Dense expected = mixed_rows(models, weights);
    INFO("instance " << i);
    for (std::size_t row = 0; row < expected.size(); ++row)
      for (std::uint32_t next = 0; next < expected[row].size(); ++next)
        CHECK(mean.kernel(1).probability(row, next) == expected[row][next]);
    CHECK(mean.rewards() == instance.model->rewards());
    CHECK(mean.initial() == instance.model->initial());
    CHECK_FALSE(mean.time_varying());
    for (std::size_t k = 0; k < models.size(); ++k) {
      std::vector<Rational> sure(models.size());
      sure[k] = 1;
      CHECK(same_process(mixture(models, sure), models[k]));
    }
  }
}

TEST_CASE("model selection: the latest and the leader, run again by definition", "[learning]") {
  for (const Loss loss : {Loss::l1, Loss::kl}) {
    for (const Selection selection : {Selection::latest, Selection::leader}) {
      Seen seen;
      for (std::uint64_t i = 0; i < 150; ++i) {
        const Instance instance = drawn(model_classes(), i);
        INFO("instance " << i << (loss == Loss::kl ? ", KL" : ", L1")
                         << (selection == Selection::latest ? ", latest" : ", leader"));
        check_rounds(instance, round_count(instance), selection, loss, 1, seen);
      }
      CHECK((seen.ties > 5 && seen.switches > 50));
      if (loss == Loss::kl) CHECK(seen.infinite > 20);
    }
  }
}

TEST_CASE("model selection: the regularised leader, run again by definition", "[learning]") {
  Seen seen;
  for (std::uint64_t i = 0; i < 80; ++i) {
    const Instance instance = drawn(model_classes(), i);
    INFO("instance " << i);
    const Rational eta = Rational::ratio(static_cast<std::int64_t>(i % 4) + 1, i % 3 + 1);
    check_rounds(instance, std::min(round_count(instance), 6), Selection::regularized, Loss::l1, eta, seen);
    const SelectionTrace trace = select_models(instance, 1, {Selection::regularized, Loss::l1, eta});
    const auto count = static_cast<std::uint64_t>(instance.model_class.size());
    for (const Rational& weight : trace.rounds[0].weights) CHECK(weight == Rational::ratio(1, count));
  }
}

TEST_CASE("model selection: losses by hand", "[learning]") {
  // H = 2: the data is the pair of state 0 alone. The truth leaves with 1/2.
  const Instance instance = leaving_instance(q("1/2"), {q("1/4"), q("1/2"), q("3/4")});
  const SelectionTrace l1 = select_models(instance, 3, {Selection::leader, Loss::l1});
  CHECK(l1.rounds[0].losses == std::vector<LogForm>{q("1/2"), 0, q("1/2")});
  CHECK(l1.rounds[0].loss == LogForm(q("1/2")));
  CHECK(l1.rounds[1].weights == std::vector<Rational>{0, 1, 0});
  CHECK(l1.rounds[1].loss == LogForm(0));
  CHECK(l1.rounds[0].value == q("3/2"));
  CHECK((l1.total_loss() == LogForm(q("1/2")) && l1.best_total_loss() == LogForm(0)));
  CHECK(l1.regret() == LogForm(q("1/2")));
  // KL(1/2 || 1/4) = 1/2 log 2 + 1/2 log(2/3) = log 2 - 1/2 log 3.
  const SelectionTrace kl = select_models(instance, 2, {Selection::latest, Loss::kl});
  CHECK(kl.rounds[0].losses[0] == LogForm::log(2) - Rational::ratio(1, 2) * LogForm::log(3));
  CHECK(kl.rounds[0].losses[1] == LogForm(0));
  CHECK(kl.rounds[0].losses[2] == kl.rounds[0].losses[0]);
}

TEST_CASE("model selection: the latest data goes to and fro where the leader remembers", "[learning]") {
  // Both actions of state 0 lead to state 2, which pays nothing. The first model says that action 0 leads to
  // state 1, which pays; the second that action 1 does so half the time.
  const auto model_with = [](const Rational& first, const Rational& second) {
    return model_of({{{0, first, Rational(1) - first},
                      {0, second, Rational(1) - second},
                      {0, 1, 0},
                      {0, 1, 0},
                      {0, 0, 1},
                      {0, 0, 1}}},
                    {0, 0, 1, 1, 0, 0});
  };
  Instance instance;
  instance.horizon = 2;
  instance.model = model_with(0, 0);
  instance.model_class = {model_with(1, 0), model_with(0, q("1/2"))};
  const std::uint32_t zeros[] = {0, 0, 0};
  instance.policy = MarkovPolicy::deterministic(zeros, 3, 2);
  instance.sampling = matrix({{0, 0, 1, 0, 0, 0}});  // nothing to be learned there
  const auto chosen = [&](Selection selection) {
    std::vector<int> models;
    for (const SelectionRound& round : select_models(instance, 5, {selection, Loss::l1}).rounds)
      models.push_back(round.weights[0] == Rational(1) ? 0 : 1);
    return models;
  };
  // Whoever plans visits where it is wrong: the first loses 1 there, the second 1/2.
  CHECK(chosen(Selection::latest) == std::vector<int>{0, 1, 0, 1, 0});
  // Totals 1 and 0, 1 and 1/2, 1 and 1 (the first of equals), 2 and 1.
  CHECK(chosen(Selection::leader) == std::vector<int>{0, 1, 1, 0, 1});
  const SelectionTrace leader = select_models(instance, 5, {Selection::leader, Loss::l1});
  CHECK(leader.total_loss() == LogForm(q("7/2")));
  CHECK(leader.best_total_loss() == LogForm(q("3/2")));
  CHECK(leader.regret() == LogForm(2));
}

TEST_CASE("model selection: of equal losses the first wins", "[learning]") {
  const Instance instance = leaving_instance(q("1/2"), {q("1/8"), q("3/4"), q("1/4"), q("3/4")});
  for (const Selection selection : {Selection::latest, Selection::leader}) {
    const SelectionTrace trace = select_models(instance, 3, {selection, Loss::l1});
    CHECK(trace.rounds[0].weights == std::vector<Rational>{1, 0, 0, 0});  // nothing is known yet
    CHECK(trace.rounds[1].weights == std::vector<Rational>{0, 1, 0, 0});
    CHECK(trace.rounds[2].weights == std::vector<Rational>{0, 1, 0, 0});
  }
}

TEST_CASE("model selection: a class of one element is chosen, whatever it loses", "[learning]") {
  for (const Rational& guess : {q("1/2"), q("1/5"), q("0")}) {
    const Instance instance = leaving_instance(q("1/2"), {guess});
    for (const Selection selection : {Selection::latest, Selection::leader, Selection::regularized}) {
      const SelectionTrace trace = select_models(instance, 4, {selection, Loss::l1});
      for (const SelectionRound& round : trace.rounds) {
        CHECK(round.weights == std::vector<Rational>{1});
        CHECK(round.loss == LogForm(Rational(2) * abs(guess - q("1/2"))));
      }
      CHECK(trace.regret() == LogForm(0));
    }
  }
}

TEST_CASE("model selection: a model that misses what happens loses infinitely much", "[learning]") {
  // The first model never leaves, the second always does; only the third knows of both.
  const Instance mixed = leaving_instance(q("1/2"), {0, 1, q("1/9")});
  for (const Selection selection : {Selection::latest, Selection::leader}) {
    const SelectionTrace trace = select_models(mixed, 3, {selection, Loss::kl});
    CHECK((trace.rounds[0].losses[0].is_infinite() && trace.rounds[0].losses[1].is_infinite()));
    CHECK(trace.rounds[0].loss.is_infinite());
    CHECK(trace.rounds[1].weights == std::vector<Rational>{0, 0, 1});
    CHECK_FALSE(trace.best_total_loss().is_infinite());
    CHECK((trace.total_loss().is_infinite() && trace.regret().is_infinite()));
  }
  const Instance hopeless = leaving_instance(q("1/2"), {0, 1});
  for (const Selection selection : {Selection::latest, Selection::leader}) {
    const SelectionTrace trace = select_models(hopeless, 2, {selection, Loss::kl});
    CHECK(trace.rounds[1].weights == std::vector<Rational>{1, 0});  // both as bad: the first
    CHECK(trace.best_total_loss().is_infinite());
    CHECK_THROWS_AS(trace.regret(), InternalError);
  }
  // Where the truth is sure a model that allows more loses something finite.
  const Instance sure = leaving_instance(1, {q("1/3")});
  CHECK(select_models(sure, 1, {Selection::latest, Loss::kl}).rounds[0].loss == LogForm::log(3));
}

TEST_CASE("model selection: what makes no sense is a fault of the caller", "[learning]") {
  Instance instance = leaving_instance(q("1/2"), {q("1/4")});
  CHECK_THROWS_AS(select_models(instance, 1, {Selection::regularized, Loss::kl}), InternalError);
  instance.model_class.clear();
  CHECK_THROWS_AS(select_models(instance, 1, {Selection::latest, Loss::l1}), InternalError);
}

TEST_CASE("row KL: by hand, and never negative", "[learning]") {
  const StochasticMatrix rows =
      matrix({{q("1/2"), q("1/2"), 0}, {q("1/4"), q("3/4"), 0}, {0, 0, 1}, {1, 0, 0}});
  CHECK(row_kl(rows, 0, rows, 1) == LogForm::log(2) - Rational::ratio(1, 2) * LogForm::log(3));
  CHECK(row_kl(rows, 1, rows, 0) == Rational::ratio(3, 4) * LogForm::log(3) - LogForm::log(2));
  CHECK(row_kl(rows, 0, rows, 2).is_infinite());
  CHECK(row_kl(rows, 0, rows, 3).is_infinite());
  CHECK(row_kl(rows, 3, rows, 1) == LogForm::log(4));
  for (std::size_t p = 0; p < 4; ++p) {
    CHECK(row_kl(rows, p, rows, p) == LogForm(0));
    for (std::size_t r = 0; r < 4; ++r) CHECK((row_kl(rows, p, rows, r).sign() > 0) == (p != r));
  }
}
