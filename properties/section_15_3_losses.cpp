// Section 15.3: the weights of the two data sets in Algorithm 2, for classes of models with and without the
// world.
#include "common.hpp"
#include "learning/learning_domains.hpp"
#include "learning/model_selection.hpp"

namespace lemmacheck {
namespace {

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
      .kind = "reading",
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
      .kind = "beyond",
  });
}

const Section section("15.3", add_losses, 5);

}  // namespace
}  // namespace lemmacheck
