// Section 15.3: from the L1 distance of the lemmas to the log loss that is fitted.
#include "learning/learning_domains.hpp"
#include "learning/model_selection.hpp"
#include "section_15_3.hpp"

namespace lemmacheck {
namespace {

using namespace section_15_3;

const std::vector<std::string> two_kernels = {"two stationary kernels T and T'"};
const std::vector<std::string> two_kernels_and_nu = {"two stationary kernels T and T'",
                                                     "any distribution nu over (s, a)"};
constexpr PairOptions sampled = {.sampling = true};

LogForm kl(const View<Rational>& x, State s, Action a, In from = In::model, In to = In::perturbed) {
  const std::size_t row = x.model().row(s, a);
  return row_kl(x.model(from).kernel(1), row, x.model(to).kernel(1), row);
}

/// E_{s' ~ T} [-log T_in(s'|s, a)].
LogForm log_loss(const View<Rational>& x, State s, Action a, In in) {
  const std::size_t row = x.model().row(s, a);
  const StochasticMatrix &truth = x.model().kernel(1), &guess = x.model(in).kernel(1);
  LogForm sum;
  for (std::size_t e = truth.row_begin(row); e != truth.row_end(row); ++e) {
    const Rational p = guess.probability(row, truth.column(e));
    if (p.sign() == 0) return LogForm::infinity();
    sum -= truth.probability(e) * LogForm::log(p);
  }
  return sum;
}

/// sum over (s, a) of nu(s, a) f(s, a).
template <class F>
LogForm expected(const View<Rational>& x, F&& f) {
  const StochasticMatrix& nu = *x.instance().sampling;
  const std::uint32_t actions = x.model().action_count();
  LogForm sum;
  for (std::size_t e = nu.row_begin(0); e != nu.row_end(0); ++e)
    sum += nu.probability(e) * f(State{nu.column(e) / actions}, Action{nu.column(e) % actions});
  return sum;
}

auto pinsker(std::int64_t hundredths) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    for (const State s : x.states())
      for (const Action a : x.actions())
        at({.state = s, .action = a}, [&] {
          return Sides<LogForm>{pow(x.row_l1(1, s, a), 2), Rational::ratio(hundredths, 100) * kl(x, s, a)};
        });
  });
}

auto chain(std::int64_t hundredths) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const Rational l1 = x.sampling_expectation([&](State s, Action a) { return x.row_l1(1, s, a); });
    const LogForm divergence = expected(x, [&](State s, Action a) { return kl(x, s, a); });
    at(l1 * l1, Rational::ratio(hundredths, 100) * divergence);
  });
}

/// P(s' != t') for independent s' ~ T, t' ~ T'.
template <class V>
auto mismatch(const V& x, State s, Action a) {
  return x.number(1) - x.next_expectation(1, s, a, In::model, [&](State next) {
    return x.next_expectation(1, s, a, In::perturbed,
                              [&](State other) { return x.number(other == next ? 1 : 0); });
  });
}

auto l1_by_mismatch(std::int64_t hundredths) {
  return [=](const auto& x, auto& at) {
    for (const State s : x.states())
      for (const Action a : x.actions())
        at({.state = s, .action = a}, [&] {
          return Sides{x.row_l1(1, s, a), x.ratio(hundredths, 100) * mismatch(x, s, a)};
        });
  };
}

auto jensen(bool right_way) {
  return [=](const auto& x, auto& at) {
    const auto mean = x.sampling_expectation([&](State s, Action a) { return x.row_l1(1, s, a); });
    const auto mean_square =
        x.sampling_expectation([&](State s, Action a) { return x.row_l1(1, s, a) * x.row_l1(1, s, a); });
    if (right_way)
      at(mean * mean, mean_square);
    else
      at(mean_square, mean * mean);
  };
}

/// E_nu of the log losses' difference against E_nu KL in one direction.
auto log_loss_is_kl(In from, In to) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const LogForm loss = expected(x, [&](State s, Action a) { return log_loss(x, s, a, In::perturbed); });
    at.assume(loss.is_infinite() ? Truth::no : Truth::yes);
    const LogForm divergence = expected(x, [&](State s, Action a) { return kl(x, s, a, from, to); });
    if (loss.is_infinite()) return;
    at(loss - expected(x, [&](State s, Action a) { return log_loss(x, s, a, In::model); }), divergence);
  });
}

auto likeliest(bool truth_is_best) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const LogForm truth = expected(x, [&](State s, Action a) { return log_loss(x, s, a, In::model); });
    const LogForm other = expected(x, [&](State s, Action a) { return log_loss(x, s, a, In::perturbed); });
    if (truth_is_best)
      at(truth, other);
    else
      at(other, truth);
  });
}

/// The KL losses of a class's models with weight `expert` on nu and the rest on the comparison policy's d_w.
std::vector<LogForm> class_losses(const View<Rational>& x, const Rational& expert) {
  const FiniteMdp& world = x.model();
  const std::vector<Rational> rho =
      hybrid_distribution(world, x.policy(), x.horizon(), *x.instance().sampling, expert);
  std::vector<LogForm> losses;
  for (const FiniteMdp& model : x.instance().model_class) {
    LogForm sum;
    for (std::size_t row = 0; row < rho.size(); ++row)
      if (rho[row].sign() != 0) sum += rho[row] * row_kl(world.kernel(1), row, model.kernel(1), row);
    losses.push_back(std::move(sum));
  }
  return losses;
}

/// The best model at weights one half and one half, judged at one tenth and nine tenths.
auto weights(bool realisable) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    bool truth = false;
    for (const FiniteMdp& model : x.instance().model_class)
      truth = truth || model.kernel(1) == x.model().kernel(1);
    if (realisable) at.assume(truth ? Truth::yes : Truth::no);
    if (at.assumption() == Truth::no) return;
    const std::vector<LogForm> half = class_losses(x, Rational::ratio(1, 2)),
                               tenth = class_losses(x, Rational::ratio(1, 10));
    const auto best = static_cast<std::size_t>(std::ranges::min_element(half) - half.begin());
    at(tenth[best], *std::ranges::min_element(tenth));
  });
}

void add_losses(Ledger& ledger) {
  ledger.add({
      .id = "loss.pinsker",
      .source = "Pinsker's inequality",
      .statement = R"(\|T - T'\|_1^2 \le 2\, KL(T \| T') \text{ at every } (s, a))",
      .hypotheses = two_kernels,
      .domain = model_pairs(),
      .formula = pinsker(200),
      .note = "Tight in the limit of equal rows only; KL is infinite where T' misses what T has.",
      .mutants = {{"a factor of 1 for 2", pinsker(100)}, {"1.9 for 2", pinsker(190)}},
  });

  ledger.add({
      .id = "loss.l1_by_mismatch",
      .source = "section 15.3",
      .statement = R"(\|T - T'\|_1 \le 2\, P(s' \ne t'),\ s' \sim T,\ t' \sim T' \text{ at every } (s, a))",
      .hypotheses = {"two stationary kernels T and T'", "s' and t' drawn independently"},
      .domain = model_pairs(),
      .formula = l1_by_mismatch(200),
      .note = "The classification loss. Any coupling has it; the independent one is checked. Attained where "
              "the rows do not overlap.",
      .mutants = {{"1.9 for 2", l1_by_mismatch(190)}},
  });

  ledger.add({
      .id = "loss.jensen",
      .source = "section 15.3",
      .statement = R"((\mathbb{E}_\nu \|T - T'\|_1)^2 \le \mathbb{E}_\nu \|T - T'\|_1^2)",
      .hypotheses = two_kernels_and_nu,
      .domain = model_pairs(sampled),
      .formula = jensen(true),
      .mutants = {{"the other way round", jensen(false)}},
  });

  ledger.add({
      .id = "loss.l1_by_kl",
      .source = "section 15.3",
      .statement = R"((\mathbb{E}_\nu \|T - T'\|_1)^2 \le 2\, \mathbb{E}_\nu KL(T \| T'))",
      .hypotheses = two_kernels_and_nu,
      .domain = model_pairs(sampled),
      .formula = chain(200),
      .note = "Jensen, then Pinsker: how a small log loss makes the lemmas' distance small.",
      .mutants = {{"1.9 for 2", chain(190)}},
  });

  ledger.add({
      .id = "loss.log_loss_is_kl",
      .source = "section 15.3",
      .statement =
          R"(\mathbb{E}_\nu \mathbb{E}_T[-\log T'] - \mathbb{E}_\nu \mathbb{E}_T[-\log T] = \mathbb{E}_\nu KL(T \| T'))",
      .hypotheses = {"two stationary kernels T and T'", "any distribution nu over (s, a)",
                     "T' has what T has, where nu looks"},
      .domain = model_pairs(sampled),
      .relation = Relation::equal,
      .formula = log_loss_is_kl(In::model, In::perturbed),
      .note = "Least log loss and least KL are one aim: they differ by the world's entropy, which no model "
              "changes.",
      .mutants = {{"KL the other way round", log_loss_is_kl(In::perturbed, In::model)}},
  });

  ledger.add({
      .id = "loss.maximum_likelihood",
      .source = "section 15.3",
      .statement =
          R"(\mathbb{E}_\nu \mathbb{E}_T[-\log T] \le \mathbb{E}_\nu \mathbb{E}_T[-\log T'] \text{ for every } T')",
      .hypotheses = two_kernels_and_nu,
      .domain = model_pairs(sampled),
      .formula = likeliest(true),
      .note = "On the hybrid data's distribution the table of true frequencies has the least log loss: "
              "minimising it is maximum likelihood.",
      .mutants = {{"the other way round", likeliest(false)}},
  });

  ledger.add({
      .id = "loss.weights_matter",
      .source = "algorithm 2",
      .statement =
          R"(\text{the best of a class at weights } \tfrac12, \tfrac12 \text{ is the best at } \tfrac1{10}, \tfrac9{10})",
      .hypotheses = {"any finite class of models", "log loss on nu and on a policy's data"},
      .domain = model_classes(),
      .relation = Relation::equal,
      .formula = weights(false),
      .expected = Verdict::violated,
      .corrected = "loss.weights_realisable",
      .note = "The halves of Algorithm 2 are a choice, once no model of the class is right.",
  });

  ledger.add({
      .id = "loss.weights_realisable",
      .source = "algorithm 2",
      .statement =
          R"(\text{the best of a class at weights } \tfrac12, \tfrac12 \text{ is the best at } \tfrac1{10}, \tfrac9{10})",
      .hypotheses = {"a finite class of models with the world's dynamics",
                     "log loss on nu and on a policy's data"},
      .domain = model_classes(),
      .relation = Relation::equal,
      .formula = weights(true),
      .mutants = {{"any class", weights(false)}},
      .without = {{"realisability", weights(false)}},
  });
}

const Section section("15.3", add_losses, 5);

}  // namespace
}  // namespace lemmacheck
