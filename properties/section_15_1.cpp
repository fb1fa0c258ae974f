// Section 15.1, "What's a model?": how many numbers a model and a policy have.
#include "claims/ledger.hpp"

namespace lemmacheck {
namespace {

/// Numbers written down for M's kernel: one for each row and each next state.
template <class V>
auto kernel_entries(const V& x) {
  const StochasticMatrix& kernel = x.model().kernel(1);
  return V::number(static_cast<std::int64_t>(kernel.rows() * kernel.columns()));
}

template <class V>
auto policy_entries(const V& x) {
  const MarkovPolicy policy = MarkovPolicy::uniform(x.model().state_count(), x.model().action_count());
  return V::number(static_cast<std::int64_t>(policy.table().rows() * policy.table().columns()));
}

/// Each row sums to 1, which takes one number of freedom from it.
template <class V>
auto kernel_freedom(const V& x) {
  return kernel_entries(x) - V::number(static_cast<std::int64_t>(x.model().kernel(1).rows()));
}

template <class V>
auto policy_freedom(const V& x) {
  return policy_entries(x) - V::number(x.model().state_count());
}

template <class V>
auto states(const V& x) {
  return V::number(x.model().state_count());
}

template <class V>
auto actions(const V& x) {
  return V::number(x.model().action_count());
}

void add_claims(Ledger& ledger) {
  ledger.add({
      .id = "model.kernel_entries",
      .source = "section 15.1",
      .statement = R"(\mathcal{T} \text{ has } |S|^2 |A| \text{ entries})",
      .hypotheses = {"finite states and actions"},
      .domain = models(),
      .relation = Relation::equal,
      .formula = [](const auto& x, auto& at) { at(kernel_entries(x), states(x) * states(x) * actions(x)); },
      .note = "Entries, not free parameters: each of the S A rows sums to 1, which leaves S A (S - 1).",
      .mutants = {{"|S| |A|", [](const auto& x, auto& at) { at(kernel_entries(x), states(x) * actions(x)); }},
                  {"|S| |A|^2",
                   [](const auto& x, auto& at) {
                     at(kernel_entries(x), states(x) * actions(x) * actions(x));
                   }}},
  });

  ledger.add({
      .id = "model.policy_entries",
      .source = "section 15.1",
      .statement = R"(\pi : S \to \Delta(A) \text{ has } |S| |A| \text{ entries})",
      .hypotheses = {"finite states and actions", "stochastic policies"},
      .domain = models(),
      .relation = Relation::equal,
      .formula = [](const auto& x, auto& at) { at(policy_entries(x), states(x) * actions(x)); },
      .note = "A deterministic policy is one of A^S functions.",
      .mutants = {{"|S|^2", [](const auto& x, auto& at) { at(policy_entries(x), states(x) * states(x)); }}},
  });

  ledger.add({
      .id = "model.more_to_learn",
      .source = "section 15.1",
      .statement = R"(|S|(|A|-1) + 1 \le |S||A|(|S|-1))",
      .hypotheses = {"free parameters are counted", "any number of states"},
      .domain = models(),
      .formula = [](const auto& x, auto& at) { at(policy_freedom(x) + x.number(1), kernel_freedom(x)); },
      .expected = Verdict::violated,
      .corrected = "model.more_to_learn_two_states",
      .note = "A model has more to learn than a policy, said without a condition: with one state there is "
              "nothing "
              "to learn of the dynamics.",
  });

  ledger.add({
      .id = "model.more_to_learn_two_states",
      .source = "section 15.1",
      .statement = R"(|S| \ge 2 \implies |S|(|A|-1) + 1 \le |S||A|(|S|-1))",
      .hypotheses = {"free parameters are counted", "at least two states"},
      .domain = models(),
      .formula =
          [](const auto& x, auto& at) {
            at.assume(x.model().state_count() >= 2 ? Truth::yes : Truth::no);
            at(policy_freedom(x) + x.number(1), kernel_freedom(x));
          },
      .mutants = {{"three more, not one",
                   [](const auto& x, auto& at) {
                     at.assume(x.model().state_count() >= 2 ? Truth::yes : Truth::no);
                     at(policy_freedom(x) + x.number(3), kernel_freedom(x));
                   }}},
  });
}

const Section section("15.1", add_claims);

}  // namespace
}  // namespace lemmacheck
