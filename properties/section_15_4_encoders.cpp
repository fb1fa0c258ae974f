// Section 15.4: claims about all encoders of a world at once. (The lemma language has no word for "every e".)
//
// An encoder e maps each state x to a code z. Losses are those of the best tables for it, on the data of a
// behaviour policy over H steps, in nats.
#include "common.hpp"
#include "latent/encoded_worlds.hpp"
#include "mdp/occupancy.hpp"

namespace lemmacheck {
namespace {

const std::string value_of_code =
    "V(e) is the return of the best deterministic, stationary policy that sees codes alone, V(x) of one that "
    "sees states";
const std::vector<std::string> any_behaviour = {"rewards in [0, 1]", "any stationary behaviour policy",
                                                value_of_code};
const std::string model_of_code =
    "T_e is the model on codes by the mean of their members, e_* T the law of the next code";

BehaviourData data_of(const View<Rational>& x, Step windows = 1) {
  return BehaviourData(x.model(), x.policy(), x.horizon(), windows);
}

std::uint32_t state_count(const View<Rational>& x) {
  return x.model().state_count();
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

/// The largest transition error of the encoders that tell actions apart over windows up to `longest`.
Rational largest_error(const FiniteMdp& world, Step longest) {
  std::vector<Encoder> merging = every_encoder(world.state_count(), world.state_count());
  merging.pop_back();  // the injective one, which has no error
  Rational worst;
  for (const Encoder& encoder : telling_actions(world, std::move(merging), longest))
    worst = max(worst, latent_average(world, encoder).l1_error);
  return worst;
}

Step square(const FiniteMdp& world) {
  return static_cast<Step>(world.state_count() * world.state_count());
}

/// That error, over windows up to S^2 or one, = 0.
auto inverse_is_a_model(bool multi_step) {
  return Formula::exactly([=](const auto& x, auto& at) {
    at(largest_error(x.model(), multi_step ? square(x.model()) : 1), Rational(0));
  });
}

bool visits_all_states(const Instance& instance) {
  const FiniteMdp& world = *instance.model;
  const auto occupancy =
      occupancy_measure<Rational>(world, *instance.policy, instance.horizon, world.initial());
  const auto visited = [&](State s) {
    for (Step h = 1; h <= instance.horizon; ++h)
      if (occupancy(h, s).sign() != 0) return true;
    return false;
  };
  bool all = true;
  for (const State s : world.states()) all = all && visited(s);
  return all;
}

void add_decoder_claims(Ledger& ledger) {
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
      .witness = visits_all_states,
      .kind = "reading",
  });
}

void add_inverse_claims(Ledger& ledger) {
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
      .witness =
          [](const Instance& instance) { return instance.horizon >= 2 && visits_all_states(instance); },
      .kind = "reading",
  });

  ledger.add({
      .id = "latent.one_step_inverse",
      .source = "section 15.4, question 2",
      .statement =
          R"(\max_{x,a} \|e_* T(\cdot|x,a) - T_e(\cdot|e(x),a)\|_1 = 0 \text{ for every } e \text{ that tells } A \text{ from } e(X), e(X') \text{ as well as states do})",
      .hypotheses = {"deterministic world", "each action of a state leads to a state of its own",
                     "uniform behaviour, any first state", model_of_code},
      .domain = told_actions(4),
      .relation = Relation::equal,
      .formula = inverse_is_a_model(false),
      .expected = Verdict::violated,
      .corrected = "latent.inverse_three_states",
      .note = "One step may leave states merged that later steps tell apart.",
      .witness =
          [](const Instance& instance) {
            return largest_error(*instance.model, square(*instance.model)).sign() == 0;
          },
      .kind = "reading",
  });

  ledger.add({
      .id = "latent.inverse_three_states",
      .source = "section 15.4, question 2",
      .statement =
          R"(\max_{x,a} \|e_* T(\cdot|x,a) - T_e(\cdot|e(x),a)\|_1 = 0 \text{ for every } e \text{ that tells } A \text{ from } e(X), e(X') \text{ as well as states do; } |X| \le 3)",
      .hypotheses = {"deterministic world of at most 3 states",
                     "each action of a state leads to a state of its own",
                     "uniform behaviour, any first state", model_of_code},
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
                     "uniform behaviour, any first state", model_of_code},
      .domain = told_actions(4),
      .relation = Relation::equal,
      .formula = inverse_is_a_model(true),
      .expected = Verdict::violated,
      .corrected = "latent.inverse_three_states",
      .note = "Not at four states: symmetric worlds survive every number of steps.",
      .kind = "slip",
  });
}

const Section section(
    "15.4",
    [](Ledger& ledger) {
      add_decoder_claims(ledger);
      add_inverse_claims(ledger);
    },
    1);

}  // namespace
}  // namespace lemmacheck
