// Section 15.4: what a representation keeps, and what each objective makes of it, on small worlds.
//
// An encoder e maps each state x to a code z. Losses are those of the best tables for it, on the data of a
// behaviour policy over H steps, in nats. A code has the value of the best deterministic, stationary policy
// that sees it alone.
#include "common.hpp"
#include "latent/encoded_worlds.hpp"

namespace lemmacheck {
namespace {

const std::vector<std::string> any_encoder = {"rewards in [0, 1]", "any stationary behaviour policy",
                                              "any deterministic encoder"};
const std::vector<std::string> any_behaviour = {"rewards in [0, 1]", "any stationary behaviour policy"};

BehaviourData data_of(const View<Rational>& x, Step windows = 1) {
  return BehaviourData(x.model(), x.policy(), x.horizon(), windows);
}

std::uint32_t state_count(const View<Rational>& x) {
  return x.model().state_count();
}

/// `left` of the constant encoder <= `left` of the given one, both functions of the data and an encoder.
template <class Loss>
auto constant_is_best(Loss loss) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const BehaviourData data = data_of(x);
    at(loss(data, constant_encoder(state_count(x))), loss(data, encoder_of(x.instance())));
  });
}

LogForm consistency(const BehaviourData& data, const Encoder& encoder) {
  return data.latent_consistency(encoder);
}
LogForm consistency_and_reward(const BehaviourData& data, const Encoder& encoder) {
  return data.latent_consistency(encoder) + LogForm(data.reward_loss(encoder));
}
LogForm consistency_and_decoder(const BehaviourData& data, const Encoder& encoder) {
  return data.latent_consistency(encoder) + data.reconstruction_loss(encoder);
}

/// H(X | Z) + weight H(Z) = H(X).
auto decoder_price(std::int64_t weight) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const BehaviourData data = data_of(x);
    const Encoder constant = constant_encoder(state_count(x)), encoder = encoder_of(x.instance());
    const LogForm code_entropy = data.information(encoder, encoder);
    at(data.reconstruction_loss(encoder) + Rational(weight) * code_entropy,
       data.reconstruction_loss(constant));
  });
}

/// The least value among the encoders, with at most `codes` codes, that minimise a loss.
template <class Loss>
Rational least_value_of_best(const View<Rational>& x, std::uint32_t codes, Loss&& loss) {
  std::optional<LogForm> least;
  Rational value;
  for (const Encoder& encoder : every_encoder(state_count(x), codes)) {
    const LogForm here = loss(encoder);
    if (least && here > *least) continue;
    const Rational own = best_return(x.model(), encoder, x.horizon());
    value = least && here == *least ? min(value, own) : own;
    least = here;
  }
  return value;
}

Rational most_value(const View<Rational>& x, std::uint32_t codes) {
  Rational value;
  for (const Encoder& encoder : every_encoder(state_count(x), codes))
    value = max(value, best_return(x.model(), encoder, x.horizon()));
  return value;
}

auto decoder_keeps_the_task(std::uint32_t codes) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const BehaviourData data = data_of(x);
    at(most_value(x, codes), least_value_of_best(x, codes, [&](const Encoder& encoder) {
         return data.reconstruction_loss(encoder);
       }));
  });
}

/// Of the encoders that lose nothing of an inverse dynamics model's windows 1..k, the one with least value.
auto inverse_keeps_the_value(Step windows) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const BehaviourData data = data_of(x, windows);
    const std::uint32_t n = state_count(x);
    Rational value = best_return(x.model(), injective_encoder(n), x.horizon());
    const Rational best = value;
    for (const Encoder& encoder : every_encoder(n, n)) {
      bool loses = false;
      for (Step k = 1; k <= windows && !loses; ++k)
        loses = data.inverse_loss(encoder, k) != data.inverse_loss(injective_encoder(n), k);
      if (!loses) value = min(value, best_return(x.model(), encoder, x.horizon()));
    }
    at(best, value);
  });
}

/// The largest transition error of the encoders that tell actions apart, over windows up to S^2 or one, = 0.
auto inverse_is_a_model(bool multi_step) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const std::uint32_t n = state_count(x);
    std::vector<Encoder> merging = every_encoder(n, n);
    merging.pop_back();  // the injective one, which has no error
    Rational worst;
    for (const Encoder& encoder :
         telling_actions(x.model(), std::move(merging), multi_step ? static_cast<Step>(n * n) : 1))
      worst = max(worst, latent_average(x.model(), encoder).l1_error);
    at(worst, Rational(0));
  });
}

auto filters_exogenous(const char* factor) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const BehaviourData data = data_of(x);
    at(data.inverse_loss(encoder_of(x.instance(), factor)),
       data.inverse_loss(injective_encoder(state_count(x))));
  });
}

/// |J(pi, M) - J(pi, latent)|, pi seeing codes.
Rational latent_gap(const View<Rational>& x, const LatentAverage& latent) {
  const Encoder encoder = encoder_of(x.instance());
  return abs(policy_return(x.model(), policy_through_codes(x.policy(), encoder), x.horizon()) -
             policy_return(latent.model, policy_on_codes(x.policy(), encoder), x.horizon()));
}

auto latent_lemma(std::int64_t rewards, std::uint64_t divisor) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const LatentAverage latent = latent_average(x.model(), encoder_of(x.instance()));
    at(latent_gap(x, latent), Rational(x.horizon() - 1 + rewards) * latent.reward_error +
                                  Rational::ratio(2 * triangle(x.horizon() - 1), divisor) * latent.l1_error);
  });
}

auto latent_lemma_sharp(std::int64_t hundredths) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const LatentAverage latent = latent_average(x.model(), encoder_of(x.instance()));
    const Rational b = sharp_simulation_bound(latent.l1_error / Rational(2), x.horizon());
    at(latent_gap(x, latent),
       Rational::ratio(hundredths, 100) * (latent.reward_error * (Rational(x.horizon()) - b) + b));
  });
}

auto bisimulation_value(bool of_optimum) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Encoder encoder = encoder_of(x.instance());
    const LatentAverage latent = latent_average(x.model(), encoder);
    const auto optimum = [&](const FiniteMdp& mdp) {
      return expected_value<Rational>(mdp, optimal_plan(mdp, x.horizon()).values);
    };
    if (of_optimum) return at(optimum(x.model()), optimum(latent.model));
    at(policy_return(x.model(), policy_through_codes(x.policy(), encoder), x.horizon()),
       policy_return(latent.model, policy_on_codes(x.policy(), encoder), x.horizon()));
  });
}

void add_decoder_claims(Ledger& ledger) {
  ledger.add({
      .id = "latent.collapse",
      .source = "section 15.4, question 1",
      .statement = R"(H(e_c(X') \mid e_c(X), A) \le H(e(X') \mid e(X), A) \text{ for the constant } e_c)",
      .hypotheses = any_encoder,
      .domain = encoded_worlds(),
      .formula = constant_is_best(consistency),
      .note = "Latent consistency alone is minimised by a constant code, which has no loss at all.",
      .mutants = {{"with a decoder", constant_is_best(consistency_and_decoder)}},
      .kind = "printed",
  });

  ledger.add({
      .id = "latent.collapse_with_rewards",
      .source = "section 15.4, question 1",
      .statement = R"(\text{the constant code minimises latent consistency with a reward head's loss})",
      .hypotheses = any_encoder,
      .domain = encoded_worlds(),
      .formula = constant_is_best(consistency_and_reward),
      .expected = Verdict::violated,
      .corrected = "latent.collapse_where_rewards_agree",
      .note = "A reward head may keep a code from collapsing where rewards differ; it need not: with an independent, "
              "uniform next state and rewards by state the constant code loses 1/4, the injective one log 2.",
      .kind = "reading",
  });

  ledger.add({
      .id = "latent.collapse_where_rewards_agree",
      .source = "section 15.4, question 1",
      .statement =
          R"(\text{the constant code minimises latent consistency with a reward head's loss, if } r(x,a) = r(a))",
      .hypotheses = with(any_encoder, {"rewards depend on the action alone"}),
      .domain = encoded_worlds(true),
      .formula = constant_is_best(consistency_and_reward),
      .mutants = {{"with a decoder", constant_is_best(consistency_and_decoder)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.decoder_price",
      .source = "section 15.4, question 1",
      .statement = R"(H(X \mid Z) + H(Z) = H(X))",
      .hypotheses = any_encoder,
      .domain = encoded_worlds(),
      .relation = Relation::equal,
      .formula = decoder_price(1),
      .note =
          "What the best decoder loses is what the code does not hold: H(X) for a constant code, 0 for an "
          "injective one.",
      .mutants = {{"without the code's entropy", decoder_price(0)}},
      .kind = "printed",
  });

  ledger.add({
      .id = "latent.decoder_keeps_the_task",
      .source = "section 15.4, question 2",
      .statement =
          R"(\max_{e: |Z| \le 2} V(e) \le V(e) \text{ for every } e \in \arg\min_{|Z| \le 2} H(X \mid Z))",
      .hypotheses = any_behaviour,
      .domain = behaved_worlds(),
      .formula = decoder_keeps_the_task(2),
      .expected = Verdict::violated,
      .corrected = "latent.bisimulation_optimum",
      .note = "With two codes a decoder keeps what is most uncertain, be it irrelevant, and the task goes.",
      .kind = "reading",
  });
}

void add_inverse_claims(Ledger& ledger) {
  ledger.add({
      .id = "latent.inverse_filters_exogenous",
      .source = "section 15.4, question 2",
      .statement = R"(H(A \mid C, C') = H(A \mid X, X'))",
      .hypotheses = {"a product of a controllable factor C and an exogenous one",
                     "the behaviour policy depends on C alone"},
      .domain = factored_worlds(true),
      .relation = Relation::equal,
      .formula = filters_exogenous("controllable"),
      .note = "Inverse dynamics loses nothing when the exogenous factor goes.",
      .mutants = {{"the controllable factor goes", filters_exogenous("exogenous")}},
      .kind = "printed",
  });

  ledger.add({
      .id = "latent.inverse_filters_any_behaviour",
      .source = "section 15.4, question 2",
      .statement = R"(H(A \mid C, C') = H(A \mid X, X') \text{ for any behaviour})",
      .hypotheses = {"a product of a controllable factor C and an exogenous one"},
      .domain = factored_worlds(false),
      .relation = Relation::equal,
      .formula = filters_exogenous("controllable"),
      .expected = Verdict::violated,
      .corrected = "latent.inverse_filters_exogenous",
      .note = "A behaviour that looks at the exogenous factor makes it tell the action.",
      .kind = "ablation",
  });

  ledger.add({
      .id = "latent.inverse_keeps_the_value",
      .source = "section 15.4, question 2",
      .statement =
          R"(V(x) \le V(e) \text{ for every } e \text{ with } H(A \mid e(X), e(X')) = H(A \mid X, X'))",
      .hypotheses = any_behaviour,
      .domain = behaved_worlds(),
      .formula = inverse_keeps_the_value(1),
      .expected = Verdict::violated,
      .corrected = "latent.bisimulation_optimum",
      .note = "It filters what cannot be controlled, which may matter as a traffic light does.",
      .kind = "reading",
  });

  ledger.add({
      .id = "latent.one_step_inverse",
      .source = "section 15.4, question 2",
      .statement =
          R"(\max_{x,a} \|e_* T(\cdot|x,a) - T_e(\cdot|e(x),a)\|_1 = 0 \text{ for every } e \text{ that tells } A \text{ from } e(X), e(X') \text{ as well as states do})",
      .hypotheses = {"deterministic world", "each action of a state leads to a state of its own",
                     "uniform behaviour, any first state"},
      .domain = told_actions(4),
      .relation = Relation::equal,
      .formula = inverse_is_a_model(false),
      .expected = Verdict::violated,
      .corrected = "latent.inverse_three_states",
      .note = "One step may leave states merged that later steps tell apart.",
      .kind = "reading",
  });

  ledger.add({
      .id = "latent.inverse_three_states",
      .source = "section 15.4, question 2",
      .statement =
          R"(\max_{x,a} \|e_* T(\cdot|x,a) - T_e(\cdot|e(x),a)\|_1 = 0 \text{ for every } e \text{ that tells } A \text{ from } e(X), e(X') \text{ as well as states do; } |X| \le 3)",
      .hypotheses = {"deterministic world of at most 3 states",
                     "each action of a state leads to a state of its own",
                     "uniform behaviour, any first state"},
      .domain = told_actions(3),
      .relation = Relation::equal,
      .formula = inverse_is_a_model(false),
      .note = "Up to three states one step is enough: what it merges leads to each code in the same way.",
      .mutants = {{"nothing is merged at all", Formula::exactly([](const auto& x, auto& at) {
                     const std::uint32_t n = state_count(x);
                     std::uint32_t fewest = n;
                     for (const Encoder& encoder : telling_actions(x.model(), every_encoder(n, n), 1))
                       fewest = std::min(fewest, code_count(encoder));
                     at(Rational(n), Rational(fewest));
                   })}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.multi_step_inverse",
      .source = "section 15.4, question 2",
      .statement =
          R"(\max_{x,a} \|e_* T(\cdot|x,a) - T_e(\cdot|e(x),a)\|_1 = 0 \text{ for every } e \text{ that tells } A_1 \text{ from } e(X_1), e(X_{1+k}), k \le |X|^2, \text{ as well as states do})",
      .hypotheses = {"deterministic world", "each action of a state leads to a state of its own",
                     "uniform behaviour, any first state"},
      .domain = told_actions(4),
      .relation = Relation::equal,
      .formula = inverse_is_a_model(true),
      .expected = Verdict::violated,
      .corrected = "latent.inverse_three_states",
      .note = "Not at four states: symmetric worlds survive every number of steps.",
      .kind = "slip",
  });
}

void add_aggregation_claims(Ledger& ledger) {
  ledger.add({
      .id = "latent.bisimulation_value",
      .source = "section 15.4",
      .statement = R"(J(\pi \circ e, M) = J(\pi, M_e) \text{ for a bisimulation } e)",
      .hypotheses = {"members of a code have equal rewards and lead to each code with equal probability"},
      .domain = bisimulations(),
      .relation = Relation::equal,
      .formula = bisimulation_value(false),
      .mutants = {{"the optimum for the policy", Formula::exactly([](const auto& x, auto& at) {
                     const Encoder encoder = encoder_of(x.instance());
                     const LatentAverage latent = latent_average(x.model(), encoder);
                     at(policy_return(x.model(), policy_through_codes(x.policy(), encoder), x.horizon()),
                        expected_value<Rational>(latent.model,
                                                 optimal_plan(latent.model, x.horizon()).values));
                   })}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.bisimulation_optimum",
      .source = "section 15.4",
      .statement = R"(\max_\pi J(\pi, M) = \max_\pi J(\pi, M_e) \text{ for a bisimulation } e)",
      .hypotheses = {"members of a code have equal rewards and lead to each code with equal probability"},
      .domain = bisimulations(),
      .relation = Relation::equal,
      .formula = bisimulation_value(true),
      .mutants = {{"the policy for the optimum", Formula::exactly([](const auto& x, auto& at) {
                     const Encoder encoder = encoder_of(x.instance());
                     const LatentAverage latent = latent_average(x.model(), encoder);
                     at(expected_value<Rational>(x.model(), optimal_plan(x.model(), x.horizon()).values),
                        policy_return(latent.model, policy_on_codes(x.policy(), encoder), x.horizon()));
                   })}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.simulation",
      .source = "section 15.4",
      .statement =
          R"(|J(\pi \circ e, M) - J(\pi, M_e)| \le H e_r + \tfrac{H(H-1)}{2}\, e_T,\quad e_T = \max \|e_* T - T_e\|_1)",
      .hypotheses = any_encoder,
      .domain = encoded_worlds(),
      .formula = latent_lemma(1, 2),
      .note = "The simulation lemma with errors after encoding; loose as that is.",
      .mutants = {{"a fortieth of the transition error", latent_lemma(1, 80)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "latent.simulation_sharp",
      .source = "section 15.4",
      .statement = R"(|J(\pi \circ e, M) - J(\pi, M_e)| \le e_r (H - B(d,H)) + B(d,H),\quad d = e_T / 2)",
      .hypotheses = any_encoder,
      .domain = encoded_worlds(),
      .formula = latent_lemma_sharp(100),
      .mutants = {{"half of it", latent_lemma_sharp(50)}},
      .kind = "beyond",
  });
}

const Section section("15.4", [](Ledger& ledger) {
  add_decoder_claims(ledger);
  add_inverse_claims(ledger);
  add_aggregation_claims(ledger);
});

}  // namespace
}  // namespace lemmacheck
